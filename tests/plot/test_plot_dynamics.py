"""Pictures of moments in motion hold the run's numbers; the page is small, says what it leaves out, and plays."""

import base64
import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import Cuboid, show
from magneton.dynamics import Lattice, RigidBody, RigidTrajectory, larmor_solution
from magneton.plot import (
    plot_components,
    plot_hysteresis,
    plot_moments,
    plot_on_sphere,
    write_motion_html,
)
from magneton.plot.moment_plots import thinned_places
from magneton.plot.moment_track import moment_track_of
from magneton.plot.motion_bodies import solid_of_inertia
from magneton.runs import Certificate
from plot.test_view_browser import BROWSER, browse

TIME = np.linspace(0.0, 1e-10, 300)
PATH = larmor_solution([3.0, 0.0, 0.0], [0.0, 0.0, 1.0], TIME, alpha=0.1)


def turning(count=1, samples=41):
    """Return bodies that turn about z, a quarter in all, and move along x."""
    bodies = (RigidBody.disc(0.02, 0.015, 0.004, moment=[0.0, 0.5, 0.0]),) * count
    states = np.zeros((samples, count, 17))
    states[:, :, 0] = np.linspace(0.0, 0.1, samples)[:, None]
    turns = Rotation.from_rotvec(np.outer(np.linspace(0.0, np.pi / 2, samples), [0.0, 0.0, 1.0]))
    run = RigidTrajectory(
        bodies, np.linspace(0, 2.0, samples), states, np.zeros(samples), np.zeros(3), None, Certificate()
    )
    run.__dict__["orientation"] = np.repeat(turns.as_quat()[:, None], count, axis=1)
    return run


def test_the_path_on_the_sphere_is_whole_and_faint_behind():
    (axes, bar) = plot_on_sphere(PATH, TIME, field=[0, 0, 2.0], view=(20.0, -40.0)).axes
    assert bar.get_ylabel() == "time [ps]"
    e, a = np.radians([20.0, -40.0])
    eye = np.array([np.cos(e) * np.cos(a), np.cos(e) * np.sin(a), np.sin(e)])
    timed = [c for c in axes.collections if c.get_array() is not None]
    sides = [np.array(c._segments3d) for c in timed]
    assert sum(map(len, sides)) == len(TIME) - 1
    for pieces, alpha in zip(sides, [c.get_alpha() for c in timed], strict=True):
        near = pieces.mean(axis=1) @ eye >= 0.0
        assert near.all() if alpha == 1.0 else not near.any()
        assert np.linalg.norm(pieces, axis=2) == pytest.approx(1.0)  # of moments of length 3
    assert {"B", "x", "y"} == {text.get_text() for text in axes.texts}  # B is where z would be
    several = plot_on_sphere(np.stack([PATH, -PATH], axis=1), TIME, labels=["a", "$b"]).axes[0]
    assert [t.get_text() for t in several.get_legend().get_texts()] == ["a", r"\$b"]


def test_components_are_those_of_the_mean():
    (axes,) = plot_components(np.stack([PATH, PATH * [1, 1, -1]], axis=1), TIME, title="two").axes
    drawn = {line.get_label(): line.get_ydata() for line in axes.lines}
    assert drawn["$m_x$"] == pytest.approx(PATH[:, 0] / 3.0)
    assert drawn["$m_z$"] == pytest.approx(0.0, abs=1e-15)
    assert drawn["|m|"] == pytest.approx(np.hypot(PATH[:, 0], PATH[:, 1]) / 3.0)
    assert axes.get_ylabel().startswith("mean moment")


def test_a_hysteresis_loop_is_marked_where_it_crosses_the_axes():
    B = np.array([0.3, 0.1, -0.1, -0.2, -0.2, -0.3, -0.1, 0.2, 0.2, 0.3])
    m = np.array([1.0, 0.9, 0.7, 0.6, -1.0, -1.0, -0.7, -0.6, 1.0, 1.0])  # jumps at 0.2 T both ways
    loop = SimpleNamespace(
        B=np.outer(B, [0, 0, 1.0]),
        mean_moment=np.outer(4.0 * m, [0, 0, 1.0]),
        direction=np.array([0, 0, 1.0]),
    )
    for figure in (plot_hysteresis(loop), plot_hysteresis(B, 4.0 * m), show(loop)):
        (axes,) = figure.axes
        falls, rises, fields, moments = axes.lines[2:]
        assert np.sort(fields.get_xdata()) == pytest.approx([-200.0, 200.0])  # mT
        assert np.sort(moments.get_ydata()) == pytest.approx([-0.7 + 0.1 / 3, 0.8])
        there = np.isfinite(falls.get_xdata())
        assert falls.get_xdata()[there] == pytest.approx(1e3 * B[:6])  # with the jump
        assert rises.get_ydata()[np.isfinite(rises.get_ydata())] == pytest.approx(m[5:])
        assert "200 mT" in axes.get_title(loc="right")


def test_a_lattice_is_drawn_by_layers_coloured_by_azimuth():
    lattice = Lattice((3, 4, 2), 2e-10)
    angle = np.arange(24) / 24 * 2 * np.pi - 3.0
    moments = 5.0 * np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
    axes = plot_moments(moments, lattice, layer=-1).axes[0]
    arrows = next(c for c in axes.collections if hasattr(c, "U"))
    upper = lattice.positions[:, 2] > 1e-10
    assert np.asarray(arrows.get_array()) == pytest.approx(
        np.degrees(np.arctan2(moments[:, 1], moments[:, 0]))[upper]
    )
    assert np.hypot(np.asarray(arrows.U), np.asarray(arrows.V)) == pytest.approx(0.92 * 200.0)  # pm
    sideways = plot_moments(moments, lattice, normal="x").axes[0]
    assert (sideways.get_xlabel(), sideways.get_ylabel()) == ("y [pm]", "z [pm]")


def test_thinned_places_of_a_lattice_are_a_coarser_lattice():
    places = Lattice((40, 30, 1), 3e-10).positions
    chosen = places[thinned_places(places, 100)] / 3e-10
    assert np.unique(chosen[:, 0]) == pytest.approx(np.arange(0, 40, 4))
    assert np.unique(chosen[:, 1]) == pytest.approx(np.arange(0, 30, 4))
    assert len(chosen) == 80


@pytest.mark.parametrize(
    ("body", "sides"),
    [
        (RigidBody.disc(0.02, 0.015, 0.004), (0.03, 0.03, 0.004)),
        (RigidBody.rod(1e-3, 0.05, 1e-3), (2e-3, 2e-3, 0.05)),
        (RigidBody.ball(0.1, 0.01), (0.02, 0.02, 0.02)),
        (RigidBody.cuboid(0.3, [0.01, 0.03, 0.02]), (0.01, 0.03, 0.02)),
    ],
)
def test_a_body_is_drawn_as_the_solid_of_its_inertia(body, sides):
    turn = Rotation.from_rotvec([0.4, -0.8, 0.3])
    matrix = turn.as_matrix()
    surface = solid_of_inertia(body.mass, matrix @ body.inertia @ matrix.T)
    drawn = turn.inv().apply(surface.vertices)
    assert np.ptp(drawn, axis=0) == pytest.approx(sides, rel=3e-3)  # round bodies have 64 sides


def data_of(page, name):
    return json.loads(
        re.search(rf"^const {name} = (.*);$", page.read_text(encoding="utf-8"), re.MULTILINE)[1]
    )


def test_a_page_of_very_many_moments_is_small_and_says_so(tmp_path):
    lattice = Lattice((100, 100, 1), 3e-10)
    moments = np.random.default_rng(1).normal(size=(300, 10_000, 3))
    page = write_motion_html(
        moments, tmp_path / "m.html", time=np.arange(300.0), positions=lattice, title="a <b>"
    )
    assert page.stat().st_size < 6e6
    text = page.read_text(encoding="utf-8")
    assert "<h1>a &lt;b&gt;</h1>" in text
    assert "Shown: 400 of 10000 moments, 275 of 300 times; the curves" in text
    assert "From one frame to the next some turn by 180°" in text
    motion = data_of(page, "motion")
    found = np.frombuffer(base64.b64decode(motion["directions"]), "<i2").reshape(275, 400, 3)[-1] / 32767
    expected = moments[-1, thinned_places(lattice.positions, 400)]
    size = np.linalg.norm(moments[:, thinned_places(lattice.positions, 400)], axis=2).max(axis=0)
    assert found == pytest.approx(expected / size[:, None], abs=2e-5)
    with pytest.raises(ValueError, match="exists"):
        write_motion_html(moments, page, time=np.arange(300.0))


def test_rigid_bodies_have_the_moments_of_their_turns():
    track = moment_track_of(turning())
    assert track.moments[0, 0] == pytest.approx([0.0, 0.5, 0.0])
    assert track.moments[-1, 0] == pytest.approx([-0.5, 0.0, 0.0], abs=1e-15)
    sphere, components = show(turning()).axes[:2]
    assert sphere.name == "3d"
    assert components.get_ylabel() == "moment / |m(0)|"


def test_isochromats_that_relax_are_inside_the_sphere():
    relaxing = PATH * np.exp(-TIME / 1e-10)[:, None]
    run = SimpleNamespace(time=TIME, mean=relaxing, magnetization=relaxing[-1], path=None)
    track = moment_track_of(run)
    assert np.linalg.norm(track.directions([0])[-1, 0]) == pytest.approx(np.exp(-1.0))
    assert plot_components(run).axes[0].get_ylabel() == "moment / |M(0)|"


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (lambda: plot_on_sphere("x"), "run must be a run of magneton.dynamics"),
        (lambda: plot_on_sphere(PATH), "time must be given"),
        (lambda: plot_on_sphere(PATH, TIME[:-1]), r"run must have moments of shape \(k, n, 3\)"),
        (lambda: plot_on_sphere(PATH, TIME, field=[0, 0, 0]), "field must have a direction"),
        (lambda: plot_on_sphere(PATH, TIME, colour="red"), "colour must be 'time', 'moment' or None"),
        (lambda: plot_on_sphere(PATH, TIME, labels=["a", "b"]), "labels must be one for each moment, 1"),
        (lambda: plot_hysteresis([0.0, 1.0]), "moment must be given"),
        (lambda: plot_hysteresis([0.0, 1.0], np.ones((2, 3))), "direction must be given for a moment"),
        (lambda: plot_moments(PATH[:2], [[0, 0, 0], [1, 0, 0]], layer=1), "layer must be one of the 1"),
        (lambda: plot_moments(PATH[:2], [[0, 0, 0]]), "positions"),
        (lambda: show(turning(), backend="plotly"), "backend must be matplotlib or None for a run"),
        (
            lambda: write_motion_html(turning(), "x.html", positions=[[0, 0, 0]]),
            "positions must be None for rigid",
        ),
        (
            lambda: write_motion_html(PATH, "x.html", time=TIME, positions=np.eye(3)),
            "positions must be those of the 1",
        ),
        (lambda: write_motion_html(PATH, "x.html", time=TIME, external=[]), "external must be None"),
        (lambda: write_motion_html(PATH, "x.html", time=TIME, seconds=0.0), "seconds must be positive"),
    ],
)
def test_errors_name_the_argument(draw, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=words):
        draw()
    assert not list(tmp_path.iterdir())


PROBE = """
<pre id="probe"></pre>
<script>
const wait = setInterval(() => {
  if (!document.getElementById("drawn").textContent.startsWith("Drawn")) return;
  clearInterval(wait);
  slider.value = slider.max;
  slider.dispatchEvent(new Event("input"));
  const middle = (kind) => ["x", "y", "z"].map((c) => {
    const values = place.data[parts(kind)[0]][c];
    return values.reduce((a, b) => a + b, 0) / values.length;
  });
  const tip = place.data[parts("moments")[0]], last = tip.x.length - 1;
  document.getElementById("probe").textContent =
    JSON.stringify([middle("bodies"), [tip.x[last], tip.y[last], tip.z[last]], place.data.map((t) => t.meta)]);
}, 50);
</script>
"""


@pytest.mark.skipif(BROWSER is None, reason="no Chromium to open the page with")
def test_the_page_draws_and_the_slider_moves_the_bodies(tmp_path):
    base = Cuboid((0.02, 0.02, 0.01), polarization=(0, 0, 1.0), position=(0.05, 0, -0.03))
    page = write_motion_html(turning(), tmp_path / "page.html", external={"base": base})
    page.write_text(page.read_text(encoding="utf-8").replace("</body>", PROBE + "</body>"), encoding="utf-8")
    options = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--use-angle=swiftshader",
               "--enable-unsafe-swiftshader", "--virtual-time-budget=1200", "--enable-logging=stderr"]  # fmt: skip
    document, log = browse([BROWSER, *options, "--dump-dom", page.as_uri()], tmp_path)
    assert not re.findall(r"CONSOLE.*(?:ERROR|Uncaught|Refused|violates|WARN)", log)
    probe = re.search(r'<pre id="probe">(.*?)</pre>', document)
    assert probe is not None
    body, tip, there = json.loads(probe[1])
    assert body == pytest.approx([100.0, 0.0, 0.0], abs=1e-3)  # mm
    assert tip[0] < 100.0 - 15.0  # the moment was along y, and is along -x now
    assert tip[1:] == pytest.approx([0.0, 0.0], abs=1e-2)
    assert {"held", "path", "trail", "bodies", "moments"} == set(there)
    assert '<dd id="t">2.000 s</dd>' in document
