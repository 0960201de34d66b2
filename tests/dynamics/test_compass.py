"""Compass needles: the period in closed form, the heat of a suspension, and chains of compasses."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import CircularLoop, UniformField, constants
from magneton.dynamics.compass import compass_period
from magneton.dynamics.rigid_bodies import RigidBody
from magneton.dynamics.rigid_magnets import RigidMagnets

MU0_4PI = float(constants.mu_0) / (4 * np.pi)


def angle(motion, body=0):
    """Return the angles of bodies about z."""
    return motion.rotation(body).as_rotvec()[:, 2]


@pytest.mark.parametrize("amplitude", [30.0, 170.0])
def test_a_needle_swings_with_the_period_of_a_pendulum(amplitude):
    m, field, inertia = 0.1, 2e-5, 2e-7
    needle = RigidBody(1e-3, inertia, moment=[m, 0, 0], fixed=True, hinge=[0, 0, 1])
    start = Rotation.from_rotvec([0, 0, np.radians(amplitude)])
    compass = RigidMagnets(needle, [0, 0, 0], start, external=UniformField([field, 0, 4e-5]))
    period = float(compass_period(np.radians(amplitude), m, field, inertia))
    motion = compass.run(10.25 * period, dt=period / 400, order=6, times=[10.25 * period])
    late = (
        angle(motion)[-1] / motion.angular_velocity[-1, 0, 2]
    )  # it should go through the field's direction now
    assert abs(late) < 1e-8 * period
    fastest = 2 * np.sqrt(m * field / inertia) * np.sin(np.radians(amplitude) / 2)
    assert -motion.angular_velocity[-1, 0, 2] == pytest.approx(fastest, rel=1e-9)


def test_the_period_is_that_of_small_swings_and_its_series():
    small = 2 * np.pi * np.sqrt(2e-7 / (0.1 * 2e-5))
    assert compass_period(1e-9, 0.1, 2e-5, 2e-7) == pytest.approx(small, rel=1e-15)
    a = 0.1
    series = 1 + a**2 / 16 + 11 * a**4 / 3072 + 173 * a**6 / 737280
    assert compass_period(a, 0.1, 2e-5, 2e-7) == pytest.approx(small * series, rel=1e-10)
    assert type(compass_period(0.1, 0.1, 2e-5, 2e-7)) is float
    with pytest.raises(ValueError, match="moment and B must broadcast"):
        compass_period(0.1, [1.0, 2.0], [1.0, 2.0, 3.0], 1.0)
    with pytest.raises(ValueError, match=r"amplitude must lie between 0 and pi, got 30$"):
        compass_period(30, 0.1, 2e-5, 2e-7)
    with pytest.raises(ValueError, match="amplitude must lie between 0 and pi, got"):
        compass_period(np.pi, 0.1, 2e-5, 2e-7)


def test_an_electric_compass_warms_its_suspension_by_the_energy_released():
    # The worked example: a loop of radius 5 cm with 1 A in 0.5 G, which starts across the field.
    loop = CircularLoop(0.05, 1.0, orientation=Rotation.from_rotvec([0, np.pi / 2, 0]))
    m, field = float(np.linalg.norm(loop.moment)), 0.5e-4
    assert m == pytest.approx(7.854e-3, rel=1e-4)
    body = RigidBody(5e-3, 6e-6, moment=loop.moment, fixed=True, hinge=[0, 0, 1], angular_drag=2e-6)
    compass = RigidMagnets(body, [0, 0, 0], external=UniformField([0, field, 0]))
    assert np.linalg.norm(compass.torques()) == pytest.approx(3.927e-7, rel=1e-4)
    motion = compass.run(150.0, dt=0.02, order=6)
    assert motion.heat[-1] == pytest.approx(m * field, rel=1e-9)
    assert motion.heat[-1] == pytest.approx(3.93e-7, rel=1e-3)
    np.testing.assert_allclose(motion.energy + motion.heat, motion.energy[0], atol=1e-12 * m * field)
    assert angle(motion)[-1] == pytest.approx(np.pi / 2, abs=1e-8)


def test_two_compasses_of_a_chain_swing_with_their_two_frequencies():
    # Along the line U = -(mu0 m^2/4 pi d^3) [2 cos a cos b - sin a sin b]: stiffness 2 k on the diagonal, k beside it.
    m, d, inertia = 0.1, 0.05, 2e-7
    needle = RigidBody(1e-3, inertia, moment=[m, 0, 0], fixed=True, hinge=[0, 0, 1])
    k = MU0_4PI * m**2 / d**3
    for sign, stiffness in ((1.0, 3.0 * k), (-1.0, k)):
        turns = Rotation.from_rotvec([[0, 0, 1e-4], [0, 0, sign * 1e-4]])
        chain = RigidMagnets([needle, needle], [[0, 0, 0], [d, 0, 0]], turns)
        quarter = 0.5 * np.pi * np.sqrt(inertia / stiffness)
        motion = chain.run(quarter, dt=quarter / 100, order=4)
        assert angle(motion, 0)[-1] / 1e-4 == pytest.approx(0.0, abs=1e-6)
        assert angle(motion, 1)[-1] / 1e-4 == pytest.approx(0.0, abs=1e-6)


def test_a_chain_of_compasses_settles_along_its_line():
    count, d = 7, 0.04
    needle = RigidBody(1e-3, 2e-7, moment=[0.1, 0, 0], fixed=True, hinge=[0, 0, 1], angular_drag=2e-6)
    turns = Rotation.from_rotvec(np.outer(np.linspace(-1.0, 1.2, count), [0, 0, 1]))
    place = np.outer(np.arange(count), [d, 0, 0])
    motion = RigidMagnets([needle] * count, place, turns).run(20.0, dt=4e-3, order=4)
    assert max(abs(angle(motion, i)[-1]) for i in range(count)) < 1e-6
    apart = np.arange(1, count)
    settled = -2 * MU0_4PI * 0.1**2 * np.sum((count - apart) / (apart * d) ** 3)
    assert motion.energy[-1] == pytest.approx(settled, rel=1e-9)
