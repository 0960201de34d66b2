"""Moments, vector areas and what constructors refuse."""

import math

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import (
    CircularLoop,
    Collection,
    CurveLoop,
    Dipole,
    Dipoles,
    Pole,
    PolePair,
    Polyline,
    UniformField,
    vector_area,
)
from magneton.constants import mu_0


def test_the_five_centimetre_coil():
    coil = CircularLoop(0.05, 1.0)
    assert coil.moment[2] == pytest.approx(7.853982e-3, rel=1e-7)
    k = float(mu_0) * coil.moment[2] / math.pi
    for distance, tolerance in [(5.0, 2e-4), (500.0, 2e-8)]:
        assert coil.B([0, 0, distance])[2] == pytest.approx(k / 2 / distance**3, rel=tolerance)
        assert coil.B([distance, 0, 0])[2] == pytest.approx(-k / 4 / distance**3, rel=tolerance)
    # 1 A at 5 cm: mu_0 I/2a
    assert coil.B([0, 0, 0])[2] == pytest.approx(float(mu_0) / 0.1, rel=1e-15)


@pytest.mark.parametrize(
    "direction",
    [[0, 0, 1], [0, 0, -1], [1, 0, 0], [1e-9, 0, -1], [-1, 2, -3], [0, -1e-300, -1], [3e-7, 1e-7, 1]],
)
def test_from_moment_gives_that_moment(direction):
    moment = 100 * np.array(direction, dtype=float)
    loop = CircularLoop.from_moment(0.1, moment, [1, 2, 3])
    np.testing.assert_allclose(loop.moment, moment, rtol=1e-14, atol=3e-14)
    assert loop.current > 0


def test_orientation_is_active_about_the_position():
    loop = CircularLoop(1.0, 2.0, [5, 0, 0], Rotation.from_euler("y", 90, degrees=True))
    np.testing.assert_allclose(loop.moment, [2 * math.pi, 0, 0], atol=1e-14)
    np.testing.assert_allclose(loop.B([5, 0, 0])[0], float(mu_0), rtol=1e-14)


def test_vector_area_is_the_shadows_and_half_the_integral_of_r_x_dl():
    corners = np.array([[0, 0, 0], [2, 0, 0], [2, 3, 1], [0, 3, 2.0]])
    polygon = Polyline(corners, 1.0, closed=True)
    shadows = []
    for i, j in [(1, 2), (2, 0), (0, 1)]:  # shoelace formula on yz, zx, xy
        u, v = corners[:, i], corners[:, j]
        shadows.append(0.5 * np.sum(u * np.roll(v, -1) - v * np.roll(u, -1)))
    np.testing.assert_allclose(vector_area(polygon), shadows, rtol=1e-14)
    integral = 0.5 * np.cross(corners, np.roll(corners, -1, axis=0)).sum(axis=0)
    np.testing.assert_allclose(vector_area(polygon.translated([1e3, -2e3, 5e2])), integral, rtol=1e-10)
    assert vector_area(CircularLoop(2.0, 5.0))[2] == pytest.approx(4 * math.pi)
    ellipse = CurveLoop(lambda t: np.stack([3 * np.cos(t), 2 * np.sin(t), 0 * t]), 4.0)
    np.testing.assert_allclose(vector_area(ellipse), [0, 0, 6 * math.pi], atol=1e-14)
    np.testing.assert_allclose(ellipse.moment, [0, 0, 24 * math.pi], atol=1e-13)
    with pytest.raises(ValueError, match="loop must be a CircularLoop, Polyline or CurveLoop, got Dipole"):
        vector_area(Dipole([0, 0, 1]))


def test_a_moment_in_gaussian_units_is_current_times_area_over_c():
    from magneton import constants, units

    current, radius = 2.5, 0.03
    stat_amperes = units.convert(current, "A", "statA")
    area = math.pi * units.convert(radius, "m", "cm") ** 2
    gaussian = stat_amperes * area / units.convert(float(constants.c), "m/s", "cm/s")
    moment = CircularLoop(radius, current).moment[2]
    assert units.convert(moment, "A m^2", "erg/G") == pytest.approx(gaussian, rel=1e-14)


def test_a_polygon_of_many_sides_becomes_the_circle():
    errors = []
    points = np.array([[0.3, 0.2, 0.4], [2.0, 1.0, -0.5], [20.0, 3.0, 9.0]])
    for n in (64, 128):
        t = 2 * np.pi * np.arange(n) / n
        polygon = Polyline(np.stack([np.cos(t), np.sin(t), 0 * t], axis=1), 1.0, closed=True)
        exact = CircularLoop(1.0, 1.0)
        errors.append(np.linalg.norm(polygon.B(points) - exact.B(points), axis=1))
    np.testing.assert_allclose(errors[0] / errors[1], 4.0, rtol=0.05)  # falls as 1/n^2


@pytest.mark.parametrize("distance", [1e-9, 1e-6, 1e-3, 0.1, 1.0, 5.9, 6.1, 100.0, 1e6])
def test_a_curve_that_is_a_circle_is_the_circle(distance):
    curve = CurveLoop(lambda t: np.stack([np.cos(t), np.sin(t), 0 * t], axis=-1), 1.0)
    circle = CircularLoop(1.0, 1.0)
    point = np.array([1.0, 0, 0]) + distance * np.array([0.48, -0.6, 0.64])
    tolerance = 1e-13 + 1e-15 / distance  # the curve's own place carries a rounding error
    for quantity in ("A", "B", "grad_B"):
        computed, exact = getattr(curve, quantity)(point), getattr(circle, quantity)(point)
        assert np.linalg.norm(computed - exact) <= tolerance * np.linalg.norm(exact), quantity


@pytest.mark.parametrize(
    "circle",
    [
        lambda t: np.stack([np.cos(t), np.sin(t), 0 * t], axis=-1),
        lambda t: (np.cos(t), np.sin(t), 0 * t),
        lambda t: [math.cos(t), math.sin(t), 0],
        lambda t: [np.cos(t), np.sin(t), 0],
        2 * np.array([[math.cos(t), math.sin(t), 0] for t in 2 * np.pi * np.arange(16) / 16]) / 2,
    ],
)
def test_a_curve_may_be_given_in_several_ways(circle):
    np.testing.assert_allclose(CurveLoop(circle, 2.0).moment, [0, 0, 2 * math.pi], atol=1e-14)


def test_on_the_wire_the_field_is_nan():
    assert np.all(np.isnan(CircularLoop(1.0, 1.0).B([1.0, 0, 0])))
    assert np.all(np.isnan(CircularLoop(1.0, 1.0).A([0, -1.0, 0])))
    assert np.all(np.isnan(Polyline([[0, 0, 0], [0, 0, 1]], 1.0).B([[0, 0, 0.5], [0, 0, 0]])))
    assert np.all(np.isnan(Polyline([[0, 0, 0], [0, 0, 1]], 1.0).A([0, 0, 0.25])))
    assert np.all(Polyline([[0, 0, 0], [0, 0, 1]], 1.0).B([0, 0, 2.0]) == 0)
    curve = CurveLoop(lambda t: np.stack([np.cos(t), np.sin(t), 0 * t], axis=-1), 1.0)
    assert np.all(np.isnan(curve.B([1.0, 0, 0])))
    assert np.all(np.isnan(Dipole([0, 0, 1]).B([0, 0, 0])))
    assert np.all(np.isnan(PolePair(1.0, [0, 0, 2.0]).B([0, 0, 1.0])))
    assert np.isnan(PolePair(1.0, [0, 0, 2.0]).scalar_potential([0, 0, 1.0]))
    assert np.isnan(Pole(1.0).scalar_potential([0, 0, 0]))


def test_pole_pair_is_two_poles_and_far_off_a_dipole_to_all_digits():
    pair = PolePair(3.0, [0.2, -0.1, 0.4], [1, 0, 0])
    both = Collection([Pole(3.0, [1.1, -0.05, 0.2]), Pole(-3.0, [0.9, 0.05, -0.2])])
    points = np.random.default_rng(0).normal(size=(50, 3))
    np.testing.assert_allclose(
        pair.B(points), both.B(points), rtol=1e-11, atol=1e-13 * np.abs(both.B(points)).max()
    )
    np.testing.assert_allclose(
        pair.scalar_potential(points), both.scalar_potential(points), rtol=1e-10, atol=1e-13
    )
    np.testing.assert_allclose(pair.moment, [0.6, -0.3, 1.2])
    far = np.array([1 + 4e6, 3e6, 1e6])
    dipole = Dipole(pair.moment, pair.position)
    np.testing.assert_allclose(pair.B(far), dipole.B(far), rtol=1e-12)
    np.testing.assert_allclose(pair.grad_B(far), dipole.grad_B(far), rtol=1e-12)
    # Between the poles H opposes m; inside a loop B goes with it: the two models of one moment.
    assert (
        pair.H(pair.position) @ pair.moment
        < 0
        < CircularLoop.from_moment(0.2, pair.moment).B([0, 0, 0]) @ pair.moment
    )


def test_four_poles_make_a_quadrupole():
    corners = [(1, [1, 0, 0]), (-1, [0, 1, 0]), (1, [-1, 0, 0]), (-1, [0, -1, 0])]
    quadrupole = Collection([Pole(p, position) for p, position in corners])
    near, far = np.linalg.norm(quadrupole.B([[30, 10, 0], [60, 20, 0]]), axis=1)
    assert near / far == pytest.approx(16.0, rel=0.02)


def test_collection_sums_and_moves_its_members():
    members = [Dipole([1, 0, 0]), CircularLoop(0.3, 2.0, [0, 1, 0]), UniformField([0, 0, 1e-3])]
    points = np.random.default_rng(1).normal(size=(10, 3))
    np.testing.assert_allclose(Collection(members).B(points), sum(m.B(points) for m in members), rtol=1e-13)
    np.testing.assert_allclose(Collection(members).A(points), sum(m.A(points) for m in members), rtol=1e-12)
    nested = Collection([Collection(members[:2]), members[2]])
    np.testing.assert_allclose(nested.grad_B(points), Collection(members).grad_B(points), rtol=1e-13)
    with pytest.raises(ValueError, match="UniformField has no moment"):
        Collection(members).moment


def test_open_polyline_has_a_field_but_no_moment():
    wire = Polyline([[0, 0, -1e6], [0, 0, 1e6]], 1.0)
    assert wire.B([0.1, 0, 0])[1] == pytest.approx(float(mu_0) / (2 * math.pi * 0.1), rel=1e-12)
    with pytest.raises(ValueError, match="moment needs a closed Polyline, got an open one"):
        wire.moment


REFUSED = [
    (lambda: CircularLoop(-0.1, 1.0), "radius must be positive, got -0.1"),
    (lambda: CircularLoop(0.0, 1.0), "radius must be positive, got 0"),
    (lambda: CircularLoop("5 cm", 1.0), "radius must be a number, got '5 cm'"),
    (
        lambda: CircularLoop(1.0, 1.0, orientation=[0, 0, 1]),
        "orientation must be a single scipy Rotation or None",
    ),
    (lambda: CircularLoop.from_moment(0.1, [0, 0, 0]), "moment must not be zero"),
    (lambda: Dipole([1, 2]), r"moment must be a vector of 3 numbers, got shape \(2,\)"),
    (lambda: Dipole([1, 2, np.inf]), "moment must be finite"),
    (
        lambda: Dipoles(np.ones((2, 3)), np.ones((3, 3))),
        "moments and positions must have the same length, got 2 and 3",
    ),
    (lambda: Dipoles([], []), r"moments must have shape \(n, 3\), got shape \(0,\)"),
    (lambda: PolePair(1.0, [0, 0, 0]), "separation must not be zero"),
    (lambda: Polyline([[0, 0, 0]], 1.0), "vertices must hold at least 2 vectors, got 1"),
    (
        lambda: Polyline([[0, 0, 0], [0, 0, 0]], 1.0),
        "vertices must differ from their neighbours, got 0 and 1 equal",
    ),
    (
        lambda: Polyline([[0, 0, 0], [1, 0, 0]], 1.0, closed=True),
        "vertices of a closed polyline must be at least 3",
    ),
    (lambda: CurveLoop(lambda t: np.stack([t, t, t], -1), 1.0), "curve must be smooth and closed"),
    (lambda: CurveLoop(lambda t: [1.0, 2.0], 1.0), "curve must return 3 finite coordinates"),
    (
        lambda: CurveLoop(lambda t: [np.cos(t), np.sin(t), np.inf], 1.0),
        "curve must return 3 finite coordinates",
    ),
    (
        lambda: CurveLoop(np.random.default_rng(0).normal(size=(40, 3)), 1.0),
        "whose Fourier series does not decay",
    ),
    (lambda: CurveLoop(np.ones((16, 3)), 1.0), "curve must not be a single point"),
    (lambda: Collection([]), "sources must hold at least one source, got none"),
    (lambda: Collection([Dipole([0, 0, 1]), 3]), r"sources\[1\] must be a source, got int"),
    (lambda: Dipole([0, 0, 1]).B([1, 2]), r"points must have shape \(..., 3\), got shape \(2,\)"),
    (lambda: Dipole([0, 0, 1]).rotated([0, 0, 1]), "rotation must be a single scipy Rotation"),
    (lambda: Dipole([0, 0, 1]).translated(3.0), "vector must be a vector of 3 numbers"),
]


@pytest.mark.parametrize(("build", "message"), REFUSED, ids=range(len(REFUSED)))
def test_refused(build, message):
    with pytest.raises(ValueError, match=message) as caught:
        build()
    assert "\n" not in str(caught.value)
