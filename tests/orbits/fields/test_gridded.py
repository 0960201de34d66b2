"""Fields on a grid: no divergence, smoothness, order of convergence, xarray, and what orbits conserve."""

import pickle

import numpy as np
import pytest
import xarray as xr

from magneton import CircularLoop, Dipole, UniformField, to_xarray
from magneton.orbits.ensemble import trace_ensemble
from magneton.orbits.fields import HarrisSheet, LinearField, ParallelE, along
from magneton.orbits.fields.gridded import GriddedField

LOWER, UPPER = np.array([1.0, -0.5, -0.4]), np.array([2.0, 0.4, 0.6])
DIPOLE = Dipole([0.3, -0.2, 1.0])


def axes_of(counts, lower=LOWER, upper=UPPER):
    return [np.linspace(a, b, n) for a, b, n in zip(lower, upper, counts, strict=True)]


def nodes_of(axes):
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)


def gridded(field, counts, **others):
    axes = axes_of(counts)
    return GriddedField(*axes, field.B(nodes_of(axes)), **others)


def inside(count, margin=0.0, seed=0):
    side = UPPER - LOWER
    return np.random.default_rng(seed).uniform(LOWER + margin * side, UPPER - margin * side, (count, 3))


@pytest.fixture(scope="module")
def dipole_grid():
    return gridded(DIPOLE, (21, 18, 23))


@pytest.fixture(scope="module")
def noisy():
    """Noise is as far from a smooth field without divergence as data can be."""
    noise = np.random.default_rng(3).normal(size=(9, 8, 7, 3))
    with pytest.warns(UserWarning, match=r"B_nodes have a divergence: 0\.\d+ of the field"):
        return GriddedField(*axes_of((9, 8, 7)), noise)


def test_div_B_is_zero_at_every_point_whatever_the_data(noisy):
    G = noisy.grad_B(inside(5000))
    assert np.max(np.abs(np.trace(G, axis1=1, axis2=2))) < 1e-13 * np.max(np.abs(G))
    assert noisy.divergence_removed.rms > 0.1


def test_B_is_the_curl_of_A_and_grad_B_its_derivative(noisy):
    # Within a cell these are polynomials of degree four at most: central differences of order four are exact.
    points, h = inside(200, 0.1), 0.01
    cells = (points - LOWER) / (UPPER - LOWER) * (np.array([9, 8, 7]) - 1)
    points = (np.round(cells) + np.clip(cells - np.round(cells), -0.2, 0.2)) / (np.array([9, 8, 7]) - 1)
    points = LOWER + points * (UPPER - LOWER)

    def slopes(function):
        parts = []
        for step in h * np.eye(3):
            near = function(points + step) - function(points - step)
            far = function(points + 2 * step) - function(points - 2 * step)
            parts.append((8 * near - far) / (12 * h))
        return np.stack(parts, axis=-1)

    A = slopes(noisy.A)
    curl = np.stack([A[:, 2, 1] - A[:, 1, 2], A[:, 0, 2] - A[:, 2, 0], A[:, 1, 0] - A[:, 0, 1]], axis=1)
    B, G = noisy.B(points), noisy.grad_B(points)
    np.testing.assert_allclose(curl, B, rtol=0, atol=1e-12 * np.max(np.abs(B)))
    np.testing.assert_allclose(slopes(noisy.B), G, rtol=0, atol=1e-12 * np.max(np.abs(G)))


def test_B_and_its_first_derivatives_are_continuous_across_knots(noisy):
    # Knots lie midway between nodes. A jump would not shrink with the distance of the two sides.
    points = inside(300, 0.1)
    spacing = (UPPER - LOWER) / (np.array([9, 8, 7]) - 1)
    for k in range(3):
        on = points.copy()
        cell = np.floor((on[:, k] - LOWER[k]) / spacing[k])
        on[:, k] = LOWER[k] + (cell + 0.5) * spacing[k]
        step = 1e-9 * spacing[k] * np.eye(3)[k]
        for function in (noisy.B, noisy.grad_B):
            jump = np.abs(function(on + step) - function(on - step))
            assert np.max(jump) < 1e-7 * np.max(np.abs(function(on)))


def test_polynomials_are_met_exactly():
    frame = {"position": (1.5, 0.1, 0.2)}
    linear = LinearField((0.2, 0.5, 1.0), [[0.4, 0.1, -0.5], [0.3, -1.1, 0.2], [0.7, 0.6, 0.7]], **frame)
    uniform = UniformField([0.1, -0.2, 0.3])
    points = inside(500)
    for field in (linear, uniform):
        found = gridded(field, (6, 5, 7))
        B = field.B(points)
        np.testing.assert_allclose(found.B(points), B, rtol=0, atol=1e-13 * np.max(np.abs(B)))
        G = field.grad_B(points)
        np.testing.assert_allclose(found.grad_B(points), G, rtol=0, atol=1e-12 * np.max(np.abs(B)))
        assert max(found.fit_error) < 1e-13
        assert found.divergence_removed.max < 1e-13


def test_the_order_of_convergence_is_four_and_better_inside():
    errors = []
    for n in (14, 27):
        field = gridded(DIPOLE, (n, n, n))
        row = []
        for margin in (0.0, 0.25):
            points = inside(4000, margin)
            B = DIPOLE.B(points)
            row.append(np.max(np.linalg.norm(field.B(points) - B, axis=1) / np.linalg.norm(B, axis=1)))
        errors.append(row)
    at_ends, within = np.log2(np.array(errors[0]) / errors[1])
    assert (
        at_ends > 3.2
    )  # splines are slow to reach their order at the ends: 3.4 here, 3.6 of the next doubling
    assert within > 4.0
    assert errors[1][1] < 2e-6


def test_what_was_changed_is_told(dipole_grid):
    assert dipole_grid.divergence_removed.rms < 1e-6
    assert dipole_grid.fit_error.max < 1e-3
    axes = axes_of((21, 18, 23))
    nodes = nodes_of(axes)
    # grad of (x - 1.5)^2/2 has a divergence of one everywhere.
    wrong = np.zeros(nodes.shape)
    wrong[..., 0] = 0.1 * (nodes[..., 0] - 1.5)
    size = np.max(np.abs(DIPOLE.B(nodes)))
    with pytest.warns(UserWarning, match="axes and components in order"):
        field = GriddedField(*axes, DIPOLE.B(nodes) + size * wrong)
    assert 0.01 < field.divergence_removed.rms < 0.5


def test_outside_the_grid_all_is_nan_and_its_surface_belongs_to_it(dipole_grid):
    corners = np.array([LOWER, UPPER, [LOWER[0], UPPER[1], UPPER[2]]])
    assert np.isfinite(dipole_grid.B(corners)).all()
    assert np.isnan(dipole_grid.B([[0.999, 0, 0], [1.5, 0.401, 0], [np.nan, 0, 0]])).all()
    for value in dipole_grid.derivatives([1.5, 0.0, 0.7]).values():
        assert np.isnan(value).all()
    assert np.isnan(dipole_grid.A([1.5, 0.0, -0.5])).all()


def test_descending_axes_and_a_frame_change_nothing(dipole_grid):
    x, y, z = dipole_grid.x, dipole_grid.y, dipole_grid.z
    turned = GriddedField(x, y[::-1], z[::-1], dipole_grid.B_nodes[:, ::-1, ::-1])
    points = inside(100)
    np.testing.assert_allclose(turned.B(points), dipole_grid.B(points), rtol=1e-13)
    turn = along([1.0, 2.0, -0.5])
    moved = GriddedField(x, y, z, dipole_grid.B_nodes, position=(1.0, 2.0, 3.0), orientation=turn)
    found = moved.B(turn.apply(points) + np.array([1.0, 2.0, 3.0]))
    np.testing.assert_allclose(found, turn.apply(dipole_grid.B(points)), rtol=1e-12, atol=1e-21)
    assert moved.fit_error == dipole_grid.fit_error
    again = pickle.loads(pickle.dumps(moved))
    np.testing.assert_array_equal(again.B(points), moved.B(points))


@pytest.mark.parametrize("given", ["potential", "E_nodes"])
def test_E_is_the_gradient_of_a_potential(given):
    source = ParallelE(3.0, 0.6, "hill", position=(1.4, 0.0, 0.1), orientation=along([1.0, 1.0, 0.3]))
    axes = axes_of((21, 20, 19))
    nodes = nodes_of(axes)
    values = source.electric_potential(nodes) if given == "potential" else source.E(nodes)
    field = GriddedField(*axes, np.zeros(nodes.shape), **{given: values})
    assert field.electric
    points = inside(500, 0.1)
    d, expected = field.derivatives(points), source.derivatives(points)
    for name, tolerance in (("E", 1e-4), ("grad_E", 5e-3)):
        scale = np.max(np.abs(expected[name]))
        np.testing.assert_allclose(d[name], expected[name], rtol=0, atol=tolerance * scale)
    curl = d["grad_E"] - np.swapaxes(d["grad_E"], 1, 2)
    assert np.max(np.abs(curl)) < 1e-12 * np.max(np.abs(d["grad_E"]))
    np.testing.assert_array_equal(field.E(points), d["E"])
    difference = field.electric_potential(points) - source.electric_potential(points)
    assert np.ptp(difference) < 1e-4
    assert (field.curl_removed is None) == (given == "potential")
    if given == "E_nodes":
        assert field.curl_removed.rms < 1e-4


def test_an_orbit_keeps_its_energy_and_its_momentum_along_a_symmetry():
    # The sheet does not depend on y, nor does A, in whose gauge A_z = 0: p_y = gamma m v_y + q A_y is conserved. Boris'
    # steps keep the energy to rounding, and p_y to second order.
    sheet = HarrisSheet(1e-3, 0.5, normal=2e-4)
    axes = [np.linspace(-4.0, 4.0, n) for n in (9, 9, 41)]
    field = GriddedField(*axes, sheet.B(nodes_of(axes)))
    result = trace_ensemble(
        field,
        "electron",
        [[0.1, 0.2, 0.3]],
        [[3e7, 2e7, 1e7]],
        1e-7,
        dt=1e-11,
        method="boris",
        times=np.linspace(0, 1e-7, 21),
    )
    energy = result.energy[0]
    np.testing.assert_allclose(energy, energy[0], rtol=1e-12)
    assert np.ptp(result.position[0], axis=0).min() > 0.01
    gamma = 1.0 + energy / result.species.rest_energy
    momentum = gamma[:, None] * result.species.mass * result.velocity[0]
    p_y = momentum[:, 1] + result.species.charge * field.A(result.position[0])[:, 1]
    assert np.ptp(momentum[:, 1]) > 0.5 * np.linalg.norm(momentum[0])
    assert np.ptp(p_y) < 1e-4 * np.linalg.norm(momentum[0])


def test_what_to_xarray_makes_can_be_read():
    loop = CircularLoop(0.3, 5.0)
    axes = axes_of((9, 10, 11))
    dataset = to_xarray(loop, dict(zip("xyz", axes, strict=True)))
    direct = GriddedField(*axes, loop.B(nodes_of(axes)))
    points = inside(50)
    np.testing.assert_array_equal(GriddedField.from_xarray(dataset).B(points), direct.B(points))
    # Other dimensions, order of the components, and units.
    other = dataset.transpose("component", "z", "x", "y").sel(component=["z", "x", "y"])
    other["B"] = (other["B"] * 1e9).assign_attrs(units="nT")
    other = other.assign_coords(x=("x", 100 * axes[0], {"units": "cm"})).rename(x="east")
    read = GriddedField.from_xarray(other, x="east")
    np.testing.assert_allclose(read.B(points), direct.B(points), rtol=1e-11)
    parts = xr.Dataset({f"B{k}": dataset["B"].sel(component=k, drop=True) * 1e4 for k in "xyz"})
    for k in "xyz":
        parts[f"B{k}"].attrs["units"] = "G"
    read = GriddedField.from_xarray(parts, ("Bx", "By", "Bz"))
    np.testing.assert_allclose(read.B(points), direct.B(points), rtol=1e-11)


def dataset(**changes):
    axes = dict(zip("xyz", axes_of((6, 6, 6)), strict=True)) | changes
    shape = [len(axes[k]) for k in "xyz"]
    return xr.Dataset({"B": ((*"xyz", "c"), np.ones((*shape, 3)))}, axes)


def test_errors_of_from_xarray():
    read = GriddedField.from_xarray
    with pytest.raises(ValueError, match="x must go in equal steps, got steps from 1 to 10"):
        read(dataset(x=[0.0, 1.0, 2.0, 3.0, 4.0, 14.0]))
    with pytest.raises(ValueError, match="z must hold at least 5 nodes, got shape"):
        read(dataset(z=[0.0, 1.0]))
    gap = dataset()
    gap["B"][1, 2, 3, 0] = np.nan
    with pytest.raises(
        ValueError, match=r"B_nodes must have no gaps, got 1 nan, the first at node \(1, 2, 3\)"
    ):
        read(gap)
    with pytest.raises(ValueError, match="y must be the name of a coordinate along a dimension, got 'lat'"):
        read(dataset(), y="lat")
    with pytest.raises(ValueError, match="B must name variables of the dataset, got 'H'; there are B"):
        read(dataset(), "H")
    wrong = dataset()
    wrong["B"] = wrong["B"].assign_attrs(units="A/m")
    with pytest.raises(ValueError, match="B must be in a unit of T: 'A/m' is a unit of field strength H"):
        read(wrong)
    with pytest.raises(ValueError, match="B must have 3 components, got 2 of c"):
        read(dataset().isel(c=[0, 1]))
    with pytest.raises(ValueError, match="B must have the dimensions x, y, z and one more"):
        read(dataset().isel(c=0))


def test_errors_of_arrays():
    axes, B = axes_of((6, 6, 6)), np.ones((6, 6, 6, 3))
    with pytest.raises(ValueError, match=r"B_nodes must have shape \(6, 6, 6, 3\), got shape \(6, 6, 3, 6\)"):
        GriddedField(*axes, np.swapaxes(B, 2, 3))
    with pytest.raises(ValueError, match="E_nodes and potential must not both be given"):
        GriddedField(*axes, B, B[..., 0], B)
