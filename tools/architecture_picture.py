"""Draw docs/images/architecture.svg: the rooms of the library, and what each imports, read from its source.

Run it from anywhere, ``python tools/architecture_picture.py``; it needs only Python. An arrow goes from a room
to one that it imports; where a room is reached through others as well, the direct arrow is left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "magneton"
PICTURE = ROOT / "docs" / "images" / "architecture.svg"

#: What every room stands on: modules that talk to numba, check what users pass in, and write files.
FOUNDATION = "_jit, _check, ..."
ABOUT = {
    "constants": "CODATA 2022",
    "units": "converters, quantities",
    FOUNDATION: "numba, checks, files",
    "numerics": "elliptic, quadrature, ODE",
    "kernels": "one formula, one function",
    "summation": "many sources, many points",
    "sources": "things with a moment or a field",
    "interactions": "energy, force, torque",
    "runs": "long runs, resumed, certified",
    "dynamics": "moments in motion",
    "orbits": "charged particles",
    "quantum": "atoms, nuclei, thermal",
    "estimation": "a moment from measurements",
    "scene": "TOML in, results out",
    "plot": "pictures and pages",
    "interop": "magpylib, xarray, VTK",
    "cli": "the command",
}
BOX, GAP, ROW = (190, 46), 18, 78  # pixels
#: How the name of a place begins that an arrow passes between rooms, and how wide it is.
SLOT, SLOT_WIDTH = "|", 24
MARGIN = 24


@cache
def homes() -> dict[str, str]:
    """Return which module the names come from that the package itself offers."""
    for node in ast.parse((SOURCE / "__init__.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "_HOMES":
            return ast.literal_eval(node.value)
    raise ValueError("src/magneton/__init__.py must have _HOMES, got none")


def room_of(module: str) -> str | None:
    """Return the room of a module of the library, or None of the package itself and the version."""
    parts = module.split(".")
    if len(parts) == 2 and parts[1] in homes():
        parts = homes()[parts[1]].split(".")
    if parts[0] != "magneton" or len(parts) < 2 or parts[1] in ("__main__", "_version", "__init__"):
        return None
    if parts[1] == "_fit_command":
        return "cli"
    return FOUNDATION if parts[1].startswith("_") else parts[1]


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes but those that only type checkers see."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            continue
        yield node
        yield from _statements(node)


def imported(file: Path) -> set[str]:
    """Return the modules of the library that a file imports, at its top or within a function."""
    found = set()
    for node in _statements(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {f"{node.module}.{name.name}" for name in node.names}
    return found


def rooms_and_imports(source: Path = SOURCE) -> dict[str, set[str]]:
    """Return each room with the rooms that it imports."""
    edges: dict[str, set[str]] = {}
    for file in sorted(source.rglob("*.py")):
        room = room_of(".".join(("magneton", *file.relative_to(source).with_suffix("").parts)))
        if room is not None:
            found = {room_of(module) for module in imported(file)}
            edges.setdefault(room, set()).update(other for other in found if other not in (None, room))
    return edges


def reached(edges: dict[str, set[str]], room: str) -> set[str]:
    """Return all that a room imports, through others too."""
    found: set[str] = set()
    waiting = list(edges[room])
    while waiting:
        other = waiting.pop()
        if other not in found:
            found.add(other)
            waiting += edges[other]
    return found


def reduced(edges: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the imports without those that follow from others."""
    below = {room: reached(edges, room) for room in edges}
    return {
        room: {one for one in others if not any(one in below[other] for other in others - {one})}
        for room, others in edges.items()
    }


def levels(edges: dict[str, set[str]]) -> dict[str, int]:
    """Return how high each room stands: above all that it imports. Raise if imports go round in a circle."""
    for room in edges:
        if room in reached(edges, room):
            raise ValueError(f"imports must go one way, got a circle through {room}")
    found: dict[str, int] = {}
    while len(found) < len(edges):
        for room, others in edges.items():
            if room not in found and others <= found.keys():
                found[room] = 1 + max((found[other] for other in others), default=-1)
    return found


@dataclass
class Layout:
    """Rows of rooms from the lowest up, with a slot in each row that an arrow passes.

    Attributes
    ----------
    rows : list of list of str
        Rooms and slots from left to right.
    paths : list of list of str
        Each arrow, from the importing room down through its slots to the imported one.
    """

    rows: list[list[str]]
    paths: list[list[str]]

    @classmethod
    def of(cls, edges: dict[str, set[str]]) -> Layout:
        """Return rooms on their levels, arrows with a slot in each row between."""
        height = levels(edges)
        rows = [sorted(r for r in edges if height[r] == level) for level in range(max(height.values()) + 1)]
        paths = []
        for room in sorted(edges):
            for other in sorted(edges[room]):
                slots = [
                    f"{SLOT}{room}>{other}>{level}" for level in range(height[room] - 1, height[other], -1)
                ]
                for level, slot in zip(range(height[room] - 1, height[other], -1), slots, strict=True):
                    rows[level].append(slot)
                paths.append([room, *slots, other])
        return cls(rows, paths)

    def places(self) -> dict[str, float]:
        """Return where each room and slot is across, in pixels from the middle."""
        found = {}
        for row in self.rows:
            widths = [SLOT_WIDTH if one.startswith(SLOT) else BOX[0] for one in row]
            x = -0.5 * (sum(widths) + GAP * (len(row) - 1))
            for one, width in zip(row, widths, strict=True):
                found[one] = x + 0.5 * width
                x += width + GAP
        return found

    def untangle(self, sweeps: int = 24) -> None:
        """Sort each row by the middle of its neighbours' places, up and down in turn, so that few arrows cross."""
        beside: dict[str, list[str]] = {one: [] for row in self.rows for one in row}
        for path in self.paths:
            for upper, lower in pairwise(path):
                beside[upper].append(lower)
                beside[lower].append(upper)
        for sweep in range(sweeps):
            for row in self.rows if sweep % 2 else reversed(self.rows):
                place = self.places()
                middle = {one: sum(place[o] for o in beside[one]) / max(len(beside[one]), 1) for one in row}
                row.sort(key=middle.__getitem__)


def box(room: str, x: float, y: float) -> str:
    """Return a room's box, its middle at (x, y)."""
    width, height = BOX
    return (
        f'<rect x="{x - width / 2:g}" y="{y - height / 2:g}" width="{width}" height="{height}" rx="6"/>'
        f'<text class="name" x="{x:g}" y="{y - 4:g}">{room}</text>'
        f'<text class="about" x="{x:g}" y="{y + 13:g}">{ABOUT.get(room, "")}</text>'
    )


def arrow(points: list[tuple[float, float]]) -> str:
    """Return an arrow from the bottom of the first box, upright through the slots, to the top of the last."""
    half = BOX[1] / 2
    x, y = points[0][0], points[0][1] + half
    line = f"M{x:g} {y:g}"
    for i, (x1, middle) in enumerate(points[1:], start=2):
        y1 = middle - half - (7 if i == len(points) else 0)
        bend = 0.5 * (y1 - y)
        line += f" C{x:g} {y + bend:g} {x1:g} {y1 - bend:g} {x1:g} {y1:g}"
        x, y = x1, y1
        if i < len(points):
            y = middle + half
            line += f" L{x:g} {y:g}"
    return f'<path d="{line}"/>'


STYLE = """\
<style>
text { font-family: DejaVu Sans, Verdana, sans-serif; text-anchor: middle; fill: #222222 }
.name { font-size: 13px; font-weight: bold } .about { font-size: 10px }
rect { fill: #e8f1f8; stroke: #0072b2; stroke-width: 1.2 } rect.page { fill: white; stroke: none }
path { fill: none; stroke: #666666; stroke-width: 1.1; marker-end: url(#head) }
#head path { fill: #666666; stroke: none; marker-end: none }
</style>
<defs><marker id="head" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path d="M0 0 L8 4 L0 8 Z"/></marker></defs>"""


def picture(edges: dict[str, set[str]]) -> str:
    """Return the picture as SVG."""
    layout = Layout.of(reduced(edges))
    layout.untangle()
    across = layout.places()
    half = max(map(abs, across.values())) + BOX[0] / 2 + MARGIN
    width, height = 2 * half, 2 * MARGIN + (len(layout.rows) - 1) * ROW + BOX[1]
    place = {
        one: (half + across[one], height - MARGIN - BOX[1] / 2 - level * ROW)
        for level, row in enumerate(layout.rows)
        for one in row
    }
    lines = [arrow([place[one] for one in path]) for path in layout.paths]
    boxes = [box(one, *place[one]) for one in place if not one.startswith(SLOT)]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}">'
    page = f'<rect class="page" width="{width:g}" height="{height:g}"/>'
    title = "<title>The rooms of magneton: an arrow goes from a room to one that it imports</title>"
    return "\n".join([head, title, STYLE, page, *lines, *boxes, "</svg>", ""])


def main() -> None:
    """Write the picture."""
    PICTURE.write_text(picture(rooms_and_imports()), encoding="utf-8")
    print(PICTURE)


if __name__ == "__main__":
    main()
