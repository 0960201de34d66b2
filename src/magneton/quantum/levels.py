"""Levels in a magnetic field, and all of their thermal magnetism from one free energy."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from magneton import constants
from magneton._check import numbers, points, shown, vector
from magneton.quantum import _response
from magneton.quantum._chunks import over_points
from magneton.quantum._free_energy import FreeEnergy, OfEnergies, common_shape, temperatures
from magneton.quantum._spectrum import Operators, is_cold
from magneton.quantum._thermal import PER_KELVIN, UNIT

K_B, MU_B, MU_0, N_A = (float(getattr(constants, name)) for name in ("k_B", "mu_B", "mu_0", "N_A"))


class Levels(FreeEnergy):
    """Quantum levels in a magnetic field: H(B) = H_0 - m.B, and the thermal magnetism that follows from it.

    Everything is a derivative of the free energy F = -k_B T log Z, in closed form and per particle: the moment
    -dF/dB at constant temperature, the susceptibility, the entropy -dF/dT and the heat capacity. Degenerate and
    nearly degenerate levels need no care, and small moments in small fields keep their digits.

    Parameters
    ----------
    hamiltonian : array_like, shape (n, n)
        H_0 without field in J, Hermitian.
    moments : array_like, shape (3, n, n)
        The operators of the moment's components in J/T, Hermitian: -g mu_B S for an electron's spin (g > 0).

    Raises
    ------
    ValueError
        If the shapes differ, or an operator is not Hermitian.

    Notes
    -----
    Hellmann and Feynman: the moment of a level is -dE/dB = <n|m|n>. All methods take `B` in T, shape (..., 3), or
    of any shape together with a `direction`, and temperatures in K that broadcast with the fields' (...).

    The moment is good to 1e-11 of itself, the numbers in both operators taken as exact, down to k_B T of 1e-14 of
    the largest energy: levels that close are solved for anew, with residuals in extended precision (Rayleigh and
    Ritz). Where H_0 has a moment of its own, without field, and the field cancels it, it is good to that of the
    largest level's moment. An H_0 whose moments at rest are of the size of rounding is taken to be invariant under
    time reversal, which has none at all: then fields of 1e-20 T are as good as any.

    Examples
    --------
    An electron's spin at 1 K in 1 T:

    >>> from magneton import constants
    >>> from magneton.quantum import Levels, spin_operators
    >>> electron = Levels(np.zeros((2, 2)), constants.g_e * constants.mu_B * spin_operators(0.5))
    >>> float(electron.moment([0, 0, 1.0], 1.0)[2] / constants.mu_B)  # doctest: +ELLIPSIS
    0.587...
    """

    def __init__(self, hamiltonian: Any, moments: Any) -> None:
        h = _hermitian("hamiltonian", hamiltonian, 2)
        m = _hermitian("moments", moments, 3)
        if not h.size:
            raise ValueError(f"hamiltonian must have one level or more, got shape {h.shape}")
        if len(m) != 3 or m.shape[1:] != h.shape:
            raise ValueError(f"moments must have shape (3, {len(h)}, {len(h)}), got {m.shape}")
        self.hamiltonian, self.moment_operators = h, m
        self._operators = Operators(h / UNIT, m / UNIT)

    def __repr__(self) -> str:
        """Show the number of levels."""
        return f"<{type(self).__name__}: {len(self.hamiltonian)} levels>"

    # ---- levels

    def energies(self, B: Any, *, direction: Any = None) -> np.ndarray:
        """Return the energies in J, lowest first, shape (..., n)."""

        def energies(fields: np.ndarray, _: np.ndarray) -> np.ndarray:
            lowest, above = self._operators.energies(fields)
            return lowest[:, None] + above

        fields = _fields(B, direction)
        return UNIT * over_points(
            fields, np.array(1.0), energies, (len(self.hamiltonian),), elements=self.hamiltonian.size
        )

    def level_moments(self, B: Any, *, direction: Any = None) -> np.ndarray:
        """Return the moments -dE/dB of the levels in J/T, shape (..., n, 3).

        Of levels that are degenerate only the sum has a meaning.
        """

        def moments(fields: np.ndarray, _: np.ndarray) -> np.ndarray:
            states = self._operators.solve(fields).states[:, None]
            means = (states.conj() * (self._operators.m @ states)).sum(axis=-2).real
            return means.swapaxes(-1, -2)

        fields = _fields(B, direction)
        return UNIT * over_points(
            fields, np.array(1.0), moments, (len(self.hamiltonian), 3), elements=self.hamiltonian.size
        )

    # ---- derivatives of the free energy by the field; FreeEnergy has the others

    def moment(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return the thermal moment -dF/dB at constant temperature in J/T, shape (..., 3)."""
        return UNIT * self._of_states(B, temperature, direction, _response.moment, (3,))

    def moment_slope(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return dm/dT at constant field in J/(T K), shape (..., 3).

        By Maxwell's relation this is dS/dB at constant temperature, the source of the magnetocaloric effect.
        """
        return K_B * self._of_states(B, temperature, direction, _response.slope, (3,))

    def susceptibility(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return the tensor dm_i/dB_j at constant temperature in J/T^2, shape (..., 3, 3).

        Curie's and Van Vleck's parts together, as Kubo's formula of the isothermal response has it.
        """
        return UNIT * self._of_states(B, temperature, direction, _response.susceptibility, (3, 3))

    def molar_susceptibility(
        self, temperature: Any, B: Any = (0.0, 0.0, 0.0), *, direction: Any = None
    ) -> Any:
        """Return the molar susceptibility mu_0 N_A tr(dm/dB)/3 in m^3/mol (SI), shape (...).

        Without field it is that of a powder, too. Per 4 pi 1e-6 it is the one in cm^3/mol (cgs).
        """
        chi = self.susceptibility(B, temperature, direction=direction)
        return MU_0 * (N_A * np.trace(chi, axis1=-2, axis2=-1)) / 3.0

    def effective_moment(self, temperature: Any) -> Any:
        """Return the effective moment sqrt(3 k_B T chi) without field, in mu_B, shape (...).

        chi is a third of the trace of the susceptibility. For a free ion it is g_J sqrt(J (J + 1)).
        """
        T = temperatures(temperature)
        chi = np.trace(self.susceptibility((0.0, 0.0, 0.0), T), axis1=-2, axis2=-1) / 3.0
        return np.sqrt(3.0 * (K_B * T / MU_B) * (chi / MU_B))

    def powder_moment(self, B: Any, temperature: Any, *, rtol: float = 1e-8) -> np.ndarray:
        """Return the moment along the field, averaged over all directions, in J/T, shape (...).

        `B` are magnitudes in T; `powder_average` gives the error as well, and other averages.
        """
        from magneton.quantum.powder import powder_average

        return powder_average(self, "moment", B, temperature, rtol=rtol).value

    def powder_susceptibility(self, B: Any, temperature: Any, *, rtol: float = 1e-8) -> np.ndarray:
        """Return dm/dB along the field, averaged over all directions, in J/T^2, shape (...); B as magnitudes in T."""
        from magneton.quantum.powder import powder_average

        return powder_average(self, "susceptibility", B, temperature, rtol=rtol).value

    # ---- parts

    @property
    def largest_moment(self) -> float:
        """The largest eigenvalue, by magnitude, of a component of the moment, in J/T."""
        return UNIT * self._rest.largest

    @property
    def has_moment_at_rest(self) -> bool:
        """Whether some level has a moment without field, beyond rounding; of degenerate levels the sum counts."""
        return self._rest.has_moment

    def _mean_energy(self, B: Any, direction: Any) -> np.ndarray:
        return self._operators.mean_energy(_fields(B, direction))

    def _of_energies(self, B: Any, temperature: Any, direction: Any, function: OfEnergies) -> np.ndarray:
        def at(fields: np.ndarray, which: np.ndarray, T: np.ndarray) -> np.ndarray:
            lowest, above = (part[which] for part in self._operators.energies(fields))
            cold = is_cold(lowest, above, T)
            if cold.any():
                fields = fields[which[cold]]
                sharp = self._operators.sharpened(self._operators.solve(fields), fields, T[cold])
                lowest[cold], above[cold] = sharp.lowest + sharp.tail, sharp.above
            return function(lowest, above, T)

        fields, T = _fields_and_temperatures(B, temperature, direction)
        return over_points(fields, T, at, (), shared=True, elements=self.hamiltonian.size)

    def _of_states(
        self, B: Any, temperature: Any, direction: Any, function: _response.OfPoints, tail: tuple[int, ...]
    ) -> np.ndarray:
        def at(fields: np.ndarray, which: np.ndarray, T: np.ndarray) -> np.ndarray:
            return _response.at_points(self._operators, self._rest, fields, which, T, function)

        fields, T = _fields_and_temperatures(B, temperature, direction)
        return over_points(fields, T, at, tail, shared=True, elements=self.hamiltonian.size)

    @cached_property
    def _rest(self) -> _response.Rest:
        return _response.Rest(self._operators)


def _fields_and_temperatures(B: Any, temperature: Any, direction: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return fields of shape (..., 3), and temperatures in units that broadcast with them."""
    fields, T = _fields(B, direction), PER_KELVIN * temperatures(temperature)
    common_shape(fields.shape[:-1], T.shape)
    return fields, T


def _fields(B: Any, direction: Any) -> np.ndarray:
    """Return fields of shape (..., 3)."""
    if direction is None:
        if np.shape(B)[-1:] != (3,):
            raise ValueError(
                f"B must have shape (..., 3), got shape {np.shape(B)}: give direction= with magnitudes"
            )
        fields = points("B", B, "T")
        if not np.isfinite(fields).all():
            raise ValueError(f"B must be finite, got {shown(B)}")
        return fields
    axis = vector("direction", direction)
    length = np.linalg.norm(axis)
    if not length:
        raise ValueError("direction must not be the zero vector")
    return numbers("B", B, "T")[..., None] * (axis / length)


def _hermitian(name: str, value: Any, ndim: int) -> np.ndarray:
    """Return a Hermitian matrix, or a stack of them."""
    array = np.array(value)
    if array.dtype.kind not in "fiuc" or array.ndim != ndim or array.shape[-1] != array.shape[-2]:
        wanted = "(n, n)" if ndim == 2 else "(3, n, n)"
        raise ValueError(f"{name} must be numbers of shape {wanted}, got {shown(value)}")
    array = array.astype(complex)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} must be finite")
    skew = np.abs(array - np.conj(np.swapaxes(array, -1, -2))).max(initial=0.0)
    if skew > 1e-12 * np.abs(array).max(initial=0.0):
        raise ValueError(f"{name} must be Hermitian, got elements that differ from the adjoint's by {skew:g}")
    return 0.5 * (array + np.conj(np.swapaxes(array, -1, -2)))
