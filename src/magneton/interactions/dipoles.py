"""Closed formulas for two point dipoles, vectorised over arrays of pairs."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check
from magneton.kernels.field import MU0_4PI


def _pairs(m1: Any, m2: Any, r: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the moments, the unit separation and the distance with a trailing axis, all broadcast."""
    m1 = _check.points("m1", m1, "A m^2")
    m2 = _check.points("m2", m2, "A m^2")
    r = _check.points("r", r, "m")
    try:
        m1, m2, r = np.broadcast_arrays(m1, m2, r)
    except ValueError:
        shapes = f"{m1.shape}, {m2.shape} and {r.shape}"
        raise ValueError(f"m1, m2 and r must have shapes that broadcast, got {shapes}") from None
    distance = np.linalg.norm(r, axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        return m1, m2, r / distance, distance


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.sum(a * b, axis=-1, keepdims=True)


def dipole_force(m1: Any, m2: Any, r: Any, form: str = "dot") -> np.ndarray:
    """Return the force of dipole 1 on dipole 2.

    Both forms of eq. 42 of [YungLandeckerVillani1998]_, which agree to rounding::

        dot:   k/r^4 [n (m1.m2) + m1 (n.m2) + m2 (n.m1) - 5 n (n.m1)(n.m2)]
        cross: k/r^4 [(n x m1) x m2 + (n x m2) x m1 - 2 n (m1.m2) + 5 n ((n x m1).(n x m2))]

    with k = 3 mu_0/(4 pi), n = r/|r|.

    Parameters
    ----------
    m1, m2 : array_like, shape (..., 3), A m^2
        The moments.
    r : array_like, shape (..., 3), metre
        From dipole 1 to dipole 2; nan where it is zero.
    form : {"dot", "cross"}
        Which of the two printed forms to evaluate.

    Returns
    -------
    ndarray, shape (..., 3), newton
        The force on dipole 2; that on dipole 1 is opposite.

    Raises
    ------
    ValueError
        If shapes do not broadcast or `form` is neither of the two.

    Examples
    --------
    Two coaxial moments of 100 A m^2, 1 m apart, attract:

    >>> from magneton import dipole_force
    >>> dipole_force([100, 0, 0], [100, 0, 0], [1, 0, 0]).round(6).tolist()
    [-0.006, 0.0, 0.0]
    """
    m1, m2, n, distance = _pairs(m1, m2, r)
    if form == "dot":
        bracket = n * _dot(m1, m2) + m1 * _dot(n, m2) + m2 * _dot(n, m1) - 5.0 * n * _dot(n, m1) * _dot(n, m2)
    elif form == "cross":
        n1, n2 = np.cross(n, m1), np.cross(n, m2)
        bracket = np.cross(n1, m2) + np.cross(n2, m1) - 2.0 * n * _dot(m1, m2) + 5.0 * n * _dot(n1, n2)
    else:
        raise ValueError(f"form must be 'dot' or 'cross', got {form!r}")
    with np.errstate(invalid="ignore", divide="ignore"):
        return 3.0 * MU0_4PI * bracket / distance**4


def _field_at_second(m1: np.ndarray, n: np.ndarray, distance: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return MU0_4PI * (3.0 * n * _dot(m1, n) - m1) / distance**3


def dipole_torque(m1: Any, m2: Any, r: Any) -> np.ndarray:
    """Return the torque of dipole 1 on dipole 2 about dipole 2's position, m2 x B1.

    Parameters
    ----------
    m1, m2 : array_like, shape (..., 3), A m^2
        The moments.
    r : array_like, shape (..., 3), metre
        From dipole 1 to dipole 2.

    Returns
    -------
    ndarray, shape (..., 3), N m
        The torque on dipole 2. With that on dipole 1 and r x F it sums to zero.

    Examples
    --------
    >>> from magneton import dipole_torque
    >>> dipole_torque([100, 0, 0], [0, 100, 0], [1, 0, 0]).round(6).tolist()
    [0.0, 0.0, -0.002]
    """
    m1, m2, n, distance = _pairs(m1, m2, r)
    return np.cross(m2, _field_at_second(m1, n, distance))


def dipole_energy(m1: Any, m2: Any, r: Any) -> np.ndarray | float:
    """Return the energy of two dipoles, U = -m2.B1.

    Parameters
    ----------
    m1, m2 : array_like, shape (..., 3), A m^2
        The moments.
    r : array_like, shape (..., 3), metre
        From dipole 1 to dipole 2.

    Returns
    -------
    ndarray or float, shape (...), joule
        The energy; force = -grad of it at fixed moments.

    Examples
    --------
    >>> from magneton import dipole_energy
    >>> round(dipole_energy([100, 0, 0], [100, 0, 0], [1, 0, 0]), 6)
    -0.002
    """
    m1, m2, n, distance = _pairs(m1, m2, r)
    energy = -np.sum(m2 * _field_at_second(m1, n, distance), axis=-1)
    return float(energy) if energy.ndim == 0 else energy


def force_on_dipole(moment: Any, grad_B: Any, model: str = "loop") -> np.ndarray:
    """Return the force on a dipole in a field of given gradient.

    A small current loop feels (m x grad) x B = grad(m.B) - (div B) m, which is grad(m.B) in every real field; a
    pair of poles feels (m.grad) B. So F_loop = F_pole + m x curl B - (div B) m: the two differ only
    where a current (or, formally, a source of B) is at the dipole itself [Boyer1988]_.

    Parameters
    ----------
    moment : array_like, shape (..., 3), A m^2
        The moment.
    grad_B : array_like, shape (..., 3, 3), T/m
        ``[..., i, j]`` is dB_i/dx_j.
    model : {"loop", "pole"}
        The model of the dipole.

    Returns
    -------
    ndarray, shape (..., 3), newton
        The force.

    Examples
    --------
    >>> from magneton import force_on_dipole
    >>> force_on_dipole([0, 0, 2.0], [[-0.5, 0, 0], [0, -0.5, 0], [0, 0, 1.0]]).tolist()
    [0.0, 0.0, 2.0]
    """
    moment = _check.points("moment", moment, "A m^2")
    gradient = _check.real_array("grad_B", grad_B, "T/m", "an array of shape (..., 3, 3)")
    if gradient.shape[-2:] != (3, 3):
        raise ValueError(f"grad_B must have shape (..., 3, 3), got shape {gradient.shape}")
    if model == "loop":
        divergence = np.trace(gradient, axis1=-2, axis2=-1)[..., None]
        return np.einsum("...ji,...j->...i", gradient, moment) - divergence * moment
    if model == "pole":
        return np.einsum("...ij,...j->...i", gradient, moment)
    raise ValueError(f"model must be 'loop' or 'pole', got {model!r}")
