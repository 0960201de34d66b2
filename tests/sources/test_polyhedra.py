"""Tetrahedra and triangular meshes: doors, files, and sums that must come out the same."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from magneton import Cuboid, Dipole, Tetrahedron, TriangularMesh
from magneton.constants import mu_0
from reference.polyhedron_bodies import BODIES

M = (3e5, -2e5, 7e5)
CORNERS, FACES, _ = BODIES["cube"]
rng = np.random.default_rng(20261122)
POINTS = rng.uniform(-3.0, 3.0, (200, 3))
QUANTITIES = ["B", "H", "A", "grad_B", "scalar_potential"]


def relative(computed, exact):
    axes = tuple(range(1, exact.ndim))
    size = np.sqrt(np.sum(exact**2, axis=axes))
    return np.max(np.sqrt(np.sum((computed - exact) ** 2, axis=axes)) / size)


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_a_cube_of_triangles_is_a_cuboid(quantity):
    mesh = TriangularMesh(CORNERS, FACES, magnetization=M)
    cuboid = Cuboid((1.0, 1.0, 1.0), magnetization=M, position=(0.0, 0.0, 0.5))
    got, want = getattr(mesh, quantity)(POINTS), getattr(cuboid, quantity)(POINTS)
    if quantity == "scalar_potential":  # it has nulls
        assert np.max(np.abs(got - want)) <= 1e-13 * np.max(np.abs(want))
    else:
        assert relative(got, want) <= 2e-12
    assert mesh.volume == 1.0
    np.testing.assert_array_equal(mesh.moment, M)


def the_angle_and_its_parts():
    """Return a body that is not convex, the tetrahedra that fill it, and points in and around it."""
    corners, faces, _ = BODIES["angle"]
    corners = np.array(corners)
    parts = [
        Tetrahedron(corners[list(four)], magnetization=M)
        for a, b, c in [(0, 1, 2), (0, 2, 3), (0, 3, 4), (0, 4, 5)]  # prisms, each in three
        for four in ((a, b, c, c + 6), (a, b, b + 6, c + 6), (a, a + 6, b + 6, c + 6))
    ]
    points = np.concatenate([POINTS, rng.uniform((0, 0, 0), (2.0, 1.5, 0.4), (100, 3))])
    return TriangularMesh(corners, faces, magnetization=M), parts, points


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_a_body_that_is_not_convex_is_the_sum_of_tetrahedra(quantity):
    whole, parts, points = the_angle_and_its_parts()
    terms = [getattr(part, quantity)(points) for part in parts]
    size = np.max(np.sum(np.abs(terms), axis=0))
    assert np.max(np.abs(sum(terms) - getattr(whole, quantity)(points))) <= 1e-13 * size


def test_volumes_and_insides_add_up():
    whole, parts, points = the_angle_and_its_parts()
    assert whole.volume == pytest.approx(0.7, rel=1e-15)
    assert sum(part.volume for part in parts) == pytest.approx(whole.volume, rel=1e-15)
    inside = np.sum([part.contains(points) for part in parts], axis=0)
    assert set(inside.tolist()) == {0, 1}
    np.testing.assert_array_equal(inside == 1, whole.contains(points))


def test_magpylib_agrees_at_generic_points():
    magpylib = pytest.importorskip("magpylib")
    corners, faces, magnetization = BODIES["octahedron"]
    other = magpylib.magnet.TriangularMesh(vertices=corners, faces=faces, magnetization=magnetization)
    mesh = TriangularMesh(corners, faces, magnetization=magnetization)
    near = POINTS[np.linalg.norm(POINTS, axis=1) < 2.5]
    assert relative(mesh.B(near), other.getB(near)) <= 1e-10
    assert relative(mesh.H(near), other.getH(near)) <= 1e-10
    four = BODIES["tetrahedron"][0]
    other = magpylib.magnet.Tetrahedron(vertices=four, magnetization=magnetization)
    assert relative(Tetrahedron(four, magnetization=magnetization).B(near), other.getB(near)) <= 1e-10


def test_either_turn_of_a_tetrahedron_and_of_a_mesh():
    four = np.array(BODIES["tetrahedron"][0])
    one = Tetrahedron(four, magnetization=M)
    other = Tetrahedron(four[[1, 0, 2, 3]], magnetization=M)
    assert one.volume == other.volume > 0.0
    assert relative(other.B(POINTS), one.B(POINTS)) <= 1e-12
    inward = TriangularMesh(CORNERS, np.array(FACES)[:, ::-1], magnetization=M)
    outward = TriangularMesh(CORNERS, FACES, magnetization=M)
    assert sorted(map(sorted, inward.faces.tolist())) == sorted(map(sorted, outward.faces.tolist()))
    assert relative(inward.B(POINTS), outward.B(POINTS)) <= 1e-12
    assert np.all(outward.contains([[0.1, 0.2, 0.3], [-0.4, 0.4, 0.9]]))
    assert not outward.contains([0.1, 0.2, -0.3])


def test_corners_far_from_the_origin_and_corners_unused():
    shift = np.array([4096.0, -2048.0, 512.0])  # sums with these floats are exact
    here = TriangularMesh(CORNERS, FACES, magnetization=M)
    there = TriangularMesh(np.array(CORNERS) + shift, FACES, magnetization=M)
    points = np.round(POINTS * 2.0**30) / 2.0**30
    far = points * 64.0
    for quantity in ("B", "A", "grad_B"):
        for where in (points, far):
            got, want = getattr(there, quantity)(where + shift), getattr(here, quantity)(where)
            assert relative(got, want) <= 1e-12
    more = TriangularMesh([[9.0, 9.0, 9.0], *CORNERS], np.array(FACES) + 1, magnetization=M)
    np.testing.assert_array_equal(more.B(POINTS), here.B(POINTS))


def test_a_cavity_is_a_part_turned_inward():
    inner = 0.5 * (np.array(CORNERS) - (0, 0, 0.5)) + (0, 0, 0.5)
    faces = np.concatenate([np.array(FACES), np.array(FACES)[:, ::-1] + 8])
    hollow = TriangularMesh(np.concatenate([CORNERS, inner]), faces, magnetization=M)
    whole = TriangularMesh(CORNERS, FACES, magnetization=M)
    part = TriangularMesh(inner, FACES, magnetization=M)
    assert hollow.volume == 0.875
    expected = whole.B(POINTS) - part.B(POINTS)
    assert np.max(np.abs(hollow.B(POINTS) - expected)) <= 1e-13 * np.max(np.abs(expected))
    centre = [0.0, 0.0, 0.5]
    np.testing.assert_allclose(hollow.B(centre), float(mu_0) * hollow.H(centre), rtol=1e-13)


def test_a_fine_sphere_is_nearly_a_dipole():
    trimesh = pytest.importorskip("trimesh")
    mesh = TriangularMesh.from_mesh(
        trimesh.creation.icosphere(subdivisions=3, radius=0.2), polarization=(0, 0, 1.0)
    )
    assert len(mesh.faces) == 1280
    dipole = Dipole(mesh.moment)
    for distance in (0.5, 1.19, 1.21, 30.0):
        point = distance * np.array([0.48, -0.6, 0.64])
        assert relative(mesh.B(point)[None], dipole.B(point)[None]) <= 1e-4
        assert relative(mesh.grad_B(point)[None], dipole.grad_B(point)[None]) <= 1e-4


def test_stl_files(tmp_path):
    trimesh = pytest.importorskip("trimesh")
    path = tmp_path / "cube.stl"
    trimesh.Trimesh(vertices=np.array(CORNERS) * 10.0, faces=FACES, process=False).export(path)
    mesh = TriangularMesh.from_stl(path, scale=1e-3, magnetization=M)
    assert mesh.vertices.shape == (8, 3)
    assert mesh.volume == pytest.approx(1e-6, rel=1e-15)
    want = TriangularMesh(np.array(CORNERS) * 10.0 * 1e-3, FACES, magnetization=M)
    assert relative(mesh.B(POINTS * 0.01), want.B(POINTS * 0.01)) <= 1e-12

    hole = tmp_path / "hole.stl"
    trimesh.Trimesh(vertices=CORNERS, faces=FACES[:-1], process=False).export(hole)
    with pytest.raises(
        ValueError, match=r"hole\.stl: the surface must be closed, but has 3 open edges, one between"
    ):
        TriangularMesh.from_stl(hole, 1.0, magnetization=M)
    with pytest.raises(ValueError, match="scale must be positive"):
        TriangularMesh.from_stl(path, scale=0.0, magnetization=M)
    # The file has no unit: a default of metres makes most magnets 1e9 times too big.
    with pytest.raises(
        ValueError, match=r"^scale must be the length of the file's unit in metres, .* got None"
    ):
        TriangularMesh.from_stl(path, magnetization=M)


FACET = b"facet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex %s 0 0\nvertex 0 1 0\nendloop\nendfacet\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"path must be an STL file, but there is no file .*bad\.stl"),
        (b"", r"path must be an STL file with triangles, but .*bad\.stl has none"),
        (b"not a mesh", r"path must be an STL file with triangles, but .*bad\.stl has none"),
        (b"line\n" * 500, r"path must be an STL file with triangles, but .*bad\.stl has none"),
        # What is said of this one depends on whether trimesh finds a package that guesses encodings.
        (bytes(range(256)) * 10, r"path must be an STL file.*bad\.stl (has none|cannot be read)"),
        (bytes(84), r"path must be an STL file with triangles, but .*bad\.stl has none"),
        (
            b"solid a\n" + FACET % b"x" + b"endsolid a\n",
            r"path must be an STL file, but .*bad\.stl cannot be read",
        ),
        (b"solid a\n" + 4 * (FACET % b"nan") + b"endsolid a\n", r".*bad\.stl: mesh\.vertices must be finite"),
    ],
)
def test_a_bad_stl_file_is_one_clear_line(tmp_path, content, message):
    pytest.importorskip("trimesh")
    path = tmp_path / "bad.stl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=f"^{message}") as caught:
        TriangularMesh.from_stl(path, 1e-3, magnetization=M)
    assert "\n" not in str(caught.value)


def test_the_path_of_an_stl_file_is_a_path():
    pytest.importorskip("trimesh")
    with pytest.raises(ValueError, match=r"^path must be the path of an STL file, got 42$"):
        TriangularMesh.from_stl(42, 1e-3, magnetization=M)


def test_without_trimesh_the_error_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "trimesh", None)
    with pytest.raises(ImportError, match=r"magneton\[mesh\]"):
        TriangularMesh.from_stl(tmp_path / "any.stl", 1e-3, magnetization=M)


def test_equal_corners_of_a_mesh_object_become_one():
    corners = np.array(CORNERS)[np.array(FACES)].reshape(-1, 3)
    faces = np.concatenate([np.arange(36).reshape(-1, 3), [[0, 0, 1]]])
    mesh = TriangularMesh.from_mesh(SimpleNamespace(vertices=corners, faces=faces), magnetization=M)
    assert mesh.vertices.shape == (8, 3)
    assert mesh.volume == 1.0
    with pytest.raises(ValueError, match="mesh must have vertices and faces, got list"):
        TriangularMesh.from_mesh([], magnetization=M)


def changed(index, face):
    faces = [list(f) for f in FACES]
    faces[index] = face
    return faces


@pytest.mark.parametrize(
    ("faces", "message"),
    [
        (FACES[:-2], "must be closed, but has 4 open edges, one between vertices"),
        ([*FACES, [0, 1, 6]], "must be closed, but has 1 open edge, between vertices 0 and 6"),
        (
            changed(0, [0, 1, 2]),
            r"turned alike, but faces\[0\] and faces\[\d+\] run the edge between vertices 0 and",
        ),
        (
            [*FACES, [0, 1, 6], [0, 6, 1][::-1]],
            "faces must differ, but faces\\[12\\] and faces\\[13\\] have the same",
        ),
        (
            [*FACES, [0, 1, 6], [0, 6, 7], [0, 7, 1], [1, 7, 6]],
            "each edge must have two faces, but the one between vertices 0 and",
        ),
        (changed(3, [4, 6, 6]), r"must have an area, but faces\[3\] = \[4, 6, 6\] has none"),
        (changed(3, [4, 6, 8]), "must number vertices from 0 to 7, got 8"),
        (changed(3, [4, -6, 7]), "must number vertices from 0 to 7, got -6"),
        (FACES[:3], "must be at least 4, got 3"),
        (np.array(FACES) + 0.25, r"faces must be whole numbers of shape \(m, 3\), got .*\.25 among them"),
        (changed(3, [4, np.nan, 6]), r"faces must be whole numbers of shape \(m, 3\), got nan among them"),
        (changed(3, [4, 1e300, 6]), r"faces must be whole numbers of shape \(m, 3\), got 1e\+300 among them"),
        ("none", r"faces must be whole numbers of shape \(m, 3\), got 'none'"),
        ([0, 1, 2], r"faces must be whole numbers of shape \(m, 3\), got shape \(3,\)"),
        (
            [*FACES, FACES[2][1:] + FACES[2][:1]],
            r"faces must differ, but faces\[2\] and faces\[12\] have the same",
        ),
    ],
)
def test_bad_faces(faces, message):
    with pytest.raises(ValueError, match=message):
        TriangularMesh(CORNERS, faces, magnetization=M)


def test_faces_may_be_whole_floats():
    mesh = TriangularMesh(CORNERS, np.array(FACES, dtype=float).tolist(), magnetization=M)
    assert mesh.faces.dtype == np.int64
    np.testing.assert_array_equal(mesh.faces, TriangularMesh(CORNERS, FACES, magnetization=M).faces)


def two_cubes(shift, scale=1.0):
    """Return the cube and another one, with corners of its own."""
    corners, faces = np.array(CORNERS), np.array(FACES)
    return np.concatenate([corners, scale * corners + shift]), np.concatenate([faces, faces + len(corners)])


@pytest.mark.parametrize(
    ("shift", "message"),
    [
        ((0, 0, 0), "shells must not coincide"),
        ((0.5, 0, 0), "shells must not cut each other"),
        ((0.3, 0.4, 0.5), "shells must not cut each other"),
        ((1e-6, 1e-6, 1e-6), "shells must not cut each other"),
    ],
)
def test_shells_that_overlap_are_refused(shift, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        TriangularMesh(*two_cubes(shift), magnetization=M)


@pytest.mark.parametrize("roll", range(12))
def test_shells_may_touch_or_lie_in_one_another(roll):
    for shift, scale, volume in [((1, 0, 0), 1.0, 2.0), ((0, 0, 0.25), 0.5, 0.875), ((0, 0, 0), 0.5, 0.875)]:
        corners, faces = two_cubes(shift, scale)
        faces = np.concatenate([np.roll(faces[:12], roll, axis=0), np.roll(faces[12:], 2 * roll + 1, axis=0)])
        assert TriangularMesh(corners, faces, magnetization=M).volume == pytest.approx(volume, rel=1e-14)


def test_bad_corners():
    with pytest.raises(ValueError, match=r"vertices must have shape \(4, 3\), got shape \(5, 3\)"):
        Tetrahedron(np.zeros((5, 3)), magnetization=M)
    square = [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0.0]]
    with pytest.raises(ValueError, match="vertices must not lie in one plane"):
        Tetrahedron(square, magnetization=M)
    with pytest.raises(ValueError, match="vertices must not lie in one plane"):
        Tetrahedron([[0, 0, 0], [1, 1, 1], [2, 2, 2], [0, 1, 0.0]], magnetization=M)
    # Three corners in line, where no coordinate is short.
    line = [[0.1, 0.2, 0.3], [0.1 + 0.5, 0.2 + 0.25, 0.3], [0, 0, 1], [0, 1, 0]]
    assert Tetrahedron(line, magnetization=M).volume > 0.0
    flat = [(0, 2, 1), (0, 1, 3), (1, 2, 3), (0, 3, 2)]
    with pytest.raises(ValueError, match="must enclose a volume"):
        TriangularMesh(square, flat, magnetization=M)
    collinear = [[0, 0, 0], [1, 0, 0], [2, 0, 0], [0, 0, 1.0]]
    with pytest.raises(ValueError, match=r"faces\[0\] = \[0, 2, 1\] has none"):
        TriangularMesh(collinear, flat, magnetization=M)
    with pytest.raises(ValueError, match="exactly one of"):
        Tetrahedron(BODIES["tetrahedron"][0])


_SHELL = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]) - 0.25
_OUTWARD = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]])


@pytest.mark.parametrize("first", [1, -1])
@pytest.mark.parametrize("second", [1, -1])
def test_shells_are_turned_as_their_place_asks(first, second):
    def mesh(centre, scale):
        faces = np.vstack([_OUTWARD[:, ::first], _OUTWARD[:, ::second] + 4])
        vertices = np.vstack([_SHELL, scale * _SHELL + centre])
        return TriangularMesh(vertices, faces, magnetization=(0.0, 0, 1e6))

    beside, within = mesh([3.0, 3.0, 3.0], 0.5), mesh([0.0, 0.0, 0.0], 0.25)
    one = 1 / 6
    assert beside.volume == pytest.approx(one * (1 + 0.5**3), rel=1e-14)
    assert within.volume == pytest.approx(one * (1 - 0.25**3), rel=1e-14)
    assert beside.contains([[3.01, 3.02, 3.03], [0.01, 0.02, 0.03], [1.0, 1.0, 1.0]]).tolist() == [
        True,
        True,
        False,
    ]
    assert within.contains([[0.001, 0.002, 0.003], [0.1, 0.05, 0.05]]).tolist() == [False, True]


def test_a_shell_in_a_cavity_is_solid_again():
    vertices = np.vstack([s * _SHELL for s in (1.0, 0.5, 0.25)])
    faces = np.vstack([_OUTWARD + 4 * k for k in range(3)])
    body = TriangularMesh(vertices, faces, magnetization=(0.0, 0, 1e6))
    assert body.volume == pytest.approx((1 - 1 / 8 + 1 / 64) / 6, rel=1e-14)
