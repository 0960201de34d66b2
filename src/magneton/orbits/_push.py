"""Many particles by fixed steps, a block of them at a time, so that the fields and the steps vectorise."""

import math

import numpy as np

from magneton._jit import kernel, summing_kernel
from magneton.constants import c
from magneton.kernels import quantities
from magneton.kernels.electromagnetic import SCRATCH, em_block
from magneton.kernels.push import BORIS, HIGUERA_CARY, VAY, boris, higuera_cary, vay

#: Names of the methods.
METHODS = {"boris": BORIS, "vay": VAY, "higuera-cary": HIGUERA_CARY}
#: Particles taken at once. A block is always full, so that the compiler knows its loops' lengths.
LANES = 128

_C = float(c)
_EM = quantities.EM
# Rows of a block's state, LANES floats each: position, time, then momentum w = gamma v/c and 1/gamma, and what the
# positions lack by rounding.
_ROWS = 11


@kernel
def _drift(state, half):
    """Advance the positions by c w/gamma times half a step; what each sum rounds away is added to the next."""
    for k in range(3):
        for j in range(LANES):
            place = state[k, j]
            move = half * state[4 + k, j] * state[7, j] + state[8 + k, j]
            state[k, j] = place + move
            state[8 + k, j] = move - (state[k, j] - place)


@summing_kernel
def _kick(method, state, field, electric, magnetic):
    """Advance the momenta by a step and set 1/gamma."""
    for j in range(LANES):
        ex, ey, ez = electric * field[3, j], electric * field[4, j], electric * field[5, j]
        bx, by, bz = magnetic * field[0, j], magnetic * field[1, j], magnetic * field[2, j]
        wx, wy, wz = state[4, j], state[5, j], state[6, j]
        if method == HIGUERA_CARY:
            wx, wy, wz = higuera_cary(wx, wy, wz, ex, ey, ez, bx, by, bz)
        elif method == VAY:
            wx, wy, wz = vay(wx, wy, wz, ex, ey, ez, bx, by, bz)
        else:
            wx, wy, wz = boris(wx, wy, wz, ex, ey, ez, bx, by, bz)
        state[4, j], state[5, j], state[6, j] = wx, wy, wz
        state[7, j] = 1.0 / math.sqrt(1.0 + wx * wx + wy * wy + wz * wz)


@kernel
def _load(position, momentum, start, first, count, state, begin):
    """Fill a block with particles first .. first + count, and what is left of it with copies of the first."""
    for j in range(LANES):
        i = first + (j if j < count else 0)
        for k in range(3):
            state[k, j] = position[i, k]
            state[4 + k, j] = momentum[i, k]
            state[8 + k, j] = 0.0
        begin[j] = start[i]
        wx, wy, wz = state[4, j], state[5, j], state[6, j]
        state[7, j] = 1.0 / math.sqrt(1.0 + wx * wx + wy * wy + wz * wz)


@kernel
def _is_lost(walls, x, y, z):
    """Return whether a place is on the wrong side of a wall, or nowhere."""
    for i in range(len(walls)):
        dx, dy, dz = x - walls[i, 1], y - walls[i, 2], z - walls[i, 3]
        if walls[i, 0] == 0.0:  # a plane: the side its normal points to
            if dx * walls[i, 4] + dy * walls[i, 5] + dz * walls[i, 6] > 0.0:
                return True
        elif walls[i, 0] * (dx * dx + dy * dy + dz * dz - walls[i, 4] * walls[i, 4]) > 0.0:
            return True
    return math.isnan(x + y + z)


@kernel
def _note_losses(walls, step, state, count, lost_step, lost_state):
    """Write down the step and state of those newly lost; return how many are not lost."""
    left = 0
    for j in range(count):
        if lost_step[j] < 0:
            if _is_lost(walls, state[0, j], state[1, j], state[2, j]):
                lost_step[j] = step
                for k in range(_ROWS):
                    lost_state[k, j] = state[k, j]
            else:
                left += 1
    return left


@kernel
def _store(state, lost_step, lost_state, count, first, sample, position, momentum):
    for j in range(count):
        for k in range(3):
            lost = lost_step[j] >= 0
            position[first + j, sample, k] = lost_state[k, j] if lost else state[k, j]
            momentum[first + j, sample, k] = lost_state[4 + k, j] if lost else state[4 + k, j]


@kernel
def push_particles(
    kinds, starts, params, method, ratio, dt, walls, samples, x, w, start, out_x, out_w, lost, first, last
):
    """Follow particles first .. last.

    Parameters
    ----------
    kinds, starts, params
        The field.
    method : int
        BORIS, VAY or HIGUERA_CARY.
    ratio, dt : float
        q/m (C/kg) and the step (s).
    walls : ndarray, shape (m, 7)
        Planes (0, point, normal) and spheres (1: lost outside, -1: lost inside, centre, radius).
    samples : ndarray of int64
        The numbers of steps after which places and momenta are written down.
    x, w, start : ndarray, shapes (n, 3), (n, 3), (n,)
        Places, momenta gamma v/c and times at the start.
    out_x, out_w : ndarray, shape (n, k, 3)
        The places and momenta; of the lost, those where they were lost.
    lost : ndarray of int64, shape (n,)
        The step at which a particle was lost; -1 if it was not.
    """
    state, begin, field = np.empty((_ROWS, LANES)), np.empty(LANES), np.empty((6, LANES))
    lost_state, lost_step = np.empty((_ROWS, LANES)), np.empty(LANES, dtype=np.int64)
    scratch = np.empty(LANES * SCRATCH)
    half, electric, magnetic = 0.5 * dt * _C, 0.5 * dt * ratio / _C, 0.5 * dt * ratio
    for block in range(first, last, LANES):
        count = min(LANES, last - block)
        _load(x, w, start, block, count, state, begin)
        lost_step[:] = -1
        left = _note_losses(walls, 0, state, count, lost_step, lost_state)
        step = 0
        for k in range(len(samples)):
            while step < samples[k] and left > 0:
                _drift(state, half)
                for j in range(LANES):
                    state[3, j] = begin[j] + (step + 0.5) * dt
                em_block(kinds, starts, params, state[:4], _EM, field, scratch)
                _kick(method, state, field, electric, magnetic)
                _drift(state, half)
                step += 1
                left = _note_losses(walls, step, state, count, lost_step, lost_state)
            _store(state, lost_step, lost_state, count, block, k, out_x, out_w)
        lost[block : block + count] = lost_step[:count]
