"""Moments in motion: precession, damping, temperature, rigid magnets, and the angular momentum they carry."""

from magneton._lazy import lazy_names

#: Where each public name is defined; a module is loaded when one of its names is used.
HOMES: dict[str, str] = {}

__all__ = [*HOMES]
__getattr__, __dir__ = lazy_names(__name__, {name: f"{__name__}.{home}" for name, home in HOMES.items()})
