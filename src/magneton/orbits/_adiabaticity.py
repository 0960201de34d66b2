"""How nearly the conditions hold under which mu is conserved, at a state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits._gyration import state
from magneton.orbits._vectors import C, directional, dot, norm, unit
from magneton.orbits.species import Species

#: What each condition means in words, by attribute of `Adiabaticity`.
CONDITIONS = {
    "rho_over_L_gradient": "the strength of B changes within a Larmor radius",
    "rho_over_L_curvature": "the field line bends within a Larmor radius",
    "rho_over_L_shear": "the direction of B changes across the field within a Larmor radius",
    "omega_over_Omega": "the field changes within a gyration",
    "electric_shear": "E changes too much across a gyration",
}


@dataclass(frozen=True)
class Adiabaticity:
    """The small numbers that guiding-centre theory rests on; arrays of the shape (...) of the states.

    Attributes
    ----------
    rho_over_L_gradient : ndarray
        rho |grad B|/B of the strength B, with rho = p_perp/(|q| B).
    rho_over_L_curvature : ndarray
        rho_max/R_c of the field line's radius of curvature R_c, with rho_max = p/(|q| B).
    rho_over_L_shear : ndarray
        rho_max times how fast the direction b changes across the field: the largest of |(X.grad) b| for unit vectors
        X across B. It is what twists and shears mu where strength and field line do not change.
    omega_over_Omega : ndarray
        The larger of |dB/dt|/(B Omega) and |dE/dt|/(B v Omega), with Omega = |q| B/(gamma m).
    electric_shear : ndarray
        |grad E|/(B Omega).
    limit : float
        Above which a condition has failed.
    """

    rho_over_L_gradient: np.ndarray
    rho_over_L_curvature: np.ndarray
    rho_over_L_shear: np.ndarray
    omega_over_Omega: np.ndarray
    electric_shear: np.ndarray
    limit: float = 0.1

    @property
    def rho_over_L(self) -> np.ndarray:
        """The largest of the three ratios of a Larmor radius to a length of the field."""
        both = np.maximum(self.rho_over_L_gradient, self.rho_over_L_curvature)
        return np.maximum(both, self.rho_over_L_shear)

    @property
    def kappa(self) -> np.ndarray:
        """sqrt(R_c/rho_max) of Buechner and Zelenyi: adiabatic well above 1, chaotic near 1, inf on straight lines."""
        with np.errstate(divide="ignore"):
            return 1.0 / np.sqrt(self.rho_over_L_curvature)

    @property
    def largest(self) -> np.ndarray:
        """The largest of all: mu is conserved the better the smaller it is."""
        return np.max(self._all(), axis=0)

    @property
    def valid(self) -> np.ndarray:
        """Whether every condition is below `limit`; False where one is nan."""
        return self.largest < self.limit

    @property
    def condition(self) -> np.ndarray:
        """The name of the attribute that is largest, of shape (...); a key of `CONDITIONS`."""
        return np.array(list(CONDITIONS))[np.argmax(self._all(), axis=0)]

    def _all(self) -> np.ndarray:
        return np.stack([getattr(self, name) for name in CONDITIONS])

    def __str__(self) -> str:
        """Say it in words, of many states for the worst."""
        largest = np.ravel(self.largest)
        if largest.size == 0:
            return "no states"
        worst = int(np.argmax(largest))
        many = f"{np.count_nonzero(self.valid)} of {largest.size} states adiabatic; the worst: "
        at = {
            name: float(np.ravel(getattr(self, name))[worst]) for name in (*CONDITIONS, "rho_over_L", "kappa")
        }
        shown = {"rho/L": "rho_over_L", "omega/Omega": "omega_over_Omega", "kappa": "kappa"}
        figures = ", ".join(f"{label} = {at[name]:.3g}" for label, name in shown.items())
        name = str(np.ravel(self.condition)[worst])
        if largest[worst] < self.limit:
            words = f"adiabatic ({figures})"
        elif np.isnan(largest[worst]):
            words = "not known: the field is not defined there"
        else:
            words = f"not adiabatic: {CONDITIONS[name]}, {name} = {at[name]:.3g} ({figures})"
        return (many if largest.size > 1 else "") + words


def adiabaticity(
    field: Any, species: Species | str, position: Any, velocity: Any, t: Any = 0.0, *, limit: float = 0.1
) -> Adiabaticity:
    """Return how far states are from where mu is conserved.

    Parameters
    ----------
    field : source, OrbitField, or a list of these
        The field.
    species : Species or str
        The particle, or the name of a ready one.
    position : array_like, shape (..., 3), metre
        Of the particle.
    velocity : array_like, shape (..., 3), m/s
        Of the particle; radii are of its motion in the frame of the drift E x B/B^2.
    t : array_like, shape (...), second
        When.
    limit : float
        A condition holds below it. 0.1 means a swing of mu of some ten per cent, and kappa above 3, where orbits in a
        bent sheet begin to be adiabatic [BuechnerZelenyi1989]_.

    Returns
    -------
    Adiabaticity
        Its numbers are inf where B is zero or E_perp >= c B, nan where the field is not defined.

    References
    ----------
    .. [BuechnerZelenyi1989] J. Buechner, L. M. Zelenyi, J. Geophys. Res. 94, 11821 (1989).
    """
    limit = _check.fraction("limit", limit)
    particle, _, parts, values = state(field, species, position, velocity, t, derivatives=True)
    B, strength = values["B"], norm(values["B"])
    b = unit(B)
    with np.errstate(invalid="ignore", divide="ignore"):
        grad_strength = np.einsum("...i,...ij->...j", b, values["grad_B"])
        grad_b = (values["grad_B"] - b[..., :, None] * grad_strength[..., None, :]) / strength[
            ..., None, None
        ]
        scale = particle.mass / abs(particle.charge) / strength
        across, along = np.sqrt(parts.w2), dot(parts.V[..., :3], b)
        rho, rho_max = scale * across, scale * np.hypot(across, along)
        curvature = directional(grad_b, b)
        rate = parts.gamma * scale  # 1/Omega
        changing = norm(values["dE_dt"]) * scale / rho_max / strength
        changing = np.where(values["dE_dt"].any(axis=-1), changing * parts.gamma, 0.0)
        ratios = (
            rho * norm(grad_strength) / strength,
            rho_max * norm(curvature),
            rho_max * _largest_turn(grad_b - curvature[..., None] * b[..., None, :]),
            rate * np.maximum(norm(values["dB_dt"]) / strength, changing),
            rate * np.sqrt(np.sum(values["grad_E"] ** 2, axis=(-2, -1))) / strength,
        )
    lost = (strength == 0.0) | (norm(parts.E) >= C * strength)
    return Adiabaticity(*(np.where(lost, np.inf, ratio) for ratio in ratios), limit=limit)


def _largest_turn(across: np.ndarray) -> np.ndarray:
    """Return the largest singular value of matrices (..., 3, 3) of which one is zero: they act across b."""
    size = np.sum(across**2, axis=(-2, -1))
    trace = np.einsum("...ii->...", across)
    determinant = 0.5 * (trace**2 - np.einsum("...ij,...ji->...", across, across))
    return np.sqrt(0.5 * (size + np.sqrt(np.maximum(size**2 - 4.0 * determinant**2, 0.0))))
