"""Polyhedra against the 30-digit table, and what the kernel must do where no table can tell."""

import itertools
import math

import numpy as np
import pytest
from mpmath import mp

from magneton._jit import kernel
from magneton.kernels.polyhedron import polyhedron_field
from magneton.kernels.polyhedron_pairs import angle_of_pairs, log_of_pairs
from magneton.kernels.polyhedron_tables import REACH, polyhedron_parameters, polyhedron_shape
from magneton.kernels.quantities import GRAD, POTENTIAL, WIDTHS, A, B, H
from magneton.kernels.triangle import angle, log_ratio
from reference._load import load
from reference.polyhedron_bodies import BODIES

PROMISE = 1e-13
CODES = {"B": B, "H": H, "A": A, "grad_B": GRAD, "scalar_potential": POTENTIAL}


def parameters(name):
    vertices, faces, magnetization = BODIES[name]
    shape = polyhedron_shape(np.array(vertices), np.array(faces))
    return polyhedron_parameters(shape, np.array(magnetization))


PARAMETERS = {name: parameters(name) for name in BODIES}


def field(name, quantity, points):
    code = CODES[quantity]
    points = np.atleast_2d(np.array(points, dtype=float))
    out = np.full((len(points), WIDTHS[code]), 7.0)
    polyhedron_field(code, PARAMETERS[name], points, out)
    return out


@pytest.mark.parametrize("quantity", CODES)
def test_relative_vector_error(quantity):
    table = load("polyhedron")
    assert len(table["kinds"]) >= 1300
    worst = {}
    for number, name in enumerate(BODIES):
        rows = np.flatnonzero(table["body"] == number)
        computed = field(name, quantity, table["points"][rows])
        exact = table[quantity][rows].reshape(len(rows), -1)
        size = np.linalg.norm(exact, axis=1)
        if (
            quantity == "scalar_potential"
        ):  # it has nulls: its size is that of |M||V|, with A = mu_0 M x V/(4 pi)
            size = np.hypot(size, np.linalg.norm(table["A"][rows], axis=1) / 1.25663706127e-6)
        for kind, error in zip(
            table["kinds"][rows], np.linalg.norm(computed - exact, axis=1) / size, strict=True
        ):
            worst[name, kind] = max(worst.get((name, kind), 0.0), error)
    assert max(worst.values()) <= PROMISE, {
        key: value for key, value in worst.items() if not value <= PROMISE
    }


@pytest.mark.parametrize("quantity", CODES)
@pytest.mark.parametrize("name", ["cube", "angle"])
def test_single_points_and_batches_agree_to_the_bit(name, quantity):
    table = load("polyhedron")
    points = table["points"][table["body"] == list(BODIES).index(name)]
    points = np.concatenate([points] * 3)
    single = np.concatenate([field(name, quantity, point) for point in points])
    np.testing.assert_array_equal(field(name, quantity, points), single)


def on_the_surface(name):
    vertices, faces, _ = BODIES[name]
    corners = np.array(vertices)[np.array(faces)].reshape(-1, 3, 3)
    if name != "cube":
        return corners.reshape(-1, 3)
    # Sums of these floats are exact, as the point must be.
    weights = [(0.25, 0.5, 0.25), (0.5, 0.5, 0.0), (0.0, 0.25, 0.75), (1.0, 0.0, 0.0)]
    return np.concatenate([np.tensordot(corners, w, ([1], [0])) for w in weights])


@pytest.mark.parametrize("quantity", ["B", "H", "grad_B"])
@pytest.mark.parametrize("name", ["tetrahedron", "flat_normal", "cube", "angle"])
def test_nan_on_corners_edges_and_faces(name, quantity):
    assert np.all(np.isnan(field(name, quantity, on_the_surface(name))))


@pytest.mark.parametrize("quantity", ["A", "scalar_potential"])
@pytest.mark.parametrize("name", ["tetrahedron", "flat_normal", "flat_oblique", "cube", "angle"])
def test_potentials_are_continuous_on_the_surface(name, quantity):
    points = on_the_surface(name)
    here = field(name, quantity, points)
    step = 1e-13
    for shift in step * np.random.default_rng(11).normal(size=(4, 3)):
        beside = field(name, quantity, points + shift)
        # The potentials grow by the field, some 1e6 A/m and its logarithm, times the step.
        size = np.max(np.abs(here))
        slope = 3e8 if quantity == "scalar_potential" else 3e2
        assert np.max(np.abs(here - beside)) <= slope * step + 1e-13 * size


@pytest.mark.parametrize("quantity", CODES)
def test_nothing_is_nan_beside_a_face_or_beyond_an_edge(quantity):
    # In the plane of a face, in line with an edge, and over the diagonal that cuts a side into triangles.
    tiny = 2.0**-50
    points = [(0.7, 0.1, 1.0), (0.5, 0.5, 1.8), (0.5, 1.0, 0.0), (0.0, 0.0, tiny), (0.1, 0.1, 1.0 - tiny)]
    values = field("cube", quantity, points)
    assert np.all(np.isfinite(values))


@pytest.mark.parametrize("quantity", CODES)
def test_multipoles_and_closed_form_meet(quantity):
    for name, (vertices, faces, _) in BODIES.items():
        shape = polyhedron_shape(np.array(vertices), np.array(faces))
        direction = np.array([0.48, -0.6, 0.64])
        apart = 1e-9
        here, there = (
            field(name, quantity, shape.centroid + shape.extent * REACH * (1 + s * apart) * direction)[0]
            for s in (-1, 1)
        )
        power = {"A": 2, "scalar_potential": 2, "grad_B": 4}.get(quantity, 3)
        # The field falls off by (1 - 2e-9)^power in between, the higher multipoles' share not counted.
        gap = np.linalg.norm(there * (1 + 2 * power * apart) - here)
        assert gap <= 3e-9 * np.linalg.norm(here), name


def test_logarithm_and_angle_are_right_to_rounding():
    rng = np.random.default_rng(3)
    for ratio in [*(10.0 ** rng.uniform(-12, 4.8, 2000)), *(2.0 ** np.arange(-4.0, 15.0, 0.5))]:
        q = rng.uniform(0.5, 2.0)
        p = q * (1.0 + ratio)
        exact = math.log1p((p - q) / q)
        assert abs(log_ratio(p, q) - exact) <= 5e-16 * exact
    for turn in [*rng.uniform(-math.pi, math.pi, 4000), *(np.arange(-16, 17) * math.pi / 16)]:
        y, x = 3.7 * math.sin(turn), 3.7 * math.cos(turn)
        assert abs(angle(y, x) - math.atan2(y, x)) <= 5e-16 * max(1e-300, abs(math.atan2(y, x)))


@kernel
def _logs_and_angles(p, q, out):
    for i in range(len(p)):
        out[i, 0], out[i, 1] = log_of_pairs((p[i, 0], p[i, 1]), (q[i, 0], q[i, 1]))
        sign = 1.0 if i % 2 else -1.0
        out[i, 2], out[i, 3] = angle_of_pairs((p[i, 0], p[i, 1]), (sign * q[i, 0], sign * q[i, 1]))


def test_logarithm_and_angle_of_pairs_are_right_to_31_digits():
    rng = np.random.default_rng(4)
    q = rng.uniform(0.5, 2.0, 600)
    p = q * (1.0 + 10.0 ** rng.uniform(-10, 36, 600))
    p[:100] = q[:100] * (1.0 + np.arange(100) / 16.0)
    p, q = (np.stack([x, 1e-17 * rng.uniform(-1, 1, 600) * x], axis=-1) for x in (p, q))
    out = np.empty((600, 4))
    _logs_and_angles(p, q, out)
    with mp.workdps(50):
        for i in range(600):
            y, x = mp.fsum(p[i].tolist()), mp.fsum(q[i].tolist())
            logarithm, angle = mp.log(y / x), mp.atan2(y, x if i % 2 else -x)
            assert abs(mp.fsum(out[i, :2].tolist()) - logarithm) <= 1e-31 * max(1, logarithm)
            assert abs(mp.fsum(out[i, 2:].tolist()) - angle) <= 1e-31


@pytest.mark.parametrize("scale", [2.0**-30, 2.0**30])
def test_powers_of_two_change_no_digit(scale):
    vertices, faces, magnetization = BODIES["angle"]
    shape = polyhedron_shape(np.array(vertices) * scale, np.array(faces))
    params = polyhedron_parameters(shape, np.array(magnetization))
    points = np.random.default_rng(5).uniform(-3.0, 3.0, (50, 3))
    for quantity, power in (("B", 0), ("A", 1), ("grad_B", -1)):
        out = np.empty((50, WIDTHS[CODES[quantity]]))
        polyhedron_field(CODES[quantity], params, points * scale, out)
        np.testing.assert_array_equal(out, field("angle", quantity, points) * scale**power)


def test_moments_of_the_volume_do_not_depend_on_how_faces_are_cut():
    vertices, faces, _ = BODIES["cube"]
    other = [face for face in faces if 6 not in face or 4 not in face]
    other = [face for face in other if len({4, 5, 6, 7} & set(face)) < 3] + [(4, 5, 7), (5, 6, 7)]
    one = polyhedron_shape(np.array(vertices), np.array(faces))
    two = polyhedron_shape(np.array(vertices), np.array(other))
    assert sorted(map(sorted, faces)) != sorted(map(sorted, other))
    np.testing.assert_allclose(two.moments, one.moments, rtol=0, atol=1e-15)
    assert two.volume == one.volume == 1.0


def test_edges_pair_up():
    for _, faces, _ in BODIES.values():
        from magneton.kernels.polyhedron_tables import paired_edges

        edges, pairs = paired_edges(np.array(faces))
        for (i, j), (one, two) in zip(edges.tolist(), pairs.tolist(), strict=True):
            around = [list(itertools.pairwise([*faces[k], faces[k][0]])) for k in (one, two)]
            assert (i, j) in around[0]
            assert (j, i) in around[1]
