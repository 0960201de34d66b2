"""The moments of a run, at the times that were asked for."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from magneton import _check
from magneton.dynamics.terms.base import lengths
from magneton.runs import Certificate, Run

if TYPE_CHECKING:
    from magneton.dynamics._adaptive import Piece
    from magneton.dynamics.spin_events import CrossingRecord


@dataclass(frozen=True, eq=False)
class Trajectory:
    """What `SpinSystem.run` returns; arrays are read from the run's folder when they are first asked for.

    Attributes
    ----------
    time : ndarray, shape (k,), second
        When.
    run : magneton.runs.Run
        The arrays as they are kept.
    end : float, second
        When the run ended: after its duration, or at a terminal event.
    events : dict of CrossingRecord
        Of each event by its number in the list, or by its name if they were given as a mapping.
    pieces : tuple, or None
        The dense output, if it was kept.
    """

    time: np.ndarray
    run: Run
    end: float
    events: Mapping[Any, CrossingRecord] = field(default_factory=dict)
    pieces: tuple[Piece, ...] | None = None

    @functools.cached_property
    def moments(self) -> np.ndarray:
        """The moments, shape (k, n, 3), in A m^2."""
        return self._array("moments")

    @functools.cached_property
    def mean_moment(self) -> np.ndarray:
        """Their mean, shape (k, 3), in A m^2."""
        return self._array("mean_moment")

    @functools.cached_property
    def energy(self) -> np.ndarray:
        """The energy of them all, shape (k,), in J."""
        return self._array("energy")

    @property
    def certificate(self) -> Certificate:
        """What was conserved and how well, and with what it was computed."""
        return self.run.certificate

    def at(self, t: Any) -> np.ndarray:
        """Return the moments at any times of the run, by the dense output of order 7, with their |m| kept.

        Parameters
        ----------
        t : float or array_like, shape (k,), second
            From 0 to `end`, in any order.

        Returns
        -------
        ndarray, shape (n, 3) or (k, n, 3), A m^2
            The moments.

        Raises
        ------
        ValueError
            For times outside the run, or if the dense output was not kept.
        """
        if self.pieces is None:
            raise ValueError(
                "dense must be True for moments at any time, since they are not all kept otherwise"
            )
        asked = _check.numbers("t", t, "s")
        times = asked.ravel()
        if times.size and not (times.min() >= 0.0 and times.max() <= self.end * (1.0 + 1e-12)):
            raise ValueError(
                f"t must lie within 0 and {self.end:g} s, got {times.min():g} to {times.max():g}"
            )
        u = np.empty((len(times), *self.pieces[0].states.shape[1:]))
        begins = np.array([piece.times[0] for piece in self.pieces])
        where = np.searchsorted(begins, times, side="right") - 1
        for i in np.unique(where):
            u[where == i] = self.pieces[i].at(times[where == i])
        magnitude = lengths(self.run["moments"][0])
        return (magnitude[:, None] * u).reshape(*asked.shape, *u.shape[1:])

    def to_xarray(self) -> Any:
        """Return all arrays as an `xarray.Dataset` with units."""
        dataset = self.run.to_xarray().isel(time=slice(len(self)))
        return dataset.assign_coords(
            time=("time", self.time, {"units": "s"}), component=("component", ["x", "y", "z"])
        )

    def _array(self, name: str) -> np.ndarray:
        """Return an array of the run, as far as there are times: an event may have ended it."""
        return self.run[name][: len(self)]

    def __len__(self) -> int:
        return len(self.time)

    def __repr__(self) -> str:
        return f"<Trajectory: {len(self)} times to {self.time[-1]:g} s, {self.run!r}>"
