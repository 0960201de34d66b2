"""mu after a current sheet in closed form: the weak sheet, the sharp one, and the exponent of the thick one."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from magneton import _check
from magneton._check import numbers
from magneton.orbits._vectors import norm
from magneton.orbits.breaking._arguments import velocity_parts
from magneton.orbits.breaking._sheet import Layers, layers
from magneton.orbits.species import Species, as_species

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(60)


class SharpJump(NamedTuple):
    """mu after/before at a sharp sheet, `ratio`, and the `weight` of each gyrophase, whose mean over phases is 1."""

    ratio: np.ndarray
    weight: np.ndarray


def _transform(sheets: Layers, kappa: np.ndarray) -> np.ndarray:
    """Return the Fourier transform of dT/dz at Omega/v_par over that of a sharp step, kappa = Omega L/v_par."""
    if not sheets.smooth:
        return np.sinc(kappa / np.pi)
    x = np.maximum(0.5 * np.pi * kappa, np.finfo(float).tiny)
    return 2.0 * x * np.exp(-x) / -np.expm1(-2.0 * x)


def weak_sheet_jump(
    field: Any,
    species: Species | str,
    parallel_velocity: Any,
    perpendicular_velocity: Any,
    coherent: bool = True,
) -> np.ndarray:
    r"""Return how strongly weak sheets scatter mu, at every thickness: g of mu after/before = 1 + 2 g cos chi.

    To first order in the change of direction of a field that is nearly along the normal z. The part of the velocity
    across the local B, W = v_perp - v_par B_perp/Bz, obeys dW/dt = -i Omega W - (v_par/Bz) dB_perp/dt along the orbit
    z = v_par t, so that what is left of a sheet is the Fourier transform of dB_perp/dz at the wave number Omega/v_par:

        g = (v_par/v_perp) \|sum_i (dB_i/Bz) F(\|Omega\| L_i/v_par) exp(i Omega z_i/v_par)\|,
        F(k) = (pi k/2)/sinh(pi k/2) for tanh,  sin(k)/k for the linear profile.

    A thick tanh leaves exp(-pi Omega L/(2 v_par)) = exp(-(pi/2) tan(pitch angle) L/rho), as the pole of tanh at
    z = i pi L/2 asks for; the linear profile, with its kinks, only 1/L; a sharp sheet (F = 1) the angle between the two
    fields. Over the gyrophases chi the rms of the relative change is sqrt(2) g. The mean change is of second order; as
    the crossing keeps the phase-space area of (mu, gyrophase) at a fixed energy, it is d(g^2 mu^2)/dmu.

    Parameters
    ----------
    field : SheetStep, HarrisSheet or SheetRow
        The sheets.
    species : Species or str
        The particle, or the name of a ready one.
    parallel_velocity, perpendicular_velocity : array_like, shape (...), m/s
        Along B and across it; neither zero.
    coherent : bool
        Whether the phases between the sheets of a row count; if not, g^2 is the sum of that of each: n sheets at random
        distances of many v_par/Omega, where the spread grows with the root of their number.

    Returns
    -------
    ndarray, shape (...)
        g.
    """
    sheets, particle = layers(field), as_species(species)
    along, across, gamma = velocity_parts(parallel_velocity, perpendicular_velocity)
    if (along == 0.0).any() or (across == 0.0).any():
        raise ValueError("parallel_velocity and perpendicular_velocity must not be zero")
    # Per metre: the sign of v_par cancels, as the orbit then meets the sheets in the other order.
    turns = (particle.charge * sheets.normal / (gamma * particle.mass * np.abs(along)))[..., None]
    step = np.diff(sheets.plateaus[:, 0] + 1j * sheets.plateaus[:, 1]) / sheets.normal
    kicks = step * _transform(sheets, np.abs(turns) * sheets.thicknesses)
    if coherent:
        way = np.sign(along * sheets.normal)[..., None]
        total = np.abs(np.sum(kicks * np.exp(1j * way * turns * sheets.positions), axis=-1))
    else:
        total = np.sqrt(np.sum(np.abs(kicks) ** 2, axis=-1))
    return np.abs(along) / across * total


def sharp_sheet_jump(B1: Any, B2: Any, pitch_angle: Any, gyrophase: Any) -> SharpJump:
    """Return the jump of mu at a sheet much thinner than a Larmor radius, where the velocity stays what it was.

    v = v (b1 cos a + (e1 cos phi + e2 sin phi) sin a) before; psi is the angle between B1 and B2, e1 the direction of
    B2 across B1 (along the sheet's normal z across B1 if they are parallel), e2 = b1 x e1. So

        mu after/before = (B1/B2) [1 - (cos a cos psi + sin a sin psi cos phi)^2]/sin^2 a.

    Particles of evenly spread phase and equal start of the gyrocentre cross with phases as v_z: the `weight` of a phase
    in means is v_z/<v_z>.

    Parameters
    ----------
    B1, B2 : array_like, shape (3,), tesla
        Before and after the sheet, of equal z, not zero, along the sheet's normal.
    pitch_angle : array_like, shape (...), radian
        Before the sheet, between 0 and pi, without these.
    gyrophase : array_like, shape (...), radian
        phi, at the sheet.

    Returns
    -------
    SharpJump
        ``ratio`` and ``weight``, shape (...); nan where the particle may cross the sheet more than once, as its
        velocity through the sheet changes sign in a gyration, before or after.
    """
    first, last = _check.vector("B1", B1, "T"), _check.vector("B2", B2, "T")
    if first[2] != last[2] or first[2] == 0.0:
        raise ValueError(
            f"B2 must have the z of B1, not zero, as div B = 0, got {first[2]:g} and {last[2]:g}"
        )
    angle, phase = np.broadcast_arrays(numbers("pitch_angle", pitch_angle), numbers("gyrophase", gyrophase))
    if angle.size and (angle.min() <= 0.0 or angle.max() >= np.pi):
        raise ValueError(f"pitch_angle must lie between 0 and pi, got {_check.shown(pitch_angle)}")
    b1, b2 = first / norm(first), last / norm(last)
    e1 = _across(b1, b2)
    direction = np.cos(angle)[..., None] * b1 + np.sin(angle)[..., None] * (
        np.cos(phase)[..., None] * e1 + np.sin(phase)[..., None] * np.cross(b1, e1)
    )
    after = direction @ b2
    ratio = norm(first) / norm(last) * (1.0 - after**2) / np.sin(angle) ** 2
    weight = direction[..., 2] / (np.cos(angle) * b1[2])
    once = (
        _crosses_once(np.cos(angle), b1)
        & _crosses_once(after, b2)
        & (np.cos(angle) * after * b1[2] * b2[2] > 0)
    )
    return SharpJump(np.where(once, ratio, np.nan), np.where(once, weight, np.nan))


def _across(b1: np.ndarray, b2: np.ndarray) -> np.ndarray:
    """Return the direction of b2 across b1; of z, or of x, if there is none."""
    for other in (b2, np.array([0.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0])):
        part = np.cross(np.cross(b1, other), b1)
        if norm(part) > 1e-8:
            break
    return part / norm(part)


def _crosses_once(cosine: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return whether v_z keeps its sign through a gyration: v_par |b_z| > v_perp |b_t|."""
    return np.abs(cosine * b[2]) > np.sqrt(np.maximum(1.0 - cosine**2, 0.0)) * np.hypot(b[0], b[1])


def sheet_exponent(
    field: Any, species: Species | str, parallel_velocity: Any, perpendicular_velocity: Any
) -> np.ndarray:
    r"""Return the exponent K of the scattering by a thick tanh sheet: the spread of ln mu goes as exp(-K).

    An adiabatic invariant jumps by exp(-Im int Omega dt) to the singularity of the motion nearest to the real axis of
    time [Landau1976]_. Along a field line dt = B dz/(Bz v_par), v_par^2 = v^2 - v_perp1^2 B/B1, so that

        K = (\|q\| L/(gamma m \|Bz\|)) \|Im int B(u)^2/v_par(u) du\|   to u* with B(u*)^2 = (M + D tanh u*)^2 = 0,

    where the gyrofrequency has a branch point: u* = artanh[(-M.D + i \|M x D\|)/D^2] [Birmingham1984]_. For a weak
    sheet u* is the pole i pi/2 and K = pi Omega L/(2 v_par). K is proportional to L/rho.

    Parameters
    ----------
    field : SheetStep ("tanh") or HarrisSheet
        The sheet; the integral is by Gauss's rule.
    species : Species or str
        The particle, or the name of a ready one.
    parallel_velocity, perpendicular_velocity : array_like, shape (...), m/s
        Far below the sheet (z to -infinity).

    Returns
    -------
    ndarray, shape (...)
        K; nan where the particle is reflected before it comes to Re z*.
    """
    sheets, particle = layers(field), as_species(species)
    if not sheets.smooth or len(sheets.positions) != 1:
        raise ValueError(
            "field must be one sheet with a tanh profile: the linear one has kinks, and no exponent"
        )
    along, across, gamma = velocity_parts(parallel_velocity, perpendicular_velocity)
    mean, half = 0.5 * (sheets.plateaus[0] + sheets.plateaus[1]), 0.5 * np.diff(sheets.plateaus, axis=0)[0]
    size = half @ half
    if size == 0.0:
        raise ValueError("field must change across the sheet")
    root = (-mean @ half + 1j * norm(np.cross(mean, half))) / size
    end = np.arctanh(root)
    # B goes to zero as a root: r^2 makes the integrand smooth there.
    r = 0.5 * (1.0 + _NODES)
    u = end - 1j * end.imag * r**2
    T = np.tanh(u)
    B2 = size * (T - root) * (T - root.conjugate())
    # Ordered from the zero to the real axis, where B > 0; the phase of B^2 is followed from there.
    B = np.sqrt(np.abs(B2)) * np.exp(0.5j * np.unwrap(np.angle(B2)[::-1])[::-1])
    speed2 = (along**2 + across**2)[..., None]
    v_par = np.sqrt(speed2 - (across**2)[..., None] * B / norm(sheets.plateaus[0]))
    integral = np.sum(B2 / v_par * (_WEIGHTS * r), axis=-1) * end.imag
    scale = np.abs(particle.charge) * sheets.thicknesses[0] / (gamma * particle.mass * abs(sheets.normal))
    B_real = norm(mean + half * np.tanh(end.real))
    passes = speed2[..., 0] > across**2 * B_real / norm(sheets.plateaus[0])
    return np.where(passes, scale * np.abs(integral.real), np.nan)
