"""Fixed probes about a unit that turns on a table: how spacecraft units are measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from magneton import _check
from magneton.estimation._input import Missing
from magneton.estimation._taps import Taps
from magneton.estimation.readings import Readings


@dataclass(frozen=True, eq=False)
class RotatingRig:
    """Probes at rest, and a turntable with the unit.

    Readings are handed on in the frame of the unit, which is that of the laboratory at angle 0: there the probes go
    around it. The background stays in the laboratory, and offsets belong to the probes, so that both are told from the
    unit, which turns.

    Parameters
    ----------
    probes : array_like, shape (n, 3) or (3,), metre
        Where the probes are in the laboratory.
    axis : array_like, shape (3,)
        About which the unit turns, right-handed; of any length.
    pivot : array_like, shape (3,), metre
        A point on the axis.

    Examples
    --------
    >>> import numpy as np
    >>> import magneton as mg
    >>> from magneton.estimation import RotatingRig, fit_dipoles
    >>> rig = RotatingRig(probes=[[0.5, 0, 0], [0.7, 0, 0.1]])
    >>> angles = np.radians(np.arange(0, 360, 10))
    >>> unit = mg.Dipole(moment=[0.1, 0, 0.2], position=[0.02, 0.01, 0])
    >>> B = rig.field(unit, angles) + [20e-6, 0, -40e-6]
    >>> fit = fit_dipoles(rig.readings(angles, B, noise=1e-9), background="uniform")
    >>> fit.moment.round(6) + 0.0
    array([0.1, 0. , 0.2])
    """

    probes: Any
    axis: Any = (0.0, 0.0, 1.0)
    pivot: Any = (0.0, 0.0, 0.0)

    def __post_init__(self) -> None:
        probes = _check.numbers("probes", self.probes, "m")
        probes = _check.vectors("probes", probes[None] if probes.shape == (3,) else probes, "m")
        axis = _check.vector("axis", self.axis)
        if not axis.any():
            raise ValueError("axis must not be zero")
        object.__setattr__(self, "probes", probes)
        object.__setattr__(self, "axis", axis / np.linalg.norm(axis))
        object.__setattr__(self, "pivot", _check.vector("pivot", self.pivot, "m"))

    def _seen(self, angles: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return matrices from the laboratory to the unit, shape (k, 3, 3), and where it sees the probes, (k, n, 3)."""
        array = _check.numbers("angles", angles, "rad")
        if array.ndim != 1 or not len(array):
            raise ValueError(f"angles must have shape (k,), got shape {array.shape}")
        back = Rotation.from_rotvec(-array[:, None] * self.axis).as_matrix()
        return back, np.einsum("kij,nj->kni", back, self.probes - self.pivot) + self.pivot

    def readings(
        self, angles: Any, B: Any, noise: Any = None, *, axes: Any = None, missing: Missing = "raise"
    ) -> Readings:
        """Return what the probes read as readings in the frame of the unit.

        Parameters
        ----------
        angles : array_like, shape (k,), radian
            By which the unit was turned.
        B : array_like, shape (k, n, 3), or (k, n) with `axes`, tesla
            What the probes read, along the axes of the laboratory.
        noise : float or array_like, of the shape of `B`, tesla, optional
            Standard deviations.
        axes : array_like, shape (n, 3) or (3,), optional
            Of probes of one component.
        missing : {"raise", "drop"}
            What to do about nan.
        """
        back, points = self._seen(angles)
        k, n = points.shape[:2]
        read = _check.with_gaps("B", B, "T", "an array of real numbers, nan where missing")
        shape = (k, n) if axes is not None else (k, n, 3)
        if read.shape != shape:
            raise ValueError(
                f"B must have shape {shape}, of {k} angles and {n} probes, got shape {read.shape}"
            )
        sigma = noise
        if noise is not None and np.ndim(noise):
            sigma = _check.positives("noise", noise, "T")
            if sigma.shape != shape:
                raise ValueError(f"noise must be a number or have shape {shape}, got shape {sigma.shape}")
            sigma = sigma.reshape(k * n, *shape[2:])
        probes, sensor = np.tile(self.probes, (k, 1)), np.tile(np.arange(n), k)
        whole = read.reshape(k * n, *shape[2:])
        if axes is None:
            still = Readings.vector(probes, whole, sigma, sensor=sensor, missing="drop")
        else:
            along = np.broadcast_to(_check.numbers("axes", axes), (n, 3))
            still = Readings.axis(probes, np.tile(along, (k, 1)), whole, sigma, sensor=sensor, missing="drop")
        if missing != "drop" and np.isnan(read).any():
            raise ValueError(
                f'B must not be nan, got {int(np.isnan(read).sum())}; missing="drop" leaves them out'
            )
        epoch = np.repeat(np.arange(k), n * (1 if axes is not None else 3))[~np.isnan(read).reshape(-1)]
        return replace(still, taps=_turned(still.taps, back[epoch], self.pivot))

    def field(self, unit: Any, angles: Any) -> np.ndarray:
        """Return what perfect probes read, shape (k, n, 3), of a source given in the frame of the unit."""
        back, points = self._seen(angles)
        return np.einsum("kji,knj->kni", back, unit.B(points))


def _turned(taps: Taps, matrices: np.ndarray, pivot: np.ndarray) -> Taps:
    """Return taps, one a row, each turned about the pivot by its own matrix."""
    return replace(
        taps,
        points=np.einsum("tij,tj->ti", matrices, taps.points - pivot) + pivot,
        weights=np.einsum("tij,tj->ti", matrices, taps.weights),
    )
