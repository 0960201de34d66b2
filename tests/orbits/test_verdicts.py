"""The verdict on mu names the right cause, on orbits of every kind."""

import numpy as np
import pytest

from magneton import Dipole, UniformField, constants, orbits
from magneton.orbits.fields import (
    CircularWave,
    HarrisSheet,
    LinearGradient,
    ParaxialBottle,
    PlaneWave,
    SheetStep,
    VaryingUniformField,
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
