"""The guiding centre: its equations, the laws they keep, closed forms of its motion, and the full orbit."""

import math
import pickle

import numba
import numpy as np
import pytest

from magneton import Cuboid, Dipole, UniformField, constants, orbits
from magneton.kernels import guiding_centre as kernels
from magneton.kernels.electromagnetic import SCRATCH, em_block
from magneton.kernels.quantities import EM_GRAD
from magneton.orbits._guiding_orbit import GuidingCentreStopped
from magneton.orbits._guiding_state import energy_of, guiding_state, moving, particle_state, rates
from magneton.orbits._gyrocentre import gyrocentre
from magneton.orbits._trace import trace
from magneton.orbits.dipole_motion import bounce_period, drift_rate
from magneton.orbits.events import Equator, Mirror, Plane
from magneton.orbits.fields import (
    CompiledFunction,
    FluxTube,
    LinearField,
    ParaxialBottle,
    PlaneWave,
    Tokamak,
    UniformE,
    VaryingUniformField,
    along,
    as_field,
)
from magneton.orbits.guiding import trace_guiding_centre
from magneton.orbits.kinematics import speed

C, PROTON = float(constants.c), orbits.proton
RADIUS, FIELD = 6.3712e6, 3.12e-5
EARTH = Dipole((0.0, 0.0, -4.0 * math.pi * FIELD * RADIUS**3 / constants.mu_0))
MEV = 1e6 * constants.e
V = float(speed("proton", MEV))
GRADIENT = np.array([[0.4, 0.1, -0.5], [0.3, -1.1, 0.2], [0.7, 0.6, 0.7]])
#: Time dependent, with E along and across B, sheared and bent: nothing is symmetric.
MIXED = as_field(
    [
        LinearField((0.2, 0.5, 1.0), GRADIENT),
        VaryingUniformField.sinusoidal(0.5, 0.3, 2e5, 0.4, orientation=along([0.4, -0.3, 0.8])),
        PlaneWave((0.7, -0.4, 0.0), 3e5, (0.0, 0.0, 1.0), (0.2, 0.35, 0.0)),
        UniformE((1e5, 2e5, -3e5)),
    ]
)
# A light and fast particle: gamma about 1.4, and corrections of a tenth.
LIGHT = orbits.Species(constants.e, 0.05 * constants.m_p)


def at_pitch(L, degrees):
    angle = math.radians(degrees)
    return (L * RADIUS, 0.0, 0.0), (0.0, V * math.sin(angle), V * math.cos(angle))


def derivative(f, h):
    """Return f'(0) by differences of order eight."""
    steps = (4, 3, 2, 1)
    weights = (-1 / 280, 4 / 105, -1 / 5, 4 / 5)
    return sum(w * (f(k * h) - f(-k * h)) for w, k in zip(weights, steps, strict=True)) / h


def test_the_field_at_one_point_is_that_of_a_block():
    magnet = Cuboid(
        [0.1, 0.2, 0.3],
        magnetization=[1e5, 2e5, -3e5],
        position=[0.5, 0.1, 0.0],
        orientation=along([1, 2, 3]),
    )
    field = as_field(
        [MIXED, UniformField((0.1, 0.2, 0.3)), Dipole((3e6, 1e6, -2e6), (0.0, 1.0, 0.2)), magnet]
    )
    kinds, starts, params = field.compiled.kinds, field.compiled.starts, field.compiled.params
    point = np.array([[0.3], [-0.2], [0.7], [1e-6]])
    block, out = np.empty((30, 1)), np.empty(30)
    em_block(kinds, starts, params, point, EM_GRAD, block, np.empty(SCRATCH))
    kernels.gradient_point(kinds, starts, params, *point[:, 0], kernels.gradient_workspace(), out)
    np.testing.assert_allclose(out, block[:, 0], rtol=1e-14)
    assert np.count_nonzero(out) >= 29


def test_the_equations_are_those_of_the_phase_space_lagrangian():
    # (A + m u b/q).dR - (gamma m c^2/q + phi) dt: q E* + q dR/dt x B* = m b du/dt, with A* and H by differences.
    rng = np.random.default_rng(3)
    R, t, u, mu = rng.uniform(-0.3, 0.3, size=3), 1.3e-6, 1.1e8, 2e-12
    q, m = LIGHT.charge, LIGHT.mass

    def potential(x, t):
        B = MIXED.B(x, t)
        return MIXED.A(x, t) + m * u / q * B / np.linalg.norm(B)

    def energy(x, t):
        strength = np.linalg.norm(MIXED.B(x, t))
        gamma = math.sqrt(1.0 + (u / C) ** 2 + 2.0 * mu * strength / (m * C**2))
        return gamma * m * C**2 / q + MIXED.electric_potential(x, t)

    axes = np.eye(3)
    jacobian = np.stack([derivative(lambda s, e=e: potential(R + s * e, t), 0.01) for e in axes], axis=-1)
    slope = np.array([derivative(lambda s, e=e: energy(R + s * e, t), 0.01) for e in axes])
    E_star = -slope - derivative(lambda s: potential(R, t + s), 2e-8)
    velocity, push = rates(MIXED, LIGHT, R, np.float64(u), mu, t)
    # v x curl A* = (grad A*).v - (v.grad) A*
    force = q * (E_star + (jacobian.T - jacobian) @ velocity)
    B = MIXED.B(R, t)
    b = B / np.linalg.norm(B)
    np.testing.assert_allclose(force, m * push * b, atol=1e-9 * np.linalg.norm(q * E_star))
    gamma = math.sqrt(1.0 + (u / C) ** 2 + 2.0 * mu * np.linalg.norm(B) / (m * C**2))
    assert velocity @ b == pytest.approx(u / gamma, rel=1e-14)
    assert gamma > 1.3
    assert np.linalg.norm(velocity - (velocity @ b) * b) > 3e6


def test_the_flow_keeps_the_volume_of_phase_space():
    R, t, u, mu = np.array([0.2, -0.1, 0.15]), 1.3e-6, 1.1e8, 2e-12

    def weight(x, t, u):
        g = MIXED.derivatives(x, t)
        B, strength = g["B"], np.linalg.norm(g["B"])
        curl = np.array([g["grad_B"][k - 1, k - 2] - g["grad_B"][k - 2, k - 1] for k in range(3)])
        return strength + LIGHT.mass * u / LIGHT.charge * (B @ curl) / strength**2

    def flow(x, t, u):
        velocity, push = rates(MIXED, LIGHT, x, np.float64(u), mu, t)
        return weight(x, t, u) * np.append(velocity, push)

    parts = [derivative(lambda s, k=k: flow(R + s * np.eye(3)[k], t, u)[k], 0.01) for k in range(3)]
    parts.append(derivative(lambda s: flow(R, t, u + s)[3], 1e6))
    parts.append(derivative(lambda s: weight(R, t + s, u), 2e-8))
    assert abs(sum(parts)) < 1e-8 * max(map(abs, parts))
    assert min(map(abs, parts)) > 1e-4 * max(map(abs, parts))


@pytest.mark.parametrize(("L", "degrees"), [(2.0, 20.0), (5.0, 45.0)])
def test_bounce_and_drift_of_a_proton_of_1_MeV_are_the_closed_forms(L, degrees):
    pitch = math.radians(degrees)
    period = bounce_period("proton", MEV, L, pitch, radius=RADIUS)
    rate = drift_rate("proton", MEV, L, pitch, radius=RADIUS, equatorial_field=FIELD)
    orbit = trace_guiding_centre(
        EARTH, "proton", *at_pitch(L, degrees), 40.9 * period, at="gyrocentre", events=[Mirror(), Equator()]
    )
    mirror, equator = orbit.events["mirror"], orbit.events["equator"]
    assert len(mirror) == 82
    assert len(equator) == 81
    np.testing.assert_allclose(np.diff(mirror.time), period / 2, rtol=1e-10)
    assert (mirror.time[-2] - mirror.time[0]) / 40 == pytest.approx(period, rel=3e-12)
    angle = np.unwrap(np.arctan2(mirror.position[:, 1], mirror.position[:, 0]))
    assert (angle[-2] - angle[0]) / (40 * period) == pytest.approx(rate, rel=1e-11)
    # It mirrors where B = energy/mu, and never leaves its shell.
    strength = np.linalg.norm(EARTH.B(mirror.position), axis=1)
    np.testing.assert_allclose(strength, strength[0], rtol=1e-11)
    r = np.linalg.norm(orbit.position, axis=1)
    np.testing.assert_allclose(r**3 / np.hypot(*orbit.position[:, :2].T) ** 2, L * RADIUS, rtol=1e-11)


def test_the_bounce_of_a_full_orbit_is_the_closed_form_to_second_order():
    errors = []
    for L in (3.0, 4.5):
        R, v = at_pitch(L, 45.0)
        _, u, mu = guiding_state(as_field(EARTH), PROTON, R, v, 0.0, "gyrocentre")
        x, v = particle_state(as_field(EARTH), PROTON, np.array(R), u, mu, 0.0, 0.0)
        period = bounce_period("proton", MEV, L, math.pi / 4, radius=RADIUS)

        def height(t, x, v):
            return gyrocentre(EARTH, "proton", x, v)[:, 2]

        orbit = trace(EARTH, "proton", x, v, 12.2 * period, events=height, times=[period])
        time = orbit.events["crossing"].time
        errors.append((time[-1] - time[0]) / (0.5 * (len(time) - 1) * period) - 1.0)
    # rho over the radius of curvature at the equator, p/(q B) over L R/3, goes as L^2.
    gamma = 1.0 + MEV / PROTON.rest_energy
    ratio = gamma * PROTON.mass * V / (PROTON.charge * FIELD) * 3.0 * 3.0**2 / RADIUS
    assert abs(errors[0]) < 0.3 * ratio**2
    assert math.log(errors[1] / errors[0]) / math.log(1.5) == pytest.approx(4.0, abs=0.5)


def test_energy_is_kept_over_a_thousand_bounces():
    state = at_pitch(4.0, 30.0)
    period = bounce_period("proton", MEV, 4.0, math.radians(30.0), radius=RADIUS)
    orbit = trace_guiding_centre(
        EARTH, "proton", *state, 1000 * period, at="gyrocentre", times=np.linspace(0, 1000 * period, 2001)
    )
    assert orbit.drift["energy"] < 3e-11
    assert orbit.energy[0] == pytest.approx(MEV, rel=1e-12)
    np.testing.assert_array_equal(orbit.mu, orbit.mu_gyrocentre)
    there = trace_guiding_centre(EARTH, "proton", *state, 3.3 * period, start=5.0, at="gyrocentre")
    u, mu, t = there.parallel_proper_velocity[-1], there.mu[-1], there.time[-1]
    x, v = there.position[-1], moving(there.field, PROTON, there.position[-1], u, mu, 0.0, t)
    back = trace_guiding_centre(EARTH, "proton", x, v, -3.3 * period, start=t, at="gyrocentre")
    assert back.time[-1] == pytest.approx(5.0, abs=1e-14)
    np.testing.assert_allclose(back.position[-1], state[0], atol=1e-9 * RADIUS)


@pytest.mark.parametrize(
    ("field", "species", "position", "velocity", "duration"),
    [
        (EARTH, PROTON, (3 * RADIUS, 0.0, 1e6), (1e5, 1e7, 1e7), 60.0),
        (Tokamak(2.0, 1.6, 1.1, 0.5), orbits.deuteron, (1.9, 0.1, 0.1), (8e5, 1e6, 3e5), 1e-3),
    ],
)
def test_axial_symmetry_keeps_the_canonical_angular_momentum(field, species, position, velocity, duration):
    orbit = trace_guiding_centre(field, species, position, velocity, duration)
    b = orbit.B / np.linalg.norm(orbit.B, axis=1)[:, None]
    kinetic = species.mass * orbit.parallel_proper_velocity[:, None] * b
    momentum = species.charge * as_field(field).A(orbit.position) + kinetic
    x, y = orbit.position[:, 0], orbit.position[:, 1]
    p_phi = x * momentum[:, 1] - y * momentum[:, 0]
    own = (
        np.max(np.abs(x * kinetic[:, 1] - y * kinetic[:, 0]))
        if isinstance(field, Tokamak)
        else np.abs(p_phi[0])
    )
    assert np.max(np.abs(p_phi - p_phi[0])) < 1e-10 * own
    assert orbit.drift["energy"] < 1e-10
    assert len(orbit) > 100


def test_along_the_orbit_the_parallel_energy_changes_by_minus_mu_dB_dt():
    bottle = ParaxialBottle(2.0, 0.5)
    orbit = trace_guiding_centre(bottle, "proton", (0.05, 0.0, 0.1), (1e5, 0.0, 2e5), 2e-5)
    t = np.linspace(2e-6, 1.8e-5, 9)

    def parallel_energy(s):
        x, v = orbit(t + s)
        B = bottle.B(x)
        return 0.5 * PROTON.mass * np.einsum("ij,ij->i", v, B) ** 2 / np.einsum("ij,ij->i", B, B)

    def strength(s):
        return np.linalg.norm(bottle.B(orbit(t + s)[0]), axis=1)

    gained, change = derivative(parallel_energy, 1e-7), -orbit.mu[0] * derivative(strength, 1e-7)
    # Nonrelativistic: gamma - 1 is 3e-7.
    np.testing.assert_allclose(gained, change, atol=2e-6 * np.max(np.abs(change)))


def test_a_growing_uniform_field_pulls_guiding_centres_in_with_the_flux():
    field = VaryingUniformField.exponential(1.0, 50.0)
    orbit = trace_guiding_centre(
        field, "electron", (0.3, 0.1, 0.0), (1e7, 0.0, 2e6), 0.02, start=0.01, at="gyrocentre"
    )
    np.testing.assert_allclose(
        np.hypot(*orbit.position[:, :2].T),
        math.hypot(0.3, 0.1) * np.exp(-25.0 * (orbit.time - 0.01)),
        rtol=1e-6,
    )
    assert orbit.drift == {}
    assert np.all(np.diff(orbit.energy) > 0.0)


def test_the_guiding_centre_of_a_particle_stays_that_of_its_full_orbit_to_second_order():
    position, velocity, end = (2.2 * RADIUS, 0.0, 2e6), (0.4 * V, 0.7 * V, 0.5 * V), 6.0
    wrong = {"particle": [], "gyrocentre": []}
    for multiple in (1.0, 2.0):
        species = orbits.Species(multiple * PROTON.charge, PROTON.mass)
        full = trace(EARTH, species, position, velocity, end, times=[end])
        centre = gyrocentre(EARTH, species, full.position[-1], full.velocity[-1])
        for at, errors in wrong.items():
            start = position if at == "particle" else gyrocentre(EARTH, species, position, velocity)
            orbit = trace_guiding_centre(EARTH, species, start, velocity, end, at=at, times=[end])
            errors.append(np.linalg.norm(orbit.position[-1] - centre))
    assert wrong["particle"][0] < 0.02 * RADIUS
    assert math.log2(wrong["particle"][0] / wrong["particle"][1]) > 1.7
    # With mu and p_par of lowest order, to first order.
    assert 0.7 < math.log2(wrong["gyrocentre"][0] / wrong["gyrocentre"][1]) < 1.3
    assert wrong["particle"][0] < 0.2 * wrong["gyrocentre"][0]


def test_a_particle_and_its_guiding_centre_are_inverse():
    field = as_field([EARTH, UniformE((1e-2, 2e-2, -1e-2))])
    R = np.array([[3e7, 0.0, 1e6], [2e7, -1e7, 3e6]])
    u, mu = np.array([1e7, -4e6]), np.array([1e-7, 3e-8])
    x, v = particle_state(field, PROTON, R, u, mu, np.array([0.3, 2.0]), 0.0)
    back = guiding_state(field, PROTON, x, v, 0.0, "particle")
    for found, wanted in zip(back, (R, u, mu), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-13 * np.max(np.abs(wanted)))
    assert np.all(np.linalg.norm(x - R, axis=1) > 5e4)
    # The energy is the same: gamma m c^2 + q phi, less that of the drift E x B.
    E, B = field.E(R), field.B(R)
    drift = np.linalg.norm(np.cross(E, B), axis=1) / np.einsum("ij,ij->i", B, B)
    own = energy_of(PROTON, u, mu, np.linalg.norm(B, axis=1)) + PROTON.charge * field.electric_potential(R)
    total = orbits.kinetic_energy(PROTON, v) + PROTON.charge * field.electric_potential(x)
    np.testing.assert_allclose(total - 0.5 * PROTON.mass * drift**2, own, rtol=1e-6)
    assert np.all(0.5 * PROTON.mass * drift**2 > 1e-5 * own)
    with pytest.raises(ValueError, match="rho/L is too large"):
        particle_state(field, PROTON, 5 * R, 2 * u, 1e3 * mu, 0.0, 0.0)


@numba.cfunc("void(CPointer(float64), CPointer(float64), CPointer(float64))")
def _half_space(txyz, params, result):
    for i in range(30):
        result[i] = 0.0 if txyz[3] < params[1] else np.nan
    result[2] = params[0]


def test_it_ends_where_the_field_does_and_where_there_is_no_guiding_centre():
    field = CompiledFunction(_half_space, [1e-3, 0.7], time_dependent=False, electric=False)
    with pytest.raises(GuidingCentreStopped, match=r"not defined \(nan\)") as caught:
        trace_guiding_centre(field, "proton", (0.0, 0.0, 0.0), (1e4, 0.0, 1e5), 1e-4)
    assert caught.value.orbit.status == "undefined field"
    assert 0.7 * (1 - 1e-6) < caught.value.orbit.position[-1, 2] < 0.7
    # In a twisted field E pushes p_par up to where B*_par = B (1 + (m u/q B) b.curl b) is zero: b.curl b = 1/m.
    tube = FluxTube.gold_hoyle(1e-3, 0.5) + UniformE((0.0, 0.0, -1e3))
    start = (0.0, 0.0, 0.0), (10.0, 0.0, 1e3)
    with pytest.warns(UserWarning, match="guiding centre not valid"):
        orbit = trace_guiding_centre(tube, "proton", *start, 1.0, at="gyrocentre", strict=False)
    assert orbit.status == "no guiding centre"
    assert "B*_par came to" in orbit.message
    critical = -1e-3 * PROTON.charge / PROTON.mass
    assert orbit.parallel_proper_velocity[-1] == pytest.approx(critical, rel=1e-4)


def test_what_the_orbit_tells():
    state = at_pitch(3.0, 60.0)
    orbit = trace_guiding_centre(EARTH, "proton", *state, 2.0, events=Plane((0, 0, 0), (0, 0, 1)), mu=3e-8)
    assert np.all(orbit.mu == 3e-8)
    np.testing.assert_array_equal(orbit(orbit.time)[0], orbit.position)
    np.testing.assert_allclose(orbit(orbit.time)[1], orbit.velocity, rtol=1e-14)
    b = orbit.B / np.linalg.norm(orbit.B, axis=1)[:, None]
    np.testing.assert_allclose(
        np.einsum("ij,ij->i", orbit.velocity, b), orbit.parallel_velocity, rtol=1e-12, atol=1e-8
    )
    np.testing.assert_allclose(np.tan(orbit.pitch_angle) ** 2 * orbit.parallel_proper_velocity**2,
                               2 * 3e-8 * np.linalg.norm(orbit.B, axis=1) / PROTON.mass, rtol=1e-9)  # fmt: skip
    np.testing.assert_allclose(orbit.energy, (orbit.gamma - 1.0) * PROTON.rest_energy, rtol=1e-11)
    assert orbit.adiabaticity.valid.all()
    dataset = orbit.to_xarray()
    assert dataset.parallel_velocity.attrs["units"] == "m/s"


def test_the_position_is_that_of_the_particle_as_for_the_full_orbit():
    uniform = UniformField((0.0, 0.0, 1.0))
    state = (1.0, 2.0, 3.0), (1e5, 0.0, 0.0)
    orbit = trace_guiding_centre(uniform, "proton", *state, 1.0)
    np.testing.assert_allclose(orbit.position[-1], gyrocentre(uniform, "proton", *state), rtol=1e-15)
    assert orbit.position[-1, 1] < 1.999
    still = trace_guiding_centre(uniform, "proton", *state, 1.0, at="gyrocentre", max_steps=np.int64(999))
    np.testing.assert_array_equal(still.position[-1], state[0])
    for w in (0.0, 1e5):
        along = trace_guiding_centre(uniform, "proton", state[0], (0.0, 0.0, w), 1e-3)
        np.testing.assert_allclose(along.position[-1], (1.0, 2.0, 3.0 + 1e-3 * w), rtol=1e-14)


def test_where_there_is_no_guiding_centre_it_warns_once_and_says_where():
    v = float(speed("proton", 100.0 * MEV)) * np.array([0.0, math.sin(1.0), math.cos(1.0)])
    with pytest.warns(UserWarning, match=r"not valid: rho/L = \d\.\d+ at t = .* s \(limit 0\.1\)") as caught:
        orbit = trace_guiding_centre(EARTH, "proton", (8.0 * RADIUS, 0.0, 0.0), v, 3.0)
    assert len(caught) == 1
    said = float(str(caught[0].message).split("rho/L = ")[1].split()[0])
    largest = orbit.adiabaticity.largest
    assert said == pytest.approx(np.max(largest), rel=0.05)
    assert caught[0].filename == __file__
    # The start is looked at too where it is no sample.
    best = orbit.time[np.argmin(largest)]
    with pytest.warns(UserWarning, match=f"rho/L = {largest[0]:.3g} at t = 0 s"):
        trace_guiding_centre(EARTH, "proton", (8.0 * RADIUS, 0.0, 0.0), v, best, times=[best])


@pytest.mark.parametrize("E", [0.0, 0.3])
def test_a_particle_of_a_guiding_centre_moves_in_the_frame_of_its_drift(E):
    # What `moving` boosts to the laboratory, the four-dimensional split of `guiding_state` takes apart.
    field = as_field([UniformField((0.0, 0.0, 1e-3)), UniformE((0.0, E * C * 1e-3, 0.0))])
    u, mu = np.float64(3e9), np.float64(2e-10)
    v = moving(field, orbits.electron, np.zeros(3), u, mu, np.float64(0.4), 0.0)
    _, its_u, its_mu = guiding_state(field, orbits.electron, np.zeros(3), v, 0.0, "gyrocentre")
    # gamma = 11 costs digits: 1 - v^2/c^2
    assert its_u == pytest.approx(u, rel=1e-12)
    assert its_mu == pytest.approx(mu, rel=1e-11)


@pytest.mark.parametrize("part", [0.0, 0.3, 1.6, 2.5, 5.0])
def test_guiding_centres_almost_along_the_field_have_particles_of_their_energy(part):
    # By second order a particle along a bent line has a mu: no particle has less at every phase.
    field, R, u = as_field(EARTH), np.array([3e7, 0.0, 1e6]), np.full(6, 2e7)
    aligned = moving(field, PROTON, R, u[0], np.float64(0.0), np.float64(0.0), 0.0)
    least = guiding_state(field, PROTON, R, aligned, 0.0, "particle")[2]
    mu, phase = np.full(6, part * least), np.arange(6.0)
    state = particle_state(field, PROTON, np.tile(R, (6, 1)), u, mu, phase, 0.0)
    centre, its_u, its_mu = guiding_state(field, PROTON, *state, 0.0, "particle")
    B = np.linalg.norm(field.B(R))
    np.testing.assert_allclose(centre, np.tile(R, (6, 1)), atol=1e-6)
    np.testing.assert_allclose(energy_of(PROTON, its_u, its_mu, B), energy_of(PROTON, u, mu, B), rtol=1e-12)
    np.testing.assert_allclose(its_mu, mu, atol=1.1 * least if part < 2.0 else 1e-9 * least)


def test_an_orbit_that_stopped_survives_a_pickle():
    field = as_field(EARTH)
    with pytest.raises(GuidingCentreStopped) as caught:
        trace_guiding_centre(field, "proton", *at_pitch(3.0, 60.0), 60.0, max_steps=3)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == str(caught.value)
    np.testing.assert_array_equal(copy.orbit.position, caught.value.orbit.position)
    time = 0.4 * copy.orbit.time[-1]
    np.testing.assert_array_equal(copy.orbit(time), caught.value.orbit(time))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"at": "here"}, "at must be"),
        ({"mu": -1.0}, "mu must not be negative"),
        ({"velocity": (C, 0.0, 0.0)}, "velocity must be"),
        ({"position": (0.0, 0.0, 0.0)}, "position must be where B is defined"),
        ({"duration": 0.0}, "duration must not be zero"),
        ({"rtol": 2.0}, "rtol must lie"),
        ({"max_step": -1.0}, "max_step must be positive"),
        ({"max_steps": 0}, "max_steps must be a positive integer"),
        ({"max_steps": 1.5}, "max_steps must be a positive integer"),
        ({"times": [3.0]}, "times must lie"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(change, message):
    arguments = {"position": (3e7, 0.0, 0.0), "velocity": (0.0, 3e6, 4e6), "duration": 1.0}
    with pytest.raises(ValueError, match=message):
        trace_guiding_centre(EARTH, "proton", **(arguments | change))
