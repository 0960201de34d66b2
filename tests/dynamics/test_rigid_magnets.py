"""Rigid magnets: the order of the steps, what they conserve, free rotation in closed form, contact and drag."""

import warnings

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from scipy.special import ellipj

from magneton import CircularLoop, Cuboid, Dipole, Dipoles, UniformField, constants, interaction
from magneton.dynamics.rigid_bodies import RigidBody
from magneton.dynamics.rigid_magnets import RigidMagnets

G = 9.80665
BRICK = RigidBody.cuboid(0.01, [0.01, 0.013, 0.02], moment=[0, 0, 0.5])


def scatter(body=BRICK, **others):
    """Return two magnets that fly past each other and turn."""
    return RigidMagnets(
        [body, body],
        [[-0.1, 0, 0], [0.1, 0.04, 0.01]],
        velocity=[[1, 0, 0], [-1, 0, 0]],
        angular_velocity=[[10, 20, 30], [30, 20, -10]],
        **others,
    )


@pytest.mark.parametrize(("order", "dt"), [(2, 2e-4), (4, 8e-4), (6, 1.6e-3)])
def test_error_and_energy_fall_with_the_order(order, dt):
    exact = scatter().run(0.3, dt=1e-4, order=6).states[-1]
    runs = [scatter().run(0.3, dt=step, order=order) for step in (dt, dt / 2)]
    errors = [np.abs(run.states[-1] - exact).max() for run in runs]
    drifts = [run.certificate.drift["energy"].relative for run in runs]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.4)
    assert np.log2(drifts[0] / drifts[1]) == pytest.approx(order, abs=0.6)


def test_a_scatter_keeps_momenta_to_rounding_and_energy_without_drift():
    motion = scatter().run(20.0, dt=1e-4)
    drift = motion.certificate.drift
    assert set(drift) == {"energy", "quaternion norm", "momentum", "angular momentum"}
    assert drift["momentum"].relative < 1e-15
    assert drift["angular momentum"].relative < 1e-11
    assert drift["quaternion norm"].relative < 1e-15
    kept = motion.energy - motion.energy[0]
    assert drift["energy"].relative < 1e-6
    # Once they have parted the error stays what it was.
    assert np.ptp(kept[20:]) < 0.02 * np.abs(kept).max()
    assert np.linalg.norm(motion.velocity[-1] - motion.velocity[0]) > 0.05


def test_the_certificate_counts_from_the_start():
    one = scatter().run(0.1, dt=1e-3, times=[0.1])
    all_ = scatter().run(0.1, dt=1e-3)
    changed = np.abs(all_.energy[-1] - all_.energy[0])
    drift = one.certificate.drift["energy"]
    assert drift.relative * drift.scale == pytest.approx(changed, rel=1e-9)
    assert one.certificate.steps == {"steps": 100}


def test_a_run_into_a_place_without_a_field_says_so():
    weak = RigidBody(1.0, 1.0, moment=[0, 0, 1e-200])  # it flies straight on
    into = RigidMagnets(weak, [0, 0, 0], velocity=[0, 0, 1], external=Dipole([0, 0, 1], [0, 0, 0.125]))
    with pytest.raises(RuntimeError, match="the motion is undefined before"):
        into.run(0.25, dt=0.0625)


def test_energy_from_nowhere_is_warned_of():
    needle = RigidBody(1e-3, 2e-7, moment=[0.1, 0, 0], fixed=True, hinge=[0, 0, 1])
    start = Rotation.from_rotvec([0, 0, 0.5])
    compass = RigidMagnets(needle, [0, 0, 0], start, external=UniformField([2e-5, 0, 0]))
    with pytest.warns(UserWarning, match="dt is long, or bodies come too near each other"):
        compass.run(10.0, dt=5.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        motion = compass.run(1.0, dt=0.01)
    assert motion.certificate.drift["energy"].relative > 0.0
    with pytest.raises(ValueError, match="body must be below the number of bodies, 1, got 1"):
        motion.rotation(1)


def test_two_moments_at_one_place_are_refused():
    bodies = [BRICK, RigidBody(1.0, 1.0, moment=[0, 0, 1], moment_position=[0, 0, 0.5])]
    turned = Rotation.from_matrix([np.eye(3), np.diag([-1.0, 1.0, -1.0])])
    with pytest.raises(ValueError, match=r"bodies\[0\] and bodies\[1\] must not have moments at one place"):
        RigidMagnets(bodies, [[0, 0, -0.5], [0, 0, 0]], turned)


@pytest.mark.parametrize(
    ("bodies", "external"), [([BRICK, BRICK], None), ([BRICK], Dipole([0, 0, 1], [0, 0, 1e-80]))]
)
def test_forces_that_are_not_finite_at_the_start_are_refused(bodies, external):
    system = RigidMagnets(bodies, [[0, 0, 1e-80], [0, 0, 0]][: len(bodies)], external=external)
    for act in (system.forces, lambda: system.run(1.0, dt=0.1)):
        with pytest.raises(ValueError, match=r"position\[0\] must be where the field is defined and finite"):
            act()


def test_radii_of_two_add_up():
    large, small = RigidBody.ball(1.0, 0.03), RigidBody.ball(1.0, 0.01)
    for bodies in ([large, small], [small, large]):
        RigidMagnets(bodies, [[0, 0, 0], [0, 0, 0.041]])
        with pytest.raises(ValueError, match=r"overlap by 0\.001 m"):
            RigidMagnets(bodies, [[0, 0, 0], [0, 0, 0.039]])


def test_a_hinge_aslant_of_the_principal_axes_lets_through_what_is_along_it():
    turn, hinge = Rotation.from_rotvec([0.3, -0.8, 0.5]).as_matrix(), np.array([2.0, -1.0, 2.0]) / 3.0
    tensor = turn @ np.diag([3.0, 1.0, 2.5]) @ turn.T
    body = RigidBody(1.0, tensor, moment=[1.0, 2.0, 0.5], fixed=True, hinge=hinge)
    system = RigidMagnets(body, [0, 0, 0], external=UniformField([0.3, 0.1, -0.4]))
    torque = hinge @ np.cross([1.0, 2.0, 0.5], [0.3, 0.1, -0.4])
    motion = system.run(1e-4, dt=1e-4)
    wanted = torque / (hinge @ tensor @ hinge) * 1e-4 * hinge
    np.testing.assert_allclose(motion.angular_velocity[-1, 0], wanted, rtol=1e-6)


def test_a_pendulum_on_an_aslant_hinge_swings_by_jacobis_functions():
    arm, start = np.array([0.02, -0.06, 0.03]), 2.0
    body = RigidBody.cuboid(0.3, [0.1, 0.2, 0.05], fixed=True, hinge=[1, 0, 2], centre_of_mass=arm)
    hinge, down = body.hinge, arm - (arm @ body.hinge) * body.hinge
    length = np.linalg.norm(down)
    gravity = 9.8 * down / length + 5.0 * hinge  # the bearing takes what is along the hinge
    # About the hinge: that of the cuboid's edges, and Steiner's part.
    inertia = 0.3 / 12 * (hinge**2 @ [0.2**2 + 0.05**2, 0.1**2 + 0.05**2, 0.1**2 + 0.2**2]) + 0.3 * length**2
    system = RigidMagnets(body, [1, 2, 3], Rotation.from_rotvec(start * hinge), gravity=gravity)
    motion = system.run(2.0, dt=5e-3, order=6)
    rate, k = np.sqrt(0.3 * 9.8 * length / inertia), np.sin(0.5 * start)
    _, cn, dn, _ = ellipj(rate * motion.time, k * k)
    angle = 2 * np.arcsin(k * cn / dn)
    np.testing.assert_allclose(motion.rotation().as_rotvec() @ hinge, angle, atol=1e-9)
    lifted = 0.3 * 9.8 * length * (1 - np.cos(angle)) - 0.3 * gravity @ arm
    np.testing.assert_allclose(motion.gravitational_energy, lifted, atol=1e-10)
    assert motion.certificate.drift["energy"].relative < 1e-10


def test_a_heavy_top_on_a_pivot_precesses_steadily():
    # Landau & Lifshitz, Mechanics, sec. 35: I_1 W^2 cos(theta) - I_3 w_3 W + m g l = 0.
    mass, arm, theta, precession = 0.1, 0.03, 0.6, 4.0
    top = RigidBody.disc(mass, 0.03, 0.004, fixed=True, centre_of_mass=[0, 0, arm])
    across = mass * (0.03**2 / 4 + 0.004**2 / 12 + arm**2)
    along = 0.5 * mass * 0.03**2
    spin = (across * precession**2 * np.cos(theta) + mass * G * arm) / (along * precession)
    tilt = Rotation.from_rotvec([0, theta, 0])
    axis = tilt.apply([0, 0, 1])
    omega = np.array([0, 0, precession]) + (spin - precession * np.cos(theta)) * axis
    system = RigidMagnets(top, [0, 0, 0], tilt, angular_velocity=omega, gravity=[0, 0, -G])
    motion = system.run(1.5, dt=1e-3, order=4)
    turned = Rotation.from_rotvec(np.outer(precession * motion.time, [0, 0, 1])).apply(axis)
    np.testing.assert_allclose(motion.rotation().apply([0, 0, 1]), turned, atol=1e-6)


def test_extended_bodies_that_come_to_overlap_say_when_and_what_helps(monkeypatch):
    magnet = Cuboid((0.01, 0.01, 0.01), polarization=(0, 0, 1.0))
    body = RigidBody.cuboid(0.0075, (0.01, 0.01, 0.01), source=magnet)
    pair = RigidMagnets([body, body], [[0, 0, 0], [0, 0, 0.032]], velocity=[[0, 0, 0], [0, 0, -1.0]])
    stepper = pair._stepper
    at_start = np.zeros((2, 6)), 0.0  # as if too far apart to matter, so that nothing is integrated
    real = stepper._loads
    monkeypatch.setattr(stepper, "_loads", lambda s: real(s) if s[1, 2] < 0.01 else at_start)
    with pytest.raises(RuntimeError, match=r"came to overlap before 0.02\d* s .*must not overlap.*radius"):
        pair.run(0.05, dt=5e-3)


def test_backwards_they_go_back():
    there = scatter().run(0.2, dt=5e-4, order=4)
    end = {"position": there.position[-1], "orientation": Rotation.from_quat(there.orientation[-1])}
    back = RigidMagnets(
        [BRICK, BRICK], velocity=-there.velocity[-1], angular_velocity=-there.angular_velocity[-1], **end
    ).run(0.2, dt=5e-4, order=4)
    np.testing.assert_allclose(back.position[-1], there.position[0], atol=1e-14)
    np.testing.assert_allclose(back.angular_velocity[-1], -there.angular_velocity[0], atol=1e-10)


def test_loads_are_those_of_moments_and_balance():
    rng = np.random.default_rng(5)
    moments, places = rng.normal(size=(3, 2, 3)), 0.1 * rng.normal(size=(3, 2, 3))
    bodies = [RigidBody(1.0, [1.0, 1.2, 0.9], m, r) for m, r in zip(moments, places, strict=True)]
    turns, position = Rotation.random(3, random_state=1), rng.normal(size=(3, 3))
    system = RigidMagnets(bodies, position, turns)
    m = np.array([turns[i].apply(moments[i]) for i in range(3)])
    r = np.array([turns[i].apply(places[i]) for i in range(3)])
    for i in range(3):
        others = [j for j in range(3) if j != i]
        field = Dipoles(m[others].reshape(-1, 3), (position[:, None] + r)[others].reshape(-1, 3))
        at = position[i] + r[i]
        force = np.einsum("kji,kj->ki", field.grad_B(at), m[i])
        torque = np.cross(m[i], field.B(at)) + np.cross(r[i], force)
        np.testing.assert_allclose(system.forces()[i], force.sum(axis=0), rtol=1e-12)
        np.testing.assert_allclose(system.torques()[i], torque.sum(axis=0), rtol=1e-12)
    size = np.abs(system.forces()).max()
    np.testing.assert_allclose(system.forces().sum(axis=0), 0.0, atol=1e-15 * size)
    total = (np.cross(position, system.forces()) + system.torques()).sum(axis=0)
    np.testing.assert_allclose(total, 0.0, atol=1e-14 * size)


def test_a_field_from_outside_acts_by_its_gradient():
    coil, uniform = CircularLoop(0.1, 300.0, [0, 0, 0.02]), UniformField([1e-5, 2e-5, 3e-5])
    place, turn = np.array([0.03, 0.02, 0.05]), Rotation.from_rotvec([0.3, -0.5, 0.7])
    system = RigidMagnets(BRICK, place, turn, external=[coil, uniform, Dipole([0, 0, 3.0], [0, 0.1, 0.3])])
    m, field = turn.apply([0, 0, 0.5]), system.external
    np.testing.assert_allclose(system.forces()[0], field.grad_B(place).T @ m, rtol=1e-13)
    np.testing.assert_allclose(system.torques()[0], np.cross(m, field.B(place)), rtol=1e-13)
    energy = system.run(1e-6, dt=1e-6).magnetic_energy[0]
    assert energy == pytest.approx(-m @ field.B(place), rel=1e-13)


def test_free_rotation_about_the_middle_axis_is_jacobis():
    # Landau & Lifshitz, Mechanics, sec. 37: about the axes of I_1 < I_2 < I_3, L^2 > 2 T I_2.
    i1, i2, i3 = 1.0, 1.6, 2.2
    start = np.array([2.0, 0.0, 2.0 * np.sqrt(i1 * (i2 - i1) / (i3 * (i3 - i2))) + 1e-4])
    twice_t, l2 = i1 * start[0] ** 2 + i3 * start[2] ** 2, (i1 * start[0]) ** 2 + (i3 * start[2]) ** 2
    assert l2 > twice_t * i2
    rate = np.sqrt((i3 - i2) * (l2 - twice_t * i1) / (i1 * i2 * i3))
    k2 = (i2 - i1) * (twice_t * i3 - l2) / ((i3 - i2) * (l2 - twice_t * i1))
    assert 1.0 - k2 < 1e-3  # it stays near the middle axis for long, and then turns over
    axes = Rotation.from_rotvec([0.4, -1.1, 0.8])
    tensor = axes.as_matrix() @ np.diag([i1, i2, i3]) @ axes.as_matrix().T
    motion = RigidMagnets(RigidBody(1.0, tensor), [0, 0, 0], angular_velocity=axes.apply(start)).run(
        30.0, dt=2e-3, order=6
    )
    own = axes.inv().apply(motion.rotation().inv().apply(motion.angular_velocity[:, 0]))
    sn, cn, dn, _ = ellipj(rate * motion.time, k2)
    middle = np.sqrt((twice_t * i3 - l2) / (i2 * (i3 - i2)))
    expected = np.stack([start[0] * cn, middle * sn, start[2] * dn], axis=-1)
    assert expected[:, 1].min() < -1.6
    assert expected[:, 1].max() > 1.6
    np.testing.assert_allclose(own, expected, rtol=0.0, atol=3e-9)
    momentum = motion.angular_momentum
    np.testing.assert_allclose(momentum, np.tile(momentum[0], (len(momentum), 1)), rtol=1e-15)


def test_a_top_without_torque_turns_exactly():
    body = RigidBody.disc(0.02, 0.015, 0.01)
    omega = np.array([3.0, 1.0, 40.0])
    motion = RigidMagnets(body, [0, 0, 0], angular_velocity=omega).run(10.0, dt=2.5)
    across, along = body.principal_inertia[0], body.principal_inertia[2]
    momentum = np.array([across, across, along]) * omega
    own = Rotation.from_rotvec([0, 0, 10.0 * omega[2] * (1.0 - along / across)])
    exact = Rotation.from_rotvec(10.0 * momentum / across) * own
    assert (motion.rotation()[-1] * exact.inv()).magnitude() < 1e-12


def test_places_do_not_collect_rounding():
    ball = RigidBody.ball(0.01, 0.01)
    motion = RigidMagnets(ball, [1, 2, 3], velocity=[0.1, 0.2, -0.3]).run(1.0, dt=1e-5, times=[1.0])
    np.testing.assert_allclose(motion.position[0, 0], [1.1, 2.2, 2.7], rtol=4e-16)


def test_contact_is_found_and_the_energy_released_is_kinetic():
    ball = RigidBody.ball(0.004, 0.005, moment=[0, 0, 0.3])
    motion = RigidMagnets([ball, ball], [[0, 0, -0.02], [0, 0, 0.02]]).run(10.0, dt=1e-4, order=6)
    contact = motion.contact
    assert contact.bodies == (0, 1)
    assert 0.0 <= np.linalg.norm(motion.position[-1, 1] - motion.position[-1, 0]) - 0.01 < 1e-15
    released = 2e-7 * 0.3**2 * (1 / 0.01**3 - 1 / 0.04**3) * float(constants.mu_0) / (4e-7 * np.pi)
    assert motion.kinetic_energy[-1] == pytest.approx(released, rel=1e-9)
    assert 0.002 * contact.approach_speed**2 / 2 == pytest.approx(released, rel=1e-9)
    # z'' of the reduced mass under U ~ -1/z^3: the time of the fall, by quadrature of z = 0.04 (1 - s^2).
    s, w = np.polynomial.legendre.leggauss(60)
    s, w = 0.5 * np.sqrt(0.75) * (s + 1), 0.5 * np.sqrt(0.75) * w
    z = 0.04 * (1 - s**2)
    u = 2.0 / 0.002 * 2e-7 * 0.3**2 * float(constants.mu_0) / (4e-7 * np.pi)
    ratio = (1 / z**3 - 1 / 0.04**3) / s**2  # smooth: 3/0.04^3 at s = 0
    assert contact.time == pytest.approx(np.sum(w * 0.08 / np.sqrt(u * ratio)), rel=1e-8)


def test_what_drag_takes_is_heat():
    slowed = RigidBody.cuboid(
        0.01, [0.01, 0.013, 0.02], moment=[0, 0, 0.5], linear_drag=0.03, angular_drag=2e-6
    )
    motion = scatter(slowed, gravity=[0, 0, -G]).run(0.5, dt=2e-4, order=6)
    budget = motion.energy + motion.heat
    np.testing.assert_allclose(budget, budget[0], atol=1e-12 * np.ptp(motion.heat))
    assert motion.heat[-1] > 0.5 * (motion.kinetic_energy[0] + motion.rotational_energy[0])
    assert (np.diff(motion.heat) > 0.0).all()
    # A ball that falls through a viscous medium: v = v_end (1 - exp(-c t/m)), whatever the step's order.
    ball = RigidBody.ball(0.01, 0.01, linear_drag=0.05, angular_drag=1e-6)
    fall = RigidMagnets(ball, [0, 0, 0], angular_velocity=[0, 0, 7], gravity=[0, 0, -G]).run(
        1.0, dt=1e-3, order=4
    )
    end = -0.01 * G / 0.05 * -np.expm1(-0.05 / 0.01)
    assert fall.velocity[-1, 0, 2] == pytest.approx(end, rel=1e-11)
    decayed = 7 * np.exp(-1e-6 / ball.principal_inertia[0])
    assert fall.angular_velocity[-1, 0, 2] == pytest.approx(decayed, rel=1e-11)


def test_extended_sources_act_as_they_are_and_keep_what_they_should():
    coil = CircularLoop(0.02, 500.0, [0.001, 0, 0])
    moment = coil.moment
    wound = RigidBody.disc(0.01, 0.02, 0.002, source=coil)
    place, turn = [[0, 0, 0], [0.01, 0, 0.05]], Rotation.from_rotvec([[0, 0.2, 0], [0.3, 0, 0]])
    system = RigidMagnets([wound, wound], place, turn, velocity=[[0, 0, 0], [-0.3, 0, 0]], rtol=1e-9)
    a = coil.rotated(turn[0])
    b = coil.rotated(turn[1]).translated(place[1])
    pair = interaction(a, b, pivot=place[1], rtol=1e-10)
    np.testing.assert_allclose(system.forces()[1], pair.force, rtol=1e-7)
    np.testing.assert_allclose(system.torques()[1], pair.torque, rtol=1e-7)
    point = RigidBody.disc(0.01, 0.02, 0.002, moment=moment, moment_position=[0.001, 0, 0])
    as_points = RigidMagnets([point, point], place, turn).forces()
    assert np.abs(system.forces() - as_points).max() > 0.05 * np.abs(as_points).max()
    with_radii = RigidBody.disc(0.01, 0.02, 0.002, source=coil, radius=0.02)
    hit = RigidMagnets(
        [with_radii, with_radii], [[0, 0, 0], [0, 0, 0.0401]], velocity=[[0, 0, 0], [0, 0, -0.1]], rtol=1e-6
    )
    met = hit.run(0.1, dt=1e-3)
    assert 0.0 <= np.ptp(met.position[-1, :, 2]) - 0.04 < 1e-16
    assert met.time[-1] == met.contact.time < 1e-3
    drifts = []
    for dt in (5e-3, 2.5e-3):
        drift = system.run(0.02, dt=dt).certificate.drift
        drifts.append(drift["energy"].relative)
        assert drift["momentum"].relative < 1e-14
        assert drift["angular momentum"].relative < 1e-7
    assert drifts[0] / drifts[1] == pytest.approx(4.0, rel=0.3)


def test_a_spinning_top_levitates_above_a_ring_within_a_window_of_spin():
    # B'^2/2B > B'' > 0 on the axis: between 1/2 and sqrt(2/5) radii above a loop.
    base, height, m = CircularLoop(0.05, -1081.0), 0.0285, 0.9
    weight = m * base.grad_B([0, 0, height])[2, 2] / G

    def lost(turns, mass=weight):
        top = RigidBody.disc(mass, 0.015, 0.004, moment=[0, 0, m])
        start = Rotation.from_rotvec([0.0, 0.02, 0.0])
        spin = start.apply([0, 0, 2 * np.pi * turns])
        hanging = RigidMagnets(top, [0.0003, 0, height], start, None, spin, base, [0, 0, -G])
        places = hanging.run(3.0, dt=1e-3, order=4).position[:, 0]
        return bool((np.linalg.norm(places - [0, 0, height], axis=1) > 0.01).any())

    assert [lost(turns) for turns in (8, 20, 60)] == [True, False, True]
    assert [lost(20, weight * part) for part in (0.9, 1.03)] == [True, True]


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"mass": 0.0}, "mass must be positive, got 0"),
        ({"fixed": "yes"}, "fixed must be True or False, got 'yes'"),
        ({"inertia": [1, 1, 3]}, "inertia must not exceed about one axis the sum"),
        ({"inertia": [[1, 0.1, 0], [0, 1, 0], [0, 0, 1]]}, "inertia must be symmetric"),
        ({"moment": [1, 0, 0], "source": Dipole([1, 0, 0])}, "moment and source must not both"),
        (
            {"centre_of_mass": [0, 0, 1]},
            "centre_of_mass must be the origin of a body whose place is not fixed",
        ),
        ({"centre_of_mass": [0, 0, 1], "fixed": True}, r"inertia must be that about the pivot, m c\^2"),
        (
            {"centre_of_mass": [1, 0.1, 0], "fixed": True, "hinge": [0, 0, 1]},
            r"inertia must be that about the pivot, m c\^2",
        ),
        ({"angular_drag": -1.0}, "angular_drag must not be negative, got -1"),
    ],
)
def test_bodies_say_what_is_wrong(given, text):
    with pytest.raises(ValueError, match=text):
        RigidBody(**{"mass": 1.0, "inertia": 1.0} | given)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"position": [[0, 0, 0], [0.01, 0, 0]]}, r"bodies\[0\] and bodies\[1\] must not touch at the start"),
        ({"position": [0, 0, 0]}, r"position must have shape \(2, 3\), got shape \(3,\)"),
        ({"velocity": [[0, 0, 1], [0, 0, 0]]}, r"velocity\[0\] must be zero, its body is fixed"),
        (
            {"angular_velocity": [[0, 0, 1], [0, 0, 0]]},
            r"angular_velocity\[0\] must be along the body's hinge",
        ),
        ({"orientation": [0, 0, 0, 1]}, "orientation must be a scipy Rotation"),
        ({"external": 3}, "external must be a source"),
    ],
)
def test_systems_say_what_is_wrong(given, text):
    bodies = [RigidBody.ball(1.0, 0.01, fixed=True, hinge=[1, 0, 0]), RigidBody.ball(1.0, 0.01)]
    with pytest.raises(ValueError, match=text):
        RigidMagnets(**{"bodies": bodies, "position": [[0, 0, 0], [1, 0, 0]]} | given)
