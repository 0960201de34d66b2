"""Laws that hold for every term of the energy of moments, over a registry of all of them."""

import itertools

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import Dipole, dynamics
from magneton.dynamics import (
    CubicAnisotropy,
    Dipolar,
    DzyaloshinskiiMoriya,
    Exchange,
    FieldOf,
    FieldPulse,
    Lattice,
    Ramp,
    Rotating,
    ShapeAnisotropy,
    Sine,
    SpinSystem,
    UniaxialAnisotropy,
    Zeeman,
)
from magneton.dynamics.terms.waveforms import Waveform

#: Moments in A m^2, energies in J, lengths in m of the size 1: so that fields are some teslas.
MU, K, A = 1e-23, 2e-23, 2e-10
SITES, T = (2, 3, 2), 0.7e-9
RNG = np.random.default_rng(11)
N = int(np.prod(SITES))
MOMENTS = MU * RNG.normal(size=(N, 3))
AXES = Rotation.from_rotvec([0.3, -0.5, 0.8]).as_matrix()
TENSOR = AXES @ np.diag([0.1, 0.2, 0.7]) @ AXES.T
MATRIX = K * RNG.normal(size=(3, 3))
EACH = RNG.normal(size=(N, 3))
PAIRS = ([0, 5, 2], [3, 1, 4])
VECTORS = A * np.array([[1.0, 0.0, 0.1], [0.4, 1.0, 0.0], [0.0, 0.2, 1.1]])


def lattice(R, s, periodic=False):
    return Lattice(SITES, vectors=s * VECTORS @ R.T, periodic=periodic)


def rotating(R):
    """Return a turning field: the direction at phase 0 follows no rotation, so that the phase must."""
    axis, begin = R @ [1.0, 1.0, 0.5], R @ Rotating(1.0, 0.0, [1.0, 1.0, 0.5], 0.4).B(0.0)
    x = Rotating(1.0, 0.0, axis).B(0.0)
    y = np.cross(axis / np.linalg.norm(axis), x)
    return Rotating(0.3, 3e8, axis, np.arctan2(begin @ y, begin @ x))


#: Of each kind, samples in a frame turned by the matrix R, lengths times s and moments and energies times s^3.
REGISTRY = {
    Zeeman: [
        lambda R, s: Zeeman(R @ [0.1, 0.2, -0.4]),
        lambda R, s: Zeeman(EACH @ R.T),
        lambda R, s: Zeeman(Ramp(R @ [0, 0, 1.0], EACH @ R.T, 0.0, 2e-9)),
        lambda R, s: Zeeman(Sine(R @ [0.2, 0.0, 0.3], 3e8, 0.4)),
        lambda R, s: Zeeman(FieldPulse(R @ [0.0, 0.5, 0.0], 1e-9, 3e-10)),
        lambda R, s: Zeeman(rotating(R)),
    ],
    FieldOf: [lambda R, s: FieldOf(Dipole(s**3 * R @ [0, 0, 1e-20], s * R @ [0, 3e-9, 0]))],
    UniaxialAnisotropy: [
        lambda R, s: UniaxialAnisotropy(K * s**3, R @ [1.0, 1.0, 0.0]),
        lambda R, s: UniaxialAnisotropy(K * s**3 * EACH[:, 0], EACH @ R.T),
    ],
    CubicAnisotropy: [lambda R, s: CubicAnisotropy(K * s**3 * EACH[:, 0], AXES @ R.T)],
    ShapeAnisotropy: [lambda R, s: ShapeAnisotropy(R @ TENSOR @ R.T, 1e-29 * s**3)],
    Exchange: [
        lambda R, s: Exchange([K * s**3, -0.3 * K * s**3], lattice(R, s)),
        lambda R, s: Exchange(s**3 * R @ MATRIX @ R.T, lattice(R, s)),
        lambda R, s: Exchange(s**3 * R @ np.stack([MATRIX, 2 * MATRIX.T, MATRIX]) @ R.T, pairs=PAIRS),
        lambda R, s: Exchange(K * s**3, pairs=PAIRS),
    ],
    DzyaloshinskiiMoriya: [
        lambda R, s: DzyaloshinskiiMoriya(K * s**3, lattice(R, s, (False, True, False))),
        lambda R, s: DzyaloshinskiiMoriya(K * s**3, lattice(R, s), normal=R @ [0.0, 0.3, 1.0]),
        lambda R, s: DzyaloshinskiiMoriya(K * s**3 * EACH[:3] @ R.T, pairs=PAIRS),
    ],
    Dipolar: [
        lambda R, s: Dipolar(),
        lambda R, s: Dipolar(lattice(R, s), "fft"),
        lambda R, s: Dipolar(lattice(R, s, True)),
    ],
}
SAMPLES = [make for makes in REGISTRY.values() for make in makes]
every_term = pytest.mark.parametrize(
    "make",
    SAMPLES,
    ids=[f"{kind.__name__}-{i}" for kind, makes in REGISTRY.items() for i in range(len(makes))],
)


def system(make, R=None, s=1.0, moments=MOMENTS):
    R = np.eye(3) if R is None else R
    return SpinSystem(s**3 * moments @ R.T, lattice(R, s).positions, [make(R, s)])


def test_every_term_and_waveform_is_here():
    public = [getattr(dynamics, name) for name in dynamics.HOMES]
    kinds = [kind for kind in public if isinstance(kind, type)]
    assert {kind for kind in kinds if hasattr(kind, "compiled")} == set(REGISTRY)
    waves = {type(make(np.eye(3), 1.0).B) for make in REGISTRY[Zeeman]}
    assert {kind for kind in kinds if issubclass(kind, Waveform)} == waves - {np.ndarray}


@every_term
def test_the_field_is_the_slope_of_the_energy_along_the_sphere(make):
    here, h, way = system(make), 1e-4, np.random.default_rng(5).normal(size=(N, 3))

    def energy(angle):
        return here.energy(Rotation.from_rotvec(angle * way).apply(MOMENTS), T)

    slope = (8 * (energy(h) - energy(-h)) - (energy(2 * h) - energy(-2 * h))) / (12 * h)
    pairs = np.cross(way, MOMENTS) * here.field(t=T)
    assert np.abs(pairs).max() > 0.0
    assert abs(slope + pairs.sum()) < 3e-11 * np.abs(pairs).sum()


@every_term
def test_fields_turn_and_scale_with_all_the_rest(make):
    """The same scene, turned, in nanometres or kilometres."""
    B, E = system(make).field(t=T), system(make).energy(t=T)
    scale = np.sum(np.linalg.norm(MOMENTS, axis=1) * np.linalg.norm(B, axis=1))
    for R, s in itertools.product([np.eye(3), AXES], [1.0, 1e-3, 1e9]):
        there = system(make, R, s)
        assert np.abs(there.field(t=T) - B @ R.T).max() < 1e-12 * np.abs(B).max()
        assert abs(there.energy(t=T) / s**3 - E) < 1e-12 * scale


@every_term
def test_a_reversed_world_has_the_same_energy(make):
    """Terms of even degree do not change if all moments are reversed, applied fields change sign."""
    here, reversed_ = system(make), system(make, moments=-MOMENTS)
    odd = isinstance(make(np.eye(3), 1.0), Zeeman | FieldOf)
    sign = -1.0 if odd else 1.0
    assert reversed_.energy(t=T) == pytest.approx(sign * here.energy(t=T), rel=1e-14)
    np.testing.assert_allclose(reversed_.field(t=T), -sign * here.field(t=T), rtol=1e-12, atol=0)
