"""Magnetic moments of baryons as the quark model has them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from magneton._check import number, shown
from magneton.quantum._data import no_such
from magneton.quantum.particles import particle
from magneton.quantum.pedigree import MomentValue

QUARKS = ("u", "d", "s")
#: Spin and shares of the moments of u, d and s. Two like quarks have their spins parallel, the third is against them:
#: (4 of the pair - the other)/3; in the Sigma0 u and d are the pair, in the Lambda they cancel.
_SHARES: dict[str, tuple[float, tuple[float, float, float]]] = {
    "proton": (0.5, (4 / 3, -1 / 3, 0.0)),
    "neutron": (0.5, (-1 / 3, 4 / 3, 0.0)),
    "Lambda": (0.5, (0.0, 0.0, 1.0)),
    "Sigma+": (0.5, (4 / 3, 0.0, -1 / 3)),
    "Sigma0": (0.5, (2 / 3, 2 / 3, -1 / 3)),
    "Sigma-": (0.5, (0.0, 4 / 3, -1 / 3)),
    "Xi0": (0.5, (-1 / 3, 0.0, 4 / 3)),
    "Xi-": (0.5, (0.0, -1 / 3, 4 / 3)),
    "Omega-": (1.5, (0.0, 0.0, 3.0)),
    "Sigma0-Lambda": (0.5, (-1 / math.sqrt(3), 1 / math.sqrt(3), 0.0)),
}
_INPUTS = ("proton", "neutron", "Lambda")


def quark_moments() -> dict[str, float]:
    """Return the moments of the u, d and s quarks in nuclear magnetons, from those of proton, neutron and Lambda.

    Examples
    --------
    >>> from magneton.quantum import quark_moments
    >>> {name: round(value, 3) for name, value in quark_moments().items()}
    {'u': 1.852, 'd': -0.972, 's': -0.613}
    """
    measured = [particle(name).value for name in _INPUTS]
    return dict(zip(QUARKS, np.linalg.solve(_input_shares(), measured).tolist(), strict=True))


def quark_model_moment(name: str, quarks: Mapping[str, Any] | None = None) -> MomentValue:
    """Return the moment of a baryon in the quark model, SU(6) wave functions of three quarks in an s state.

    Parameters
    ----------
    name : str
        "proton", "neutron", "Lambda", "Sigma+", "Sigma0", "Sigma-", "Xi0", "Xi-", "Omega-", or "Sigma0-Lambda", the
        transition, of which the magnitude is given; what `particle` takes for them is taken here.
    quarks : mapping of str to float, optional
        Moments of "u", "d" and "s" in nuclear magnetons. By default those that give the measured proton, neutron
        (CODATA 2022) and Lambda (PDG 2026) their moments, see `quark_moments`; these three then are no predictions.

    Returns
    -------
    MomentValue
        With the uncertainty that the inputs' gives, nan for moments of quarks that were given. That of the model is
        larger: it is off by 10 to 30 %, see the example.

    Raises
    ------
    ValueError
        If the name is none of these, or a quark's moment is missing.

    Notes
    -----
    The formulae of the Particle Data Group's review of the quark model [PDG2026]_; [Perkins2000]_. Quarks of
    equal mass have moments in the ratio of their charges, which makes that of neutron and proton -2/3.

    Examples
    --------
    >>> from magneton.quantum import particle, quark_model_moment
    >>> for name in ("Sigma+", "Xi0", "Omega-"):
    ...     print(name, round(quark_model_moment(name).value, 3), "measured", particle(name).concise)
    Sigma+ 2.673 measured 2.458(10)
    Xi0 -1.435 measured -1.250(14)
    Omega- -1.839 measured -2.02(5)
    """
    known = _known(name)
    spin, shares = _SHARES[known]
    if quarks is None:
        moments, edition = quark_moments(), "quark model from p, n, Lambda"
        slopes = np.linalg.solve(_input_shares().T, shares)  # with respect to the three inputs
        errors = slopes * [particle(each).uncertainty for each in _INPUTS]
        uncertainty = float(np.linalg.norm(errors))
    else:
        moments, edition, uncertainty = _checked(quarks), "quark model", math.nan
    value = math.fsum(share * moments[quark] for share, quark in zip(shares, QUARKS, strict=True))
    signed = known != "Sigma0-Lambda"
    value = value if signed else abs(value)
    return MomentValue(known, spin, value, uncertainty, "mu_N", signed, edition, "PDG2026")


def _input_shares() -> np.ndarray:
    return np.array([_SHARES[name][1] for name in _INPUTS])


def _known(name: str) -> str:
    """Return the name as the table of shares has it."""
    if name in _SHARES:
        return name
    try:
        known = particle(name).name
    except ValueError:
        known = ""
    if known not in _SHARES:
        raise no_such("name", name, "that of a baryon of the octet or the Omega-", _SHARES)
    return known


def _checked(quarks: Mapping[str, Any]) -> dict[str, float]:
    if not isinstance(quarks, Mapping) or set(quarks) != set(QUARKS):
        raise ValueError(f"quarks must give the moments of 'u', 'd' and 's', got {shown(quarks)}")
    return {name: number(f"quarks[{name!r}]", value) for name, value in quarks.items()}
