"""A moment from the flux it sends through pick-up coils."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check
from magneton.estimation._finish import linear_estimate
from magneton.estimation._input import standard_deviations
from magneton.estimation.estimate import MomentEstimate


def from_flux(
    coils: Any, points: Any, flux: Any, noise: Any = None, *, reference: Any = None
) -> MomentEstimate:
    """Return a moment from the fluxes through coils while it stands at several places (extraction, VSM).

    By reciprocity the flux of a moment through a coil is m.B_1, with B_1 the field that the coil would make at the
    moment per ampere of its own current [Mallinson1966]_: so the coil's own geometry, turns and all, is the source.

    Parameters
    ----------
    coils : source with ``B`` and ``current``, or a list of them
        The pick-up coils; their currents say only which way counts as positive. Coils in series are a collection.
    points : array_like, shape (n, 3), metre
        Where the moment stands, always in the same orientation.
    flux : array_like, shape (n,), or (c, n) for a list of c coils, weber
        Linked by the coil, all turns together.
    noise : float or array_like, of the shape of `flux`, weber, optional
        Standard deviations; estimated if not given.
    reference : array_like, shape (3,), metre, optional
        The place from which the change of flux was measured; by default the flux itself is given.

    Returns
    -------
    MomentEstimate
        ``moment``, shape (3,), and its covariance; what a coil on an axis does not see has an infinite variance.

    Examples
    --------
    >>> import numpy as np
    >>> import magneton as mg
    >>> from magneton.estimation import from_flux
    >>> coils = [mg.CircularLoop(radius=0.01, current=1), mg.Polyline([[0.02, 0, 0], [0, 0.02, 0], [0, 0, 0.02]],
    ...          current=1, closed=True)]
    >>> points = np.array([[0, 0, 0], [0, 0.003, 0.01], [0.002, 0, 0.02]])
    >>> flux = [c.B(points) @ [1e-3, 2e-3, 3e-3] for c in coils]
    >>> from_flux(coils, points, flux, noise=1e-12).moment.round(9)
    array([0.001, 0.002, 0.003])
    """
    several = isinstance(coils, list | tuple)
    all_coils = list(coils) if several else [coils]
    if not all_coils:
        raise ValueError("coils must be one coil or more, got an empty list")
    where = _check.numbers("points", points, "m")
    where = _check.vectors("points", where[None] if where.shape == (3,) else where, "m")
    seen = np.stack([_per_ampere(coil, where, reference) for coil in all_coils])
    measured = _check.numbers("flux", flux, "Wb")
    shape = seen.shape[:2] if several else seen.shape[1:2]
    if measured.shape != shape:
        raise ValueError(f"flux must have shape {shape}, got shape {measured.shape}")
    sigma = standard_deviations(noise, shape).reshape(-1)
    names = ("moment_x", "moment_y", "moment_z")
    return linear_estimate(
        "from_flux", names, ("A m^2",) * 3, seen.reshape(-1, 3), measured.reshape(-1), sigma
    )


def _per_ampere(coil: Any, where: np.ndarray, reference: Any) -> np.ndarray:
    """Return the coil's field per ampere, shape (n, 3), less that at the reference."""
    current = getattr(coil, "current", None)
    if current is None or np.ndim(current) or not current:
        raise ValueError(
            f"coils must have a current that is not zero, to divide by, got {_check.shown(coil)}"
        )
    B = coil.B(where)
    if reference is not None:
        B = B - coil.B(_check.vector("reference", reference, "m"))
    return B / current
