"""Powder spectra of electron paramagnetic resonance, beside easyspyn's `pepper`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from _harness import Contender, Entry, Pace, Report, compare

#: What errors are judged by is interpolated to this tolerance.
_SHARP = 1e-5


@dataclass(frozen=True)
class Sample:
    """A spin system and how it is measured, in the units of easyspyn: GHz, MHz, mT; Gaussian lines."""

    name: str
    system: dict[str, Any]
    frequency: float
    sweep: tuple[float, float]
    width: float
    points: int = 1025

    @cached_property
    def B(self) -> np.ndarray:
        """The axis of fields in T."""
        return 1e-3 * np.linspace(*self.sweep, self.points)

    @cached_property
    def levels(self) -> Any:
        """The same system for magneton."""
        from magneton.quantum import energy_from, hyperfine_spin, spin_hamiltonian

        given, MHz = self.system, energy_from(1.0, "MHz")
        if "A" in given:
            return hyperfine_spin(
                given["S"], 1.0, g=given["g"], A=MHz * np.array(given["A"]), g_nuclear=0.4037610
            )
        D, E = given.get("D", (0.0, 0.0))
        return spin_hamiltonian(given["S"], g=given["g"], D=D * MHz, E=E * MHz)

    def spectrum(self, rtol: float, B: np.ndarray) -> np.ndarray:
        """Return magneton's spectrum."""
        from magneton.quantum import powder_spectrum

        return powder_spectrum(
            self.levels, 1e9 * self.frequency, B, linewidth=1e-3 * self.width, rtol=rtol
        ).intensity

    @cached_property
    def reference(self) -> tuple[np.ndarray, np.ndarray]:
        """The spectrum on the axis, and half a step above it."""
        half = 0.5 * (self.B[1] - self.B[0])
        both = self.spectrum(_SHARP, np.sort(np.concatenate([self.B, self.B + half])))
        return both[::2], both[1::2]

    def off(self, found: np.ndarray, expected: np.ndarray) -> float:
        """Return the largest difference, once scaled to fit best, relative to the largest value.

        The ends of the axis are left out, where a convolution is missing what lies beyond.
        """
        inner = slice(self.points // 20, -(self.points // 20))
        found, expected = found[inner], expected[inner]
        scale = (found @ expected) / (found @ found)
        return float(np.abs(scale * found - expected).max() / np.abs(expected).max())

    def errors(self, found: np.ndarray) -> dict[str, float]:
        """Return the differences from the reference, as read on the axis and half a step above it."""
        on, above = self.reference
        return {"error": self.off(found, on), "error, half a step on": self.off(found, above)}


def _ours(sample: Sample, rtol: float) -> Contender:
    return Contender(
        f"powder_spectrum({sample.name}, rtol={rtol:g})",
        lambda: sample.spectrum(rtol, sample.B),
        1,
        sample.errors,
    )


def _easyspyn(sample: Sample, grid: list[int]) -> Contender:
    import epreasy

    given = {**sample.system, "lw": sample.width}
    if "A" in given:
        given["Nucs"] = "14N"
    experiment = {
        "mwFreq": sample.frequency,
        "Range": list(sample.sweep),
        "nPoints": sample.points,
        "Harmonic": 1,
    }
    return Contender(
        f"pepper({sample.name}, GridSize={grid})",
        lambda: np.asarray(epreasy.pepper(given, experiment, {"GridSize": grid}).spec),
        1,
        sample.errors,
    )


def _report(sample: Sample, quick: bool, pace: Pace) -> Report:
    entries = [
        Entry("magneton", lambda: _ours(sample, 1e-3)),
        Entry("magneton", lambda: _ours(sample, 1e-4)),
        Entry("easyspyn", lambda: _easyspyn(sample, [19, 4])),
    ]
    if not quick:
        entries.append(Entry("easyspyn", lambda: _easyspyn(sample, [61, 6])))
    notes = [
        f"S = {sample.system['S']:g}, {sample.frequency:g} GHz, {sample.points} fields, Gaussian lines of "
        f"{sample.width:g} mT (full width at half maximum), first derivative; ms a spectrum",
        f"error: largest difference from magneton's at a tolerance of {_SHARP:g}, scaled to fit, of the largest value",
        "easyspyn 0.2 sums lines into cells above the points of its axis, so its spectra lie half a step too low",
    ]
    return compare(f"EPR powder spectrum: {sample.name}", entries, pace, "ms", 1e3, notes=notes)


NITROXIDE = Sample(
    "nitroxide", {"S": 0.5, "g": [2.0088, 2.0061, 2.0027], "A": [16.0, 16.0, 100.0]}, 9.5, (332.0, 348.0), 0.3
)
RHOMBIC = Sample("rhombic g", {"S": 0.5, "g": [2.0, 2.1, 2.3]}, 9.5, (280.0, 360.0), 2.0)
TRIPLET = Sample("triplet", {"S": 1.0, "g": 2.0023, "D": [3000.0, 300.0]}, 9.5, (100.0, 500.0), 2.0)
GADOLINIUM = Sample("gadolinium", {"S": 3.5, "g": 1.99, "D": [600.0, 60.0]}, 95.0, (3300.0, 3550.0), 1.0)


def rhombic(quick: bool, pace: Pace) -> Report:
    """A spin 1/2 with three values of g."""
    return _report(RHOMBIC, quick, pace)


def nitroxide(quick: bool, pace: Pace) -> Report:
    """A spin 1/2 with a nucleus of spin 1."""
    return _report(NITROXIDE, quick, pace)


def triplet(quick: bool, pace: Pace) -> Report:
    """A spin 1 with its half-field line."""
    return _report(TRIPLET, quick, pace)


def gadolinium(quick: bool, pace: Pace) -> Report:
    """A spin 7/2 with a small zero-field splitting."""
    return _report(GADOLINIUM, quick, pace)
