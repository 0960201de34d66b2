"""Readings from files: text with a header that names columns and units, and NetCDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from magneton.estimation._input import Missing
from magneton.estimation._sheet import readings_of
from magneton.estimation.readings import Readings

_NETCDF = (".nc", ".nc4", ".cdf", ".netcdf")


def read_readings(path: str | Path, *, noise: Any = None, missing: Missing = "raise") -> Readings:
    """Return the readings of a file.

    Text files have a header line that names each column and its unit, as ``x [mm]``, ``x (mm)``, ``x/mm`` or ``x_mm``
    (or the units in a line of their own below); no unit is ever guessed. Cells are separated by commas, semicolons,
    tabs or blanks, as in the header; with others than commas, decimal commas are understood. Lines that begin with
    ``#``, ``%``, ``!`` or ``//`` are comments; of the form ``# noise: 5 nT``, ``# z: 0 mm``,
    ``# ambient: 18, 1, -42 uT`` or ``# axis: 0, 0, 1`` they say what is the same for all rows.

    ========================  ================================================================
    columns                   meaning
    ========================  ================================================================
    x, y, z                   where the sensor is
    Bx, By, Bz, or one        components of the field
    B with ux, uy, uz         the component along an axis, of any length
    F or \\|B\\|                the total field, with ambient_x, ambient_y, ambient_z
    sBx, sBy, sBz, or one sB  standard deviations
    sensor                    which sensor read it, a number or a name; each row its own by default
    ========================  ================================================================

    NetCDF files have variables of these names with attributes ``units``; variables on a grid are spread over it, and
    variables with a dimension ``component`` of three are taken apart.

    Parameters
    ----------
    path : path-like
        The file; NetCDF if it ends in .nc.
    noise : float, tesla, optional
        Standard deviation of all readings, in place of what the file says.
    missing : {"raise", "drop"}
        What to do about readings that are empty or nan. A column that is empty throughout was not read.

    Returns
    -------
    Readings
        For `fit_dipoles` and all else that takes readings.

    Raises
    ------
    ValueError
        With the file's name and the line: for columns that are missing, units that are missing or unknown, and rows
        that are not of numbers.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from magneton.estimation import read_readings
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "map.csv"
    ...     _ = file.write_text("# noise: 2 nT\\nx_mm, y_mm, z_mm, Bz_uT\\n0, 0, 50, 1.25\\n10, 0, 50, 1.5\\n")
    ...     readings = read_readings(file)
    >>> readings.taps.points[1].tolist(), readings.values.tolist(), readings.noise.tolist()
    ([0.01, 0.0, 0.05], [1.25e-06, 1.5e-06], [2e-09, 2e-09])
    """
    file = Path(path)
    if not file.is_file():
        raise ValueError(f"path must be a file that exists, got {str(path)!r}")
    if file.suffix.lower() in _NETCDF:
        from magneton.estimation._netcdf import netcdf_sheet

        return readings_of(netcdf_sheet(file), missing, noise)
    from magneton.estimation._text_table import text_sheet

    return readings_of(text_sheet(file), missing, noise)
