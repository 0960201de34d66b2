r"""The linear equations of bodies that magnetize each other, and their solution by Krylov methods.

With alpha = L S L, L the root of |alpha| and S its sign, and G the fields of all pairs, m = alpha (B + G m) becomes

    (S - L G L) y = L B,    m = L y,

which is symmetric, has a diagonal of +-1, and allows bodies that nothing magnetizes. Where all signs are alike it has
to be positive (or negative) definite: otherwise the energy has no minimum.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse.linalg import cg, minres
from scipy.spatial import KDTree

from magneton.interactions._krylov import as_matrix
from magneton.interactions._pairs import pair_fields
from magneton.interactions._tally import NotConverged
from magneton.kernels.field import MU0_4PI

_MOST = 1000
# The start has a random part of this size, so that no unstable direction is hidden by a symmetry of the field.
_RANDOM = 1e-3


class PolarizationCatastrophe(ArithmeticError):
    """Raised when bodies are so close, and so polarizable, that they magnetize each other without end."""


def _root_and_sign(alpha: np.ndarray) -> tuple[np.ndarray, np.ndarray, int]:
    """Return L and S of each tensor, shape (n, 3, 3), and the sign that all share, or 0."""
    values, axes = np.linalg.eigh(alpha)
    common = 1 if np.all(values >= 0.0) else -1 if np.all(values <= 0.0) else 0
    signs = np.where(values == 0.0, common or 1, np.sign(values))
    turned = np.swapaxes(axes, -1, -2)
    root = (axes * np.sqrt(np.abs(values))[:, None, :]) @ turned
    return root, (axes * signs[:, None, :]) @ turned, common


def _times(tensors: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    return np.einsum("nij,nj->ni", tensors, vectors)


class Coupled:
    """Polarizable bodies at fixed places: alpha (n, 3, 3) in A m^2/T, positions (n, 3) in metre."""

    def __init__(self, alpha: np.ndarray, positions: np.ndarray) -> None:
        self.positions = positions
        self.root, self.signs, self.common = _root_and_sign(alpha)
        self.strongest = self._strongest_pair()
        if self.common and self.strongest[0] >= 1.0:
            raise PolarizationCatastrophe(self._said("two bodies magnetize each other without end"))

    def _strongest_pair(self) -> tuple[float, int, int]:
        """Return the largest coupling |L_i G_ij L_j| of a body and its nearest neighbour, and which two."""
        if len(self.positions) < 2:
            return 0.0, 0, 0
        near = np.asarray(KDTree(self.positions).query(self.positions, k=2)[1])
        # The nearest may be listed before the body itself where they are as close as rounding.
        mine = np.arange(len(near))
        other = np.where(near[:, 0] == mine, near[:, 1], near[:, 0])
        d = self.positions - self.positions[other]
        r = np.linalg.norm(d, axis=1)[:, None, None]
        n = d[:, :, None] / r
        field = MU0_4PI * (3.0 * n * np.swapaxes(n, 1, 2) - np.eye(3)) / r**3
        coupling = np.linalg.norm(self.root @ field @ self.root[other], ord=2, axis=(1, 2))
        i = int(np.argmax(coupling))
        j = int(other[i])
        return float(coupling[i]), min(i, j), max(i, j)

    def _said(self, what: str) -> str:
        coupling, i, j = self.strongest
        r = float(np.linalg.norm(self.positions[i] - self.positions[j]))
        return (
            f"polarization catastrophe: {what}. The strongest pair, {i} and {j}, is {r:.6g} m apart, with "
            f"mu_0 alpha/(2 pi r^3) = {coupling:.4g}, which must be well below 1: lower the polarizabilities or move "
            "the bodies apart"
        )

    def _apply(self, flat: np.ndarray) -> np.ndarray:
        y = flat.reshape(-1, 3)
        return (
            _times(self.signs, y) - _times(self.root, pair_fields(_times(self.root, y), self.positions))
        ).ravel()

    def _definite(self, flat: np.ndarray) -> np.ndarray:
        """Apply the matrix with its sign turned to be positive, and see that it is."""
        out = self.common * self._apply(flat)
        if float(flat @ out) <= 0.0 and np.any(flat):
            raise PolarizationCatastrophe(
                self._said(f"{len(self.positions)} bodies together have no stable state")
            )
        return out

    def solve(self, field: np.ndarray, rtol: float) -> tuple[np.ndarray, int]:
        """Return the induced moments, shape (n, 3), in a field, and the iterations."""
        right = _times(self.root, field).ravel()
        if not np.any(right):
            return np.zeros(field.shape), 0
        steps = 0

        def count(_: np.ndarray) -> None:
            nonlocal steps
            steps += 1

        apply = self._definite if self.common else self._apply
        operator = as_matrix(apply, right.size)
        right = (self.common or 1) * right
        noise = np.random.default_rng(0).normal(size=right.size)
        start = right + _RANDOM * np.sqrt(right @ right / right.size) * noise
        method = cg if self.common else minres
        solution, failed = method(operator, right, x0=start, rtol=0.3 * rtol, maxiter=_MOST, callback=count)
        if failed:
            raise NotConverged(f"rtol={rtol:g} was not reached after {steps} iterations")
        return _times(self.root, solution.reshape(-1, 3)), steps
