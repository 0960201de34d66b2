"""What pictures of moments in motion need, taken from any run of the dynamics, from a dataset or from arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check


@dataclass(frozen=True)
class MomentTrack:
    """n moments at k times.

    `time` has shape (k,), in s; `moments` (k, n, 3), in A m^2 or, if `unit` is empty, in one of their own; `mean` is
    their mean, (k, 3). `energies` are named, each (k,), in J.
    """

    time: np.ndarray
    moments: np.ndarray
    mean: np.ndarray
    energies: dict[str, np.ndarray]
    unit: str = "A m²"

    def directions(self, which: Any) -> np.ndarray:
        """Return some moments in units of their greatest lengths, shape (k, n, 3); zero for one that is always zero."""
        moments = self.moments[:, which]
        size = np.linalg.norm(moments, axis=2).max(axis=0)
        return moments / np.where(size > 0.0, size, 1.0)[:, None]


def is_rigid(run: Any) -> bool:
    """Return whether this is the motion of rigid magnets."""
    return all(hasattr(run, name) for name in ("bodies", "position", "orientation", "magnetic_energy"))


def is_motion(run: Any) -> bool:
    """Return whether this is a run of moments in time."""
    return is_rigid(run) or (hasattr(run, "time") and _arrays_of(run) is not None)


def is_loop(run: Any) -> bool:
    """Return whether this is a hysteresis loop: moments against the field."""
    return all(hasattr(run, name) for name in ("B", "mean_moment", "direction"))


def moment_track_of(run: Any, time: Any = None) -> MomentTrack:
    """Return the moments of a run.

    Parameters
    ----------
    run : Trajectory, RigidTrajectory, SpinLatticeRun, BlochRun, xarray.Dataset or array_like, shape (k, 3) or (k, n, 3)
        Of `magneton.dynamics`; or a dataset with ``time`` and ``moments``; or moments in A m^2.
    time : array_like, shape (k,), second
        With moments as an array.
    """
    if is_rigid(run):
        return _of_bodies(run)
    if hasattr(run, "time") and (found := _arrays_of(run)) is not None:
        moments, mean, unit = found
        return _checked(run.time, moments, mean, _energies(run), unit)
    try:
        moments = _check.numbers("run", run, "A m^2")
    except ValueError:
        raise ValueError(
            "run must be a run of magneton.dynamics with moments in time, or moments of shape (k, 3) or (k, n, 3), "
            f"got {_check.shown(run) if isinstance(run, str | list | tuple) else type(run).__name__}"
        ) from None
    if time is None:
        raise ValueError("time must be given with moments as an array, got None")
    return _checked(_check.numbers("time", time, "s"), moments, None, {}, "A m²")


def _arrays_of(run: Any) -> tuple[Any, Any, str] | None:
    """Return moments, their mean if it is there, and their unit; None if the run has no moments."""
    if hasattr(run, "moments"):
        return run.moments, getattr(run, "mean_moment", None), "A m²"
    if hasattr(run, "magnetization") and hasattr(
        run, "mean"
    ):  # isochromats of Bloch's equations, in a unit of theirs
        every = run.path if run.path is not None and run.path.size else run.mean
        return every.reshape(len(run.time), -1, 3), run.mean, ""
    if hasattr(run, "moment") and np.shape(run.moment)[1:] == (3,):
        return run.moment, None, "A m²"
    return None


def _energies(run: Any) -> dict[str, np.ndarray]:
    if hasattr(run, "energy"):
        return {"energy": np.asarray(run.energy, dtype=float)}
    return {name: np.asarray(values) for name, values in getattr(run, "energies", {}).items()}


def _of_bodies(run: Any) -> MomentTrack:
    """Return the moments of rigid bodies, in the global frame, and the parts of their energy."""
    from scipy.spatial.transform import Rotation

    own = np.array([body_moment(body) for body in run.bodies])
    turns = (
        Rotation.from_quat(run.orientation.reshape(-1, 4))
        .as_matrix()
        .reshape(*run.orientation.shape[:2], 3, 3)
    )
    moments = np.einsum("knij,nj->kni", turns, own)
    energies = {
        "motion": run.kinetic_energy,
        "rotation": run.rotational_energy,
        "magnetic": run.magnetic_energy,
        "gravity": run.gravitational_energy,
        "heat": run.heat,
    }
    return _checked(run.time, moments, None, {name: e for name, e in energies.items() if e.any()}, "A m²")


def body_moment(body: Any) -> np.ndarray:
    """Return the whole moment of a rigid body in its own frame, shape (3,), A m^2."""
    if body.source is not None:
        return np.asarray(getattr(body.source, "moment", np.zeros(3)), dtype=float)
    return body.moment.sum(axis=0)


def _checked(time: Any, moments: Any, mean: Any, energies: dict[str, np.ndarray], unit: str) -> MomentTrack:
    times, every = np.asarray(time, dtype=float), np.asarray(moments, dtype=float)
    if every.ndim == 2:
        every = every[:, None]
    if times.ndim != 1 or every.ndim != 3 or every.shape[::2] != (len(times), 3) or not every.shape[1]:
        raise ValueError(
            "run must have moments of shape (k, n, 3), or (k, 3), at k times, "
            f"got shape {np.shape(moments)} at times of shape {times.shape}"
        )
    if len(times) < 2:
        raise ValueError(f"run must have at least 2 times, got {len(times)}")
    whole = every.mean(axis=1) if mean is None else np.asarray(mean, dtype=float)
    return MomentTrack(times, every, whole, energies, unit)
