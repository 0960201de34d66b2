"""A picture of sources in space, before any library draws it: bodies, arrows of moments, field lines, a unit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.plot.bodies import Geometry
from magneton.plot.lines import Region, trace
from magneton.plot.parts import Part, named, part_of
from magneton.plot.seeds import across_the_box, around
from magneton.plot.style import COLOURS
from magneton.sources.base import Source

MOST_ARROWS = 500  # of one source with many moments
LINES = 56  # field lines of a whole picture, unless asked otherwise
_FEWEST = 8  # that a costly field is given
#: Rough cost of a field at a point, in nanoseconds for each float of its parameters; 1 for what is not here.
_COSTS = {"Magnetization": 70.0, "CurrentDensity": 70.0, "PoleDensity": 70.0, "Polyline": 60.0}
_AFFORDED = 5e6  # nanoseconds a point, for all lines: some two seconds for a picture
_POWER = 0.25  # an arrow's length grows with this power of the moment
_SHORTEST = 0.3  # of the longest arrow
_PREFIXES = {-15: "f", -12: "p", -9: "n", -6: "µ", -3: "m", 0: "", 3: "k", 6: "M", 9: "G"}


@dataclass(frozen=True)
class Item:
    """One source of a picture.

    Attributes
    ----------
    name, kind : str
        What the user calls it, and its class.
    position : ndarray, shape (3,), metre
        Of the source, or the middle of what is drawn of it.
    moment : ndarray, shape (3,), A m^2, or None
        The total moment.
    geometry : Geometry
        What is drawn.
    tails, tips : ndarray, shape (k, 3), metre
        Of the moments' arrows.
    all_moments : int
        How many moments the source has, of which k are drawn.
    colour : str
        Its colour, as #rrggbb.
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
    tails: np.ndarray
    tips: np.ndarray
    all_moments: int
    colour: str
    north: np.ndarray | None = None
    current: float | None = None
    turns: float = 1.0

    def moment_text(self) -> str:
        """Return the size of the moment with its unit."""
        if self.moment is None:
            return "no moment"
        return f"{np.linalg.norm(self.moment):.4g} A m²"


@dataclass(frozen=True)
class Picture:
    """All that is drawn. `low` and `high` are corners of the box in metres; `lines` are field lines, `strengths`
    |B| in tesla along them; `notes` say what is missing, and why."""  # fmt: skip

    items: list[Item]
    low: np.ndarray
    high: np.ndarray
    lines: list[np.ndarray]
    strengths: list[np.ndarray]
    unit: str
    metres: float
    title: str
    notes: list[str]

    @property
    def size(self) -> float:
        """The longest side of the box in metres."""
        return float(np.max(self.high - self.low))


def make_picture(
    sources: Any, title: str | None = None, field_lines: bool | int = True, extent: Any = None
) -> Picture:
    """Return the picture of sources; the arguments are those of `magneton.show`."""
    pairs = list(named(sources))
    parts = [part_of(name, source) for name, source in pairs]
    low, high, size = _box(parts, extent)
    items = _with_arrows(parts, size)
    if extent is None:
        low, high = _with_room(items, low, high, size, bool(field_lines))
    notes: list[str] = []
    lines, strengths = _field_lines(pairs, items, low, high, size, field_lines, notes)
    metres, unit = _unit([source for _, source in pairs], float(np.max(high - low)))
    return Picture(items, low, high, lines, strengths, unit, metres, title or "", notes)


def _box(parts: list[Part], extent: Any) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the box that holds all bodies, and the scene's size."""
    points = [p for p in (item.geometry.points() for item in parts) if len(p)]
    if points:
        low = np.min([p.min(axis=0) for p in points], axis=0)
        high = np.max([p.max(axis=0) for p in points], axis=0)
    else:
        low = high = np.zeros(3)
    if extent is not None:
        half = _check.positive("extent", extent, "m")
        middle = 0.5 * (low + high)
        return middle - half, middle + half, half
    size = float(np.linalg.norm(high - low)) / 2.0
    if size == 0.0:
        size = 1.0  # points alone have no scale of their own
    return low, high, size


def _crowding(moments: Iterable[int]) -> float:
    """Return by how much arrows and margins shrink, since many bodies fill the scene themselves: 1 for a few.

    `moments` says how many each source has.
    """
    count = sum(max(1, number) for number in moments)
    return 1.0 if count < 5 else float(np.cbrt(count)) / 1.5


def _with_arrows(parts: list[Part], size: float) -> list[Item]:
    """Give each moment an arrow: its direction true, its length compressed, and out of its body."""
    sizes = [np.linalg.norm(item.moments, axis=1) for item in parts]
    largest = max((float(s.max()) for s in sizes if len(s)), default=0.0)
    longest = 0.75 * size / _crowding(len(part.moments) for part in parts)
    items = []
    for i, (item, norms) in enumerate(zip(parts, sizes, strict=True)):
        chosen = slice(None, None, max(1, -(-len(norms) // MOST_ARROWS)))
        tails, moments, norms_shown = item.anchors[chosen], item.moments[chosen], norms[chosen]
        directions = moments / norms_shown[:, None]
        length = longest * np.maximum(_SHORTEST, (norms_shown / (largest or 1.0)) ** _POWER)
        points = item.geometry.points()
        if len(tails) == 1:
            reach = float(np.max((points - tails[0]) @ directions[0]))
            breadth = float(np.linalg.norm(np.ptp(points, axis=0))) / 2.0
            length = np.maximum(length, 1.2 * reach + 0.25 * breadth)
        items.append(
            Item(
                item.name,
                item.kind,
                item.position,
                item.moment,
                item.geometry,
                tails,
                tails + length[:, None] * directions,
                len(norms),
                COLOURS[i % len(COLOURS)],
                item.north if item.north is not None and np.any(item.north) else None,
                item.current,
                item.turns,
            )
        )
    return items


def _with_room(
    items: list[Item], low: np.ndarray, high: np.ndarray, size: float, lines: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the box with room for the arrows and the field lines."""
    crowding = _crowding(item.all_moments for item in items)
    margin = max(0.15, 0.9 / crowding if lines else 0.0) * size
    tips = [item.tips for item in items if len(item.tips)]
    low, high = low - margin, high + margin
    if tips:
        low = np.minimum(low, np.min([t.min(axis=0) for t in tips], axis=0) - 0.1 * size)
        high = np.maximum(high, np.max([t.max(axis=0) for t in tips], axis=0) + 0.1 * size)
    return low, high


def _field_lines(
    pairs: list[tuple[str, Source]],
    items: list[Item],
    low: np.ndarray,
    high: np.ndarray,
    size: float,
    wanted: Any,
    notes: list[str],
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return field lines of all sources together and |B| along them."""
    count = _count(wanted)
    if not count:
        return [], []
    field = _total_field(pairs, notes)
    if field is None:
        return [], []
    cost = sum(_COSTS.get(type(s).__name__, 1.0) * len(s.compiled.params) for s in field.sources)
    if count * cost > _AFFORDED and count > _FEWEST:
        count = max(_FEWEST, int(_AFFORDED / cost))
        notes.append(f"{count} field lines only, since the field takes long to compute")
    stops = [(c, max(r, 0.02 * size)) for item in items for c, r in item.geometry.stops]
    seeds = _seeds(pairs, items, low, high, size, count)
    lines = trace(field.B, seeds, Region(low, high, size, stops))
    if not lines:
        notes.append("no field lines: the field is zero or not defined where they would start")
        return [], []
    return lines, _strengths(field, lines)


def _strengths(field: Any, lines: list[np.ndarray]) -> list[np.ndarray]:
    """Return |B| along lines, computed at every fourth point (the ends of the steps) and interpolated between."""
    places = [np.unique(np.append(np.arange(0, len(line), 4), len(line) - 1)) for line in lines]
    with np.errstate(all="ignore"):
        known = np.linalg.norm(
            field.B(np.concatenate([line[k] for line, k in zip(lines, places, strict=True)])), axis=1
        )
    parts = np.split(known, np.cumsum([len(k) for k in places])[:-1])
    return [
        np.interp(np.arange(len(line)), k, part) for line, k, part in zip(lines, places, parts, strict=True)
    ]


def _count(wanted: Any) -> int:
    if isinstance(wanted, bool | np.bool_):
        return LINES if wanted else 0
    if not isinstance(wanted, int | np.integer) or wanted < 0:
        raise ValueError(f"field_lines must be True, False or a count, got {wanted!r}")
    return int(wanted)


def _seeds(
    pairs: list[tuple[str, Source]],
    items: list[Item],
    low: np.ndarray,
    high: np.ndarray,
    size: float,
    count: int,
) -> np.ndarray:
    bodies = [item for item in items if item.position is not None]
    share = max(4, count // max(1, len(bodies)))
    step = max(1, -(-len(bodies) * 4 // max(count, 4)))  # of very many bodies, some
    room = size / _crowding(item.all_moments for item in items)
    seeds = [
        around(item.position, item.moment, item.geometry, room, share)
        for item in bodies[::step]
        if item.position is not None
    ]
    uniform = [source for _, source in pairs if type(source).__name__ == "UniformField"]
    if uniform:
        total = np.sum([source.B0 for source in uniform], axis=0)  # pyright: ignore[reportAttributeAccessIssue]
        if np.any(total):
            seeds.append(across_the_box(low, high, total, min(count, 16)))
    return np.concatenate(seeds) if seeds else np.empty((0, 3))


def _total_field(pairs: list[tuple[str, Source]], notes: list[str]) -> Any:
    """Return all sources that have a field as one; the notes say which have none."""
    from magneton.sources.collection import Collection

    able = []
    for name, source in pairs:
        try:
            source.B(np.full((1, 3), 0.1))
            _ = source.compiled
        except (AttributeError, ValueError, NotImplementedError) as error:
            notes.append(f"field lines without {name}: {error}")
        else:
            able.append(source)
    return Collection(able) if able else None


def _unit(sources: list[Source], span: float) -> tuple[float, str]:
    """Return the unit of the axes: the radius of the planet if there is one, or metres with a prefix."""
    for source in sources:
        if type(source).__name__ == "GaussCoefficients":
            radius = next(
                (getattr(source, n) for n in ("radius", "reference_radius") if hasattr(source, n)), 0.0
            )
            if radius > 0.0:
                return float(radius), "R"
    power = 3 * int(np.floor(np.log10(span) / 3.0))
    power = min(max(power, min(_PREFIXES)), max(_PREFIXES))
    return 10.0**power, f"{_PREFIXES[power]}m"
