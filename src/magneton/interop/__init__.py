"""Magneton beside other libraries: magpylib's objects in, xarray and VTK out. Each is loaded when it is used."""

from __future__ import annotations

from magneton._lazy import lazy_names

#: Public name -> the module that defines it.
_HOMES = {
    "from_magpylib": "magneton.interop.magpylib",
    "to_xarray": "magneton.interop.xarray",
    "write_vtk": "magneton.interop.vtk",
}

__all__ = list(_HOMES)
__getattr__, __dir__ = lazy_names(__name__, _HOMES)
