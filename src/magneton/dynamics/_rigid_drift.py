"""How well rigid magnets kept what they should."""

from __future__ import annotations

import warnings

import numpy as np

from magneton.dynamics.rigid_trajectory import RigidTrajectory
from magneton.kernels.field import UNIFORM
from magneton.runs import Drift, relative_drift
from magneton.sources import Source

#: Part of the energy exchanged from which on a loss is warned of.
LARGE_LOSS = 1e-2
#: Below this part of the energy that is there, what is lost may be rounding.
_ROUNDING = 1e-10


def _drift_of(total: np.ndarray, scale: float, unit: str) -> Drift:
    """Return how far a scalar or a vector, in rows, moved from its first value."""
    change = np.linalg.norm((total - total[0]).reshape(len(total), -1), axis=1)
    return relative_drift([0.0], change[None], [scale], unit)


def warn_of_loss(motion: RigidTrajectory) -> None:
    """Warn if much of the energy exchanged in a motion, from its first state on, is not accounted for."""
    total = motion.energy + motion.heat - motion.work
    lost = float(np.abs(total - total[0]).max())
    stored = motion.magnetic_energy + motion.gravitational_energy
    kinetic = motion.kinetic_energy + motion.rotational_energy
    exchanged = max(
        float(kinetic.max()), *(float(np.ptp(each)) for each in (stored, motion.heat, motion.work))
    )
    if lost > max(LARGE_LOSS * exchanged, _ROUNDING * float(np.abs(stored).max())):
        warnings.warn(
            f"dt is long, or bodies come too near each other (see their radius): {lost:.2g} J came from nowhere or "
            f"went there, of {exchanged:.2g} J exchanged",
            stacklevel=3,
        )


def rigid_drift(motion: RigidTrajectory, external: Source | None, driven: bool) -> dict[str, Drift]:
    """Return how well a motion kept what it should, from its first state on; `driven` by a field that changes."""
    states, bodies = motion.states, motion.bodies
    kinetic = motion.kinetic_energy + motion.rotational_energy
    scale = float(kinetic.max()) or float(np.abs(motion.magnetic_energy).max())
    drift = {"energy": _drift_of(motion.energy + motion.heat - motion.work, scale, "J")}
    drift["quaternion norm"] = _drift_of(np.linalg.norm(states[:, :, 6:10], axis=2), 1.0, "")
    p = states[:, :, 3:6]
    alone = not motion.gravity.any() and not any(
        body.fixed or body.linear_drag or body.angular_drag for body in bodies
    )
    if alone and (external is None or external.compiled.kind_set == {UNIFORM}):
        size = float(np.linalg.norm(p, axis=2).sum(axis=1).max())
        drift["momentum"] = _drift_of(motion.momentum, size, "kg m/s")
    if alone and external is None and not driven and all(body.hinge is None for body in bodies):
        orbital = np.linalg.norm(np.cross(motion.position, p), axis=2)
        own = np.linalg.norm(states[:, :, 10:13], axis=2)
        size = float((orbital + own).sum(axis=1).max())
        drift["angular momentum"] = _drift_of(motion.angular_momentum, size, "kg m^2/s")
    return drift
