"""How far away a source is as good as a dipole."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.optimize import brentq

from magneton import _check
from magneton.sources.base import NotDefined, Source
from magneton.sources.multipoles import Multipole, centre_of, extent_about, multipoles

#: Beyond so many radii of the source, and with so many degrees, the series takes the place of the difference of fields.
_SERIES_FROM, _ORDER = 4.0, 26
_DIRECTIONS = 1500
# Patches about the worst directions: how many, the first half width (rad), and how it shrinks.
_PATCHES, _WIDTH, _SHRINK, _ROUNDS = 8, 0.06, 0.4, 14


def _all_directions() -> np.ndarray:
    """Return unit vectors spread evenly over the sphere (a Fibonacci lattice)."""
    i = np.arange(_DIRECTIONS) + 0.5
    z = 1.0 - 2.0 * i / _DIRECTIONS
    angle = np.pi * (1.0 + math.sqrt(5.0)) * i
    rho = np.sqrt(1.0 - z * z)
    axes = np.concatenate([np.eye(3), -np.eye(3)])
    return np.concatenate([np.stack([rho * np.cos(angle), rho * np.sin(angle), z], axis=-1), axes])


class _Error:
    """The relative error of the dipole's field, by direction and distance."""

    def __init__(self, source: Source, centre: np.ndarray) -> None:
        self.source, self.centre = source, centre
        self.extent = extent_about(source, centre)
        order = max(_ORDER, getattr(source, "degree", 0), getattr(source, "order", 0))
        moments = multipoles(source, order, centre)
        if abs(moments.monopole) > 4.0 * moments.error[0]:
            raise NotDefined("dipole_range does not exist: a monopole outlasts the dipole at all distances")
        if np.linalg.norm(moments.moment) <= 4.0 * moments.error[1]:
            raise NotDefined("dipole_range does not exist: the dipole moment is zero")
        self.moment = float(np.linalg.norm(moments.moment))
        self.dipole = moments.part(1)
        others = moments.coefficients.copy()
        others[:, :2] = 0.0
        # What may be rounding is taken for zero, or a true dipole would have a range.
        others[np.abs(others) <= 4.0 * moments.error[:, None]] = 0.0
        self.others = Multipole(others, centre)

    def none(self) -> bool:
        """Return whether there is nothing but a dipole."""
        return not np.any(self.others.coefficients)

    def bound(self, distance: float) -> float:
        """Return an upper bound of the error: sum 2 (l + 1) |c_l|/r^(l - 1) over the dipole at its weakest."""
        sizes = np.abs(self.others.coefficients).max(axis=(0, 2)) * np.sqrt(
            2.0 * np.arange(self.others.order + 1) + 1.0
        )
        level = np.arange(len(sizes))
        used = sizes > 0.0
        logs = np.log(sizes[used] / self.moment) - (level[used] - 1.0) * math.log(distance)
        return float(np.sum(2.0 * (level[used] + 1.0) * np.exp(np.minimum(logs, 600.0))))

    def at(self, distance: float, directions: np.ndarray) -> np.ndarray:
        """Return |B - B_dipole|/|B| at a distance in each direction."""
        points = self.centre + distance * directions
        dipole = self.dipole.B(points)
        if distance >= _SERIES_FROM * self.extent:
            rest = self.others.B(points)  # no difference of near equals
            exact = dipole + rest
        else:
            exact = self.source.B(points)
            rest = exact - dipole
        return np.linalg.norm(rest, axis=-1) / np.linalg.norm(exact, axis=-1)

    def worst(self, distance: float) -> float:
        """Return the greatest error at a distance: that of many directions, then of ever smaller patches."""
        directions = _all_directions()
        errors = self.at(distance, directions)
        centres = directions[np.argsort(errors)[: -_PATCHES - 1 : -1]]
        best, width = float(errors.max()), _WIDTH
        steps = np.stack(np.meshgrid(*[np.linspace(-1.0, 1.0, 5)] * 2), axis=-1).reshape(-1, 2)
        for _ in range(_ROUNDS):
            across = np.cross(centres, np.eye(3)[np.argmin(np.abs(centres), axis=1)])
            across /= np.linalg.norm(across, axis=1)[:, None]
            frame = np.stack([across, np.cross(centres, across)], axis=1)
            patch = centres[:, None] + width * np.einsum("sk,pkj->psj", steps, frame)
            patch /= np.linalg.norm(patch, axis=-1)[..., None]
            errors = self.at(distance, patch)
            centres = patch[np.arange(len(patch)), np.argmax(errors, axis=1)]
            best, width = max(best, float(errors.max())), width * _SHRINK
        return best


def dipole_range(source: Source, rtol: Any, centre: Any = None) -> float:
    """Return the distance beyond which a source is as good as its dipole alone.

    Beyond it the field of a point dipole of the source's moment, at the centre, differs from the source's own B by no
    more than `rtol` of it in any direction. The greatest error at a distance is found over all directions, near the
    source from its field itself, farther off from its multipoles of degree 2 and more, where the difference of two
    fields would be rounding; the distance is good to 1e-8 of itself.

    Parameters
    ----------
    source : source
        With multipoles (see `magneton.sources.multipoles.multipoles`).
    rtol : float
        The relative error allowed, between 0 and 1.
    centre : array_like, shape (3,), metre, optional
        Where the dipole is; the source's position by default.

    Returns
    -------
    float, metre
        From the centre. 0 for a dipole; never less than the sphere about the centre that holds the source, inside
        which nothing is promised.

    Raises
    ------
    ValueError
        If the source has no multipoles, no dipole moment, or a monopole.

    Examples
    --------
    >>> from magneton import CircularLoop
    >>> from magneton.sources.far_dipole import dipole_range
    >>> round(dipole_range(CircularLoop(radius=1.0, current=1.0), 0.01), 3)
    12.258
    """
    rtol = _check.fraction("rtol", rtol)
    if not isinstance(source, Source):
        raise ValueError(f"source must be a source, got {type(source).__name__}")
    centre = centre_of(source) if centre is None else _check.vector("centre", centre, "m")
    error = _Error(source, centre)
    if error.none():
        return error.extent
    far = max(_SERIES_FROM * error.extent, error.others._unit)
    while error.bound(far) > rtol:
        far *= 1.5
    near = far
    while error.worst(near) <= rtol:
        far, near = near, near / 1.1
        if near <= error.extent:
            return error.extent
    # At `near` the dipole is worse than allowed, at `far` and beyond it is not.
    where: Any = brentq(
        lambda t: math.log(error.worst(math.exp(t)) / rtol), math.log(near), math.log(far), xtol=1e-9
    )
    return math.exp(where)
