"""Files for VTK: read back by a small reader here, and by VTK itself where it is installed."""

import base64
import struct
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from magneton import CircularLoop, Collection, Cuboid, Dipole, Dipoles
from magneton.interop import write_vtk
from magneton.plot.bodies import geometry

MAGNET = Cuboid((0.02, 0.03, 0.01), polarization=(0, 0, 1.3), position=(0.1, 0, 0))
LOOP = CircularLoop(0.03, 5.0, (0, 0, 0.04))
SOURCES = {"magnet": MAGNET, "coil <é>": LOOP, "needle": Dipole((0, 0.5, 1), (-0.1, 0, 0))}
X, Y, Z = np.linspace(-0.05, 0.05, 4), np.array([0.0, 0.01, 0.03]), np.array([0.2])
DTYPES = {"Float64": "<f8", "Int64": "<i8", "Int32": "<i4"}


def read(path):
    """Return the file's tree and its arrays by name."""
    root = ElementTree.parse(path).getroot()
    arrays = {}
    for element in root.iter("DataArray"):
        raw = base64.b64decode(element.text)
        (size,) = struct.unpack("<Q", raw[:8])
        assert size == len(raw) - 8
        values = np.frombuffer(raw[8:], DTYPES[element.get("type")])
        width = int(element.get("NumberOfComponents", 1))
        arrays.setdefault(element.get("Name"), []).append(values.reshape(-1, width) if width > 1 else values)
    return root, arrays


def test_bodies(tmp_path):
    root, arrays = read(write_vtk(tmp_path / "bodies.vtp", SOURCES))
    piece = root.find("PolyData/Piece")
    assert [piece.get(f"NumberOf{k}") for k in ("Verts", "Lines", "Polys")] == ["3", "1", "12"]
    assert arrays["source"][0].tolist() == [0, 1, 2, 1] + [0] * 12
    points, moments = arrays["Points"][0], arrays["moment"][0]
    assert int(piece.get("NumberOfPoints")) == len(points) == len(moments)
    corners = arrays["connectivity"][-1].reshape(-1, 3)
    assert arrays["offsets"][-1].tolist() == list(range(3, 37, 3))
    a, b, c = (points[corners[:, k]] for k in range(3))
    assert np.sum(a * np.cross(b, c)) / 6 == pytest.approx(MAGNET.volume)
    assert np.array_equal(points[arrays["connectivity"][1]], geometry(LOOP).wires[0])
    marked = arrays["connectivity"][0]
    assert np.array_equal(moments[marked], [source.moment for source in SOURCES.values()])
    assert np.array_equal(points[marked], [source.position for source in SOURCES.values()])
    assert np.count_nonzero(moments.any(axis=1)) == 3
    codes = [int(code) for code in root.find("PolyData/FieldData/Array").text.split()]
    assert bytes(codes).decode() == "magnet\0coil <é>\0needle\0"


def test_many_moments(tmp_path):
    dipoles = Dipoles(np.eye(3), 2 * np.eye(3))
    _, arrays = read(write_vtk(tmp_path / "many.vtp", dipoles))
    assert np.array_equal(arrays["moment"][0], np.eye(3))
    assert np.array_equal(arrays["Points"][0], 2 * np.eye(3))


def test_a_field_on_a_grid(tmp_path):
    path = write_vtk(tmp_path / "field.vtr", SOURCES, {"x": X, "y": Y, "z": 0.2}, ("B", "A", "grad_B"))
    root, arrays = read(path)
    assert root.find("RectilinearGrid").get("WholeExtent") == "0 3 0 2 0 0"
    assert [arrays[k][0].tolist() for k in "xyz"] == [X.tolist(), Y.tolist(), [0.2]]
    whole = Collection(list(SOURCES.values()))
    assert np.array_equal(arrays["B"][0][1 + 4 * 2], whole.B([X[1], Y[2], 0.2]))
    assert np.array_equal(arrays["A"][0][3 + 4 * 1], whole.A([X[3], Y[1], 0.2]))
    assert np.array_equal(arrays["grad_B"][0][2], whole.grad_B([X[2], Y[0], 0.2]).ravel())


def test_an_even_grid_as_an_image(tmp_path):
    root, arrays = read(write_vtk(tmp_path / "field.vti", LOOP, {"x": X, "z": Z}))
    image = root.find("ImageData")
    assert image.get("WholeExtent") == "0 3 0 0 0 0"
    assert [float(v) for v in image.get("Origin").split()] == [-0.05, 0.0, 0.2]
    assert float(image.get("Spacing").split()[0]) == pytest.approx(0.1 / 3)
    assert np.array_equal(arrays["H"][0][3], LOOP.H([X[3], 0, 0.2]))


def test_a_field_at_points(tmp_path):
    points = np.random.default_rng(0).normal(size=(6, 3))
    _, arrays = read(write_vtk(tmp_path / "points.vtp", LOOP, points, "B"))
    assert np.array_equal(arrays["Points"][0], points)
    assert np.array_equal(arrays["B"][0], LOOP.B(points))
    assert arrays["offsets"][0].tolist() == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("name", "grid", "message"),
    [
        ("a.vtr", None, r"path must end in .vtp for bodies, got 'a.vtr'"),
        ("a.vtp", {"x": X}, r"path must end in .vtr or .vti for a field on a grid"),
        ("a.vtr", [[0.0, 0, 0]], r"path must end in .vtp for a field at points"),
        ("a.vti", {"y": Y}, r"grid\['y'\] must be evenly spaced"),
        ("a.vtr", {"y": Y[::-1]}, r"grid\['y'\] must increase"),
        ("a.vtr", {"r": Y}, "grid must have keys among x, y, z"),
        ("a.vtp", [0.0, 0, 0], r"points of shape \(n, 3\)"),
    ],
)
def test_errors(tmp_path, name, grid, message):
    with pytest.raises(ValueError, match=message):
        write_vtk(tmp_path / name, LOOP, grid)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten_unasked(tmp_path):
    path = tmp_path / "a.vtp"
    path.write_text("mine")
    with pytest.raises(ValueError, match="exists already"):
        write_vtk(path, LOOP)
    assert path.read_text() == "mine"
    assert write_vtk(path, LOOP, overwrite=True) == path
    assert [p.name for p in tmp_path.iterdir()] == ["a.vtp"]


def test_vtk_itself_reads_them(tmp_path):
    pyvista = pytest.importorskip(
        "pyvista", reason="pyvista, to read the files by VTK itself, is not installed"
    )
    bodies = pyvista.read(write_vtk(tmp_path / "bodies.vtp", SOURCES))
    assert (bodies.n_verts, bodies.n_lines, bodies.n_cells) == (3, 1, 16)
    assert bodies.field_data["names"].tolist() == list(SOURCES)
    assert bodies.cell_data["source"].tolist() == [0, 1, 2, 1] + [0] * 12
    for name in ("field.vtr", "field.vti"):
        field = pyvista.read(write_vtk(tmp_path / name, LOOP, {"x": X, "y": [0.0, 0.5], "z": Z}))
        assert field.dimensions == (4, 2, 1)
        assert np.asarray(field["B"]) == pytest.approx(LOOP.B(field.points), rel=1e-12)
