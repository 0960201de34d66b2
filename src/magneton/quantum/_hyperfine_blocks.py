"""Hyperfine levels of any J and I, in frequencies: one small real matrix for each m_F, which the field conserves.

The same questions, by the same names, as `BreitRabi` answers in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from magneton.quantum._roots import refined
from magneton.quantum.angular import allowed_projections, embedded, spin_operators

#: Fields in the search for clock points, up to this many times the field at which both energies are alike.
_GRID, _REACH = 2001, 30.0


class Block(NamedTuple):
    """The states |m_J, m_I> of one m_F: H_0/h (n, n) in Hz, their m_J, and the F in the order of the energies."""

    hamiltonian: np.ndarray
    m_J: np.ndarray
    F: tuple[float, ...]


def zero_field(F: float, J: float, spin: float, dipole: float, quadrupole: float) -> float:
    """Return the energy of F without field, of nuclear spin `spin` ([Arimondo1977]_ eq. 2.5), in units of A and B."""
    K = F * (F + 1.0) - spin * (spin + 1.0) - J * (J + 1.0)
    energy = 0.5 * dipole * K
    if quadrupole:
        top = 1.5 * K * (K + 1.0) - 2.0 * spin * (spin + 1.0) * J * (J + 1.0)
        energy += quadrupole * top / (4.0 * spin * (2.0 * spin - 1.0) * J * (2.0 * J - 1.0))
    return energy


@dataclass(frozen=True)
class Blocks:
    """Levels of J and I; A/h and B/h in Hz, Zeeman slopes of J_z and I_z in Hz/T."""

    J: float
    nuclear_spin: float
    dipole: float
    quadrupole: float
    zeeman_J: float
    zeeman_I: float

    @cached_property
    def hamiltonian(self) -> np.ndarray:
        """H_0/h in the product basis |m_J> |m_I>, both descending; real."""
        dims = (round(2.0 * self.J) + 1, round(2.0 * self.nuclear_spin) + 1)
        electron = embedded(spin_operators(self.J), 0, dims)
        nucleus = embedded(spin_operators(self.nuclear_spin), 1, dims)
        both = (electron @ nucleus).sum(axis=0).real
        out = self.dipole * both
        if self.quadrupole:
            j2, i2 = (s * (s + 1.0) for s in (self.J, self.nuclear_spin))
            below = 2.0 * self.nuclear_spin * (2.0 * self.nuclear_spin - 1.0) * self.J * (2.0 * self.J - 1.0)
            shape = 3.0 * both @ both + 1.5 * both - j2 * i2 * np.eye(len(both))
            out = out + self.quadrupole / below * shape
        return out

    def block(self, m: float) -> Block:
        """Return the block of one m_F."""
        m_J = np.repeat(allowed_projections(self.J), round(2.0 * self.nuclear_spin) + 1)
        m_I = np.tile(allowed_projections(self.nuclear_spin), round(2.0 * self.J) + 1)
        own = np.flatnonzero(m_J + m_I == m)
        least = max(abs(m), abs(self.J - self.nuclear_spin))
        constants = (self.J, self.nuclear_spin, self.dipole, self.quadrupole)
        choices = np.arange(least, self.J + self.nuclear_spin + 0.5)
        F = sorted((float(each) for each in choices), key=lambda F: zero_field(F, *constants))
        return Block(self.hamiltonian[np.ix_(own, own)], m_J[own], tuple(F))

    def _solved(self, m: float, B: np.ndarray) -> tuple[Block, np.ndarray, np.ndarray]:
        """Return the block, its energies (..., n) in Hz and states (..., n, n)."""
        block = self.block(m)
        zeeman = np.diag(self._zeeman(block, m))
        energies, states = np.linalg.eigh(block.hamiltonian + zeeman * B[..., None, None])
        return block, energies, states

    def _zeeman(self, block: Block, m: float) -> np.ndarray:
        """Return dH/dB of the states in Hz/T."""
        return self.zeeman_J * block.m_J + self.zeeman_I * (m - block.m_J)

    def shift(self, F: float, m: float, B: np.ndarray) -> np.ndarray:
        """Return E(B) - E(0) = <0|V|B>/<0|B> in Hz, which keeps its digits in weak fields."""
        block, energies, states = self._solved(m, B)
        rest, zero = np.linalg.eigh(block.hamiltonian)
        k = block.F.index(F)
        now, was = states[..., :, k], zero[:, k]
        overlap = now @ was
        pull = B * ((now * self._zeeman(block, m)) @ was)
        close = np.abs(overlap) > 0.5
        return np.where(close, pull / np.where(close, overlap, 1.0), energies[..., k] - rest[k])

    def electron(self, F: float, m: float, B: np.ndarray) -> np.ndarray:
        """Return <J_z>."""
        block, _, states = self._solved(m, B)
        return states[..., :, block.F.index(F)] ** 2 @ block.m_J

    def first(self, F: float, m: float, B: np.ndarray) -> np.ndarray:
        """Return dE/dB in Hz/T, by Hellmann and Feynman."""
        block, _, states = self._solved(m, B)
        return states[..., :, block.F.index(F)] ** 2 @ self._zeeman(block, m)

    def second(self, F: float, m: float, B: np.ndarray) -> np.ndarray:
        """Return d^2E/dB^2 in Hz/T^2, the second order of perturbation theory."""
        block, energies, states = self._solved(m, B)
        k = block.F.index(F)
        elements = np.swapaxes(states, -1, -2) @ (self._zeeman(block, m) * states[..., :, k])[..., None]
        gaps = energies[..., k, None] - energies
        others = np.arange(len(block.F)) != k
        return (2.0 * elements[..., others, 0] ** 2 / gaps[..., others]).sum(axis=-1)

    def difference(self, lower: tuple[float, float], upper: tuple[float, float], B: np.ndarray) -> np.ndarray:
        """Return E(upper) - E(lower) in Hz."""
        constants = (self.J, self.nuclear_spin, self.dipole, self.quadrupole)
        apart = zero_field(upper[0], *constants) - zero_field(lower[0], *constants)
        return apart + (self.shift(*upper, B) - self.shift(*lower, B))

    def first_difference(
        self, lower: tuple[float, float], upper: tuple[float, float], B: np.ndarray
    ) -> np.ndarray:
        """Return d/dB of `difference` in Hz/T."""
        return self.first(*upper, B) - self.first(*lower, B)

    def stationary(
        self, lower: tuple[float, float], upper: tuple[float, float], most: float | None
    ) -> np.ndarray:
        """Return the fields 0 <= B <= most where `first_difference` is zero, in T, ascending.

        By its changes of sign on a grid, so that two roots within one step of the grid are not seen.
        """

        def slope(B: np.ndarray) -> np.ndarray:
            return self.first_difference(lower, upper, B)

        size, steepest = np.abs(self.hamiltonian).max(), max(abs(self.zeeman_J), abs(self.zeeman_I))
        if not (size and steepest):  # all levels are straight
            return np.empty(0)
        reach = float(_REACH * size / steepest)
        grid = np.linspace(0.0, reach if most is None else most, _GRID)
        if lower[1] == upper[1] == 0.0:  # levels of m_F = 0 are even in B
            return np.concatenate([[0.0], refined(slope, grid[1:])])
        return refined(slope, grid)
