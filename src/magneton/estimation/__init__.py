"""A moment, with its covariance, from measurements."""

from magneton._lazy import lazy_names

#: Where each public name is defined; a module is loaded when one of its names is used.
HOMES = {
    "Bootstrap": "_bootstrap",
    "fit_dipoles": "dipole_fit",
    "fit_multipoles": "source_fit",
    "fit_sources": "source_fit",
    "fit_windows": "windows",
    "from_flux": "flux",
    "from_force": "mechanical",
    "from_gauss_coefficients": "gauss",
    "from_map": "maps",
    "from_oscillation": "mechanical",
    "from_susceptibility": "susceptibility",
    "from_torque": "mechanical",
    "Improved": "_improve",
    "LikelihoodRegion": "_likelihood",
    "MomentEstimate": "estimate",
    "Planner": "planner",
    "Prediction": "_regions",
    "Profile": "_likelihood",
    "read_readings": "files",
    "Readings": "readings",
    "Region": "_regions",
    "RotatingRig": "rotating_rig",
    "SourceEstimate": "source_fit",
    "Spacecraft": "spacecraft",
    "Unit": "_unit",
    "Verdict": "spacecraft",
    "WindowFits": "windows",
}

__all__ = [*HOMES]
__getattr__, __dir__ = lazy_names(__name__, {name: f"{__name__}.{home}" for name, home in HOMES.items()})
