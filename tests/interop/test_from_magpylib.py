"""Magpylib's objects and what is made of them have the same field, wherever they are and however they are turned."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

import magneton
from magneton import from_magpylib

magpylib = pytest.importorskip("magpylib", minversion="5")

TURN = Rotation.from_rotvec([0.4, -1.0, 0.3])
PLACE = (0.2, -0.1, 0.3)
POINTS = np.random.default_rng(5).uniform(-2, 2, (200, 3))
CORNERS = [(0, 0, 0), (0.5, 0, 0), (0, 0.4, 0), (0, 0, 0.3)]
SOURCES = {
    "Cuboid": lambda **k: magpylib.magnet.Cuboid(
        dimension=(0.3, 0.4, 0.2), polarization=(0.1, -0.5, 1.0), **k
    ),
    "Cylinder": lambda **k: magpylib.magnet.Cylinder(
        dimension=(0.3, 0.4), polarization=(0.1, -0.5, 1.0), **k
    ),
    "Sphere": lambda **k: magpylib.magnet.Sphere(diameter=0.3, magnetization=(1e5, -5e5, 1e6), **k),
    "Tetrahedron": lambda **k: magpylib.magnet.Tetrahedron(
        vertices=CORNERS, polarization=(0.1, -0.5, 1.0), **k
    ),
    "TriangularMesh": lambda **k: magpylib.magnet.TriangularMesh(
        vertices=CORNERS,
        faces=[(0, 2, 1), (0, 1, 3), (1, 2, 3), (0, 3, 2)],
        polarization=(0.1, -0.5, 1.0),
        **k,
    ),
    "Circle": lambda **k: magpylib.current.Circle(diameter=0.5, current=-3.0, **k),
    "Polyline": lambda **k: magpylib.current.Polyline(current=2.0, vertices=CORNERS, **k),
    "Dipole": lambda **k: magpylib.misc.Dipole(moment=(1.0, 2.0, -3.0), **k),
}


def agree(ours, theirs):
    expected = theirs.getB(POINTS)
    size = np.linalg.norm(expected, axis=1)
    return np.max(np.linalg.norm(ours.B(POINTS) - expected, axis=1) / size)


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("pose", [{}, {"position": PLACE}, {"position": PLACE, "orientation": TURN}])
def test_fields_agree(kind, pose):
    theirs = SOURCES[kind](**pose)
    ours = from_magpylib(theirs)
    assert type(ours).__name__ == {"Circle": "CircularLoop"}.get(kind, kind)
    # Magpylib's mu_0 differs in the tenth digit, and a little of its own accuracy is lost far from small bodies.
    assert agree(ours, theirs) < 1e-7


@pytest.mark.parametrize("kind", ["Circle", "Dipole"])
def test_values_are_kept(kind):
    ours = from_magpylib(SOURCES[kind](position=PLACE))
    assert ours.position.tolist() == list(PLACE)
    if kind == "Circle":
        assert (ours.radius, ours.current) == (0.25, -3.0)


def test_collections_nested_and_moved():
    inner = magpylib.Collection(SOURCES["Circle"](), SOURCES["Dipole"](position=(0, 0, 5)))
    sensor = magpylib.Sensor()
    outer = magpylib.Collection(inner, SOURCES["Polyline"](), sensor)
    outer.rotate(TURN).move(PLACE)
    ours = from_magpylib(outer)
    assert isinstance(ours, magneton.Collection)
    assert isinstance(ours.sources[0], magneton.Collection)
    assert len(ours.sources) == 2
    outer.remove(sensor)  # or it would want to be the observer
    assert agree(ours, outer) < 1e-7


def test_closed_and_broken_polylines():
    square = [(0, 0, 0), (1, 0, 0), (1, 0, 0), (1, 1, 0), (0, 0, 0)]
    ours = from_magpylib(
        magpylib.current.Polyline(current=1.0, vertices=square, orientation=TURN, position=PLACE)
    )
    assert ours.closed
    assert len(ours.vertices) == 4
    broken = magpylib.current.Polyline(
        current=1.0, vertices=[*square, (None, None, None), (2, 2, 2), (2, 3, 2)]
    )
    ours = from_magpylib(broken)
    assert [source.closed for source in ours.sources] == [True, False]
    assert agree(ours, broken) < 1e-7


def test_a_path_needs_an_index():
    moving = magpylib.current.Circle(diameter=1.0, current=1.0, position=[(0, 0, z) for z in range(4)])
    moving.rotate_from_angax([0, 10, 20, 30], "x", start=0)
    with pytest.raises(ValueError, match=r"index must be given for a path: .* Circle has 4 steps, 0 to 3"):
        from_magpylib(moving)
    for index in (0, 2, -1):
        ours = from_magpylib(moving, index)
        assert ours.position == pytest.approx(np.array(moving.position)[index])
        assert ours.orientation.as_matrix() == pytest.approx(moving.orientation.as_matrix()[index])
    with pytest.raises(ValueError, match=r"index must lie between -4 and 3, got 4"):
        from_magpylib(moving, 4)
    with pytest.raises(ValueError, match="index must be given"):
        from_magpylib(magpylib.Collection(moving))


@pytest.mark.skipif(
    int(magpylib.__version__.split(".")[0]) < 6, reason="properties have paths from magpylib 6 on"
)
def test_a_property_with_a_path_needs_an_index():
    pulsed = magpylib.current.Circle(diameter=1.0, current=[1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"the current of magpylib's Circle has 3 steps"):
        from_magpylib(pulsed)
    assert from_magpylib(pulsed, 1).current == 2.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: magpylib.magnet.CylinderSegment(dimension=(1, 2, 1, 0, 90), polarization=(0, 0, 1)),
            "CylinderSegment",
        ),
        (lambda: magpylib.misc.Triangle(vertices=CORNERS[:3], polarization=(0, 0, 1)), "Triangle: a charged"),
        (lambda: magpylib.misc.CustomSource(), "CustomSource: its field"),
        (lambda: magpylib.Sensor(), "Sensor: it is no source"),
        (lambda: magneton.Dipole((0, 0, 1)), "must be a magpylib source or collection, got Dipole"),
        (lambda: magpylib.Collection(), "an empty magpylib Collection"),
        (lambda: magpylib.magnet.Cuboid(dimension=(1, 1, 1)), "must have its polarization set, got None"),
        (lambda: magpylib.current.Circle(diameter=1.0), "must have its current set, got None"),
    ],
)
def test_errors_name_what_came(make, message):
    with pytest.raises(ValueError, match=message):
        from_magpylib(make())
