"""Many sources at many points: shapes, the direct sum against single sources, memory, scale."""

import json
import math
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

import magneton
from magneton import CircularLoop, Collection, Dipole, Dipoles, Pole
from magneton.constants import mu_0
from magneton.kernels.field import DIPOLE
from magneton.kernels.quantities import GRAD, POTENTIAL, WIDTHS, A, B, H
from magneton.summation.batch import evaluate
from magneton.summation.compiled import table
from magneton.summation.direct import MANY

rng = np.random.default_rng(20261122)
TAILS = {"B": (3,), "A": (3,), "grad_B": (3, 3), "scalar_potential": ()}
every_quantity = pytest.mark.parametrize("quantity", TAILS)
FEW, LOTS = 3, 12
assert FEW < MANY <= LOTS


def some(count):
    """Return Dipoles of mixed size and place."""
    local = np.random.default_rng(count)
    return Dipoles(
        local.normal(size=(count, 3)) * 10.0 ** local.uniform(-2, 2, (count, 1)),
        local.normal(size=(count, 3)),
    )


def flat(values, points):
    return np.reshape(values, (len(points), -1))


@every_quantity
@pytest.mark.parametrize("count", [1, FEW, LOTS])
def test_shapes_follow_the_points(quantity, count):
    function, tail = getattr(some(count), quantity), TAILS[quantity]
    points = rng.normal(size=(4, 5, 3))
    grid = function(points)
    assert grid.shape == (4, 5, *tail)
    assert grid.dtype == np.float64
    lists = function(points.reshape(20, 3))
    assert lists.shape == (20, *tail)
    np.testing.assert_array_equal(lists.reshape(grid.shape), grid)
    one = function(points[2, 3])
    assert np.shape(one) == tail
    np.testing.assert_array_equal(one, grid[2, 3])
    np.testing.assert_array_equal(function(points[2:3, 3]), grid[2:3, 3])
    for empty in [(0, 3), (4, 0, 3), (0, 5, 3)]:
        assert function(np.empty(empty)).shape == (*empty[:-1], *tail)


@pytest.mark.parametrize("quantity", ["B", "A", "grad_B"])
def test_shapes_of_a_loop(quantity):
    function, tail = getattr(CircularLoop(0.5, 1.0), quantity), TAILS[quantity]
    points = rng.normal(size=(3, 100, 3))
    assert function(points).shape == (3, 100, *tail)
    np.testing.assert_array_equal(function(points[1, 7]), function(points)[1, 7])
    assert function(np.empty((0, 3))).shape == (0, *tail)


@every_quantity
def test_points_need_not_be_contiguous(quantity):
    points = rng.normal(size=(3, 40)).T
    assert not points.flags.c_contiguous
    wide = rng.normal(size=(30, 4))
    for count in (FEW, LOTS):
        function = getattr(some(count), quantity)
        for view in (points, points[::3], points[::-1], points[:, ::-1], wide[:, 1:], wide[::2, :3]):
            np.testing.assert_array_equal(function(view), function(view.copy(order="C")))


@every_quantity
@pytest.mark.parametrize("count", range(1, 21))
def test_the_sum_is_that_of_single_dipoles(quantity, count):
    # On both sides of the count at which another loop takes over.
    many = some(count)
    points = rng.normal(size=(9, 3)) * 2.0
    singles = [Dipole(m, p) for m, p in zip(many.moments, many.positions, strict=True)]
    parts = np.array([flat(getattr(single, quantity)(points), points) for single in singles])
    sizes = np.linalg.norm(parts, axis=2).sum(axis=0)
    exact = np.array([[math.fsum(parts[:, i, k]) for k in range(parts.shape[2])] for i in range(9)])
    error = np.linalg.norm(flat(getattr(many, quantity)(points), points) - exact, axis=1)
    assert np.all(error <= 2e-15 * sizes)
    # A collection of them is the same sum.
    if count > 1:
        again = flat(getattr(Collection(singles), quantity)(points), points)
        np.testing.assert_array_equal(again, flat(getattr(many, quantity)(points), points))


def test_a_thousand_sources_against_a_plain_sum():
    many = some(1001)
    points = rng.normal(size=(17, 3))
    r = points[:, None] - many.positions
    d = np.linalg.norm(r, axis=2)[..., None]
    m = many.moments
    parts = float(mu_0) / (4 * np.pi) * (3 * r * np.sum(m * r, axis=2)[..., None] / d**5 - m / d**3)
    exact = np.array([[math.fsum(parts[i, :, k]) for k in range(3)] for i in range(17)])
    size = np.linalg.norm(parts, axis=2).sum(axis=1)
    assert np.all(np.linalg.norm(many.B(points) - exact, axis=1) <= 2e-15 * size)


@every_quantity
@pytest.mark.parametrize("count", [FEW, LOTS, 40])
def test_a_target_on_a_source_is_nan_and_no_other(quantity, count):
    many = some(count)
    clean = rng.normal(size=(11, 3))
    expected = flat(getattr(many, quantity)(clean), clean)
    assert np.isfinite(expected).all()
    for j in (0, count - 1):
        points = np.insert(clean, 5, many.positions[j], axis=0)
        values = flat(getattr(many, quantity)(points), points)
        assert np.isnan(values[5]).all()
        np.testing.assert_array_equal(np.delete(values, 5, axis=0), expected)


def test_a_target_on_a_pole_or_wire_is_nan_in_the_whole_sum():
    both = Collection([some(LOTS), Pole(1.0, [1.0, 2.0, 3.0]), CircularLoop(2.0, 1.0)])
    values = both.B([[1.0, 2.0, 3.0], [2.0, 0.0, 0.0], [0.3, 0.2, 0.1]])
    assert np.isnan(values[:2]).all()
    assert np.isfinite(values[2]).all()


@pytest.mark.parametrize("count", [1, FEW, LOTS, 300])
def test_grad_B_is_symmetric_and_traceless(count):
    many = some(count)
    points = rng.normal(size=(25, 3))
    gradient = many.grad_B(points)
    np.testing.assert_array_equal(gradient, np.swapaxes(gradient, 1, 2))
    size = sum(
        np.linalg.norm(Dipole(m, p).grad_B(points), axis=(1, 2))
        for m, p in zip(many.moments, many.positions, strict=True)
    )
    assert np.all(np.abs(np.trace(gradient, axis1=1, axis2=2)) <= 1e-15 * size)
    assert np.all(np.linalg.norm(gradient, axis=(1, 2)) > 0)


# Of a dipole, by the power of 1/r.
POWERS = {"B": 3, "A": 2, "scalar_potential": 2, "grad_B": 4}


@every_quantity
@pytest.mark.parametrize("count", [1, FEW, LOTS])
@pytest.mark.parametrize("exponent", [-40, -30, -1, 10, 40])
def test_powers_of_two_leave_every_bit(quantity, count, exponent):
    many = some(count)
    points = rng.normal(size=(13, 3))
    scale = 2.0**exponent
    there = getattr(Dipoles(many.moments, many.positions * scale), quantity)(points * scale)
    np.testing.assert_array_equal(there * scale ** POWERS[quantity], getattr(many, quantity)(points))


@pytest.mark.parametrize("exponent", [-30, 10, 40])
def test_powers_of_two_leave_every_bit_of_a_loop(exponent):
    points = rng.normal(size=(300, 3))
    scale = 2.0**exponent
    position = np.array([0.1, 0.2, -0.3])
    here, there = CircularLoop(0.7, 1.0, position), CircularLoop(0.7 * scale, 1.0, position * scale)
    np.testing.assert_array_equal(there.B(points * scale) * scale, here.B(points))
    np.testing.assert_array_equal(there.A(points * scale), here.A(points))
    np.testing.assert_array_equal(there.grad_B(points * scale) * scale**2, here.grad_B(points))


@every_quantity
@pytest.mark.parametrize("unit", [1e-9, 1e3])
def test_nanometres_and_kilometres_give_the_same_digits(quantity, unit):
    # The positions themselves are rounded once more: their condition number is that of the nearest pair.
    many = some(LOTS)
    points = 5.0 * rng.normal(size=(13, 3))
    points = points[np.linalg.norm(points[:, None] - many.positions, axis=2).min(axis=1) > 0.5]
    here = flat(getattr(many, quantity)(points), points)
    there = getattr(Dipoles(many.moments, many.positions * unit), quantity)(points * unit)
    size = sum(
        np.linalg.norm(flat(getattr(Dipole(m, p), quantity)(points), points), axis=1)
        for m, p in zip(many.moments, many.positions, strict=True)
    )
    error = np.linalg.norm(flat(there, points) * unit ** POWERS[quantity] - here, axis=1)
    assert np.all(error <= 3e-14 * size)


# --- memory ----------------------------------------------------------------------------------------------


def test_python_allocates_for_sources_and_points_not_for_pairs():
    def peak(count):
        field = table(DIPOLE, np.random.default_rng(1).normal(size=(count, 6)))
        points = np.random.default_rng(2).normal(size=(count, 3))
        tracemalloc.start()
        evaluate(field, "B", points)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    evaluate(table(DIPOLE, np.ones((20, 6))), "B", np.zeros((4, 3)))
    small, large = peak(1000), peak(4000)
    assert 4000 * 24 < large < 4000 * 1000
    assert large < 6 * small


PEAKS = """
import json, resource, sys
import numpy as np
from magneton.kernels.field import DIPOLE
from magneton.summation.batch import evaluate
from magneton.summation.compiled import table

unit = 1 if sys.platform == "darwin" else 1024
rng = np.random.default_rng(1)
evaluate(table(DIPOLE, rng.normal(size=(64, 6))), "B", rng.normal(size=(4096, 3)))
peaks = []
for count in (4_000, 16_000):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    field, points = table(DIPOLE, rng.normal(size=(count, 6))), rng.normal(size=(count, 3))
    evaluate(field, "B", points)
    peaks.append((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * unit)
print(json.dumps(peaks))
"""


@pytest.mark.skipif(os.name != "posix", reason="needs the resource module")
def test_the_process_grows_with_sources_plus_points():
    environment = {**os.environ, "PYTHONPATH": str(Path(magneton.__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", PEAKS],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    small, large = json.loads(done.stdout)
    # 16 000 x 16 000 pairs of one float each would be 2 GB, of one byte 256 MB; the arrays are 5 MB.
    assert small < 30e6
    assert large < 30e6


def test_widths():
    codes = {"B": B, "A": A, "grad_B": GRAD, "scalar_potential": POTENTIAL, "H": H}
    assert all(WIDTHS[codes[name]] == np.prod(tail) for name, tail in {**TAILS, "H": (3,)}.items())
