"""``magneton fit``: a table, a picture, files for programs, and errors in one line."""

import json
from pathlib import Path

import pytest

from magneton._fit_command import parse_volume
from magneton.cli import main

DATA = str(Path(__file__).parents[1] / "examples" / "hidden_magnet.csv")


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(capsys, *argv):
    """Return the exit code, stdout and the lines of stderr."""
    with pytest.raises(SystemExit) as stop:
        main(["fit", *argv])
    text = capsys.readouterr()
    return stop.value.code, text.out, text.err.splitlines()


def test_a_table_and_a_picture(capsys):
    code, out, err = run(capsys, DATA, "--background", "uniform")
    assert (code, err) == (0, [])
    for words in (
        "1 dipole from 48 readings",
        "31.09(24)",
        "142.27(31)",
        "mA m^2",
        "156.9(1.1)",
        "background",
    ):
        assert words in out
    assert out.endswith("wrote hidden_magnet-fit.png\n")
    assert Path("hidden_magnet-fit.png").read_bytes().startswith(b"\x89PNG")


def test_json_is_for_programs(capsys):
    code, out, err = run(
        capsys, DATA, "--no-picture", "--json", "-", "--csv", "fit.csv", "--noise", "40 nT", "--dipoles", "auto",
        "--background", "uniform", "--volume", "-10:10 -10:10, 1:30 cm",
    )  # fmt: skip
    assert code == 0
    found = json.loads(out)
    assert found["moment_A_m2"] == [pytest.approx([0.0944, 0.0471, 0.1161], abs=5e-4)]
    assert len(found["covariance"]) == len(found["parameters"]) == 9
    assert found["parameters"][0]["std"] == pytest.approx(2 * 0.24e-3, rel=0.03)  # of twice the noise
    assert err == ["wrote fit.csv"]
    lines = Path("fit.csv").read_text().splitlines()
    assert lines[0] == "parameter,value,std,unit"
    assert lines[4].startswith("moment_x,0.0944")
    assert lines[4].endswith(",A m^2")
    assert list(Path().iterdir()) == [Path("fit.csv")]


def test_help(capsys):
    code, out, _ = run(capsys, "--help")
    assert code == 0
    assert "Bx (nT)" in out
    assert "[bold]" not in out


def test_a_narrow_window_loses_nothing(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    code, out, _ = run(capsys, DATA, "--no-picture", "--background", "linear")
    assert code == 0
    assert "…" not in out
    assert "background gradient xy" in out


def test_robust_loss(capsys):
    code, out, _ = run(capsys, DATA, "--no-picture", "--background", "uniform", "--loss", "huber")
    assert code == 0
    assert "huber loss" in out


def test_nothing_is_overwritten_unasked(capsys):
    kept = Path("hidden_magnet-fit.png")
    kept.write_text("mine")
    code, out, err = run(capsys, DATA, "--csv", "fit.csv")
    assert (code, out) == (2, "")
    assert len(err) == 1
    assert "hidden_magnet-fit.png exists already; --overwrite replaces it" in err[0]
    assert kept.read_text() == "mine"
    assert not Path("fit.csv").exists()


def test_gaps_and_warnings(capsys):
    text = Path(DATA).read_text().replace("2790.3", "").replace("sensor,", "name,", 1)
    Path("gaps.csv").write_text(text)
    code, _, err = run(capsys, "gaps.csv", "--no-picture")
    assert code == 2
    assert err == ["magneton: gaps.csv: line 4: Bx [nT] has no value, but a reading was expected there; "
                   "--missing drop leaves such readings out"]  # fmt: skip
    code, out, err = run(capsys, "gaps.csv", "--no-picture", "--missing", "drop", "--background", "uniform")
    assert (code, err) == (0, [])
    assert "from 47 readings" in out
    assert "warning: gaps.csv: columns that were not used: name" in out


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["none.csv"], "path must be a file that exists"),
        ([DATA, "--dipoles", "0"], "--dipoles must be a positive integer or auto, got '0'"),
        ([DATA, "--dipoles", "9"], "readings must be at least as many as the 54 unknowns"),
        ([DATA, "--background", "cubic"], "--background must be none, uniform or linear, got 'cubic'"),
        ([DATA, "--noise", "5"], "--noise must be a field with its unit, such as '5 nT'"),
        ([DATA, "--noise", "-5 nT"], "--noise must be positive"),
        ([DATA, "--volume", "1:2 cm"], "--volume must be as '-5:5, -5:5, 0:20 cm', got '1:2 cm'"),
        ([DATA, "--volume", "1:2, 1:2, 1:2"], "three ranges and a unit are required"),
        ([DATA, "--missing", "guess"], "--missing must be raise or drop, got 'guess'"),
        ([DATA, "--loss", "cubic"], "loss must be"),
        ([DATA, "-o", "fit.bmp"], "--out must end in .png, .svg, .pdf, got 'fit.bmp'"),
        ([DATA, "-o", "away/fit.png"], "path must be in a directory that exists"),
        ([DATA, "--csv", "a", "--json", "a"], "files must differ"),
        ([DATA, "--csv", "-", "--json", "-"], "must not both be -"),
        ([DATA, "--csv", DATA, "--overwrite"], "must not be the data themselves"),
    ],
)
def test_errors_are_one_line(capsys, argv, words):
    code, out, err = run(capsys, *argv)
    assert (code, out, len(err)) == (2, "", 1)
    assert words in err[0]
    assert list(Path().iterdir()) == []


def test_volume():
    assert parse_volume("-5:5, -5e1:5;0:20 cm") == [[-0.05, -0.5, 0.0], [0.05, 0.05, 0.2]]
