"""Hysteresis by the equation of motion, in an oscillating field."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from magneton import _check
from magneton.dynamics._loops import DrivenLoop
from magneton.dynamics.spin_system import SpinSystem
from magneton.dynamics.terms.local import Zeeman
from magneton.dynamics.terms.waveforms import Sine, unit_vectors
from magneton.dynamics.trajectory import Trajectory


def driven_loop(
    system: SpinSystem,
    amplitude: float,
    frequency: float,
    direction: Any = (0.0, 0.0, 1.0),
    *,
    dt: float,
    periods: int = 1,
    settle: int = 1,
    members: int = 1,
    temperature: float = 0.0,
    seed: int | None = None,
    samples: int = 128,
    method: Any = None,
) -> DrivenLoop:
    """Return the loop of moments in an oscillating field, B cos(2 pi f t), by their equation of motion.

    Parameters
    ----------
    system : SpinSystem
        The moments and the terms of their energy, without the field; they start as they are there.
    amplitude : float, tesla
        B, positive.
    frequency : float, hertz
        f, positive.
    direction : array_like, shape (3,)
        Of the field; its length does not matter.
    dt : float, second
        The longest step; the one taken fills the time between two samples a whole number of times.
    periods : int
        Over which the loop is the mean.
    settle : int
        Periods before these, in which the moments get into their cycle.
    members : int
        Times to do all this, each with random numbers of its own. (Moments that do not feel each other are an ensemble
        already, and quicker.)
    temperature, seed, method
        As in `SpinSystem.run`.
    samples : int
        Times in a period at which the loop is written down, 4 or more.

    Returns
    -------
    DrivenLoop
        The moments at each phase, the susceptibility, and the loss.

    Notes
    -----
    A small amplitude shows linear response, B (chi' cos + chi'' sin); the loss pi B^2 chi'' is positive. Free moments
    at a temperature obey Debye's formula, chi = m^2/(3 k_B T)/(1 - i w tau) with the time tau of `diffusion_time`;
    with an easy axis the moment along it relaxes in `brown_relaxation_time`. With damping and at a low frequency the
    loop is that of `hysteresis_loop`, wider by what grows as f^(2/3) [JungGrayRoyMandel1990]_: where a well ends, the
    moments linger. A moment that is exactly against the field without a temperature stays: nothing turns it.

    Examples
    --------
    >>> import numpy as np
    >>> from magneton.dynamics import SpinSystem, driven_loop
    >>> from magneton.dynamics import diffusion_time
    >>> tau = diffusion_time(1e-19, 300.0, 1.0)
    >>> free = SpinSystem(np.tile([0.0, 0.0, 1e-19], (2000, 1)), alpha=1.0)
    >>> loop = driven_loop(free, 0.02, 0.16 / tau, dt=tau / 25, temperature=300.0, seed=1)
    >>> abs(loop.susceptibility.imag / loop.susceptibility.real - 1.0) < 0.3  # w tau = 1
    True
    """
    if not isinstance(system, SpinSystem):
        raise ValueError(f"system must be a SpinSystem, got {_check.shown(system)}")
    along = unit_vectors("direction", direction, one=True)
    size, rate = _check.positive("amplitude", amplitude, "T"), _check.positive("frequency", frequency, "Hz")
    periods, settle = _check.integer("periods", periods, 1), _check.integer("settle", settle, 0)
    members, samples = _check.integer("members", members, 1), _check.integer("samples", samples, 4)
    phase = np.linspace(0.0, 2.0 * np.pi, samples + 1)
    field = Zeeman(Sine(size * along, rate, 0.5 * math.pi))
    driven = SpinSystem(system.moments, system.positions, [*system.terms, field], system.gamma, system.alpha)
    told = {"dt": dt, "temperature": temperature, "method": method}
    total, energy, responses = np.zeros((samples, *system.moments.shape)), np.zeros(samples), []
    for member in range(members):
        cycles = _cycles(driven, phase[1:] / (2.0 * np.pi * rate), seed, member, settle + periods, told)
        for number, cycle in enumerate(cycles):
            if number >= settle:
                total += cycle.moments
                energy += cycle.energy
                responses.append(_response(cycle.mean_moment @ along, phase[1:], size))
    response = np.array(responses)
    return DrivenLoop(
        size * np.cos(phase)[:, None] * along,
        along,
        _closed(total / len(responses)),
        _closed(energy / len(responses)),
        (),
        phase / (2.0 * np.pi * rate),
        rate,
        size,
        complex(response.mean()),
        _standard_error(response),
    )


def _cycles(
    system: SpinSystem, times: np.ndarray, seed: int | None, member: int, count: int, told: dict[str, Any]
) -> Iterator[Trajectory]:
    """Yield each period of one member."""
    longest = _check.positive("dt", told["dt"], "s")
    each = math.ceil(times[0] / longest * (1.0 - 1e-12))
    for number in range(count):
        own = None if seed is None else _seed(_check.integer("seed", seed, 0), member, number)
        run = system.run(times[-1], times=times, seed=own, **told | {"dt": times[0] / each})
        yield run
        system = system.with_moments(run.moments[-1])


def _closed(cycle: np.ndarray) -> np.ndarray:
    """Return a cycle with its end for a beginning too: what differs between both is noise."""
    return np.concatenate([cycle[-1:], cycle])


def _seed(seed: int, member: int, number: int) -> int:
    """Return a seed of its own for each member and period."""
    return int(np.random.SeedSequence([seed, member, number]).generate_state(1, np.uint64)[0])


def _response(along: np.ndarray, phase: np.ndarray, amplitude: float) -> complex:
    """Return chi' + i chi'' of the first harmonic, in A m^2/T."""
    return complex(2.0 / amplitude * np.mean(along * np.exp(1j * phase)))


def _standard_error(response: np.ndarray) -> float:
    """Return the standard error of the mean of either part, the mean of both."""
    count = len(response)
    if count < 2:
        return float("nan")
    variance = 0.5 * float(np.sum(np.abs(response - response.mean()) ** 2)) / (count - 1)
    return math.sqrt(variance / count)
