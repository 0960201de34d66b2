"""Eigenvalues and eigenstates of H(B) = H_0 - m.B, with all digits that a low temperature asks for.

A solver's eigenvalues are off by the rounding of the largest of them. That does not matter unless the temperature is so
low that Boltzmann's factors see it. There the lowest levels are solved for once more from
the residuals of the states (Rayleigh and Ritz), which are computed in extended precision.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

#: Temperatures below this share of the largest energy see the rounding of the eigenvalues.
_COLD = 2.0**-11
#: Temperatures below this part of those see it squared, too.
_COLDER = 2.0**-16
#: Levels so many temperatures above the lowest are empty to more than double precision.
_EMPTY = 50.0
#: Veltkamp's constant: splits a float64 in two halves whose products are exact.
_HALVES = 2.0**27 + 1.0
_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Spectrum:
    """Levels in `count` fields; energies are lowest + tail + above.

    Attributes
    ----------
    lowest, tail : ndarray, shape (count,)
        The lowest energy, and what it lacks of its digits.
    above : ndarray, shape (count, n)
        Energies above the lowest.
    states : ndarray, shape (count, n, n)
        In columns.
    """

    lowest: np.ndarray
    tail: np.ndarray
    above: np.ndarray
    states: np.ndarray

    def __getitem__(self, index: np.ndarray) -> Spectrum:
        """Return the levels in some of the fields."""
        return Spectrum(*(part[index] for part in self.parts()))

    def replaced(self, where: np.ndarray, new: Spectrum) -> Spectrum:
        """Return the levels with those in some of the fields replaced."""
        parts = []
        for old_part, part in zip(self.parts(), new.parts(), strict=True):
            parts.append(old_part.astype(np.result_type(old_part, part)))
            parts[-1][where] = part
        return Spectrum(*parts)

    def parts(self) -> tuple[np.ndarray, ...]:
        """Return the four arrays."""
        return self.lowest, self.tail, self.above, self.states


class Operators:
    """H_0 and m, shapes (n, n) and (3, n, n): builds and solves H(B) for fields (count, 3)."""

    def __init__(self, hamiltonian: np.ndarray, moments: np.ndarray) -> None:
        self.h, self.m = np.ascontiguousarray(hamiltonian), np.ascontiguousarray(moments)
        self.size = len(self.h)
        self._rows = self.m.view(float).reshape(3, -1)
        self._imaginary = [bool(np.imag(each).any()) for each in (self.h, *self.m)]

    def hamiltonian(self, fields: np.ndarray) -> np.ndarray:
        """Return H(B), shape (count, n, n); real if it can be, for that is solved faster."""
        zeeman = (fields @ self._rows).reshape(-1, self.size, 2 * self.size)
        if self._imaginary[0] or any(i and fields[:, k].any() for k, i in enumerate(self._imaginary[1:])):
            return self.h - zeeman.view(complex)
        return np.real(self.h) - zeeman[..., ::2]

    def traces(self, density: np.ndarray) -> np.ndarray:
        """Return the real parts of tr(m_k D) of matrices D, shape (count, 3)."""
        flat = density.reshape(len(density), -1)
        if flat.dtype.kind == "c":
            return flat.view(float) @ self._rows.T
        return flat @ self._rows[:, ::2].T

    def mean_energy(self, fields: np.ndarray) -> np.ndarray:
        """Return tr H(B)/n, shape (...); traces of the size of rounding are 0."""
        each = np.concatenate([self.h[None], self.m])
        trace = np.einsum("kii->k", each).real / self.size
        trace = np.where(np.abs(trace) > 8.0 * _EPS * np.abs(each).max(axis=(1, 2)), trace, 0.0)
        return trace[0] - fields @ trace[1:]

    def solve(self, fields: np.ndarray) -> Spectrum:
        """Return the levels, at the solver's precision."""
        energies, states = np.linalg.eigh(self.hamiltonian(fields))
        lowest = energies[:, 0]
        return Spectrum(lowest, np.zeros_like(lowest), energies - lowest[:, None], states)

    def energies(self, fields: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the lowest energies and those above it, at the solver's precision."""
        energies = np.linalg.eigvalsh(self.hamiltonian(fields))
        return energies[:, 0], energies - energies[:, :1]

    def sharpened(self, spectrum: Spectrum, fields: np.ndarray, temperature: np.ndarray) -> Spectrum:
        """Return the levels with the digits that the temperatures ask for, given those of the solver."""
        cold = is_cold(spectrum.lowest, spectrum.above, temperature)
        if not cold.any():
            return spectrum
        exact = self._exact(fields[cold])
        better = _refined(exact, spectrum[cold], temperature[cold])
        again = is_cold(better.lowest, better.above, temperature[cold] / _COLDER)
        if again.any():  # errors left are of second order; in orthogonal states they go once more
            rough = better[again]
            rough = replace(rough, states=np.linalg.qr(rough.states)[0])
            exact = exact[0][again], exact[1][again]
            better = better.replaced(again, _refined(exact, rough, temperature[cold][again]))
        return spectrum.replaced(cold, better)

    def _exact(self, fields: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return H(B) as the sum of a matrix and a small one, without rounding."""
        high = np.broadcast_to(self.h.view(float), (len(fields), self.size, 2 * self.size))
        low = np.zeros_like(high)
        for k, moment in enumerate(self.m.view(float)):
            product, lost = _two_product(-fields[:, k, None, None], moment)
            high, lost_too = _two_sum(high, product)
            low = low + (lost + lost_too)
        high, low = _two_sum(high, low)
        return high.view(complex), low.view(complex)


def is_cold(lowest: np.ndarray, above: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Return where the rounding of the eigenvalues counts: at a temperature low against the largest of them.

    That is so even where the lowest level is alone: what a field shifts it by is divided by the temperature.
    """
    limit = _COLD * np.maximum(np.abs(lowest), np.abs(lowest + above[:, -1]))
    return (temperature < limit) & (above.shape[-1] > 1)


def _refined(matrix: tuple[np.ndarray, np.ndarray], old: Spectrum, temperature: np.ndarray) -> Spectrum:
    """Return the lowest levels, solved for once more in the states of the solver.

    In the space of the lowest states x the matrix x^H (H - lowest) x is as small as the temperature, and so is the
    rounding of its eigenvalues. The other states come in to second order, through residuals of rounding size.
    """
    states = old.states.astype(complex)
    small = np.conj(states.swapaxes(-1, -2)) @ _residuals(matrix, old.lowest, states)
    kept = _occupied(old.above, temperature)
    column = kept[:, None, :] & ~kept[:, :, None]  # element (high, low)
    diagonal = np.einsum("...ii->...i", small).real
    gaps = np.where(column, diagonal[:, :, None] - diagonal[:, None, :], 1.0)
    mixing = np.where(column, small, 0.0) / gaps
    block = small - np.conj(np.where(column, small, 0.0).swapaxes(-1, -2)) @ mixing
    both = kept[:, None, :] & kept[:, :, None]
    # The states above are kept apart by a diagonal that puts each above the block, with the block's size.
    top = np.where(kept, np.abs(diagonal), 0.0).max(axis=-1) + temperature
    stairs = top[:, None] * (2.0 + np.arange(kept.shape[-1]))
    compressed = np.where(both, 0.5 * (block + np.conj(block.swapaxes(-1, -2))), 0.0)
    np.einsum("...ii->...i", compressed)[~kept] = stairs[~kept]
    energies, rotation = np.linalg.eigh(compressed)
    energies = np.where(kept, energies, diagonal)
    tail = energies[:, 0]
    states = (states - states @ (mixing - np.conj(mixing.swapaxes(-1, -2)))) @ rotation
    return Spectrum(old.lowest, tail, np.maximum(energies - tail[:, None], 0.0), states)


def _occupied(above: np.ndarray, temperature: np.ndarray) -> np.ndarray:
    """Return which levels are to be solved for together: those that are occupied, up to the next gap."""
    gaps = np.diff(above, axis=-1, prepend=0.0)
    near = (above <= _EMPTY * temperature[:, None]) | (gaps <= temperature[:, None])
    return np.logical_and.accumulate(near, axis=-1)


# ---- extended precision


def _residuals(matrix: tuple[np.ndarray, np.ndarray], pivot: np.ndarray, states: np.ndarray) -> np.ndarray:
    """Return (H - pivot) x of the states, as if it were computed exactly and rounded once.

    Both factors are cut into slices of so few bits that products of slices and their sums are exact, whatever order
    a matrix product takes (Ozaki's scheme).
    """
    bits = (50 - states.shape[-1].bit_length()) // 2
    high, low = matrix
    size = np.abs(high).max(axis=(-1, -2)) + np.abs(pivot)
    power = np.exp2(np.frexp(size)[1])[:, None, None]
    first, second, third = _slices(high, power, bits)
    for part, cut in zip((first, second, third), _slices(pivot[:, None, None], power, bits), strict=True):
        np.einsum("...ii->...i", part)[...] -= cut[:, 0]
    x1, x2, x3 = _slices(states, np.ones_like(power), bits)
    third = third + low
    leading = first @ x1
    middle = first @ x2 + second @ x1
    return (leading + middle) + (second @ (x2 + x3) + first @ x3 + third @ states)


def _slices(a: np.ndarray, power: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return a as the sum of two arrays of `bits` bits below `power`, and the rest."""
    parts = []
    rest = a.view(float) if a.dtype.kind == "c" else a
    for k in (1, 2):
        shift = 1.5 * 2.0**52 * power * 2.0 ** (-k * bits)
        parts.append((rest + shift) - shift)
        rest = rest - parts[-1]
    return tuple(p.view(complex) if a.dtype.kind == "c" else p for p in (*parts, rest))


def _two_sum(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a + b and its rounding error (arrays; the kernels' own are for scalars)."""
    s = a + b
    t = s - a
    return s, (a - (s - t)) + (b - t)


def _two_product(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a b and its rounding error (Dekker)."""
    p = a * b
    (ah, al), (bh, bl) = _halves(a), _halves(b)
    return p, ((ah * bh - p) + (ah * bl + al * bh)) + al * bl


def _halves(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    c = _HALVES * a
    high = c - (c - a)
    return high, a - high
