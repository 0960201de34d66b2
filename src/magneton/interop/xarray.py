"""Fields as xarray datasets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from magneton import _check
from magneton._version import __version__
from magneton.constants import EDITION
from magneton.sources.fields import COMPONENT, DERIVATIVE, FIELDS

if TYPE_CHECKING:
    import xarray as xr


def to_xarray(source: Any, grid: Any, quantities: Sequence[str] = ("B", "H")) -> xr.Dataset:
    """Return fields and potentials of a source on a grid, or at points.

    Parameters
    ----------
    source : Source
        Whose fields.
    grid : dict with x, y and z, or array_like of shape (n, 3), metre
        Coordinates along each axis: an array, which becomes a dimension, or a number, which becomes a scalar
        coordinate; one that is left out is 0. Or points, which become the dimension ``point``.
    quantities : sequence of str
        Of "B", "H", "A", "grad_B" and "scalar_potential".

    Returns
    -------
    xarray.Dataset
        One variable a quantity, with the dimensions of the grid and ``component`` (and ``derivative``); units and long
        names are in the attributes.

    Raises
    ------
    ValueError
        For a grid of another form, an unknown quantity, or one that the source does not have.

    Examples
    --------
    >>> import numpy as np
    >>> from magneton import CircularLoop, to_xarray
    >>> fields = to_xarray(CircularLoop(0.05, 1.0), {"x": np.linspace(-0.1, 0.1, 5), "z": [0.0, 0.1]})
    >>> dict(fields.sizes)
    {'x': 5, 'z': 2, 'component': 3}
    >>> fields.B.sel(x=0, z=0, component="z").item().__round__(12)
    1.2566371e-05
    """
    import xarray as xr

    names = checked_quantities(quantities)
    axes = grid_axes(grid) if isinstance(grid, Mapping) else None
    points, coords = _points_of_grid(axes) if axes is not None else _points(grid)
    dims = ("point",) if axes is None else tuple(key for key, values in axes.items() if values.ndim)
    data = {}
    for name in names:
        own, unit, long_name = FIELDS[name]
        data[name] = ((*dims, *own), values_at(source, name, points), {"units": unit, "long_name": long_name})
    if any(COMPONENT in FIELDS[name][0] for name in names):
        coords[COMPONENT] = ((COMPONENT,), list("xyz"), {"long_name": "component"})
    if "grad_B" in names:
        coords[DERIVATIVE] = ((DERIVATIVE,), list("xyz"), {"long_name": "derivative with respect to"})
    attrs = {
        "title": f"field of a {type(source).__name__}",
        "source": f"magneton {__version__}",
        "constants": EDITION,
        "Conventions": "CF-1.11",
    }
    return xr.Dataset(data, coords, attrs)


def checked_quantities(quantities: Any) -> list[str]:
    """Return the names of quantities, each once, or raise a ValueError."""
    names = [quantities] if isinstance(quantities, str) else list(quantities)
    for name in names:
        if name not in FIELDS:
            raise ValueError(f"quantities must be among {', '.join(FIELDS)}, got {name!r}")
    if not names:
        raise ValueError("quantities must hold at least one name, got none")
    return list(dict.fromkeys(names))


def grid_axes(grid: Mapping[Any, Any]) -> dict[str, np.ndarray]:
    """Return the coordinates along x, y and z, arrays of one dimension or none."""
    unknown = [key for key in grid if key not in ("x", "y", "z")]
    if unknown or not grid:
        raise ValueError(f"grid must have keys among x, y, z, got {unknown[0] if unknown else 'none'!r}")
    axes = {}
    for key in "xyz":
        values = _check.real_array(
            f"grid[{key!r}]", grid.get(key, 0.0), "m", "a number or an array of one dimension"
        )
        if values.ndim > 1 or values.size == 0:
            raise ValueError(
                f"grid[{key!r}] must be a number or an array of one dimension, got shape {values.shape}"
            )
        axes[key] = values
    return axes


def _points_of_grid(axes: dict[str, np.ndarray]) -> tuple[np.ndarray, dict[str, Any]]:
    mesh = np.stack(np.meshgrid(*(np.atleast_1d(values) for values in axes.values()), indexing="ij"), axis=-1)
    shape = [len(values) for values in axes.values() if values.ndim]
    return mesh.reshape(*shape, 3), {
        key: ((key,) if values.ndim else (), values, _length(key)) for key, values in axes.items()
    }


def _points(grid: Any) -> tuple[np.ndarray, dict[str, Any]]:
    points = _check.points("grid", grid)
    if points.ndim != 2:
        raise ValueError(
            f"grid must be a dict of coordinates or points of shape (n, 3), got shape {points.shape}"
        )
    return points, {key: (("point",), points[:, i], _length(key)) for i, key in enumerate("xyz")}


def _length(key: str) -> dict[str, str]:
    return {"units": "m", "long_name": key, "axis": key.upper()}


def values_at(source: Any, name: str, points: np.ndarray) -> np.ndarray:
    """Return a quantity of a source at points, or raise a ValueError if it has none."""
    try:
        compute = getattr(source, name)
    except AttributeError as error:
        raise ValueError(f"source must have {name}: {error}") from None
    return np.asarray(compute(points))
