"""Particles so small that each is one moment, and that heat turns over."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import constants
from magneton._check import fraction, number, numbers, plain, positive, positives
from magneton.quantum.paramagnets import filled, spin_parameters

K_B = float(constants.k_B)
#: Half the range of the rule, in standard deviations: exp(-range^2/2) is below rounding.
_REACH = 9.0
_FINEST = 12


@dataclass(frozen=True)
class Superparamagnet:
    """Particles with moments that are free to turn, all alike or distributed log-normally.

    Parameters
    ----------
    median : float
        The median of the moments in J/T; the moment of each, if they are alike.
    spread : float
        Standard deviation of the logarithm of the moments; 0 if they are alike. Moments go with volumes: a spread of
        diameters is a third of it.

    Notes
    -----
    [BeanLivingston1959]_. No coupling, no anisotropy: above the `blocking_temperature`.

    Examples
    --------
    >>> from magneton import constants
    >>> particles = Superparamagnet(1e4 * constants.mu_B, spread=0.5)
    >>> round(particles.moment(1.0, 300.0) / particles.saturation, 4)
    0.9606
    """

    median: float
    spread: float = 0.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "median", positive("median", self.median, "J/T"))
        spread = number("spread", self.spread)
        if not 0.0 <= spread <= 5.0:
            raise ValueError(f"spread must lie between 0 and 5, got {spread:g}")
        object.__setattr__(self, "spread", spread)

    @classmethod
    def from_curve(
        cls, initial_slope: float, saturation: float, temperature: float, intercept: float | None = None
    ) -> Superparamagnet:
        """Return the particles whose magnetization curve has these ends.

        Parameters
        ----------
        initial_slope : float
            dM/dB at B = 0, M in any unit, per T.
        saturation : float
            M in a large field, in the same unit.
        temperature : float
            In K.
        intercept : float, optional
            The field in T at which the straight line that M approaches against 1/B is zero: it tells the spread.
            Without it all particles are taken to be alike.

        Notes
        -----
        <mu^2>/<mu> = 3 k_B T slope/saturation, <mu> = k_B T/intercept ([Chantrell1978]_), <mu^2>/<mu>^2 =
        exp(spread^2).
        """
        thermal = K_B * positive("temperature", temperature, "K")
        slope, most = positive("initial_slope", initial_slope), positive("saturation", saturation)
        from_slope = 3.0 * thermal * slope / most
        if intercept is None:
            return cls(from_slope)
        mean = thermal / positive("intercept", intercept, "T")
        if from_slope < mean:
            raise ValueError(
                "intercept must be at least saturation/(3 initial_slope) = "
                f"{most / (3.0 * slope):g} T, got {intercept:g}"
            )
        spread2 = math.log(from_slope / mean)
        return cls(mean * math.exp(-0.5 * spread2), math.sqrt(spread2))

    @property
    def saturation(self) -> float:
        """The mean moment of a particle in J/T: that in a large field."""
        return self.median * math.exp(0.5 * self.spread**2)

    def initial_susceptibility(self, temperature: Any) -> Any:
        """Return the slope d<m>/dB = <mu^2>/(3 k_B T) at B = 0 in J/T^2, per particle."""
        T = positives("temperature", temperature, "K")
        return plain(self.median * math.exp(2.0 * self.spread**2) * (self.median / K_B) / (3.0 * T))

    def moment(self, B: Any, temperature: Any, *, rtol: float = 1e-10) -> Any:
        """Return the thermal moment along the field in J/T, per particle; see `moment_and_error`."""
        return self.moment_and_error(B, temperature, rtol=rtol)[0]

    def moment_and_error(self, B: Any, temperature: Any, *, rtol: float = 1e-10) -> tuple[Any, Any]:
        """Return the mean of mu L(mu B/(k_B T)) over the particles, in J/T, and a bound of its error.

        Parameters
        ----------
        B : float or array_like
            Field in T, along any one axis; an array is many fields, and no vector.
        temperature : float or array_like
            In K; broadcasts with `B`.
        rtol : float
            Relative error to refine the rule to. The trapezoidal rule over the logarithm of the moment gains digits
            in proportion to its points; the error given is the last change by halving its steps.

        Raises
        ------
        RuntimeError
            If the error is larger after the last halving.
        """
        rtol = max(fraction("rtol", rtol), 1e-14)
        x = self.median * (numbers("B", B, "T") / positives("temperature", temperature, "K")) / K_B
        if self.spread == 0.0:
            value = self.median * _langevin(x)
            return plain(value), plain(6e-16 * np.abs(value))
        value = self._mean(x, 0)
        for level in range(1, _FINEST):
            before, value = value, self._mean(x, level)
            error = np.abs(value - before) + 1e-15 * np.abs(value)
            if (error <= rtol * np.abs(value)).all():
                return plain(value), plain(error)
        raise RuntimeError(f"the mean over the moments has not settled to rtol = {rtol:g}")

    def _mean(self, x: np.ndarray, level: int) -> np.ndarray:
        """Return the mean with steps of 1/2^level standard deviations."""
        step = 0.5**level
        # The weight peaks at z = spread in large fields, at twice that in small ones.
        z = np.arange(-_REACH, 2.0 * self.spread + _REACH + step, step)
        weight = step / math.sqrt(2.0 * math.pi) * np.exp(z * (self.spread - 0.5 * z))
        parts = (w * _langevin(x * math.exp(self.spread * at)) for w, at in zip(weight, z, strict=True))
        return self.median * sum(parts, np.zeros_like(x))


def _langevin(x: np.ndarray) -> np.ndarray:
    return filled("brillouin", x, spin_parameters(math.inf))


def neel_relaxation_time(barrier: Any, temperature: Any, *, attempt_time: float = 1e-9) -> Any:
    """Return the mean time between reversals of a particle's moment, tau_0 exp(K V/(k_B T)).

    Parameters
    ----------
    barrier : float or array_like
        K V in J: density of the anisotropy's energy times volume.
    temperature : float or array_like
        In K.
    attempt_time : float
        tau_0 in s; 1e-12 to 1e-9 in most materials.

    Returns
    -------
    float or ndarray
        In s; inf beyond the range of floats.

    Notes
    -----
    [Neel1949]_.
    """
    ratio = numbers("barrier", barrier, "J") / K_B / positives("temperature", temperature, "K")
    with np.errstate(over="ignore"):
        return plain(positive("attempt_time", attempt_time, "s") * np.exp(ratio))


def blocking_temperature(barrier: Any, *, measuring_time: float = 100.0, attempt_time: float = 1e-9) -> Any:
    """Return the temperature at which a moment reverses once in the time of a measurement.

    Parameters
    ----------
    barrier : float or array_like
        K V in J.
    measuring_time, attempt_time : float
        In s; 100 s is common for a magnetometer, 1e-8 s for Moessbauer spectra.

    Returns
    -------
    float or ndarray
        K V/(k_B log(measuring_time/attempt_time)) in K.

    Examples
    --------
    The factor of 25 of the textbooks:

    >>> from magneton import constants
    >>> round(1.0 / blocking_temperature(constants.k_B), 2)
    25.33
    """
    measuring, attempt = (
        positive("measuring_time", measuring_time, "s"),
        positive("attempt_time", attempt_time, "s"),
    )
    if measuring <= attempt:
        raise ValueError(f"measuring_time must be longer than attempt_time, {attempt:g} s, got {measuring:g}")
    return plain(numbers("barrier", barrier, "J") / K_B / math.log(measuring / attempt))
