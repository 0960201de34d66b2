"""Many Stoner-Wohlfarth particles whose axes point in many directions: their mean loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton._check import fraction, numbers, positive
from magneton.dynamics import _wells

_REACH = 3.3  # the double exponential rule ends where its weights are below rounding
_LEVEL = 5
_QUARTER = 0.25 * np.pi
#: How often panels are halved: a jump of the density is then cut out to rounding.
_HALVINGS = 55
#: What the sums over a panel may be off by.
_ROUNDING = 1e-15
#: Panels are at most so wide, in rad, where a density is given: what is narrower than their points may be missed.
_WIDEST = 0.1


@dataclass(frozen=True)
class StonerWohlfarthEnsemble:
    """Particles that are alike and do not act on each other, with axes distributed about the field.

    Parameters
    ----------
    moment : float
        Of each, in A m^2.
    B_k : float
        Anisotropy field 2 K V/moment in T, positive.
    density : callable, optional
        Distribution of the angle between axis and field, per rad: takes an array of angles from 0 to pi/2, returns
        what is never negative; it need not be normalized. By default sin(psi): axes in all directions alike.

    Notes
    -----
    [StonerWohlfarth1948]_. The mean is an integral over the angle, cut where particles have switched and at pi/4, by
    the double exponential rule of [TakahasiMori1974]_, which the root singularities at the cuts do not disturb; parts
    are halved until the mean has settled, so that a density may be narrow or have jumps. One that is 0 but within some
    2e-3 rad may be missed. A few axes, or measured ones, are `StonerWohlfarth.hysteresis` with an
    array of angles.

    Examples
    --------
    >>> ensemble = StonerWohlfarthEnsemble(moment=1.0, B_k=1.0)
    >>> print(round(ensemble.remanence(), 6), round(ensemble.coercive_field(), 6))
    0.5 0.482212
    """

    moment: float
    B_k: float
    density: Callable[[np.ndarray], Any] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "moment", positive("moment", self.moment, "A m^2"))
        object.__setattr__(self, "B_k", positive("B_k", self.B_k, "T"))
        if not (self.density is None or callable(self.density)):
            raise ValueError(f"density must be a function of angles or None, got {self.density!r}")
        if self.density is not None:
            self._density(np.linspace(0.0, 0.5 * np.pi, 181))

    def hysteresis(self, B: Any, start: int | None = None, *, rtol: float = 1e-10) -> np.ndarray:
        """Return the mean moment along the field; see `hysteresis_and_error`."""
        return self.hysteresis_and_error(B, start, rtol=rtol)[0]

    def hysteresis_and_error(
        self, B: Any, start: int | None = None, *, rtol: float = 1e-10
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the mean moment along the field per particle for a sequence of fields, and a bound of its error.

        Parameters
        ----------
        B : array_like, shape (n,)
            The fields in T, one after another along one line.
        start : {1, 0, -1}, optional
            State at the start: saturated along +B or -B, or demagnetized (half of the moments in each well); by default
            saturated along the first field.
        rtol : float
            Error to refine the mean to, relative to the moment; at least 1e-14.

        Returns
        -------
        moment, error : ndarray, shape (n,)
            In A m^2; the error is the last change by halving the steps of the rule.

        Raises
        ------
        RuntimeError
            If the error is larger after all halvings.
        """
        h = numbers("B", B, "T") / self.B_k
        if h.ndim != 1 or not h.size:
            raise ValueError(f"B must have shape (n,), n > 0, got shape {h.shape}")
        if start not in (1, 0, -1, None):
            raise ValueError(f"start must be 1, 0, -1 or None, got {start!r}")
        goal = max(fraction("rtol", rtol), 1e-14)
        first = (-1 if h[0] < 0.0 else 1) if start is None else start
        moment, share, error = self._integrals(h, _panels(h.tolist(), first), goal)
        if not (share > 0.0).all():
            raise ValueError("density must be positive somewhere, got 0 at all angles where it was looked at")
        error = error / share + 1e-15
        if not (error <= goal).all():
            raise RuntimeError(
                f"the mean over the axes has not settled to rtol = {rtol:g}, but to {error.max():.1g}"
            )
        return self.moment * moment / share, self.moment * error

    def remanence(self, *, rtol: float = 1e-10) -> float:
        """Return the mean moment in A m^2 after saturation, without field; `rtol` as in `hysteresis_and_error`."""
        return float(self.hysteresis([0.0], 1, rtol=rtol)[0])

    def coercive_field(self, *, rtol: float = 1e-10) -> float:
        """Return the field in T against the former saturation at which the mean moment is zero.

        It changes its sign there: if all particles that are left switch in one field, it is that.

        Parameters
        ----------
        rtol : float
            Of the mean moment, as in `hysteresis_and_error`.
        """
        from scipy.optimize import brentq  # as late as it is needed: it takes long to import

        def after_saturation(h: float) -> float:
            return float(self.hysteresis([-h * self.B_k], 1, rtol=rtol)[0])

        least: Any = brentq(after_saturation, 0.0, 1.0, xtol=1e-12)
        return self.B_k * float(least)

    def _integrals(
        self, h: np.ndarray, panels: tuple[np.ndarray, ...], goal: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return for each field the integrals of density times cosine and of the density, and the error of both.

        Panels whose error is more than their field's integral of the density allows are halved.
        """
        if self.density is not None:
            panels = _cut_up(panels)
        done = np.zeros((3, h.size))
        for _ in range(_HALVINGS):
            found = self._panel_integrals(h, panels)
            index = panels[0]
            total = done[1] + np.bincount(index, found[1], h.size)
            rough = found[2] > np.maximum(0.1 * goal, _ROUNDING) * total[index]
            for row, values in zip(done, found[:, ~rough], strict=True):
                row += np.bincount(index[~rough], values, h.size)
            if not rough.any():
                return done[0], done[1], done[2]
            panels = _halved(*(column[rough] for column in panels))
        left = self._panel_integrals(h, panels)
        for row, values in zip(done, left, strict=True):
            row += np.bincount(panels[0], values, h.size)
        return done[0], done[1], done[2]

    def _panel_integrals(self, h: np.ndarray, panels: tuple[np.ndarray, ...]) -> np.ndarray:
        """Return both integrals over each panel and their error: the change by halving the steps of the rule."""
        index, low, high, side = panels
        place, weight = _rule(_LEVEL)
        psi = low[:, None] + (high - low)[:, None] * place
        density = self._density(psi)
        weight = (high - low)[:, None] * weight * density
        along = np.cos(_wells.minima(h[index][:, None], psi, ended=True) - psi[..., None])
        share = 0.5 * (1.0 + side)[:, None]
        mean = share * along[..., 0] + (1.0 - share) * along[..., 1]
        parts = np.stack([weight * mean, weight])
        fine, coarse = parts.sum(-1), 2.0 * parts[..., ::2].sum(-1)
        return np.concatenate([fine, np.abs(fine - coarse).sum(0)[None]])

    def _density(self, psi: np.ndarray) -> np.ndarray:
        if self.density is None:
            return np.sin(psi)
        try:
            given = numbers("density", self.density(psi))
        except TypeError as error:
            raise ValueError(
                f"density must take an array of angles, got a function that does not: {error}"
            ) from None
        if given.shape not in ((), psi.shape):
            raise ValueError(f"density must give shape {psi.shape} at as many angles, got {given.shape}")
        given = np.broadcast_to(given, psi.shape)
        if given.min() < 0.0:
            raise ValueError(f"density must not be negative, got {given.min():g}")
        return given


def _rule(level: int) -> tuple[np.ndarray, np.ndarray]:
    """Return points in 0..1 and weights of the double exponential rule with steps of 1/2^level."""
    step = 0.5**level
    count = round(_REACH / step)
    t = step * np.arange(-count, count + 1)
    u = 0.5 * np.pi * np.sinh(t)
    return 1.0 / (1.0 + np.exp(-2.0 * u)), step * 0.25 * np.pi * np.cosh(t) / np.cosh(u) ** 2


def _cut_up(panels: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    """Return panels, halved until none is wider than `_WIDEST`."""
    while (wide := panels[2] - panels[1] > _WIDEST).any():
        halves = _halved(*(column[wide] for column in panels))
        panels = tuple(np.concatenate([a[~wide], b]) for a, b in zip(panels, halves, strict=True))
    return panels


def _halved(index: np.ndarray, low: np.ndarray, high: np.ndarray, side: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return both halves of each panel."""
    middle = 0.5 * (low + high)
    return (
        np.tile(index, 2),
        np.concatenate([low, middle]),
        np.concatenate([middle, high]),
        np.tile(side, 2),
    )


def _cut(level: float) -> float:
    """Return the angle up to pi/4 at which the switching field over B_k, between 1/2 and 1, is this."""
    w = level ** (-2.0 / 3.0)
    product = (w**3 - 1.0) / (3.0 * w)  # of sin^(2/3) and cos^(2/3), whose sum is w
    root = np.sqrt(max(w * w - 4.0 * product, 0.0))
    return float(np.arcsin(min((2.0 * product / (w + root)) ** 1.5, np.sqrt(0.5))))


def _panels(fields: list[float], start: int) -> tuple[np.ndarray, ...]:
    """Return for each part of the axes alike: the field's index, its first and last angle, the side of the axis.

    What a particle does depends on the last field beyond its switching field. So a list of ever smaller fields, of
    either sign in turn, says all of the past.
    """
    past: list[tuple[float, int]] = []
    rows = []
    for i, h in enumerate(fields):
        size, sign = min(abs(h), 1.0), (1 if h > 0.0 else -1)
        if size > 0.5:
            while past and past[-1][0] <= size:
                past.pop()
            if not past or past[-1][1] != sign:
                past.append((size, sign))
        cuts = [0.0, *(_cut(level) for level, _ in past), _QUARTER]
        sides = [start, *(side for _, side in past)]
        for low, high, side in zip(cuts[:-1], cuts[1:], sides, strict=True):
            if high > low:
                rows += [(i, low, high, side), (i, 0.5 * np.pi - high, 0.5 * np.pi - low, side)]
    index, low, high, side = (np.array(column) for column in zip(*rows, strict=True))
    return index, low, high, side
