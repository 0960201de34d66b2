"""Many moments that act on each other, in a field from outside."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.interactions._external import as_source_or_none
from magneton.interactions._pairs import pair_fields, pair_forces, require_distinct


@dataclass(frozen=True, eq=False)
class MomentSystem:
    """N point moments that act on each other: all pairs, the self pair left out exactly.

    One threaded loop over all pairs gives forces and fields, another the fields alone; memory grows as N. What is
    summed is kept: after the forces, fields, torques and energy cost nothing.

    Parameters
    ----------
    moments : array_like, shape (n, 3), A m^2
        The moments.
    positions : array_like, shape (n, 3), metre
        Where they are; no two alike.
    external : source or sequence of sources, optional
        What else acts on them: a magnet, a coil, a uniform field.

    Raises
    ------
    ValueError
        If shapes differ, two moments are at one place (the message names the pair), or `external` is no source.

    Examples
    --------
    >>> from magneton import MomentSystem, UniformField
    >>> pair = MomentSystem([[0, 0, 1.0], [0, 0, 1.0]], [[0, 0, 0], [0, 0, 0.1]])
    >>> round(pair.energy(), 9), pair.forces().round(6).tolist()
    (-0.0002, [[0.0, 0.0, 0.006], [0.0, 0.0, -0.006]])

    In a field along them each gains m B:

    >>> held = MomentSystem(pair.moments, pair.positions, external=UniformField([0, 0, 1e-3]))
    >>> round(held.energy(), 9)
    -0.0022
    """

    moments: Any
    positions: Any
    external: Any = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "moments", _check.vectors("moments", self.moments, "A m^2"))
        object.__setattr__(self, "positions", _check.vectors("positions", self.positions, "m"))
        _check.same_length("moments", self.moments, "positions", self.positions)
        require_distinct(self.positions)
        object.__setattr__(self, "external", as_source_or_none("external", self.external))

    @functools.cached_property
    def _forces_of_others(self) -> np.ndarray:
        forces, fields = pair_forces(self.moments, self.positions)
        self.__dict__["_of_others"] = fields  # they come with the forces
        return forces

    @functools.cached_property
    def _of_others(self) -> np.ndarray:
        return pair_fields(self.moments, self.positions)

    @functools.cached_property
    def _from_outside(self) -> np.ndarray:
        if self.external is None:
            return np.zeros(self.positions.shape)
        return self.external.B(self.positions)

    def fields(self) -> np.ndarray:
        """Return B at each moment, of all the others and of `external`, shape (n, 3), T."""
        return self._of_others + self._from_outside

    def forces(self) -> np.ndarray:
        """Return the force on each moment, shape (n, 3), N; without `external` they sum to zero."""
        forces = self._forces_of_others.copy()
        if self.external is not None:
            forces += np.einsum("nji,nj->ni", self.external.grad_B(self.positions), self.moments)
        return forces

    def torques(self) -> np.ndarray:
        """Return the torque m x B on each moment about its own position, shape (n, 3), N m."""
        return np.cross(self.moments, self.fields())

    def energy(self) -> float:
        """Return the energy of the system in J: each pair once, -m.B for each moment in the field of `external`."""
        return -float(np.sum(self.moments * (0.5 * self._of_others + self._from_outside)))
