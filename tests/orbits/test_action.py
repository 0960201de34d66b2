"""The action of the gyration, from m v + q A along orbits."""

import numpy as np
import pytest

from magneton.orbits import Species
from magneton.orbits._gyrocentre import mu_gyrocentre
from magneton.orbits.action import gyration_action
from magneton.orbits.gyration import gyroperiod, mu
from support.numpy_fields import NumpyField, march

C = 299792458.0


def helix(particle, B, speed, pitch, t):
    """The exact orbit about B along z, through the origin."""
    v_perp, v_par = speed * np.sin(pitch), speed * np.cos(pitch)
    omega = 2 * np.pi / gyroperiod(particle, B, [speed, 0, 0]) * np.sign(particle.charge)
    s, c = np.sin(omega * t), np.cos(omega * t)
    x = np.stack([v_perp / omega * s, v_perp / omega * (c - 1), v_par * t], axis=-1)
    return x, np.stack([v_perp * c, -v_perp * s, np.full_like(t, v_par)], axis=-1)


@pytest.mark.parametrize("charge", [2.0, -2.0])
def test_in_a_uniform_field_the_kinetic_part_is_twice_the_action(charge):
    """Closed integral of p.dq = 2 pi m mu/|q|, the kinetic part 4 pi m mu/|q|; relativistic, in a lopsided gauge."""
    particle, B = Species(charge, 3.0), 0.7
    field = NumpyField(
        lambda x, y, z, t: (0 * x, 0 * x, B + 0 * x),
        A=lambda x, y, z, t: (-0.2 * B * y + 5.0, 0.8 * B * x, 3.0 * z),
    )
    t = np.arange(3 * 400 + 2) / 400 * gyroperiod(particle, B, [0.6 * C, 0, 0])
    x, v = helix(particle, B, 0.6 * C, 0.4, t)
    result = gyration_action(field, particle, t, x, v)
    unit = 2 * np.pi * particle.mass / abs(charge) * mu(particle, v[0], [0, 0, B])
    assert len(result.action) == 3
    assert result.action == pytest.approx(unit, rel=1e-10)
    assert result.kinetic == pytest.approx(2 * unit, rel=1e-10)
    assert result.magnetic == pytest.approx(-unit, rel=1e-10)
    assert result.period == pytest.approx(gyroperiod(particle, B, v[0]), rel=1e-11)


@pytest.mark.parametrize(("n", "error"), [(12, 1e-6), (24, 5e-8), (96, 2e-10)])
def test_few_samples_do(n, error):
    particle, B = Species(1.0, 1.0), 1.0
    field = NumpyField(
        lambda x, y, z, t: (0 * x, 0 * x, B + 0 * x), A=lambda x, y, z, t: (-B * y, 0 * x, 0 * x)
    )
    t = (np.arange(n + 3) + 0.4) / n * 2 * np.pi
    x, v = helix(particle, B, 1.0, 1.2, t)
    assert gyration_action(field, particle, t, x, v).mu[0] == pytest.approx(
        mu(particle, v[0], [0, 0, B]), rel=error
    )


def twisted(x, y, z, t):
    return -0.7 * y - 0.5 * x * z, 0.7 * x - 0.5 * y * z, 1 + 0.5 * z**2


def twisted_A(x, y, z, t):
    return -0.5 * y * (1 + 0.5 * z**2), 0.5 * x * (1 + 0.5 * z**2), -0.35 * (x * x + y * y)


@pytest.mark.parametrize("speed", [1.0, 0.9 * C])
def test_it_is_the_corrected_mu_to_second_order(speed):
    """With no formula in common: this one knows A, that one the gradients of B. A twisted mirror, both charges.

    Also at gamma = 1.8: there the part of p that changes evenly, taken away, is of first order itself.
    """
    field, errors = NumpyField(twisted, A=twisted_A), []
    velocity = speed * np.array([0.6, 0.0, 0.7])
    gamma = 1 / np.sqrt(1 - velocity @ velocity / C**2)
    for eps in (0.02, 0.01, -0.01):
        ratio = gamma * speed / eps
        dt = 2 * np.pi * abs(eps) / speed / 200
        t, x, v = march(field, ratio, [0.8, -0.3, 0.6], velocity, dt, 500, 4)
        particle = Species(ratio, 1.0)
        result = gyration_action(field, particle, t, x, v)
        assert len(result.mu) >= 2
        centre = np.interp(result.time, t, mu_gyrocentre(field, particle, x, v, t))
        errors.append(abs(result.mu / centre - 1).max())
        assert errors[-1] < 1e-3
    assert np.log2(errors[0] / errors[1]) == pytest.approx(2.0, abs=0.3)


@pytest.mark.parametrize(
    ("thin", "length", "message"),
    [
        (80, 400, "time must rise and hold at least 8 samples"),
        (80, 1200, "time must hold at least 8 samples a gyration"),
        (10, 390, "time must span a whole gyration, got 0.975 of one"),
    ],
)
def test_errors(thin, length, message):
    particle = Species(1.0, 1.0)
    field = NumpyField(lambda x, y, z, t: (0 * x, 0 * x, 1 + 0 * x), A=lambda x, y, z, t: (-y, 0 * x, 0 * x))
    t = np.arange(0, length + 1, thin) / 400 * 2 * np.pi
    with pytest.raises(ValueError, match=message):
        gyration_action(field, particle, t, *helix(particle, 1.0, 1.0, 1.0, t))
