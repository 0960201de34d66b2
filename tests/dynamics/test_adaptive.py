"""Adaptive steps: errors that follow the tolerance, dense output, events where closed forms have them, short pulses."""

import math

import numpy as np
import pytest

from magneton import _jit, constants
from magneton.dynamics import larmor_solution, switching_time
from magneton.dynamics.spin_events import ComponentCrossing, FunctionCrossing
from magneton.dynamics.spin_system import SpinSystem
from magneton.dynamics.terms.local import UniaxialAnisotropy, Zeeman
from magneton.dynamics.terms.waveforms import FieldPulse, Ramp, Sine

MU = float(constants.mu_B)
OMEGA = -float(constants.gamma_e)  # at 1 T
RNG = np.random.default_rng(5)


class MeanField:
    """A term of all moments at once: E = -J/2 (sum of u)^2/n."""

    quadratic = True

    def __init__(self, strength):
        self.strength = strength

    def compiled(self, moments):
        self.magnitude = moments.magnitude
        return self

    def add_field(self, u, out):
        out += self.strength * u.mean(axis=0) / self.magnitude[:, None]

    def energy(self, u):
        return -0.5 * self.strength * np.sum(u.sum(axis=0) ** 2) / len(u)


def test_errors_follow_the_tolerance_and_steps_its_eighth_root():
    B, gamma, alpha = [0.3, -0.2, 0.9], [1.5e11, -1e11], [0.1, 0.02]
    moments = MU * np.array([[1.0, 0.0, 0.0], [0.0, -3.0, 1.0]])
    system = SpinSystem(moments, terms=[Zeeman(B)], gamma=gamma, alpha=alpha)
    between = RNG.uniform(0.0, 5e-10, 300)
    steps = []
    for rtol in (1e-6, 1e-9, 1e-12):
        run = system.run(5e-10, rtol=rtol, times=[2e-10, 5e-10])
        for t, found in ((run.time, run.moments), (between, run.at(between))):
            exact = larmor_solution(moments, B, t[:, None], gamma=gamma, alpha=alpha)
            error = np.abs((found - exact) / system.magnitude[:, None]).max()
            assert rtol / 20.0 < error < 10.0 * rtol
        length = np.linalg.norm(run.at(between), axis=2) / system.magnitude
        assert np.abs(length - 1.0).max() < 5e-16
        assert run.certificate.drift["|m|"].relative < 5e-16
        steps.append(run.certificate.steps["steps"])
    assert abs(math.log(steps[2] / steps[0], 1e6) - 1 / 8) < 0.02


def test_coupled_moments_against_a_converged_run_by_fixed_steps():
    moments = MU * RNG.normal(size=(70, 3))
    terms = [MeanField(3.0 * MU), Zeeman([0.0, 0.4, 0.2]), UniaxialAnisotropy(0.5 * MU)]
    system = SpinSystem(moments, terms=terms)
    size = system.magnitude[:, None]
    fine = system.run(1e-11, dt=5e-14, times=[1e-11]).moments[0]
    for rtol in (1e-5, 1e-8):
        run = system.run(1e-11, rtol=rtol)
        assert np.abs((run.moments[-1] - fine) / size).max() < 10.0 * rtol
        assert run.certificate.drift["energy"].relative < 10.0 * rtol


def test_neither_threads_nor_stages_together_change_a_result():
    moments = MU * RNG.normal(size=(530, 3))
    terms = [Zeeman(Sine([0.3, 0.0, 1.0], 1e10)), UniaxialAnisotropy(0.3 * MU, [1, 1, 0])]
    systems = [SpinSystem(moments, terms=more, alpha=0.1) for more in (terms, [*terms, MeanField(0.0)])]
    before, ends = _jit.get_threads(), []
    for threads, system in ((1, systems[0]), (3, systems[0]), (3, systems[1])):
        _jit.set_threads(threads)
        ends.append(system.run(1e-11, times=[0.0, 1e-11], dense=False).moments)
    _jit.set_threads(before)
    assert np.array_equal(ends[0], ends[1])
    assert np.abs(ends[2] - ends[0]).max() < 1e-14 * np.abs(moments).max()


def test_a_terminal_event_is_when_the_moment_has_switched():
    start, end = np.radians([170.0, 10.0])
    m = MU * np.array([math.sin(start), 0.0, math.cos(start)])
    system = SpinSystem(m, terms=[Zeeman([0, 0, 0.8]), UniaxialAnisotropy(0.2 * MU)], alpha=0.1)
    there = {"there": ComponentCrossing("z", MU * math.cos(end), moment=0, terminal=True)}
    run = system.run(2e-9, rtol=1e-12, events=there)
    exact = switching_time(start, end, 0.8, 0.1, B_k=0.4)
    assert abs(run.end / exact - 1.0) < 5e-12
    assert run.time[-1] == run.end == run.events["there"].time[0]
    assert np.array_equal(run.moments[-1], run.events["there"].moments[0])
    assert abs(run.moments[-1, 0, 2] / (MU * math.cos(end)) - 1.0) < 1e-15
    assert len(run.moments) == len(run.energy) == len(run.time) < 1000
    with pytest.raises(ValueError, match="t must lie within"):
        run.at(run.end * 1.01)


def test_all_crossings_are_found_with_their_directions():
    system = SpinSystem([[MU, 0, 0], [0, 3 * MU, 0]], terms=[Zeeman([0, 0, 1.0])])
    turns = 5.1
    events = [
        lambda t, m: m[0, 1],  # sin(omega t): the start on the value is no event
        ComponentCrossing("x", moment=0, direction=-1),
        # So close to the top that both crossings lie within a step.
        ComponentCrossing([2.0, 0, 0], MU * math.cos(1e-3), moment=0),
        # The mean is sqrt(10)/2 long, and is at atan 3 at the start.
        ComponentCrossing("x"),
        FunctionCrossing(lambda t, m: m[1, 1], direction=1, terminal=4),
    ]
    run = system.run(turns * 2 * math.pi / OMEGA, rtol=1e-12, events=events)
    found = [np.asarray(run.events[i].time) * OMEGA / (2 * math.pi) for i in range(5)]
    whole = np.arange(6)
    tops = (whole[:, None] + np.array([-1, 1]) * 1e-3 / (2 * math.pi)).ravel()[1:]
    expected = [
        np.arange(1, 8) / 2,
        whole[:4] + 0.25,
        tops[tops < 3.75],
        np.arange(8) / 2 + 0.25 - math.atan(3.0) / (2 * math.pi),
        whole[:4] + 0.75,
    ]
    assert abs(run.end * OMEGA / (2 * math.pi) - 3.75) < 1e-11
    for got, times in zip(found, expected, strict=True):
        assert len(got) == len(times)
        assert np.abs(got - times).max() < 1e-8
    assert run.events[0].rising.tolist() == [False, True] * 3 + [False]


@pytest.mark.parametrize(
    ("wave", "angle"),
    [
        (FieldPulse([0, 50.0, 0], 4e-10, 1e-13), 50.0 * 1e-13 * math.sqrt(2 * math.pi)),
        (Ramp([0, 0, 0], [0, 0.3, 0], 3e-10, 3.001e-10), 0.3 * (1e-9 - 3.0005e-10)),
        (Sine([0, 2.0, 0], 1e11), 2.0 * (1.0 - math.cos(2e11 * math.pi * 0.99e-9)) / (2e11 * math.pi)),
    ],
)
def test_short_pulses_kinks_and_oscillations_are_not_stepped_over(wave, angle):
    duration = 0.99e-9 if isinstance(wave, Sine) else 1e-9
    run = SpinSystem([0, 0, MU], terms=[Zeeman(wave)]).run(duration, rtol=1e-11, times=[duration])
    expected = [math.sin(OMEGA * angle), 0.0, math.cos(OMEGA * angle)]
    assert np.abs(run.moments[0, 0] / MU - expected).max() < 1e-9


def test_no_dense_output_unless_kept_and_steps_no_longer_than_dt():
    system = SpinSystem([MU, 0, 0], terms=[Zeeman([0, 0, 1.0])])
    run = system.run(1e-11, method="dop853", dt=1e-13, dense=False)
    assert run.certificate.steps["steps"] in (100, 101, 102)
    with pytest.raises(ValueError, match="dense must be True"):
        run.at(0.0)


@pytest.mark.filterwarnings("ignore:dt is long")
def test_gauss4_takes_steps_of_any_length_in_a_field_that_stays():
    # Its rotation in a constant field is the Pade approximant (2, 2) of the exponential.
    x, steps = 8.0, 20
    run = SpinSystem([MU, 0, 0], terms=[Zeeman([0, 0, 1.0])]).run(
        steps * x / OMEGA, dt=x / OMEGA, method="gauss4"
    )
    angle = 2.0 * math.atan2(x / 2.0, 1.0 - x * x / 12.0) * steps
    assert np.abs(run.moments[-1, 0] / MU - [math.cos(angle), math.sin(angle), 0.0]).max() < 1e-12


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"temperature": 1.0, "seed": 1}, "with a temperature, got 'dop853'"),
        ({"rtol": 0.0}, "rtol must be positive"),
        ({"rtol": 1e-15}, "rtol must lie between"),
        ({"folder": "here"}, "folder must be None with the method dop853"),
        ({"times": [1.0]}, "times must lie within"),
        ({"events": [3]}, "events must hold events or functions"),
        ({"events": [ComponentCrossing("x", moment=1)]}, "moment must be less than 1"),
        ({"events": [lambda t, m: m[0]]}, "function must return a number"),
        ({"method": "gauss4", "dt": 1e-12, "rtol": 1e-6}, "rtol must not be given with fixed steps"),
        ({"method": "gauss4", "dt": 1e-12, "events": [len]}, "events must not be given with fixed steps"),
        ({"method": "gauss4"}, "dt must be given"),
    ],
)
def test_what_an_adaptive_run_cannot_do_is_said(change, message):
    system = SpinSystem([MU, 0, 0], terms=[Zeeman([0, 0, 1.0])])
    with pytest.raises(ValueError, match=message):
        system.run(1e-11, **{"method": "dop853", **change})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"axis": "w"}, "axis must be x, y, z or a vector"),
        ({"axis": [0, 0, 0]}, "axis must not be zero"),
        ({"axis": "x", "direction": 2}, "direction must be -1, 0 or 1"),
        ({"axis": "x", "terminal": -1}, "terminal must be a bool or a number"),
    ],
)
def test_what_is_no_event_is_said(arguments, message):
    with pytest.raises(ValueError, match=message):
        ComponentCrossing(**arguments)
