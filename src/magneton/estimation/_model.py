"""What all sensors would read of dipoles and of all else that is fitted, with its derivatives."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from magneton.constants import mu_0
from magneton.estimation._nuisance import Linear
from magneton.estimation.readings import Readings
from magneton.kernels.dipole_design import design

#: mu0/4 pi in T m/A.
K = float(mu_0) / (4.0 * np.pi)


@dataclass(frozen=True, eq=False)
class DipoleModel:
    """Readings as functions of places (unless known), moments and linear unknowns, in this order.

    Attributes
    ----------
    readings : Readings
        What was read.
    count : int
        Number of dipoles.
    places : ndarray, shape (count, 3), or None
        Where they are, if known.
    linear : Linear
        Background and offsets.
    """

    readings: Readings
    count: int
    places: np.ndarray | None
    linear: Linear

    @functools.cached_property
    def names(self) -> tuple[str, ...]:
        """The parameters' names."""
        number = [""] if self.count == 1 else [f"_{d}" for d in range(self.count)]
        kinds = ["moment"] if self.places is not None else ["position", "moment"]
        return (
            *(f"{kind}{d}_{axis}" for kind in kinds for d in number for axis in "xyz"),
            *self.linear.names,
        )

    @functools.cached_property
    def units(self) -> tuple[str, ...]:
        """The parameters' units."""
        where = () if self.places is not None else ("m",) * (3 * self.count)
        return (*where, *("A m^2",) * (3 * self.count), *self.linear.units)

    @functools.cached_property
    def prior(self) -> np.ndarray:
        """Standard deviations known beforehand, infinite if nothing is known."""
        own = 3 * self.count * (1 if self.places is not None else 2)
        return np.concatenate([np.full(own, np.inf), self.linear.prior])

    @functools.cached_property
    def _flat(self) -> tuple[np.ndarray, ...]:
        return self.readings.taps.flat(self.readings.size)

    def split(self, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return places and moments, shape (count, 3), and the rest."""
        size = 3 * self.count
        if self.places is not None:
            return self.places, parameters[:size].reshape(-1, 3), parameters[size:]
        places, moments = parameters[:size].reshape(-1, 3), parameters[size : 2 * size].reshape(-1, 3)
        return places, moments, parameters[2 * size :]

    def evaluate(self, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the readings, shape (n,), and their derivatives, shape (n, p)."""
        r, L, k = self.readings, self.readings.size, len(self.linear)
        places, moments, rest = self.split(parameters)
        columns, slopes = np.empty((self.count, 3, r.rows)), np.empty((self.count, 3, r.rows))
        design(self._flat, places / L, np.ascontiguousarray(moments), columns, slopes)
        seen = columns.reshape(-1, r.rows).T * (K / L**3)
        rows = seen @ moments.reshape(-1) + self.linear.rows @ rest
        parts = [seen, self.linear.rows]
        if self.places is None:
            parts.insert(0, slopes.reshape(-1, r.rows).T * (K / L**4))
        jacobian = r.read_slopes(rows, np.hstack(parts))
        if k:
            jacobian[:, -k:] += self.linear.readings
        return r.readout(rows) + self.linear.readings @ rest, jacobian
