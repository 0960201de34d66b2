"""Random pitch angles, gyrophases and velocities of an ensemble."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from magneton import _check, constants
from magneton.orbits._vectors import C
from magneton.orbits.kinematics import velocity_from_proper
from magneton.orbits.species import Species, as_species


def generator(rng: Any) -> np.random.Generator:
    """Return the generator itself, or one of a seed."""
    if isinstance(rng, np.random.Generator):
        return rng
    try:
        seed = -1 if isinstance(rng, bool) else operator.index(rng)
    except TypeError:
        seed = -1
    if seed < 0:
        raise ValueError(
            f"rng must be a numpy.random.Generator or an integer, 0 or more, got {_check.shown(rng)}"
        )
    return np.random.default_rng(seed)


def _count(n: Any) -> int:
    try:
        count = 0 if isinstance(n, bool) else operator.index(n)
    except TypeError:
        count = 0
    if count < 1:
        raise ValueError(f"n must be an integer, 1 or more, got {_check.shown(n)}")
    return count


def isotropic_angles(n: int, rng: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return pitch angles and gyrophases of n particles whose directions are isotropic.

    Parameters
    ----------
    n : int
        How many.
    rng : numpy.random.Generator or int
        A generator, or its seed.

    Returns
    -------
    pitch_angle, gyrophase : ndarray, shape (n,), radian
        The cosine of the first is even in -1 to 1, the second in 0 to 2 pi. For `initial_state`; with pitch angles of
        one's own the second alone makes an ensemble gyrotropic.
    """
    count, random = _count(n), generator(rng)
    # The half angle's sine squared is even in 0 to 1: no digits are lost near 0.
    pitch_angle = 2.0 * np.arcsin(np.sqrt(random.random(count)))
    return pitch_angle, 2.0 * np.pi * random.random(count)


def maxwellian(species: Species | str, temperature: float, n: int, rng: Any) -> np.ndarray:
    """Return n velocities of thermal equilibrium at rest: Maxwell's law, and Juettner's where it is relativistic.

    Parameters
    ----------
    species : Species or str
        The particle, or the name of a ready one.
    temperature : float, kelvin
        Positive.
    n : int
        How many.
    rng : numpy.random.Generator or int
        A generator, or its seed.

    Returns
    -------
    ndarray, shape (n, 3), m/s
        Isotropic, with p^2 exp(-gamma m c^2/k_B T) dp exactly at every temperature.

    Notes
    -----
    With x = (gamma - 1)/theta and theta = k_B T/(m c^2) the law is e^-x sqrt(x) (1 + theta x) sqrt(1 + theta x/2). That
    is at most a mixture of four gamma laws, since sqrt(1 + y) <= 1 + sqrt(y); what is too much is rejected
    [CanfieldHowardLiang1987]_.

    References
    ----------
    .. [CanfieldHowardLiang1987] E. Canfield, W. M. Howard, E. P. Liang, Astrophys. J. 323, 565 (1987).
    """
    particle = as_species(species)
    heat = float(constants.k_B) * _check.positive("temperature", temperature, "K")
    count, random = _count(n), generator(rng)
    theta = heat / particle.rest_energy
    x = _reduced_energies(theta, count, random)
    proper = C * np.sqrt(theta * x * (theta * x + 2.0))
    direction = random.normal(size=(count, 3))
    direction /= np.sqrt(np.sum(direction**2, axis=1, keepdims=True))
    return velocity_from_proper(proper[:, None] * direction)


def _reduced_energies(theta: float, count: int, random: np.random.Generator) -> np.ndarray:
    """Return kinetic energies in units of k_B T."""
    orders = np.array([1.5, 2.0, 2.5, 3.0])
    half = np.sqrt(theta / 2.0)
    masses = np.array([np.sqrt(np.pi) / 2.0, half, 0.75 * np.sqrt(np.pi) * theta, 2.0 * theta * half])
    chosen = np.empty(0)
    while len(chosen) < count:
        missing = count - len(chosen)
        x = random.gamma(orders[random.choice(4, size=missing, p=masses / masses.sum())])
        y = theta * x / 2.0
        kept = random.random(missing) * (1.0 + np.sqrt(y)) < np.sqrt(1.0 + y)
        chosen = np.concatenate([chosen, x[kept]])
    return chosen
