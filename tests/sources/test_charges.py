"""Moving charges: moment, its centre, angular momentum, and the field with its displacement current."""

import numpy as np
import pytest

from magneton.constants import mu_0
from magneton.sources.charges import MovingCharges

rng = np.random.default_rng(3)
MU0 = float(mu_0)
Q = np.array([1.0, -2.0, 0.5])
R = rng.normal(size=(3, 3))
V = rng.normal(size=(3, 3))
MASSES = np.array([1.0, 2.0, 4.0])
OFFSETS, WEIGHTS = (1, 2, 3), (3 / 4, -3 / 20, 1 / 60)


def derivatives(function, points, step):
    columns = []
    for axis in np.eye(3):
        pairs = zip(OFFSETS, WEIGHTS, strict=True)
        columns.append(
            sum(
                w * (function(points + o * step * axis) - function(points - o * step * axis))
                for o, w in pairs
            )
            / step
        )
    return np.stack(columns, axis=-1)


def curl(g):
    return np.stack(
        [g[..., 2, 1] - g[..., 1, 2], g[..., 0, 2] - g[..., 2, 0], g[..., 1, 0] - g[..., 0, 1]], axis=-1
    )


def ring(count=24, radius=0.2, charge=2.0, speed=3.0):
    """Return charges that go round a circle."""
    angle = 2 * np.pi * np.arange(count) / count
    place = radius * np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=-1)
    along = speed * np.stack([-np.sin(angle), np.cos(angle), 0 * angle], axis=-1)
    return MovingCharges(charge / count, place, along, masses=0.5 / count)


def test_a_ring_of_charges_has_the_moment_and_the_ratio_of_theory():
    top = ring()
    np.testing.assert_allclose(top.moment, [0, 0, 0.5 * 2.0 * 0.2 * 3.0], atol=1e-15)
    np.testing.assert_allclose(top.angular_momentum, [0, 0, 0.5 * 0.2 * 3.0], atol=1e-15)
    assert top.gyromagnetic_ratio == pytest.approx(2.0 / (2 * 0.5), rel=1e-14)


def test_the_moment_follows_its_definition_and_its_centre_the_rule():
    system = MovingCharges(Q, R, V, MASSES)
    centre = MASSES @ R / MASSES.sum()
    np.testing.assert_allclose(system.centre, centre, atol=1e-15)
    expected = 0.5 * sum(q * np.cross(r - centre, v) for q, r, v in zip(Q, R, V, strict=True))
    with pytest.warns(UserWarning, match="depends on the centre, since sum q v is not zero"):
        np.testing.assert_allclose(system.moment, expected, rtol=1e-13)
    shift = np.array([0.3, -2.0, 1.0])
    moved = system.moment_about(centre + shift)
    np.testing.assert_allclose(moved, expected - 0.5 * np.cross(shift, system.net_current), rtol=1e-12)
    momentum = sum(m * np.cross(r - centre, v) for m, r, v in zip(MASSES, R, V, strict=True))
    np.testing.assert_allclose(system.angular_momentum, momentum, rtol=1e-13)
    with pytest.warns(UserWarning, match="depends on the centre"):
        ratio = system.gyromagnetic_ratio
    assert ratio == pytest.approx(expected @ momentum / (momentum @ momentum), rel=1e-12)


def test_without_masses_the_centre_is_the_mean_and_the_rest_is_missing():
    system = MovingCharges(Q, R, V)
    np.testing.assert_allclose(system.centre, R.mean(axis=0), atol=1e-15)
    for name in ("angular_momentum", "gyromagnetic_ratio"):
        with pytest.raises(ValueError, match=f"MovingCharges has no {name}: masses were not given"):
            getattr(system, name)


def test_no_warning_where_the_currents_cancel():
    pair = MovingCharges([1.0, -1.0], [[0.1, 0, 0], [0, 0.3, 0]], [[0, 0.1, 0.7], [0, 0.1, 0.7]])
    np.testing.assert_allclose(pair.moment, 0.5 * np.cross([0.1, -0.3, 0], [0, 0.1, 0.7]), rtol=1e-14)


def test_no_warning_where_the_centre_was_named():
    orbit = MovingCharges(-2.0, [[1.0, 0, 0]], [[0, 3.0, 0]], masses=4.0, centre=(0, 0, 0))
    np.testing.assert_allclose(orbit.moment, [0, 0, -3.0])
    assert orbit.gyromagnetic_ratio == pytest.approx(-0.25)


def test_the_field_is_that_of_biot_and_savart():
    system = MovingCharges(Q, R, V)
    points = rng.normal(size=(10, 3)) * 3
    expected = np.zeros((10, 3))
    for q, r, v in zip(Q, R, V, strict=True):
        arm = points - r
        expected += MU0 / (4 * np.pi) * q * np.cross(v, arm) / np.linalg.norm(arm, axis=1)[:, None] ** 3
    np.testing.assert_allclose(system.B(points), expected, rtol=1e-12)
    np.testing.assert_allclose(system.H(points) * MU0, expected, rtol=1e-12)


def test_A_is_in_the_coulomb_gauge_and_B_is_its_curl():
    system = MovingCharges(Q, R, V)
    points = rng.normal(size=(20, 3)) * 2 + [4, 0, 0]
    gradient = derivatives(system.A, points, 1e-2)
    scale = np.linalg.norm(system.B(points), axis=1)
    assert np.all(np.linalg.norm(curl(gradient) - system.B(points), axis=1) <= 1e-9 * scale)
    assert np.all(np.abs(np.trace(gradient, axis1=1, axis2=2)) <= 1e-9 * scale)


def test_grad_B_and_its_curl_the_displacement_current():
    system = MovingCharges(Q, R, V)
    points = rng.normal(size=(20, 3)) * 2 + [4, 0, 0]
    gradient = system.grad_B(points)
    scale = np.linalg.norm(gradient, axis=(1, 2))
    assert np.all(np.linalg.norm(derivatives(system.B, points, 1e-2) - gradient, axis=(1, 2)) <= 1e-9 * scale)
    assert np.all(np.abs(np.trace(gradient, axis1=1, axis2=2)) <= 1e-15 * scale)
    # mu_0 epsilon_0 dE/dt of the Coulomb fields, as the charges move on.
    change = np.zeros((20, 3))
    for q, r, v in zip(Q, R, V, strict=True):
        arm = points - r
        size = np.linalg.norm(arm, axis=1)[:, None]
        change += MU0 * q / (4 * np.pi) * (3 * arm * (arm @ v)[:, None] / size**5 - v / size**3)
    assert np.linalg.norm(curl(gradient) - change, axis=1).max() <= 1e-13 * scale.max()
    assert np.linalg.norm(change, axis=1).min() > 1e-3 * scale.min()


def test_close_to_a_charge_and_at_it():
    system = MovingCharges(Q, R, V)
    assert np.all(np.isnan(system.B(R)))
    assert np.all(np.isnan(system.A(R)))
    assert np.all(np.isnan(system.grad_B(R)))
    point = R[0] + [1e-9, 0, 2e-9]
    arm = point - R[0]
    near = MU0 / (4 * np.pi) * Q[0] * np.cross(V[0], arm) / np.linalg.norm(arm) ** 3
    np.testing.assert_allclose(system.B(point), near, rtol=1e-14)


def test_moving_the_charges_moves_the_field():
    system = MovingCharges(Q, R, V, MASSES)
    shift = np.array([1.0, 2.0, 3.0])
    moved = system.translated(shift)
    points = rng.normal(size=(5, 3)) * 3
    np.testing.assert_allclose(moved.B(points + shift), system.B(points), rtol=1e-12)
    np.testing.assert_allclose(moved.centre, system.centre + shift, rtol=1e-15)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((Q, R, V[:2]), "positions and velocities must have the same length, got 3 and 2"),
        ((Q[:2], R, V), r"charges must have shape \(3,\), one for each position"),
        ((Q, R, 1e9 * V), "velocities must be below the speed of light"),
        ((Q, R, V, [1.0, 0.0, 2.0]), "masses must be positive, got 0"),
    ],
)
def test_refusals(arguments, message):
    with pytest.raises(ValueError, match=message):
        MovingCharges(*arguments)
