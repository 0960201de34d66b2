"""Moments of nuclei from those of their last nucleons: Schmidt's lines, odd-odd nuclei, the deuteron."""

from __future__ import annotations

import math
import re
from typing import Any, Literal

from magneton import constants
from magneton._check import integer, number, shown
from magneton.quantum.angular import coupled, coupled_g, shown_half
from magneton.quantum.particles import particle
from magneton.quantum.pedigree import MomentValue

Nucleon = Literal["proton", "neutron"]
_ORBITS = "spdfghijk"
_LABEL = re.compile(rf"\d*([{_ORBITS}])_?(\d+)/2")
#: g-factors of the orbital and of the spin's angular momentum, in nuclear magnetons.
_G = {"proton": (1.0, float(constants.g_p)), "neutron": (0.0, float(constants.g_n))}
_LETTERS = {"p": "proton", "n": "neutron"}


def shell_numbers(label: str) -> tuple[int, float]:
    """Return l and j of a nucleon's orbit: (2, 2.5) of "d5/2" or "1d5/2".

    Raises
    ------
    ValueError
        If the label is none, or j is not l - 1/2 or l + 1/2.

    Examples
    --------
    >>> from magneton.quantum import shell_numbers
    >>> shell_numbers("1f7/2")
    (3, 3.5)
    """
    match = _LABEL.fullmatch(label.strip()) if isinstance(label, str) else None
    if match is None:
        raise ValueError(f"label must be an orbit such as 's1/2', 'p3/2' or '1d5/2', got {shown(label)}")
    l = _ORBITS.index(match[1])  # noqa: E741
    return l, coupled("j", 0.5 * int(match[2]), "l", l, "s", 0.5)


def schmidt_moment(
    l: int,  # noqa: E741
    j: float,
    nucleon: Nucleon | Literal["p", "n"],
    quenching: float = 1.0,
) -> MomentValue:
    """Return the moment of one nucleon outside of a core without spin, on Schmidt's lines.

    Parameters
    ----------
    l : int
        Orbital angular momentum; `shell_numbers` gives l and j of an orbit: ``schmidt_moment(*shell_numbers("d5/2"),
        "proton")``.
    j : float
        Total angular momentum, l + 1/2 or l - 1/2: the spin of the nucleus.
    nucleon : {"proton", "neutron"}
        Which kind is odd in number; "p" and "n" for short.
    quenching : float
        g_s over that of the free nucleon; 1 on Schmidt's lines, 0.6 to 0.7 describes heavy nuclei better.

    Returns
    -------
    MomentValue
        A model's: its uncertainty is nan.

    Raises
    ------
    ValueError
        If l and j do not belong together, with the values of j that would, or there is no such nucleon.

    Notes
    -----
    mu = j g_j, where g_j is Lande's for g_l (1 of the proton, 0 of the neutron) and g_s: for j = l + 1/2 the moment is
    l g_l + g_s/2, for j = l - 1/2 it is j/(j + 1) ((l + 1) g_l - g_s/2). [Schmidt1937]_.

    Examples
    --------
    17O, a neutron in d5/2, is measured as -1.8935:

    >>> from magneton.quantum import schmidt_moment
    >>> round(schmidt_moment(2, 2.5, "neutron").value, 4)
    -1.913
    """
    l = integer("l", l, 0)  # noqa: E741
    j = coupled("j", j, "l", l, "s", 0.5)
    kind = _LETTERS.get(nucleon, nucleon) if isinstance(nucleon, str) else ""
    if kind not in _G:
        raise ValueError(f"nucleon must be 'proton' or 'neutron', got {shown(nucleon)}")
    g_l, g_s = _G[kind]
    g = coupled_g(j, l, g_l, 0.5, number("quenching", quenching) * g_s)
    orbit = f"{_ORBITS[l]}{shown_half(j)}" if l < len(_ORBITS) else f"l = {l}, j = {shown_half(j)}"
    return _model(f"{kind} in {orbit}", j, g * j, "Schmidt", "Schmidt1937")


def odd_odd_moment(spin: float, proton: Any, neutron: Any, quenching: float = 1.0) -> MomentValue:
    """Return the moment of a nucleus with an odd proton and an odd neutron, coupled to a spin.

    Parameters
    ----------
    spin : float
        That of the nucleus, from |j_p - j_n| to j_p + j_n.
    proton, neutron : str or MomentValue
        An orbit, whose moment is Schmidt's: "d5/2"; or the measured moment of a neighbouring nucleus in which that
        nucleon alone is odd (additivity, better than Schmidt's values).
    quenching : float
        As of `schmidt_moment`, for orbits.

    Returns
    -------
    MomentValue

    Notes
    -----
    Lande's formula for g_p = mu_p/j_p and g_n = mu_n/j_n, see `coupled_g`; [Neyens2003]_.

    Examples
    --------
    10B, of spin 3 and measured as 1.8005, has a proton and a neutron in p3/2:

    >>> from magneton.quantum import odd_odd_moment
    >>> round(odd_odd_moment(3, "p3/2", "p3/2").value, 4)
    1.8798
    """
    p, n = _single("proton", proton, quenching), _single("neutron", neutron, quenching)
    spin = coupled("spin", spin, "j_p", p.spin, "j_n", n.spin)
    g = coupled_g(spin, p.spin, p.moment_mu_N / p.spin, n.spin, n.moment_mu_N / n.spin) if spin else 0.0
    return _model(f"{p.name} + {n.name}", spin, g * spin, "coupled g", "Neyens2003")


def deuteron_moment(d_state: float) -> MomentValue:
    """Return the moment of the deuteron for a probability `d_state` of the D state, 0 to 1.

    Notes
    -----
    mu = mu_p + mu_n - (3/2) P_D (mu_p + mu_n - 1/2), of the nucleons alone: what mesons exchanged between them and
    relativity add (some 0.01 mu_N) is not in it, which is why `deuteron_d_state` is an estimate. [BlattWeisskopf1952]_.

    Examples
    --------
    >>> from magneton.quantum import deuteron_moment
    >>> round(deuteron_moment(0.0).value, 4), round(deuteron_moment(0.04).value, 4)
    (0.8798, 0.857)
    """
    weight = number("d_state", d_state)
    if not 0.0 <= weight <= 1.0:
        raise ValueError(f"d_state must lie between 0 and 1, got {weight:g}")
    s_state, pure_d = _deuteron_states()
    value = (1.0 - weight) * s_state + weight * pure_d
    return _model("deuteron", 1.0, value, f"{100.0 * weight:.3g} % D state", "BlattWeisskopf1952")


def deuteron_d_state() -> float:
    """Return the probability of the D state that gives the deuteron its measured moment: 3.9 %.

    Examples
    --------
    >>> from magneton.quantum import deuteron_d_state
    >>> round(deuteron_d_state(), 4)
    0.0393
    """
    s_state, pure_d = _deuteron_states()
    return (particle("deuteron").value - s_state) / (pure_d - s_state)


def _deuteron_states() -> tuple[float, float]:
    """Return the moments of 3S1 and 3D1: the spins' g is the mean of the nucleons', half of the orbit is charged."""
    g_spin = 0.5 * (_G["proton"][1] + _G["neutron"][1])
    return g_spin, coupled_g(1, 2, 0.5, 1, g_spin)


def _single(name: Nucleon, value: Any, quenching: float) -> MomentValue:
    """Return the moment of one odd nucleon, given by its orbit or measured."""
    if not isinstance(value, MomentValue):
        return schmidt_moment(*shell_numbers(value), name, quenching)
    if not (value.spin and value.sign_known):
        raise ValueError(
            f"{name} must be a moment of known sign of a nucleus with spin, got that of {value.name}"
        )
    return value


def _model(name: str, spin: float, value: float, edition: str, citation: str) -> MomentValue:
    return MomentValue(name, spin, value, math.nan, "mu_N", True, edition, citation)
