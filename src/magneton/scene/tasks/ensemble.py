"""Many particles at once, by fixed steps."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from magneton.scene.model import exactly_one
from magneton.scene.quantities import Quantity, problem
from magneton.scene.tasks.base import COMPONENT, Context, Coordinate, Variable
from magneton.scene.tasks.interaction import XYZ
from magneton.scene.tasks.particles import AXES, ParticleTask, require_count
from magneton.scene.tasks.streams import StreamingTask
from magneton.scene.tasks.walls import AnyWall

MOST_STATES = 20_000_000  # particles times samples: some 2 GB of results
_STEPS = 50  # a gyration, unless the scene says otherwise
_ENERGIES = ("kinetic_energy", "speed", "temperature")


class EnsembleTask(ParticleTask, StreamingTask):
    """Particles of one energy and pitch angle at all gyrophases, or isotropic, or in thermal equilibrium."""

    type: Literal["ensemble"]
    count: int
    directions: Literal["gyrophases", "isotropic"] | None = None
    temperature: Annotated[float | None, Quantity("K", positive=True)] = None
    seed: int | None = None
    method: Literal["higuera-cary", "vay", "boris"] = "higuera-cary"
    dt: Annotated[float | None, Quantity("s", positive=True)] = None
    steps_per_gyration: Annotated[float | None, Quantity("1", positive=True)] = None
    samples: int = 2
    walls: list[AnyWall] = Field(default=[])

    @model_validator(mode="after")
    def _check(self) -> EnsembleTask:
        require_count(self.count, "count", 1)
        require_count(self.samples, "samples", 2)
        if self.count * self.samples > MOST_STATES:
            raise problem(
                f"count times samples must be at most {MOST_STATES}, got {self.count * self.samples}"
            )
        if self.dt is not None and self.steps_per_gyration is not None:
            raise problem("either dt or steps_per_gyration may be given, got both", ("dt",))
        if exactly_one(self, *_ENERGIES) == "temperature":
            self._check_thermal()
        else:
            self._check_directions()
        return self

    def _check_thermal(self) -> None:
        for key, given in (("directions", self.directions), ("pitch_angle", self.pitch_angle)):
            if given is not None:
                raise problem("does not go with temperature: thermal velocities are isotropic", (key,))
        self._check_seed(True)

    def _check_directions(self) -> None:
        if self.directions is None:
            raise problem(
                "required with kinetic_energy or speed: 'gyrophases' or 'isotropic'", ("directions",)
            )
        even = self.directions == "gyrophases"
        if even != (self.pitch_angle is not None):
            raise problem(
                "required with gyrophases" if even else "does not go with isotropic", ("pitch_angle",)
            )
        self._check_seed(not even)

    def _check_seed(self, random: bool) -> None:
        if random != (self.seed is not None):
            words = "required where directions are random" if random else "goes with random directions only"
            raise problem(words, ("seed",))
        if self.seed is not None and self.seed < 0:
            raise problem(f"must be a whole number of at least 0, got {self.seed}", ("seed",))

    @property
    def _each(self) -> str:
        """The name of the axis of particles."""
        return "gyrophase" if self.directions == "gyrophases" else "particle"

    def _phases(self) -> np.ndarray:
        return 2.0 * math.pi * np.arange(self.count) / self.count

    def variables(self) -> dict[str, Variable]:
        """Return the particles at the samples, and what became of mu."""
        states = self._each, AXES[self.way()][0]
        result = {
            "position": Variable((*states, COMPONENT), "m", "position"),
            "velocity": Variable((*states, COMPONENT), "m/s", "velocity"),
            "energy": Variable(states, "J", "kinetic energy"),
            "pitch_angle": Variable(states, "rad", "pitch angle"),
            "mu": Variable(states, "J/T", "mu at the particle"),
            "mu_gyrocentre": Variable(states, "J/T", "mu at the gyrocentre"),
            "mu_relative": Variable(
                (self._each,), "1", "mu at the end over mu at the start, of those not lost"
            ),
            "lost_time": Variable((self._each,), "s", "time at which it was lost"),
        }
        if self.way() != "duration":
            result["time"] = Variable((states[1],), "s", "time")
        return result | {
            "mu_relative_mean": Variable((), "1", "mean of mu after over mu before"),
            "mu_relative_deviation": Variable((), "1", "standard deviation of mu after over mu before"),
            "lost_fraction": Variable((), "1", "part of the particles that were lost"),
            "energy_drift": Variable(
                (), "1", "largest change of a particle's total energy, over its kinetic energy"
            ),
        }

    def shown(self) -> list[str]:
        """Return the single numbers."""
        names = [name for name, variable in self.variables().items() if not variable.dims]
        return names if self.show is None else self.show

    def coordinates(self) -> dict[str, Coordinate]:
        """Return particles and the axis of time."""
        if self._each == "gyrophase":
            each = Coordinate(("gyrophase",), self._phases(), "rad", "gyrophase")
        else:
            each = Coordinate(("particle",), np.arange(1, self.count + 1), "", "particle")
        return {self._each: each, **self.time_axis(self.samples), COMPONENT: XYZ}

    def evaluate(self, context: Context) -> dict[str, Any]:
        """Return the ensemble."""
        from magneton import orbits

        field, species = self.field_of(context), self.particle()
        position, velocity = self._start(field, species, context)
        duration = self.seconds(field, position[0], velocity[0])
        spacing = duration / (self.samples - 1)
        steps = max(1, math.ceil(spacing / self._step(field, species, position, velocity) * (1 - 1e-12)))
        times = spacing * np.arange(self.samples)
        with self.naming_folder():
            found = orbits.trace_ensemble(
                field, species, position, velocity, duration,
                dt=spacing / steps, method=self.method, times=times, start=self.start,
                folder=self.stream_folder(context), progress=context.progress,
                walls=[wall.make() for wall in self.walls],
            )  # fmt: skip
        result = _results(found, self.start + times)
        return result | ({} if self.way() == "duration" else {"time": self.start + times})

    def _start(self, field: Any, species: Any, context: Context) -> tuple[np.ndarray, np.ndarray]:
        """Return positions and velocities, shape (n, 3)."""
        from magneton import orbits

        given: dict[str, Any] = {"kinetic_energy": self.kinetic_energy, "speed": self.speed}
        if self.temperature is not None:
            given = {"velocity": orbits.maxwellian(species, self.temperature, self.count, self.seed)}
        elif self.directions == "isotropic":
            pitch, phase = orbits.isotropic_angles(self.count, self.seed)
            given |= {"pitch_angle": pitch, "gyrophase": phase}
        else:
            given |= {"pitch_angle": np.full(self.count, self.pitch_angle), "gyrophase": self._phases()}
        place = np.broadcast_to(self.place(context), (self.count, 3))
        return orbits.initial_state(field, species, place, at=self.at, t=self.start, **given)

    def _step(self, field: Any, species: Any, position: np.ndarray, velocity: np.ndarray) -> float:
        """Return the longest step that is allowed."""
        from magneton import orbits

        if self.dt is not None:
            return self.dt
        share = _STEPS if self.steps_per_gyration is None else self.steps_per_gyration
        return float(np.min(orbits.gyroperiod(species, field.B(position, self.start), velocity))) / share


def _results(found: Any, times: np.ndarray) -> dict[str, Any]:
    """Return what a scene tells of an ensemble; mu a block of particles at a time."""
    from magneton import orbits

    field, species = found.field, found.species
    x, v = found.position, found.velocity
    pitch, mu, centred = (np.empty(x.shape[:2]) for _ in range(3))
    for first in range(0, len(x), 65536):
        rows = slice(first, first + 65536)
        B = field.B(x[rows], times)
        pitch[rows], mu[rows] = orbits.pitch_angle(v[rows], B), orbits.mu(species, v[rows], B)
        centred[rows] = orbits.mu_gyrocentre(field, species, x[rows], v[rows], times)
    ratio = np.where(found.lost, math.nan, centred[:, -1] / centred[:, 0])
    kept = ratio[np.isfinite(ratio)]
    return {
        "position": x,
        "velocity": v,
        "energy": found.energy,
        "pitch_angle": pitch,
        "mu": mu,
        "mu_gyrocentre": centred,
        "mu_relative": ratio,
        "lost_time": times[0] + found.lost_time,
        "mu_relative_mean": float(np.mean(kept)) if len(kept) else math.nan,
        "mu_relative_deviation": float(np.std(kept)) if len(kept) else math.nan,
        "lost_fraction": float(np.mean(found.lost)),
        "energy_drift": found.certificate.worst if found.certificate.drift else math.nan,
    }
