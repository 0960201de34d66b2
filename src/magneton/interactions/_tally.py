"""What integrals over bodies add up to, before it is judged."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np


class NotConverged(ArithmeticError):
    """Raised when the asked tolerance was not reached."""


@dataclass(frozen=True)
class Interaction:
    """What one source does to another, at fixed currents and moments.

    Attributes
    ----------
    force : ndarray, shape (3,), newton
        On the target.
    torque : ndarray, shape (3,), N m
        On the target, about the pivot.
    energy : float, joule
        -m.B for moments, the Neumann energy -I1 I2 M for circuits; nan where there is none.
    error : float
        A bound on the largest relative error of the three, each relative to the integral of the absolute integrand
        (`scales`), so that what vanishes by symmetry is judged fairly.
    scales : tuple of float
        Integrals of |I dl||B|, |r - pivot||I dl||B| and |I dl||A| (|m||grad B| and so on for moments, |sigma||B| and
        so on over the surfaces of magnets): N, N m, J.
    evaluations : int
        How often a field was evaluated.
    """

    force: np.ndarray
    torque: np.ndarray
    energy: float
    error: float
    scales: tuple[float, float, float]
    evaluations: int


@dataclass
class Tally:
    """Force, torque and energy so far.

    Attributes
    ----------
    values : ndarray, shape (7,)
        Force, torque, energy.
    scales, errors : ndarray, shape (3,)
        Integrals of magnitudes, and bounds of the absolute errors, of the three.
    evaluations : int
        Of a field.
    """

    values: np.ndarray = field(default_factory=lambda: np.zeros(7))
    scales: np.ndarray = field(default_factory=lambda: np.zeros(3))
    errors: np.ndarray = field(default_factory=lambda: np.zeros(3))
    evaluations: int = 0

    def add(self, other: Tally) -> None:
        """Add another part of the same body."""
        self.values += other.values
        self.scales += other.scales
        self.errors += other.errors
        self.evaluations += other.evaluations

    def reaction(self) -> Tally:
        """Return what the target does to the source, about the same pivot."""
        values = -self.values
        values[6] = self.values[6]
        return Tally(values, self.scales, self.errors, self.evaluations)

    def relative_error(self) -> float:
        """Return the largest relative error of those that are defined."""
        judged = range(2) if math.isnan(self.values[6]) else range(3)
        bounds = [float(self.errors[q] / self.scales[q]) for q in judged if self.scales[q] > 0.0]
        return max(bounds, default=0.0)

    def result(self) -> Interaction:
        """Return the sum as users see it."""
        if not np.all(np.isfinite(self.values[:6])):
            raise ValueError(
                "source and target must not touch: the field is not defined on part of the target"
            )
        scales = self.scales.tolist()
        return Interaction(
            self.values[:3].copy(),
            self.values[3:6].copy(),
            float(self.values[6]),
            self.relative_error(),
            (scales[0], scales[1], scales[2]),
            self.evaluations,
        )
