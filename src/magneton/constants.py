"""Physical constants: CODATA 2022, pinned here so that results do not depend on the SciPy installed.

Each constant is a float that also knows its standard uncertainty, unit and name; arithmetic with it gives
plain floats. Values are the recommended ones of CODATA 2022 [1]_, in SI; constants that the SI defines, or
that follow from those alone, are exact (uncertainty 0) and rounded once to the nearest float.

`mu_0` is the measured value, not ``4e-7 * pi``, which was exact before the SI of 2019 only. Gyromagnetic
ratios are signed (the electron's is negative), and so are moments and g-factors.

References
----------
.. [1] P. J. Mohr, D. B. Newell, B. N. Taylor, E. Tiesinga, "CODATA recommended values of the fundamental
   physical constants: 2022", Rev. Mod. Phys. 97, 025002 (2025); https://physics.nist.gov/constants.
"""

from __future__ import annotations

from typing import Any

#: Which set of recommended values these are.
EDITION = "CODATA 2022"


class Constant(float):
    """A float with its standard uncertainty, unit and name.

    Parameters
    ----------
    value : float
        The value in SI.
    uncertainty : float
        The standard uncertainty, in the same unit; 0 for an exact constant.
    unit : str
        The unit, as `magneton.units` reads it.
    name : str
        The quantity's name in NIST's list of the CODATA constants.

    Examples
    --------
    >>> from magneton import constants
    >>> constants.mu_B
    Constant(9.2740100657e-24, uncertainty=2.9e-33, unit='J T^-1', name='Bohr magneton')
    >>> 2 * constants.mu_B
    1.85480201314e-23
    >>> print(constants.c)
    299792458.0
    """

    __slots__ = ("name", "uncertainty", "unit")

    uncertainty: float
    unit: str
    name: str

    def __new__(cls, value: float, uncertainty: float, unit: str, name: str) -> Constant:
        """Make a constant; see the class."""
        self = super().__new__(cls, value)
        for key, item in (("uncertainty", uncertainty), ("unit", unit), ("name", name)):
            object.__setattr__(self, key, item)
        return self

    @property
    def relative_uncertainty(self) -> float:
        """The standard uncertainty divided by the magnitude of the value."""
        return self.uncertainty / abs(self)

    def __setattr__(self, key: str, value: Any) -> None:
        """Refuse: every module shares the one object."""
        raise AttributeError(f"a constant cannot be changed (tried to set {key})")

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle and copy with the uncertainty, unit and name."""
        return Constant, (float(self), self.uncertainty, self.unit, self.name)

    def __repr__(self) -> str:
        """Show everything the constant knows."""
        return (
            f"Constant({float(self)!r}, uncertainty={self.uncertainty!r}, "
            f"unit={self.unit!r}, name={self.name!r})"
        )

    # Without this, print and f-strings would show the repr above where a number is expected.
    __str__ = float.__repr__


# Defining and electromagnetic.
c = Constant(299792458.0, 0.0, "m s^-1", "speed of light in vacuum")
h = Constant(6.62607015e-34, 0.0, "J Hz^-1", "Planck constant")
hbar = Constant(1.0545718176461565e-34, 0.0, "J s", "reduced Planck constant")
e = Constant(1.602176634e-19, 0.0, "C", "elementary charge")
k_B = Constant(1.380649e-23, 0.0, "J K^-1", "Boltzmann constant")
N_A = Constant(6.02214076e23, 0.0, "mol^-1", "Avogadro constant")
R = Constant(8.31446261815324, 0.0, "J mol^-1 K^-1", "molar gas constant")
F = Constant(96485.33212331001, 0.0, "C mol^-1", "Faraday constant")
mu_0 = Constant(1.25663706127e-06, 2e-16, "N A^-2", "vacuum mag. permeability")
epsilon_0 = Constant(8.8541878188e-12, 1.4e-21, "F m^-1", "vacuum electric permittivity")
alpha = Constant(0.0072973525643, 1.1e-12, "1", "fine-structure constant")
Phi_0 = Constant(2.0678338484619295e-15, 0.0, "Wb", "mag. flux quantum")
K_J = Constant(483597848416983.6, 0.0, "Hz V^-1", "Josephson constant")
R_K = Constant(25812.807459304506, 0.0, "ohm", "von Klitzing constant")

# Atomic.
a_0 = Constant(5.29177210544e-11, 8.2e-21, "m", "Bohr radius")
R_inf = Constant(10973731.568157, 1.2e-05, "m^-1", "Rydberg constant")
E_h = Constant(4.359744722206e-18, 4.8e-30, "J", "Hartree energy")
r_e = Constant(2.8179403205e-15, 1.3e-24, "m", "classical electron radius")
mu_B = Constant(9.2740100657e-24, 2.9e-33, "J T^-1", "Bohr magneton")
mu_N = Constant(5.0507837393e-27, 1.6e-36, "J T^-1", "nuclear magneton")
Rydberg = R_inf

# Masses.
m_e = Constant(9.1093837139e-31, 2.8e-40, "kg", "electron mass")
m_mu = Constant(1.883531627e-28, 4.2e-36, "kg", "muon mass")
m_p = Constant(1.67262192595e-27, 5.2e-37, "kg", "proton mass")
m_n = Constant(1.67492750056e-27, 8.5e-37, "kg", "neutron mass")
m_d = Constant(3.3435837768e-27, 1e-36, "kg", "deuteron mass")
m_t = Constant(5.0073567512e-27, 1.6e-36, "kg", "triton mass")
m_h = Constant(5.0064127862e-27, 1.6e-36, "kg", "helion mass")
m_alpha = Constant(6.644657345e-27, 2.1e-36, "kg", "alpha particle mass")
m_u = Constant(1.66053906892e-27, 5.2e-37, "kg", "atomic mass constant")
m_muon = m_mu

# Magnetic moments: the component along the spin in the state of greatest projection.
mu_e = Constant(-9.2847646917e-24, 2.9e-33, "J T^-1", "electron mag. mom.")
mu_mu = Constant(-4.4904483e-26, 1e-33, "J T^-1", "muon mag. mom.")
mu_p = Constant(1.41060679545e-26, 6e-36, "J T^-1", "proton mag. mom.")
mu_n = Constant(-9.6623653e-27, 2.3e-33, "J T^-1", "neutron mag. mom.")
mu_d = Constant(4.330735087e-27, 1.1e-35, "J T^-1", "deuteron mag. mom.")
mu_t = Constant(1.5046095178e-26, 3e-35, "J T^-1", "triton mag. mom.")
mu_h = Constant(-1.07461755198e-26, 9.3e-36, "J T^-1", "helion mag. mom.")
mu_p_shielded = Constant(1.410570583e-26, 5.8e-35, "J T^-1", "shielded proton mag. mom.")
mu_h_shielded = Constant(-1.07455311035e-26, 9.3e-36, "J T^-1", "shielded helion mag. mom.")

# g-factors and anomalies; g of the leptons is negative, as CODATA prints it.
g_e = Constant(-2.00231930436092, 3.6e-13, "1", "electron g factor")
g_mu = Constant(-2.00233184123, 8.2e-10, "1", "muon g factor")
g_p = Constant(5.5856946893, 1.6e-09, "1", "proton g factor")
g_n = Constant(-3.82608552, 9e-07, "1", "neutron g factor")
g_d = Constant(0.8574382335, 2.2e-09, "1", "deuteron g factor")
g_t = Constant(5.95792493, 1.2e-08, "1", "triton g factor")
g_h = Constant(-4.2552506995, 3.4e-09, "1", "helion g factor")
a_e = Constant(0.00115965218046, 1.8e-13, "1", "electron mag. mom. anomaly")
a_mu = Constant(0.00116592062, 4.1e-10, "1", "muon mag. mom. anomaly")
sigma_p = Constant(2.56715e-05, 4.1e-09, "1", "proton mag. shielding correction")

# Gyromagnetic ratios, signed: moment = gamma times angular momentum (CODATA prints the magnitudes).
gamma_e = Constant(-176085962784.0, 55.0, "s^-1 T^-1", "electron gyromag. ratio")
gamma_p = Constant(267522187.08, 0.11, "s^-1 T^-1", "proton gyromag. ratio")
gamma_n = Constant(-183247174.0, 43.0, "s^-1 T^-1", "neutron gyromag. ratio")
gamma_p_shielded = Constant(267515319.4, 1.1, "s^-1 T^-1", "shielded proton gyromag. ratio")
gamma_h_shielded = Constant(-203789460.78, 0.18, "s^-1 T^-1", "shielded helion gyromag. ratio")


def all_constants() -> dict[str, Constant]:
    """Return every constant of this module by its symbol, in the order of the source.

    Returns
    -------
    dict of str to Constant
        A new dictionary; a second name of a constant (`m_muon` for `m_mu`) is listed too.

    Examples
    --------
    >>> from magneton import constants
    >>> exact = [k for k, v in constants.all_constants().items() if v.uncertainty == 0]
    >>> exact[:4]
    ['c', 'h', 'hbar', 'e']
    """
    return {key: value for key, value in globals().items() if isinstance(value, Constant)}
