"""A unit of a spacecraft: its dipoles, how well they are known, and where it is mounted."""

from __future__ import annotations

import functools
import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from magneton import _check
from magneton.estimation._regions import Prediction
from magneton.estimation.estimate import MomentEstimate
from magneton.sources import Dipole

#: Below so many degrees of freedom of an estimated noise the tails of Student's t are told of.
_FEW = 10


@dataclass(frozen=True, eq=False)
class Unit:
    """A unit of a spacecraft, with its dipoles as they were measured and the place where it is mounted.

    Parameters
    ----------
    name : str
        What it is called.
    dipoles : MomentEstimate, Dipole, or a list of Dipole
        Its dipoles, in its own frame: an estimate, of a fit to a rotating rig's readings say, brings its covariance,
        which counts as that of normal errors. If its noise was estimated, with dof degrees of freedom, its errors have
        Student's t distribution, and the covariance is that of t: dof/(dof - 2) times the estimate's. Tails are then
        heavier than counted here beyond the 95 % level, of which a `UserWarning` is given for less than 10 degrees
        of freedom; less than 3 are refused, since t has no variance.
    position : array_like, shape (3,), metre
        Where the origin of its frame is mounted.
    orientation : scipy Rotation, optional
        How its frame is turned, actively.
    covariance : array_like, shape (6 n, 6 n), optional
        Of places (m), all first, and moments (A m^2) of n dipoles that are given as such; zero if left out.

    Examples
    --------
    >>> import magneton as mg
    >>> from magneton.estimation import Spacecraft, Unit
    >>> wheel = Unit("wheel", mg.Dipole(moment=[0, 0, 0.1]), position=[0.3, 0, 0])
    >>> relay = Unit.of_magnitude("relay", 0.02, position=[-0.2, 0.1, 0])
    >>> craft = Spacecraft([wheel, relay])
    >>> craft.verdict([4.0, 0, 0], limit=0.3e-9).passes(0.95)
    True
    """

    name: str
    dipoles: Any
    position: Any = (0.0, 0.0, 0.0)
    orientation: Any = None
    covariance: Any = None
    positions: np.ndarray = field(init=False, repr=False)
    moments: np.ndarray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        places, moments, covariance = _content(self.dipoles, self.covariance)
        if (
            isinstance(self.dipoles, MomentEstimate)
            and not self.dipoles.noise_known
            and self.dipoles.dof < _FEW
        ):
            warnings.warn(
                f"unit {self.name}: the noise was estimated with {self.dipoles.dof} degrees of freedom only; its "
                "covariance is that of Student's t, whose tails are heavier than those of the normal errors counted",
                stacklevel=3,
            )
        turn = np.eye(3)
        if self.orientation is not None:
            turn = _check.rotation_matrix("orientation", self.orientation)
        all_turns = np.kron(np.eye(2 * len(places)), turn)
        mounted = _check.vector("position", self.position, "m")
        object.__setattr__(self, "position", mounted)
        object.__setattr__(self, "positions", places @ turn.T + mounted)
        object.__setattr__(self, "moments", moments @ turn.T)
        object.__setattr__(self, "covariance", all_turns @ covariance @ all_turns.T)

    @classmethod
    def of_magnitude(cls, name: str, magnitude: float, position: Any) -> Unit:
        """Return a unit of which only the magnitude of the moment is known, in A m^2: any direction is as likely.

        Its moment counts as normal, with mean 0 and a standard deviation of magnitude/sqrt(3) along each axis.
        """
        size = _check.positive("magnitude", magnitude, "A m^2")
        covariance = np.diag([0.0] * 3 + [size * size / 3.0] * 3)
        return cls(name, Dipole(moment=[0.0, 0.0, 0.0]), position, covariance=covariance)

    @functools.cached_property
    def moment(self) -> np.ndarray:
        """The sum of its moments in the frame of the spacecraft, shape (3,), in A m^2."""
        return self.moments.sum(axis=0)

    @functools.cached_property
    def moment_covariance(self) -> np.ndarray:
        """That of `moment`, shape (3, 3)."""
        n = len(self.moments)
        total = np.hstack([np.zeros((3, 3 * n)), np.tile(np.eye(3), n)])
        return total @ self.covariance @ total.T

    def field(self, points: Any) -> Prediction:
        """Return the unit's field and its covariance, to first order, at points, shape (..., 3), in m."""
        where = _check.points("points", points)
        B, at, of = np.zeros(where.shape), [], []
        for position, moment in zip(self.positions, self.moments, strict=True):
            own = Dipole(moment=moment, position=position)
            B += own.B(where)
            at.append(-own.grad_B(where))
            of.append(np.stack([Dipole(moment=e, position=position).B(where) for e in np.eye(3)], axis=-1))
        jacobian = np.concatenate(at + of, axis=-1)
        return Prediction(B, jacobian @ self.covariance @ jacobian.swapaxes(-1, -2))


def _content(dipoles: Any, covariance: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places and moments, shape (n, 3), and their covariance, shape (6 n, 6 n)."""
    if isinstance(dipoles, MomentEstimate):
        if covariance is not None:
            raise ValueError("covariance must be left out where an estimate is given, which brings its own")
        return _of_estimate(dipoles)
    several = [dipoles] if isinstance(dipoles, Dipole) else dipoles
    if (
        not isinstance(several, list | tuple)
        or not several
        or not all(isinstance(d, Dipole) for d in several)
    ):
        raise ValueError(
            f"dipoles must be a MomentEstimate, a Dipole or a list of Dipole, got {_check.shown(dipoles)}"
        )
    places, moments = np.array([d.position for d in several]), np.array([d.moment for d in several])
    size = 6 * len(several)
    known = np.zeros((size, size)) if covariance is None else _check.numbers("covariance", covariance)
    if known.shape != (size, size):
        raise ValueError(f"covariance must have shape ({size}, {size}), got shape {known.shape}")
    scale = np.sqrt(np.abs(np.diagonal(known)))
    unit = known / np.outer(*[np.where(scale > 0.0, scale, 1.0)] * 2)
    if not np.allclose(unit, unit.T) or np.linalg.eigvalsh(unit).min() < -1e-9:
        raise ValueError("covariance must be symmetric, with no negative variance in any direction")
    return places, moments, known


def _of_estimate(estimate: MomentEstimate) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if estimate.position is None or np.ndim(estimate.moment) == 0:
        raise ValueError(f"dipoles must be an estimate with places and vectors, got one by {estimate.method}")
    if not (
        np.isfinite(estimate.moment_covariance).all() and np.isfinite(estimate.position_covariance).all()
    ):
        raise ValueError("dipoles must be an estimate that determines the moments and their places")
    if not estimate.noise_known and estimate.dof <= 2:
        raise ValueError(
            "dipoles must be an estimate with its noise given, or estimated with 3 degrees of freedom or more, "
            f"got {estimate.dof}: give the noise to the fit"
        )
    of_t = 1.0 if estimate.noise_known else estimate.dof / (estimate.dof - 2.0)
    names = list(estimate.names)
    n = estimate.n_dipoles
    number = [""] if n == 1 else [f"_{d}" for d in range(n)]
    own = [f"{kind}{d}_{axis}" for kind in ("position", "moment") for d in number for axis in "xyz"]
    known = [k for k, name in enumerate(own) if name in names]
    which = [names.index(own[k]) for k in known]
    covariance = np.zeros((6 * n, 6 * n))
    covariance[np.ix_(known, known)] = of_t * estimate.covariance[np.ix_(which, which)]
    return np.atleast_2d(estimate.position), np.atleast_2d(estimate.moment), covariance
