"""Events: found where closed forms say, to rounding; all of them; and orbits end where they should."""

import math

import numpy as np
import pytest

from magneton import Dipole, UniformField, constants, orbits
from magneton.orbits import _dop853
from magneton.orbits._steps import chunks
from magneton.orbits._trace import Problem, initial_state, read_full, trace
from magneton.orbits.events import Crossing, Equator, Mirror, Plane, Sphere, named_events
from magneton.orbits.fields import as_field

EARTH = Dipole((0.0, 0.0, -8e22))
RADIUS = 6.371e6
START = (4 * RADIUS, 0.0, 0.0), (1e6, 3e7, 3e7)
FIELD = UniformField((0.0, 0.0, 1e-3))
# Slow protons turn with the angle -omega t; the gyroradius of 1e4 m/s is about 0.1 m.
OMEGA = orbits.proton.charge * 1e-3 / orbits.proton.mass * math.sqrt(1.0 - 2.0 * (1e4 / constants.c) ** 2)
T = 2.0 * math.pi / OMEGA
VELOCITY = (1e4, 0.0, 1e4)
RHO = 1e4 / OMEGA


@pytest.mark.parametrize(("rtol", "tolerance"), [(1e-6, 1e-3), (1e-12, 1e-11)])
def test_a_helix_crosses_planes_when_it_should(rtol, tolerance):
    # x = rho sin(omega t): a level so close to the top that both crossings lie within a step.
    level = math.cos(0.04)
    events = {
        "along": Plane((0.0, 0.0, 0.3), (0.0, 0.0, 2.0)),
        "top": Plane((level * RHO, 0.0, 0.0), (1.0, 0.0, 0.0)),
        "up": Plane((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), direction=1),
    }
    orbit = trace(FIELD, "proton", np.zeros(3), VELOCITY, 10.1 * T, rtol=rtol, events=events)
    np.testing.assert_allclose(orbit.events["along"].time, 0.3 / 1e4, rtol=1e-14)
    np.testing.assert_array_equal(orbit.events["along"].position[:, 2], 0.3)
    tops = (np.arange(10)[:, None] + 0.25 + np.array([-0.04, 0.04]) / (2.0 * math.pi)).ravel()
    np.testing.assert_allclose(orbit.events["top"].time / T, tops, atol=tolerance / 0.04)
    # The start lies on the plane and is no event.
    np.testing.assert_allclose(orbit.events["up"].time / T, np.arange(1, 11), atol=tolerance)
    assert np.all(np.abs(orbit.events["up"].position[:, 0]) < 1e-15 * 10 * RHO)


def test_spheres_are_entered_and_left_and_can_end_an_orbit():
    ball = Sphere((0.0, 0.0, 0.5), 0.2)
    orbit = trace(
        FIELD,
        "proton",
        np.zeros(3),
        (0.0, 0.0, 1e4),
        1e-4,
        events=[ball, Sphere((0, 0, 0.5), 0.1, direction=1)],
    )
    np.testing.assert_allclose(orbit.events["sphere"].time, [0.3e-4, 0.7e-4], rtol=1e-14)
    np.testing.assert_allclose(orbit.events["sphere_2"].time, [0.6e-4], rtol=1e-14)
    lost = trace(
        FIELD,
        "proton",
        np.zeros(3),
        (0.0, 0.0, 1e4),
        1e-4,
        events=[Sphere((0, 0, 0.5), 0.2, direction=-1, terminal=True), ball],
    )
    assert lost.status == "event"
    np.testing.assert_allclose([lost.time[-1], lost.position[-1, 2]], [0.3e-4, 0.3], rtol=1e-14)
    assert [len(record) for record in lost.events.values()] == [1, 1]
    np.testing.assert_allclose(lost(lost.time[-1])[0], lost.position[-1], rtol=1e-15)


@pytest.mark.parametrize("offset", [0.0, 0.5, 0.99999, 1.00001])
def test_a_straight_flight_of_few_steps_misses_no_sphere(offset):
    """A proton in hardly any field flies 2e8 m in some six steps, through a ball of 1e7 m, or just past it."""
    ball = Sphere((offset * 1e7, 0.0, 0.0), 1e7)
    weak = UniformField((0.0, 0.0, 1e-9))
    flight = weak, "proton", (0.0, 0.0, -1e8), (0.0, 0.0, 1e6), 200.0
    orbit = trace(*flight, events=[ball, Sphere((0.0, 0.0, 0.0), 1e7, direction=-1, terminal=3)])
    assert orbit.step_count < 20
    half = 10.0 * math.sqrt(max(0.0, 1.0 - offset**2))
    times = [100.0 - half, 100.0 + half] if half else []
    np.testing.assert_allclose(orbit.events["sphere"].time, times, rtol=1e-13)
    lost = trace(*flight, events=Sphere((offset * 1e7, 0.0, 0.0), 1e7, terminal=True))
    assert lost.status == ("event" if half else "finished")
    # Back in time a sphere is left, in physical time, where the run comes into it.
    back = weak, "proton", (0.0, 0.0, 1e8), (0.0, 0.0, 1e6), -200.0
    out = trace(*back, start=200.0, events=Sphere((offset * 1e7, 0.0, 0.0), 1e7, direction=1))
    np.testing.assert_allclose(out.events["sphere"].time, times[1:], rtol=1e-13)


@pytest.mark.parametrize("phase", [0.3, 2.0, 4.4])
def test_a_plane_that_is_hardly_reached_is_crossed_twice_a_turn(phase):
    """The tops are 4e-6 gyroradii beyond it: a dip that one parabola through samples half a radian apart misses."""
    normal = np.array([math.cos(phase), math.sin(phase), 0.0])
    centre = np.array([0.0, -1.0, 0.0]) * 1e4 * orbits.proton.mass / orbits.proton.charge / 1e-3
    plane = Plane(centre + math.cos(0.003) * RHO * normal, normal)
    orbit = trace(FIELD, "proton", np.zeros(3), (1e4, 0.0, 0.0), 10.0 * T, rtol=1e-10, events=plane)
    assert len(orbit.events["plane"]) == 20


def test_a_ball_is_seen_from_its_own_surface():
    weak, ball = UniformField((0.0, 0.0, 1e-9)), Sphere((0.0, 0.0, 0.1), 0.1)
    orbit = trace(weak, "proton", np.zeros(3), (0.0, 0.0, 1e4), 200.0, events=ball)
    assert orbit.time[1] > 1e-4
    np.testing.assert_allclose(orbit.events["sphere"].time, [2e-5], rtol=1e-13)


def test_mirror_points_and_equator_crossings_of_a_bounce():
    events = [Mirror(), Equator(), Plane((0, 0, 0), (0, 0, 1)), Equator(direction=1)]
    orbit = trace(EARTH, "proton", *START, 6.0, events=events)
    mirror, equator, plane, along = orbit.events.values()
    assert len(mirror) == 6
    B = EARTH.B(mirror.position)
    cosine = np.einsum("ij,ij->i", mirror.velocity, B) / np.linalg.norm(B, axis=1) / np.linalg.norm(START[1])
    assert np.max(np.abs(cosine)) < 2e-15
    # In a dipole the equator is a plane; it is crossed between mirror points.
    np.testing.assert_allclose(equator.time, plane.time, rtol=1e-14)
    np.testing.assert_array_equal(np.searchsorted(mirror.time, equator.time), 1 + np.arange(len(equator)))
    np.testing.assert_array_equal(along.time, equator.time[equator.velocity[:, 2] > 0.0])
    # Back in time the same places are events in the same direction.
    end = orbit.position[-1], orbit.velocity[-1], -5.9
    back = trace(EARTH, "proton", *end, start=6.0, events=[Mirror(), Equator(direction=1)])
    np.testing.assert_allclose(back.events["mirror"].time[::-1], mirror.time, rtol=1e-10)
    np.testing.assert_allclose(back.events["equator"].time[::-1], along.time, rtol=1e-10)


def test_a_function_of_ones_own_is_an_event_and_the_third_ends_the_orbit():
    def height(t, x, v):
        return x[:, 0] - 0.5 * RHO

    orbit = trace(
        FIELD, "proton", np.zeros(3), VELOCITY, 10 * T, events=[Crossing(height, direction=-1, terminal=3)]
    )
    np.testing.assert_allclose(orbit.events["crossing"].time / T, [5 / 12, 17 / 12, 29 / 12], rtol=1e-11)
    assert orbit.time[-1] == orbit.events["crossing"].time[-1]
    assert "'crossing'" in orbit.message
    plain = trace(FIELD, "proton", np.zeros(3), VELOCITY, 2.0 * T, events=height, times=[0.0, T])
    assert len(plain.events["crossing"]) == 4
    assert len(plain) == 2


def test_the_interpolant_that_brackets_are_sought_on_is_of_order_seven():
    state = initial_state(*START)
    errors = []
    for longest in (8e-3, 4e-3):
        constants_of = (orbits.proton.charge, orbits.proton.mass, 0.0)
        problem = Problem(_dop853.FULL, as_field(EARTH), constants_of, 0.0, 0.5, longest, read_full)
        chunk = next(chunks(problem, state, 0.2, True, 1000))
        steps = np.arange(len(chunk.dense))
        theta, states = np.full(len(steps), 0.3), np.empty((len(steps), _dop853.WIDTH))
        _dop853.interpolate(chunk.steps.states, chunk.dense, steps, theta, states)
        exact = chunk.steps.at(steps, theta * np.diff(chunk.steps.times))
        errors.append(np.max(np.abs(states - exact)[:, 3:6]))
    assert 6.5 < math.log2(errors[0] / errors[1]) < 9.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Mirror(direction=2), "direction must be -1, 0 or 1"),
        (lambda: Mirror(terminal=-1), "terminal must be a bool or a number"),
        (lambda: Plane((0, 0, 0), (0, 0, 0)), "normal must not be zero"),
        (lambda: Sphere((0, 0, 0), -1.0), "radius must be positive"),
        (lambda: Crossing(3), "function must be callable"),
        (lambda: named_events([3]), "events must hold events or functions"),
        (lambda: trace(FIELD, "proton", np.zeros(3), VELOCITY, T, events=lambda t, x, v: 1.0), "must return"),
    ],
)
def test_events_that_make_no_sense_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
