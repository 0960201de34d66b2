"""Downhill to the nearest equilibrium: Newton's method on spheres, within a radius of trust.

Moments that do not feel each other descend each by itself, others together. A step is -g_k/|lambda_k| in each
eigendirection of the curvature, which leaves saddles instead of seeking them; of many coupled moments it is made by
conjugate gradients, which stop where they meet negative curvature [Steihaug1983]_. It is shortened to the radius, which
follows how well the quadratic model foretold the energy [AbsilBakerGallivan2007]_, and no moment turns by more than a
fraction of a radian at once: so that no step leaps over a barrier.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from magneton.dynamics._landscape import Curvature, Landscape, from_frames, in_frames, tangent_frames, turned

#: The largest angle in rad by which a moment turns in a step; the first radius for each moment, the least, the largest.
LARGEST_TURN, _FIRST_RADIUS = 0.2, 0.05
_RADII = 1e-6, LARGEST_TURN  # a radius that is less than the least has come of rounding
#: Fields below this part of a typical one count as such, where a residual is taken.
_SMALL_FIELD = 1e-3
#: Curvatures below this part of the typical one, |m| B, are zero.
FLAT = 1e-9
#: An unstable equilibrium is left by so many rad, and then by so many steps, however small the slope.
_PUSH, _LEAVING = 1e-3, 8
#: Degrees of freedom up to which the curvature is a matrix.
_DENSE = 120
_CG_STEPS = 300
#: The square of a slope over the typical one, far below rounding.
_NO_SLOPE = 1e-40
_EPS = np.finfo(float).eps


@dataclass
class Descent:
    """The way of moments downhill.

    Attributes
    ----------
    landscape : Landscape
        The energy.
    u : ndarray, shape (n, 3)
        Where they are; in the end, at rest.
    rtol : float
        The residual to reach.
    steps : int
        Steps made.
    smooth : ndarray of bool, shape (groups,)
        Whether nothing but short steps in a well was met: no negative curvature, no step that had to be shortened.
    """

    landscape: Landscape
    u: np.ndarray
    rtol: float
    steps: int = 0
    smooth: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        """Look at the start."""
        n = len(self.u)
        self._alone = not self.landscape.energies.coupled
        self._groups = n if self._alone else 1
        self.smooth = np.ones(self._groups, dtype=bool)
        self._radius = np.full(self._groups, _FIRST_RADIUS * np.sqrt(n / self._groups))
        self._typical = self.landscape.typical_field(self.u)
        self.scale = self._each(self.landscape.magnitude[:, 0] * self._typical, np.max)
        self._B = self.landscape.field(self.u)

    def _each(self, values: np.ndarray, reduce: Callable = np.sum) -> np.ndarray:
        """Return the sum, or the like, over each group, shape (groups,)."""
        return reduce(np.reshape(values, (self._groups, -1)), axis=1)

    def _spread(self, values: np.ndarray) -> np.ndarray:
        """Return the value of each moment's group, shape (n, 1)."""
        return np.broadcast_to(values[:, None], (len(self.u), 1)) if not self._alone else values[:, None]

    @property
    def residuals(self) -> np.ndarray:
        """|u x B|/|B| of each moment, shape (n,)."""
        size = np.maximum(np.linalg.norm(self._B, axis=1), _SMALL_FIELD * self._typical)
        return np.linalg.norm(self._across(), axis=1) / np.where(size > 0.0, size, 1.0)

    def _across(self) -> np.ndarray:
        """Return the part of the field that turns the moments, shape (n, 3), in T."""
        across = self._B - np.sum(self.u * self._B, axis=1, keepdims=True) * self.u
        # once more: near the end what is left along u by rounding is no longer small beside the rest
        return across - np.sum(self.u * across, axis=1, keepdims=True) * self.u

    def run(self, max_steps: int) -> bool:
        """Go down until at rest in a well; return whether that was reached."""
        leaving = 0
        while self.steps < max_steps:
            if leaving == 0 and self.residuals.max() <= self.rtol:
                self._polish()
                unstable = self._unstable()
                if unstable is None:
                    return True
                self._move(unstable)
                leaving = _LEAVING
                continue
            self._step()
            self.steps += 1
            leaving = max(0, leaving - 1)
        return False

    def lowest(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the smallest curvature of each group in J, and its direction, a tangent of shape (n, 3)."""
        curvature, frames = self._curvature()
        if not self._alone and 2 * len(self.u) > _DENSE:
            return _lanczos(curvature, frames, float(self.scale[0]))
        values, vectors = np.linalg.eigh(
            curvature.own(frames) if self._alone else curvature.matrix(frames)[None]
        )
        modes = from_frames(frames, vectors[..., 0].reshape(-1, 2))
        # the sign that an eigenvector has is not defined: here the largest component is positive
        flat = modes.reshape(self._groups, -1)
        largest = np.take_along_axis(flat, np.abs(flat).argmax(axis=1)[:, None], 1)
        return values[:, 0], modes * np.broadcast_to(
            np.sign(largest) if self._alone else np.sign(largest[0]), modes.shape
        )

    def _unstable(self) -> np.ndarray | None:
        """Return a push along the directions in which the energy falls, or None."""
        values, modes = self.lowest()
        falls = values < -FLAT * self.scale
        if not falls.any():
            return None
        self.smooth &= ~falls
        self._radius[falls] = np.maximum(self._radius[falls], _FIRST_RADIUS)
        return _PUSH * np.where(self._spread(falls), modes, 0.0)

    def _polish(self) -> None:
        """Make steps while they reduce the residual much: soft modes then have the digits that they can have."""
        for _ in range(4):
            u, B, before = self.u, self._B, self.residuals.max()
            self._step()
            if self.residuals.max() > 0.3 * before:
                if self.residuals.max() > before:
                    self.u, self._B = u, B
                return

    def _move(self, tangent: np.ndarray) -> None:
        self.u, _ = turned(self.u, tangent)
        self._B = self.landscape.field(self.u)

    def _curvature(self) -> tuple[Curvature, np.ndarray]:
        return self.landscape.curvature_at(self.u, self._B), tangent_frames(self.u)

    def _step(self) -> None:
        """Make a step, in the groups where it lowers the energy."""
        curvature, frames = self._curvature()
        slope = -self.landscape.magnitude * self._across()
        if not self._alone:
            p, convex = _conjugate_gradients(curvature, slope, float(self._radius[0]), float(self.scale[0]))
        else:
            p, convex = self._newton(curvature.own(frames), frames, slope)
        p, shortened = self._shortened(p)
        self.smooth &= convex & ~shortened
        foretold = -self._each(slope * p + 0.5 * p * curvature.times(p))
        new, difference = turned(self.u, p)
        new_B = self.landscape.field(new)
        gained = -self._each(self.landscape.change(self.u, self._B, difference, new_B))
        rounding = 64.0 * _EPS * self.scale * self._each(np.abs(p))
        good = gained >= 0.9 * foretold - rounding
        length = np.sqrt(self._each(p * p))
        poor = gained < 0.25 * foretold - rounding
        self._radius = np.where(
            poor, 0.25 * length, np.where(good & shortened, 2.0 * self._radius, self._radius)
        )
        self._radius = np.clip(self._radius, *np.multiply(_RADII, np.sqrt(len(self.u) / self._groups)))
        taken = self._spread(gained >= 0.05 * foretold - rounding)
        self.u = np.where(taken, new, self.u)
        self._B = np.where(taken, new_B, self._B)

    def _newton(
        self, curvatures: np.ndarray, frames: np.ndarray, slope: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return -g/|lambda| along each eigendirection, and whether all curvatures are positive."""
        values, vectors = np.linalg.eigh(curvatures)
        g = in_frames(frames, slope)[..., None]
        along = np.swapaxes(vectors, 1, 2) @ g
        least = FLAT * self.scale[:, None]
        size = np.maximum(np.abs(values), np.where(least > 0.0, least, 1.0))[..., None]
        return from_frames(frames, -(vectors @ (along / size))[..., 0]), values[:, 0] > -least[:, 0]

    def _shortened(self, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return a step no longer than the radius, with no moment turned too far, and whether it was longer."""
        length = np.sqrt(self._each(p * p))
        turn = self._each(np.linalg.norm(p, axis=1), np.max)
        over = np.maximum(length / self._radius, turn / LARGEST_TURN)
        part = 1.0 / np.maximum(over, 1.0)
        return self._spread(part) * p, part < 1.0


def _conjugate_gradients(
    curvature: Curvature, slope: np.ndarray, radius: float, scale: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return a step downhill by Steihaug's method, and whether no negative curvature was met."""
    p, r = np.zeros_like(slope), slope / scale if scale > 0.0 else slope
    d, rr = -r, float(np.vdot(r, r))
    # ever closer near the end, for convergence faster than linear, but not below rounding
    goal = max(rr * min(max(np.sqrt(rr) * scale / _norm_of_slopes(curvature), 1e-5), 0.1) ** 2, _NO_SLOPE)
    for _ in range(_CG_STEPS):
        if rr <= goal or float(np.vdot(p, p)) > radius * radius:
            break
        Hd, dd = curvature.times(d) / scale, float(np.vdot(d, d))
        bend = float(np.vdot(d, Hd))
        if bend < -FLAT * dd:
            return p + radius / np.sqrt(dd) * d, np.zeros(1, dtype=bool)
        if bend < FLAT * dd:  # what slope is left along a flat direction is rounding, unless it is all
            return (p if p.any() else d / FLAT), np.ones(1, dtype=bool)
        a = rr / bend
        p, r = p + a * d, r + a * Hd
        before, rr = rr, float(np.vdot(r, r))
        d = rr / before * d - r
        d -= np.sum(d * curvature.u, axis=1, keepdims=True) * curvature.u
    return p, np.ones(1, dtype=bool)


def _norm_of_slopes(curvature: Curvature) -> float:
    """Return what the slopes would be if the fields stood across the moments, in J."""
    return float(np.linalg.norm(curvature.energies.moments.magnitude[:, None] * curvature.along)) or 1.0


def _lanczos(curvature: Curvature, frames: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the smallest eigenvalue in J, shape (1,), and its tangent, by Lanczos' method."""
    from scipy.sparse import linalg  # as late as it is needed: it takes long to import

    size = 2 * len(frames)

    def times(x: np.ndarray) -> np.ndarray:
        tangent = from_frames(frames, x.reshape(-1, 2))
        # shifted, since the tolerance is relative to the eigenvalue, which may be zero
        return x.ravel() + in_frames(frames, curvature.times(tangent)).ravel() / scale

    operator = linalg.LinearOperator((size, size), matvec=times, dtype=float)  # pyright: ignore[reportCallIssue]
    start = np.random.default_rng(size).standard_normal(size)
    values, vectors = linalg.eigsh(operator, k=1, which="SA", v0=start, tol=1e-9, maxiter=20 * size)  # pyright: ignore[reportArgumentType]
    vector = vectors[:, 0] * np.sign(vectors[np.abs(vectors[:, 0]).argmax(), 0])
    return scale * (values - 1.0), from_frames(frames, vector.reshape(-1, 2))
