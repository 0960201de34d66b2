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

#: What took a particle, where it was no wall: nothing, or a field that is not defined.
KEPT, UNDEFINED = -1, -2

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
def _nearest2(before, state, j, x, y, z):
    """Return the square of how near to a place a particle came on the straight way of its last step."""
    ax, ay, az = before[0, j] - x, before[1, j] - y, before[2, j] - z
    wx, wy, wz = state[0, j] - before[0, j], state[1, j] - before[1, j], state[2, j] - before[2, j]
    way2 = wx * wx + wy * wy + wz * wz
    part = min(1.0, max(0.0, -(ax * wx + ay * wy + az * wz) / way2)) if way2 > 0.0 else 0.0
    ax, ay, az = ax + part * wx, ay + part * wy, az + part * wz
    return ax * ax + ay * ay + az * az


@kernel
def _lost_by(walls, before, state, field, j):
    """Return the number of the wall that a particle met on its last step, UNDEFINED where the field is nan, or KEPT."""
    x, y, z = state[0, j], state[1, j], state[2, j]
    for i in range(len(walls)):
        dx, dy, dz = x - walls[i, 1], y - walls[i, 2], z - walls[i, 3]
        if walls[i, 0] == 0.0:  # a plane: the side its normal points to
            if dx * walls[i, 4] + dy * walls[i, 5] + dz * walls[i, 6] > 0.0:
                return i
        elif walls[i, 0] > 0.0:
            if dx * dx + dy * dy + dz * dz > walls[i, 4] * walls[i, 4]:
                return i
        elif _nearest2(before, state, j, walls[i, 1], walls[i, 2], walls[i, 3]) < walls[i, 4] * walls[i, 4]:
            return i
    nowhere = math.isnan(
        x + y + z + field[0, j] + field[1, j] + field[2, j] + field[3, j] + field[4, j] + field[5, j]
    )
    return UNDEFINED if nowhere else KEPT


@summing_kernel
def _all_safe(walls, state, field, way):
    """Return whether, at a glance that vectorises, no particle can have met a wall within `way` (m) or a nan."""
    total = 0.0
    for j in range(LANES):
        total += 0.0 * (state[0, j] + state[1, j] + state[2, j])
        total += 0.0 * (field[0, j] + field[1, j] + field[2, j] + field[3, j] + field[4, j] + field[5, j])
    if total != 0.0:  # nan
        return False
    for i in range(len(walls)):
        kind, x, y, z = walls[i, 0], walls[i, 1], walls[i, 2], walls[i, 3]
        a, b, c = walls[i, 4], walls[i, 5], walls[i, 6]
        met = 0
        if kind == 0.0:
            for j in range(LANES):
                met += (state[0, j] - x) * a + (state[1, j] - y) * b + (state[2, j] - z) * c > 0.0
        else:
            limit = kind * (a * a if kind > 0.0 else (a + way) * (a + way))
            for j in range(LANES):
                dx, dy, dz = state[0, j] - x, state[1, j] - y, state[2, j] - z
                met += kind * (dx * dx + dy * dy + dz * dz) > limit
        if met > 0:
            return False
    return True


@kernel
def _note_losses(walls, step, before, state, field, count, lost_step, lost_by, lost_state):
    """Write down by what, at which step and where particles are newly lost; return how many are not lost."""
    left = 0
    for j in range(count):
        if lost_step[j] < 0:
            by = _lost_by(walls, before, state, field, j)
            if by != KEPT:
                lost_step[j], lost_by[j] = step, by
                for k in range(_ROWS):
                    lost_state[k, j] = state[k, j]
            else:
                left += 1
    return left


@summing_kernel
def _note_turns(state, field, lost_step, fastest):
    """Keep the largest (B/gamma)^2 that each particle has met."""
    for j in range(LANES):
        rate = field[0, j] * field[0, j] + field[1, j] * field[1, j] + field[2, j] * field[2, j]
        rate *= state[7, j] * state[7, j]
        fastest[j] = rate if rate > fastest[j] and lost_step[j] < 0 else fastest[j]


@kernel
def _store(state, lost_step, lost_state, count, first, sample, position, momentum):
    for j in range(count):
        for k in range(3):
            lost = lost_step[j] >= 0
            position[first + j, sample, k] = lost_state[k, j] if lost else state[k, j]
            momentum[first + j, sample, k] = lost_state[4 + k, j] if lost else state[4 + k, j]


@kernel
def push_particles(
    kinds,
    starts,
    params,
    method,
    ratio,
    dt,
    walls,
    samples,
    x,
    w,
    start,
    out_x,
    out_w,
    out_lost,
    turns,
    first,
    last,
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
    out_lost : ndarray of int64, shape (n, 2)
        The step at which a particle was lost, -1 if it was not; and the number of the wall, KEPT or UNDEFINED.
    turns : ndarray, shape (n,)
        The largest angle (rad) by which a particle gyrated in a step.
    """
    state, begin, field = np.empty((_ROWS, LANES)), np.empty(LANES), np.empty((6, LANES))
    lost_state, before, fastest = np.empty((_ROWS, LANES)), np.empty((3, LANES)), np.empty(LANES)
    lost_step, lost_by = np.empty(LANES, dtype=np.int64), np.empty(LANES, dtype=np.int64)
    scratch = np.empty(LANES * SCRATCH)
    way = dt * _C  # no step is longer
    half, electric, magnetic = 0.5 * dt * _C, 0.5 * dt * ratio / _C, 0.5 * dt * ratio
    for block in range(first, last, LANES):
        count = min(LANES, last - block)
        _load(x, w, start, block, count, state, begin)
        lost_step[:], lost_by[:], fastest[:] = -1, KEPT, 0.0
        state[3] = begin
        em_block(kinds, starts, params, state[:4], _EM, field, scratch)
        before[:] = state[:3]
        left = _note_losses(walls, 0, before, state, field, count, lost_step, lost_by, lost_state)
        step = 0
        for k in range(len(samples)):
            while step < samples[k] and left > 0:
                if len(walls) > 0:
                    before[:] = state[:3]
                _drift(state, half)
                for j in range(LANES):
                    state[3, j] = begin[j] + (step + 0.5) * dt
                em_block(kinds, starts, params, state[:4], _EM, field, scratch)
                _note_turns(state, field, lost_step, fastest)
                _kick(method, state, field, electric, magnetic)
                _drift(state, half)
                step += 1
                if not _all_safe(walls, state, field, way):
                    left = _note_losses(
                        walls, step, before, state, field, count, lost_step, lost_by, lost_state
                    )
            _store(state, lost_step, lost_state, count, block, k, out_x, out_w)
        out_lost[block : block + count, 0] = lost_step[:count]
        out_lost[block : block + count, 1] = lost_by[:count]
        turns[block : block + count] = 2.0 * abs(magnetic) * np.sqrt(fastest[:count])
