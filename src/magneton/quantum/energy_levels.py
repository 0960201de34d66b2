"""Thermal magnetism of levels known as functions of the field's magnitude."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from magneton import constants
from magneton._check import numbers, shown
from magneton.quantum import _thermal
from magneton.quantum._free_energy import FreeEnergy, OfEnergies, common_shape, temperatures
from magneton.quantum._thermal import PER_KELVIN, UNIT

_MU_0, _N_A = float(constants.mu_0), float(constants.N_A)
OfField = Callable[[np.ndarray], Any]


class EnergyLevels(FreeEnergy):
    """Levels of an isotropic system, given as functions of the field's magnitude, and their thermal magnetism.

    For what has its energies in closed form, as Breit and Rabi's levels; what has a Hamiltonian is `Levels`.

    Parameters
    ----------
    energies : callable
        Takes magnitudes of B in T, of any shape, and returns energies in J, shape (..., n), in any order.
    moments : callable, optional
        The same for the levels' moments along B, -dE/dB in J/T, in the order of the energies. Without it there is no
        `moment`: differences of energies would lose the digits that small fields and high temperatures need.
    moment_slopes : callable, optional
        The same for -d^2E/dB^2 in J/T^2, which `susceptibility` needs.

    Notes
    -----
    The sums keep their digits at any temperature, but those over levels of opposite moments in a field far below
    k_B T over the moment are as exact as the functions are: to rounding of the largest moment. `Levels` do better.

    Examples
    --------
    A spin 1/2:

    >>> import numpy as np
    >>> from magneton.constants import mu_B
    >>> from magneton.quantum import EnergyLevels
    >>> moments = float(mu_B) * np.array([1.0, -1.0])
    >>> spin = EnergyLevels(lambda B: -B[..., None] * moments, lambda B: np.ones(B.shape)[..., None] * moments)
    >>> float(spin.moment(1.0, 1.0) / mu_B)  # doctest: +ELLIPSIS
    0.586...
    """

    def __init__(
        self, energies: OfField, moments: OfField | None = None, moment_slopes: OfField | None = None
    ) -> None:
        self._functions = {"energies": energies, "moments": moments, "moment_slopes": moment_slopes}

    def energies(self, B: Any) -> np.ndarray:
        """Return the energies in J, in the order of the function given, shape (..., n)."""
        return self._values("energies", numbers("B", B, "T"))

    def level_moments(self, B: Any) -> np.ndarray:
        """Return the moments -dE/dB of the levels in J/T, shape (..., n)."""
        return self._values("moments", numbers("B", B, "T"))

    def moment(self, B: Any, temperature: Any) -> np.ndarray:
        """Return the thermal moment along the field, -dF/dB at constant temperature, in J/T, shape (...)."""
        B, above, T = self._above(B, temperature)
        moments = self._values("moments", B)
        uneven = _thermal.uneven_populations(above, T)
        return (uneven * moments).sum(axis=-1) + moments.mean(axis=-1)

    def moment_slope(self, B: Any, temperature: Any) -> np.ndarray:
        """Return dm/dT at constant field in J/(T K), shape (...)."""
        B, above, T = self._above(B, temperature)
        p = _thermal.populations(above, T)
        x = above / T[..., None]
        p = p * (x - (p * x).sum(axis=-1, keepdims=True))
        return (p * self._values("moments", B)).sum(axis=-1) / (T / PER_KELVIN)

    def susceptibility(self, B: Any, temperature: Any) -> np.ndarray:
        """Return dm/dB along the field at constant temperature in J/T^2, shape (...): Curie and Van Vleck."""
        B, above, T = self._above(B, temperature)
        p = _thermal.populations(above, T)
        moments = self._values("moments", B)
        apart = moments - moments[..., :1]
        apart = apart - (p * apart).sum(axis=-1, keepdims=True)
        curie = UNIT * (p * (apart / UNIT) ** 2).sum(axis=-1) / T
        return curie + (p * self._values("moment_slopes", B)).sum(axis=-1)

    def molar_susceptibility(self, temperature: Any, B: Any = 0.0) -> np.ndarray:
        """Return the molar susceptibility mu_0 N_A dm/dB in m^3/mol (SI), shape (...)."""
        return _MU_0 * (_N_A * self.susceptibility(B, temperature))

    def _above(self, B: Any, temperature: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        B = numbers("B", B, "T")
        energies = self._values("energies", B) / UNIT
        T = PER_KELVIN * temperatures(temperature)
        common_shape(B.shape, T.shape)
        return B, energies - energies.min(axis=-1, keepdims=True), T

    def _mean_energy(self, B: Any, direction: Any) -> np.ndarray:
        del direction  # refused with the energies
        return (self._values("energies", numbers("B", B, "T")) / UNIT).mean(axis=-1)

    def _of_energies(self, B: Any, temperature: Any, direction: Any, function: OfEnergies) -> np.ndarray:
        if direction is not None:
            raise ValueError(f"direction must be None: these levels are isotropic, got {shown(direction)}")
        B = numbers("B", B, "T")
        energies, T = self._values("energies", B) / UNIT, PER_KELVIN * temperatures(temperature)
        lowest = energies.min(axis=-1)
        above = energies - lowest[..., None]
        shape = common_shape(lowest.shape, T.shape)
        above = np.broadcast_to(above, (*shape, above.shape[-1]))
        return function(np.broadcast_to(lowest, shape), above, np.broadcast_to(T, shape))[()]

    def _values(self, name: str, B: np.ndarray) -> np.ndarray:
        function = self._functions[name]
        if function is None:
            raise ValueError(f"{name} must be given to EnergyLevels for this quantity, got None")
        values = numbers(f"what {name} returns", function(B))
        if values.ndim != B.ndim + 1 or values.shape[:-1] != B.shape:
            raise ValueError(f"{name} must return shape (*B.shape, n), got {values.shape} for B of {B.shape}")
        return values
