"""Laws that hold for every source, over the registry of all of them."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton.constants import mu_0
from magneton.sources import Dipole, Magnetization, Pole, PoleDensity, sample_sources
from magneton.sources.magnet import Magnet
from magneton.sources.samples import SAMPLES

SOURCES = sample_sources()
IDS = [f"{type(source).__name__}-{i}" for i, source in enumerate(SOURCES)]
every_source = pytest.mark.parametrize("source", SOURCES, ids=IDS)
WITH_A = [s for s in SOURCES if hasattr(s, "A")]
rng = np.random.default_rng(20261121)
POINTS = rng.normal(size=(40, 3)) * 1.5
FAR_AND_NEAR = POINTS * 10.0 ** rng.uniform(-1, 3, size=(40, 1))
STEP = 1e-3
# Sixth-order central differences: at a step of 1e-3 their error is below rounding for these fields.
OFFSETS = (1, 2, 3)
WEIGHTS = (3 / 4, -3 / 20, 1 / 60)


def derivatives(function, points, step):
    """Return d f_i/dx_j at each point, by sixth-order differences with steps per point."""
    columns = []
    for axis in np.eye(3):
        total = 0.0
        for offset, weight in zip(OFFSETS, WEIGHTS, strict=True):
            shift = offset * step[:, None] * axis
            total = total + weight * (function(points + shift) - function(points - shift))
        columns.append(total / step.reshape((-1,) + (1,) * (total.ndim - 1)))
    return np.stack(columns, axis=-1)


def clear_points(source):
    """Return points away from wires, poles and surfaces, and a difference step for each; inside bodies too."""
    from magneton.kernels.clearance import field_clearance

    field = source.compiled
    points = np.concatenate([POINTS, 3.0 * POINTS])
    room = np.array([field_clearance(field.kinds, field.starts, field.params, *p) for p in points])
    keep = room > 0.15
    inner = inner_points(source)
    steps = np.concatenate([np.minimum(room[keep], 3.0), np.full(len(inner), 0.1)])
    return np.concatenate([points[keep], inner]), 0.01 * steps


def inner_points(source):
    """Return points well inside a magnet: at least some steps of the differences from its surface."""
    if not isinstance(source, Magnet):
        return np.empty((0, 3))
    extent = source._extent()
    points = source.position + extent * np.random.default_rng(1).uniform(-1, 1, size=(200, 3))
    corners = 0.006 * np.array([[i, j, k] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)])
    held = source.contains(points[:, None] + corners)
    return points[held.all(axis=1)][:12]


def relative(difference, reference):
    axes = tuple(range(1, difference.ndim))
    size = np.sqrt(np.sum(reference**2, axis=axes))
    return np.max(np.sqrt(np.sum(difference**2, axis=axes)) / np.where(size > 0, size, 1.0))


def curl(gradient):
    return np.stack(
        [
            gradient[..., 2, 1] - gradient[..., 1, 2],
            gradient[..., 0, 2] - gradient[..., 2, 0],
            gradient[..., 1, 0] - gradient[..., 0, 1],
        ],
        axis=-1,
    )


def gradient_scale(source, points):
    """Return the size that rounding in grad B goes with: of a collection, that of the members' sum of sizes."""
    members = getattr(source, "sources", (source,))
    return sum(np.linalg.norm(member.grad_B(points), axis=(1, 2)) for member in members)


def test_the_registry_holds_every_source():
    import magneton.sources as room

    public = (getattr(room, name) for name in room.__all__)
    classes = {value for value in public if isinstance(value, type) and issubclass(value, room.Source)}
    assert classes - {room.Source} == set(SAMPLES)


@every_source
def test_div_B_is_zero(source):
    gradient = source.grad_B(FAR_AND_NEAR)
    size = gradient_scale(source, FAR_AND_NEAR)
    inside = density_of_poles(source, FAR_AND_NEAR)
    assert np.all(np.abs(np.trace(gradient, axis1=1, axis2=2) - inside) <= 1e-12 * size)


def density_of_poles(source, points):
    """Return mu_0 times the density of poles at points: what div B is."""
    if not isinstance(source, PoleDensity):
        return np.zeros(len(points))
    inside = np.all(np.abs(points[:, None] - source.points) < 0.5 * source.edges, axis=2)
    return float(mu_0) * inside @ source.density


#: Currents that do not close on themselves have a field with a curl, that of the charges at their ends; so have
#: charges in motion, whose electric field changes.
NOT_CLOSED = ("CurrentDensity", "MovingCharges")


@every_source
def test_curl_B_is_zero_outside(source):
    if type(source).__name__ in NOT_CLOSED:
        pytest.skip("its current does not close on itself")
    points = FAR_AND_NEAR[outside_currents(source, FAR_AND_NEAR)]
    gradient = source.grad_B(points)
    size = gradient_scale(source, points)
    # Sides of a closed polyline have curls that cancel: the sum over sides sets the scale.
    assert np.all(np.linalg.norm(curl(gradient), axis=1) <= 1e-12 * size)


def outside_currents(source, points):
    """Return where points are outside a body that carries a current in its volume."""
    if type(source).__name__ not in ("Coil", "SpinningBody"):
        return np.full(len(points), True)
    return np.linalg.norm(points - source.position, axis=1) > source._extent()


@every_source
def test_grad_B_is_the_gradient_of_B(source):
    points, step = clear_points(source)
    difference = derivatives(source.B, points, step) - source.grad_B(points)
    scale = np.linalg.norm(source.B(points), axis=1) / step
    assert np.all(np.linalg.norm(difference, axis=(1, 2)) <= 1e-9 * scale)


@pytest.mark.parametrize("source", WITH_A, ids=lambda s: type(s).__name__)
def test_B_is_curl_A_and_A_has_no_divergence(source):
    points, step = clear_points(source)
    gradient = derivatives(source.A, points, step)
    scale = np.linalg.norm(source.A(points), axis=1) / step + np.linalg.norm(source.B(points), axis=1)
    assert np.all(np.linalg.norm(curl(gradient) - source.B(points), axis=1) <= 1e-9 * scale)
    if type(source).__name__ != "CurrentDensity":  # the sum of j dV/r has a divergence where charges pile up
        assert np.all(np.abs(np.trace(gradient, axis1=1, axis2=2)) <= 1e-9 * scale)


@every_source
def test_H_is_minus_the_gradient_of_the_scalar_potential(source):
    if not hasattr(source, "scalar_potential"):
        with pytest.raises(AttributeError, match="has no scalar_potential: "):
            source.scalar_potential
        return
    points, step = clear_points(source)
    difference = derivatives(source.scalar_potential, points, step) + source.H(points)
    scale = np.abs(source.scalar_potential(points)) / step + np.linalg.norm(source.H(points), axis=1)
    assert np.all(np.linalg.norm(difference, axis=1) <= 1e-9 * scale)


def test_what_is_missing_says_why():
    from magneton.sources import Collection, PolePair, UniformField

    for source, name, reason in [
        (Pole(1.0), "moment", "depends on the centre chosen"),
        (Pole(1.0), "A", "no vector potential"),
        (PolePair(1.0, [0, 0, 1]), "A", "use a current model"),
        (UniformField([0, 0, 1]), "moment", "at infinity"),
    ]:
        assert not hasattr(source, name)
        with pytest.raises(ValueError, match=f"{type(source).__name__} has no {name}: .*{reason}"):
            getattr(source, name)
    mixed = Collection([Dipole([0, 0, 1]), Pole(1.0)])
    with pytest.raises(ValueError, match=r"Collection has no A: sources\[1\], a Pole, has none"):
        mixed.A([0, 0, 1])
    with pytest.raises(AttributeError, match="no attribute 'spin'"):
        Dipole([0, 0, 1]).spin


@every_source
def test_B_is_mu_0_times_H_and_M(source):
    points, _ = clear_points(source)
    B, H = source.B(points), source.H(points)
    M = np.zeros_like(points)
    if isinstance(source, Magnet):
        M[source.contains(points)] = source.moment / source.volume
        assert np.any(M)
        assert not np.all(np.any(M, axis=1))
    elif isinstance(source, Magnetization):
        return  # of voxels: tests/sources/test_voxels.py
    size = np.linalg.norm(B, axis=1) + float(mu_0) * np.linalg.norm(M, axis=1)
    assert np.all(np.linalg.norm(B - float(mu_0) * (H + M), axis=1) <= 1e-14 * size)


@every_source
def test_flux_through_a_closed_surface_is_zero_unless_a_pole_is_inside(source):
    # A sphere of radius 9 holds every sample: product rule of Gauss and trapezoid, exact to degree 60.
    nodes, weights = np.polynomial.legendre.leggauss(32)
    angle = 2 * np.pi * np.arange(64) / 64
    sine = np.sqrt(1 - nodes**2)[:, None]
    normal = np.stack([sine * np.cos(angle), sine * np.sin(angle), nodes[:, None] + 0 * angle], axis=-1)
    flow = np.sum(source.B(9.0 * normal) * normal, axis=-1)
    flux = 81.0 * np.sum(weights[:, None] * flow) * 2 * np.pi / 64
    total = 81.0 * np.sum(weights[:, None] * np.linalg.norm(source.B(9.0 * normal), axis=-1)) * 2 * np.pi / 64
    strength = source.pole_strength if isinstance(source, Pole | PoleDensity) else 0.0
    assert abs(flux - float(mu_0) * strength) <= 1e-13 * total


@pytest.mark.parametrize("source", WITH_A, ids=lambda s: type(s).__name__)
def test_flux_is_the_closed_integral_of_A(source):
    # A published trap: an A that lacks a factor rho still looks smooth. Flux through a disc against its rim.
    centre, radius = np.array([2.5, -1.0, 1.5]), 0.7
    angle = 2 * np.pi * np.arange(96) / 96
    ring = np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=-1)
    along = np.stack([-np.sin(angle), np.cos(angle), 0 * angle], axis=-1)
    circulation = np.sum(source.A(centre + radius * ring) * along) * radius * 2 * np.pi / 96
    nodes, weights = np.polynomial.legendre.leggauss(40)
    s, w = 0.5 * (nodes + 1), 0.5 * weights
    flux_density = source.B(centre + radius * s[:, None, None] * ring)[..., 2]
    flux = np.sum((w * s)[:, None] * flux_density) * radius**2 * 2 * np.pi / 96
    size = np.mean(np.linalg.norm(source.B(centre + radius * ring), axis=-1)) * np.pi * radius**2
    assert abs(circulation - flux) <= 1e-12 * size


@every_source
def test_turning_and_moving_the_source_turns_and_moves_the_field(source):
    rotation = Rotation.from_rotvec([0.4, -1.1, 0.7])
    shift = np.array([0.3, 0.2, -0.5])
    moved = source.rotated(rotation, about=[0.1, 0.0, 0.2]).translated(shift)
    about = np.array([0.1, 0.0, 0.2])
    points, _ = clear_points(source)
    images = rotation.apply(points - about) + about + shift
    # A collection's members may cancel: rounding goes with the sum of their sizes.
    matrix = rotation.as_matrix()
    members = getattr(source, "sources", (source,))
    size = sum(np.linalg.norm(member.B(points), axis=1) for member in members)
    difference = np.linalg.norm(moved.B(images) - source.B(points) @ matrix.T, axis=1)
    assert np.all(difference <= 1e-12 * size)
    difference = np.linalg.norm(moved.grad_B(images) - matrix @ source.grad_B(points) @ matrix.T, axis=(1, 2))
    assert np.all(difference <= 1e-12 * gradient_scale(source, points))
    if hasattr(source, "moment"):
        scale = np.linalg.norm(source.moment)
        assert np.linalg.norm(moved.moment - rotation.as_matrix() @ source.moment) <= 1e-14 * scale


@every_source
def test_far_field_is_that_of_a_dipole_of_the_moment(source):
    if not hasattr(source, "moment") or isinstance(source, Dipole):
        return
    direction = np.array([0.48, -0.6, 0.64])
    distances = np.array([30.0, 300.0, 3000.0])
    points = distances[:, None] * direction
    centre = getattr(source, "position", np.zeros(3))
    dipole = Dipole(source.moment, centre)
    error = np.linalg.norm(source.B(points) - dipole.B(points), axis=1) / np.linalg.norm(
        dipole.B(points), axis=1
    )
    # The next multipole is at least one power of size/R down: an error of the moment itself would stay.
    assert np.all(error <= 3.0 / distances)
    assert error[2] <= 0.15 * error[0] + 1e-13


@every_source
@pytest.mark.parametrize("scale", [2.0**-30, 2.0**30])
def test_digits_do_not_depend_on_the_unit_of_length(source, scale):
    scaled = _scaled(source, scale)
    if scaled is None:
        return
    points, _ = clear_points(source)
    here, there = source.B(points), scaled.B(points * scale)
    factor = there[0, np.argmax(np.abs(here[0]))] / here[0, np.argmax(np.abs(here[0]))]
    assert relative(there / factor - here, here) <= 1e-14


def _scaled(source, scale):
    """Return the source with all lengths multiplied by a power of two."""
    from magneton.sources import CurveLoop, Dipoles, PolePair, Polyline
    from magneton.sources.framed import Framed

    if isinstance(source, Framed):
        return _scaled_body(source, scale)

    if isinstance(source, Dipole):
        return Dipole(source.moment, source.position * scale)
    if isinstance(source, Dipoles):
        return Dipoles(source.moments, source.positions * scale)
    if isinstance(source, Polyline):
        return Polyline(source.vertices * scale, source.current)
    if isinstance(source, Pole):
        return Pole(source.pole_strength, source.position * scale)
    if isinstance(source, PolePair):
        return PolePair(source.pole_strength, source.separation * scale, source.position * scale)
    if isinstance(source, CurveLoop):
        samples = source._nodes(64)[0] + source.position
        return CurveLoop(samples * scale, source.current)
    return None


#: The attributes of framed sources that are lengths.
LENGTHS = {
    "CircularLoop": ("radius",),
    "HelmholtzPair": ("radius", "separation"),
    "Cuboid": ("dimension",),
    "Cylinder": ("radius", "height"),
    "Sphere": ("radius",),
    "Ellipsoid": ("semi_axes",),
    "Tetrahedron": ("vertices",),
    "TriangularMesh": ("vertices",),
    "Solenoid": ("radius", "length"),
    "Coil": ("inner_radius", "outer_radius", "length"),
    "MovingCharges": ("positions",),
    "Magnetization": ("points", "edges"),
    "CurrentDensity": ("points", "edges"),
    "PoleDensity": ("points", "edges"),
}


def _scaled_body(source, scale):
    other = source._placed(source.position * scale, source._matrix)
    if type(source).__name__ not in LENGTHS:
        return None
    for name in LENGTHS[type(source).__name__]:
        object.__setattr__(other, name, getattr(source, name) * scale)
    return other
