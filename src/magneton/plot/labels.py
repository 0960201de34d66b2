"""Words on figures: names of quantities, and units."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from magneton.scene.tasks.base import FORMULA, PARTS, RATIO

if TYPE_CHECKING:
    import xarray as xr


def component(dataset: xr.Dataset, name: str) -> xr.DataArray:
    """Return a variable, one component of it (``B.z``) or its norm (``B.norm``, and ``B`` alone)."""
    base, _, part = name.partition(".")
    array = dataset[base]
    parts = [dim for dim in array.dims if dim in PARTS]
    if not parts:
        return array
    if part in ("", "norm"):
        norm: Any = np.sqrt((array**2).sum(parts, skipna=False))
        return norm.assign_attrs(array.attrs)
    return array.isel({dim: "xyz".index(letter) for dim, letter in zip(parts, part, strict=True)})


def heading(name: str, vector: bool = False) -> str:
    """Return how a figure writes the name of a variable or component; of a `vector`, its norm."""
    base, _, part = name.partition(".")
    part = part or ("norm" if vector else "")
    ending = next((text for text in (FORMULA, RATIO) if base.endswith(text)), "")
    word = base.removesuffix(ending).replace("_", " ")
    if len(word) == 1:
        word = f"|{word}|" if part == "norm" else rf"$\mathrm{{{word}}}_{{{part}}}$" if part else word
    else:
        word = f"|{word}|" if part == "norm" else f"{word} {part}".strip()
    return word + {FORMULA: ", formula", RATIO: ", exact / formula"}.get(ending, "")


def unit_of(array: xr.DataArray) -> str:
    """Return the unit of a variable; empty for pure numbers."""
    unit = array.attrs.get("units", "")
    return "" if unit == "1" else unit


def with_unit(text: str, unit: str) -> str:
    """Return an axis label."""
    return f"{text} [{unit}]" if unit else text
