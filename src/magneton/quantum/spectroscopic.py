"""Energies as spectroscopists give them: wavenumbers, frequencies, temperatures."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import constants
from magneton._check import numbers

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
}


def _joules(unit: str) -> float:
    if unit not in JOULES:
        raise ValueError(f"unit must be one of {', '.join(JOULES)}, got {unit!r}")
    return JOULES[unit]


def energy_from(value: Any, unit: str) -> Any:
    """Return in J an energy given as such, or as E/h, E/(h c) or E/k_B.

    Parameters
    ----------
    value : float or array_like
        The number.
    unit : {"J", "E_h", "eV", "meV", "K", "cm^-1", "Hz", "kHz", "MHz", "GHz", "THz"}
        Its unit.

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
    result = numbers("value", value) * _joules(unit)
    return float(result) if np.ndim(result) == 0 else result


def energy_in(energy: Any, unit: str) -> Any:
    """Return an energy in J as a number of `unit`, the reverse of `energy_from`.

    Examples
    --------
    >>> from magneton import constants
    >>> round(energy_in(constants.k_B * 300.0, "cm^-1"), 3)
    208.51
    """
    result = numbers("energy", energy, "J") / _joules(unit)
    return float(result) if np.ndim(result) == 0 else result
