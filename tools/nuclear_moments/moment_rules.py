"""How the entries of the sources are compared, what is decided of each nuclide, and which laws the table obeys.

Two moments agree if they differ by no more than three standard uncertainties. Where a source gives none, one unit of
its last digit stands for it. Tables before 2019 correct for the electrons' diamagnetism otherwise than that of 2019,
or not: so one third of Lamb's shielding of the free atom, 3.19e-5 Z^(4/3), is added in quadrature (three of these
are the whole correction). How many agree without that allowance is counted too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from moment_sources import Entry, exponent_of, filled, is_isomer, mass_number

SHIELDING = 3.19e-5
#: Moments in nuclear magnetons of the free proton and neutron, for Schmidt's limits.
PROTON, NEUTRON = 2.793, -1.913
#: How far beyond Schmidt's limits a moment may be; the farthest are 9C and 13O, by 0.24.
MARGIN = 0.3
LARGEST_G = 6
COLUMNS = [
    *("nuclide", "Z", "spin", "parity", "moment", "uncertainty"),
    *("sign_known", "abundance", "half_life", "edition", "citation"),
]


class Finding(NamedTuple):
    """A disagreement, what was decided, and who says so."""

    nuclide: str
    kind: str
    values: str
    decision: str
    citation: str


@dataclass(frozen=True)
class Decision:
    """What became of a nuclide: its row (None if dropped) and how its sources compare."""

    nuclide: str
    row: dict[str, str] | None
    sources: int
    strict: bool
    agrees: bool
    findings: tuple[Finding, ...]


def shielding(entry: Entry) -> float:
    """Return the allowance for the electrons' diamagnetism in nuclear magnetons."""
    return abs(float(entry.moment)) * SHIELDING * entry.Z ** (4.0 / 3.0) / 3.0


def agree(one: Entry, other: Entry, *, shielded: bool) -> bool:
    """Tell whether the magnitudes of two moments agree."""
    allowance = shielding(one) if shielded else 0.0
    sigma = math.hypot(float(one.sigma), float(other.sigma), allowance)
    return abs(abs(float(one.moment)) - abs(float(other.moment))) <= 3.0 * sigma


def shown(entry: Entry) -> str:
    """Return a moment with its uncertainty in the last digits, if the source gives it."""
    sign = "+" if entry.signed and entry.moment > 0 else ""
    if not entry.uncertainty:
        return f"{entry.source} {sign}{entry.moment.normalize():f}"
    digits = round(entry.uncertainty.scaleb(-exponent_of(entry.moment)))
    return f"{entry.source} {sign}{entry.moment:f}({digits})"


def decide(nuclide: str, entries: list[Entry]) -> Decision:
    """Return what is decided of a nuclide; `entries` are sorted by trust."""
    first, others = entries[0], entries[1:]
    if first.source == "mrsimulator":
        found = Finding(
            nuclide, "one doubtful source", shown(first), "dropped: no uncertainty and no second source", ""
        )
        return Decision(nuclide, None, 1, False, False, (found,))
    same = [other for other in others if other.spin == first.spin]
    findings = [_spin_finding(first, other) for other in others if other.spin != first.spin]
    signed, sign_known = _signed(first, same)
    if (
        any(other.signed and other.moment * signed.moment < 0 for other in entries)
        or signed.moment != first.moment
    ):
        findings.append(_sign_finding(first, same, signed))
    values = [other for other in same if not agree(first, other, shielded=True)]
    if values:
        findings.append(_value_finding(first, same, values))
    strict = not findings and all(agree(first, other, shielded=False) for other in same)
    return Decision(
        nuclide, _row(filled(signed, others), sign_known), len(entries), strict, not findings, tuple(findings)
    )


def _signed(first: Entry, same: list[Entry]) -> tuple[Entry, bool]:
    """Return the entry with its sign, and whether the sources show it.

    The minus of a source that prints plus signs, too, was found by somebody. The minus of an older table alone,
    against a newer evaluation without one, may be a guess: that of 76Br is.
    """
    if first.signed or first.moment == 0:
        return first, first.signed
    if any(other.moment < 0 and other.source == "easyspyn" for other in same):
        return replace(first, moment=-first.moment), True
    return first, any(other.signed and other.moment > 0 for other in same)


def _spin_finding(first: Entry, other: Entry) -> Finding:
    values = f"{shown(first)} for spin {first.spin}; {shown(other)} for spin {other.spin}"
    what = "the same moment under a wrong spin" if agree(first, other, shielded=True) else "another state's"
    return Finding(
        first.nuclide, "spin", values, f"spin {first.spin} kept; {other.source}'s is {what}", "Kondev2021"
    )


def _sign_finding(first: Entry, same: list[Entry], signed: Entry) -> Finding:
    values = "; ".join(shown(each) for each in (first, *same))
    negative = [each for each in (first, *same) if each.moment < 0]
    plus = [each.source for each in (first, *same) if each.moment > 0 and each.signed]
    if signed.moment > 0:
        decision = f"sign unknown: the minus of {negative[0].source} is not in the newer evaluation"
    else:
        decision = f"negative, as {' and '.join(each.source for each in negative)} have it"
        decision += f", against the + of {' and '.join(plus)}" * bool(plus)
    citation = next((each.citation for each in negative if each.citation), first.citation)
    return Finding(first.nuclide, "sign", values, decision, citation)


def _value_finding(first: Entry, same: list[Entry], apart: list[Entry]) -> Finding:
    values = "; ".join(shown(each) for each in (first, *same))
    named = " and ".join(each.source for each in apart)
    impossible = [each.source for each in apart if abs(each.moment) > LARGEST_G * each.spin]
    if impossible:
        decision = f"{' and '.join(impossible)}'s is impossible, g beyond {LARGEST_G}"
    elif len(apart) < len(same):
        decision = f"two against one: {named}'s not used"
    elif len(apart) > 1 and agree(apart[0], apart[1], shielded=True):
        decision = f"revised since {named}: the newer evaluation kept"
    else:
        decision = f"the newer evaluation kept, {named}'s not used"
    return Finding(first.nuclide, "value", values, decision, first.citation)


def _row(entry: Entry, sign_known: bool) -> dict[str, str]:
    digits = Decimal(1).scaleb(exponent_of(entry.moment))
    uncertainty = "" if entry.uncertainty is None else f"{entry.uncertainty.quantize(digits):f}"
    moment = f"{entry.moment:f}" if uncertainty or entry.source != "easyspyn" else f"{entry.moment:.4g}"
    return {
        "nuclide": entry.nuclide,
        "Z": str(entry.Z),
        "spin": str(entry.spin),
        "parity": entry.parity,
        "moment": moment,
        "uncertainty": uncertainty,
        "sign_known": "yes" if sign_known or not entry.spin else "no",
        "abundance": f"{entry.abundance.normalize():f}" if entry.abundance else "0",
        "half_life": "" if math.isnan(entry.half_life) else f"{entry.half_life:.6g}",
        "edition": entry.edition,
        "citation": entry.citation,
    }


def order(nuclide: str, Z: int) -> tuple[int, int, str]:
    """Return by what the table is sorted."""
    return Z, mass_number(nuclide), nuclide


def decided(entries: dict[str, list[Entry]]) -> list[Decision]:
    """Return the decisions on all nuclides, sorted."""
    out = [decide(nuclide, found) for nuclide, found in entries.items()]
    return sorted(out, key=lambda each: order(each.nuclide, entries[each.nuclide][0].Z))


# ---- laws


def schmidt_limits(Z: int, A: int, spin: float) -> tuple[float, float]:
    """Return the least and the largest moment of one nucleon outside of an even core, in nuclear magnetons.

    The odd proton or neutron has j = l + 1/2 or l - 1/2: mu = (j - 1/2) g_l + mu_s, or
    j/(j + 1) ((j + 3/2) g_l - mu_s); Schmidt, Z. Phys. 106, 358 (1937).
    """
    orbital, nucleon = (1.0, PROTON) if Z % 2 else (0.0, NEUTRON)
    upper = (spin - 0.5) * orbital + nucleon
    lower = spin / (spin + 1.0) * ((spin + 1.5) * orbital - nucleon)
    return min(upper, lower), max(upper, lower)


def row_problems(row: dict[str, str]) -> list[str]:
    """Return which laws of nuclear physics, or of the table's own form, a row breaks."""
    A, Z, spin = mass_number(row["nuclide"]), int(row["Z"]), half(row["spin"])
    moment, uncertainty = float(row["moment"]), float(row["uncertainty"] or "nan")
    half_life, abundance = float(row["half_life"] or "nan"), float(row["abundance"])
    paired = Z % 2 == 0 and A % 2 == 0 and not is_isomer(row["nuclide"])
    broken = {
        "an odd mass number needs a half-integer spin, an even one an integer": (2.0 * spin - A) % 2 != 0,
        "an even-even ground state has spin 0 and parity +": paired and (spin != 0 or row["parity"] != "+"),
        "spin 0 has no moment": spin == 0.0 and (moment != 0.0 or uncertainty != 0.0),
        "the moment is beyond Schmidt's limits": A % 2 == 1 and _beyond_schmidt(Z, A, spin, row),
        "the g-factor is too large": abs(moment) > LARGEST_G * spin,
        "a moment of unknown sign is written positive": row["sign_known"] == "no" and moment < 0.0,
        "the uncertainty is not positive": spin > 0.0 and uncertainty <= 0.0,
        "the parity is + or - or unknown": row["parity"] not in ("+", "-", ""),
        "the half-life is not positive": half_life <= 0.0,
        "what occurs in nature lives long": abundance > 0.0 and not half_life > 1e11,
        "the abundance is a fraction": not 0.0 <= abundance <= 1.0,
    }
    return [f"{row['nuclide']}: {law}" for law, is_broken in broken.items() if is_broken]


def _beyond_schmidt(Z: int, A: int, spin: float, row: dict[str, str]) -> bool:
    least, most = schmidt_limits(Z, A, spin)
    if row["sign_known"] == "no":
        least, most = 0.0, max(abs(least), abs(most))
    return not least - MARGIN <= float(row["moment"]) <= most + MARGIN


def half(text: str) -> float:
    """Return "5/2" as a number."""
    return float(Fraction(text))


def table_problems(rows: list[dict[str, str]]) -> list[str]:
    """Return which laws the table breaks: those of its rows, order, and abundances that add up to one."""
    out = [problem for row in rows for problem in row_problems(row)]
    keys = [order(row["nuclide"], int(row["Z"])) for row in rows]
    if keys != sorted(set(keys)):
        out.append("the rows are not sorted, or one is there twice")
    sums: dict[str, float] = {}
    for row in rows:
        sums[row["Z"]] = sums.get(row["Z"], 0.0) + float(row["abundance"])
    out += [
        f"Z = {Z}: the abundances add up to {total:g}"
        for Z, total in sums.items()
        if total and abs(total - 1) > 1e-4
    ]
    return out
