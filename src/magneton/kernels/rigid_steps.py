"""Steps of rigid bodies in a compiled loop: a state and a number of steps give a state."""

from magneton._jit import inline_uncounted_kernel, uncounted_kernel
from magneton.kernels.rigid_body import STATE, rigid_drag, rigid_drift, rigid_kick
from magneton.kernels.rigid_forces import rigid_loads


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
def touching(bodies, state):
    """Return whether the radii of any two bodies reach each other."""
    for i in range(len(bodies)):
        if bodies[i, 12] > 0.0:
            for j in range(i):
                reach = bodies[i, 12] + bodies[j, 12]
                x, y, z = state[i, 0] - state[j, 0], state[i, 1] - state[j, 1], state[i, 2] - state[j, 2]
                if bodies[j, 12] > 0.0 and x * x + y * y + z * z <= reach * reach:
                    return True
    return False


@inline_uncounted_kernel
def _copy(state, other):
    for i in range(len(state)):
        for k in range(STATE):
            other[i, k] = state[i, k]


@uncounted_kernel
def rigid_steps(bodies, gravity, outside, moments, stages, watch, count, state, scratch):
    """Take up to `count` steps in place, each of the `stages` (s) given; return how many were taken.

    If `watch` is set, the step in which two bodies come to touch is undone and ends the loop. `outside` is
    what `rigid_loads` takes for the field from outside; `scratch` is an array of the state's shape, one for the loads,
    shape (n, 6), and what `rigid_loads` needs.
    """
    uniform, address, params = outside
    before, loads, fields = scratch
    rigid_loads(uniform, address, params, moments, state, fields, loads)
    for step in range(count):
        if watch:
            _copy(state, before)
        for time in stages:
            stage_begun(bodies, gravity, loads, state, time)
            rigid_loads(uniform, address, params, moments, state, fields, loads)
            stage_ended(bodies, gravity, loads, state, time)
        if watch and touching(bodies, state):
            _copy(before, state)
            return step
    return count
