"""Takes the units off the quantities of pint and astropy, at the door.

Neither library is imported: a quantity is known by its attributes. Its unit is read by this package's own
converter, so that Gaussian units (erg/G to A m^2), which both libraries keep apart from SI, work too.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from magneton.units._convert import WrongKind, convert
from magneton.units._expression import UnknownUnit

_PLAIN = frozenset(
    {float, int, bool, complex, str, type(None), np.ndarray, np.float64, np.float32, np.int64, np.int32}
)
#: What the libraries mean by it is a force; by hand it is written for the nuclear magneton, as which it is read.
_MICRONEWTON = re.compile(r"(?<![^\W\d_])[\u00b5\u03bc]N(?![^\W\d_])")


def strip(name: str, value: Any, unit: str) -> Any:
    """Return the magnitude of a quantity in `unit`; return anything else unchanged.

    Parameters
    ----------
    name : str
        The argument's name, for the error.
    value : object
        A quantity of pint or astropy, a list (or a list of lists) of them, or anything else.
    unit : str
        The unit wanted.

    Returns
    -------
    float, ndarray, list, or `value` itself
        The plain magnitude.

    Raises
    ------
    ValueError
        If the quantity cannot be converted to `unit`, or only some elements of a list are quantities.

    Examples
    --------
    >>> import pint
    >>> from magneton import units
    >>> ureg = pint.UnitRegistry()
    >>> units.strip("moment", 3 * ureg.erg / ureg.gauss, "A m^2")
    0.003
    >>> units.strip("radius", 2 * ureg.second, "m")
    Traceback (most recent call last):
    ValueError: radius must be convertible to m, got a quantity in s
    >>> units.strip("radius", 0.1, "m")
    0.1
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is list or kind is tuple:
        return _strip_list(name, value, unit)
    if hasattr(value, "to") and hasattr(value, "magnitude") and hasattr(value, "units"):
        return _in_unit(name, value, value.magnitude, f"{value.units:~C}", unit)
    if hasattr(value, "to") and hasattr(value, "value") and hasattr(value, "unit"):
        return _in_unit(name, value, value.value, value.unit.to_string(), unit)
    return value


def _strip_list(name: str, value: Any, unit: str) -> Any:
    if _PLAIN.issuperset(map(type, value)):
        return value
    stripped = [item if type(item) in _PLAIN else strip(name, item, unit) for item in value]
    changed = sum(new is not old for new, old in zip(stripped, value, strict=True))
    if changed == 0:
        return value
    if changed != len(stripped):
        raise ValueError(f"{name} must have a unit on every element or on none, got {value!r}")
    return stripped


def _in_unit(name: str, quantity: Any, magnitude: Any, spelled: str, unit: str) -> Any:
    shown = _MICRONEWTON.sub("uN", spelled) or "1"
    # astropy prints a scaled unit ("7 m") with few digits; a number is no unit here, so it converts itself.
    try:
        return convert(magnitude, shown, unit)
    except UnknownUnit:
        return _by_its_own(name, quantity, shown, unit)
    except WrongKind:
        raise ValueError(f"{name} must be convertible to {unit}, got a quantity in {shown}") from None
    except ValueError as error:
        message = f"{name} must be convertible to {unit}, got a quantity in {shown}: {error}"
        raise ValueError(message) from None


def _by_its_own(name: str, quantity: Any, shown: str, unit: str) -> Any:
    """Let the quantity convert itself, for units that only its library knows."""
    try:
        converted = quantity.to("" if unit == "1" else unit)
    except Exception:  # each library has its own unrelated errors for this, and neither may be imported
        raise ValueError(f"{name} must be convertible to {unit}, got a quantity in {shown}") from None
    magnitude = getattr(converted, "magnitude", getattr(converted, "value", None))
    return convert(magnitude, unit, unit)
