"""Sources as what is told of them: a name, a position, a moment, a geometry."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton.plot.bodies import GEOMETRY, Geometry, geometry
from magneton.sources.base import Source


def named(sources: Any) -> Iterator[tuple[str, Source]]:
    """Yield each source with a name; collections are taken apart.

    Raises
    ------
    ValueError
        If there is none, or something that is no source.
    """
    if isinstance(sources, Source) or _is_system(sources):
        sources = [sources]
    if isinstance(sources, Mapping):
        pairs = [(str(name), _as_source(f"sources[{name!r}]", given)) for name, given in sources.items()]
    else:
        pairs = _with_names(sources)
    if not pairs:
        raise ValueError("sources must hold at least one source, got none")
    for name, source in pairs:
        yield from _members(name, source)


def _with_names(sources: Any) -> list[tuple[str, Source]]:
    """Return each source of a sequence with the name of its class, and a number if there are several of it."""
    try:
        given = list(sources)
    except TypeError:
        raise ValueError(
            f"sources must be a source, a sequence or a dict of sources, got {type(sources).__name__}"
        ) from None
    members = [_as_source(f"sources[{i}]", member) for i, member in enumerate(given)]
    kinds = Counter(type(member).__name__ for member in members)
    seen: Counter[str] = Counter()
    pairs = []
    for member in members:
        kind = type(member).__name__
        seen[kind] += 1
        pairs.append((f"{kind} {seen[kind]}" if kinds[kind] > 1 else kind, member))
    return pairs


def _is_system(given: Any) -> bool:
    return type(given).__name__ == "MomentSystem"


def _as_source(name: str, given: Any) -> Source:
    """Return a source as it is, and a MomentSystem as its dipoles."""
    if _is_system(given):
        from magneton.sources.points import Dipoles

        return Dipoles(given.moments, given.positions)
    if not isinstance(given, Source):
        raise ValueError(f"{name} must be a source, got {type(given).__name__}")
    return given


def _members(name: str, source: Any) -> Iterator[tuple[str, Source]]:
    if type(source).__name__ in GEOMETRY or not hasattr(source, "sources"):
        yield name, source
        return
    for i, member in enumerate(source.sources):
        yield from _members(f"{name}[{i}]", member)


@dataclass(frozen=True)
class Part:
    """One source: its name and class, where it is, its moment if it has one, and its geometry.

    Attributes
    ----------
    anchors, moments : ndarray, shape (k, 3)
        Where the source has moments, in metres, and these in A m^2; one for most sources, many for `Dipoles`.
    north : ndarray, shape (3,), or None
        Of a uniformly magnetized body, the direction of its magnetization.
    current : float or None
        Of a circuit, in ampere.
    turns : float
        That carry this current each.
    """

    name: str
    kind: str
    position: np.ndarray | None
    moment: np.ndarray | None
    geometry: Geometry
    anchors: np.ndarray
    moments: np.ndarray
    north: np.ndarray | None
    current: float | None = None
    turns: float = 1.0


def part_of(name: str, source: Any) -> Part:
    """Return what is to be told of one source."""
    shape = geometry(source)
    moment = _moment(source)
    points = shape.points()
    position = _position(source, points)
    anchors, moments = np.empty((0, 3)), np.empty((0, 3))
    if hasattr(source, "moments") and hasattr(source, "positions"):
        anchors, moments = source.positions, source.moments
    elif moment is not None and len(points):
        anchors, moments = position[None], moment[None]
    known = np.any(moments != 0.0, axis=1)
    return Part(
        name,
        type(source).__name__,
        position if len(points) else None,
        moment,
        shape,
        anchors[known],
        moments[known],
        moment if np.shape(getattr(source, "magnetization", ())) == (3,) else None,
        getattr(source, "current", None),
        getattr(source, "turns", 1.0),
    )


def _moment(source: Any) -> np.ndarray | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # one that depends on the origin is shown all the same
            moment = np.asarray(source.moment, dtype=np.float64)
    except (AttributeError, ValueError, NotImplementedError):
        return None
    return moment if moment.shape == (3,) and np.all(np.isfinite(moment)) else None


def _position(source: Any, points: np.ndarray) -> np.ndarray:
    """Return the source's position; the middle of its points if it has none, or one outside of them."""
    if not len(points):
        return np.zeros(3)
    low, high = points.min(axis=0), points.max(axis=0)
    position = getattr(source, "position", getattr(source, "centre", None))
    slack = 1e-9 * float(np.max(high - low))
    if position is None or np.any(position < low - slack) or np.any(position > high + slack):
        return 0.5 * (low + high)
    return np.asarray(position, dtype=np.float64)
