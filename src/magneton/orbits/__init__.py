"""Charged particles: full orbits, guiding centres, invariants, and how the first of them breaks."""

from magneton._lazy import lazy_names

#: Where each public name is defined; a module is loaded when one of its names is used.
HOMES = {
    "AbsorbingBall": "walls",
    "AbsorbingHalfSpace": "walls",
    "EnclosingBall": "walls",
    "Drifts": "_drifts",
    "Ensemble": "ensemble",
    "Species": "species",
    "alpha": "species",
    "deuteron": "species",
    "drifts": "_drifts",
    "electron": "species",
    "muon": "species",
    "proton": "species",
    "trace_ensemble": "ensemble",
}

__all__ = list(HOMES)
__getattr__, __dir__ = lazy_names(__name__, {name: f"{__name__}.{home}" for name, home in HOMES.items()})
