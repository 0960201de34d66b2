"""Closed wires of any shape against direct sums in extended precision, near, far and where the code changes over."""

import numpy as np
import pytest

from magneton import CircularLoop, CurveLoop, PolePair, Polyline, UniformField
from magneton.constants import mu_0
from support.line_integral import REAL, nodes

K = REAL(float(mu_0)) / (4 * REAL("3.14159265358979323846264338327950288"))
BENT = Polyline(np.array([[1, 1, 0.4], [-1, 1.2, -0.6], [-1.1, -1, 0.5], [0.9, -1, -0.3]]), 1.5, closed=True)
KNOT = CurveLoop(
    lambda t: np.stack([np.cos(t) + 0.3 * np.cos(2 * t), 1.3 * np.sin(t), 0.4 * np.sin(3 * t)], axis=-1), 0.7
)
FLAT = CurveLoop(lambda t: np.stack([np.cos(t), 0.02 * np.sin(t), 0.02 * np.sin(2 * t)], axis=-1), 0.7)
DIRECTIONS = np.random.default_rng(5).normal(size=(4, 3))


def direct(source, point):
    """Return A, B and the gradient of B by Biot and Savart."""
    places, steps = nodes(source, 1536)
    r = REAL(point) - places
    d = np.sqrt(np.sum(r * r, axis=1))[:, None]
    cross = np.cross(steps, r)
    gradient = -3 * np.einsum("ni,nj->ij", cross / d**5, r)
    skew = np.sum(steps / d**3, axis=0)
    x, y, z = skew
    gradient += np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    scale = K * source.current
    return scale * np.sum(steps / d, axis=0), scale * np.sum(cross / d**3, axis=0), scale * gradient


@pytest.mark.parametrize("extents", [1.5, 3.0, 5.9, 6.1, 10.0, 40.0])
@pytest.mark.parametrize("source", [BENT, KNOT, FLAT], ids=["bent", "knot", "flat"])
def test_wires_against_the_direct_sum(source, extents):
    for direction in DIRECTIONS:
        point = source.position + extents * source._extent * direction / np.linalg.norm(direction)
        tolerance = 3e-13 if source is FLAT else 5e-14
        for computed, exact in zip(
            (source.A(point), source.B(point), source.grad_B(point)), direct(source, point), strict=True
        ):
            assert np.linalg.norm(np.float64(computed - exact)) <= tolerance * np.linalg.norm(
                np.float64(exact)
            )


def test_harmonics_that_a_few_samples_would_miss():
    def winding(turns):
        def curve(t):
            r = 1 + 0.2 * np.cos(turns * t)
            return np.stack([r * np.cos(t), r * np.sin(t), 0.2 * np.sin(turns * t)], axis=-1)

        return CurveLoop(curve, 1.0)

    for turns in (8, 12, 16, 31, 32, 33, 64):
        assert winding(turns).moment[2] == pytest.approx(np.pi * (1 + 0.02), rel=1e-12), turns


@pytest.mark.parametrize(("count", "harmonic"), [(9, 4), (11, 5), (8, 4), (12, 3)])
def test_samples_are_met_to_their_top_harmonic(count, harmonic):
    t = 2 * np.pi * np.arange(count) / count
    samples = np.stack([np.cos(t), np.sin(t), 1e-4 * np.cos(harmonic * t)], axis=1)
    loop = CurveLoop(samples, 1.0)
    np.testing.assert_allclose(loop._nodes(count)[0] + loop.position, samples, atol=1e-15)


def test_many_and_noisy_samples_take_little_memory():
    t = 2 * np.pi * np.arange(4096) / 4096
    noise = 1e-9 * np.random.default_rng(0).normal(size=(4096, 3))
    loop = CurveLoop(np.stack([np.cos(t), np.sin(t), 0 * t], axis=1) + noise, 1.0)
    assert loop.B([0, 0, 0.5])[2] == pytest.approx(CircularLoop(1.0, 1.0).B([0, 0, 0.5])[2], rel=1e-7)
    with pytest.raises(ValueError, match="curve must not repeat its first point"):
        CurveLoop(np.stack([np.cos(t), np.sin(t), 0 * t], axis=1)[np.r_[:4096, 0]], 1.0)


def test_potentials_of_a_uniform_field_are_zero_at_its_position():
    field = UniformField([1e-5, 2e-5, -4e-5], [3.0, -2.0, 1.0])
    assert np.all(field.A([3.0, -2.0, 1.0]) == 0)
    assert field.scalar_potential([3.0, -2.0, 1.0]) == 0
    assert field.scalar_potential([4.0, -2.0, 1.0]) == pytest.approx(-1e-5 / float(mu_0))


def test_close_to_a_pole_of_a_pair():
    pair = PolePair(3.0, [0, 0, 2.0])
    for distance in (1e-9, 1e-6, 1e-3):
        b = pair.B([distance, 0, 1.0])
        alone = float(mu_0) * 3.0 / (4 * np.pi * distance**2)
        assert b[0] == pytest.approx(alone, rel=1e-9 + distance**2)
        assert pair.grad_B([distance, 0, 1.0])[0, 0] == pytest.approx(
            -2 * alone / distance, rel=1e-8 + 2 * distance
        )
        assert pair.scalar_potential([distance, 0, 1.0]) == pytest.approx(
            3 / (4 * np.pi * distance), rel=distance
        )
