"""The one place that validates what users pass in.

Each check returns a clean read-only float64 array (or a float) in SI, or raises a ValueError that names the
argument, what is required and what came. Quantities of pint and astropy are stripped here, once.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from magneton import units

_OR_NONE = {"orientation": " or None"}
#: What spectroscopists give energies in, which no conversion of units makes joules of.
_SPECTROSCOPIC = ("cm^-1", "cm-1", "1/cm", "cm**-1", "Hz", "kHz", "MHz", "GHz", "THz", "K", "kJ/mol")
#: A number and a unit in text; the number keeps its exponent, so that "1e5" has no unit.
_WITH_UNIT = re.compile(
    r"\s*(?P<number>(?>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?))\s*(?P<unit>[^\W\d].{0,20}?)\s*"
)


def shown(value: Any) -> str:
    """Return a value as an error shows it: on one line, and not all of it if it is long."""
    text = " ".join(repr(value).split())  # one line, arrays too
    return text if len(text) <= 80 else text[:77] + "..."


def _unit_hint(value: Any, unit: str) -> str:
    """Return what to do about text with a unit, if `value` is such text or a list that begins with it."""
    while isinstance(value, list | tuple) and value:
        value = value[0]
    match = _WITH_UNIT.fullmatch(value) if isinstance(value, str) and unit != "1" else None
    if match is None:
        return ""
    if unit == "J" and match["unit"].strip() in _SPECTROSCOPIC:
        return f"; use magneton.quantum.energy_from({match['number']}, {match['unit']!r})"
    call = f"magneton.units.convert({match['number']}, {match['unit']!r}, {unit!r})"
    return f"; text is not converted: use {call} or a quantity of pint or astropy"


def _reals(name: str, value: Any, unit: str, requirement: str) -> np.ndarray:
    """Return `value` in `unit` as an array of reals: no text, no bool, no complex, no mask; nothing is guessed."""
    stripped = units.strip(name, value, unit)
    try:
        array = np.asarray(stripped)
    except (TypeError, ValueError):  # ragged
        array = np.empty(0, dtype=object)
    if array.dtype.kind not in "fiu" or isinstance(stripped, np.ma.MaskedArray):
        raise ValueError(f"{name} must be {requirement}, got {shown(value)}{_unit_hint(value, unit)}")
    return array


def real_array(
    name: str, value: Any, unit: str, requirement: str, shape: Callable[[np.ndarray], Any] | None = None
) -> np.ndarray:
    """Return `value` as a new float64 array in `unit`; finite reals only, looked at once `shape` has not raised."""
    array = np.array(_reals(name, value, unit, requirement), dtype=np.float64)
    if shape is not None:
        shape(array)
    finite = (
        all(map(math.isfinite, array.tolist()))
        if array.ndim == 1 and array.size <= 8
        else np.isfinite(array).all()
    )
    if not finite:
        raise ValueError(f"{name} must be finite, got {shown(value)}")
    return array


def _frozen(array: np.ndarray) -> np.ndarray:
    array.setflags(write=False)
    return array


def number(name: str, value: Any, unit: str = "1") -> float:
    """Return a finite real number."""
    if type(value) is float and math.isfinite(value):  # what comes most often
        return value

    def shape(array: np.ndarray) -> None:
        if array.ndim:
            raise ValueError(f"{name} must be a number, got an array of shape {array.shape}")

    return float(real_array(name, value, unit, "a number", shape))


def positive(name: str, value: Any, unit: str = "1") -> float:
    """Return a number greater than zero."""
    result = number(name, value, unit)
    if result <= 0:
        raise ValueError(f"{name} must be positive, got {result:g}")
    return result


def fraction(name: str, value: Any) -> float:
    """Return a tolerance: a number above zero and below one."""
    result = number(name, value)
    if not 0 < result < 1:
        raise ValueError(f"{name} must lie between 0 and 1, got {result:g}")
    return result


def vector(name: str, value: Any, unit: str = "1") -> np.ndarray:
    """Return one vector, shape (3,)."""

    def shape(array: np.ndarray) -> None:
        if array.shape != (3,):
            raise ValueError(f"{name} must be a vector of 3 numbers, got shape {array.shape}")

    return _frozen(real_array(name, value, unit, "a vector of 3 numbers", shape))


def vectors(name: str, value: Any, unit: str = "1", least: int = 1) -> np.ndarray:
    """Return a list of vectors, shape (n, 3) with n >= least."""

    def shape(array: np.ndarray) -> None:
        if array.ndim != 2 or array.shape[1] != 3:
            raise ValueError(f"{name} must have shape (n, 3), got shape {array.shape}")
        if len(array) < least:
            raise ValueError(f"{name} must hold at least {least} vector{'s'[: least > 1]}, got {len(array)}")

    return _frozen(real_array(name, value, unit, "an array of shape (n, 3)", shape))


def numbers(name: str, value: Any, unit: str = "1") -> np.ndarray:
    """Return an array, of any shape, of finite numbers."""
    return real_array(name, value, unit, "a number or an array of numbers")


def non_negatives(name: str, value: Any, unit: str = "1") -> np.ndarray:
    """Return an array, of any shape, of numbers that are not negative."""
    array = numbers(name, value, unit)
    if array.size and array.min() < 0.0:
        raise ValueError(f"{name} must not be negative, got {array.min():g}")
    return array


def positives(name: str, value: Any, unit: str = "1") -> np.ndarray:
    """Return an array, of any shape, of numbers greater than zero."""
    array = numbers(name, value, unit)
    if array.size and array.min() <= 0.0:
        raise ValueError(f"{name} must be positive, got {array.min():g}")
    return array


def plain(value: Any) -> Any:
    """Return an array of no dimension as a float, as what is handed back to users."""
    return float(value) if np.ndim(value) == 0 else value


def integer(name: str, value: Any, least: int) -> int:
    """Return an integer of any kind, `least` or more."""
    try:
        result = least - 1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        result = least - 1
    if result < least:
        wanted = "a positive integer" if least == 1 else f"an integer, {least} or more"
        raise ValueError(f"{name} must be {wanted}, got {shown(value)}")
    return result


def whole_numbers(name: str, value: Any, requirement: str) -> np.ndarray:
    """Return an array of integers; floats are taken if they are whole, since readers of files make such."""
    array = _reals(name, value, "1", requirement)
    if array.dtype.kind == "f":
        wrong = array[~(np.abs(array) < 2.0**53) | (array != np.floor(array))]
        if wrong.size:
            raise ValueError(f"{name} must be {requirement}, got {wrong[0]:g} among them")
    return array.astype(np.int64)


def with_gaps(name: str, value: Any, unit: str, requirement: str) -> np.ndarray:
    """Return an array of reals in which nan marks what is missing."""
    array = np.asarray(_reals(name, value, unit, requirement), dtype=np.float64)
    if np.isinf(array).any():
        raise ValueError(f"{name} must be finite or nan, got {shown(value)}")
    return array


def points(name: str, value: Any, unit: str = "m") -> np.ndarray:
    """Return points, shape (..., 3); nan passes through, since a field there is nan."""
    array = np.asarray(_reals(name, value, unit, "real numbers of shape (..., 3)"), dtype=np.float64)
    if array.ndim < 1 or array.shape[-1] != 3:
        raise ValueError(f"{name} must have shape (..., 3), got shape {array.shape}")
    return array


def same_length(name_a: str, a: np.ndarray, name_b: str, b: np.ndarray) -> None:
    """Require two lists of vectors to pair up."""
    if len(a) != len(b):
        raise ValueError(f"{name_a} and {name_b} must have the same length, got {len(a)} and {len(b)}")


def rotation_matrix(name: str, value: Any) -> np.ndarray:
    """Return the matrix of a single scipy Rotation.

    scipy.spatial takes longer to import than all of this package, so it is not named here: what has a single
    rotation's matrix is one.
    """
    if not (hasattr(value, "as_matrix") and getattr(value, "single", False)):
        raise ValueError(
            f"{name} must be a single scipy Rotation{_OR_NONE.get(name, '')}, got {shown(value)}"
        )
    return _frozen(np.array(value.as_matrix(), dtype=np.float64))
