"""Kinds of charged particles."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from magneton import _check, constants


@dataclass(frozen=True)
class Species:
    """A kind of charged particle.

    Parameters
    ----------
    charge : float, coulomb
        Signed; not zero.
    mass : float, kilogram
        The rest mass.
    name : str, optional
        For people; two species of equal charge and mass are equal.

    Examples
    --------
    >>> from magneton import constants, orbits
    >>> orbits.electron.charge == -constants.e
    True
    >>> helium = orbits.Species(constants.e, constants.m_alpha + constants.m_e, name="He+")
    """

    charge: float
    mass: float
    name: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        charge = _check.number("charge", self.charge, "C")
        if charge == 0.0:
            raise ValueError("charge must not be zero: a neutral particle feels no Lorentz force")
        if not isinstance(self.name, str):
            raise ValueError(f"name must be text, got {_check.shown(self.name)}")
        object.__setattr__(self, "charge", charge)
        object.__setattr__(self, "mass", _check.positive("mass", self.mass, "kg"))

    @property
    def rest_energy(self) -> float:
        """The energy m c^2 in joule."""
        return self.mass * constants.c**2


_e = float(constants.e)
#: The antimuon is Species(+e, m_mu).
muon = Species(-_e, float(constants.m_mu), "muon")
electron = Species(-_e, float(constants.m_e), "electron")
proton = Species(_e, float(constants.m_p), "proton")
deuteron = Species(_e, float(constants.m_d), "deuteron")
alpha = Species(2.0 * _e, float(constants.m_alpha), "alpha")
#: By name.
READY = {species.name: species for species in (electron, muon, proton, deuteron, alpha)}


def as_species(value: Any, name: str = "species") -> Species:
    """Return a species, given as one or by the name of a ready one."""
    if isinstance(value, Species):
        return value
    if isinstance(value, str) and value in READY:
        return READY[value]
    raise ValueError(f"{name} must be a Species or one of {', '.join(READY)}, got {_check.shown(value)}")
