"""mu in a uniform field that changes in time: what is left of it after a change that may be fast."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from magneton import _check
from magneton._check import non_negatives, positives
from magneton.orbits._trace import trace
from magneton.orbits.fields.varying import VaryingUniformField
from magneton.orbits.species import Species, as_species

#: Beyond which the jump is that of a sudden change to rounding, in units of the larger frequency.
_SUDDEN = 1e20
#: Where tanh is one to rounding.
_REACH = 20.0


class JumpRange(NamedTuple):
    """mu after/before, less one, over the phases: `mean`, and `swing` about it, (largest - smallest)/2."""

    mean: np.ndarray
    swing: np.ndarray


def mu_jump_uniform(omega1: Any, omega2: Any, rate: Any) -> np.ndarray:
    r"""Return the relative jump of mu in a uniform field that changes as omega^2 = A + C tanh(rate t).

    Exact nonrelativistically; of fast particles, whose gyrofrequency changes with their energy, it is not the jump.

    omega = \|q\| B/(2 m) is half the gyrofrequency. In the frame that turns with omega (Larmor's) a nonrelativistic
    particle in B(t) and its induced E = -(dB/dt) x r/2 is an isotropic oscillator, w'' + omega(t)^2 w = 0 for
    w = x + i y. There a gyration about the axis is a circle in one sense, an offset of the gyrocentre a circle in the
    other. Let exp(-i omega1 t) before become alpha exp(-i omega2 t) + beta exp(i omega2 t) after, each over the root of
    2 omega, so that \|alpha\|^2 - \|beta\|^2 = 1: a gyration about the axis ends with \|alpha\|^2 times its mu. For the
    tanh the solution is a hypergeometric function [BernardDuncan1977]_, and

        Dmu/mu = \|beta\|^2 = sinh^2[pi (omega2 - omega1)/(2 rate)] / [sinh(pi omega1/rate) sinh(pi omega2/rate)].

    Slow changes leave exp(-2 pi min(omega1, omega2)/rate), as the nearest zero of omega(t)^2 in the complex plane asks
    for; a sudden one (omega2 - omega1)^2/(4 omega1 omega2).

    Parameters
    ----------
    omega1, omega2 : array_like, shape (...), 1/s
        Half the gyrofrequency (without sign) long before and long after; positive.
    rate : array_like, shape (...), 1/s
        Of the change, positive; B goes from one value to the other within about 2/rate.

    Returns
    -------
    ndarray, shape (...)
        (mu after - mu before)/mu before, never negative, nonrelativistically to rounding at every rate.

    Raises
    ------
    ValueError
        If an argument is not positive.

    Examples
    --------
    >>> print(f"{mu_jump_uniform(0.5, 1.0, 10.0):.12f}")
    0.122715045320
    """
    before, after = positives("omega1", omega1, "1/s"), positives("omega2", omega2, "1/s")
    speed = np.minimum(positives("rate", rate, "1/s"), _SUDDEN * np.maximum(before, after))
    # A fast change of slow frequencies may overflow the ratio to infinity, where the exponential is zero as it should.
    with np.errstate(over="ignore"):
        a, b, d = (np.pi * (w / speed) for w in (before, after, np.abs(after - before)))
        up = -np.expm1(-d)
        return np.exp(-2.0 * np.minimum(a, b)) * (up / -np.expm1(-2.0 * a)) * (up / -np.expm1(-2.0 * b))


def mu_jump_off_axis(omega1: Any, omega2: Any, rate: Any, offset: Any) -> JumpRange:
    r"""Return the relative jump of mu for a gyrocentre that is not on the axis of the induced E.

    The offset of the gyrocentre is an oscillation too, and what the change mixes into the gyration depends on the phase
    chi between the two: with b^2 = \|beta\|^2 of `mu_jump_uniform`, a^2 = \|alpha\|^2 = 1 + b^2 and the offset R in
    Larmor radii,

        mu after/mu before = \|alpha + beta* R exp(i chi)\|^2 = a^2 + b^2 R^2 + 2 a b R cos chi.

    So mu may fall as well, and far from the axis, where E is strong, it changes more: by the order b R.

    Parameters
    ----------
    omega1, omega2, rate : array_like, shape (...), 1/s
        As for `mu_jump_uniform`.
    offset : array_like, shape (...)
        R: the distance of the gyrocentre from the axis before the change, in Larmor radii.

    Returns
    -------
    JumpRange
        ``mean``, b^2 (1 + R^2), and ``swing``, 2 a b R: the jump lies between mean - swing and mean + swing.
    """
    ratio = non_negatives("offset", offset)
    jump = mu_jump_uniform(omega1, omega2, rate)
    return JumpRange(jump * (1.0 + ratio**2), 2.0 * np.sqrt(jump * (1.0 + jump)) * ratio)


def traced_mu_jump(
    species: Species | str,
    omega1: float,
    omega2: float,
    rate: float,
    *,
    offset: float = 0.0,
    gyrophase: float = 0.0,
    rtol: float = 1e-13,
) -> float:
    """Return the relative jump of mu of an orbit that is traced through the change.

    The orbit, nonrelativistic (1e-6 c), goes through `VaryingUniformField.transition` from where tanh is -1 to rounding
    to where it is 1: there B is constant and mu at the particle is exact.

    Parameters
    ----------
    species : Species or str
        The particle, or the name of a ready one.
    omega1, omega2, rate : float, 1/s
        As for `mu_jump_uniform`.
    offset : float
        The distance of the gyrocentre from the axis, in Larmor radii.
    gyrophase : float, radian
        Of the particle at the start, against the direction of the offset.
    rtol : float
        The tolerance of `magneton.orbits.trace`.

    Returns
    -------
    float
        (mu after - mu before)/mu before.
    """
    particle = as_species(species)
    first, last = (_check.positive(n, w, "1/s") for n, w in (("omega1", omega1), ("omega2", omega2)))
    speed = _check.positive("rate", rate, "1/s")
    away = float(non_negatives("offset", _check.number("offset", offset)))
    phase = _check.number("gyrophase", gyrophase)
    strength = 2.0 * particle.mass / abs(particle.charge)
    field = VaryingUniformField.transition(strength * first, strength * last, speed)
    v = 300.0
    radius = v / (2.0 * first)
    rho = radius * np.array([np.cos(phase), np.sin(phase), 0.0])
    turning = -np.sign(particle.charge) * 2.0 * first
    velocity = turning * np.array([-rho[1], rho[0], 0.0])
    end = _REACH / speed
    position = rho + np.array([away * radius, 0.0, 0.0])
    orbit = trace(
        field, particle, position, velocity, 2.0 * end, start=-end, rtol=rtol, times=[-end, end], dense=False
    )
    return float(orbit.mu[1] / orbit.mu[0] - 1.0)
