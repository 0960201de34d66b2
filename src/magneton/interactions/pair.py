"""Force, torque and energy between any two sources, to a tolerance."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from magneton import _check
from magneton.interactions._overlap import body_of
from magneton.interactions._routes import total_forces
from magneton.interactions._tally import Interaction, NotConverged
from magneton.sources import Source
from magneton.sources.framed import FramedBody

__all__ = ["Interaction", "NotConverged", "energy", "force", "interaction", "mutual_inductance", "torque"]

_CIRCUITS = ("CircularLoop", "CurveLoop", "Polyline", "Solenoid", "Coil", "HelmholtzPair")


def interaction(source: Source, target: Source, pivot: Any = None, rtol: float = 1e-9) -> Interaction:
    """Return the force, torque and energy of one source on another.

    Circuits are integrated on their true curve (I dl x B of the source's closed-form field, refined until `rtol`
    is met; over spanning surfaces where the source is far and the line integral would cancel), magnets over the poles
    or the bound currents of their true surface, coils and densities over their true volume, dipoles and spheres by the
    closed-form gradient, poles by p B. Where the reaction on the source is the easier integral, that is taken.
    Bodies that touch have the force of a vanishing gap.

    Parameters
    ----------
    source, target : source
        Any two sources, collections (rigid bodies) among them. The target must be something that a force can act on
        (not a `UniformField`).
    pivot : array_like, shape (3,), metre, optional
        The point that the torque is about; by default the target's position.
    rtol : float
        Relative tolerance for force, torque and energy, relative to the integral of the absolute integrand.
        Where wires come so close, or coordinates are so large, that rounding of places alone makes more, `.error` says
        so. Below 4e-15 it counts as that.

    Returns
    -------
    Interaction
        ``.force``, ``.torque``, ``.energy``, ``.error`` and more. The energy is nan where the model has none: a
        circuit with a single pole, an open polyline or a current density (whose samples need not close) as target,
        moving charges.

    Raises
    ------
    ValueError
        If the two touch, so that the field on the target is not defined, or a part of one lies inside a magnet.
    NotConverged
        If `rtol` cannot be reached.

    Examples
    --------
    Case I of Table I in [YungLandeckerVillani1998]_:

    >>> from magneton import CircularLoop, interaction
    >>> a = CircularLoop.from_moment(radius=0.1, moment=[100, 0, 0])
    >>> b = CircularLoop.from_moment(radius=0.1, moment=[100, 0, 0], position=[1, 0, 0])
    >>> round(float(interaction(a, b).force[0]), 7)
    -0.0057126
    """
    for name, value in (("source", source), ("target", target)):
        if not isinstance(value, Source):
            raise ValueError(
                f"{name} must be a source such as Dipole or CircularLoop, got {type(value).__name__}"
            )
    centre = _position(source, target)
    rtol = max(_check.fraction("rtol", rtol), 4e-15)
    pivot = centre if pivot is None else _check.vector("pivot", pivot, "m")
    return total_forces(source, target, pivot, rtol).result()


def _position(source: Source, target: Source) -> np.ndarray:
    """Return what torques are about by default, or say why there is no force on the target."""
    try:
        return target.body.position
    except ValueError as error:
        if isinstance(target, FramedBody) and body_of(source) is not None:
            return target.position  # a multipole: the reaction on the source tells
        raise ValueError(f"target must be a body: {error}") from None


def force(source: Source, target: Source, rtol: float = 1e-9) -> np.ndarray:
    """Return the force of `source` on `target` in newton, shape (3,): see `interaction`."""
    return interaction(source, target, None, rtol).force


def torque(source: Source, target: Source, pivot: Any = None, rtol: float = 1e-9) -> np.ndarray:
    """Return the torque of `source` on `target` about `pivot` in N m, shape (3,): see `interaction`."""
    return interaction(source, target, pivot, rtol).torque


def energy(source: Source, target: Source, rtol: float = 1e-9) -> float:
    """Return the energy of `target` in the field of `source` in joule: see `interaction`."""
    value = interaction(source, target, None, rtol).energy
    if math.isnan(value):
        raise ValueError(
            "source and target have no energy: a single pole's flux through a circuit, that of a user's own "
            "field, an open polyline, a current density and moving charges leave it undefined"
        )
    return value


def mutual_inductance(a: Source, b: Source, rtol: float = 1e-9) -> float:
    """Return the mutual inductance M of two circuits, the flux through one per ampere in the other.

    Parameters
    ----------
    a, b : CircularLoop, CurveLoop, closed Polyline, Solenoid, Coil or HelmholtzPair
        The circuits; their currents play no part, the direction of each is that of its axis, vertices or parameter.
    rtol : float
        Relative tolerance, relative to the integral of |A||dl|.

    Returns
    -------
    float, henry
        M; the energy of the two is -I1 I2 M.

    Examples
    --------
    >>> from magneton import CircularLoop, mutual_inductance
    >>> M = mutual_inductance(CircularLoop(1.0, 1.0), CircularLoop(1.0, 1.0, [0, 0, 1.0]))
    >>> round(M * 1e6, 6)  # Maxwell's closed form
    0.494078
    """
    unit = []
    for name, circuit in (("a", a), ("b", b)):
        if type(circuit).__name__ not in _CIRCUITS or not getattr(circuit, "closed", True):
            raise ValueError(
                f"{name} must be a closed circuit (loop, curve, polyline, solenoid or coil), got {circuit!r:.60}"
            )
        unit.append(dataclasses.replace(circuit, current=1.0))
    return -interaction(unit[0], unit[1], None, rtol).energy
