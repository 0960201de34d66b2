"""Pictures of orbits hold the orbit's numbers, and the page works in a browser."""

import math
import re
import shutil

import numpy as np
import pytest

import magneton
from magneton import orbits
from magneton.plot import plot_bounce, plot_mu, plot_orbit, plot_pitch_angle, write_orbit_html
from magneton.plot.orbit_track import Ball, box_of, length_unit, thinned, time_unit, track_of
from plot.test_view_browser import BROWSER, browse

EARTH = magneton.Dipole((0.0, 0.0, -8e22))
RADIUS = 6.3712e6


@pytest.fixture(scope="module")
def orbit():
    place = orbits.dipole_position(3.0, dipole=EARTH)
    energy = magneton.units.convert(10.0, "MeV", "J")
    start = orbits.initial_state(EARTH, "proton", place, kinetic_energy=energy, pitch_angle=math.pi / 4)
    return orbits.trace(EARTH, "proton", *start, 1.0)


def test_mu_in_percent_of_the_start(orbit):
    (axes,) = plot_mu(orbit, title="a proton").axes
    raw, centred = axes.lines
    assert np.array_equal(raw.get_xdata(), orbit.time / 1.0)
    first = orbit.mu_gyrocentre[0]
    assert raw.get_ydata() == pytest.approx(100 * (orbit.mu / first - 1), rel=1e-12, abs=1e-12)
    assert centred.get_ydata()[0] == 0.0
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("time [s]", r"change of $\mu$ [%]")
    assert f"{first:.4g} J/T" in axes.get_title(loc="right")
    (axes,) = plot_mu(orbit, relative=False).axes
    assert np.array_equal(axes.lines[0].get_ydata(), orbit.mu)
    assert axes.get_ylabel().endswith("[J/T]")


def test_pitch_angle_in_degrees_and_latitude(orbit):
    (axes,) = plot_pitch_angle(orbit.to_xarray()).axes
    assert axes.lines[-1].get_ydata() == pytest.approx(np.degrees(orbit.pitch_angle))
    mirrors = orbits.mirror_points(EARTH, "proton", orbit.position[0], orbit.velocity[0]).position
    (axes,) = plot_bounce(orbit, dipole=EARTH, mirror_points=mirrors).axes
    expected = np.degrees(np.arcsin(orbit.position[:, 2] / np.linalg.norm(orbit.position, axis=1)))
    assert axes.lines[1].get_ydata() == pytest.approx(expected, abs=1e-9)
    latitude = math.degrees(orbits.mirror_latitude(math.pi / 4))
    assert [line.get_ydata()[0] for line in axes.lines[2:]] == pytest.approx([-latitude, latitude], rel=0.1)
    (axes,) = plot_bounce(orbit).axes
    assert axes.get_ylabel() == "way along the field line [Mm]"
    # The way to the mirror point along the line of a dipole, from the quadrature of another room.
    way = np.max(axes.lines[1].get_ydata()) * 1e6
    arc = orbits.mirror_points(EARTH, "proton", orbit.position[0], orbit.velocity[0]).arc_length[1]
    assert way == pytest.approx(arc, rel=0.03)


def test_path_with_gyrocentre_lines_and_planet(orbit):
    (axes,) = plot_orbit(orbit, balls=[((0, 0, 0), RADIUS)]).axes
    labels = [line.get_label() for line in axes.lines]
    assert {"orbit", "gyrocentre", "start", "field lines"} <= set(labels)
    path = np.array(axes.lines[labels.index("orbit")].get_data_3d())
    assert pytest.approx(orbit.position / 1e6) == path.T
    assert axes.get_xlabel() == "x [Mm]"
    low, high = np.array([axes.get_xlim(), axes.get_ylim(), axes.get_zlim()]).T
    assert (low <= -RADIUS / 1e6).all()
    assert (path.max(axis=1) <= high).all()
    (alone,) = plot_orbit(orbit.to_xarray()).axes  # a dataset knows no field
    assert [line.get_label() for line in alone.lines] == ["orbit", "start"]


def test_units_boxes_and_thinning():
    assert [length_unit(s)[1] for s in (3e-8, 0.2, 5.0, 4e3, 2e7, 2e11)] == [
        "nm",
        "mm",
        "m",
        "km",
        "Mm",
        "Gm",
    ]
    assert [time_unit(s)[1] for s in (3e-8, 0.2, 5.0, 599.0, 601.0, 1e5)] == [
        "ns",
        "ms",
        "s",
        "s",
        "min",
        "h",
    ]
    assert list(thinned(5, 9)) == [0, 1, 2, 3, 4]
    assert list(thinned(1000, 3)) == [0, 500, 999]
    line = np.array([[0.0, 0, 0], [0, 0, 2.0]])
    low, high = box_of(line, [Ball(np.array([50.0, 0, 0]), 1.0)])  # far away: not drawn in
    assert (high > low).all()
    assert high[0] < 1.0


def test_what_is_no_orbit_is_told():
    with pytest.raises(ValueError, match="orbit must have time, position"):
        track_of(EARTH)


def test_a_page_is_not_overwritten_unasked(orbit, tmp_path):
    page = write_orbit_html(orbit, tmp_path / "page.html", title="a <b> proton")
    assert "<h1>a &lt;b&gt; proton</h1>" in page.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="exists"):
        write_orbit_html(orbit, page)


PROBE = """
<pre id="probe"></pre>
<script>
const wait = setInterval(() => {
  if (!document.getElementById("drawn").textContent.startsWith("Drawn")) return;
  clearInterval(wait);
  slider.value = slider.max;
  slider.dispatchEvent(new Event("input"));
  document.querySelector("input[data-part=centre]").click();
  const now = place.data[parts("now")[0]];
  const shown = place.data.filter((t) => t.visible !== false).map((t) => t.meta).join(" ");
  document.getElementById("probe").textContent = [now.x[0], now.y[0], now.z[0]].join(" ") + " | " + shown;
}, 50);
</script>
"""


@pytest.mark.skipif(
    BROWSER is None or shutil.which("chromium") is None, reason="no Chromium to open the page with"
)
def test_the_page_draws_and_the_slider_moves_the_particle(orbit, tmp_path):
    page = write_orbit_html(orbit, tmp_path / "page.html", balls=[((0, 0, 0), RADIUS)])
    page.write_text(page.read_text(encoding="utf-8").replace("</body>", PROBE + "</body>"), encoding="utf-8")
    options = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--use-angle=swiftshader",
               "--enable-unsafe-swiftshader", "--virtual-time-budget=1200", "--enable-logging=stderr"]  # fmt: skip
    document, log = browse([BROWSER, *options, "--dump-dom", page.as_uri()], tmp_path)
    assert not [
        line
        for line in log.splitlines()
        if re.search(r"CONSOLE.*(ERROR|Uncaught|Refused|violates|WARN)", line)
    ]
    probe = re.search(r'<pre id="probe">(.*?)</pre>', document)
    assert probe is not None
    place, shown = probe[1].split(" | ")
    assert [float(x) for x in place.split()] == pytest.approx(orbit.position[-1] / 1e6)
    assert {"ball", "lines", "orbit", "now"} == set(shown.split())
    assert f'<dd id="t">{orbit.time[-1]:.6g} s</dd>' in document
