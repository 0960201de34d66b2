"""Steps of rigid bodies in a compiled loop: a state and a number of steps give a state."""

import math

from magneton._jit import inline_uncounted_kernel, uncounted_kernel
from magneton.kernels.rigid_body import STATE, rigid_drag, rigid_drift, rigid_kick
from magneton.kernels.rigid_drive import add_work, driven
from magneton.kernels.rigid_forces import rigid_loads

#: Of places, relative.
_ROUNDING = 4.0 * 2.0**-52


@inline_uncounted_kernel
def stage_begun(bodies, gravity, loads, state, time):
    """Take the first half of a stage: drag, kick, then all of the free motion; the loads are those before."""
    rigid_drag(bodies, state, 0.5 * time)
    rigid_kick(bodies, gravity, loads, state, 0.5 * time)
    rigid_drift(bodies, state, time)


@inline_uncounted_kernel
def stage_ended(bodies, gravity, loads, state, time):
    """Take the second half of a stage, with the loads where the bodies are now."""
    rigid_kick(bodies, gravity, loads, state, 0.5 * time)
    rigid_drag(bodies, state, 0.5 * time)


@uncounted_kernel
def _parting(bodies, a, b, x, y, z, reach):
    """Return whether two bodies that overlap, by no more than places are rounded by, move apart: they have bounced."""
    size = reach
    for k in range(3):
        size += abs(a[k]) + abs(b[k])
    if reach - math.sqrt(x * x + y * y + z * z) > _ROUNDING * size:
        return False
    one, other = bodies
    apart = x * (a[3] * one[1] - b[3] * other[1])
    apart += y * (a[4] * one[1] - b[4] * other[1])
    return apart + z * (a[5] * one[1] - b[5] * other[1]) > 0.0


@uncounted_kernel
def touching(bodies, state):
    """Return whether the radii of any two bodies reach each other."""
    for i in range(len(bodies)):
        if bodies[i, 12] > 0.0:
            for j in range(i):
                reach = bodies[i, 12] + bodies[j, 12]
                x, y, z = state[i, 0] - state[j, 0], state[i, 1] - state[j, 1], state[i, 2] - state[j, 2]
                if bodies[j, 12] == 0.0 or x * x + y * y + z * z > reach * reach:
                    continue
                if not _parting((bodies[i], bodies[j]), state[i], state[j], x, y, z, reach):
                    return True
    return False


@inline_uncounted_kernel
def _copy(state, other):
    for i in range(len(state)):
        for k in range(STATE):
            other[i, k] = state[i, k]


@uncounted_kernel
def rigid_steps(bodies, gravity, outside, moments, drive, start, stages, watch, count, state, scratch):
    """Take up to `count` steps in place, each of the `stages` (s) given, from time `start`; return how many were taken.

    If `watch` is set, the step in which two bodies come to touch is undone and ends the loop. `outside` is what
    `rigid_loads` takes for the field from outside, `drive` the address of `rigid_drive`, 0 for none, and its waves;
    `scratch` is an array of the state's shape, one for the loads, shape (n, 6), one for four vectors, and what
    `rigid_loads` needs.
    """
    uniform, address, params = outside
    wave_address, waves = drive
    before, loads, vectors, fields = scratch
    field, points, rates = vectors[0], vectors[1:2], vectors[2:4]
    driven(wave_address, waves, uniform, start, points, rates, field)
    rigid_loads(field, address, params, moments, state, fields, loads)
    span = 0.0
    for time in stages:
        span += time
    for step in range(count):
        if watch:
            _copy(state, before)
        t = start + step * span
        for time in stages:
            if wave_address != 0:
                add_work(moments, fields[0], rates[1], state, 0.5 * time)
            stage_begun(bodies, gravity, loads, state, time)
            t += time
            driven(wave_address, waves, uniform, t, points, rates, field)
            rigid_loads(field, address, params, moments, state, fields, loads)
            stage_ended(bodies, gravity, loads, state, time)
            if wave_address != 0:
                add_work(moments, fields[0], rates[1], state, 0.5 * time)
        if watch and touching(bodies, state):
            _copy(before, state)
            return step
    return count
