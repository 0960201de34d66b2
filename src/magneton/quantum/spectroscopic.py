"""Energies as spectroscopists give them: wavenumbers, frequencies, temperatures."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import constants, units
from magneton._check import numbers, plain, shown

_H, _C, _E = float(constants.h), float(constants.c), float(constants.e)
#: One of each in J.
JOULES = {
    "J": 1.0,
    "E_h": float(constants.E_h),
    "eV": _E,
    "meV": 1e-3 * _E,
    "K": float(constants.k_B),
    "cm^-1": 100.0 * _H * _C,
    "Hz": _H,
    "kHz": 1e3 * _H,
    "MHz": 1e6 * _H,
    "GHz": 1e9 * _H,
    "THz": 1e12 * _H,
    "kJ/mol": 1e3 / float(constants.N_A),
}
#: Other spellings.
_SPELLED = {"cm-1": "cm^-1", "1/cm": "cm^-1", "cm**-1": "cm^-1", "cm⁻¹": "cm^-1", "kJ mol^-1": "kJ/mol"}
#: What quantities of pint and astropy may be in, and one of each in J.
_KINDS = {"J": 1.0, "1/m": _H * _C, "Hz": _H, "K": JOULES["K"], "J/mol": 1e-3 * JOULES["kJ/mol"]}


def _joules(unit: str) -> float:
    name = _SPELLED.get(unit, unit) if isinstance(unit, str) else None
    if name not in JOULES:
        near = [each for each in JOULES if isinstance(unit, str) and each.casefold() == unit.casefold()]
        meant = f"; did you mean {' or '.join(near)}" if near else ""
        raise ValueError(f"unit must be one of {', '.join(JOULES)}, got {unit!r}{meant}")
    return JOULES[name]


def _number(value: Any, unit: str) -> np.ndarray:
    try:
        return numbers("value", value)
    except ValueError as error:
        if "convertible" in str(error):
            raise ValueError(
                f"unit must be left out for a quantity, which has its own, got {unit!r}"
            ) from None
        raise


def _quantity(value: Any) -> np.ndarray:
    """Return in J what carries its own unit."""
    for kind, joules in _KINDS.items():
        try:
            stripped = units.strip("value", value, kind)
        except ValueError:  # of another kind
            continue
        if stripped is value:
            raise ValueError(f"unit must be given for a number, one of {', '.join(JOULES)}")
        return numbers("value", stripped) * joules
    raise ValueError(f"value must be an energy, or E/h, E/(h c), E/k_B or E N_A, got {shown(value)}")


def energy_from(value: Any, unit: str | None = None) -> Any:
    """Return in J an energy given as such, or as E/h, E/(h c) or E/k_B.

    Parameters
    ----------
    value : float or array_like
        The number, or a quantity of pint or astropy that is an energy, a frequency, a wavenumber, a temperature or
        an energy per mole.
    unit : {"J", "E_h", "eV", "meV", "K", "cm^-1", "Hz", "kHz", "MHz", "GHz", "THz", "kJ/mol"}
        Its unit; of a quantity none.

    Returns
    -------
    float or ndarray
        In J.

    Examples
    --------
    The splitting of oxygen's ground state:

    >>> energy_from(3.9627, "cm^-1")  # doctest: +ELLIPSIS
    7.871...e-23
    """
    result = _quantity(value) if unit is None else _number(value, unit) * _joules(unit)
    return plain(result)


def energy_in(energy: Any, unit: str) -> Any:
    """Return an energy in J as a number of `unit`, the reverse of `energy_from`.

    Examples
    --------
    >>> from magneton import constants, units
    >>> round(energy_in(constants.k_B * 300.0, "cm^-1"), 3)
    208.51
    """
    result = numbers("energy", energy, "J") / _joules(unit)
    return plain(result)
