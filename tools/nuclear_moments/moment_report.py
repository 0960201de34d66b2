"""The report on the audit: counts, and every disagreement with what was decided and who says so."""

from __future__ import annotations

from moment_rules import Decision
from moment_sources import is_isomer

HEAD = """\
# Audit of the nuclear moments

Written by `build.py`; do not edit. Sources: mendeleev 1.3.0 (IAEA 2019), easyspyn 0.2.0 (IAEA 2014), mrsimulator 1.0.0
(an older table, unsigned where it prints no minus), CODATA 2022, and the literature cited. Moments in nuclear
magnetons.

Two moments agree if they differ by no more than three standard uncertainties, those of a source that gives none being
one unit of its last digit (a table prints no digit that is less certain than that; it may well be less certain than
that, so this errs towards finding disagreements). Tables before 2019 correct for the diamagnetism of the electrons
otherwise, or not at all; a third of Lamb's correction, 3.19e-5 Z^(4/3) [Lamb1941], is added in quadrature for that.
What is kept is the first of CODATA, mendeleev, the literature, easyspyn; mrsimulator alone is not enough.

mendeleev and mrsimulator do not tell a plus from no sign, and have lost signs in parentheses. A sign counts as known if
mendeleev has a minus, or easyspyn, which prints both, a plus or a minus, or CODATA does; a minus of mrsimulator alone
does not count: of 76Br, for one, the measurement gave no sign. Many a moment of unknown sign here has a measured one
that these sources have lost.

The spins of mendeleev were checked with the digits of its uncertainties: those of g, times the right spin, have one or
two digits. This found the mismatched excited states among the errata.
"""


def counted(decisions: list[Decision], errata: list[dict[str, str]]) -> dict[str, int]:
    """Return the counts of the report's first table."""
    kept = [each for each in decisions if each.row]
    rows = [each.row for each in kept if each.row]
    with_spin = [each for each in kept if each.row and each.row["spin"] != "0"]
    several = [each for each in with_spin if each.sources > 1]
    return {
        "nuclear states in the table": len(kept),
        "with a spin, and so a moment": len(with_spin),
        "of these natural": sum(row["abundance"] != "0" and row["spin"] != "0" for row in rows),
        "of these isomers": sum(is_isomer(row["nuclide"]) for row in rows),
        "of these with a known sign": sum(row["sign_known"] == "yes" and row["spin"] != "0" for row in rows),
        "in two sources or more": len(several),
        "of these agree within 3 sigma": sum(each.agrees for each in several),
        "of these agree without the allowance for shielding": sum(each.strict for each in several),
        "of these disagree": sum(not each.agrees for each in several),
        "in one source only": len(with_spin) - len(several),
        "dropped": sum(each.row is None for each in decisions)
        + sum(row["field"] == "drop" for row in errata),
        "even-even nuclei without spin that live a minute or more": len(kept) - len(with_spin),
    }


def table(columns: list[str], rows: list[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(each) + " |" for each in lines) + "\n"


def report(decisions: list[Decision], errata: list[dict[str, str]]) -> str:
    """Return the report."""
    findings = [found for each in decisions for found in each.findings]
    parts = [
        HEAD,
        table(
            ["count of", "number"], [(key, str(value)) for key, value in counted(decisions, errata).items()]
        ),
    ]
    parts.append("## Errata applied to the extracts\n")
    keys = ["nuclide", "source", "field", "value", "reason", "citation"]
    parts.append(table(keys, [tuple(row[key] for key in keys) for row in errata]))
    for kind, title in (
        ("spin", "Disagreements in spin"),
        ("sign", "Disagreements in sign"),
        ("value", "Disagreements in magnitude beyond three standard uncertainties"),
        ("one doubtful source", "Dropped"),
    ):
        rows = [
            (each.nuclide, each.values, each.decision, each.citation)
            for each in findings
            if each.kind == kind
        ]
        if title == "Dropped":
            rows += [
                (row["nuclide"], row["source"], row["reason"], row["citation"])
                for row in errata
                if row["field"] == "drop"
            ]
        parts.append(f"## {title}: {len(rows)}\n")
        parts.append(table(["nuclide", "values", "decision", "citation"], rows))
    single = [
        each.nuclide for each in decisions if each.row and each.sources == 1 and each.row["spin"] != "0"
    ]
    parts.append(f"## In one source only: {len(single)}\n")
    parts.append(", ".join(single) + "\n")
    return "\n".join(parts)
