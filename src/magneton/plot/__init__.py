"""Pictures of results and of sources. The plotting libraries are loaded when the first picture is made, not before."""

from __future__ import annotations

import importlib
from typing import Any

#: Public name -> the module that defines it.
_HOMES = {
    "draw": "magneton.plot.figures",
    "draw_scene": "magneton.plot.figures",
    "save": "magneton.plot.figures",
    "show": "magneton.plot.view",
    "write_html": "magneton.plot.view",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'magneton.plot' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_HOMES)
