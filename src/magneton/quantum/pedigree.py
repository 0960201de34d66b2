"""A moment with its uncertainty and where it comes from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from magneton import constants
from magneton.quantum._notation import concise_notation

MAGNETONS = {"mu_B": constants.mu_B, "mu_N": constants.mu_N}


@dataclass(frozen=True)
class MomentValue:
    """A magnetic moment as it was measured, in the unit it was measured in, and where it comes from.

    Attributes
    ----------
    name : str
        Of what: "electron", "13C", "Sigma+".
    spin : float
        Quantum number of the angular momentum that the moment belongs to.
    value : float
        The largest projection of the moment, in `unit`; negative if it is antiparallel to the spin.
    uncertainty : float
        Standard uncertainty of `value`, in `unit`; nan if the source gives none.
    unit : {"mu_B", "mu_N"}
        The natural unit.
    sign_known : bool
        False if only the magnitude was measured; `value` is then positive.
    edition : str
        Which evaluation, of which year, the value is from, or the method of measurement.
    citation : str
        Key in the list of references, ``docs/references.bib``.
    """

    name: str
    spin: float
    value: float
    uncertainty: float
    unit: Literal["mu_B", "mu_N"]
    sign_known: bool
    edition: str
    citation: str

    @property
    def moment(self) -> float:
        """The moment in J/T."""
        return self.value * float(MAGNETONS[self.unit])

    @property
    def moment_uncertainty(self) -> float:
        """The standard uncertainty of `moment` in J/T, that of the magneton included."""
        magneton = MAGNETONS[self.unit]
        return math.hypot(self.uncertainty * float(magneton), self.value * magneton.uncertainty)

    @property
    def moment_mu_B(self) -> float:
        """The moment in Bohr magnetons."""
        return self.value if self.unit == "mu_B" else self.moment / float(constants.mu_B)

    @property
    def moment_mu_N(self) -> float:
        """The moment in nuclear magnetons."""
        return self.value if self.unit == "mu_N" else self.moment / float(constants.mu_N)

    @property
    def concise(self) -> str:
        """The value with its uncertainty in parentheses, in `unit`: "2.79284734463(82)"; "±" if no sign is known."""
        return ("" if self.sign_known else "±") + concise_notation(self.value, self.uncertainty)

    @property
    def gyromagnetic_ratio(self) -> float:
        """The moment divided by the angular momentum, moment/(spin hbar), signed, in 1/(s T); nan without spin."""
        return self.moment / (self.spin * float(constants.hbar)) if self.spin else math.nan
