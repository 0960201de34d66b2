"""Current sheets: closed forms, the row's independence of where it cuts its sum, random rows."""

import mpmath
import numpy as np
import pytest

from magneton.orbits.fields import HarrisSheet, SheetRow, SheetStep

L = 5e5
PLATEAUS = [[1.0, 0, 0.5], [-0.3, 2.0, 0.5], [0.4, 0.4, 0.5], [2.0, -1.0, 0.5]]
POSITIONS, WIDTHS = np.array([-2.0, 1.0, 1.5]), np.array([0.01, 0.3, 0.05])


def test_a_harris_sheet():
    field = HarrisSheet(20e-9, L, normal=1e-9, guide=5e-9)
    z = np.array([-1e8, -L, 0.0, 0.3 * L, 1e8])
    B = field.B(np.stack([3 * z, -z, z], axis=1))
    np.testing.assert_allclose(B[:, 0], 20e-9 * np.tanh(z / L), rtol=1e-15)
    np.testing.assert_array_equal(B[:, 1:], np.broadcast_to([5e-9, 1e-9], (5, 2)))
    # The current mu_0 J = B0/L sech^2.
    slope = field.grad_B([0, 0, L])[0, 2]
    assert slope == pytest.approx(20e-9 / L / np.cosh(1.0) ** 2, rel=1e-15)


@pytest.mark.parametrize("u", [1e-12, 1e-3, 0.7, 19.9, 20.1, 900.0])
def test_the_potential_of_a_harris_sheet_keeps_its_digits(u):
    with mpmath.workdps(40):
        expected = float(-mpmath.log(mpmath.cosh(mpmath.mpf(u))))
    assert HarrisSheet(1.0, 1.0).A([0, 0, u])[1] == pytest.approx(expected, rel=4e-16)


def test_a_linear_step_carries_its_current_within_its_thickness():
    field = SheetStep((1.0, 0, 0.2), (3.0, 4.0, 0.2), 2.0, "linear")
    z = [-5.0, -2.0, 0.0, 1.0, 2.0, 5.0]
    B = field.B([[0, 0, v] for v in z])
    np.testing.assert_allclose(B[:, 0], [1.0, 1.0, 2.0, 2.5, 3.0, 3.0], rtol=1e-15)
    np.testing.assert_allclose(B[:, 1], [0.0, 0.0, 2.0, 3.0, 4.0, 4.0], rtol=1e-15)
    slopes = field.grad_B([[0, 0, v] for v in z])[:, 0, 2]
    np.testing.assert_array_equal(slopes, [0.0, np.nan, 0.5, 0.5, np.nan, 0.0])


def test_a_step_is_its_two_fields_far_away():
    field = SheetStep((1.0, 0, 0.2), (3.0, 4.0, 0.2), 2.0)
    np.testing.assert_array_equal(field.B([[0, 0, -99.0], [0, 0, 99.0]]), [[1.0, 0, 0.2], [3.0, 4.0, 0.2]])


def reference_row(z):
    """Return Bx, By and int Bx dz, int By dz of the row, from all sheets and 40 digits."""
    with mpmath.workdps(40):
        z = mpmath.mpf(float(z))
        result = []
        for j in (0, 1):
            value, area = mpmath.mpf(PLATEAUS[0][j]), PLATEAUS[0][j] * z
            for i, (position, width) in enumerate(zip(POSITIONS, WIDTHS, strict=True)):
                position, width = mpmath.mpf(position), mpmath.mpf(width)
                jump, u = mpmath.mpf(PLATEAUS[i + 1][j]) - mpmath.mpf(PLATEAUS[i][j]), (z - position) / width
                value += jump / (1 + mpmath.exp(-2 * u))
                area += jump * width / 2 * mpmath.log1p(mpmath.exp(2 * u))
            result += [float(value), float(area)]
    return np.array([result[0], result[2], result[1], result[3]])


def test_a_row_is_the_sum_over_all_its_sheets():
    # Points on both sides of where a sheet enters and leaves the sum, 20 of the widest L = 6 away from it.
    edges = np.concatenate([POSITIONS - 6.0, POSITIONS + 6.0])
    z = np.concatenate([np.nextafter(edges, -99), edges, np.nextafter(edges, 99), np.linspace(-12, 12, 61)])
    expected = np.array([reference_row(v) for v in z])
    field = SheetRow(POSITIONS, WIDTHS, PLATEAUS)
    points = np.stack([0 * z, 0 * z, z], axis=1)
    np.testing.assert_allclose(field.B(points)[:, :2], expected[:, :2], rtol=0, atol=1e-15)
    A = field.A(points)
    np.testing.assert_allclose(-A[:, 1], expected[:, 2], rtol=0, atol=3e-14)
    np.testing.assert_allclose(A[:, 0], expected[:, 3], rtol=0, atol=3e-14)


def test_a_row_of_one_is_a_step():
    row, step = SheetRow([0.5], 0.3, PLATEAUS[:2]), SheetStep(*PLATEAUS[:2], 0.3, position=(0, 0, 0.5))
    points = np.random.default_rng(2).normal(size=(50, 3))
    for name in ("B", "grad_B"):
        one, other = (getattr(field, name)(points) for field in (row, step))
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-14 * np.max(np.abs(other)))


def test_a_random_row_comes_from_its_seed():
    arguments = (4000, 1e6, (1e5, 4e5), 2e-9, 3e-9)
    row, again, other = (SheetRow.random(*arguments, seed, mean=(5e-9, 0.0)) for seed in (7, 7, 8))
    np.testing.assert_array_equal(row.plateaus, again.plateaus)
    np.testing.assert_array_equal(row.positions, again.positions)
    assert not np.array_equal(row.plateaus, other.plateaus)
    # Means of 4000: five standard errors.
    assert np.mean(np.diff(row.positions)) == pytest.approx(1e6, rel=5 / np.sqrt(4000))
    assert np.std(row.plateaus[:, 1]) == pytest.approx(3e-9, rel=5 / np.sqrt(8000))
    assert np.mean(row.plateaus[:, 0]) == pytest.approx(5e-9, abs=5 * 3e-9 / np.sqrt(4000))
    assert 1e5 <= row.thicknesses.min() < 1.1e5 < 3.9e5 < row.thicknesses.max() <= 4e5
    generator = np.random.default_rng(7)
    np.testing.assert_array_equal(SheetRow.random(*arguments, generator).positions, row.positions)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: HarrisSheet(1.0, -1.0), "thickness must be positive, got -1"),
        (lambda: SheetStep([1.0, 0, 0], [0, 0, 0.1], 1.0), "B2 must have the z of B1, 0, .* got 0.1"),
        (lambda: SheetStep([1.0, 0, 0], [0, 0, 0], 1.0, "x"), "profile must be one of tanh, linear, got 'x'"),
        (lambda: SheetRow([1.0, 1.0], 1.0, PLATEAUS[:3]), "positions must ascend"),
        (lambda: SheetRow([1.0, 2.0], [1.0], PLATEAUS[:3]), r"thicknesses must be positive, .* \(2\)"),
        (
            lambda: SheetRow([1.0, 2.0], 1.0, PLATEAUS),
            "plateaus must be one more than the 2 positions, got 4",
        ),
        (lambda: SheetRow([1.0], 1.0, [[0, 0, 1.0], [0, 0, 2.0]]), "plateaus must be of equal z"),
        (lambda: SheetRow.random(0, 1.0, 1.0, 0.0, 1.0, 1), "count must be a whole number of at least 1"),
        (
            lambda: SheetRow.random(3, 1.0, (2.0, 1.0), 0.0, 1.0, 1),
            "thickness must be positive, one number or",
        ),
        (lambda: SheetRow.random(3, 1.0, 1.0, 0.0, 1.0, None), "seed must be a whole number .* got None"),
    ],
)
def test_errors_name_the_argument(make, message):
    with pytest.raises(ValueError, match=message):
        make()
