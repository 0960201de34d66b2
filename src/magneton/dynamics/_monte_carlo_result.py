"""What a Monte Carlo sampled at one temperature, and what it says about temperatures nearby."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from magneton import _check
from magneton.constants import k_B
from magneton.dynamics._estimates import Estimate, block_jackknife


@dataclass(frozen=True, eq=False)
class MonteCarloResult:
    """What a run of `MonteCarlo` sampled at one temperature.

    Attributes
    ----------
    temperature : float
        In K.
    magnetization : ndarray, shape (samples, 3)
        Sum of the moments over the sum of their magnitudes.
    energy : ndarray, shape (samples,)
        In J, of all moments.
    saturation_moment : float
        Sum of the magnitudes in A m^2.
    acceptance : float
        Accepted moves over moves tried.
    weights : ndarray, shape (samples,), optional
        Of the samples, with the mean 1; None where they all count alike.

    Notes
    -----
    Errors are one standard deviation, from 32 blocks of samples: too small if a block is shorter than the samples are
    correlated.
    """

    temperature: float
    magnetization: np.ndarray
    energy: np.ndarray
    saturation_moment: float
    acceptance: float
    weights: np.ndarray | None = None

    def reweighted(self, temperature: float) -> MonteCarloResult:
        """Return what these samples say of another temperature, by weights exp(-(1/k_B T' - 1/k_B T) E).

        Good as far as their energies are typical of it [FerrenbergSwendsen1988]_: `effective_share` says how many of
        the samples are left.

        Parameters
        ----------
        temperature : float
            T' in K, positive.
        """
        wanted = _check.positive("temperature", temperature, "K")
        exponent = (1.0 / self.temperature - 1.0 / wanted) * (self.energy - self.energy.mean()) / float(k_B)
        weights = np.exp(exponent - exponent.max())
        weights = weights if self.weights is None else weights * self.weights
        return replace(self, temperature=wanted, weights=weights / weights.mean())

    @property
    def effective_share(self) -> float:
        """The share of the samples that counts, (sum w)^2/(n sum w^2): 1 without weights."""
        return 1.0 if self.weights is None else float(1.0 / np.mean(self.weights**2))

    def _estimate(self, function: Callable[..., float], *series: np.ndarray) -> Estimate:
        """Return a function of averages of series, weighted, and its error."""
        w = self.weights
        if w is None:
            return block_jackknife(function, *series)
        return block_jackknife(
            lambda w, *sums: function(*(total / w for total in sums)), w, *(w * s for s in series)
        )

    @property
    def _square(self) -> np.ndarray:
        return np.einsum("ij,ij->i", self.magnetization, self.magnetization)

    def mean_magnetization(self) -> Estimate:
        """Return <|m|>; of n moments it is never below about n^-1/2."""
        return self._estimate(lambda m: m, np.sqrt(self._square))

    def magnetization_along(self, direction: Any) -> Estimate:
        """Return <m.d> for a direction d, shape (3,), of any length."""
        return self._estimate(lambda m: m, self.magnetization @ unit_vector("direction", direction))

    def mean_energy(self) -> Estimate:
        """Return <E> in J."""
        return self._estimate(lambda e: e, self.energy)

    def heat_capacity(self) -> Estimate:
        """Return (<E^2> - <E>^2)/(k_B T^2) in J/K."""
        scale = float(k_B) * self.temperature**2
        e = self.energy - self.energy.mean()
        return self._estimate(lambda e, e2: (e2 - e * e) / scale, e, e * e)

    def susceptibility(self, direction: Any = None) -> Estimate:
        """Return dM/dB in A m^2/T: of the moment along a direction, or without one of its magnitude."""
        scale = self.saturation_moment**2 / (float(k_B) * self.temperature)
        along = direction is not None
        m = self.magnetization @ unit_vector("direction", direction) if along else np.sqrt(self._square)
        d = m - m.mean()
        return self._estimate(lambda d, d2: scale * (d2 - d * d), d, d * d)

    def binder_cumulant(self) -> Estimate:
        """Return 1 - <m^4>/(3 <m^2>^2): 2/3 in order, 4/9 without [Binder1981]_.

        Curves of lattices of several sizes cross near T_C.
        """
        square = self._square
        return self._estimate(lambda m2, m4: 1.0 - m4 / (3.0 * m2 * m2), square, square * square)


def unit_vector(name: str, value: Any) -> np.ndarray:
    """Return a vector over its length, or raise if it has none."""
    vector = _check.vector(name, value)
    if not np.any(vector):
        raise ValueError(f"{name} must not be zero")
    return vector / np.linalg.norm(vector)
