"""Induced moments: bodies that a field magnetizes, each in the field of all the others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.interactions._external import as_source_or_none
from magneton.interactions._pairs import pair_fields, require_distinct
from magneton.interactions._polarize import Coupled
from magneton.interactions.system import MomentSystem
from magneton.sources import Dipoles
from magneton.sources.base import Source

#: A tensor is symmetric if it is so to this part of its size.
_SYMMETRIC = 1e-9


@dataclass(frozen=True)
class InducedMoments:
    """Bodies magnetized by a field and by each other.

    Attributes
    ----------
    moments : ndarray, shape (n, 3), A m^2
        The moment of each, permanent part and induced part.
    positions : ndarray, shape (n, 3), metre
        Where they are.
    external : Source or None
        What else acts on them.
    energy : float, joule
        At equilibrium of the induced parts, the work of magnetizing the bodies included: -m.B_ext/2 summed where no
        moment is permanent. Force = -grad of it.
    residual : float
        |m - m_permanent - alpha B| relative to |m - m_permanent|, root mean squares over the bodies.
    iterations : int
        Of the Krylov solver, each one sum over all pairs.
    """

    moments: np.ndarray
    positions: np.ndarray
    external: Source | None
    energy: float
    residual: float
    iterations: int

    @property
    def source(self) -> Dipoles:
        """The moments as a source of a field."""
        return Dipoles(self.moments, self.positions)

    @property
    def system(self) -> MomentSystem:
        """The moments as a system: its fields, forces and torques are those on the bodies.

        Since the induced parts minimise the energy, the force is that on moments held fixed. Its energy is not theirs:
        it leaves out the work of magnetizing them.
        """
        return MomentSystem(self.moments, self.positions, self.external)


def _tensors(value: Any, count: int) -> np.ndarray:
    """Return polarizabilities as one symmetric tensor a body, shape (n, 3, 3)."""
    shapes = "a number, or an array of shape (n,), (3, 3) or (n, 3, 3)"
    array = _check.real_array("polarizabilities", value, "A m^2/T", shapes)
    if array.ndim < 2:
        if array.shape not in ((), (count,)):
            raise ValueError(f"polarizabilities must be {shapes} with n = {count}, got shape {array.shape}")
        return np.broadcast_to(array, count)[:, None, None] * np.eye(3)
    if array.shape not in ((3, 3), (count, 3, 3)):
        raise ValueError(f"polarizabilities must be {shapes} with n = {count}, got shape {array.shape}")
    skew = array - np.swapaxes(array, -1, -2)
    if np.abs(skew).max() > _SYMMETRIC * np.abs(array).max():
        raise ValueError("polarizabilities must be symmetric tensors, got one that is not")
    return np.broadcast_to(array - 0.5 * skew, (count, 3, 3))


def _energy(induced: np.ndarray, acting: np.ndarray, permanent: np.ndarray, outside: np.ndarray) -> float:
    """Return the energy with the induced moments at their minimum, `acting` the field but for their own."""
    of_permanent = permanent * (0.5 * (acting - outside) + outside)
    return -float(np.sum(0.5 * induced * acting + of_permanent))


def induced_moments(
    polarizabilities: Any, positions: Any, external: Any = None, moments: Any = None, rtol: float = 1e-9
) -> InducedMoments:
    """Return the moments of polarizable bodies in a field: m = m_permanent + alpha (B_ext + B of all the others).

    The symmetric system is solved by conjugate gradients (MINRES where polarizabilities of both signs meet), each step
    one threaded sum over all pairs; memory grows as n. Bodies are points: spheres closer than a few radii also have
    higher multipoles, which are left out here.

    Parameters
    ----------
    polarizabilities : float or array_like, shape (n,), (3, 3) or (n, 3, 3), A m^2/T
        alpha of m = alpha B, of all bodies or of each; negative for diamagnets. A sphere of radius a and relative
        permeability mu_r has 4 pi a^3/mu_0 (mu_r - 1)/(mu_r + 2): see `polarizability`.
    positions : array_like, shape (n, 3), metre
        Where they are; no two alike.
    external : source or sequence of sources, optional
        What magnetizes them.
    moments : array_like, shape (n, 3), A m^2, optional
        The permanent part of each moment; none by default.
    rtol : float
        Relative tolerance of the residual.

    Returns
    -------
    InducedMoments
        ``.moments``, ``.energy``, ``.residual`` and more; ``.system`` has the forces, ``.source`` the field.

    Raises
    ------
    PolarizationCatastrophe
        If there is no stable solution: bodies so close that they magnetize each other without end.
    NotConverged
        If `rtol` cannot be reached.
    ValueError
        If a shape is wrong, a tensor not symmetric, two bodies are at one place, or one is where no field is defined.

    Examples
    --------
    Two iron balls that touch, in a field along their line, each stronger than alone by 1/(1 - 2 (a/d)^3) = 4/3:

    >>> import math
    >>> from magneton import UniformField, constants
    >>> from magneton.interactions.induced import induced_moments
    >>> alpha = 4 * math.pi * 0.01**3 / float(constants.mu_0)
    >>> pair = induced_moments(alpha, [[0, 0, 0], [0, 0, 0.02]], UniformField([0, 0, 1e-3]))
    >>> (pair.moments[:, 2] / (alpha * 1e-3)).round(9).tolist()
    [1.333333333, 1.333333333]
    """
    positions = _check.vectors("positions", positions, "m")
    require_distinct(positions)
    alpha = _tensors(polarizabilities, len(positions))
    source = as_source_or_none("external", external)
    rtol = max(_check.fraction("rtol", rtol), 1e-15)
    permanent = np.zeros(positions.shape)
    if moments is not None:
        permanent = _check.vectors("moments", moments, "A m^2")
        _check.same_length("moments", permanent, "positions", positions)
    outside = np.zeros(positions.shape) if source is None else source.B(positions)
    acting = outside if moments is None else outside + pair_fields(permanent, positions)
    if not np.all(np.isfinite(acting)):
        at = int(np.flatnonzero(~np.isfinite(acting).all(axis=1))[0])
        raise ValueError(f"external must have a field at every body, got none at {positions[at].tolist()}")
    coupled = Coupled(alpha, positions)
    induced, iterations = coupled.solve(acting, rtol)
    size = math.sqrt(float(np.sum(induced * induced)))
    wrong = induced - np.einsum("nij,nj->ni", alpha, acting + pair_fields(induced, positions))
    residual = math.sqrt(float(np.sum(wrong * wrong))) / size if size else 0.0
    energy = _energy(induced, acting, permanent, outside)
    return InducedMoments(permanent + induced, positions, source, energy, residual, iterations)
