"""Symmetric linear equations whose matrix is a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.sparse.linalg import LinearOperator


def as_matrix(apply: Callable[[np.ndarray], np.ndarray], size: int) -> Any:
    """Return a function of flat arrays as what SciPy's Krylov solvers take for a square matrix."""
    make: Any = LinearOperator  # its parameters are not those that type checkers see
    return make((size, size), matvec=apply, dtype=np.float64)
