"""What all uniformly magnetized bodies share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from magneton import _check
from magneton.constants import mu_0
from magneton.sources.base import ScalarPotential, VectorPotential, turned
from magneton.sources.framed import FramedBody
from magneton.sources.grades import remanence_of_grade

_WAYS = ("magnetization", "polarization", "remanence", "grade")


@dataclass(frozen=True, eq=False, kw_only=True)
class Magnet(FramedBody, VectorPotential, ScalarPotential):
    """A uniformly magnetized rigid body: exactly one of magnetization, polarization, remanence and grade.

    A subclass gives `volume` and `_check_shape` besides what `FramedBody` asks for.

    Parameters
    ----------
    magnetization : array_like, shape (3,), A/m
        M, in the body's own frame: it turns with `orientation`.
    polarization : array_like, shape (3,), tesla
        J = mu_0 M.
    remanence : array_like, shape (3,), tesla
        B_r of a hard magnet with a straight demagnetization curve: M = B_r/mu_0.
    grade : str
        A commercial grade such as "N42" (see `magneton.sources.grades`), with `direction`.
    direction : array_like, shape (3,)
        Of the magnetization, any length but zero; for `grade` only.
    position : array_like, shape (3,), metre
        Origin of the body's own frame.
    orientation : scipy Rotation, optional
        Takes the body's frame to the global one.
    """

    magnetization: Any = None
    polarization: Any = field(default=None, repr=False)
    remanence: Any = field(default=None, repr=False)
    grade: Any = None
    direction: Any = field(default=None, repr=False)
    position: Any = (0.0, 0.0, 0.0)
    orientation: Any = field(default_factory=lambda: None)  # no class attribute: see Framed

    def __post_init__(self) -> None:
        self._check_shape()
        self._set_magnetization()
        self._set_frame()

    def _check_shape(self) -> None:
        raise NotImplementedError

    @property
    def volume(self) -> float:
        """The volume in m^3."""
        raise NotImplementedError

    def _set_magnetization(self) -> None:
        """Keep what was given as magnetization, and the others as what follows from it."""
        given = [name for name in _WAYS if getattr(self, name) is not None]
        if len(given) != 1:
            came = " and ".join(given) if given else "none"
            raise ValueError(f"exactly one of {', '.join(_WAYS)} must be given, got {came}")
        if (self.direction is not None) != (given == ["grade"]):
            raise ValueError("grade and direction must be given together, and direction with nothing else")
        if given == ["magnetization"]:
            vector = _check.vector("magnetization", self.magnetization, "A/m")
        elif given == ["grade"]:
            direction = _check.vector("direction", self.direction)
            if not np.any(direction):
                raise ValueError("direction must not be zero, got [0, 0, 0]")
            unit = direction / np.abs(direction).max()
            vector = remanence_of_grade(self.grade) / float(mu_0) * (unit / np.linalg.norm(unit))
        else:
            vector = _check.vector(given[0], getattr(self, given[0]), "T") / float(mu_0)
        vector.setflags(write=False)
        polarization = float(mu_0) * vector
        polarization.setflags(write=False)
        object.__setattr__(self, "magnetization", vector)
        object.__setattr__(self, "polarization", polarization)
        object.__setattr__(self, "remanence", polarization)

    @property
    def moment(self) -> np.ndarray:
        """The moment M V, shape (3,), A m^2, in the global frame."""
        return self.volume * turned(self._matrix, self.magnetization)

    def contains(self, points: Any) -> np.ndarray:
        """Return where points (m), shape (..., 3), lie inside the body: bool, shape (...); False on its surface."""
        probe = self._placed(self.position, self._matrix)
        object.__setattr__(probe, "magnetization", np.array([0.0, 0.0, 1.0]))
        inside = probe.B(points) / float(mu_0) - probe.H(points)  # M: its length is 1 inside and 0 outside
        return np.linalg.norm(inside, axis=-1) > 0.5
