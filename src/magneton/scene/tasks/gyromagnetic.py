"""Tasks of moments that carry angular momentum: whose gyromagnetic ratio it is."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import model_validator

from magneton import constants
from magneton.scene.errors import did_you_mean, shown
from magneton.scene.quantities import Quantity, problem
from magneton.scene.tasks.base import Task

_KNOWN = {
    "electron": constants.gamma_e,
    "proton": constants.gamma_p,
    "neutron": constants.gamma_n,
}


def gyromagnetic_ratio(species: str) -> float:
    """Return the signed gyromagnetic ratio of a particle or a nuclide, 1/(s T)."""
    if species in _KNOWN:
        return float(_KNOWN[species])
    from magneton import quantum

    try:
        found = quantum.nucleus(species) if species[:1].isdigit() else quantum.particle(species)
        gamma = float(found.gyromagnetic_ratio)
    except (ValueError, ArithmeticError):
        gamma = math.nan
    if not (math.isfinite(gamma) and gamma):  # nothing of this name, or it has no spin
        hint = did_you_mean(species, [*_KNOWN, "muon", "deuteron", "1H", "13C"])
        raise problem(
            f"no particle or nuclide with a moment is named {shown(species)}; {hint}, ...", ("species",)
        )
    return gamma


class GyromagneticTask(Task):
    """A task with a gyromagnetic ratio: of a species, or a number."""

    species: str | None = None
    gamma: Annotated[float | None, Quantity("1/(s T)", nonzero=True)] = None

    @model_validator(mode="after")
    def _check_gamma(self) -> GyromagneticTask:
        if self.species is not None and self.gamma is not None:
            raise problem("either species or gamma may be given, got both", ("gamma",))
        if self.species is not None:
            gyromagnetic_ratio(self.species)
        return self

    def signed_gamma(self, default: str) -> float:
        """Return gamma, 1/(s T): that of the species `default` where the file gives none."""
        return gyromagnetic_ratio(self.species or default) if self.gamma is None else self.gamma
