"""The cuboid's kernel: the table, the seams between its three ways, the surface, and bits that must not change."""

import itertools

import numpy as np
import pytest

from magneton.kernels import quantities
from magneton.kernels.cuboid import _exact_block, cuboid_field
from magneton.kernels.cuboid_far import NEAREST, THREE, TWO, far_first, far_second, far_third
from magneton.kernels.cuboid_rows import exact_workspace
from magneton.kernels.quantities import GRAD, POTENTIAL, WIDTHS, A, B, H
from reference._load import load

CODES = {"B": B, "H": H, "A": A, "grad_B": GRAD, "scalar_potential": POTENTIAL}
# The promise is 1e-12 everywhere; these are some three times the worst row.
BOUNDS = {"B": 3e-13, "H": 3e-13, "A": 1e-14, "grad_B": 1e-14, "scalar_potential": 2e-13}
BRICK = np.array([1.0, 1.5, 0.7, 3e5, -2e5, 8e5])
rng = np.random.default_rng(20261121)


def field(what, params, points):
    points = np.ascontiguousarray(points, dtype=float).reshape(-1, 3)
    out = np.full((len(points), WIDTHS[what]), 7.0)
    cuboid_field(what, np.asarray(params, dtype=float), points, out)
    return out


def exact(what, params, points):
    """Return the field by the closed form in double-double, which no seam touches."""
    out = np.empty((len(points), WIDTHS[what]))
    _, exponent = np.frexp(params[:3].max())
    unit = 2.0**-exponent
    for start in range(0, len(points), 64):
        rows = np.arange(start, min(start + 64, len(points)))
        _exact_block(what, params[3:], points, rows, unit, 0.5 * unit * params[:3], out, exact_workspace())
    return out


def worst(computed, reference):
    size = np.linalg.norm(reference, axis=1)
    return np.max(np.linalg.norm(computed - reference, axis=1) / np.where(size > 0.0, size, 1.0))


def points_everywhere(params, count):
    """Return points at all distances from the faces, inside and out, out to some ten edges."""
    edges = params[:3]
    gap = 10.0 ** rng.uniform(-10, 1, (count, 3)) * rng.choice([-1, 1], (count, 3))
    central = rng.uniform(-0.5, 0.5, (count, 3))
    near = rng.choice([-0.5, 0.5], (count, 3)) + gap
    return edges * np.where(rng.random((count, 3)) < 0.5, near, central)


@pytest.mark.parametrize("quantity", CODES)
def test_every_row_of_the_table(quantity):
    table = load("cuboid")
    assert len(table["kinds"]) >= 800
    errors = {}
    for row, kind in enumerate(table["kinds"]):
        params = np.concatenate([table["dimension"][row], table["magnetization"][row]])
        computed = field(CODES[quantity], params, table["points"][row])
        error = worst(computed, table[quantity][row].reshape(1, -1))
        assert not np.isnan(error), (kind, params, table["points"][row])
        errors[kind] = max(errors.get(kind, 0.0), error)
    assert max(errors.values()) <= BOUNDS[quantity], errors


@pytest.mark.parametrize("what", [B, H])
@pytest.mark.parametrize("edges", [(1.0, 1.5, 0.7), (1.0, 1.0, 0.01), (0.02, 1.0, 0.03)])
def test_plain_floats_agree_with_double_double(edges, what):
    for magnetization in (*np.eye(3), [0.6, -0.3, 0.8]):
        params = np.array([*edges, *magnetization])
        points = points_everywhere(params, 4000)
        near = np.linalg.norm(points, axis=1) < 0.5 * NEAREST * max(edges)
        assert worst(field(what, params, points)[near], exact(what, params, points)[near]) <= 1e-12


@pytest.mark.parametrize("quantity", CODES)
def test_far_rule_joins_the_closed_form(quantity):
    what = CODES[quantity]
    directions = rng.normal(size=(200, 3))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    for edges, least in (
        ((1.0, 1.0, 1.0), THREE),
        ((1.0, 1.5, 0.7), THREE),
        ((1.0, 1.0, 1e-6), THREE),
        ((2e-4, 1e-4, 1.0), THREE),
        ((1.0, 1e-5, 1e-5), NEAREST),
    ):
        params = np.array([*edges, 0.3, 0.5, -0.7])
        reach = NEAREST if what in (A, POTENTIAL) else least
        points = directions * 0.5 * max(edges) * reach
        assert worst(field(what, params, points * 1.0001), exact(what, params, points * 1.0001)) <= 1e-13
        below = points * 0.9999
        np.testing.assert_array_equal(field(what, params, below), exact(what, params, below))


@pytest.mark.parametrize("rule", [far_first, far_second, far_third])
@pytest.mark.parametrize("reach", [THREE, TWO])
def test_far_rules_join_each_other(rule, reach):
    edges = np.array([2.0, 1.4, 1.9])
    for direction in ((1.0, 0.0, 0.0), (0.6, 0.64, 0.48), (0.0, 0.8, 0.6)):
        x, y, z = reach * np.array(direction)
        fewer = np.array(rule(x, y, z, edges, reach**2 * 1.000001))
        more = np.array(rule(x, y, z, edges, reach**2 * 0.999999))
        assert not np.array_equal(fewer, more)
        assert np.linalg.norm(fewer - more) <= 5e-14 * np.linalg.norm(more)


def surface_points(edges):
    """Return points on faces, edges and corners."""
    choices = itertools.product((-0.5, -0.1, 0.0, 0.3, 0.5), repeat=3)
    return np.array([np.multiply(edges, c) for c in choices if 0.5 in np.abs(c)])


def test_nan_on_the_surface_and_nowhere_else():
    points = surface_points(BRICK[:3])
    for what in (B, H, GRAD):
        assert np.isnan(field(what, BRICK, points)).all()
        assert np.isfinite(field(what, BRICK, points * (1.0 + 3e-16))).all()
        assert np.isfinite(field(what, BRICK, points * (1.0 - 3e-16))).all()
        assert np.isfinite(field(what, BRICK, points_everywhere(BRICK, 2000))).all()


@pytest.mark.parametrize("what", [A, POTENTIAL])
def test_potentials_are_continuous_through_the_surface(what):
    points = surface_points(BRICK[:3])
    on, out, inner = (field(what, BRICK, points * factor) for factor in (1.0, 1.0 + 1e-13, 1.0 - 1e-13))
    size = np.abs(on).max()
    assert np.abs(on - out).max() <= 1e-11 * size
    assert np.abs(on - inner).max() <= 1e-11 * size


def test_B_is_mu_0_times_H_plus_M():
    points = points_everywhere(BRICK, 3000)
    inside = np.all(np.abs(points) < 0.5 * BRICK[:3], axis=1)
    assert 300 < inside.sum() < 2700
    mu_0 = 1.25663706127e-6
    b, h = field(B, BRICK, points), field(H, BRICK, points)
    total = mu_0 * (h + inside[:, None] * BRICK[3:])
    scale = np.linalg.norm(b, axis=1) + mu_0 * np.linalg.norm(h, axis=1)
    assert np.all(np.linalg.norm(b - total, axis=1) <= 2e-13 * scale)


@pytest.mark.parametrize("quantity", CODES)
def test_bits_do_not_depend_on_company_sign_or_unit(quantity):
    what = CODES[quantity]
    points = np.concatenate([points_everywhere(BRICK, 150), 30.0 * rng.normal(size=(50, 3))])
    batch = field(what, BRICK, points)
    np.testing.assert_array_equal(batch, np.concatenate([field(what, BRICK, p) for p in points]))
    np.testing.assert_array_equal(field(what, BRICK, points[::-1]), batch[::-1])
    power = {A: 1, POTENTIAL: 1, GRAD: -1}.get(what, 0)
    for factor in (2.0**-30, 2.0**30):
        params = np.concatenate([BRICK[:3] * factor, BRICK[3:]])
        np.testing.assert_array_equal(field(what, params, points * factor), batch * factor**power)
    # A half turn about z.
    turned = np.concatenate([BRICK[:3], BRICK[3:] * [-1, -1, 1]])
    signs = {1: [1], 3: [-1, -1, 1], 9: [1, 1, -1, 1, 1, -1, -1, -1, 1]}[quantities.WIDTHS[what]]
    np.testing.assert_array_equal(field(what, turned, points * [-1, -1, 1]), batch * signs)


def test_extreme_shapes_give_a_field_everywhere():
    for edges in ((1.0, 1.0, 1e-9), (1e-8, 1e-9, 1.0), (1e-5, 1.0, 1e-6)):
        params = np.array([*edges, 0.5, 0.6, 0.7])
        points = points_everywhere(params, 500)
        for what in CODES.values():
            assert np.isfinite(field(what, params, points)).all()
        points = points[np.all(np.abs(points) < 0.5 * params[:3], axis=1)]
        diagonal = [field(H, [*edges, *axis], points)[:, i] for i, axis in enumerate(np.eye(3))]
        assert len(points) > 50
        assert np.min(np.negative(diagonal)) > 0.0
        np.testing.assert_allclose(np.sum(diagonal, axis=0), -1.0, rtol=1e-14)
