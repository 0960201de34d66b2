"""Bodies and fields as files of VTK, for ParaView and the like; needs no library.

The files are those of the XML formats PolyData (.vtp), ImageData (.vti) and RectilinearGrid (.vtr), with the data in
base64 within them [VTKFormats]_.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np

from magneton._files import require_room, write_whole
from magneton.interop.xarray import checked_quantities, grid_axes, values_at
from magneton.plot.parts import Part, named, part_of
from magneton.sources.collection import Collection

_TYPES = {"float64": "Float64", "int32": "Int32", "int64": "Int64"}
_EVEN = 1e-9  # relative: how evenly an image's points must be spaced


def write_vtk(
    path: str | Path,
    sources: Any,
    grid: Any = None,
    quantities: Sequence[str] = ("B", "H"),
    overwrite: bool = False,
) -> Path:
    """Write the bodies of sources, or their field on a grid, as a file of VTK. Lengths are in metres.

    Without `grid`, the bodies: surfaces, wires and, where there are moments, points. Each cell has the number of its
    ``source``, in the order of the array ``names`` (field data); points have the ``moment`` (A m^2) there, zero
    elsewhere, for arrows (glyphs). With `grid`, the field of all sources together.

    Parameters
    ----------
    path : path-like
        Its ending says the format: ``.vtp`` for bodies, and for a field at points; ``.vtr`` for a field on a grid, or
        ``.vti`` if the grid is even.
    sources : Source, sequence of Source, or dict of str to Source
        As for `magneton.show`.
    grid : dict with x, y and z, or array_like of shape (n, 3), metre, optional
        As for `magneton.to_xarray`.
    quantities : sequence of str
        As for `magneton.to_xarray`.
    overwrite : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file written, whole or not at all.

    Raises
    ------
    ValueError
        If the ending does not suit, the file exists, or as for `magneton.show` and `magneton.to_xarray`.
    """
    path = Path(path)
    axes = grid_axes(grid) if isinstance(grid, Mapping) else None
    endings = (".vtp",) if axes is None else (".vtr", ".vti")
    if path.suffix.lower() not in endings:
        what = "bodies" if grid is None else "a field at points" if axes is None else "a field on a grid"
        raise ValueError(f"path must end in {' or '.join(endings)} for {what}, got {path.name!r}")
    require_room(path, overwrite)
    pairs = list(named(sources))
    if grid is None:
        text = _bodies([part_of(*pair) for pair in pairs])
    elif axes is None:
        text = _at_points(_sum_of(pairs), grid, quantities)
    else:
        text = _on_grid(_sum_of(pairs), axes, quantities, path.suffix.lower() == ".vti")
    return write_whole(path, lambda temporary: _write(temporary, text), overwrite)


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _sum_of(pairs: list[tuple[str, Any]]) -> Any:
    return pairs[0][1] if len(pairs) == 1 else Collection([source for _, source in pairs])


def _array(name: str, values: Any) -> str:
    """Return a data array, with its bytes and their count in base64."""
    values = np.ascontiguousarray(values)
    data = values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes()
    parts = f' NumberOfComponents="{values.shape[1]}"' if values.ndim == 2 else ""
    coded = base64.b64encode(struct.pack("<Q", len(data)) + data).decode("ascii")
    kind = _TYPES[values.dtype.name]
    return (
        f'<DataArray type={quoteattr(kind)} Name={quoteattr(name)}{parts} format="binary">{coded}</DataArray>'
    )


def _tagged(tag: str, *inside: str) -> str:
    return "\n".join([f"<{tag}>", *inside, f"</{tag.split()[0]}>"])


def _file(kind: str, *inside: str) -> str:
    opening = f'VTKFile type="{kind}" version="1.0" byte_order="LittleEndian" header_type="UInt64"'
    return '<?xml version="1.0"?>\n' + _tagged(opening, *inside) + "\n"


def _field_data(source: Any, points: np.ndarray, quantities: Sequence[str]) -> str:
    """Return the quantities at points as point data."""
    arrays = []
    for name in checked_quantities(quantities):
        values = values_at(source, name, points)
        arrays.append(_array(name, values.reshape(len(points), -1) if values.ndim > 1 else values))
    return _tagged("PointData", *arrays)


def _on_grid(source: Any, axes: dict[str, np.ndarray], quantities: Sequence[str], even: bool) -> str:
    x, y, z = (np.atleast_1d(values) for values in axes.values())
    mesh = np.meshgrid(z, y, x, indexing="ij")  # x runs fastest
    points = np.stack([mesh[2].ravel(), mesh[1].ravel(), mesh[0].ravel()], axis=-1)
    data = _field_data(source, points, quantities)
    extent = " ".join(f"0 {len(values) - 1}" for values in (x, y, z))
    piece = f'Piece Extent="{extent}"'
    if not even:
        for key, values in zip("xyz", (x, y, z), strict=True):
            if np.any(np.diff(values) <= 0.0):
                raise ValueError(f"grid[{key!r}] must increase for VTK, got {values[:4].tolist()} ...")
        places = [_array(key, values) for key, values in zip("xyz", (x, y, z), strict=True)]
        inside = _tagged(piece, data, _tagged("Coordinates", *places))
        return _file("RectilinearGrid", _tagged(f'RectilinearGrid WholeExtent="{extent}"', inside))
    origin = " ".join(repr(float(values[0])) for values in (x, y, z))
    spacing = " ".join(repr(_spacing(key, values)) for key, values in zip("xyz", (x, y, z), strict=True))
    opening = f'ImageData WholeExtent="{extent}" Origin="{origin}" Spacing="{spacing}"'
    return _file("ImageData", _tagged(opening, _tagged(piece, data)))


def _spacing(key: str, values: np.ndarray) -> float:
    if len(values) == 1:
        return 1.0
    steps = np.diff(values)
    mean = float((values[-1] - values[0]) / (len(values) - 1))
    if mean <= 0.0 or np.any(np.abs(steps - mean) > _EVEN * np.max(np.abs(values))):
        raise ValueError(f"grid[{key!r}] must be evenly spaced and increase for .vti; write a .vtr instead")
    return mean


def _at_points(source: Any, grid: Any, quantities: Sequence[str]) -> str:
    points = np.asarray(grid, dtype=np.float64)
    if points.ndim != 2 or points.shape[1] != 3:
        raise ValueError(
            f"grid must be a dict of coordinates or points of shape (n, 3), got shape {points.shape}"
        )
    cells = _Cells(points=[points], verts=[np.arange(len(points))[:, None]])
    return _file("PolyData", _tagged("PolyData", cells.piece(_field_data(source, points, quantities))))


@dataclass
class _Cells:
    """Points, and the cells on them: single points, lines and triangles, each with the number of its source."""

    points: list[np.ndarray] = field(default_factory=list)
    moments: list[np.ndarray] = field(default_factory=list)
    verts: list[np.ndarray] = field(default_factory=list)
    lines: list[np.ndarray] = field(default_factory=list)
    polys: list[np.ndarray] = field(default_factory=list)
    owners: dict[str, list[int]] = field(default_factory=lambda: {"verts": [], "lines": [], "polys": []})
    count: int = 0

    def add(
        self, kind: str, points: np.ndarray, cells: list[np.ndarray], owner: int, moments: Any = None
    ) -> None:
        """Add cells of one kind, given by the numbers of these points."""
        getattr(self, kind).extend(cell + self.count for cell in cells)
        self.owners[kind] += [owner] * len(cells)
        self.points.append(points)
        self.moments.append(np.zeros(points.shape) if moments is None else moments)
        self.count += len(points)

    def piece(self, *data: str) -> str:
        """Return the piece of a PolyData file."""
        points = np.concatenate(self.points) if self.points else np.empty((0, 3))
        verts = [row for cell in self.verts for row in np.atleast_2d(cell)]
        kinds = {"Verts": verts, "Lines": self.lines, "Strips": [], "Polys": self.polys}
        numbers = " ".join(f'NumberOf{kind}="{len(cells)}"' for kind, cells in kinds.items())
        parts = [*data, _tagged("Points", _array("Points", points))]
        for kind, cells in kinds.items():
            ends = np.cumsum([len(cell) for cell in cells], dtype=np.int64)
            corners = np.concatenate(cells) if cells else np.empty(0)
            arrays = _array("connectivity", corners.astype(np.int64)), _array("offsets", ends)
            parts.append(_tagged(kind, *arrays))
        return _tagged(f'Piece NumberOfPoints="{len(points)}" {numbers}', *parts)


def _bodies(parts: list[Part]) -> str:
    cells = _Cells()
    for i, part in enumerate(parts):
        shape = part.geometry
        if len(part.anchors):
            cells.add("verts", part.anchors, list(np.arange(len(part.anchors))[:, None]), i, part.moments)
        elif len(shape.dots):
            cells.add("verts", shape.dots, list(np.arange(len(shape.dots))[:, None]), i)
        for line in [*shape.wires, *(() if shape.solids else shape.outlines)]:
            cells.add("lines", line, [np.arange(len(line))], i)
        for surface in shape.solids:
            cells.add("polys", surface.vertices, list(surface.faces), i)
    owners = np.array([number for kind in cells.owners.values() for number in kind], dtype=np.int32)
    moments = np.concatenate(cells.moments) if cells.moments else np.empty((0, 3))
    data = (
        _tagged('PointData Vectors="moment"', _array("moment", moments)),
        _tagged("CellData", _array("source", owners)),
    )
    names = _tagged("FieldData", _names([part.name for part in parts]))
    return _file("PolyData", _tagged("PolyData", names, cells.piece(*data)))


def _names(names: list[str]) -> str:
    """Return an array of strings: the numbers of their bytes, each string ended by a 0."""
    codes = " ".join(str(code) for name in names for code in [*name.encode("utf-8"), 0])
    count = f'NumberOfTuples="{len(names)}"'
    return f'<Array type="String" Name="names" {count} format="ascii">{codes}</Array>'
