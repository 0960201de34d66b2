"""Many moments through many steps: each by itself, or a field of all of them at a time."""

import numpy as np

from magneton._jit import kernel
from magneton.kernels.moment_layout import (
    DAMPING,
    ENERGY,
    LANES,
    NOISE,
    PRECESSION,
    SIGMA,
    SIZE,
    B,
    U,
    Y,
)
from magneton.kernels.moment_noise import draw
from magneton.kernels.moment_steps import (
    PHASES,
    STRANG,
    SWEEPS,
    TIMES,
    absorb,
    begin_step,
    end_step,
    turn_by_noise,
)
from magneton.kernels.moment_terms import load_terms, local_energy, local_field


@kernel
def _load(block, u, rates, s):
    """Fill a block: unit vectors (n, 3), and of each moment precession, damping and thermal field (n, 3)."""
    first = block * LANES
    count = min(LANES, len(u) - first)
    for j in range(LANES):
        i = first + (j if j < count else 0)
        for k in range(3):
            s[U + k * LANES + j] = u[i, k]
            s[Y + k * LANES + j] = u[i, k]
            s[NOISE + k * LANES + j] = 0.0
        s[PRECESSION + j], s[DAMPING + j], s[SIGMA + j] = rates[i, 0], rates[i, 1], rates[i, 2]
    return first, count


@kernel
def store(s, row, first, count, out):
    """Write three rows of a block down as vectors, `out` (n, 3)."""
    for j in range(count):
        for k in range(3):
            out[first + j, k] = s[row + k * LANES + j]


@kernel
def clear_field(s):
    """Set the field to zero."""
    for j in range(3 * LANES):
        s[B + j] = 0.0


@kernel
def _begin(method, thermal, first, step, key, s):
    if thermal and method == STRANG:
        draw(first, 2 * step, key, s)
        turn_by_noise(s)
    elif thermal:
        draw(first, step, key, s)
    begin_step(s)


@kernel
def _end(method, thermal, first, step, key, s):
    end_step(method, s)
    if thermal and method == STRANG:
        draw(first, 2 * step + 1, key, s)
        turn_by_noise(s)


@kernel
def advance(method, terms, width, rates, thermal, key, dt, before, steps, u, restless, first, last):
    """Take the blocks first .. last of moments that do not feel each other through `steps` steps.

    Parameters
    ----------
    method : int
        A code of `magneton.kernels.moment_steps`.
    terms : tuple
        Kinds, rows (1 or n), starts, and values of all terms, flat.
    width : int
        Parameters of a moment, of all terms together.
    rates : ndarray, shape (n, 3)
        gamma' dt and alpha |gamma'| dt in 1/T, and the standard deviation of the thermal field in T, or for STRANG of
        the random angles in rad.
    thermal : bool
        Whether there is a thermal field.
    key : ndarray of uint64, shape (2,)
        Of its random numbers.
    dt : float
        The step in s.
    before, steps : int
        Steps taken before, and those to take.
    u : ndarray, shape (n, 3)
        Unit vectors; changed.
    restless : ndarray of int64, shape (blocks,)
        Counts the implicit steps of moments that did not come to rest.
    """
    kinds, rows, starts, values = terms
    s, p = np.empty(SIZE), np.empty(max(1, width) * LANES)
    for block in range(first, last):
        begin, count = _load(block, u, rates, s)
        load_terms(kinds, rows, starts, values, begin, count, p)
        for step in range(before, before + steps):
            _begin(method, thermal, begin, step, key, s)
            still = 1
            sweep = 0
            while still > 0 and sweep < SWEEPS:
                for phase in range(PHASES[method]):
                    clear_field(s)
                    local_field(kinds, rows, p, (step + TIMES[4 * method + phase]) * dt, s)
                    still = absorb(method, phase, s)
                sweep += 1
            restless[block] += still
            _end(method, thermal, begin, step, key, s)
        store(s, U, begin, count, u)


@kernel
def begin_blocks(terms, rates, u, slabs, params, first, last):
    """Fill blocks that are kept: `slabs` (blocks, SIZE) and `params` (blocks, width LANES)."""
    kinds, rows, starts, values = terms
    for block in range(first, last):
        begin, count = _load(block, u, rates, slabs[block])
        load_terms(kinds, rows, starts, values, begin, count, params[block])


@kernel
def begin_steps(method, thermal, key, step, slabs, y, first, last):
    """Begin a step of all kept blocks, and write down where the field is asked for."""
    for block in range(first, last):
        begin = block * LANES
        _begin(method, thermal, begin, step, key, slabs[block])
        store(slabs[block], Y, begin, min(LANES, len(y) - begin), y)


@kernel
def absorb_blocks(method, phase, terms, t, slabs, params, field, y, still, first, last):
    """Take the field of others (n, 3), add each moment's own terms, and write down where it is asked for next."""
    kinds, rows, _, _ = terms
    for block in range(first, last):
        s = slabs[block]
        begin = block * LANES
        count = min(LANES, len(field) - begin)
        for j in range(LANES):
            i = begin + (j if j < count else 0)
            for k in range(3):
                s[B + k * LANES + j] = field[i, k]
        local_field(kinds, rows, params[block], t, s)
        still[block] = absorb(method, phase, s)
        store(s, Y, begin, count, y)


@kernel
def end_steps(method, thermal, key, step, slabs, u, first, last):
    """End a step of all kept blocks, and write down the unit vectors."""
    for block in range(first, last):
        begin = block * LANES
        _end(method, thermal, begin, step, key, slabs[block])
        store(slabs[block], U, begin, min(LANES, len(u) - begin), u)


@kernel
def fields(terms, width, t, u, field, energy, first, last):
    """Add each moment's own field in T to `field` (n, 3), and set its energy over |m| in T, `energy` (n,)."""
    kinds, rows, starts, values = terms
    s, p = np.empty(SIZE), np.empty(max(1, width) * LANES)
    none = np.zeros((len(u), 3))
    for block in range(first, last):
        begin, count = _load(block, u, none, s)
        load_terms(kinds, rows, starts, values, begin, count, p)
        clear_field(s)
        local_field(kinds, rows, p, t, s)
        for j in range(count):
            for k in range(3):
                field[begin + j, k] += s[B + k * LANES + j]
        local_energy(kinds, rows, p, t, s)
        for j in range(count):
            energy[begin + j] = s[ENERGY + j]
