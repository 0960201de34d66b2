"""Many moments that act on each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton._jit import parallel_for, summing_kernel
from magneton.kernels.field import MU0_4PI
from magneton.summation.tiled import sum_B_at


@summing_kernel
def _fields(out, first, last, px, py, pz, mx, my, mz):
    """Set B at each moment; leaving out the self pair splits the sum in two."""
    for i in range(first, last):
        j = i + 1
        a = sum_B_at(px[i], py[i], pz[i], px[:i], py[:i], pz[:i], mx[:i], my[:i], mz[:i])
        b = sum_B_at(px[i], py[i], pz[i], px[j:], py[j:], pz[j:], mx[j:], my[j:], mz[j:])
        for k in range(3):
            out[i, k] = MU0_4PI * (a[k] + b[k])


@summing_kernel
def _force_from(p, m, px, py, pz, mx, my, mz):
    """Return the sum of the sources' forces on moment m at p, per 3 mu_0/(4 pi).

    The part along m is summed as one scalar.
    """
    fx = fy = fz = along = 0.0
    for j in range(len(px)):
        x, y, z = p[0] - px[j], p[1] - py[j], p[2] - pz[j]
        inverse = 1.0 / math.sqrt(x * x + y * y + z * z)
        inverse2 = inverse * inverse
        w5 = inverse2 * inverse2 * inverse
        dot = m[0] * mx[j] + m[1] * my[j] + m[2] * mz[j]
        mine = w5 * (m[0] * x + m[1] * y + m[2] * z)
        its = mx[j] * x + my[j] * y + mz[j] * z
        radial = w5 * dot - 5.0 * inverse2 * (mine * its)
        along += w5 * its
        fx += radial * x + mine * mx[j]
        fy += radial * y + mine * my[j]
        fz += radial * z + mine * mz[j]
    return fx + along * m[0], fy + along * m[1], fz + along * m[2]


@summing_kernel
def _forces(out, first, last, px, py, pz, mx, my, mz):
    """Set the force on each moment; leaving out the self pair splits the sum in two."""
    for i in range(first, last):
        j = i + 1
        p = px[i], py[i], pz[i]
        m = mx[i], my[i], mz[i]
        a = _force_from(p, m, px[:i], py[:i], pz[:i], mx[:i], my[:i], mz[:i])
        b = _force_from(p, m, px[j:], py[j:], pz[j:], mx[j:], my[j:], mz[j:])
        for k in range(3):
            out[i, k] = 3.0 * MU0_4PI * (a[k] + b[k])


@dataclass(frozen=True, eq=False)
class MomentSystem:
    """N point moments that act on each other: all pairs, the self pair left out exactly.

    One threaded loop a quantity; memory grows as N.

    Parameters
    ----------
    moments : array_like, shape (n, 3), A m^2
        The moments.
    positions : array_like, shape (n, 3), metre
        Where they are; no two alike.

    Raises
    ------
    ValueError
        If shapes differ, or two moments are at one place (the message names the pair).

    Examples
    --------
    >>> from magneton import MomentSystem
    >>> pair = MomentSystem([[0, 0, 1.0], [0, 0, 1.0]], [[0, 0, 0], [0, 0, 0.1]])
    >>> round(pair.energy(), 9), pair.forces().round(6).tolist()
    (-0.0002, [[0.0, 0.0, 0.006], [0.0, 0.0, -0.006]])
    """

    moments: Any
    positions: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "moments", _check.vectors("moments", self.moments, "A m^2"))
        object.__setattr__(self, "positions", _check.vectors("positions", self.positions, "m"))
        _check.same_length("moments", self.moments, "positions", self.positions)
        self._require_distinct()

    def _require_distinct(self) -> None:
        order = np.lexsort(self.positions.T)
        same = np.all(self.positions[order[1:]] == self.positions[order[:-1]], axis=1)
        if np.any(same):
            at = int(np.flatnonzero(same)[0])
            i, j = sorted((int(order[at]), int(order[at + 1])))
            raise ValueError(f"positions must differ, got {i} and {j} both at {self.positions[i].tolist()}")

    def _run(self, loop: Any) -> np.ndarray:
        columns = [*np.ascontiguousarray(self.positions.T), *np.ascontiguousarray(self.moments.T)]
        out = np.empty((len(self.moments), 3))
        grain = max(16, 20_000 // len(out))
        parallel_for(lambda first, last: loop(out, first, last, *columns), len(out), grain)
        return out

    def fields(self) -> np.ndarray:
        """Return B of all the others at each moment, shape (n, 3), T."""
        return self._run(_fields)

    def forces(self) -> np.ndarray:
        """Return the force on each moment, shape (n, 3), N; they sum to zero."""
        return self._run(_forces)

    def torques(self) -> np.ndarray:
        """Return the torque m x B on each moment about its own position, shape (n, 3), N m."""
        return np.cross(self.moments, self.fields())

    def energy(self) -> float:
        """Return the energy of the system, -(1/2) sum m.B, in J."""
        return -0.5 * float(np.sum(self.moments * self.fields()))
