"""Places on the WGS 84 ellipsoid."""

import re

import numpy as np
import pytest

from magneton.sources.geodesy import elements, from_geodetic, north_east_down, to_geodetic
from magneton.sources.planets import earth

rng = np.random.default_rng(84)
A, B = 6378137.0, 6356752.314245179


def test_poles_and_equator():
    assert from_geodetic(0.0, 0.0).tolist() == [A, 0.0, 0.0]
    assert from_geodetic(0.0, 90.0).tolist() == [0.0, A, 0.0]
    assert from_geodetic(0.0, 180.0, 100.0).tolist() == [-A - 100.0, 0.0, 0.0]
    for latitude in (90.0, -90.0):
        place = from_geodetic(latitude, 37.0, 1000.0)
        assert place[:2].tolist() == [0.0, 0.0]
        assert place[2] == pytest.approx(np.sign(latitude) * (B + 1000.0), rel=1e-15)


def test_places_lie_on_the_ellipsoid_and_heights_along_its_normal():
    latitude, longitude = rng.uniform(-90, 90, 200), rng.uniform(-180, 180, 200)
    x, y, z = from_geodetic(latitude, longitude).T
    np.testing.assert_allclose((x**2 + y**2) / A**2 + z**2 / B**2, 1.0, rtol=1e-14)
    normal = np.stack([x / A**2, y / A**2, z / B**2], axis=1)
    normal /= np.linalg.norm(normal, axis=1)[:, None]
    step = from_geodetic(latitude, longitude, 5e4) - from_geodetic(latitude, longitude)
    np.testing.assert_allclose(step, 5e4 * normal, atol=1e-8)
    np.testing.assert_allclose(north_east_down(latitude, longitude)[:, 2], -normal, atol=1e-14)


def test_there_and_back():
    latitude, longitude = rng.uniform(-90, 90, 300), rng.uniform(-180, 180, 300)
    altitude = rng.uniform(-1e4, 4e7, 300)
    latitude[:4] = [90.0, -90.0, 0.0, 89.9999999]
    places = from_geodetic(latitude, longitude, altitude)
    back = to_geodetic(places)
    np.testing.assert_allclose(back[0], latitude, atol=1e-12)
    np.testing.assert_allclose(back[2], altitude, atol=1e-7)
    np.testing.assert_allclose(back[1][2:], longitude[2:], atol=1e-12)
    assert back[1][0] == 0.0


def test_north_east_and_down_are_a_right_handed_frame():
    latitude, longitude = rng.uniform(-90, 90, 50), rng.uniform(-180, 180, 50)
    frame = north_east_down(latitude, longitude)
    np.testing.assert_allclose(
        frame @ frame.transpose(0, 2, 1), np.broadcast_to(np.eye(3), (50, 3, 3)), atol=1e-15
    )
    np.testing.assert_allclose(np.linalg.det(frame), 1.0, rtol=1e-15)
    # North and east are where latitude and longitude grow.
    step = 1e-4
    here = from_geodetic(latitude, longitude)
    for row, there in enumerate(
        [from_geodetic(latitude + step, longitude), from_geodetic(latitude, longitude + step)]
    ):
        move = there - here
        move /= np.linalg.norm(move, axis=1)[:, None]
        assert np.all(np.sum(move * frame[:, row], axis=1) > 1 - 1e-9)


def test_elements_of_a_known_field():
    # At 0 N 0 E north is z, east is y, down is -x.
    here = elements(np.array([-4.0, 1.0, np.sqrt(3.0)]), 0.0, 0.0)
    assert here.north == pytest.approx(np.sqrt(3.0))
    assert here.east == 1.0
    assert here.down == 4.0
    assert here.horizontal == pytest.approx(2.0)
    assert here.declination == pytest.approx(30.0)
    assert here.inclination == pytest.approx(np.degrees(np.arctan2(4, 2)))
    assert here.intensity == pytest.approx(np.sqrt(20.0))


def test_arguments_broadcast_and_are_checked():
    assert from_geodetic(np.zeros((4, 1)), np.zeros(5), 10.0).shape == (4, 5, 3)
    assert north_east_down(np.zeros((4, 1)), np.zeros(5)).shape == (4, 5, 3, 3)
    with pytest.raises(ValueError, match="latitude must lie between -90 and 90 degrees, got 91"):
        from_geodetic(91.0, 0.0)
    with pytest.raises(ValueError, match="altitude must be finite or nan"):
        from_geodetic(0.0, 0.0, np.inf)


def test_shapes_that_do_not_broadcast_are_told_by_name():
    two, three = [1.0, 2.0], [1.0, 2.0, 3.0]
    message = r"^latitude, longitude and altitude must have shapes that broadcast together, got \(2,\), \(3,\), \(\)$"
    for call in (from_geodetic, earth(2025).elements):
        with pytest.raises(ValueError, match=message):
            call(two, three)
        with pytest.raises(ValueError, match=r"together, got \(2,\), \(\), \(3,\)$"):
            call(two, 1.0, three)
    with pytest.raises(ValueError, match=r"^latitude and longitude must have shapes .*, got \(2,\), \(3,\)$"):
        north_east_down(two, three)


def test_a_place_with_a_nan_gets_nan_and_the_others_do_not_change():
    latitude, longitude, altitude = [10.0, np.nan, 20.0, -30.0], [40.0, 50.0, np.nan, 0.0], [0, 0, 0, np.nan]
    field = earth(2025)
    here, first = field.elements(latitude, longitude, altitude), field.elements(10.0, 40.0)
    for name in ("north", "east", "down", "horizontal", "intensity", "declination", "inclination"):
        values = getattr(here, name)
        assert values.shape == (4,)
        assert values[0] == getattr(first, name)
        assert np.all(np.isnan(values[1:]))
    assert np.isnan(from_geodetic(90.0, np.nan)).all()


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ((np.inf, 0.0), "latitude must be finite or nan, got inf"),
        ((0.0, -np.inf), "longitude must be finite or nan, got -inf"),
        (("north", 0.0), "latitude must be real numbers in degrees, got 'north'"),
        (([0.0, -90.5], 0.0), "latitude must lie between -90 and 90 degrees, got -90.5"),
    ],
)
def test_elements_refuse_what_is_no_place(place, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        earth(2025).elements(*place)
