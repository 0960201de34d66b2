"""An orbit as one page that needs nothing else: path, gyrocentre and field lines, with a slider for the time."""

from __future__ import annotations

import html
import json
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from magneton._files import require_room, write_whole
from magneton.constants import e
from magneton.plot.orbit_track import Track, track_of
from magneton.plot.words import si

_PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval';
 style-src 'unsafe-inline'; img-src data: blob:">
<meta name="generator" content="magneton">
<title>$title</title>
<style>
  body { margin: 0; padding: 0 1rem 1rem; color: #222; background: #fff;
    font: 15px/1.45 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
  h1 { font-size: 1.25rem; margin: .8rem 0 .3rem; }
  fieldset { border: 0; margin: 0; padding: 0; display: flex; gap: 1.2rem; flex-wrap: wrap; }
  label { cursor: pointer; }
  #picture { width: 100%; height: calc(100vh - 15rem); min-height: 24rem; }
  #clock { display: flex; gap: .8rem; align-items: center; margin: .3rem 0; }
  #clock input { flex: 1; min-width: 8rem; }
  #clock button { font: inherit; width: 5rem; padding: .2rem 0; cursor: pointer; }
  dl { display: flex; flex-wrap: wrap; gap: .2rem 1.8rem; margin: .3rem 0; }
  dl div { display: flex; gap: .5rem; }
  dt { color: #555; } dd { margin: 0; min-width: 6.5rem; font-variant-numeric: tabular-nums; }
  .note, #drawn { color: #555; font-size: .9rem; margin: .3rem 0; }
</style>
</head>
<body>
<h1>$title</h1>
<fieldset aria-label="What is shown">
$switches
</fieldset>
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
$notes
<script>$library</script>
<script>
const figure = $figure;
const samples = $samples;
const place = document.getElementById("picture"), slider = document.getElementById("time");
const parts = (kind) => place.data.flatMap((trace, i) => (trace.meta === kind ? [i] : []));
const tell = (i) => {
  for (const key of ["t", "energy", "pitch", "mu", "centred"]) {
    document.getElementById(key).textContent = samples[key][i];
  }
};
const move = (i) => {
  tell(i);
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
tell(0);
Plotly.newPlot(place, figure.data, figure.layout, {responsive: true, displaylogo: false}).then(() => {
  for (const box of document.querySelectorAll("input[data-part]")) {
    box.addEventListener("change", () => Plotly.restyle(place, {visible: box.checked}, parts(box.dataset.part)));
  }
  slider.addEventListener("input", () => move(Number(slider.value)));
  document.getElementById("play").addEventListener("click", (event) => {
    running = !running;
    event.target.textContent = running ? "Pause" : "Play";
    step();
  });
  new ResizeObserver(() => Plotly.Plots.resize(place)).observe(place);
  document.getElementById("drawn").textContent =
    "Drawn: " + samples.t.length + " samples. Drag to turn, scroll to come nearer; the slider moves the particle.";
});
</script>
</body>
</html>
""")

_SWITCH = '<label><input type="checkbox" data-part="{}" checked> {}</label>'
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
    require_plotly()
    require_room(path, overwrite)
    text = orbit_page(track_of(orbit, field, species), balls, title or "Orbit", note)
    return write_whole(path, lambda temporary: write_text(temporary, text), overwrite)


def require_plotly() -> None:
    """Raise an ImportError of one line if there is no plotly."""
    import importlib.util

    if importlib.util.find_spec("plotly") is None:
        raise ImportError("pages need plotly: pip install 'magneton[plot]'")


def write_text(path: Path, text: str) -> None:
    """Write a page."""
    path.write_text(text, encoding="utf-8", newline="\n")


def orbit_page(track: Track, balls: Any, title: str, note: str = "") -> str:
    """Return the page of a track as text."""
    from plotly.io import to_json
    from plotly.offline import get_plotlyjs

    from magneton.plot.orbit_plotly import orbit_figure
    from magneton.plot.orbits import balls_of

    figure, chosen = orbit_figure(track, balls_of(balls))
    figure_text = str(to_json(figure, validate=False, remove_uids=True))
    there: set[Any] = {trace["meta"] for trace in json.loads(figure_text)["data"]}
    return _PAGE.substitute(
        title=html.escape(title),
        switches="\n".join(_SWITCH.format(part, word) for part, word in _PARTS.items() if part in there),
        last=str(len(chosen) - 1),
        notes=f'<p class="note">{html.escape(note)}</p>' if note else "",
        library=str(get_plotlyjs()).replace("</script", "<\\/script"),
        figure=figure_text.replace("<", "\\u003c"),
        samples=json.dumps(_samples(track, chosen, figure)).replace("<", "\\u003c"),
    )


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
