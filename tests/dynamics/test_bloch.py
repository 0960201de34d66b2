"""Bloch's equations: exact steps, frames, pulses, echoes, free induction and spectra."""

import math

import mpmath
import numpy as np
import pytest
from scipy.integrate import quad

from magneton import constants
from magneton.dynamics.bloch import Bloch
from magneton.dynamics.frames import driving_field, to_laboratory_frame, to_rotating_frame
from magneton.dynamics.nmr import (
    bloch_siegert_shift,
    chemical_shift,
    ernst_angle,
    free_induction,
    isochromats,
    nuclear_magnetization,
    spectrum,
    spoiled_signal,
)
from magneton.dynamics.pulses import Acquire, Delay, Pulse, ShapedPulse, Spoil, gaussian_pulse, sinc_pulse
from magneton.dynamics.sequences import cpmg, inversion_recovery, spin_echo
from magneton.dynamics.terms.waveforms import Ramp

GAMMA = float(constants.gamma_p)
INF = math.inf
FIELDS = [[0, 0, 0], [0, 0, 1]], [[0, 0, 1], [0, 0, 1]]
QUARTER, HALF = 0.5 * math.pi, math.pi


def exact(bloch, M, time, B1, phase, offset):
    """Return M by the exponential of the equation's matrix, 40 digits."""
    with mpmath.workdps(40):
        w1, wz = (
            [-bloch.gamma * mpmath.mpf(B1) * f(phase) for f in (mpmath.cos, mpmath.sin)],
            2 * mpmath.pi * offset,
        )
        r1, r2 = 1 / mpmath.mpf(float(bloch.T1)), 1 / mpmath.mpf(float(bloch.T2))
        m0 = float(bloch.equilibrium)
        A = mpmath.matrix(
            [[-r2, -wz, w1[1], 0], [wz, -r2, -w1[0], 0], [-w1[1], w1[0], -r1, r1 * m0], [0] * 4]
        )
        return np.array([float(v) for v in (mpmath.expm(A * time) * mpmath.matrix([*M, 1]))[:3]])


def of_rate(w):
    """Return the B1 of a nutation at w rad/s."""
    return w / GAMMA


# T1, T2, w1 in rad/s, offset, time; the later ones cross the fast moments' border, w = 4 abs(1/T2 - 1/T1), where
# eigenvalues meet, and 10 rad/s is Torrey's critical case of T1 = inf, T2 = 1/20 s.
CASES = [
    (1.0, 0.1, 300.0, 40.0, 0.03),
    (1.0, 1.0, 300.0, -40.0, 0.5),
    (1.0, 2.0, 30.0, 5.0, 0.7),
    (INF, 0.1, 300.0, 0.0, 1e-7),
    (INF, 0.05, 10.0, 0.0, 0.3),
    (1.0, 1e-3, 100.0, 1.0, 0.02),
    (1.0, 0.1, 35.999, 0.0, 0.2),
    (1.0, 0.1, 36.001, 0.0, 0.2),
    (1.0, 0.1, 8.0, 0.8, 0.2),
    (2.0, 1e-4, 1.0, 3.0, 5.0),
    (0.5, 0.5, 1e-9, 0.0, 1.0),
]


@pytest.mark.parametrize(("T1", "T2", "w1", "offset", "time"), CASES)
def test_constant_fields_are_solved_exactly(T1, T2, w1, offset, time):
    bloch, M = Bloch(T1=T1, T2=T2, equilibrium=1.3), [0.3, -0.4, 0.7]
    found = bloch.driven(M, time, of_rate(w1), phase=0.4, offset=offset)
    turned, wanted = time * math.hypot(w1, 2 * HALF * offset), exact(bloch, M, time, of_rate(w1), 0.4, offset)
    np.testing.assert_allclose(found, wanted, atol=1e-15 * (2 + turned), rtol=0)
    # A pulse has B1 along both axes; `driven` turns it to x.
    pulsed = bloch.play(Pulse(w1 * time, 0.4, time), M, offset=offset).magnetization
    np.testing.assert_allclose(pulsed, wanted, atol=2e-15 * (2 + turned), rtol=0)


def test_free_precession_is_the_closed_form_for_arrays_of_everything():
    bloch = Bloch(T1=[[2.0], [0.7]], T2=0.3, equilibrium=[[1.0], [2.0]])
    offset, time = np.array([-30.0, 0.0, 11.0]), np.array([1e-9, 0.2, 1e3])
    M = bloch.free([0.1, 0.2, -0.5], time, offset)
    across = (0.1 + 0.2j) * np.exp((2j * HALF * offset - 1 / 0.3) * time)
    E = np.exp(-time / bloch.T1)
    assert M.shape == (2, 3, 3)
    np.testing.assert_allclose(M[..., 0] + 1j * M[..., 1], np.broadcast_to(across, (2, 3)), atol=1e-13)
    np.testing.assert_allclose(M[..., 2], -0.5 * E + bloch.equilibrium * (1 - E), atol=1e-15)


def test_a_proton_turns_left_handed_and_an_electron_right_handed():
    for gamma in (GAMMA, -GAMMA):
        bloch = Bloch(gamma)
        # A little later, dM = gamma M x B dt.
        after = bloch.driven([0, 0, 1], 1e-3 / GAMMA, 1.0)
        np.testing.assert_allclose(after, [0, np.sign(gamma) * 1e-3, 1], atol=1e-6)
        x = bloch.free([1, 0, 0], 1e-3 / GAMMA, bloch.offset_of(1.0))
        np.testing.assert_allclose(x, [1, -np.sign(gamma) * 1e-3, 0], atol=1e-6)
        lab = bloch.integrate([1, 0, 0], lambda t: np.full((len(t), 3), [0.0, 0.0, 1.0]), 1e-3 / GAMMA, 1)
        np.testing.assert_allclose(lab.magnetization, x, atol=1e-15)
        # About B1 along x, z goes to y, and along y to -x.
        for pulse in (Pulse(QUARTER), Pulse(QUARTER, duration=1e-3), ShapedPulse([QUARTER / GAMMA], 1.0)):
            np.testing.assert_allclose(bloch.play(pulse).magnetization, [0, np.sign(gamma), 0], atol=1e-15)
        for pulse in (Pulse(QUARTER, QUARTER), ShapedPulse([1j * QUARTER / GAMMA], 1.0)):
            np.testing.assert_allclose(bloch.play(pulse).magnetization, [-np.sign(gamma), 0, 0], atol=1e-15)


def test_length_is_kept_without_relaxation_and_steps_compose():
    rng = np.random.default_rng(3)
    M = rng.normal(size=(50, 3))
    B1 = of_rate(rng.normal(size=400) * 1e4 + 1j * rng.normal(size=400) * 1e4)
    run = Bloch().play(ShapedPulse(B1, 1e-4), M, offset=300.0)
    np.testing.assert_allclose(
        np.linalg.norm(run.magnetization, axis=1), np.linalg.norm(M, axis=1), rtol=4e-14
    )
    bloch = Bloch(T1=1.0, T2=0.1)
    field = {"phase": 0.2, "offset": 7.0}
    half = bloch.driven(bloch.driven(M, 0.01, of_rate(90.0), **field), 0.02, of_rate(90.0), **field)
    np.testing.assert_allclose(half, bloch.driven(M, 0.03, of_rate(90.0), **field), atol=2e-15)


def test_the_steady_state_is_the_limit_and_as_published():
    bloch = Bloch(T1=1.5, T2=0.4, equilibrium=2.0)
    B1, offset = of_rate(np.array([0.1, 1.0, 20.0])), np.array([[0.0], [0.3], [-5.0]])
    steady = bloch.steady_state(B1, offset=offset, phase=0.7)
    np.testing.assert_allclose(
        bloch.driven([0, 0, 1], 80.0, B1, offset=offset, phase=0.7), steady, atol=1e-14
    )
    y = GAMMA * B1 * 0.4 * 2.0 / (1 + (2 * HALF * offset * 0.4) ** 2 + (GAMMA * B1) ** 2 * 1.5 * 0.4)
    np.testing.assert_allclose(bloch.steady_state(B1, offset=offset)[..., 1], y, rtol=1e-14)
    # Far beyond saturation M_y = M_0/(gamma B1 T1), though (gamma B1)^2 overflows.
    huge = bloch.steady_state([1e200, -1e200])
    np.testing.assert_allclose(huge[:, 1], np.array([2.0, -2.0]) / (GAMMA * 1e200 * 1.5), rtol=1e-14)
    assert not huge[:, [0, 2]].any()
    with pytest.raises(ValueError, match="T1 must be finite"):
        Bloch().steady_state(1e-6)


def test_laboratory_and_rotating_frame_agree_at_fourth_order():
    bloch = Bloch(T1=3e-3, T2=2e-3, equilibrium=2.0)
    f, M = bloch.offset_of(1e-3), [0.1, 0.2, 0.9]
    errors = []
    for steps in (500, 1000, 2000):
        run = bloch.integrate(M, driving_field(1e-3, 1e-5, f, phase=0.4), 1e-3, steps, every=steps // 10)
        seen = to_rotating_frame(run.path, run.time, f)
        errors.append(np.abs(seen - bloch.driven(M, run.time, 1e-5, phase=0.4)).max())
    assert np.log2(errors[0] / errors[1]) == pytest.approx(4, abs=0.1)
    assert np.log2(errors[1] / errors[2]) == pytest.approx(4, abs=0.1)
    np.testing.assert_allclose(to_laboratory_frame(seen, run.time, f), run.path, atol=1e-14)


def test_a_linear_field_shifts_the_resonance_as_bloch_and_siegert_found():
    bloch, B0, B1 = Bloch(T1=5e-3, T2=5e-3), 1e-4, 4e-6
    f, shift = bloch.offset_of(B0), bloch_siegert_shift(B1, B0)
    # The moments precess at f + offset and are driven at f: hardest where f + offset + shift = f.
    offsets = shift * np.linspace(-20.0, 20.0, 32)
    cycles = 256
    field = driving_field(B0, B1, f, linear=True)
    run = bloch.integrate([0, 0, 0.1], field, cycles / abs(f), 24 * cycles, offset=offsets)
    z = run.path[-25:-1, :, 2].mean(axis=0)
    # In the rotating wave 1/(1 - M_z) is a parabola in the offset.
    parabola = np.polyfit(offsets, 1.0 / (1.0 - z), 2)
    assert -parabola[1] / (2.0 * parabola[0]) == pytest.approx(-shift, rel=0.02)


def test_pulses_turn_by_their_angle():
    bloch = Bloch()
    for pulse in (
        Pulse(QUARTER),
        Pulse(QUARTER, duration=1e-3),
        sinc_pulse(QUARTER, 1e-3, samples=30),
        gaussian_pulse(QUARTER, 1e-3, samples=30),
    ):
        np.testing.assert_allclose(bloch.play(pulse).magnetization, [0, 1, 0], atol=1e-14)
    # The logarithm of a Gaussian is a parabola, here down to a twentieth at the ends.
    B1 = gaussian_pulse(1.0, 1e-3, truncation=0.05, samples=41).B1.real
    parabola = np.polyfit((np.arange(41) - 20.0) / 20.5, np.log(B1 / B1[20]), 2)
    np.testing.assert_allclose(parabola, [math.log(0.05), 0, 0], atol=1e-13)
    scaled = bloch.play(Pulse(HALF, phase=QUARTER), [1.0, 0, 0], B1_scale=[0.5, 1.0]).magnetization
    np.testing.assert_allclose(scaled, [[0, 0, 1], [-1, 0, 0]], atol=1e-15)
    weak = sinc_pulse(1e-4, 4e-3, window=0.5, samples=500)
    offset = np.array([0.0, 170.0, -412.0])
    across = bloch.play(weak, offset=offset).magnetization @ [1, 1j, 0]
    # To first order in the angle a pulse selects by its Fourier transform.
    t = 8e-6 * (np.arange(500) + 0.5) - 4e-3
    transform = (1j * GAMMA * weak.B1 * 8e-6 * np.exp(-2j * HALF * np.multiply.outer(offset, t))).sum(axis=1)
    np.testing.assert_allclose(across, transform * np.sinc(8e-6 * offset), atol=1e-11)


def test_echoes_refocus_offsets_and_decay_with_T2():
    offset = np.linspace(-2000, 2000, 301)
    bloch = Bloch(T1=1.0, T2=0.1)
    run = bloch.play(spin_echo(0.05), offset=offset)
    np.testing.assert_allclose(run.signal, [1j * math.exp(-0.5)], atol=1e-13)
    assert abs(bloch.play([Pulse(QUARTER), Delay(0.025), Acquire(1, 0)], offset=offset).signal[0]) < 0.02
    train = bloch.play(cpmg(0.02, 6), offset=offset)
    np.testing.assert_allclose(train.time, 0.02 * np.arange(1, 7), rtol=1e-14)
    np.testing.assert_allclose(abs(train.signal), np.exp(-train.time / 0.1), atol=1e-13)
    errors = [
        np.abs(Bloch().play(cpmg(0.02, 6, refocus=0.9 * HALF, phase=p)).signal[1::2] - 1j).max()
        for p in (QUARTER, 0)
    ]
    assert errors[0] < 1e-14 < 0.1 < errors[1]
    finite = Bloch().play(spin_echo(0.05, duration=1e-6), offset=[0.0])
    np.testing.assert_allclose([finite.time[0], abs(finite.signal[0])], [0.05 + 0.25e-6, 1], rtol=1e-9)


def test_inversion_recovery_and_repeated_sequences():
    bloch = Bloch(T1=0.8, T2=0.1)
    np.testing.assert_allclose(
        bloch.play(inversion_recovery(0.5)).signal, [1j * (1 - 2 * math.exp(-0.5 / 0.8))]
    )
    spoiled = [Pulse(0.3), Delay(0.02), Spoil()]
    signal = bloch.play([spoiled[0], Acquire(1, 0)], bloch.repeated(spoiled)).signal
    assert abs(signal[0]) == pytest.approx(spoiled_signal(0.3, 0.02, 0.8), rel=1e-12)
    offset = np.array([[3.0], [25.0]])
    free = [Pulse(0.7), Delay(0.005)]
    M = bloch.repeated(free, offset=offset, B1_scale=[0.5, 1.0, 1.2])
    late = bloch.play(free * 2000, offset=offset, B1_scale=[0.5, 1.0, 1.2]).magnetization
    np.testing.assert_allclose(M, late, atol=1e-6)
    np.testing.assert_allclose(
        bloch.play(free, M, offset=offset, B1_scale=[0.5, 1.0, 1.2]).magnetization, M, atol=1e-14
    )
    with pytest.raises(ValueError, match="sequence must let"):
        Bloch().repeated(Delay(1.0))
    best = ernst_angle(0.02, 0.8)
    assert spoiled_signal(best, 0.02, 0.8) > spoiled_signal(best * np.array([0.99, 1.01]), 0.02, 0.8).max()


def test_gradients_turn_by_position_and_echo():
    z = np.linspace(-0.05, 0.05, 11)[:, None] * [0, 0, 1]
    run = Bloch().play([Pulse(QUARTER), Delay(1e-3, [0, 0, 2e-3])], positions=z)
    angle = QUARTER - GAMMA * 2e-3 * z[:, 2] * 1e-3
    np.testing.assert_allclose(run.magnetization[:, 0], np.cos(angle), atol=1e-13)
    back = Bloch().play(Delay(1e-3, [0, 0, -2e-3]), run.magnetization, positions=z).magnetization
    np.testing.assert_allclose(back, np.broadcast_to([0, 1, 0], (11, 3)), atol=1e-13)
    with pytest.raises(ValueError, match="positions must be given"):
        Bloch().play(Delay(1e-3, [0, 0, 1e-3]))


def test_means_are_weighted_and_paths_hold_them():
    many = 2500  # more than a chunk, and no multiple of the lanes
    offset, weights = np.linspace(0, 100, many), np.linspace(0, 1, many)
    bloch = Bloch(T1=1.0, T2=0.1)
    run = bloch.play([Pulse(1.0, duration=1e-3), Acquire(3, 1e-3)], offset=offset, weights=weights, path=True)
    np.testing.assert_allclose(run.time, [0, 1e-3, 2e-3, 3e-3, 4e-3], rtol=1e-15)
    assert run.path.shape == (5, many, 3)
    np.testing.assert_allclose(
        run.mean, np.einsum("n,knc->kc", weights / weights.sum(), run.path), atol=1e-14
    )
    np.testing.assert_array_equal(run.path[-1], run.magnetization)
    np.testing.assert_allclose(run.path[3], bloch.free(run.path[1], 2e-3, offset), atol=1e-14)


def test_lines_and_times_are_of_any_shape():
    T2, time = np.array([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]), np.array([[0.0, 0.1], [0.2, 0.3]])
    wanted = sum(np.exp(-time / one) for one in T2.ravel())
    np.testing.assert_allclose(free_induction(time, T2), wanted, rtol=1e-14)
    assert free_induction([], 0.1).shape == (0,)


def _gaussian(u):
    return math.sqrt(math.log(2) / HALF) * math.exp(-math.log(2) * u * u)


def _lorentzian(u):
    return 1 / (HALF * (1 + u * u))


@pytest.mark.parametrize(("shape", "density"), [("lorentzian", _lorentzian), ("gaussian", _gaussian)])
def test_inhomogeneous_lines_decay_by_their_width(shape, density):
    time, width = np.linspace(0, 0.05, 6), 12.0
    line = free_induction(time, 0.3, offset=[40.0, 90.0], amplitude=[1.0, 0.0], width=width, shape=shape)
    # u is the distance from the centre over half the full width.
    left = 2 * quad(density, 0, INF, weight="cos", wvar=HALF * width * time[3])[0]
    assert abs(line[3]) == pytest.approx(left * math.exp(-time[3] / 0.3), rel=1e-8)
    offsets = isochromats(4000, width, shape=shape, centre=40.0)
    played = Bloch(T1=1.0, T2=0.3).play(Acquire(6, 0.01), [1.0, 0, 0], offset=offsets).signal
    np.testing.assert_allclose(played, line, atol=3e-3)


def test_a_spectrum_has_the_lines_place_width_and_area():
    dwell, n, f0, T2 = 1e-3, 4096, 125.0, 0.05
    signal = free_induction(dwell * np.arange(n), T2, offset=f0, amplitude=3.0)
    f, S = spectrum(signal, dwell, zero_fill=2)
    q = np.exp((2j * HALF * (f0 - f) - 1 / T2) * dwell)
    np.testing.assert_allclose(S, 3.0 * dwell * (1 / (1 - q) - 0.5), atol=1e-13)
    assert f[np.argmax(S.real)] == pytest.approx(f0, abs=0.1)
    assert S.sum() * (f[1] - f[0]) == pytest.approx(1.5, rel=1e-13)
    broad = spectrum(signal, dwell, broadening=10.0).amplitude.real.max()
    assert broad == pytest.approx(3.0 / (1 / T2 + HALF * 10.0), rel=2e-3)


def test_formulas():
    # Hahn's proton: 42.577478461 MHz/T, and a shift is towards faster precession for either sign of gamma.
    for gamma in (GAMMA, -GAMMA):
        bloch = Bloch(gamma)
        assert chemical_shift(bloch.offset_of(3e-6), 3.0, gamma=gamma) == pytest.approx(1.0, rel=1e-14)
    assert bloch.offset_of(1.0) == pytest.approx(42.577478461e6, rel=1e-9)
    x = constants.hbar * GAMMA * 3.0 / (2 * constants.k_B * 310.0)
    assert nuclear_magnetization(6.7e28, 3.0, 310.0) == pytest.approx(
        6.7e28 * constants.hbar * GAMMA / 2 * math.tanh(x)
    )
    # Boltzmann's sum over the 2 I + 1 levels, with x = gamma hbar B0/(k_B T) = 2.5e-5.
    m, x = np.arange(-1.5, 2.0), float(constants.hbar) * GAMMA * 3.0 / (float(constants.k_B) * 0.25)
    mean = np.sum(m * np.exp(m * x)) / np.sum(np.exp(m * x))
    found = nuclear_magnetization(1.0, 3.0, 0.25, spin=1.5) / (float(constants.hbar) * GAMMA)
    assert found == pytest.approx(mean, rel=1e-3)
    assert ernst_angle(1e-12, 1.0) == pytest.approx(math.sqrt(2e-12), rel=1e-12)


def test_quantities_are_converted_or_refused():
    pint = pytest.importorskip("pint")
    u = pint.UnitRegistry()
    expected = free_induction([0.0, 1e-3], 10e-3, offset=20.0, amplitude=1j)
    found = free_induction([0.0, 1.0] * u.ms, 10 * u.ms, offset=0.02 * u.kHz, amplitude=1j)
    np.testing.assert_allclose(found, expected, rtol=1e-14)
    assert ernst_angle(500 * u.ms, 1000 * u.ms) == ernst_angle(0.5, 1.0)
    with pytest.raises(ValueError, match="amplitude must be convertible to 1, got a quantity in"):
        free_induction([0.0, 1e-3], 10e-3, amplitude=1 * u.mA / u.m)
    with pytest.raises(ValueError, match="signal must be convertible to 1, got a quantity in mV"):
        spectrum([1.0, 2.0] * u.mV, 1e-3)


def test_bloch_takes_times_and_equilibrium_by_name_only():
    with pytest.raises(TypeError, match="positional"):
        Bloch(3.0, 2.0, 1.0)  # pyright: ignore[reportCallIssue]


def test_fields_are_functions_waveforms_or_vectors():
    bloch, M = Bloch(), [1.0, 0.0, 0.0]
    constant = bloch.integrate(M, [0, 0, 1e-3], 1e-5, 3).magnetization
    np.testing.assert_allclose(constant, bloch.free(M, 1e-5, bloch.offset_of(1e-3)), rtol=0, atol=1e-14)
    ramp = Ramp([0, 0, 0], [0, 0, 2e-3], 0.0, 1e-5)  # 1 mT on average
    np.testing.assert_allclose(bloch.integrate(M, ramp, 1e-5, 3).magnetization, constant, rtol=0, atol=1e-14)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Bloch(T1=1.0, T2=2.1), "T2 must not be greater than 2 T1"),
        (
            lambda: Bloch(T1=[1.0, 2.0], T2=[1.0, 1.0, 1.0]),
            r"T1 and T2 must broadcast, got T1 of shape \(2,\)",
        ),
        (lambda: Bloch(equilibrium=[0.0, 0.0, 0.1]), "equilibrium must be M_0 along z, a number"),
        (lambda: Bloch().free(np.ones((2, 3)), [1.0, 2.0, 3.0]), "M and time must broadcast"),
        (
            lambda: Bloch().play(Delay(1.0), np.ones((2, 3)), weights=[1, 2, 3]),
            "M and weights must broadcast",
        ),
        (lambda: Bloch().play(3), "sequence must consist of pulses"),
        (lambda: Bloch().integrate([0, 0, 1], 5.0, 1.0, 5), "B must be a vector of 3"),
        (lambda: Bloch().integrate([0, 0, 1], Ramp(*FIELDS, 0.0, 1.0), 1.0, 5), "B must be one field"),
        (lambda: ShapedPulse([1e-6], 0.0), "step must be positive, got 0"),
        (lambda: inversion_recovery(-1.0), "delay must not be negative, got -1"),
        (lambda: free_induction(1.0, [1.0, 2.0], offset=[1, 2, 3]), "T2 and offset must broadcast"),
        (lambda: free_induction(1.0, "1"), "T2 must be a time"),
        (lambda: free_induction(1.0, 1.0, amplitude="1"), "amplitude must be finite complex numbers"),
        (lambda: free_induction(1.0, 1.0, amplitude=[1.0, INF]), "amplitude must be finite complex numbers"),
        (lambda: spectrum("a", 1.0), "signal must be finite complex numbers"),
        (lambda: to_laboratory_frame(np.ones((2, 3)), [1, 2, 3], 1.0), "M and time must broadcast"),
        (lambda: Bloch(T1=0.0), "T1 must be positive, got 0.0"),
        (lambda: Bloch(0.0), "gamma must not be zero"),
        (lambda: Bloch().play([1.0]), "sequence must consist of pulses"),
        (lambda: Bloch().play(Delay(1.0), weights=0.0), "weights must not all be 0"),
        (lambda: Bloch().integrate([0, 0, 1], lambda t: np.zeros((1, 3)), 1.0, 5), "B must return shape"),
        (lambda: Pulse(1.0, duration=-1.0), "duration must not be negative, got -1"),
        (lambda: ShapedPulse([[1.0]], 1.0), "B1 must be a list of finite"),
        (lambda: spin_echo(1e-3, duration=2e-3), "echo_time must leave room"),
        (lambda: free_induction(1.0, 1.0, shape="voigt"), "shape must be 'lorentzian'"),
        (lambda: spectrum([], 1.0), "signal must hold"),
        (lambda: nuclear_magnetization(1.0, 1.0, 1.0, spin=0.4), "spin must be one of"),
    ],
)
def test_errors_say_what_is_required(make, says):
    with pytest.raises(ValueError, match=says):
        make()


class _Killed(Exception):
    pass


def _interrupted_and_resumed(run, folder):
    """Return the run whole, and one whose process dies in the middle and that is then resumed."""

    def kill(done, count):
        if 2 * done > count:
            raise _Killed

    with pytest.raises(_Killed):
        run(folder=folder, chunk=3, progress=kill)
    return run(), run(folder=folder, chunk=3, resume=True)


def test_an_interrupted_sequence_resumes_to_the_same_bits(tmp_path):
    bloch, offset = Bloch(T1=1.0, T2=0.1), np.linspace(-40.0, 40.0, 70)
    places = np.linspace(-1e-3, 1e-3, 70)[:, None] * [0, 0, 1]
    pulse = gaussian_pulse(1.0, 1e-3, samples=7, gradient=[0, 0, 1e-2])
    sequence = [pulse, Acquire(5, 1e-3), Spoil(), Pulse(0.3), Delay(0.01), Acquire(9, 2e-3, [0, 0, 1e-3])]

    def run(**kept):
        return bloch.play(sequence, offset=offset, positions=places, path=path, **kept)

    for path in (False, True):
        whole, resumed = _interrupted_and_resumed(run, tmp_path / str(path))
        assert len(whole.time) == (5 + 9 if not path else 7 + 5 + 1 + 1 + 9 + 1)
        for name in ("time", "mean", "magnetization", *(["path"] if path else [])):
            np.testing.assert_array_equal(getattr(resumed, name), getattr(whole, name))
        assert np.isfinite(resumed.mean).all()
        assert resumed.certificate.steps == whole.certificate.steps == {"isochromat-steps": 70 * 23}
    with pytest.raises(ValueError, match="segments"):
        bloch.play(
            sequence[:-1], offset=offset, positions=places, path=True, folder=tmp_path / "True", chunk=3
        )


def test_an_interrupted_integration_resumes_to_the_same_bits(tmp_path):
    bloch, f = Bloch(T1=3e-3, T2=2e-3), GAMMA * 1e-3 / (2 * HALF)

    def run(B1=1e-5, **kept):
        field = driving_field(1e-3, B1, -f)
        return bloch.integrate([0.1, 0.2, 0.9], field, 1e-4, 103, every=5, offset=[0.0, 9.0], **kept)

    whole, resumed = _interrupted_and_resumed(run, tmp_path / "run")
    for name in ("time", "path", "magnetization"):
        np.testing.assert_array_equal(getattr(resumed, name), getattr(whole, name))
    assert whole.time[-1] == pytest.approx(1e-4, rel=1e-15)
    assert whole.certificate.steps == {"isochromat-steps": 2 * 103}
    with pytest.raises(ValueError, match="field"):
        run(2e-5, folder=tmp_path / "run", chunk=3)


def test_a_run_without_relaxation_certifies_the_length():
    turned = Bloch().play(gaussian_pulse(3.0, 1e-2), [0.3, 0.4, 0.5], offset=[3.0, 50.0])
    drift = turned.certificate.drift["|M|"]
    assert 0.0 < drift.relative < 1e-14
    assert not Bloch(T2=1.0).play(cpmg(0.02, 2)).certificate.drift
