"""Moments that precess: the closed solution, orders, what is conserved, threads and resume."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from magneton import _jit, constants
from magneton.dynamics.integrators import METHODS, THERMAL
from magneton.dynamics.spin_system import SpinSystem
from magneton.dynamics.terms.exchange import DzyaloshinskiiMoriya, Exchange
from magneton.dynamics.terms.lattice import Lattice
from magneton.dynamics.terms.local import CubicAnisotropy, ShapeAnisotropy, UniaxialAnisotropy, Zeeman
from magneton.dynamics.terms.waveforms import FieldPulse, Ramp, Rotating, Sine
from magneton.kernels import moment_run

MU = float(constants.mu_B)
N = 130
RNG = np.random.default_rng(3)
MOMENTS = MU * RNG.normal(size=(N, 3))
QUADRATIC = [
    Zeeman([0.1, 0.2, -0.4]),
    UniaxialAnisotropy(0.3 * MU, [1.0, 1.0, 0.0]),
    ShapeAnisotropy([0.1, 0.2, 0.7], 1e-29),
]
TERMS = [*QUADRATIC, CubicAnisotropy(0.2 * MU), Zeeman(Rotating(0.3, 1e10))]
GAMMA = np.where(np.arange(N) % 2, 1.0, -1.0) * 1.5e11
ALPHA = np.linspace(0.0, 0.5, N)


class Coupling:
    """A term of all moments at once: E = -J/2 (sum of u)^2/n, J in T a moment's magnitude."""

    quadratic = True

    def __init__(self, strength):
        self.strength = strength

    def compiled(self, moments):
        self.magnitude = moments.magnitude
        return self

    def add_field(self, u, out):
        out += self.strength * u.sum(axis=0) / len(u) / self.magnitude[:, None]

    def energy(self, u):
        return -0.5 * self.strength * np.sum(u.sum(axis=0) ** 2) / len(u)


def test_constant_field_against_the_closed_solution():
    for gamma, y in ((constants.gamma_e, -0.3353586), (-constants.gamma_e, 0.3353586)):
        system = SpinSystem([MU, 0, 0], terms=[Zeeman([0, 0, 1.0])], gamma=gamma, alpha=0.1)
        end = system.run(100e-12, dt=1e-13, times=[100e-12]).moments[0, 0] / MU
        assert np.abs(end - [0.0525707, y, 0.9406226]).max() < 6e-8


def test_order_and_limit_of_each_method():
    system = SpinSystem(MOMENTS, terms=TERMS, gamma=GAMMA, alpha=ALPHA)
    u = MOMENTS[[0, 65, 129]]

    def rate(t, y, i):
        m = y * (np.linalg.norm(MOMENTS[i]) / np.linalg.norm(y))  # stages leave the sphere
        many = MOMENTS.copy()
        many[i] = m
        field = system.field(many, t)[i]
        turn = np.cross(m, field)
        damped = np.sign(GAMMA[i]) * ALPHA[i] / np.linalg.norm(m) * np.cross(m, turn)
        return GAMMA[i] / (1 + ALPHA[i] ** 2) * (turn - damped) * 1e24

    limit = [
        solve_ivp(rate, (0, 1e-11), m * 1e24, method="DOP853", rtol=1e-11, atol=1e-12, args=(i,)).y[:, -1]
        for m, i in zip(u, (0, 65, 129), strict=True)
    ]
    for method, order in (
        ("lie-rk4", 4),
        ("gauss4", 4),
        ("midpoint", 2),
        ("depondt-mertens", 2),
        ("strang", 2),
    ):
        errors = []
        for steps in (100, 200):
            run = system.run(1e-11, dt=1e-11 / steps, method=method, times=[1e-11])
            errors.append(np.abs(run.moments[0, [0, 65, 129]] * 1e24 - limit).max())
        assert abs(np.log2(errors[0] / errors[1]) - order) < 0.15, (method, errors)
        assert errors[1] < (1e-6 if order == 4 else 3e-3) * 10


def test_magnitude_and_quadratic_energy_are_kept():
    system = SpinSystem(MOMENTS[:3], terms=QUADRATIC)
    steps = 20_000
    for method in METHODS:
        drift = system.run(steps * 2e-13, dt=2e-13, method=method, times=[steps * 2e-13]).certificate.drift
        assert drift["|m|"].relative < 6e-16 * np.sqrt(steps)  # rounding alone, without a bias
        if method in ("midpoint", "gauss4"):
            assert drift["energy"].relative < 1e-13
    drift = SpinSystem(MOMENTS[:3], terms=QUADRATIC, alpha=0.1).run(1e-12, dt=1e-13).certificate.drift
    assert "energy" not in drift


@pytest.mark.parametrize("method", METHODS)
def test_a_field_of_all_moments_steps_as_one_of_each(method):
    """A coupling of no strength sends all moments through stages together: nothing else may change."""
    alone = SpinSystem(MOMENTS, terms=TERMS, gamma=GAMMA, alpha=ALPHA)
    together = SpinSystem(MOMENTS, terms=[*TERMS, Coupling(0.0)], gamma=GAMMA, alpha=ALPHA)
    kwargs = {"dt": 1e-13, "method": method, "times": [0.0, 0.5e-12, 1e-12]}
    if method not in ("lie-rk4", "gauss4"):
        kwargs |= {"temperature": 1.0, "seed": 4}
    first, second = alone.run(1e-12, **kwargs), together.run(1e-12, **kwargs)
    assert np.abs(first.moments - second.moments).max() < 1e-14 * np.abs(MOMENTS).max()


def test_coupled_moments_keep_energy_and_sum():
    system = SpinSystem(MOMENTS[:70], terms=[Coupling(50.0 * MU)])
    run = system.run(2e-11, dt=1e-13, method="midpoint")
    total = run.moments.sum(axis=1)
    assert run.certificate.drift["energy"].relative < 1e-13
    assert np.abs(total - total[0]).max() < 1e-12 * np.abs(MOMENTS).sum()
    assert np.abs(run.moments[-1] - run.moments[0]).max() > 0.1 * MU


def test_neither_threads_nor_neighbours_change_a_result():
    system = SpinSystem(np.tile(MOMENTS, (5, 1)), terms=TERMS[1:], alpha=0.1)
    for method in ("lie-rk4", "gauss4"):
        before, ends = _jit.get_threads(), []
        for threads in (1, 3):
            _jit.set_threads(threads)
            ends.append(system.run(1e-12, dt=1e-13, method=method, times=[1e-12]).moments)
        _jit.set_threads(before)
        assert np.array_equal(*ends)
        assert np.array_equal(ends[0][0, :N], ends[0][0, N : 2 * N])


@pytest.mark.parametrize("coupled", [False, True])
def test_a_run_that_was_killed_goes_on_to_the_same_bits(tmp_path, coupled):
    system = SpinSystem(MOMENTS[:5], terms=[*TERMS, Coupling(0.1 * MU)] if coupled else TERMS, alpha=0.1)
    kwargs = {"dt": 1e-13, "temperature": 2.0, "seed": 11, "chunk": 3}
    whole = system.run(1e-12, **{**kwargs, "chunk": None})  # at once: chunks may not be seen in the results

    def kill(done, count):
        if done >= 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        system.run(1e-12, folder=tmp_path / "run", progress=kill, **kwargs)
    resumed = system.run(1e-12, folder=tmp_path / "run", resume=True, **kwargs)
    assert np.array_equal(resumed.moments, whole.moments)
    assert np.array_equal(resumed.energy, whole.energy)
    with pytest.raises(ValueError, match="seed"):
        system.run(1e-12, folder=tmp_path / "run", **{**kwargs, "seed": 12})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (lambda L: DzyaloshinskiiMoriya(1e-21, L), lambda L: DzyaloshinskiiMoriya(-1e-21, L)),
        (lambda L: Exchange([1e-21, 0.0], L), lambda L: Exchange([0.0, 1e-21], L)),
    ],
)
def test_a_folder_tells_couplings_apart_that_an_ordered_start_does_not(tmp_path, first, second):
    lattice, up = Lattice((8, 1, 1), 1e-10, periodic=True), np.tile([0.0, 0.0, MU], (8, 1))
    one, other = (SpinSystem(up, terms=[make(lattice), Zeeman([0.1, 0, 0])]) for make in (first, second))
    kwargs = {"dt": 1e-14, "folder": tmp_path / "run"}
    once = one.run(2e-14, **kwargs)
    assert np.array_equal(one.field(), other.field())
    with pytest.raises(ValueError, match="coupled_terms"):
        other.run(2e-14, **kwargs)
    assert np.array_equal(one.run(2e-14, **kwargs).moments, once.moments)


def test_a_long_step_is_warned_of_wherever_the_field_grows():
    def run(term, dt, m=(0, 0, MU), duration=1e-9, **kwargs):
        return SpinSystem(m, terms=[term], alpha=0.1).run(duration, dt=dt, method="lie-rk4", **kwargs)

    for term in (
        Zeeman(Sine([1.0, 0, 0], 1e9)),  # nothing at the start
        Zeeman(FieldPulse([1.0, 0, 0], 0.5e-9, 5e-11)),  # nor at the end
        Zeeman(Ramp([0, 0, 0], [0, 0, 1.0], 0.0, 1e-9)),
        UniaxialAnisotropy(0.5 * MU, [1.0, 0, 0]),  # none across the axis
        CubicAnisotropy(0.75 * MU),  # none along an axis
        ShapeAnisotropy([1.0, 0.0, 0.0], MU * float(constants.mu_0)),
    ):
        with pytest.warns(UserWarning, match="moments turn by 1.2 rad in a step"):
            run(term, 1.2 / 1.7609e11)
        run(term, 0.99 / 1.7609e11)
    run(Zeeman(FieldPulse([1.0, 0, 0], 2e-9, 5e-11)), 1e-11)  # after the run
    # What moments do to each other is seen on the way: none at the start.
    pair = SpinSystem(
        [[MU, 0, 0], [-MU, 0, 1e-3 * MU]], terms=[Coupling(2.0 * MU), Zeeman([0.1, 0, 0])], alpha=1.0
    )
    with pytest.warns(UserWarning, match="dt is long"):
        pair.run(2e-9, dt=7e-12, method="lie-rk4")


def test_a_thermal_field_that_turns_moments_far_is_warned_of():
    """By sqrt(2 alpha/(1 + alpha^2) |gamma| k_B T dt/|m|) a component, whatever the field that is applied."""
    system = SpinSystem([0, 0, MU], terms=[Zeeman([0, 0, 1e-3])], alpha=0.3)
    radian = 1.09 / 0.6 * MU / (1.76085963e11 * float(constants.k_B))

    def run(method, turn):
        dt = turn**2 * radian
        return system.run(dt, dt=dt, method=method, temperature=1.0, seed=1)

    for method in THERMAL:
        less, more = (0.55, 0.65) if method == "strang" else (0.18, 0.22)
        run(method, less)
        with pytest.warns(UserWarning, match=f"the thermal field turns moments by {more} rad in a step"):
            run(method, more)
        with pytest.raises(ValueError, match="dt must be at most"):
            run(method, 1.01)


def test_a_system_does_not_change():
    system = SpinSystem([0, 0, MU], terms=[Zeeman([0, 0, 1.0])])
    for name in ("moments", "magnitude", "positions", "gamma", "alpha", "terms", "temperature"):
        with pytest.raises(AttributeError, match=f"{name} of a SpinSystem cannot be set"):
            setattr(system, name, 0.5)
    with pytest.raises(ValueError, match="read-only"):
        system.magnitude[0] = 1.0
    for call in (system.field, system.energy, system.torque):
        with pytest.raises(ValueError, match=r"moments must have the system's magnitudes, 9\.27401e-24"):
            call([0, 0, 10 * MU])


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_moments_of_any_size(size):
    """Their squares are not floats."""
    terms = [Zeeman([0, 0, 1.0]), UniaxialAnisotropy(0.2 * size, [1.0, 0, 0])]
    ends = []
    for scale in (size, 1.0):
        terms[1] = UniaxialAnisotropy(0.2 * scale, [1.0, 0, 0])
        run = SpinSystem([[3 * scale, 4 * scale, 0]], terms=terms).run(1e-11, dt=1e-13)
        assert run.certificate.drift["energy"].relative < 1e-9
        ends.append(run.moments[-1] / scale)
    np.testing.assert_allclose(*ends, rtol=1e-12)


def test_a_run_of_few_moments_can_be_interrupted(monkeypatch):
    """Compiled loops are left now and then, however few the moments."""
    calls = []
    monkeypatch.setattr(moment_run, "advance", lambda *arguments: calls.append(arguments[8]))
    SpinSystem([0, 0, MU], terms=[Zeeman([0, 0, 1.0])]).run(1e-7, dt=1e-13, times=[1e-7], method="midpoint")
    assert sum(calls) == 1_000_000
    assert max(calls) < 100_000


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"method": "euler"}, "method must be one of"),
        ({"temperature": 1.0}, "seed must be an integer"),
        ({"temperature": -1.0}, "temperature must not be negative"),
        ({"temperature": 1.0, "seed": 1, "method": "gauss4"}, "with a temperature"),
        ({"temperature": 1e3, "seed": 1, "dt": 1e-11}, "dt must be at most"),
        ({"times": [1.0]}, "times must lie within"),
        ({"times": [1e-12, 0.0]}, "times must ascend"),
        ({"temperature": 1e3, "seed": 1, "dt": 1e-11, "method": "midpoint"}, "dt must be at most"),
        (
            {"times": [3.0e-13, 3.1e-13]},
            "times must lie at different steps of 1e-13 s, got 3e-13 and 3.1e-13 s",
        ),
        ({"method": "midpoint", "dt": 1e-9}, "implicit steps come to rest"),
    ],
)
@pytest.mark.filterwarnings("ignore:dt is long")
def test_what_a_run_cannot_do_is_said(change, message):
    system = SpinSystem(MOMENTS[:2], terms=QUADRATIC, alpha=0.1)
    with pytest.raises(ValueError, match=message):
        system.run(1e-9, **{"dt": 1e-13, **change})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"moments": [0, 0, 0]}, "moments must not be zero"),
        ({"gamma": 0.0}, "gamma must not be zero"),
        ({"alpha": -0.1}, "alpha must not be negative"),
        ({"alpha": [0.1, 0.1]}, "alpha must be a number or have shape"),
        ({"positions": np.zeros((2, 3))}, "positions and moments must have the same length"),
    ],
)
def test_what_is_no_system_is_said(arguments, message):
    with pytest.raises(ValueError, match=message):
        SpinSystem(**{"moments": [0, 0, MU], **arguments})
