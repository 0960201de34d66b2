"""Pairs of point dipoles: the published formulas, statements and orbital integrals of Yung et al. (1998)."""

import numpy as np
import pytest

from magneton import Dipole, dipole_energy, dipole_force, dipole_torque, force_on_dipole
from magneton.constants import mu_0
from reference._load import load

rng = np.random.default_rng(1998)
K = float(mu_0) / (4 * np.pi)


def test_against_the_30_digit_table():
    table = load("dipole_pair")
    m1, m2, r = table["m1"], table["m2"], table["r"]
    distance = np.linalg.norm(r, axis=1)
    scale = K * np.linalg.norm(m1, axis=1) * np.linalg.norm(m2, axis=1) / distance**3
    force = np.linalg.norm(dipole_force(m1, m2, r) - table["force"], axis=1)
    assert np.max(force / (scale / distance)) <= 1e-14
    assert np.max(np.linalg.norm(dipole_torque(m1, m2, r) - table["torque"], axis=1) / scale) <= 1e-14
    assert np.max(np.abs(dipole_energy(m1, m2, r) - table["energy"]) / scale) <= 1e-14


def test_both_printed_forms_of_eq_42_agree_to_rounding():
    m1, m2, r = rng.normal(size=(3, 1000, 3))
    dot, cross = dipole_force(m1, m2, r), dipole_force(m1, m2, r, form="cross")
    scale = 3 * K * np.linalg.norm(m1, axis=1) * np.linalg.norm(m2, axis=1) / np.sum(r * r, axis=1) ** 2
    assert np.max(np.linalg.norm(dot - cross, axis=1) / scale) <= 5e-15


@pytest.mark.parametrize(
    ("m1", "m2", "sense"),
    [
        ([0, 0, 1], [0, 0, 1], "repel"),  # aligned, side by side
        ([0, 1, 0], [0, 1, 0], "repel"),
        ([0, 0, 1], [0, 0, -1], "attract"),  # opposite, side by side
        ([1, 0, 0], [1, 0, 0], "attract"),  # all coaligned
    ],
)
def test_statements_of_the_paper(m1, m2, sense):
    force = dipole_force(m1, m2, [2.0, 0, 0])
    assert force[0] > 0 if sense == "repel" else force[0] < 0
    assert force[1] == force[2] == 0  # purely along r


def test_force_falls_with_the_fourth_power():
    ratio = dipole_force([1, 2, 3], [3, -1, 2], [1, 1, 0]) / dipole_force([1, 2, 3], [3, -1, 2], [2, 2, 0])
    np.testing.assert_allclose(ratio, 16.0, rtol=1e-14)


def test_force_is_minus_the_gradient_of_the_energy():
    m1, m2, r = rng.normal(size=(3, 3))
    h = 1e-3
    weights = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}
    gradient = [
        sum(
            w * (dipole_energy(m1, m2, r + k * h * e) - dipole_energy(m1, m2, r - k * h * e))
            for k, w in weights.items()
        )
        / h
        for e in np.eye(3)
    ]
    np.testing.assert_allclose(dipole_force(m1, m2, r), -np.array(gradient), rtol=1e-9)


def test_momentum_and_angular_momentum_balance():
    m1, m2, r = rng.normal(size=(3, 50, 3))
    on_2, on_1 = dipole_force(m1, m2, r), dipole_force(m2, m1, -r)
    np.testing.assert_allclose(on_1, -on_2, rtol=1e-13, atol=1e-14 * np.abs(on_2).max())
    total = dipole_torque(m1, m2, r) + dipole_torque(m2, m1, -r) + np.cross(r, on_2)
    assert np.max(np.abs(total)) <= 1e-14 * np.abs(dipole_torque(m1, m2, r)).max()


def test_broadcasting_and_errors():
    assert dipole_force([1, 0, 0], [0, 0, 1], np.ones((4, 5, 3))).shape == (4, 5, 3)
    assert dipole_energy([1, 0, 0], [0, 0, 1], np.ones((4, 5, 3))).shape == (4, 5)
    assert isinstance(dipole_energy([1, 0, 0], [0, 0, 1], [1, 0, 0]), float)
    assert np.all(np.isnan(dipole_force([1, 0, 0], [0, 0, 1], [0, 0, 0])))
    with pytest.raises(ValueError, match=r"form must be 'dot' or 'cross', got 'x'"):
        dipole_force([1, 0, 0], [0, 0, 1], [1, 0, 0], form="x")
    with pytest.raises(ValueError, match="broadcast"):
        dipole_force(np.ones((2, 3)), np.ones((4, 3)), [1, 0, 0])


def test_loop_and_pole_models_differ_by_current_and_formal_divergence():
    # A field with both curl and (formally) divergence: B_i = G_ij x_j with a general G.
    gradient, moment = rng.normal(size=(3, 3)), rng.normal(size=3)
    curl = np.array(
        [gradient[2, 1] - gradient[1, 2], gradient[0, 2] - gradient[2, 0], gradient[1, 0] - gradient[0, 1]]
    )
    divergence = np.trace(gradient)
    loop, pole = force_on_dipole(moment, gradient), force_on_dipole(moment, gradient, model="pole")
    np.testing.assert_allclose(loop, pole + np.cross(moment, curl) - divergence * moment, rtol=1e-14)
    assert np.linalg.norm(loop - pole) > 0.1  # the two do differ here
    # Without divergence the loop feels grad(m.B).
    solenoidal = gradient - np.eye(3) * divergence / 3
    np.testing.assert_allclose(force_on_dipole(moment, solenoidal), solenoidal.T @ moment, rtol=1e-14)


def test_the_loop_form_is_that_of_a_small_square_loop():
    # Around a small square, sum of I dl x B for B_i = G_ij x_j gives grad(m.B) - m div B exactly, moment z.
    gradient = rng.normal(size=(3, 3))
    corners = np.array([[1, 1, 0], [-1, 1, 0], [-1, -1, 0], [1, -1, 0.0]])
    middles = 0.5 * (corners + np.roll(corners, -1, axis=0))
    sides = np.roll(corners, -1, axis=0) - corners
    force = np.cross(sides, middles @ gradient.T).sum(axis=0)
    np.testing.assert_allclose(force_on_dipole([0, 0, 4.0], gradient), force, rtol=1e-13, atol=1e-13)


def test_no_difference_in_a_real_field():
    gradient = Dipole([1, 2, 3]).grad_B([0.3, 0.2, 0.5])
    moment = np.array([0.2, -0.5, 1.0])
    pole = force_on_dipole(moment, gradient, model="pole")
    np.testing.assert_allclose(force_on_dipole(moment, gradient), pole, rtol=1e-13)
    np.testing.assert_allclose(pole, dipole_force([1, 2, 3], moment, [0.3, 0.2, 0.5]), rtol=1e-13)
    with pytest.raises(ValueError, match="model must be 'loop' or 'pole'"):
        force_on_dipole(moment, gradient, model="spin")


# --- the orbital integrals, eqs. (8)-(23), in the frame of one loop ----------------------------------------

THETA = 2 * np.pi * np.arange(48) / 48
STEP = 2 * np.pi / 48
RHO = np.stack([np.cos(THETA), np.sin(THETA), 0 * THETA], axis=1)
D = np.stack([-np.sin(THETA), np.cos(THETA), 0 * THETA], axis=1)
M = np.array([0.0, 0.0, 1.0])
V, G, H = rng.normal(size=(3, 3))
PI = np.pi


def around(values):
    return STEP * np.sum(values, axis=0)


ONE_LOOP = {
    "8, rho": (lambda: around(RHO), np.zeros(3)),
    "8, d": (lambda: around(D), np.zeros(3)),
    "10": (lambda: around(np.full(48, V @ M)), 2 * PI * V @ M),
    "11": (lambda: around(RHO @ V), 0.0),
    "12": (lambda: around(D @ V), 0.0),
    "13": (lambda: around(D * (RHO @ V)[:, None]), PI * np.cross(M, V)),
    "14": (lambda: around(D * (D @ V)[:, None]), PI * (V - M * (M @ V))),
    "15": (lambda: around(RHO * (RHO @ V)[:, None]), PI * (V - M * (M @ V))),
    "16": (lambda: around(RHO * (D @ V)[:, None]), -PI * np.cross(M, V)),
    "19": (lambda: around((RHO @ G) * (D @ H)), PI * np.cross(G, H) @ M),
    "20": (lambda: around((RHO @ G) * (RHO @ H)), PI * np.cross(G, M) @ np.cross(H, M)),
    "21": (lambda: around((D @ G) * (D @ H)), PI * (G @ H - (G @ M) * (H @ M))),
    "22": (lambda: around((RHO @ G)[:, None] * np.cross(H, D)), PI * np.cross(np.cross(G, M), H)),
    "23": (lambda: around((D @ G)[:, None] * np.cross(H, RHO)), -PI * np.cross(np.cross(G, M), H)),
}


@pytest.mark.parametrize("equation", ONE_LOOP)
def test_orbital_integrals_of_one_loop(equation):
    integral, expected = ONE_LOOP[equation]
    np.testing.assert_allclose(integral(), expected, rtol=1e-13, atol=1e-13)


# --- the double integrals, eqs. (30)-(36), for two loops of unit radius and current at any tilt -------------


def _frame(seed):
    from scipy.spatial.transform import Rotation

    return Rotation.from_rotvec(np.random.default_rng(seed).normal(size=3)).as_matrix()


FRAME_A, FRAME_B = _frame(1), _frame(2)
RHO_A, D_A, RHO_B, D_B = RHO @ FRAME_A.T, D @ FRAME_A.T, RHO @ FRAME_B.T, D @ FRAME_B.T
MA, MB = FRAME_A[:, 2], FRAME_B[:, 2]
R = np.array([0.36, -0.48, 0.8])
DD, RR = D_A @ D_B.T, RHO_A @ RHO_B.T  # (a, b) tables of scalar products
RA, RB, DBR = RHO_A @ R, RHO_B @ R, D_B @ R
DB_RHOA = RHO_A @ D_B.T


def twice(weights, vectors_a=None, vectors_b=None):
    """Return the double integral of weights(a, b) times a vector of a, of b, or R."""
    if vectors_a is not None:
        return STEP**2 * np.einsum("ab,ai->i", weights, vectors_a)
    if vectors_b is not None:
        return STEP**2 * np.einsum("ab,bi->i", weights, vectors_b)
    return STEP**2 * np.sum(weights) * R


# The moments of unit loops are pi each: m_a m_b/(I_a I_b) = pi^2.
TWO_LOOPS = {
    "30": (lambda: twice(RR * DBR, vectors_a=D_A), -(R @ MA) * MB + (MA @ MB) * R),
    "31": (lambda: -twice(DD * RR), -2 * (MA @ MB) * R),
    "32": (lambda: -5 * twice(np.outer(RA, DBR * RB), vectors_a=D_A), np.zeros(3)),
    "33": (lambda: 5 * twice(DD * np.outer(RA, RB)), 5 * R * (MA @ MB - (R @ MA) * (R @ MB))),
    "34": (lambda: -twice(DD * RA[:, None], vectors_b=RHO_B), (MB @ R) * MA - (MB @ MA) * R),
    "35": (lambda: twice(DB_RHOA * RB[None], vectors_a=D_A), (R @ MA) * MB - (MA @ MB) * R),
    "36": (lambda: -twice(DD * RB[None], vectors_a=RHO_A), (R @ MA) * MB - (MA @ MB) * R),
}


@pytest.mark.parametrize("equation", TWO_LOOPS)
def test_double_orbital_integrals(equation):
    integral, expected = TWO_LOOPS[equation]
    np.testing.assert_allclose(integral(), PI**2 * expected, rtol=1e-12, atol=1e-12)
