"""Build the table of nuclear moments and the report on its audit, from the committed extracts alone.

`python tools/nuclear_moments/build.py` writes src/magneton/quantum/data/nuclei.csv and AUDIT.md beside itself;
`extract.py` makes the extracts. The same functions are run in the tests: the shipped table must be what is built.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from moment_report import report
from moment_rules import COLUMNS, Decision, decided, table_problems
from moment_sources import EXTRACTS, HERE, all_entries, misfits, read, wrong_checksums

TABLE = HERE.parents[1] / "src" / "magneton" / "quantum" / "data" / "nuclei.csv"
HEADER = """\
Magnetic moments of nuclei in nuclear magnetons, signed along the spin. Written by tools/nuclear_moments/build.py; do
not edit: AUDIT.md there says what was compared and decided.
IAEA 2019: N. J. Stone, INDC(NDS)-0794 [Stone2019], and 2014: INDC(NDS)-0658 [Stone2014], from mendeleev 1.3.0 (MIT
licence) and easyspyn 0.2.0 (MIT licence, the table of EasySpin). CODATA 2022 [CODATA2022]. Spins, parities, half-lives
and abundances: NUBASE2020 [Kondev2021], from mendeleev; the neutron's half-life, PDG 2026 [PDG2026]. Others as cited.
These are moments of bare nuclei.
sign_known: whether the sources show the sign; if not, the moment is written positive. Uncertainty: standard, empty if
the source gives none. Abundance: fraction of the element's atoms. Half-life in s: inf if stable, empty if unknown."""


def built(folder: Path = EXTRACTS, errata: list[dict[str, str]] | None = None) -> list[Decision]:
    """Return the decisions on all nuclides of the extracts."""
    return decided(all_entries(folder, errata))


def table_text(decisions: list[Decision]) -> str:
    """Return the table as it is shipped."""
    buffer = io.StringIO()
    buffer.writelines(f"# {line}\n" for line in HEADER.splitlines())
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(each.row for each in decisions if each.row)
    return buffer.getvalue()


def audit(rows: list[dict[str, str]], decisions: list[Decision]) -> list[str]:
    """Return all that is wrong with the rows of a table: against what was decided, and against the laws."""
    right = {each.nuclide: each.row for each in decisions if each.row}
    found = {row["nuclide"]: row for row in rows}
    out = [f"{name}: missing" for name in right.keys() - found.keys()]
    out += [f"{name}: not in what is built" for name in found.keys() - right.keys()]
    out += [
        f"{name}: differs from what is built"
        for name in found.keys() & right.keys()
        if found[name] != right[name]
    ]
    return sorted(out) + table_problems(rows)


def main() -> None:
    """Write the table and the report; stop if the extracts are not intact or a law is broken."""
    decisions = built()
    rows = [each.row for each in decisions if each.row]
    wrong = (
        [f"{name}: not what SHA256SUMS says" for name in wrong_checksums()] + misfits() + table_problems(rows)
    )
    if wrong:
        raise SystemExit("\n".join(wrong))
    TABLE.write_text(table_text(decisions), encoding="utf-8")
    (HERE / "AUDIT.md").write_text(report(decisions, read(HERE / "errata.csv")), encoding="utf-8")


if __name__ == "__main__":
    main()
