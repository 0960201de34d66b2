"""Force, torque and energy on surfaces and volumes in the field of a source."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import numpy as np

from magneton.constants import mu_0
from magneton.interactions._cubature import Cubature, NoConvergence, Samples
from magneton.interactions._tally import NotConverged, Tally
from magneton.sources import Source
from magneton.sources.body import Body
from magneton.sources.patches import Elements, Patches
from magneton.summation.batch import evaluate

_EPS = 2.3e-16
#: Rounding noise of the integrand in units of its magnitude, and the share of the position's.
_NOISE_FIELD = 16.0
_NOISE_PLACE = 2.0
#: Points on a face that lies in a face of the source are moved inward by this part of their distance from the centre,
#: to where the field is that of the gap.
_INWARD = 1e-13
#: An error near rounding, and evaluations that cost little.
_CLOSE = 2e-14
_FEW = 5_000
#: Evaluations in all.
_MOST = 600_000
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
    """

    def __init__(self, source: Source, patches: Patches, pivot: np.ndarray) -> None:
        self.source = source
        self.patches = patches
        self.pivot = pivot

    def _field(self, quantity: str, points: np.ndarray) -> np.ndarray:
        return evaluate(self.source.compiled, quantity, points)

    def _inward(self, elements: Elements, quantity: str, values: np.ndarray) -> np.ndarray:
        """Return values with those on a shared surface taken a hair inside the target instead."""
        bad = ~np.isfinite(values).all(axis=1)
        if elements.normals is None or not bad.any():
            return values
        arms = elements.points[bad] - self.patches.origins[0]
        step = _INWARD * np.maximum(_norms(arms), _norms(self.patches.axes[0]).max())
        values = values.copy()
        values[bad] = self._field(quantity, elements.points[bad] - step[:, None] * elements.normals[bad])
        return values

    def __call__(self, which: np.ndarray, t: np.ndarray) -> Samples:
        """Return the integrand at parameters t of patches."""
        elements = self.patches.elements(which, t)
        arms = elements.points - self.pivot
        flux = self._inward(elements, "B", self._field("B", elements.points))
        if elements.moments is not None:
            return self._moments(elements, arms, flux)
        if elements.poles is not None:
            force = elements.poles[:, None] * flux
            energy = size = np.full(len(arms), np.nan)
            if hasattr(self.source, "scalar_potential"):
                potential = self._field("scalar_potential", elements.points)[:, 0]
                energy = float(mu_0) * elements.poles * potential
                size = np.abs(energy)
            scale = np.abs(elements.poles) * _norms(flux)
        else:
            assert elements.currents is not None
            force = np.cross(elements.currents, flux)
            energy = size = np.full(len(arms), np.nan)
            if hasattr(self.source, "A"):
                potential = self._field("A", elements.points)
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
    source: Source, all_patches: Sequence[Patches], pivot: np.ndarray, rtol: float, most: int
) -> Tally:
    """Integrate over patches to a tolerance; raise NoConvergence if that takes too long."""
    cubatures = [
        Cubature(PatchForces(source, patches, pivot), _periodic(patches)) for patches in all_patches
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


def _extent_over_length(source: Source, body: Body) -> float:
    """Return the size of a body in lengths over which the source's field changes, by the field at its position."""
    flux = evaluate(source.compiled, "B", body.position[None])
    gradient = evaluate(source.compiled, "grad_B", body.position[None])
    size, steep = float(_norms(flux)[0]), float(_norms(gradient)[0])
    return body.extent * steep / size if size > 0.0 and np.isfinite(steep) else np.inf


def _apart(source: Source, body: Body) -> bool:
    """Say whether the source keeps out of the sphere about the target, or the target is solid throughout."""
    if body.hull:
        return True
    try:
        other = source.body
    except ValueError:
        return True
    return float(np.linalg.norm(other.position - body.position)) > other.extent + body.extent


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
    if body.inside and _extent_over_length(source, body) < 0.1 and _apart(source, body):
        try:  # through the volume, where the surfaces' poles would nearly cancel
            total = _integrate(source, body.inside, pivot, rtol, _MOST_INSIDE)
        except NoConvergence:
            total = None
    if total is None:
        by_currents = bool(body.bound) and not hasattr(source, "scalar_potential") and hasattr(source, "A")
        try:
            total = _integrate(source, body.bound if by_currents else body.patches, pivot, rtol, _MOST)
        except NoConvergence:
            total = None
    if total is None or np.any(total.errors > np.nan_to_num(rtol * total.scales)):
        raise NotConverged(
            f"rtol={rtol:g} was not reached: source and target are too close, or rtol is below what rounding allows"
        )
    total.errors += _EPS * (_NOISE_FIELD + _NOISE_PLACE * _places_over_gap(source, body)) * total.scales
    return total


def _places_over_gap(source: Source, body: Body) -> float:
    """Return how large coordinates are beside the distance over which the field on a body changes."""
    far = float(np.linalg.norm(body.position)) + body.extent
    centre = getattr(source, "position", body.position)
    gap = float(np.linalg.norm(centre - body.position)) - _extent(source)
    return far / max(gap, 0.1 * body.extent)


def _extent(source: Source) -> float:
    try:
        return source.body.extent
    except ValueError:
        return 0.0
