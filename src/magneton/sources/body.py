"""What a force can act on: point moments, poles, line currents, surfaces and volumes, free of any discretisation."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from magneton.sources.patches import Patches

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
        Whether the currents close on themselves, so that they have an energy.
    patches : tuple of Patches
        Surfaces and volumes that carry poles and currents.
    bound : tuple of Patches
        The same as bound currents, which have an energy in fields without a scalar potential; empty if the patches
        themselves will do.
    inside : tuple of Patches
        The same as moments through the volume, by Ampere's equivalence; empty if there is no such form.
    hull : tuple of Patches
        Surfaces of solid bodies, for the question whether two bodies cut each other.
    charges, charge_positions : ndarray, shape (n, 3)
        Moving point charges: q v (A m) and where they are.
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
    patches: tuple[Patches, ...] = ()
    bound: tuple[Patches, ...] = ()
    inside: tuple[Patches, ...] = ()
    hull: tuple[Patches, ...] = ()
    charges: np.ndarray = field(default_factory=_no_vectors)
    charge_positions: np.ndarray = field(default_factory=_no_vectors)

    @property
    def dimension(self) -> int:
        """How many parameters the widest part has: 0 for points, 1 for wires, 2 for surfaces, 3 for volumes."""
        if self.patches:
            return max(p.kind.parameters for p in self.patches)
        return 1 if self.circuits else 0


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
        tuple(p for b in bodies for p in b.patches),
        tuple(p for b in bodies for p in b.bound or b.patches),
        tuple(p for b in bodies for p in b.inside) if all(b.inside for b in bodies if b.patches) else (),
        tuple(p for b in bodies for p in b.hull),
        np.concatenate([b.charges for b in bodies]),
        np.concatenate([b.charge_positions for b in bodies]),
    )
