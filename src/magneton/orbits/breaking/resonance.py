"""Cyclotron resonance: which velocities resonate with a wave, and how far mu swings on and off resonance."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check
from magneton._check import non_negatives, numbers
from magneton.orbits._vectors import C, norm
from magneton.orbits.breaking._arguments import velocity_parts
from magneton.orbits.fields.waves import Wave
from magneton.orbits.gyration import perpendicular_basis
from magneton.orbits.species import Species, as_species


def resonant_velocity(
    omega: Any,
    wave_number: Any,
    gyrofrequency: Any,
    harmonic: Any = 1,
    perpendicular_velocity: Any = 0.0,
) -> np.ndarray:
    r"""Return the parallel velocities that resonate: omega - k_par v_par = n Omega/gamma, relativistic and exact.

    With beta = v/c, K = (k c)^2 + (n Omega)^2 and S = sqrt[K (1 - beta_perp^2) - omega^2] the two solutions of the
    squared condition, and their Lorentz factors, are (s = +-1)

        beta_par = (omega k c + s n Omega S)/K,     1/gamma = (omega n Omega - s k c S)/K,

    of which those with gamma > 0 resonate. Slow particles: v_par = (omega - n Omega)/k.

    Signs: Omega = q B/m has the sign of the charge, k_par that of the way along B. A positive charge turns about B in
    the sense of a left-hand wave, an electron in that of a right-hand one (`magneton.orbits.fields.CircularWave`). A
    wave along B (k_perp = 0) acts at one harmonic only, whatever the charge: n = +1 if left-hand, n = -1 if right-hand.
    So protons meet a left-hand wave that comes towards them or is faster than they are (n = 1, n Omega > 0: the normal
    Doppler effect), and a right-hand wave only if they overtake it (n = -1, n Omega < 0: the anomalous one). A wave
    at an angle acts at every n (`mu_swing`); n = 0 is Landau's resonance v_par = omega/k_par.

    Parameters
    ----------
    omega : array_like, 1/s
        Of the wave.
    wave_number : array_like, 1/m
        k_par, along B, with its sign.
    gyrofrequency : array_like, 1/s
        Omega = q B/m of the particle at rest, with the sign of the charge.
    harmonic : array_like of int
        n.
    perpendicular_velocity : array_like, m/s
        v_perp. All are broadcast, to the shape (...).

    Returns
    -------
    ndarray, shape (..., 2), m/s
        v_par. The first is the one that slow particles have; the second exists only for waves faster than light,
        omega > k_par c sqrt(1 - beta_perp^2), which resonate with two velocities or with none. nan where there is none.

    Examples
    --------
    >>> slow = resonant_velocity(1.0, 1e-4, 3.0)  # an ion before a slow wave
    >>> [round(float(v), 3) for v in slow]
    [-20000.0, nan]
    """
    w, k = numbers("omega", omega, "1/s"), numbers("wave_number", wave_number, "1/m")
    turning = numbers("gyrofrequency", gyrofrequency, "1/s")
    n = _check.whole_numbers("harmonic", harmonic, "a whole number, or an array of them")
    beta = non_negatives("perpendicular_velocity", perpendicular_velocity, "m/s") / C
    if beta.size and beta.max() >= 1.0:
        raise ValueError(
            f"perpendicular_velocity must be below the speed of light, got {beta.max() * C:.9g} m/s"
        )
    try:
        w, k, turning, n, beta = np.broadcast_arrays(w, k, turning, n, beta)
    except ValueError:
        raise ValueError("the arguments must have shapes that broadcast") from None
    # In units of the largest frequency, so that no square overflows.
    scale = np.maximum(np.maximum(np.abs(w), np.abs(k) * C), np.abs(n * turning))
    with np.errstate(invalid="ignore", divide="ignore"):
        frequency, wave, gyration = w / scale, k * C / scale, n * turning / scale
        return C * _resonances(frequency, wave, gyration, (1.0 - beta) * (1.0 + beta))


def _resonances(w: np.ndarray, k: np.ndarray, g: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """Return both beta_par, of frequencies in any unit; `rest` is 1 - beta_perp^2."""
    K = k * k + g * g
    S2 = K * rest - w * w
    slow = np.abs(k) * np.sqrt(rest) > np.abs(w)
    exists = np.where(slow, True, (S2 >= 0.0) & (w * g > 0.0))
    S = np.sqrt(np.maximum(S2, 0.0))
    sign = np.where(k < 0.0, 1.0, -1.0)
    first = _without_cancelling(w * k, sign * g * S, (w * w - g * g * rest), K)
    second = _without_cancelling(w * k, -sign * g * S, (w * w - g * g * rest), K)
    # A wave at the speed of light meets its second velocity only at that speed.
    faster = exists & ~slow & (w * g - np.abs(k) * S > 0.0) & (np.abs(second) < 1.0)
    return np.stack([np.where(exists, first, np.nan), np.where(faster, second, np.nan)], axis=-1)


def _without_cancelling(a: np.ndarray, b: np.ndarray, product: np.ndarray, K: np.ndarray) -> np.ndarray:
    """Return (a + b)/K, or product/(a - b), which is the same, where a + b is a difference."""
    return np.where(a * b < 0.0, product / (a - b), (a + b) / K)


def mu_swing(
    species: Species | str,
    B: Any,
    wave: Any,
    parallel_velocity: Any,
    perpendicular_velocity: Any,
    time: Any,
    harmonic: int = 1,
) -> np.ndarray:
    r"""Return how far a small wave has moved mu after a time, to first order in its amplitude.

    Along the unperturbed orbit the force along v_perp oscillates with nu = omega - k_par v_par - n Omega/gamma (Omega
    signed) and the amplitude \|q G_n\| [KennelEngelmann1966]_; with J_n = J_n(lambda),
    lambda = k_perp gamma v_perp/Omega, x along k_perp and e = E/omega = -k x B_wave/k^2,

        G_n = (omega - k_par v_par)(e_x n J_n/lambda + i e_y J_n') + k_perp v_par e_z n J_n/lambda.

    With mu = p_perp^2/(2 m B) about the uniform B, for gyrocentres that start in one place Dmu/mu = swing cos(chi) with
    chi = n gyrophase + const, where

        swing = (2 \|q G_n\|/(gamma m v_perp)) \|sin(nu t/2)/(nu/2)\|.

    On resonance, nu = 0, mu changes in proportion to the time and the amplitude. Off resonance the swing is bounded by
    4 \|q G_n/(gamma m v_perp nu)\| for ever, and zero on the average over a beat: what stays of a wave that is switched
    on slowly is of second order in the amplitude. For a circular wave along B, \|G\| = b \|omega/k - v_par\|.

    Parameters
    ----------
    species : Species or str
        The particle, or the name of a ready one.
    B : array_like, shape (3,), tesla
        The uniform field.
    wave : CircularWave, PlaneWave, or Wave
        The wave, small against B; its `ramp` is not looked at.
    parallel_velocity, perpendicular_velocity : array_like, m/s
        At the start; v_perp not zero.
    time : array_like, second
        Since the wave is on. Below the time of trapping, after which the wave has moved the particle off resonance. The
        three are broadcast.
    harmonic : int
        n: the harmonic that is nearest to resonance. For a wave along B, 1 if left-hand and -1 if right-hand: see
        `resonant_velocity`.

    Returns
    -------
    ndarray, shape (...)
        The amplitude of Dmu/mu over the gyrophases.
    """
    particle, field = as_species(species), _check.vector("B", B, "T")
    along, across, gamma = velocity_parts(parallel_velocity, perpendicular_velocity)
    if not np.any(field):
        raise ValueError("B must not be zero")
    if (across == 0.0).any():
        raise ValueError("perpendicular_velocity must not be zero: mu is, and has no relative change")
    n = int(_check.whole_numbers("harmonic", _check.number("harmonic", harmonic), "a whole number"))
    one = _one_wave(wave)
    turning = particle.charge * norm(field) / (gamma * particle.mass)
    k_par = float(one.wave_vector @ field / norm(field))
    mismatch = one.angular_frequency - k_par * along - n * turning
    force = np.abs(particle.charge * _coupling(one, field, along, across, turning, n))
    t = np.abs(numbers("time", time, "s"))
    return 2.0 * force / (gamma * particle.mass * across) * t * np.abs(np.sinc(mismatch * t / (2.0 * np.pi)))


def _one_wave(wave: Any) -> Wave:
    waves = (wave,) if isinstance(wave, Wave) else getattr(wave, "waves", ())
    if len(waves) != 1:
        raise ValueError(f"wave must be a CircularWave, PlaneWave or Wave, got {_check.shown(wave)}")
    return waves[0]


def _coupling(
    wave: Wave, B: np.ndarray, along: np.ndarray, across: np.ndarray, turning: np.ndarray, n: int
) -> np.ndarray:
    """Return G_n: the force along v_perp per charge that stands still at the n-th resonance."""
    from scipy.special import jv, jvp

    b = B / norm(B)
    k = wave.wave_vector
    k_par = float(k @ b)
    k_across = k - k_par * b
    k_perp = norm(k_across)
    e1 = k_across / k_perp if k_perp > 1e-14 * norm(k) else perpendicular_basis(B)[0]
    e = -np.cross(k, wave.cosine - 1j * wave.sine) / (k @ k)
    argument = k_perp * across / turning
    split = 0.5 * (jv(n - 1, argument) + jv(n + 1, argument))
    electric = (e @ e1) * split + 1j * (e @ np.cross(b, e1)) * jvp(n, argument)
    return (wave.angular_frequency - k_par * along) * electric + k_perp * along * (e @ b) * split
