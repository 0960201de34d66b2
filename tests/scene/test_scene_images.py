"""Images in iron as sources of scenes, offsets of sweeps, and figures of several tasks."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import CircularLoop, interaction
from magneton.interactions.images import image
from magneton.plot import draw
from magneton.plot.scene_view import sources_of
from magneton.scene import SceneError, read_scene, run_scene

IMAGE = """
[sources.coil]
type = "CircularLoop"
radius = "2 cm"
current = 5
position = [0, 0, "3 cm"]
[sources.plate]
type = "Image"
of = "coil"
normal = [0, 1, 2]
point = [0, 0, "-1 cm"]
"""
PULL = """
[compute.pull]
type = "interaction"
source = "plate"
target = "coil"
"""
ROTATION = [0.0, 0.5, 0.2]
NORMAL, POINT = [0, 1, 2], [0, 0, -0.01]


def pull(extra, task="pull"):
    return run_scene(read_scene(IMAGE + PULL + extra))[task]


def force(position=(0, 0, 0.03), rotation=(0, 0, 0), mu_r=np.inf):
    """Return what the same iron does to the same coil in Python."""
    coil = CircularLoop(0.02, 5.0, position).rotated(Rotation.from_rotvec(rotation), about=position)
    return interaction(image(coil, POINT, NORMAL, mu_r), coil).force


def test_an_image_is_that_of_python_at_any_permeability():
    data = pull('[compute.pull.sweep.mu]\nparameter = "sources.plate.mu_r"\nvalues = [0, 1, 4, 1000]')
    for mu_r, found in zip((0, 1, 4, 1000), data.force.values, strict=True):
        np.testing.assert_allclose(found, force(mu_r=mu_r), rtol=1e-12, atol=0)
    assert not data.force.values[1].any()
    np.testing.assert_allclose(pull("").force.values, force(), rtol=1e-12)


def test_an_image_moves_and_turns_with_its_source():
    data = pull("""
        [compute.pull.sweep.case]
        set."sources.coil.position" = [[0, 0, "3 cm"], [0, "1 cm", "5 cm"]]
        set."sources.coil.rotation" = [[0, 0.5, 0.2], [0, 0.5, 0.2]]
    """)
    for position, found in zip(([0, 0, 0.03], [0, 0.01, 0.05]), data.force.values, strict=True):
        np.testing.assert_allclose(found, force(position, ROTATION), rtol=1e-12)


def test_an_image_of_a_collection_follows_the_members():
    text = '[sources.both]\ntype = "Collection"\nsources = ["coil"]\n'
    scene = IMAGE + PULL + text
    for key in ("of", "target"):
        scene = scene.replace(f'{key} = "coil"', f'{key} = "both"')
    sweep = '[compute.pull.sweep.z]\nparameter = "sources.coil.position.2"\nvalues = ["3 cm", "7 cm"]'
    data = run_scene(read_scene(scene + sweep))["pull"]
    np.testing.assert_allclose(data.force.values, [force(), force((0, 0, 0.07))], rtol=1e-12)


def test_the_view_shows_a_source_beside_its_image():
    assert list(sources_of(read_scene(IMAGE + PULL))) == ["coil", "plate"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('of = "coil"', 'of = "col"', "sources.plate.of: no source is named 'col'; did you mean 'coil'"),
        ('of = "coil"', 'of = "plate"', "sources.plate.of: a source cannot contain itself, got plate > plate"),
        ('of = "coil"', "", "sources.plate.of: required but missing"),
        ("normal = [0, 1, 2]", "normal = [0, 0, 0]", "sources.plate.normal: must not be zero"),
        ("normal = [0, 1, 2]", "normal = [0, 1, 2]\nmu_r = -2", "sources.plate.mu_r: must not be negative, got -2"),
        ("normal = [0, 1, 2]", "normal = [0, 1, 2]\nmu_r = '1 m'", "sources.plate.mu_r: must be a pure number"),
        ("normal = [0, 1, 2]", "normal = [0, 1, 2]\nrotation = [0, 0, 1]", "sources.plate.rotation: an image has none"),
        ("point = [0, 0, '-1 cm']", "point = [0, 0, '4 cm']", "sources.plate: source must lie on the side"),
        ('type = "CircularLoop"\nradius = "2 cm"\ncurrent = 5\nposition = [0, 0, "3 cm"]',
         'type = "UniformField"\nB = [0, 0, 1]', "sources.plate: source must be one of"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_one_line(old, new, said):
    text = (IMAGE + PULL).replace('"-1 cm"', "'-1 cm'")
    assert old in text
    with pytest.raises(SceneError, match=r"^[^\n]*$") as raised:
        run_scene(read_scene(text.replace(old, new)))
    assert said in str(raised.value)


def test_a_circle_through_an_image_is_found():
    text = IMAGE.replace('of = "coil"', 'of = "both"') + PULL
    with pytest.raises(SceneError, match="cannot contain itself, got plate > both > plate"):
        read_scene(text + '[sources.both]\ntype = "Collection"\nsources = ["coil", "plate"]')


SWEEP = '[compute.pull.sweep.gap]\nparameter = "sources.coil.position.2"\nvalues = [0, 10]\n'


def test_plus_is_added_to_the_parameter_not_to_the_coordinate():
    data = pull(SWEEP + 'times = "1 mm"\nplus = "3 cm"')
    np.testing.assert_array_equal(data.gap, [0, 10])
    np.testing.assert_allclose(data.force.values, [force(), force((0, 0, 0.04))], rtol=1e-12)


def test_plus_alone_keeps_the_unit():
    data = pull(SWEEP.replace("[0, 10]", '["0 mm", "1 cm"]') + 'plus = "3 cm"')
    np.testing.assert_array_equal(data.gap, [0, 0.01])
    assert data.gap.attrs["units"] == "m"
    np.testing.assert_allclose(data.force.values, [force(), force((0, 0, 0.04))], rtol=1e-12)


def test_plus_has_the_unit_of_the_parameter_and_goes_with_it():
    with pytest.raises(SceneError, match=r"compute\.pull\.sweep\.gap\.plus: must be a length"):
        pull(SWEEP + 'plus = "3 T"')
    with pytest.raises(SceneError, match="goes with parameter, not with set"):
        pull('[compute.pull.sweep.gap]\nset."sources.coil.current" = [1]\nplus = 2')


TWO = (
    IMAGE
    + PULL
    + SWEEP
    + 'plus = "3 cm"\n'
    + PULL.replace("pull", "push_back")
    .replace('"plate"', '"p"')
    .replace('"coil"', '"plate"')
    .replace('"p"', '"coil"')
    + SWEEP.replace("pull", "push_back").replace("0, 10", "0, 5, 20")
    + 'plus = "3 cm"\n'
)
FIGURE = '[figures.both]\ncompute = ["pull", "push_back"]\ny = {y}\n'


def test_a_figure_draws_curves_of_several_tasks():
    scene = read_scene(TWO + FIGURE.format(y='"force.z"'))
    results = run_scene(scene)
    (axes,) = draw(results, scene.table.figures["both"]).axes
    assert [line.get_label() for line in axes.lines] == ["pull", "push back"]
    for line, name in zip(axes.lines, ("pull", "push_back"), strict=True):
        np.testing.assert_array_equal(line.get_xdata(), results[name].gap)
        np.testing.assert_array_equal(line.get_ydata(), results[name].force[:, 2])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("gap [m]", "force z [N]")
    assert len({line.get_color() for line in axes.lines}) == 2


def test_several_results_of_several_tasks_are_told_apart():
    scene = read_scene(TWO + FIGURE.format(y='["force.z", "energy"]'))
    (axes,) = draw(run_scene(scene), scene.table.figures["both"]).axes
    words = ["pull, force z", "pull, energy", "push back, force z", "push back, energy"]
    assert [line.get_label() for line in axes.lines] == words


MAP = """
[compute.map]
type = "field"
source = "coil"
grid = { x = { start = -1, stop = 1, count = 3 }, z = { start = -1, stop = 1, count = 3 } }
[compute.line]
type = "field"
source = "coil"
line = { direction = [0, 0, 1], start = 1, stop = 2, count = 3 }
"""


@pytest.mark.parametrize(
    ("tasks", "y", "said"),
    [
        (
            '["pull", "pul"]',
            "energy",
            "figures.both.compute.1: no compute is named 'pul'; did you mean 'pull'",
        ),
        ('["map", "line"]', "B.z", "figures.both.compute: a map shows one task"),
        ('["pull", "line"]', "force.z", "figures.both.y: 'force.z' is no result of this task"),
        ("[]", "energy", "figures.both.compute: must have at least 1 entry"),
        ("5", "energy", "figures.both.compute: must be"),
    ],
)
def test_what_is_wrong_with_a_figure_is_said(tasks, y, said):
    text = TWO + MAP + FIGURE.format(y=f'"{y}"').replace('["pull", "push_back"]', tasks)
    with pytest.raises(SceneError, match=r"^[^\n]*$") as raised:
        read_scene(text)
    assert said in str(raised.value)


def test_tasks_of_a_figure_share_their_x():
    text = TWO.replace("push_back.sweep.gap", "push_back.sweep.height") + FIGURE.format(y='"energy"')
    with pytest.raises(
        SceneError, match=r"both\.x: all tasks of a figure must have one x, got gap and height"
    ):
        read_scene(text)
