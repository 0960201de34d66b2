"""Long chains of moments, whose energies are values of zeta functions."""

import mpmath
import numpy as np
import pytest

from magneton import MomentSystem
from magneton.constants import mu_0

K = float(mu_0) / (4 * np.pi)
COUNT, SPACING, MOMENT = 4001, 0.01, 3.0
#: Energy of a moment in units of mu_0 m^2/(4 pi a^3).
UNIT = K * MOMENT**2 / SPACING**3


def chain(directions):
    positions = np.arange(COUNT)[:, None] * np.array([SPACING, 0, 0])
    return MomentSystem(MOMENT * directions, positions)


def head_to_tail():
    return chain(np.tile([1.0, 0, 0], (COUNT, 1)))


def antiferromagnet():
    return chain((-1.0) ** np.arange(COUNT)[:, None] * np.array([0, 1.0, 0]))


def alternating(order, first):
    """Return the sum of (-1)^n/n^order from n = first on."""
    return mpmath.nsum(lambda n: (-1) ** int(n) / n**order, [first, mpmath.inf])


# Of N moments a distance n apart there are N - n pairs, so that the energy of one is sum (1 - n/N) u(n): to the endless
# chain's sum u(n) lack the terms from N on, and sum n u(n)/N.
@pytest.mark.parametrize(
    ("system", "endless", "missing"),
    [
        (
            head_to_tail,
            -2 * mpmath.zeta(3),
            lambda: -2 * (mpmath.zeta(3, COUNT) + (mpmath.zeta(2) - mpmath.zeta(2, COUNT)) / COUNT),
        ),
        (
            antiferromagnet,
            -0.75 * mpmath.zeta(3),
            lambda: alternating(3, COUNT) + (alternating(2, 1) - alternating(2, COUNT)) / COUNT,
        ),
    ],
)
def test_energy_of_a_moment_in_an_endless_chain(system, endless, missing):
    energy = system().energy() / (COUNT * UNIT)
    assert energy + float(missing()) == pytest.approx(float(endless), rel=2e-14)
    assert abs(energy - float(endless)) > 1e-5  # what was missing counts


@pytest.mark.parametrize(
    ("system", "endless"), [(head_to_tail, -2.4041138063), (antiferromagnet, -0.9015426774)]
)
def test_the_moment_in_the_middle_of_a_long_chain(system, endless):
    chain = system()
    middle = COUNT // 2
    energy = -0.5 * chain.moments[middle] @ chain.fields()[middle] / UNIT
    # Beyond both ends lack 2 sum 1/n^3, 1/(n + 1/2)^2 or so, of the head-to-tail chain; of the other they alternate.
    tail = -1.0 / (middle + 0.5) ** 2 if system is head_to_tail else 0.0
    assert energy + tail == pytest.approx(endless, abs=1.01e-10)
