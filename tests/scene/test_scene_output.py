"""Files: whole or not at all, never over others unasked, and read back to the same numbers."""

import csv
import json
import signal

import numpy as np
import pytest
import xarray as xr

from magneton.cli import main
from magneton.scene import Outputs, SceneError, output, read_scene, run_scene, write_results

SCENE = """
title = "Ümläut"
[sources.a]
type = "Dipole"
moment = [0, 0, 1]
[compute.field]
type = "field"
source = "a"
quantities = ["B", "scalar_potential"]
points = [[0, 0, 0], [0, 0, 1], [1, 0, 1]]
[compute.field.sweep.case]
labels = ["one", "two"]
set."sources.a.moment" = [[0, 0, 1], [0, 0, 2]]
[compute.moment]
type = "moment"
source = "a"
[output]
formats = ["nc", "csv", "json"]
"""
NAMES = [f"{name}.{kind}" for name in ("field", "moment") for kind in ("nc", "csv", "json")]


@pytest.fixture(scope="module")
def results():
    return run_scene(read_scene(SCENE))


@pytest.fixture
def written(results, tmp_path):
    with Outputs(tmp_path / "out", NAMES) as outputs:
        paths = write_results(outputs, results, ["nc", "csv", "json"])
    assert [path.name for path in paths] == NAMES
    return tmp_path / "out"


def run(*argv):
    with pytest.raises(SystemExit) as stop:
        main([str(arg) for arg in argv])
    return stop.value.code


def test_netcdf_round_trip(results, written):
    for name, data in results.items():
        xr.testing.assert_identical(xr.load_dataset(written / f"{name}.nc", engine="h5netcdf"), data)


def test_json_round_trip(results, written):
    data = json.loads((written / "field.json").read_text(encoding="utf-8"))
    B = np.array(data["data_vars"]["B"]["data"], dtype=float)  # null becomes nan
    assert np.array_equal(B, results["field"].B, equal_nan=True)
    assert data["attrs"]["title"] == "Ümläut: field"
    assert data["coords"]["x"]["attrs"]["units"] == "m"


def test_csv_is_tidy(results, written):
    with open(written / "field.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        "case", "x [m]", "y [m]", "z [m]", "point", "B.x [T]", "B.y [T]", "B.z [T]", "scalar_potential [A]",
    ]  # fmt: skip
    assert len(rows) == 6
    assert [row["case"] for row in rows] == ["one"] * 3 + ["two"] * 3
    assert float(rows[5]["B.x [T]"]) == results["field"].B.values[1, 2, 0]
    assert rows[0]["B.x [T]"] == "nan"
    assert (
        written / "moment.csv"
    ).read_text() == "moment.x [A m^2],moment.y [A m^2],moment.z [A m^2]\n0.0,0.0,1.0\n"


def test_long_scene_fits_in_the_attributes(tmp_path):
    vertices = ", ".join(f"[{np.cos(t)}, {np.sin(t)}, 0]" for t in np.linspace(0, 6, 3000))
    text = f'[sources.a]\ntype = "Polyline"\ncurrent = 1\nclosed = true\nvertices = [{vertices}]\n'
    scene = read_scene(text + '[compute.m]\ntype = "moment"\nsource = "a"')
    assert len(scene.text) > 100_000
    with Outputs(tmp_path, ["m.nc"]) as outputs:
        write_results(outputs, run_scene(scene), ["nc"])
    assert xr.load_dataset(tmp_path / "m.nc", engine="h5netcdf").attrs["scene"] == scene.text


def test_same_scene_same_bytes(results, tmp_path):
    for name in ("one", "two"):
        with Outputs(tmp_path / name, NAMES) as outputs:
            write_results(outputs, results, ["nc", "csv", "json"])
    for name in NAMES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.fixture
def scene(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scene.toml").write_text(SCENE, encoding="utf-8")
    return tmp_path


def test_nothing_is_overwritten_unasked(scene, capsys, monkeypatch):
    (scene / "scene-results").mkdir()
    (scene / "scene-results" / "field.csv").write_text("precious")
    monkeypatch.setattr("magneton.scene.run_scene", lambda *_: pytest.fail("computed before looking"))
    assert run("run", "scene.toml") == 2
    line = capsys.readouterr().err
    assert "field.csv: exists already" in line
    assert line.count("\n") == 1
    assert (scene / "scene-results" / "field.csv").read_text() == "precious"


def test_overwrite(scene, capsys):
    assert run("run", "scene.toml", "--out", "here") == 0
    assert run("run", "scene.toml", "--out", "here") == 2
    assert "(and 5 more)" in capsys.readouterr().err
    assert run("run", "scene.toml", "--out", "here", "--overwrite") == 0
    assert sorted(path.name for path in (scene / "here").iterdir()) == sorted(NAMES)


@pytest.mark.parametrize("kind", ["csv", "json", "netcdf"])
@pytest.mark.parametrize("how", [KeyboardInterrupt, signal.SIGINT, OSError(28, "No space left on device")])
def test_interrupted_while_writing(scene, capsys, monkeypatch, kind, how):
    (scene / "out").mkdir()
    (scene / "out" / "field.csv").write_text("old")

    def half(dataset, path):
        path.write_text("half")
        if isinstance(how, signal.Signals):
            signal.raise_signal(how)
        raise how

    monkeypatch.setattr(output, f"write_{kind}", half)
    code = run("run", "scene.toml", "--out", "out", "--overwrite")
    lines = capsys.readouterr().err.splitlines()
    assert code == (2 if isinstance(how, OSError) else 130)
    assert len(lines) == 1
    assert ("No space left" if isinstance(how, OSError) else "interrupted") in lines[0]
    assert [path.name for path in (scene / "out").iterdir()] == ["field.csv"]
    assert (scene / "out" / "field.csv").read_text() == "old"


def test_interrupted_while_computing(scene, capsys, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("magneton.scene.run_scene", stop)
    assert run("run", "scene.toml") == 130
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert [path.name for path in scene.iterdir()] == ["scene.toml"]


def test_folder_that_is_a_file(scene, capsys):
    (scene / "file").write_text("")
    assert run("run", "scene.toml", "--out", "file") == 2
    assert run("run", "scene.toml", "--out", "file/below") == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_directory_in_the_way(scene, capsys):
    (scene / "out" / "field.nc").mkdir(parents=True)
    assert run("run", "scene.toml", "--out", "out", "--overwrite") == 2
    assert "in the way" in capsys.readouterr().err


def test_a_failed_run_leaves_no_folder(tmp_path):
    def fail(path):
        path.write_text("x")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), Outputs(tmp_path / "a" / "b", ["x"]) as outputs:
        outputs.write("x", fail)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_appears_meanwhile_is_kept(tmp_path):
    def write():
        with Outputs(tmp_path, ["x"]) as outputs:
            outputs.write("x", lambda path: path.write_text("mine"))
            (tmp_path / "x").write_text("theirs")

    with pytest.raises(SceneError, match="exists already"):
        write()
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("x", "theirs")]


def test_a_folder_that_cannot_be_written_to_is_told_before_computing(scene, capsys, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    def compute(*_):
        raise AssertionError("computed")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)  # root may write anywhere, so rights do not tell
    monkeypatch.setattr("magneton.scene.run_scene", compute)
    assert run("run", "scene.toml", "--out", "out") == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "cannot be written to: Permission denied" in lines[0]
