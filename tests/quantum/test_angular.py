"""Angular momentum: space quantization, projected moments, coupled g-factors."""

import numpy as np
import pytest

from magneton import constants
from magneton.quantum.angular import (
    allowed_projections,
    angular_momentum,
    coupled_g,
    embedded,
    moment_magnitude,
    projected_moments,
    projection_angles,
    spin_operators,
)


@pytest.mark.parametrize("j", [0.5, 1.0, 1.5, 2.0, 3.5])
def test_operators_obey_the_algebra_and_have_the_length(j):
    x, y, z = spin_operators(j)
    np.testing.assert_allclose(x @ y - y @ x, 1j * z, atol=1e-14 * j)
    np.testing.assert_allclose(x @ x + y @ y + z @ z, j * (j + 1) * np.eye(len(x)), atol=1e-13 * j)
    np.testing.assert_allclose(angular_momentum(j), float(constants.hbar) * np.sqrt(j * (j + 1)), rtol=1e-15)


@pytest.mark.parametrize(
    ("j", "degrees"),
    [
        (0.5, [54.7356, 125.2644]),
        (1.0, [45.0, 90.0, 135.0]),
        (1.5, [39.2315, 75.0368, 104.9632, 140.7685]),
        (2.0, [35.2644, 65.9052, 90.0, 114.0948, 144.7356]),
    ],
)
def test_space_quantization(j, degrees):
    np.testing.assert_allclose(np.degrees(projection_angles(j)), degrees, atol=5e-5)
    m = projected_moments(j, 2.0) / moment_magnitude(j, 2.0)
    np.testing.assert_allclose(m, -np.cos(projection_angles(j)), rtol=1e-14, atol=1e-15)


def test_signs_of_projected_moments():
    up_first = projected_moments(0.5, -constants.g_e)
    np.testing.assert_allclose(up_first, [float(constants.mu_e), -float(constants.mu_e)], rtol=1e-10)
    deuteron = projected_moments(1.0, constants.g_d, "nucleus")
    np.testing.assert_allclose(deuteron, float(constants.mu_d) * np.array([1.0, 0.0, -1.0]), rtol=1e-9)
    orbit = projected_moments(2, 1.0) / float(constants.mu_B)
    np.testing.assert_allclose(orbit, [-2.0, -1.0, 0.0, 1.0, 2.0], rtol=1e-15)
    assert moment_magnitude(0.5, constants.g_n, "nucleus") > 0.0


@pytest.mark.parametrize(("j_1", "j_2"), [(1.0, 0.5), (2.0, 1.0), (1.5, 2.5), (3.0, 2.0)])
def test_coupled_g_is_the_expectation_in_the_coupled_states(j_1, j_2):
    g_1, g_2 = 1.3, -0.4
    sizes = (round(2 * j_1) + 1, round(2 * j_2) + 1)
    first, second = embedded(spin_operators(j_1), 0, sizes), embedded(spin_operators(j_2), 1, sizes)
    total = first + second
    square = sum(each @ each for each in total)
    values, states = np.linalg.eigh(square + 1e-3 * total[2])  # the order of m within each j
    for j in np.arange(abs(j_1 - j_2), j_1 + j_2 + 0.5):
        top = states[:, np.argmin(np.abs(values - (j * (j + 1) + 1e-3 * j)))]  # m = j
        mean = (top.conj() @ (g_1 * first[2] + g_2 * second[2]) @ top).real
        if j > 0:
            assert j * coupled_g(j, j_1, g_1, j_2, g_2) == pytest.approx(mean, rel=1e-11, abs=1e-11)


@pytest.mark.parametrize(
    ("j", "l", "s", "g"),
    [
        (0.5, 1, 0.5, 2 / 3),
        (1.5, 1, 0.5, 4 / 3),
        (2.5, 2, 0.5, 6 / 5),
        (7.5, 6, 1.5, 6 / 5),
        (4, 6, 2, 3 / 5),
    ],
)
def test_lande_factors_of_textbooks(j, l, s, g):  # noqa: E741
    assert coupled_g(j, l, 1.0, s, 2.0) == pytest.approx(g, rel=1e-14)


def test_wrong_quantum_numbers_are_named():
    with pytest.raises(ValueError, match="j must be one of 3/2, 5/2 for j_1 = 2 and j_2 = 1/2, got 7/2"):
        coupled_g(3.5, 2, 1.0, 0.5, 2.0)
    with pytest.raises(ValueError, match="j must be positive"):
        coupled_g(0, 1, 1.0, 1, 2.0)
    with pytest.raises(ValueError, match="kind must be 'electron' or 'nucleus', got 'muon'"):
        projected_moments(0.5, 2.0, "muon")
    with pytest.raises(ValueError, match="j must be positive"):
        projection_angles(0)
    assert allowed_projections(0).tolist() == [0.0]


def test_nuclear_says_nucleus():
    np.testing.assert_array_equal(
        projected_moments(0.5, 2.0, "nuclear"), projected_moments(0.5, 2.0, "nucleus")
    )
