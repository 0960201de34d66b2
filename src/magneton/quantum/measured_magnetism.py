"""Measured susceptibilities and magnetizations of powders, and what quantum levels give for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import constants
from magneton._check import numbers, real_array, shown
from magneton.quantum._free_energy import temperatures
from magneton.quantum._orientations import powder_moment
from magneton.quantum.levels import Levels
from magneton.quantum.spin_hamiltonians import spin_hamiltonian

_MU_0, _N_A = float(constants.mu_0), float(constants.N_A)


@dataclass(frozen=True)
class MeasuredSusceptibility:
    """Measured molar susceptibilities.

    Attributes
    ----------
    temperature : array_like, shape (m,)
        In K.
    chi : array_like, shape (m,), optional
        m^3/mol (SI); either this or `chi_T`.
    chi_T : array_like, shape (m,), optional
        Susceptibility times temperature in m^3 K/mol (SI); 4 pi 1e-6 times the one in cm^3 K/mol (cgs).
    B : float or array_like, shape (m,), optional
        Field of the measurement in T, chi being mu_0 M/B; the limit of weak fields without it.
    uncertainties : float or array_like, shape (m,), optional
        Standard deviations, in the unit of what was measured.
    """

    temperature: Any
    chi: Any = None
    chi_T: Any = None
    B: Any = None
    uncertainties: Any = None

    def __post_init__(self) -> None:
        """Refuse temperatures that are none; the rest is looked at with the model."""
        temperatures(self.temperature)


@dataclass(frozen=True)
class MeasuredMagnetization:
    """Measured moments of a powder, per formula unit and along the field.

    Attributes
    ----------
    B : array_like, shape (m,)
        In T, positive.
    temperature : float or array_like, shape (m,)
        In K.
    moment : array_like, shape (m,)
        In J/T; molar moments in A m^2/mol (1e-3 times those in erg/(G mol)) are divided by N_A.
    uncertainties : float or array_like, shape (m,), optional
        Standard deviations in J/T.
    """

    B: Any
    temperature: Any
    moment: Any
    uncertainties: Any = None

    def __post_init__(self) -> None:
        """Refuse temperatures that are none; the rest is looked at with the model."""
        temperatures(self.temperature)


@dataclass(frozen=True)
class Chi:
    """Susceptibilities, times T if `by_T`."""

    T: np.ndarray
    values: np.ndarray
    sigma: np.ndarray | None
    B: np.ndarray | None
    by_T: bool

    def of(self, levels: Levels, extras: Mapping[str, float]) -> np.ndarray:
        """Return what a model gives for these data."""
        rho = extras["impurity"]
        chi = (1.0 - rho) * self._plain(levels) * self.T / (self.T - extras["weiss_temperature"])
        chi += extras["temperature_independent"]
        if rho:
            chi += rho * self._plain(_FREE_SPIN)
        return chi * self.T if self.by_T else chi

    def _plain(self, levels: Levels) -> np.ndarray:
        if self.B is None:
            return levels.molar_susceptibility(self.T)
        return _MU_0 * (_N_A * powder_moment(levels, self.B, self.T)) / self.B


@dataclass(frozen=True)
class Moments:
    """Moments along the field."""

    B: np.ndarray
    T: np.ndarray
    values: np.ndarray
    sigma: np.ndarray | None

    def of(self, levels: Levels, extras: Mapping[str, float]) -> np.ndarray:
        """Return what a model gives for these data."""
        rho = extras["impurity"]
        m = (1.0 - rho) * powder_moment(levels, self.B, self.T)
        m += extras["temperature_independent"] / _MU_0 * self.B / _N_A
        return m + rho * powder_moment(_FREE_SPIN, self.B, self.T) if rho else m


_FREE_SPIN = spin_hamiltonian(0.5)


def prepared(data: Any) -> Chi | Moments:
    """Return checked data that can be calculated."""
    if isinstance(data, MeasuredMagnetization):
        moment = _list("moment", data.moment, "J/T")
        B, T = _like("B", data.B, "T", moment), _like("temperature", data.temperature, "K", moment)
        return Moments(
            _positive_fields(B), temperatures(T), moment, _sigma(data.uncertainties, "J/T", moment)
        )
    if not isinstance(data, MeasuredSusceptibility):
        raise ValueError(
            f"measured must hold MeasuredSusceptibility or MeasuredMagnetization, got {shown(data)}"
        )
    if (data.chi is None) == (data.chi_T is None):
        raise ValueError("give either chi or chi_T, got both or none")
    by_T = data.chi is None
    name, unit = ("chi_T", "m^3 K/mol") if by_T else ("chi", "m^3/mol")
    values = _list(name, data.chi_T if by_T else data.chi, unit)
    T = temperatures(_like("temperature", data.temperature, "K", values))
    B = None if data.B is None else _positive_fields(_like("B", data.B, "T", values))
    return Chi(T, values, _sigma(data.uncertainties, unit, values), B, by_T)


def _list(name: str, value: Any, unit: str) -> np.ndarray:
    array = real_array(name, value, unit, "a list of numbers")
    if array.ndim != 1 or not array.any():
        raise ValueError(f"{name} must be a list of numbers that are not all 0, got shape {array.shape}")
    return array


def _like(name: str, value: Any, unit: str, values: np.ndarray) -> np.ndarray:
    array = numbers(name, value, unit)
    if array.shape not in ((), values.shape):
        raise ValueError(
            f"{name} must be a number or {len(values)} numbers as the data, got shape {array.shape}"
        )
    return np.broadcast_to(array, values.shape)


def _positive_fields(B: np.ndarray) -> np.ndarray:
    if B.min() <= 0.0:
        raise ValueError(f"B must be positive, got {B.min():g}")
    return B


def _sigma(value: Any, unit: str, values: np.ndarray) -> np.ndarray | None:
    if value is None:
        return None
    sigma = _like("uncertainties", value, unit, values)
    if sigma.min() <= 0.0:
        raise ValueError(f"uncertainties must be positive, got {sigma.min():g}")
    return sigma
