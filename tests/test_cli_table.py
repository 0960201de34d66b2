"""The command `magneton table`."""

import csv
import io
import json

import pytest

from magneton.cli import main
from magneton.quantum.molecules import molecule
from magneton.quantum.particles import particle
from magneton.quantum.table_kinds import KINDS, find_kind
from magneton.quantum.tables import remarks


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")


def run(capsys, *argv):
    """Return the exit code, stdout and the lines of stderr."""
    with pytest.raises(SystemExit) as stop:
        main(["table", *argv])
    text = capsys.readouterr()
    return stop.value.code, text.out, text.err.splitlines()


def test_particles_are_printed_with_uncertainty_edition_and_source(capsys):
    code, out, err = run(capsys, "particles")
    assert (code, err) == (0, [])
    lines = {line.split()[0]: " ".join(line.split()) for line in out.splitlines() if line.strip()}
    assert lines["proton"].startswith(
        "proton 1/2 2.79284734463(82) mu_N 1.41060679546(61)e-26 5.5856946893(16)"
    )
    assert lines["proton"].endswith("CODATA 2022 CODATA2022")
    assert "±1.61(8) mu_N" in lines["Sigma0-Lambda"]
    assert "only limits are measured" in out


def test_names_patterns_and_editions(capsys):
    _, out, _ = run(capsys, "particles", "muon", "anti-Xi*", "--csv", "-")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["name"], row["edition"]) for row in rows] == [
        ("muon", "CODATA 2022"),
        ("muon", "PDG 2026"),
        ("anti-Xi0", "PDG 2026, by CPT"),
        ("anti-Xi-", "PDG 2026, by CPT"),
        ("anti-Xi-", "PDG 2026"),
    ]
    assert float(rows[1]["anomaly"]) == particle("muon", "PDG 2026").anomaly
    assert rows[2]["anomaly"] == ""


def test_an_element_stands_for_its_isotopes(capsys):
    _, out, _ = run(capsys, "nuclei", "Ag", "180mTa", "--json", "-")
    rows = {row["name"]: row for row in json.loads(out)}
    assert {"107Ag", "109Ag", "180mTa"} < set(rows)
    assert rows["109Ag"]["value"] < 0.0
    assert rows["180mTa"]["uncertainty"] is None
    _, out, _ = run(capsys, "nuclei", "129Xe")
    assert "-0.777961(16) mu_N" in out


def test_ions_are_printed_beside_measurement(capsys):
    _, out, _ = run(capsys, "ions", "Eu3+")
    words = out.split()
    assert words[words.index("Eu3+") :][:5] == ["Eu3+", "[Xe]", "4f6", "7F0", "0"]
    assert "3.4" in words


def test_json_says_null_where_nothing_is_known(capsys):
    _, out, _ = run(capsys, "particles", "Omega-", "--json", "-")
    (row,) = json.loads(out)
    assert (row["value"], row["spin"], row["sign_known"], row["anomaly"]) == (-2.02, 1.5, True, None)
    assert row["moment_J_per_T"] == particle("Omega-").moment


def test_files_are_written_together_and_not_over_others(capsys, tmp_path):
    table, other = tmp_path / "a.csv", tmp_path / "b.json"
    code, out, err = run(capsys, "particles", "--csv", str(table), "--json", str(other))
    assert (code, out, err) == (0, f"wrote {table}\nwrote {other}\n", [])
    assert len(table.read_text(encoding="utf-8").splitlines()) == 16
    table.write_text("mine")
    other.unlink()
    code, out, err = run(capsys, "particles", "--csv", str(table), "--json", str(other))
    assert (code, out, len(err)) == (2, "", 1)
    assert "exists already; give --overwrite" in err[0]
    assert (table.read_text(), sorted(tmp_path.iterdir())) == ("mine", [table])
    assert run(capsys, "particles", "tau", "--csv", str(table), "--overwrite")[0] == 0
    assert table.read_text(encoding="utf-8").startswith("name,spin,value")


def test_what_is_printed_for_programs_stays_clean(capsys, tmp_path):
    path = tmp_path / "a.json"
    _, out, err = run(capsys, "particles", "tau", "--csv", "-", "--json", str(path))
    assert len(list(csv.DictReader(io.StringIO(out)))) == 2
    assert err == [f"wrote {path}"]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (
            ["nuclid"],
            "KIND must be one of particles, nuclei, ions, atoms, molecules, got 'nuclid'; did you mean",
        ),
        (["atoms", "Fe3+"], "NAMES must be neutral atoms, got 'Fe3+'; it is in `magneton table ions 'Fe3+'`"),
        (["ions", "Fe"], "the neutral atom is in `magneton table atoms Fe`"),
        (["nuclei", "99mTc"], "NAMES must be a nuclide"),
        (["particles", "--csv", "sub/"], "--csv must name a file, got 'sub/'"),
        (["particles", "--natural"], "--natural must be said of nuclei"),
        (["nuclei", "--temperature", "3"], "--temperature must be said of ions, atoms, molecules"),
        (["ions", "--temperature", "0"], "--temperature must be positive"),
        (["particles", "protn"], "such as proton, antiproton"),
        (["particles", "Q*"], "got 'Q*'"),
        (["particles", "--csv", "-", "--json", "-"], "must differ"),
        (["particles", "--csv", "none/such.csv"], "a directory that exists"),
        ([], "Missing argument"),
    ],
)
def test_errors_are_one_line(capsys, argv, words):
    code, out, err = run(capsys, *argv)
    assert (code, out, len(err)) == (2, "", 1)
    assert words in err[0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_prints_and_writes_all_it_lists(capsys, kind):
    code, out, err = run(capsys, kind)
    assert (code, err) == (0, [])
    assert len(out.splitlines()) > 5
    _, out, _ = run(capsys, kind, "--json", "-")
    rows = json.loads(out)
    assert all(row["name"] for row in rows)
    assert len(rows) > 3


@pytest.mark.parametrize("singular", ["particle", "nucleus", "ion", "atom", "molecule"])
def test_the_singular_will_do(capsys, singular):
    assert run(capsys, singular, "--json", "-")[0] == 0


def test_a_negative_parity_is_told_from_none(capsys):
    _, out, _ = run(capsys, "nuclei", "13C", "15N")
    assert "parity" in out
    assert [line.split()[5] for line in out.splitlines() if "mu_N" in line] == ["-", "-"]


def test_elements_and_patterns_list_the_same_isotopes(capsys):
    listed = [
        {row["name"] for row in json.loads(run(capsys, "nuclei", name, "--json", "-", *more)[1])}
        for name, *more in (("Xe",), ("*Xe",), ("Xe", "--natural"), ("*Xe", "--natural"))
    ]
    assert "132Xe" in listed[0]
    assert listed[0] == listed[1] > listed[2] == listed[3]


def test_the_temperature_is_in_the_header(capsys):
    _, out, _ = run(capsys, "molecules", "O2", "--temperature", "200", "--json", "-")
    (row,) = json.loads(out)
    assert row["molar_susceptibility_200_K_m3_per_mol"] == molecule("O2").susceptibility(200.0)
    parts = row["contributions_m3_per_mol"]
    assert [part["susceptibility_m3_per_mol"] for part in parts] == [
        part.susceptibility for part in molecule("O2").contributions(200.0)
    ]
    assert "p_eff at 300 K" in run(capsys, "ions", "Dy3+")[1]
    _, out, _ = run(capsys, "molecules", "O2", "--csv", "-")
    assert json.loads(next(csv.DictReader(io.StringIO(out)))["contributions_m3_per_mol"])[0]["origin"]


@pytest.mark.parametrize("width", [110, 80, 60, 50, 40])
@pytest.mark.parametrize("kind", ["particles", "nuclei", "ions"])
def test_no_number_is_broken_in_a_narrow_window(capsys, monkeypatch, kind, width):
    chosen = find_kind(kind)
    first = next(column for column in chosen.columns if column.name in ("value", "effective_moment_mu_B"))
    monkeypatch.setenv("COLUMNS", str(width))
    _, out, _ = run(capsys, kind)
    for record in chosen.listed():
        assert first.shown(record) in out
    assert "…" not in out
    table = set(out.splitlines()).difference(remarks(chosen.listed()))
    assert max(map(len, table)) <= width


def test_isotopologues_have_names_of_their_own(capsys):
    _, out, _ = run(capsys, "molecules", "13CO2", "18O2", "--json", "-")
    assert [row["name"] for row in json.loads(out)] == ["13CO2", "18O2"]
