"""Energy, force and torque between two sources, or among N moments; what moments induce and where they come to rest."""

from magneton._lazy import lazy_names

#: Where each public name is defined; a module is loaded when one of its names is used.
HOMES = {
    "BodySystem": "bodies",
    "Equilibrium": "directions",
    "InducedMoments": "induced",
    "Interaction": "_tally",
    "MomentSystem": "system",
    "NotConverged": "_tally",
    "PolarizationCatastrophe": "_polarize",
    "RestPosition": "levitation",
    "SoftBody": "soft_iron",
    "Stiffness": "_stiffness",
    "dipole_energy": "dipoles",
    "dipole_force": "dipoles",
    "dipole_torque": "dipoles",
    "energy": "pair",
    "equilibrium": "directions",
    "force": "pair",
    "force_on_dipole": "dipoles",
    "image": "images",
    "induced_moments": "induced",
    "interaction": "pair",
    "magnetized": "soft_iron",
    "mutual_inductance": "pair",
    "polarizability": "soft_iron",
    "rest_position": "levitation",
    "second_gradient": "_derivatives",
    "self_inductance": "inductance",
    "stiffness": "_stiffness",
    "torque": "pair",
}

__all__ = list(HOMES)
__getattr__, __dir__ = lazy_names(__name__, {name: f"{__name__}.{home}" for name, home in HOMES.items()})
