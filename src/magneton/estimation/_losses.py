"""Losses that bound what a bad reading can do, and the scale they go by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

LossName = Literal["linear", "huber", "tukey"]

#: A median absolute deviation of normal noise is this much smaller than its standard deviation.
_NORMAL_MAD = 0.6744897501960817
#: Scales this small beside the readings are rounding.
_ROUNDING = 1e-14


@dataclass(frozen=True)
class Loss:
    """A loss rho(u) of residuals over their scale, which is u^2/2 for small ones; psi = rho'.

    Attributes
    ----------
    name : str
        What it is called.
    weight : callable
        psi(u)/u.
    rho, slope : callable
        rho(u) and psi'(u).
    """

    name: LossName
    weight: Callable[[np.ndarray], np.ndarray]
    rho: Callable[[np.ndarray], np.ndarray]
    slope: Callable[[np.ndarray], np.ndarray]


def _huber(c: float) -> Loss:
    """Return Huber's loss: squares up to c, absolute values beyond."""

    def rho(u: np.ndarray) -> np.ndarray:
        return np.where(np.abs(u) <= c, 0.5 * u * u, c * (np.abs(u) - 0.5 * c))

    return Loss(
        "huber",
        lambda u: c / np.maximum(np.abs(u), c),
        rho,
        lambda u: (np.abs(u) <= c).astype(float),
    )


def _tukey(c: float) -> Loss:
    """Return Tukey's biweight, which leaves out what lies beyond c."""

    def inside(u: np.ndarray) -> np.ndarray:
        return np.minimum((u / c) ** 2, 1.0)

    return Loss(
        "tukey",
        lambda u: (1.0 - inside(u)) ** 2,
        lambda u: c * c / 6.0 * (1.0 - (1.0 - inside(u)) ** 3),
        lambda u: (1.0 - inside(u)) * (1.0 - 5.0 * inside(u)),
    )


#: With constants for an efficiency of 95 % at normal noise [MaronnaMartinYohai2006]_.
LOSSES = {"huber": _huber(1.345), "tukey": _tukey(4.685)}


def scale(residuals: np.ndarray, unknowns: int, size: float) -> float:
    """Return the noise of residuals by their median absolute deviation.

    As many of the smallest residuals as unknowns were fitted are left out, which makes it unbiased with few readings
    [DuMouchelOBrien1989]_. `size` is that of the readings, beside which rounding is no noise.
    """
    ordered = np.sort(np.abs(residuals))
    left = ordered[min(unknowns, len(ordered) - 1) :]
    mad = 0.5 * float(left[(len(left) - 1) // 2] + left[len(left) // 2])
    return max(mad / _NORMAL_MAD, _ROUNDING * size)
