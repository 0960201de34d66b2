"""What a page of a motion shows: moments on a sphere or at their places, or rigid bodies in their surroundings."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton.plot import words
from magneton.plot.moment_plots import spacing
from magneton.plot.moment_track import MomentTrack
from magneton.plot.motion_bodies import body_shape
from magneton.plot.motion_frames import chosen_bodies, chosen_moments, packed, require_places
from magneton.plot.motion_page import Stage
from magneton.plot.motion_plotly import angle_colours, body_mesh, line, mesh, sphere_traces, surroundings
from magneton.plot.orbit_track import length_unit
from magneton.plot.picture import Picture, make_picture
from magneton.plot.solids import Surface, revolved
from magneton.plot.style import COLOURS

_SIDES = 8  # of an arrow, of which there are hundreds
_NAMED = 6  # colours, and moments on the sphere whose paths are drawn
_BALL = 1.05  # half the side of the box around the sphere
_STRONG = 4.0


def stage_of_moments(track: MomentTrack, positions: Any) -> Stage:
    """Return the stage of moments, at their places or, without them, on the sphere."""
    places = None if positions is None else require_places(positions, track.moments.shape[1])
    chosen = chosen_moments(track, places)
    directions = track.directions(chosen.which)[chosen.times]
    shares = {"count": len(chosen.which), "directions": packed(directions, "i2")}
    if places is None:
        return _on_sphere(directions, chosen.times, shares, chosen.notes)
    return _at_places(places[chosen.which], chosen.times, shares, chosen.notes)


def _arrow(tail: float, tip: float, width: float) -> Surface:
    """Return an arrow along z."""
    neck = tip - min(7.0 * width, 0.6 * (tip - tail))
    profile = [(0.0, tail), (width, tail), (width, neck), (2.8 * width, neck), (0.0, tip)]
    return revolved(np.array(profile), _SIDES)


def _arrows(stage: Stage, arrow: Surface, look: dict[str, Any], **more: Any) -> None:
    """Add the arrows of all moments as one trace."""
    corners, faces = packed(arrow.vertices, "f4"), arrow.faces.ravel().tolist()
    stage.add(mesh("moments", **look), kind="arrows", corners=corners, faces=faces, **more)


def _on_sphere(directions: np.ndarray, times: np.ndarray, shares: dict[str, Any], notes: list[str]) -> Stage:
    count = directions.shape[1]
    box = np.full(3, _BALL)
    shares["places"] = packed(np.zeros((count, 3)), "f4")
    stage = Stage(-box, box, 1.0, "", times, shares, notes)
    for trace in sphere_traces():
        stage.add(trace)
    if count > _NAMED:
        _arrows(stage, _arrow(0.0, 1.0, 0.008), angle_colours(), angles=True)
        return stage
    for i in range(count):
        stage.add(line(directions[:, i], "path", words.mixed(COLOURS[i], 0.45), 2.0))
        stage.add(line(directions[:1, i], "trail", COLOURS[i], _STRONG), kind="trail", item=i)
    _arrows(stage, _arrow(0.0, 1.0, 0.022), {}, colours=[words.darker(colour) for colour in COLOURS[:count]])
    return stage


def _at_places(places: np.ndarray, times: np.ndarray, shares: dict[str, Any], notes: list[str]) -> Stage:
    apart = spacing(places)
    low, high = places.min(axis=0) - 0.8 * apart, places.max(axis=0) + 0.8 * apart
    metres, unit = length_unit(float(np.max(high - low)))
    shares["places"] = packed(places / metres, "f4")
    stage = Stage(low, high, metres, unit, times, shares, notes)
    half = 0.46 * apart / metres
    _arrows(stage, _arrow(-half, half, 0.11 * half), angle_colours(), angles=True)
    return stage


def stage_of_bodies(run: Any, external: Any) -> Stage:
    """Return the stage of rigid bodies, with what is held in place around them."""
    chosen = chosen_bodies(run)
    held = make_picture(external, field_lines=False) if external is not None else None
    taken = 0 if held is None else len(held.items)
    colours = [COLOURS[(k + taken) % _NAMED] for k in range(len(chosen.which))]
    shapes = [body_shape(run.bodies[i], colour) for i, colour in zip(chosen.which, colours, strict=True)]
    position = run.position[chosen.times][:, chosen.which]
    low, high = _box(position, [shape.reach for shape in shapes], held)
    metres, unit = length_unit(float(np.max(high - low)))
    shares = {
        "count": len(chosen.which),
        "places": packed(position / metres, "f4"),
        "turns": packed(run.orientation[chosen.times][:, chosen.which], "i2"),
    }
    stage = Stage(low, high, metres, unit, chosen.times, shares, chosen.notes)
    for trace in surroundings(held, metres) if held is not None else []:
        trace.meta = "held"
        stage.add(trace)
    for k, shape in enumerate(shapes):
        if np.ptp(position[:, k], axis=0).any():
            stage.add(line(position[:, k] / metres, "path", words.mixed(colours[k], 0.4), 1.5))
            stage.add(line(position[:1, k] / metres, "trail", colours[k], _STRONG), kind="trail", item=k)
        _add_body(stage, shape, k, metres, colours[k])
    return stage


def _add_body(stage: Stage, shape: Any, item: int, metres: float, colour: str) -> None:
    """Add the surface, the lines and the arrow of one body."""
    if len(shape.surface.vertices):
        stage.add(
            body_mesh(shape), kind="body", item=item, corners=packed(shape.surface.vertices / metres, "f4")
        )
    if shape.lines:
        gap = np.full((1, 3), np.nan)
        strung = np.concatenate([part for one in shape.lines for part in (one / metres, gap)])
        stage.add(line(strung, "bodies", colour, 5.0), kind="body", item=item, corners=packed(strung, "f4"))
    if shape.arrow is not None:
        i, j, k = shape.arrow.faces.T
        arrow = mesh("moments", i=i, j=j, k=k, color=words.darker(colour))
        stage.add(arrow, kind="body", item=item, corners=packed(shape.arrow.vertices / metres, "f4"))


def _box(position: np.ndarray, reach: list[float], held: Picture | None) -> tuple[np.ndarray, np.ndarray]:
    """Return the box that holds bodies on their way, and what is held in place."""
    room = np.array(reach)[None, :, None]
    low, high = (position - room).min(axis=(0, 1)), (position + room).max(axis=(0, 1))
    for item in held.items if held is not None else []:
        if len(points := item.geometry.points()):
            low, high = np.minimum(low, points.min(axis=0)), np.maximum(high, points.max(axis=0))
    margin = 0.04 * float(np.max(high - low))
    return low - margin, high + margin
