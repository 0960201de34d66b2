"""Gauss-Legendre rules on [-1, 1], and the transform from their nodes to Legendre coefficients."""

import numpy as np

#: Points of the rule that panels of a line integral use.
PANEL = 16
PANEL_NODES, PANEL_WEIGHTS = np.polynomial.legendre.leggauss(PANEL)


def legendre_transform(nodes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the matrix that takes values at Gauss nodes to Legendre coefficients, shape (n, n)."""
    degrees = np.arange(len(nodes))
    polynomials = np.polynomial.legendre.legvander(nodes, len(nodes) - 1).T
    return (degrees[:, None] + 0.5) * polynomials * weights


PANEL_TRANSFORM = legendre_transform(PANEL_NODES, PANEL_WEIGHTS)
