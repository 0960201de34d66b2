"""The moment of a planet from its Gauss coefficients."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from magneton import _check
from magneton.constants import mu_0
from magneton.estimation._finish import linear_estimate
from magneton.estimation._input import standard_deviations
from magneton.estimation.estimate import MomentEstimate


def from_gauss_coefficients(
    g10: float, g11: float, h11: float, radius: float, noise: Any = None
) -> MomentEstimate:
    """Return the moment of the coefficients of degree 1, m = (4 pi a^3/mu0) (g11, h11, g10).

    Parameters
    ----------
    g10, g11, h11 : float, tesla
        Schmidt semi-normalised, as geomagnetists print them in nT; here in T.
    radius : float, metre
        The reference radius a of the model.
    noise : float or array_like, shape (3,), tesla, optional
        Standard deviations of g10, g11, h11; without them the covariance is infinite.

    Returns
    -------
    MomentEstimate
        ``moment`` in the planet's axes: z along the spin, x at longitude 0. Earth's points south.

    Examples
    --------
    >>> from magneton.estimation import from_gauss_coefficients
    >>> earth = from_gauss_coefficients(-29403.41e-9, -1451.37e-9, 4653.35e-9, 6371.2e3, noise=0.1e-9)
    >>> f"{earth.magnitude:.4e} +- {earth.magnitude_std:.1e} A m^2"
    '7.7081e+22 +- 2.6e+17 A m^2'
    """
    a = _check.positive("radius", radius, "m")
    given = [_check.number(n, v, "T") for n, v in (("g11", g11), ("h11", h11), ("g10", g10))]
    factor = 4.0 * math.pi * a**3 / float(mu_0)
    values, known = np.array(given), noise is not None
    sigma = standard_deviations(noise, (3,))
    names, units = ("moment_x", "moment_y", "moment_z"), ("A m^2",) * 3
    estimate = linear_estimate(
        "from_gauss_coefficients",
        names,
        units,
        np.eye(3) / factor,
        values,
        np.roll(sigma, -1) if known else np.full(3, np.abs(values).max() or 1.0),
        places=np.zeros((1, 3)),
    )
    if known:
        return estimate
    return replace(estimate, covariance=np.diag(np.full(3, np.inf)))
