"""N moments that act on each other."""

import numpy as np
import pytest

import magneton
from magneton import (
    CircularLoop,
    Collection,
    Cuboid,
    Dipole,
    Dipoles,
    MomentSystem,
    UniformField,
    dipole_energy,
    dipole_force,
    dipole_torque,
    force_on_dipole,
    interaction,
)

rng = np.random.default_rng(3)


@pytest.mark.parametrize("n", [1, 2, 3, 17, 100])
def test_against_the_sum_over_pairs(n):
    moments, positions = rng.normal(size=(2, n, 3))
    system = MomentSystem(moments, positions)
    force, torque, energy = np.zeros((n, 3)), np.zeros((n, 3)), 0.0
    size = np.zeros(n)
    for i in range(n):
        for j in range(n):
            if i != j:
                r = positions[i] - positions[j]
                force[i] += dipole_force(moments[j], moments[i], r)
                torque[i] += dipole_torque(moments[j], moments[i], r)
                size[i] += np.linalg.norm(dipole_force(moments[j], moments[i], r))
                energy += 0.5 * dipole_energy(moments[j], moments[i], r)
    assert np.all(np.linalg.norm(system.forces() - force, axis=1) <= 1e-13 * size)
    np.testing.assert_allclose(system.torques(), torque, rtol=1e-11, atol=1e-13 * np.abs(torque).max())
    assert system.energy() == pytest.approx(energy, rel=1e-11)
    others = [
        sum((Dipole(moments[j], positions[j]).B(positions[i]) for j in range(n) if j != i), np.zeros(3))
        for i in range(n)
    ]
    np.testing.assert_allclose(system.fields(), others, rtol=1e-11, atol=1e-13 * np.abs(others).max())


def test_momentum_and_angular_momentum_balance():
    system = MomentSystem(*rng.normal(size=(2, 300, 3)))
    forces = system.forces()
    assert np.linalg.norm(forces.sum(axis=0)) <= 1e-13 * np.abs(forces).sum()
    total = (np.cross(system.positions, forces) + system.torques()).sum(axis=0)
    assert np.linalg.norm(total) <= 1e-13 * np.abs(np.cross(system.positions, forces)).sum()


def test_results_do_not_depend_on_the_number_of_threads():
    system = MomentSystem(*rng.normal(size=(2, 1501, 3)))
    before = magneton.get_threads()
    try:
        results = []
        for threads in (1, 2, 3):
            magneton.set_threads(threads)
            results.append((system.forces(), system.fields()))
    finally:
        magneton.set_threads(before)
    for forces, fields in results[1:]:
        assert np.array_equal(forces, results[0][0])
        assert np.array_equal(fields, results[0][1])


def test_forces_of_many_on_many_by_the_gradient():
    moments, positions, on, at = rng.normal(size=(4, 20, 3))
    force = force_on_dipole(on, Dipoles(moments, positions).grad_B(at))
    expected = [
        sum(dipole_force(m, on[i], at[i] - p) for m, p in zip(moments, positions, strict=True))
        for i in range(20)
    ]
    np.testing.assert_allclose(force, expected, rtol=1e-11, atol=1e-13 * np.abs(expected).max())


def test_two_moments_at_one_place_are_named():
    positions = rng.normal(size=(50, 3))
    positions[41] = positions[7]
    with pytest.raises(ValueError, match="positions must differ, got 7 and 41 both at"):
        MomentSystem(rng.normal(size=(50, 3)), positions)


OUTSIDE = [
    Cuboid([0.2, 0.3, 0.4], polarization=[0, 0.5, 1.0], position=[0, 0, 4.0]),
    CircularLoop(0.5, 30.0, [5.0, 0, 0]),
    UniformField([0, 2e-5, 4e-5]),
]


def test_a_field_from_outside_acts_on_each_moment():
    moments, positions = rng.normal(size=(2, 9, 3))
    alone, held = MomentSystem(moments, positions), MomentSystem(moments, positions, OUTSIDE)
    single = [interaction(Collection(OUTSIDE), Dipole(m, p)) for m, p in zip(moments, positions, strict=True)]
    force, torque = held.forces() - alone.forces(), held.torques() - alone.torques()
    np.testing.assert_allclose(force, [s.force for s in single], rtol=1e-9, atol=1e-14 * np.abs(force).max())
    np.testing.assert_allclose(
        torque, [s.torque for s in single], rtol=1e-9, atol=1e-14 * np.abs(torque).max()
    )
    assert held.energy() - alone.energy() == pytest.approx(sum(s.energy for s in single), rel=1e-9)
    np.testing.assert_allclose(
        held.fields() - alone.fields(), Collection(OUTSIDE).B(positions), rtol=1e-9, atol=1e-18
    )


def test_forces_are_minus_the_gradient_of_the_energy():
    moments, positions = rng.normal(size=(2, 6, 3))

    def energy(shift):
        moved = positions.copy()
        moved[2] += shift
        return MomentSystem(moments, moved, OUTSIDE).energy()

    h, weights = 1e-2, {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}
    force = MomentSystem(moments, positions, OUTSIDE).forces()[2]
    for axis, e in enumerate(np.eye(3)):
        slope = sum(w * (energy(k * h * e) - energy(-k * h * e)) for k, w in weights.items()) / h
        assert force[axis] == pytest.approx(-slope, rel=1e-6)


def test_the_fields_given_out_are_the_caller_s_own():
    system = MomentSystem(*rng.normal(size=(2, 5, 3)))
    before = system.fields()
    system.fields()[:] = 0.0
    np.testing.assert_array_equal(system.fields(), before)


def test_errors():
    with pytest.raises(ValueError, match="external must be a source or several, got float"):
        MomentSystem(np.eye(3), np.eye(3), external=1.0)
    with pytest.raises(
        ValueError, match=r"external must be a source or several: sources\[1\] must be a source"
    ):
        MomentSystem(np.eye(3), np.eye(3), external=[Dipole([0, 0, 1]), "x"])
    with pytest.raises(ValueError, match="moments and positions must have the same length, got 2 and 3"):
        MomentSystem(np.ones((2, 3)), np.eye(3))
    with pytest.raises(ValueError, match="moments must be finite"):
        MomentSystem([[np.nan, 0, 0]], [[0, 0, 0]])
