"""Whether the linear covariance can be trusted: chi-square a little way off, beside its parabola."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from magneton.estimation.estimate import MomentEstimate

#: Standard deviations to go off, and the departure there that makes linear regions cover by more than one percent
#: too little.
_FAR, _SPOILED = 2.0, 0.15
#: Readings over noise beyond which rounding shows in chi-square.
_ROUNDING = 1e10
DOUBT = "the linear covariance is not to be trusted: use profile, likelihood_region or bootstrap"


def curvature_doubt(estimate: MomentEstimate) -> tuple[str, ...]:
    """Return the doubt if there is one."""
    return (DOUBT,) if departure(estimate) > _SPOILED else ()


def departure(estimate: MomentEstimate) -> float:
    """Return how far the problem departs from linearity two standard deviations off, as a part; 0 if it is linear.

    Each place is moved along its weakest direction, the others with it as they are correlated, and all that readings
    depend on linearly is fitted there again. In a linear problem chi-square grows by 4, and the moments change as they
    are correlated with the places: the larger departure counts, of chi-square beside 4, or of moments in units of two
    standard deviations (in the metric of their covariance). Both vanish with the curvature of [BatesWatts1980]_.
    """
    places = estimate._which("position")
    C = estimate.covariance
    if estimate.evaluate is None or not len(places) or not np.isfinite(C).all():
        return 0.0
    noise = estimate.noise / np.sqrt(np.maximum(estimate.effective_weights, 1e-12))
    # Readings as good as to rounding leave nothing but rounding to compare.
    if not np.isfinite(noise).all() or np.linalg.norm(estimate.values / noise) > _ROUNDING:
        return 0.0
    free = np.ones(len(C), dtype=bool)
    free[places] = False
    before, moments = _whitened(estimate, noise, estimate.parameters), estimate._which("moment")
    metric = np.linalg.inv(C[np.ix_(moments, moments)])
    worst = 0.0
    for own in places.reshape(-1, 3):
        variance, axes = np.linalg.eigh(C[np.ix_(own, own)])
        path = C[:, own] @ axes[:, -1] / np.sqrt(variance[-1])
        for change in (_FAR * path, -_FAR * path):
            left, jacobian = _whitened(estimate, noise, estimate.parameters + change)
            again = np.zeros(len(C))
            again[free] = np.linalg.lstsq(jacobian[:, free], left, rcond=None)[0]
            after, linear = left - jacobian @ again, before[1] @ change
            grown = float(after @ after - before[0] @ before[0]) / float(linear @ linear)
            far = float(np.sqrt(again[moments] @ metric @ again[moments])) / _FAR
            # A nan departs as far as can be.
            worst = max(worst, *(part if part >= 0.0 else np.inf for part in (abs(grown - 1.0), far)))
    return worst


def _whitened(
    estimate: MomentEstimate, noise: np.ndarray, theta: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what is left of readings and priors over their standard deviations, and minus its slopes."""
    predicted, jacobian = estimate.readings_at(theta)
    prior = estimate.effective_prior
    has = np.isfinite(prior)
    left = np.concatenate([(estimate.values - predicted) / noise, -theta[has] / prior[has]])
    return left, np.vstack([jacobian / noise[:, None], np.diag(1.0 / prior)[has]])
