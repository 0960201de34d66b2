"""What theory says of the change of mu along an orbit, where there is one to say it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton.kernels.field import UNIFORM
from magneton.orbits._gyrocentre import gyrocentre
from magneton.orbits._wave_detuning import HARMONICS
from magneton.orbits.breaking._sheet import layers
from magneton.orbits.breaking.in_time import mu_jump_off_axis
from magneton.orbits.breaking.resonance import mu_swing
from magneton.orbits.breaking.sheet_theory import sharp_sheet_jump, weak_sheet_jump
from magneton.orbits.collisions import mu_relaxation
from magneton.orbits.fields.base import OrbitField
from magneton.orbits.fields.sheets import HarrisSheet, SheetStep
from magneton.orbits.fields.varying import VaryingUniformField
from magneton.orbits.fields.waves import Wave

#: How near B must be to its value long before or long after, at an end of an orbit.
_REACHED = 1e-3
#: Above this swing of mu a wave is not small.
_LINEAR = 0.3
#: From so many half-thicknesses of a Larmor radius a sheet is sharp; below this part of B its change is small.
_THIN, _WEAK = 2.0, 0.2


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
    """Return what theory says: of collisions, a uniform field that changes, a sheet, one wave along a uniform field.

    `field` is that of the orbit without waves.
    """
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
    if isinstance(field, SheetStep | HarrisSheet):
        return _sheet(orbit, field)
    waves = orbit.field.waves
    if len(waves) == 1 and set(field.compiled.kinds.tolist()) == {UNIFORM}:
        return _wave(orbit, field.B(orbit.position[0]), waves[0])
    return Expected()


def _parts(orbit: Any) -> tuple[float, float]:
    """Return v_par and v_perp at the start."""
    angle, speed = float(orbit.pitch_angle[0]), float(np.linalg.norm(orbit.velocity[0]))
    return speed * math.cos(angle), speed * math.sin(angle)


def _wave(orbit: Any, B: np.ndarray, wave: Wave) -> Expected:
    """Return what a small wave does, over its phase; where that is not small, a trapped particle is beyond theory."""
    along, across = _parts(orbit)
    if across == 0.0:
        return Expected()
    elapsed = abs(orbit.time[-1] - orbit.time[0])
    harmonics = [n for n in range(-HARMONICS, HARMONICS + 1) if n]
    # Off resonance the swing beats; means over a gyration at the ends know no phase of the beat.
    times = elapsed * np.linspace(0.0, 1.0, 65)
    swing = max(float(np.max(mu_swing(orbit.species, B, wave, along, across, times, n))) for n in harmonics)
    if swing > _LINEAR:
        return Expected(theory=f"the wave traps it: to first order it would have changed by {swing:.3g}")
    return Expected(0.0, swing / math.sqrt(2.0), "first order in the wave, at most, over its phase")


def _sheet(orbit: Any, field: SheetStep | HarrisSheet) -> Expected:
    """Return what a crossing of a sheet does that is thin or turns B little."""
    normal = field._matrix[:, 2]
    heights = (orbit.position[[0, -1]] - field.position) @ normal
    along, across = _parts(orbit)
    if heights.prod() > 0.0 or np.abs(heights).min() < 5.0 * field.thickness or across == 0.0 or along == 0.0:
        return Expected()
    try:
        sides = layers(field).plateaus[:: 1 if heights[0] < 0.0 else -1]
    except ValueError:  # nothing goes through it
        return Expected()
    before, after = sides[0], sides[-1]
    strength = float(np.linalg.norm(before))
    rho = float(orbit.gamma[0]) * orbit.species.mass * across / (abs(orbit.species.charge) * strength)
    if rho > _THIN * field.thickness:
        phases = 2.0 * math.pi * np.arange(256) / 256
        sharp = sharp_sheet_jump(before, after, float(orbit.pitch_angle[0]), phases)
        jump, spread = _weighted(sharp.ratio - 1.0, sharp.weight)
        return Expected() if math.isnan(jump) else Expected(jump, spread, "a sharp sheet, over the gyrophase")
    if np.linalg.norm(after - before) < _WEAK * strength:
        g = float(weak_sheet_jump(field, orbit.species, along, across))
        return Expected(0.0, math.sqrt(2.0) * g, "first order in the sheet's turn, over the gyrophase")
    return Expected()


def _weighted(values: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Return mean and standard deviation."""
    mean = float(np.average(values, weights=weights))
    return mean, math.sqrt(float(np.average((values - mean) ** 2, weights=weights)))


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
