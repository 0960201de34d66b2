"""What a run's folder says of itself: its manifest, and whether it is the run that is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from magneton._check import shown
from magneton._version import __version__
from magneton.constants import EDITION
from magneton.runs.certificate import Certificate, merged
from magneton.runs.plain import array_identity, differences, digest_of, plain

NAME = "manifest.json"
FORMAT = "magneton run"
FORMAT_VERSION = 1
_KEYS = frozenset(
    (
        "magneton",
        "constants",
        "spec",
        "inputs",
        "item",
        "count",
        "chunk",
        "arrays",
        "chunks",
        "sessions",
        "complete",
    )
)


def new_manifest(
    spec: Mapping[str, Any], inputs: Mapping[str, Any], item: str, count: int, chunk: int
) -> dict[str, Any]:
    """Return the manifest of a run that has not begun."""
    if not isinstance(spec, Mapping):
        raise ValueError(f"spec must be a dict, got {shown(spec)}")
    values = plain("spec", spec)
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "magneton": __version__,
        "constants": EDITION,
        "spec": values,
        "spec_sha256": digest_of(values),
        "inputs": {name: array_identity(f"inputs[{name!r}]", value) for name, value in inputs.items()},
        "item": item,
        "count": count,
        "chunk": chunk,
        "complete": False,
        "certificate": None,
        "arrays": None,
        "sessions": [],
        "chunks": {},
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a folder's manifest, or raise a ValueError if it is none of ours."""
    path = folder / NAME
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"folder must be that of a run, got {folder}: {error.strerror} ({NAME})") from None
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {error}") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ValueError(f"folder must be that of a run, got {folder}, whose {NAME} is not a run's")
    if manifest.get("format_version") != FORMAT_VERSION:
        raise ValueError(
            f"folder must have format version {FORMAT_VERSION}, got {manifest.get('format_version')} in {path}"
        )
    if not manifest.keys() >= _KEYS:
        raise ValueError(f"{path} is damaged: it lacks {', '.join(sorted(_KEYS - manifest.keys()))}")
    return manifest


def manifest_text(manifest: Mapping[str, Any]) -> str:
    """Return a manifest as JSON to be read by people too, with a line for each chunk."""
    rest = {name: value for name, value in manifest.items() if name != "chunks"}
    head = json.dumps(rest, indent=1, allow_nan=False).removesuffix("\n}")
    # Without indent the encoder is the fast one, which counts: there may be thousands, and all are written each time.
    lines = [f'  "{key}": {json.dumps(entry, allow_nan=False)}' for key, entry in manifest["chunks"].items()]
    return f'{head},\n "chunks": {{\n' + ",\n".join(lines) + "\n }\n}\n"


def require_same(folder: Path, there: Mapping[str, Any], here: Mapping[str, Any]) -> None:
    """Raise unless the run in a folder is the one asked for, naming what differs.

    Versions count while the run is unfinished, since its arrays would be of two; how it is cut into chunks does not.
    """
    names = ["spec", "inputs", "item", "count"] + ["magneton", "constants"] * (not there["complete"])
    found = [text for name in names for text in differences(name, there[name], here[name])]
    if found:
        more = f"; and {len(found) - 3} more" * (len(found) > 3)
        raise ValueError(
            f"folder must be new or that of this run, got {folder}: {'; '.join(found[:3])}{more}"
        )


def chunks_in(manifest: Mapping[str, Any]) -> int:
    """Return the number of chunks; no items make one chunk, empty, so that the arrays have names."""
    return max(1, -(-manifest["count"] // manifest["chunk"]))


def bounds(manifest: Mapping[str, Any], index: int) -> tuple[int, int]:
    """Return the items of a chunk: start and stop."""
    start = index * manifest["chunk"]
    return start, min(start + manifest["chunk"], manifest["count"])


def items_done(manifest: Mapping[str, Any]) -> int:
    """Return the number of items in finished chunks."""
    return sum(entry["stop"] - entry["start"] for entry in manifest["chunks"].values())


def certificate_of(manifest: Mapping[str, Any]) -> Certificate:
    """Return the certificate of all finished chunks together."""
    seed = manifest["spec"].get("seed")
    pieces = []
    for key in sorted(manifest["chunks"], key=int):
        entry = manifest["chunks"][key]
        own = {name: entry[name] for name in ("drift", "steps", "wall_time")}
        pieces.append(Certificate.from_dict({**own, **manifest["sessions"][entry["session"]], "seed": seed}))
    return merged(pieces, seed)


def described(
    arrays: Mapping[str, np.ndarray],
    units: Mapping[str, str],
    dims: Mapping[str, tuple[str, ...]],
    item: str,
) -> dict[str, Any]:
    """Return what a manifest says of the arrays of a chunk, or raise if they cannot be one run's."""
    for argument, names in (("units", units), ("dims", dims)):
        if unknown := sorted(set(names) - set(arrays)):
            raise ValueError(f"{argument} must be of {', '.join(arrays)}, got {', '.join(unknown)}")
    if item in arrays:
        raise ValueError(f"item must not be the name of an array, got {item!r}")
    result, sizes = {}, {}
    for name, array in arrays.items():
        own = dims.get(name, tuple(f"{name}_{axis}" for axis in range(1, array.ndim)))
        if len(own) != array.ndim - 1:
            raise ValueError(
                f"dims[{name!r}] must name {array.ndim - 1} axes after the first, got {list(own)}"
            )
        for dim, size in zip(own, array.shape[1:], strict=True):
            if dim == item or dim in arrays or sizes.setdefault(dim, size) != size:
                raise ValueError(
                    f"dims[{name!r}] must name axes of one size each, and no arrays, got {dim!r}"
                )
        result[name] = {
            "dtype": array.dtype.str,
            "shape": list(array.shape[1:]),
            "dims": list(own),
            "unit": units.get(name, ""),
        }
    return result
