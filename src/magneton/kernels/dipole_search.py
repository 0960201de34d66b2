"""Where dipoles are that explain readings: a scan of the projected residual, and its descent.

Moments, which readings depend on linearly, are eliminated at each place (variable projection, [GolubPereyra1973]_),
with the Jacobian of [Kaufman1975]_; other linear unknowns are projected out beforehand as orthonormal rows `known`. All
is whitened: the noise of each reading is 1.
"""

import math

import numpy as np

from magneton._jit import kernel, summing_kernel
from magneton.kernels.dipole_design import set_columns, set_slopes

#: A pivot this small beside its diagonal element is no direction at all.
_FLAT = 1e-14
_MOST_STEPS = 200
#: What rounding leaves of a sum of squares.
_ROUNDING = 1e-30


@summing_kernel
def _dot(a, b):
    total = 0.0
    for i in range(len(a)):
        total += a[i] * b[i]
    return total


@kernel
def _take_away(a, b, factor):
    for i in range(len(a)):
        a[i] -= factor * b[i]


@kernel
def _project(known, rows):
    """Make rows, shape (k, n), orthogonal to the orthonormal rows of `known`."""
    for j in range(len(rows)):
        for k in range(len(known)):
            _take_away(rows[j], known[k], _dot(known[k], rows[j]))


@kernel
def _factor(S):
    """Replace the lower half of a symmetric matrix by its Cholesky factor; flat directions get a pivot of 0."""
    n = len(S)
    for j in range(n):
        before = S[j, j]
        for k in range(j):
            S[j, j] -= S[j, k] * S[j, k]
        pivot = math.sqrt(S[j, j]) if S[j, j] > _FLAT * before else 0.0
        S[j, j] = pivot
        for i in range(j + 1, n):
            for k in range(j):
                S[i, j] -= S[i, k] * S[j, k]
            S[i, j] = S[i, j] / pivot if pivot > 0.0 else 0.0


@kernel
def _forward(S, b):
    for i in range(len(b)):
        for k in range(i):
            b[i] -= S[i, k] * b[k]
        b[i] = b[i] / S[i, i] if S[i, i] > 0.0 else 0.0


@kernel
def _backward(S, b):
    for i in range(len(b) - 1, -1, -1):
        for k in range(i + 1, len(b)):
            b[i] -= S[k, i] * b[k]
        b[i] = b[i] / S[i, i] if S[i, i] > 0.0 else 0.0


@kernel
def _gram(rows, S):
    for i in range(len(rows)):
        for j in range(i + 1):
            S[i, j] = _dot(rows[i], rows[j])
            S[j, i] = S[i, j]


@kernel
def scan(taps, known, readings, places, gains, first, last):
    """Set how much of the sum of squares a dipole at each place would explain.

    Parameters
    ----------
    taps : tuple
        As in `magneton.kernels.dipole_design`, with whitened weights.
    known : ndarray, shape (k, n)
        Orthonormal rows of what is fitted besides.
    readings : ndarray, shape (w, n)
        Whitened; each row by itself.
    places : ndarray, shape (c, 3)
        Where to look.
    gains : ndarray, shape (c, w)
        The results, of places first .. last.
    """
    n = readings.shape[1]
    work = np.empty((3, max(1, taps[0].shape[1], taps[3].shape[1])))
    columns, S, b = np.empty((3, n)), np.empty((3, 3)), np.empty(3)
    for c in range(first, last):
        set_columns(taps, places[c], work, columns)
        _project(known, columns)
        _gram(columns, S)
        _factor(S)
        for w in range(len(readings)):
            for j in range(3):
                b[j] = _dot(columns[j], readings[w])
            _forward(S, b)
            gains[c, w] = b[0] * b[0] + b[1] * b[1] + b[2] * b[2]


@kernel
def _settle(taps, known, reading, places, columns, S, moments, rest, work):
    """Set the best moments at the places, and what is left of the reading; return its sum of squares."""
    count = len(places)
    for d in range(count):
        set_columns(taps, places[d], work, columns[3 * d : 3 * d + 3])
    _project(known, columns)
    _gram(columns, S)
    _factor(S)
    for i in range(3 * count):
        moments[i] = _dot(columns[i], reading)
    _forward(S, moments)
    _backward(S, moments)
    rest[:] = reading
    for i in range(3 * count):
        _take_away(rest, columns[i], moments[i])
    total = _dot(rest, rest)
    # A place on a sensor has no finite field: as bad as can be.
    return total if total == total else math.inf


@kernel
def _slopes(taps, known, places, moments, columns, S, slopes, H, D, cross, work):
    """Set the normal matrix H of the places with the moments eliminated, and D, its diagonal with them fixed."""
    count = len(places)
    for d in range(count):
        set_slopes(taps, places[d], moments[3 * d : 3 * d + 3], work, slopes[3 * d : 3 * d + 3])
    _project(known, slopes)
    for j in range(3 * count):
        for i in range(3 * count):
            cross[j, i] = _dot(columns[i], slopes[j])
        _forward(S, cross[j])
    _gram(slopes, H)
    for j in range(3 * count):
        D[j] = H[j, j]
        for i in range(3 * count):
            H[j, i] -= _dot(cross[j], cross[i])


@kernel
def _step(H, D, gradient, damping, damped, step):
    """Set the step of Levenberg and Marquardt, none longer than 1 for a dipole; return its promise, or nan."""
    n = len(D)
    damped[:] = H
    for j in range(n):
        damped[j, j] += damping * D[j]
    _factor(damped)
    step[:] = gradient
    _forward(damped, step)
    promise = _dot(step, step)
    _backward(damped, step)
    longest = 0.0
    for d in range(n // 3):
        longest = max(longest, math.sqrt(_dot(step[3 * d : 3 * d + 3], step[3 * d : 3 * d + 3])))
    if longest > 1.0:
        for j in range(n):
            step[j] /= longest
    return promise


@kernel
def descend(taps, known, reading, places, free, tolerance, moments):
    """Move places, shape (d, 3), downhill to a minimum of the projected residual; set the moments, shape (3 d,).

    Lengths are in units of the array's size: no step is longer. `free` says whether places move at all. It ends where a
    step would take away less than the part `tolerance` of the sum of squares that is left, or no more than rounding
    leaves of the readings. Returns that sum.
    """
    count, n = len(places), len(reading)
    size = 3 * count
    work = np.empty((3, max(1, taps[0].shape[1], taps[3].shape[1])))
    columns, slopes, rest, trial_rest = np.empty((size, n)), np.empty((size, n)), np.empty(n), np.empty(n)
    S, H, damped, cross = (
        np.empty((size, size)),
        np.empty((size, size)),
        np.empty((size, size)),
        np.empty((size, size)),
    )
    D, step, gradient, trial_moments = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    trial = np.empty((count, 3))
    total = _settle(taps, known, reading, places, columns, S, moments, rest, work)
    floor = _ROUNDING * _dot(reading, reading)
    damping, growth = 1e-3, 2.0
    fresh = True
    for _ in range(_MOST_STEPS if free else 0):
        if not total < math.inf:
            break
        if fresh:
            _slopes(taps, known, places, moments, columns, S, slopes, H, D, cross, work)
            for j in range(size):
                gradient[j] = _dot(slopes[j], rest)
        promise = _step(H, D, gradient, damping, damped, step)
        for d in range(count):
            for k in range(3):
                trial[d, k] = places[d, k] + step[3 * d + k]
        trial_total = _settle(taps, known, reading, trial, columns, S, trial_moments, trial_rest, work)
        fresh = trial_total < total
        # The last step is taken if it does no harm beyond rounding.
        done = promise <= tolerance * total + floor
        if fresh or (done and trial_total <= total * (1.0 + 1e-12)):
            gained = total - trial_total
            places[:] = trial
            moments[:] = trial_moments
            rest[:] = trial_rest
            total = trial_total
            damping *= max(1.0 / 3.0, 1.0 - (2.0 * gained / promise - 1.0) ** 3) if promise > 0.0 else 1.0
            growth = 2.0
        else:
            damping *= growth
            growth *= 2.0
        if done or damping > 1e15 or not promise > 0.0:
            break
    return total


@kernel
def descend_each(taps, known, readings, starts, free, tolerance, moments, totals, first, last):
    """Descend from starts number first .. last: `readings` (1 or s, n), `starts` (s, d, 3), `moments` (s, 3 d)."""
    for s in range(first, last):
        reading = readings[s if len(readings) > 1 else 0]
        totals[s] = descend(taps, known, reading, starts[s], free, tolerance, moments[s])
