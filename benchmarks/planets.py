"""The Earth's main field at many points."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property

import numpy as np

import magneton
from _harness import Contender, Entry, Pace, Report, compare


@dataclass(frozen=True)
class EarthCase:
    """IGRF-14 on 1 January 2025 at points from the surface to 3000 km above it."""

    count: int

    @cached_property
    def spherical(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Radius (km), colatitude and longitude (degree)."""
        rng = np.random.default_rng(14)
        radius = rng.uniform(6371.2, 9371.2, self.count)
        colatitude = np.degrees(np.arccos(rng.uniform(-1.0, 1.0, self.count)))
        return radius, colatitude, rng.uniform(-180.0, 180.0, self.count)

    @cached_property
    def axes(self) -> np.ndarray:
        """The unit vectors outward, south and east, shape (3, n, 3)."""
        theta, phi = (np.radians(angle) for angle in self.spherical[1:])
        st, ct, sp, cp = np.sin(theta), np.cos(theta), np.sin(phi), np.cos(phi)
        return np.stack(
            [
                np.stack([st * cp, st * sp, ct], axis=1),
                np.stack([ct * cp, ct * sp, -st], axis=1),
                np.stack([-sp, cp, 0.0 * phi], axis=1),
            ]
        )

    @cached_property
    def points(self) -> np.ndarray:
        """The same places, Cartesian (m)."""
        return 1000.0 * self.spherical[0][:, None] * self.axes[0]

    @cached_property
    def reference(self) -> np.ndarray:
        """B (T) by ppigrf."""
        return sum(part[:, None] * axis * 1e-9 for part, axis in zip(self.ppigrf(), self.axes, strict=True))

    def ppigrf(self) -> list[np.ndarray]:
        """Return B outward, south and east (nT) by ppigrf."""
        import ppigrf

        return [part[0] for part in ppigrf.igrf_gc(*self.spherical, datetime.datetime(2025, 1, 1))]


def _difference(B: np.ndarray, reference: np.ndarray) -> float:
    return float(np.max(np.linalg.norm(B - reference, axis=1) / np.linalg.norm(reference, axis=1)))


def _magneton(case: EarthCase) -> Contender:
    field = magneton.earth("2025-01-01")
    return Contender(
        "earth('2025-01-01').B(points)",
        lambda: field.B(case.points),
        case.count,
        lambda B: {"difference": _difference(B, case.reference)},
        magneton.get_threads(),
    )


def _ppigrf(case: EarthCase) -> Contender:
    return Contender("igrf_gc(r, theta, phi, datetime(2025, 1, 1))", case.ppigrf, case.count)


def earth(quick: bool, pace: Pace) -> Report:
    """B of the Earth's main field by IGRF-14 at many points."""
    case = EarthCase(1_000 if quick else 100_000)
    entries = [Entry("magneton", lambda: _magneton(case)), Entry("ppigrf", lambda: _ppigrf(case))]
    notes = [
        f"IGRF-14 to degree 13 at {case.count} points, 0 to 3000 km above 6371.2 km; largest relative difference of "
        "the vector from ppigrf's; ppigrf gives spherical components of points in spherical coordinates",
    ]
    return compare("The Earth's main field", entries, pace, "ns/point", notes=notes)
