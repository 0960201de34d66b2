"""How near a particle is to cyclotron resonance with waves."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import jv

from magneton.orbits._vectors import C, dot, norm, unit
from magneton.orbits.fields.base import OrbitField
from magneton.orbits.species import Species

#: Harmonics of the gyration that are looked at, for waves at an angle.
HARMONICS = 5


def _turning(polarization: np.ndarray, b: np.ndarray, sense: float) -> np.ndarray:
    """Return how much of a polarization turns about b, shape (n,): `sense` +1 as (e1 + i e2) exp(i psi).

    With e1, e2, b right-handed, |e.(e1 - i sense e2)|/2 in terms that need no e1: the part across b, and its turn.
    It is 1 for a circular wave of that sense, 0 for the other, and 1/2 for a linear one across b.
    """
    across = polarization - b * (b @ polarization)[:, None]
    turned = across + 1j * sense * np.cross(b, across)
    return np.sqrt(np.maximum(np.einsum("ni,ni->n", turned, turned.conj()).real, 0.0) / 8.0)


def resonances(
    waves: Any, field: OrbitField, species: Species, x: np.ndarray, v: np.ndarray, t: np.ndarray
) -> np.ndarray:
    """Return at each state the half-width of a resonance over the distance to it, the largest of all, shape (n,).

    A wave meets the n-th harmonic where omega - k_par v_par = n Omega/gamma, and a wave B_n that turns with the
    particle traps it within twice sqrt(k_par v_perp Omega_n), Omega_n = |q| B_n/(gamma m); B_n is the wave's part with
    the sense of the gyration times J_(n-1)(k_perp rho), and of the other sense times J_(n+1) [Karimabadi1990]_.
    """
    B = field.B(x, t)
    strength, b = norm(B), unit(B)
    gamma = 1.0 / np.sqrt(1.0 - dot(v, v) / C**2)
    per_tesla = abs(species.charge) / (gamma * species.mass)
    omega = per_tesla * strength
    along = dot(v, b)
    across = np.sqrt(np.maximum(dot(v, v) - along**2, 0.0))
    sense = np.sign(species.charge)
    nearest = np.zeros(len(x))
    for wave in waves:
        k_par = b @ wave.wave_vector
        k_perp = norm(wave.wave_vector - k_par[:, None] * b)
        reach = k_perp * across / omega
        # psi at the gyrocentre changes as k_par v_par - omega; positive charges turn as (e1 + i e2) exp(i Omega t).
        rate = k_par * along - wave.angular_frequency
        for turn in (1.0, -1.0):  # psi rising with the gyration phase, or falling
            with_it = _turning(wave.polarization, b, sense * turn)
            against = _turning(wave.polarization, b, -sense * turn)
            for n in range(1, HARMONICS + 1):
                parts = with_it * np.abs(jv(n - 1, reach)) + against * np.abs(jv(n + 1, reach))
                drive = per_tesla * wave.amplitude * parts
                width = 2.0 * np.maximum(np.sqrt(np.abs(k_par) * across * drive), drive)
                distance = np.abs(rate - turn * n * omega)
                with np.errstate(divide="ignore", invalid="ignore"):
                    ratio = np.where(width > 0.0, width / np.maximum(distance, 1e-3 * width), 0.0)
                nearest = np.maximum(nearest, ratio)
    return nearest
