"""The Earth by IGRF-14 and the planets: published numbers, dates, and the packaged tables themselves."""

import datetime
import pickle

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton.sources.base import NotDefined
from magneton.sources.dates import decimal_year
from magneton.sources.planets import _igrf, _rows, _tables, earth, planet, planet_sources

rng = np.random.default_rng(2025)


def test_the_earths_moment_as_published():
    # With a = 6371.2 km; the pole of 2025 as the World Data Center in Kyoto and NOAA give it for IGRF-14.
    assert np.linalg.norm(earth(2020).moment) == pytest.approx(7.70812e22, rel=1e-6)
    assert np.linalg.norm(earth(1950).moment) == pytest.approx(8.06476e22, rel=1e-6)
    field = earth("2025-01-01")
    latitude, longitude = field.pole
    assert latitude == pytest.approx(80.789, abs=5e-4)
    assert longitude == pytest.approx(-72.763, abs=5e-4)
    assert field.tilt == pytest.approx(90.0 - latitude, abs=1e-12)
    assert field.polarity == -1
    assert field.moment[2] < 0


def test_geomagnetic_poles_of_the_definitive_epochs():
    # Woods Hole's list of centred dipole poles (DGRF), two decimals, some of them cut off.
    for year, latitude, longitude in [(1980, 78.81, -70.76), (1990, 79.14, -71.12), (2000, 79.54, -71.57)]:
        assert earth(year).pole == (pytest.approx(latitude, abs=0.01), pytest.approx(longitude, abs=0.01))


def test_the_eccentric_dipole_of_1980():
    # [FraserSmith1987]_: (-385.4, 247.5, 170.2) km, 488.6 km from the centre.
    offset = earth(1980).eccentric_offset / 1e3
    np.testing.assert_allclose(offset, [-385.4, 247.5, 170.2], atol=0.051)
    assert np.linalg.norm(offset) == pytest.approx(488.6, abs=0.051)


def test_coefficients_as_printed():
    # [IGRF14]_, 2025: nT.
    field = earth(2025)
    printed = {("g", 1, 0): -29350.0, ("g", 1, 1): -1410.3, ("h", 1, 1): 4545.5, ("g", 2, 0): -2556.2}
    for (kind, n, m), value in printed.items():
        assert getattr(field, kind)[n, m] == pytest.approx(value * 1e-9, rel=1e-14)
    assert earth(1900).g[1, 0] == pytest.approx(-31543e-9, rel=1e-14)
    assert earth(1900).h[1, 1] == pytest.approx(5922e-9, rel=1e-14)


def reference(date, places):
    """Return B (T) by ppigrf at geocentric Cartesian places."""
    ppigrf = pytest.importorskip("ppigrf")
    radius = np.linalg.norm(places, axis=1)
    theta, phi = np.arccos(places[:, 2] / radius), np.arctan2(places[:, 1], places[:, 0])
    out, south, along = (
        part[0][:, None] for part in ppigrf.igrf_gc(radius / 1e3, np.degrees(theta), np.degrees(phi), date)
    )
    st, ct, sp, cp = np.sin(theta), np.cos(theta), np.sin(phi), np.cos(phi)
    e_out = np.stack([st * cp, st * sp, ct], axis=1)
    e_south = np.stack([ct * cp, ct * sp, -st], axis=1)
    e_east = np.stack([-sp, cp, 0 * phi], axis=1)
    return 1e-9 * (out * e_out + south * e_south + along * e_east)


@pytest.mark.parametrize("year", [1900, 1965, 2000, 2025, 2030])
def test_against_another_implementation(year):
    directions = rng.normal(size=(200, 3))
    places = 6.4e6 * rng.uniform(1, 3, (200, 1)) * directions / np.linalg.norm(directions, axis=1)[:, None]
    theirs = reference(datetime.datetime(year, 1, 1), places)
    ours = earth(year).B(places)
    error = np.linalg.norm(ours - theirs, axis=1) / np.linalg.norm(theirs, axis=1)
    # Its table has coefficients of 2030 where ours has a rate, each to the digits printed.
    assert error.max() <= 1e-12


def test_elements_at_a_place_by_hand():
    # Berlin in 2025: some 50 microtesla, steeply down, declination a few degrees east.
    here = earth(2025).elements(52.5, 13.4)
    assert here.intensity == pytest.approx(50.0e-6, rel=0.01)
    assert 66.0 < here.inclination < 69.0
    assert 4.0 < here.declination < 6.0
    assert here.north**2 + here.east**2 + here.down**2 == pytest.approx(here.intensity**2, rel=1e-14)
    grid = earth(2025).elements(np.linspace(-90, 90, 7)[:, None], np.linspace(-180, 180, 9), 4e5)
    assert grid.intensity.shape == (7, 9)
    assert np.all(np.isfinite(grid.declination))
    assert np.ptp(grid.intensity[0]) <= 1e-15 * grid.intensity[0, 0] * 10  # one point: the pole


def test_time_is_linear_between_epochs_and_continuous_at_them():
    a, b, middle = earth(2015), earth(2020), earth(2017.5)
    np.testing.assert_allclose(middle.g, 0.5 * (a.g + b.g), atol=1e-20)
    np.testing.assert_allclose(earth(2019.9999999).g, b.g, rtol=1e-6, atol=1e-15)
    assert earth(2027).at(2029).g[1, 0] == pytest.approx(earth(2029).g[1, 0], rel=1e-14)
    # After 2025 the change is as predicted: g10 12.6 nT a year.
    assert earth(2026).g[1, 0] - earth(2025).g[1, 0] == pytest.approx(12.6e-9, rel=1e-6)


def test_degrees():
    assert earth(1950).degree == 13
    assert not np.any(earth(1950).g[11:])
    assert np.any(earth(2000).g[13])
    assert earth(2025, degree=1).degree == 1


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("2025-01-01", 2025.0),
        ("2024-07-02", 2024.5),  # a leap year: 183 days of 366
        ("2025-07-02T12:00", 2025.5),
        ("2025-07-02T12:00:00Z", 2025.5),
        ("2025-07-02T14:00:00+02:00", 2025.5),
        (datetime.date(2024, 7, 2), 2024.5),
        (datetime.datetime(2025, 7, 2, 12), 2025.5),
        (np.datetime64("2025-07-02T12:00"), 2025.5),
        (np.datetime64("2025-01-01"), 2025.0),
        ("2025", 2025.0),
        (2025.25, 2025.25),
        (2020, 2020.0),
    ],
)
def test_dates(date, year):
    assert decimal_year(date) == year
    assert earth(date).epoch == year
    assert earth(1950).at(date).epoch == year


@pytest.mark.parametrize(
    ("date", "message"),
    [
        ("1899-12-31", "date must lie between 1900 and 2030 for IGRF-14, got '1899-12-31'"),
        (2030.01, "date must lie between 1900 and 2030 for IGRF-14, got 2030.01"),
        ("yesterday", "date must be ISO 8601 text such as '2025-07-02' or '2025', got 'yesterday'"),
        ("202", "date must be ISO 8601 text"),
        ("20255", "date must be ISO 8601 text"),
        (True, "date must be a number, got True"),
        (None, "date must be"),
        (float("nan"), "date must be finite"),
    ],
)
def test_dates_that_are_none(date, message):
    with pytest.raises(ValueError, match=message):
        earth(date)
    with pytest.raises(ValueError, match=message):
        earth(2025).at(date)


def test_at_is_the_model_wherever_it_starts_in_its_frame_and_to_its_degree():
    turn, place = Rotation.from_rotvec([0.1, 0.2, 0.3]), [1e6, 0, 0]
    moved = earth(1903, degree=5).rotated(turn).translated(place).at("2025-03-01")
    want = earth("2025-03-01", degree=5).rotated(turn).translated(place)
    for name in ("g", "h", "g_rate", "h_rate", "epoch", "position", "name"):
        np.testing.assert_array_equal(getattr(moved, name), getattr(want, name))
    point = [7e6, 1e6, 2e6]
    np.testing.assert_array_equal(moved.B(point), want.B(point))
    assert moved.truncated(2).at(1950).degree == 2
    assert pickle.loads(pickle.dumps(moved)).at(1950).g[1, 0] == earth(1950).g[1, 0]
    with pytest.raises(NotDefined, match="has no at"):
        earth(2025).secular_variation.at(2026)


# --- the planets ---


def test_jupiter_as_published():
    # [Connerney et al. 2022]: 417 659 nT, 10.250 degree.
    jupiter = planet("jupiter")
    assert np.linalg.norm(jupiter._dipole) * 1e9 == pytest.approx(417659, abs=0.5)
    assert jupiter.tilt == pytest.approx(10.250, abs=5e-4)
    assert jupiter.polarity == 1
    assert jupiter.degree == 13
    assert jupiter.radius == 71492e3
    for kind, n, m, value in [("h", 2, 1, -42549.0), ("g", 4, 4, -17919.1), ("h", 13, 13, 51.3)]:
        assert getattr(jupiter, kind)[n, m] == pytest.approx(value * 1e-9, rel=1e-14)


def test_saturn_as_published():
    saturn = planet("Saturn")
    assert np.linalg.norm(saturn.moment) == pytest.approx(4.62792e25, rel=1.2e-6)
    assert saturn.tilt == 0.0
    assert not np.any(saturn.h)
    # Of an axial field the eccentric dipole lies a g20/(2 g10) up the axis: 0.0374 radii to the north.
    assert saturn.eccentric_offset[2] / saturn.radius == pytest.approx(1583 / (2 * 21141), rel=1e-14)


def test_neptune_as_published():
    neptune = planet("NEPTUNE")
    assert np.linalg.norm(neptune.moment) == pytest.approx(2.16335e24, rel=1e-6)
    assert neptune.tilt == pytest.approx(46.901, abs=1e-3)
    assert neptune.radius == 24765e3


def test_mercury_is_a_dipole_off_its_centre():
    # [Anderson et al. 2012]: 190 nT R^3, 479 km north; the zonal terms are those of such a dipole to their digits.
    mercury = planet(" Mercury ")
    d = 479.0 / 2440.0
    for n in range(1, 5):
        assert mercury.g[n, 0] * 1e9 == pytest.approx(-190.0 * n * d ** (n - 1), abs=0.06)
    assert mercury.eccentric_offset[2] == pytest.approx(479e3, abs=1e3)
    assert mercury.polarity == -1


def test_uranus_is_tilted_by_sixty_degrees():
    uranus = planet("uranus")
    assert uranus.tilt == pytest.approx(59.85, abs=0.01)
    assert np.linalg.norm(uranus._dipole) == pytest.approx(22454e-9, rel=1e-4)


def test_ganymede_as_published():
    # [Kivelson et al. 2002]: 719 nT at the equator, 176 degrees from the spin, 24 degrees to the trailing side.
    ganymede = planet("ganymede")
    x, y, z = ganymede._dipole * 1e9
    assert np.linalg.norm([x, y, z]) == pytest.approx(719, abs=0.5)
    assert np.degrees(np.arctan2(np.hypot(x, y), z)) == pytest.approx(176, abs=0.5)
    assert np.degrees(np.arctan2(y, x)) == pytest.approx(24, abs=0.5)


def test_unknown_names_list_what_there_is():
    with pytest.raises(
        ValueError, match=r"name must be one of Mercury, .*Ganymede .*earth\(date\)\), got 'Pluto'"
    ):
        planet("Pluto")
    with pytest.raises(ValueError, match=r"use earth\(date\)"):
        planet("Earth")
    with pytest.raises(ValueError, match="name must be one of"):
        planet(3)


def test_every_model_says_where_it_is_from():
    for name, about in planet_sources().items():
        assert "doi:10." in about["citation"]
        assert about["axes"]
        assert planet(name).name == f"{about['name']}, {about['model']}"


# --- the packaged tables ---


def test_no_row_is_shifted_doubled_or_missing():
    # A parser that reads h(n, 0) where a file leaves it out shifts every h by one order.
    for name, first in (("igrf14.csv", 0), ("planets.csv", 1)):
        rows = [tuple(row[: first + 3]) for row in _rows(name)[1]]
        assert len(set(rows)) == len(rows)
        for kind, n, m in (row[first:] for row in rows):
            assert kind in "gh"
            assert 1 <= int(n) <= 14
            assert (kind == "h") <= int(m) <= int(n)
    assert len(_rows("igrf14.csv")[1]) == 13 * 15
    jupiter = [row for row in _rows("planets.csv")[1] if row[0] == "jupiter"]
    assert len(jupiter) == 13 * 15


def test_a_table_with_h_of_order_zero_is_caught():
    rows = [["g", "1", "0", "-30000"], ["h", "1", "0", "5000"]]  # h(1, 1) written one column early
    from magneton.sources import GaussCoefficients

    g, h = _tables(rows, 1)[:, 0]
    with pytest.raises(ValueError, match=r"h\[n, 0\] must be 0, got .* may be shifted"):
        GaussCoefficients.from_nT(g, h, 1.0)


def test_the_east_is_where_h_puts_it():
    # A shift of h by one order would turn the dipole of the Earth away from Greenland.
    epochs, tables = _igrf()
    assert epochs.tolist() == list(range(1900, 2031, 5))
    assert np.all(tables[1, :, :, 0] == 0.0)
    assert np.all(tables[1, :, 1, 1] > 4000.0)
    assert np.all(np.abs(tables[:, :, 2, 2]).max(axis=0) > 400.0)
