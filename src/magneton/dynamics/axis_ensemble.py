"""Many Stoner-Wohlfarth particles whose axes point in many directions: their mean loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton._check import fraction, numbers, positive
from magneton.dynamics import _wells

_REACH = 3.3  # the double exponential rule ends where its weights are below rounding
_FIRST, _LAST = 2, 8
_QUARTER = 0.25 * np.pi


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
    the double exponential rule of [TakahasiMori1974]_, which the root singularities at the cuts do not disturb; its
    step is halved until the mean has settled. A few axes, or measured ones, are `StonerWohlfarth.hysteresis` with an
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
            If the error is larger after the last halving.
        """
        h = numbers("B", B, "T") / self.B_k
        if h.ndim != 1 or not h.size:
            raise ValueError(f"B must have shape (n,), n > 0, got shape {h.shape}")
        if start not in (1, 0, -1, None):
            raise ValueError(f"start must be 1, 0, -1 or None, got {start!r}")
        goal = max(fraction("rtol", rtol), 1e-14)
        first = (-1 if h[0] < 0.0 else 1) if start is None else start
        panels = _panels(h.tolist(), first)
        value = self._mean(h, panels, _FIRST)
        for level in range(_FIRST + 1, _LAST):
            before, value = value, self._mean(h, panels, level)
            error = np.abs(value - before) + 1e-15
            if (error <= goal).all():
                return self.moment * value, self.moment * error
        raise RuntimeError(f"the mean over the axes has not settled to rtol = {rtol:g}")

    def remanence(self) -> float:
        """Return the mean moment in A m^2 after saturation, without field."""
        return float(self.hysteresis([0.0], 1)[0])

    def coercive_field(self) -> float:
        """Return the field in T against the former saturation at which the mean moment is zero."""
        from scipy.optimize import brentq  # as late as it is needed: it takes long to import

        def after_saturation(h: float) -> float:
            return float(self.hysteresis([-h * self.B_k], 1)[0])

        least: Any = brentq(after_saturation, 0.0, 1.0, xtol=1e-12)
        return self.B_k * float(least)

    def _mean(self, h: np.ndarray, panels: tuple[np.ndarray, ...], level: int) -> np.ndarray:
        """Return the mean over all axes of the cosine between moment and field, with steps of 1/2^level."""
        index, low, high, side = panels
        place, weight = _rule(level)
        psi = low[:, None] + (high - low)[:, None] * place
        weight = (high - low)[:, None] * weight * self._density(psi)
        along = np.cos(_wells.minima(h[index][:, None], psi, ended=True) - psi[..., None])
        share = 0.5 * (1.0 + side)[:, None]
        mean = share * along[..., 0] + (1.0 - share) * along[..., 1]
        total = np.bincount(index, weight.sum(-1))
        if not (total > 0.0).all():
            raise ValueError(f"density must be positive somewhere, got a mean of {total.min():g}")
        return np.bincount(index, (weight * mean).sum(-1)) / total

    def _density(self, psi: np.ndarray) -> np.ndarray:
        if self.density is None:
            return np.sin(psi)
        given = np.broadcast_to(numbers("density", self.density(psi)), psi.shape)
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
