"""Places of rest, Earnshaw's theorem, and the diamagnets that it does not hold for."""

import numpy as np
import pytest

from magneton import CircularLoop, Collection, Cuboid, Cylinder, Dipole, Dipoles, UniformField
from magneton.constants import mu_0
from magneton.interactions._tally import NotConverged
from magneton.interactions.levitation import rest_position

RADIUS, CURRENT = 0.05, 1e6
RING = CircularLoop(RADIUS, CURRENT)
ALPHA = -1e-3


def on_axis(z):
    """Return B, B' and B'' of the ring on its axis, as closed forms."""
    s, B0 = z / RADIUS, float(mu_0) * CURRENT / (2 * RADIUS)
    q = 1 + s * s
    return B0 * q**-1.5, -3 * B0 * s * q**-2.5 / RADIUS, B0 * (12 * s * s - 3) * q**-3.5 / RADIUS**2


@pytest.mark.parametrize(
    ("height", "stable"), [(0.30, False), (0.40, True), (0.5, True), (0.62, True), (0.66, False)]
)
def test_a_diamagnet_over_a_ring_is_stable_where_berry_and_geim_say(height, stable):
    # Stable up and down for z^2 > R^2/7 and to the sides for z^2 < 2 R^2/5 (Berry and Geim 1997).
    z = height * RADIUS
    B, slope, curve = on_axis(z)
    weight = -ALPHA * B * slope
    assert weight < 0
    place = rest_position(RING, [1e-3, -5e-4, 1.001 * z], polarizability=ALPHA, force=[0, 0, weight])
    np.testing.assert_allclose(place.position, [0, 0, z], rtol=1e-10, atol=1e-12)
    up, aside = -ALPHA * (slope**2 + B * curve), -0.25 * ALPHA * (slope**2 - 2 * B * curve)
    np.testing.assert_allclose(
        place.hessian, np.diag([aside, aside, up]), rtol=0, atol=1e-9 * max(abs(up), abs(aside))
    )
    assert place.stable is stable
    assert place.moment[2] == pytest.approx(ALPHA * B, rel=1e-10)
    assert place.energy == pytest.approx(-0.5 * ALPHA * B**2 - weight * z, rel=1e-10)


def scenes():
    """Return sources, a start and a constant force of the bodies that Earnshaw's theorem is about."""
    rng = np.random.default_rng(5)
    cloud = Dipoles(rng.normal(size=(20, 3)), rng.uniform(-1, 1, (20, 3)))
    magnets = Collection(
        [
            Cuboid([0.1, 0.2, 0.1], polarization=[0, 0.2, 1.2], position=[0, 0, -0.3]),
            Cylinder(0.1, 0.05, polarization=[0, 0, -1.0], position=[0.3, 0, 0.2]),
            CircularLoop(0.3, 1e4, [0, 0.1, 0.2]),
            UniformField([1e-3, 0, 2e-3]),
        ]
    )
    return [(cloud, [0.1, 0.2, 0.0]), (magnets, [0.05, 0.0, 0.05])]


@pytest.mark.parametrize("free", [False, True])
@pytest.mark.parametrize("scene", [0, 1])
def test_no_permanent_moment_rests_stably(scene, free):
    # Earnshaw: wherever a constant force balances the field's, one direction is unstable.
    source, centre = scenes()[scene]
    rng = np.random.default_rng(6)
    for _ in range(6):
        r, m = centre + rng.uniform(-0.05, 0.05, 3), rng.normal(size=3)
        B = source.B(r)
        acting = np.linalg.norm(m) * B / np.linalg.norm(B) if free else m
        place = rest_position(source, r, moment=m, free=free, force=-acting @ source.grad_B(r))
        np.testing.assert_allclose(place.position, r, rtol=0, atol=1e-9)
        trace, size = place.hessian_eigenvalues.sum(), np.abs(place.hessian_eigenvalues).max()
        assert not place.stable
        assert place.hessian_eigenvalues[0] < -1e-3 * size
        if free:
            assert trace < 0
        else:
            assert abs(trace) <= 1e-11 * size


def test_a_diamagnet_rests_where_the_field_is_least():
    # Two opposed rings: |B| is least, zero, midway; and with a moment there instead nothing holds it.
    trap = [CircularLoop(0.1, 1e4, [0, 0, 0.1]), CircularLoop(0.1, -1e4, [0, 0, -0.1])]
    place = rest_position(trap, [0.01, -0.004, 0.006], polarizability=-1e-3)
    assert np.abs(place.position).max() <= 1e-9
    assert place.stable
    assert not rest_position(trap, [0.01, -0.004, 0.006], polarizability=1e-3).stable


def test_the_hessian_is_minus_the_gradient_of_the_force():
    source, r = scenes()[1]
    alpha = np.array([[2.0, 0.3, 0.1], [0.3, 1.0, 0], [0.1, 0, -1.0]])
    m = np.array([0.3, -1.0, 2.0])
    forces = {
        "fixed": (lambda x: m @ source.grad_B(x), {"moment": m}),
        "free": (
            lambda x: np.linalg.norm(m) * source.B(x) @ source.grad_B(x) / np.linalg.norm(source.B(x)),
            {"moment": m, "free": True},
        ),
        "alpha": (lambda x: alpha @ source.B(x) @ source.grad_B(x), {"polarizability": alpha}),
    }
    h, weights = 2e-3, {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}
    for name, (force, given) in forces.items():
        place = rest_position(source, r, force=-force(np.array(r)), **given)
        x = place.position
        slopes = np.stack(
            [
                sum(w * (force(x + k * h * e) - force(x - k * h * e)) for k, w in weights.items()) / h
                for e in np.eye(3)
            ],
            axis=1,
        )
        np.testing.assert_allclose(
            place.hessian, -slopes, rtol=0, atol=1e-7 * np.abs(slopes).max(), err_msg=name
        )


def test_errors():
    with pytest.raises(ValueError, match="exactly one of moment and polarizability must be given, got none"):
        rest_position(RING, [0, 0, 0.1])
    with pytest.raises(ValueError, match="exactly one of moment and polarizability must be given, got both"):
        rest_position(RING, [0, 0, 0.1], moment=[0, 0, 1], polarizability=1.0)
    with pytest.raises(ValueError, match="free must be False for a polarizable body"):
        rest_position(RING, [0, 0, 0.1], polarizability=1.0, free=True)
    with pytest.raises(ValueError, match="polarizability must be a number or a symmetric"):
        rest_position(RING, [0, 0, 0.1], polarizability=[[1, 1, 0], [0, 1, 0], [0, 0, 1]])
    with pytest.raises(ValueError, match="moment must not be zero"):
        rest_position(RING, [0, 0, 0.1], moment=[0, 0, 0])
    with pytest.raises(
        ValueError, match=r"start must be where the field is smooth and not zero, got \[0.0, 0.0, 0.0\]"
    ):
        rest_position(Dipole([0, 0, 1]), [0, 0, 0], moment=[0, 0, 1])
    with pytest.raises(ValueError, match="start must be where something acts on the body"):
        rest_position(UniformField([0, 0, 1.0]), [0, 0, 0], moment=[0, 0, 1.0])
    with pytest.raises(NotConverged, match="no place of rest was found"):
        rest_position(Dipole([0, 0, 1.0]), [0, 0, 1.0], moment=[0, 0, 1.0], force=[0, 0, 1e9])
