"""Moments of electrons, atoms, ions, molecules, nuclei and particles, and thermal magnetism."""

from magneton._lazy import lazy_names

#: Where each public name is defined; a module is loaded when one of its names is used.
HOMES = {
    "Levels": "levels",
    "MomentValue": "pedigree",
    "allowed_projections": "angular",
    "energy_from": "spectroscopic",
    "energy_in": "spectroscopic",
    "projection_angles": "angular",
    "spin_hamiltonian": "spin_hamiltonians",
    "spin_operators": "angular",
}

__all__ = [*HOMES]
__getattr__, __dir__ = lazy_names(__name__, {name: f"{__name__}.{home}" for name, home in HOMES.items()})
