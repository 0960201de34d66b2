r"""The point limits of currents and of poles, and the mean field over a sphere that tells them apart.

A shrinking current loop and a shrinking pair of poles of the same moment m have the same field everywhere but at the
point itself, where they differ by a delta function ([Jackson1999]_ eqs. 5.62 to 5.64, and [Griffiths1982]_):

    loop:   B = mu_0 [(3 (m.n) n - m)/(4 pi r^3) + (2/3) m delta(r)]
    poles:  H =      [(3 (m.n) n - m)/(4 pi r^3) - (1/3) m delta(r)]

The two agree, since B = mu_0 (H + m delta). Inside, the two fields point opposite ways.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from magneton import _check
from magneton.constants import mu_0
from magneton.kernels.clearance import field_clearance
from magneton.sources.base import ScalarPotential, Source, VectorPotential
from magneton.sources.charges import MovingCharges
from magneton.sources.collection import Collection
from magneton.sources.framed import FramedBody
from magneton.sources.points import Dipole, Dipoles, Pole, PolePair

#: Coefficient of mu_0 m delta(r) in B of a point-like current loop.
DELTA_B_OF_LOOP = 2.0 / 3.0
#: Coefficient of m delta(r) in H of a point-like pair of poles.
DELTA_H_OF_POLES = -1.0 / 3.0


def _parts(source: Source) -> list[Source]:
    """Return what of a source can lie inside or outside the sphere on its own; none if it is one piece."""
    if isinstance(source, Collection):
        return list(source.sources)
    if isinstance(source, Dipoles):
        return [Dipole(m, r) for m, r in zip(source.moments, source.positions, strict=True)]
    if isinstance(source, PolePair):
        half = 0.5 * source.separation
        return [Pole(s * source.pole_strength, source.position + s * half) for s in (1.0, -1.0)]
    if isinstance(source, MovingCharges) and len(source.charges) > 1:
        rows = zip(source.charges, source.positions, source.velocities, strict=True)
        return [MovingCharges(q, [r], [v]) for q, r, v in rows]
    return []


def _reach(source: Source, centre: np.ndarray) -> float:
    """Return a distance from the centre within which all of the source lies; infinite if that is not known."""
    if isinstance(source, FramedBody):
        return float(np.linalg.norm(source.position - centre)) + source._extent()
    if isinstance(source, MovingCharges):
        return float(np.linalg.norm(source.positions - centre, axis=1).max())
    try:
        return float(np.linalg.norm(source.body.position - centre)) + source.body.extent
    except ValueError:
        return math.inf


def _moment_about(source: Source, centre: np.ndarray) -> np.ndarray:
    if isinstance(source, MovingCharges):
        return source.moment_about(centre)
    if isinstance(source, Pole):
        return source.pole_strength * (source.position - centre)
    return source.moment  # pyright: ignore[reportAttributeAccessIssue]


def _mean(source: Source, centre: np.ndarray, radius: float, quantity: str) -> np.ndarray:
    field = source.compiled
    if field_clearance(field.kinds, field.starts, field.params, *centre) > radius:
        return source.B(centre) if quantity == "B" else source.H(centre)
    parts = _parts(source)
    if isinstance(source, Collection) or not _reach(source, centre) < radius:
        if not parts:
            name = type(source).__name__
            raise ValueError(
                f"the sphere must hold all of a source or none, got a {name} that it cuts, or may cut"
            )
        return np.sum([_mean(part, centre, radius, quantity) for part in parts], axis=0)
    density = _moment_about(source, centre) / (4.0 * math.pi / 3.0 * radius**3)
    of_H = DELTA_H_OF_POLES if isinstance(source, ScalarPotential) else DELTA_B_OF_LOOP
    of_B = DELTA_B_OF_LOOP if isinstance(source, VectorPotential) else DELTA_H_OF_POLES
    return float(mu_0) * of_B * density if quantity == "B" else of_H * density


def mean_field_in_sphere(source: Any, centre: Any, radius: Any, quantity: str = "B") -> np.ndarray:
    """Return the mean of B or H over the volume of a sphere, exactly.

    Of sources outside the sphere it is the field at the centre. Of sources inside it depends on nothing but their
    moment m about the centre: with V = 4 pi R^3/3, the mean of B is (2/3) mu_0 m/V for currents, whatever their shape,
    and the mean of H is -(1/3) m/V for poles ([Jackson1999]_ sec. 5.6). A point dipole and a magnet have both,
    as B = mu_0 (H + M) asks for: the delta function at a dipole is counted. For currents H is B/mu_0, and for
    poles B is mu_0 H, everywhere.

    Parameters
    ----------
    source : source
        Members of a collection, single dipoles, poles and charges may each be inside or outside.
    centre : array_like, shape (3,), metre
        Of the sphere.
    radius : float, metre
        Of the sphere, positive.
    quantity : {"B", "H"}
        Which mean.

    Returns
    -------
    ndarray, shape (3,), tesla or A/m
        The mean.

    Raises
    ------
    ValueError
        If the sphere cuts a source, or its nearness to one does not tell.

    Examples
    --------
    >>> from magneton import CircularLoop, PolePair
    >>> loop = CircularLoop.from_moment(0.01, [0, 0, 1.0])
    >>> poles = PolePair(100.0, [0, 0, 0.01])
    >>> [float(mean_field_in_sphere(s, [0, 0, 0], 0.1)[2] * 1e3) for s in (loop, poles)]  # doctest: +ELLIPSIS
    [0.1999999999..., -0.0999999999...]
    """
    if not isinstance(source, Source):
        raise ValueError(f"source must be a source, got {type(source).__name__}")
    if quantity not in ("B", "H"):
        raise ValueError(f"quantity must be 'B' or 'H', got {quantity!r}")
    centre = _check.vector("centre", centre, "m")
    radius = _check.positive("radius", radius, "m")
    return _mean(source, centre, radius, quantity)
