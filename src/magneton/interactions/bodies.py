"""Forces among many bodies: every pair to a tolerance."""

from __future__ import annotations

import functools
import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.interactions._overlap import body_of
from magneton.interactions._routes import total_forces
from magneton.interactions._tally import Tally
from magneton.sources import Dipole, Source
from magneton.sources.body import Body
from magneton.sources.far_dipole import dipole_range


@dataclass(frozen=True)
class _Total:
    forces: np.ndarray
    torques: np.ndarray
    energy: float
    error: float


@dataclass(frozen=True, eq=False)
class BodySystem:
    """N rigid bodies that act on each other, and fields on all of them: every pair by `interaction`.

    Each pair is integrated once; the other gets the reaction. Where the distance is so large that the two differ from
    dipoles by less than `rtol` (`magneton.sources.far_dipole.dipole_range`), they are taken for dipoles.

    Parameters
    ----------
    bodies : sequence of sources
        Magnets, circuits, coils, moments, collections (rigid bodies): whatever a force can act on.
    external : source, optional
        Acts on all bodies, and nothing acts on it.
    rtol : float
        Of every pair, relative to the integral of its absolute integrand.

    Raises
    ------
    ValueError
        If there is no body, one is nothing that a force could act on, or two overlap (the message names the pair).

    Examples
    --------
    Three magnets in a row; the middle one is pulled by both neighbours alike:

    >>> from magneton import Cuboid
    >>> from magneton.interactions import BodySystem
    >>> magnet = Cuboid([0.01, 0.01, 0.01], polarization=[0, 0, 1.2])
    >>> row = BodySystem([magnet.translated([0, 0, z]) for z in (0.0, 0.015, 0.03)])
    >>> (row.forces()[:, 2].round(3) + 0.0).tolist()
    [10.126, 0.0, -10.126]
    """

    bodies: Any
    external: Any = None
    rtol: float = 1e-9

    def __post_init__(self) -> None:
        try:
            bodies = tuple(self.bodies)
        except TypeError:
            raise ValueError(
                f"bodies must be a sequence of sources, got {type(self.bodies).__name__}"
            ) from None
        if not bodies:
            raise ValueError("bodies must hold at least one source, got none")
        for i, one in enumerate(bodies):
            if not isinstance(one, Source) or body_of(one) is None:
                raise ValueError(
                    f"bodies[{i}] must be something that a force can act on, got {type(one).__name__}"
                )
        if self.external is not None and not isinstance(self.external, Source):
            raise ValueError(f"external must be a source, got {type(self.external).__name__}")
        object.__setattr__(self, "bodies", bodies)
        object.__setattr__(self, "rtol", max(_check.fraction("rtol", self.rtol), 4e-15))

    def forces(self) -> np.ndarray:
        """Return the force on each body in newton, shape (n, 3)."""
        return self._total.forces.copy()

    def torques(self) -> np.ndarray:
        """Return the torque on each body about its own position in N m, shape (n, 3)."""
        return self._total.torques.copy()

    def energy(self) -> float:
        """Return the energy of all pairs, each once, and of all bodies in the external field, in joule.

        nan where one of them has none: a single pole and a circuit, moving charges.
        """
        return self._total.energy

    @property
    def error(self) -> float:
        """The largest `Interaction.error` of a pair."""
        return self._total.error

    @functools.cached_property
    def _total(self) -> _Total:
        forces, torques = np.zeros((len(self.bodies), 3)), np.zeros((len(self.bodies), 3))
        energy = error = 0.0
        for i, j in itertools.combinations(range(len(self.bodies)), 2):
            for target, part, counts in self._pair(i, j):
                forces[target] += part.values[:3]
                torques[target] += part.values[3:6]
                energy += part.values[6] if counts else 0.0
                error = max(error, part.relative_error())
        if self.external is not None:
            for i, one in enumerate(self.bodies):
                part = _checked(total_forces(self.external, one, one.body.position, self.rtol), "external", i)
                forces[i] += part.values[:3]
                torques[i] += part.values[3:6]
                energy += part.values[6]
                error = max(error, part.relative_error())
        return _Total(forces, torques, float(energy), error)

    def _pair(self, i: int, j: int) -> list[tuple[int, Tally, bool]]:
        """Return what acts on j and on i, and which of the two counts for the energy."""
        one, two = self.bodies[i], self.bodies[j]
        if self._are_dipoles(i, j):
            one, two = Dipole(one.moment, one.body.position), Dipole(two.moment, two.body.position)
        try:
            on_two = total_forces(one, two, two.body.position, self.rtol)
            if one.body.closed and two.body.closed:
                back = on_two.reaction()
                back.values[3:6] += np.cross(two.body.position - one.body.position, back.values[:3])
            else:
                back = total_forces(two, one, one.body.position, self.rtol)
        except ValueError as problem:
            raise ValueError(f"bodies[{i}] and bodies[{j}]: {problem}") from None
        names = f"bodies[{i}]"
        return [(j, _checked(on_two, names, j), True), (i, _checked(back, names, j), False)]

    def _are_dipoles(self, i: int, j: int) -> bool:
        bodies: tuple[Body, Body] = self.bodies[i].body, self.bodies[j].body
        extents = bodies[0].extent + bodies[1].extent
        distance = float(np.linalg.norm(bodies[0].position - bodies[1].position))
        if extents == 0.0 or distance < extents / np.sqrt(self.rtol):  # no body is a dipole nearer than that
            return False
        return distance > self._range(i) + self._range(j)

    def _range(self, i: int) -> float:
        """Return the distance from body i beyond which it is a dipole; infinite if it never is."""
        known = self._ranges.get(i)
        if known is None:
            try:
                # The force's error is that of the gradient: some times that of the field.
                known = dipole_range(self.bodies[i], 0.1 * self.rtol, self.bodies[i].body.position)
            except ValueError:
                known = np.inf
            self._ranges[i] = known
        return known

    @functools.cached_property
    def _ranges(self) -> dict[int, float]:
        return {}


def _checked(part: Tally, name: str, j: int) -> Tally:
    """Require a force that is defined."""
    if not np.all(np.isfinite(part.values[:6])):
        raise ValueError(f"{name} and bodies[{j}] must not touch: the field is not defined on part of them")
    return part
