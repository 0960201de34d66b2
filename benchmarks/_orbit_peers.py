"""How the peers of orbits are called: PlasmaPy's tracker and pusher, gtracr's compiled tracer."""

from __future__ import annotations

import contextlib
import functools
import io
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from _orbit_reference import (
    CHARGE,
    DURATION,
    LIGHT,
    MASS,
    RADIUS,
    STEPS,
    YEAR,
    States,
    dipole_field,
    lorentz_factor,
)


def import_plasmapy() -> None:
    """Load PlasmaPy, which tries to reach a server and prints that it could not."""
    with contextlib.redirect_stdout(io.StringIO()):
        import plasmapy.particles
        import plasmapy.simulation.particle_tracker.particle_tracker  # noqa: F401
    # A dipole's field does not end at the edge of a grid.
    warnings.filterwarnings("ignore", message="Quantities should go to zero")


def plasmapy_grid(nodes: int) -> Any:
    """Return the dipole on a grid of 12 radii a side; within the Earth, where no particle comes, 0."""
    import astropy.units as u
    from plasmapy.plasma.grids import CartesianGrid

    half = 6.0 * RADIUS * u.m
    grid = CartesianGrid(-half, half, num=nodes)
    points = grid.grid.to_value(u.m)
    B = np.where(np.linalg.norm(points, axis=-1, keepdims=True) < RADIUS, 0.0, dipole_field(points)) * u.T
    grid.add_quantities(B_x=B[..., 0], B_y=B[..., 1], B_z=B[..., 2])
    return grid


def plasmapy_tracker(grid: Any, weighting: str, states: States, steps: int) -> Callable[[], States]:
    """Return what tracks particles from these states, each time anew, without setting up its tracker again."""
    import astropy.units as u
    from plasmapy.simulation.particle_tracker import particle_tracker, termination_conditions

    step = DURATION / STEPS
    # It takes one more step after the one that reaches the time.
    end = termination_conditions.TimeElapsedTerminationCondition((steps - 1.5) * step * u.s)
    tracker = particle_tracker.ParticleTracker(
        grid, end, dt=step * u.s, field_weighting=weighting, verbose=False
    )
    position, velocity = states
    tracker.load_particles(position * u.m, velocity * (u.m / u.s), "p+")

    def track() -> States:
        # It works in place.
        tracker.x, tracker.v = position.copy(), velocity.copy()
        tracker.run()
        if tracker.iteration_number != steps:
            raise RuntimeError(f"it took {tracker.iteration_number} steps")
        return tracker.x, tracker.v

    return track


def plasmapy_push(states: States, steps: int) -> States:
    """Return the last states by PlasmaPy's pusher alone, the dipole evaluated by numpy."""
    from plasmapy.simulation.particle_integrators import RelativisticBorisIntegrator

    position, velocity = states
    for _ in range(steps):
        B = dipole_field(position)
        position, velocity = RelativisticBorisIntegrator.push(
            position, velocity, B, 0.0, CHARGE, MASS, DURATION / STEPS
        )
    return position, velocity


def _frames(position: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return r, theta, phi, shape (n, 3), and the unit vectors along them, shape (n, 3, 3)."""
    x, y, z = position.T
    r = np.sqrt(x * x + y * y + z * z)
    theta, phi = np.arccos(z / r), np.arctan2(y, x)
    return np.stack([r, theta, phi], axis=1), _axes(theta, phi)


def _axes(theta: np.ndarray, phi: np.ndarray) -> np.ndarray:
    st, ct, sp, cp = np.sin(theta), np.cos(theta), np.sin(phi), np.cos(phi)
    rows = ([st * cp, st * sp, ct], [ct * cp, ct * sp, -st], [-sp, cp, 0.0 * phi])
    return np.stack([np.stack(row, axis=1) for row in rows], axis=1)


def sixvectors(position: np.ndarray, velocity: np.ndarray) -> list[list[float]]:
    """Return gtracr's states: r, theta, phi and the momentum along them."""
    places, axes = _frames(position)
    momentum = MASS * lorentz_factor(velocity)[:, None] * velocity
    return np.concatenate([places, np.einsum("nij,nj->ni", axes, momentum)], axis=1).tolist()


def from_sixvectors(states: list[list[float]]) -> States:
    """Return positions and velocities, shape (n, 3)."""
    r, theta, phi, *momentum = np.asarray(states).T
    axes = _axes(theta, phi)
    proper = np.einsum("nij,in->nj", axes, np.stack(momentum)) / MASS
    gamma = np.sqrt(1.0 + np.sum((proper / LIGHT) ** 2, axis=1))
    return r[:, None] * axes[:, 0], proper / gamma[:, None]


def _gtracr_data() -> tuple[str, float]:
    import gtracr

    return str(Path(gtracr.__file__).parent / "data"), YEAR


@functools.cache
def _gtracr_table() -> tuple[np.ndarray, Any]:
    from gtracr import _libgtracr

    return _libgtracr.generate_igrf_table(*_gtracr_data())


def gtracr_tracer(field: str, solver: str, step: float, most: int, **tolerances: float) -> Any:
    """Return its compiled tracer, which neither ground nor height stops; its charge is reversed: it traces back."""
    from gtracr import _libgtracr

    reach = (-CHARGE, MASS, -2.0 * RADIUS, 1e30, step, most)
    if field == "t":
        return _libgtracr.TrajectoryTracer(*_gtracr_table(), *reach, _gtracr_data(), solver)
    return _libgtracr.TrajectoryTracer(*reach, field, _gtracr_data(), solver, **tolerances)


def gtracr_trace(tracer: Any, states: list[list[float]]) -> list[list[float]]:
    """Return the last states."""
    last = []
    for state in states:
        tracer.reset()
        tracer.evaluate(0.0, state)
        last.append(tracer.final_sixvector)
    return last
