"""Breit and Rabi's closed form: a spin 1/2 coupled to a spin K, in any field, in frequencies.

H/h = A s.K + (zeeman_s s_z + zeeman_K K_z) B, where s is the electrons' spin and K the nucleus', or the reverse.
With W = A (K + 1/2), mu = m/(K + 1/2) and x = (zeeman_s - zeeman_K) B/W, the two levels of one m are

    E = -A/4 + zeeman_K m B + sign (W/2) r,   r = sqrt(1 + 2 mu x + x^2),   sign = +1 for F = K + 1/2

([BreitRabi1931]_). All that is asked for is a difference of two r, or of two slopes c = (x + mu)/r; each has a form
in which nothing cancels. For m = +-(K + 1/2) there is one level, straight in B: r = 1 + mu x, of either sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from magneton.quantum._roots import refined, rising_end


class State(NamedTuple):
    """One level: its m, m/(K + 1/2), and +1 for F = K + 1/2 or -1 for F = K - 1/2."""

    m: float
    mu: float
    sign: float

    @property
    def straight(self) -> bool:
        """Whether the level is straight in B."""
        return abs(self.mu) == 1.0


@dataclass(frozen=True)
class BreitRabi:
    """Levels of a spin 1/2 and a spin K; frequencies in Hz, Zeeman slopes in Hz/T."""

    K: float
    coupling: float
    zeeman_s: float
    zeeman_K: float

    @property
    def interval(self) -> float:
        """W = A (K + 1/2), the interval at B = 0 in Hz, negative if F = K - 1/2 lies above."""
        return self.coupling * (self.K + 0.5)

    def state(self, F: float, m: float) -> State:
        """Return the level that is (F, m) at B = 0."""
        return State(m, m / (self.K + 0.5), 1.0 if F > self.K else -1.0)

    def shift(self, F: float, m: float, B: np.ndarray) -> np.ndarray:
        """Return E(B) - E(0) in Hz, good to rounding in the weakest fields."""
        state = self.state(F, m)
        x = self._x(B)
        if state.straight:
            bend = state.mu * x
        else:
            # x (x + 2 mu) without the squares of large x
            bend = x * ((x + 2.0 * state.mu) / (1.0 + _root(state.mu, x)))
        return self.zeeman_K * m * B + 0.5 * state.sign * self.interval * bend

    def electron(self, F: float, m: float, B: np.ndarray) -> np.ndarray:
        """Return <s_z> of the spin 1/2."""
        state = self.state(F, m)
        return 0.5 * _slope(state, self._x(B))

    def first(self, F: float, m: float, B: np.ndarray) -> np.ndarray:
        """Return dE/dB in Hz/T."""
        return self.zeeman_K * m + (self.zeeman_s - self.zeeman_K) * self.electron(F, m, B)

    def difference(self, lower: tuple[float, float], upper: tuple[float, float], B: np.ndarray) -> np.ndarray:
        """Return E(upper) - E(lower) in Hz, from forms of the difference that do not cancel.

        Where both r have one sign, from r2^2 - r1^2; else with the parts that are linear in strong fields, |x| of each
        r, put together with zeeman_K m: if only the spin 1/2 turns over, zeeman_K falls out.
        """
        one, two = self.state(*lower), self.state(*upper)
        x, turned = self._x(B), two.m - one.m
        r1, r2 = (state.sign * _signed_root(state, x) for state in (one, two))
        together = r1 * r2 > 0.0
        total = np.where(together, r1 + r2, 1.0)
        near = self.zeeman_K * turned * B + self.interval * x * (two.mu - one.mu) / total
        up = np.where(r2 - r1 > 0.0, 1.0, -1.0)
        flip = up * np.sign(x)
        excess = sum((1.0 + 2.0 * s.mu * x) / (abs(r) + abs(x)) for s, r in ((one, r1), (two, r2)))
        linear = (self.zeeman_K * (turned - flip) + self.zeeman_s * flip) * B
        return np.where(together, near, linear + 0.5 * self.interval * up * excess)

    def first_difference(
        self, lower: tuple[float, float], upper: tuple[float, float], B: np.ndarray
    ) -> np.ndarray:
        """Return d/dB of `difference` in Hz/T.

        By (c2^2 - c1^2)/(c2 + c1) where both slopes have one sign, and from 1 - |c| where they are nearly opposite.
        """
        one, two = self.state(*lower), self.state(*upper)
        x, turned = self._x(B), two.m - one.m
        c1, c2 = _slope(one, x), _slope(two, x)
        bent = 0.5 * (self.zeeman_s - self.zeeman_K)
        together = c1 * c2 > 0.0
        total = np.where(together, c1 + c2, 1.0)
        rest = np.where(together, _difference_of_squares(one, two, x) / total, c2 - c1)
        flip = np.sign(rest)
        lack = _lack(one, x) + _lack(two, x)
        strong = self.zeeman_K * (turned - flip) + self.zeeman_s * flip - bent * flip * lack
        return np.where(~together & (lack < 1.0), strong, self.zeeman_K * turned + bent * rest)

    def second(self, F: float, m: float, B: np.ndarray) -> np.ndarray:
        """Return d^2E/dB^2 in Hz/T^2: (W/2) (dx/dB)^2 (1 - mu^2)/r^3."""
        state = self.state(F, m)
        if state.straight:
            return np.zeros_like(B)
        scale = 0.5 * (self.zeeman_s - self.zeeman_K) * self._x(1.0)
        return state.sign * scale * _across(state.mu) / _root(state.mu, self._x(B)) ** 3

    def stationary(
        self, lower: tuple[float, float], upper: tuple[float, float], most: float | None
    ) -> np.ndarray:
        """Return all fields 0 <= B <= most where `first_difference` is zero, in T, ascending.

        Between the zeros of the second derivative, which are those of a quadratic equation, the first is
        monotone, so that each piece holds one root or none.
        """

        def slope(B: np.ndarray) -> np.ndarray:
            return self.first_difference(lower, upper, B)

        if self.zeeman_s == self.zeeman_K:  # all levels are straight
            return np.empty(0)
        turns = self._turns(self.state(*lower), self.state(*upper))
        if most is not None:
            return refined(slope, np.array([0.0, *(each for each in turns if each < most), most]))
        end = rising_end(slope, max([*turns, 1.0 / abs(float(self._x(1.0)))]))
        roots = refined(slope, np.array([0.0, *turns, end]))
        return roots[roots < end]  # a slope may underflow to 0 out there

    def _turns(self, one: State, two: State) -> list[float]:
        """Return the fields B > 0 where the second derivatives of both levels agree: at most two."""
        if one.straight or two.straight or one.sign != two.sign or one.mu == two.mu:
            return []
        p, q = _across(one.mu) ** (2.0 / 3.0), _across(two.mu) ** (2.0 / 3.0)
        # (q - p)(1 + x^2) + 2 (q mu1 - p mu2) x = 0: the roots are reciprocal to each other
        half, lead = q * one.mu - p * two.mu, q - p
        if lead == 0.0 or half * half < lead * lead:
            return []
        large = -(half + np.copysign(np.sqrt((half - lead) * (half + lead)), half)) / lead
        unit = self._x(1.0)
        return sorted(B for B in (large / unit, 1.0 / (large * unit)) if B > 0.0)

    def _x(self, B: np.ndarray | float) -> np.ndarray:
        return np.asarray((self.zeeman_s - self.zeeman_K) / self.interval * B)


def _across(mu: float) -> float:
    """Return 1 - mu^2."""
    return (1.0 - mu) * (1.0 + mu)


def _root(mu: float, x: np.ndarray) -> np.ndarray:
    """Return r as the length of (x + mu, sqrt(1 - mu^2))."""
    return np.hypot(x + mu, np.sqrt(_across(mu)))


def _signed_root(state: State, x: np.ndarray) -> np.ndarray:
    return 1.0 + state.mu * x if state.straight else _root(state.mu, x)


def _slope(state: State, x: np.ndarray) -> np.ndarray:
    """Return sign (x + mu)/r, twice <s_z>."""
    if state.straight:
        return np.full_like(x, state.mu)
    return state.sign * (x + state.mu) / _root(state.mu, x)


def _lack(state: State, x: np.ndarray) -> np.ndarray:
    """Return 1 - |c|."""
    if state.straight:
        return np.zeros_like(x)
    r = _root(state.mu, x)
    return _across(state.mu) / (r * (r + np.abs(x + state.mu)))


def _difference_of_squares(one: State, two: State, x: np.ndarray) -> np.ndarray:
    """Return c2^2 - c1^2, from c^2 = 1 - (1 - mu^2)/r^2 with the common parts taken out."""
    if one.straight or two.straight:
        own = [0.0 if s.straight else _across(s.mu) / _root(s.mu, x) ** 2 for s in (one, two)]
        return np.asarray(own[0] - own[1])
    # the numerator is (mu2 - mu1) ((mu1 + mu2) (1 + x^2) + 2 x (1 + mu1 mu2)), divided by r1^2 r2^2
    r1, r2 = _root(one.mu, x), _root(two.mu, x)
    size = np.hypot(1.0, x)
    even = (one.mu + two.mu) * (size / r1) * (size / r2)
    odd = 2.0 * (1.0 + one.mu * two.mu) * (x / r1) / r2
    return (two.mu - one.mu) * (even + odd) / (r1 * r2)
