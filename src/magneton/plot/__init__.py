"""Pictures of results and of sources. The plotting libraries are loaded when the first picture is made, not before."""

from __future__ import annotations

from magneton._lazy import lazy_names

#: Public name -> the module that defines it.
_HOMES = {
    "draw": "magneton.plot.figures",
    "draw_scene": "magneton.plot.figures",
    "save": "magneton.plot.figures",
    "show": "magneton.plot.view",
    "write_html": "magneton.plot.view",
}

__all__ = list(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
