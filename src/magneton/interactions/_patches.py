"""Force, torque and energy on surfaces and volumes in the field of a source."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import numpy as np

from magneton.constants import mu_0
from magneton.interactions._cubature import Cubature, NoConvergence, Samples
from magneton.interactions._overlap import body_of, reach_of
from magneton.interactions._tally import NotConverged, Tally
from magneton.sources import Source
from magneton.sources.body import Body
from magneton.sources.patches import Elements, Patches
from magneton.summation.batch import evaluate

_EPS = 2.3e-16
#: Rounding noise of the integrand in units of its magnitude, and the share of the position's.
_NOISE_FIELD = 16.0 * _EPS
#: That of a body's field, and what is left of it where it is averaged over a surface.
_NOISE_BODY = 5e-15
_AVERAGED = 0.3
PLACE_NOISE = 2.0 * _EPS
#: Where a face may lie in a face of the source, the field is taken this many roundings of places inside the target:
#: that of a gap, whichever side rounding would put the point.
_INWARD = 16.0 * _EPS
_NOISE_INWARD = 10.0
#: An error near rounding, and evaluations that cost little.
_CLOSE = 2e-14
_FEW = 5_000
#: Evaluations in all.
_MOST = 2_000_000
_MOST_VOLUME = 500_000
#: A body this small beside the lengths over which the field changes is integrated through its volume.
SMALL = 0.1
#: Evaluations by the volume before the surface is taken instead.
_MOST_INSIDE = 200_000


def _norms(vectors: np.ndarray) -> np.ndarray:
    return np.sqrt(np.einsum("ij,ij->i", vectors, vectors))


class PatchForces:
    """The integrand of force (3), torque (3) and energy on patches in a source's field.

    Parameters
    ----------
    source : Source
        Not a Collection: with a scalar potential, or a vector potential, or neither.
    patches : Patches
        Of the target.
    pivot : ndarray, shape (3,), metre
        What the torque is about.
    inward : float, metre
        How far inside a solid body the field on its surface is taken.
    """

    def __init__(self, source: Source, patches: Patches, pivot: np.ndarray, inward: float = 0.0) -> None:
        self.source = source
        self.patches = patches
        self.pivot = pivot
        self.inward = inward

    def _field(self, quantity: str, points: np.ndarray) -> np.ndarray:
        return evaluate(self.source.compiled, quantity, points)

    def __call__(self, which: np.ndarray, t: np.ndarray) -> Samples:
        """Return the integrand at parameters t of patches."""
        elements = self.patches.elements(which, t)
        arms = elements.points - self.pivot
        places = elements.points
        if self.inward and elements.normals is not None:
            places = places - self.inward * elements.normals
        flux = self._field("B", places)
        if elements.moments is not None:
            return self._moments(elements, arms, flux)
        if elements.poles is not None:
            force = elements.poles[:, None] * flux
            energy = size = np.full(len(arms), np.nan)
            if hasattr(self.source, "scalar_potential"):
                potential = self._field("scalar_potential", places)[:, 0]
                energy = float(mu_0) * elements.poles * potential
                size = np.abs(energy)
            scale = np.abs(elements.poles) * _norms(flux)
        else:
            assert elements.currents is not None
            force = np.cross(elements.currents, flux)
            energy = size = np.full(len(arms), np.nan)
            if hasattr(self.source, "A"):
                potential = self._field("A", places)
                energy = -np.einsum("ij,ij->i", elements.currents, potential)
                size = _norms(elements.currents) * _norms(potential)
            scale = _norms(elements.currents) * _norms(flux)
        torque = np.cross(arms, force)
        sizes = np.stack([scale, _norms(arms) * scale, size], axis=1)
        return Samples(np.column_stack([force, torque, energy]), sizes, np.zeros((len(arms), 3)))

    def _moments(self, elements: Elements, arms: np.ndarray, flux: np.ndarray) -> Samples:
        moments = elements.moments
        assert moments is not None
        gradient = self._field("grad_B", elements.points)
        force = np.einsum("ni,nij->nj", moments, gradient.reshape(-1, 3, 3))
        torque = np.cross(moments, flux) + np.cross(arms, force)
        energy = -np.einsum("ij,ij->i", moments, flux)
        size = _norms(moments)
        scale, couple = size * _norms(gradient), size * _norms(flux)
        sizes = np.stack([scale, _norms(arms) * scale + couple, couple], axis=1)
        return Samples(np.column_stack([force, torque, energy]), sizes, np.zeros((len(arms), 3)))


def _periodic(patches: Patches) -> tuple[bool, ...]:
    return (False,) * (patches.kind.parameters - 1) + (patches.kind.periodic,)


def _integrate(
    source: Source, all_patches: Sequence[Patches], pivot: np.ndarray, inward: float, rtol: float, most: int
) -> Tally:
    """Integrate over patches to a tolerance; raise NoConvergence if that takes too long."""
    cubatures = [
        Cubature(PatchForces(source, patches, pivot, inward), _periodic(patches)) for patches in all_patches
    ]
    rough = [c.coarse(len(p)) for c, p in zip(cubatures, all_patches, strict=True)]
    scales = np.nan_to_num(np.sum([r.sizes[0] for r in rough], axis=0))
    for _ in range(3):
        total = _sum(cubatures, all_patches, rtol * scales, most)
        if not np.any(total.errors > rtol * total.scales):
            break
        scales = np.minimum(scales, np.nan_to_num(total.scales))  # the rough estimate was too large
    if rtol > _CLOSE and total.evaluations < _FEW and np.any(total.errors > _CLOSE * total.scales):
        # Down to rounding, where the bound is close to the error and not only sure, if that costs little.
        with contextlib.suppress(NoConvergence):
            total = _sum(cubatures, all_patches, _CLOSE * np.nan_to_num(total.scales), 5 * _FEW)
    return total


def _sum(
    cubatures: Sequence[Cubature], all_patches: Sequence[Patches], tolerances: np.ndarray, most: int
) -> Tally:
    total = Tally()
    for cubature, patches in zip(cubatures, all_patches, strict=True):
        cubature.most = cubature.evaluations + most - total.evaluations
        before = cubature.evaluations
        part = cubature.integrate(len(patches), tolerances / len(all_patches))
        total.add(Tally(part.values[0], part.sizes[0], part.errors[0], cubature.evaluations - before))
    total.evaluations = sum(c.evaluations for c in cubatures)
    return total


def patch_scales(source: Source, body: Body, pivot: np.ndarray) -> np.ndarray:
    """Return the integrals of magnitudes over a body's patches, shape (3,), by the lowest rules."""
    inward = _inward(source, body)
    sizes = [
        Cubature(PatchForces(source, patches, pivot, inward), _periodic(patches))
        .coarse(len(patches))
        .sizes[0]
        for patches in body.patches
    ]
    return np.sum(sizes, axis=0)


def extent_over_length(source: Source, body: Body) -> float:
    """Return the size of a body in lengths over which the source's field changes, by the field at its position."""
    flux = evaluate(source.compiled, "B", body.position[None])
    gradient = evaluate(source.compiled, "grad_B", body.position[None])
    size, steep = float(_norms(flux)[0]), float(_norms(gradient)[0])
    return body.extent * steep / size if size > 0.0 and np.isfinite(steep) else np.inf


def field_noise(source: Source, body: Body) -> float:
    """Return the part of a source's field on a body that may be rounding, beyond that of short formulas."""
    reach, most = getattr(type(source), "_cancels", (0.0, 0.0))
    distance = float(np.linalg.norm(source.body.position - body.position)) if most else 0.0
    if not most or distance > reach * source.body.extent + body.extent:
        return _NOISE_BODY
    size = float(_norms(evaluate(source.compiled, "B", body.position[None]))[0])
    largest = float(np.linalg.norm(source.polarization))  # type: ignore[attr-defined]
    return max(_NOISE_BODY, min(most, _EPS * 5.0 * largest / size)) if size > 0.0 else most


def _inward(source: Source, body: Body) -> float:
    """Return how far inside the body its surface's field is taken: not at all unless the two may touch."""
    other = body_of(source)
    if other is None:
        return 0.0
    near = float(np.linalg.norm(other.position - body.position)) <= 1.01 * (reach_of(other) + body.extent)
    return _INWARD * (float(np.linalg.norm(body.position)) + body.extent) if near else 0.0


def _apart(source: Source, body: Body) -> bool:
    """Say whether the source keeps out of the sphere about the target, or the target is solid throughout."""
    if body.hull:
        return True
    other = body_of(source)
    return other is None or float(np.linalg.norm(other.position - body.position)) > other.extent + body.extent


def patch_forces(source: Source, body: Body, pivot: np.ndarray, rtol: float) -> Tally:
    """Return force, torque and energy on a body's patches in the field of one source.

    Parameters
    ----------
    source : Source
        Not a Collection.
    body : Body
        Its patches, or what stands for them.
    pivot : ndarray, shape (3,), metre
        What the torque is about.
    rtol : float
        Relative to the integrals of magnitudes.

    Raises
    ------
    NotConverged
        If the tolerance is not reached.
    """
    total = None
    places = places_over_gap(source, body)
    if body.inside and (ratio := extent_over_length(source, body)) < SMALL and _apart(source, body):
        try:  # through the volume, where the surfaces' poles would nearly cancel
            total = _integrate(source, body.inside, pivot, 0.0, rtol, _MOST_INSIDE)
            places = ratio * (1.0 + float(np.linalg.norm(body.position)) / body.extent)
        except NoConvergence:
            total = None
    if total is None:
        total = _over_surfaces(source, body, pivot, rtol)
    if total is None or np.any(total.errors > np.nan_to_num(rtol * total.scales)):
        raise NotConverged(
            f"rtol={rtol:g} was not reached: source and target are too close or cut each other, or rtol is below what "
            "rounding allows"
        )
    noise = _NOISE_FIELD + _AVERAGED * field_noise(source, body)
    total.errors += (noise + PLACE_NOISE * places) * total.scales
    return total


def carried(source: Source, body: Body) -> tuple[Patches, ...]:
    """Return the patches of a body: as bound currents where the source has a vector potential, but no scalar one."""
    by_currents = not hasattr(source, "scalar_potential") and hasattr(source, "A")
    return body.bound if by_currents and body.bound else body.patches


def _over_surfaces(source: Source, body: Body, pivot: np.ndarray, rtol: float) -> Tally | None:
    """Integrate over a body's patches as they are; None if that takes too long."""
    inward = _inward(source, body)
    try:
        patches = carried(source, body)
        most = _MOST if body.dimension < 3 else _MOST_VOLUME
        total = _integrate(source, patches, pivot, inward, rtol, most)
    except NoConvergence:
        return None
    total.errors += _NOISE_INWARD * inward / body.extent * total.scales
    return total


def places_over_gap(source: Source, body: Body) -> float:
    """Return how large coordinates are beside the distance over which the field on a body changes."""
    far = float(np.linalg.norm(body.position)) + body.extent
    centre = getattr(source, "position", body.position)
    other = body_of(source)
    gap = float(np.linalg.norm(centre - body.position)) - (other.extent if other is not None else 0.0)
    return far / max(gap, 0.1 * body.extent)
