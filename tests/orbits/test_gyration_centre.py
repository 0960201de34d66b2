"""The gyrocentre and the corrected invariant: what is conserved, to which order, in which fields."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import CircularLoop, Collection, Dipole
from magneton.orbits import Species
from magneton.orbits._gyrocentre import gyrocentre, mu_gyrocentre, mu_particle
from magneton.orbits.fields import as_field
from magneton.orbits.gyration import mu
from support.numpy_fields import NumpyField, march

C = 299792458.0


def twisted(x, y, z, t):
    return -0.7 * y - 0.5 * x * z + 0.4 * z**2, 0.7 * x - 0.5 * y * z, -1.0 + 0.5 * z**2


def harris(x, y, z, t):
    return np.tanh(z), 0.7 + 0 * x, 0.3 + 0 * x


def flux_mirror(x, y, z, t):
    return -0.5 * x * z, -0.5 * y * z, 1 + 0.5 * z**2


def of_flux(x, y, z, t):
    """E = -grad phi(psi), psi = r^2/2 (1 + z^2/2): across B, and sheared."""
    stretch, r2 = 1 + 0.5 * z**2, x * x + y * y
    slope = -0.6 * np.cos(0.5 * r2 * stretch)
    return slope * x * stretch, slope * y * stretch, slope * 0.5 * r2 * z


def along_b(x, y, z, t):
    return 0.5 * z, 0 * x, 0.5 * (1 + x)


def rising(x, y, z, t):
    return 0 * x, 0 * x, 1 + 0.5 * np.sin(1.5 * t)


def induced(x, y, z, t):
    rate = 0.375 * np.cos(1.5 * t)
    return rate * y, -rate * x, 0 * x


def carried(B, drift):
    """The field of a body that moves, and its E = -drift x B; lengths in units of the speed of light."""

    def magnetic(x, y, z, t):
        return B((x / C - drift[0] * t), (y / C - drift[1] * t), (z / C - drift[2] * t), t)

    def electric(x, y, z, t):
        bx, by, bz = magnetic(x, y, z, t)
        return (
            -C * (drift[1] * bz - drift[2] * by),
            -C * (drift[2] * bx - drift[0] * bz),
            -C * (drift[0] * by - drift[1] * bx),
        )

    return NumpyField(magnetic, electric, scale=C)


COILS = Collection([CircularLoop(1.0, 1.5e6, (0, 0, z)) for z in (-0.9, 0.9)])
#: A field, and the size of its lengths and speeds.
FIELDS = {
    "twist, B near -z": (NumpyField(twisted), 1.0),
    "Harris sheet with guide field": (NumpyField(harris), 1.0),
    "sheared E x B": (NumpyField(flux_mirror, of_flux), 1.0),
    "rising uniform B": (NumpyField(rising, induced), 1.0),
    "relativistic, carried at 0.41 c": (carried(twisted, (0.2, -0.3, 0.2)), C),
    "dipole off the equator": (as_field(Dipole([0, 0, 6e7], position=(-1.5, 0.8, -1.0))), 1.0),
    "two coils": (as_field(COILS), 1.0),
}
X0 = np.array([[0.3, -0.2, 0.4], [0.1, 0.5, -0.3]])
V0 = np.array([[0.6, 0.2, 0.5], [0.1, -0.5, 0.3]])


def swings(field, size, eps):
    """Return the relative swings of both mu over a time of half a length per speed, for rho/L of about eps."""
    x, v = X0 * size, V0 * size
    steps = round(0.5 / (2 * np.pi * eps) * 100)
    t, x, v = march(field, 1 / eps, x, v, 0.5 / steps, steps, 5)
    particle = Species(1 / eps, 1.0)
    raw, better = (f(field, particle, x, v, t) for f in (mu_particle, mu_gyrocentre))
    return np.ptp(raw, axis=0) / raw.mean(axis=0), np.ptp(better, axis=0) / better.mean(axis=0)


@pytest.mark.parametrize("name", FIELDS)
def test_the_swing_of_mu_is_of_first_order_and_corrected_of_second(name):
    field, size = FIELDS[name]
    (raw, better), (raw_half, better_half) = swings(field, size, 0.02), swings(field, size, 0.01)
    assert np.log2(raw / raw_half) == pytest.approx(1.0, abs=0.2)
    assert np.log2(better / better_half) == pytest.approx(2.0, abs=0.2)
    assert (better < 0.25 * raw).all()


def test_a_parallel_electric_field_of_first_order():
    def swing(eps):
        push = NumpyField(twisted, lambda x, y, z, t: tuple(eps * e for e in along_b(x, y, z, t)))
        return swings(push, 1.0, eps)[1]

    assert np.log2(swing(0.02) / swing(0.01)) == pytest.approx(2.0, abs=0.25)


def test_turning_everything_changes_no_mu():
    """Also where B is along z, or against it, at the particle."""
    rng = np.random.default_rng(5)
    x, v, particle = rng.normal(size=3) * 0.3, rng.normal(size=3), Species(50.0, 1.0)
    field = as_field(COILS)
    expected = mu_gyrocentre(field, particle, x, v)
    b = field.B(x) / np.linalg.norm(field.B(x))
    for goal in ([0, 0, 1.0], [0, 0, -1.0], [1.0, 0, 0], rng.normal(size=3)):
        turn = Rotation.align_vectors([goal / np.linalg.norm(goal)], [b])[0]
        turned = as_field([loop_turned(z, turn) for z in (-0.9, 0.9)])
        assert mu_gyrocentre(turned, particle, turn.apply(x), turn.apply(v)) == pytest.approx(
            expected, rel=1e-13
        )
        moved = gyrocentre(turned, particle, turn.apply(x), turn.apply(v))
        assert moved == pytest.approx(turn.apply(gyrocentre(field, particle, x, v)), abs=1e-14)


def loop_turned(z, turn):
    return CircularLoop(1.0, 1.5e6, turn.apply([0, 0, z]), turn)


def test_uniform_fields_are_exact():
    """Relativistic, E x B at a third of the speed of light: centre on a straight line, mu as in the drifting frame."""
    B, E = np.array([0.3, -1.0, 0.8]), C / 3 * np.array([0.8, 0.0, -0.3])
    field = NumpyField(
        lambda x, y, z, t: tuple(component + 0 * x for component in B),
        lambda x, y, z, t: tuple(component + 0 * x for component in E),
        scale=C,
    )
    particle = Species(1.0, 1.0)
    t, x, v = march(field, 1.0, np.zeros((1, 3)), [[0.5 * C, 0.1 * C, -0.3 * C]], 0.02, 500, 10)
    X = gyrocentre(field, particle, x, v, t)[:, 0]
    line = X[0] + t * (X[-1] - X[0]) / t[-1]
    assert abs(X - line).max() < 1e-9 * np.ptp(x)
    drift = np.cross(E, B) / (B @ B)
    b = B / np.linalg.norm(B)
    centre = (X[-1] - X[0]) / t[-1]
    assert centre - (centre @ b) * b == pytest.approx(drift, rel=1e-8)
    for value in (mu_particle(field, particle, x, v, t), mu_gyrocentre(field, particle, x, v, t)):
        assert np.ptp(value) < 1e-8 * value.mean()


def test_without_electric_field_mu_at_the_particle_is_the_plain_one():
    field, particle = as_field(COILS), Species(-3.0, 2.0)
    rng = np.random.default_rng(6)
    x, v = rng.normal(size=(2, 5, 3)) * 0.3
    np.testing.assert_allclose(
        mu_particle(field, particle, x, v * 0.9 * C), mu(particle, v * 0.9 * C, field.B(x)), rtol=1e-13
    )


def test_a_particle_along_a_bent_line_gyrates_with_its_drift():
    """Of the velocity along B nothing is mu, but a bend makes the curvature drift of it: mu = m v_d^2/(2 B)."""
    field = NumpyField(lambda x, y, z, t: (-y / (x * x + y * y), x / (x * x + y * y), 0 * x))
    particle = Species(100.0, 1.0)
    drift = 1.0 / 100.0  # v^2/(Omega R_c) at unit speed, radius and B
    value = mu_gyrocentre(field, particle, [1.0, 0.0, 0.0], [0.0, 1.0, 0.0])
    assert value == pytest.approx(0.5 * drift**2, rel=1e-12, abs=0)
    carried_along = mu_gyrocentre(field, particle, [1.0, 0.0, 0.0], [0.0, 1.0, drift])
    assert abs(carried_along) < 0.01 * value


def test_where_there_is_no_gyration_mu_is_nan():
    null = NumpyField(lambda x, y, z, t: (x, y, -2 * z))
    assert np.isnan(mu_gyrocentre(null, Species(1.0, 1.0), np.zeros(3), [1.0, 0.0, 0.0]))
    fast = NumpyField(
        lambda x, y, z, t: (0 * x, 0 * x, 1 + 0 * x), lambda x, y, z, t: (C + 0 * x, 0 * x, 0 * x)
    )
    assert np.isnan(mu_particle(fast, Species(1.0, 1.0), np.zeros(3), [1.0, 0.0, 0.0]))


def test_the_lorentz_force_averaged_over_a_small_ring_is_the_mirror_force():
    """<q (v x B)_z> = -mu dB/dz on the axis, with an error of second order in rho/L."""
    field, z = as_field(COILS), 0.5
    angle = 2 * np.pi * np.arange(32) / 32
    here = field.derivatives([0.0, 0.0, z])
    errors = []
    for rho in (0.08, 0.04, 0.02):
        for charge in (1.0, -1.0):
            ring = np.stack([rho * np.cos(angle), rho * np.sin(angle), np.full(32, z)], axis=-1)
            speed = charge * rho * here["B"][2]  # unit mass
            v = -speed * np.stack([-np.sin(angle), np.cos(angle), 0 * angle], axis=-1)
            force = charge * np.cross(v, field.B(ring))[:, 2].mean()
            mirror = -mu(Species(charge, 1.0), v[0], here["B"]) * here["grad_B"][2, 2]
            errors.append(abs(force / mirror - 1))
    assert errors[::2] == pytest.approx(errors[1::2], rel=1e-9)
    assert np.log2(np.array(errors[:-2:2]) / errors[2::2]) == pytest.approx(2.0, abs=0.05)


def test_parallel_energy_is_traded_for_field_strength():
    """The change of m v_par^2/2 is -mu times that of B at the gyrocentre, both averaged over a gyration."""
    field, errors = NumpyField(flux_mirror), []
    for eps in (0.02, 0.01):
        turns = round(0.08 / eps)
        dt = 2 * np.pi * eps / 160
        t, x, v = march(field, 1 / eps, X0[:1], V0[:1], dt, turns * 160, 1)
        particle = Species(1 / eps, 1.0)
        B = field.B(x)
        along = np.sum(v * B, axis=-1) ** 2 / np.sum(B * B, axis=-1) / 2
        strength = np.linalg.norm(field.B(gyrocentre(field, particle, x, v, t)), axis=-1)
        ends = [np.mean(f[-160:]) - np.mean(f[:160]) for f in (along, strength)]
        errors.append(abs(ends[0] / (-mu_gyrocentre(field, particle, x, v, t).mean() * ends[1]) - 1))
    assert errors[0] < 0.02
    assert errors[1] < 0.7 * errors[0]
