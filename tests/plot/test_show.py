"""Sources in space: arrows along moments, units, names, what the backends make of it, the page and the command."""

import subprocess
import sys
from dataclasses import dataclass

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

import magneton
from magneton import (
    CircularLoop,
    Coil,
    Collection,
    Cuboid,
    CurveLoop,
    Dipole,
    Dipoles,
    HelmholtzPair,
    Polyline,
    Solenoid,
)
from magneton.cli import main
from magneton.plot import write_html
from magneton.plot.bodies import geometry
from magneton.plot.picture import make_picture
from magneton.plot.words import si
from magneton.sources import sample_sources
from magneton.sources.base import Source

SAMPLES = [s for s in sample_sources() if type(s).__name__ != "Collection"]
NAMES = [f"{type(s).__name__}{i}" for i, s in enumerate(SAMPLES)]
MAGNET = Cuboid((0.02, 0.02, 0.01), polarization=(0, 0, 1.3))
SCENE = {
    "magnet": MAGNET,
    "coil": CircularLoop(0.03, 5.0, (0, 0, 0.04)),
    "a<b>&": Dipole((1, 0, 1), (0.04, 0, 0)),
}


@dataclass(frozen=True, eq=False)
class Unknown(Source):
    position: np.ndarray

    def _extent(self):
        return 0.25


def test_a_class_without_an_entry_is_a_sphere_of_its_extent():
    (surface,) = geometry(Unknown(np.array([1.0, 2.0, 3.0]))).solids
    assert np.linalg.norm(surface.vertices - [1, 2, 3], axis=1) == pytest.approx(0.25)


@pytest.mark.parametrize("source", SAMPLES, ids=NAMES)
def test_every_source_can_be_pictured(source):
    picture = make_picture(source, field_lines=6)
    (item,) = picture.items
    assert picture.lines, picture.notes
    for line in picture.lines:
        assert np.all(line >= picture.low - 1e-12)
        assert np.all(line <= picture.high + 1e-12)
    if item.moment is not None and len(item.tips) == 1:
        arrow = item.tips[0] - item.tails[0]
        cosine = arrow @ item.moment / np.linalg.norm(arrow) / np.linalg.norm(item.moment)
        assert cosine == pytest.approx(1.0, abs=1e-12)
        reach = np.max((item.geometry.points() - item.tails[0]) @ (arrow / np.linalg.norm(arrow)))
        assert np.linalg.norm(arrow) > 1.1 * reach  # it sticks out


def test_arrows_grow_with_the_moment_but_less():
    picture = make_picture(
        [Dipole((0, 0, 1)), Dipole((0, 0, 100), (1, 0, 0)), Dipole((0, 1e9, 0), (0, 1, 0))], field_lines=0
    )
    one, two, huge = (np.linalg.norm(item.tips - item.tails) for item in picture.items)
    assert one < huge
    assert two < huge
    assert huge / one < 10
    picture = make_picture([Dipole((0, 0, 1)), Dipole((0, 0, 16), (1, 0, 0))], field_lines=0)
    one, two = (np.linalg.norm(item.tips - item.tails) for item in picture.items)
    assert two / one == pytest.approx(2.0)


def test_many_small_bodies_fill_their_box():
    grid = [CircularLoop(0.005, 1.0, (0.1 * i, 0.1 * j, 0.0)) for i in range(10) for j in range(10)]
    for lines in (False, 60):
        picture = make_picture(grid, field_lines=lines)
        assert np.all((picture.high - picture.low)[:2] < 1.5 * 0.91)
        assert max(np.linalg.norm(item.tips - item.tails) for item in picture.items) < 0.2
    apart, together = make_picture(grid, field_lines=False), make_picture(Collection(grid), field_lines=False)
    np.testing.assert_array_equal(apart.high, together.high)
    assert len(picture.lines) > 60
    # A few keep the room that their lines need.
    alone = make_picture([CircularLoop(0.05, 1.0)], field_lines=8)
    assert np.all((alone.high - alone.low)[:2] > 2.0 * 0.1)


def test_a_moment_of_zero_has_no_arrow():
    (item,) = make_picture(Dipole((0, 0, 0)), field_lines=0).items
    assert len(item.tips) == 0
    assert item.moment_text() == "0 A m²"


def test_many_moments_are_thinned_and_the_legend_says_so():
    n = 1200
    points = np.random.default_rng(1).normal(size=(n, 3))
    figure = magneton.show(Dipoles(points, points), backend="plotly", field_lines=0)
    assert any("400 of 1200 moments" in trace.name for trace in figure.data)


@pytest.mark.parametrize("factor", [2.0**-30, 2.0**20])
def test_a_picture_does_not_depend_on_its_scale(factor):
    def scaled(f):
        return [
            Cuboid(f * np.array([0.5, 0.3, 0.2]), magnetization=(1, 2, 3.0)),
            CircularLoop(f, 1.0 * f, (0, 0, f)),
        ]

    one, other = make_picture(scaled(1.0), field_lines=12), make_picture(scaled(factor), field_lines=12)
    assert len(one.lines) == len(other.lines)
    for a, b in zip(one.lines, other.lines, strict=True):
        assert np.array_equal(a * factor, b)


@pytest.mark.parametrize(
    ("size", "unit"),
    [(1e-9, "nm"), (2e-6, "µm"), (3e-2, "mm"), (0.5, "m"), (30.0, "m"), (4e3, "km"), (1e7, "Mm")],
)
def test_axes_have_a_fitting_prefix(size, unit):
    picture = make_picture(CircularLoop(size, 1.0), field_lines=0)
    assert picture.unit == unit
    assert 0.3 < np.max(picture.high) / picture.metres < 1000
    metres = {"n": 1e-9, "µ": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6}.get(unit[:-1], 1.0)
    assert picture.metres == pytest.approx(metres)


def test_a_planet_is_drawn_in_its_radii():
    picture = make_picture(magneton.earth("2025-01-01"), field_lines=12)
    assert picture.unit == "R"
    assert picture.lines
    assert min(np.linalg.norm(line, axis=1).min() for line in picture.lines) >= picture.metres * (1 - 1e-6)


def test_a_system_of_moments_is_its_dipoles():
    system = magneton.MomentSystem([[0, 0, 1.0], [0, 2.0, 0]], [[0, 0, 0], [1.0, 0, 0]])
    for given, name in ((system, "Dipoles"), ([system], "Dipoles"), ({"spins": system}, "spins")):
        (item,) = make_picture(given, field_lines=0).items
        assert item.name == name
        assert np.array_equal(item.tails, system.positions)


def test_names_of_sources():
    loop, dipole = CircularLoop(1.0, 1.0), Dipole((0, 0, 1), (3, 0, 0))

    def names(sources):
        return [item.name for item in make_picture(sources, field_lines=0).items]

    assert names(loop) == ["CircularLoop"]
    assert names([loop, dipole, loop]) == ["CircularLoop 1", "Dipole", "CircularLoop 2"]
    assert names({"a": loop, "b": Collection([dipole, Collection([loop])])}) == ["a", "b[0]", "b[1][0]"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([],), "sources must hold at least one source, got none"),
        (({},), "sources must hold at least one source, got none"),
        ((3,), "sources must be a source, a sequence or a dict of sources, got int"),
        (([MAGNET, 3],), r"sources\[1\] must be a source, got int"),
        (({"a": 3},), r"sources\['a'\] must be a source, got int"),
        ((MAGNET, "gnuplot"), "backend must be one of matplotlib, plotly or None, got 'gnuplot'"),
    ],
)
def test_errors_name_the_argument(arguments, message):
    with pytest.raises(ValueError, match=message):
        magneton.show(*arguments)


class Fieldless(Unknown):
    def B(self, points):
        raise ValueError("its field is not known")


def test_a_source_without_a_field_is_drawn_and_named():
    picture = make_picture(
        {"odd": Fieldless(np.zeros(3)), "needle": Dipole((0, 0, 1), (1, 0, 0))}, field_lines=6
    )
    assert picture.notes == ["field lines without odd: its field is not known"]
    assert len(picture.items) == 2
    assert picture.lines
    assert make_picture(Fieldless(np.zeros(3))).lines == []


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"extent": -1.0}, "extent must be positive, got -1"),
        ({"field_lines": -3}, "field_lines must be True, False or a count, got -3"),
        ({"field_lines": 2.5}, "field_lines must be True, False or a count, got 2.5"),
        ({"field_lines": "many"}, "field_lines must be"),
        ({"axes": 1, "backend": "plotly"}, "axes must be None for the backend plotly"),
        ({"axes": Figure().subplots()}, "axes must be three-dimensional"),
    ],
)
def test_errors_of_keywords(keywords, message):
    with pytest.raises(ValueError, match=message):
        magneton.show(MAGNET, **keywords)


def test_extent_is_half_the_side_of_the_cube():
    picture = make_picture(Dipole((0, 0, 1), (1, 2, 3)), extent=0.5, field_lines=0)
    assert picture.low == pytest.approx([0.5, 1.5, 2.5])
    assert picture.high == pytest.approx([1.5, 2.5, 3.5])


def test_matplotlib_figure():
    settings = dict(matplotlib.rcParams)
    figure = magneton.show(SCENE, title="A $ title", field_lines=12)
    assert dict(matplotlib.rcParams) == settings
    axes = figure.axes[0]
    assert [axes.get_xlabel(), axes.get_ylabel(), axes.get_zlabel()] == ["x [mm]", "y [mm]", "z [mm]"]
    sides = np.array([np.ptp(limits) for limits in (axes.get_xlim(), axes.get_ylim(), axes.get_zlim())])
    assert axes._box_aspect / sides == pytest.approx(axes._box_aspect[0] / sides[0])  # all axes alike
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels[:3] == ["magnet (Cuboid)", "coil (CircularLoop)", "a<b>& (Dipole)"]
    assert labels[3] == "m of magnet: 4.138 A m²"
    assert figure._repr_png_().startswith(b"\x89PNG")


def test_matplotlib_draws_into_given_axes():
    axes = Figure().add_subplot(projection="3d")
    assert magneton.show(MAGNET, axes=axes, field_lines=6) is axes.figure
    assert len(axes.collections) > 3


def test_plotly_figure():
    figure = magneton.show(SCENE, backend="plotly", field_lines=12)
    kinds = {trace.meta for trace in figure.data}
    assert kinds == {"bodies", "moments", "lines"}
    keys = [trace.name for trace in figure.data if trace.showlegend]
    assert keys[:3] == ["magnet (Cuboid)", "coil (CircularLoop)", "a&lt;b&gt;&amp; (Dipole)"]
    assert keys[3] == "m of magnet: 4.138 A m²"
    scene = figure.layout.scene
    ranges = [np.ptp(getattr(scene, f"{k}axis").range) for k in "xyz"]
    aspect = [scene.aspectratio[k] for k in "xyz"]
    assert np.divide(aspect, ranges) == pytest.approx(aspect[0] / ranges[0])  # all axes alike
    ring = next(t for t in figure.data if t.name == "coil (CircularLoop)" and t.mode == "lines")
    x = np.array(ring.x, dtype=float)
    assert np.nanmax(x) == pytest.approx(30.0)  # millimetres
    assert "position (0, 0, 40) mm" in ring.hovertext
    assert "|m| = 0.01414 A m²" in ring.hovertext


def test_pointing_at_a_circuit_tells_its_current():
    square = [[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]]
    expected = [
        (CircularLoop(0.1, 0.002), "current 2 mA"),
        (
            CurveLoop(np.array([[np.cos(t), np.sin(t), 0] for t in np.arange(16) * np.pi / 8]), -3.0),
            "current -3 A",
        ),
        (Polyline(square, 1500.0), "current 1.5 kA"),
        (Solenoid(0.1, 0.2, 200, 1.5), "current 1.5 A in each of 200 turns"),
        (Coil(0.1, 0.2, 0.3, 600, 0.25), "current 250 mA in each of 600 turns"),
        (HelmholtzPair(0.1, 130, 2.0), "current 2 A in each of 130 turns"),
    ]
    figure = magneton.show([source for source, _ in expected], "plotly", field_lines=False)
    bodies = [trace for trace in figure.data if trace.meta == "bodies" and trace.hovertext]
    for i, (_, text) in enumerate(expected):
        for trace in bodies:
            if trace.legendgroup == f"body {i}":
                assert text in trace.hovertext.split("<br>")
    assert {trace.legendgroup for trace in bodies} == {f"body {i}" for i in range(len(expected))}
    magnet = magneton.show(Cuboid((1, 1, 1), polarization=(0, 0, 1)), "plotly", field_lines=False)
    assert "current" not in magnet.data[0].hovertext


def test_the_north_end_of_a_magnet_is_darker():
    figure = magneton.show(MAGNET, backend="plotly", field_lines=0)
    mesh = next(t for t in figure.data if t.type == "mesh3d" and t.vertexcolor is not None)
    luminance = np.array([sum(int(c[i : i + 2], 16) for i in (1, 3, 5)) for c in mesh.vertexcolor])
    assert luminance[np.array(mesh.z) > 0].max() < luminance[np.array(mesh.z) < 0].min()


def test_numbers_with_prefixes():
    assert [si(v, "T") for v in (0.0, 1.5, 1e-3, 4.7e-5, 1e-9, 2e4)] == [
        "0 T",
        "1.5 T",
        "1 mT",
        "47 µT",
        "1 nT",
        "20 kT",
    ]
    assert si(3e-30, "T") == "3e-30 T"


def test_page_is_whole_and_needs_nothing(tmp_path):
    path = write_html(SCENE, tmp_path / "view.html", title="</script><script>alert(1)", field_lines=12)
    text = path.read_text(encoding="utf-8")
    own = text[: text.index("<script>")] + text[text.rindex("<script>") :]
    assert "alert(1)" in own
    assert "<script>alert" not in text
    assert "http://" not in own
    assert "https://" not in own
    assert "src=" not in own
    assert "<link" not in own
    assert "default-src 'none'" in own
    assert "plotly.js" in text[text.index("<script>") : text.index("<script>") + 200]
    for word in ("magnet", "CircularLoop", "4.138 A m²", "a&lt;b&gt;&amp;", "(0, 0, 40)", "position [mm]"):
        assert word in own
    assert [p.name for p in tmp_path.iterdir()] == ["view.html"]


def test_page_is_not_overwritten_unasked(tmp_path):
    path = tmp_path / "view.html"
    path.write_text("mine")
    with pytest.raises(ValueError, match=r"view.html exists already; say overwrite=True"):
        write_html(MAGNET, path)
    assert path.read_text() == "mine"
    write_html(MAGNET, path, field_lines=0, overwrite=True)
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    with pytest.raises(ValueError, match="in a directory that exists"):
        write_html(MAGNET, tmp_path / "none" / "view.html")
    with pytest.raises(ValueError, match="must be a file, got the directory"):
        write_html(MAGNET, tmp_path)


def test_a_failed_page_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr("magneton._files.os.replace", fail)
    with pytest.raises(OSError, match="full"):
        write_html(MAGNET, tmp_path / "view.html", field_lines=0)
    assert list(tmp_path.iterdir()) == []


PROBE = """
import sys, magneton
assert not {"matplotlib", "plotly", "xarray", "numba"} & set(sys.modules)
figure = magneton.show(magneton.Dipole([0, 0, 1]), field_lines=4)
assert "matplotlib.pyplot" not in sys.modules and "plotly" not in sys.modules
magneton.show(magneton.Dipole([0, 0, 1]), backend="plotly", field_lines=4)
assert "matplotlib.pyplot" not in sys.modules
"""


def test_nothing_is_loaded_before_its_time():
    subprocess.run([sys.executable, "-c", PROBE], check=True)


TOML = """
title = "A pair <of> coils"
[sources.left]
type = "CircularLoop"
radius = 0.1
current = 1
[sources.needle]
type = "Dipole"
moment = [0, 0, 1]
position = [0, 0, 0.2]
[sources.both]
type = "Collection"
sources = ["left", "needle"]
[compute.moment]
type = "moment"
source = "both"
"""


def command(capsys, *argv):
    with pytest.raises(SystemExit) as stop:
        main(["view", *map(str, argv)])
    text = capsys.readouterr()
    return stop.value.code, text.out, text.err


def test_the_command_writes_the_page(capsys, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda url: opened.append(url) or True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pair.toml").write_text(TOML)
    assert command(capsys, "pair.toml", "--no-browser") == (0, "wrote pair.html\n", "")
    assert not opened
    text = (tmp_path / "pair.html").read_text(encoding="utf-8")
    assert "<h1>A pair &lt;of&gt; coils</h1>" in text
    assert "both[0]</th><td>CircularLoop" in text
    assert "left</th>" not in text
    code, out, err = command(capsys, "pair.toml", "--no-browser")
    assert (code, out) == (2, "")
    assert err == "magneton: pair.html: exists already; give --overwrite, or another --out\n"
    assert command(capsys, "pair.toml", "--overwrite", "--out", "pair.html")[0] == 0
    assert opened == [(tmp_path / "pair.html").as_uri()]


def test_the_command_tells_errors_in_one_line(capsys, tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text(TOML.replace("radius = 0.1", "radius = -0.1"))
    for path, word in ((bad, "radius"), (tmp_path / "none.toml", "there is none of this name")):
        code, out, err = command(capsys, path, "--no-browser", "--out", tmp_path / "x.html")
        assert code == 2
        assert out == ""
        assert word in err
        assert err.count("\n") == 1
    assert not (tmp_path / "x.html").exists()
