"""Current sheets of `magneton.orbits.fields` read as what the scattering of mu needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits.fields.sheets import HarrisSheet, SheetRow, SheetStep

#: Where tanh is one to rounding.
_REACH = 20.0


@dataclass(frozen=True)
class Layers:
    """Sheets across z in their own frame, with a field between them and on both sides that is uniform.

    Attributes
    ----------
    positions, thicknesses : ndarray, shape (n,), metre
        Where they are, and how thick.
    plateaus : ndarray, shape (n + 1, 3), tesla
        B between them.
    smooth : bool
        Whether B changes as a tanh; else in a straight line.
    """

    positions: np.ndarray
    thicknesses: np.ndarray
    plateaus: np.ndarray
    smooth: bool

    @property
    def normal(self) -> float:
        """Bz, in tesla."""
        return float(self.plateaus[0, 2])

    @property
    def extent(self) -> tuple[float, float]:
        """Between which z B changes, to rounding."""
        reach = (_REACH if self.smooth else 1.0) * self.thicknesses
        return float(np.min(self.positions - reach)), float(np.max(self.positions + reach))


def layers(field: Any) -> Layers:
    """Return the sheets of a field; they must have a component through them."""
    if isinstance(field, SheetRow):
        result = Layers(field.positions, field.thicknesses, field.plateaus, True)
    elif isinstance(field, SheetStep):
        sides = np.array([field.B1, field.B2])
        result = Layers(np.zeros(1), np.array([field.thickness]), sides, field.profile == "tanh")
    elif isinstance(field, HarrisSheet):
        sides = np.array([[side * field.B0, field.guide, field.normal] for side in (-1.0, 1.0)])
        result = Layers(np.zeros(1), np.array([field.thickness]), sides, True)
    else:
        raise ValueError(f"field must be a SheetStep, HarrisSheet or SheetRow, got {_check.shown(field)}")
    if result.normal == 0.0:
        raise ValueError(
            "field must have a component through the sheet (Bz): without one no particle gets far from it along B"
        )
    return result
