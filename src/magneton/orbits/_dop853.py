"""The compiled eighth-order Runge-Kutta method DOP853, for equations of motion in a compiled field.

Source: [HairerNorsettWanner1993]_ section II.5: the method of Dormand and Prince of order 8, with error estimates of
order 5 and 3 and a dense output of order 7; the coefficients are SciPy's. The state is kept in two floats (`state`, and
`low`, what rounding dropped), so that places far from the origin and runs of many steps lose nothing.

A *model* is a right-hand side: a code, its kernel in `_rates`, and the natural sizes of its variables in `_scales`.
"""

import math

import numpy as np

from magneton._jit import inline_uncounted_kernel, uncounted_kernel
from magneton.constants import c
from magneton.kernels.guiding_centre import gradient_workspace, guiding_rhs
from magneton.kernels.lorentz import lorentz_rhs, point_workspace
from magneton.numerics.dop853 import DENSE, FIFTH, NODES, STAGES, TABLEAU, THIRD, step_factor, tick

#: Models: x and u = gamma v by the Lorentz force; R and u = p_par/m of a guiding centre.
FULL, GUIDING = range(2)
#: Floats of a state; a model uses the first few and the rest stay zero, so that loops have a fixed length.
WIDTH = 6
#: Rows of a step's dense output.
DENSE_ROWS = 7
#: Why `advance` returned: its arrays are full, it is done, the field is nan, or steps have become too short.
MORE, FINISHED, UNDEFINED, STALLED = range(4)

_C = float(c)
_EPS = float(np.finfo(float).eps)
# A step that meets nan is shortened to this part of the longest step before the orbit ends there.
_NEAREST = 1e-9


def workspace():
    """Return what the kernels work in: for right-hand sides, the field at their last point and rows for one point;
    for steps, the rates at the stages and vectors.
    """
    own = np.zeros(30), point_workspace(), gradient_workspace()
    return own, np.zeros((16, WIDTH)), np.zeros((8, WIDTH))


@inline_uncounted_kernel
def _rates(model, t, y, dy, field, constants, own):
    """Set `dy` to the rates of a state; `constants` are charge (C), mass (kg) and mu (J/T)."""
    kinds, starts, params = field
    charge, mass, mu = constants
    if model == FULL:
        lorentz_rhs(t, y, dy, kinds, starts, params, charge / mass, own[1], own[0])
    else:
        guiding_rhs(t, y, dy, kinds, starts, params, charge, mass, mu, own[2], own[0])


@inline_uncounted_kernel
def _norm(v, first):
    return math.sqrt(v[first] * v[first] + v[first + 1] * v[first + 1] + v[first + 2] * v[first + 2])


@uncounted_kernel
def _guiding_scales(h, old, new, rates, constants, em, scales):
    """Set `scales` for a guiding centre: of p_par/m, all of p/m; of the place, the way of the step."""
    across = 2.0 * constants[2] * _norm(em, 0) / constants[1]
    u = max(math.sqrt(across + max(old[3] * old[3], new[3] * new[3])), abs(h * rates[3]))
    x, y, z = new[0] - old[0], new[1] - old[1], new[2] - old[2]
    # What stands still is allowed the rounding of a particle's way.
    way = max(abs(h) * _norm(rates, 0), math.sqrt(x * x + y * y + z * z), _EPS * abs(h) * u)
    way = way if way > 0.0 else 1.0
    scales[0], scales[1], scales[2] = way, way, way
    scales[3] = u if u > 0.0 else 1.0


@uncounted_kernel
def _scales(model, h, old, new, rates, constants, em, scales):
    """Set `scales` to the sizes that errors are relative to; `rates` are those at the start of the step.

    Momenta: the momentum, or what the step changes of it, if that is more (a charge starts at rest). Places: the
    gyroradius, or the way of the step where the field is so weak that this is less.
    """
    if model == GUIDING:
        _guiding_scales(h, old, new, rates, constants, em, scales)
        return
    u = max(_norm(old, 3), _norm(new, 3), abs(h) * _norm(rates, 3))
    u = u if u > 0.0 else 1.0  # what stays at rest has no error
    omega = abs(constants[0] / constants[1]) * _norm(em, 0)
    way = u / (omega + math.sqrt(1.0 + (u / _C) ** 2) / abs(h))
    scales[0], scales[1], scales[2] = way, way, way
    scales[3], scales[4], scales[5] = u, u, u


@inline_uncounted_kernel
def _combine(weights, k, count, out):
    """Set `out` to the sum of the first rows of `k` by their weights, a third of which are zero."""
    a0 = a1 = a2 = a3 = a4 = a5 = 0.0  # in registers
    for j in range(count):
        w = weights[j]
        if w != 0.0:
            a0, a1, a2 = a0 + w * k[j, 0], a1 + w * k[j, 1], a2 + w * k[j, 2]
            a3, a4, a5 = a3 + w * k[j, 3], a4 + w * k[j, 4], a5 + w * k[j, 5]
    out[0], out[1], out[2], out[3], out[4], out[5] = a0, a1, a2, a3, a4, a5


@uncounted_kernel
def _stages(model, t, h, y, low, k, first, last, sums, stage, field, constants, work):
    """Set rows first .. last - 1 of `k` to the rates at the stages of a step; `stage` is left at the last of them."""
    for s in range(first, last):
        _combine(TABLEAU[s], k, s, sums)
        for i in range(WIDTH):
            stage[i] = y[i] + (low[i] + h * sums[i])
        _rates(model, t + NODES[s] * h, stage, k[s], field, constants, work)


@uncounted_kernel
def _add(y, low, h, sums, new, new_low):
    """Set new + new_low = y + low + h sums: a sum of two floats and its rounding error."""
    for i in range(WIDTH):
        change = low[i] + h * sums[i]
        total = y[i] + change
        part = total - y[i]
        new_low[i] = (y[i] - (total - part)) + (change - part)
        new[i] = total


@uncounted_kernel
def _error(h, k, scales, fifth, third):
    """Return the estimated error of a step, a root mean square in units of the scales; nan if a rate is."""
    _combine(FIFTH, k, STAGES, fifth)
    _combine(THIRD, k, STAGES, third)
    square5 = square3 = 0.0
    for i in range(WIDTH):
        square5 += (fifth[i] / scales[i]) ** 2
        square3 += (third[i] / scales[i]) ** 2
    square = square5 + 0.01 * square3
    error = abs(h) * square5 / math.sqrt(WIDTH * square) if square != 0.0 else 0.0
    for i in range(WIDTH):
        error += 0.0 * k[STAGES, i]
    return error


@uncounted_kernel
def _interpolant(h, y, new, k, dense):
    """Set `dense` to the coefficients of the change of the state over a step."""
    for i in range(WIDTH):
        change = new[i] - y[i]
        dense[0, i] = change
        dense[1, i] = h * k[0, i] - change
        dense[2, i] = 2.0 * change - h * (k[0, i] + k[STAGES, i])
    for row in range(4):
        _combine(DENSE[row], k, 16, dense[3 + row])
        for i in range(WIDTH):
            dense[3 + row, i] *= h


@uncounted_kernel
def first_step(model, t, state, duration, field, constants, work):
    """Return a tenth of a radian of gyration, or of the time in which the force changes the momentum."""
    rates, em = work[2][0], work[0][0]
    _rates(model, t, state, rates, field, constants, work[0])
    omega = abs(constants[0] / constants[1]) * _norm(em, 0)
    u = _norm(state, 3)
    if model == GUIDING:  # many gyrations; the way from a wide first step to the right one is short
        u, omega = math.sqrt(u * u + 2.0 * constants[2] / constants[1] * _norm(em, 0)), 0.01 * omega
    fastest = omega + _norm(rates, 3) / (u if u > 0.0 else _C)
    if not fastest > 0.0:
        return 1e-3 * duration
    return math.copysign(min(0.1 / fastest, abs(duration)), duration)


@uncounted_kernel
def _put(source, target):
    for i in range(WIDTH):
        target[i] = source[i]


@uncounted_kernel
def advance(
    model, start, duration, clock, state, low, field, constants, rtol, max_step, times, states, dense, work
):
    """Take steps until the arrays are full or the time has come; return how many, and why it stopped.

    Parameters
    ----------
    model : int
        FULL or GUIDING.
    start, duration : float
        The time at the start (s) and how long to go (s, either sign).
    clock : ndarray, shape (4,)
        Time since the start, what rounding dropped of it, the next step, the longest step so far; updated.
    state, low : ndarray, shape (WIDTH,)
        The state and what rounding dropped of it; updated.
    field, constants : tuple
        (kinds, starts, params) and (charge, mass, mu).
    rtol, max_step : float
        The error allowed to a step and its greatest length (s).
    times, states : ndarray, shapes (n + 1,), (n + 1, WIDTH)
        Set to the times since the start and the states, the first of them as they are.
    dense : ndarray, shape (n or 0, DENSE_ROWS, WIDTH)
        Set to the steps' dense output, if there is room for it.
    work : tuple
        A `workspace`.
    """
    own, k, vectors = work
    sums, stage, new, new_low, scales = vectors[0], vectors[1], vectors[2], vectors[3], vectors[4]
    for i in range(WIDTH):
        scales[i] = 1.0
    _rates(model, start + clock[0], state, k[0], field, constants, own)
    times[0] = clock[0]
    _put(state, states[0])
    count, rejected = 0, False
    while count < len(times) - 1:
        left = (duration - clock[0]) - clock[1]
        h = math.copysign(min(abs(clock[2]), max_step), duration)
        last = abs(h) * 1.0001 >= abs(left)
        h = left if last else h
        t = start + clock[0]
        _stages(model, t, h, state, low, k, 1, STAGES, sums, stage, field, constants, own)
        _combine(TABLEAU[STAGES], k, STAGES, sums)
        _add(state, low, h, sums, new, new_low)
        _rates(model, t + h, new, k[STAGES], field, constants, own)
        _scales(model, h, state, new, k[0], constants, own[0], scales)
        error = _error(h, k, scales, sums, stage)
        if not error <= rtol:
            rejected = True
            undefined = not math.isfinite(error)
            clock[2] = h * (0.25 if undefined else step_factor(error, rtol))
            if undefined and abs(clock[2]) < _NEAREST * (clock[3] if clock[3] > 0.0 else abs(h)):
                return count, UNDEFINED
            if t + clock[2] == t or abs(clock[2]) < _EPS * _EPS * abs(duration):
                return count, UNDEFINED if undefined else STALLED
            continue
        if len(dense) > 0:
            _stages(model, t, h, state, low, k, STAGES + 1, 16, sums, stage, field, constants, own)
            _interpolant(h, state, new, k, dense[count])
        clock[3] = max(clock[3], abs(h))
        factor = step_factor(error, rtol)
        clock[2] = h * (min(factor, 1.0) if rejected else factor)
        rejected = False
        tick(clock, h)
        if last:
            clock[0], clock[1] = duration, 0.0
        _put(new, state)
        _put(new_low, low)
        _put(k[STAGES], k[0])
        count += 1
        times[count] = clock[0]
        _put(state, states[count])
        if last:
            return count, FINISHED
    return count, MORE


@uncounted_kernel
def at_times(model, start, times, states, steps, offsets, field, constants, out, work):
    """Set `out` to the states at `offsets` (s) after the begin of `steps`, each by one Runge-Kutta step from there."""
    own, k, vectors = work
    sums, stage, zero, left = vectors[0], vectors[1], vectors[2], vectors[3]
    for i in range(WIDTH):
        zero[i] = 0.0
    current = -1
    for i in range(len(steps)):
        y, t, h = states[steps[i]], start + times[steps[i]], offsets[i]
        if steps[i] != current:
            _rates(model, t, y, k[0], field, constants, own)
            current = steps[i]
        _stages(model, t, h, y, zero, k, 1, STAGES, sums, stage, field, constants, own)
        _combine(TABLEAU[STAGES], k, STAGES, sums)
        _add(y, zero, h, sums, out[i], left)


@uncounted_kernel
def interpolate(states, dense, steps, thetas, out):
    """Set `out` to the states at the parts `thetas` of `steps` by their dense output."""
    for i in range(len(steps)):
        rows, theta = dense[steps[i]], thetas[i]
        for j in range(WIDTH):
            value = 0.0
            for row in range(DENSE_ROWS):
                value += rows[DENSE_ROWS - 1 - row, j]
                value *= theta if row % 2 == 0 else 1.0 - theta
            out[i, j] = states[steps[i], j] + value
