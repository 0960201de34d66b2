"""The parts of an interaction's error bound, each against an error that is known: bounds, and not far above."""

import math

import mpmath as mp
import numpy as np
import pytest

from magneton import CircularLoop, CurveLoop, Dipole, PolePair, Polyline, interaction
from magneton.constants import mu_0
from magneton.interactions import _quadrature, _wires
from magneton.interactions._integrand import WIDTH
from magneton.numerics.quadrature import PANEL, PANEL_NODES, PANEL_WEIGHTS
from support.line_integral import REAL, double_integral

MU0_4PI = REAL(float(mu_0)) / (4 * REAL("3.14159265358979323846264338327950288"))


@pytest.mark.parametrize("component", range(7))
@pytest.mark.parametrize(("count", "decay"), [(32, 0.5), (32, 0.8), (64, 0.7), (256, 0.93)])
def test_error_of_the_trapezoidal_rule(component, count, decay):
    # Poisson's kernel has the mean 1; the rule of n nodes gives 1 + 2 q^n/(1 - q^n).
    stride = _quadrature.MOST_NODES // count
    t = 2 * np.pi * np.arange(count) / count
    rows = np.zeros((_quadrature.MOST_NODES, WIDTH))
    rows[::stride, component] = (1 - decay**2) / (1 - 2 * decay * np.cos(t) + decay**2)
    errors = np.empty(3)
    _quadrature._trapezoid_error(rows, count, errors)
    true = 4 * np.pi * decay**count / (1 - decay**count)
    quantity = min(component // 3, 2)
    assert 6 * true <= errors[quantity] <= 40 * true  # 8 for safety, more where the decay is slow
    assert np.all(np.delete(errors, quantity) == 0)


@pytest.mark.parametrize("phase", [0.0, 0.3, 1.2])
@pytest.mark.parametrize("symmetry", [2, 4])
def test_error_of_the_trapezoidal_rule_on_a_symmetric_curve(symmetry, phase):
    # Of the coefficients only those at multiples of the symmetry's order are not zero: one of four in a row.
    count, decay = 64, 0.4
    stride = _quadrature.MOST_NODES // count
    t = symmetry * 2 * np.pi * np.arange(count) / count - phase
    rows = np.zeros((_quadrature.MOST_NODES, WIDTH))
    rows[::stride, 4] = (1 - decay**2) / (1 - 2 * decay * np.cos(t) + decay**2)
    errors = np.empty(3)
    _quadrature._trapezoid_error(rows, count, errors)
    true = 4 * np.pi * decay ** (count / symmetry)
    assert 6 * true <= errors[1] <= 40 * true


@pytest.mark.parametrize("component", range(7))
@pytest.mark.parametrize("pole", [1.02, 1.1, 1.2])
def test_error_of_a_gauss_panel(component, pole):
    # 1/(a - x) on [-1, 1], stretched to a panel of half length h: its integral is h ln((a + 1)/(a - 1)).
    half = 0.3
    rows = np.zeros((PANEL, WIDTH))
    rows[:, component] = 1 / (pole - PANEL_NODES)
    errors = np.empty(3)
    _quadrature._panel_error(rows, half, errors)
    true = half * abs(PANEL_WEIGHTS @ rows[:, component] - math.log((pole + 1) / (pole - 1)))
    quantity = min(component // 3, 2)
    assert 40 * true <= errors[quantity] <= 120 * true
    assert np.all(np.delete(errors, quantity) == 0)


# --- rounding --------------------------------------------------------------------------------------------

T = 2 * np.pi * np.arange(24) / 24
TARGETS = {
    "loop": CircularLoop(0.5, 1.0),
    "square": Polyline(
        np.array([[1, 1, 0], [-1, 1, 0.2], [-1, -1, 0], [1, -1, 0.1]]) * 0.4, 2.0, closed=True
    ),
    "curve": CurveLoop(np.stack([0.5 * np.cos(T), 0.3 * np.sin(T), 0.1 * np.cos(2 * T)], axis=1), -1.5),
    "dipole": Dipole([0.4, 1.0, -0.3]),
    "poles": PolePair(2.0, [0.1, 0.2, 0.3]),
}


def _misses(one, other):
    return [
        np.linalg.norm(one.force - other.force) / one.scales[0],
        np.linalg.norm(one.torque - other.torque) / one.scales[1],
        abs(one.energy - other.energy) / one.scales[2],
    ]


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize("offset", [1e4, 1e7])
def test_rounding_of_places_far_from_the_origin_is_in_the_bound(name, offset):
    # The same pair elsewhere differs by the rounding of places alone. The bound must say so, and not cry wolf.
    worst = bound = 0.0
    for seed in range(4):
        shift = offset * np.random.default_rng(seed).uniform(0.5, 1.0, 3)
        shift = np.round(shift * 2.0**20) * 2.0**-20  # the two sources themselves move exactly
        source, target = Dipole([0.3, -0.2, 1.0]), TARGETS[name].translated([0.75, 0.625, -0.5])
        here = interaction(source, target, rtol=1e-12)
        moved = Dipole(source.moment, source.position + shift), target.translated(shift)
        there = interaction(*moved, rtol=1e-4)
        worst, bound = max(worst, *_misses(here, there)), there.error
        assert max(_misses(here, there)) <= there.error
    assert bound <= 1e3 * max(worst, offset * 1e-18)


def test_rounding_of_a_moment_at_the_origin_is_in_the_bound():
    for seed in range(200):
        rng = np.random.default_rng(seed)
        source = Dipole(rng.normal(size=3), rng.normal(size=3))
        target = Dipole(rng.normal(size=3))
        result = interaction(source, target)
        r = -REAL(source.position)
        d = np.sqrt(r @ r)
        n, m, w = r / d, REAL(source.moment), REAL(target.moment)
        field = MU0_4PI * (3 * (m @ n) * n - m) / d**3
        push = 3 * MU0_4PI / d**4 * ((m @ n) * w + (w @ n) * m + (m @ w) * n - 5 * (m @ n) * (w @ n) * n)
        misses = [
            float(np.sqrt(np.sum((result.force - push) ** 2))) / result.scales[0],
            float(np.sqrt(np.sum((result.torque - np.cross(w, field)) ** 2))) / result.scales[1],
            abs(float(result.energy + w @ field)) / result.scales[2],
        ]
        assert max(misses) <= result.error <= 1e-14


# --- poles joined by lines -------------------------------------------------------------------------------


def _on_the_axis(z):
    """Return the integral of a unit loop's B_z along its axis from 0 to z, per ampere."""
    return mp.mpf(float(mu_0)) / 2 * z / mp.sqrt(z * z + 1)


@pytest.mark.parametrize("rtol", [1e-3, 1e-6, 1e-9, 1e-13])
@pytest.mark.parametrize("centre", [-20.0, -0.7, 0.1, 1.3, 3.0, 11.0])
@pytest.mark.parametrize("length", [0.1, 1.0, 7.0, 40.0])
def test_energy_along_the_axis_of_a_loop(rtol, centre, length):
    field = _wires._flat(CircularLoop(1.0, 1.0).compiled)
    south, north = centre - 0.5 * length, centre + 0.5 * length
    needles = [(2.5, np.array([0, 0, south]), np.array([0, 0, north]))]
    value, scale, error, evaluations = _wires._needle_energy(field, needles, rtol)
    with mp.workdps(40):
        exact = -2.5 * (_on_the_axis(mp.mpf(north)) - _on_the_axis(mp.mpf(south)))
        miss = float(abs(mp.mpf(float(value)) - exact))
    assert miss <= error <= (rtol + 1e-14) * scale
    assert scale == pytest.approx(abs(float(exact)), rel=1e-3)  # B_z has one sign
    assert evaluations <= 16 * 2 * _wires._MOST_NEEDLE_PANELS


def test_energy_of_poles_by_the_potential_is_within_its_bound():
    for seed in range(200):
        rng = np.random.default_rng(seed)
        source = Dipole(rng.normal(size=3), rng.normal(size=3))
        target = PolePair(2.0, rng.normal(size=3))
        total = _wires._Sum(source, np.zeros(3), 1e-9)
        _wires._add_pole_energy(total, target.body, source)
        exact = REAL(0)
        for strength, place in zip(target.body.poles, target.body.pole_positions, strict=True):
            r = REAL(place) - REAL(source.position)
            exact += MU0_4PI * REAL(strength) * (REAL(source.moment) @ r) / np.sqrt(r @ r) ** 3
        assert abs(float(total.total[6] - exact)) <= total.errors[2] <= 4e-15 * total.total[9]


# --- the change from lines to surfaces -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["loop", "square", "curve"])
@pytest.mark.parametrize("extents", [12.0, 28.0, 32.0, 100.0, 2000.0])
def test_no_digit_is_lost_on_either_side_of_the_change_to_surfaces(name, extents):
    target = TARGETS[name]
    source = CircularLoop(1.0, 1.0)
    target = target.translated(extents * target.body.extent * np.array([0.48, -0.6, 0.64]))
    result = interaction(source, target, rtol=1e-14)
    exact = double_integral(source, target, target.position, 256)
    for computed, true in zip((result.force, result.torque, result.energy), exact[:3], strict=True):
        assert np.linalg.norm(np.float64(computed - true)) <= 3e-13 * np.linalg.norm(np.float64(true))


@pytest.mark.parametrize("name", ["loop", "curve"])
def test_lines_are_taken_where_they_cost_less_than_surfaces(name):
    target = TARGETS[name]
    target = target.translated(12.0 * target.body.extent * np.array([0.48, -0.6, 0.64]))
    body = target.body
    surface = len(_wires.circuits_as_moments(body, _wires._degree(12.0))[0])
    assert interaction(Dipole([0, 0, 1.0]), target, rtol=1e-6).evaluations < surface
