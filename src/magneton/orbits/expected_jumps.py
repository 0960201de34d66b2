"""What theory says of the change of mu along an orbit, where there is one to say it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton.orbits._gyrocentre import gyrocentre
from magneton.orbits.breaking.in_time import mu_jump_off_axis
from magneton.orbits.collisions import mu_relaxation
from magneton.orbits.fields.base import OrbitField
from magneton.orbits.fields.varying import VaryingUniformField

#: How near B must be to its value long before or long after, at an end of an orbit.
_REACHED = 1e-3


@dataclass(frozen=True)
class Expected:
    """The relative change of mu that a theory expects.

    Attributes
    ----------
    jump, spread : float
        Its mean, and its standard deviation over what the theory averages; nan where there is no theory.
    theory : str
        Which, in words.
    """

    jump: float = math.nan
    spread: float = math.nan
    theory: str = "no closed form is known for this field"

    def __str__(self) -> str:
        """Say it in words."""
        if math.isnan(self.jump):
            return self.theory
        spread = f" +- {self.spread:.3g}" if self.spread > 0.0 else ""
        return f"expected {self.jump:+.3g}{spread} ({self.theory})"


def expected_jump(orbit: Any, field: OrbitField) -> Expected:
    """Return what theory says: of collisions, and of a uniform field that changes; `field` is without waves."""
    if orbit.collision_rate > 0.0:
        elapsed = abs(orbit.time[-1] - orbit.time[0])
        start = float(orbit.pitch_angle[0])
        mean, spread = mu_relaxation(elapsed, orbit.collision_rate, start)
        unit = math.sin(start) ** 2
        if unit > 0.0:
            return Expected(
                float(mean) / unit - 1.0, float(spread) / unit, "pitch-angle scattering in a uniform B"
            )
    if isinstance(field, VaryingUniformField) and field.profile == "transition" and _covers(orbit, field):
        return _transition(orbit, field)
    return Expected()


def _covers(orbit: Any, field: VaryingUniformField) -> bool:
    """Return whether an orbit, which may run back in time, begins and ends where B is that of long before and after."""
    ends = sorted((0, -1), key=lambda i: orbit.time[i])
    B = np.linalg.norm(field.B(orbit.position[ends], orbit.time[ends]), axis=-1)
    return bool(np.all(np.abs(B / field.values[:2] - 1.0) < _REACHED))


def _transition(orbit: Any, field: VaryingUniformField) -> Expected:
    """Return the jump in a transition, over the phase at which a gyrocentre off the axis meets it.

    omega = q B/(2 gamma m): exact as long as gamma does not change, to v_perp^2/c^2.
    """
    ratio = abs(orbit.species.charge) / (2.0 * float(orbit.gamma[0]) * orbit.species.mass)
    B1, B2, rate = field.values
    x, v = orbit.position[0], orbit.velocity[0]
    centre = gyrocentre(field, orbit.species, x, v, orbit.time[0])
    radius = float(np.linalg.norm(np.cross(x - centre, field.direction)))
    jump = mu_jump_off_axis(ratio * B1, ratio * B2, rate, field.axis_distance(centre) / radius)
    return Expected(
        float(jump.mean),
        float(jump.swing) / math.sqrt(2.0),
        "B^2(t) as a tanh, exact to v_perp^2/c^2, over the phase",
    )
