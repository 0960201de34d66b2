"""The fixed steps are of second order, in place, velocity and phase: in fields of all kinds, changing ones too."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from magneton import Dipole, UniformField, constants, orbits
from magneton.orbits.fields import UniformE, VaryingUniformField
from reference._load import load

C = float(constants.c)
METHODS = ("boris", "vay", "higuera-cary")


def tabulated():
    """Return a bounce of a proton of 10 MeV in a dipole, and where it ends."""
    table = load("orbit")
    i = list(table["kinds"]).index("dipole")
    field = Dipole(table["moment_a"][i], position=table["place_a"][i])
    start = table["position"][i], table["velocity"][i], float(table["time"][i])
    return field, start, (table["end_position"][i], table["end_proper_velocity"][i])


def crossed():
    """Return a proton across E and B, E/B = c/2, and where it ends: a helix in the frame of the drift."""
    E, B, v, duration = 1.5e5, 1e-3, np.array([1e8, -0.5e8, 1e8]), 6e-4
    drift = E / B
    g, scale = 1 / np.sqrt(1 - (drift / C) ** 2), 1 / (1 - drift * v[0] / C**2)
    u = scale * np.array([v[0] - drift, v[1] / g, v[2] / g])
    gamma = 1 / np.sqrt(1 - u @ u / C**2)
    omega = orbits.proton.charge * B / g / (gamma * orbits.proton.mass)

    def x(s):
        return (u[0] * np.sin(omega * s) + u[1] * (1 - np.cos(omega * s))) / omega

    s = brentq(lambda s: g * (s + drift * x(s) / C**2) - duration, 0.0, duration, xtol=1e-20, rtol=1e-15)
    sine, cosine = np.sin(omega * s), np.cos(omega * s)
    place = [g * (x(s) + drift * s), (u[1] * sine - u[0] * (1 - cosine)) / omega, u[2] * s]
    w = gamma * np.array([u[0] * cosine + u[1] * sine, u[1] * cosine - u[0] * sine, u[2]])
    proper = np.array([g * (w[0] + gamma * drift), w[1], w[2]])
    field = UniformField([0, 0, B]) + UniformE([0, E, 0])
    return field, (np.zeros(3), v, duration), (np.array(place), proper)


def changing():
    """Return a proton in a B that swings by a third, with the E this induces, and where another integrator ends it."""
    B0, depth, rate, phase, duration = 1e-3, 0.3, 4e4, 0.4, 4e-4
    x, v, ratio = (
        np.array([1e3, 200.0, 0.0]),
        np.array([0.8e8, -0.5e8, 1e8]),
        orbits.proton.charge / orbits.proton.mass,
    )

    def rates(t, state):
        B = B0 * (1 + depth * np.sin(rate * t + phase))
        dB = B0 * depth * rate * np.cos(rate * t + phase)
        (x, y, _), u = state[:3], state[3:]
        vx, vy, vz = u / np.sqrt(1 + u @ u / C**2)
        return [vx, vy, vz, ratio * (0.5 * dB * y + vy * B), ratio * (-0.5 * dB * x - vx * B), 0.0]

    start = np.concatenate([x, v / np.sqrt(1 - v @ v / C**2)])
    end = solve_ivp(rates, [0.0, duration], start, method="DOP853", rtol=1e-12, atol=1e-9).y[:, -1]
    field = VaryingUniformField.sinusoidal(B0, depth, rate, phase)
    return field, (x, v, duration), (end[:3], end[3:])


@pytest.mark.parametrize("case", [tabulated, crossed, changing])
@pytest.mark.parametrize("method", METHODS)
def test_place_velocity_and_phase_are_of_second_order(case, method):
    field, (x, v, duration), (place, proper) = case()
    errors = []
    for steps in (4_000, 8_000, 16_000):
        end = orbits.trace(
            field, "proton", x, v, duration, method=method, dt=duration / steps, times=[duration]
        )
        away = end.position[-1] - place
        turned = np.linalg.norm(end.proper_velocity[-1] - proper)
        errors.append([np.linalg.norm(away), turned, abs(away @ proper)])
    order = np.log2(np.array(errors[:-1]) / errors[1:])
    assert np.abs(order - 2).max() < 0.01, order
    assert errors[-1][1] < 1e-4 * np.linalg.norm(proper)
