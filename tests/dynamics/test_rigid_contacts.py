"""Rigid magnets that bounce, that fields drive, and whose runs are interrupted."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import CircularLoop, UniformField
from magneton.dynamics.rigid_bodies import RigidBody
from magneton.dynamics.rigid_magnets import RigidMagnets
from magneton.dynamics.terms.waveforms import FieldPulse, Ramp, Rotating, Sine, Waveform

G = 9.80665


def test_a_bouncing_ball_meets_the_floor_when_it_should_and_comes_to_rest():
    e, height, mass = 0.8, 0.1, 0.01
    floor, ball = RigidBody.ball(1.0, 0.5, fixed=True), RigidBody.ball(mass, 0.01)
    system = RigidMagnets(
        [floor, ball], [[0, 0, -0.5], [0, 0, 0.01 + height]], gravity=[0, 0, -G], restitution=e
    )
    motion = system.run(5.0, dt=1e-3, order=4)
    first, speed = np.sqrt(2 * height / G), np.sqrt(2 * height * G)
    flights = 2 * speed / G * e ** np.arange(1, 40)
    due = first + np.append(0.0, np.cumsum(flights))
    times = np.array([contact.time for contact in motion.contacts])
    assert 20 < len(times) < 40
    np.testing.assert_allclose(times[:-1], due[: len(times) - 1], rtol=1e-12)
    np.testing.assert_allclose(
        [contact.approach_speed for contact in motion.contacts[:20]], speed * e ** np.arange(20), rtol=1e-9
    )
    assert motion.contacts[0].heat == pytest.approx(mass * G * height * (1 - e**2), rel=1e-12)
    # At the end the ball rests on the floor, and all that it had is heat.
    assert motion.contact is motion.contacts[-1]
    assert motion.time[-1] == motion.contact.time < 5.0
    assert not motion.velocity[-1, 1].any()
    assert motion.heat[-1] == pytest.approx(mass * G * height, rel=1e-12)
    assert motion.certificate.drift["energy"].relative < 1e-12


@pytest.mark.parametrize("order", [0, 1])
def test_a_contact_within_rounding_of_a_steps_end_is_one(order):
    balls = [RigidBody.ball(1e-3, 6e-3), RigidBody.ball(1e-3, 4e-3)][:: 1 - 2 * order]
    system = RigidMagnets(balls, [[0, 0, 0], [0.02, 0, 0]], velocity=[[0, 0, 0], [-1, 0, 0]], restitution=0.5)
    motion = system.run(0.04, dt=1e-3)
    assert [contact.time for contact in motion.contacts] == [pytest.approx(0.01, rel=1e-14)]
    np.testing.assert_allclose(motion.position[-1, :, 0], [-0.0225, 0.0025], rtol=1e-13)
    # Those that overlap at a step's end by more, and part since they have passed each other, have met before.
    fast = RigidMagnets(balls, [[0, 0, 0], [0.02, 0, 0]], velocity=[[0, 0, 0], [-25, 0, 0]], restitution=0.5)
    assert fast.run(1e-3, dt=1e-3).contacts[0].time == pytest.approx(4e-4, rel=1e-13)


def test_smooth_bodies_exchange_momentum_along_their_line_of_centres():
    light, heavy = RigidBody.ball(1.0, 0.1), RigidBody.ball(3.0, 0.1)
    offset = 0.2 * np.sin(0.5)  # at contact the line of centres is 0.5 rad from the velocity
    for e in (1.0, 0.4):
        system = RigidMagnets(
            [light, heavy],
            [[-1, 0, 0], [0, -offset, 0]],
            velocity=[[2, 0, 0], [0, 0, 0]],
            angular_velocity=[[0, 0, 5], [0, 0, 0]],
            restitution=e,
        )
        motion = system.run(1.0, dt=0.013)
        normal = np.array([np.cos(0.5), -np.sin(0.5), 0.0])
        impulse = (1 + e) * 2.0 * np.cos(0.5) * 0.75 * normal
        np.testing.assert_allclose(
            motion.velocity[-1], [[2, 0, 0] - impulse, impulse / 3], rtol=0, atol=1e-14
        )
        np.testing.assert_allclose(motion.angular_velocity[-1], [[0, 0, 5], [0, 0, 0]], rtol=1e-15)
        assert motion.heat[-1] == pytest.approx((1 - e**2) * 0.375 * (2.0 * np.cos(0.5)) ** 2, abs=1e-15)
        assert motion.contact is None
        assert motion.contacts[0].time == pytest.approx((1 - 0.2 * np.cos(0.5)) / 2, rel=1e-14)
        drift = motion.certificate.drift
        assert max(drift[name].relative for name in ("energy", "momentum", "angular momentum")) < 1e-14


def test_two_magnets_that_meet_with_no_restitution_stay_and_their_energy_is_heat():
    ball = RigidBody.ball(0.004, 0.005, moment=[0, 0, 0.3])
    place = [[0, 0, -0.02], [0, 0, 0.02]]
    free = RigidMagnets([ball, ball], place).run(10.0, dt=1e-4, order=6)
    held = RigidMagnets([ball, ball], place, restitution=0.0).run(10.0, dt=1e-4, order=6)
    assert held.contact.time == free.contact.time
    assert held.contact.heat == held.heat[-1] == pytest.approx(free.kinetic_energy[-1], rel=1e-12)
    assert free.contact.heat == free.heat[-1] == 0.0
    assert held.kinetic_energy[-1] < 1e-20
    # Extended sources bounce as well, here once before they rest.
    coil = RigidBody.disc(0.01, 0.02, 0.002, source=CircularLoop(0.02, 500.0), radius=0.02)
    wound = RigidMagnets([coil, coil], [[0, 0, 0], [0, 0, 0.0405]], rtol=1e-3, restitution=0.1)
    met = wound.run(0.2, dt=5e-3)
    assert [contact.bodies for contact in met.contacts] == [(0, 1), (0, 1)]
    assert met.contacts[1].approach_speed == pytest.approx(0.1 * met.contacts[0].approach_speed, rel=1e-2)
    assert met.certificate.drift["energy"].relative < 1e-2


def test_a_needle_follows_a_turning_field_and_its_work_is_heat():
    m, B, f, drag, inertia = 0.1, 2e-5, 0.1, 1e-6, 2e-7
    needle = RigidBody(1e-3, inertia, moment=[m, 0, 0], fixed=True, hinge=[0, 0, 1], angular_drag=drag)
    w = 2 * np.pi * f
    lag = np.arcsin(drag * w / (m * B))
    stirred = RigidMagnets(
        needle,
        [0, 0, 0],
        Rotation.from_rotvec([0, 0, -lag]),
        angular_velocity=[0, 0, w],
        drive=Rotating(B, f),
    )
    motion = stirred.run(10.0, dt=0.02, order=6)
    np.testing.assert_allclose(motion.angular_velocity[:, 0, 2], w, rtol=1e-7)
    assert motion.work[-1] == pytest.approx(drag * w**2 * 10.0, rel=1e-7)
    assert motion.heat[-1] == pytest.approx(drag * w**2 * 10.0, rel=1e-7)
    turn = Rotation.from_rotvec([0, 0, w * 10.0 - lag])
    assert (motion.rotation()[-1] * turn.inv()).magnitude() < 1e-7


@pytest.mark.parametrize("order", [2, 4])
def test_energy_less_the_work_of_the_drive_is_kept_to_the_order(order):
    body = RigidBody(1e-3, [1e-7, 2e-7, 2.5e-7], moment=[0.05, 0.02, 0.08], moment_position=[0, 1e-3, 0])
    waves = [
        Rotating(2e-4, 3.0, axis=[1, 2, 2]),
        Sine([0, 1e-4, 0], 2.0, 0.3),
        FieldPulse([1e-4, 0, 0], 0.5, 0.1),
    ]
    system = RigidMagnets(
        body, [0, 0, 0], angular_velocity=[5, 1, 9], external=UniformField([0, 0, 1e-4]), drive=waves
    )
    runs = [system.run(1.0, dt=dt, order=order) for dt in (4e-3, 2e-3)]
    drifts = [run.certificate.drift["energy"].relative for run in runs]
    assert np.log2(drifts[0] / drifts[1]) == pytest.approx(order, abs=0.5)
    assert np.abs(runs[1].work).max() > 0.1 * runs[1].rotational_energy.max()
    # The work is the integral of -m.dB/dt.
    total, small = Waveform.B, 1e-6
    t = runs[1].time
    rate = sum(total(wave, t + small) - total(wave, t - small) for wave in waves) / (2 * small)
    power = -np.einsum("ki,ki->k", runs[1].rotation().apply(np.array(body.moment[0])), rate)
    work = np.concatenate([[0.0], np.cumsum(0.5 * (power[1:] + power[:-1]) * np.diff(t))])
    np.testing.assert_allclose(runs[1].work, work, atol=2e-4 * np.abs(work).max())


def test_the_work_of_a_ramp_on_a_moment_that_is_held_is_the_change_of_its_energy():
    body = RigidBody(1e-3, 1e3, moment=[0, 0, 0.1], fixed=True)
    ramp = Ramp([0, 0, 1e-3], [0, 0, -2e-3], 0.2, 0.5)
    motion = RigidMagnets(body, [0, 0, 0], drive=ramp).run(1.0, dt=0.01)
    assert motion.work[-1] == pytest.approx(0.1 * 3e-3, rel=1e-12)
    np.testing.assert_allclose(
        motion.magnetic_energy, -0.1 * ramp.B(motion.time)[:, 2], rtol=1e-12, atol=1e-18
    )


def test_extended_sources_are_driven_as_their_moments_are():
    coil = CircularLoop(0.02, 500.0, [0, 0, 1e-3])
    drive = Rotating(1e-2, 40.0, axis=[1, 0, 1])
    runs = []
    for own in ({"source": coil}, {"moment": coil.moment, "moment_position": [0, 0, 1e-3]}):
        body = RigidBody.disc(0.01, 0.02, 0.002, **own)
        runs.append(RigidMagnets(body, [0, 0, 0], drive=drive).run(5e-3, dt=5e-4))
    assert np.abs(runs[0].angular_velocity[-1]).max() > 1.0
    for name in ("states", "work", "magnetic_energy"):
        np.testing.assert_allclose(getattr(runs[0], name), getattr(runs[1], name), rtol=1e-10, atol=1e-14)


class _Killed(Exception):
    pass


def _kill(done, count):
    if 2 * done > count:
        raise _Killed


def _bouncing(**others):
    ball = RigidBody.ball(0.004, 0.005, moment=[0, 0, 0.3], linear_drag=1e-3)
    place = [[0, 0, -0.02], [0, 0, 0.02], [0.03, 0.01, 0]]
    return RigidMagnets([ball] * 3, place, drive=Rotating(1e-3, 20.0), **others)


@pytest.mark.parametrize("restitution", [0.6, None])
def test_an_interrupted_run_resumes_to_the_same_bits(tmp_path, restitution):
    system = _bouncing(restitution=restitution)
    kept = {"dt": 2e-4, "order": 4, "times": np.linspace(0.0, 0.2, 41)}
    whole = system.run(0.2, **kept)
    with pytest.raises(_Killed):
        system.run(0.2, chunk=4, folder=tmp_path / "run", progress=_kill, **kept)
    resumed = system.run(0.2, chunk=4, folder=tmp_path / "run", resume=True, **kept)
    for name in ("time", "states", "magnetic_energy"):
        np.testing.assert_array_equal(getattr(resumed, name), getattr(whole, name))
    assert resumed.contacts == whole.contacts != ()
    assert resumed.contact == whole.contact
    assert (whole.contact is None) == (whole.time[-1] == 0.2)
    assert resumed.certificate.steps == whole.certificate.steps
    assert resumed.certificate.drift == whole.certificate.drift
    with pytest.raises(ValueError, match="loads"):
        _bouncing(restitution=restitution, external=UniformField([1e-3, 0, 0])).run(
            0.2, chunk=4, folder=tmp_path / "run", **kept
        )


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"restitution": 1.1}, "restitution must lie between 0 and 1, got 1.1"),
        ({"drive": UniformField([0, 0, 1])}, "drive must be a waveform such as Rotating, or several"),
        ({"drive": Sine([[0, 0, 1], [0, 0, 2]], 1.0)}, "drive must be the same field for all bodies"),
    ],
)
def test_systems_say_what_is_wrong(given, text):
    with pytest.raises(ValueError, match=text):
        RigidMagnets(RigidBody(1.0, 1.0), [0, 0, 0], **given)
