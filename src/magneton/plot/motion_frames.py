"""Moments in motion as a page is given them: thinned in time and number, and packed."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.plot.moment_plots import thinned_places
from magneton.plot.moment_track import MomentTrack
from magneton.plot.orbit_track import thinned

MOST_MOMENTS, MOST_FRAMES = 400, 3001
MOST_BODIES = 40
#: Vectors, of directions, and poses of bodies in a page: below 1 MB, a fifth of plotly.js.
_VECTORS, _POSES = 110_000, 30_000
_FASTEST = 60.0  # degrees between two frames; faster motion may be seen as another


@dataclass(frozen=True)
class Chosen:
    """Which samples of a run a page shows, and `which` moments or bodies; `notes` say what is left out."""

    times: np.ndarray
    which: np.ndarray
    notes: list[str]


def chosen_moments(track: MomentTrack, positions: np.ndarray | None) -> Chosen:
    """Return what is shown of moments, those with places spread evenly."""
    samples, count = track.moments.shape[:2]
    which = thinned(count, MOST_MOMENTS) if positions is None else thinned_places(positions, MOST_MOMENTS)
    times = thinned(samples, min(MOST_FRAMES, max(2, _VECTORS // len(which))))
    a, b = track.moments[:-1, which], track.moments[1:, which]
    angles = np.arctan2(np.linalg.norm(np.cross(a, b), axis=2), np.sum(a * b, axis=2))
    return Chosen(times, which, _told("moments", times, samples, which, count, angles))


def chosen_bodies(run: Any) -> Chosen:
    """Return what is shown of rigid bodies."""
    samples, count = run.position.shape[:2]
    which = np.arange(min(count, MOST_BODIES))
    times = thinned(samples, min(MOST_FRAMES, _POSES // len(which)))
    a, b = run.orientation[:-1, which], run.orientation[1:, which]
    angles = 2.0 * np.arccos(np.clip(np.abs(np.sum(a * b, axis=2)), 0.0, 1.0))
    return Chosen(times, which, _told("bodies", times, samples, which, count, angles))


def _told(
    what: str, times: np.ndarray, samples: int, which: np.ndarray, count: int, angles: np.ndarray
) -> list[str]:
    """Return notes of what is left out; `angles` are those from sample to sample, in radian."""
    notes = []
    shown = [f"{len(which)} of {count} {what}"] if len(which) < count else []
    shown += [f"{len(times)} of {samples} times"] if len(times) < samples else []
    if shown:
        notes.append(f"Shown: {', '.join(shown)}; the curves, the mean and the energy are of all.")
    turn = float(np.degrees(angles.max())) * (samples - 1) / (len(times) - 1)
    if turn > _FASTEST:
        notes.append(
            f"From one frame to the next some turn by {min(turn, 180.0):.0f}° or so: "
            "what is faster than the frames can look slower, or turning the other way."
        )
    return notes


def packed(values: Any, kind: str) -> str:
    """Return numbers as base64 of little-endian ``f8``, ``f4`` or ``i2``; the last are shares of 32767."""
    array = np.asarray(values, dtype=float)
    if kind == "i2":
        array = np.rint(32767.0 * np.clip(array, -1.0, 1.0))
    return base64.b64encode(np.ascontiguousarray(array, dtype=f"<{kind}").tobytes()).decode("ascii")


def require_places(positions: Any, count: int) -> np.ndarray:
    """Return places of moments, shape (n, 3), from an array or a lattice."""
    places = _check.vectors("positions", getattr(positions, "positions", positions), "m")
    if len(places) != count:
        raise ValueError(
            f"positions must be those of the {count} moments, shape ({count}, 3), got {places.shape}"
        )
    return places
