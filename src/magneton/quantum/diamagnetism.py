"""Diamagnetism of closed shells: Langevin and Larmor's formula, and moments that a field induces."""

from __future__ import annotations

from typing import Any

from magneton import constants
from magneton._check import non_negatives, numbers, plain, positive
from magneton.units import convert

MU_0, N_A, E, M_E = (float(getattr(constants, name)) for name in ("mu_0", "N_A", "e", "m_e"))
#: -chi per electron and per <r^2>, in 1/(mol m) m^3 m^-2.
_PER_SQUARE = MU_0 * N_A * E * (E / M_E) / 6.0


def langevin_diamagnetism(mean_square_radius: Any, electrons: float = 1.0) -> Any:
    """Return the diamagnetic molar susceptibility of atoms by Langevin's and Larmor's formula.

    Parameters
    ----------
    mean_square_radius : float or array_like
        <r^2> of an electron about the nucleus in m^2, averaged over the electrons. Hydrogen's is 3 a_0^2.
    electrons : float
        How many there are in an atom.

    Returns
    -------
    float or ndarray
        In m^3/mol, negative: -mu_0 N_A e^2 Z <r^2>/(6 m_e), the same at all temperatures.

    Notes
    -----
    [VanVleck1932]_ ch. IV. Exact to first order for an atom without orbital moment and an infinitely heavy
    nucleus; a molecule has Van Vleck's positive term beside.

    Examples
    --------
    >>> from magneton import constants, units
    >>> from magneton.quantum import langevin_diamagnetism
    >>> hydrogen = langevin_diamagnetism(3.0 * constants.a_0**2)
    >>> round(units.convert_susceptibility(hydrogen, "m^3/mol", "emu/(mol Oe)") * 1e6, 4)
    -2.376
    """
    squares = non_negatives("mean_square_radius", mean_square_radius, "m^2")
    return plain(-_PER_SQUARE * positive("electrons", electrons) * squares)


def mean_square_radius_from(susceptibility: Any, electrons: float = 1.0) -> Any:
    """Return the <r^2> of an electron in m^2 that explains a diamagnetic molar susceptibility in m^3/mol.

    The reverse of `langevin_diamagnetism`.

    Examples
    --------
    Helium:

    >>> from magneton import constants
    >>> from magneton.quantum import mean_square_radius_from, molecule
    >>> square = mean_square_radius_from(molecule("He").diamagnetic_susceptibility, electrons=2)
    >>> round(square / constants.a_0**2, 3)
    1.194
    """
    chi = numbers("susceptibility", susceptibility, "m^3/mol")
    if chi.size and chi.max() > 0.0:
        raise ValueError(f"susceptibility must not be positive, got {chi.max():g}")
    return plain(chi / (-_PER_SQUARE * positive("electrons", electrons)))


def induced_moment(susceptibility: float, B: Any) -> Any:
    """Return the moment that a field induces in one molecule.

    Parameters
    ----------
    susceptibility : float
        Molar, in m^3/mol, independent of field and temperature: diamagnetic, or Van Vleck's.
    B : float or array_like
        The flux density in T; any shape, vectors of shape (..., 3) among them.

    Returns
    -------
    float or ndarray
        m = chi B/(mu_0 N_A) in J/T, of the shape of `B`. Its energy in the field is -m.B/2.
    """
    return plain(
        float(numbers("susceptibility", susceptibility, "m^3/mol")) * numbers("B", B, "T") / (MU_0 * N_A)
    )


def estimated_diamagnetism(molar_mass: Any) -> Any:
    """Return the rule of thumb for a diamagnetic molar susceptibility, which knows nothing but the mass.

    -M/2 times 1e-6 cm^3/mol (cgs), with M in g/mol: an estimate to half of itself; see `diamagnetic_correction`
    for better. [BainBerry2008]_.

    Parameters
    ----------
    molar_mass : float or array_like
        In kg/mol.

    Returns
    -------
    float or ndarray
        In m^3/mol.
    """
    mass = non_negatives("molar_mass", molar_mass, "kg/mol")
    return plain(convert(-0.5e-6 * 1e3 * mass, "emu/(mol Oe)", "m^3/mol"))
