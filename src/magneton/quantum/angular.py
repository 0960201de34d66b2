"""Angular momentum: which quantum numbers there are, their projections, and their operators."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from magneton import constants
from magneton._check import number, shown

#: A matrix of more levels fits no memory.
MOST_LEVELS = 4096
#: The moment along the axis for g = 1 and m = 1, in J/T: an electron's charge is negative, a nucleus's positive.
_UNITS = {"electron": -float(constants.mu_B), "nucleus": float(constants.mu_N)}
_UNITS |= {"electronic": _UNITS["electron"], "nuclear": _UNITS["nucleus"]}


def half_integer(name: str, value: Any) -> float:
    """Return an angular momentum quantum number: 0, 1/2, 1, 3/2, ..."""
    result = number(name, value)
    if result < 0.0 or 2.0 * result != round(2.0 * result):
        raise ValueError(f"{name} must be one of 0, 1/2, 1, 3/2, ..., got {result:g}")
    return result


def coupled(name: str, value: Any, name_1: str, first: float, name_2: str, second: float) -> float:
    """Return a quantum number to which `first` and `second` can couple: |first - second|, ..., first + second."""
    result = half_integer(name, value)
    least, most = abs(first - second), first + second
    if not least <= result <= most or (result - least) % 1.0:
        choices = ", ".join(shown_half(each) for each in np.arange(least, most + 0.5))
        raise ValueError(
            f"{name} must be one of {choices} for {name_1} = {shown_half(first)} and "
            f"{name_2} = {shown_half(second)}, got {shown_half(result)}"
        )
    return result


def shown_half(value: float) -> str:
    """Return a quantum number as it is written: 2 or 5/2."""
    return f"{value:.0f}" if value == round(value) else f"{2.0 * value:.0f}/2"


def allowed_projections(j: float) -> np.ndarray:
    """Return the allowed projections m = j, j - 1, ..., -j of an angular momentum.

    Parameters
    ----------
    j : float
        The quantum number: 0, 1/2, 1, ...

    Returns
    -------
    ndarray, shape (2 j + 1,)
        In units of hbar, largest first: the order of the rows of `spin_operators`.

    Examples
    --------
    >>> allowed_projections(1.5)
    array([ 1.5,  0.5, -0.5, -1.5])
    """
    j = half_integer("j", j)
    return j - np.arange(round(2.0 * j) + 1)


def projection_angles(j: float) -> np.ndarray:
    """Return the angles (rad) between an angular momentum and the axis it is measured along.

    "Space quantization": cos(angle) = m/sqrt(j (j + 1)), so that no angle is 0.

    Parameters
    ----------
    j : float
        The quantum number: 1/2, 1, ...

    Returns
    -------
    ndarray, shape (2 j + 1,)
        In the order of `allowed_projections`.

    Examples
    --------
    >>> np.degrees(projection_angles(0.5)).round(3)
    array([ 54.736, 125.264])
    """
    if half_integer("j", j) == 0.0:
        raise ValueError("j must be positive: a vector of length 0 has no direction, got 0")
    return np.arccos(allowed_projections(j) / np.sqrt(j * (j + 1.0)))


def angular_momentum(j: float) -> float:
    """Return the length of an angular momentum in J s, hbar sqrt(j (j + 1)).

    Examples
    --------
    >>> from magneton import constants
    >>> round(angular_momentum(0.5) / constants.hbar, 6)
    0.866025
    """
    j = half_integer("j", j)
    return float(constants.hbar) * float(np.sqrt(j * (j + 1.0)))


def projected_moments(j: float, g: float, kind: Literal["electron", "nucleus"] = "electron") -> np.ndarray:
    """Return the allowed projections m_z of a magnetic moment on an axis, in J/T.

    Parameters
    ----------
    j : float
        The angular momentum's quantum number: 1/2 of an electron's spin, l of its orbit, I of a nucleus.
    g : float
        The g-factor: of electrons positive as in Lande's formula, ``-constants.g_e`` of the spin and 1 of the orbit;
        of nuclei signed.
    kind : {"electron", "nucleus"}
        m_z = -g mu_B m of electrons, +g mu_N m of nuclei; "electronic" and "nuclear" say the same.

    Returns
    -------
    ndarray, shape (2 j + 1,)
        In the order of `allowed_projections`: m = j first, which of an electron is the moment against the axis.

    Examples
    --------
    Stern and Gerlach's silver atom, whose orbit has no moment:

    >>> from magneton import constants
    >>> projected_moments(0.5, -constants.g_e) / constants.mu_B
    array([-1.00115965,  1.00115965])
    """
    return number("g", g) * _unit(kind) * allowed_projections(j)


def moment_magnitude(j: float, g: float, kind: Literal["electron", "nucleus"] = "electron") -> float:
    """Return the length of a magnetic moment in J/T, |g| sqrt(j (j + 1)) magnetons.

    Parameters are those of `projected_moments`. The length is greater than any projection: see `projection_angles`.

    Examples
    --------
    >>> from magneton import constants
    >>> round(moment_magnitude(0.5, 2.0) / constants.mu_B, 6)
    1.732051
    """
    j = half_integer("j", j)
    return abs(number("g", g) * _unit(kind)) * float(np.sqrt(j * (j + 1.0)))


def _unit(kind: str) -> float:
    if not isinstance(kind, str) or kind not in _UNITS:
        raise ValueError(f"kind must be 'electron' or 'nucleus', got {shown(kind)}")
    return _UNITS[kind]


def coupled_g(j: float, j_1: float, g_1: float, j_2: float, g_2: float) -> float:
    """Return the g-factor of an angular momentum that is made of two: Lande's formula.

    Parameters
    ----------
    j : float
        The total: |j_1 - j_2|, ..., j_1 + j_2, and not 0.
    j_1, j_2 : float
        The parts: L and S of an atom, J and I of its hyperfine levels, a proton's and a neutron's j.
    g_1, g_2 : float
        Their g-factors, both in one magneton and with one sign convention.

    Returns
    -------
    float
        In the same magneton.

    Raises
    ------
    ValueError
        If j is 0, which has no moment, or j_1 and j_2 do not couple to it; the message lists what they couple to.

    Notes
    -----
    g = (g_1 + g_2)/2 + (g_1 - g_2) (j_1(j_1 + 1) - j_2(j_2 + 1))/(2 j(j + 1)), the projection theorem of Wigner and
    Eckart; [Edmonds1957]_.

    Examples
    --------
    The level 2P3/2, with g of the spin taken as 2:

    >>> round(coupled_g(1.5, 1, 1.0, 0.5, 2.0), 6)
    1.333333
    """
    j_1, j_2 = half_integer("j_1", j_1), half_integer("j_2", j_2)
    j = coupled("j", j, "j_1", j_1, "j_2", j_2)
    if j == 0.0:
        raise ValueError("j must be positive: an angular momentum of 0 has no g-factor, got 0")
    g_1, g_2 = number("g_1", g_1), number("g_2", g_2)
    uneven = (j_1 - j_2) * (j_1 + j_2 + 1.0) / (j * (j + 1.0))
    return 0.5 * (g_1 * (1.0 + uneven) + g_2 * (1.0 - uneven))


def spin_operators(j: float) -> np.ndarray:
    """Return the operators J_x, J_y, J_z of an angular momentum, in units of hbar.

    Parameters
    ----------
    j : float
        The quantum number: 0, 1/2, 1, ...

    Returns
    -------
    ndarray of complex, shape (3, 2 j + 1, 2 j + 1)
        In the basis |j, m>, m = j, j - 1, ..., -j (Condon and Shortley's phases: J_x is real, J_y imaginary).

    Notes
    -----
    <m + 1| J_+ |m> = sqrt(j (j + 1) - m (m + 1)); [Edmonds1957]_ eq. 2.3.16.

    Examples
    --------
    >>> spin_operators(0.5)[0].real
    array([[0. , 0.5],
           [0.5, 0. ]])
    """
    if 2.0 * half_integer("j", j) >= MOST_LEVELS:
        raise ValueError(f"j must be below {MOST_LEVELS // 2}: of {MOST_LEVELS} levels at most, got {j:g}")
    m = allowed_projections(j)
    raising = np.diag(np.sqrt((j - m[1:]) * (j + m[1:] + 1.0)), 1)
    return np.array([0.5 * (raising + raising.T), -0.5j * (raising - raising.T), np.diag(m)])


def embedded(operators: np.ndarray, position: int, dimensions: tuple[int, ...]) -> np.ndarray:
    """Return operators (..., n, n) of the subsystem at `position` in the product space of all `dimensions`.

    The first subsystem varies slowest, as in `numpy.kron`.
    """
    before = int(np.prod(dimensions[:position], dtype=int))
    after = int(np.prod(dimensions[position + 1 :], dtype=int))
    size = before * dimensions[position] * after
    out = np.einsum("ab,...ij,cd->...aicbjd", np.eye(before), operators, np.eye(after))
    return out.reshape(*operators.shape[:-2], size, size)
