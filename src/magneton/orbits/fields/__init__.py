"""Fields that charges move in: any source of this library, and the model fields of plasma physics."""

from magneton._lazy import lazy_names

#: Where each public name is defined; a module is loaded when one of its names is used.
HOMES = {
    "CircularWave": "waves",
    "CompiledFunction": "user",
    "FluxTube": "tube",
    "GriddedField": "gridded",
    "HarrisSheet": "sheets",
    "LinearField": "linear",
    "LinearGradient": "linear",
    "OrbitField": "base",
    "ParallelE": "electric",
    "ParaxialBottle": "bottle",
    "PlaneWave": "waves",
    "SheetRow": "sheets",
    "SheetStep": "sheets",
    "Tokamak": "tube",
    "UniformE": "electric",
    "VaryingUniformField": "varying",
    "Wave": "waves",
    "along": "_shared",
    "as_field": "base",
    "interpolated": "interpolant",
    "interpolated_shell": "interpolant_shell",
    "magnetic_bottle": "bottle",
}

__all__ = list(HOMES)
__getattr__, __dir__ = lazy_names(__name__, {name: f"{__name__}.{home}" for name, home in HOMES.items()})
