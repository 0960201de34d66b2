"""Many bodies: sums of pairs, reactions, and dipoles where that is as good."""

import numpy as np
import pytest

from magneton import CircularLoop, Cuboid, Dipole, MomentSystem, UniformField, interaction
from magneton.interactions import BodySystem
from magneton.sources import Cylinder, MovingCharges

MAGNET = Cuboid([0.3, 0.4, 0.2], magnetization=[1.0, -0.5, 2.0])
BODIES = [
    MAGNET,
    Cylinder(0.2, 0.3, magnetization=[0.0, 0.4, 1.0], position=[0.7, 0.1, 0.2]),
    CircularLoop(0.3, 2.0, [0.1, 0.9, -0.2]),
    Dipole([0.1, 0.2, -0.3], [-0.5, -0.6, 0.4]),
]


def test_forces_are_the_sums_over_pairs():
    system = BodySystem(BODIES)
    for i, target in enumerate(BODIES):
        parts = [interaction(source, target) for j, source in enumerate(BODIES) if j != i]
        assert np.allclose(system.forces()[i], sum(p.force for p in parts), rtol=1e-9, atol=0)
        assert np.allclose(system.torques()[i], sum(p.torque for p in parts), rtol=1e-9, atol=1e-20)
    energies = [interaction(BODIES[i], BODIES[j]).energy for i in range(4) for j in range(i)]
    assert system.energy() == pytest.approx(sum(energies), rel=1e-9)
    assert system.error <= 1e-9


def test_a_closed_system_pulls_itself_nowhere():
    system = BodySystem(BODIES)
    forces, torques = system.forces(), system.torques()
    size = np.abs(forces).sum()
    assert np.linalg.norm(forces.sum(axis=0)) < 1e-14 * size
    about_origin = torques + np.cross([b.body.position for b in BODIES], forces)
    assert np.linalg.norm(about_origin.sum(axis=0)) < 1e-14 * size


def test_an_external_field_acts_on_all():
    field = UniformField([0.0, 0.0, 0.5])
    alone, together = BodySystem(BODIES), BodySystem(BODIES, external=field)
    moments = np.array([b.moment for b in BODIES])
    assert np.allclose(
        together.torques() - alone.torques(), np.cross(moments, [0, 0, 0.5]), rtol=0, atol=1e-12
    )
    assert together.energy() - alone.energy() == pytest.approx(-0.5 * moments[:, 2].sum(), rel=1e-9)


def test_far_bodies_are_dipoles():
    far = [MAGNET.translated([2e4 * k, 1e3 * k * k, 0.0]) for k in range(3)]
    system = BodySystem(far, rtol=1e-6)
    dipoles = MomentSystem([b.moment for b in far], [b.position for b in far])
    assert system._are_dipoles(0, 1)
    assert np.allclose(system.forces(), dipoles.forces(), rtol=1e-12, atol=0)
    exact = interaction(far[0], far[1], rtol=1e-12).force
    as_dipoles = interaction(
        Dipole(far[0].moment, far[0].position), Dipole(far[1].moment, far[1].position)
    ).force
    assert np.linalg.norm(exact - as_dipoles) < 1e-6 * np.linalg.norm(exact)


def test_currents_that_do_not_close_have_no_reaction():
    charge = MovingCharges(2.0, [[0.0, 0.0, 2.0]], [[1.0, 0, 0]], centre=[0, 0, 2.0])
    system = BodySystem([MAGNET, charge])
    assert np.allclose(system.forces()[0], interaction(charge, MAGNET).force, rtol=1e-9)
    assert np.allclose(system.forces()[1], interaction(MAGNET, charge).force, rtol=1e-9)


@pytest.mark.parametrize(
    ("bodies", "message"),
    [
        ([], "at least one"),
        (3, "sequence"),
        ([MAGNET, UniformField([0, 0, 1.0])], r"bodies\[1\] must be something that a force can act on"),
        (
            [MAGNET, CircularLoop(1.0, 1.0), MAGNET.translated([0.01, 0, 0])],
            r"bodies\[0\] and bodies\[2\].*overlap",
        ),
    ],
)
def test_bad_bodies_are_named(bodies, message):
    with pytest.raises(ValueError, match=message):
        BodySystem(bodies).forces()
