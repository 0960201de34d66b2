"""Speed, energy and momentum of a relativistic particle, without the differences that cancel when it is slow."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits._vectors import C, dot, norm, velocities
from magneton.orbits.species import Species, as_species


def gamma(v: np.ndarray) -> np.ndarray:
    """Return the Lorentz factor of velocities that were checked."""
    beta = norm(v) / C
    return 1.0 / np.sqrt((1.0 - beta) * (1.0 + beta))


def lorentz_factor(velocity: Any) -> np.ndarray:
    """Return the Lorentz factor gamma = 1/sqrt(1 - v^2/c^2).

    Parameters
    ----------
    velocity : array_like, shape (..., 3), m/s
        Below the speed of light.

    Returns
    -------
    ndarray, shape (...)
        gamma. Near c it is as good as the velocity's own rounding allows: relative error gamma^2 * 1e-16.
    """
    return gamma(velocities("velocity", velocity))


def proper_velocity(velocity: Any) -> np.ndarray:
    """Return the proper velocity u = gamma v = p/m, shape (..., 3), in m/s, of a velocity in m/s."""
    v = velocities("velocity", velocity)
    return gamma(v)[..., None] * v


def velocity_from_proper(proper_velocity: Any) -> np.ndarray:
    """Return v = u/sqrt(1 + u^2/c^2), shape (..., 3), in m/s, of a proper velocity u = p/m in m/s."""
    u = _check.points("proper_velocity", proper_velocity, "m/s")
    return u / np.sqrt(1.0 + dot(u, u) / C**2)[..., None]


def kinetic_energy(species: Species | str, velocity: Any) -> np.ndarray:
    """Return the kinetic energy (gamma - 1) m c^2, to rounding at every speed.

    Parameters
    ----------
    species : Species or str
        The particle, or the name of a ready one.
    velocity : array_like, shape (..., 3), m/s
        Below the speed of light.

    Returns
    -------
    ndarray, shape (...), joule
        Computed as m gamma^2 v^2/(gamma + 1), which has no difference in it.
    """
    m = as_species(species).mass
    v = velocities("velocity", velocity)
    g = gamma(v)
    return m * g**2 * dot(v, v) / (g + 1.0)


def speed(species: Species | str, kinetic_energy: Any) -> np.ndarray:
    """Return the speed at a kinetic energy: c sqrt(k (k + 2))/(k + 1) with k = T/(m c^2), to rounding.

    Parameters
    ----------
    species : Species or str
        The particle, or the name of a ready one.
    kinetic_energy : array_like, shape (...), joule
        Not negative; ``magneton.units.convert(1.0, "MeV", "J")`` makes joules of electronvolts.

    Returns
    -------
    ndarray, shape (...), m/s
        The speed. Where it would round to that of light, beyond a gamma of some 1e8, it is the largest float below c,
        whose own gamma is 7e7: near there no velocity tells the energy any more.
    """
    particle = as_species(species)
    energy = _check.real_array("kinetic_energy", kinetic_energy, "J", "a number or an array of numbers")
    if (energy < 0.0).any():
        raise ValueError(f"kinetic_energy must not be negative, got {energy.min():g}")
    k = energy / particle.rest_energy
    return np.minimum(C * np.sqrt(k * (k + 2.0)) / (k + 1.0), np.nextafter(C, 0.0))


def rigidity(species: Species | str, velocity: Any) -> np.ndarray:
    """Return the rigidity p c/|q|, shape (...), in volt: particles of one rigidity have one orbit.

    Divided by c it is B times the Larmor radius, in T m.
    """
    particle = as_species(species)
    v = velocities("velocity", velocity)
    return particle.mass * C / abs(particle.charge) * gamma(v) * norm(v)
