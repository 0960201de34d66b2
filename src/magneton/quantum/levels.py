"""Levels in a magnetic field, and all of their thermal magnetism from one free energy."""

from __future__ import annotations

from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from magneton import constants
from magneton._check import numbers, points, shown, vector
from magneton.quantum import _thermal

K_B, MU_B, MU_0, N_A = (float(getattr(constants, name)) for name in ("k_B", "mu_B", "mu_0", "N_A"))
#: Below this share of the largest moment, thermal moments are summed from their differences to those at B = 0.
_SMALL = 0.1
#: Rounding of eigenvalues, in units of the largest of them.
_ROUNDING = 8.0 * np.finfo(float).eps


class Spectrum(NamedTuple):
    """Energies (..., n) in K and states (..., n, n), in columns, in some fields."""

    energies: np.ndarray
    states: np.ndarray


class Levels:
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
        if len(m) != 3 or m.shape[1:] != h.shape:
            raise ValueError(f"moments must have shape (3, {len(h)}, {len(h)}), got {m.shape}")
        self.hamiltonian, self.moment_operators = h, m
        self._h, self._m = h / K_B, m / K_B

    def __repr__(self) -> str:
        """Show the number of levels."""
        return f"<{type(self).__name__}: {len(self.hamiltonian)} levels>"

    # ---- levels

    def energies(self, B: Any, *, direction: Any = None) -> np.ndarray:
        """Return the energies in J, lowest first, shape (..., n)."""
        return K_B * self._spectrum(_fields(B, direction)).energies

    def level_moments(self, B: Any, *, direction: Any = None) -> np.ndarray:
        """Return the moments -dE/dB of the levels in J/T, shape (..., n, 3).

        Of levels that are degenerate only the sum has a meaning.
        """
        spectrum = self._spectrum(_fields(B, direction))
        return K_B * np.moveaxis(self._expectations(spectrum), -2, -1)

    # ---- the free energy and its derivatives

    def log_partition_function(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return log Z, Z = sum of exp(-E/(k_B T))."""
        energies, T = self._at(B, temperature, direction)
        return _thermal.log_sum(energies, T) - energies.min(axis=-1) / T

    def free_energy(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return F = -k_B T log Z in J."""
        energies, T = self._at(B, temperature, direction)
        return K_B * (energies.min(axis=-1) - T * _thermal.log_sum(energies, T))

    def moment(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return the thermal moment -dF/dB at constant temperature in J/T, shape (..., 3)."""
        field, T = _fields(B, direction), _temperatures(temperature)
        spectrum = self._spectrum(field)
        p = _thermal.weights(spectrum.energies, T)
        p /= p.sum(axis=-1, keepdims=True)
        m = np.einsum("...n,...kn->...k", p, self._expectations(spectrum))
        small = np.linalg.norm(m, axis=-1) < _SMALL * self._largest
        if small.any():
            field, T = np.broadcast_to(field, m.shape)[small], np.broadcast_to(T, small.shape)[small]
            energies = np.broadcast_to(spectrum.energies, (*small.shape, len(self._h)))[small]
            states = np.broadcast_to(spectrum.states, (*small.shape, *self._h.shape))[small]
            m[small] = self._small_moment(Spectrum(energies, states), field, T)
        return K_B * m

    def susceptibility(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return the tensor dm_i/dB_j at constant temperature in J/T^2, shape (..., 3, 3).

        Curie's and Van Vleck's parts together, as Kubo's formula of the isothermal response has it.
        """
        field, T = _fields(B, direction), _temperatures(temperature)
        spectrum = self._spectrum(field)
        p = _thermal.weights(spectrum.energies, T)
        p /= p.sum(axis=-1, keepdims=True)
        operators = self._in_states(spectrum.states)
        mean = np.einsum("...n,...knn->...k", p, operators).real
        centred = operators - mean[..., None, None] * np.eye(len(self._h))
        pairs = _thermal.pair_weights(spectrum.energies, spectrum.energies, T)
        chi = np.einsum("...iab,...jab,...ab->...ij", centred, centred.conj(), pairs, optimize=True).real
        return K_B * chi / T[..., None, None]

    def internal_energy(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return the mean of H(B), the energy -m.B in the field included, in J."""
        energies, T = self._at(B, temperature, direction)
        lowest, p, above = _occupied(energies, T)
        return K_B * (lowest + (p * above).sum(axis=-1))

    def entropy(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return S = -dF/dT in J/K."""
        energies, T = self._at(B, temperature, direction)
        _, p, above = _occupied(energies, T)
        return K_B * (_thermal.log_sum(energies, T) + (p * above).sum(axis=-1) / T)

    def heat_capacity(self, B: Any, temperature: Any, *, direction: Any = None) -> np.ndarray:
        """Return T dS/dT at constant field in J/K."""
        energies, T = self._at(B, temperature, direction)
        _, p, above = _occupied(energies, T)
        x = above / T[..., None]
        return K_B * (p * (x - (p * x).sum(axis=-1, keepdims=True)) ** 2).sum(axis=-1)

    # ---- parts

    @cached_property
    def _largest(self) -> float:
        """The largest eigenvalue of any component of the moment, in K/T."""
        return float(np.abs(np.linalg.eigvalsh(self._m)).max())

    @cached_property
    def _zero_field(self) -> Spectrum:
        """The levels at B = 0; those that differ by rounding only are degenerate."""
        energies, states = np.linalg.eigh(self._h)
        return Spectrum(_thermal.gathered(energies, _ROUNDING * np.abs(energies).max()), states)

    def _spectrum(self, field: np.ndarray) -> Spectrum:
        return Spectrum(*np.linalg.eigh(self._h - np.einsum("...k,kij->...ij", field, self._m)))

    def _at(self, B: Any, temperature: Any, direction: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return energies (..., n) and temperatures."""
        field, T = _fields(B, direction), _temperatures(temperature)
        h = self._h - np.einsum("...k,kij->...ij", field, self._m)
        return np.linalg.eigvalsh(h), T

    def _in_states(self, states: np.ndarray) -> np.ndarray:
        """Return the moment's matrix elements between states, shape (..., 3, n, n)."""
        states = states[..., None, :, :]
        return np.conj(np.swapaxes(states, -1, -2)) @ (self._m @ states)

    def _expectations(self, spectrum: Spectrum) -> np.ndarray:
        """Return the moments of the levels, shape (..., 3, n)."""
        states = spectrum.states[..., None, :, :]
        return (states.conj() * (self._m @ states)).sum(axis=-2).real

    def _small_moment(self, spectrum: Spectrum, field: np.ndarray, T: np.ndarray) -> np.ndarray:
        """Return moments from their difference to those at B = 0, which sums positive terms.

        exp(-H/T) - exp(-H_0/T) between a state a of H_0 and a state b of H is <a|m.B|b>/T times the divided
        difference of the exponentials of both energies, so nothing cancels, however small B is.
        """
        zero = self._zero_field
        rest = _thermal.weights(zero.energies, T)
        at_rest = np.einsum("...n,kn->...k", rest, self._expectations(zero))
        noise = _ROUNDING * len(self._h) * self._largest * rest.sum(axis=-1, keepdims=True)
        at_rest[np.abs(at_rest) < noise] = 0.0
        pairs = _thermal.pair_weights(zero.energies, spectrum.energies, T)
        mixed = np.conj(zero.states.T) @ (self._m @ spectrum.states[..., None, :, :])
        pull = np.einsum("...k,...kab->...ab", field, mixed) * pairs
        change = np.einsum("...kab,...ab->...k", mixed.conj(), pull).real / T[..., None]
        shift = np.exp((spectrum.energies.min(axis=-1) - zero.energies.min()) / T)
        scale = shift / _thermal.weights(spectrum.energies, T).sum(axis=-1)
        return np.where(at_rest == 0.0, 0.0, at_rest * scale[..., None]) + change


def _occupied(energies: np.ndarray, T: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the lowest energy, the populations, and the energies above the lowest."""
    p = _thermal.weights(energies, T)
    lowest = energies.min(axis=-1)
    return lowest, p / p.sum(axis=-1, keepdims=True), energies - lowest[..., None]


def _fields(B: Any, direction: Any) -> np.ndarray:
    """Return fields of shape (..., 3)."""
    if direction is None:
        return points("B", B, "T")
    axis = vector("direction", direction)
    length = np.linalg.norm(axis)
    if not length:
        raise ValueError("direction must not be the zero vector")
    return numbers("B", B, "T")[..., None] * (axis / length)


def _temperatures(temperature: Any) -> np.ndarray:
    T = numbers("temperature", temperature, "K")
    if T.size and T.min() <= 0.0:
        raise ValueError(f"temperature must be positive, got {T.min():g}")
    return T


def _hermitian(name: str, value: Any, ndim: int) -> np.ndarray:
    """Return a Hermitian matrix, or a stack of them; real if it is."""
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
