"""The kinds of tables that `magneton table` prints: particles, nuclei, ions, atoms, molecules."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

from magneton.quantum._data import read_rows
from magneton.quantum.angular import shown_half
from magneton.quantum.tables import UNKNOWN, Column, Kind, moment_columns, written

#: Where what depends on the temperature is given, in K.
ROOM_TEMPERATURE = 300.0


def find_kind(name: str) -> Kind:
    """Return a kind of table by its name.

    Raises
    ------
    ValueError
        If there is none, with those there are.
    """
    if name not in KINDS:
        raise ValueError(f"KIND must be one of {', '.join(KINDS)}, got {name!r}")
    return KINDS[name]()


def _particles() -> Kind:
    from magneton.quantum import particles as room

    columns = moment_columns(
        Column("g_factor", lambda p: p.g_factor, "g", lambda p: written(p.g_factor, p.g_factor_uncertainty)),
        Column("g_factor_uncertainty", lambda p: p.g_factor_uncertainty),
        Column(
            "anomaly", lambda p: p.anomaly, "anomaly", lambda p: written(p.anomaly, p.anomaly_uncertainty)
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


def _nuclei() -> Kind:
    from magneton.quantum import nuclei as room

    def found(name: str) -> list[Any]:
        if not any(sign.isdigit() for sign in name):  # an element, whose isotopes are meant
            with suppress(ValueError):
                return room.nuclides(name, spinless=False)
        return [room.nucleus(name)]

    columns = moment_columns(
        Column("parity", lambda n: n.parity, "parity", lambda n: n.parity or UNKNOWN),
        Column("g_I", lambda n: n.g_I, "g_I", lambda n: written(n.g_I, n.g_I_uncertainty)),
        Column("gyromagnetic_ratio_rad_per_s_per_T", lambda n: n.gyromagnetic_ratio),
        Column("nmr_frequency_1_T_Hz", _resonance, "MHz at 1 T", lambda n: written(1e-6 * _resonance(n))),
        Column("abundance", lambda n: n.abundance, "abundance", lambda n: f"{n.abundance:.4g}"),
        Column("half_life_s", lambda n: n.half_life),
        Column("stable", lambda n: n.stable),
    )
    return Kind(
        columns,
        lambda: room.nuclides(natural=True, spinless=False),
        lambda: [each.name for each in room.nuclides()],
        found,
    )


def _resonance(nucleus: Any) -> float:
    return nucleus.nmr_frequency(1.0) if nucleus.spin else math.nan


def _ions() -> Kind:
    from magneton.quantum.ions import ion, measured_ions

    measured = Column("measured_mu_B", lambda i: i.measured_moment, "measured", _of("measured_moment"))
    return Kind(
        _ion_columns(measured),
        lambda: [ion(name) for name in measured_ions()],
        measured_ions,
        lambda name: [ion(name)],
    )


def _atoms() -> Kind:
    from magneton.quantum.ions import atom

    def symbols() -> list[str]:
        return [row["symbol"] for row in read_rows("ground_states.csv")]

    return Kind(
        _ion_columns(), lambda: [atom(each) for each in symbols()], symbols, lambda name: [atom(name)]
    )


def _ion_columns(*more: Column) -> list[Column]:
    return [
        Column("name", lambda i: i.name, "name", lambda i: i.name),
        Column("configuration", lambda i: i.configuration, "configuration", lambda i: i.configuration),
        Column("term", lambda i: i.term, "term", lambda i: i.term),
        Column("S", lambda i: i.S),
        Column("L", lambda i: i.L),
        Column("J", lambda i: i.J, "J", lambda i: shown_half(i.J)),
        Column("lande_g", lambda i: i.lande_g, "g_J", _of("lande_g")),
        Column(
            "effective_moment_mu_B", lambda i: i.effective_moment, "p_eff [mu_B]", _of("effective_moment")
        ),
        Column(
            f"effective_moment_{ROOM_TEMPERATURE:.0f}_K_mu_B",
            _warm,
            f"at {ROOM_TEMPERATURE:.0f} K",
            lambda i: written(_warm(i)),
        ),
        *more,
        Column("spin_only_moment_mu_B", lambda i: i.spin_only_moment, "spin only", _of("spin_only_moment")),
        Column("moment_J_per_T", lambda i: i.moment, "J/T", _of("moment")),
        Column("citation", lambda i: i.citation, "level", lambda i: i.citation or "Hund's rules"),
    ]


@cache
def _warm(ion: Any) -> float:
    """Return the effective moment at room temperature, nan if the term's levels are not known."""
    try:
        return ion.effective_moment_at(ROOM_TEMPERATURE)
    except ValueError:
        return math.nan


def _molecules() -> Kind:
    from magneton.quantum.molecules import molecule

    def formulas() -> list[str]:
        return [row["formula"] for row in read_rows("molecules.csv")]

    def parts(each: Any) -> str:
        return ", ".join(
            f"{part.origin} {part.susceptibility:.4g}" for part in each.contributions(ROOM_TEMPERATURE)
        )

    columns = [
        Column("name", lambda m: m.formula, "formula", lambda m: m.formula),
        Column("common_name", lambda m: m.name, "name", lambda m: m.name),
        Column("term", lambda m: m.term, "term", lambda m: m.term or UNKNOWN),
        Column("spin", lambda m: m.spin, "spin", lambda m: shown_half(m.spin)),
        Column(
            f"effective_moment_{ROOM_TEMPERATURE:.0f}_K_mu_B",
            lambda m: m.effective_moment(ROOM_TEMPERATURE),
            "p_eff [mu_B]",
            lambda m: written(m.effective_moment(ROOM_TEMPERATURE)),
        ),
        Column(
            f"molar_susceptibility_{ROOM_TEMPERATURE:.0f}_K_m3_per_mol",
            lambda m: m.susceptibility(ROOM_TEMPERATURE),
            f"chi at {ROOM_TEMPERATURE:.0f} K [m^3/mol]",
            lambda m: written(m.susceptibility(ROOM_TEMPERATURE)),
        ),
        Column("contributions_m3_per_mol", parts, "made of", parts),
        Column("electron_citation", lambda m: m.electron_citation),
        Column("diamagnetic_citation", lambda m: m.diamagnetic_citation),
        Column("quality", lambda m: m.quality, "diamagnetism is", lambda m: m.quality or UNKNOWN),
    ]
    return Kind(
        columns, lambda: [molecule(each) for each in formulas()], formulas, lambda name: [molecule(name)]
    )


def _of(attribute: str) -> Callable[[Any], str]:
    return lambda record: written(getattr(record, attribute))


#: What there are tables of; a kind's modules are loaded when it is asked for.
KINDS: dict[str, Callable[[], Kind]] = {
    "particles": _particles,
    "nuclei": _nuclei,
    "ions": _ions,
    "atoms": _atoms,
    "molecules": _molecules,
}
