"""The adaptive full orbit against closed forms, a 30-digit table, and the laws it must keep."""

import math

import numba
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import CircularLoop, Dipole, Sphere, UniformField, constants, orbits
from magneton.kernels.lorentz import em_point, point_workspace
from magneton.orbits._trace import trace
from magneton.orbits.fields import CompiledFunction, UniformE, as_field
from magneton.orbits.orbit import OrbitStopped
from reference._load import load

C = float(constants.c)
EARTH = Dipole((0.0, 0.0, -8e22))
START = (2.5e7, 0.0, 0.0), (1e6, 3e7, 3e7)
FIELD, VELOCITY = UniformField((0.0, 0.0, 1e-3)), np.array([2e8, 0.0, 1e8])


def gamma_of(v):
    speed = math.hypot(*v)
    return C / math.sqrt((C - speed) * (C + speed))


def helix(species, B, v, t):
    """Return position and velocity from the origin in B along z."""
    omega = -species.charge * B / (gamma_of(v) * species.mass)
    s, c = np.sin(omega * t), np.cos(omega * t)
    x = [(v[0] * s - v[1] * (1.0 - c)) / omega, (v[1] * s + v[0] * (1.0 - c)) / omega, v[2] * t]
    return np.stack(x, axis=-1), np.stack([v[0] * c - v[1] * s, v[1] * c + v[0] * s, v[2] + 0.0 * t], axis=-1)


def period(species, B, v):
    return 2.0 * math.pi * gamma_of(v) * species.mass / (abs(species.charge) * B)


def test_a_thousand_gyrations_in_a_uniform_field_are_a_helix():
    T = period(orbits.electron, 1e-3, VELOCITY)
    orbit = trace(FIELD, orbits.electron, np.zeros(3), VELOCITY, 1000 * T, rtol=1e-14)
    x, v = helix(orbits.electron, 1e-3, VELOCITY, orbit.time)
    radius = math.hypot(*VELOCITY[:2]) * T / (2 * math.pi)
    # Of the way around, 2 pi 1000 radii, whose phase is known to 1e-16 of it.
    assert np.max(np.abs(orbit.position - x)) < 1e-12 * 2000 * math.pi * radius
    assert np.max(np.abs(orbit.velocity - v)) < 1e-12 * 2000 * math.pi * C
    assert orbit.drift["energy"] < 2e-12
    np.testing.assert_allclose(orbit.mu, orbit.mu[0], rtol=1e-11)
    np.testing.assert_allclose(orbit.pitch_angle, math.atan2(2e8, 1e8), rtol=1e-11)


def test_relativistic_drift_in_crossed_fields_is_a_boosted_helix():
    E, B, v = 1.5e5, 1e-3, np.array([1e8, -0.5e8, 1e8])
    drift = np.array([E / B, 0.0, 0.0])  # of E along y and B along z
    g = gamma_of(drift)
    T = period(orbits.proton, B / g, v) * g
    orbit = trace(FIELD + UniformE((0.0, E, 0.0)), orbits.proton, np.zeros(3), v, 5 * T)
    # In the frame of the drift there is only B/g.
    D = 1.0 - drift @ v / C**2
    own = np.array([(v[0] - drift[0]) / D, v[1] / (g * D), v[2] / (g * D)])
    time = g * (orbit.time - drift[0] * orbit.position[:, 0] / C**2)
    place = orbit.position * [g, 1.0, 1.0] - np.outer(g * orbit.time, drift)
    x, _ = helix(orbits.proton, B / g, own, time)
    assert np.max(np.abs(place - x)) < 1e-12 * np.max(np.abs(orbit.position))
    assert orbit.drift["energy"] < 1e-12
    straight = trace(orbit.field, orbits.proton, np.zeros(3), drift, 5 * T)
    np.testing.assert_allclose(
        straight.velocity, drift + np.zeros_like(straight.velocity), atol=1e-14 * E / B
    )


def test_a_uniform_electric_field_makes_a_hyperbola_from_rest():
    E = 1e6
    orbit = trace(UniformE((0.0, 0.0, E)), "proton", (1.0, 2.0, 3.0), np.zeros(3), 1e-5)
    a = orbits.proton.charge * E / orbits.proton.mass
    g = np.sqrt(1.0 + (a * orbit.time / C) ** 2)
    assert g[-1] > 3.0
    np.testing.assert_allclose(orbit.proper_velocity[:, 2], a * orbit.time, rtol=1e-13)
    np.testing.assert_allclose(
        orbit.position[:, 2] - 3.0, a * orbit.time**2 / (g + 1.0), rtol=1e-12, atol=1e-14
    )
    np.testing.assert_array_equal(orbit.position[:, :2], [[1.0, 2.0]] * len(orbit))
    np.testing.assert_allclose(
        orbit.energy, orbits.proton.mass * a**2 * orbit.time**2 / (g + 1.0), rtol=1e-12
    )
    assert orbit.drift["energy"] < 1e-13


@pytest.mark.parametrize(("rtol", "tolerance"), [(1e-9, 4e-8), (1e-12, 1e-11), (1e-14, 1e-13)])
def test_orbits_agree_with_a_table_of_thirty_digits(rtol, tolerance):
    table = load("orbit")
    for i, kind in enumerate(table["kinds"]):
        row = {name: values[i] for name, values in table.items()}
        field = [Dipole(row[f"moment_{k}"], row[f"place_{k}"]) for k in "ab"]
        particle = orbits.Species(row["charge"], row["mass"])
        start = row["position"], row["velocity"], row["time"]
        orbit = trace(field, particle, *start, rtol=rtol, times=[row["time"]])
        end, u = row["end_proper_velocity"], np.linalg.norm(row["end_proper_velocity"])
        radius = particle.mass * u / (abs(particle.charge) * np.linalg.norm(orbit.B[-1]))
        # The electron turns 34 times, and its phase grows from the errors of the strong field it comes from.
        allowed = tolerance * (500.0 if kind == "scattered" else 1.0)
        assert np.linalg.norm(orbit.position[-1] - row["end_position"]) < allowed * radius, kind
        assert np.linalg.norm(orbit.proper_velocity[-1] - end) < allowed * u, kind


def test_the_method_is_of_order_eight_and_its_dense_output_as_exact():
    T = period(orbits.electron, 1e-3, VELOCITY)
    rng = np.random.default_rng(5)
    errors = []
    for steps in (6, 12):
        orbit = trace(FIELD, "electron", np.zeros(3), VELOCITY, 3 * T, rtol=0.5, max_step=T / steps)
        t = rng.uniform(0.0, 3 * T, 50)
        between, end = (
            helix(orbits.electron, 1e-3, VELOCITY, t),
            helix(orbits.electron, 1e-3, VELOCITY, 3 * T),
        )
        position, velocity = orbit(t)
        errors.append(
            [
                np.linalg.norm(orbit.position[-1] - end[0]),
                np.linalg.norm(orbit.velocity[-1] - end[1]),
                np.max(np.abs(position - between[0])),
                np.max(np.abs(velocity - between[1])),
            ]
        )
    order = np.log2(np.divide(*errors))
    assert np.all(order > 7.7)
    assert np.all(order < 9.5)


def test_samples_at_times_are_the_orbit_at_these_times():
    times = np.linspace(0.0, 2.0, 37)
    orbit = trace(EARTH, "proton", *START, 2.0)
    sampled = trace(EARTH, "proton", *START, 2.0, times=times)
    np.testing.assert_array_equal(sampled.time, times)
    position, velocity = orbit(times)
    np.testing.assert_allclose(sampled.position, position, rtol=1e-14, atol=1e-7)
    np.testing.assert_allclose(sampled.velocity, velocity, rtol=1e-14, atol=1e-6)
    with pytest.raises(ValueError, match="dense=True"):
        sampled(1.0)
    with pytest.raises(ValueError, match="t must lie between"):
        orbit(2.1)


def test_an_orbit_in_a_dipole_keeps_its_energy_and_goes_back_the_way_it_came():
    orbit = trace(EARTH, "proton", *START, 10.0, rtol=1e-13)
    assert orbit.drift["energy"] < 1e-12
    back = trace(EARTH, "proton", orbit.position[-1], orbit.velocity[-1], -10.0, start=10.0, rtol=1e-13)
    assert back.time[0] == 10.0
    assert back.time[-1] == 0.0
    assert np.linalg.norm(back.position[-1] - START[0]) < 1e-10 * 2.5e7
    assert np.linalg.norm(back.velocity[-1] - START[1]) < 1e-9 * 4e7
    # Steps of a hundredth of a gyration leave nothing but rounding.
    fine = trace(EARTH, "proton", *START, 10.0, max_step=5e-4)
    assert fine.drift["energy"] < 2e-14


def test_a_place_far_from_the_origin_loses_no_digits_of_the_velocity():
    v, T = (1.0, 0.0, 0.5), period(orbits.proton, 1e-8, (1.0, 0.0, 0.5))
    weak = UniformField((0.0, 0.0, 1e-8))
    here, far = (trace(weak, "proton", (0.0, 0.0, z), v, 50 * T) for z in (0.0, 1e9))
    np.testing.assert_array_equal(far.velocity, here.velocity)
    np.testing.assert_allclose(far.position[-1] - (0.0, 0.0, 1e9), here.position[-1], atol=2e-7)
    # A gyroradius of 1 m, where floats are 1e-7 m apart: without the parts that rounding drops, 1e-5 m.
    aside = trace(weak, "proton", (1e9, 0.0, 0.0), v, 50 * T)
    assert np.max(np.abs(aside.position[:, 0] - 1e9 - here.position[:, 0])) < 2e-7


@numba.cfunc("void(CPointer(float64), CPointer(float64), CPointer(float64))")
def _half_space(txyz, params, result):
    for i in range(30):
        result[i] = 0.0 if txyz[3] < params[1] else np.nan
    result[2] = params[0]


def test_a_charge_at_rest_in_a_magnetic_field_stays():
    orbit = trace(EARTH, "proton", START[0], np.zeros(3), 1.0)
    np.testing.assert_array_equal(orbit.position, [START[0]] * len(orbit))


def test_a_field_that_ends_ends_the_orbit():
    field = CompiledFunction(_half_space, [1e-3, 0.7], time_dependent=False, electric=False)
    with pytest.raises(OrbitStopped, match=r"not defined \(nan\) next to \(.*, 0\.7\) m") as caught:
        trace(field, "electron", np.zeros(3), VELOCITY, 1e-6)
    orbit = trace(field, "electron", np.zeros(3), VELOCITY, 1e-6, strict=False)
    assert orbit.status == caught.value.orbit.status == "undefined field"
    assert 0.7 * (1 - 1e-7) < orbit.position[-1, 2] < 0.7
    assert not trace(field, "electron", (0.0, 0.0, 1.0), VELOCITY, 1e-6, strict=False).step_count


def test_an_orbit_takes_no_more_steps_than_allowed():
    with pytest.raises(OrbitStopped, match="took max_steps = 100 steps") as caught:
        trace(FIELD, "electron", np.zeros(3), VELOCITY, 1.0, max_steps=100)
    assert len(caught.value.orbit) == 101


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"velocity": (C, 0.0, 0.0)}, "velocity must be slower than light"),
        ({"velocity": (1.0, 0.0)}, "velocity must be a vector of 3"),
        ({"position": np.zeros((2, 3))}, "position must be a vector of 3"),
        ({"duration": 0.0}, "duration must not be zero"),
        ({"rtol": 1e-17}, "rtol must be at least"),
        ({"times": [0.0, 2.0]}, "times must lie between"),
        ({"times": [0.5, 0.2]}, "times must be a list of times in the order"),
        ({"max_step": 0.0}, "max_step must be positive"),
        ({"max_steps": 0}, "max_steps must be a positive integer"),
        ({"method": "euler"}, "method must be"),
        ({"field": 3}, "field must be a source"),
        ({"species": "quark"}, "species must be"),
        ({"events": 3}, "events must be"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(change, message):
    arguments = {
        "field": EARTH,
        "species": "proton",
        "position": (1e7, 0, 0),
        "velocity": (0, 1e6, 0),
        "duration": 1.0,
    }
    with pytest.raises(ValueError, match=message):
        trace(**(arguments | change))


def test_an_orbit_becomes_a_dataset_with_units():
    orbit = trace(EARTH, "proton", *START, 0.5)
    dataset = orbit.to_xarray()
    assert dataset.position.dims == ("time", "component")
    assert dataset.mu_gyrocentre.attrs["units"] == "J/T"
    np.testing.assert_array_equal(dataset.mu, orbit.mu)
    np.testing.assert_allclose(orbit.energy, orbits.proton.rest_energy * (orbit.gamma - 1.0), rtol=1e-13)
    # The first invariant at the gyrocentre swings less than at the particle.
    swing = [np.ptp(m) / np.mean(m) for m in (orbit.mu, orbit.mu_gyrocentre)]
    assert swing[1] < 0.5 * swing[0]


@pytest.mark.parametrize("method", ["boris", "vay", "higuera-cary"])
def test_fixed_steps_lead_to_the_same_orbit_at_second_order(method):
    exact = trace(EARTH, "proton", *START, 0.5)
    ends = [trace(EARTH, "proton", *START, 0.5, method=method, dt=dt) for dt in (2e-3, 1e-3)]
    assert len(ends[0]) == 251
    errors = [np.linalg.norm(orbit.position[-1] - exact.position[-1]) for orbit in ends]
    assert 1.9 < math.log2(errors[0] / errors[1]) < 2.1
    assert ends[0].drift["energy"] < 1e-13
    with pytest.raises(ValueError, match="dt must be given"):
        trace(EARTH, "proton", *START, 0.5, method=method)


def test_the_field_at_one_point_is_that_of_a_block_of_points():
    turn = Rotation.from_rotvec((0.3, -0.8, 0.5))
    field = as_field(
        [
            Dipole((1.0, 2.0, -3.0), (0.1, 0.2, 0.3)),
            UniformField((1e-7, 2e-7, 3e-7)),
            Sphere(0.1, polarization=(0.1, 0.2, 0.3), position=(0.0, 1.0, 0.0), orientation=turn),
            CircularLoop(0.4, 5.0, orientation=turn),
            UniformE((1.0, 2.0, 3.0), orientation=turn),
        ]
    )
    flat = field.compiled.kinds, field.compiled.starts, field.compiled.params
    assert len(set(flat[0])) == 4
    rows, out = point_workspace(), np.empty(6)
    for x in np.random.default_rng(1).uniform(-2.0, 2.0, (5, 3)):
        em_point(*flat, *x, 0.5, rows, out)
        np.testing.assert_allclose(out[:3], field.B(x, 0.5), rtol=1e-14)
        np.testing.assert_allclose(out[3:], field.E(x, 0.5), rtol=1e-14)
