"""The action of the gyration from samples of a real orbit: the closed integral of p.dq with p = gamma m v + q A."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits._vectors import C, cross, dot, norm, unit, velocities
from magneton.orbits.fields.base import OrbitField, as_field
from magneton.orbits.kinematics import gamma
from magneton.orbits.species import Species, as_species

#: Samples a gyration, below which the interpolation is not worth its name, and how much unevenness is forgiven.
_LEAST, _SLACK = 8, 1.5
_ROUNDS = 8
#: Gauss's rule on 0..1: unlike the sum over equal steps it does not ask for a periodic integrand, which a mirror
#: force or a gradient along the drift denies.
_ROOTS, _HALVES = np.polynomial.legendre.leggauss(40)
_NODES, _WEIGHTS = 0.5 * (_ROOTS + 1.0), 0.5 * _HALVES


@dataclass(frozen=True)
class GyrationAction:
    """Actions of consecutive gyrations of an orbit; arrays of shape (n,).

    Attributes
    ----------
    time : ndarray, second
        The middle of each gyration.
    period : ndarray, second
        How long it took.
    kinetic, magnetic : ndarray, J s
        The closed integrals of gamma m v.dx and of q A.dx.
    species : Species
        The particle.
    """

    time: np.ndarray
    period: np.ndarray
    kinetic: np.ndarray
    magnetic: np.ndarray
    species: Species

    @property
    def action(self) -> np.ndarray:
        """The closed integral of p.dq in J s, 2 pi m mu/|q|: the kinetic part is twice that, the magnetic minus it."""
        return self.kinetic + self.magnetic

    @property
    def mu(self) -> np.ndarray:
        """The adiabatic invariant |q| action/(2 pi m) in J/T."""
        return abs(self.species.charge) / (2.0 * np.pi * self.species.mass) * self.action


def gyration_action(
    field: Any, species: Species | str, time: Any, position: Any, velocity: Any
) -> GyrationAction:
    """Return the action of every whole gyration of a sampled orbit, from gamma m v + q A alone.

    A gyration lasts until the velocity across B, less E x B/B^2, has turned by 2 pi about B. The orbit does not close,
    since its centre moves. From position and velocity the path of the centre is taken away, the parabola without which
    both close; from the momentum what changes evenly. The integral is that round the loop left, in the vector potential
    of the middle of the gyration. In a uniform magnetic field it is exact, elsewhere the invariant up to a fraction of
    about (rho/L)^2, as `mu_gyrocentre` is, which it does not use.

    Parameters
    ----------
    field : source, OrbitField, or a list of these
        The field; its vector potential may be in any gauge.
    species : Species or str
        The particle, or the name of a ready one.
    time : array_like, shape (n,), second
        Rising; 8 samples a gyration or more. Between them the orbit is a quintic through position, velocity and
        acceleration, with an error of some 1e-6 of the action at 12 samples a gyration, and 3e-8 at 24.
    position, velocity : array_like, shape (n, 3), m and m/s
        Of the particle along its orbit.

    Returns
    -------
    GyrationAction
        One entry a whole gyration, the first from the first sample.

    Raises
    ------
    ValueError
        Also if the orbit holds no whole gyration, or too few samples of one.
    """
    place, particle = as_field(field), as_species(species)
    orbit = _sampled(place, particle, time, position, velocity)
    edges = _whole_turns(orbit)
    start, period = edges[:-1, None], np.diff(edges)[:, None]
    tau = period * (_NODES - 0.5)
    x, v = orbit.position(start + 0.5 * period + tau), orbit.velocity(start + 0.5 * period + tau)
    ends = orbit.position(edges), orbit.velocity(edges)
    # The centre's path: the parabola without which position and velocity both close.
    mean, pull = (np.diff(end, axis=0)[:, None] / period[..., None] for end in ends)
    later = tau[..., None]
    loop, along = x - later * (mean + 0.5 * later * pull), v - mean - later * pull
    momentum = particle.mass * gamma(v)[..., None] * v
    momentum = momentum - particle.mass * gamma(v).mean(axis=1)[:, None, None] * (mean + later * pull)
    A = place.A(loop, np.broadcast_to(start + 0.5 * period, tau.shape))
    kinetic, magnetic = (
        np.sum(period * _WEIGHTS * dot(p, along), axis=1) for p in (momentum, particle.charge * A)
    )
    return GyrationAction((start + 0.5 * period)[:, 0], period[:, 0], kinetic, magnetic, particle)


@dataclass(frozen=True)
class _Orbit:
    """An orbit through samples: between two of them the quintic with their positions, velocities, accelerations."""

    field: OrbitField
    species: Species
    time: np.ndarray
    x: np.ndarray
    v: np.ndarray
    a: np.ndarray

    def _powers(self, t: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the coefficients of each quintic in s = 0..1, s, and the length of the step."""
        i = np.clip(np.searchsorted(self.time, t, side="right") - 1, 0, len(self.time) - 2)
        h = (self.time[i + 1] - self.time[i])[..., None]
        s = (t - self.time[i])[..., None] / h
        v0, v1, a0, a1 = h * self.v[i], h * self.v[i + 1], h**2 * self.a[i], h**2 * self.a[i + 1]
        # What is left at s = 1 of position, velocity and acceleration after the first three terms.
        p, q, r = self.x[i + 1] - self.x[i] - v0 - 0.5 * a0, v1 - v0 - a0, a1 - a0
        rest = [10.0 * p - 4.0 * q + 0.5 * r, -15.0 * p + 7.0 * q - r, 6.0 * p - 3.0 * q + 0.5 * r]
        return np.stack([self.x[i], v0, 0.5 * a0, *rest]), s, h

    def position(self, t: np.ndarray) -> np.ndarray:
        k, s, _ = self._powers(t)
        return k[0] + s * (k[1] + s * (k[2] + s * (k[3] + s * (k[4] + s * k[5]))))

    def velocity(self, t: np.ndarray) -> np.ndarray:
        k, s, h = self._powers(t)
        return (k[1] + s * (2.0 * k[2] + s * (3.0 * k[3] + s * (4.0 * k[4] + s * 5.0 * k[5])))) / h

    def across(self, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the velocity across B less the electric drift, and the unit vector along B."""
        x, v = self.position(t), self.velocity(t)
        B, E = self.field.B(x, t), self.field.E(x, t)
        b = unit(B)
        w = v - cross(E, b) / norm(B)[..., None]
        return w - dot(w, b)[..., None] * b, b


def _sampled(field: OrbitField, species: Species, time: Any, position: Any, velocity: Any) -> _Orbit:
    t = _check.real_array("time", time, "s", "an array of shape (n,)")
    x, v = _check.vectors("position", position, "m"), velocities("velocity", velocity)
    _check.vectors("velocity", v, "m/s")
    if t.ndim != 1 or not len(t) == len(x) == len(v):
        raise ValueError(
            f"time, position and velocity must have shapes (n,), (n, 3), (n, 3), got {t.shape}, {x.shape}, {v.shape}"
        )
    if len(t) < _LEAST or (np.diff(t) <= 0.0).any():
        raise ValueError(f"time must rise and hold at least {_LEAST} samples, got {_check.shown(time)}")
    E, B = field.E(x, t), field.B(x, t)
    force = E + cross(v, B) - v * (dot(v, E) / C**2)[:, None]
    return _Orbit(field, species, t, x, v, species.charge / species.mass / gamma(v)[:, None] * force)


def _angle(w: np.ndarray, other: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return by how much w must turn about b, right-handed, to point along the other."""
    return np.arctan2(dot(b, cross(w, other)), dot(w, other))


def _whole_turns(orbit: _Orbit) -> np.ndarray:
    """Return the times at which the gyrophase has turned by whole turns since the first sample."""
    w, b = orbit.across(orbit.time)
    steps = _angle(w[:-1], w[1:], b[:-1])
    if not (np.abs(steps) <= 2.0 * np.pi / _LEAST * _SLACK).all():
        raise ValueError(
            f"time must hold at least {_LEAST} samples a gyration, of a charge that gyrates all the time"
        )
    turned = -np.sign(orbit.species.charge) * np.concatenate([[0.0], np.cumsum(steps)])
    goals = 2.0 * np.pi * np.arange(int(turned[-1] / (2.0 * np.pi)) + 1)
    if len(goals) < 2:
        raise ValueError(f"time must span a whole gyration, got {turned[-1] / (2.0 * np.pi):.3g} of one")
    before = np.clip(np.searchsorted(turned, goals, side="right") - 1, 0, len(w) - 2)
    edges, rate = orbit.time[before], np.gradient(turned, orbit.time)[before]
    for _ in range(_ROUNDS):
        there, _ = orbit.across(edges)
        now = turned[before] - np.sign(orbit.species.charge) * _angle(w[before], there, b[before])
        edges = np.clip(edges + (goals - now) / rate, orbit.time[0], orbit.time[-1])
    return edges
