"""Datasets hold what the source says at each point, with dimensions, coordinates and units in their places."""

import numpy as np
import pytest

from magneton import CircularLoop, Dipole, PolePair, to_xarray

LOOP = CircularLoop(0.05, 2.0, (0.01, 0.02, 0.0))
X, Y, Z = np.linspace(-0.1, 0.1, 4), np.linspace(0.0, 0.2, 3), np.array([0.03, 0.05])


def test_a_box():
    data = to_xarray(LOOP, {"x": X, "y": Y, "z": Z}, ["B", "H", "A", "grad_B"])
    assert dict(data.sizes) == {"x": 4, "y": 3, "z": 2, "component": 3, "derivative": 3}
    assert data.B.dims == ("x", "y", "z", "component")
    assert data.grad_B.dims == ("x", "y", "z", "component", "derivative")
    for name in ("B", "H", "A"):
        at = data[name].sel(x=X[3], y=Y[1], z=Z[0])
        assert np.array_equal(at.values, getattr(LOOP, name)([X[3], Y[1], Z[0]]))
        assert float(at.sel(component="y")) == getattr(LOOP, name)([X[3], Y[1], Z[0]])[1]
    slope = data.grad_B.sel(x=X[0], y=Y[2], z=Z[1], component="x", derivative="z")
    assert float(slope) == LOOP.grad_B([X[0], Y[2], Z[1]])[0, 2]


def test_a_plane_and_a_line_keep_the_other_coordinates():
    plane = to_xarray(LOOP, {"z": Z, "x": X, "y": 0.01})
    assert plane.B.dims == ("x", "z", "component")
    assert list(plane.data_vars) == ["B", "H"]
    assert float(plane.y) == 0.01
    assert plane.y.attrs["units"] == "m"
    assert np.array_equal(plane.B.sel(x=X[1], z=Z[1]), LOOP.B([X[1], 0.01, Z[1]]))
    line = to_xarray(LOOP, {"y": Y})
    assert line.B.dims == ("y", "component")
    assert float(line.x) == 0.0


def test_points():
    points = np.random.default_rng(0).normal(size=(5, 3))
    data = to_xarray(Dipole((0, 0, 1)), points, "scalar_potential")
    assert data.scalar_potential.dims == ("point",)
    assert data.z.dims == ("point",)
    assert np.array_equal(data.scalar_potential, Dipole((0, 0, 1)).scalar_potential(points))
    assert np.array_equal(data.z, points[:, 2])
    assert "component" not in data.coords


def test_attributes():
    data = to_xarray(LOOP, {"x": X}, ["B", "H", "A", "grad_B"])
    assert [data[n].attrs["units"] for n in ("B", "H", "A", "grad_B")] == ["T", "A/m", "T m", "T/m"]
    assert all(array.attrs["long_name"] for array in data.variables.values())
    assert data.x.attrs["units"] == "m"
    assert data.attrs["source"].startswith("magneton ")
    assert data.attrs["Conventions"].startswith("CF")


def test_it_survives_a_file(tmp_path):
    import xarray as xr

    data = to_xarray(LOOP, {"x": X, "z": Z})
    data.to_netcdf(tmp_path / "field.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "field.nc", engine="h5netcdf") as again:
        assert again.identical(data)


@pytest.mark.parametrize(
    ("grid", "quantities", "message"),
    [
        ({"r": X}, ["B"], "grid must have keys among x, y, z, got 'r'"),
        ({}, ["B"], "grid must have keys among x, y, z"),
        (
            {"x": [[1.0]]},
            ["B"],
            r"grid\['x'\] must be a number or an array of one dimension, got shape \(1, 1\)",
        ),
        ({"x": []}, ["B"], r"grid\['x'\] must be a number or an array"),
        ({"x": "a"}, ["B"], r"grid\['x'\] must be"),
        ([0.0, 0.0, 0.0], ["B"], r"points of shape \(n, 3\), got shape \(3,\)"),
        ({"x": X}, ["J"], "quantities must be among B, H, A, grad_B, scalar_potential, got 'J'"),
        ({"x": X}, [], "quantities must hold at least one name"),
        (
            {"x": X},
            ["scalar_potential"],
            "source must have scalar_potential: CircularLoop has no scalar_potential",
        ),
    ],
)
def test_errors(grid, quantities, message):
    with pytest.raises(ValueError, match=message):
        to_xarray(LOOP, grid, quantities)


def test_what_a_source_lacks_is_said():
    with pytest.raises(ValueError, match="source must have A: PolePair has no A: the pole picture"):
        to_xarray(PolePair(1.0, (0, 0, 1)), {"x": X}, "A")
