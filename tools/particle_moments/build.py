"""Write src/magneton/quantum/data/particles.csv from CODATA 2022 and the Particle Data Group's edition of 2026.

    pip install "scipy>=1.15" "pdg==2026.0"
    python tools/particle_moments/build.py [OUT.csv]

SciPy since 1.15 carries CODATA 2022; the package `pdg` carries the PDG's values. Nothing is typed in here but
names, spins, charges and one theoretical value. Figures are those that are printed, not unrounded averages.
"""

from __future__ import annotations

import csv
import io
import math
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pdg
from scipy.constants import _codata

OUT = Path(__file__).resolve().parents[2] / "src" / "magneton" / "quantum" / "data" / "particles.csv"
CODATA, PDG, THEORY = "CODATA 2022", "PDG 2026", "Standard Model"
CITATIONS = {CODATA: "CODATA2022", PDG: "PDG2026", THEORY: "EidelmanPassera2007"}
#: The number of standard deviations on either side that hold 95 % of a normal distribution.
TWO_SIDED_95 = 1.959964
#: (g - 2)/2 of the tau, [EidelmanPassera2007].
TAU_THEORY = (117721e-8, 5e-8)
HEADER = """\
# Magnetic moments of particles: the largest projection, in Bohr (mu_B) or nuclear (mu_N) magnetons, signed along
# the spin. Written by tools/particle_moments/build.py; do not edit.
# CODATA 2022: Mohr, Newell, Taylor, Tiesinga, Rev. Mod. Phys. 97, 025002 (2025) [CODATA2022]; figures of NIST SRD 121.
# PDG 2026: F. Takahashi et al. (Particle Data Group), Int. J. Mod. Phys. A 41, 2630011 (2026) [PDG2026], from the
# package pdg 2026.0, licensed CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/); figures as printed there.
# Moments of leptons of the PDG's and of theory are -(1 + anomaly) m_e/m, with CODATA's mass of the muon and the
# PDG's of the tau. Anomaly: (|g| - 2)/2. Charge in e. Of two rows of a particle the first is the default.
"""


class Names(NamedTuple):
    """A particle, what else it is called, its antiparticle and its quantum numbers."""

    name: str
    aliases: str
    antiparticle: str
    anti_aliases: str
    spin: float
    charge: int


ELECTRON = Names("electron", "e;e-", "positron", "e+", 0.5, -1)
MUON = Names("muon", "mu;mu-;μ;μ-", "antimuon", "mu+;μ+", 0.5, -1)
TAU = Names("tau", "tau-;τ;τ-;tauon", "antitau", "tau+;τ+", 0.5, -1)
PROTON = Names("proton", "p;p+;1H+", "antiproton", "pbar;p-;p̄", 0.5, 1)
NEUTRON = Names("neutron", "n;n0", "antineutron", "nbar;n̄", 0.5, 0)
DEUTERON = Names("deuteron", "d;d+;2H+", "antideuteron", "dbar", 1.0, 1)
TRITON = Names("triton", "t;t+;3H+", "antitriton", "tbar", 0.5, 1)
HELION = Names("helion", "h;3He2+;3He++", "antihelion", "", 0.5, 2)
#: Hyperons, with the PDG's identifiers of the particle and of the moment.
HYPERONS = {
    ("S018", "MM"): Names("Lambda", "Lambda0;Λ;Λ0", "anti-Lambda", "Lambdabar;Λ̄", 0.5, 0),
    ("S019", "MM"): Names("Sigma+", "Sigma plus;Σ+", "anti-Sigma+", "Sigmabar-;Σ̄-", 0.5, 1),
    ("S020", "MM"): Names("Sigma-", "Sigma minus;Σ-", "anti-Sigma-", "Sigmabar+;Σ̄+", 0.5, -1),
    ("S023", "MM"): Names("Xi0", "Xi zero;Ξ0", "anti-Xi0", "Xibar0;Ξ̄0", 0.5, 0),
    ("S022", "MM"): Names("Xi-", "Xi minus;Ξ-", "anti-Xi-", "Xibar+;Ξ̄+", 0.5, -1),
    ("S024", "MM"): Names("Omega-", "Omega minus;Ω-", "anti-Omega-", "Omegabar+;Ω̄+", 1.5, -1),
}
TRANSITION = Names("Sigma0-Lambda", "Sigma0->Lambda;Σ0-Λ;Σ0->Λ", "anti-Sigma0-Lambda", "", 0.5, 0)
MEASURED_ANTI = {"S016MM1": PROTON, "S022MM+": HYPERONS["S022", "MM"]}


def codata(name: str) -> tuple[float, float]:
    """Return a value of CODATA 2022 and its uncertainty."""
    value, _, uncertainty = _codata._physical_constants_2022[name]
    return value, uncertainty


class ParticleData:
    """The PDG's values by their identifiers, as printed."""

    def __init__(self) -> None:
        """Open the data that the package carries."""
        self.api = pdg.connect()
        if self.api.edition != "2026":
            raise SystemExit(f"needs the edition of 2026, got {self.api.edition}")

    def best(self, identifier: str) -> Any:
        """Return the value of the summary table."""
        return next(value for value in self.api.get(identifier).summary_values() if value.in_summary_table)

    def value(self, identifier: str) -> tuple[str, str]:
        """Return value and uncertainty as text, the larger of two."""
        text = self.best(identifier).value_text
        value, _, rest = text.partition("+-")
        if not rest:  # such as 1.61+0.08-0.07
            raise SystemExit(f"{identifier} has no symmetric uncertainty: {text}")
        return value, rest

    def single(self, identifier: str) -> tuple[str, str]:
        """Return value and uncertainty of the one measurement that the PDG uses, with the digits it was published."""
        used = [
            v for m in self.api.get(identifier).get_measurements() for v in m.values() if v.used_in_average
        ]
        if len(used) != 1:
            raise SystemExit(f"{identifier} is an average of {len(used)} measurements")
        return f"{used[0].value:.13g}", f"{used[0].error_positive:.5g}"


def masses(data: ParticleData, row: Names, where: str = "") -> dict[str, Any]:
    """Return the mass: the PDG's in MeV, CODATA's in kg."""
    if where:
        value, uncertainty = data.value(where + "M")
        return {"mass": value, "mass_uncertainty": uncertainty, "mass_unit": "MeV", "mass_edition": PDG}
    value, uncertainty = map(repr, codata(f"{row.name} mass"))
    return {"mass": value, "mass_uncertainty": uncertainty, "mass_unit": "kg", "mass_edition": CODATA}


def line(
    row: Names, value: Any, uncertainty: Any, unit: str, edition: str, note: str = "", **more: Any
) -> dict[str, Any]:
    """Return a row of the table."""
    return {
        **row._asdict(),
        "value": value,
        "uncertainty": uncertainty,
        "unit": unit,
        "sign_known": "yes",
        "edition": edition,
        "citation": CITATIONS[edition],
        "note": note,
        **more,
    }


def lepton(
    row: Names, anomaly: tuple[Any, Any], ratio: tuple[float, float], edition: str, note: str, **more: Any
) -> dict[str, Any]:
    """Return the row of a lepton whose moment is (1 + anomaly) times its own magneton, `ratio` of Bohr's."""
    a, s = map(float, anomaly)
    value = -(1.0 + a) * ratio[0]
    uncertainty = math.hypot(s * ratio[0], ratio[1] * (1.0 + a))
    digits = 1 - math.floor(math.log10(uncertainty))
    return line(
        row,
        f"{value:.{digits}f}",
        f"{uncertainty:.2g}",
        "mu_B",
        edition,
        note,
        anomaly=anomaly[0],
        anomaly_uncertainty=anomaly[1],
        **more,
    )


def leptons(data: ParticleData) -> list[dict[str, Any]]:
    """Return the rows of the electron, the muon and the tau."""
    out = []
    for row in (ELECTRON, MUON):
        a = map(repr, codata(f"{row.name} mag. mom. anomaly"))
        moment = map(repr, codata(f"{row.name} mag. mom. to Bohr magneton ratio"))
        anomaly = dict(zip(("anomaly", "anomaly_uncertainty"), a, strict=True))
        out.append(line(row, *moment, "mu_B", CODATA, **anomaly, **masses(data, row)))
    out.append(lepton(ELECTRON, data.value("S003MM"), (1.0, 0.0), PDG, "", **masses(data, ELECTRON)))
    ratio = codata("electron-muon mass ratio")
    out.append(lepton(MUON, data.single("S004MM"), ratio, PDG, "", **masses(data, MUON)))
    return out + taus(data)


def taus(data: ParticleData) -> list[dict[str, Any]]:
    """Return the rows of the tau: the measured limits as a value, and theory."""
    mass = masses(data, TAU, "S035")
    m, s = float(mass["mass"]), float(mass["mass_uncertainty"])
    electron = codata("electron mass energy equivalent in MeV")[0]
    ratio = electron / m, electron / m * s / m
    text = data.best("S035MM").value_text
    low, high = map(float, text.split(" to "))
    limits = f"{0.5 * (low + high):.5f}", f"{0.5 * (high - low) / TWO_SIDED_95:.4f}"
    note = (
        f"only limits are measured: anomaly {text} at 95 %; given are their middle and their width/(2 x 1.96)"
    )
    theory = "a prediction of the Standard Model, not a measurement"
    return [
        lepton(TAU, limits, ratio, PDG, note, **mass),
        lepton(TAU, tuple(map(repr, TAU_THEORY)), ratio, THEORY, theory, **mass),
    ]


def nuclei(data: ParticleData) -> list[dict[str, Any]]:
    """Return the rows of the nucleons and the nuclei with mass numbers 2 and 3."""
    out = []
    for row in (PROTON, NEUTRON, DEUTERON, TRITON, HELION):
        value, uncertainty = map(repr, codata(f"{row.name} mag. mom. to nuclear magneton ratio"))
        anomaly = {"anomaly": f"{float(value) - 1.0:.11f}", "anomaly_uncertainty": uncertainty}
        more = anomaly if row is PROTON else {}
        out.append(line(row, value, uncertainty, "mu_N", CODATA, **more, **masses(data, row)))
    return out


def hyperons(data: ParticleData) -> list[dict[str, Any]]:
    """Return the rows of the hyperons, of a transition, and of what was measured of antiparticles."""
    out = [
        line(row, *data.value(where + what), "mu_N", PDG, **masses(data, row, where))
        for (where, what), row in HYPERONS.items()
    ]
    note = "a transition moment: the magnitude of the matrix element between the two states"
    out.append(line(TRANSITION, *data.value("S021MM"), "mu_N", PDG, note, sign_known="no"))
    for identifier, row in MEASURED_ANTI.items():
        anti = Names(row.antiparticle, row.anti_aliases, row.name, row.aliases, row.spin, -row.charge)
        mass = masses(data, row, "" if row is PROTON else identifier[:4])
        note = "measured on the antiparticle itself"
        moment = data.single(identifier) if row is PROTON else data.value(identifier)
        out.append(line(anti, *moment, "mu_N", PDG, note, **mass))
    return out


def main() -> None:
    """Write the table."""
    data = ParticleData()
    rows = leptons(data) + nuclei(data) + hyperons(data)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    out.write_text(HEADER + text.getvalue(), encoding="utf-8")
    print(f"wrote {out}: {len(rows)} rows")


if __name__ == "__main__":
    main()
