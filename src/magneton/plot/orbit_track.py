"""What pictures of an orbit need, taken from an orbit or from a dataset of one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton.plot.lines import Region, trace

MOST_POINTS = 20_000  # of a path in space: more cannot be seen
_PREFIXES = {-15: "f", -12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G", 12: "T"}
_LINES = 12


@dataclass(frozen=True)
class Ball:
    """A planet or a wall: centre, shape (3,), and radius, in metre."""

    centre: np.ndarray
    radius: float


@dataclass(frozen=True)
class Track:
    """One orbit: samples along time (s), and what it moved in, if that is known.

    `position` and `centre`, the gyrocentre (None if it is not known), are in metre, shape (n, 3); `mu` and
    `mu_gyrocentre` in J/T, `pitch_angle` in radian and `energy` in joule have shape (n,).
    """

    time: np.ndarray
    position: np.ndarray
    velocity: np.ndarray
    mu: np.ndarray
    mu_gyrocentre: np.ndarray
    pitch_angle: np.ndarray
    energy: np.ndarray
    centre: np.ndarray | None
    field: Any
    guiding: bool


def track_of(orbit: Any, field: Any = None, species: Any = None) -> Track:
    """Return the samples of an orbit.

    Parameters
    ----------
    orbit : Orbit, GuidingCentreOrbit or xarray.Dataset
        From `trace`, `trace_guiding_centre`, or a scene's task.
    field, species
        Those of a dataset, if the gyrocentre and field lines are wanted.
    """
    names = ("time", "position", "velocity", "mu", "mu_gyrocentre", "pitch_angle", "energy")
    missing = [name for name in names if not hasattr(orbit, name)]
    if missing:
        raise ValueError(
            f"orbit must have {', '.join(names)}, got {type(orbit).__name__} without {missing[0]}"
        )
    values = {name: np.asarray(getattr(orbit, name), dtype=float) for name in names}
    if values["position"].ndim != 2 or len(values["time"]) < 2:
        raise ValueError(
            f"orbit must be one orbit of at least 2 samples, got shape {values['position'].shape}"
        )
    there = np.isfinite(values["position"]).all(axis=1)
    values = {name: value[there] for name, value in values.items()}
    field, species = getattr(orbit, "field", field), getattr(orbit, "species", species)
    attributes = getattr(orbit, "attrs", {})
    guiding = hasattr(orbit, "parallel_velocity") or attributes.get("method") == "guiding-centre"
    centre = None
    if field is not None and species is not None and not guiding:
        from magneton import orbits

        centre = orbits.gyrocentre(field, species, values["position"], values["velocity"], values["time"])
    return Track(**values, centre=centre, field=field, guiding=guiding)


def length_unit(span: float) -> tuple[float, str]:
    """Return metres a unit and the unit, for axes that span so many metres."""
    return prefixed(span, "m")


def prefixed(span: float, unit: str) -> tuple[float, str]:
    """Return the size of a prefixed unit and its name, for an axis that spans so many of the unit."""
    power = 3 * math.floor(math.log10(span) / 3.0) if span > 0.0 else 0
    power = min(max(power, min(_PREFIXES)), max(_PREFIXES))
    return 10.0**power, f"{_PREFIXES[power]}{unit}"


def time_unit(span: float) -> tuple[float, str]:
    """Return seconds a unit and the unit, for an axis that spans so many seconds."""
    for seconds, unit in ((86400.0, "d"), (3600.0, "h"), (60.0, "min")):
        if span >= 10.0 * seconds:
            return seconds, unit
    power = 3 * math.floor(math.log10(span) / 3.0) if span > 0.0 else 0
    power = min(max(power, -15), 0)
    return 10.0**power, f"{_PREFIXES[power]}s"


def thinned(count: int, most: int = MOST_POINTS) -> np.ndarray:
    """Return at most about `most` of `count` indices, the last one among them."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).round().astype(int))


def box_of(points: np.ndarray, balls: list[Ball]) -> tuple[np.ndarray, np.ndarray]:
    """Return the corners of a box that holds a path, with room, and the balls that are not much larger."""
    low, high = points.min(axis=0), points.max(axis=0)
    span, room = float(np.max(high - low)) or 1.0, 0.04
    for ball in balls:
        if ball.radius < 2.0 * span and np.linalg.norm(ball.centre - 0.5 * (low + high)) < 4.0 * span:
            low, high = (
                np.minimum(low, ball.centre - ball.radius),
                np.maximum(high, ball.centre + ball.radius),
            )
            room = 0.1  # for the field lines on their way to it
    size = float(np.max(high - low)) or 1.0
    # A path in a plane, or along a line, is given some thickness.
    slim = np.maximum(0.12 * size - 0.5 * (high - low), room * size)
    return low - slim, high + slim


def lines_along(track: Track, low: np.ndarray, high: np.ndarray, balls: list[Ball]) -> list[np.ndarray]:
    """Return field lines through the path, at the time it begins; none if the field is not known."""
    if track.field is None:
        return []
    path = track.position if track.centre is None else track.centre
    seeds = path[thinned(len(path), 4 * _LINES)]
    apart = 0.04 * float(np.max(high - low))
    chosen: list[np.ndarray] = []
    region = Region(
        low, high, float(np.max(high - low)), [(ball.centre, 0.999 * ball.radius) for ball in balls]
    )
    lines: list[np.ndarray] = []
    start = float(track.time[0])
    for seed in seeds:
        known = np.concatenate(chosen) if chosen else np.full((1, 3), np.inf)
        if np.min(np.linalg.norm(known - seed, axis=1)) < apart:
            continue  # a line drawn already runs here
        with np.errstate(all="ignore"):
            lines += (found := trace(lambda x: track.field.B(x, start), seed[None], region))
        chosen += found
        if len(lines) >= _LINES:
            break
    return lines
