"""Moments in motion as one page that needs nothing else: played, or moved by a slider, beside curves against time."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any

import numpy as np

from magneton import _check
from magneton.plot.moment_track import MomentTrack, is_rigid, moment_track_of
from magneton.plot.page_frame import figure_json, framed, notes, switches, write_page

_STYLE = """\
  #stage { display: flex; flex-wrap: wrap; gap: 1rem; }
  #picture { flex: 3 1 26rem; width: auto; min-width: 0; height: calc(100vh - 14rem); }
  #graphs { flex: 2 1 20rem; min-width: 0; min-height: 24rem; height: calc(100vh - 14rem); }
  #clock select { font: inherit; }"""

_BODY = Template("""$switches
<div id="stage">
<div id="picture" role="img" aria-label="Moments in space; the values below are those of the time of the slider"></div>
<div id="graphs" role="img" aria-label="The mean moment and the energy against time"></div>
</div>
<div id="clock">
<button id="play" type="button">Play</button>
<input id="time" type="range" min="0" max="$last" value="0" step="1" aria-label="time">
<label>speed <select id="rate"><option value="0.1">× 1/10</option><option value="0.25">× 1/4</option>
<option value="0.5">× 1/2</option><option value="1" selected>× 1</option><option value="2">× 2</option>
<option value="4">× 4</option></select></label>
</div>
<dl aria-live="off">
<div><dt>time</dt><dd id="t"></dd></div>
<div><dt>mean moment / |m|</dt><dd id="mean"></dd></div>
$energy
<div><dt>speed</dt><dd id="speed"></dd></div>
</dl>
<p id="drawn" role="status">The picture needs JavaScript and WebGL.</p>
$notes""")

_ENERGY = '<div><dt>energy</dt><dd id="energy"></dd></div>'
_PARTS = {
    "bodies": "bodies",
    "moments": "moments",
    "path": "whole paths",
    "trail": "paths so far",
    "sphere": "sphere",
}


@dataclass
class Stage:
    """What a page shows: traces in a box (in metres a unit; no unit where nothing has a place), and what moves them."""

    low: np.ndarray
    high: np.ndarray
    metres: float
    unit: str
    times: np.ndarray
    packed: dict[str, Any]
    notes: list[str]
    traces: list[Any] = field(default_factory=list)
    movers: list[dict[str, Any]] = field(default_factory=list)

    def add(self, trace: Any, **mover: Any) -> None:
        """Add a trace, and what moves it if anything does."""
        if mover:
            self.movers.append({"trace": len(self.traces), **mover})
        self.traces.append(trace)


def write_motion_html(
    run: Any,
    path: str | Path,
    *,
    time: Any = None,
    positions: Any = None,
    external: Any = None,
    seconds: float = 15.0,
    title: str | None = None,
    note: str = "",
    overwrite: bool = False,
) -> Path:
    """Write one self-contained page with moments in motion, to be played or moved by a slider; it fetches nothing.

    Beside the moments are their mean and the energy against time. Very many moments and times are thinned, and the
    page says so: it is less than 6 MB, of which 5 MB are plotly.js.

    Parameters
    ----------
    run : Trajectory, RigidTrajectory, SpinLatticeRun, BlochRun, xarray.Dataset or array_like, shape (k, 3) or (k, n, 3)
        Of `magneton.dynamics`; or moments in A m^2. Rigid bodies are drawn as their sources, or as the homogeneous
        ball, cylinder or cuboid of their inertia.
    path : path-like
        The file. It is written under a temporary name first, so that it is whole or not there.
    time : array_like, shape (k,), second
        With moments as an array.
    positions : array_like, shape (n, 3), metre, or Lattice, optional
        Where the moments are. Without them all are drawn from the middle of the unit sphere. Rigid bodies have theirs.
    external : source or sequence of sources, optional
        What is held in place around rigid bodies, to be drawn.
    seconds : float, second
        How long it takes to play the run once.
    title : str, optional
        A heading.
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
        If the file exists and `overwrite` is false, or for what is no motion.
    ImportError
        If plotly is not installed.
    """
    seconds = _check.positive("seconds", seconds, "s")

    def made() -> str:
        return motion_page(run, time, positions, external, seconds, title or "Moments in motion", note)

    return write_page(path, made, overwrite)


def motion_page(
    run: Any, time: Any, positions: Any, external: Any, seconds: float, title: str, note: str = ""
) -> str:
    """Return the page of a run as text; the arguments are those of `write_motion_html`."""
    from magneton.plot.motion_frames import packed
    from magneton.plot.motion_plotly import curves, space_figure
    from magneton.plot.motion_stage import stage_of_bodies, stage_of_moments
    from magneton.plot.orbit_track import time_unit

    track = moment_track_of(run, time)
    if is_rigid(run):
        if positions is not None:
            raise ValueError("positions must be None for rigid bodies, which have theirs")
        stage = stage_of_bodies(run, external)
    else:
        if external is not None:
            raise ValueError("external must be None but for rigid bodies")
        stage = stage_of_moments(track, positions)
    text = figure_json(space_figure(stage.traces, stage.low, stage.high, stage.metres, stage.unit))
    motion = {
        "time": packed(track.time[stage.times], "f8"),
        "second": time_unit(float(np.ptp(track.time)))[0],
        "seconds": seconds,
        "mean": packed(_mean(track)[stage.times], "f8"),
        "energy": packed(sum(track.energies.values())[stage.times], "f8") if track.energies else None,  # pyright: ignore[reportIndexIssue]
        **stage.packed,
    }
    body = _BODY.substitute(
        switches=switches(_PARTS, text),
        last=str(len(stage.times) - 1),
        energy=_ENERGY if track.energies else "",
        notes=notes([note, *stage.notes]),
    )
    data = {
        "figure": text,
        "curves": figure_json(curves(track)),
        "motion": json.dumps(motion),
        "movers": json.dumps(stage.movers),
    }
    script = Path(__file__).with_name("motion.js").read_text(encoding="utf-8")
    return framed(title, body, script, data, _STYLE)


def _mean(track: MomentTrack) -> np.ndarray:
    """Return the mean moment in units of the mean length at the start."""
    return track.mean / (float(np.linalg.norm(track.moments[0], axis=1).mean()) or 1.0)
