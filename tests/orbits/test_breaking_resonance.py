"""Cyclotron resonance: velocities, swings of mu on and off resonance, autoresonance, quasi-linear diffusion."""

import numpy as np
import pytest

from magneton import UniformField, constants, orbits
from magneton.orbits.breaking import (
    autoresonance,
    mu_diffusion,
    mu_swing,
    pitch_angle_diffusion,
    random_phase_waves,
    resonant_velocity,
)
from magneton.orbits.fields import CircularWave, PlaneWave

C = float(constants.c)
PROTON = orbits.proton
B0 = 1e-8
OMEGA = PROTON.charge * B0 / PROTON.mass
PERIOD = 2 * np.pi / OMEGA
V_PERP = 3e5
WAVE_OMEGA, WAVE_K = 0.3 * OMEGA, OMEGA / 4e5


def test_resonant_velocities_obey_the_condition_and_none_is_missed():
    rng = np.random.default_rng(1)
    n = 200
    omega, gyro = rng.uniform(-3, 3, (2, n))
    k, harmonic, perp = rng.uniform(-3, 3, n) / C, rng.integers(-2, 3, n), rng.uniform(0, 0.95, n) * C
    found = resonant_velocity(omega, k, gyro, harmonic, perp)
    rest = np.sqrt(1 - (perp / C) ** 2)
    beta = found.T / C
    residual = omega - k * C * beta - harmonic * gyro * np.sqrt(rest**2 - beta**2)
    assert np.nanmax(np.abs(residual)) < 1e-13
    grid = np.cos(np.linspace(0, np.pi, 20001))[1:-1, None] * rest
    curve = omega - k * C * grid - harmonic * gyro * np.sqrt(rest**2 - grid**2)
    crossings = np.sum(curve[1:] * curve[:-1] < 0, axis=0)
    assert np.array_equal(crossings, np.sum(np.isfinite(found), axis=1))
    assert set(crossings) == {0, 1, 2}


def test_resonant_velocity_of_slow_particles_and_in_vacuum():
    slow = resonant_velocity(0.2, 3e-5, [1.0, -1.0], [1, -1])
    assert np.allclose(slow[:, 0], -0.8 / 3e-5, rtol=1e-7)
    assert np.isnan(slow[:, 1]).all()
    # omega = k c: gamma (1 - beta) = Omega/omega.
    vacuum = resonant_velocity(2.0, 2.0 / C, 1.0)
    assert vacuum[0] == pytest.approx(C * 0.6, rel=1e-15)
    assert np.isnan(vacuum[1])
    assert np.isnan(resonant_velocity(2.0, 2.0 / C, -1.0)).all()
    with pytest.raises(ValueError, match="harmonic must be a whole number"):
        resonant_velocity(1.0, 1.0, 1.0, 0.5)


def changes(wave, v_par, times, count=6):
    """Return Dmu/mu about B0, shape (phases, times), of gyrocentres that start at the origin."""
    result = []
    for phase in 2 * np.pi * np.arange(count) / count:
        c, s = V_PERP * np.cos(phase), V_PERP * np.sin(phase)
        field, start = wave + UniformField([0, 0, B0]), [-s / OMEGA, c / OMEGA, 0]
        orbit = orbits.trace(field, PROTON, start, [c, s, v_par], times[-1], times=times, dense=False)
        u = orbit.proper_velocity
        gamma2 = 1 / (1 - (V_PERP**2 + v_par**2) / C**2)
        result.append((u[:, 0] ** 2 + u[:, 1] ** 2) / (gamma2 * V_PERP**2) - 1)
    return np.array(result)


def swing_at(harmonic, found):
    """Return the part of the changes that goes once round with `harmonic` times the gyrophase."""
    return 2 / len(found) * np.abs(np.fft.fft(found, axis=0)[harmonic])


def test_on_resonance_mu_changes_with_time_and_amplitude():
    v_par = resonant_velocity(WAVE_OMEGA, WAVE_K, OMEGA, 1, V_PERP)[0]
    times = np.array([2.0, 4.0, 8.0]) * PERIOD
    swings = []
    for size in (1e-5, 0.5e-5):
        wave = CircularWave(size * B0, WAVE_K, WAVE_OMEGA, "left")
        swings.append(swing_at(1, changes(wave, v_par, times)))
        predicted = mu_swing(PROTON, [0, 0, B0], wave, v_par, V_PERP, times)
        assert np.allclose(swings[-1], predicted, rtol=2e-4)
    assert np.allclose(swings[0] / swings[1], 2.0, rtol=1e-4)
    assert np.allclose(swings[0] / swings[0][0], [1, 2, 4], rtol=1e-4)


def test_off_resonance_the_swing_is_bounded():
    v_par = 1.25 * resonant_velocity(WAVE_OMEGA, WAVE_K, OMEGA, 1, V_PERP)[0]
    times = np.linspace(1, 200, 300) * PERIOD
    wave = CircularWave(1e-5 * B0, WAVE_K, WAVE_OMEGA, "left")
    found = changes(wave, v_par, times, 4)
    predicted = mu_swing(PROTON, [0, 0, B0], wave, v_par, V_PERP, times)
    assert np.abs(swing_at(1, found) - predicted).max() < 1e-3 * predicted.max()
    late = times > 100 * PERIOD
    assert np.abs(found[:, late]).max() < 1.01 * np.abs(found[:, ~late]).max()


def test_off_resonance_what_stays_is_of_second_order_and_does_not_grow():
    v_par = 1.25 * resonant_velocity(WAVE_OMEGA, WAVE_K, OMEGA, 1, V_PERP)[0]
    beat = 2 * np.pi / abs(WAVE_OMEGA - WAVE_K * v_par - OMEGA)
    # After the wave was switched on in 20 beats: means over 8 beats, soon and long after.
    window = np.hanning(163)[1:-1] / np.hanning(163).sum()
    times = np.concatenate([start + np.linspace(0, 8, 163)[1:-1] for start in (20, 92)]) * beat
    stays = []
    for size in (2e-3, 1e-3):
        wave = CircularWave(size * B0, WAVE_K, WAVE_OMEGA, "left", ramp=20 * beat)
        found = changes(wave, v_par, times, 1)[0]
        assert np.abs(found).max() > 5 * size
        stays.append(found.reshape(2, -1) @ window)
    soon, late = np.transpose(stays)
    assert late == pytest.approx(soon, rel=0.02)
    assert soon[0] / soon[1] == pytest.approx(4.0, rel=0.03)


@pytest.mark.parametrize("harmonic", [3, 2, -1])
def test_wave_at_an_angle_resonates_at_every_harmonic(harmonic):
    wave = PlaneWave.at_angle(1e-6 * B0, WAVE_K / np.cos(0.5), WAVE_OMEGA, 0.5, 0.3)
    v_par = resonant_velocity(WAVE_OMEGA, WAVE_K, OMEGA, harmonic, V_PERP)[0]
    times = np.array([10.0, 20.0]) * PERIOD
    found = changes(wave, v_par, times, 9)
    predicted = mu_swing(PROTON, [0, 0, B0], wave, v_par, V_PERP, times, harmonic)
    assert np.allclose(swing_at(harmonic, found), predicted, rtol=1e-3)
    assert found[:, 1].std() == pytest.approx(2 * found[:, 0].std(), rel=1e-3)


def test_autoresonance_by_its_numbers():
    motion = autoresonance(0.1, 30.0)
    assert motion.u_perp == pytest.approx(3.0, rel=1e-15)
    assert motion.gamma == pytest.approx(5.5, rel=1e-15)
    phases = np.linspace(0, 40, 4001)
    for invariant, detuning in ((1.0, 0.0), (0.6, 0.07), (1.0, 1e-3)):
        path = autoresonance(0.3, phases, invariant, detuning)
        assert np.allclose(path.gamma**2 - path.u_par**2 - path.u_perp**2, 1, rtol=0, atol=1e-11)
        by_parts = (
            np.concatenate([[0], np.cumsum(0.5 * (path.gamma[1:] + path.gamma[:-1]))]) * 0.01 / invariant
        )
        assert np.allclose(path.time, by_parts, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("species", "invariant", "detuning"), [("electron", 1.0, 0.0), ("proton", 2.0, 0.05)]
)
def test_autoresonant_orbit(species, invariant, detuning):
    particle, a0 = getattr(orbits, species), 0.1
    omega = abs(particle.charge) / particle.mass / (invariant * (1 + detuning))  # in 1 T
    amplitude = a0 * particle.mass * omega / abs(particle.charge)
    wave = CircularWave(amplitude, omega / C, omega, "right" if species == "electron" else "left")
    expected = autoresonance(a0, 30.0, invariant, detuning)
    u_par = (1 - invariant**2) / (2 * invariant)
    v_par = C * u_par / np.sqrt(1 + u_par**2)
    field, duration = wave + UniformField([0, 0, 1.0]), float(expected.time / omega)
    orbit = orbits.trace(field, particle, [0, 0, 0], [0, 0, v_par], duration, rtol=1e-13)
    u = orbit.proper_velocity[-1] / C
    assert np.hypot(u[0], u[1]) == pytest.approx(expected.u_perp, rel=1e-8)
    assert orbit.gamma[-1] == pytest.approx(expected.gamma, rel=1e-8)
    assert orbit.position[-1, 2] * omega / C == pytest.approx(expected.distance, rel=1e-8)


PITCH, SPEED, PHASE_VELOCITY = np.radians(120.0), 5e5, 1e5
PARTS = SPEED * np.cos(PITCH), SPEED * np.sin(PITCH)


def spectrum(size=1e-3):
    """Return wave numbers about the resonance at `PARTS`, their spacing and one amplitude."""
    middle = OMEGA / (PHASE_VELOCITY - PARTS[0])
    spacing = 1.4 * middle / 24
    return middle + spacing * (np.arange(24) - 11.7), spacing, size * B0 / np.sqrt(24)


def pushed(heights, phases, duration, size=1e-3, steps=20):
    """Return final velocities of protons from gyrophases and heights."""
    k, _, b = spectrum(size)
    waves = random_phase_waves(k, b, 3, angular_frequencies=k * PHASE_VELOCITY)
    position = np.stack([0 * heights, 0 * heights, heights], axis=1)
    v = np.stack([PARTS[1] * np.cos(phases), PARTS[1] * np.sin(phases), PARTS[0] + 0 * phases], axis=1)
    field = waves + UniformField([0, 0, B0])
    return orbits.trace_ensemble(field, PROTON, position, v, duration, dt=PERIOD / steps).velocity[:, -1]


def coefficients(v, duration):
    """Return <(d alpha)^2>/2t and <(d mu)^2>/2t."""
    perp = np.hypot(v[:, 0], v[:, 1])
    turned = np.arctan2(perp, v[:, 2]) - PITCH
    gained = 0.5 * PROTON.mass * (perp**2 - PARTS[1] ** 2) / B0
    return np.mean(turned**2) / (2 * duration), np.mean(gained**2) / (2 * duration)


def test_quasilinear_diffusion_of_an_ensemble():
    _, spacing, b = spectrum()
    speeds = {"phase_velocity": PHASE_VELOCITY, "group_velocity": PHASE_VELOCITY}
    D = pitch_angle_diffusion(PROTON, *PARTS, b * b / spacing, **speeds)
    D_mu = mu_diffusion(PROTON, B0, *PARTS, b * b / spacing, **speeds)
    count, duration = 640, 7 * PERIOD
    rng = np.random.default_rng(12)
    v = pushed(rng.uniform(0, 2 * np.pi / spacing, count), rng.uniform(0, 2 * np.pi, count), duration)
    alpha, mu = coefficients(v, duration)
    three_sigma = 3 * np.sqrt(2 / count)  # of the mean square of Gaussian numbers
    assert abs(alpha / D - 1) < three_sigma
    assert abs(mu / D_mu - 1) < three_sigma


def test_quasilinear_diffusion_without_noise():
    # Phases a quarter turn apart and places evenly over the period of the waves average the first order exactly.
    k, spacing, b = spectrum(3e-4)
    heights = np.repeat(2 * np.pi / spacing * np.arange(64) / 64, 2)
    phases = np.tile([0.0, 0.5 * np.pi], 64)
    duration = 5 * PERIOD
    alpha, mu = coefficients(pushed(heights, phases, duration, 3e-4, 40), duration)
    mismatch = k * (PHASE_VELOCITY - PARTS[0]) - OMEGA
    kick = PROTON.charge / PROTON.mass * b * (1 - PHASE_VELOCITY * PARTS[0] / SPEED**2)
    discrete = np.sum(0.5 * (kick * duration * np.sinc(mismatch * duration / (2 * np.pi))) ** 2) / (
        2 * duration
    )
    assert alpha == pytest.approx(discrete, rel=0.01)
    speeds = {"phase_velocity": PHASE_VELOCITY, "group_velocity": PHASE_VELOCITY}
    assert discrete == pytest.approx(
        pitch_angle_diffusion(PROTON, *PARTS, b * b / spacing, **speeds), rel=0.06
    )
    ratio = mu_diffusion(PROTON, B0, *PARTS, 1.0, **speeds) / pitch_angle_diffusion(
        PROTON, *PARTS, 1.0, **speeds
    )
    assert mu / alpha == pytest.approx(ratio, rel=0.02)
