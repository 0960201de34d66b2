"""Force, torque and energy between two sources."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import model_validator

from magneton.scene.model import Name
from magneton.scene.quantities import Quantity
from magneton.scene.tasks.base import (
    COMPONENT,
    FORMULA,
    RATIO,
    SCALE,
    Context,
    Coordinate,
    Task,
    Variable,
    centre_and_moment,
    naming,
    ratio,
    require_fraction,
    with_formula,
)

XYZ = Coordinate((COMPONENT,), ["x", "y", "z"], "", "Cartesian component")


class InteractionTask(Task):
    """Force and torque of the source on the target, and their energy."""

    FIXED: ClassVar = ("pivot",)

    type: Literal["interaction"]
    source: Name
    target: Name
    formula: Literal["dipole"] | None = None
    pivot: Annotated[list[float] | None, Quantity("m", (3,))] = None
    rtol: Annotated[float, Quantity("1")] = 1e-9

    @model_validator(mode="after")
    def _check(self) -> InteractionTask:
        require_fraction(self.rtol)
        return self

    def source_names(self) -> dict[str, str]:
        """Return the two sources."""
        return {"source": self.source, "target": self.target}

    def variables(self) -> dict[str, Variable]:
        """Return force, torque and energy, the formula's beside them, and the error."""
        exact = {
            "force": Variable((COMPONENT,), "N", f"force of {self.source} on {self.target}"),
            "torque": Variable((COMPONENT,), "N m", f"torque of {self.source} on {self.target}"),
            "energy": Variable((), "J", f"interaction energy of {self.source} and {self.target}"),
        }
        scales = {
            name + SCALE: Variable((), variable.unit, f"{name}: integral of the absolute integrand")
            for name, variable in exact.items()
        }
        error = Variable((), "1", "error bound, relative to the integrals of the absolute integrands")
        return (with_formula(exact, self.formula) if self.formula else exact) | scales | {"error": error}

    def coordinates(self) -> dict[str, Coordinate]:
        """Return the components' names."""
        return {COMPONENT: XYZ}

    def evaluate(self, context: Context) -> dict[str, Any]:
        """Return the interaction, and what the formula sees of the sources if it is asked for."""
        from magneton.interactions import interaction

        source, target = context.sources[self.source], context.sources[self.target]
        with naming(self.source, self.target):
            found = interaction(source, target, pivot=self.pivot, rtol=self.rtol)
        result = {"force": found.force, "torque": found.torque, "energy": found.energy, "error": found.error}
        result |= {name + SCALE: scale for name, scale in zip(result, found.scales, strict=False)}
        if self.formula:
            result["a"], result["m_a"] = centre_and_moment(source, self.source)
            result["b"], result["m_b"] = centre_and_moment(target, self.target)
        return result

    def complete(self, values: dict[str, np.ndarray]) -> None:
        """Add what two point dipoles would feel, for all points of the sweeps at once."""
        if not self.formula:
            return
        from magneton.interactions import dipole_energy, dipole_force, dipole_torque

        a, b, m_a, m_b = (values.pop(name) for name in ("a", "b", "m_a", "m_b"))
        force, torque = dipole_force(m_a, m_b, b - a), dipole_torque(m_a, m_b, b - a)
        if self.pivot is not None:
            torque = torque + np.cross(b - np.array(self.pivot), force)
        formula = {"force": force, "torque": torque, "energy": dipole_energy(m_a, m_b, b - a)}
        sizes = _sizes(m_a, m_b, b - a)
        for name, value in formula.items():
            values[name + FORMULA] = np.asarray(value)
            values[name + RATIO] = ratio(values[name], value, name != "energy", sizes[name])


def _sizes(m_a: np.ndarray, m_b: np.ndarray, r: np.ndarray) -> dict[str, np.ndarray]:
    """Return how much two dipoles would feel if nothing in the formulas cancelled."""
    from magneton.constants import mu_0

    m_a, m_b, r = (np.linalg.norm(vector, axis=-1) for vector in (m_a, m_b, r))
    energy = mu_0 / (4 * np.pi) * m_a * m_b / r**3
    return {"force": 3 * energy / r, "torque": energy, "energy": energy}
