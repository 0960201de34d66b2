"""Laws that forces between any two kinds of source must keep: one test each, over the registry of all sources."""

import itertools

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import Collection, interaction, mutual_inductance
from magneton.interactions._overlap import body_of
from magneton.interactions._routes import _forces_on
from magneton.sources.samples import SAMPLES

RTOL = 1e-9
PIVOT = np.array([0.3, 0.2, -0.1])
TURN = Rotation.from_rotvec([0.3, -0.5, 0.4])
AWAY = np.array([0.9, 1.3, 1.1])

#: One sample of each kind, and two more of the spinning bodies, whose shapes differ in what they are for forces.
BODIES = {kind.__name__: make()[0] for kind, make in SAMPLES.items()}
_SPINNING = next(make for kind, make in SAMPLES.items() if kind.__name__ == "SpinningBody")()
BODIES |= {f"Spinning {body.shape}": body for body in _SPINNING[1:]}
TARGETS = {name: body for name, body in BODIES.items() if body_of(body) is not None and name != "Collection"}
#: The third law holds for currents that close.
CLOSED = [name for name, body in TARGETS.items() if body.body.closed]


def moved(body):
    return body.rotated(TURN).translated(AWAY)


def misses(one, other):
    """Return the differences of two results relative to the larger scales: force, torque and, if defined, energy."""
    scales = np.maximum(one.scales, other.scales)
    d = one.values - other.values
    sizes = [np.linalg.norm(d[:3]), np.linalg.norm(d[3:6])] + ([] if np.isnan(d[6]) else [abs(d[6])])
    return [size / scale if scale > 0 else size for size, scale in zip(sizes, scales, strict=False)]


@pytest.mark.parametrize("first", CLOSED)
def test_third_law(first):
    """F_ab = -F_ba and the torques about one point balance, each side by its own integral; the energy is one."""
    for second in CLOSED[CLOSED.index(first) :]:
        a, b = TARGETS[first], moved(TARGETS[second])
        on_b, on_a = _forces_on(a, b, PIVOT, RTOL), _forces_on(b, a, PIVOT, RTOL)
        assert max(misses(on_b, on_a.reaction())) < 1e-12, second
        assert np.isnan(on_a.values[6]) == np.isnan(on_b.values[6]) or "Pole" in first + second, second


def shifted(source, target, direction, step):
    return interaction(source, target.translated(step * direction), rtol=1e-13)


@pytest.mark.parametrize("name", TARGETS)
def test_force_is_minus_the_gradient_of_the_energy(name):
    """By a difference of sixth order: its own error is far below the tolerance."""
    source, target = BODIES["Cuboid"], moved(TARGETS[name])
    result = interaction(source, target, rtol=1e-13)
    if np.isnan(result.energy):
        source = BODIES["CircularLoop"]
        result = interaction(source, target, rtol=1e-13)
    if np.isnan(result.energy) or not target.body.closed:
        pytest.skip("no energy")
    direction, step = np.array([0.48, -0.6, 0.64]), 0.02
    weights = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}
    slope = sum(
        w
        * (
            shifted(source, target, direction, k * step).energy
            - shifted(source, target, direction, -k * step).energy
        )
        for k, w in weights.items()
    )
    assert abs(slope / step + result.force @ direction) < 1e-8 * result.scales[0]


@pytest.mark.parametrize("name", TARGETS)
def test_forces_turn_and_move_with_the_scene(name):
    a, b = BODIES["Cylinder"], moved(TARGETS[name])
    turn, shift = Rotation.from_rotvec([-1.0, 0.4, 0.7]), np.array([3.0, -2.0, 1.0])
    before = interaction(a, b, pivot=PIVOT)
    after = interaction(
        a.rotated(turn).translated(shift), b.rotated(turn).translated(shift), pivot=turn.apply(PIVOT) + shift
    )
    assert np.allclose(after.force, turn.apply(before.force), rtol=0, atol=1e-12 * before.scales[0])
    assert np.allclose(after.torque, turn.apply(before.torque), rtol=0, atol=1e-12 * before.scales[1])


@pytest.mark.parametrize("name", TARGETS)
def test_collections_are_rigid_bodies(name):
    source, one, two = BODIES["Ellipsoid"], moved(TARGETS[name]), moved(BODIES["CircularLoop"])
    both = interaction(source, Collection([one, two]), pivot=PIVOT)
    parts = [interaction(source, part, pivot=PIVOT) for part in (one, two)]
    assert np.allclose(both.force, parts[0].force + parts[1].force, rtol=0, atol=1e-12 * both.scales[0])
    assert np.allclose(both.torque, parts[0].torque + parts[1].torque, rtol=0, atol=1e-12 * both.scales[1])
    reaction = interaction(Collection([one, two]), source, pivot=PIVOT)
    if one.body.closed:
        assert np.allclose(reaction.force, -both.force, rtol=0, atol=1e-12 * both.scales[0])


@pytest.mark.parametrize("name", ["Multipole", "GaussCoefficients"])
def test_multipoles_feel_the_reaction(name):
    multipole, magnet = BODIES[name], moved(BODIES["Cuboid"])
    on_magnet = interaction(multipole, magnet, pivot=PIVOT)
    on_multipole = interaction(magnet, multipole, pivot=PIVOT)
    assert np.array_equal(on_multipole.force, -on_magnet.force)
    assert np.array_equal(on_multipole.torque, -on_magnet.torque)


def test_every_kind_is_a_target_or_says_why_not():
    refused = {name for name, body in BODIES.items() if body_of(body) is None}
    assert refused == {"UniformField", "Multipole", "GaussCoefficients"}
    assert len(list(itertools.combinations(CLOSED, 2))) > 200


CIRCUITS = ["CircularLoop", "Polyline", "CurveLoop", "Solenoid", "Coil", "HelmholtzPair"]


@pytest.mark.parametrize("second", CIRCUITS)
@pytest.mark.parametrize("first", CIRCUITS)
def test_force_is_the_currents_times_the_gradient_of_the_mutual_inductance(first, second):
    a, b = BODIES[first], moved(BODIES[second])
    direction, step = np.array([0.48, -0.6, 0.64]), 0.02
    weights = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}

    def M(k):
        return mutual_inductance(a, b.translated(k * step * direction), rtol=1e-13)

    slope = sum(w * (M(k) - M(-k)) for k, w in weights.items()) / step
    result = interaction(a, b, rtol=1e-13)
    assert M(0) == pytest.approx(
        mutual_inductance(b, a, rtol=1e-13), rel=1e-12, abs=1e-13 * abs(result.scales[2])
    )
    assert a.current * b.current * slope == pytest.approx(
        result.force @ direction, abs=1e-8 * result.scales[0]
    )
