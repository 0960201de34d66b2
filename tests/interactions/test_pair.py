"""Force, torque and energy of any two sources."""

import itertools
import math

import numpy as np
import pytest
from scipy.special import ellipe, ellipkm1

from magneton import (
    CircularLoop,
    Collection,
    CurveLoop,
    Dipole,
    Dipoles,
    Pole,
    PolePair,
    Polyline,
    UniformField,
    dipole_energy,
    dipole_force,
    dipole_torque,
    energy,
    force,
    interaction,
    mutual_inductance,
    torque,
)
from magneton.constants import mu_0
from magneton.interactions import NotConverged
from support.circuits import random_circuit
from support.line_integral import converged_integral

ROOT = math.sqrt(0.5)
TABLE_I = {  # exact force in newton, as printed
    "I": ([1, 0, 0], [1, 0, 0], [-0.0057126, 0, 0], [7, None, None]),
    "II": ([0, -1, 0], [1, 0, 0], [0, -0.00298, 0], [None, 5, None]),
    "III": ([ROOT, 0, ROOT], [0, 0, 1], [0.002099, 0, 0.002196], [6, None, 6]),
    "IV": ([0, 0, 1], [0, 0, 1], [0.003117, 0, 0], [6, None, None]),
}


def _pair(case, ratio=10.0):
    a, b, *_ = TABLE_I[case]
    first = CircularLoop.from_moment(0.1, 100 * np.array(a))
    second = CircularLoop.from_moment(0.1, 100 * np.array(b), [0.1 * ratio, 0, 0])
    return first, second


@pytest.mark.parametrize("case", TABLE_I)
def test_table_I_of_the_paper(case):
    *_, printed, digits = TABLE_I[case]
    computed = interaction(*_pair(case), rtol=1e-10).force
    for value, expected, places in zip(computed, printed, digits, strict=True):
        if places is None:
            assert abs(value) <= 1e-17
        else:
            assert round(float(value), places) == expected


@pytest.mark.parametrize(("case", "ratio"), [("I", 0.906), ("II", 0.986), ("III", 1.026), ("IV", 1.083)])
def test_exact_over_formula_at_seven_radii(case, ratio):
    a, b = _pair(case, 7.0)
    formula = dipole_force(a.moment, b.moment, b.position)
    assert round(np.linalg.norm(force(a, b)) / np.linalg.norm(formula), 3) == ratio


def test_case_I_is_within_10_percent_from_7_114_radii_on():
    def excess(ratio):
        a, b = _pair("I", ratio)
        exact = np.linalg.norm(force(a, b))
        return np.linalg.norm(dipole_force(a.moment, b.moment, b.position)) / exact - 1.1

    assert excess(7.113) > 0 > excess(7.115)


# --- against eq. 1, the double line integral in extended precision ---------------------------------------


@pytest.mark.parametrize("seed", range(25))
def test_random_circuits_against_eq_1_and_the_error_is_a_bound(seed):
    rng = np.random.default_rng(seed)
    rtol = float(rng.choice([1e-4, 1e-9, 1e-12]))
    while True:
        a, b = random_circuit(rng, 1.5), random_circuit(rng, 1.5)
        reference = converged_integral(a, b, b.position, first=128, most=512)
        if reference is not None:
            break
    result = interaction(a, b, rtol=rtol)
    errors = [
        np.linalg.norm(np.float64(result.force - reference[0])) / result.scales[0],
        np.linalg.norm(np.float64(result.torque - reference[1])) / result.scales[1],
        abs(float(result.energy - reference[2])) / result.scales[2],
    ]
    assert max(errors) <= result.error <= max(rtol, 1e-14)


# --- laws for every ordered pair of kinds ----------------------------------------------------------------

T = 2 * np.pi * np.arange(24) / 24
BODIES = {
    "loop": CircularLoop.from_moment(0.4, [0.3, -0.2, 1.0], [0.2, 0.1, 0.0]),
    "square": Polyline(
        np.array([[1, 1, 0], [-1, 1, 0.2], [-1, -1, 0], [1, -1, 0.1]]) * 0.4, 2.0, closed=True
    ),
    "curve": CurveLoop(np.stack([0.5 * np.cos(T), 0.3 * np.sin(T), 0.1 * np.cos(2 * T)], axis=1), -1.5),
    "dipole": Dipole([0.4, 1.0, -0.3], [0.1, 0, 0.1]),
    "dipoles": Dipoles([[0.4, 1.0, -0.3], [0, 0, 1.0]], [[0.1, 0, 0.1], [-0.2, 0.1, 0]]),
    "poles": PolePair(2.0, [0.1, 0.2, 0.3]),
    "collection": Collection(
        [Dipole([0.4, 1.0, -0.3], [0.1, 0, 0.1]), CircularLoop(0.2, 1.0, [0, 0.3, 0.2])]
    ),
}
PAIRS = list(itertools.product(BODIES, BODIES))


def _position(source):
    return source.body.position


@pytest.mark.parametrize(("first", "second"), PAIRS)
@pytest.mark.parametrize("gap", [1.6, 200.0])
def test_third_law(first, second, gap):
    a, b = BODIES[first], BODIES[second].translated(gap * np.array([0.6, 0.64, 0.48]))
    on_b, on_a = interaction(a, b, rtol=1e-11), interaction(b, a, rtol=1e-11)
    scale = max(on_a.scales[0], on_b.scales[0])
    assert np.linalg.norm(on_a.force + on_b.force) <= 1e-11 * scale
    lever = np.cross(_position(b) - _position(a), on_b.force)
    scale = max(on_a.scales[1], on_b.scales[1], gap * scale)
    assert np.linalg.norm(on_a.torque + on_b.torque + lever) <= 1e-11 * scale
    assert abs(on_a.energy - on_b.energy) <= 1e-11 * max(on_a.scales[2], on_b.scales[2])


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_force_is_minus_the_gradient_of_the_energy(first, second):
    a, b = BODIES[first], BODIES[second].translated([1.2, 1.0, 0.9])
    h = 0.02
    weights = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}
    gradient = [
        sum(
            w
            * (
                energy(a, b.translated(k * h * e), rtol=1e-12)
                - energy(a, b.translated(-k * h * e), rtol=1e-12)
            )
            for k, w in weights.items()
        )
        / h
        for e in np.eye(3)
    ]
    result = interaction(a, b, rtol=1e-12)
    assert np.linalg.norm(result.force + np.array(gradient)) <= 1e-8 * result.scales[0]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_torque_is_minus_the_derivative_of_the_energy_by_the_angle(first, second):
    from scipy.spatial.transform import Rotation

    a, b = BODIES[first], BODIES[second].translated([1.2, 1.0, 0.9])
    pivot = np.array([1.0, 0.8, 1.1])
    h = 0.02
    weights = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}
    slope = [
        sum(
            w * s * energy(a, b.rotated(Rotation.from_rotvec(s * k * h * e), about=pivot), rtol=1e-12)
            for k, w in weights.items()
            for s in (1, -1)
        )
        / h
        for e in np.eye(3)
    ]
    result = interaction(a, b, pivot=pivot, rtol=1e-12)
    assert np.linalg.norm(result.torque + np.array(slope)) <= 1e-8 * max(result.scales[1], result.scales[2])
    np.testing.assert_allclose(torque(a, b, pivot), result.torque, rtol=1e-7)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_line_and_surface_forms_agree_where_the_code_changes_over(first, second):
    # Just below and just beyond 30 extents: a jump would show as a break in the (1/r^4) trend.
    a, b = BODIES[first], BODIES[second]
    extent = b.body.extent or 0.3
    along = np.array([0.6, 0.64, 0.48])
    near, far = (
        interaction(a, b.translated(k * extent * along + 1.0), rtol=1e-12) for k in (30.0, 30.0 + 1e-7)
    )
    change = np.linalg.norm(near.force - far.force) / np.linalg.norm(near.force)
    assert change <= 1e-6


# --- far, near, degenerate -------------------------------------------------------------------------------


@pytest.mark.parametrize("distance", [1e3, 1e6])
@pytest.mark.parametrize("kind", ["loop", "square", "curve", "poles"])
def test_far_apart_no_digit_is_lost(kind, distance):
    source, target = BODIES["loop"], BODIES[kind].translated(distance * np.array([0.48, -0.6, 0.64]))
    r = target.position - source.position
    result = interaction(source, target)
    for computed, formula in [
        (result.force, dipole_force(source.moment, target.moment, r)),
        (result.torque, dipole_torque(source.moment, target.moment, r)),
        (result.energy, dipole_energy(source.moment, target.moment, r)),
    ]:
        # What is left is the next multipole, at least one power of size/distance down.
        assert np.linalg.norm(computed - formula) <= 3.0 / distance * np.linalg.norm(formula)
    if kind == "loop":
        assert np.linalg.norm(result.force - dipole_force(source.moment, target.moment, r)) <= (
            np.linalg.norm(result.force) * (10.0 / distance**2 + 1e-13)
        )


@pytest.mark.parametrize("gap", [1.0, 0.1, 1e-3, 1e-5])
def test_coaxial_loops_against_maxwell(gap):
    complement = gap**2 / (4.0 + gap**2)
    k = math.sqrt(1.0 - complement)
    expected = float(mu_0) * ((2 / k - k) * ellipkm1(complement) - 2 / k * ellipe(k**2))
    computed = mutual_inductance(CircularLoop(1.0, 3.0), CircularLoop(1.0, -2.0, [0, 0, gap]))
    assert abs(computed - expected) <= 1e-11 * expected


def test_mutual_inductance_is_that_of_the_energy_and_symmetric():
    a, b = BODIES["loop"], BODIES["square"].translated([0.5, 0.2, 0.9])
    assert energy(a, b) == pytest.approx(-a.current * b.current * mutual_inductance(a, b), rel=1e-12)
    assert mutual_inductance(a, b) == pytest.approx(mutual_inductance(b, a), rel=1e-12)
    with pytest.raises(ValueError, match="a must be a closed circuit"):
        mutual_inductance(Dipole([0, 0, 1]), b)


@pytest.mark.parametrize("tilt", [0.0, 0.5])
def test_close_loops_converge_and_say_how_well(tilt):
    from scipy.spatial.transform import Rotation

    a = CircularLoop(1.0, 1.0)
    b = CircularLoop(1.0, 1.0, [2.001, 0, 0], Rotation.from_rotvec([tilt, 0, 0]))
    fine, coarse = interaction(a, b, rtol=1e-11), interaction(a, b, rtol=1e-5)
    assert fine.error <= 1e-11
    assert coarse.error <= 1e-5
    assert np.linalg.norm(fine.force - coarse.force) <= coarse.error * coarse.scales[0] * 2


def test_small_loop_in_a_large_one_is_a_dipole_in_its_field():
    large, small = CircularLoop(1.0, 1.0), CircularLoop.from_moment(1e-6, [0, 1e-3, 2e-3], [0.2, 0.1, 0.3])
    point = interaction(large, Dipole(small.moment, small.position))
    loop = interaction(large, small)
    np.testing.assert_allclose(loop.force, point.force, rtol=1e-10)
    np.testing.assert_allclose(loop.torque, point.torque, rtol=1e-10)


def test_uniform_field_turns_and_does_not_push():
    coil = CircularLoop(0.05, 1.0, [1000.0, -2000.0, 10.0])
    result = interaction(UniformField([5e-5, 0, 0]), coil)
    assert np.all(result.force == 0)
    np.testing.assert_allclose(result.torque, [0, 3.926991e-7, 0], rtol=2e-7, atol=1e-20)
    aligned = interaction(UniformField([0, 0, 5e-5]), coil)
    assert aligned.energy == pytest.approx(-3.926991e-7, rel=2e-7)


def test_open_wire_feels_a_force_but_has_no_energy():
    wire = Polyline([[0, 0, 0], [0, 0, 2.0]], 3.0)
    result = interaction(UniformField([0.5, 0, 0]), wire)
    np.testing.assert_allclose(result.force, [0, 3.0, 0], atol=1e-14)  # I L x B
    assert math.isnan(result.energy)
    with pytest.raises(ValueError, match="no energy"):
        energy(UniformField([0.5, 0, 0]), wire)


def test_poles():
    a, b = Pole(2.0), Pole(-3.0, [0, 0, 0.5])
    result = interaction(a, b)
    np.testing.assert_allclose(result.force, [0, 0, -float(mu_0) * 6 / (4 * math.pi * 0.25)], rtol=1e-14)
    assert result.energy == pytest.approx(-float(mu_0) * 6 / (4 * math.pi * 0.5))
    assert math.isnan(interaction(a, CircularLoop(1.0, 1.0, [0, 0, 1.0])).energy)
    quadrupole = Collection(
        [Pole(1, [1, 0, 0]), Pole(-1, [0, 1, 0]), Pole(1, [-1, 0, 0]), Pole(-1, [0, -1, 0])]
    )
    both = (
        interaction(quadrupole, b.translated([3.0, 0, 0])).force
        + interaction(b.translated([3.0, 0, 0]), quadrupole).force
    )
    np.testing.assert_allclose(both, 0, atol=1e-20)


def test_a_background_field_and_poles_as_one_source():
    loop = CircularLoop(0.5, 2.0, [0.3, 0.2, 0.4])
    poles, field = PolePair(2.0, [0, 0, 0.3]), UniformField([0.1, 0.2, 0.3])
    both = interaction(Collection([poles, field]), loop)
    apart = interaction(poles, loop), interaction(field, loop)
    np.testing.assert_allclose(both.force, apart[0].force, rtol=1e-6)
    assert both.energy == pytest.approx(apart[0].energy + apart[1].energy, rel=1e-12)


@pytest.mark.parametrize("scale", [1e-9, 1e3])
def test_the_same_scene_in_nanometres_or_kilometres(scale):
    a, b = CircularLoop(1.0, 1.0), CircularLoop(0.7, 2.0, [1.5, 0.3, 0.8])
    small = interaction(CircularLoop(scale, 1.0), CircularLoop(0.7 * scale, 2.0, scale * b.position))
    np.testing.assert_allclose(small.force, interaction(a, b).force, rtol=1e-12)
    assert small.energy == pytest.approx(scale * energy(a, b), rel=1e-12)


# --- errors ----------------------------------------------------------------------------------------------


def test_errors_are_clear():
    loop = CircularLoop(1.0, 1.0)
    with pytest.raises(ValueError, match="source and target must not touch"):
        interaction(loop, loop)
    with pytest.raises(ValueError, match="source and target must not touch"):
        interaction(Dipole([0, 0, 1]), Dipole([1, 0, 0]))
    with pytest.raises(ValueError, match="source must be a source such as Dipole or CircularLoop, got str"):
        interaction("coil", loop)
    with pytest.raises(ValueError, match="target must be a body: UniformField"):
        interaction(loop, UniformField([0, 0, 1]))
    with pytest.raises(ValueError, match="rtol must lie between 0 and 1, got 2"):
        interaction(loop, Dipole([0, 0, 1]), rtol=2)
    with pytest.raises(ValueError, match="pivot must be a vector of 3 numbers"):
        interaction(loop, Dipole([0, 0, 1]), pivot=[1, 2])


def test_crossing_loops_do_not_converge_and_say_so():
    from scipy.spatial.transform import Rotation

    # They cross at a point that no node hits: the force integral diverges logarithmically.
    other = CircularLoop(1.0, 1.0, [0.3, 0.2, 0.0], Rotation.from_rotvec([0.0, 0.9, 0.0]))
    crossing = other.translated([math.cos(1.0) - 0.3, math.sin(1.0) - 0.2 - 1.0, 0.0])
    with pytest.raises((NotConverged, ValueError), match=r"touch|not reached"):
        interaction(CircularLoop(1.0, 1.0), crossing, rtol=1e-9)


def test_wires_that_lie_in_one_another_are_refused_in_good_time():
    from scipy.spatial.transform import Rotation

    rotation, place = Rotation.from_rotvec([0.3, 0.5, 0.2]), np.array([0.1, 0.2, 0.3])
    circle = CircularLoop(1.0, 1.0, place, rotation)

    def same(t):
        return np.stack([np.cos(t), np.sin(t), 0 * t], axis=-1) @ rotation.as_matrix().T + place

    with pytest.raises((NotConverged, ValueError), match=r"touch|not reached"):
        interaction(circle, CurveLoop(same, 1.0))
    with pytest.raises((NotConverged, ValueError), match=r"touch|not reached"):
        interaction(
            Polyline([[0, 0, 0], [1, 2, 3]], 1.0),
            Polyline([[1, 2, 3], [2, 4, 6], [0, 1, 0]], 1.0, closed=True),
        )


def test_a_small_loop_between_the_nodes_of_a_curve_is_not_taken_for_far():
    curve = CurveLoop(lambda t: np.stack([np.cos(t), np.sin(t), 0 * t], -1), 1.0)
    angle, size = np.pi / 128, 2e-4
    target = CircularLoop(size, 1.0, np.array([np.cos(angle), np.sin(angle), 0]) * (1 + 2 * size))
    exact = interaction(CircularLoop(1.0, 1.0), target)
    result = interaction(curve, target)
    assert np.linalg.norm(result.force - exact.force) <= 1e-9 * np.linalg.norm(exact.force)


def test_energy_of_poles_by_the_potential():
    dipole, pair = Dipole([0, 0, 1.0]), PolePair(1.0, [0.3, 0.1, 0.2])
    potential = dipole.scalar_potential(np.array([pair.separation, -pair.separation]) / 2)
    assert energy(dipole, pair) == pytest.approx(float(mu_0) * (potential[0] - potential[1]), rel=1e-14)


@pytest.mark.parametrize("distance", [3.0, 29.0, 31.0, 300.0])
def test_a_single_pole_and_a_circuit_have_no_energy_near_or_far(distance):
    assert math.isnan(interaction(Pole(2.0), CircularLoop(1.0, 1.0, [0.3, 0, distance])).energy)
