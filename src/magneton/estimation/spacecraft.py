"""Magnetic cleanliness: units with moments make the field at the tip of a boom, which has a limit."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq

from magneton import _check
from magneton.estimation import _magnitudes
from magneton.estimation._regions import Prediction
from magneton.estimation._unit import Unit

#: Distances at which a boom's length is looked for first: so many a decade, over so many decades.
_A_DECADE, _DECADES = 20, 6


@dataclass(frozen=True, eq=False)
class Verdict:
    """Whether a spacecraft keeps a limit.

    Attributes
    ----------
    limit : float, tesla
        Of the magnitude of the field.
    probability : float
        That the limit is kept.
    risk : float
        That it is not, with all its digits even if it is small.
    magnitude : float, tesla
        Of the expected field.
    shares : dict of str to float
        What each unit's expected field adds to `magnitude`, in T: its component along the total.
    variance_shares : dict of str to float
        What part of the variance each unit brings; they sum up to 1.
    """

    limit: float
    probability: float
    risk: float
    magnitude: float
    shares: dict[str, float]
    variance_shares: dict[str, float]

    def passes(self, level: float = 0.95) -> bool:
        """Return whether the limit is kept with a probability of `level` or more."""
        return self.probability >= _check.fraction("level", level)

    def __str__(self) -> str:
        width = max(len(name) for name in self.shares)
        lines = [
            f"{self.magnitude:.3g} T expected, limit {self.limit:.3g} T, "
            f"kept with probability {self.probability:.4g}"
        ]
        lines += [
            f"  {name:<{width}}  {share:+.3g} T, {self.variance_shares[name]:.1%} of the variance"
            for name, share in self.shares.items()
        ]
        return "\n".join(lines)


@dataclass(frozen=True, eq=False)
class Spacecraft:
    """Units whose errors are independent of each other, and their field: a budget of moments.

    Parameters
    ----------
    units : sequence of Unit
        Names must differ.
    """

    units: Sequence[Unit]

    def __post_init__(self) -> None:
        units = tuple(self.units)
        if not units or not all(isinstance(unit, Unit) for unit in units):
            raise ValueError("units must be one Unit or more")
        names = [unit.name for unit in units]
        if len(set(names)) < len(names):
            raise ValueError(f"units must have different names, got {', '.join(names)}")
        object.__setattr__(self, "units", units)

    @functools.cached_property
    def moment(self) -> np.ndarray:
        """The total moment, shape (3,), in A m^2."""
        return np.sum([unit.moment for unit in self.units], axis=0)

    @functools.cached_property
    def moment_covariance(self) -> np.ndarray:
        """That of `moment`, shape (3, 3), in (A m^2)^2."""
        return np.sum([unit.moment_covariance for unit in self.units], axis=0)

    def field(self, points: Any) -> Prediction:
        """Return the field of all units and its covariance, to first order, at points, shape (..., 3), in m."""
        parts = [unit.field(points) for unit in self.units]
        return Prediction(sum(part.B for part in parts), sum(part.covariance for part in parts))  # pyright: ignore[reportArgumentType]

    def contributions(self, points: Any) -> dict[str, Prediction]:
        """Return the field of each unit by name."""
        return {unit.name: unit.field(points) for unit in self.units}

    def probability_band(self, points: Any, level: float = 0.95) -> tuple[Any, Any]:
        """Return bounds of \\|B\\|, shape (...), in T, with as much probability below the lower as above the upper.

        By the exact distribution of the length of a normal vector, inverted from its cumulant generating function
        [Imhof1961]_; nothing is drawn.
        """
        tail = (1.0 - _check.fraction("level", level)) / 2.0
        return self.magnitude_quantile(points, tail), self.magnitude_quantile(points, 1.0 - tail)

    def magnitude_quantile(self, points: Any, level: float) -> Any:
        """Return what \\|B\\| stays below with a probability, shape (...), in T."""
        level = _check.fraction("level", level)
        there = self.field(points)
        pairs = zip(there.B.reshape(-1, 3), there.covariance.reshape(-1, 3, 3), strict=True)
        found = [
            _magnitudes.quantile(B, C, level) if np.isfinite(B).all() and np.isfinite(C).all() else math.nan
            for B, C in pairs
        ]
        return _check.plain(np.reshape(found, there.B.shape[:-1]))

    def verdict(self, point: Any, limit: float) -> Verdict:
        """Return whether the field at a point, shape (3,), stays below a limit in T."""
        where, limit = _check.vector("point", point, "m"), _check.positive("limit", limit, "T")
        parts = self.contributions(where)
        there = self.field(where)
        if not np.isfinite(there.B).all():
            raise ValueError("point must not be at a dipole")
        size = float(np.linalg.norm(there.B))
        along = there.B / size if size > 0.0 else np.zeros(3)
        total = float(np.trace(there.covariance))
        under, above = _magnitudes.below(there.B, there.covariance, limit)
        return Verdict(
            limit,
            under,
            above,
            size,
            {name: float(part.B @ along) for name, part in parts.items()},
            {
                name: float(np.trace(part.covariance)) / total if total > 0.0 else 0.0
                for name, part in parts.items()
            },
        )

    def boom_length(self, direction: Any, limit: float, level: float = 0.95, origin: Any = None) -> float:
        """Return how far a boom must reach: from there on \\|B\\| stays below a limit with a probability.

        Parameters
        ----------
        direction : array_like, shape (3,)
            Of the boom; of any length.
        limit : float, tesla
            Of \\|B\\|.
        level : float
            The probability.
        origin : array_like, shape (3,), metre, optional
            Where the boom begins; the mean place of the dipoles by default.

        Returns
        -------
        float
            In m; 0 if the limit is kept all along, or if there is no field.
        """
        along, limit = _check.vector("direction", direction), _check.positive("limit", limit, "T")
        if not along.any():
            raise ValueError("direction must not be zero")
        along, level = along / np.linalg.norm(along), _check.fraction("level", level)
        places = np.concatenate([unit.positions for unit in self.units])
        start = places.mean(axis=0) if origin is None else _check.vector("origin", origin, "m")

        def over(distance: float) -> float:
            there = self.field(start + distance * along)
            if not np.isfinite(there.B).all():
                return 1.0
            return _magnitudes.below(there.B, there.covariance, limit)[1] - (1.0 - level)

        # Far away the field falls as 1/r^3, so that there is a last crossing: nearer than a strong bound for it.
        reach = self._strongest(limit, level)
        if reach == 0.0:
            return 0.0
        high = 2.0 * reach + 2.0 * float(np.linalg.norm(places - start, axis=1).max())
        while over(high) > 0.0:  # places are uncertain
            high *= 2.0
        shortest, low = 10.0**-_DECADES * high, high
        while over(low) <= 0.0:
            high, low = low, low * 10.0 ** (-1.0 / _A_DECADE)
            if low < shortest:
                return 0.0
        found: Any = brentq(over, low, high, xtol=1e-12 * high)
        return found

    def _strongest(self, limit: float, level: float) -> float:
        """Return a distance in m from all dipoles beyond which the limit is kept: moments added without their signs."""
        total = sum(float(np.linalg.norm(unit.moments, axis=1).sum()) for unit in self.units)
        spread = sum(
            math.sqrt(len(u.moments) * float(np.trace(u.covariance[_moments(u)]))) for u in self.units
        )
        return (2e-7 * (total + spread / math.sqrt(1.0 - level)) / limit) ** (1.0 / 3.0)


def _moments(unit: Unit) -> tuple[slice, slice]:
    """Return where the covariance of the moments is."""
    own = slice(3 * len(unit.moments), None)
    return own, own
