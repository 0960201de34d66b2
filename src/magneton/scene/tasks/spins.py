"""Moments that precess, relax and fluctuate, followed in time."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import model_validator

from magneton.scene.quantities import Quantity, problem
from magneton.scene.tasks import certificates
from magneton.scene.tasks.base import COMPONENT, Context, Coordinate, Variable, require_fraction
from magneton.scene.tasks.interaction import XYZ
from magneton.scene.tasks.particles import require_count
from magneton.scene.tasks.spin_system import SpinSystemTask, require_temperature
from magneton.scene.tasks.streams import StreamingTask
from magneton.scene.tasks.terms import WaveTable

MOST_VECTORS = 20_000_000  # moments times samples: half a GB of results
_DRIFTS = {"magnitude": "|m|", "energy": "energy"}


class SpinsTask(SpinSystemTask, StreamingTask):
    """A run of a SpinSystem by the Landau-Lifshitz-Gilbert equation, with a thermal field at a temperature."""

    FIXED: ClassVar = ("duration",)

    type: Literal["spins"]
    duration: Annotated[float, Quantity("s", positive=True)]
    dt: Annotated[float | None, Quantity("s", positive=True)] = None
    rtol: Annotated[float | None, Quantity("1")] = None
    method: Literal["lie-rk4", "midpoint", "gauss4", "depondt-mertens", "strang", "dop853"] | None = None
    temperature: Annotated[float, Quantity("K")] = 0.0
    samples: int = 201
    average_from: Annotated[float, Quantity("s")] = 0.0
    record: Literal["moments", "mean"] = "moments"

    @model_validator(mode="after")
    def _check(self) -> SpinsTask:
        require_count(self.samples, "samples", 2)
        total = self.size() * self.samples
        if total > MOST_VECTORS:
            raise problem(f"must make {MOST_VECTORS} moments at most, got {total}", ("samples",))
        self._check_steps()
        require_temperature(self.temperature, self.seed)
        if self.seed is not None and not (self.temperature or self.random or "temperature" in self._swept()):
            raise problem("goes with a temperature, or with random directions, only", ("seed",))
        if not 0.0 <= self.average_from <= self.duration:
            raise problem(
                f"must lie between 0 and the duration, {self.duration:g} s, got {self.average_from:g}",
                ("average_from",),
            )
        return self

    def _check_steps(self) -> None:
        """Raise unless steps are fixed, or adaptive where those will do."""
        if self.rtol is not None:
            require_fraction(self.rtol)
        if self.method == "dop853" or (self.method is None and self.dt is None):
            for key, given in (("temperature", self.temperature), ("stream", self.stream)):
                if given:
                    raise problem("needs fixed steps: give dt", (key,))
            return
        if self.dt is None:
            raise problem(f"required with the method {self.method!r}", ("dt",))
        if self.rtol is not None:
            raise problem("goes with adaptive steps, the method 'dop853'", ("rtol",))

    def _swept(self) -> set[str]:
        """Return the first keys of the task's own numbers that its sweeps change."""
        paths = [path for sweep in self.sweep.values() for path in (sweep.parameter or sweep.set or ())]
        return {path.split(".")[1] for path in paths if path.startswith("task.")}

    def variables(self) -> dict[str, Variable]:
        """Return the moments against time, and what the run came to."""
        each = {"moments": Variable(("time", "moment", COMPONENT), "A m^2", "moments")}
        over = f" from {self.average_from:g} s on"
        return (each if self.record == "moments" else {}) | {
            "mean_moment": Variable(("time", COMPONENT), "A m^2", "mean of the moments"),
            "reduced_moment": Variable(
                ("time", COMPONENT), "1", "sum of the moments over sum of their magnitudes"
            ),
            "energy": Variable(("time",), "J", "energy of all terms"),
            "final_moment": Variable((COMPONENT,), "A m^2", "mean of the moments at the end"),
            "reduced_average": Variable((COMPONENT,), "1", f"mean of the reduced moment{over}"),
            **certificates.drift_variables(_DRIFTS),
        }

    def texts(self) -> dict[str, str]:
        """Return the certificate."""
        return certificates.TEXTS

    def shown(self) -> list[str]:
        """Return what the run came to."""
        if self.show is not None:
            return self.show
        thermal = self.temperature or "temperature" in self._swept()
        if thermal:
            return ["reduced_average"]
        conserved = not self.alpha and not any(isinstance(term, WaveTable) for term in self.terms)
        return ["final_moment", "magnitude_drift", *(["energy_drift"] if conserved else [])]

    def coordinates(self) -> dict[str, Coordinate]:
        """Return the axes of time and of moments."""
        each = self.each() if self.record == "moments" else {}
        time = Coordinate(("time",), np.linspace(0.0, self.duration, self.samples), "s", "time")
        return {"time": time, **each, COMPONENT: XYZ}

    def evaluate(self, context: Context) -> dict[str, Any]:
        """Return one run."""
        system = self.system(context)
        times = np.linspace(0.0, self.duration, self.samples)
        dt = self.dt
        if dt is not None:  # steps that fill the time between samples: each is taken when it says
            spacing = self.duration / (self.samples - 1)
            dt = spacing / math.ceil(spacing / dt * (1.0 - 1e-12))
        with certificates.collected() as warned, self.naming_folder():
            run = system.run(
                self.duration,
                dt=dt,
                rtol=self.rtol,
                method=self.method,
                times=times,
                temperature=self.temperature,
                seed=self.seed if self.temperature else None,
                folder=self.stream_folder(context),
                progress=context.progress,
            )
        reduced = run.mean_moment * (len(system) / system.magnitude.sum())
        kept = times >= self.average_from * (1.0 - 1e-12)
        return ({"moments": run.moments} if self.record == "moments" else {}) | {
            "mean_moment": run.mean_moment,
            "reduced_moment": reduced,
            "energy": run.energy,
            "final_moment": run.mean_moment[-1],
            "reduced_average": reduced[kept].mean(axis=0),
            "certificate": certificates.in_words(run.certificate, warned),
            **certificates.drifts(run.certificate, _DRIFTS),
        }
