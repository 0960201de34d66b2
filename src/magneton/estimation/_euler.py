"""Where dipoles may be under a map of one field component: Euler's equation about the peaks of the analytic signal."""

from __future__ import annotations

import numpy as np

#: The field of a dipole is homogeneous of this degree about it, with its sign changed: the structural index.
_INDEX = 3.0
#: Half widths of the windows of Euler's equation, in steps of the map.
_HALVES = (2, 4, 8)


def lifted(x: np.ndarray, y: np.ndarray, Bz: np.ndarray, height: float) -> tuple[np.ndarray, np.ndarray]:
    """Return Bz, shape (ny, nx), and its derivatives along x, y, z, shape (3, ny, nx), higher up than it was measured.

    Across by central differences; upwards, since Bz is harmonic and falls off, by exp(-k height) and, along z, -k for
    each wavenumber k [Blakely1995]_ eq. 12.8, of the map mirrored at its edges. To lift the map takes away its noise.
    """
    mirrored = np.block([[Bz, Bz[:, ::-1]], [Bz[::-1], Bz[::-1, ::-1]]])
    ky = 2.0 * np.pi * np.fft.fftfreq(2 * len(y), y[1] - y[0])
    kx = 2.0 * np.pi * np.fft.rfftfreq(2 * len(x), x[1] - x[0])
    k = np.hypot(ky[:, None], kx)
    waves = np.exp(-k * height) * np.fft.rfft2(mirrored)
    above, upward = (np.fft.irfft2(w, mirrored.shape)[: len(y), : len(x)] for w in (waves, -k * waves))
    across_y, across_x = np.gradient(above, y, x)
    return above, np.stack([across_x, across_y, upward])


def peaks(signal: np.ndarray, count: int) -> list[tuple[int, int]]:
    """Return where the largest maxima of an array, shape (ny, nx), are among their eight neighbours, largest first."""
    padded = np.pad(signal, 1, constant_values=-np.inf)
    ny, nx = signal.shape
    neighbours = [
        padded[1 + i : 1 + i + ny, 1 + j : 1 + j + nx]
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
        if (i, j) != (0, 0)
    ]
    top = np.argwhere(signal >= np.max(neighbours, axis=0))
    order = np.argsort(signal[tuple(top.T)])[::-1][:count]
    return [(int(i), int(j)) for i, j in top[order]]


def euler_places(
    x: np.ndarray,
    y: np.ndarray,
    Bz: np.ndarray,
    slopes: np.ndarray,
    at: tuple[int, int],
) -> np.ndarray:
    """Return places, shape (c, 3), of a dipole near a point of the map, z counted from it: one for each window.

    Least squares of (r - r0).grad Bz = -3 (Bz - background) over the place r0 and the background [Reid1990]_; only
    places below the map.
    """
    found = []
    for half in _HALVES:
        rows = slice(max(0, at[0] - half), at[0] + half + 1)
        columns = slice(max(0, at[1] - half), at[1] + half + 1)
        gx, gy, gz = slopes[:, rows, columns].reshape(3, -1)
        X, Y = (grid.ravel() for grid in np.meshgrid(x[columns], y[rows]))
        size = float(np.abs(slopes[:, rows, columns]).max()) or 1.0
        design = np.stack([gx, gy, gz, np.full(len(gx), _INDEX * size)], axis=1)
        place = np.linalg.lstsq(design, X * gx + Y * gy + _INDEX * Bz[rows, columns].ravel(), rcond=None)[0][
            :3
        ]
        if place[2] < 0.0:
            found.append(place)
    return np.array(found).reshape(-1, 3)
