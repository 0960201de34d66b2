"""A lattice of classical moments in thermal equilibrium."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import model_validator

from magneton.scene.errors import SceneError
from magneton.scene.quantities import Quantity, problem
from magneton.scene.tasks.base import Context, Task, Variable
from magneton.scene.tasks.lattice import LatticeTable
from magneton.scene.tasks.particles import require_count
from magneton.scene.tasks.terms import NONE, Z

_BLOCKS = 32  # of which errors are made
_ERROR = "_error"
_RESULTS = {
    "magnetization": ("1", "mean magnitude of the magnetization, over saturation"),
    "energy": ("J", "mean energy"),
    "heat_capacity": ("J/K", "heat capacity"),
    "susceptibility": ("A m^2/T", "susceptibility of the magnitude of the moment"),
    "binder_cumulant": ("1", "Binder's cumulant"),
}


class MonteCarloTask(Task):
    """Averages of moments coupled by exchange at a temperature, by Metropolis's moves or a heat bath."""

    OPEN: ClassVar = ("lattice",)

    type: Literal["monte_carlo"]
    lattice: LatticeTable
    J: Annotated[float, Quantity("J")]
    further: Annotated[list[float] | None, Quantity("J", (None,))] = None
    magnitude: Annotated[float, Quantity("A m^2", positive=True)]
    B: Annotated[list[float], Quantity("T", (3,))] = NONE
    K: Annotated[float, Quantity("J")] = 0.0
    axis: Annotated[list[float], Quantity("1", (3,), nonzero=True)] = Z
    temperature: Annotated[float, Quantity("K", positive=True)]
    method: Literal["heat bath", "metropolis"] = "heat bath"
    reflections: int = 0
    start: Literal["aligned", "random"] = "aligned"
    samples: int = 1000
    thermalize: int | None = None
    every: int = 1
    seed: int

    @model_validator(mode="after")
    def _check(self) -> MonteCarloTask:
        require_count(self.samples, "samples", _BLOCKS)
        require_count(self.every, "every", 1)
        for key in ("reflections", "thermalize", "seed"):
            value = getattr(self, key)
            if value is not None and not 0 <= value < 2**63:
                raise problem(f"must be a whole number of at least 0, got {value}", (key,))
        return self

    def variables(self) -> dict[str, Variable]:
        """Return averages, each followed by its standard error."""
        result = {}
        for name, (unit, words) in _RESULTS.items():
            result[name] = Variable((), unit, words)
            result[name + _ERROR] = Variable((), unit, f"{words}: standard error")
        return result | {"acceptance": Variable((), "1", "accepted moves over moves tried")}

    def shown(self) -> list[str]:
        """Return the magnetization with its error, and what tells of the transition."""
        if self.show is not None:
            return self.show
        return ["magnetization", "magnetization_error", "energy", "heat_capacity", "binder_cumulant"]

    def evaluate(self, context: Context) -> dict[str, Any]:
        """Return the averages at one temperature."""
        run = self._chain().run(self.temperature, self.samples, thermalize=self.thermalize, every=self.every)
        found = {
            "magnetization": run.mean_magnetization(),
            "energy": run.mean_energy(),
            "heat_capacity": run.heat_capacity(),
            "susceptibility": run.susceptibility(),
            "binder_cumulant": run.binder_cumulant(),
        }
        values = {name: one.value for name, one in found.items()}
        errors = {name + _ERROR: one.error for name, one in found.items()}
        return values | errors | {"acceptance": run.acceptance}

    def _chain(self) -> Any:
        from magneton.dynamics import Exchange, MonteCarlo

        try:
            lattice = self.lattice.make()
        except ValueError as error:
            raise SceneError(str(error), ("lattice",)) from None
        J = self.J if self.further is None else [self.J, *self.further]
        return MonteCarlo(
            Exchange(J, lattice),
            self.magnitude,
            B=np.array(self.B),
            K=self.K,
            axis=self.axis,
            method=self.method,
            reflections=self.reflections,
            start=self.start,
            seed=self.seed,
        )
