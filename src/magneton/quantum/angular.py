"""Angular momentum: which quantum numbers there are, their projections, and their operators."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton._check import number


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
