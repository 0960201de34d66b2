"""Meshes and outlines of simple solids about the origin, for pictures."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from magneton.sources.framed import turning_z_to

SIDES = 64  # of what is round


class Surface(NamedTuple):
    """Triangles: corners (n, 3) in metres, and the numbers of each triangle's corners (m, 3)."""

    vertices: np.ndarray
    faces: np.ndarray


def merged(surfaces: list[Surface]) -> Surface:
    """Return several surfaces as one."""
    if not surfaces:
        return Surface(np.empty((0, 3)), np.empty((0, 3), dtype=np.int64))
    starts = np.cumsum([0] + [len(s.vertices) for s in surfaces[:-1]])
    faces = [s.faces + start for s, start in zip(surfaces, starts, strict=True)]
    return Surface(np.concatenate([s.vertices for s in surfaces]), np.concatenate(faces))


def ring(radius: float, height: float = 0.0, sides: int = 2 * SIDES) -> np.ndarray:
    """Return a circle about z as a closed line, counter-clockwise."""
    angle = np.linspace(0.0, 2.0 * math.pi, sides + 1)
    angle[-1] = 0.0
    return np.stack([radius * np.cos(angle), radius * np.sin(angle), np.full(sides + 1, height)], axis=-1)


def revolved(profile: np.ndarray, sides: int = SIDES) -> Surface:
    """Return the surface that a line of points (distance from z, height), shape (k, 2), makes about z."""
    angle = 2.0 * math.pi * np.arange(sides) / sides
    rho, height = np.asarray(profile, dtype=np.float64).T
    x, y = (rho[:, None] * turn for turn in (np.cos(angle), np.sin(angle)))
    vertices = np.stack([x, y, np.broadcast_to(height[:, None], x.shape)], axis=-1).reshape(-1, 3)
    k, j = np.meshgrid(np.arange(len(rho) - 1), np.arange(sides), indexing="ij")
    here, aside = k * sides + j, k * sides + (j + 1) % sides
    corners = np.stack([here, aside, aside + sides, here, aside + sides, here + sides], axis=-1)
    faces = corners.reshape(-1, 3)
    on_axis = rho[faces // sides] == 0.0
    return Surface(vertices, faces[on_axis.sum(axis=1) < 2])  # two corners on the axis: no area


def tube(inner: float, outer: float, length: float) -> tuple[Surface, list[np.ndarray]]:
    """Return a cylinder about z, hollow if `inner` > 0 and an open sheet if both radii are equal, and its rims."""
    half = 0.5 * length
    if inner == outer:
        profile = [(outer, -half), (outer, half)]
    elif length == 0.0:
        profile = [(inner, 0.0), (outer, 0.0)]
    else:
        profile = [(inner, -half), (outer, -half), (outer, half), (inner, half)]
        if inner > 0.0:
            profile.append((inner, -half))
    heights = (half, -half) if length else (0.0,)
    radii = {r for r in (inner, outer) if r > 0.0}
    return revolved(np.array(profile)), [ring(r, z) for r in sorted(radii) for z in heights]


def ball(semi_axes: np.ndarray) -> tuple[Surface, list[np.ndarray]]:
    """Return an ellipsoid and its three great ellipses."""
    polar = np.linspace(-0.5 * math.pi, 0.5 * math.pi, SIDES // 2 + 1)
    profile = np.stack([np.cos(polar), np.sin(polar)], axis=-1)
    profile[[0, -1], 0] = 0.0
    surface = revolved(profile)
    circle = ring(1.0)
    great = [circle, circle[:, [1, 2, 0]], circle[:, [2, 0, 1]]]
    return Surface(surface.vertices * semi_axes, surface.faces), [line * semi_axes for line in great]


def box(edges: np.ndarray) -> tuple[Surface, list[np.ndarray]]:
    """Return a cuboid and its twelve edges as four lines."""
    corners = 0.5 * np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * edges
    quads = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    faces = [triangle for a, b, c, d in quads for triangle in ((a, b, c), (a, c, d))]
    lines = [corners[list(line)] for line in ((0, 1, 3, 2, 0, 4, 5, 7, 6, 4), (1, 5), (3, 7), (2, 6))]
    return Surface(corners, np.array(faces)), lines


def sharp_edges(surface: Surface, degrees: float = 25.0) -> list[np.ndarray]:
    """Return the edges of a closed surface where it bends by more than this angle, each as a line of two points."""
    vertices, faces = surface
    corners = vertices[faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    ends = np.sort(np.stack([faces, np.roll(faces, -1, axis=1)], axis=-1).reshape(-1, 2), axis=1)
    order = np.lexsort(ends.T)
    first, second = order[::2], order[1::2]
    cosine = np.sum(normals[first // 3] * normals[second // 3], axis=1)
    return list(vertices[ends[first[cosine < math.cos(math.radians(degrees))]]])


def arrow(tail: np.ndarray, tip: np.ndarray, width: float) -> Surface:
    """Return a solid arrow whose shaft has the radius `width`."""
    along = tip - tail
    length = float(np.linalg.norm(along))
    head = min(7.0 * width, 0.6 * length)
    profile = [(0.0, 0.0), (width, 0.0), (width, length - head), (2.8 * width, length - head), (0.0, length)]
    return _pointed(np.array(profile), tail, along)


def cone(middle: np.ndarray, direction: np.ndarray, size: float) -> Surface:
    """Return a cone of this length, its middle at a point, that shows a sense along a line."""
    profile = [(0.0, -0.5 * size), (0.35 * size, -0.5 * size), (0.0, 0.5 * size)]
    return _pointed(np.array(profile), middle, direction)


def _pointed(profile: np.ndarray, origin: np.ndarray, direction: np.ndarray) -> Surface:
    surface = revolved(profile, 16)
    return Surface(surface.vertices @ turning_z_to(direction).T + origin, surface.faces)
