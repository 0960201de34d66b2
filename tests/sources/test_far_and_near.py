"""Closed wires of any shape against direct sums in extended precision, near, far and where the code changes over."""

import numpy as np
import pytest

from magneton import CircularLoop, CurveLoop, PolePair, Polyline, UniformField
from magneton.constants import mu_0
from magneton.kernels import quantities
from magneton.kernels.field import MU0_4PI
from magneton.kernels.segment import sides_exact
from support.exact_sides import exact_sides
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


def _thin(shape, width):
    corners = {
        "rectangle": [[0, 0, 0], [1, 0, 0], [1, width, 0], [0, width, 0]],
        "triangle": [[0, 0, 0], [1, 0.3, 0.1], [0.5, 0.15 + width, 0.05]],
        "tilted": [[0, 0, 0], [1, 0.2, 0.1], [1.1, 0.2 + width, 0.1], [0.1, width, 0.3 * width]],
    }[shape]
    return Polyline(corners, 1.5, closed=True)


@pytest.mark.parametrize("aspect", [1e1, 1e2, 1e3, 1e4, 1e6])
@pytest.mark.parametrize("shape", ["rectangle", "triangle", "tilted"])
def test_the_sides_of_a_thin_loop_do_not_cancel(shape, aspect):
    width = 1.0 / aspect
    loop = _thin(shape, width)
    # Beside a side, between the two, where the sides begin to cancel, and where the code changes over.
    for distance in [0.01 * width, width, 10 * width, 0.03, 0.3, 1.0, 2.9, 3.5, 1e3, 1e6]:
        for direction, base in zip(
            DIRECTIONS, [loop.position, loop.vertices[:2].mean(axis=0)] * 2, strict=True
        ):
            point = base + distance * direction / np.linalg.norm(direction)
            computed = loop.A(point), loop.B(point), loop.grad_B(point)
            for value, exact in zip(computed, exact_sides(loop, point), strict=True):
                assert np.linalg.norm(value - exact) <= 3e-14 * np.linalg.norm(exact), (distance, direction)


def test_loops_without_a_moment_keep_their_field():
    # A figure of eight, whose lobes' moments cancel, out to where the quadrupole alone is left.
    eight = Polyline([[-1, -1, 0], [1, 1, 0], [1, -1, 0], [-1, 1, 0]], 1.0, closed=True)
    for distance in [2.0, 8.0, 20.0, 1e3, 1e6]:
        for direction in DIRECTIONS:
            point = distance * direction / np.linalg.norm(direction)
            computed = eight.A(point), eight.B(point), eight.grad_B(point)
            for value, exact in zip(computed, exact_sides(eight, point), strict=True):
                assert np.linalg.norm(value - exact) <= 3e-14 * np.linalg.norm(exact), (distance, direction)


@pytest.mark.parametrize("quantity", ["A", "B", "grad_B"])
def test_on_a_thin_loop_the_field_is_nan(quantity):
    loop = _thin("rectangle", 2.0**-20)
    for point in [[0.5, 0, 0], [0.25, 2.0**-20, 0], [1, 0, 0], [0, 2.0**-21, 0]]:
        assert np.all(np.isnan(getattr(loop, quantity)(point)))


def test_exact_sides_are_nan_on_the_wire_and_agree_with_the_sum_of_floats():
    corners = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0.5]])
    for what in (quantities.A, quantities.B, quantities.GRAD):
        width = quantities.WIDTHS[what]
        for point in [(0.5, 0.0, 0.0), (1.0, 0.0, 0.0), (1.0, 0.5, 0.25)]:
            assert np.all(np.isnan(sides_exact(corners.ravel(), *point, what)[:width]))
    for gap in [1e-9, 1e-3, 1.0, 1e3]:  # beside the wire too, where the logarithm is large
        exact = exact_sides(Polyline(corners, 1.0), (0.4, gap, 0.3 * gap))
        for what, value in zip((quantities.A, quantities.B, quantities.GRAD), exact, strict=True):
            computed = MU0_4PI * sides_exact(corners.ravel(), 0.4, gap, 0.3 * gap, what)[: value.size]
            assert np.linalg.norm(computed - value.ravel()) <= 1e-15 * np.linalg.norm(value)
