"""The verdict on mu names the right cause, on orbits of every kind."""

import numpy as np
import pytest

from magneton import Dipole, UniformField, constants, orbits
from magneton.orbits._wave_detuning import resonances
from magneton.orbits.fields import (
    CircularWave,
    HarrisSheet,
    LinearGradient,
    ParaxialBottle,
    PlaneWave,
    SheetStep,
    UniformE,
    VaryingUniformField,
    as_field,
)

C = float(constants.c)
EARTH = Dipole([0, 0, -8e22], [0, 0, 0])
B0 = 1e-3
P, E = orbits.proton, orbits.electron
OMEGA = P.charge * B0 / P.mass
TURN = 2 * np.pi / OMEGA
V = 1e5
RHO = V / OMEGA
UNIFORM = UniformField([0, 0, B0])


def from_start(field, species, x, v, duration, start=0.0):
    return orbits.trace(field, species, x, v, duration, start=start, rtol=1e-10)


def in_transition(rate, ratio=2.0):
    field = VaryingUniformField.transition(B0, ratio * B0, rate * OMEGA / 2)
    reach = 12 / rate * 2 / OMEGA + TURN
    return from_start(field, P, [0, RHO, 0], [V, 0, 0.3 * V], 2 * reach, start=-reach)


def through_sheet(thickness, guide=0.0, speed=V):
    field = SheetStep([0.6 * B0, 0, B0], [-0.6 * B0, guide, B0], thickness * RHO)
    return from_start(field, P, [0, 0, -60 * RHO], [0.8 * speed, 0, speed], 120 * RHO / speed)


def with_wave(detuning, amplitude=0.01, angle=0.0, harmonic=1, turns=4):
    """A proton that runs against a slow left-hand wave, and sees it at (1 + detuning) times a harmonic."""
    v_par, omega = -V, 0.05 * OMEGA
    k = (harmonic * (1 + detuning) * OMEGA - omega) / V / np.cos(angle)
    if angle == 0.0:
        wave = CircularWave(amplitude * B0, k, omega, hand="left")
    else:
        wave = PlaneWave.at_angle(amplitude * B0, k, omega, angle, ellipticity=-1.0)
    return from_start([UNIFORM, wave], P, [0, 0, 0], [0, V, v_par], turns * TURN)


def electron_with_wave(detuning):
    omega_e = abs(E.charge) * B0 / E.mass
    v, omega = 1e6, 0.3 * omega_e
    k = ((1 + detuning) * omega_e - omega) / v
    wave = CircularWave(0.01 * B0, k, omega, hand="right")
    return from_start([UNIFORM, wave], E, [0, 0, 0], [0, v, -v], 30 * 2 * np.pi / omega_e)


def scattered(depth, seed, field=UNIFORM):
    duration = 20 * TURN
    rate = depth / duration
    return orbits.trace_scattered(
        field, P, [0, 0, 0], [V, 0, V], duration, rate, seed=seed, interval=TURN / 3
    )


def in_dipole(energy, distance, turns):
    x = [distance, 0, 0]
    x, v = orbits.initial_state(
        EARTH, P, position=x, kinetic_energy=energy * constants.e, pitch_angle=0.7, gyrophase=0.4
    )
    period = 2 * np.pi * P.mass / (P.charge * np.linalg.norm(EARTH.B(x)))
    return from_start(EARTH, P, x, v, turns * period)


CASES = {
    "fast transition": ("time", lambda: in_transition(5.0)),
    "slower transition": ("time", lambda: in_transition(1.5)),
    "exponential growth": (
        "time",
        lambda: from_start(
            VaryingUniformField.exponential(B0, OMEGA / 3), P, [0, 0, 0], [V, 0, 0], 1.5 * TURN
        ),
    ),
    "pumped at twice the frequency": (
        "time",
        lambda: from_start(
            VaryingUniformField.sinusoidal(B0, 0.2, OMEGA), P, [2 * RHO, 0, 0], [V, 0, 0], 15 * TURN
        ),
    ),
    "thin sheet": ("gradient", lambda: through_sheet(0.2)),
    "sheet of a Larmor radius": ("gradient", lambda: through_sheet(0.6, guide=0.3 * B0)),
    "field reversal": (
        "gradient",
        lambda: from_start(
            HarrisSheet(B0, RHO, normal=0.2 * B0), P, [0, 0, 15 * RHO], [-V, 0.6 * V, 0], 180 * RHO / V
        ),
    ),
    "fast proton in the dipole": ("gradient", lambda: in_dipole(5e7, 2.5e7, 15)),
    "cyclotron resonance": ("resonance", lambda: with_wave(0.0)),
    "near resonance": ("resonance", lambda: with_wave(0.01, amplitude=0.03)),
    "second harmonic at an angle": (
        "resonance",
        lambda: with_wave(0.0, amplitude=0.03, angle=0.6, harmonic=2, turns=60),
    ),
    "electron and whistler": ("resonance", lambda: electron_with_wave(0.0)),
    "few collisions": ("collisions", lambda: scattered(0.02, 1)),
    "more collisions": ("collisions", lambda: scattered(0.1, 2)),
    "many collisions": ("collisions", lambda: scattered(1.0, 3)),
    "collisions in a slow gradient": (
        "collisions",
        lambda: scattered(0.2, 4, LinearGradient(B0, 1e-4 * B0 / RHO)),
    ),
    "bouncing proton": ("none", lambda: in_dipole(1e5, 2e7, 150)),
    "slow transition": ("none", lambda: in_transition(0.15)),
    "wave off resonance": ("none", lambda: with_wave(0.6, amplitude=0.001, turns=30)),
    "wide bottle": (
        "none",
        lambda: from_start(ParaxialBottle(B0, 500 * RHO), P, [0, 0, 0], [V, 0, V], 100 * TURN),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_cause(case):
    cause, make = CASES[case]
    found = orbits.verdict(make())
    assert found.cause == cause, str(found)
    assert found.conserved == (cause == "none")


@pytest.mark.parametrize(("species", "hand"), [(P, "left"), (P, "right"), (E, "left"), (E, "right")])
@pytest.mark.parametrize("along", [-1.0, 1.0])
def test_a_wave_resonates_with_the_particles_that_turn_as_it_does(species, hand, along):
    """Ions turn as left-hand waves, electrons as right-hand ones, at omega - k v_par = Omega."""
    gyration = abs(species.charge) * B0 / species.mass
    wave = CircularWave(0.01 * B0, -0.7 * along * gyration / V, 0.3 * gyration, hand=hand)
    state = np.zeros((1, 3)), np.array([[V, 0.0, along * V]]), np.zeros(1)
    ratio = resonances(wave.waves, as_field(UNIFORM), species, *state)
    assert (ratio[0] >= 1.0) == ((species, hand) in [(P, "left"), (E, "right")])


def test_no_condition_is_named_that_did_not_fail():
    """A wave that comes no nearer than 0.4 Omega to resonance swings mu all the same."""
    wave = CircularWave(0.02 * B0, -0.3 * OMEGA / V, 0.3 * OMEGA, hand="left")
    found = orbits.verdict(from_start([UNIFORM, wave], P, [0, 0, 0], [0, V, V], 4.3 * TURN))
    assert abs(found.jump) > 0.01
    assert found.figure < 1.0
    assert found.cause == "unknown"
    assert not found.conserved
    assert "none of the conditions that are looked at failed; the nearest was that" in str(found)


def off_axis(species, v_par, phase, reverse=False):
    """An orbit through a transition, whose gyrocentre is three Larmor radii from the axis."""
    v = 1e-4 * C
    omega = abs(species.charge) * B0 / species.mass * np.sqrt(1.0 - (v / C) ** 2 - (v_par / C) ** 2)
    rate, rho = 1.5 * omega, v / omega
    turn = -np.sign(species.charge) * v
    x = rho * np.array([3.0 + np.cos(phase), np.sin(phase), 0.0])
    velocity = [-turn * np.sin(phase), turn * np.cos(phase), v_par]
    ends = (B0, 2.0 * B0)[:: -1 if reverse else 1]
    field = VaryingUniformField.transition(*ends, rate)
    reach = (-15.0 if reverse else 15.0) / rate
    return from_start(field, species, x, velocity, 2.0 * reach, start=-reach)


@pytest.mark.parametrize(
    ("species", "v_par", "reverse"), [(P, 0.0, False), (E, 0.9 * C, False), (P, 0.0, True)]
)
def test_the_expected_jump_of_a_transition_is_that_over_the_phases(species, v_par, reverse):
    """With a speed along B of 0.9 c too, at which gamma is 2.3 and constant."""
    phases = 2.0 * np.pi * np.arange(5) / 5
    found = [orbits.verdict(off_axis(species, v_par, phase, reverse)) for phase in phases]
    jumps = np.array([each.jump for each in found])
    assert np.mean(jumps) > 0.01
    assert found[0].expected.jump == pytest.approx(np.mean(jumps), rel=1e-3)
    assert found[0].expected.spread == pytest.approx(np.std(jumps), rel=1e-3)


def test_no_jump_is_expected_of_a_transition_that_is_not_over():
    reach = 12 / (1.5 * OMEGA / 2) + TURN
    field = VaryingUniformField.transition(B0, 2 * B0, 1.5 * OMEGA / 2)
    found = orbits.verdict(from_start(field, P, [0, RHO, 0], [V, 0, 0], reach, start=-reach))
    assert np.isnan(found.expected.jump)


def test_collisions_fail_where_they_spread_mu_by_the_tolerance():
    rate = 0.02 / (20 * TURN)
    found = orbits.verdict(scattered(0.02, 1))
    _, spread = orbits.collisions.mu_relaxation(found.time, rate, np.pi / 4)
    assert found.figure == pytest.approx(spread / 0.5 / 0.01, rel=0.01)


def test_a_particle_along_B_has_no_mu_to_compare_with():
    sheet = SheetStep([0.6 * B0, 0, B0], [-0.6 * B0, 0, B0], 0.2 * RHO)
    start = P, [0, 0, -20 * RHO], np.array([0.6, 0.0, 1.0]) * V
    orbit = orbits.trace(sheet, *start, 40 * RHO / V, max_step=TURN / 10)
    found = orbits.verdict(orbit)
    # Its velocity stays, B turns by 2 atan(0.6).
    assert found.jump == pytest.approx(np.sin(2 * np.arctan(0.6)) ** 2, rel=0.2)
    assert "mu was zero to rounding and became 0." in str(found)
    for v in ([0.0, 0.0, V], [0.0, 0.0, 0.0]):
        still = orbits.verdict(orbits.trace(UNIFORM, P, [0, 0, 0], v, 5 * TURN, max_step=TURN / 10))
        assert still.conserved
        assert still.jump == 0.0


def standing(field, turns, count):
    """An orbit made by hand: a proton that stays where it is."""
    time = np.linspace(0.0, turns * TURN, count)
    return orbits.Orbit(as_field(field), P, time, np.zeros((count, 3)), np.tile([V, 0.0, V], (count, 1)))


@pytest.mark.parametrize(
    ("orbit", "message"),
    [
        (lambda: standing(UNIFORM, 1.9, 100), "orbit must last two gyrations at least, got 1.9"),
        (lambda: standing(UniformE([1.0, 0, 0]), 3.0, 100), "must last two gyrations at least, got 0"),
        (lambda: standing([UNIFORM, UniformE([1.1 * C * B0, 0, 0])], 3.0, 100), "begin where mu is defined"),
        (lambda: standing(UNIFORM, 3.0, 9), "at least 4 times a gyration"),
        (lambda: standing(UNIFORM, 3.0, 2), "at least 3 samples"),
    ],
)
def test_where_nothing_is_known_nothing_is_said(orbit, message):
    with pytest.raises(ValueError, match=message):
        orbits.verdict(orbit())


def test_a_small_wave_changes_mu_as_theory_expects_over_the_phases():
    def jump(phase):
        omega = 0.05 * OMEGA
        wave = CircularWave(2e-4 * B0, (OMEGA - omega) / V, omega, hand="left", phase=phase)
        return orbits.verdict(from_start([UNIFORM, wave], P, [0, 0, 0], [0, V, -V], 8 * TURN))

    found = [jump(phase) for phase in 2 * np.pi * np.arange(6) / 6]
    spread = np.std([verdict.jump for verdict in found])
    # Averages over a gyration at both ends: the wave has seven of eight gyrations between them.
    np.testing.assert_allclose(spread, 7 / 8 * found[0].expected.spread, rtol=0.03)
    trapped = with_wave(0.0, amplitude=0.01)
    assert "traps" in orbits.verdict(trapped).expected.theory


@pytest.mark.parametrize(("turn", "thickness"), [(0.05, 0.6), (0.3, 0.02)])
def test_a_sheet_changes_mu_as_theory_expects_over_the_gyrophases(turn, thickness):
    field = SheetStep([turn * B0, 0, B0], [-turn * B0, 0, B0], thickness * RHO)
    jumps, expected = [], None
    for phase in 2 * np.pi * np.arange(8) / 8:
        _, v = orbits.initial_state(
            field, P, position=[0, 0, -40 * RHO], speed=1.5 * V, pitch_angle=0.6, gyrophase=phase
        )
        found = orbits.verdict(from_start(field, P, [0, 0, -40 * RHO], v, 80 * RHO / V))
        jumps.append(found.jump)
        expected = found.expected
    # Evenly spread phases at the start are nearly so at the sheet; a sharp one weighs them by v_z.
    np.testing.assert_allclose(np.std(jumps), expected.spread, rtol=0.1)
    np.testing.assert_allclose(np.mean(jumps), expected.jump, atol=0.2 * expected.spread)
