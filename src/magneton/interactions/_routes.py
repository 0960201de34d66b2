"""Which way a force is computed: what is taken apart, what is swapped, and what must not overlap."""

from __future__ import annotations

import numpy as np

from magneton.interactions._integrand import circuit_point
from magneton.interactions._patches import field_noise, patch_forces
from magneton.interactions._tally import Tally
from magneton.interactions._wires import wire_forces
from magneton.kernels.field import BODY
from magneton.sources import Collection, Source
from magneton.sources.body import SEGMENT, Body
from magneton.sources.collection import leaves
from magneton.sources.magnet import Magnet
from magneton.sources.patches import Patches

#: Of two bodies with surfaces or volumes the one this much smaller is integrated over.
_SMALLER = 0.5
#: A hull of more patches than this is looked at in one point of each.
_MANY_PATCHES = 64


def body_of(source: Source) -> Body | None:
    """Return what a force can act on, or None."""
    try:
        return source.body
    except ValueError:
        return None


def _patch_points(patches: Patches) -> np.ndarray:
    """Return points spread over each patch, its edges and corners among them."""
    count = patches.kind.parameters
    rules = [np.linspace(0.0, 1.0, 7)] * count
    if patches.kind.periodic:
        rules[-1] = np.arange(16) / 16.0
    if len(patches) > _MANY_PATCHES:
        rules = [np.array([0.6])] * count
    nodes = np.stack(np.meshgrid(*rules, indexing="ij"), axis=-1).reshape(-1, count)
    which = np.repeat(np.arange(len(patches)), len(nodes))
    t = np.tile(nodes, (len(patches), 1))
    return patches.kind.place(patches.origins[which], patches.axes[which], t, patches.hole).points


def _points_of(body: Body) -> np.ndarray:
    """Return points of a body: its surface if it is solid, all else that carries something otherwise."""
    if body.hull:
        return np.concatenate([_patch_points(patches) for patches in body.hull])
    parts = [body.moment_positions, body.pole_positions, body.charge_positions]
    parts += [_patch_points(patches) for patches in body.patches]
    for circuit in body.circuits:
        whole = 1.0 if circuit.kind == SEGMENT else 2.0 * np.pi
        turns = whole * np.arange(33) / 32.0
        parts.append(np.array([circuit_point(circuit.kind, circuit.params, t)[:3] for t in turns]))
    return np.concatenate(parts)


def _require_apart(source: Source, target: Source) -> None:
    """Require that neither body has a part inside the other; touching is allowed."""
    bodies = body_of(source), body_of(target)
    if bodies[0] is None or bodies[1] is None or not (bodies[0].hull or bodies[1].hull):
        return
    points = [_points_of(body) for body in bodies if body is not None]
    centres = [p.mean(axis=0) if len(p) else np.zeros(3) for p in points]
    radii = [np.linalg.norm(p - c, axis=1).max(initial=0.0) for p, c in zip(points, centres, strict=True)]
    if np.linalg.norm(centres[0] - centres[1]) > 1.5 * sum(radii):  # points of a surface may miss its corners
        return
    for solid, other in ((source, points[1]), (target, points[0])):
        if isinstance(solid, Magnet) and len(other) and solid.contains(other).any():
            raise ValueError(
                f"source and target must not overlap: a part of one lies inside the {type(solid).__name__}"
            )


def _swapped(source: Source, target: Source) -> bool:
    """Say whether the reaction on the source is the easier integral."""
    one, other = body_of(source), body_of(target)
    if one is None or other is None:
        return other is None
    if not (one.closed and other.closed):
        return False  # the third law holds for closed currents only
    if one.dimension != other.dimension:
        return one.dimension < other.dimension
    return one.dimension > 1 and one.extent < _SMALLER * other.extent


def pair_forces(source: Source, target: Source, pivot: np.ndarray, rtol: float) -> Tally:
    """Return force, torque and energy of `target` in the field of `source`, neither of them a Collection.

    At fixed currents and magnetizations the forces on the two are opposite and their torques about one point too, and
    the energy is one, so that the integral may run over either: over points rather than wires, wires rather than
    surfaces, the smaller rather than the larger. Only currents that do not close have no third law.
    """
    if {type(source).__name__, type(target).__name__} == {"Cuboid"}:
        from magneton.interactions._closed import parallel_cuboids  # takes long to load; few need it

        known = parallel_cuboids(source, target, pivot, rtol)
        if known is not None:
            return known
    _require_apart(source, target)
    if _swapped(source, target):
        return _forces_on(target, source, pivot, rtol).reaction()
    return _forces_on(source, target, pivot, rtol)


def _forces_on(source: Source, target: Source, pivot: np.ndarray, rtol: float) -> Tally:
    if target.body.patches:
        return patch_forces(source, target.body, pivot, rtol)
    return _noisy(wire_forces(source, target, pivot, rtol), source, target.body)


def _noisy(tally: Tally, source: Source, body: Body) -> Tally:
    """Add the rounding of bodies' fields, which are longer formulas than those of wires and points."""
    if BODY in source.compiled.kind_set:
        tally.errors += max(field_noise(leaf, body) for leaf in leaves(source)) * tally.scales
    return tally


def total_forces(source: Source, target: Source, pivot: np.ndarray, rtol: float) -> Tally:
    """Return force, torque and energy of any target in the field of any source."""
    members, sources = leaves(target), leaves(source)
    plain = [m for m in members if (b := body_of(m)) is not None and not b.patches and not b.hull]
    total = Tally()
    if plain:  # wires and points in the whole field at once
        for one in sources:
            for member in plain:
                _require_apart(one, member)
        whole = plain[0] if len(plain) == 1 else Collection(plain)
        total.add(_noisy(wire_forces(source, whole, pivot, rtol), source, whole.body))
    for member in members:
        if member not in plain:
            for one in sources:
                total.add(pair_forces(one, member, pivot, rtol))
    return total
