"""What all sensors would read of dipoles and of all else that is fitted, with its derivatives."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np

from magneton.constants import mu_0
from magneton.estimation._nuisance import Linear
from magneton.estimation._sensors import Sensors
from magneton.estimation.readings import Readings
from magneton.kernels.dipole_design import design

#: mu0/4 pi in T m/A.
K = float(mu_0) / (4.0 * np.pi)


@dataclass(frozen=True, eq=False)
class DipoleModel:
    """Readings as functions of places (unless known), moments, linear unknowns and errors of sensors, in this order.

    Attributes
    ----------
    readings : Readings
        What was read.
    count : int
        Number of dipoles.
    places : ndarray, shape (count, 3), or None
        Where they are, if known.
    linear : Linear
        Background, offsets and errors of sensors.
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

    @functools.cached_property
    def _flat_across(self) -> tuple[np.ndarray, ...]:
        sensors = self.linear.sensors
        return () if sensors is None or sensors.across is None else sensors.across[0].flat(self.readings.size)

    def split(self, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return places and moments, shape (count, 3), and the rest."""
        size = 3 * self.count
        if self.places is not None:
            return self.places, parameters[:size].reshape(-1, 3), parameters[size:]
        places, moments = parameters[:size].reshape(-1, 3), parameters[size : 2 * size].reshape(-1, 3)
        return places, moments, parameters[2 * size :]

    def evaluate(self, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the readings, shape (n,), and their derivatives, shape (n, p)."""
        r, linear = self.readings, self.linear
        places, moments, rest = self.split(parameters)
        k = len(rest) - (0 if linear.sensors is None else len(linear.sensors.names))
        rest, errors = rest[:k], rest[k:]
        rows, slopes = self._seen(self._flat, linear.rows[:, :k], places, moments, rest)
        read, jacobian = r.readout(rows), r.read_slopes(rows, slopes)
        if linear.sensors is not None:
            read, jacobian = self._read(linear.sensors, errors, read, jacobian, (places, moments, rest))
        if k:
            first = jacobian.shape[1] - len(errors) - k
            jacobian[:, first : first + k] += linear.readings[:, :k]
        return read + linear.readings[:, :k] @ rest, jacobian

    def _seen(
        self,
        flat: tuple[np.ndarray, ...],
        linear: np.ndarray,
        places: np.ndarray,
        moments: np.ndarray,
        rest: np.ndarray,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return what rows see, shape (rows,), and its derivatives, shape (rows, p)."""
        L, count = self.readings.size, len(linear)
        columns, slopes = np.empty((self.count, 3, count)), np.empty((self.count, 3, count))
        design(flat, places / L, np.ascontiguousarray(moments), columns, slopes)
        seen = columns.reshape(-1, count).T * (K / L**3)
        parts = [seen, linear]
        if self.places is None:
            parts.insert(0, slopes.reshape(-1, count).T * (K / L**4))
        return seen @ moments.reshape(-1) + linear @ rest, np.hstack(parts)

    def _read(
        self,
        sensors: Sensors,
        errors: np.ndarray,
        perfect: np.ndarray,
        jacobian: np.ndarray,
        at: tuple[np.ndarray, np.ndarray, np.ndarray],
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return what sensors with errors read, and its derivatives, from what perfect ones read."""
        factors, across = sensors.factors(errors), None
        read, slopes = perfect * factors, jacobian * factors[:, None]
        if self.linear.across is not None:
            across, turned = self._seen(self._flat_across, self.linear.across, *at)
            tilts, i = sensors.tilts(errors), sensors.linear
            read[i] += np.sum(tilts * across.reshape(2, -1), axis=0)
            slopes[i] += np.einsum("sl,slp->lp", tilts, turned.reshape(2, len(i), -1))
        return read, np.hstack([slopes, sensors.columns(perfect, across)])
