"""Quasi-linear diffusion of pitch angle and mu in many small waves of random phase along B."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check
from magneton._check import non_negatives, numbers
from magneton.orbits._vectors import norm
from magneton.orbits.breaking._arguments import generator, velocity_parts
from magneton.orbits.fields.base import OrbitField, as_field
from magneton.orbits.fields.waves import HANDS, CircularWave
from magneton.orbits.species import Species, as_species


def _rate(
    particle: Species, along: np.ndarray, gamma: np.ndarray, density: Any, group_velocity: Any
) -> np.ndarray:
    """Return (pi/2) (q/(gamma m))^2 P/|v_par - v_g|, in 1/s; inf where the particle goes with the waves' energy."""
    P = non_negatives("spectral_density", density, "T^2 m")
    relative = np.abs(along - numbers("group_velocity", group_velocity, "m/s"))
    with np.errstate(divide="ignore", invalid="ignore"):
        return 0.5 * np.pi * (particle.charge / (gamma * particle.mass)) ** 2 * P / relative


def pitch_angle_diffusion(
    species: Species | str,
    parallel_velocity: Any,
    perpendicular_velocity: Any,
    spectral_density: Any,
    *,
    phase_velocity: Any = 0.0,
    group_velocity: Any = 0.0,
) -> np.ndarray:
    r"""Return the quasi-linear diffusion coefficient of the pitch angle, D = <(d alpha)^2>/(2 t).

    In circularly polarized waves along B of one hand and of random phases, to second order in their amplitude (Kennel
    and Petschek [KennelPetschek1966]_). The resonant part of the spectrum turns the momentum by

        p d alpha/dt = q b v (1 - v_ph v_par/v^2) sin(chi),

    and as the phases chi pass by with k (v_par - v_g), the time they keep is that of the spectrum's width:

        D = (pi/2) (q/(gamma m))^2 (1 - v_ph v_par/v^2)^2 P(k)/\|v_par - v_g\|,   omega - k v_par = n Omega/gamma.

    In static waves it is (pi/2) (Omega/gamma)^2 (P/B^2)/\|v_par\|; in the cosine xi, D_xi = (1 - xi^2) D. Papers that
    write D for <(d alpha)^2>/t, or a spectrum of both signs of k or of both hands, differ by factors of 2.

    Parameters
    ----------
    species : Species or str
        The particle, or the name of a ready one.
    parallel_velocity, perpendicular_velocity : array_like, m/s
        Of the particles.
    spectral_density : array_like, T^2 m
        P at the resonant k (with its sign: see `resonant_velocity`) of the waves of the hand that resonates there. The
        integral of P over all k is the mean square of their B; waves of amplitude b (\|B\| of a circular wave)
        every dk have P = b^2/dk.
    phase_velocity, group_velocity : array_like, m/s
        omega/k and d omega/dk there; zero for static waves. All are broadcast.

    Returns
    -------
    ndarray, 1/s
        D, in radian^2/s.
    """
    particle = as_species(species)
    along, across, gamma = velocity_parts(parallel_velocity, perpendicular_velocity)
    wave = numbers("phase_velocity", phase_velocity, "m/s")
    with np.errstate(divide="ignore", invalid="ignore"):
        turn = 1.0 - wave * along / (along**2 + across**2)
    return turn**2 * _rate(particle, along, gamma, spectral_density, group_velocity)


def mu_diffusion(
    species: Species | str,
    B: Any,
    parallel_velocity: Any,
    perpendicular_velocity: Any,
    spectral_density: Any,
    *,
    phase_velocity: Any = 0.0,
    group_velocity: Any = 0.0,
) -> np.ndarray:
    r"""Return the quasi-linear diffusion coefficient of mu, D = <(dmu)^2>/(2 t).

    As of `pitch_angle_diffusion`: dp_perp/dt = q b (v_par - v_ph) sin(chi) and mu = p_perp^2/(2 m B), so that

        D = (p_perp (v_par - v_ph)/(m B))^2 (pi/2) q^2 P(k)/\|v_par - v_g\|.

    Parameters
    ----------
    species, parallel_velocity, perpendicular_velocity, spectral_density, phase_velocity, group_velocity
        As of `pitch_angle_diffusion`.
    B : array_like, shape (3,), or float, tesla
        The uniform field, or its magnitude.

    Returns
    -------
    ndarray, (J/T)^2/s
        D.
    """
    particle = as_species(species)
    along, across, gamma = velocity_parts(parallel_velocity, perpendicular_velocity)
    strength = norm(_check.vector("B", B, "T")) if np.ndim(B) else abs(_check.number("B", B, "T"))
    if strength == 0.0:
        raise ValueError("B must not be zero")
    gain = (gamma * across) * (gamma * (along - numbers("phase_velocity", phase_velocity, "m/s")))
    rate = _rate(particle, along, gamma, spectral_density, group_velocity)
    return (particle.mass * gain / strength) ** 2 * rate


def random_phase_waves(
    wave_numbers: Any,
    amplitudes: Any,
    seed: Any,
    *,
    angular_frequencies: Any = 0.0,
    hand: str = "left",
    position: Any = (0.0, 0.0, 0.0),
    orientation: Any = None,
) -> OrbitField:
    """Return circularly polarized waves along one axis, with random phases.

    Parameters
    ----------
    wave_numbers : array_like, shape (n,), 1/m
        Along the axis, with their signs. Waves every dk repeat themselves after 2 pi/dk: no particle should go farther.
    amplitudes : array_like, shape (n,) or a number, tesla
        Of their B; sqrt(P dk) for the spectral density P of `pitch_angle_diffusion`.
    seed : int or numpy.random.Generator
        Where the phases come from, evenly spread over the circle.
    angular_frequencies : array_like, shape (n,) or a number, 1/s
        Zero for static waves.
    hand : {"left", "right"}
        Left-hand waves resonate at n = 1, right-hand ones at n = -1: see `resonant_velocity`.
    position, orientation
        Of the field's frame, whose z is the axis: see `magneton.orbits.fields.CircularWave`.

    Returns
    -------
    OrbitField
        Their sum, without B0: add a `magneton.UniformField`.
    """
    k = np.atleast_1d(numbers("wave_numbers", wave_numbers, "1/m"))
    if hand not in HANDS:
        raise ValueError(f"hand must be one of {', '.join(HANDS)}, got {_check.shown(hand)}")
    try:
        b, omega = (
            np.broadcast_to(numbers(name, value, unit), k.shape)
            for name, value, unit in (
                ("amplitudes", amplitudes, "T"),
                ("angular_frequencies", angular_frequencies, "1/s"),
            )
        )
    except ValueError as error:
        raise ValueError(
            f"amplitudes and angular_frequencies must fit the {k.shape} wave_numbers: {error}"
        ) from None
    phases = generator(seed).uniform(0.0, 2.0 * np.pi, len(k))
    return as_field(
        [
            CircularWave(*each, hand=hand, phase=phase, position=position, orientation=orientation)
            for *each, phase in zip(b, k, omega, phases, strict=True)
        ]
    )
