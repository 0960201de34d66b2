"""Terms of the energy: B_eff = -dE/dm for each, and what each says of itself."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import Dipole, constants
from magneton.dynamics.spin_system import SpinSystem
from magneton.dynamics.terms.base import Moments
from magneton.dynamics.terms.local import (
    CubicAnisotropy,
    FieldOf,
    ShapeAnisotropy,
    UniaxialAnisotropy,
    Zeeman,
)
from magneton.dynamics.terms.waveforms import FieldPulse, Ramp, Rotating, Sine

MU = float(constants.mu_B)
N = 70  # more than a block
RNG = np.random.default_rng(7)
MOMENTS = MU * RNG.normal(size=(N, 3))
POSITIONS = RNG.normal([5.0, 0.0, 0.0], size=(N, 3))
AXES = Rotation.from_rotvec([0.3, -0.5, 0.8]).as_matrix()
TENSOR = AXES @ np.diag([0.1, 0.2, 0.7]) @ AXES.T
K = MU * RNG.normal(size=N)

#: Every local term, with parameters for all moments and for each.
TERMS = [
    Zeeman([0.1, 0.2, -0.4]),
    Zeeman(RNG.normal(size=(N, 3))),
    Zeeman(Ramp([0, 0, 1], RNG.normal(size=(N, 3)), 0.0, 2e-9)),
    Zeeman(Sine([0.2, 0.0, 0.3], 3e8, 0.4)),
    Zeeman(FieldPulse([0.0, 0.5, 0.0], 1e-9, 3e-10)),
    Zeeman(Rotating(0.3, 3e8, [1.0, 1.0, 0.0])),
    FieldOf(Dipole([1e6, 2e6, 3e6])),
    FieldOf([Dipole([1e6, 2e6, 3e6]), Dipole([0, 0, 1e6], [20, 0, 0])]),
    UniaxialAnisotropy(0.3 * MU, [1.0, 1.0, 0.0]),
    UniaxialAnisotropy(K, RNG.normal(size=(N, 3))),
    CubicAnisotropy(K, AXES),
    ShapeAnisotropy([0.1, 0.2, 0.7], 1e-29),
    ShapeAnisotropy(TENSOR, 1e-29 * (1.0 + RNG.random(N))),
]


@pytest.mark.parametrize("term", TERMS, ids=lambda term: type(term).__name__)
def test_the_field_is_the_slope_of_the_energy_along_the_sphere(term):
    system = SpinSystem(MOMENTS, POSITIONS, [term])
    t, h = 0.8e-9, 1e-4
    way = RNG.normal(size=(N, 3))

    def energy(angle):
        return system.energy(Rotation.from_rotvec(angle * way).apply(MOMENTS), t)

    slope = (8 * (energy(h) - energy(-h)) - (energy(2 * h) - energy(-2 * h))) / (12 * h)
    pairs = np.cross(way, MOMENTS) * system.field(t=t)
    assert abs(slope + pairs.sum()) < 1e-10 * np.abs(pairs).sum()


def test_energies_in_closed_form():
    u = MOMENTS / np.linalg.norm(MOMENTS, axis=1)[:, None]
    a = u @ AXES.T
    wanted = {
        UniaxialAnisotropy(K, [0, 0, 2]): -np.sum(K * u[:, 2] ** 2),
        CubicAnisotropy(K, AXES): K
        @ (a[:, 0] ** 2 * a[:, 1] ** 2 + a[:, 1] ** 2 * a[:, 2] ** 2 + a[:, 2] ** 2 * a[:, 0] ** 2),
        ShapeAnisotropy(TENSOR, 2e-29): 0.5
        * float(constants.mu_0)
        / 2e-29
        * np.einsum("ni,ij,nj", MOMENTS, TENSOR, MOMENTS),
        Zeeman([0.1, 0.2, 0.3]): -MOMENTS.sum(axis=0) @ [0.1, 0.2, 0.3],
        Zeeman(Rotating(0.3, 3e8)): -MOMENTS.sum(axis=0) @ Rotating(0.3, 3e8).B(0.5e-9),
    }
    for term, energy in wanted.items():
        assert SpinSystem(MOMENTS, terms=[term]).energy(t=0.5e-9) == pytest.approx(energy, rel=1e-13)


def test_waveforms_are_what_they_say():
    t = np.array([0.0, 0.5e-9, 3e-9])
    assert Ramp([0, 0, 1.0], [0, 0, -1.0], 0.0, 1e-9).B(t)[:, 2].tolist() == [1.0, 0.0, -1.0]
    turning = Rotating(2.0, 1e9 / 2, [0, 0, 3.0]).B(t)
    assert np.abs(turning - [[2, 0, 0], [0, 2, 0], [-2, 0, 0]]).max() < 1e-14
    assert Sine([1.0, 0, 0], 0.5e9).B(t)[:, 0] == pytest.approx([0.0, 1.0, 0.0], abs=1e-14)
    assert FieldPulse([1.0, 0, 0], 0.0, 0.5e-9).B(t)[1, 0] == pytest.approx(np.exp(-0.5))


def test_waveforms_take_quantities():
    pint = pytest.importorskip("pint")
    u = pint.UnitRegistry()
    t = np.array([0.3e-9, 1.1e-9])
    for one, other in [
        (
            Ramp([0, 0, 0] * u.mT, [0, 0, 5] * u.mT, 0 * u.ns, 1 * u.ns),
            Ramp([0, 0, 0], [0, 0, 5e-3], 0, 1e-9),
        ),
        (Sine([0, 0, 1], 1 * u.GHz, 90 * u.deg), Sine([0, 0, 1], 1e9, np.pi / 2)),
        (Rotating(1 * u.mT, 1 * u.GHz), Rotating(1e-3, 1e9)),
        (FieldPulse([0, 0, 1], 1 * u.ns, 200 * u.ps), FieldPulse([0, 0, 1], 1e-9, 2e-10)),
    ]:
        np.testing.assert_allclose(one.B(t), other.B(t), rtol=1e-12, atol=1e-15)
        assert SpinSystem([0, 0, MU], terms=[Zeeman(one)]).field(t=1e-10).shape == (1, 3)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Zeeman([1.0, 2.0]), "B must have shape"),
        (
            lambda: Zeeman(np.ones((3, 3))).compiled(Moments(np.ones(2))),
            "B must be one for all or one for each",
        ),
        (lambda: UniaxialAnisotropy(1.0, [0, 0, 0]), "axis must have a direction"),
        (lambda: CubicAnisotropy(1.0, np.ones((3, 3))), "axes must be 3 perpendicular"),
        (lambda: ShapeAnisotropy([[1, 2, 0], [0, 1, 0], [0, 0, 1]], 1.0), "N must be symmetric"),
        (lambda: ShapeAnisotropy([1, 0, 0], -1.0), "volume must be positive"),
        (lambda: ShapeAnisotropy([1, 1, 1], 1.0), "N must have factors"),
        (lambda: ShapeAnisotropy([-1, 1, 1], 1.0), "N must have factors"),
        (lambda: Zeeman(lambda t: [0, 0, t]), "B must be a vector, or Ramp, Sine, FieldPulse or Rotating"),
        (lambda: Zeeman(Dipole([0, 0, 1])), "of sources use FieldOf"),
        (lambda: SpinSystem([0, 0, 1], terms=[Zeeman]), "terms must be a list of terms"),
        (lambda: FieldOf(3.0), "source must have a field"),
        (lambda: SpinSystem([0, 0, 1], terms=[FieldOf(Dipole([0, 0, 1]))]), "positions must be given"),
        (lambda: SpinSystem([0, 0, 1], [0, 0, 0], [FieldOf(Dipole([0, 0, 1]))]), "positions must lie where"),
        (lambda: Ramp([0, 0, 0], [0, 0, 1], 1.0, 1.0), "stop must be later"),
        (lambda: SpinSystem([0, 0, 1], terms=[3]), "terms must be a list of terms"),
    ],
)
def test_what_does_not_fit_is_said(make, message):
    with pytest.raises(ValueError, match=message):
        make()
