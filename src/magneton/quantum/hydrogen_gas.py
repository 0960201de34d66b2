"""Hydrogen's two gases: ortho and para, in equilibrium or frozen."""

from __future__ import annotations

import functools
from typing import Any, NamedTuple

import numpy as np

from magneton import constants
from magneton._check import numbers, plain
from magneton.quantum._data import no_such, read_rows
from magneton.quantum._free_energy import temperatures
from magneton.quantum.molar import K_B, MU_0, N_A
from magneton.quantum.spectroscopic import energy_from

#: Spin and moment (J/T) of the nuclei, twice in a molecule.
_NUCLEI = {"H2": (0.5, float(constants.mu_p)), "D2": (1.0, float(constants.mu_d))}


class _Isomer(NamedTuple):
    """Rotational levels (n,) in K with their weights, and the sum of I(I + 1) over nuclear states over their number."""

    energies: np.ndarray
    weights: np.ndarray
    square_spin: float

    @property
    def lowest(self) -> float:
        """The lowest level in K."""
        return float(self.energies.min())

    def sums(self, T: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the sum of states over exp(-lowest/T), the mean energy in K and its variance in K^2."""
        with np.errstate(over="ignore"):  # what is empty is empty
            p = self.weights * np.exp((self.lowest - self.energies) / T[..., None])
        total = p.sum(axis=-1)
        mean = (p * self.energies).sum(axis=-1) / total
        return total, mean, (p * (self.energies - mean[..., None]) ** 2).sum(axis=-1) / total


class SpinIsomers:
    """Ortho and para gas of a molecule of two equal nuclei: rotation and nuclear spin.

    Nuclear spins couple to I = 2i, ..., 0; exchange of the nuclei allows each I with even or with odd rotation J
    only. The isomer with the more nuclear states is called ortho. Without a catalyst gases do not convert for days:
    all properties can be had in equilibrium or at a frozen fraction of ortho.

    Parameters
    ----------
    molecule : {"H2", "D2"}
        For H2 ortho is I = 1 with odd J, para I = 0 with even J; for D2 ortho is I = 0 and 2 with even J.

    Attributes
    ----------
    name : str
    normal : float
        The fraction of ortho at high temperature: 3/4 for H2, 2/3 for D2.

    Notes
    -----
    Levels of v = 0 [Komasa2011]_, so that temperatures up to some 1000 K are served. Percentages agree with
    those of [Woolley1948]_ to 0.02, their constants' age.
    `temperature` is in K; `ortho` is a fraction of the gas that broadcasts with it, and None is equilibrium at each
    temperature.

    Examples
    --------
    >>> from magneton.quantum import SpinIsomers
    >>> hydrogen = SpinIsomers("H2")
    >>> hydrogen.ortho_fraction([20.39, 77.0, 300.0]).round(4)
    array([0.0021, 0.4942, 0.7493])
    """

    def __init__(self, molecule: str) -> None:
        if molecule not in _NUCLEI:
            raise no_such("molecule", molecule, "one with known ortho and para levels", _NUCLEI)
        self.name = molecule
        self._spin, self._moment = _NUCLEI[molecule]
        self._ortho, self._para = _isomers(molecule)
        self.normal = (self._spin + 1.0) / (2.0 * self._spin + 1.0)

    def __repr__(self) -> str:
        """Show the molecule."""
        return f"{type(self).__name__}({self.name!r})"

    def ortho_fraction(self, temperature: Any) -> Any:
        """Return the fraction of ortho in equilibrium."""
        return plain(self._shares(temperatures(temperature))[0])

    def heat_capacity(self, temperature: Any, ortho: Any = None) -> Any:
        """Return the molar heat capacity of rotation (and conversion, in equilibrium) in J/(mol K).

        At constant volume, without the 3/2 R of translation. The gas in equilibrium has a peak near 50 K, in which
        para becomes ortho, that the frozen one lacks.
        """
        T = temperatures(temperature)
        (_, e_o, v_o), (_, e_p, v_p) = self._ortho.sums(T), self._para.sums(T)
        if ortho is None:
            x, y = self._shares(T)
            variance = x * v_o + y * v_p + x * y * (e_o - e_p) ** 2
        else:
            x = _fractions(ortho)
            variance = x * v_o + (1.0 - x) * v_p
        return plain(N_A * K_B * (variance / T) / T)

    def energy(self, temperature: Any, ortho: Any = None) -> Any:
        """Return the molar energy of rotation above the lowest level in J/mol."""
        T = temperatures(temperature)
        x, y = self._mixture(T, ortho)
        return plain(N_A * K_B * (x * self._ortho.sums(T)[1] + y * self._para.sums(T)[1]))

    def nuclear_susceptibility(self, temperature: Any, ortho: Any = None) -> Any:
        """Return the molar susceptibility of the nuclear spins in m^3/mol.

        Curie's law of the isomers' total spins I; the moments of rotation, which add to it where J > 0, are left
        out.
        """
        T = temperatures(temperature)
        x, y = self._mixture(T, ortho)
        square = x * self._ortho.square_spin + y * self._para.square_spin
        per_spin = self._moment / self._spin
        return plain(N_A * MU_0 * per_spin * (per_spin / K_B) * square / (3.0 * T))

    def _shares(self, T: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the fractions of ortho and para in equilibrium, each to rounding however small."""
        ortho, para = self._ortho.sums(T)[0], self._para.sums(T)[0]
        gap = self._ortho.lowest - self._para.lowest
        with np.errstate(over="ignore"):
            factor = np.exp(-abs(gap) / T)
        # of the isomer that lies higher, times its Boltzmann factor
        ortho, para = (ortho * factor, para) if gap > 0.0 else (ortho, para * factor)
        return ortho / (ortho + para), para / (ortho + para)

    def _mixture(self, T: np.ndarray, ortho: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return the fractions of ortho and para, in equilibrium or frozen."""
        if ortho is None:
            return self._shares(T)
        x = _fractions(ortho)
        return x, 1.0 - x


def _fractions(ortho: Any) -> np.ndarray:
    x = numbers("ortho", ortho)
    if x.size and (x.min() < 0.0 or x.max() > 1.0):
        raise ValueError(f"ortho must lie between 0 and 1, got {x.min() if x.min() < 0.0 else x.max():g}")
    return x


@functools.cache
def _isomers(molecule: str) -> tuple[_Isomer, _Isomer]:
    """Return ortho and para."""
    spin = _NUCLEI[molecule][0]
    rows = [row for row in read_rows("hydrogen_levels.csv") if row["molecule"] == molecule]
    J = np.array([int(row["J"]) for row in rows])
    energies = energy_from([float(row["energy_per_cm"]) for row in rows], "cm^-1") / K_B
    largest = round(2.0 * spin)
    pair = []
    for first in (
        largest,
        largest - 1,
    ):  # I = 2i, 2i - 2, ... are symmetric under exchange and belong to ortho
        total = np.arange(first, -1, -2, dtype=float)
        states = (2.0 * total + 1.0).sum()
        square = float((total * (total + 1.0) * (2.0 * total + 1.0)).sum() / states)
        # bosons take symmetric spins with even J, fermions with odd
        odd = (first == largest) != (largest % 2 == 0)
        chosen = (J % 2 == 1) == odd
        pair.append(_Isomer(energies[chosen], states * (2.0 * J[chosen] + 1.0), square))
    return pair[0], pair[1]
