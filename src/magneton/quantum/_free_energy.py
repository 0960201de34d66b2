"""What follows from levels in a field alone: partition function, free energy, entropy, heat capacity."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from magneton import constants
from magneton._check import positives
from magneton.quantum import _thermal

K_B = float(constants.k_B)
#: Takes lowest energies (count,), energies above (count, n) and temperatures (count,), all in units.
OfEnergies = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]


class FreeEnergy:
    """Thermal functions of levels in a magnetic field; what the fields are is up to the kind of levels."""

    def _of_energies(self, B: Any, temperature: Any, direction: Any, function: OfEnergies) -> np.ndarray:
        """Return a function of the energies at all fields and temperatures."""
        raise NotImplementedError

    def _mean_energy(self, B: Any, direction: Any) -> np.ndarray:
        """Return the mean of all energies, in units."""
        raise NotImplementedError

    def log_partition_function(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return log Z, Z = sum of exp(-E/(k_B T)), shape (...)."""
        return self._of_energies(
            B, temperature, direction, lambda low, above, T: _thermal.log_sum(above, T) - low / T
        )

    def partition_function(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return Z, shape (...); infinite or 0 where a float64 cannot hold it, see `log_partition_function`."""
        with np.errstate(over="ignore"):
            return np.exp(self.log_partition_function(B, temperature, direction=direction))

    def free_energy(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return F = -k_B T log Z in J, shape (...)."""
        return _thermal.UNIT * self._of_energies(
            B, temperature, direction, lambda low, above, T: low - T * _thermal.log_sum(above, T)
        )

    def internal_energy(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return the mean of H(B), the energy -m.B in the field included, in J, shape (...).

        It is summed as what it differs by from that of all levels alike, which in a weak field is all of it.
        """
        excess = self._of_energies(
            B,
            temperature,
            direction,
            lambda _, above, T: (_thermal.uneven_populations(above, T) * above).sum(axis=-1),
        )
        return _thermal.UNIT * (self._mean_energy(B, direction) + excess)

    def entropy(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return S = -dF/dT in J/K, shape (...)."""
        return K_B * self._of_energies(
            B, temperature, direction, lambda _, above, T: _thermal.entropy(above, T)
        )

    def entropy_deficit(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return what the entropy lacks of k_B log n, its limit when hot, in J/K, shape (...).

        It keeps its digits where the entropy itself has long lost them, as 1/T^2.
        """
        return K_B * self._of_energies(
            B, temperature, direction, lambda _, above, T: _thermal.entropy_deficit(above, T)
        )

    def heat_capacity(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return T dS/dT at constant field in J/K, shape (...)."""
        return K_B * self._of_energies(
            B, temperature, direction, lambda _, above, T: _thermal.heat_capacity(above, T)
        )


def temperatures(temperature: Any) -> np.ndarray:
    """Return temperatures in K, all positive."""
    return positives("temperature", temperature, "K")


def common_shape(fields: tuple[int, ...], T: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape to which fields and temperatures broadcast."""
    try:
        return np.broadcast_shapes(fields, T)
    except ValueError:
        raise ValueError(
            f"B and temperature must broadcast, got fields of shape {fields} and temperatures of {T}"
        ) from None
