"""Magneton beside other libraries: magpylib's objects in, xarray and VTK out. Each is loaded when it is used."""

from __future__ import annotations

import importlib
from typing import Any

#: Public name -> the module that defines it.
_HOMES = {
    "from_magpylib": "magneton.interop.magpylib",
    "to_xarray": "magneton.interop.xarray",
    "write_vtk": "magneton.interop.vtk",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'magneton.interop' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(_HOMES)
