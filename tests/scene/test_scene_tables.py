"""Tables on the screen: 80 columns, seven digits, noise as 0, long ones thinned."""

import io

import pytest
from rich.console import Console

from magneton.scene import read_scene, run_scene
from magneton.scene.tables import MAX_POINTS, _chosen, number, table

HEAD = """
[sources.a]
type = "CircularLoop"
radius = 0.1
moment = [0, 0, 100]
[sources.b]
type = "CircularLoop"
radius = 0.1
moment = [0, 0, 100]
position = [0, 0, 1]
[compute.t]
source = "a"
"""


def shown(text):
    """Return the lines of the table of a task."""
    scene = read_scene(HEAD + text)
    data = run_scene(scene)["t"]
    stream = io.StringIO()
    Console(file=stream, width=80, markup=False).print(table(data, scene.table.compute["t"].shown(), "t"))
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    assert max(map(len, lines)) <= 80
    return [line for line in lines if line]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-0.0057125958, "-0.005712596"),
        (1e-7, "1e-07"),
        (float("nan"), "-"),
        (100.0, "100"),
    ],
)
def test_number(value, text):
    assert number(value) == text


def test_exact_beside_formula_and_noise_as_zero():
    lines = shown('type = "interaction"\ntarget = "b"\nformula = "dipole"')
    text = "\n".join(lines)
    assert lines[1].split() == ["quantity", "exact", "formula", "ratio"]
    assert text.count("-0.005712596") == 1  # case I of Table I, turned to z
    assert "e-1" not in text  # the torque vanishes by symmetry


def test_vectors_without_formula_have_a_row_each():
    lines = shown('type = "field"\npoints = [[0, 0, 1], [0, 0, 2]]\nquantities = ["B", "H"]')
    assert lines[1].split() == ["x", "[m]", "y", "[m]", "z", "[m]", "quantity", "x", "y", "z", "norm"]
    assert [line.split()[3] for line in lines[3:]] == ["B", "H", "B", "H"]


def test_long_results_are_thinned():
    lines = shown(
        'type = "field"\nshow = ["B.z"]\nline = { direction = [0, 0, 1], start = 1, stop = 2, count = 100 }'
    )
    assert lines[-1].strip() == "12 of 100 points shown; the files hold all"
    assert len(lines) - 4 == MAX_POINTS


def test_two_sweeps_of_one_number_cross():
    lines = shown("""
        type = "interaction"
        target = "b"
        show = ["force.z"]
        [compute.t.sweep.case]
        labels = ["up", "down"]
        set."sources.a.moment" = [[0, 0, 1], [0, 0, -1]]
        [compute.t.sweep.r]
        parameter = "sources.b.position.2"
        values = [1, 2, 3]
    """)
    assert lines[0] == "t: force.z [N]"
    assert lines[1].split() == ["r", "[m]", "case", "up", "case", "down"]
    assert [line.split()[0] for line in lines[3:]] == ["1", "2", "3"]
    for line in lines[3:]:
        up, down = map(float, line.split()[1:])
        assert up == pytest.approx(-down)


def test_tensors_and_scalars():
    lines = shown('type = "field"\nquantities = ["grad_B"]\npoints = [[1, 0, 0]]')
    assert sum("grad_B" in line for line in lines) == 10
    lines = shown('type = "mutual_inductance"\ntarget = "b"')
    assert lines[1].strip() == "mutual_inductance [H]"


def test_words_of_the_user_are_not_markup():
    lines = shown("""
        type = "moment"
        [compute.t.sweep.s]
        label = "[red]x[/red]"
        parameter = "sources.a.radius"
        values = [1]
    """)
    assert "[red]x[/red]" in lines[1]


def test_points_beside_the_formula_fit():
    lines = shown('type = "field"\nformula = "dipole"\npoints = [[0.25, -0.125, 0.5], [1, 0, 0]]')
    assert len(lines) == 3 + 2 * 4  # a cell that does not fit would be folded to a second line


GRID = "grid = { x = { start = 1, stop = 2, count = 8 }, y = { start = 1, stop = 2, count = 12 }, z = 0 }"


def test_planes_are_thinned_on_both_axes():
    lines = shown(f'type = "field"\nshow = ["B.z"]\n{GRID}')
    rows = [line.split() for line in lines[3:-2]]
    assert len(rows) <= MAX_POINTS
    assert min(len({row[k] for row in rows}) for k in range(2)) >= 3
    assert "spread over each axis" in lines[-2]
    assert lines[-1].strip().startswith("B.z [T] over all points: -")


@pytest.mark.parametrize("shape", [(), (7,), (31,), (46,), (100,), (1, 50), (4, 61), (8, 8, 9), (2, 3, 4, 5)])
def test_chosen_points_spread_over_every_axis(shape):
    points = _chosen(shape)
    assert len(points) == len(set(points)) <= MAX_POINTS
    assert all(0 <= i < n for point in points for i, n in zip(point, shape, strict=True))
    if len(shape) < 4:
        assert all(len({point[k] for point in points}) >= min(2, n) for k, n in enumerate(shape))


def test_few_labels_are_all_shown():
    assert {case for case, _ in _chosen((4, 61))} == {0, 1, 2, 3}
