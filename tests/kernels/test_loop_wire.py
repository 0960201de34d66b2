"""The circular loop down to 1e-29 radii from the wire, nearer than its table goes, where the mean takes longest."""

import mpmath as mp
import numpy as np
import pytest

from magneton import CircularLoop, Collection
from magneton.constants import mu_0
from magneton.kernels import loop as kernels


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


def test_many_loops_at_many_points_are_the_sum():
    # The first loop sets the rows, the others add to them: whatever was in that memory before.
    loops = [CircularLoop(0.5 + 0.1 * i, 1.0 + i, [0.3 * i, -0.2, 0.1]) for i in range(3)]
    points = np.random.default_rng(8).normal(size=(300, 3))
    singles = np.array([[loop.B(point) for loop in loops] for point in points])
    size = np.linalg.norm(singles, axis=2).sum(axis=1)
    both = Collection(loops)
    for field, unit in ((both.B, 1.0), (both.H, 1.0 / float(mu_0))):
        error = np.linalg.norm(field(points) - unit * singles.sum(axis=1), axis=1)
        assert np.all(error <= 1e-15 * unit * size)


# --- the steps of the kernel, each by itself -----------------------------------------------------------------


def _exact_elliptic(alpha2, beta2):
    """Return K/beta and u of the module's head, from the textbook's K and E."""
    m = 1 - alpha2 / beta2
    big_k = mp.ellipk(m)
    return big_k / mp.sqrt(beta2), ((1 - m / 2) - mp.ellipe(m) / big_k) / m**2


def _check_elliptic(rho, z):
    with mp.workdps(120):
        alpha2, beta2 = (mp.mpf(rho) - 1) ** 2 + mp.mpf(z) ** 2, (mp.mpf(rho) + 1) ** 2 + mp.mpf(z) ** 2
        computed = kernels.complete_integrals(1.0, rho, float(alpha2), float(beta2))
        for value, exact in zip(computed, _exact_elliptic(alpha2, beta2), strict=True):
            # Twice the worst that is met. The last coefficient of K's series is 2.5e-15 at the very wire.
            assert abs(mp.mpf(value) / exact - 1) <= 1.3e-15, (rho, z)


def test_elliptic_integrals_down_to_the_wire():
    for exponent in np.linspace(-29.65, 0.0, 120):
        _check_elliptic(1.0, float(10.0**exponent))


@pytest.mark.parametrize("z", [0.0, 0.3, 2.0, 1e3])
def test_elliptic_integrals_down_to_the_axis(z):
    for exponent in np.linspace(-12.0, -0.02, 60):
        _check_elliptic(float(10.0**exponent), z)
        _check_elliptic(float(10.0**-exponent), z)


@pytest.mark.parametrize("radius", [1.0, 0.7, 1e-9 / 3])
def test_distance_from_the_ring_counts_floats_as_exact(radius):
    rng = np.random.default_rng(3)
    for gap in 10.0 ** -np.arange(1.0, 17.0):
        for angle in rng.uniform(0, 2 * np.pi, 8):
            place = radius * (1 + gap * rng.uniform(-1, 1))
            x, y = float(place * np.cos(angle)), float(place * np.sin(angle))
            with mp.workdps(60):
                exact = mp.hypot(x, y) - mp.mpf(radius)
                assert exact != 0
                # Not of the radius: of the distance itself, which may be 1e-17 radii.
                assert abs(mp.mpf(kernels.geometry(x, y, 0.0, radius)[1]) / exact - 1) <= 7e-16, (x, y)


@pytest.mark.parametrize("radius", [1.0, 2.0**-30, 2.0**30])
def test_nearer_than_1e_30_diameters_is_on_the_wire(radius):
    # There the mean would need more steps than it takes.
    for quantity in (kernels.loop_A, kernels.loop_B, kernels.loop_B_grad):
        for z in (0.0, 1.9e-30, -1.9e-30):
            assert np.all(np.isnan(quantity(radius, 0.0, z * radius, radius)))
        for z in (2.1e-30, -2.1e-30):
            assert np.all(np.isfinite(quantity(radius, 0.0, z * radius, radius)))
