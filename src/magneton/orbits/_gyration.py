"""The motion of a charge parted into gyration and the motion of its centre.

Written in four dimensions, vectors as (x, y, z, c t), so that it holds for relativistic particles and for any E x B
drift below the speed of light. With the field tensor F, F X = (X_t E/c + X x B, E.X/c), and the four-velocity
u = gamma (v, c), du/dtau = (q/m) F u, the motion parts into

    u = w + V,   w = -F F u/beta^2,   F V = 0,   beta^2 = B^2 - E_perp^2/c^2,   rho = -m F u/(q beta^2),

gyration w about a centre of velocity V. Nonrelativistically w = v_perp - v_E, V = v_par b + v_E, v_E = E x B/B^2 and
rho = b x w/Omega. Of E only E_perp is in F here: a parallel field does not turn, and is taken to be of first order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits._vectors import C, cross, dot, fit, unit, velocities
from magneton.orbits.fields.base import as_field
from magneton.orbits.kinematics import gamma
from magneton.orbits.species import Species, as_species


def minkowski(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the product of four-vectors, positive for those in space."""
    return dot(a[..., :3], b[..., :3]) - a[..., 3] * b[..., 3]


def tensor(E: np.ndarray, B: np.ndarray, X: np.ndarray) -> np.ndarray:
    """Return F X."""
    space = X[..., 3:] * E / C + cross(X[..., :3], B)
    return np.concatenate([space, dot(E, X[..., :3])[..., None] / C], axis=-1)


@dataclass(frozen=True)
class Gyration:
    """The parts of the motion at particles; arrays of shape (...), (..., 3) or, of four-vectors, (..., 4)."""

    E: np.ndarray
    """The electric field across B."""
    beta2: np.ndarray
    """nan where there is no gyration: B zero, or E_perp >= c B."""
    gamma: np.ndarray
    w: np.ndarray
    V: np.ndarray
    rho: np.ndarray

    @property
    def w2(self) -> np.ndarray:
        """w^2, shape (...)."""
        return minkowski(self.w, self.w)


def split(particle: Species, v: np.ndarray, B: np.ndarray, E: np.ndarray) -> Gyration:
    """Return the parts of velocities v in fields B and E, all of shape (..., 3)."""
    b = unit(B)
    across = E - dot(E, b)[..., None] * b
    beta2 = dot(B, B) - dot(across, across) / C**2
    beta2 = np.where(beta2 > 0.0, beta2, np.nan)
    g = gamma(v)
    u = np.concatenate([g[..., None] * v, C * g[..., None]], axis=-1)
    force = tensor(across, B, u) / beta2[..., None]
    w = -tensor(across, B, force)
    return Gyration(across, beta2, g, w, u - w, -particle.mass / particle.charge * force)


def state(
    field: Any, species: Species | str, position: Any, velocity: Any, t: Any, derivatives: bool
) -> tuple[Species, np.ndarray, Gyration, dict[str, np.ndarray]]:
    """Check the arguments; return the particle, positions, the parts of the motion, and the fields there."""
    v = velocities("velocity", velocity)
    x = _check.points("position", position)
    time = np.asarray(_check.with_gaps("t", t, "s", "a number or an array of numbers"))
    shape = fit(position=x.shape[:-1], velocity=v.shape[:-1], t=time.shape)
    x, v = np.broadcast_to(x, (*shape, 3)), np.broadcast_to(v, (*shape, 3))
    time = np.broadcast_to(time, shape)
    where, particle = as_field(field), as_species(species)
    values = where.derivatives(x, time) if derivatives else {"B": where.B(x, time), "E": where.E(x, time)}
    return particle, x, split(particle, v, values["B"], values["E"]), values
