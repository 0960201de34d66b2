"""First values, bounds and scales of the parameters of a fit: what `susceptibility_fit` is made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from magneton._check import number, shown

#: Parameters that are no part of the levels, and by how much a fit changes them at first.
EXTRAS = {"temperature_independent": 1e-9, "impurity": 0.01, "weiss_temperature": 1.0}


def starts(start: Any) -> list[dict[str, float]]:
    """Return the first values, of which there may be several sets."""
    listed = [start] if isinstance(start, Mapping) else list(start)
    if not listed or not all(isinstance(each, Mapping) and each for each in listed):
        raise ValueError(
            f"start must map names of parameters to first values, or be a list of such, got {shown(start)}"
        )
    found = [{name: number(f"start[{name!r}]", value) for name, value in each.items()} for each in listed]
    if any(set(each) != set(found[0]) for each in found):
        raise ValueError("start must have the same names in all mappings")
    return found


def limits(names: tuple[str, ...], bounds: Mapping[str, Any] | None) -> np.ndarray:
    """Return the lowest and highest values, shape (2, p)."""
    result = np.array([[-np.inf] * len(names), [np.inf] * len(names)])
    for name, pair in (bounds or {}).items():
        if name not in names:
            raise ValueError(f"bounds must be of the parameters in start, {', '.join(names)}, got {name!r}")
        low, high = (
            default if value is None else number(f"bounds[{name!r}]", value)
            for value, default in zip(pair, (-np.inf, np.inf), strict=True)
        )
        if not low < high:
            raise ValueError(f"bounds[{name!r}] must be lowest < highest, got {shown(pair)}")
        result[:, names.index(name)] = low, high
    return result


def within(start: Mapping[str, float], names: tuple[str, ...], ends: np.ndarray) -> np.ndarray:
    """Return first values that lie between the lowest and highest."""
    for name, low, high in zip(names, *ends, strict=True):
        if not low <= start[name] <= high:
            raise ValueError(
                f"start[{name!r}] must lie within its bounds, {low:g} to {high:g}, got {start[name]:g}"
            )
    return np.array([start[name] for name in names])


def scales(start: Mapping[str, float], bounds: Mapping[str, Any] | None) -> np.ndarray:
    """Return what parameters are divided by, so that they are of the order of 1."""
    result = []
    for name, value in start.items():
        scale = abs(value) or EXTRAS.get(name, 0.0)
        if not scale:
            known = [abs(limit) for limit in (bounds or {}).get(name, ()) if limit]
            scale = max(known, default=0.0)
        if not scale:
            raise ValueError(f"start[{name!r}] must not be 0, or have bounds: its scale is not known")
        result.append(scale)
    return np.array(result)
