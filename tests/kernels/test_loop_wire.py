"""The circular loop down to 1e-29 radii from the wire, nearer than its table goes, where the mean takes longest."""

import mpmath as mp
import numpy as np
import pytest

from magneton import CircularLoop
from magneton.constants import mu_0


def _exact(z):
    """Return A_phi, B_rho, B_z of a unit loop at (1, 0, z), from the textbook forms in K and E."""
    with mp.workdps(120):
        z = mp.mpf(z)
        beta2, alpha2 = 4 + z * z, z * z
        m = 4 / beta2
        big_k, big_e = mp.ellipk(m), mp.ellipe(m)
        scale = mp.mpf(float(mu_0)) / (2 * mp.pi)
        a = 2 * scale / mp.sqrt(m) * ((1 - m / 2) * big_k - big_e)
        radial = scale * z / mp.sqrt(beta2) * ((2 + z * z) / alpha2 * big_e - big_k)
        axial = scale / mp.sqrt(beta2) * (big_k - big_e)
        return float(a), float(radial), float(axial)


@pytest.mark.parametrize("digits", range(1, 30))
def test_above_the_wire(digits):
    z = 10.0**-digits
    loop, (a, radial, axial) = CircularLoop(1.0, 1.0), _exact(10.0**-digits)
    # Each component by itself: near the wire A grows as the logarithm only, and B_z is small beside B_rho.
    computed_a, computed_b = loop.A([1.0, 0.0, z]), loop.B([1.0, 0.0, z])
    assert abs(computed_a[1] - a) <= 3e-15 * a
    assert abs(computed_b[0] - radial) <= 1e-14 * radial
    assert abs(computed_b[2] - axial) <= 3e-15 * axial
    many = np.tile([1.0, 0.0, z], (64, 1))  # the loop over blocks of points is other code
    np.testing.assert_allclose(loop.A(many)[:, 1], a, rtol=3e-15, atol=0)
    np.testing.assert_allclose(loop.B(many)[:, 2], axial, rtol=1e-14, atol=0)
