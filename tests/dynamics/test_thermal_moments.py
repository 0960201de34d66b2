"""Thermal moments that differ: each has the thermal field of its own magnitude, gamma and damping."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import constants
from magneton.dynamics.integrators import random_key
from magneton.dynamics.spin_system import SpinSystem
from magneton.dynamics.terms.local import Zeeman
from magneton.kernels import moment_layout as layout
from magneton.kernels.moment_noise import draw

MU, K_B = float(constants.mu_B), float(constants.k_B)
N, T, SEED, DT = 70, 2.0, 9, 1e-14  # more than a block
RNG = np.random.default_rng(8)
MAGNITUDE = MU * RNG.uniform(0.5, 5.0, N)
GAMMA = 1.76e11 * RNG.uniform(0.3, 2.0, N) * np.where(np.arange(N) % 2, 1.0, -1.0)
ALPHA = RNG.uniform(0.05, 1.5, N)
U = Rotation.random(N, RNG).apply([0.0, 0.0, 1.0])


def normal_numbers(number):
    """Return the normal numbers of all moments, shape (N, 3), that belong to a number: a step's, or half a step's."""
    result, s = np.empty((N, 3)), np.zeros(layout.SIZE)
    for first in range(0, N, layout.LANES):
        s[layout.SIGMA : layout.SIGMA + layout.LANES] = 1.0
        draw(first, number, random_key(SEED), s)
        rows = s[layout.NOISE : layout.NOISE + 3 * layout.LANES].reshape(3, -1).T
        result[first : first + layout.LANES] = rows[: N - first]
    return result


def end_of_step(method, terms=(), step=0, **kwargs):
    system = SpinSystem(MAGNITUDE[:, None] * U, terms=list(terms), gamma=GAMMA, alpha=ALPHA)
    run = system.run((step + 1) * DT, dt=DT, method=method, times=[step * DT, (step + 1) * DT], **kwargs)
    return run.moments / MAGNITUDE[:, None]


@pytest.mark.parametrize("method", ["depondt-mertens", "midpoint"])
def test_the_thermal_field_has_the_variance_of_each_moment(method):
    """A step is that of the applied field sqrt(2 alpha k_B T/(|gamma| |m| dt)) times normal numbers."""
    deviation = np.sqrt(2.0 * ALPHA * K_B * T / (np.abs(GAMMA) * MAGNITUDE * DT))
    wanted = end_of_step(method, [Zeeman(deviation[:, None] * normal_numbers(0))])
    found = end_of_step(method, temperature=T, seed=SEED)
    assert np.abs(wanted[1] - wanted[0]).max() > 0.05
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-14)


def test_random_rotations_have_the_variance_of_each_moment():
    """Two a step, each by an angle vector of the variance 2 D - D^2/3, D = D_r dt/2; the second step has others."""
    D = 0.5 * DT * ALPHA / (1.0 + ALPHA**2) * np.abs(GAMMA) * K_B * T / MAGNITUDE
    before, after = end_of_step("strang", step=1, temperature=T, seed=SEED)
    angles = np.sqrt(2.0 * D - D**2 / 3.0)[:, None]
    for number in (2, 3):
        before = Rotation.from_rotvec(-angles * normal_numbers(number)).apply(before)
    assert np.abs(after - U).max() > 0.05
    np.testing.assert_allclose(after, before, rtol=0, atol=1e-14)
