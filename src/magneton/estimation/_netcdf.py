"""NetCDF files of readings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from magneton.estimation._columns import Heading, in_si, role_of
from magneton.estimation._sheet import Sheet

if TYPE_CHECKING:
    import xarray as xr

#: Names of the dimension of the components of a vector.
_COMPONENT = ("component", "components", "xyz", "axis")
#: What vectors are called, and their parts.
_VECTORS = {"points": ("x", "y", "z"), "position": ("x", "y", "z"), "B": ("Bx", "By", "Bz"),
            "axes": ("ux", "uy", "uz"), "ambient": ("ambient_x", "ambient_y", "ambient_z"),
            "sB": ("sBx", "sBy", "sBz"), "noise": ("sBx", "sBy", "sBz")}  # fmt: skip


def netcdf_sheet(path: Path) -> Sheet:
    """Return the columns of a NetCDF file: variables on a grid, flattened."""
    import xarray as xr

    try:
        dataset = xr.load_dataset(path, engine="h5netcdf")
    except (OSError, ValueError, KeyError) as error:
        raise ValueError(f"{path.name} must be a NetCDF file: {str(error)[:200]}") from None
    arrays, unused = _named(dataset)
    headings: dict[str, Heading] = {}
    sheet = Sheet(path.name, {}, headings, lambda i: f"reading {i}", unused=unused)
    if not arrays:
        raise sheet.fail(
            f"variables x, y, z and Bx, By, Bz must be there, found {', '.join(unused) or 'none'}"
        )
    names = list(arrays)
    spread = dict(zip(names, xr.broadcast(*arrays.values()), strict=True))
    for name in names:
        role = role_of(name)
        if role is None:
            continue
        values = spread[name].values.reshape(-1)
        if role.quantity == "sensor":
            sheet.sensor = values.astype(str)
            continue
        if role.key in headings:
            raise sheet.fail(f"variables must differ, but {headings[role.key].text} and {name} mean the same")
        headings[role.key] = Heading(name, role, arrays[name].attrs.get("units"))
        sheet.columns[role.key] = _converted(sheet, headings[role.key], values)
    return sheet


def _converted(sheet: Sheet, heading: Heading, values: np.ndarray) -> np.ndarray:
    try:
        numbers = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise sheet.fail(f"variable {heading.text!r} must hold numbers, got {values.dtype}") from None
    if np.isinf(numbers).any():
        raise sheet.fail(f"variable {heading.text!r} must be finite or nan")
    try:
        return in_si(heading, numbers)
    except ValueError as error:
        raise sheet.fail(f"variable {error} (attribute units)") from None


def _named(dataset: xr.Dataset) -> tuple[dict[str, Any], list[str]]:
    """Return the variables with a meaning, vectors taken apart, and the names of the others."""
    arrays: dict[str, Any] = {}
    unused = []
    for key, array in dataset.variables.items():
        name = str(key)
        parts = [dim for dim in array.dims if dim in _COMPONENT and array.sizes[dim] == 3]
        if parts and name in _VECTORS:
            for k, part in enumerate(_VECTORS[name]):
                arrays[part] = dataset[name].isel({parts[0]: k}, drop=True)
        elif role_of(name) is not None:
            arrays[name] = dataset[name]
        elif name not in dataset.dims:
            unused.append(name)
    return arrays, unused
