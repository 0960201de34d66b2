"""From atoms to a magnet: moments per atom, magnetizations, and the shares of spin and orbit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import Literal

from magneton import constants
from magneton._check import number, positive
from magneton.quantum._data import no_such, read_rows
from magneton.quantum.terms import spin_g

N_A, MU_B = float(constants.N_A), float(constants.mu_B)


def moment_per_atom(magnetization: float, density: float, molar_mass: float) -> float:
    """Return the moment per atom of a magnetized substance.

    Parameters
    ----------
    magnetization : float
        Moment per volume in A/m; the saturation magnetization for the full moment.
    density : float
        In kg/m^3, at the temperature of the magnetization.
    molar_mass : float
        Of one mole of atoms, or of formula units, in kg/mol.

    Returns
    -------
    float
        In J/T, of one atom or formula unit.

    Notes
    -----
    m = M/n with n = N_A density/molar_mass atoms per volume.

    Examples
    --------
    Iron at low temperature, in Bohr magnetons:

    >>> from magneton import constants
    >>> round(moment_per_atom(1.740e6, 7870.0, 0.055845) / constants.mu_B, 2)
    2.21
    """
    return number("magnetization", magnetization, "A/m") / _atoms(density, molar_mass)


def saturation_magnetization(moment: float, density: float, molar_mass: float) -> float:
    """Return the magnetization when the moments of all atoms are aligned: `moment_per_atom` reversed.

    Parameters
    ----------
    moment : float
        The moment of one atom, or formula unit, along the field in J/T.
    density : float
        In kg/m^3.
    molar_mass : float
        In kg/mol.

    Returns
    -------
    float
        In A/m.

    Examples
    --------
    >>> from magneton import constants
    >>> round(saturation_magnetization(2.22 * constants.mu_B, 7870.0, 0.055845) / 1e6, 3)
    1.747
    """
    return number("moment", moment, "J/T") * _atoms(density, molar_mass)


def _atoms(density: float, molar_mass: float) -> float:
    """Return the number of atoms per volume."""
    return N_A * positive("density", density, "kg/m^3") / positive("molar_mass", molar_mass, "kg/mol")


def orbital_share(g_prime: float, *, g_spin: Literal["exact", 2] = "exact") -> float:
    """Return the share of the magnetization that is orbital, from the magnetomechanical ratio g'.

    An experiment after Einstein and de Haas, or Barnett, measures g' = (2 m_e/e) M/(angular momentum per volume).

    Parameters
    ----------
    g_prime : float
        The magnetomechanical ratio, 1 for orbits alone, g_s for spins alone.
    g_spin : {"exact", 2}
        The electron's |g_e| of CODATA 2022, or 2.

    Returns
    -------
    float
        M_orbit/M; the spins' share is the rest.

    Notes
    -----
    1/g' = f + (1 - f)/g_s with the share f, so that f = (g_s - g')/[g' (g_s - 1)]: (2 - g')/g' with g_s = 2;
    [Kittel1949]_.

    Examples
    --------
    >>> round(orbital_share(1.919, g_spin=2), 4)  # iron
    0.0422
    """
    g, spin = positive("g_prime", g_prime), spin_g(g_spin)
    return (spin - g) / (g * (spin - 1.0))


def magnetomechanical_ratio(g: float) -> float:
    """Return g' from the spectroscopic g of ferromagnetic resonance, or g from g': 1/g + 1/g' = 1.

    In resonance, the lattice takes up the orbital angular momentum, so that g = (2 m_e/e) M/(spin per volume); both
    differ from 2 in opposite directions.

    Parameters
    ----------
    g : float
        The spectroscopic splitting factor, above 1.

    Returns
    -------
    float
        g' = g/(g - 1).

    Notes
    -----
    [Kittel1949]_. With g_s = 2, and to all orders in the orbital share.

    Examples
    --------
    >>> round(magnetomechanical_ratio(2.10), 3)
    1.909
    """
    value = number("g", g)
    if value <= 1.0:
        raise ValueError(f"g must be larger than 1, got {value:g}")
    return value / (value - 1.0)


@dataclass(frozen=True)
class FerromagneticElement:
    """A ferromagnetic element near 0 K.

    Attributes
    ----------
    symbol : str
        The element.
    magnetization : float
        Saturation magnetization at 0 K in A/m.
    density : float
        At room temperature in kg/m^3: at 0 K it is up to 1 per cent larger.
    molar_mass : float
        In kg/mol.
    listed_moment : float
        The moment per atom in mu_B as the source lists it.
    curie_temperature : float
        In K.
    spectroscopic_g : float
        The splitting factor g of ferromagnetic resonance, at room temperature.
    measured_g_prime : float
        The magnetomechanical ratio as measured; nan if no such value is listed here.
    citation : str
        Keys of the sources.
    """

    symbol: str
    magnetization: float
    density: float
    molar_mass: float
    listed_moment: float
    curie_temperature: float
    spectroscopic_g: float
    measured_g_prime: float
    citation: str

    @property
    def moment(self) -> float:
        """The moment per atom in J/T."""
        return moment_per_atom(self.magnetization, self.density, self.molar_mass)

    @property
    def moment_mu_B(self) -> float:
        """The moment per atom in Bohr magnetons."""
        return self.moment / MU_B

    @property
    def g_prime(self) -> float:
        """The magnetomechanical ratio: the measured one, or what the spectroscopic g makes it."""
        measured = self.measured_g_prime
        return magnetomechanical_ratio(self.spectroscopic_g) if math.isnan(measured) else measured

    @property
    def orbital_moment(self) -> float:
        """The orbital part of the moment per atom in J/T, from g'."""
        return orbital_share(self.g_prime) * self.moment

    @property
    def spin_moment(self) -> float:
        """The spins' part of the moment per atom in J/T, from g'."""
        return self.moment - self.orbital_moment


@cache
def _ferromagnets() -> dict[str, dict[str, str]]:
    return {row["symbol"]: row for row in read_rows("saturation.csv")}


def ferromagnetic_element(symbol: str) -> FerromagneticElement:
    """Return what is known of a ferromagnetic element: "Fe", "Co", "Ni".

    Raises
    ------
    ValueError
        If it is not in the table.

    Notes
    -----
    [Kittel2005]_ chapter 12, table 2; densities, chapter 1, table 4; g, chapter 13; g' of iron, [Scott1962]_.

    Examples
    --------
    >>> round(ferromagnetic_element("Ni").moment_mu_B, 2)
    0.6
    """
    known = _ferromagnets()
    if symbol not in known:
        raise no_such("symbol", symbol, "that of a ferromagnetic element", known)
    row = known[symbol]
    return FerromagneticElement(
        symbol,
        float(row["magnetization"]),
        float(row["density"]),
        float(row["molar_mass"]),
        float(row["moment"]),
        float(row["curie_temperature"]),
        float(row["g"]),
        float(row["g_prime"]),
        row["citation"],
    )
