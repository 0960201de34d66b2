"""What the orbits of many particles share: the run that holds their arrays."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from magneton.orbits.fields.base import OrbitField
from magneton.orbits.species import Species
from magneton.runs import Run


class ParticleRun:
    """Many orbits; subclasses are frozen dataclasses that hold these attributes."""

    field: OrbitField
    species: Species
    time: np.ndarray
    start: np.ndarray
    run: Run

    @functools.cached_property
    def position(self) -> np.ndarray:
        """The positions, shape (n, k, 3), in metre; of what was lost the place where it was lost."""
        return self.run["position"]

    @functools.cached_property
    def lost_time(self) -> np.ndarray:
        """When each was lost, shape (n,), in second from its start; nan for those that were not."""
        return self.run["lost_time"]

    @property
    def lost(self) -> np.ndarray:
        """Which were lost, shape (n,)."""
        return ~np.isnan(self.lost_time)

    @property
    def certificate(self) -> Any:
        """What was conserved and how well, and with what it was computed: see `magneton.runs.Certificate`."""
        return self.run.certificate

    def __len__(self) -> int:
        return self.run.count

    def __repr__(self) -> str:
        what = self.species.name or "particles"
        return f"<{type(self).__name__}: {len(self)} {what}, {len(self.time)} samples to {self.time[-1]:g} s>"

    def to_xarray(self) -> Any:
        """Return all arrays as an `xarray.Dataset` with units."""
        dataset = self.run.to_xarray()
        return dataset.assign_coords(
            time=("time", self.time, {"units": "s"}), component=("component", ["x", "y", "z"])
        )
