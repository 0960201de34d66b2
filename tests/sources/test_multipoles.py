"""Multipole moments of every source, moved and summed, and how far off the dipole is enough."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

import magneton.interactions as interactions
from magneton.constants import mu_0
from magneton.sources import (
    CircularLoop,
    Collection,
    Cuboid,
    Dipole,
    Dipoles,
    GaussCoefficients,
    Multipole,
    NotDefined,
    Pole,
    PoleDensity,
    PolePair,
    Polyline,
    Sphere,
    UniformField,
    dipole_range,
    sample_sources,
)
from magneton.sources.expansion import legendre
from magneton.sources.far_dipole import _Error
from magneton.sources.multipoles import extent_about, multipoles

rng = np.random.default_rng(44)
#: What has multipoles: a field of sources at a finite distance that is free of curl outside them.
NONE = ("UniformField", "CurrentDensity", "MovingCharges")
SOURCES = [s for s in sample_sources() if type(s).__name__ not in NONE]
IDS = [f"{type(s).__name__}-{i}" for i, s in enumerate(SOURCES)]


def around(source, moments, factor):
    """Return points `factor` times as far from the centre as the source reaches."""
    directions = rng.normal(size=(40, 3))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    reach = extent_about(source, moments.position) or getattr(source, "radius", 1.0)
    return moments.position + factor * reach * directions


def worst(ours, theirs):
    axes = tuple(range(1, ours.ndim))
    return np.max(np.sqrt(np.sum((ours - theirs) ** 2, axis=axes) / np.sum(theirs**2, axis=axes)))


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_the_multipoles_make_the_field_of_the_source_outside_it(source):
    moments = multipoles(source, 20)
    points = around(source, moments, 8.0)
    # 8^-19 of the terms left out is 1e-17; sums that nearly cancel (the quadrupole of poles) lose as much as they do.
    members = getattr(source, "sources", (source,))
    size = sum(np.linalg.norm(member.B(points), axis=1) for member in members)
    error = np.linalg.norm(moments.B(points) - source.B(points), axis=1) / size
    assert error.max() <= 1e-12
    size = sum(np.linalg.norm(member.grad_B(points), axis=(1, 2)) for member in members)
    assert np.max(np.linalg.norm(moments.grad_B(points) - source.grad_B(points), axis=(1, 2)) / size) <= 1e-12


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_degree_one_is_the_moment_and_degree_zero_the_pole_strength(source):
    moments = multipoles(source, 3)
    if isinstance(source, Pole):
        assert moments.monopole == source.pole_strength
    elif isinstance(source, PoleDensity):
        total = np.sum(source.density) * np.prod(source.edges)
        assert moments.monopole == pytest.approx(
            total, abs=1e-13 * np.abs(source.density).sum() * np.prod(source.edges)
        )
    else:
        assert abs(moments.monopole) <= (0.0 if hasattr(source, "A") else 1e-14 * 4.0)
    if hasattr(source, "moment"):
        assert np.linalg.norm(moments.moment - source.moment) <= 3e-14 * max(
            np.linalg.norm(source.moment), np.linalg.norm(moments.error[1])
        )


def test_closed_forms_of_points_are_exact():
    # Quadrupole and octupole of two poles: sum p (3 z^2 - r^2) and the like, by hand.
    pair = PolePair(2.0, (0.0, 0.0, 0.5))
    moments = multipoles(pair, 3)
    np.testing.assert_allclose(moments.moment, [0, 0, 1.0], atol=1e-16)
    assert not np.any(moments.quadrupole)
    # sum p z^3 for degree 3 on the axis: 2 (1/4)^3 2
    assert moments.octupole[0].tolist() == [pytest.approx(2 * 2 * 0.25**3, rel=1e-15), 0, 0, 0]
    off = multipoles(Pole(3.0, (0.1, -0.2, 0.4)), 2, centre=[0, 0, 0])
    x = np.array([0.1, -0.2, 0.4])
    np.testing.assert_allclose(off.moment, 3 * x, rtol=1e-15)
    np.testing.assert_allclose(off.quadrupole, 3 * (3 * np.outer(x, x) - x @ x * np.eye(3)), rtol=1e-14)


def test_the_quadrupole_is_what_it_says():
    moments = multipoles(Dipoles(rng.normal(size=(4, 3)), rng.normal(size=(4, 3))), 2, centre=[0, 0, 0])
    r = np.array([3.0, -1.0, 2.0])
    expected = r @ moments.quadrupole @ r / (8 * np.pi * np.linalg.norm(r) ** 5)
    assert moments.part(2).scalar_potential(r) == pytest.approx(expected, rel=1e-14)
    assert abs(np.trace(moments.quadrupole)) <= 1e-15 * np.abs(moments.quadrupole).max()
    np.testing.assert_array_equal(moments.quadrupole, moments.quadrupole.T)


def test_a_loop_by_hand():
    # psi on the axis of a loop, I/2 (1 - z/sqrt(z^2 + a^2)) = I (a^2/4 z^2 - 3 a^4/16 z^4 + 5 a^6/32 z^6 ...)
    current, a = 2.0, 0.7
    g, h = multipoles(CircularLoop(a, current), 6).coefficients
    exact = {1: current * a**2 / 4, 3: -3 * current * a**4 / 16, 5: 5 * current * a**6 / 32}
    for degree, value in exact.items():
        assert g[degree, 0] == pytest.approx(4 * np.pi * value, rel=3e-14)
    others = g.copy()
    others[[1, 3, 5], 0] = 0.0
    scale = g[1, 0] * (1.5 * a) ** np.maximum(np.arange(7) - 1, 0)[:, None]
    assert np.all(np.abs(others) <= 1e-14 * scale)
    assert np.all(np.abs(h) <= 1e-14 * scale)


@pytest.mark.parametrize(
    "source",
    [CircularLoop(1.0, 2.0, (0.3, 0.1, 0.2)), Cuboid((0.3, 0.4, 0.2), magnetization=(1.0, -0.5, 2.0))],
    ids=["loop", "cuboid"],
)
def test_moved_moments_are_those_about_the_new_centre(source):
    centre = np.array([0.2, -0.1, 0.15])
    moved, anew = multipoles(source, 12).shifted(centre), multipoles(source, 12, centre)
    assert np.array_equal(moved.position, centre)
    difference = np.abs(moved.coefficients - anew.coefficients).max(axis=(0, 2))
    assert np.all(difference <= 2 * anew.error)
    back = moved.shifted(source.position)
    start = multipoles(source, 12)
    difference = np.abs(back.coefficients - start.coefficients).max(axis=(0, 2))
    assert np.all(difference <= 5 * start.error)


def test_a_moved_dipole_is_the_closed_form_and_the_moment_never_changes():
    here = multipoles(Dipole([1.0, 2.0, -3.0], [0.3, -0.4, 0.5]), 10)
    there = here.shifted([0, 0, 0])
    closed = multipoles(Dipole([1.0, 2.0, -3.0], [0.3, -0.4, 0.5]), 10, centre=[0, 0, 0])
    np.testing.assert_allclose(there.coefficients, closed.coefficients, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(there.moment, here.moment, rtol=1e-15)
    assert here.quadrupole.any() == np.False_
    assert there.quadrupole.any()


def test_moments_in_turned_axes():
    turn = Rotation.from_rotvec([0.5, 0.2, -0.9])
    loop = CircularLoop(1.0, 2.0, (0.3, 0.1, 0.2))
    moments = multipoles(loop, 10, centre=[0, 0, 0])
    turned = moments.rotated(turn)
    anew = multipoles(loop.rotated(turn), 10, centre=[0, 0, 0])
    matrix = turn.as_matrix()
    scale = np.abs(anew.quadrupole).max()
    np.testing.assert_allclose(turned.moment, anew.moment, rtol=1e-13)
    np.testing.assert_allclose(turned.quadrupole, anew.quadrupole, atol=1e-13 * scale)
    np.testing.assert_allclose(turned.quadrupole, matrix @ moments.quadrupole @ matrix.T, atol=1e-14 * scale)
    # Asked for its multipoles, a turned one gives them in global axes.
    again = multipoles(turned, 10)
    difference = np.abs(again.coefficients - anew.coefficients).max(axis=(0, 2))
    assert np.all(difference <= 2 * (anew.error + again.error))
    points = 40.0 * np.eye(3)  # far enough for ten degrees about either centre
    assert worst(turned.shifted([0.1, 0.2, 0.3]).B(points), anew.B(points)) <= 1e-13


def test_a_planets_moments_are_its_coefficients():
    body = GaussCoefficients([[0, 0, 0], [-3e-5, 1e-6, 0], [1e-6, 2e-6, 3e-6]], np.zeros((3, 3)), 6.4e6)
    moments = multipoles(body, 4)
    unit = 4 * np.pi / float(mu_0) * 6.4e6 ** (np.arange(3) + 2.0)
    np.testing.assert_allclose(moments.coefficients[0, :3, :3], body.g * unit[:, None], rtol=1e-15)
    assert not np.any(moments.coefficients[:, 3:])
    np.testing.assert_allclose(moments.moment, body.moment, rtol=1e-15)


def test_sizes_from_nanometres_to_planets():
    plain = multipoles(CircularLoop(1.0, 1.0), 12)
    for power in (-30, 30):
        scale = 2.0**power
        scaled = multipoles(CircularLoop(scale, 1.0), 12)
        powers = scale ** (np.arange(13.0) + 1)
        assert np.array_equal(scaled.coefficients, plain.coefficients * powers[:, None])
        points = 7.0 * np.eye(3)
        assert np.array_equal(scaled.B(points * scale) * scale, plain.B(points))


def test_the_error_bounds_what_is_off():
    loop = CircularLoop.from_moment(0.3, (1.0, -2.0, 0.5), (0.2, 0.1, 0.0))
    moments = multipoles(loop, 16, centre=[0.1, 0.0, 0.1])
    finer = multipoles(loop, 16).shifted([0.1, 0.0, 0.1])
    assert np.all(np.abs(moments.coefficients - finer.coefficients).max(axis=(0, 2)) <= 2 * moments.error)
    size = np.linalg.norm(loop.moment) * (1.5 * extent_about(loop, moments.position)) ** np.arange(-1.0, 16.0)
    assert np.all(moments.error <= 4e-13 * size * (np.arange(17) + 2))


def test_parts_and_truncations():
    moments = multipoles(CircularLoop(1.0, 2.0, (0.3, 0.1, 0.2)), 6, centre=[0, 0, 0])
    points = 4.0 * np.eye(3)
    total = sum(moments.part(degree).B(points) for degree in range(7))
    assert worst(total, moments.B(points)) <= 1e-15
    assert worst(moments.part(1).B(points), Dipole(moments.moment).B(points)) <= 1e-15
    assert moments.truncated(2).order == 2
    assert len(moments.truncated(2).error) == 3


def test_order_zero_of_a_pole_is_the_pole():
    pole = Pole(2.0, (0.1, 0.2, 0.3))
    points = 3.0 * np.eye(3)
    assert worst(multipoles(pole, 0).B(points), pole.B(points)) <= 1e-15
    assert multipoles(Dipole([0, 0, 1.0]), 0).moment.tolist() == [0.0, 0.0, 0.0]


def test_a_monopole_has_no_vector_potential():
    assert not hasattr(multipoles(Pole(1.0), 2), "A")
    with pytest.raises(NotDefined, match="Multipole has no A: the flux of its monopole"):
        multipoles(Pole(1.0), 2).A
    assert hasattr(multipoles(Dipole([0, 0, 1.0]), 2), "A")


def test_what_has_no_multipoles_says_why():
    corner = Polyline([[0, 0, 0], [1, 0, 0], [1, 1, 0]], 1.0, closed=False)
    for source, message in [
        (UniformField([0, 0, 1.0]), "its sources are at infinity"),
        (corner, "Polyline has no multipoles: its field has a curl outside it"),
    ]:
        with pytest.raises(ValueError, match=message):
            multipoles(source, 2)
    for order, message in [
        (-1, "whole number, 0 or more"),
        (81, "at most 80"),
        (2.5, "whole"),
        (True, "whole"),
    ]:
        with pytest.raises(ValueError, match=f"order must be .*{message}"):
            multipoles(Dipole([0, 0, 1.0]), order)
    for bad, message in [
        (np.zeros((3, 3)), r"shape \(2, L \+ 1"),
        ([[[0, 1.0], [0, 0]]] * 2, "must be 0 for m > n"),
    ]:
        with pytest.raises(ValueError, match=message):
            Multipole(bad)


def test_schmidts_functions_are_normalised():
    nodes, weights = np.polynomial.legendre.leggauss(40)
    table = legendre(12, nodes)
    for m in range(13):
        overlap = np.einsum("it,jt,t->ij", table[m:, m], table[m:, m], weights)
        # Over the sphere 4 pi/(2 l + 1): 2 pi (m = 0) or pi times the integral over cos(theta).
        expected = np.diag((2.0 if m == 0 else 4.0) / (2 * np.arange(m, 13) + 1))
        np.testing.assert_allclose(overlap, expected, atol=1e-14)


# --- how far off a dipole is enough ---


@pytest.mark.parametrize("rtol", [0.1, 1e-2, 1e-4, 1e-8, 1e-12])
def test_the_range_of_a_loop_is_that_on_its_axis(rtol):
    # B on the axis is the dipole's over (1 + a^2/z^2)^(3/2), and nowhere is the error greater.
    exact = 0.3 / np.sqrt(np.expm1(2.0 / 3.0 * np.log1p(rtol)))
    assert dipole_range(CircularLoop(0.3, 5.0), rtol) == pytest.approx(exact, rel=1e-8)


def test_beyond_the_range_the_dipole_is_as_good_as_asked_and_before_it_is_not():
    box = Cuboid((0.3, 0.4, 0.2), magnetization=(1.0, -0.5, 2.0))
    reach = dipole_range(box, 1e-3)
    dipole = Dipole(box.moment)
    directions = rng.normal(size=(20000, 3))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    worst_at = {}
    for factor in (0.99, 1.0, 1.01, 2.0, 10.0):
        points = factor * reach * directions
        worst_at[factor] = worst(dipole.B(points), box.B(points))
    assert worst_at[0.99] > 1e-3
    assert worst_at[1.0] == pytest.approx(1e-3, rel=1e-3)
    assert worst_at[1.0] <= 1e-3 * (1 + 1e-7)
    assert max(worst_at[1.01], worst_at[2.0], worst_at[10.0]) < 1e-3


def test_series_and_difference_of_fields_agree():
    error = _Error(Cuboid((0.3, 0.4, 0.2), magnetization=(1.0, -0.5, 2.0)), np.zeros(3))
    near, far = 3.9999 * error.extent, 4.0001 * error.extent
    assert error.worst(near) == pytest.approx(error.worst(far) * (far / near) ** 2, rel=1e-4)


def test_the_range_about_another_centre():
    # A dipole off its centre: to first order the error is that of the gradient, so the range goes with 1/rtol.
    reach = [dipole_range(Dipole([0, 0, 1.0], [0, 0, 0.1]), rtol, centre=[0, 0, 0]) for rtol in (1e-4, 1e-5)]
    assert reach[1] / reach[0] == pytest.approx(10.0, rel=1e-3)
    assert reach[1] == pytest.approx(0.1 * 3.0 / 1e-5, rel=0.25)


def test_ranges_that_are_none():
    assert dipole_range(Dipole([0, 0, 1.0], [1.0, 2.0, 3.0]), 1e-6) == 0.0
    # A uniformly magnetized ball is a dipole: what the quadrature leaves of higher degrees is known to be rounding.
    assert dipole_range(Sphere(0.4, magnetization=(1.0, -0.5, 2.0)), 1e-20) == 0.4
    quadrupole = Collection([Dipole([0, 0, 1.0], [0, 0, 0.1]), Dipole([0, 0, -1.0], [0, 0, -0.1])])
    with pytest.raises(NotDefined, match="the dipole moment is zero"):
        dipole_range(quadrupole, 0.1)
    with pytest.raises(NotDefined, match="a monopole outlasts the dipole"):
        dipole_range(Pole(1.0), 0.1)
    with pytest.raises(ValueError, match="rtol must lie between 0 and 1"):
        dipole_range(CircularLoop(1.0, 1.0), 0.0)


def test_the_force_between_two_coils_by_their_multipoles():
    # [YungLandeckerVillani1998]_ Table I, case I: coaxial coils of 100 A m^2 and 10 cm, 1 m apart: -0.0057126 N
    # where the formula for dipoles gives -0.006.
    coil = CircularLoop.from_moment(0.1, [100.0, 0, 0])
    other = CircularLoop.from_moment(0.1, [100.0, 0, 0], [1.0, 0, 0])
    series = multipoles(coil, 24)
    exact = interactions.force(coil, other)
    assert exact[0] == pytest.approx(-0.0057126, abs=5.1e-8)
    assert interactions.force(series, other)[0] == pytest.approx(exact[0], rel=1e-9)
    # Both coils but for their dipoles: 1 - 0.0057126/0.006 = 4.8 percent, a half of it from each.
    formula = -6e-7 * 100.0**2 * float(mu_0) / (4e-7 * np.pi)
    assert exact[0] / formula == pytest.approx(0.9521, abs=1e-4)
    half = interactions.force(series.part(1), other)[0]
    assert half / formula == pytest.approx(0.976, abs=1e-3)
