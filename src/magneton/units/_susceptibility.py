"""Converts susceptibilities per volume, per mass and per amount of substance into one another."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton.units._convert import convert
from magneton.units._kinds import CHI_MASS, CHI_MOLAR, CHI_VOLUME, Kind, meanings
from magneton.units._quantities import strip


def _kind(name: str, unit: str) -> Kind:
    choices = (CHI_VOLUME, CHI_MASS, CHI_MOLAR)
    kind = next((meaning.kind for meaning in meanings(unit) if meaning.kind in choices), None)
    if kind is None:
        fitting = "; ".join(choice.units for choice in choices)
        raise ValueError(f"{name} must be a unit of susceptibility ({fitting}), got {unit!r}")
    return kind


def _required(name: str, value: Any, unit: str, path: str) -> Any:
    if value is None:
        raise ValueError(f"{name} in {unit} is required to convert a {path}")
    plain = strip(name, value, unit)
    try:
        number = convert(plain, unit, unit)
    except ValueError:
        raise ValueError(f"{name} must be a number, got {value!r}") from None
    if isinstance(number, complex) or not np.all(number > 0):
        raise ValueError(f"{name} must be positive, got {value!r}")
    return number


def convert_susceptibility(
    value: Any, from_unit: str, to_unit: str, molar_mass: Any = None, density: Any = None
) -> Any:
    """Convert a susceptibility between units, also between volume, mass and molar susceptibility.

    With the density rho and the molar mass M, chi_volume = rho chi_mass and chi_molar = M chi_mass, each in
    SI; the 4 pi between cgs and SI is part of the units.

    Parameters
    ----------
    value : float or array_like
        Real or complex susceptibility in `from_unit`.
    from_unit, to_unit : str
        Units of volume ("SI", "cgs", "emu/(cm^3 Oe)"), mass ("m^3/kg", "emu/(g Oe)") or molar susceptibility
        ("m^3/mol", "emu/(mol Oe)").
    molar_mass : float or array_like, optional
        In kg/mol; required between molar and any other.
    density : float or array_like, optional
        In kg/m^3; required between volume and any other.

    Returns
    -------
    float or ndarray
        The susceptibility in `to_unit`.

    Raises
    ------
    ValueError
        If a unit is not one of susceptibility, or the molar mass or density needed is missing or not
        positive.

    Examples
    --------
    Water, -12.97e-6 emu/(mol Oe):

    >>> from magneton import units
    >>> water = {"molar_mass": 0.018015, "density": 997.05}
    >>> chi = units.convert_susceptibility(-12.97e-6, "emu/(mol Oe)", "SI", **water)
    >>> round(chi * 1e6, 2)
    -9.02
    """
    source, target = _kind("from_unit", from_unit), _kind("to_unit", to_unit)
    if source == target:
        return convert(value, from_unit, to_unit)
    path = f"{source.name} to a {target.name}"
    chi = convert(value, from_unit, source.unit)
    if source == CHI_VOLUME:
        chi = chi / _required("density", density, "kg/m^3", path)
    elif source == CHI_MOLAR:
        chi = chi / _required("molar_mass", molar_mass, "kg/mol", path)
    if target == CHI_VOLUME:
        chi = chi * _required("density", density, "kg/m^3", path)
    elif target == CHI_MOLAR:
        chi = chi * _required("molar_mass", molar_mass, "kg/mol", path)
    return convert(chi, target.unit, to_unit)
