"""What tasks give: values as the sources give them, dimensions, units."""

import numpy as np
import pytest

from magneton.scene import SceneError, read_scene, run_scene
from magneton.sources import CircularLoop, Dipole

ANGLES = np.arange(16) * np.pi / 8
RING = np.stack([np.cos(ANGLES), np.sin(ANGLES), 0 * ANGLES], axis=-1).tolist()
HEAD = f"""
[sources.coil]
type = "CircularLoop"
radius = "10 cm"
current = "2 A"
axis = [0, 3, 4]
position = ["1 cm", 0, 0]
[sources.needle]
type = "PolePair"
pole_strength = 2
separation = [0, 0, "1 cm"]
position = [0, 0, 0.3]
[sources.pole]
type = "Pole"
pole_strength = 1
[sources.wire]
type = "Polyline"
vertices = [[0, 0, 0], [1, 0, 0], [1, 1, 0]]
current = 1
closed = true
[sources.ring]
type = "CurveLoop"
samples = {RING}
current = 1
[sources.gas]
type = "Dipoles"
moments = [[1, 0, 0], [0, 1, 0]]
positions = [[0, 0, 1], [0, 0, 2]]
[sources.far]
type = "Dipole"
moment = [1, 2, 3]
position = [20, 0, 15]
[sources.earth]
type = "UniformField"
B = [0, 0, "0.5 G"]
"""
COIL = CircularLoop.from_moment(0.1, 2 * np.pi * 0.01 * np.array([0, 0.6, 0.8]), (0.01, 0, 0))


def compute(text):
    return run_scene(read_scene(f"{HEAD}\n[compute.t]\n{text}"))["t"]


@pytest.mark.parametrize(
    ("source", "moment"),
    [
        ("coil", COIL.moment),
        ("needle", [0, 0, 0.02]),
        ("wire", [0, 0, 0.5]),
        ("ring", [0, 0, np.pi]),
        ("gas", [1, 1, 0]),
    ],
)
def test_moments_of_all_kinds(source, moment):
    data = compute(f'type = "moment"\nsource = "{source}"')
    assert data.moment.values == pytest.approx(np.array(moment), rel=1e-12, abs=1e-17)


@pytest.mark.parametrize("source", ["pole", "earth"])
def test_what_has_no_moment_says_so(source):
    with pytest.raises(SceneError, match=rf"compute\.t: .*{source}"):
        compute(f'type = "moment"\nsource = "{source}"')


def test_field_on_a_line():
    data = compute("""
        type = "field"
        source = "coil"
        quantities = ["B", "A", "grad_B"]
        line = { origin = [0, 0, 1], direction = [0, 0, 2], start = -0.5, stop = "50 cm", count = 5 }
    """)
    points = np.array([[0, 0, z] for z in (0.5, 0.75, 1, 1.25, 1.5)])
    assert data.z.values == pytest.approx(points[:, 2])
    assert data.distance.values == pytest.approx([-0.5, -0.25, 0, 0.25, 0.5])
    for name in ("B", "A", "grad_B"):
        expected = getattr(COIL, name)(points)
        assert data[name].values == pytest.approx(expected, rel=1e-12, abs=1e-14 * np.abs(expected).max())
    assert data.grad_B.dims == ("distance", "component", "derivative")
    assert data.B.attrs == {"long_name": "magnetic flux density of coil", "units": "T"}


@pytest.mark.parametrize(
    ("grid", "shape"),
    [
        ("{ y = { start = 1, stop = 2, count = 4 } }", (4,)),
        (
            "{ x = { start = 1, stop = 2, count = 4 }, z = { start = 1, stop = 2, count = 3 }, y = 0.5 }",
            (4, 3),
        ),
        (
            "{ x = { start = 1, stop = 2, count = 4 }, y = { start = 1, stop = 2, count = 2 }, "
            "z = { start = 1, stop = 8, count = 3, spacing = 'log' } }",
            (4, 2, 3),
        ),
    ],
)
def test_field_on_a_grid(grid, shape):
    data = compute(f'type = "field"\nsource = "coil"\nquantities = ["H"]\ngrid = {grid}')
    assert data.H.shape == (*shape, 3)
    corner = data.isel(dict.fromkeys(data.H.dims[:-1], -1))
    point = [float(corner[key]) for key in "xyz"]
    assert corner.H.values == pytest.approx(COIL.H(point), rel=1e-12)


def test_field_at_points_beside_the_dipole():
    data = compute("""
        type = "field"
        source = "coil"
        formula = "dipole"
        points = [[1, 2, 3], ["10 m", 0, 0]]
    """)
    points = np.array([[1, 2, 3], [10, 0, 0]])
    dipole = Dipole(COIL.moment, COIL.position).B(points)
    assert data.B_formula.values == pytest.approx(dipole, rel=1e-12, abs=1e-25)
    size = np.linalg.norm(COIL.B(points), axis=1) / np.linalg.norm(dipole, axis=1)
    assert data.B_ratio.values == pytest.approx(size, rel=1e-12)


def test_interaction_with_a_pivot_beside_the_formula():
    text = 'type = "interaction"\nsource = "coil"\ntarget = "needle"\nformula = "dipole"\n'
    plain, moved = compute(text), compute(text + 'pivot = [0, 0, "1 m"]')
    arm = np.array([0, 0, 0.3 - 1])
    for end in ("", "_formula"):
        turned = moved["torque" + end] - plain["torque" + end]
        assert turned.values == pytest.approx(np.cross(arm, plain["force" + end]), rel=1e-9)
    assert float(plain.force_ratio) == pytest.approx(1, abs=0.5)
    assert plain.force_ratio.attrs["long_name"].endswith("exact / formula")


def test_a_vanishing_formula_has_no_ratio():
    text = (
        HEAD
        + """
        [sources.p]
        type = "CircularLoop"
        radius = 0.1
        moment = [0, 0, 1]
        [sources.q]
        type = "CircularLoop"
        radius = 0.1
        moment = [0, 0, 1]
        position = [0, 0, 1]
        [compute.t]
        type = "interaction"
        source = "p"
        target = "q"
        formula = "dipole"
    """
    )
    data = run_scene(read_scene(text))["t"]
    assert np.isnan(data.torque_ratio)
    assert float(data.energy_ratio) == pytest.approx(1, abs=0.1)


def test_mutual_inductance_of_coaxial_loops():
    data = compute('type = "mutual_inductance"\nsource = "ring"\ntarget = "coil"')
    assert data.mutual_inductance.attrs["units"] == "H"
    back = compute('type = "mutual_inductance"\nsource = "coil"\ntarget = "ring"')
    assert float(data.mutual_inductance) == pytest.approx(float(back.mutual_inductance), rel=1e-8)


def test_formula_needs_positions_and_moments():
    with pytest.raises(SceneError, match=r"compute\.t\.formula: 'dipole' needs .* 'earth', a UniformField"):
        compute('type = "interaction"\nsource = "earth"\ntarget = "coil"\nformula = "dipole"')


@pytest.mark.parametrize("source", ["gas", "ring", "wire", "needle"])
def test_formula_beside_other_kinds(source):
    data = compute(f'type = "interaction"\nsource = "{source}"\ntarget = "far"\nformula = "dipole"')
    assert float(data.force_ratio) == pytest.approx(1, abs=0.2)


def test_undefined_field_is_nan():
    data = compute('type = "field"\nsource = "pole"\npoints = [[0, 0, 0], [1, 0, 0]]')
    assert np.isnan(data.B[0]).all()
    assert np.isfinite(data.B[1]).all()


def test_dataset_tells_where_it_comes_from():
    scene = read_scene(f'title = "T"\n{HEAD}\n[compute.t]\ntype = "moment"\nsource = "gas"', "some.toml")
    data = run_scene(scene)["t"]
    assert data.attrs["scene"] == scene.text
    assert data.attrs["title"] == "T: t"
    assert data.attrs["source"].startswith("magneton ")


def test_progress_counts_every_point():
    seen = []
    task = '[compute.t]\ntype = "moment"\nsource = "coil"\n'
    sweep = '[compute.t.sweep.r]\nparameter = "sources.coil.radius"\nvalues = [1, 2, 3]'
    run_scene(read_scene(HEAD + task + sweep), lambda *args: seen.append(args))
    assert seen == [("t", 1, 3), ("t", 2, 3), ("t", 3, 3)]
