"""Moments at rest: the curvature against second differences, saddles left, ground states known in closed form."""

import numpy as np
import pytest

from magneton import constants
from magneton.dynamics import (
    CubicAnisotropy,
    Dipolar,
    DzyaloshinskiiMoriya,
    Exchange,
    Lattice,
    ShapeAnisotropy,
    SpinSystem,
    UniaxialAnisotropy,
    Zeeman,
    minimize_energy,
)
from magneton.dynamics._descent import Descent, _lanczos
from magneton.dynamics._landscape import Landscape, in_frames, tangent_frames, turned

RNG = np.random.default_rng(4)
MOMENT, EDGE = 2e-20, 1e-9
PAIR = float(constants.mu_0) / (4.0 * np.pi) * MOMENT**2 / EDGE**3  # J


def random_directions(n):
    u = RNG.standard_normal((n, 3))
    return u / np.linalg.norm(u, axis=1, keepdims=True)


U = random_directions(4)
CHAIN = Lattice((4, 1, 1), EDGE)
AXES = np.linalg.qr(RNG.standard_normal((3, 3)))[0]
TERMS = {
    "zeeman": Zeeman([0.1, -0.3, 0.2]),
    "uniaxial": UniaxialAnisotropy([1e-20, 2e-20, -1e-20, 3e-20], [1.0, 2.0, 3.0]),
    "cubic": CubicAnisotropy(2e-20, AXES),
    "shape": ShapeAnisotropy(AXES @ np.diag([0.1, 0.3, 0.6]) @ AXES.T, [2e-26, 3e-26, 4e-26, 5e-26]),
    "exchange": Exchange(1e-20, CHAIN),
    "antisymmetric": DzyaloshinskiiMoriya(1e-20, CHAIN, normal=[0, 0, 1]),
    "dipolar": Dipolar(CHAIN),
}


@pytest.mark.parametrize("name", TERMS)
def test_curvature_is_the_second_difference_of_the_energy(name):
    system = SpinSystem(MOMENT * U * np.array([[1.0], [2.0], [0.5], [1.0]]), CHAIN.positions, [TERMS[name]])
    land = Landscape(system._energies, 0.0, np.array([0.02, 0.0, -0.01]))
    frames = tangent_frames(U)
    H = land.curvature_at(U, land.field(U)).matrix(frames)
    h = 1e-3
    for _ in range(3):
        x = RNG.standard_normal((4, 2))
        v = np.sum(x[..., None] * frames, axis=1)
        up, mid, down = (land.energy(turned(U, s * h * v)[0]) for s in (1, 0, -1))
        # a fourth derivative of some H v^4 is left, and rounding of E/h^2
        assert x.ravel() @ H @ x.ravel() == pytest.approx(
            (up - 2.0 * mid + down) / h**2, abs=1e-4 * np.abs(H).max()
        )
    if not system._energies.coupled:
        own = land.curvature_at(U, land.field(U)).own(frames)
        np.testing.assert_allclose(own, [H[k : k + 2, k : k + 2] for k in (0, 2, 4, 6)], atol=1e-34)


def test_work_along_a_chord_is_the_change_of_energy():
    system = SpinSystem(MOMENT * U, CHAIN.positions, list(TERMS.values()))
    land = Landscape(system._energies, 0.0, np.array([0.0, 0.1, 0.0]))
    new, step = turned(U, np.cross(U, random_directions(4)))
    change = land.change(U, land.field(U), step, land.field(new)).sum()
    assert change == pytest.approx(land.energy(new) - land.energy(U), rel=1e-12)


def test_moment_against_its_field_turns_over():
    system = SpinSystem([0.0, 0.0, -MOMENT], terms=[Zeeman([0.0, 0.0, 2.0])])
    rest = minimize_energy(system)
    np.testing.assert_allclose(rest.moments, [[0.0, 0.0, MOMENT]], atol=1e-15 * MOMENT)
    assert rest.curvature == pytest.approx(2.0 * MOMENT, rel=1e-12)
    assert rest.energy == pytest.approx(-2.0 * MOMENT)
    assert rest.stable
    assert rest.converged
    assert rest.residual < 1e-15
    with pytest.raises(RuntimeError, match="have not come to rest in 2 steps"):
        minimize_energy(system, max_steps=2)
    early = minimize_energy(system, max_steps=2, strict=False)
    assert not early.converged
    assert not early.stable


def test_two_dipoles_come_to_rest_one_behind_the_other():
    """From one beside the other, against each other: a saddle of energy -1, whose wells have -2 and curvature 1."""
    pair = [[0.0, 0.0, MOMENT], [0.0, 0.0, -MOMENT]]
    rest = minimize_energy(SpinSystem(pair, [[0.0, 0.0, 0.0], [EDGE, 0.0, 0.0]], [Dipolar()]))
    assert rest.energy == pytest.approx(-2.0 * PAIR, rel=1e-12)
    assert rest.curvature == pytest.approx(PAIR, rel=1e-9)
    np.testing.assert_allclose(np.abs(rest.moments[:, 0]), MOMENT, rtol=1e-12)


def test_microvortices_on_the_square_lattice_may_turn_freely():
    """-2.5494364970 a moment; all orientations of the vortices have the same energy, so that a mode is soft."""
    lattice = Lattice((6, 6, 1), EDGE, periodic=(True, True, False))
    x, y = np.rint(lattice.positions[:, :2].T / EDGE).astype(int)
    vortices = np.stack([(-1.0) ** y, (-1.0) ** x, 0.0 * x], -1) / np.sqrt(2.0)
    start = vortices + 0.1 * RNG.standard_normal(vortices.shape)
    start *= MOMENT / np.linalg.norm(start, axis=1, keepdims=True)
    system = SpinSystem(start, terms=[Dipolar(lattice)])
    rest = minimize_energy(system)
    assert rest.energy / len(lattice) / PAIR == pytest.approx(-2.5494364970, abs=1e-10)
    assert abs(rest.curvature) < 1e-12 * PAIR
    assert rest.stable
    # by Lanczos' method, as in larger systems
    descent = Descent(Landscape(system._energies, 0.0, np.zeros(3)), rest.moments / MOMENT, 1e-10)
    frames = tangent_frames(descent.u)
    curvature = descent.landscape.curvature_at(descent.u, descent.landscape.field(descent.u))
    value, mode = _lanczos(curvature, frames, float(descent.scale[0]))
    assert abs(value[0]) < 1e-12 * PAIR
    assert np.abs(mode[:, 2]).max() < 1e-6  # it turns in the plane
    assert np.linalg.norm(in_frames(frames, curvature.times(mode))) < 1e-6 * PAIR


def test_easy_plane_counts_as_rest_where_no_field_is_left():
    rest = minimize_energy(SpinSystem([MOMENT, 0.0, MOMENT], terms=[UniaxialAnisotropy(-1e-20)]))
    assert abs(rest.moments[0, 2]) < 1e-12 * MOMENT
    assert rest.stable
    assert abs(rest.curvature) < 1e-30


def test_what_does_not_fit_is_named():
    system = SpinSystem([0.0, 0.0, 1.0])
    for wrong, message in (
        ({"system": 1}, "system must be a SpinSystem"),
        ({"moments": [[0, 0, 2.0]]}, "moments must have the system's magnitudes"),
        ({"moments": [[0, 0, 1.0]] * 2}, r"moments must have shape \(1, 3\)"),
        ({"rtol": 2.0}, "rtol must lie between 0 and 1"),
    ):
        with pytest.raises(ValueError, match=message):
            minimize_energy(**({"system": system} | wrong))
