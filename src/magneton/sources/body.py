"""What a force can act on: point moments, poles and line currents, free of any discretisation."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

#: Kinds of line current in `Body.kinds`.
CIRCLE, SEGMENT, CURVE = 0, 1, 2

#: Two poles as one: pole strength (A m), south end, north end (m).
Needle = tuple[float, np.ndarray, np.ndarray]


def _no_vectors() -> np.ndarray:
    return np.empty((0, 3))


@dataclass(frozen=True)
class Circuit:
    """One line current, by the parameters of its field (see `magneton.kernels.field`).

    Attributes
    ----------
    kind : int
        CIRCLE, SEGMENT or CURVE.
    params : ndarray
        CIRCLE: centre (3), rotation (9), radius; SEGMENT: two end points (6); CURVE: centre (3) and the
        parameters of `magneton.kernels.curve`.
    current : float
        In ampere.
    """

    kind: int
    params: np.ndarray
    current: float


@dataclass(frozen=True)
class Body:
    """A rigid body for forces.

    Attributes
    ----------
    position : ndarray, shape (3,), metre
        The point that torques are about unless another pivot is given.
    extent : float, metre
        Radius of a sphere about `position` that holds the body.
    moments, moment_positions : ndarray, shape (n, 3)
        Point moments (A m^2) and where they are.
    poles : ndarray, shape (n,); pole_positions : ndarray, shape (n, 3)
        Point poles (A m).
    needles : tuple of (pole_strength, south end, north end)
        How the poles pair up, which makes their energy in a circuit's field single-valued.
    circuits : tuple of Circuit
        Line currents.
    closed : bool
        Whether the line currents close on themselves, so that they have an energy.
    """

    position: np.ndarray
    extent: float = 0.0
    moments: np.ndarray = field(default_factory=_no_vectors)
    moment_positions: np.ndarray = field(default_factory=_no_vectors)
    poles: np.ndarray = field(default_factory=lambda: np.empty(0))
    pole_positions: np.ndarray = field(default_factory=_no_vectors)
    needles: tuple[Needle, ...] = ()
    circuits: tuple[Circuit, ...] = ()
    closed: bool = True


def joined(bodies: list[Body]) -> Body:
    """Return several bodies as one rigid body."""
    position = np.mean([b.position for b in bodies], axis=0)
    extent = max(float(np.linalg.norm(b.position - position)) + b.extent for b in bodies)
    return Body(
        position,
        extent,
        np.concatenate([b.moments for b in bodies]),
        np.concatenate([b.moment_positions for b in bodies]),
        np.concatenate([b.poles for b in bodies]),
        np.concatenate([b.pole_positions for b in bodies]),
        tuple(n for b in bodies for n in b.needles),
        tuple(c for b in bodies for c in b.circuits),
        all(b.closed for b in bodies),
    )
