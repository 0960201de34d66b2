"""Scene tables of magnets, coils, densities, charges and planets: each builds its object, or says what is wrong."""

from pathlib import Path

import numpy as np
import pytest

from magneton import Cuboid, CurrentDensity, Solenoid, SpinningBody, earth, planet
from magneton.scene import fields as orbit_fields
from magneton.scene.errors import SceneError
from magneton.scene.load import load_scene, read_scene
from magneton.scene.schema import build_order
from magneton.scene.sources import SOURCE_TYPES
from magneton.sources.samples import SAMPLES

EXAMPLES = Path(__file__).parents[2] / "examples"
TASK = '\n[compute.m]\ntype = "moment"\nsource = "a"\n'
#: Sources that a scene has by another name.
OTHERWISE = {"GaussCoefficients": "Planet", "Multipole": None}


def build(models, names):
    """Return the sources of these names, built."""
    made = {}
    for name in build_order(names, models):
        made[name] = models[name].build({member: made[member] for member in models[name].members()})
    return made


def built(text):
    """Return the source named a of a scene with this table."""
    return build(read_scene("[sources.a]\n" + text + TASK).table.sources, ["a"])["a"]


def test_a_scene_knows_every_source():
    names = {OTHERWISE.get(kind.__name__, kind.__name__) for kind in SAMPLES} - {None}
    assert names <= set(SOURCE_TYPES)


def test_the_showroom_has_every_source_but_planets_and_images_and_builds():
    scene = load_scene(EXAMPLES / "showroom.toml")
    shown = {table.type for table in scene.table.sources.values()}
    fields = {type_name for type_name in SOURCE_TYPES if hasattr(orbit_fields, f"{type_name}Table")}
    assert set(SOURCE_TYPES) - shown - fields == {"Earth", "Planet", "UniformField", "Image"}
    for name, source in build(scene.table.sources, list(scene.table.sources)).items():
        assert np.all(np.isfinite(source.B([1.3, -0.7, 0.4]))), name


def test_tables_build_what_python_would():
    point = [0.3, -0.2, 0.4]
    pairs = [
        (
            'type = "Cuboid"\ndimension = ["2 cm", 0.02, 0.01]\ngrade = "n42"\ndirection = [0, 0, 2]\n'
            'position = [0, 0, "1 cm"]\nrotation = [0, "90 deg", 0]',
            Cuboid((0.02, 0.02, 0.01), remanence=(1.3, 0, 0), position=(0, 0, 0.01)),
        ),
        (
            'type = "Solenoid"\nradius = "2 cm"\nlength = 0.1\nturns = 500\ncurrent = "20 mA"',
            Solenoid(0.02, 0.1, 500, 0.02),
        ),
        (
            'type = "CurrentDensity"\npoints = [[0, 0, 0]]\ncurrent_density = [["1 A/mm^2", 0, 0]]\nvolume = "1 cm^3"',
            CurrentDensity([[0.0, 0, 0]], [[1e6, 0, 0]], 1e-6),
        ),
        (
            'type = "SpinningBody"\nshape = "cylinder"\ncharge = "1 uC"\nmass = "1 g"\nradius = 0.1\nlength = 0.2\n'
            "angular_velocity = [0, 0, 3]",
            SpinningBody.cylinder(1e-6, 1e-3, 0.1, 0.2, (0, 0, 3.0)),
        ),
    ]
    for text, expected in pairs:
        if expected.__class__ is Cuboid:  # turned by 90 degrees about y: edges and magnetization go with it
            expected = Cuboid((0.01, 0.02, 0.02), remanence=(1.3, 0, 0), position=(0, 0, 0.01))
        np.testing.assert_allclose(built(text).B(point), expected.B(point), rtol=1e-12, atol=1e-25)


def test_planets_come_by_date_and_by_name():
    point = [7e6, 1e6, 2e6]
    for date in ('"2020-01-01"', "2020-01-01", "2020.0", "2020"):
        np.testing.assert_array_equal(built(f'type = "Earth"\ndate = {date}').B(point), earth(2020).B(point))
    jupiter = built('type = "Planet"\nname = "Jupiter"')
    np.testing.assert_array_equal(jupiter.moment, planet("Jupiter").moment)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('type = "Sphere"\nradius = 1', "exactly one of magnetization, polarization, remanence, grade is required"),
        (
            'type = "Sphere"\nradius = 1\npolarization = [0, 0, 1]\nremanence = [0, 0, 1]',
            "got polarization and remanence",
        ),
        ('type = "Sphere"\nradius = 1\ngrade = "N42"', "sources.a.direction: goes with grade"),
        ('type = "Sphere"\nradius = 1\ngrade = "N43"\ndirection = [0, 0, 1]', "sources.a.grade: must be one of N"),
        ('type = "Sphere"\nradius = "1 T"\npolarization = [0, 0, 1]', "sources.a.radius: must be a length"),
        ('type = "Cuboid"\ndimension = [1, 1]\npolarization = [0, 0, 1]', "sources.a.dimension: must be a list of 3"),
        ('type = "SpinningBody"\nshape = "ring"\ncharge = 1\nmass = 1\nradius = 1\nlength = 1\n'
         'angular_velocity = [0, 0, 1]',
         "sources.a.length: goes with the shape cylinder"),
        ('type = "TriangularMesh"\nstl = "a.stl"\npolarization = [0, 0, 1]',
         "sources.a.scale: required with stl: the length of the file's unit, such as '1 mm'"),
        ('type = "TriangularMesh"\nvertices = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]\nscale = 1\n'
         'faces = [[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]]\npolarization = [0, 0, 1]',
         "sources.a.scale: goes with stl"),
        ('type = "PoleDensity"\npoints = [[0, 0, 0]]\ndensity = [1, 2]\nvolume = 1', "one entry for each of points"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(text, said):
    with pytest.raises(SceneError, match=r"^[^\n]*$") as raised:
        built(text)
    assert said in str(raised.value)
