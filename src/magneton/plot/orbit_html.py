"""An orbit as one page that needs nothing else: path, gyrocentre and field lines, with a slider for the time."""

from __future__ import annotations

import json
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from magneton.constants import e
from magneton.plot.orbit_track import Track, track_of
from magneton.plot.page_frame import figure_json, framed, notes, switches, write_page
from magneton.plot.words import si

_STYLE = "  #picture { height: calc(100vh - 15rem); }"

_BODY = Template("""$switches
<div id="picture" role="img" aria-label="The orbit in space; the values below tell where the particle is"></div>
<div id="clock">
<button id="play" type="button">Play</button>
<input id="time" type="range" min="0" max="$last" value="0" step="1" aria-label="time">
</div>
<dl aria-live="off">
<div><dt>time</dt><dd id="t"></dd></div>
<div><dt>kinetic energy</dt><dd id="energy"></dd></div>
<div><dt>pitch angle</dt><dd id="pitch"></dd></div>
<div><dt>µ at the particle</dt><dd id="mu"></dd></div>
<div><dt>µ at the gyrocentre</dt><dd id="centred"></dd></div>
</dl>
<p id="drawn" role="status">The picture needs JavaScript and WebGL.</p>
$notes""")

_SCRIPT = """\
const slider = document.getElementById("time");
const tellAll = (i) => {
  for (const key of ["t", "energy", "pitch", "mu", "centred"]) tell(key, samples[key][i]);
};
const move = (i) => {
  tellAll(i);
  const [x, y, z] = samples.position[i];
  return Plotly.restyle(place, {x: [[x]], y: [[y]], z: [[z]]}, parts("now"));
};
let running = false;
const step = () => {
  if (!running) return;
  const next = (Number(slider.value) + Math.max(1, Math.round(samples.t.length / 1500))) % samples.t.length;
  slider.value = next;
  move(next).then(() => requestAnimationFrame(step));
};
tellAll(0);
drawn.then(() => {
  slider.addEventListener("input", () => move(Number(slider.value)));
  document.getElementById("play").addEventListener("click", (event) => {
    running = !running;
    event.target.textContent = running ? "Pause" : "Play";
    step();
  });
  tell("drawn",
    "Drawn: " + samples.t.length + " samples. Drag to turn, scroll to come nearer; the slider moves the particle.");
});"""

_PARTS = {"orbit": "orbit", "centre": "gyrocentre", "lines": "field lines", "ball": "bodies"}


def write_orbit_html(
    orbit: Any,
    path: str | Path,
    *,
    field: Any = None,
    species: Any = None,
    balls: Any = (),
    title: str | None = None,
    note: str = "",
    overwrite: bool = False,
) -> Path:
    """Write one self-contained page with an orbit in space, to be turned with the mouse; it fetches nothing.

    Parameters
    ----------
    orbit, field, species, balls, title
        As of `magneton.plot.plot_orbit`.
    path : path-like
        The file. It is written under a temporary name first, so that it is whole or not there.
    note : str
        Words below the picture.
    overwrite : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    ValueError
        If the file exists and `overwrite` is false.
    ImportError
        If plotly is not installed.
    """

    def made() -> str:
        return orbit_page(track_of(orbit, field, species), balls, title or "Orbit", note)

    return write_page(path, made, overwrite)


def orbit_page(track: Track, balls: Any, title: str, note: str = "") -> str:
    """Return the page of a track as text."""
    from magneton.plot.orbit_plotly import orbit_figure
    from magneton.plot.orbits import balls_of

    figure, chosen = orbit_figure(track, balls_of(balls))
    text = figure_json(figure)
    body = _BODY.substitute(switches=switches(_PARTS, text), last=str(len(chosen) - 1), notes=notes([note]))
    data = {"figure": text, "samples": json.dumps(_samples(track, chosen, figure))}
    return framed(title, body, _SCRIPT, data, _STYLE)


def _samples(track: Track, chosen: np.ndarray, figure: Any) -> dict[str, list[Any]]:
    """Return where the particle is at each place of the slider, in the unit of the axes, and what is told of it."""
    path = next(trace for trace in figure.data if trace.meta == "orbit")
    return {
        "position": np.stack([path.x, path.y, path.z], axis=-1).tolist(),
        "t": [f"{value:.6g} s" for value in track.time[chosen]],
        "energy": [si(value / float(e), "eV") for value in track.energy[chosen]],
        "pitch": [f"{value:.1f}°" for value in np.degrees(track.pitch_angle[chosen])],
        "mu": [f"{value:.4g} J/T" for value in track.mu[chosen]],
        "centred": [f"{value:.4g} J/T" for value in track.mu_gyrocentre[chosen]],
    }
