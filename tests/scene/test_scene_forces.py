"""Scenes with magnets, coils and densities as targets, and the example of holding forces."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from magneton import Cuboid, Cylinder
from magneton.cli import main
from magneton.constants import mu_0
from magneton.scene import read_scene, run_scene

EXAMPLES = Path(__file__).parents[2] / "examples"
HEIGHT = 0.005
SCENE = """
[sources.loop]
type = "CircularLoop"
radius = "3 cm"
current = "20 A"
axis = [1, 0, 2]
position = ["-4 cm", "1 cm", 0]
[sources.body]
{body}
position = ["5 cm", 0, "2 cm"]
rotation = [0, "30 deg", "40 deg"]
[compute.action]
type = "interaction"
source = "loop"
target = "body"
pivot = [0, 0, 0]
[compute.reaction]
type = "interaction"
source = "body"
target = "loop"
pivot = [0, 0, 0]
"""
BODIES = {
    "Cuboid": 'type = "Cuboid"\ndimension = ["2 cm", "1 cm", "3 cm"]\ngrade = "N42"\ndirection = [1, 0, 2]',
    "Cylinder": 'type = "Cylinder"\nradius = "1 cm"\nheight = "2 cm"\npolarization = [0.3, 0, 1.2]',
    "Sphere": 'type = "Sphere"\nradius = "1 cm"\npolarization = [0, 1, 0]',
    "Solenoid": 'type = "Solenoid"\nradius = "1 cm"\nlength = "3 cm"\nturns = 200\ncurrent = 2',
    "Coil": 'type = "Coil"\ninner_radius = "1 cm"\nouter_radius = "2 cm"\nlength = "1 cm"\nturns = 300\ncurrent = 2',
    "Magnetization": 'type = "Magnetization"\npoints = [[0, 0, 0], ["1 cm", 0, 0]]\n'
    'magnetization = [["800 kA/m", 0, 0], [0, "800 kA/m", 0]]\nvolume = "1 cm^3"',
}


@pytest.mark.parametrize("kind", BODIES)
def test_bodies_are_targets_and_the_third_law_holds(kind):
    scene = read_scene(SCENE.format(body=BODIES[kind]))
    results = run_scene(scene)
    there, back = results["action"], results["reaction"]
    for name in ("force", "torque"):
        scale = float(there[name + "_scale"])
        assert np.linalg.norm(there[name]) > 1e-3 * scale  # something to compare
        assert np.allclose(there[name], -back[name], rtol=0, atol=3e-9 * scale)
    assert float(there.energy) == pytest.approx(float(back.energy), rel=1e-7)
    assert 0 < float(there.error) <= 1e-9


def test_two_magnets_tend_to_dipoles():
    data = run_scene(
        read_scene("""
            [sources.a]
            type = "Cuboid"
            dimension = ["1 cm", "1 cm", "1 cm"]
            polarization = [0, 0, 1]
            [sources.b]
            type = "Cylinder"
            radius = "5 mm"
            height = "8 mm"
            polarization = [0, 1, 1]
            position = [1, 0.5, 0.3]
            [compute.f]
            type = "interaction"
            source = "a"
            target = "b"
            formula = "dipole"
            [compute.f.sweep.scale]
            set."sources.b.position" = [["2 cm", "1 cm", "0.6 cm"], [1, 0.5, 0.3]]
        """)
    )["f"]
    near, far = data.force_ratio.values
    assert abs(near - 1) > 1e-3
    assert far == pytest.approx(1, abs=1e-4)


@pytest.fixture(scope="module")
def holding(tmp_path_factory):
    folder = tmp_path_factory.mktemp("holding")
    shutil.copy(EXAMPLES / "holding_force.toml", folder)
    with pytest.raises(SystemExit) as stop:
        main(["run", str(folder / "holding_force.toml"), "--out", str(folder / "out")])
    assert stop.value.code == 0
    return folder / "out"


def results(folder, name):
    return xr.load_dataset(folder / f"{name}.nc", engine="h5netcdf")


def stress(field, size):
    """Return the pull through a plane that the field crosses at right angles: the integral of B^2/(2 mu_0).

    `field` gives B_z at x, y; polar coordinates, the radius mapped to (0, 1).
    """
    nodes, weights = np.polynomial.legendre.leggauss(300)
    t, angles = 0.5 * (nodes + 1.0), 2.0 * np.pi * (np.arange(96) + 0.5) / 96
    rho = size * t / (1.0 - t)
    B = field(np.outer(rho, np.cos(angles)), np.outer(rho, np.sin(angles)))
    rings = np.mean(B**2, axis=1) * 2.0 * np.pi * rho
    return float(np.sum(0.5 * weights * size / (1.0 - t) ** 2 * rings) / (2.0 * mu_0))


def B_z_below(magnet, gap):
    """Return B_z at x, y in the plane that lies `gap` below a magnet about the origin."""
    return lambda x, y: magnet.B(np.stack([x, y, np.full(x.shape, -gap - HEIGHT / 2)], axis=-1))[..., 2]


@pytest.mark.parametrize("gap", [2.0, 5.0, 20.0])
def test_pull_on_ideal_iron_is_the_stress_on_its_face(holding, gap):
    magnet = Cuboid((0.02, 0.01, HEIGHT), grade="N42", direction=(0, 0, 1))
    one = B_z_below(magnet, gap * 1e-3)
    # The iron doubles B_z, and leaves nothing along its face.
    pull = stress(lambda x, y: 2.0 * one(x, y), 0.01)
    force = results(holding, "block_table").force.sel(gap_mm=gap)
    assert float(force[2]) == pytest.approx(-pull, rel=1e-9)
    assert np.abs(force[:2]).max() < 1e-12 * pull


@pytest.mark.parametrize("gap", [2.0, 5.0, 20.0])
def test_pull_of_two_discs_is_the_stress_between_them(holding, gap):
    disc = Cylinder(0.01, HEIGHT, grade="N42", direction=(0, 0, 1))
    one = B_z_below(disc, 0.5e-3 * gap)  # in the middle, where the discs' fields along the plane cancel
    force = results(holding, "discs_table").force.sel(gap_mm=gap)
    assert float(force[2]) == pytest.approx(-stress(lambda x, y: 2.0 * one(x, y), 0.01), rel=1e-9)


def test_curves_pass_through_the_tables_and_grow_towards_contact(holding):
    for table, curve in (("block_table", "block_on_steel"), ("discs_table", "two_discs")):
        listed, drawn = results(holding, table), results(holding, curve)
        for data in (listed, drawn):
            pull = -data.force.sel(component="z").values
            assert np.all(np.diff(pull) < 0)
            assert np.all(pull > 0)
            assert float(data.error.max()) < 1e-9
            assert np.all(data.force_scale.values >= pull)
        for end in (0.01, 20.0):
            ends = [data.force.sel(gap_mm=end).values[2] for data in (listed, drawn)]
            assert ends[0] == pytest.approx(ends[1], rel=1e-9)
        contact, close = -listed.force.values[:2, 2]
        assert 0 < contact - close < 0.03 * contact  # finite, and no jump


def test_both_curves_are_drawn(holding):
    assert (holding / "holding_force.png").read_bytes().startswith(b"\x89PNG")
