"""Spins and lattice: who turns which way, what is conserved, and g' from a simulated experiment."""

import math
from typing import Any

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.spatial.transform import Rotation

from magneton import constants
from magneton.dynamics._gyromagnetic import (
    barnett_field,
    barnett_magnetization,
    einstein_de_haas,
    gamma_from_g_prime,
    magnetomechanical_ratio_from,
    resonance_angular_momentum,
)
from magneton.dynamics._hanging_rod import HangingRod
from magneton.dynamics._paramagnetic_rod import barnett_relaxation
from magneton.dynamics.spin_lattice import SpinLattice
from magneton.dynamics.terms.waveforms import Ramp

GAMMA_E = float(constants.gamma_e)
M = 9e-19  # iron sphere, 10 nm across
TILTED = {
    "alpha": 0.05,
    "anisotropy": 0.05 * M,
    "easy_axis": [1.0, 1.0, 2.0],
    "friction": 2e-30,
}
INERTIA = np.array([4e-38, 5e-38, 7e-38])
FIELD = np.array([0.1, 0.3, -0.5])
OMEGA = np.array([1e9, -2e9, 3e9])
START = M * np.array([0.6, 0.0, 0.8])
TURNED = Rotation.from_rotvec([0.3, -0.2, 0.5])


def tilted(gamma=GAMMA_E, **changes):
    return SpinLattice(START, INERTIA, gamma=gamma, **{**TILTED, **changes})


def run_tilted(dt, B: Any = FIELD, gamma=GAMMA_E, duration=4e-10, **changes):
    body = tilted(gamma, **changes)
    return body.run(duration, dt, B=B, angular_velocity=OMEGA, orientation=TURNED, samples=5)


def gilbert_rates(gamma):
    """Return the rates of m, L and the body's axes: Gilbert's implicit equation solved as a linear system."""
    alpha, K, friction = TILTED["alpha"], TILTED["anisotropy"], TILTED["friction"]
    easy = np.array(TILTED["easy_axis"]) / math.sqrt(6.0)

    def rates(_, y):
        m, L, R = y[:3] * M, y[3:6] * 1e-29, y[6:].reshape(3, 3)
        omega = R @ (R.T @ L / INERTIA)
        u = R @ easy
        B_an = 2.0 * K * (m @ u) / M**2 * u
        cross = np.array([[0, -m[2], m[1]], [m[2], 0, -m[0]], [-m[1], m[0], 0]])
        lag = math.copysign(alpha / M, gamma) * cross
        # dm/dt = gamma m x B - lag (dm/dt - omega x m)
        free = gamma * np.cross(m, FIELD + B_an) + lag @ np.cross(omega, m)
        dm = np.linalg.solve(np.eye(3) + lag, free)
        on_spin = np.cross(m, B_an) - lag @ (dm - np.cross(omega, m)) / gamma
        dL = -on_spin - friction * omega
        return np.concatenate([dm / M, dL / 1e-29, np.cross(omega, R.T).T.ravel()])

    return rates


@pytest.mark.parametrize("gamma", [GAMMA_E, -0.7 * GAMMA_E])
def test_motion_is_that_of_gilberts_equation_with_its_reaction_on_the_lattice(gamma):
    R = TURNED.as_matrix()
    begun = np.concatenate([START / M, R @ (INERTIA * (R.T @ OMEGA)) / 1e-29, R.ravel()])
    peer = solve_ivp(gilbert_rates(gamma), (0.0, 2e-10), begun, method="DOP853", rtol=1e-10, atol=1e-11)
    last = peer.y[:, -1]
    run = run_tilted(1e-13, duration=2e-10, gamma=gamma)
    np.testing.assert_allclose(run.moment[-1] / M, last[:3], atol=1e-9)
    np.testing.assert_allclose(run.lattice[-1] / 1e-29, last[3:6], atol=1e-9)
    np.testing.assert_allclose(run.orientation[-1].as_matrix().ravel(), last[6:], atol=1e-9)


def test_budgets_angular_momentum_to_rounding_at_any_step_and_energy_to_fourth_order():
    drifts = [run_tilted(dt).certificate.drift for dt in (1e-12, 5e-13, 2.5e-13)]
    assert max(drift["angular momentum"].relative for drift in drifts) < 1e-14
    assert max(drift["moment"].relative for drift in drifts) < 1e-14
    energy = np.array([drift["energy and heat"].relative for drift in drifts])
    assert energy[0] < 1e-5
    np.testing.assert_allclose(np.log2(energy[:-1] / energy[1:]), 4.0, atol=0.35)


def test_total_is_conserved_without_a_field_though_both_parts_change():
    run = run_tilted(1e-12, B=np.zeros(3), friction=0.0)
    total = run.spin + run.lattice
    scale = np.linalg.norm(run.spin[0]) + np.linalg.norm(run.lattice[0])
    assert np.abs(total - total[0]).max() < 1e-14 * scale
    assert np.abs(run.spin - run.spin[0]).max() > 0.01 * scale
    assert not run.from_field.any()
    assert not run.from_support.any()


def test_angular_momentum_does_not_drift_in_a_long_run():
    run = tilted().run(4e-8, 1e-12, B=FIELD, angular_velocity=OMEGA, samples=41)
    assert run.certificate.drift["angular momentum"].relative < 1e-14
    np.testing.assert_allclose(np.linalg.norm(run.quaternion, axis=1), 1.0, rtol=1e-15)


def test_inertia_as_a_tensor_is_that_of_its_principal_axes():
    turn = Rotation.from_rotvec([0.2, 0.7, -0.4])
    Q = turn.as_matrix()
    principal = SpinLattice(START, INERTIA).run(1e-10, 1e-12, angular_velocity=OMEGA, orientation=turn)
    tensor = SpinLattice(START, Q @ np.diag(INERTIA) @ Q.T).run(1e-10, 1e-12, angular_velocity=OMEGA)
    np.testing.assert_allclose(tensor.angular_velocity, principal.angular_velocity, atol=1e-13 * 4e9)
    assert np.ptp(tensor.angular_velocity[:, 0]) > 1e7  # it tumbles


def test_field_as_a_function_of_time():
    steady, called = run_tilted(1e-12), run_tilted(1e-12, B=lambda t: np.tile(FIELD, (len(t), 1)))
    np.testing.assert_array_equal(steady.moment, called.moment)
    assert "energy and heat" not in called.certificate.drift
    # A ramp much shorter than a turn: the impulse of m x B, taken by the fourth-order rule of the stages.
    pulse = SpinLattice(START, 1.0, gamma=GAMMA_E * 1e-15)
    run = pulse.run(2.0, 0.1, B=lambda t: np.multiply.outer(t**3, [0.0, 1.0, 0.0]), samples=3)
    np.testing.assert_allclose(run.from_field[-1], 4.0 * np.cross(START, [0, 1, 0]), rtol=1e-2, atol=1e-3 * M)


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_reversal_turns_a_rod_by_twice_its_spin(sign):
    m0 = 1e-17 * np.array([math.sin(0.1), 0.0, -math.cos(0.1)])
    rod = SpinLattice(m0, 1e-38, gamma=sign * abs(GAMMA_E), alpha=0.3, bearing=[0, 0, 1])
    run = rod.run(1e-9, 1e-12, B=[0.0, 0.0, 1.0], samples=21)
    assert run.moment[-1, 2] > 0.9999e-17
    # The field, along the axis, has no torque about it: all the rod has, the spins have given.
    assert np.abs(run.from_field[:, 2]).max() < 1e-14 * np.abs(rod.spin[2])
    assert run.certificate.drift["angular momentum"].relative < 1e-14
    # Electrons: about +z as the moment turns to +z; moments parallel to their spin the other way.
    given = run.lattice[-1, 2]
    assert given * sign < 0.0
    assert given == pytest.approx(-(run.moment[-1, 2] - m0[2]) / rod.gamma, rel=1e-13)
    assert run.angle[-1] * given > 0.0
    # On a bearing along z there is no other rotation.
    assert not run.angular_velocity[:, :2].any()


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_barnett_a_spinning_lattice_turns_the_moment_along_its_field(sign):
    alpha, spin_rate, theta0 = 0.2, 1e6, 2.0
    gamma = sign * abs(GAMMA_E)
    omega = np.array([0.0, 0.0, spin_rate])
    m0 = M * np.array([math.sin(theta0), 0.0, math.cos(theta0) * sign])
    heavy = SpinLattice(m0, 1e-20, gamma=gamma, alpha=alpha)
    run = heavy.run(2e-5, 1e-7, angular_velocity=omega, samples=11)
    B = barnett_field(omega, gamma)
    cosine = run.moment @ B / (M * np.linalg.norm(B))
    rate = alpha / (1.0 + alpha**2) * abs(gamma) * np.linalg.norm(B)
    theta = 2.0 * np.arctan(math.tan(0.5 * theta0) * np.exp(-rate * run.time))
    np.testing.assert_allclose(cosine, np.cos(theta), atol=1e-8)
    # The spin, moment over gamma, lines up with the rotation for either sign.
    assert run.spin[-1, 2] > 0.98 * M / abs(gamma)
    assert run.certificate.drift["angular momentum"].relative < 1e-14


def test_closed_forms():
    assert einstein_de_haas(1.0) == pytest.approx(5.68563e-12, rel=1e-6)
    assert einstein_de_haas(1.0) == pytest.approx(constants.m_e / constants.e, rel=1e-15)
    assert abs(barnett_field(2.0 * math.pi)) == pytest.approx(3.568249e-11, rel=2e-7)
    assert barnett_field(1.0) < 0.0 < barnett_field(1.0, constants.gamma_p)
    assert gamma_from_g_prime(-constants.g_e) == pytest.approx(GAMMA_E, rel=1e-9)
    np.testing.assert_allclose(
        magnetomechanical_ratio_from(3.0, einstein_de_haas(3.0, [1.0, 1.919])), [1.0, 1.919], rtol=1e-14
    )


def pendulum(friction_share=0.02):
    w, inertia = 2.0 * math.pi * 0.5, 1.25e-9
    return HangingRod(
        0.53, inertia, g_prime=1.919, stiffness=inertia * w**2, friction=friction_share * inertia * w
    )


def test_g_prime_from_a_driven_torsion_pendulum():
    rod = pendulum()
    w = 2.0 * math.pi * rod.frequency
    assert rod.quality_factor == pytest.approx(50.0, rel=1e-14)
    run = rod.swing(lambda t: rod.moment * np.sin(w * t), 500.0, 0.01)
    last = run.time > 496.001  # two periods
    amplitude = 2.0 * abs(np.mean(run.angle[last] * np.exp(-1j * w * run.time[last])))
    assert amplitude == pytest.approx(rod.driven_amplitude(rod.frequency), rel=1e-4)
    exchanged = resonance_angular_momentum(amplitude, rod.inertia, rod.frequency, rod.quality_factor)
    assert magnetomechanical_ratio_from(rod.moment, exchanged) == pytest.approx(1.919, rel=1e-4)
    assert run.certificate.drift["angular momentum"].relative < 1e-14
    # In the steady swing each period heats by pi c w A^2.
    period = run.heat[-1] - run.heat[-201]
    assert period == pytest.approx(math.pi * rod.friction * w * amplitude**2, rel=1e-3)


@pytest.mark.parametrize("share", [0.02, 2.0, 5.0])
def test_a_reversal_kicks_the_pendulum_whatever_its_friction(share):
    rod = pendulum(share)
    w = 2.0 * math.pi * rod.frequency
    run = rod.swing(lambda t: np.where(t < 0.05, -0.53, 0.53), 3.0, 0.1)
    beta = 0.5 * share * w
    s = np.emath.sqrt((beta - w) * (beta + w))
    t = run.time[1:] - 0.05
    shape = np.sinh(s * t) / s if abs(s) > 1e-6 else t
    expected = rod.reversal_velocity * np.exp(-beta * t) * np.real(shape)
    np.testing.assert_allclose(run.angle[1:], expected, rtol=1e-9, atol=1e-12 * rod.reversal_velocity)
    assert rod.reversal_velocity == pytest.approx(einstein_de_haas(1.06, 1.919) / 1.25e-9, rel=1e-14)
    energy = 0.5 * rod.inertia * run.angular_velocity**2 + 0.5 * rod.stiffness * run.angle**2 + run.heat
    np.testing.assert_allclose(energy[1:], 0.5 * rod.inertia * rod.reversal_velocity**2, rtol=1e-12)


def test_a_swing_that_creeps_does_not_overflow():
    rod = HangingRod(0.5, 1e-9, stiffness=1e-9, friction=2.9e-6)
    run = rod.swing(lambda t: np.full_like(t, 0.5), 3000.0, 1000.0, angle=1.0)
    # Of the rates r with r + 1/r = c/sqrt(k I) the slow one is left.
    slow = 1.0 / (1450.0 + math.sqrt(1450.0**2 - 1.0))
    np.testing.assert_allclose(run.angle[1:], (1 + slow**2) * np.exp(-slow * run.time[1:]), rtol=1e-13)
    np.testing.assert_allclose(
        run.heat + 0.5e-9 * (run.angle**2 + run.angular_velocity**2), 0.5e-9, rtol=1e-12
    )


def test_driven_amplitudes_have_their_limits_at_rest():
    free, slowed, held = HangingRod(0.5, 1e-9), HangingRod(0.5, 1e-9, friction=1e-8), pendulum()
    assert free.driven_amplitude(0.0) == math.inf
    assert slowed.driven_amplitude(0.0) == pytest.approx(0.5 / (abs(slowed.gamma) * 1e-8), rel=1e-14)
    np.testing.assert_array_equal(held.driven_amplitude([0.0]), [0.0])


def test_a_rod_without_fibre_or_friction_turns_evenly():
    run = HangingRod(0.53, 1.25e-9).swing(lambda t: np.where(t < 0.5, 0.53, -0.53), 10.0, 1.0)
    np.testing.assert_allclose(run.angular_velocity[1:], einstein_de_haas(-1.06) / 1.25e-9, rtol=1e-13)
    assert run.heat[-1] == 0.0
    assert not run.from_support.any()


def test_fibre_of_the_precessing_rod_swings_at_its_period():
    body = HangingRod(1e-17, 1e-20, stiffness=4e-12 * math.pi**2, friction=0.0).body([0, 0, 1], alpha=0.1)
    run = body.run(1e-4, 5e-7, angle=0.3, samples=5)
    np.testing.assert_allclose(run.angle, [0.3, 0.0, -0.3, 0.0, 0.3], atol=1e-6)
    assert max(drift.relative for drift in run.certificate.drift.values()) < 1e-7


def test_paramagnetic_rod_against_its_equation():
    chi, volume, inertia, T1, gamma, B = 2e-3, 1e-6, 1e-25, 1e-6, GAMMA_E, -2e-9
    C = chi * volume / constants.mu_0
    times = np.linspace(0.0, 4e-6, 9)
    omega0, m0 = 900.0, 5e-12

    def rates(_, y):
        m, omega, _ = y
        dm = -(m - C * (B + omega / gamma)) / T1
        return [dm, -dm / gamma / inertia, omega]

    peer = solve_ivp(
        rates, (0.0, 4e-6), [m0, omega0, 0.0], t_eval=times, method="DOP853", rtol=1e-11, atol=1e-22
    )
    run = barnett_relaxation(
        times, omega0, susceptibility=chi, volume=volume, inertia=inertia, relaxation_time=T1, B=B, moment=m0
    )
    np.testing.assert_allclose(run.moment, peer.y[0], rtol=1e-8)
    np.testing.assert_allclose(run.angular_velocity, peer.y[1], rtol=1e-8)
    assert np.ptp(run.angular_velocity) > 10.0  # so light a rod that its spins turn it
    np.testing.assert_allclose(run.angle, peer.y[2], rtol=1e-8)
    free_energy = run.moment**2 / (2.0 * C) - run.moment * B + 0.5 * inertia * run.angular_velocity**2
    np.testing.assert_allclose(free_energy + run.heat, free_energy[0], rtol=1e-12)
    assert run.certificate.worst < 1e-14


def test_spinning_rod_comes_to_barnetts_magnetization():
    run = barnett_relaxation(
        [1e-3], 600.0, susceptibility=1e-3, volume=1e-6, inertia=1e-9, relaxation_time=1e-6
    )
    assert run.moment[0] / 1e-6 == pytest.approx(barnett_magnetization(1e-3, 600.0), rel=1e-12)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: SpinLattice([0, 0, 0], 1.0), "moment must not be the zero vector"),
        (lambda: SpinLattice([0, 0, 1], [1.0, -1.0, 1.0]), "inertia must be positive"),
        (lambda: SpinLattice([0, 0, 1], [[1, 2, 0], [0, 9, 0], [0, 0, 9]]), "inertia must be symmetric"),
        (lambda: SpinLattice([0, 0, 1], [1, 1, 3]), "inertia must not exceed about one axis the sum"),
        (lambda: SpinLattice([0, 0, 1], 1.0).run(1.0, 0.1, angle=1.0), "angle must be 0 without a bearing"),
        (lambda: HangingRod(0.5, 1.0).swing(0.5, 1.0, 0.1), "moment must be a function of times"),
        (
            lambda: HangingRod(0.5, 1.0).swing(lambda t: 4 + 0 * t, 1.0, 0.1),
            "moment must not exceed .* 0.5 A m",
        ),
        (lambda: HangingRod(0.5, 1.0).driven_amplitude(-1.0), "frequency must not be negative, got -1"),
        (lambda: resonance_angular_momentum(-1.0, 1.0, 1.0, 1.0), "amplitude must not be negative"),
        (lambda: SpinLattice([0, 0, 1], [1, 2, 3], bearing=[0, 0, 1]), "the inertia about the bearing"),
        (lambda: SpinLattice([0, 0, 1], 1.0, stiffness=1.0), "stiffness must be 0 without a bearing"),
        (lambda: SpinLattice([0, 0, 1], 1.0, gamma=0.0), "gamma must not be 0"),
        (lambda: SpinLattice([0, 0, 1], 1.0, alpha=-1.0), "alpha must not be negative, got -1"),
        (lambda: einstein_de_haas(1.0, 0.0), "g_prime must be positive, got 0"),
        (lambda: barnett_field(1.0, 0.0), "gamma must not be 0"),
        (lambda: HangingRod(1.0, 1.0, stiffness=-2.0), "stiffness must not be negative, got -2"),
        (
            lambda: SpinLattice([0, 0, 1], 1.0, bearing=[0, 0, 1]).run(1.0, 0.1, angular_velocity=[1, 0, 0]),
            "angular_velocity must be along the bearing",
        ),
        (lambda: tilted().run(1.0, 0.1, B=lambda t: [[0, 0, 1]] * 7), "B must give shape"),
        (lambda: HangingRod(1.0, 1.0).swing(lambda t: t[:3], 1.0, 0.1), "moment must give shape"),
    ],
)
def test_errors_name_the_argument(make, says):
    with pytest.raises(ValueError, match=says):
        make()


def test_a_waveform_is_its_function_of_time():
    ramp = Ramp([0, 0, 0], FIELD, 0.0, 1e-10)
    runs = [tilted().run(1e-10, 1e-12, B=B, samples=3) for B in (ramp, ramp.B)]
    np.testing.assert_array_equal(runs[0].moment, runs[1].moment)
    assert np.abs(runs[0].moment[-1] - runs[0].moment[0]).max() > 0.0


def test_what_is_given_stays():
    for body in (tilted(), pendulum()):
        with pytest.raises(AttributeError):
            body.gamma = 1.0
        assert type(body).__name__ in repr(body)
    with pytest.raises(AttributeError):
        tilted().alpha = 0.5
    run = pendulum().swing(lambda t: 0.1 * t, 1.0, 0.5)
    assert repr(run) == "<RodRun: 3 samples to 1 s>"


def test_energy_of_a_moment_at_rest_is_judged_by_what_a_turn_would_take():
    run = SpinLattice([1e-17, 0, 0], 1e-38).run(1e-11, 1e-13, B=[0, 0, 1], samples=3)
    assert run.certificate.drift["energy and heat"].scale == pytest.approx(1e-17)
    assert repr(run) == "<SpinLatticeRun: 3 samples to 1e-11 s>"


def test_micronewtons_are_no_nuclear_magnetons():
    pint = pytest.importorskip("pint")
    u = pint.UnitRegistry()
    assert HangingRod(0.5, 1e-9, stiffness=2 * u.uN * u.m).stiffness == pytest.approx(2e-6, rel=1e-15)


def test_long_steps_are_warned_of():
    with pytest.warns(UserWarning, match="dt is long"):
        tilted().run(1e-10, 1e-11, B=[0, 0, 1], samples=2)


class _Killed(Exception):
    pass


def _kill(done, count):
    if 2 * done > count:
        raise _Killed


@pytest.mark.parametrize("B", [FIELD, lambda t: np.multiply.outer(np.cos(1e10 * t), FIELD)])
def test_an_interrupted_run_resumes_to_the_same_bits(tmp_path, B):
    def run(body=None, **kept):
        body = body or tilted()
        return body.run(1e-10, 1e-12, B=B, angular_velocity=OMEGA, orientation=TURNED, samples=11, **kept)

    whole = run()
    with pytest.raises(_Killed):
        run(chunk=2, folder=tmp_path / "run", progress=_kill)
    resumed = run(chunk=2, folder=tmp_path / "run", resume=True)
    for name in ("time", "moment", "quaternion", "angle", "angular_velocity", "from_field", "from_support"):
        np.testing.assert_array_equal(getattr(resumed, name), getattr(whole, name))
    np.testing.assert_array_equal(resumed.energies["heat"], whole.energies["heat"])
    assert resumed.certificate.steps == whole.certificate.steps == {"steps": 100}
    assert resumed.certificate.drift == whole.certificate.drift
    assert abs(resumed.orientation[-1].magnitude() - TURNED.magnitude()) > 0.01
    with pytest.raises(ValueError, match="parameters"):
        run(tilted(alpha=0.06), chunk=2, folder=tmp_path / "run")


def test_an_interrupted_swing_resumes_to_the_same_bits(tmp_path):
    rod = pendulum()

    def swing(share=0.5, **kept):
        return rod.swing(
            lambda t: share * np.sin(3.0 * t), 5.0, 0.01, angle=0.1, angular_velocity=-0.2, **kept
        )

    whole = swing()
    with pytest.raises(_Killed):
        swing(chunk=37, folder=tmp_path / "run", progress=_kill)
    resumed = swing(chunk=37, folder=tmp_path / "run", resume=True)
    for name in ("time", "angle", "angular_velocity", "from_support", "heat"):
        np.testing.assert_array_equal(getattr(resumed, name), getattr(whole, name))
    assert resumed.certificate.steps == whole.certificate.steps == {"steps": 500}
    assert resumed.certificate.drift == whole.certificate.drift
    with pytest.raises(ValueError, match="moment"):
        swing(0.4, chunk=37, folder=tmp_path / "run")
