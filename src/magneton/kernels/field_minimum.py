"""Where the field is weakest on a field line: a magnetic equator."""

import numpy as np

from magneton._jit import kernel
from magneton.kernels.field_line import FACTORS, MOST_STEPS, WELL, WORK, line_step, rates_at, walk


@kernel
def _field_after(kinds, starts, params, x, sign, well, step, length, place, work):
    """Set `place` to the point at an arc length from x; return B there."""
    rates = np.empty(5)
    place[:] = x
    walk(kinds, starts, params, place, sign, well, length, step, work)
    return rates_at(kinds, starts, params, place, sign, well, rates, work)


@kernel
def _weakest_within(kinds, starts, params, x, sign, well, length, place, work):
    """Set `place` to the minimum of B between x and an arc length from it, where B falls and rises again."""
    ratio = 0.5 * (np.sqrt(5.0) - 1.0)
    low, high = 0.0, length
    left, right = high - ratio * length, low + ratio * length
    f_left = _field_after(kinds, starts, params, x, sign, well, left, left, place, work)
    f_right = _field_after(kinds, starts, params, x, sign, well, right, right, place, work)
    for _ in range(36):
        if f_left < f_right:
            high, right, f_right = right, left, f_left
            left = high - ratio * (high - low)
            f_left = _field_after(kinds, starts, params, x, sign, well, left, left, place, work)
        else:
            low, left, f_left = left, right, f_right
            right = low + ratio * (high - low)
            f_right = _field_after(kinds, starts, params, x, sign, well, right, right, place, work)
    _field_after(kinds, starts, params, x, sign, well, high, 0.5 * (low + high), place, work)


@kernel
def _to_weakest(kinds, starts, params, x, step, work):
    """Move x down its field line to the nearest minimum of B; nan where B only falls."""
    well, start, shift, rates, place = np.zeros(WELL), np.empty(5), np.empty(5), np.empty(5), x.copy()
    before = np.empty(4)
    ahead = _field_after(kinds, starts, params, x, 1.0, well, step, 1e-3 * step, place, work)
    behind = _field_after(kinds, starts, params, x, -1.0, well, step, 1e-3 * step, place, work)
    sign, last = (1.0 if ahead < behind else -1.0), 0.0
    before[:] = x
    for _ in range(MOST_STEPS):
        field = rates_at(kinds, starts, params, x, sign, well, start, work)
        column = line_step(kinds, starts, params, x, start, field, sign, well, step, shift, work)
        place[:3] = x[:3] + shift[:3]
        there = rates_at(kinds, starts, params, place, sign, well, rates, work)
        if column == 0 or not np.isfinite(there):
            step *= FACTORS[0]
            continue
        if there >= field:
            _weakest_within(kinds, starts, params, before, sign, well, last + step, place, work)
            x[:] = place
            return
        before[:] = x
        x[:] = place
        last = step
        step *= FACTORS[column]
    x[:3] = np.nan


@kernel
def weakest_rows(kinds, starts, params, points, steps, first, last):
    """Move `points` (n, 4) along their field lines to where B is weakest."""
    work = np.empty(WORK)
    for i in range(first, last):
        _to_weakest(kinds, starts, params, points[i], steps[i], work)
