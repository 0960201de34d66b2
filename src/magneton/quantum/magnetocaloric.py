"""The magnetocaloric effect: heat and cold from a change of the field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from magneton._check import numbers, positive
from magneton.quantum._free_energy import K_B, FreeEnergy, temperatures

#: Of the lattice: takes temperatures in K and returns entropies in J/K per magnetic ion.
LatticeEntropy = Callable[[np.ndarray], Any]
_STEPS = 200
_WIDEST = 40.0  # of log T, to either side
_DEBYE_NODES, _DEBYE_WEIGHTS = np.polynomial.legendre.leggauss(80)


def entropy_change(
    levels: FreeEnergy, B_1: Any, B_2: Any, temperature: Any, *, direction: Any = None
) -> np.ndarray:
    """Return the entropy in the field B_2 less that in B_1 at one temperature, in J/K per ion, shape (...).

    Negative when a paramagnet is magnetized: that heat, T times it, goes to the bath. By Maxwell's relation it is
    the integral of dm/dT over the field.

    Parameters
    ----------
    levels : Levels or EnergyLevels
        Of one ion.
    B_1, B_2 : array_like
        Before and after in T, as the methods of `levels` take them.
    temperature : float or array_like
        In K.
    direction : array_like, optional
        Of both fields, if they are given as numbers.

    Examples
    --------
    >>> from magneton.quantum import entropy_change, spin_hamiltonian
    >>> gadolinium = spin_hamiltonian(3.5, g=2.0)
    >>> from magneton.constants import N_A
    >>> float(entropy_change(gadolinium, 0.0, 7.0, 2.0, direction=[0, 0, 1]) * N_A)  # doctest: +ELLIPSIS
    -16.85...
    """
    order, disorder = (
        [method(B, temperature, direction=direction) for B in (B_1, B_2)]
        for method in (levels.entropy, levels.entropy_deficit)
    )
    # The smaller of both has the digits of the difference.
    hot = np.maximum(*disorder) < np.maximum(*order)
    return np.where(hot, disorder[0] - disorder[1], order[1] - order[0])[()]


def adiabatic_temperature(
    levels: FreeEnergy,
    B_1: Any,
    B_2: Any,
    temperature: Any,
    *,
    direction: Any = None,
    lattice_entropy: LatticeEntropy | None = None,
) -> np.ndarray:
    """Return the temperature in K in the field B_2, reached from `temperature` in B_1 at constant entropy.

    Parameters
    ----------
    levels : Levels or EnergyLevels
        Of one ion.
    B_1, B_2 : array_like
        Before and after in T, as the methods of `levels` take them.
    temperature : float or array_like
        Before, in K.
    direction : array_like, optional
        Of both fields, if they are given as numbers.
    lattice_entropy : callable, optional
        Temperatures in K to the entropy of everything else in J/K per ion, such as `debye_entropy` gives; increasing.

    Returns
    -------
    ndarray, shape (...)
        0 where the levels' entropy in B_2 is larger at any temperature, and infinite where it is smaller: the ideal
        paramagnet demagnetized to no field at all. nan where the entropy before is too small for a float64.

    Notes
    -----
    Without splitting in zero field, T_2 = T_1 B_2/B_1 exactly: the entropy depends on B/T alone.

    Examples
    --------
    >>> from magneton.quantum import adiabatic_temperature, spin_hamiltonian
    >>> chromium = spin_hamiltonian(1.5, g=1.97)
    >>> float(adiabatic_temperature(chromium, 1.0, 0.05, 1.0, direction=[0, 0, 1]).round(12))
    0.05
    """
    T = temperatures(temperature)
    before = [
        levels.entropy(B_1, T, direction=direction),
        levels.entropy_deficit(B_1, T, direction=direction),
    ]
    field = np.asarray(numbers("B_2", B_2, "T"))
    bare = field.shape if direction is not None or not _takes_vectors(levels) else field.shape[:-1]
    shape = np.broadcast_shapes(before[0].shape, bare)
    T = np.broadcast_to(T, shape)

    def excess(x: np.ndarray) -> np.ndarray:
        """Return the entropy at T exp(x) in B_2 less that before."""
        after = T * np.exp(x)
        order = levels.entropy(B_2, after, direction=direction) - before[0]
        disorder = before[1] - levels.entropy_deficit(B_2, after, direction=direction)
        total = np.where(before[1] < before[0], disorder, order)
        if lattice_entropy is not None:
            total = total + _of_lattice(lattice_entropy, after) - _of_lattice(lattice_entropy, T)
        return total

    after = T * np.exp(_increasing_root(excess, shape))
    frozen = before[0] == 0.0 if lattice_entropy is None else False
    return np.where(frozen, np.nan, after)[()]


def adiabatic_temperature_change(
    levels: FreeEnergy, B_1: Any, B_2: Any, temperature: Any, *, direction: Any = None, **options: Any
) -> np.ndarray:
    """Return `adiabatic_temperature` less the temperature before, in K: positive when a paramagnet is magnetized."""
    after = adiabatic_temperature(levels, B_1, B_2, temperature, direction=direction, **options)
    return after - temperatures(temperature)


def debye_entropy(temperature: Any, debye_temperature: float, atoms: float = 1.0) -> np.ndarray:
    """Return the entropy of the vibrations of a lattice in J/K, Debye's.

    S = atoms k_B (4 D(x) - 3 log(1 - exp(-x))), x = theta/T, with Debye's function D(x) = 3/x^3 times the integral of
    t^3/(exp(t) - 1) from 0 to x.

    Parameters
    ----------
    temperature : float or array_like
        In K.
    debye_temperature : float
        theta in K.
    atoms : float
        How many, for each magnetic ion.

    Notes
    -----
    [AshcroftMermin1976]_ ch. 23.

    Examples
    --------
    Hot, it is 3 k_B (log(T/theta) + 4/3) an atom:

    >>> import numpy as np
    >>> from magneton.constants import k_B
    >>> from magneton.quantum import debye_entropy
    >>> round(float(debye_entropy(1e6, 1.0) / k_B - 3 * (np.log(1e6) + 4 / 3)), 10)
    0.0
    """
    theta = positive("debye_temperature", debye_temperature, "K")
    T = temperatures(temperature)
    x = theta / T
    top = np.minimum(x, 60.0)  # the rest is below rounding
    t = 0.5 * top[..., None] * (1.0 + _DEBYE_NODES)
    integral = 0.5 * top * (t**3 / np.expm1(t) * _DEBYE_WEIGHTS).sum(axis=-1)
    return positive("atoms", atoms) * K_B * (12.0 * integral / x**3 - 3.0 * np.log(-np.expm1(-x)))


def _of_lattice(function: LatticeEntropy, T: np.ndarray) -> np.ndarray:
    values = numbers("what lattice_entropy returns", function(T), "J/K")
    if values.shape != np.shape(T):
        raise ValueError(f"lattice_entropy must return shape {np.shape(T)}, got {values.shape}")
    return values


def _takes_vectors(levels: FreeEnergy) -> bool:
    from magneton.quantum.levels import Levels

    return isinstance(levels, Levels)


def _increasing_root(function: Callable[[np.ndarray], np.ndarray], shape: tuple[int, ...]) -> np.ndarray:
    """Return where an increasing function of log T is 0, in the brackets of +-_WIDEST; -inf or inf if outside.

    The bracket grows from 0 by doubling, and is closed by the secant's and the middle's points in turns.
    """
    low, high = np.zeros(shape), np.zeros(shape)
    at_low = at_high = np.asarray(function(low))
    reach = 0.125
    while reach <= _WIDEST and ((at_low > 0.0) | (at_high < 0.0)).any():
        move = np.where(at_low > 0.0, -reach, low)
        below = function(move)
        high, at_high = _taken(at_low > 0.0, (low, at_low), (high, at_high))
        low, at_low = move, below
        move = np.where(at_high < 0.0, reach, high)
        above = function(move)
        low, at_low = _taken(at_high < 0.0, (high, at_high), (low, at_low))
        high, at_high = move, above
        reach *= 2.0
    outside = np.where(at_low > 0.0, -np.inf, np.where(at_high < 0.0, np.inf, 0.0))
    for step in range(_STEPS):
        wide = high - low > 2.0 * np.finfo(float).eps * np.maximum(1.0, np.abs(low))
        if not (wide & (outside == 0.0)).any():
            break
        slope = at_high - at_low
        secant = low - at_low * (high - low) / np.where(slope > 0.0, slope, 1.0)
        inside = (slope > 0.0) & (secant > low) & (secant < high) & (step % 3 != 2)
        x = np.where(inside, secant, 0.5 * (low + high))
        value = function(x)
        low, at_low = _taken(value <= 0.0, (x, value), (low, at_low))
        high, at_high = _taken(value >= 0.0, (x, value), (high, at_high))
    return np.where(outside == 0.0, 0.5 * (low + high), outside)


def _taken(where: np.ndarray, new: tuple, old: tuple) -> tuple[np.ndarray, np.ndarray]:
    return np.where(where, new[0], old[0]), np.where(where, new[1], old[1])
