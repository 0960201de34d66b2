"""Steps of DOP853 of many moments at once: all take the same steps, as long as the worst of them allows.

Source: [HairerNorsettWanner1993]_ section II.5; the coefficients are in `magneton.numerics.dop853`. The state is the
unit vectors u of the Landau-Lifshitz-Gilbert equation (see `magneton.kernels.moment_steps`), within a step at any point
of space. Its end is put back onto the sphere: as the exact end is there, the nearest point of the sphere is at most
twice as far from it, so the order stays eight [HairerLubichWanner2006]_ IV.4. Errors are those of each unit vector,
never a mean of many.

A block of lanes is a slab as the fixed steps have it, in which U is the begin of the step, Y where a field is asked for
and Y2 the end, and its rates du/dt in 1/s: 16 rows of three components of all lanes.
"""

import math

import numpy as np

from magneton._jit import kernel, summing_kernel
from magneton.kernels.moment_layout import K1, K2, LANES, Y2, B, U, Y
from magneton.kernels.moment_run import clear_field, store
from magneton.kernels.moment_steps import slope
from magneton.kernels.moment_terms import local_field
from magneton.numerics.dop853 import DENSE, FIFTH, NODES, STAGES, TABLEAU, THIRD, step_factor, tick

#: Floats of a block's rates.
RATES = 16 * 3 * LANES
#: Rows of the dense output of a step.
DENSE_ROWS = 7
#: What became of a step, and why `advance` returned.
ACCEPTED, REJECTED, STALLED = range(3)
#: In `clock`: the time and what rounding dropped of it, the next step, whether the last was rejected, how many were.
TIME, LOW, NEXT, AGAIN, REJECTIONS = range(5)

_ROW = 3 * LANES
# All weights in one table: the tableau's, those of the two error estimates, and of the dense output's last rows.
_FIFTH, _THIRD, _DENSE = 16, 17, 18
_WEIGHTS = np.zeros((22, 16))
_WEIGHTS[:_FIFTH] = TABLEAU
_WEIGHTS[_FIFTH, : len(FIFTH)], _WEIGHTS[_THIRD, : len(THIRD)] = FIFTH, THIRD
_WEIGHTS[_DENSE:] = DENSE
# How many rates each has, and where the sum goes. In arrays: kernels would be compiled anew for each plain constant.
_COUNTS = np.array([*range(16), STAGES, STAGES, 16, 16, 16, 16])
_TARGETS = np.array([Y] * 16 + [K1, K2] + [Y] * 4)
_BEGIN, _STEP, _BETWEEN = np.array([0, 1]), np.array([1, STAGES + 1]), np.array([STAGES + 1, 16])
_SHORTEST = 4.0 * float(np.finfo(float).eps)


@summing_kernel
def _combine(which, h, k, s):
    """Set three rows of a block to h times a sum of rates, by a row of the table of weights."""
    row = _TARGETS[which]
    for j in range(_ROW):
        s[row + j] = 0.0
    for i in range(_COUNTS[which]):
        w = h * _WEIGHTS[which, i]
        if w != 0.0:
            for j in range(_ROW):
                s[row + j] += w * k[i * _ROW + j]


@summing_kernel
def _onto_sphere(s):
    """Put Y back to length one, and write it down as the end of the step."""
    for j in range(LANES):
        x, y, z = s[Y + j], s[Y + LANES + j], s[Y + 2 * LANES + j]
        length = math.sqrt(x * x + y * y + z * z)
        x, y, z = x / length, y / length, z / length
        s[Y + j], s[Y + LANES + j], s[Y + 2 * LANES + j] = x, y, z
        s[Y2 + j], s[Y2 + LANES + j], s[Y2 + 2 * LANES + j] = x, y, z


@kernel
def _place(stage, h, k, s):
    """Set Y to where a stage asks for the field."""
    _combine(stage, h, k, s)
    for j in range(_ROW):
        s[Y + j] += s[U + j]
    if stage == STAGES:
        _onto_sphere(s)


@summing_kernel
def _take(stage, k, s):
    """Set a row of rates from the field at Y."""
    for j in range(LANES):
        fx, fy, fz = slope(s, j)
        k[stage * _ROW + j] = fx
        k[stage * _ROW + LANES + j] = fy
        k[stage * _ROW + 2 * LANES + j] = fz


@kernel
def _stages(terms, p, t, h, span, k, s):
    """Evaluate the rates of a span of stages of moments that do not feel each other."""
    for stage in range(span[0], span[1]):
        if stage > 0:
            _place(stage, h, k, s)
        clear_field(s)
        local_field(terms[0], terms[1], p, t + NODES[stage] * h, s)
        _take(stage, k, s)


@summing_kernel
def _error(h, k, s):
    """Return the largest estimated error of a unit vector over the step; nan if a rate is."""
    for i in range(2):
        _combine(_FIFTH + i, h, k, s)
    worst = spoiled = 0.0
    for j in range(LANES):
        square5 = square3 = 0.0
        for i in range(3):
            five, three = s[K1 + i * LANES + j], s[K2 + i * LANES + j]
            square5 += five * five
            square3 += three * three
            spoiled += 0.0 * k[STAGES * _ROW + i * LANES + j]
        square = square5 + 0.01 * square3
        error = square5 / math.sqrt(square) if square > 0.0 else square
        worst = max(worst, error)
        spoiled += 0.0 * square
    return worst + spoiled


@kernel
def _dense_row(h, row, k, s):
    """Set Y to a row of the dense output: coefficients of the change of u over the step."""
    if row >= 3:
        _combine(_DENSE - 3 + row, h, k, s)
        return
    for j in range(_ROW):
        change = s[Y2 + j] - s[U + j]
        begin, end = h * k[j], h * k[STAGES * _ROW + j]
        s[Y + j] = change if row == 0 else begin - change if row == 1 else 2.0 * change - (begin + end)


@kernel
def _finish(h, first, dense, u, k, s):
    """Write down the dense output (DENSE_ROWS, n, 3) and the end (n, 3) of a block's step, and begin the next there."""
    count = min(LANES, len(u) - first)
    for row in range(len(dense)):
        _dense_row(h, row, k, s)
        store(s, Y, first, count, dense[row])
    for j in range(_ROW):
        s[U + j] = s[Y + j] = s[Y2 + j]
        k[j] = k[STAGES * _ROW + j]
    store(s, U, first, count, u)


@kernel
def begin_local(terms, t, slabs, params, k, first, last):
    """Set the rates at the begin of a step of moments that do not feel each other."""
    for block in range(first, last):
        _stages(terms, params[block], t, 0.0, _BEGIN, k[block], slabs[block])


@kernel
def try_local(terms, t, h, slabs, params, k, errors, first, last):
    """Try a step of moments that do not feel each other, and estimate the largest error of each block."""
    for block in range(first, last):
        _stages(terms, params[block], t, h, _STEP, k[block], slabs[block])
        errors[block] = _error(h, k[block], slabs[block])


@kernel
def finish_local(terms, t, h, dense, slabs, params, k, u, first, last):
    """Take a step that was accepted; `dense`, shape (DENSE_ROWS, n, 3), or of no rows if it is not wanted."""
    for block in range(first, last):
        if len(dense) > 0:
            _stages(terms, params[block], t, h, _BETWEEN, k[block], slabs[block])
        _finish(h, block * LANES, dense, u, k[block], slabs[block])


@kernel
def place_blocks(stage, h, slabs, k, y, first, last):
    """Write down where a stage asks for the field, y (n, 3)."""
    for block in range(first, last):
        if stage > 0:
            _place(stage, h, k[block], slabs[block])
        begin = block * LANES
        store(slabs[block], Y, begin, min(LANES, len(y) - begin), y)


@kernel
def take_blocks(stage, terms, t, field, slabs, params, k, first, last):
    """Set a stage's rates from the field of others, (n, 3) in T, and each moment's own terms."""
    for block in range(first, last):
        s, begin = slabs[block], block * LANES
        count = min(LANES, len(field) - begin)
        for j in range(LANES):
            i = begin + (j if j < count else 0)
            for axis in range(3):
                s[B + axis * LANES + j] = field[i, axis]
        local_field(terms[0], terms[1], params[block], t, s)
        _take(stage, k[block], s)


@kernel
def estimate_blocks(h, slabs, k, errors, first, last):
    """Estimate the largest error of each block."""
    for block in range(first, last):
        errors[block] = _error(h, k[block], slabs[block])


@kernel
def finish_blocks(h, dense, slabs, k, u, first, last):
    """Take a step that was accepted, all stages of which are there."""
    for block in range(first, last):
        _finish(h, block * LANES, dense, u, k[block], slabs[block])


@kernel
def next_step(clock, stop, longest):
    """Return the next step to try, and whether it ends at `stop`."""
    h = min(clock[NEXT], longest)
    left = (stop - clock[TIME]) - clock[LOW]
    # What would be left over may be no hair.
    return (left, True) if h * 1.0001 >= left else (h, False)


@kernel
def largest(errors):
    """Return the largest error; nan if one is."""
    worst = 0.0
    for error in errors:
        worst = error if worst == worst and not error <= worst else worst
    return worst


@kernel
def judge(clock, h, is_last, stop, error, rtol):
    """Accept or reject a step, and set the clock."""
    factor = step_factor(error, rtol) if error < math.inf else 0.2
    if not error <= rtol:
        clock[NEXT] = h * factor
        clock[AGAIN] = 1.0
        clock[REJECTIONS] += 1.0
        return (
            STALLED
            if clock[NEXT] <= _SHORTEST * clock[TIME] or clock[NEXT] <= _SHORTEST**2 * stop
            else REJECTED
        )
    longer = h * (min(factor, 1.0) if clock[AGAIN] else factor)
    # A step that was cut short says little of how long the next may be.
    clock[NEXT] = max(longer, clock[NEXT]) if is_last and not clock[AGAIN] else longer
    clock[AGAIN] = 0.0
    tick(clock, h)
    if is_last:
        clock[TIME], clock[LOW] = stop, 0.0
    return ACCEPTED


@kernel
def advance_local(terms, stop, longest, rtol, clock, slabs, params, k, errors, times, states, dense):
    """Take steps of moments that do not feel each other until `stop` or until `times`, shape (steps + 1,), is full.

    `states`, shape (steps + 1, n, 3), and `dense`, shape (steps, DENSE_ROWS or 0, n, 3), are set; the first time and
    state are there. Returns how many steps were taken, and ACCEPTED or STALLED.
    """
    blocks, count = len(slabs), 0
    while count + 1 < len(times) and clock[TIME] < stop:
        h, is_last = next_step(clock, stop, longest)
        t = clock[TIME]
        try_local(terms, t, h, slabs, params, k, errors, 0, blocks)
        verdict = judge(clock, h, is_last, stop, largest(errors), rtol)
        if verdict == STALLED:
            return count, STALLED
        if verdict == ACCEPTED:
            finish_local(terms, t, h, dense[count], slabs, params, k, states[count + 1], 0, blocks)
            count += 1
            times[count] = clock[TIME]
    return count, ACCEPTED
