"""Molar susceptibility: from what a magnetometer reads, corrected, to the effective moment and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from magneton import constants
from magneton._check import non_negatives, numbers, plain, positive
from magneton.quantum._free_energy import temperatures
from magneton.units import convert

K_B, MU_B, MU_0, N_A = (float(getattr(constants, name)) for name in ("k_B", "mu_B", "mu_0", "N_A"))
#: N_A mu_0 mu_B^2/(3 k_B) in m^3 K/mol, without forming mu_B^2.
CURIE_OF_ONE = N_A * MU_0 * MU_B * (MU_B / K_B) / 3.0
#: The unit of a molar susceptibility in each system.
UNITS = {"SI": "m^3/mol", "cgs": "emu/(mol Oe)"}


class Corrected(NamedTuple):
    """A corrected susceptibility and its standard uncertainty, both in the unit of what was given."""

    value: Any
    uncertainty: Any


def _unit(system: str) -> str:
    if system not in UNITS:
        raise ValueError(f"system must be 'SI' (m^3/mol) or 'cgs' (cm^3/mol, emu/(mol Oe)), got {system!r}")
    return UNITS[system]


def effective_moment_from(susceptibility: Any, temperature: Any, system: str = "SI") -> Any:
    """Return the effective moment in Bohr magnetons that a molar susceptibility amounts to.

    Parameters
    ----------
    susceptibility : float or array_like
        Paramagnetic part of the molar susceptibility, not negative: m^3/mol, or cm^3/mol if `system` is "cgs".
    temperature : float or array_like
        In K; broadcasts with `susceptibility`.
    system : {"SI", "cgs"}
        They differ by 4 pi, beside the powers of ten.

    Returns
    -------
    float or ndarray
        p_eff = sqrt(3 k_B chi T/(N_A mu_0))/mu_B, which is 797.727 sqrt(chi T) in SI and 2.827869 sqrt(chi T) in
        cgs. [BainBerry2008]_.

    Examples
    --------
    >>> from magneton.quantum import effective_moment_from
    >>> round(effective_moment_from(1.0, 1.0), 3), round(effective_moment_from(1.0, 1.0, "cgs"), 6)
    (797.727, 2.827869)
    """
    chi = convert(non_negatives("susceptibility", susceptibility, _unit(system)), _unit(system), "m^3/mol")
    return plain(np.sqrt(chi * temperatures(temperature) / CURIE_OF_ONE))


def susceptibility_from(effective_moment: Any, temperature: Any, system: str = "SI") -> Any:
    """Return the molar susceptibility of an effective moment by Curie's law, the reverse of `effective_moment_from`.

    Parameters
    ----------
    effective_moment : float or array_like
        In Bohr magnetons, not negative.
    temperature : float or array_like
        In K.
    system : {"SI", "cgs"}
        Of the result.

    Returns
    -------
    float or ndarray
        N_A mu_0 mu_B^2 p_eff^2/(3 k_B T) in m^3/mol, or cm^3/mol.

    Examples
    --------
    >>> from magneton.quantum import susceptibility_from
    >>> round(susceptibility_from(1.7321, 300.0, "cgs") * 1e6)
    1251
    """
    p = non_negatives("effective_moment", effective_moment)
    return plain(convert(CURIE_OF_ONE * p**2 / temperatures(temperature), "m^3/mol", _unit(system)))


def measured_susceptibility(moment: Any, B: Any, amount: Any, *, holder: Any = 0.0) -> Any:
    """Return the molar susceptibility of a sample from the moment that a magnetometer reads.

    chi = mu_0 (m - m_holder)/(n B), for fields so small that the moment is proportional to them, and samples so
    weak that their demagnetizing field is nothing.

    Parameters
    ----------
    moment : float or array_like
        Of the sample in its holder, along the field, in J/T.
    B : float or array_like
        The flux density in T without the sample, not 0.
    amount : float
        Of substance, in mol.
    holder : float or array_like
        The moment of the empty holder in the same field and at the same temperature, in J/T.

    Returns
    -------
    float or ndarray
        In m^3/mol; see `magneton.units.convert_susceptibility` for others.
    """
    field = numbers("B", B, "T")
    if not np.all(field):
        raise ValueError("B must not be zero")
    signal = numbers("moment", moment, "J/T") - numbers("holder", holder, "J/T")
    return plain(MU_0 * signal / (positive("amount", amount, "mol") * field))


def corrected_susceptibility(
    measured: Any,
    diamagnetic: Any,
    *,
    temperature_independent: Any = 0.0,
    holder: Any = 0.0,
    uncertainties: Mapping[str, Any] | None = None,
) -> Corrected:
    """Return the paramagnetic part of a measured susceptibility, with its uncertainty.

    chi_para = chi_measured - chi_holder - chi_dia - chi_TIP, all molar, in one unit whichever it is.

    Parameters
    ----------
    measured : float or array_like
        What was measured.
    diamagnetic : float or array_like
        Of the sample's ion cores and ligands, negative: see `diamagnetic_correction`.
    temperature_independent : float or array_like
        Van Vleck's paramagnetism, positive.
    holder : float or array_like
        The holder's share, per mole of the sample.
    uncertainties : dict, optional
        Standard uncertainties of any of ``measured``, ``diamagnetic``, ``temperature_independent`` and ``holder``,
        taken as independent.

    Returns
    -------
    Corrected
        The tuple (value, uncertainty).

    Examples
    --------
    >>> from magneton.quantum import corrected_susceptibility
    >>> chi, error = corrected_susceptibility(1250e-6, -60e-6, uncertainties={"diamagnetic": 5e-6, "measured": 12e-6})
    >>> round(chi * 1e6, 3), round(error * 1e6, 3)
    (1310.0, 13.0)
    """
    parts = {
        "measured": measured,
        "diamagnetic": diamagnetic,
        "temperature_independent": temperature_independent,
        "holder": holder,
    }
    arrays = {name: numbers(name, value) for name, value in parts.items()}
    if arrays["diamagnetic"].size and arrays["diamagnetic"].max() > 0.0:
        raise ValueError(f"diamagnetic must not be positive, got {arrays['diamagnetic'].max():g}")
    errors = dict(uncertainties or {})
    if unknown := errors.keys() - parts:
        raise ValueError(f"uncertainties must be of {', '.join(parts)}, got {', '.join(sorted(unknown))}")
    squares = sum(non_negatives(f"uncertainties[{name!r}]", error) ** 2 for name, error in errors.items())
    value = arrays["measured"] - sum(arrays[name] for name in list(parts)[1:])
    return Corrected(plain(value), math.sqrt(squares) if np.ndim(squares) == 0 else np.sqrt(squares))
