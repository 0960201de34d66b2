"""The drifts of a guiding centre one by one, to first order: what pulls it where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.orbits._vectors import C, directional, norm, velocities
from magneton.orbits.fields.base import as_field
from magneton.orbits.species import Species, as_species


@dataclass(frozen=True)
class Drifts:
    """Drifts of guiding centres, each of shape (..., 3), in m/s; and the mirror force.

    Attributes
    ----------
    parallel : ndarray
        v_par b.
    electric : ndarray
        E x B/B^2.
    gradient : ndarray
        mu b x grad B/(gamma q B).
    curvature : ndarray
        p_par^2 b x kappa/(gamma m q B), with kappa = (b.grad) b.
    turning : ndarray
        p_par b x (db/dt + (v_E.grad) b)/(q B), v_E = E x B/B^2: the direction of B changes with time, or across field
        lines.
    polarization : ndarray
        gamma m b x (d/dt)(E x B/B^2)/(q B), with d/dt along the guiding centre.
    mirror_force : ndarray, shape (...)
        The force along b in newton, -mu b.grad B/gamma.
    """

    parallel: np.ndarray
    electric: np.ndarray
    gradient: np.ndarray
    curvature: np.ndarray
    turning: np.ndarray
    polarization: np.ndarray
    mirror_force: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """The velocity of the guiding centre: the sum of all, shape (..., 3), in m/s."""
        return (
            self.parallel + self.electric + self.gradient + self.curvature + self.turning + self.polarization
        )


def _dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.sum(a * b, axis=-1, keepdims=True)


def drifts(field: Any, species: Species | str, position: Any, velocity: Any, t: Any = 0.0) -> Drifts:
    """Return the drifts of the guiding centre of a particle, one by one.

    Forces F on a gyrating charge move its centre by F x b/(q B) [Northrop1963]_; here for relativistic particles. The
    motion of `trace_guiding_centre` holds all of these but the polarization drift, and more: it conserves energy and
    phase space, which a sum of drifts does not.

    Parameters
    ----------
    field : source, OrbitField or list
        What the particle moves in.
    species : Species or str
        What it is.
    position, velocity : array_like, shape (..., 3), metre and m/s
        Of the guiding centre, and of the particle about it: of the velocity its parallel part and its magnitude across
        B in the frame of E x B count.
    t : array_like, shape (...), second
        When.

    Returns
    -------
    Drifts
        Each of shape (..., 3); nan where B is zero or not defined.

    Examples
    --------
    >>> from magneton import Dipole, orbits
    >>> found = orbits.drifts(Dipole([0, 0, -8e22], [0, 0, 0]), "proton", [2e7, 0, 0], [0, 1e7, 0])
    >>> bool(found.gradient[1] < 0)  # protons drift to the west
    True
    """
    field, species = as_field(field), as_species(species)
    position, velocity = _check.points("position", position), velocities("velocity", velocity)
    g = field.derivatives(position, t)
    with np.errstate(invalid="ignore", divide="ignore"):
        magnetic, electric = g["B"], g["E"]
        strength = norm(magnetic)[..., None]
        b = magnetic / strength
        across = np.cross(electric, magnetic) / strength**2
        gamma = 1.0 / np.sqrt(1.0 - _dot(velocity, velocity) / C**2)
        v_par = _dot(velocity, b)
        gyration = velocity - v_par * b - across
        mu = 0.5 * species.mass * _dot(gyration, gyration) * gamma**2 / strength
        grad_strength = np.einsum("...i,...ij->...j", b, g["grad_B"])
        bend = directional(g["grad_B"], b)
        kappa = (bend - b * _dot(b, bend)) / strength
        turn = g["dB_dt"] + directional(g["grad_B"], across)
        turn = (turn - b * _dot(b, turn)) / strength
        per_force = 1.0 / (species.charge * strength)
        moving = v_par * b + across
        change = g["dB_dt"] + directional(g["grad_B"], moving)
        electric_change = g["dE_dt"] + directional(g["grad_E"], moving)
        acceleration = (
            np.cross(electric_change, magnetic)
            + np.cross(electric, change)
            - 2.0 * across * _dot(magnetic, change)
        ) / strength**2
        momentum = gamma * species.mass
        return Drifts(
            parallel=v_par * b,
            electric=across,
            gradient=per_force * mu / gamma * np.cross(b, grad_strength),
            curvature=per_force * momentum * v_par**2 * np.cross(b, kappa),
            turning=per_force * momentum * v_par * np.cross(b, turn),
            polarization=per_force * momentum * np.cross(b, acceleration),
            mirror_force=(-mu / gamma * _dot(b, grad_strength))[..., 0],
        )
