"""What the orbits of many particles share: the run that holds their arrays."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from magneton.orbits.fields.base import OrbitField
from magneton.orbits.species import Species
from magneton.runs import Drift, Run, relative_drift


def energy_drift(
    field: OrbitField, species: Species, places: np.ndarray, kinetic: np.ndarray
) -> dict[str, Drift]:
    """Return how well energies were kept in a field at rest, of those that are known; nothing where none is.

    Parameters
    ----------
    field, species
        What moved in what.
    places : ndarray, shape (n, k + 1, 3), metre
        Where, at the start first.
    kinetic : ndarray, shape (n, k + 1), joule
        The kinetic energies there.
    """
    total = kinetic
    if field.electric:
        total = kinetic + species.charge * field.electric_potential(places)
    known = np.isfinite(total).all(axis=1)
    if not known.any():
        return {}
    return {"energy": relative_drift(total[known, 0], total[known], kinetic[known].max(axis=1), "J")}


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
    def when(self) -> np.ndarray:
        """The times of all samples, shape (n, k), in second; of what was lost, when it was lost."""
        lost = self.lost_time[:, None]
        end = np.where(np.isnan(lost), self.time, lost)
        return self.start[:, None] + np.where(np.abs(end) < np.abs(self.time), end, self.time)

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
