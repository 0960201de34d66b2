"""The example scenes, run by the command, give the published numbers."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from magneton import constants
from magneton.cli import main

EXAMPLES = Path(__file__).parents[2] / "examples"
ROOT_HALF = 1 / np.sqrt(2)


def run(name, folder):
    """Run an example and return its datasets by name."""
    with pytest.raises(SystemExit) as stop:
        main(["run", str(EXAMPLES / name), "--out", str(folder)])
    assert stop.value.code == 0
    return {path.stem: xr.load_dataset(path, engine="h5netcdf") for path in folder.glob("*.nc")}


@pytest.fixture(scope="module")
def yung(tmp_path_factory):
    return run("yung1998.toml", tmp_path_factory.mktemp("yung"))


@pytest.fixture(scope="module")
def coil(tmp_path_factory):
    return run("compass_coil.toml", tmp_path_factory.mktemp("coil"))


@pytest.mark.parametrize(
    ("case", "exact", "digits", "formula"),
    [
        ("I", (-0.0057126, 0, 0), 7, (-0.006, 0, 0)),
        ("II", (0, -0.00298, 0), 5, (0, -0.003, 0)),
        ("III", (0.002099, 0, 0.002196), 6, (0.003 * ROOT_HALF, 0, 0.003 * ROOT_HALF)),
        ("IV", (0.003117, 0, 0), 6, (0.003, 0, 0)),
    ],
)
def test_table_1_of_yung_landecker_villani(yung, case, exact, digits, formula):
    table = yung["table"].sel(case=case)
    assert np.round(table.force, digits).values == pytest.approx(exact, abs=1e-12)
    # The paper takes mu_0 = 4 pi 1e-7; the value of CODATA 2022 differs in the tenth digit.
    assert table.force_formula.values == pytest.approx(formula, rel=1e-9, abs=1e-15)
    assert float(table.error) < 1e-10


@pytest.mark.parametrize(("case", "ratio"), [("I", 0.906), ("II", 0.986), ("III", 1.026), ("IV", 1.083)])
def test_figures_3_to_6_at_seven_radii(yung, case, ratio):
    found = yung["ratio"].force_ratio.sel(case=case).sel(separation=7, method="nearest")
    assert float(found.separation) == pytest.approx(7)
    assert round(float(found), 3) == ratio


def test_ratio_tends_to_one(yung):
    ratio = yung["ratio"].force_ratio
    assert np.all(np.abs(ratio.isel(separation=-1) - 1) < 0.015)
    assert np.all(np.abs(ratio.sel(separation=slice(7.2, None)) - 1) < 0.1)
    assert float(ratio.separation[0]) == 2.24


def test_screen_shows_every_digit_of_table_1(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["run", str(EXAMPLES / "yung1998.toml"), "--out", str(tmp_path / "out")])
    text = capsys.readouterr().out
    for number in ("-0.005712596", "-0.002980436", "0.002099237", "0.002195588", "0.003116758"):
        assert number in text
    for number in (" -0.006 ", " -0.003 ", " 0.00212132 ", " 0.003 "):
        assert number in text
    assert "e-1" not in text  # no rounding noise
    assert max(map(len, text.splitlines()[:40])) <= 80
    assert (tmp_path / "out" / "ratio.png").read_bytes().startswith(b"\x89PNG")


def test_compass_coil_moment(coil):
    assert coil["moment"].moment.values == pytest.approx([0, 0, 7.853982e-3], rel=1e-7, abs=1e-18)


def test_compass_coil_far_field(coil):
    m, mu_0 = np.pi * 0.05**2, constants.mu_0
    axis, plane = coil["on_axis"].B.isel(distance=-1), coil["in_plane"].B.isel(distance=-1)
    assert float(axis[2]) == pytest.approx(mu_0 * m / (2 * np.pi * float(axis.distance) ** 3), rel=2e-6)
    assert float(plane[2]) == pytest.approx(-mu_0 * m / (4 * np.pi * float(plane.distance) ** 3), rel=2e-6)
    for name, sign in (("on_axis", 1), ("in_plane", -0.5)):
        formula = coil[name].B_formula.sel(component="z") * coil[name].distance ** 3
        assert formula.values == pytest.approx(sign * mu_0 * m / (2 * np.pi), rel=1e-12)


def test_compass_coil_torque_and_energy(coil):
    turning = coil["turning"]
    across, aligned = turning.isel(angle=0), turning.isel(angle=-1)
    assert float(across.torque.sel(component="y")) == pytest.approx(3.926991e-7, rel=2e-7)
    assert float(across.energy - aligned.energy) == pytest.approx(3.926991e-7, rel=2e-7)
    assert float(across.energy) == pytest.approx(0, abs=1e-20)
