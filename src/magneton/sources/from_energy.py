"""The moment from an energy: m = -dU/dB, by differences that say how far they can be trusted."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check

#: The largest step is this part of |B|; each further one is half of the one before.
_FIRST_STEP = 0.25
_MOST_HALVINGS = 12
#: Bounds hold for noise of up to this many standard deviations, and for this many roundings of an energy.
_DEVIATIONS = 4.0
_ROUNDINGS = 2.0


@dataclass(frozen=True)
class MomentFromEnergy:
    """A moment found from an energy.

    Attributes
    ----------
    moment : ndarray, shape (3,), J/T
        m = -dU/dB.
    error : ndarray, shape (3,), J/T
        Bound of each component's error, from truncation, rounding and four standard deviations of the noise.
    evaluations : int
        How often the energy was asked for.
    """

    moment: np.ndarray
    error: np.ndarray
    evaluations: int


class _Energy:
    """The user's function, checked and counted."""

    def __init__(self, energy: Callable[[np.ndarray], Any], B: np.ndarray) -> None:
        self.energy, self.B = energy, B
        self.largest, self.evaluations = 0.0, 0

    def __call__(self, axis: int, shift: float) -> tuple[float, float]:
        """Return the shift that was made, rounded, and the energy there."""
        at = self.B.copy()
        at[axis] += shift
        value = self.energy(at.copy())
        try:
            result = _check.number("energy(B)", value, "J")
        except ValueError as error:
            came = str(error).partition(", got ")[2] or error
            raise ValueError(
                f"energy must return a finite number of joules, got {came} at B = {at.tolist()}"
            ) from None
        self.evaluations += 1
        self.largest = max(self.largest, abs(result))
        return float(at[axis] - self.B[axis]), result


def _slope(energy: _Energy, axis: int, step: float) -> tuple[float, float]:
    """Return the central difference quotient and the step that it had."""
    up, high = energy(axis, step)
    down, low = energy(axis, -step)
    return (high - low) / (up - down), 0.5 * (up - down)


def _derivative(energy: _Energy, axis: int, step: float, noise: float) -> tuple[float, float]:
    """Return dU/dB_axis and a bound of its error: Richardson's extrapolation over halved steps, its best entry.

    An entry's bound is how far it lies from the two that it was made of, and what the noise can do to it. Steps are
    halved until noise and rounding alone exceed the best bound so far.
    """
    best, bound = 0.0, math.inf
    row: list[tuple[float, float]] = []
    for halving in range(_MOST_HALVINGS + 1):
        slope, made = _slope(energy, axis, step * 0.5**halving)
        spread = _DEVIATIONS * noise / math.sqrt(2.0) + _ROUNDINGS * np.finfo(float).eps * energy.largest
        before, row = row, [(slope, spread / made)]
        for order, (value, noisy) in enumerate(before):
            factor = 4.0 ** (order + 1)
            finer, finer_noise = row[order]
            entry = finer + (finer - value) / (factor - 1.0)
            # The noises of the two are not independent: their sum is an upper bound.
            entry_noise = (factor * finer_noise + noisy) / (factor - 1.0)
            row.append((entry, entry_noise))
            error = max(abs(entry - finer), abs(entry - value)) + entry_noise
            if error < bound:
                best, bound = entry, error
        if before and row[0][1] > bound:
            break
    return best, bound


def moment_from_energy(
    energy: Callable[[np.ndarray], Any], B: Any, step: Any = None, noise: Any = 0.0
) -> MomentFromEnergy:
    """Return the moment m = -dU/dB of a body whose energy depends on the field.

    The energy may be either of two that have the same derivative. It may be the internal energy U of the definition
    m = -dU/dB: the energy of the body in the applied field B, less the energy of the field itself; for a linearly
    polarizable body it is -alpha B^2/2, and m = alpha B. Or it may be -m.B with m held fixed, the energy of a permanent
    moment. It may not be -m(B).B with an induced moment, which is twice the internal energy: its derivative gives 2 m.

    The derivative is taken by central differences, extrapolated [Ridders1982]_ over steps that are halved as long as
    the energy shows that it pays. No step or tolerance is absolute: atoms at 1e-24 J are as good as magnets at 1 J.

    Parameters
    ----------
    energy : callable
        Takes a field, shape (3,), tesla, and returns an energy in joule.
    B : array_like, shape (3,), tesla
        The field at which the moment is wanted.
    step : float, tesla, optional
        The largest change of B tried; by default |B|/4. The energy must be smooth over it. With noise, the larger it
        is the better.
    noise : float, joule, optional
        Standard deviation of one evaluation of the energy.

    Returns
    -------
    MomentFromEnergy
        With `moment`, `error` (an upper bound in practice) and `evaluations`.

    Raises
    ------
    ValueError
        If B is zero and no step is given, or the energy is not a finite number.

    Examples
    --------
    >>> from magneton.sources.from_energy import moment_from_energy
    >>> found = moment_from_energy(lambda B: -9.27e-24 * B[2] - 1e-25 * (B @ B) / 2, [0, 0, 2.0])
    >>> f"{found.moment[2]:.6e}"
    '9.470000e-24'
    """
    if not callable(energy):
        raise ValueError(f"energy must be a function of B, got {type(energy).__name__}")
    field = np.array(_check.vector("B", B, "T"))
    noise = _check.number("noise", noise, "J")
    if noise < 0.0:
        raise ValueError(f"noise must not be negative, got {noise:g}")
    if step is not None:
        first = _check.positive("step", step, "T")
    else:
        first = _FIRST_STEP * float(np.linalg.norm(field))
        if first == 0.0:
            raise ValueError(
                "step must be given where B is zero: nothing else says how far the field may be changed"
            )
    counted = _Energy(energy, field)
    found = [_derivative(counted, axis, first, noise) for axis in range(3)]
    moment = np.array([-slope for slope, _ in found])
    return MomentFromEnergy(moment, np.array([bound for _, bound in found]), counted.evaluations)
