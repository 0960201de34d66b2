"""Densities on voxels: against bodies in closed form, against quadrature, and by FFT."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton.constants import mu_0
from magneton.kernels.voxels import prism_phi
from magneton.sources import lattice
from magneton.sources.cuboid import Cuboid
from magneton.sources.lattice import Lattice
from magneton.sources.voxels import CurrentDensity, Magnetization, PoleDensity

rng = np.random.default_rng(20261121)
SPACING = np.array([0.2, 0.25, 0.4])


def block(counts=(4, 3, 2), spacing=SPACING):
    """Return the centres of a block of voxels about the origin."""
    axes = [h * (np.arange(n) - 0.5 * (n - 1)) for n, h in zip(counts, spacing, strict=True)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)


POINTS = rng.normal(size=(30, 3)) * 0.9
FRAME = {"position": (0.3, -0.2, 0.1), "orientation": Rotation.from_rotvec([0.4, -0.8, 0.3])}
VOLUME = float(SPACING.prod())


def close(values, reference, tolerance):
    error = np.abs(values - reference).max() / np.abs(reference).max()
    assert error <= tolerance


@pytest.mark.parametrize("quantity", ["B", "H", "A", "grad_B", "scalar_potential"])
def test_a_block_of_equal_voxels_is_one_cuboid(quantity):
    m = (1e5, -2e5, 3e5)
    voxels = Magnetization(block(), np.tile(m, (24, 1)), VOLUME, **FRAME)
    whole = Cuboid(SPACING * (4, 3, 2), magnetization=m, **FRAME)
    close(getattr(voxels, quantity)(POINTS), getattr(whole, quantity)(POINTS), 2e-13)
    close(voxels.moment, whole.moment, 1e-14)


def gauss_sum(integrand, half, n=24):
    """Return the integral over a cuboid about the origin of a function of points (m, 3)."""
    t, w = np.polynomial.legendre.leggauss(n)
    nodes = np.stack(np.meshgrid(*(h * t for h in half), indexing="ij"), axis=-1).reshape(-1, 3)
    weights = (w[:, None, None] * w[None, :, None] * w[None, None, :]).ravel() * np.prod(half)
    return np.tensordot(weights, integrand(nodes), axes=(0, 0))


FAR_ENOUGH = ([1.4, 0.9, -1.1], [-2.0, 1.5, 0.8], [4.0, -3.0, 2.0], [30.0, 10.0, 20.0])


@pytest.mark.parametrize("point", FAR_ENOUGH)
def test_current_and_poles_against_quadrature(point):
    half, point = np.array([0.5, 0.4, 0.3]), np.array(point)
    volume = float((2 * half).prod())
    j = np.array([2.0, -1.0, 0.5])

    def coulomb(nodes):
        d = point - nodes
        return d / np.linalg.norm(d, axis=1)[:, None] ** 3

    field, phi = gauss_sum(coulomb, half), gauss_sum(lambda n: 1 / np.linalg.norm(point - n, axis=1), half)
    current = CurrentDensity([[0.0, 0, 0]], [j], volume, edges=2 * half)
    poles = PoleDensity([[0.0, 0, 0]], [3.0], volume, edges=2 * half)
    c = float(mu_0) / (4 * np.pi)
    close(current.B(point), c * np.cross(j, field), 1e-13)
    close(current.H(point), np.cross(j, field) / (4 * np.pi), 1e-13)
    close(current.A(point), c * j * phi, 1e-14)
    close(poles.H(point), 3.0 * field / (4 * np.pi), 1e-13)
    close(poles.B(point), 3.0 * c * field, 1e-13)
    close(poles.scalar_potential(point), 3.0 * phi / (4 * np.pi), 1e-14)


def test_inside_a_voxel_the_sources_are_what_was_given():
    inside = rng.uniform(-0.09, 0.09, size=(20, 3))
    poles = PoleDensity([[0.0, 0, 0]], [3.0], VOLUME, edges=SPACING)
    close(np.trace(poles.grad_B(inside), axis1=1, axis2=2), np.full(20, float(mu_0) * 3.0), 1e-13)
    gradient = CurrentDensity([[0.0, 0, 0]], [[0, 0, 2.0]], VOLUME, edges=SPACING).grad_B(inside)
    # j along z alone does not end on itself; the curl still has mu_0 j besides the field of the charges piling up.
    assert np.abs(np.trace(gradient, axis1=1, axis2=2)).max() <= 1e-13 * np.abs(gradient).max()
    # A and phi: the Laplacian of phi is -4 pi inside, by differences of the closed form.
    step, centre = 1e-3, np.array([0.03, 0.02, 0.05])
    phi = [prism_phi(*(centre + s * step * e), *(0.5 * SPACING)) for e in np.eye(3) for s in (-1, 1)]
    laplacian = (sum(phi) - 6 * prism_phi(*centre, *(0.5 * SPACING))) / step**2
    assert laplacian == pytest.approx(-4 * np.pi, rel=1e-4)


def test_phi_does_not_jump_where_its_two_forms_meet():
    for direction in rng.normal(size=(10, 3)):
        edge = 4.5 * direction / np.linalg.norm(direction)
        inner, outer = (prism_phi(*(f * edge), 1.0, 0.7, 0.4) for f in (1 - 1e-15, 1 + 1e-15))
        assert inner == pytest.approx(outer, rel=2e-14)


@pytest.mark.parametrize("quantity", ["B", "H"])
@pytest.mark.parametrize("shift", [(0, 0, 0), (0.07, -0.11, 0.16)])
def test_fft_on_a_lattice_is_the_direct_sum(monkeypatch, quantity, shift):
    places = block((6, 5, 4))
    voxels = Magnetization(places, rng.normal(size=places.shape), VOLUME, **FRAME)
    wide = block((8, 7, 5)) + SPACING * (0.0, 0.0, 0.5) + shift  # odd and even counts: half a spacing apart
    points = FRAME["orientation"].apply(wide) + FRAME["position"]
    used = []
    real = lattice._convolved
    monkeypatch.setattr(lattice, "_convolved", lambda *a: used.append(real(*a)) or used[-1])
    fast = getattr(voxels, quantity)(points)
    assert len(used) == 1
    monkeypatch.setattr("magneton.sources.voxels.lattice_field", lambda *a: None)
    close(fast, getattr(voxels, quantity)(points), 1e-13)


def test_fft_leaves_points_on_faces_to_the_direct_sum():
    exact = np.array([0.25, 0.5, 0.25])
    places = block((4, 4, 4), exact)
    voxels = Magnetization(places, rng.normal(size=places.shape), float(exact.prod()))
    values = voxels.B(block((6, 6, 6), exact) + exact * (0.5, 0, 0))
    assert np.isnan(values).any()
    assert np.isfinite(values).any()


def test_the_shape_of_voxels():
    cubes = Magnetization(rng.normal(size=(5, 3)), np.ones((5, 3)), 8.0)
    np.testing.assert_allclose(cubes.edges, 2.0)
    assert np.all(Magnetization(block(), np.ones((24, 3)), VOLUME).edges == Lattice.of(block()).spacing)
    layer = Magnetization(block((4, 3, 1)), np.ones((12, 3)), 0.2 * 0.25 * 0.01)
    np.testing.assert_allclose(layer.edges[0], [0.2, 0.25, 0.01])
    with pytest.raises(ValueError, match="edges must multiply to the volumes, got"):
        Magnetization(block(), np.ones((24, 3)), 1.0, edges=SPACING)
    with pytest.raises(ValueError, match="volumes must be positive, got -1"):
        Magnetization(block(), np.ones((24, 3)), -1.0)
    with pytest.raises(ValueError, match="volumes must be a number or one for each point"):
        Magnetization(block(), np.ones((24, 3)), np.ones(7))
    with pytest.raises(ValueError, match="points and magnetization must have the same length, got 24 and 3"):
        Magnetization(block(), np.ones((3, 3)), 1.0)
    with pytest.raises(ValueError, match="density must have one number for each point"):
        PoleDensity(block(), np.ones((24, 3)), 1.0)


def test_a_current_that_does_not_close_warns_that_its_moment_depends_on_the_origin():
    bar = CurrentDensity([[0.0, 1.0, 0]], [[1.0, 0, 0]], 1.0)
    with pytest.warns(UserWarning, match="the net current is not zero"):
        assert bar.moment.tolist() == [0.0, 0.0, -0.5]
    ring = np.stack(
        [np.cos(np.arange(64) * np.pi / 32), np.sin(np.arange(64) * np.pi / 32), np.zeros(64)], axis=1
    )
    flow = np.cross([0, 0, 1.0], ring)
    thin = CurrentDensity(ring, flow, 2 * np.pi / 64)  # a unit current once round
    np.testing.assert_allclose(thin.moment, [0, 0, np.pi], atol=1e-14)


def test_poles_have_a_moment_only_in_pairs():
    with pytest.raises(ValueError, match="PoleDensity has no moment: with a total pole strength"):
        PoleDensity([[0.0, 0, 0]], [1.0], 1.0).moment
    pair = PoleDensity([[0, 0, 0.5], [0, 0, -0.5]], [2.0, -2.0], 0.1)
    np.testing.assert_allclose(pair.moment, [0, 0, 0.2])
    assert pair.pole_strength == 0.0


def uniform(points, volumes=1.0, **more):
    return Magnetization(points, np.tile([0.0, 0.0, 1e5], (len(points), 1)), volumes, **more)


@pytest.mark.parametrize(
    "points",
    [
        [[0, 0, 0], [1, 0, 0], [0, 0, 0]],
        [[0, 0, 0], [1000, 0, 0], [0, 0, 1000], [1, 0, 0], [0, 0, 0]],  # a sparse grid
        [[0, 0, 0], [1, 0.2, 0.77], [3.3, 5.1, 0], [0, 0, 0]],  # no grid
    ],
)
def test_two_voxels_at_one_place_are_refused(points):
    last = len(points) - 1
    for volumes in (1.0, np.arange(1.0, len(points) + 1)):
        with pytest.raises(
            ValueError, match=rf"^points must differ, got 0 and {last} both at \[0\.0, 0\.0, 0\.0\]$"
        ):
            uniform(np.array(points, dtype=float), volumes)
    with pytest.raises(ValueError, match=r"^points must differ"):
        CurrentDensity(points, np.ones((len(points), 3)), 1.0)
    with pytest.raises(ValueError, match=r"^points must differ"):
        PoleDensity(points, np.ones(len(points)), 1.0)


def test_voxels_that_overlap_are_refused():
    points = block()
    message = r"^points must lie so far apart that voxels do not overlap, got \d+ and \d+ with centres \(.*\) m apart"
    for edges in (1.02 * SPACING, SPACING * (1.0, 1.0, 1.5)):
        with pytest.raises(ValueError, match=message):
            uniform(points, float(edges.prod()), edges=edges)
    with pytest.raises(ValueError, match=message):  # cubes, on a grid that is finer than they are
        uniform(points, 10.0 * VOLUME)
    with pytest.raises(ValueError, match=message):
        uniform(np.array([[0, 0, 0], [0.9, 0.95, -0.9], [7.0, 3.3, 1.1]]), 1.0, edges=(1.0, 1.0, 1.0))


def test_voxels_may_touch_be_rounded_and_lie_apart():
    uniform(block(), VOLUME, edges=SPACING)
    uniform(block()[::3], VOLUME, edges=SPACING)
    uniform(np.round(block(), 3), VOLUME, edges=SPACING)
    uniform(1e6 + block(), VOLUME, edges=SPACING)
    uniform(block(), 0.5 * VOLUME, edges=SPACING * (1.0, 1.0, 0.5))
    uniform(np.array([[0, 0, 0], [1.0, 0.2, 0.3], [7.0, 3.3, 1.1]]), 1.0, edges=(1.0, 1.0, 1.0))
    # A grid with holes: the nearest places are two spacings apart.
    uniform(np.array([[0, 0, 0], [2, 0, 0], [4, 0, 0], [9.0, 0, 0]]), 8.0, edges=(2.0, 2.0, 2.0))
    # Cubes that stand for cells of other shapes may overlap.
    uniform(np.array([[0, 0, 0], [0.9, 0.7, 0], [7.0, 3.3, 1.1]]), [1.0, 1.1, 0.9])
