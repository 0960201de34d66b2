"""Figures: what is drawn where, the same bytes each time, and the user's matplotlib left alone."""

import itertools
import subprocess
import sys

import matplotlib
import numpy as np
import pytest

from magneton.cli import main
from magneton.plot import draw, save
from magneton.plot.labels import heading
from magneton.plot.style import require_matplotlib, style
from magneton.scene import read_scene, run_scene

SCENE = """
title = "Coil"
[sources.coil]
type = "CircularLoop"
radius = 0.1
current = 1
[sources.needle]
type = "Dipole"
moment = [0, 0, 1]
[compute.line]
type = "field"
source = "coil"
formula = "dipole"
line = { direction = [0, 0, 1], start = 0.1, stop = 10, count = 20, spacing = "log" }
[compute.map]
type = "field"
source = "coil"
quantities = ["B", "A"]
grid = { x = { start = -0.2, stop = 0.2, count = 21 }, z = { start = -0.1, stop = 0.1, count = 11 } }
[compute.force]
type = "interaction"
source = "coil"
target = "needle"
[compute.force.sweep.case]
labels = ["one", "two $x"]
set."sources.needle.moment" = [[0, 0, 1], [0, 0, 2]]
[compute.force.sweep.z]
label = "height"
parameter = "sources.needle.position.2"
start = -1
stop = 1
count = 11
[figures.line]
compute = "line"
title = "100 $ and \\\\frac"
y = ["B.z", "B_formula.z"]
xscale = "log"
yscale = "log"
formats = ["png", "svg", "pdf"]
[figures.map]
compute = "map"
y = "B"
yscale = "log"
[figures.potential]
compute = "map"
y = "A.y"
[figures.force]
compute = "force"
y = "force.z"
band = { low = -1e-6, high = 1e-6, label = "weak" }
[figures.panels]
compute = "force"
y = ["force.z", "energy"]
by = "case"
panels = true
[output]
formats = []
"""
FIGURES = ["line", "map", "potential", "force", "panels"]


@pytest.fixture(scope="module")
def scene():
    return read_scene(SCENE)


@pytest.fixture(scope="module")
def results(scene):
    return run_scene(scene)


def figure(scene, results, name):
    table = scene.table.figures[name]
    return draw(results[table.compute], table)


def test_curves_hold_the_data(scene, results):
    (axes,) = figure(scene, results, "line").axes
    exact, formula = axes.lines
    data = results["line"]
    assert np.array_equal(exact.get_xdata(), data.distance)
    assert np.array_equal(exact.get_ydata(), data.B[:, 2])
    assert np.array_equal(formula.get_ydata(), data.B_formula[:, 2])
    assert exact.get_color() != formula.get_color()
    assert exact.get_linestyle() != formula.get_linestyle()
    assert axes.get_xlabel() == "distance [m]"
    assert axes.get_ylabel().endswith("[T]")
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")


def test_one_curve_for_each_label(scene, results):
    (axes,) = figure(scene, results, "force").axes
    assert [line.get_label() for line in axes.lines] == ["case one", r"case two \$x"]
    assert axes.get_xlabel() == "height [m]"
    assert next(text.get_text() for text in axes.get_legend().get_texts()) == "weak"


def test_panels_have_their_own_units(scene, results):
    panels = figure(scene, results, "panels").axes
    assert len(panels) == 4
    assert [axes.get_ylabel() for axes in panels] == ["force z [N]"] * 2 + ["energy [J]"] * 2
    assert [axes.get_xlabel() for axes in panels] == ["", "", "height [m]", "height [m]"]


def test_map_has_field_lines_and_a_scale(scene, results):
    axes, bar = figure(scene, results, "map").axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x [m]", "z [m]")
    assert bar.get_ylabel() == "|B| [T]"
    assert axes.get_aspect() == 1
    axes, bar = figure(scene, results, "potential").axes
    assert bar.get_ylabel().endswith("[T m]")


@pytest.mark.parametrize(
    ("name", "kind"),
    [*((name, "png") for name in FIGURES), ("line", "svg"), ("map", "svg"), ("force", "pdf")],
)
def test_same_bytes_each_time(scene, results, tmp_path, name, kind):
    for copy in ("1", "2"):
        save(figure(scene, results, name), tmp_path / copy, kind)
    first = (tmp_path / "1").read_bytes()
    assert first == (tmp_path / "2").read_bytes()
    assert len(first) > 1000


def test_the_users_settings_stay(scene, results, tmp_path):
    with matplotlib.rc_context({"font.size": 17, "lines.linewidth": 9}):
        before = dict(matplotlib.rcParams)
        save(figure(scene, results, "line"), tmp_path / "x", "png")
        assert dict(matplotlib.rcParams) == before
        with style():
            assert matplotlib.rcParams["font.size"] != 17


def test_pyplot_is_not_loaded():
    code = "import sys; import magneton.plot; print([m for m in sys.modules if m.startswith('matplotlib')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_headings():
    assert heading("force_ratio") == "force, exact / formula"
    assert heading("B", vector=True) == heading("B.norm") == "|B|"
    assert heading("torque.y") == "torque y"
    assert heading("mutual_inductance") == "mutual inductance"


def test_command_writes_all_formats(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "coil.toml").write_text(SCENE)
    with pytest.raises(SystemExit) as stop:
        main(["run", "coil.toml"])
    assert stop.value.code == 0
    names = sorted(path.name for path in (tmp_path / "coil-results").iterdir())
    assert names == [
        "force.png",
        "line.pdf",
        "line.png",
        "line.svg",
        "map.png",
        "panels.png",
        "potential.png",
    ]


def test_no_matplotlib_is_told_before_anything_is_computed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setattr("magneton.scene.run_scene", lambda *_: pytest.fail("computed first"))
    (tmp_path / "coil.toml").write_text(SCENE)
    with pytest.raises(SystemExit) as stop:
        main(["run", "coil.toml"])
    assert stop.value.code == 2
    assert capsys.readouterr().err == "magneton: figures need matplotlib: pip install magneton[plot]\n"
    with pytest.raises(ImportError):
        require_matplotlib()


SQUARE = """
[sources.coil]
type = "CircularLoop"
radius = 0.1
current = 1
[compute.one]
type = "field"
source = "coil"
points = [[0, 0, 1]]
[compute.map]
type = "field"
source = "coil"
grid = { x = { start = -0.15, stop = 0.15, count = 121 }, z = { start = -0.15, stop = 0.15, count = 31 } }
[figures.one]
compute = "one"
y = "B.z"
[figures.bz]
compute = "map"
y = "B.z"
[figures.norm]
compute = "map"
y = "B"
[output]
formats = []
"""


@pytest.fixture(scope="module")
def square():
    scene = read_scene(SQUARE)
    return scene, run_scene(scene)


def test_a_single_point_is_marked(square, scene, results):
    (line,) = figure(*square, "one").axes[0].lines
    assert line.get_marker() == "o"
    assert list(line.get_markevery()) == [0]
    assert not len(figure(scene, results, "line").axes[0].lines[0].get_markevery())


def test_ticks_of_square_maps_do_not_overlap(square):
    drawn = figure(*square, "norm")
    axes = drawn.axes[0]
    boxes = [label.get_window_extent() for label in axes.get_xticklabels() if label.get_text()]
    shown = [box for box in boxes if axes.bbox.x0 - 1 <= (box.x0 + box.x1) / 2 <= axes.bbox.x1 + 1]
    assert len(shown) >= 4
    assert all(b.x0 - a.x1 > 4 for a, b in itertools.pairwise(shown))


def test_signed_maps_diverge_from_zero(square):
    for name, colours in (("bz", "RdBu_r"), ("norm", "viridis")):
        drawn = figure(*square, name).axes[0].collections[0]
        assert drawn.cmap.name == colours
        assert (drawn.norm.vmin == -drawn.norm.vmax) == (name == "bz")


def test_both_cuts_through_a_wire_look_alike(square):
    values = square[1]["map"]["B"].values
    known = np.isfinite(values).all(axis=-1)
    assert np.array_equal(known, known[::-1])
    assert np.count_nonzero(~known) == 2
    assert figure(*square, "bz").axes[0].get_title(loc="right") == "grey: not defined"
