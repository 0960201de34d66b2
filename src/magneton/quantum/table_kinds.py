"""The kinds of tables that `magneton table` prints: particles, nuclei, ions, atoms, molecules."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

from magneton._check import positive
from magneton.quantum._data import read_rows
from magneton.quantum.angular import shown_half
from magneton.quantum.configurations import parsed
from magneton.quantum.tables import UNKNOWN, Column, Kind, moment_columns, written

#: Where what depends on the temperature is given unless one is asked for, in K.
ROOM_TEMPERATURE = 300.0
_SINGULAR = {
    "particle": "particles",
    "nucleus": "nuclei",
    "ion": "ions",
    "atom": "atoms",
    "molecule": "molecules",
}


def find_kind(name: str, *, natural: bool = False, temperature: float | None = None) -> Kind:
    """Return a kind of table by its name, in the singular or the plural.

    Parameters
    ----------
    name : str
        "particles", "nuclei", "ions", "atoms" or "molecules".
    natural : bool
        Whether to leave out nuclei that do not occur in nature.
    temperature : float, optional
        Of what depends on it, in K; 300 K by default.

    Raises
    ------
    ValueError
        If there is none of that name, with those there are, or it knows nothing of an option given.
    """
    plural = _SINGULAR.get(name, name)
    if plural not in KINDS:
        near = difflib.get_close_matches(name, [*KINDS, *_SINGULAR], n=1)
        meant = f"; did you mean {near[0]}" if near else ""
        raise ValueError(f"KIND must be one of {', '.join(KINDS)}, got {name!r}{meant}")
    if natural and plural != "nuclei":
        raise ValueError(f"--natural must be said of nuclei, got {plural}")
    if plural in _OF_TEMPERATURE:
        T = ROOM_TEMPERATURE if temperature is None else positive("--temperature", temperature, "K")
        return _OF_TEMPERATURE[plural](T)
    if temperature is not None:
        raise ValueError(f"--temperature must be said of {', '.join(_OF_TEMPERATURE)}, got {plural}")
    return _nuclei(natural) if plural == "nuclei" else _particles()


def _particles() -> Kind:
    from magneton.quantum import particles as room

    columns = moment_columns(
        Column(
            "g_factor", lambda p: p.g_factor, "g", lambda p: written(p.g_factor, p.g_factor_uncertainty), 1
        ),
        Column("g_factor_uncertainty", lambda p: p.g_factor_uncertainty),
        Column(
            "anomaly", lambda p: p.anomaly, "anomaly", lambda p: written(p.anomaly, p.anomaly_uncertainty), 2
        ),
        Column("anomaly_uncertainty", lambda p: p.anomaly_uncertainty),
        Column("charge_C", lambda p: p.charge),
        Column("mass_kg", lambda p: p.mass),
        Column("mass_uncertainty_kg", lambda p: p.mass_uncertainty),
    )
    note = Column("note", lambda p: p.note)
    return Kind(
        [*columns, note],
        room.all_particles,
        lambda: [each.name for each in room.all_particles(antiparticles=True)],
        room.particle_editions,
    )


def _nuclei(natural: bool = False) -> Kind:
    from magneton.quantum import nuclei as room

    def found(name: str) -> list[Any]:
        if not any(sign.isdigit() for sign in name):  # an element, whose isotopes are meant
            with suppress(ValueError):
                return room.nuclides(name, natural=natural)
        return [room.nucleus(name)]

    columns = moment_columns(
        Column("parity", lambda n: n.parity, "parity", lambda n: n.parity or UNKNOWN, 1),
        Column("g_I", lambda n: n.g_I, "g_I", lambda n: written(n.g_I, n.g_I_uncertainty), 2),
        Column("gyromagnetic_ratio_rad_per_s_per_T", lambda n: n.gyromagnetic_ratio),
        Column("nmr_frequency_1_T_Hz", _resonance, "MHz at 1 T", lambda n: written(1e-6 * _resonance(n)), 1),
        Column("abundance", lambda n: n.abundance, "abundance", lambda n: f"{n.abundance:.4g}", 1),
        Column("half_life_s", lambda n: n.half_life),
        Column("stable", lambda n: n.stable),
    )
    return Kind(
        columns,
        lambda: room.nuclides(natural=True, spinless=False),
        lambda: [each.name for each in room.nuclides(natural=natural)],
        found,
    )


def _resonance(nucleus: Any) -> float:
    return nucleus.nmr_frequency(1.0) if nucleus.spin else math.nan


def _ions(temperature: float) -> Kind:
    from magneton.quantum.ions import ion, measured_ions

    def found(name: str) -> list[Any]:
        symbol, charge = parsed(name)
        if charge is None:
            neutral = f"the neutral atom is in `magneton table atoms {symbol}`"
            raise ValueError(f"NAMES must be ions, such as {symbol}2+, got {name!r}; {neutral}")
        return [ion(name)]

    measured = Column("measured_mu_B", lambda i: i.measured_moment, "measured p_eff", _of("measured_moment"))
    return Kind(
        _ion_columns(temperature, measured),
        lambda: [ion(name) for name in measured_ions()],
        measured_ions,
        found,
    )


def _atoms(temperature: float) -> Kind:
    from magneton.quantum.ions import atom

    def found(name: str) -> list[Any]:
        charge = parsed(name, charged=False)[1]
        if charge is not None:
            raise ValueError(
                f"NAMES must be neutral atoms, got {name!r}; it is in `magneton table ions '{name}'`"
            )
        return [atom(name)]

    def symbols() -> list[str]:
        return [row["symbol"] for row in read_rows("ground_states.csv")]

    return Kind(_ion_columns(temperature), lambda: [atom(each) for each in symbols()], symbols, found)


def _ion_columns(temperature: float, *more: Column) -> list[Column]:
    def warm(ion: Any) -> float:
        return _warm(ion, temperature)

    return [
        Column("name", lambda i: i.name, "name", lambda i: i.name),
        Column("configuration", lambda i: i.configuration, "configuration", lambda i: i.configuration, 2),
        Column("term", lambda i: i.term, "term", lambda i: i.term),
        Column("S", lambda i: i.S),
        Column("L", lambda i: i.L),
        Column("J", lambda i: i.J, "J", lambda i: shown_half(i.J), 3),
        Column("lande_g", lambda i: i.lande_g, "g_J", _of("lande_g"), 1),
        Column(
            "effective_moment_mu_B", lambda i: i.effective_moment, "p_eff [mu_B]", _of("effective_moment")
        ),
        Column(
            f"effective_moment_{temperature:g}_K_mu_B",
            warm,
            f"p_eff at {temperature:g} K",
            lambda i: written(warm(i)),
        ),
        *more,
        Column(
            "spin_only_moment_mu_B",
            lambda i: i.spin_only_moment,
            "spin only p_eff",
            _of("spin_only_moment"),
            3,
        ),
        Column("moment_J_per_T", lambda i: i.moment, "moment [J/T]", _of("moment"), 4),
        Column(
            "citation", lambda i: i.citation, "ground level from", lambda i: i.citation or "Hund's rules", 5
        ),
    ]


@cache
def _warm(ion: Any, temperature: float) -> float:
    """Return the effective moment at a temperature, nan if the term's levels are not known."""
    try:
        return ion.effective_moment_at(temperature)
    except ValueError:
        return math.nan


def _molecules(temperature: float) -> Kind:
    from magneton.quantum.molecules import molecule

    def formulas() -> list[str]:
        return [row["formula"] for row in read_rows("molecules.csv")]

    def parts(each: Any) -> list[dict[str, Any]]:
        return [
            {
                "origin": part.origin,
                "susceptibility_m3_per_mol": part.susceptibility,
                "effective_moment_mu_B": part.effective_moment,
                "quality": part.quality,
                "citation": part.citation,
            }
            for part in each.contributions(temperature)
        ]

    def shown_parts(each: Any) -> str:
        return ", ".join(
            f"{part.origin} {part.susceptibility:.4g}" for part in each.contributions(temperature)
        )

    columns = [
        Column("name", lambda m: m.formula, "formula", lambda m: m.formula),
        Column("common_name", lambda m: m.name, "name", lambda m: m.name, 1),
        Column("term", lambda m: m.term, "term", lambda m: m.term or UNKNOWN, 2),
        Column("spin", lambda m: m.spin, "spin", lambda m: shown_half(m.spin)),
        Column(
            f"effective_moment_{temperature:g}_K_mu_B",
            lambda m: m.effective_moment(temperature),
            f"p_eff at {temperature:g} K [mu_B]",
            lambda m: written(m.effective_moment(temperature)),
        ),
        Column(
            f"molar_susceptibility_{temperature:g}_K_m3_per_mol",
            lambda m: m.susceptibility(temperature),
            f"chi at {temperature:g} K [m^3/mol]",
            lambda m: written(m.susceptibility(temperature)),
        ),
        Column("contributions_m3_per_mol", parts, "made of", shown_parts, 3),
        Column("electron_citation", lambda m: m.electron_citation),
        Column("diamagnetic_citation", lambda m: m.diamagnetic_citation),
        Column("quality", lambda m: m.quality, "diamagnetism is", lambda m: m.quality or UNKNOWN, 4),
    ]
    return Kind(
        columns, lambda: [molecule(each) for each in formulas()], formulas, lambda name: [molecule(name)]
    )


def _of(attribute: str) -> Callable[[Any], str]:
    return lambda record: written(getattr(record, attribute))


#: What there are tables of, and of which of them a temperature is asked; a kind's modules are loaded when it is.
_OF_TEMPERATURE: dict[str, Callable[[float], Kind]] = {
    "ions": _ions,
    "atoms": _atoms,
    "molecules": _molecules,
}
KINDS = ("particles", "nuclei", *_OF_TEMPERATURE)
