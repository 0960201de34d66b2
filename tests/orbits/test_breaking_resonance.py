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


def changes(wave, v_par, times, count=6, v_perp=V_PERP):
    """Return Dmu/mu about B0, shape (phases, times), of gyrocentres that start at the origin."""
    result, u_perp = [], v_perp / np.sqrt(1 - (v_perp**2 + v_par**2) / C**2)
    for phase in 2 * np.pi * np.arange(count) / count:
        c, s = np.cos(phase), np.sin(phase)
        field, start = wave + UniformField([0, 0, B0]), [-s * u_perp / OMEGA, c * u_perp / OMEGA, 0]
        velocity = [v_perp * c, v_perp * s, v_par]
        orbit = orbits.trace(field, PROTON, start, velocity, times[-1], times=times, dense=False)
        u = orbit.proper_velocity
        result.append((u[:, 0] ** 2 + u[:, 1] ** 2) / u_perp**2 - 1)
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


def test_swing_of_fast_particles():
    # gamma is in the gyrofrequency, the Larmor radius and the inertia: on resonance at an angle, and off it along B.
    v_perp, omega, k = 0.7 * C, 0.3 * OMEGA, OMEGA / (0.8 * C)
    oblique = PlaneWave.at_angle(1e-6 * B0, k / np.cos(0.5), omega, 0.5, 0.3)
    parallel = CircularWave(1e-6 * B0, k, omega, "left")
    for wave, harmonic, detuned in ((oblique, 2, 1.0), (parallel, 1, 1.3)):
        v_par = detuned * resonant_velocity(omega, k, OMEGA, harmonic, v_perp)[0]
        gamma = 1 / np.sqrt(1 - (v_perp**2 + v_par**2) / C**2)
        times = np.array([4.0, 8.0]) * gamma * PERIOD
        found = swing_at(harmonic, changes(wave, v_par, times, 9, v_perp))
        predicted = mu_swing(PROTON, [0, 0, B0], wave, v_par, v_perp, times, harmonic)
        assert np.allclose(found, predicted, rtol=1e-3)


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


PITCH = np.radians(120.0)


class Beam:
    """Protons of one speed and pitch angle, and waves of a fifth of the speed that resonate with them."""

    def __init__(self, speed, size):
        self.along, self.across = speed * np.cos(PITCH), speed * np.sin(PITCH)
        self.gamma = 1 / np.sqrt(1 - (speed / C) ** 2)
        self.gyration, self.wave = OMEGA / self.gamma, 0.2 * speed
        middle = self.gyration / (self.wave - self.along)
        self.spacing = 1.4 * middle / 24
        self.k, self.b = middle + self.spacing * (np.arange(24) - 11.7), size * B0 / np.sqrt(24)
        self.turn = 1 - self.wave * self.along / speed**2

    def predicted(self):
        """Return the coefficients of the pitch angle and of mu."""
        P, speeds = self.b**2 / self.spacing, {"phase_velocity": self.wave, "group_velocity": self.wave}
        parts = self.along, self.across
        return pitch_angle_diffusion(PROTON, *parts, P, **speeds), mu_diffusion(
            PROTON, B0, *parts, P, **speeds
        )

    def found(self, heights, phases, turns, steps):
        """Return <(d alpha)^2>/2t and <(d mu)^2>/2t after `turns` gyrations from heights and gyrophases."""
        waves = random_phase_waves(self.k, self.b, 3, angular_frequencies=self.k * self.wave)
        position = np.stack([0 * heights, 0 * heights, heights], axis=1)
        v = np.stack(
            [self.across * np.cos(phases), self.across * np.sin(phases), self.along + 0 * phases], axis=1
        )
        period = 2 * np.pi / self.gyration
        field, dt = waves + UniformField([0, 0, B0]), period / steps
        end = orbits.trace_ensemble(field, PROTON, position, v, turns * period, dt=dt).velocity[:, -1]
        end = orbits.proper_velocity(end)
        perp = np.hypot(end[:, 0], end[:, 1])
        turned = np.arctan2(perp, end[:, 2]) - PITCH
        gained = 0.5 * PROTON.mass * (perp**2 - (self.gamma * self.across) ** 2) / B0
        return np.mean(turned**2) / (2 * turns * period), np.mean(gained**2) / (2 * turns * period)


def test_quasilinear_diffusion_of_an_ensemble():
    beam, count, rng = Beam(5e5, 1e-3), 640, np.random.default_rng(12)
    heights, phases = rng.uniform(0, 2 * np.pi / beam.spacing, count), rng.uniform(0, 2 * np.pi, count)
    found = beam.found(heights, phases, 7, 20)
    # Three standard deviations of the mean square of Gaussian numbers.
    assert found == pytest.approx(beam.predicted(), rel=3 * np.sqrt(2 / count))


@pytest.mark.parametrize("speed", [5e5, 0.8 * C])
def test_quasilinear_diffusion_without_noise(speed):
    # Phases a quarter turn apart and places evenly over the period of the waves average the first order exactly.
    beam = Beam(speed, 3e-4)
    heights = np.repeat(2 * np.pi / beam.spacing * np.arange(64) / 64, 2)
    alpha, mu = beam.found(heights, np.tile([0.0, 0.5 * np.pi], 64), 5, 40)
    duration = 5 * 2 * np.pi / beam.gyration
    mismatch = beam.k * (beam.wave - beam.along) - beam.gyration
    kick = PROTON.charge / (beam.gamma * PROTON.mass) * beam.b * beam.turn
    discrete = np.sum((kick * duration * np.sinc(mismatch * duration / (2 * np.pi))) ** 2) / (4 * duration)
    assert alpha == pytest.approx(discrete, rel=0.01)
    D, D_mu = beam.predicted()
    assert discrete == pytest.approx(D, rel=0.04)  # 24 waves for a spectrum
    assert mu / alpha == pytest.approx(D_mu / D, rel=2e-3)
