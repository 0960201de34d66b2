"""One electron and a nucleus: the moments of electron spin, orbit and nucleus, and the hyperfine structure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from magneton import constants
from magneton._check import integer, number, positive
from magneton.quantum._data import no_such
from magneton.quantum.angular import coupled, half_integer
from magneton.quantum.hyperfine import Hyperfine

ALPHA, A_0, G_E, H, MU_0, MU_B, MU_N, M_E = (
    float(getattr(constants, name)) for name in ("alpha", "a_0", "g_e", "h", "mu_0", "mu_B", "mu_N", "m_e")
)
#: Charge number, spin, moment (J/T) and mass (kg) of the nuclei that `hydrogen_like` knows by the atom's name.
NUCLEI = {
    "H": (1, 0.5, float(constants.mu_p), float(constants.m_p)),
    "D": (1, 1.0, float(constants.mu_d), float(constants.m_d)),
    "T": (1, 0.5, float(constants.mu_t), float(constants.m_t)),
    "3He+": (2, 0.5, float(constants.mu_h), float(constants.m_h)),
    "muonium": (1, 0.5, -float(constants.mu_mu), float(constants.m_mu)),  # mu+: the constant is that of mu-
}


class MomentContributions(NamedTuple):
    """Parts of an atom's moment along the field in J/T, in order of their usual strength."""

    electron_spin: np.ndarray
    orbital: np.ndarray
    nuclear: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """Their sum."""
        return self.electron_spin + self.orbital + self.nuclear


class HyperfineCorrections(NamedTuple):
    """What Fermi's contact term lacks, relative to it; see `HydrogenLike.corrections`."""

    relativistic: float
    radiative: float
    nuclear_size: float

    @property
    def total(self) -> float:
        """Their sum."""
        return self.relativistic + self.radiative + self.nuclear_size


@dataclass(frozen=True)
class HydrogenLike:
    """The level n, l, j of one electron around a nucleus, without relativity but with the electron's true g.

    Parameters
    ----------
    Z : int
        Charge number of the nucleus.
    nuclear_spin : float
        Its spin.
    nuclear_moment : float
        Its moment in J/T, negative if against the spin.
    nuclear_mass : float
        Its mass in kg.
    n, l : int
        Principal and orbital quantum number.
    j : float
        Total angular momentum of the electron, l - 1/2 or l + 1/2.

    Notes
    -----
    Of order (Z alpha)^2, and so left out: that g_J of the bound electron is smaller (by 18e-6 in hydrogen), that the
    electron shields the nucleus, and what `corrections` lists. Recoil is in the electron's density and orbital g, in
    no other part: the orbital field at the nucleus is good to m_e over the nuclear mass. Different j are not
    coupled, so fields must be small against the fine structure, unless l = 0, and quadrupoles are left out. Measured
    constants are in `Hyperfine.of`.
    """

    Z: int
    nuclear_spin: float
    nuclear_moment: float
    nuclear_mass: float
    n: int = 1
    l: int = 0  # noqa: E741
    j: float = 0.5

    def __post_init__(self) -> None:
        """Check the quantum numbers."""
        spin = half_integer("nuclear_spin", self.nuclear_spin)
        moment = number("nuclear_moment", self.nuclear_moment, "J/T")
        if moment and not spin:
            raise ValueError(f"nuclear_moment must be 0 for nuclear_spin = 0, got {moment:g}")
        n, orbital = integer("n", self.n, 1), integer("l", self.l, 0)
        if orbital >= n:
            raise ValueError(f"l must be one of 0, ..., n - 1 = {n - 1}, got {orbital}")
        clean = {
            "Z": integer("Z", self.Z, 1),
            "n": n,
            "l": orbital,
            "nuclear_spin": spin,
            "nuclear_moment": moment,
        }
        clean["nuclear_mass"] = positive("nuclear_mass", self.nuclear_mass, "kg")
        clean["j"] = coupled("j", self.j, "l", float(orbital), "s", 0.5)
        for name, value in clean.items():
            object.__setattr__(self, name, value)

    # ---- moments

    @property
    def g_orbital(self) -> float:
        """The orbital g-factor: 1 - m_e/M for Z = 1, since the nucleus goes round the common centre too."""
        ratio = M_E / self.nuclear_mass
        return (1.0 - self.Z * ratio**2) / (1.0 + ratio)

    @property
    def g_J(self) -> float:
        """Lande's g-factor of the electron, spin and orbit."""
        spin, orbit = self._shares
        return -G_E * spin + self.g_orbital * orbit

    @property
    def g_I(self) -> float:
        """The moment of the nucleus in nuclear magnetons over its spin; 0 without spin."""
        return self.nuclear_moment / (MU_N * self.nuclear_spin) if self.nuclear_spin else 0.0

    def contributions(self, F: Any, m_F: Any, B: Any = 0.0) -> MomentContributions:
        """Return the parts of the moment of one level along a field, in J/T.

        Parameters
        ----------
        F, m_F : float
            The level.
        B : float or array_like
            Fields along z in T, small against the fine structure for l > 0.

        Returns
        -------
        MomentContributions
            Of the electron's spin, its orbit and the nucleus; their sum is ``hyperfine.moment(F, m_F, B)``.
        """
        electrons, nucleus = self.hyperfine.spin_projections(F, m_F, B)
        spin, orbit = self._shares
        return MomentContributions(
            G_E * MU_B * spin * electrons,
            -self.g_orbital * MU_B * orbit * electrons,
            self.g_I * MU_N * nucleus,
        )

    @property
    def _shares(self) -> tuple[float, float]:
        """The projections of spin and orbital angular momentum on j, over j."""
        j2, l2 = self.j * (self.j + 1.0), self.l * (self.l + 1.0)
        return 0.5 * (j2 + 0.75 - l2) / j2, 0.5 * (j2 - 0.75 + l2) / j2

    # ---- hyperfine structure

    @cached_property
    def hyperfine(self) -> Hyperfine:
        """The level with its nucleus, in a field."""
        return Hyperfine(self.j, self.nuclear_spin, self.A, 0.0, self.g_J, self.g_I)

    @property
    def bohr_radius(self) -> float:
        """a_0 (1 + m_e/M)/Z, with the reduced mass, in m."""
        return A_0 * (1.0 + M_E / self.nuclear_mass) / self.Z

    @property
    def A(self) -> float:
        """The constant of the magnetic dipole interaction in J.

        For l = 0 it is Fermi's contact term, (2/3) mu_0 |g_e| mu_B g_I mu_N |psi(0)|^2 ([BetheSalpeter1957]_ sect. 22),
        for l > 0 the fields of orbit and spin, (mu_0/4 pi) 2 mu_B g_I mu_N <r^-3> N.j/j(j + 1).
        """
        scale = MU_0 / (4.0 * math.pi) * MU_B * (self.g_I * MU_N) / self.bohr_radius**3 / self.n**3
        if self.l == 0:
            return -8.0 / 3.0 * G_E * scale
        cube = 1.0 / (self.l * (self.l + 0.5) * (self.l + 1.0))
        j2, l2 = self.j * (self.j + 1.0), self.l * (self.l + 1.0)
        orbit = 0.5 * (j2 + l2 - 0.75) * (1.0 + M_E / self.nuclear_mass)
        spin = -0.25 * G_E * (l2 - j2 + 0.75)
        return 2.0 * scale * cube * (orbit + spin) / j2

    def corrections(self, nuclear_radius: Any = None) -> HyperfineCorrections:
        """Return what the interval of the 1s level lacks, relative to `A`.

        Parameters
        ----------
        nuclear_radius : float, optional
            Zemach's radius of the nucleus in m, of its charge and magnetism folded; by default that of the proton,
            1.040(16) fm [Dupays2003]_, for Z = 1 and the proton's mass, and 0 (a point) for others.

        Returns
        -------
        HyperfineCorrections
            relativistic: Breit's 1/(g (2 g - 1)) - 1, g^2 = 1 - (Z alpha)^2, which is 3/2 (Z alpha)^2 to lowest order;
            radiative: what QED adds beyond the anomaly in g_e, to order alpha (Z alpha)^2 and alpha^2 (Z alpha)
            ([Eides2001]_ sect. 8; the constants are those of Z = 1); nuclear_size: Zemach's -2 Z r/a.

        Raises
        ------
        ValueError
            If the level is not 1s.

        Notes
        -----
        For hydrogen +79.9, -103.3 and -39.3e-6: the electron is more often at the nucleus than Schrodinger's is, but
        vertex and binding corrections and the spread of the proton's moment take off more. They sum to -62.7e-6, and
        the measured interval is at -56.1e-6. The 6.6e-6 between them are the proton's recoil and polarizability
        (1.3(3)e-6 [Carlson2007]_), which need more of its structure than a radius. Of other nuclei only the first two
        are given; what is left then, nuclear structure and recoil, is 138e-6 for D and -178e-6 for muonium, where
        recoil is more than all the rest.
        """
        if (self.n, self.l) != (1, 0):
            raise ValueError(f"corrections are known for n = 1, l = 0, got n = {self.n}, l = {self.l}")
        za = self.Z * ALPHA
        gamma = math.sqrt(1.0 - za**2)
        log = math.log(za)
        vertex = ALPHA * za * (math.log(2.0) - 2.5)
        binding = -8.0 / 3.0 * log * (log - math.log(4.0) + 281.0 / 480.0) + 17.122
        radiative = vertex + (ALPHA * za**2 * binding + ALPHA**2 * za * 0.7717) / math.pi
        if nuclear_radius is None:
            proton = self.Z == 1 and self.nuclear_mass == float(constants.m_p)
            nuclear_radius = 1.040e-15 if proton else 0.0
        size = -2.0 * number("nuclear_radius", nuclear_radius, "m") / self.bohr_radius
        return HyperfineCorrections(1.0 / (gamma * (2.0 * gamma - 1.0)) - 1.0, radiative, size)


def hydrogen_like(atom: str = "H", n: int = 1, l: int = 0, j: Any = None) -> HydrogenLike:  # noqa: E741
    """Return a level of hydrogen, deuterium, tritium, the 3He+ ion or muonium, from CODATA's moments and masses.

    Parameters
    ----------
    atom : {"H", "D", "T", "3He+", "muonium"}
        Others are made as `HydrogenLike`.
    n, l : int
        Principal and orbital quantum number.
    j : float, optional
        Total angular momentum of the electron; l + 1/2 by default.

    Returns
    -------
    HydrogenLike

    Raises
    ------
    ValueError
        If the atom is unknown or the quantum numbers impossible.

    Examples
    --------
    The contact term alone is 56e-6 above the measured 1420.405752 MHz; `HydrogenLike.corrections` says why.

    >>> hydrogen = hydrogen_like("H")
    >>> round(hydrogen.hyperfine.hyperfine_interval(0, 1) / 1e6, 4)
    1420.4855
    """
    if atom not in NUCLEI:
        raise no_such("atom", atom, "known by name (HydrogenLike takes any nucleus)", NUCLEI)
    return HydrogenLike(*NUCLEI[atom], n, l, l + 0.5 if j is None else j)
