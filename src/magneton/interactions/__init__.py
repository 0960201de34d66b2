"""Energy, force and torque between two sources, or among N moments."""

from magneton.interactions.bodies import BodySystem
from magneton.interactions.dipoles import dipole_energy, dipole_force, dipole_torque, force_on_dipole
from magneton.interactions.pair import (
    Interaction,
    NotConverged,
    energy,
    force,
    interaction,
    mutual_inductance,
    torque,
)
from magneton.interactions._stiffness import Stiffness, stiffness
from magneton.interactions.system import MomentSystem

__all__ = [
    "BodySystem",
    "Interaction",
    "MomentSystem",
    "NotConverged",
    "Stiffness",
    "dipole_energy",
    "dipole_force",
    "dipole_torque",
    "energy",
    "force",
    "force_on_dipole",
    "interaction",
    "mutual_inductance",
    "stiffness",
    "torque",
]
