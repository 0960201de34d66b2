"""The solenoid's fields against the 30-digit table, and against stacks of loops."""

import numpy as np
import pytest

from magneton.constants import mu_0
from magneton.kernels import quantities
from magneton.kernels.coil import coil_field
from magneton.kernels.cylinder import solenoid_field
from reference._load import load

TABLE = load("solenoid")
QUANTITIES = {"B": quantities.B, "A": quantities.A, "grad_B": quantities.GRAD}
PROMISE = 1e-13


def evaluate(function, code, params, points):
    out = np.empty((len(points), quantities.WIDTHS[code]))
    function(code, np.array(params, dtype=float), np.ascontiguousarray(points), out)
    return out


@pytest.mark.parametrize("name", QUANTITIES)
def test_relative_vector_error(name):
    code = QUANTITIES[name]
    assert len(TABLE["kinds"]) >= 250
    rows = zip(TABLE["radius"], TABLE["length"], TABLE["points"], strict=True)
    values = np.array([evaluate(solenoid_field, code, (a, h, 1.0), p[None])[0] for a, h, p in rows])
    exact = TABLE[name].reshape(values.shape)
    size = np.linalg.norm(exact, axis=1)
    error = np.linalg.norm(values - exact, axis=1) / np.where(size > 0, size, 1.0)
    worst = {kind: float(np.max(error[TABLE["kinds"] == kind])) for kind in np.unique(TABLE["kinds"])}
    assert max(worst.values()) <= PROMISE, worst


def test_H_is_B_over_mu_0_and_there_is_no_scalar_potential():
    points = TABLE["points"]
    B, H = (evaluate(solenoid_field, code, (1.0, 2.0, 3.0), points) for code in (quantities.B, quantities.H))
    np.testing.assert_array_equal(H, B / float(mu_0))
    assert np.all(np.isnan(evaluate(solenoid_field, quantities.POTENTIAL, (1.0, 2.0, 3.0), points)))


def test_nan_on_the_sheet_only():
    sheet = np.array([[1.25, 0, 0.5], [0.75, 1.0, 1.0], [0, -1.25, -1.0], [0.0, 1.25, 0]])
    clear = np.array([[0.3, 0.4, 1.0], [0, 0, -1.0], [1.25, 0, 1.25], [0.75, 1.0, -3.0], [0, 2.0, 1.0]])
    for code in (quantities.B, quantities.H, quantities.GRAD):
        assert np.all(np.isnan(evaluate(solenoid_field, code, (1.25, 2.0, 3.0), sheet)))
        assert np.all(np.isfinite(evaluate(solenoid_field, code, (1.25, 2.0, 3.0), clear)))


def stack(code, params, points, count):
    """Return the coil's field as that of solenoids at Gauss nodes of the radius."""
    inner, outer, length, density = params
    nodes, weights = np.polynomial.legendre.leggauss(count)
    radii, widths = 0.5 * (outer + inner) + 0.5 * (outer - inner) * nodes, 0.5 * (outer - inner) * weights
    return sum(
        w * evaluate(solenoid_field, code, (a, length, density), points)
        for a, w in zip(radii, widths, strict=True)
    )


@pytest.mark.parametrize("code", [quantities.B, quantities.A, quantities.GRAD])
def test_coil_is_a_nest_of_solenoids(code):
    params, points = (0.5, 1.25, 0.75, 2.0), np.random.default_rng(4).uniform(-2, 2, (200, 3))
    rho = np.hypot(points[:, 0], points[:, 1])
    outside = (rho < 0.35) | (rho > 1.4) | (np.abs(points[:, 2]) > 0.6)
    coil = evaluate(coil_field, code, params, points[outside])
    size = np.linalg.norm(coil, axis=1)
    error = np.linalg.norm(coil - stack(code, params, points[outside], 60), axis=1) / size
    assert np.max(error) <= 2e-14


@pytest.mark.parametrize("code", [quantities.B, quantities.A, quantities.GRAD])
@pytest.mark.parametrize("length", [1e-3, 0.5, 20.0])
def test_two_halves_of_a_coil_make_the_whole(code, length):
    # In the winding, next to its faces and edges: the cut is elsewhere, so the panels are others.
    rng = np.random.default_rng(5)
    points = rng.uniform(-1.3, 1.3, (160, 3)) * [1, 1, 0.6 * length]
    near = rng.choice([-1, 1], 40) * 10.0 ** rng.uniform(-9, -2, 40)
    points[:40, 2] = 0.5 * length * (1 + near)
    ring = points[40:80]
    ring[:, :2] *= (rng.choice([0.5, 1.25], 40) * (1 + near) / np.hypot(ring[:, 0], ring[:, 1]))[:, None]
    whole = evaluate(coil_field, code, (0.5, 1.25, length, 2.0), points)
    cut = 0.8131
    halves = evaluate(coil_field, code, (0.5, cut, length, 2.0), points)
    halves += evaluate(coil_field, code, (cut, 1.25, length, 2.0), points)
    size = np.linalg.norm(whole, axis=1)
    if code == quantities.GRAD:
        # Of the halves one has the cut beside the point, and there a gradient of the size of the jump, mu_0 J.
        size += 2.0 * float(mu_0)
    assert np.max(np.linalg.norm(whole - halves, axis=1) / size) <= 1e-14


def test_gradient_of_short_and_thin_coils():
    table = load("coil")
    assert len(table["kinds"]) >= 80
    rows = zip(table["inner"], table["outer"], table["length"], table["points"], strict=True)
    values = [evaluate(coil_field, quantities.GRAD, (a, c, h, 1.0), p[None])[0] for a, c, h, p in rows]
    exact = table["grad_B"].reshape(-1, 9)
    error = np.linalg.norm(np.array(values) - exact, axis=1) / np.linalg.norm(exact, axis=1)
    worst = {kind: float(np.max(error[table["kinds"] == kind])) for kind in np.unique(table["kinds"])}
    assert max(worst.values()) <= PROMISE, worst


def test_axis_of_a_coil():
    # B_z = mu_0 J/2 [zeta asinh(a/|zeta|)] over the radii and both ends, the textbook formula.
    inner, outer, length, density = 0.5, 1.25, 0.75, 3.0
    z = np.array([0.0, 0.1, 0.3749, 0.4, 1.0, 2.0])
    ends = 0.0
    for side in (1.0, -1.0):
        zeta = z + side * 0.5 * length
        ends = ends + side * zeta * (np.arcsinh(outer / np.abs(zeta)) - np.arcsinh(inner / np.abs(zeta)))
    axis = np.stack([0 * z, 0 * z, z], axis=-1)
    B = evaluate(coil_field, quantities.B, (inner, outer, length, density), axis)
    np.testing.assert_allclose(B[:, 2], 0.5 * float(mu_0) * density * ends, rtol=5e-15)
    assert np.all(B[:, :2] == 0.0)


def test_field_of_a_coil_is_continuous_and_its_gradient_nan_on_the_surface():
    params = (0.5, 1.25, 0.75, 2.0)
    surface = np.array([[0.5, 0, 0.1], [0, -1.25, 0.2], [0.75, 0, 0.375], [0, 0.5, 0.375], [1.25, 0, -0.375]])
    assert np.all(np.isnan(evaluate(coil_field, quantities.GRAD, params, surface)))
    for code in (quantities.B, quantities.A, quantities.H):
        here = evaluate(coil_field, code, params, surface)
        there = evaluate(coil_field, code, params, surface * (1 + 1e-13))
        assert np.all(np.abs(here - there) <= 1e-11 * np.linalg.norm(here, axis=1)[:, None])
    assert np.all(np.isnan(evaluate(coil_field, quantities.POTENTIAL, params, surface)))
    assert np.all(np.isfinite(evaluate(coil_field, quantities.GRAD, params, 1.5 * surface)))
