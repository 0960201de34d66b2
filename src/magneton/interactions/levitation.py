r"""Places where a free point body is at rest among fixed sources, and whether it stays there.

Energies, with B the sources' field, F_0 a constant force such as the weight, G = grad B and T its derivatives:

    a moment of fixed direction   U = -m.B - F_0.r            U_jk = -m_i T_ijk
    a moment free to turn         U = -m|B| - F_0.r           U_jk = -m [b_i T_ijk + (G_ij G_ik - g_j g_k)/|B|]
    a polarizable body            U = -B.alpha B/2 - F_0.r    U_jk = -(alpha B)_i T_ijk - G_ij alpha_il G_lk

with b = B/|B| and g_j = b_i G_ij. All components of B are harmonic, so that the first trace is zero and the second not
positive (Earnshaw): neither can rest stably; the third is -tr(G^T alpha G), positive for a diamagnet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import root

from magneton import _check
from magneton.interactions._derivatives import second_gradient
from magneton.interactions._external import as_source
from magneton.interactions._tally import NotConverged

_NEWTON = 12
#: An eigenvalue this much smaller than the largest counts as zero.
_ZERO = 1e-9

_Shape = Callable[[np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, float, np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class RestPosition:
    """A place where no force acts on a body.

    Attributes
    ----------
    position : ndarray, shape (3,), metre
        Where.
    moment : ndarray, shape (3,), A m^2
        The body's moment there.
    energy : float, joule
        Magnetic energy less the work of the constant force from the origin.
    hessian : ndarray, shape (3, 3), N/m
        Second derivatives of the energy with respect to the position; -hessian is the gradient of the force. Of a body
        free to turn, with its direction following the field.
    hessian_eigenvalues : ndarray, shape (3,), N/m
        Ascending.
    stable : bool
        Whether every small shift costs energy.
    force_left : float
        What is left of the force, relative to |m||grad B| + |force|, here or at the start.
    """

    position: np.ndarray
    moment: np.ndarray
    energy: float
    hessian: np.ndarray
    hessian_eigenvalues: np.ndarray
    stable: bool
    force_left: float


def _fixed(moment: np.ndarray) -> _Shape:
    def shape(B: np.ndarray, G: np.ndarray, T: np.ndarray):
        return moment, -float(moment @ B), moment @ G, -np.einsum("i,ijk->jk", moment, T)

    return shape


def _turning(size: float) -> _Shape:
    def shape(B: np.ndarray, G: np.ndarray, T: np.ndarray):
        strength = float(np.linalg.norm(B))
        b = B / strength
        g = b @ G
        bent = (G.T @ G - np.outer(g, g)) / strength
        return size * b, -size * strength, size * g, -size * (np.einsum("i,ijk->jk", b, T) + bent)

    return shape


def _polarizable(alpha: np.ndarray) -> _Shape:
    def shape(B: np.ndarray, G: np.ndarray, T: np.ndarray):
        m = alpha @ B
        return m, -0.5 * float(m @ B), m @ G, -np.einsum("i,ijk->jk", m, T) - G.T @ alpha @ G

    return shape


def _body(moment: Any, polarizability: Any, free: bool) -> _Shape:
    """Return what gives moment, energy, force and Hessian of the magnetic energy from B, grad B and its derivatives."""
    if (moment is None) == (polarizability is None):
        came = "none" if moment is None else "both"
        raise ValueError(f"exactly one of moment and polarizability must be given, got {came}")
    if moment is not None:
        moment = _check.vector("moment", moment, "A m^2")
        if not np.any(moment):
            raise ValueError("moment must not be zero, got [0, 0, 0]")
        return _turning(float(np.linalg.norm(moment))) if free else _fixed(moment)
    if free:
        raise ValueError("free must be False for a polarizable body: its moment follows the field")
    alpha = _check.real_array(
        "polarizability", polarizability, "A m^2/T", "a number or a symmetric (3, 3) array"
    )
    if alpha.shape not in ((), (3, 3)) or np.abs(alpha - alpha.T).max() > _ZERO * np.abs(alpha).max():
        raise ValueError("polarizability must be a number or a symmetric (3, 3) array, got another")
    return _polarizable(alpha * np.eye(3) if alpha.ndim == 0 else alpha)


class _Place:
    """The force on a body at a point, and its gradient."""

    def __init__(self, source: Any, shape: _Shape, weight: np.ndarray, r: np.ndarray) -> None:
        B, G = source.B(r), source.grad_B(r)
        self.moment, energy, magnetic, self.hessian = shape(B, G, second_gradient(source, r))
        self.energy = energy - float(weight @ r)
        self.force = magnetic + weight
        # What rounding of the force is judged by, since all of it may vanish by symmetry.
        self.size = float(np.linalg.norm(self.moment) * np.linalg.norm(G) + np.linalg.norm(weight))

    def left(self, unit: float) -> float:
        """Return the force in units of the largest of its parts, here or at the start."""
        return float(np.linalg.norm(self.force)) / max(self.size, unit)


def rest_position(
    source: Any,
    start: Any,
    moment: Any = None,
    polarizability: Any = None,
    free: bool = False,
    force: Any = (0.0, 0.0, 0.0),
    tol: float = 1e-10,
) -> RestPosition:
    """Return the place near `start` where a free point body among fixed sources is at rest, stable or not.

    Newton's method (Powell's hybrid, then polished) with exact second derivatives of the field: see
    `second_gradient`.

    Parameters
    ----------
    source : source or sequence of sources
        Fixed; what acts on the body.
    start : array_like, shape (3,), metre
        Where to begin; which of several places is found depends on it.
    moment : array_like, shape (3,), A m^2
        Of a permanent magnet. This or `polarizability`.
    polarizability : float or array_like, shape (3, 3), A m^2/T
        Of a body that the field magnetizes, m = alpha B; negative for a diamagnet, whose direction is fixed.
    free : bool
        Whether a permanent moment turns freely: it then lies along the field.
    force : array_like, shape (3,), newton
        A constant force besides, such as the weight.
    tol : float
        What may be left of the force, relative to |m||grad B| + |force|, there or at the start.

    Returns
    -------
    RestPosition
        ``.position``, ``.hessian_eigenvalues``, ``.stable`` and more.

    Raises
    ------
    NotConverged
        If no such place is found from `start`.
    ValueError
        If the body is given in none or two ways, or `start` is where the field has no derivatives.

    Examples
    --------
    A drop of 1 g of water (susceptibility -9.03e-6) floats in a strong magnet, where B dB/dz is 1.36e3 T^2/m:

    >>> from magneton import CircularLoop, constants
    >>> from magneton.interactions.levitation import rest_position
    >>> alpha = -9.03e-6 * 1e-6 / float(constants.mu_0)
    >>> drop = rest_position(CircularLoop(0.05, 8.4e5), [0, 0, 0.025], polarizability=alpha, force=[0, 0, -9.81e-3])
    >>> round(float(drop.position[2]), 4), drop.stable
    (0.0251, True)
    """
    source = as_source("source", source)
    start = _check.vector("start", start, "m")
    weight = _check.vector("force", force, "N")
    shape = _body(moment, polarizability, free)
    tol = _check.fraction("tol", tol)
    place = _Place(source, shape, weight, start)
    if not (np.all(np.isfinite(place.force)) and np.all(np.isfinite(place.hessian))):
        raise ValueError(f"start must be where the field is smooth and not zero, got {start.tolist()}")
    if place.size == 0.0:
        raise ValueError(f"start must be where something acts on the body, got {start.tolist()}")
    unit = place.size

    def function(r: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        at = _Place(source, shape, weight, r)
        return at.force / unit, -at.hessian / unit

    r = root(function, start, jac=True, method="hybr", options={"xtol": 1e-12}).x
    r, place = _polished(lambda r: _Place(source, shape, weight, r), r, unit)
    left = place.left(unit)
    if not left <= tol:
        raise NotConverged(
            f"no place of rest was found from {start.tolist()}: at {r.tolist()} {left:.3g} of the force is left"
        )
    values = np.linalg.eigvalsh(place.hessian)
    stable = bool(values[0] > _ZERO * np.abs(values).max())
    return RestPosition(r, place.moment, place.energy, place.hessian, values, stable, left)


def _polished(
    place_at: Callable[[np.ndarray], _Place], r: np.ndarray, unit: float
) -> tuple[np.ndarray, _Place]:
    """Return the place with the least force that Newton's method reaches; motions that cost nothing are left alone."""
    place = place_at(r)
    for _ in range(_NEWTON):
        if not np.all(np.isfinite(place.hessian)):
            break
        moved = r + np.linalg.lstsq(place.hessian, place.force, rcond=_ZERO)[0]
        now = place_at(moved)
        if not now.left(unit) < place.left(unit):
            break
        r, place = moved, now
    return r, place
