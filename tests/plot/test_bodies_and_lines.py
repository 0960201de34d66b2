"""What is drawn of sources in space: geometry to scale, and field lines along B."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

import magneton
from magneton import CircularLoop, Cuboid, Dipole, Polyline, UniformField
from magneton.plot import solids
from magneton.plot.bodies import GEOMETRY, geometry
from magneton.plot.lines import Region, trace
from magneton.sources import sample_sources

SAMPLES = [s for s in sample_sources() if type(s).__name__ != "Collection"]
NAMES = [f"{type(s).__name__}{i}" for i, s in enumerate(SAMPLES)]
TURN = Rotation.from_rotvec([0.3, -1.1, 0.7])


def volume(surface):
    a, b, c = (surface.vertices[surface.faces[:, k]] for k in range(3))
    return np.sum(a * np.cross(b, c)) / 6.0


def test_a_ring_is_closed_and_runs_counter_clockwise():
    ring = solids.ring(2.0, 0.5)
    assert np.array_equal(ring[0], ring[-1])
    assert np.linalg.norm(ring[:, :2], axis=1) == pytest.approx(2.0, rel=1e-15)
    assert 0.5 * np.cross(ring[:-1], ring[1:]).sum(axis=0)[2] == pytest.approx(4.0 * np.pi, rel=1e-3)
    assert np.all(ring[:, 2] == 0.5)


def test_an_arrow_reaches_from_tail_to_tip():
    surface = solids.arrow(np.array([1.0, 0, 0]), np.array([1.0, 2.0, 0]), 0.1)
    assert surface.vertices[:, 1].min() == pytest.approx(0.0, abs=1e-15)
    assert surface.vertices[:, 1].max() == pytest.approx(2.0)
    assert volume(surface) > 0
    assert np.abs(surface.vertices[:, 2]).max() == pytest.approx(0.28)


@pytest.mark.parametrize("source", SAMPLES, ids=NAMES)
def test_every_source_has_an_entry_and_stays_within_its_extent(source):
    assert type(source).__name__ in GEOMETRY
    points = geometry(source).points()
    assert np.isfinite(points).all()
    extent = getattr(source, "_extent", None)
    if extent is not None and len(points) and type(source).__name__ not in ("Multipole", "GaussCoefficients"):
        extent = extent() if callable(extent) else extent
        assert np.linalg.norm(points - source.position, axis=1).max() <= extent * (1 + 1e-12)
        assert np.linalg.norm(points - source.position, axis=1).max() >= 0.99 * extent or not hasattr(
            source, "volume"
        )


@pytest.mark.parametrize(
    "source", [s for s in SAMPLES if hasattr(s, "volume")], ids=lambda s: type(s).__name__
)
def test_solids_have_the_volume_of_their_body_and_face_outward(source):
    exact = type(source).__name__ in ("Cuboid", "Tetrahedron", "TriangularMesh")
    (surface,) = geometry(source).solids
    assert volume(surface) == pytest.approx(source.volume, rel=1e-12 if exact else 0.01)


def test_a_hollow_coil_has_its_volume():
    coil = magneton.Coil(0.01, 0.015, 0.02, 100, 1.0)
    (surface,) = geometry(coil).solids
    assert volume(surface) == pytest.approx(np.pi * (0.015**2 - 0.01**2) * 0.02, rel=0.01)


@pytest.mark.parametrize("source", SAMPLES, ids=NAMES)
def test_geometry_turns_with_the_source(source):
    moved = source.rotated(TURN, about=(0.1, 0.2, 0.3)).translated((1.0, -2.0, 0.5))
    before, after = geometry(source), geometry(moved)
    about = np.array([0.1, 0.2, 0.3])
    wanted = TURN.apply(before.points() - about) + about + [1.0, -2.0, 0.5] if len(before.points()) else []
    if type(source).__name__ in (
        "SpinningBody",
        "CurveLoop",
    ):  # another start of the same circle, or of the same curve
        assert np.ptp(after.points(), axis=0).max() <= 1.8 * np.ptp(before.points(), axis=0).max()
        assert after.points().mean(axis=0) == pytest.approx(np.mean(wanted, axis=0), abs=0.02)
    elif len(before.points()):
        assert after.points() == pytest.approx(wanted, abs=1e-12)
        assert after.heads[:, 3:6] == pytest.approx(
            TURN.apply(before.heads[:, 3:6]) if len(before.heads) else 0, abs=1e-12
        )


@pytest.mark.parametrize("current", [2.0, -2.0])
@pytest.mark.parametrize(
    "make",
    [
        lambda i: CircularLoop(0.1, i, (1, 2, 3), TURN),
        lambda i: Polyline([[0, 0, 0], [1, 0, 0], [1, 1, 0.2], [0, 1, 0]], i, closed=True),
        lambda i: magneton.CurveLoop(lambda t: np.stack([np.cos(t), 2 * np.sin(t), np.sin(2 * t)], -1), i),
        lambda i: magneton.Solenoid(0.1, 0.3, 10, i),
        lambda i: magneton.Coil(0.1, 0.2, 0.3, 10, i),
        lambda i: magneton.HelmholtzPair(0.1, 10, i),
    ],
)
def test_heads_show_the_sense_of_the_current(make, current):
    source = make(current)
    heads = geometry(source).heads
    turning = np.cross(heads[:, :3] - source.position, heads[:, 3:6]).sum(axis=0)
    assert turning @ source.moment > 0.9 * np.linalg.norm(turning) * np.linalg.norm(source.moment)
    assert np.linalg.norm(heads[:, 3:6], axis=1) == pytest.approx(1.0)


BOX = Region(np.full(3, -1.0), np.full(3, 1.0), 1.0, [(np.zeros(3), 0.02)])


def test_field_lines_of_a_dipole_are_r_equals_L_sin2():
    seeds = np.array([[0.3, 0, 0], [0, 0.6, 0], [0.5, 0.5, 0.0]])
    for seed, line in zip(seeds, trace(Dipole((0, 0, 2.0)).B, seeds, BOX), strict=True):
        r = np.linalg.norm(line, axis=1)
        scale = r**3 / np.sum(line[:, :2] ** 2, axis=1)
        assert scale[r > 0.1] == pytest.approx(np.linalg.norm(seed), rel=3e-3)
        assert scale == pytest.approx(np.linalg.norm(seed), rel=0.02)
        middle = len(line) // 2
        assert line[middle + 1, 2] < line[middle, 2]  # in the equator B points against m
        assert line[0, 2] > 0 > line[-1, 2]
        assert r[[0, -1]] == pytest.approx(0.02, rel=0.01)  # both ends at the dipole
        assert r.min() >= 0.02 * (1 - 1e-9)


def test_lines_around_a_wire_close_as_circles():
    wire = Polyline([[0, 0, -1e3], [0, 0, 1e3]], 1.0)
    seeds = np.array([[0.2, 0, 0], [0.7, 0, 0.1]])
    for seed, line in zip(seeds, trace(wire.B, seeds, BOX), strict=True):
        assert np.array_equal(line[0], line[-1])
        assert np.linalg.norm(line[:, :2], axis=1) == pytest.approx(seed[0], rel=1e-3)
        assert np.linalg.norm(np.diff(line, axis=0), axis=1).sum() == pytest.approx(
            2 * np.pi * seed[0], rel=2e-3
        )
        assert line[1, 1] > 0  # counter-clockwise


def test_lines_of_a_uniform_field_end_at_the_box():
    (line,) = trace(UniformField((3.0, 4.0, 0)).B, np.array([[0.1, 0.0, 0.2]]), BOX)
    direction = np.array([0.6, 0.8, 0.0])
    assert np.cross(line - [0.1, 0, 0.2], direction) == pytest.approx(0.0, abs=1e-12)
    assert np.abs(line[[0, -1]]).max(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert line[-1, 1] > line[0, 1]


def test_lines_pass_the_faces_of_a_magnet_along_B():
    magnet = Cuboid((0.5, 0.4, 0.3), magnetization=(0.2, 0, 1e6))
    for line in trace(magnet.B, np.array([[0.1, 0.05, 0.0], [0.2, -0.1, 0.02]]), BOX):
        steps = np.diff(line, axis=0)
        field = magnet.B(0.5 * (line[1:] + line[:-1]))
        lengths = np.linalg.norm(steps, axis=1)
        keep = lengths > 1e-4
        cosine = np.sum(steps * field, axis=1) / lengths / np.linalg.norm(field, axis=1)
        assert np.median(cosine[keep]) > 0.9999
        assert np.mean(cosine[keep] > 0.99) > 0.97
        assert magnet.contains(line).any()
        assert not magnet.contains(line).all()


def test_seeds_without_a_field_are_left_out():
    dipole = Dipole((0, 0, 1.0))
    outside, at_it = [5.0, 0, 0], [0, 0, 0]
    assert trace(dipole.B, np.array([outside, at_it]), BOX) == []
    assert trace(Dipole((0, 0, 0)).B, np.array([[0.5, 0, 0]]), BOX) == []
