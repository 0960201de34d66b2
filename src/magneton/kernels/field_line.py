"""Field lines in arc length, to rounding, and what a charge that is bound to one meets on it.

A step follows dx/ds = +-B/|B| by Gragg's modified midpoint rule with 2, 4, 6, ... substeps, extrapolated until two
columns agree ([HairerNorsettWanner1993]_ section II.9): no table of coefficients, and the order follows from the length
of the step. Two more numbers go along, so that a straight line is not taken for a uniform field: the integrals of
B/B(start of the step) and of the electric part of the well.

The well of a charge of magnetic moment mu on its line is its squared momentum along B over the squared momentum that it
started with,

    g(s) = c0 + k (B0 - B(s)) + e (a1 + a2 e),    e = -q (phi(s) - phi0)

(c0 = cos^2 of the first pitch angle, k B0 = sin^2, e the kinetic energy gained, a1 = 2 gamma0 m/p0^2, a2 = 1/(p0 c)^2);
it mirrors where g = 0.
"""

import numpy as np

from magneton._jit import kernel
from magneton.kernels import quantities
from magneton.kernels.electromagnetic import SCRATCH, em_block

_EM, _EM_POTENTIALS = quantities.EM, quantities.EM_POTENTIALS
#: Columns of the extrapolation; tolerance of a step, of its length; how much looser that of the two integrals is.
_COLUMNS = 7
_TOLERANCE, _LOOSER = 1e-14, 1e5
#: How long a line may be.
MOST_STEPS = 3000
_EPS = float(np.finfo(np.float64).eps)
#: How the step goes on, by the column that agreed with the one before it; the first entry: none did.
FACTORS = np.array([0.4, 0.4, 4.0, 2.5, 1.7, 1.3, 1.0, 0.8])
#: A row that describes a well.
C0, K, B0, PHI0, A1, A2, CHARGE, ELECTRIC = range(8)
WELL = 8
#: Floats of workspace.
WORK = 10 + SCRATCH


@kernel
def rates_at(kinds, starts, params, x, sign, well, rates, work):
    """Set `rates` to the direction, 1 in place of B, and the electric slope of g; return B."""
    points, out = work[:4].reshape((4, 1)), work[4:10].reshape((6, 1))
    points[:, 0] = x
    em_block(kinds, starts, params, points, _EM, out, work[10:])
    top = max(abs(out[0, 0]), abs(out[1, 0]), abs(out[2, 0]))
    bx, by, bz = out[0, 0] / top, out[1, 0] / top, out[2, 0] / top
    size = np.sqrt(bx * bx + by * by + bz * bz)
    rates[0], rates[1], rates[2] = sign * bx / size, sign * by / size, sign * bz / size
    rates[3], rates[4] = 1.0, 0.0
    if well[ELECTRIC] != 0.0:
        along = rates[0] * out[3, 0] + rates[1] * out[4, 0] + rates[2] * out[5, 0]
        rates[4] = well[A1] * well[CHARGE] * along
    return top * size


@kernel
def _depth(kinds, starts, params, x, field, well, work):
    """Return g at x, where the field strength is `field`."""
    depth = well[C0] + well[K] * (well[B0] - field)
    if well[ELECTRIC] != 0.0:
        points, out = work[:4].reshape((4, 1)), work[4:8].reshape((4, 1))
        points[:, 0] = x
        em_block(kinds, starts, params, points, _EM_POTENTIALS, out, work[10:])
        gained = -well[CHARGE] * (out[3, 0] - well[PHI0])
        depth += gained * (well[A1] + well[A2] * gained)
    return depth


@kernel
def _midpoint(kinds, starts, params, x, start, field, sign, well, step, count, shift, work):
    """Set `shift` to the change over one step by the modified midpoint rule with `count` substeps."""
    h = step / count
    before, here, rates, place = np.zeros(5), h * start, np.empty(5), x.copy()
    for _ in range(count - 1):
        for i in range(3):
            place[i] = x[i] + here[i]
        rates[3] = rates_at(kinds, starts, params, place, sign, well, rates, work) / field
        for i in range(5):
            before[i], here[i] = here[i], before[i] + 2.0 * h * rates[i]
    shift[:] = here


@kernel
def _extrapolated(row, fresh, j, error):
    """Put column j's value `fresh` into the scheme's last row; `fresh` becomes the best value."""
    for i in range(5):
        value = fresh[i]
        for m in range(j):
            ratio = (j + 1.0) / (j - m)
            correction = (value - row[m, i]) / (ratio * ratio - 1.0)
            row[m, i] = value
            value += correction
            error[i] = abs(correction)
        row[j, i] = value
        fresh[i] = value


@kernel
def line_step(kinds, starts, params, x, start, field, sign, well, step, shift, work):
    """Set `shift` to the change of place and integrals over a step; return the column that agreed, or 0."""
    row, error = np.empty((_COLUMNS, 5)), np.empty(5)
    scale = max(abs(x[0]), abs(x[1]), abs(x[2]))
    bound = _TOLERANCE * step + 2.0 * _EPS * scale  # what x is rounded to, no step can better
    for j in range(_COLUMNS):
        _midpoint(kinds, starts, params, x, start, field, sign, well, step, 2 * (j + 1), shift, work)
        _extrapolated(row, shift, j, error)
        if j == 0 or error[0] + error[1] + error[2] > bound:
            continue
        if error[3] <= _LOOSER * bound and error[4] <= _LOOSER * _TOLERANCE:
            return j + 1
    return 0


@kernel
def walk(kinds, starts, params, x, sign, well, length, step, work):
    """Move x by an arc length; return the step to go on with, or nan where the field has no direction."""
    start, shift = np.empty(5), np.empty(5)
    for _ in range(MOST_STEPS):
        if length <= 0.0:
            return step
        field = rates_at(kinds, starts, params, x, sign, well, start, work)
        h = min(step, length)
        column = line_step(kinds, starts, params, x, start, field, sign, well, h, shift, work)
        if column:
            x[:3] += shift[:3]
            step = max(step, FACTORS[column] * h) if h == length else FACTORS[column] * h
            length -= h
        else:
            step = FACTORS[0] * h
    x[:3] = np.nan
    return np.nan


@kernel
def _depth_after(kinds, starts, params, x, start, field, sign, well, step, place, work):
    """Set `place` to where a part of an accepted step leads; return g there."""
    shift, rates = np.empty(5), np.empty(5)
    line_step(kinds, starts, params, x, start, field, sign, well, step, shift, work)
    place[:3] = x[:3] + shift[:3]
    there = rates_at(kinds, starts, params, place, sign, well, rates, work)
    return _depth(kinds, starts, params, place, there, well, work)


@kernel
def _root(kinds, starts, params, x, start, field, sign, well, low, g_low, high, g_high, work):
    """Return where g falls through zero between two parts of a step: regula falsi with Illinois' halving."""
    place, side, part = x.copy(), 0, low
    for _ in range(80):
        before = part
        part = high - g_high * (high - low) / (g_high - g_low)
        if not low < part < high:
            part = 0.5 * (low + high)
        if abs(part - before) <= 4.0 * _EPS * high:
            break
        depth = _depth_after(kinds, starts, params, x, start, field, sign, well, part, place, work)
        if depth > 0.0:
            low, g_low = part, depth
            g_high *= 0.5 if side == 1 else 1.0
            side = 1
        elif depth < 0.0:
            high, g_high = part, depth
            g_low *= 0.5 if side == -1 else 1.0
            side = -1
        else:
            break
    return part


@kernel
def _rise(kinds, starts, params, x, start, field, sign, well, step, work):
    """Return part of a step where g is above zero if g rises from the start of the step, or 0."""
    place = x.copy()
    here = _depth(kinds, starts, params, x, field, well, work)
    near = _depth_after(kinds, starts, params, x, start, field, sign, well, 1e-6 * step, place, work)
    if not near > here:
        return 0.0, here
    part = 0.5 * step
    while part > 1e-6 * step:
        depth = _depth_after(kinds, starts, params, x, start, field, sign, well, part, place, work)
        if depth > 0.0:
            return part, depth
        part *= 0.5
    return 1e-6 * step, near


@kernel
def _to_mirror(kinds, starts, params, x, sign, well, step, length, work):
    """Move x to where g falls through zero; return the arc length, or nan where it does not within `length`."""
    start, shift, rates, place, s = np.empty(5), np.empty(5), np.empty(5), x.copy(), 0.0
    for _ in range(MOST_STEPS):
        field = rates_at(kinds, starts, params, x, sign, well, start, work)
        here = _depth(kinds, starts, params, x, field, well, work)
        h = min(step, length - s)
        if h <= 0.0:
            break
        column = line_step(kinds, starts, params, x, start, field, sign, well, h, shift, work)
        place[:3] = x[:3] + shift[:3]
        there = rates_at(kinds, starts, params, place, sign, well, rates, work)
        depth = _depth(kinds, starts, params, place, there, well, work)
        if column == 0 or not np.isfinite(depth):
            step = FACTORS[0] * h
            continue
        if depth < 0.0 or (s == 0.0 and here <= 0.0):
            low = 0.0
            if s == 0.0:
                # it may start at one mirror point, up to rounding, and be on its way to the other
                low, bottom = _rise(kinds, starts, params, x, start, field, sign, well, h, work)
                here = max(bottom, 0.0)
            if here == 0.0:
                return s
            if depth < 0.0:
                h = _root(kinds, starts, params, x, start, field, sign, well, low, here, h, depth, work)
                _depth_after(kinds, starts, params, x, start, field, sign, well, h, place, work)
                x[:] = place
                return s + h
        x[:] = place
        s += h
        step = FACTORS[column] * h
    x[:3] = np.nan
    return np.nan


@kernel
def mirror_rows(kinds, starts, params, points, wells, steps, length, ends, lengths, first, last):
    """Set the mirror points, (n, 2, 3) against B and along it, and their arc lengths (n, 2) from `points` (n, 4)."""
    work = np.empty(WORK)
    for i in range(first, last):
        for side in range(2):
            sign = 2.0 * side - 1.0
            x = points[i].copy()
            s = _to_mirror(kinds, starts, params, x, sign, wells[i], steps[i], length, work)
            lengths[i, side] = sign * s
            ends[i, side] = x[:3]


@kernel
def walk_rows(kinds, starts, params, points, steps, lengths, out, first, last):
    """Set the points (n, m, 3) at signed arc lengths (n, m), rising, from `points` (n, 4)."""
    work, well = np.empty(WORK), np.zeros(WELL)
    for i in range(first, last):
        middle = np.searchsorted(lengths[i], 0.0)
        for sign in (-1.0, 1.0):
            x, s, step = points[i].copy(), 0.0, steps[i]
            count = middle if sign < 0.0 else lengths.shape[1] - middle
            for j in range(count):
                k = middle - 1 - j if sign < 0.0 else middle + j
                step = walk(kinds, starts, params, x, sign, well, sign * lengths[i, k] - s, step, work)
                s = sign * lengths[i, k]
                out[i, k] = x[:3]
