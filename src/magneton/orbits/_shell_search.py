"""The search along rays for the field lines of one drift shell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from magneton.orbits._vectors import norm
from magneton.orbits._well import integrals, wells_of_mirror_field
from magneton.orbits.field_lines import weakest
from magneton.orbits.fields.base import OrbitField

_MOST_EXPANSIONS, _MOST_STEPS = 24, 60
#: Relative error of K and of the radius.
_ENOUGH = 1e-11


@dataclass(frozen=True)
class Search:
    """What is sought: lines with the given K at the given mirror field, on rays from a centre in a plane.

    Attributes
    ----------
    field : OrbitField
        The field.
    centre : ndarray, shape (3,), metre
        Where the rays start.
    axes : ndarray, shape (2, 3)
        Unit vectors of the plane.
    mirror_field, K : float
        In tesla and T^(1/2) m.
    t : float, second
        When.
    """

    field: OrbitField
    centre: np.ndarray
    axes: np.ndarray
    mirror_field: float
    K: float
    t: float

    def directions(self, count: int, offset: float = 0.0) -> np.ndarray:
        """Return unit vectors evenly spaced in longitude, shape (count, 3)."""
        longitude = 2.0 * np.pi * (np.arange(count) + offset) / count
        return np.cos(longitude)[:, None] * self.axes[0] + np.sin(longitude)[:, None] * self.axes[1]

    def points(self, radii: np.ndarray) -> np.ndarray:
        """Return the points at radii along the rays, shape (n, 3)."""
        return self.centre + radii[:, None] * self.directions(len(radii))

    def _excess(self, radii: np.ndarray, directions: np.ndarray) -> np.ndarray:
        """Return a function of the radius that rises through zero at the shell, relative to K.

        It is K(line) - K; where the field of the line is everywhere above the mirror field, it goes on below -K as
        the field's excess does. For K = 0 that is all there is.
        """
        rows = np.empty((len(radii), 4))
        rows[:, :3], rows[:, 3] = self.centre + radii[:, None] * directions, self.t
        strength = norm(self.field.B(rows[:, :3], self.t))
        strong = (strength >= self.mirror_field) | (self.K == 0.0)
        if strong.any():
            rows[strong] = weakest(self.field, rows[strong])
            strength[strong] = norm(self.field.B(rows[strong, :3], self.t))
        excess = 1.0 - strength / self.mirror_field
        if self.K == 0.0:
            return excess
        bound = np.flatnonzero(excess > 0.0)
        scale = np.sqrt(self.mirror_field) * radii / self.K
        result = -1.0 + scale * np.minimum(excess, 0.0)
        result[np.isnan(excess)] = np.nan
        if len(bound):
            wells = wells_of_mirror_field(self.field, rows[bound], np.full(len(bound), self.mirror_field))
            action = integrals(wells, wells.mirrors()[1])[0]
            result[bound] = np.sqrt(self.mirror_field) * action / self.K - 1.0
        return result

    def radii(self, guess: np.ndarray, offset: float = 0.0) -> np.ndarray:
        """Return where the shell cuts the rays, shape (n,), from guesses of that shape."""
        directions = self.directions(len(guess), offset)
        low, high, f_low, f_high = self._bracket(guess, directions)
        return self._roots(low, high, f_low, f_high, directions)

    def _bracket(self, guess: np.ndarray, directions: np.ndarray) -> tuple[np.ndarray, ...]:
        """Return radii on both sides of the shell, and the excess there."""
        low, high = guess * (1.0 - 1e-3), guess * (1.0 + 1e-3)
        f_low, f_high = self._excess(low, directions), self._excess(high, directions)
        factor = 1.004
        for _ in range(_MOST_EXPANSIONS):
            down, up = np.flatnonzero(f_low > 0.0), np.flatnonzero(f_high < 0.0)
            if not len(down) and not len(up):
                break
            high[down], f_high[down] = low[down], f_low[down]
            low[up], f_low[up] = high[up], f_high[up]
            low[down] /= factor
            high[up] *= factor
            f_low[down] = self._excess(low[down], directions[down])
            f_high[up] = self._excess(high[up], directions[up])
            factor = min(factor**2, 1.3)
        if not ((f_low <= 0.0) & (f_high >= 0.0)).all():
            raise ValueError(
                "position must lie on a closed drift shell around the centre: no line like its own on some ray"
            )
        return low, high, f_low, f_high

    def _roots(
        self, low: np.ndarray, high: np.ndarray, f_low: np.ndarray, f_high: np.ndarray, directions: np.ndarray
    ) -> np.ndarray:
        """Return the zeros between, by regula falsi with the halving of Illinois."""
        best = np.where(f_high == 0.0, high, low)
        going = np.flatnonzero((f_low < 0.0) & (f_high > 0.0))
        side = np.zeros(len(low))
        for _ in range(_MOST_STEPS):
            if not len(going):
                break
            a, b, fa, fb = low[going], high[going], f_low[going], f_high[going]
            middle = b - fb * (b - a) / (fb - fa)
            middle = np.where((middle > a) & (middle < b), middle, 0.5 * (a + b))
            value = self._excess(middle, directions[going])
            rises, falls = value > 0.0, value < 0.0
            high[going], f_high[going] = np.where(rises, middle, b), np.where(rises, value, fb)
            low[going], f_low[going] = np.where(falls, middle, a), np.where(falls, value, fa)
            # the end that stays for the second time counts half
            f_low[going] *= np.where(rises & (side[going] > 0.0), 0.5, 1.0)
            f_high[going] *= np.where(falls & (side[going] < 0.0), 0.5, 1.0)
            side[going] = np.sign(value)
            moved = np.abs(middle - best[going])
            best[going] = middle
            going = going[(np.abs(value) > _ENOUGH) & (moved > _ENOUGH * middle)]
        return best
