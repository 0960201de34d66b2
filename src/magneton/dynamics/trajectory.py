"""The moments of a run, at the times that were asked for."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton.runs import Certificate, Run


@dataclass(frozen=True, eq=False)
class Trajectory:
    """What `SpinSystem.run` returns; arrays are read from the run's folder when they are first asked for.

    Attributes
    ----------
    time : ndarray, shape (k,), second
        When.
    run : magneton.runs.Run
        The arrays as they are kept.
    """

    time: np.ndarray
    run: Run

    @functools.cached_property
    def moments(self) -> np.ndarray:
        """The moments, shape (k, n, 3), in A m^2."""
        return self.run["moments"]

    @functools.cached_property
    def mean_moment(self) -> np.ndarray:
        """Their mean, shape (k, 3), in A m^2."""
        return self.run["mean_moment"]

    @functools.cached_property
    def energy(self) -> np.ndarray:
        """The energy of them all, shape (k,), in J."""
        return self.run["energy"]

    @property
    def certificate(self) -> Certificate:
        """What was conserved and how well, and with what it was computed."""
        return self.run.certificate

    def to_xarray(self) -> Any:
        """Return all arrays as an `xarray.Dataset` with units."""
        dataset = self.run.to_xarray()
        return dataset.assign_coords(
            time=("time", self.time, {"units": "s"}), component=("component", ["x", "y", "z"])
        )

    def __len__(self) -> int:
        return len(self.time)

    def __repr__(self) -> str:
        return f"<Trajectory: {len(self)} times to {self.time[-1]:g} s, {self.run!r}>"
