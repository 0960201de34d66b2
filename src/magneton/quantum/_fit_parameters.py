"""First values, bounds and scales of the parameters of a fit: what `susceptibility_fit` is made of."""

from __future__ import annotations

import difflib
import inspect
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


def require_known(model: Any, names: tuple[str, ...]) -> None:
    """Require a function whose parameters are those named, and which needs no others."""
    if not callable(model):
        raise ValueError(
            f"model must be a function of the parameters that returns Levels, such as "
            f"partial(spin_hamiltonian, 1.0), got {shown(model)}"
        )
    try:
        known = inspect.signature(model).parameters.values()
    except (TypeError, ValueError):  # some compiled functions tell none
        return
    own = [each.name for each in known if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
    needed = [each.name for each in known if each.default is each.empty and each.name in own]
    missing = [name for name in needed if name not in names]
    if missing:
        raise ValueError(f"start must have a value for {', '.join(missing)}, which model needs")
    choices = [*own, *EXTRAS]
    for name in names:
        if name not in choices and not any(each.kind == each.VAR_KEYWORD for each in known):
            near = difflib.get_close_matches(_spelled(name), choices, n=1, cutoff=0.4)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"start must have names among {', '.join(choices)}, got {name!r}{hint}")


def _spelled(name: str) -> str:
    """Return what an abbreviation of magnetochemists stands for."""
    usual = {"tip": "temperature_independent", "theta": "weiss_temperature", "rho": "impurity"}
    return usual.get(name.lower(), name)


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
