"""What a gridded field is made from: arrays, or an xarray dataset."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check, units
from magneton.numerics.splines import LEAST_NODES

#: Steps of the coordinates may differ by this part of their mean; what comes from single precision does.
_UNEVEN = 1e-5
_COMPONENTS = ["x", "y", "z"]
#: What a variable must measure: A/m would convert to tesla too, as a magnetization.
_KINDS = {"T": "flux density B"}


def grid_axis(name: str, value: Any) -> np.ndarray:
    """Return coordinates in equal steps."""
    values = _check.real_array(name, value, "m", "a list of coordinates")
    if values.ndim != 1 or len(values) < LEAST_NODES:
        raise ValueError(f"{name} must hold at least {LEAST_NODES} nodes, got shape {values.shape}")
    steps = np.diff(values)
    mean = (values[-1] - values[0]) / (len(values) - 1)
    if mean == 0.0 or np.any(np.abs(steps - mean) > _UNEVEN * abs(mean)):
        raise ValueError(
            f"{name} must go in equal steps, got steps from {np.min(steps):g} to {np.max(steps):g}: "
            "resample the data onto a uniform grid"
        )
    values.setflags(write=False)
    return values


def node_values(name: str, value: Any, unit: str, shape: tuple[int, ...]) -> np.ndarray:
    """Return data at the nodes."""
    values = np.array(_check.with_gaps(name, value, unit, f"an array of shape {shape}"))
    if values.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, got shape {values.shape}")
    missing = np.argwhere(np.isnan(values))
    if len(missing):
        raise ValueError(
            f"{name} must have no gaps, got {len(missing)} nan, the first at node {tuple(map(int, missing[0][:3]))}"
        )
    values.setflags(write=False)
    return values


def read_grid(dataset: Any, dims: tuple[str, str, str], B: Any, potential: Any, E: Any) -> dict[str, Any]:
    """Return coordinates and data of a gridded field, in SI."""
    if not hasattr(dataset, "data_vars"):
        raise ValueError(f"dataset must be an xarray.Dataset, got {_check.shown(dataset)}")
    for name, dim in zip("xyz", dims, strict=True):
        if dim not in dataset.coords or dataset[dim].ndim != 1:
            raise ValueError(
                f"{name} must be the name of a coordinate along a dimension, got {dim!r}; there are "
                f"{', '.join(map(str, dataset.coords))}"
            )
    found = {name: _numbers(dataset[dim], "m") for name, dim in zip("xyz", dims, strict=True)}
    found["B_nodes"] = _vector(dataset, "B", B, dims, "T")
    if potential is not None:
        found["potential"] = _numbers(_variable(dataset, "potential", potential, dims), "V")
    if E is not None:
        found["E_nodes"] = _vector(dataset, "E", E, dims, "V/m")
    return found


def _variable(dataset: Any, argument: str, name: Any, dims: tuple[str, ...], extra: int = 0) -> Any:
    """Return a variable with the dimensions in order, and `extra` more."""
    if name not in dataset.data_vars:
        raise ValueError(
            f"{argument} must name variables of the dataset, got {name!r}; there are "
            f"{', '.join(map(str, dataset.data_vars))}"
        )
    variable = dataset[name]
    others = [dim for dim in variable.dims if dim not in dims]
    if len(others) != extra or len(variable.dims) != 3 + extra:
        more = " and one more of length 3" if extra else ""
        raise ValueError(f"{name} must have the dimensions {', '.join(dims)}{more}, got {variable.dims}")
    return variable.transpose(*dims, *others)


def _vector(dataset: Any, argument: str, names: Any, dims: tuple[str, ...], unit: str) -> np.ndarray:
    """Return a vector field from one variable or three, shape (nx, ny, nz, 3)."""
    if isinstance(names, str):
        variable = _variable(dataset, argument, names, dims, extra=1)
        component = variable.dims[-1]
        if variable.sizes[component] != 3:
            raise ValueError(
                f"{names} must have 3 components, got {variable.sizes[component]} of {component}"
            )
        if component in variable.coords:
            labels = [str(label) for label in variable[component].values]
            if sorted(labels) != _COMPONENTS:
                raise ValueError(f"{names} must have the components x, y and z, got {', '.join(labels)}")
            variable = variable.isel({component: [labels.index(label) for label in _COMPONENTS]})
        return _numbers(variable, unit)
    if not isinstance(names, list | tuple) or len(names) != 3:
        raise ValueError(
            f"{argument} must be a name or the names of three components, got {_check.shown(names)}"
        )
    parts = [_numbers(_variable(dataset, argument, name, dims), unit) for name in names]
    return np.stack(parts, axis=-1)


def _numbers(variable: Any, unit: str) -> np.ndarray:
    """Return a variable's values in SI, by its attribute ``units`` if it has one."""
    values = variable.values
    if values.dtype.kind not in "fiu":
        raise ValueError(f"{variable.name} must hold real numbers, got {values.dtype}")
    given = variable.attrs.get("units")
    if given is None:
        return np.asarray(values, dtype=np.float64)
    try:
        if unit in _KINDS and _KINDS[unit] not in units.kinds(given):
            raise ValueError(f"{given!r} is a unit of {' or '.join(units.kinds(given))}")
        return units.convert(np.asarray(values, dtype=np.float64), given, unit)
    except ValueError as error:
        raise ValueError(f"{variable.name} must be in a unit of {unit}: {error}") from None
