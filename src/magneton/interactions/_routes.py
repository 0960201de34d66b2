"""Which way a force is computed: what is taken apart, what is swapped, and what must not overlap."""

from __future__ import annotations

import math

import numpy as np

from magneton.interactions._overlap import body_of, require_apart
from magneton.interactions._patches import field_noise, patch_forces
from magneton.interactions._tally import Tally
from magneton.interactions._wires import wire_forces
from magneton.kernels.field import BODY
from magneton.sources import Collection, Source
from magneton.sources.body import Body
from magneton.sources.collection import leaves

#: Of two bodies with surfaces or volumes the one this much smaller is integrated over.
_SMALLER = 0.5


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
    require_apart(source, target)
    if _swapped(source, target):
        return _forces_on(target, source, pivot, rtol).reaction()
    return _forces_on(source, target, pivot, rtol)


def _forces_on(source: Source, target: Source, pivot: np.ndarray, rtol: float) -> Tally:
    if target.body.patches:
        tally = patch_forces(source, target.body, pivot, rtol)
        if not target.body.closed:
            tally.values[6] = math.nan  # -integral of j.A: no energy whose gradient is the force
        return tally
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
                require_apart(one, member)
        whole = plain[0] if len(plain) == 1 else Collection(plain)
        total.add(_noisy(wire_forces(source, whole, pivot, rtol), source, whole.body))
    for member in members:
        if member not in plain:
            for one in sources:
                total.add(pair_forces(one, member, pivot, rtol))
    return total
