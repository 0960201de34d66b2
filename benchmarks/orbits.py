"""Many charged particles at equal steps, in a dipole and in the Earth's field."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import magneton
from _harness import Contender, Entry, Pace, Report, compare
from _orbit_peers import (
    from_sixvectors,
    gtracr_trace,
    gtracr_tracer,
    import_plasmapy,
    plasmapy_grid,
    plasmapy_push,
    plasmapy_tracker,
    sixvectors,
)
from _orbit_reference import DURATION, STEPS, YEAR, Ensemble, States

_SOLVERS = {"r": "rk4", "b": "boris"}
_FIELDS = {"d": "dipole", "i": "IGRF", "t": "IGRF by table"}


def _ours(case: Ensemble, states: States, method: str) -> States:
    from magneton import orbits

    final = orbits.trace_ensemble(
        case.source, orbits.proton, *states, DURATION, dt=DURATION / STEPS, method=method
    )
    return final.position[:, -1], final.velocity[:, -1]


def _magneton(case: Ensemble, method: str) -> Contender:
    return Contender(
        f'orbits.trace_ensemble(field, proton, x, v, duration, dt=..., method="{method}")',
        lambda: _ours(case, case.states, method),
        case.count * STEPS,
        lambda _: case.errors(lambda *states: _ours(case, states, method)),
        magneton.get_threads(),
    )


def _leapfrog_errors(case: Ensemble, track: Any) -> dict[str, float]:
    """Return the errors as it comes, and the one of the place with the velocity of half a step before the start."""
    late = case.errors(lambda position, _: track((position, case.half_a_step_back()), STEPS))
    plain = case.errors(lambda *states: track(states, STEPS))
    return plain | {"so, v(-dt/2) given": late["error/gyroradius"]}


def _plasmapy(case: Ensemble, count: int, steps: int, weighting: str) -> Contender:
    import_plasmapy()
    grid = plasmapy_grid(100)
    return Contender(
        f"ParticleTracker.run, dipole on a grid of 100^3, {weighting!r}; {count} particles, {steps} steps",
        plasmapy_tracker(grid, weighting, case.first(count), steps),
        count * steps,
        lambda _: _leapfrog_errors(
            case, lambda states, steps: plasmapy_tracker(grid, weighting, states, steps)()
        ),
    )


def _plasmapy_pusher(case: Ensemble, count: int, steps: int) -> Contender:
    import_plasmapy()
    states = case.first(count)
    return Contender(
        f"RelativisticBorisIntegrator.push in a loop, dipole by numpy; {count} particles, {steps} steps",
        lambda: plasmapy_push(states, steps),
        count * steps,
        lambda _: _leapfrog_errors(case, plasmapy_push),
    )


def _gtracr(case: Ensemble, count: int, field: str, solver: str) -> Contender:
    threads = magneton.get_threads()
    tracers = [gtracr_tracer(field, solver, DURATION / STEPS, STEPS) for _ in range(threads)]
    states = sixvectors(*case.first(count))
    shares = [states[first::threads] for first in range(threads)]
    pool = ThreadPoolExecutor(threads)
    return Contender(
        f"TrajectoryTracer.evaluate of each, {_FIELDS[field]}, {_SOLVERS[solver]}; {count} particles",
        lambda: list(pool.map(gtracr_trace, tracers, shares)),
        count * STEPS,
        lambda _: case.errors(lambda *some: from_sixvectors(gtracr_trace(tracers[0], sixvectors(*some)))),
        threads,
    )


def _gtracr_rigidities(case: Ensemble, count: int, solver: str) -> Contender:
    """Return the loop over rigidities in its compiled code, the same one again and again from one place."""
    threads = magneton.get_threads()
    tracers = [gtracr_tracer("d", solver, DURATION / STEPS, STEPS) for _ in range(threads)]
    state = sixvectors(*case.first(1))[0]
    pool = ThreadPoolExecutor(threads)
    share = [1.0] * (count // threads)

    def scan(tracer: Any) -> float:
        return tracer.find_cutoff_rigidity(state[:3], state[3:], share, 1.0)

    return Contender(
        f"TrajectoryTracer.find_cutoff_rigidity, dipole, {_SOLVERS[solver]}: {count} times one start, no orbit back",
        lambda: list(pool.map(scan, tracers)),
        len(share) * threads * STEPS,
        threads=threads,
    )


def ensemble(quick: bool, pace: Pace) -> Report:
    """Many protons in the dipole."""
    case = Ensemble(2_000 if quick else 100_000)
    few, reduced, steps = (1_000, 1_000, 10) if quick else (4_000, 10_000, 20)
    entries = [
        Entry("magneton", lambda: _magneton(case, "higuera-cary")),
        Entry("magneton", lambda: _magneton(case, "boris")),
        Entry("plasmapy", lambda: _plasmapy(case, reduced, steps, "volume averaged")),
        Entry("plasmapy", lambda: _plasmapy(case, reduced, steps, "nearest neighbor")),
        Entry("plasmapy", lambda: _plasmapy_pusher(case, reduced, steps)),
        Entry("gtracr", lambda: _gtracr(case, few, "d", "r")),
        Entry("gtracr", lambda: _gtracr(case, few, "d", "b")),
        Entry("gtracr", lambda: _gtracr_rigidities(case, few, "b")),
    ]
    notes = [
        f"{case.count} protons of 10 MeV at 3 to 5 Earth radii, {STEPS} steps of {DURATION / STEPS:g} s, or what is "
        f"said; ns a particle and step; error after {DURATION} s against extended precision, the largest of "
        f"{case.sample}",
        "PlasmaPy takes the starting velocity for the one half a step earlier, so its positions are of first order; "
        "the last column has it put right by hand; numpy on one thread, two trackers in two threads gain nothing",
        "gtracr takes the field at the start of a step for all of it: both its solvers are of first order; the last "
        "stage of its rk4 is at dt^2 instead of dt, and the energy drifts",
    ]
    return compare("Charged particles in a dipole", entries, pace, "ns/step", notes=notes)


def igrf(quick: bool, pace: Pace) -> Report:
    """Many protons in the Earth's main field."""
    case = Ensemble(500 if quick else 4_000, igrf=True)
    few, many = (100, 500) if quick else (400, 4_000)
    entries = [
        Entry("magneton", lambda: _magneton(case, "higuera-cary")),
        Entry("gtracr", lambda: _gtracr(case, few, "i", "r")),
        Entry("gtracr", lambda: _gtracr(case, few, "i", "b")),
        Entry("gtracr", lambda: _gtracr(case, many, "t", "r")),
        Entry("gtracr", lambda: _gtracr(case, many, "t", "b")),
    ]
    notes = [
        f"{case.count} protons as in the dipole, or as many as said, {STEPS} steps each, in the main field to degree "
        f"13 on 1 January {YEAR:.0f}; error after {DURATION} s against extended precision in our field, from which "
        "gtracr's differs by 2e-7",
        "gtracr's table is of 64 x 128 x 256 nodes in single precision, from 1 to 10 radii, with a dipole beyond",
    ]
    return compare("Charged particles in the Earth's field", entries, pace, "ns/step", notes=notes)
