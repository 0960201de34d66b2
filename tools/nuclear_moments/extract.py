"""Extract what three packages say of nuclei into the committed tables of `extracts/`, with their checksums.

Needs mendeleev 1.3.0, mrsimulator 1.0.0 and easyspyn 0.2.0, none of which the rest needs:
`python tools/nuclear_moments/extract.py`, then `build.py`. Numbers are copied as the packages hold them.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from collections.abc import Iterable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from moment_sources import SECONDS

HERE = Path(__file__).parent / "extracts"
VERSIONS = {"mendeleev": "1.3.0", "mrsimulator": "1.0.0", "easyspyn": "0.2.0"}
QUERY = """
select i.mass_number || symbol, i.atomic_number, i.mass_number, spin, parity, g_factor, g_factor_uncertainty,
       abundance, half_life, half_life_unit, i.is_radioactive
from isotopes i join elements e on e.atomic_number = i.atomic_number
where (spin != '0' and g_factor is not null) or abundance > 0
   or (spin = '0' and i.atomic_number % 2 = 0 and i.mass_number % 2 = 0 and half_life is not null)
order by i.atomic_number, i.mass_number
"""


def installed(module: str) -> Path:
    """Return the folder of an installed package."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{module} is not installed")
    return Path(spec.origin).parent


def written(name: str, notes: str, columns: str, rows: Iterable[Iterable[object]]) -> None:
    """Write one extract."""
    with open(HERE / name, "w", encoding="utf-8", newline="") as file:
        file.writelines(f"# {line}\n" for line in notes.splitlines())
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.split())
        writer.writerows(["" if item is None else item for item in row] for row in rows)


def wanted(row: tuple) -> bool:
    """Tell whether a row is of a nuclide with a moment, or without one but found in nature or living a minute."""
    *_, spin, _, _, _, abundance, half_life, unit, _ = row
    return bool(spin != "0" or abundance or half_life * SECONDS[unit] >= 60.0)


def from_mendeleev() -> None:
    """Extract nuclides with a g-factor, the natural ones, and the even-even ones that live for a minute."""
    with sqlite3.connect(installed("mendeleev") / "elements.db") as database:
        found = [row for row in database.execute(QUERY) if wanted(row)]
    # g-factors are stored in single precision: no more digits than that are written.
    rows = [
        [str(np.float32(x)) if i in (5, 6) and x is not None else x for i, x in enumerate(row)]
        for row in found
    ]
    notes = (
        f"mendeleev {VERSIONS['mendeleev']} (MIT licence, copyright Lukasz Mentel), elements.db, table isotopes.\n"
        "g-factors: N. J. Stone, IAEA INDC(NDS)-0658 (2014) brought up to INDC(NDS)-0794 (2019), per nuclear spin.\n"
        "Spins, parities, half-lives and abundances (%): F. G. Kondev et al., NUBASE2020 (2021)."
    )
    columns = "nuclide Z A spin parity g_factor g_uncertainty abundance half_life half_life_unit radioactive"
    written("mendeleev.csv", notes, columns, rows)


def from_mrsimulator() -> None:
    """Extract gyromagnetic ratios."""
    path = installed("mrsimulator") / "spin_system" / "isotope_data.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    notes = (
        f"mrsimulator {VERSIONS['mrsimulator']} (BSD-3-Clause licence, copyright Deepansh Srivastava and others),\n"
        "spin_system/isotope_data.json: gyromagnetic ratios over 2 pi in MHz/T, made from an older table of moments."
    )
    rows = (
        (
            name,
            row["atomic_number"],
            row["spin_multiplicity"],
            repr(row["gyromagnetic_ratio"]),
            row["natural_abundance"],
        )
        for name, row in table.items()
    )
    written("mrsimulator.csv", notes, "nuclide Z multiplicity gyromagnetic_ratio abundance", rows)


def from_easyspyn() -> None:
    """Extract g-factors with their signs as printed, + or - or none."""
    text = (installed("epreasy") / "data" / "isotopedata.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("%")]
    notes = (
        f"easyspyn {VERSIONS['easyspyn']} (MIT licence), epreasy/data/isotopedata.txt, the table of EasySpin (MIT\n"
        "licence, copyright Stefan Stoll and others): N. J. Stone, IAEA INDC(NDS)-0658 (2014); actinides N. E. Holden."
    )
    rows = (
        (f"{mass}{symbol}", protons, "yes" if mark == "-" else "no", spin, g, abundance)
        for protons, mass, mark, symbol, _, spin, g, abundance, _ in lines
        if float(spin) > 0.0
    )
    written("easyspyn.csv", notes, "nuclide Z stable spin g_factor abundance", rows)


def main() -> None:
    """Extract all three and note the checksums of all extracts."""
    for package, wanted in VERSIONS.items():
        if version(package) != wanted:
            raise SystemExit(f"{package} {wanted} is needed, {version(package)} is installed")
    from_mendeleev()
    from_mrsimulator()
    from_easyspyn()
    sums = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(HERE.glob("*.csv"))
    ]
    (HERE / "SHA256SUMS").write_text("".join(sums), encoding="utf-8")


if __name__ == "__main__":
    main()
