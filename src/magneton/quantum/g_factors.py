"""The two conventions of nuclear g-factors."""

from __future__ import annotations

from typing import Any

from magneton import constants
from magneton._check import numbers, plain

_RATIO = float(constants.mu_B) / float(constants.mu_N)


def g_I_from_bohr(g_I: Any) -> Any:
    """Return the nuclear g-factor of this library from one that is in Bohr magnetons and of the opposite sign.

    Parameters
    ----------
    g_I : float or array_like
        As [Arimondo1977]_ and Steck's data of the alkali atoms have it: the moment is -g_I mu_B I.

    Returns
    -------
    float or ndarray
        -g_I mu_B/mu_N, of which the moment is +g_I mu_N I.

    Examples
    --------
    87Rb: times I = 3/2 that is the moment in nuclear magnetons, as shielded by the atom's electrons.

    >>> round(1.5 * g_I_from_bohr(-0.0009951414), 5)
    2.74085
    """
    result = -numbers("g_I", g_I) * _RATIO
    return plain(result)


def g_I_to_bohr(g_I: Any) -> Any:
    """Return a nuclear g-factor in the convention of [Arimondo1977]_, the reverse of `g_I_from_bohr`."""
    result = -numbers("g_I", g_I) / _RATIO
    return plain(result)
