"""The nearest discrete field without divergence, or without curl, on a uniform grid.

Fluxes live on the faces of the cells between nodes and circulations on the edges: of n nodes along an axis there are
n faces across it and n - 1 edges along it.
"""

import numpy as np
import scipy.fft


def divergence(faces: list[np.ndarray], spacing: np.ndarray) -> np.ndarray:
    """Return div B of each cell from the mean normal components on its faces."""
    return sum(np.diff(values, axis=k) / spacing[k] for k, values in enumerate(faces))  # pyright: ignore


def without_divergence(faces: list[np.ndarray], spacing: np.ndarray) -> list[np.ndarray]:
    """Return the face means nearest to those given, in the least squares sense, whose divergence is zero.

    With D the divergence, the change is -D^T (D D^T)^-1 D B. D D^T is the sum over the axes of the second difference
    with zero outside, which sine transforms make diagonal. A second pass takes away what the first left by rounding.
    """
    result = [values.copy() for values in faces]
    for _ in range(2):
        wrong = divergence(result, spacing)
        transformed = np.asarray(scipy.fft.dstn(wrong, type=1))
        transformed /= _eigenvalues(wrong.shape, spacing, 1)
        multiplier = np.asarray(scipy.fft.idstn(transformed, type=1))
        for k, values in enumerate(result):
            pad = [(1, 1) if axis == k else (0, 0) for axis in range(3)]
            values += np.diff(np.pad(multiplier, pad), axis=k) / spacing[k]
    return result


def potential(edges: list[np.ndarray], spacing: np.ndarray) -> np.ndarray:
    """Return phi at the nodes, of mean zero, with -grad phi nearest to the mean components along the edges.

    The normal equations are the Laplacian of the nodes with no flux through the ends: cosine transforms.
    """
    shape = edges[0].shape[0] + 1, *edges[0].shape[1:]
    source = np.zeros(shape)
    for k, values in enumerate(edges):
        pad = [(1, 1) if axis == k else (0, 0) for axis in range(3)]
        source += np.diff(np.pad(values, pad), axis=k) / spacing[k]
    transformed = np.asarray(scipy.fft.dctn(source, type=2))
    eigenvalues = _eigenvalues(shape, spacing, 0)
    eigenvalues[0, 0, 0] = np.inf  # phi has no natural zero
    return np.asarray(scipy.fft.idctn(transformed / eigenvalues, type=2))


def _eigenvalues(shape: tuple[int, ...], spacing: np.ndarray, first: int) -> np.ndarray:
    """Return those of the negative Laplacian: Dirichlet for first = 1, Neumann for 0."""
    total = np.zeros(shape)
    for k, n in enumerate(shape):
        angle = np.pi * np.arange(first, n + first) / (2 * (n + first))
        one = (2.0 * np.sin(angle) / spacing[k]) ** 2
        total += one.reshape([-1 if axis == k else 1 for axis in range(3)])
    return total
