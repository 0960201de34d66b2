"""Pitch-angle scattering of an ensemble: each particle's direction on its own random walk over the sphere."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton._check import fraction, non_negatives, points
from magneton._jit import parallel_for
from magneton.orbits.collisions._arguments import (
    cosines,
    number_of_sides,
    one_mirror_ratio,
    random_key,
    trapped_interval,
)
from magneton.orbits.collisions._kicks import first_passages, kick_cosines, kick_vectors

_GRAIN = 2048  # particles: 0.3 ms


def _optical_depth(nu: Any, dt: Any, shape: tuple[int, ...]) -> np.ndarray:
    """Return nu dt for each particle, shape (n,)."""
    tau = non_negatives("nu", nu, "1/s") * non_negatives("dt", dt, "s")
    try:
        # A copy: a kernel compiles anew for an array that it may not write to.
        return np.array(np.broadcast_to(tau, shape), dtype=np.float64).reshape(-1)
    except ValueError:
        raise ValueError(
            f"nu and dt must be numbers or fit {shape}, the shape of the particles, got shape {tau.shape}"
        ) from None


def scatter(velocity: Any, nu: Any, dt: Any, rng: Any) -> np.ndarray:
    """Return velocities after elastic collisions during `dt`: same speeds, directions on a random walk.

    The law is exact for any `dt` (see Notes), so a step is as long as the orbit between collisions allows. The walk
    is isotropic about the velocity itself, so it needs no magnetic field: with xi = v_par/v along any field, the
    ensemble follows df/dt = nu d/dxi[(1 - xi^2) df/dxi], and <P_l(xi)> decays at nu l(l+1).

    Parameters
    ----------
    velocity : array_like, shape (..., 3)
        Velocities [m/s], or momenta: only the direction changes.
    nu : array_like, broadcast with `dt` to shape (...)
        Scattering rate [1/s] in this operator's normalisation, one for all or one a particle (that of its speed).
        Papers that write (nu/2) d/dxi[...] have twice this nu.
    dt : array_like
        Duration [s].
    rng : numpy.random.Generator or int
        Source of the random numbers: a generator moves on, an integer gives the same numbers in every call.

    Returns
    -------
    ndarray, shape (..., 3)
        Velocities [m/s]. They do not depend on the number of threads.

    Raises
    ------
    ValueError
        If a rate or a duration is negative or not finite, or the shapes do not fit.

    Notes
    -----
    The velocity is turned by a rotation drawn from the heat kernel of the rotation group [NikolayevSavyolov1997]_, with
    random numbers that are counted [Salmon2011]_.

    Examples
    --------
    >>> import numpy as np
    >>> v = scatter(np.tile([0.0, 0.0, 1e6], (10000, 1)), nu=50.0, dt=0.01, rng=1)
    >>> bool(abs(v[:, 2].mean() / 1e6 - np.exp(-2 * 50.0 * 0.01)) < 0.02)
    True
    """
    vectors = points("velocity", velocity, "m/s")
    shape = vectors.shape[:-1]
    tau = _optical_depth(nu, dt, shape)
    flat, key = np.array(vectors, order="C").reshape(-1, 3), random_key(rng)
    out = np.empty_like(flat)
    parallel_for(lambda i, j: kick_vectors(flat, tau, key, i, j, out), len(flat), _GRAIN)
    return out.reshape(vectors.shape)


def scatter_pitch_cosine(xi: Any, nu: Any, dt: Any, rng: Any) -> np.ndarray:
    """Return cosines of pitch angles after elastic collisions during `dt`: `scatter` for guiding centres.

    Parameters
    ----------
    xi : array_like, shape (...)
        Cosines of the pitch angles, v_par/v.
    nu, dt, rng
        As for `scatter`.

    Returns
    -------
    ndarray, shape (...)
        Cosines, always within [-1, 1].

    Raises
    ------
    ValueError
        If a cosine is beyond 1 in magnitude, a rate or duration is negative, or the shapes do not fit.
    """
    start = cosines("xi", xi)
    tau = _optical_depth(nu, dt, start.shape)
    flat, key = start.reshape(-1), random_key(rng)
    out = np.empty_like(flat)
    parallel_for(lambda i, j: kick_cosines(flat, tau, key, i, j, out), len(flat), _GRAIN)
    return out.reshape(start.shape)


def first_passage_times(
    xi: Any, nu: Any, duration: Any, mirror_ratio: float, rng: Any, *, sides: int = 2, step: float = 0.1
) -> np.ndarray:
    """Return when particles first scatter into the loss cone of a mirror; inf for those still held at the end.

    Particles that enter |xi| > sqrt(1 - 1/R) are lost at once, that is, the bounce takes much less time than the
    scattering (weak diffusion). Each has its own step, short near the cone; what a path does between the
    ends of a step is drawn from a Brownian bridge.

    Parameters
    ----------
    xi : array_like, shape (...)
        Cosines of the pitch angles at the start, where the field is weakest; inside the cone the time is 0.
    nu : array_like, broadcast with `duration` to shape (...)
        Scattering rate [1/s], as for `scatter`.
    duration : array_like
        How long to follow them [s].
    mirror_ratio : float
        R = B_max/B_min > 1.
    rng : numpy.random.Generator or int
        As for `scatter`.
    sides : int, default 2
        1: only particles with xi > 0 find a loss cone; 2: both ends lose.
    step : float, default 0.1
        Root mean square change of the pitch angle in the shortest step, relative to the width of the cone or, if
        that is less, to how far a trapped particle can be from it. The bias of the times falls about as its
        square: under 0.5 % of the mean with 0.1.

    Returns
    -------
    ndarray, shape (...)
        Times [s]. They do not depend on the number of threads.

    Raises
    ------
    ValueError
        If an argument is outside its range, or the shapes do not fit.
    """
    start = cosines("xi", xi)
    rate = np.broadcast_to(non_negatives("nu", nu, "1/s"), start.shape)
    limit = _optical_depth(nu, duration, start.shape)
    ratio = one_mirror_ratio(mirror_ratio)
    ends = number_of_sides(sides)
    _, largest = trapped_interval(ratio, ends)
    cone = float(np.arctan2(np.sqrt(1.0 / ratio), largest))
    opposite = np.pi - cone if ends == 2 else np.inf
    room = np.pi / 2.0 - cone if ends == 2 else np.pi - cone
    smallest = fraction("step", step) * min(cone, room)
    flat, key = start.reshape(-1), random_key(rng)
    out = np.empty_like(flat)
    parallel_for(
        lambda i, j: first_passages(flat, cone, opposite, limit, smallest, key, i, j, out), len(flat), 64
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        times = out.reshape(start.shape) / rate
    return np.where(out.reshape(start.shape) == 0.0, 0.0, times)
