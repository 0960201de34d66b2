"""Regions and bands that hold the truth with a probability."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import chdtri, fdtri

from magneton import _check


@functools.cache
def quantile(level: float, dimensions: int, dof: int | None) -> float:
    """Return the squared radius, in standard deviations, of the ellipsoid of a probability.

    Of chi^2, or if the noise was estimated with `dof` degrees of freedom, of F times the dimensions.
    """
    if dof is None:
        return float(chdtri(dimensions, 1.0 - level))
    return dimensions * float(fdtri(dimensions, max(dof, 1), level))


@dataclass(frozen=True, eq=False)
class Region:
    """An ellipsoid.

    Attributes
    ----------
    centre : ndarray, shape (k,)
        The estimate.
    axes : ndarray, shape (k, k)
        Unit vectors, in columns.
    semi_axes : ndarray, shape (k,)
        Half its extent along them, ascending; infinite where nothing is known.
    level : float
        The probability.
    """

    centre: np.ndarray
    axes: np.ndarray
    semi_axes: np.ndarray
    level: float

    @classmethod
    def of(cls, centre: np.ndarray, covariance: np.ndarray, level: float, dof: int | None) -> Region:
        """Return the region of an estimate with a covariance."""
        if not np.isfinite(covariance).all():
            return cls(centre, np.eye(len(centre)), np.full(len(centre), np.inf), level)
        variance, axes = np.linalg.eigh(covariance)
        radius = np.sqrt(np.maximum(variance, 0.0) * quantile(level, len(centre), dof))
        return cls(centre, axes, radius, level)

    def contains(self, value: Any) -> bool | np.ndarray:
        """Return whether values, shape (..., k), lie inside."""
        array = _check.numbers("value", value)
        if array.shape[-1:] != self.centre.shape:
            raise ValueError(f"value must have shape (..., {len(self.centre)}), got shape {array.shape}")
        scaled = ((array - self.centre) @ self.axes) / self.semi_axes
        inside = np.sum(scaled * scaled, axis=-1) <= 1.0
        return bool(inside) if inside.ndim == 0 else inside


@dataclass(frozen=True, eq=False)
class Prediction:
    """A field with its uncertainty.

    Attributes
    ----------
    B : ndarray, shape (..., 3), tesla
        The field.
    covariance : ndarray, shape (..., 3, 3), tesla squared
        Its covariance at each point.
    dof : int or None
        Degrees of freedom of an estimated noise.
    """

    B: np.ndarray
    covariance: np.ndarray
    dof: int | None = None

    @property
    def std(self) -> np.ndarray:
        """Standard deviations of the components, shape (..., 3), in T."""
        return np.sqrt(np.diagonal(self.covariance, axis1=-2, axis2=-1))

    def band(self, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """Return bounds, shape (..., 3), that hold each component by itself with a probability."""
        half = np.sqrt(quantile(_check.fraction("level", level), 1, self.dof)) * self.std
        return self.B - half, self.B + half
