"""A moment, with its covariance, from measurements."""

from magneton._lazy import lazy_names

#: Where each public name is defined; a module is loaded when one of its names is used.
HOMES = {
    "fit_dipoles": "dipole_fit",
    "fit_multipoles": "source_fit",
    "fit_sources": "source_fit",
    "from_flux": "flux",
    "from_force": "mechanical",
    "from_gauss_coefficients": "gauss",
    "from_oscillation": "mechanical",
    "from_susceptibility": "susceptibility",
    "from_torque": "mechanical",
    "MomentEstimate": "estimate",
    "Prediction": "_regions",
    "Readings": "readings",
    "Region": "_regions",
    "RotatingRig": "rotating_rig",
    "SourceEstimate": "source_fit",
}

__all__ = [*HOMES]
__getattr__, __dir__ = lazy_names(__name__, {name: f"{__name__}.{home}" for name, home in HOMES.items()})
