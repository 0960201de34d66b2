r"""A sphere of constant permeability in any field, by harmonics: exact degree by degree.

With p_lm the harmonics of the external H_r on the sphere of radius a (Schmidt's functions), continuity of psi and B_r
gives

    outside  psi = sum D_lm r^-(l+1),  D_lm = a^(l+2) p_lm chi/(mu_r l + l + 1)
    inside   M_r = sum p_lm chi (2 l + 1)/(mu_r l + l + 1) on the surface, and no poles elsewhere
    energy   -(1/2) integral of M.B = -2 pi mu_0 a^3 sum chi |p_lm|^2/(l (mu_r l + l + 1))

and the force is the integral of M_r B_ext over the surface. Degree 1 is the whole moment.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from magneton.constants import mu_0
from magneton.interactions._tally import NotConverged
from magneton.sources.base import Source
from magneton.sources.expansion import HIGHEST, legendre

_DEGREES = (8, 16, 32, 64, HIGHEST)
#: How well the mean of B over the sphere has to be that at the centre.
_MEAN = 1e-6


@dataclass(frozen=True)
class Response:
    """What a sphere does: multipole coefficients, shape (2, L + 1, L + 1), force (N), energy (J) and relative error."""

    coefficients: np.ndarray
    force: np.ndarray
    energy: float
    error: float


def _factors(mu_r: float, degree: int) -> np.ndarray:
    """Return chi/(mu_r l + l + 1) by degree; 1/l for infinite mu_r, and zero for degree 0."""
    level = np.arange(degree + 1.0)
    level[0] = 1.0
    out = 1.0 / level if mu_r == math.inf else (mu_r - 1.0) / (mu_r * level + level + 1.0)
    out[0] = 0.0
    return out


class _Sampled:
    """The external field on a sphere, and its radial harmonics up to a degree."""

    def __init__(self, radius: float, centre: np.ndarray, external: Source, degree: int) -> None:
        nodes, weights = np.polynomial.legendre.leggauss(degree + 1)
        count = 2 * degree + 2
        angle = 2.0 * math.pi * np.arange(count) / count
        sine = np.sqrt((1.0 - nodes) * (1.0 + nodes))[:, None]
        normal = np.stack([sine * np.cos(angle), sine * np.sin(angle), nodes[:, None] + 0.0 * angle], axis=-1)
        self.B = external.B(centre + radius * normal)
        self.areas = radius**2 * (2.0 * math.pi / count) * weights[:, None]
        waves = np.fft.rfft(np.sum(self.B * normal, axis=-1), axis=1)[:, : degree + 1] * (
            2.0 * math.pi / count
        )
        self.table = legendre(degree, nodes)
        level = np.arange(degree + 1.0)[:, None]
        sums = np.einsum("lmt,t,tm->lm", self.table, weights, waves)
        self.p = sums * (2.0 * level + 1.0) / (4.0 * math.pi * float(mu_0))
        self.count = count

    def values(self, c: np.ndarray) -> np.ndarray:
        """Return sum (g cos m phi + h sin m phi) P_l^m at the nodes, c = g - i h."""
        rows = np.einsum("lm,lmt->tm", c, self.table)
        spectrum = np.zeros((len(rows), self.count // 2 + 1), dtype=complex)
        spectrum[:, : rows.shape[1]] = rows * self.count / 2.0
        spectrum[:, 0] *= 2.0
        return np.fft.irfft(spectrum, self.count, axis=1)


def _responds(sampled: _Sampled, radius: float, mu_r: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return multipole coefficients, force with its scale appended, and energy by degree."""
    degree = len(sampled.p) - 1
    level, factor = np.arange(degree + 1.0), _factors(mu_r, degree)
    normal = sampled.values((factor * (2.0 * level + 1.0))[:, None] * sampled.p)
    weighted = (sampled.areas * normal)[..., None] * sampled.B
    force = np.append(weighted.sum(axis=(0, 1)), np.linalg.norm(weighted, axis=-1).sum())
    powers = np.sum(np.abs(sampled.p) ** 2, axis=1) * factor / np.maximum(level, 1.0)
    energy = -2.0 * math.pi * float(mu_0) * radius**3 * powers
    return 4.0 * math.pi * (factor * radius ** (level + 2.0))[:, None] * sampled.p, force, energy


def sphere_response(
    radius: float, centre: np.ndarray, mu_r: float, external: Source, rtol: float
) -> Response:
    """Return what a permeable sphere does in a field whose sources lie outside."""
    B, before = external.B(centre), np.zeros(4)
    error = math.inf
    for degree in _DEGREES:
        sampled = _Sampled(radius, centre, external, degree)
        if not np.all(np.isfinite(sampled.B)):
            raise ValueError("external must lie outside the body, got a source on its surface")
        c, force, energy = _responds(sampled, radius, mu_r)
        # What the upper half of the degrees adds bounds what those beyond would add.
        beyond = energy[degree // 2 + 1 :].sum() / energy.sum() if energy.any() else 0.0
        change = np.linalg.norm(force[:3] - before[:3]) / force[3] if force[3] else 0.0
        error, before = max(float(beyond), float(change), 1e-15), force
        if error <= rtol:
            break
    else:
        raise NotConverged(
            f"rtol={rtol:g} was not reached with harmonics up to {HIGHEST}: the error is {error:.2g}"
        )
    mean = np.sum(sampled.areas[..., None] * sampled.B, axis=(0, 1)) / (4.0 * math.pi * radius**2)
    if not np.linalg.norm(mean - B) <= max(_MEAN, error) * np.abs(sampled.B).max():
        raise ValueError(
            "external must lie outside the body: the mean of its B over the sphere is not that at the centre"
        )
    return Response(np.stack([np.real(c), -np.imag(c)]), force[:3], float(energy.sum()), error)
