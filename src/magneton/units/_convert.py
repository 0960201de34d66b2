"""Converts numbers between units, and reads numbers with units from text."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from magneton.units._kinds import (
    ANGULAR,
    B_FIELD,
    ENERGY,
    FREQUENCY,
    GYRO,
    GYRO_CYCLES,
    H_FIELD,
    TORQUE,
    AmbiguousUnit,
    Meaning,
    meanings,
)


class WrongKind(ValueError):
    """The two units measure different kinds of quantity."""


_CYCLES = "one cycle is 2 pi rad: multiply or divide by 2 pi yourself"
_WHY = {
    frozenset(
        {B_FIELD, H_FIELD}
    ): "B and H are different quantities; in vacuum B = mu0 H, and 1 G goes with 1 Oe",
    frozenset({ENERGY, TORQUE}): "a torque is not an energy though the dimensions agree",
    frozenset({FREQUENCY, ANGULAR}): _CYCLES,
    frozenset({GYRO, GYRO_CYCLES}): _CYCLES,
}


def _checked(unit: Any, name: str) -> str:
    if not isinstance(unit, str):
        raise ValueError(f"{name} must be the name of a unit, got {unit!r}")
    return unit


def _wrong_kind(source: str, target: str, have: tuple[Meaning, ...], want: tuple[Meaning, ...]) -> WrongKind:
    def listed(unit: str, options: tuple[Meaning, ...]) -> str:
        kinds = dict.fromkeys(option.kind for option in options)
        return f"{unit!r} is a unit of " + " or ".join(f"{kind.name} ({kind.units})" for kind in kinds)

    pairs = [_WHY.get(frozenset({a.kind, b.kind})) for a in have for b in want]
    why = next((f": {reason}" for reason in pairs if reason), "")
    return WrongKind(
        f"cannot convert {source!r} to {target!r}{why}; {listed(source, have)}, {listed(target, want)}"
    )


def _ambiguous(source: str, target: str, pairs: list[tuple[Meaning, Meaning]]) -> AmbiguousUnit:
    several = 0 if len({a.reading for a, _ in pairs}) > 1 else 1
    unit = (source, target)[several]
    shown = {}
    for pair in pairs:
        one = pair[several]
        note = f", {one.note}" if one.note else ""
        shown[one] = f"{one.kind.name} as {one.reading} (1 {unit} = "
        shown[one] += f"{float(one.factor):.9g} {one.kind.unit}{note})"
    return AmbiguousUnit(
        f"cannot convert {source!r} to {target!r}: {unit!r} is ambiguous and may mean "
        + " or ".join(shown.values())
    )


@lru_cache(maxsize=4096)
def ratio(source: str, target: str) -> Fraction:
    """Return how many of the target unit one source unit is."""
    have, want = meanings(source), meanings(target)
    pairs = [(a, b) for a in have for b in want if a.kind == b.kind]
    if not pairs:
        raise _wrong_kind(source, target, have, want)
    # What both units read in the same way needs no further thought: T to G is B to B, not B to 4 pi M.
    pairs = [(a, b) for a, b in pairs if a.reading == b.reading] or pairs
    ratios = {a.factor / b.factor for a, b in pairs}
    if len(ratios) > 1:
        raise _ambiguous(source, target, pairs)
    return ratios.pop()


@lru_cache(maxsize=4096)
def _float_ratio(source: str, target: str) -> tuple[float, float]:
    """Return (p, q) with ratio = p/q, exact where two floats can hold it: 10 cm are then exactly 0.1 m."""
    exact = ratio(source, target)
    try:
        p, q = float(exact.numerator), float(exact.denominator)
        if p == exact.numerator and q == exact.denominator:
            return p, q
    except OverflowError:
        pass
    return float(exact), 1.0


def _numbers(value: Any) -> Any:
    """Return a float, a complex number or an array of either."""
    if isinstance(value, float):
        return float(value)
    # NumPy would drop a quantity's unit without a word.
    if isinstance(value, str) or hasattr(value, "unit") or hasattr(value, "units"):
        raise ValueError(f"value must be a number or an array of numbers without a unit, got {value!r}")
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "fciu":
            raise TypeError
        if array.dtype.kind != "c":
            array = np.asarray(array, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"value must be a number or an array of numbers, got {value!r}") from None
    return array if array.ndim else array.item()


def convert(value: Any, from_unit: str, to_unit: str) -> Any:
    """Convert a number or an array from one unit to another.

    Units are symbols with SI prefixes, joined by a space, ``*`` or ``.``, ``/``, parentheses and powers
    (``^2``, ``**2``, ``²``). Units that measure different kinds of quantity are not converted even where the
    dimensions agree (a torque to joules), nor is a unit whose meaning cannot be told.

    Parameters
    ----------
    value : float or array_like
        Real or complex numbers in `from_unit`, without a unit of their own.
    from_unit, to_unit : str
        Names of units.

    Returns
    -------
    float or ndarray
        The value in `to_unit`, rounded correctly where the ratio of the units is a whole number or one over a
        whole number, and within two units in the last place otherwise. Equal units return `value` itself.

    Raises
    ------
    ValueError
        If a unit is unknown (near matches are named), ambiguous (its meanings are listed), or of another kind
        (units that fit are listed).

    Examples
    --------
    >>> from magneton import units
    >>> units.convert(1, "erg/G", "A m^2")
    0.001
    >>> units.convert([1.0, 2.5], "G", "uT")
    array([100., 250.])
    >>> units.convert(1, "emu/(cm^3 Oe)", "SI")
    12.566370614359172
    >>> units.convert(3, "N m", "J")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    WrongKind: cannot convert 'N m' to 'J': a torque is not an energy though the dimensions agree; ...
    """
    p, q = _float_ratio(_checked(from_unit, "from_unit"), _checked(to_unit, "to_unit"))
    numbers = _numbers(value)
    if p == q:
        return numbers
    if p == 1:
        return numbers / q
    return numbers * p if q == 1 else numbers * p / q


_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*", re.DOTALL)


def parse(text: str, unit: str) -> float:
    """Read a number with its unit from text, and return it in another unit.

    Parameters
    ----------
    text : str
        Such as ``"10 cm"``, ``"0.5 G"`` or ``"1e-3 A m^2"``. A bare number is read only if `unit` is ``"1"``.
    unit : str
        The unit of the result.

    Returns
    -------
    float
        The number in `unit`, rounded once: ``"0.1 mm"`` is the float 1e-4.

    Raises
    ------
    ValueError
        If the text is not a finite number and a unit, or the unit cannot be converted.

    Examples
    --------
    >>> from magneton import units
    >>> units.parse("10 cm", "m")
    0.1
    >>> units.parse("10", "m")
    Traceback (most recent call last):
    ValueError: a unit is required, such as '10 m', got '10'
    """
    match = _NUMBER.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"a number with a unit is required, such as '3 {unit}', got {text!r}")
    digits, source = match.groups()
    if not source and unit != "1":
        raise ValueError(f"a unit is required, such as '{digits} {unit}', got {text!r}")
    approximate = float(digits)
    # The exact road is for ordinary numbers only: an exponent of a billion would fill the memory.
    if 1e-300 < abs(approximate) < 1e300:
        approximate = _rounded(Fraction(digits) * ratio(source, unit))
    else:
        approximate = convert(approximate, source, unit)
    if not math.isfinite(approximate):
        raise ValueError(f"a finite number is required, got {text!r}")
    return approximate


def _rounded(exact: Fraction) -> float:
    try:
        return float(exact)
    except OverflowError:
        return math.inf


def kinds(unit: str) -> tuple[str, ...]:
    """Return the kinds of quantity that a unit may measure.

    Parameters
    ----------
    unit : str
        The name of a unit.

    Returns
    -------
    tuple of str
        Names such as "magnetic moment".

    Raises
    ------
    ValueError
        If the unit is unknown, or a bare "emu" or "esu".

    Examples
    --------
    >>> from magneton import units
    >>> units.kinds("emu/g")
    ('mass susceptibility', 'specific magnetization')
    """
    return tuple(dict.fromkeys(meaning.kind.name for meaning in meanings(_checked(unit, "unit"))))
