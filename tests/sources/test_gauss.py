"""Gauss coefficients as a source: what the coefficients mean, and what follows from them."""

import numpy as np
import pint
import pytest
from scipy.spatial.transform import Rotation

from magneton.constants import mu_0
from magneton.sources import Collection, Dipole, GaussCoefficients, NotDefined
from magneton.sources.multipoles import multipoles

rng = np.random.default_rng(1987)
A = 6371200.0


def made_up(degree=4, seed=1, **others):
    draw = np.random.default_rng(seed)
    fall = 3e-5 * 2.0 ** -np.arange(degree + 1)[:, None]
    g = np.tril(draw.normal(size=(degree + 1, degree + 1)) * fall)
    h = np.tril(draw.normal(size=(degree + 1, degree + 1)) * fall)
    g[0, 0] = 0.0
    h[:, 0] = 0.0
    return GaussCoefficients(g, h, A, **others)


def points(count=50, low=1.0, high=4.0):
    directions = rng.normal(size=(count, 3))
    return A * rng.uniform(low, high, (count, 1)) * directions / np.linalg.norm(directions, axis=1)[:, None]


def test_degree_one_is_a_dipole_of_the_moment():
    body = made_up().truncated(1)
    dipole = Dipole(body.moment)
    p = points()
    for quantity in ("B", "H", "A", "grad_B", "scalar_potential"):
        ours, theirs = getattr(body, quantity)(p), getattr(dipole, quantity)(p)
        assert np.abs(ours - theirs).max() <= 1e-14 * np.abs(theirs).max()


def test_the_moment_is_that_of_g11_h11_g10():
    g, h = np.zeros((2, 2)), np.zeros((2, 2))
    g[1, 1], h[1, 1], g[1, 0] = 1e-6, 2e-6, -3e-5
    body = GaussCoefficients(g, h, A)
    scale = 4 * np.pi * A**3 / float(mu_0)
    np.testing.assert_allclose(body.moment, scale * np.array([1e-6, 2e-6, -3e-5]), rtol=1e-15)
    assert body.polarity == -1
    assert body.tilt == pytest.approx(np.degrees(np.arctan(np.sqrt(5.0) / 30.0)), rel=1e-14)
    # The moment points south, so the northern pole lies opposite to it.
    north = -body.moment / np.linalg.norm(body.moment)
    latitude, longitude = np.radians(body.pole)
    by_angles = [np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)]
    np.testing.assert_allclose(by_angles, north, rtol=1e-14)


def test_tilt_and_pole_do_not_see_the_polarity():
    body = made_up()
    reversed_ = GaussCoefficients(-body.g, -body.h, A)
    assert reversed_.polarity == -body.polarity != 0
    assert reversed_.tilt == body.tilt
    assert reversed_.pole == body.pole
    np.testing.assert_array_equal(reversed_.eccentric_offset, body.eccentric_offset)


def test_dipoles_on_the_axis_and_in_the_equator():
    zonal = GaussCoefficients([[0, 0], [-3e-5, 0]], np.zeros((2, 2)), A)
    assert (zonal.tilt, zonal.pole, zonal.polarity) == (0.0, (90.0, 0.0), -1)
    lying = GaussCoefficients([[0, 0], [0, 1e-5]], [[0, 0], [0, 1e-5]], A)
    assert lying.tilt == 90.0
    assert lying.polarity == 0
    assert lying.pole == (0.0, pytest.approx(45.0))


def test_a_zero_dipole_has_no_tilt():
    g = np.zeros((3, 3))
    g[2, 0] = 1e-5
    body = GaussCoefficients(g, np.zeros((3, 3)), A)
    for name in ("tilt", "pole", "polarity", "eccentric_offset"):
        with pytest.raises(NotDefined, match=f"has no {name}: its dipole is zero"):
            getattr(body, name)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_eccentric_offset_takes_the_dipole_out_of_the_quadrupole(seed):
    body = made_up(seed=seed)
    about = multipoles(body, 2).shifted(body.eccentric_offset)
    q, m = about.quadrupole, about.moment
    assert np.linalg.norm(q @ m) <= 1e-14 * np.linalg.norm(multipoles(body, 2).quadrupole) * np.linalg.norm(m)

    # Nor is there a centre near it with less of a quadrupole.
    def size(centre):
        return np.sum(multipoles(body, 2).shifted(centre).quadrupole ** 2)

    least = size(body.eccentric_offset)
    for step in 1e4 * np.concatenate([np.eye(3), -np.eye(3)]):
        assert size(body.eccentric_offset + step) > least


def test_a_displaced_dipole_has_its_offset_where_it_was_put():
    place = np.array([2e5, -1e5, 3e5])
    moments = multipoles(Dipole([1e22, 2e22, -7e22], place), 3, centre=[0, 0, 0])
    unit = 4 * np.pi / float(mu_0) * A ** (np.arange(4.0) + 2)[:, None]
    body = GaussCoefficients(*(moments.coefficients / unit), A)
    np.testing.assert_allclose(body.eccentric_offset, place, rtol=1e-13)


def test_a_placed_and_turned_body():
    turn = Rotation.from_rotvec([0.3, -0.8, 0.4])
    body = made_up(position=[1e8, 2e8, -3e8], orientation=turn)
    plain = made_up()
    p = points()
    moved = turn.apply(p) + np.array([1e8, 2e8, -3e8])
    np.testing.assert_allclose(body.B(moved), turn.apply(plain.B(p)), atol=1e-12 * np.abs(plain.B(p)).max())
    np.testing.assert_allclose(body.moment, turn.apply(plain.moment), rtol=1e-13)
    assert body.pole == plain.pole  # in its own axes
    np.testing.assert_allclose(body.eccentric_offset, turn.apply(plain.eccentric_offset), rtol=1e-13)
    np.testing.assert_allclose(
        body.elements(50.0, 8.0).declination, plain.elements(50.0, 8.0).declination, rtol=1e-10
    )
    assert np.array_equal(body.truncated(2).position, body.position)


def test_truncation_keeps_the_lower_degrees_and_the_parts_add_up():
    body = made_up(6)
    p = points()
    high = GaussCoefficients(body.g * (np.arange(7) > 3)[:, None], body.h * (np.arange(7) > 3)[:, None], A)
    assert body.truncated(3).degree == 3
    total = Collection([body.truncated(3), high]).B(p)
    np.testing.assert_allclose(total, body.B(p), atol=1e-15 * np.abs(total).max() * 10)
    with pytest.raises(ValueError, match="degree must be a whole number, 1 or more, got 0"):
        body.truncated(0)


def test_the_power_spectrum_is_the_mean_square_of_B_over_the_sphere():
    body = made_up()
    nodes, weights = np.polynomial.legendre.leggauss(12)
    angle = 2 * np.pi * np.arange(24) / 24
    sine = np.sqrt(1 - nodes**2)[:, None]
    sphere = np.stack([sine * np.cos(angle), sine * np.sin(angle), nodes[:, None] + 0 * angle], axis=-1)
    mean = np.sum(weights[:, None] * np.sum(body.B(A * sphere) ** 2, axis=-1)) / 48
    assert np.sum(body.power_spectrum) == pytest.approx(mean, rel=1e-13)
    assert body.power_spectrum[0] == 0.0


def test_secular_variation_is_linear():
    rate = made_up(seed=9)
    body = made_up(epoch=2020.0, g_rate=1e-3 * rate.g, h_rate=1e-3 * rate.h)
    p = points()
    later = body.at(2022.5)
    assert later.epoch == 2022.5
    change = later.B(p) - body.B(p)
    np.testing.assert_allclose(change, 2.5 * body.secular_variation.B(p), atol=1e-18)
    np.testing.assert_array_equal(body.at("2022-07-02T12:00").g, later.g)
    np.testing.assert_allclose(later.at(2020.0).g, body.g, rtol=1e-13, atol=1e-20)
    with pytest.raises(NotDefined, match="it needs epoch, g_rate and h_rate"):
        made_up().at(2020.0)


def test_nanotesla_and_quantities_at_the_door():
    ureg = pint.UnitRegistry()
    g, h = [[0.0, 0.0], [-29350.0, -1410.3]], [[0.0, 0.0], [0.0, 4545.5]]
    plain = GaussCoefficients.from_nT(g, h, A)
    assert plain.g[1, 0] == -29350e-9
    by_unit = GaussCoefficients(np.array(g) * ureg.nanotesla, np.array(h) * ureg.nanotesla, 6371.2 * ureg.km)
    np.testing.assert_allclose(by_unit.moment, plain.moment, rtol=1e-15)
    rated = GaussCoefficients.from_nT(
        g, h, A, epoch=2025.0, g_rate=[[0, 0], [10.0, 0]], h_rate=np.zeros((2, 2))
    )
    assert rated.at(2026.0).g[1, 0] == pytest.approx(-29340e-9, rel=1e-15)


def test_what_is_wrong_is_said():
    good = np.zeros((3, 3))
    for g, h, message in [
        ([[0, 0], [0, 0, 1]], good, "g must be an array of shape"),
        (np.zeros((2, 3)), good, r"g must have shape \(N \+ 1, N \+ 1\), got shape \(2, 3\)"),
        (good, np.zeros((2, 2)), r"h must have the shape of g, \(3, 3\), got shape \(2, 2\)"),
        ([[0, 0], [1e-5, 0]], [[0, 0], [1e-6, 0]], r"h\[n, 0\] must be 0, got 1e-06 at n = 1: .*shifted"),
        ([[0, 1.0], [1e-5, 0]], np.zeros((2, 2)), r"g\[n, m\] must be 0 for m > n, got 1 at n = 0, m = 1"),
        (
            [[2.0, 0], [1e-5, 0]],
            np.zeros((2, 2)),
            r"g\[0, 0\] must be 0, got 2: that would be a magnetic pole",
        ),
        ([[0.0]], [[0.0]], "g must go to degree 1 at least"),
    ]:
        with pytest.raises(ValueError, match=message):
            GaussCoefficients(g, h, A)
    with pytest.raises(ValueError, match="radius must be positive, got -1"):
        GaussCoefficients(good, good, -1.0)
    with pytest.raises(ValueError, match="g_rate and h_rate must be given together"):
        GaussCoefficients(good, good, 1.0, g_rate=good)
