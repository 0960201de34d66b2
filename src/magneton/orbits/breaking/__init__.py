"""How mu breaks: in time, in space, at a cyclotron resonance and by random waves; each simulated and in closed form.

Collisions, the fourth way, are in `magneton.orbits.collisions`.
"""

from magneton._lazy import lazy_names

#: Where each public name is defined; a module is loaded when one of its names is used.
HOMES = {
    "Autoresonance": "vacuum_wave",
    "SheetScattering": "in_space",
    "autoresonance": "vacuum_wave",
    "mu_diffusion": "quasilinear",
    "mu_jump_off_axis": "in_time",
    "mu_jump_uniform": "in_time",
    "mu_swing": "resonance",
    "pitch_angle_diffusion": "quasilinear",
    "random_phase_waves": "quasilinear",
    "resonant_velocity": "resonance",
    "sharp_sheet_jump": "sheet_theory",
    "sheet_exponent": "sheet_theory",
    "sheet_scattering": "in_space",
    "traced_mu_jump": "in_time",
    "weak_sheet_jump": "sheet_theory",
}

__all__ = list(HOMES)
__getattr__, __dir__ = lazy_names(__name__, {name: f"{__name__}.{home}" for name, home in HOMES.items()})
