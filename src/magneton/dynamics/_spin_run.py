"""A run of a `SpinSystem` by fixed steps: what is sampled when, and what is certified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from magneton import _check
from magneton.dynamics._turns import TurnWatch
from magneton.dynamics.integrators import (
    METHODS,
    THERMAL,
    Stepper,
    angle_deviation,
    random_key,
    thermal_deviation,
)
from magneton.runs import Chunk, Drift, relative_drift

if TYPE_CHECKING:
    from magneton.dynamics.spin_system import SpinSystem

#: Times, and vectors, that a run writes down unless the caller says otherwise.
_TIMES, _VECTORS = 1000, 10_000_000
#: Vectors, and moment-steps, in a chunk unless the caller says otherwise: 50 MB, and seconds.
_CHUNK_VECTORS, _CHUNK_STEPS = 2_000_000, 200_000_000
#: The method of adaptive steps.
ADAPTIVE = "dop853"
UNITS = {"moments": "A m^2", "mean_moment": "A m^2", "energy": "J"}
DIMS = {"moments": ("moment", "component"), "mean_moment": ("component",)}


def thermal_arguments(temperature: Any, seed: Any) -> tuple[float, int | None]:
    """Return the temperature and the seed, which belongs to it."""
    temperature = _check.number("temperature", temperature, "K")
    if temperature < 0.0:
        raise ValueError(f"temperature must not be negative, got {temperature:g}")
    if temperature and seed is None:
        raise ValueError("seed must be an integer, 0 or more, in a run with a temperature, got None")
    return temperature, None if seed is None else _check.integer("seed", seed, 0)


def method_name(method: str | None, temperature: float, dt: Any) -> str:
    """Return the name of the method, one that is right for the temperature."""
    names = THERMAL if temperature else (*METHODS, ADAPTIVE)
    if method is None:
        return THERMAL[0] if temperature else ADAPTIVE if dt is None else "lie-rk4"
    if method not in names:
        at = " with a temperature" if temperature else ""
        raise ValueError(f"method must be one of {', '.join(names)}{at}, got {_check.shown(method)}")
    return method


def sample_count(moments: int) -> int:
    """Return at how many times, the start apart, so many moments are written down unless the caller says otherwise."""
    return min(_TIMES, max(1, _VECTORS // moments))


def sample_times(times: Any, duration: float) -> np.ndarray:
    """Return the times asked for, shape (k,), or raise a ValueError."""
    asked = np.atleast_1d(_check.numbers("times", times, "s"))
    if asked.ndim != 1 or not asked.size or (np.diff(asked) < 0.0).any():
        raise ValueError(f"times must ascend, in a list of one or more, got {_check.shown(times)}")
    if asked[0] < 0.0 or asked[-1] > duration * (1.0 + 1e-12):
        raise ValueError(f"times must lie within 0 and {duration:g} s, got {asked[0]:g} to {asked[-1]:g}")
    return np.minimum(asked, duration)


def sample_steps(times: Any, duration: float, step: float, steps: int, moments: int) -> np.ndarray:
    """Return the numbers of steps after which moments are written down, or raise if two times share a step."""
    if times is None:
        count = min(steps, sample_count(moments))
        return np.rint(np.linspace(0.0, steps, count + 1)).astype(np.int64)
    asked = sample_times(times, duration)
    samples = np.minimum(np.rint(asked / step).astype(np.int64), steps)
    same = np.flatnonzero(samples[1:] == samples[:-1])
    if same.size:
        first, second = asked[same[0] : same[0] + 2]
        raise ValueError(
            f"times must lie at different steps of {step:.6g} s, got {first:g} and {second:g} s, both at step "
            f"{samples[same[0]]}"
        )
    return samples


def chunk_of(samples: np.ndarray, moments: int) -> int:
    """Return how many times make a chunk."""
    steps = max(1, int(samples[-1]) // len(samples))
    return max(1, min(_CHUNK_VECTORS, _CHUNK_STEPS // steps) // moments)


def stepper_of(system: SpinSystem, method: int, dt: float, temperature: float, seed: int | None) -> Stepper:
    """Return what takes the moments of a system through steps."""
    slower = system.gamma / (1.0 + system.alpha**2)
    thermal = np.zeros(len(system))
    if temperature:
        deviation = angle_deviation if method == METHODS["strang"] else thermal_deviation
        thermal = deviation(system.magnitude, system.gamma, system.alpha, temperature, dt)
    rates = np.column_stack([slower * dt, system.alpha * np.abs(slower) * dt, thermal])
    return Stepper(system._energies, method, dt, rates, random_key(seed or 0))


def inputs_of(system: SpinSystem, samples: np.ndarray) -> dict[str, np.ndarray]:
    """Return all arrays that a run depends on.

    Terms that couple moments are what they do to them, not what they are made of: to all of them in random directions,
    since a field that two different couplings share in an ordered state they do not share in a random one.
    """
    energies = system._energies
    kinds, rows, starts, values = energies.local
    u = np.random.default_rng(0).normal(size=system.moments.shape) if energies.coupled else np.zeros((0, 3))
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    return {
        "moments": system.moments,
        "gamma": system.gamma,
        "alpha": system.alpha,
        "samples": samples,
        "terms": np.concatenate([kinds, rows, starts, values]),
        "coupled_terms": energies.coupled_field(u, np.empty_like(u)) if energies.coupled else u,
    }


def magnitude_drift(system: SpinSystem, change: np.ndarray) -> dict[str, Drift]:
    """Return by how much the lengths of unit vectors changed at most, shape (n,), as a drift of |m|."""
    worst = int(np.argmax(change))  # a nan counts as the largest
    return {"|m|": Drift(float(change[worst]), float(system.magnitude[worst]), "A m^2")}


def energy_drift(
    system: SpinSystem, start_field: np.ndarray, start_energy: float, energy: np.ndarray
) -> dict[str, Drift]:
    """Return how well the energy was kept, where it should be."""
    if system.alpha.any() or system._energies.time_dependent:
        return {}
    typical = float(system.magnitude @ np.linalg.norm(start_field, axis=1))
    scale = max(typical, abs(start_energy))
    return {"energy": relative_drift([start_energy], energy[None], scale, "J")}


class Work:
    """Computes the samples of a run in sequence."""

    def __init__(self, system: SpinSystem, stepper: Stepper, samples: np.ndarray, watch: TurnWatch) -> None:
        """Take the system from its start; `watch` looks at the fields on the way."""
        self.system, self.stepper, self.samples, self.watch = system, stepper, samples, watch
        self.start = system.moments / system.magnitude[:, None]
        self.start_field, self.start_energy = stepper.energies.field_and_energy(self.start, 0.0)

    def __call__(self, start: int, stop: int, state: Any) -> Chunk:
        """Return the moments at the samples start .. stop."""
        u = self.start.copy() if state is None else np.array(state["u"])
        before = begun = 0 if state is None else int(state["step"])
        magnitude = self.system.magnitude[:, None]
        moments, energy, change = np.empty((stop - start, *u.shape)), np.empty(stop - start), np.zeros(len(u))
        length = np.linalg.norm(self.start, axis=1)
        for row, sample in enumerate(self.samples[start:stop].tolist()):
            self.stepper.advance(u, before, sample - before)
            before = sample
            np.multiply(u, magnitude, out=moments[row])
            field, energy[row] = self.stepper.energies.field_and_energy(u, sample * self.stepper.dt)
            self.watch.look(field)
            np.maximum(change, np.abs(np.linalg.norm(u, axis=1) - length), out=change)
        drift = magnitude_drift(self.system, change)
        return Chunk(
            {"moments": moments, "mean_moment": moments.mean(axis=1), "energy": energy},
            drift | energy_drift(self.system, self.start_field, self.start_energy, energy),
            {"moment-steps": len(u) * (before - begun)},
            {"u": u, "step": before},
        )
