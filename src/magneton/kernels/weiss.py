r"""Weiss's mean field: the argument x of Brillouin's function at which a magnetization holds itself.

With m = B_J(x) the reduced magnetization, t = T/T_C, h = mu B/(k_B T_C), mu = g mu_B J and kappa = B_J'(0),

    t x = h + m/kappa,   that is   x (D(x) - tau) = h,   D(x) = 1 - B_J(x)/(kappa x), tau = 1 - t,

whose second form keeps its digits next to T_C, where x is small. So h is an explicit, odd function of x, convex for
x > 0; below T_C it falls between the two spinodal points +-s, B_J'(s) = kappa t. Newton's steps from the right end on
the largest root without being watched, and from x = 0 on the root before s.
"""

import math

from magneton._jit import inline_kernel, kernel
from magneton.kernels.brillouin import SMALL, brillouin, brillouin_slope, shortfall, slope_shortfall

#: Branches: of least energy; against the field, and held by a barrier; on top of the barrier.
STABLE, METASTABLE, UNSTABLE = 0, 1, 2
_STEPS = 300


@inline_kernel
def _field(x, t, tau, a, b, kappa):
    """Return h(x) for x >= 0."""
    small = x * (shortfall(x, a, b, kappa) - tau)
    large = t * x - brillouin(x, a, b, kappa) / kappa
    return small if a * x <= SMALL else large


@inline_kernel
def _slope(x, t, tau, a, b, kappa):
    """Return dh/dx for x >= 0."""
    small = slope_shortfall(x, a, b, kappa) - tau
    large = t - brillouin_slope(x, a, b, kappa) / kappa
    return small if a * x <= SMALL else large


@kernel
def _newton(x, h, t, tau, a, b, kappa):
    """Return the root of h(x) = h next to a start x >= 0 from which the steps do not change their sign."""
    before = 0.0
    for _ in range(_STEPS):
        step = (h - _field(x, t, tau, a, b, kappa)) / _slope(x, t, tau, a, b, kappa)
        if not 0.0 <= step * before < math.inf or step == 0.0:
            break
        x, before = x + step, step
        if abs(step) <= 1e-16 * x:
            break
    return x


@kernel
def spinodal(tau, kappa, a, b):
    """Return s > 0 with B_J'(s) = kappa t, t = 1 - tau; 0 for tau <= 0."""
    if not tau > 0.0:
        return 0.0
    low, high = 0.0, 1.0
    while slope_shortfall(high, a, b, kappa) < tau and high < 1e300:
        low, high = high, 2.0 * high
    if low == 0.0:
        while slope_shortfall(0.5 * high, a, b, kappa) > tau:
            high *= 0.5
        low = 0.5 * high
    for _ in range(60):
        middle = 0.5 * (low + high)
        if slope_shortfall(middle, a, b, kappa) < tau:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@kernel
def coercive_field(t, tau, a, b, kappa):
    """Return the greatest h at which m < 0 is held by a barrier; 0 from T_C on."""
    s = spinodal(tau, kappa, a, b)
    return -_field(s, t, tau, a, b, kappa) if s > 0.0 else 0.0


@kernel
def argument(h, t, tau, branch, a, b, kappa):
    """Return x on a branch, for h >= 0; nan where there is no such branch."""
    if branch == STABLE:
        if h == 0.0 and tau <= 0.0:
            return 0.0
        return _newton((h + 1.0 / kappa) / t, h, t, tau, a, b, kappa)
    if not tau > 0.0 or h > coercive_field(t, tau, a, b, kappa):
        return math.nan
    if branch == METASTABLE:
        return -_newton(1.0 / (kappa * t), -h, t, tau, a, b, kappa)
    return -_newton(h / tau, -h, t, tau, a, b, kappa)


@kernel
def fill_arguments(h, t, tau, branch, out, a, b, kappa):
    """Set `out` to x on a branch; a negative h turns everything round."""
    for i in range(len(h)):
        out[i] = math.copysign(1.0, h[i]) * argument(abs(h[i]), t[i], tau[i], branch, a, b, kappa)


@kernel
def fill_coercive_fields(t, tau, out, a, b, kappa):
    """Set `out` to the reduced coercive field."""
    for i in range(len(t)):
        out[i] = coercive_field(t[i], tau[i], a, b, kappa)


@kernel
def fill_stiffness(x, t, tau, out, a, b, kappa):
    """Set `out` to dh/dx, which is even in x."""
    for i in range(len(x)):
        out[i] = _slope(abs(x[i]), t[i], tau[i], a, b, kappa)
