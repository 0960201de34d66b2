"""Files of readings: the same numbers however they are written, and clear errors with line numbers."""

import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from magneton.estimation import fit_dipoles, read_readings

EXAMPLES = Path(__file__).parents[2] / "examples"
POINTS = np.array([[-10.0, 0.0, 5.0], [20.0, 30.5, 5.0], [0.5, -7.0, 2.5]])  # mm
FIELD = np.array([[1.5, -2.0, 0.25], [1250.0, 0.0, -3.0], [-0.5, 4.0, 8.0]])  # uT
ROWS = [(*p, *b) for p, b in zip(POINTS.tolist(), FIELD.tolist(), strict=True)]


def text(header: str, delimiter: str, scale: tuple[float, float] = (1.0, 1.0), decimal: str = ".") -> str:
    """Return a file of the numbers, lengths and fields multiplied by `scale`."""
    factors = [scale[0]] * 3 + [scale[1]] * 3
    rows = [
        delimiter.join(f"{v * f:.7g}".replace(".", decimal) for v, f in zip(r, factors, strict=True))
        for r in ROWS
    ]
    return "\n".join([header, *rows]) + "\n"


def written(folder: Path, content: str | bytes, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


MESSY = {
    "brackets": text("x [mm],y [mm],z [mm],Bx [uT],By [uT],Bz [uT]", ","),
    "round brackets, blanks": text("x (mm)  y (mm)  z(mm) Bx(uT) By (uT) Bz (uT)", "   "),
    "underscores, commented header": text("# x_mm, y_mm, z_mm, B_x_nT, B_y_nT, B_z_nT", ", ", (1.0, 1e3)),
    "slashes, tabs": text("x/cm\ty/cm\tz/cm\tBx/mT\tBy/mT\tBz/mT", "\t", (0.1, 1e-3)),
    "German": "sep=;\nMessung 7\n" + text('"x [mm]";"y [mm]";z [mm];Bx [µT];By [µT];Bz [µT]', ";", decimal=","),
    "latin-1": text("x [mm];y [mm];z [mm];Bx [µT];By [µT];Bz [µT]", ";").encode("cp1252"),
    "mark, carriage returns, commas at the end": (
        "\ufeff" + text("X_um,Y_um,Z_um,BX_G,BY_G,BZ_G,", ",", (1e3, 1e-2)).replace("\n", ",\r\n", 99) + ",,,\r\n"
    ).replace("G,,", "G,"),
    "units below": text("x y z Bx By Bz\nm m m T T T", " ", (1e-3, 1e-6)),
    "comments": "% made today\n\n" + text("x_m y_m z_m Bx_pT By_pT Bz_pT  # units", " ", (1e-3, 1e6)) + "! end\n",
}  # fmt: skip


@pytest.mark.parametrize("content", MESSY.values(), ids=MESSY.keys())
def test_all_ways_of_writing_give_the_same_readings(content: str | bytes, tmp_path: Path) -> None:
    readings = read_readings(written(tmp_path, content))
    assert readings.taps.points[::3] == pytest.approx(1e-3 * POINTS, rel=1e-12, abs=1e-15)
    assert readings.values.reshape(-1, 3) == pytest.approx(1e-6 * FIELD, rel=1e-12, abs=1e-18)
    assert np.isnan(readings.noise).all()


def test_axes_and_noise_of_each_reading(tmp_path: Path) -> None:
    content = (
        "id;x_m;y_m;z_m;ux;uy;uz;B_nT;sB_pT\nP2;0;0;1;0;3;4;7;5\nP1;0;1;0;1;0;0;-7;6\nP2;0;0;1;0;0;2;8;7\n"
    )
    readings = read_readings(written(tmp_path, content))
    assert readings.taps.weights == pytest.approx(np.array([[0, 0.6, 0.8], [1, 0, 0], [0, 0, 1]]))
    assert readings.values == pytest.approx([7e-9, -7e-9, 8e-9])
    assert readings.noise == pytest.approx([5e-12, 6e-12, 7e-12])
    assert readings.sensor.tolist() == [1, 0, 1]


def test_constants_of_all_rows_and_total_fields(tmp_path: Path) -> None:
    content = "# ambient: (18, 1, -42) uT\n# z = 3 m\n# x: east\n# noise: 5nT\nx_m,y_m,|B| (nT)\n1,2,46000\n2,3,45000\n"
    readings = read_readings(written(tmp_path, content))
    assert readings.ambient[1] == pytest.approx([18e-6, 1e-6, -42e-6])
    assert readings.taps.points[:, 2].tolist() == [3.0] * 6
    assert readings.noise == pytest.approx(5e-9)
    assert readings.values == pytest.approx([46e-6, 45e-6])
    assert read_readings(tmp_path / "data.csv", noise=2e-9).noise == pytest.approx(2e-9)


def test_one_component_and_what_is_not_used(tmp_path: Path) -> None:
    content = "x_m,y_m,z_m,Bz_nT,|B|_nT,time\n0,0,0,5,9,12:30\n1,0,0,6,9,12:31\n"
    with pytest.warns(UserWarning, match=r"columns that were not used: time, \|B\|_nT"):
        readings = read_readings(written(tmp_path, content))
    assert readings.values == pytest.approx([5e-9, 6e-9])
    assert readings.taps.weights.tolist() == [[0, 0, 1]] * 2


def test_empty_cells(tmp_path: Path) -> None:
    path = written(tmp_path, "x_m,y_m,z_m,Bx_T,By_T,Bz_T\n0,0,0,1,2,3\n0,0,1,,NaN,4\n,,,,,\n")
    with pytest.raises(
        ValueError, match=r"data.csv: line 3: Bx_T has no value \(nor have 1 other cells\).*missing"
    ):
        read_readings(path)
    assert read_readings(path, missing="drop").values.tolist() == [1, 2, 3, 4]


G = "x_m,y_m,z_m,Bz_nT\n"
BAD = {
    "missing unit": ("x_m,y,z_m,Bz_nT\n1,2,3,4\n", r"line 1: column 'y' must say its unit, as 'y \[mm\]' does; .*cm"),
    "unknown unit": ("x_m,y_m,z_m,Bz [NT]\n1,2,3,4\n", r"'Bz \[NT\]' must have a unit of flux density B, got 'NT'"),
    "field strength": ("x_m,y_m,z_m,Bz [A/m]\n1,2,3,4\n", r"must have a unit of flux density B, got 'A/m'; .*nT"),
    "length of a field": ("x_m,y_nT,z_m,Bz_nT\n1,2,3,4\n", r"'y_nT' must have a unit of length, got 'nT'"),
    "not a number": (G + "1,2,3,4\n1,2,3,4.5.6\n1,x,3,4\n", r"line 3: Bz_nT .* got '4.5.6'; line 4: y_m .* got 'x'$"),
    "many bad rows": (G + "1,2,3,a\n" * 9, r"line 2: .*line 4: .*; and 6 more$"),
    "too few cells": (G + "1,2,3,4\n1,2,3\n", r"line 3: must have 4 cells, as the header has, got 3"),
    "decimal commas with commas": (G + "1,5,2,3,4\n", r"line 2: must have 4 cells, as the header has, got 5"),
    "infinite": (G + "1,2,3,inf\n", r"line 2: Bz_nT must be a number, got 'inf'"),
    "too large": (G + "1,2,3,1e999\n", r"line 2: Bz_nT must be a number, got '1e999'"),
    "open quote": (G + '1,2,3,"4\n', r"line 2: Bz_nT must be a number"),
    "place missing": (G + "1,2,3,4\n1,,3,4\n", r"line 3: y_m has no value, but the sensor's place"),
    "column empty": (G + "1,,3,4\n", r"columns y must be there with numbers"),
    "column missing": ("x_m,y_m,height_m,Bz_nT\n1,2,3,4\n", r"columns z must be .*found x_m, y_m, Bz_nT, height_m"),
    "two components": ("x_m,y_m,z_m,Bx_T,Bz_T\n1,2,3,4,5\n", r"Bx, By and Bz must all be there.*got Bx and Bz"),
    "no readings": ("x_m,y_m,z_m,T_K\n1,2,3,4\n", r"readings must be Bx, By, Bz .*found x_m, y_m, z_m, T_K"),
    "axis missing": ("x_m,y_m,z_m,ux,uy,B_T\n1,2,3,1,0,5\n", r"columns uz must be there with B"),
    "zero axis": ("x_m,y_m,z_m,ux,uy,uz,B_T\n1,2,3,0,0,0,5\n", r"line 2: ux, uy, uz must not all be zero"),
    "ambient missing": ("x_m,y_m,z_m,F_nT\n1,2,3,4\n", r"field without target .*# ambient: 18000"),
    "twice": ("x_m,y_m,z_m,X [mm],Bz_nT\n1,2,3,1,4\n", r"line 1: .*'x_m' and 'X \[mm\]' mean the same"),
    "constant and column": ("# z: 5 mm\n" + G + "1,2,3,4\n", r"line 1: z must be given once"),
    "noise in words": ("# noise: small\n" + G + "1,2,3,4\n", r"line 1: noise must be 1 number and a unit, got 'small'"),
    "noise without unit": ("# noise: 5\n" + G + "1,2,3,4\n", r"line 1: 'noise' must say its unit"),
    "noise of nought": ("x_m,y_m,z_m,Bz_T,sB_T\n1,2,3,4,0\n", r"line 2: sB_T must be positive"),
    "noise of some": ("x_m,y_m,z_m,Bx_T,By_T,Bz_T,sBx_T\n1,2,3,4,5,6,7\n", r"noise must be given for all readings"),
    "no header": ("1,2,3,4\n", r"must have a header line .*; its first line is '1,2,3,4'"),
    "no rows": (G, r"must have rows after its header, line 1, got none"),
    "nothing": ("", r"must have a header line .*it is empty"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "words"), BAD.values(), ids=BAD.keys())
@pytest.mark.filterwarnings("ignore:.*not used")
def test_bad_files_are_told_of_with_their_lines(content: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        read_readings(written(tmp_path, content))
    assert str(caught.value).startswith("data.csv")
    assert "\n" not in str(caught.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="path must be a file that exists"):
        read_readings(tmp_path / "nothing.csv")
    with pytest.raises(ValueError, match="must be a NetCDF file"):
        read_readings(written(tmp_path, "x", "data.nc"))


def test_netcdf_grids_and_vectors(tmp_path: Path) -> None:
    def on(values: list[float], dim: str) -> tuple:
        return (dim, values, {"units": "mm"})

    Bz = np.arange(6.0).reshape(2, 3)
    places = {"x": on([0.0, 1.0, 2.0], "x"), "y": on([5.0, 6.0], "y"), "z": ((), 7.0, {"units": "m"})}
    grid = xr.Dataset({"Bz": (("y", "x"), Bz, {"units": "nT"})}, coords=places)
    grid.to_netcdf(tmp_path / "grid.nc", engine="h5netcdf")
    readings = read_readings(tmp_path / "grid.nc")
    found = {
        tuple(p): v for p, v in zip(readings.taps.points.round(9).tolist(), readings.values, strict=True)
    }
    assert found[(0.002, 0.005, 7.0)] == pytest.approx(2e-9)
    assert found[(0.0, 0.006, 7.0)] == pytest.approx(3e-9)
    vectors = xr.Dataset(
        {
            "B": (("point", "component"), FIELD, {"units": "uT"}),
            "points": (("point", "component"), POINTS, {"units": "mm"}),
        }
    )
    vectors.to_netcdf(tmp_path / "vectors.nc", engine="h5netcdf")
    assert read_readings(tmp_path / "vectors.nc").values.reshape(-1, 3) == pytest.approx(1e-6 * FIELD)
    del vectors["B"].attrs["units"]
    vectors.to_netcdf(tmp_path / "bare.nc", engine="h5netcdf")
    with pytest.raises(ValueError, match=r"bare.nc: variable 'Bx' must say its unit.*attribute units"):
        read_readings(tmp_path / "bare.nc")


def test_the_example_is_what_its_script_writes_and_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))
    import hidden_magnet

    assert (EXAMPLES / "hidden_magnet.csv").read_text(encoding="utf-8") == hidden_magnet.text()
    fit = fit_dipoles(read_readings(EXAMPLES / "hidden_magnet.csv"), background="uniform")
    assert fit.confidence_region(0.95, "position").contains(hidden_magnet.MAGNET.position)
    assert fit.confidence_region(0.95, "moment").contains(hidden_magnet.MAGNET.moment)
    del sys.modules["hidden_magnet"]
