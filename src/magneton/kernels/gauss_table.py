"""The tables of `magneton.kernels.gauss`: coefficients of derivatives, laid out for its loops."""

import math

import numpy as np

from magneton.constants import mu_0

_MU0 = float(mu_0)
#: Degrees taken at once: each order's degrees are padded with zeros to a multiple of it.
DEGREES = 4
#: `params` begins with the radius; then, by code B, A, GRAD, POTENTIAL, where the quantity's table begins, its highest
#: degree and order. A table is, by order m and for n = m, m + 1, ... DEGREES at a time: their steps of the recurrence
#: (2 floats each), then their g of each component, then their h of each.
_HEAD = 1 + 3 * 4


def _raised(c: np.ndarray, grow: int) -> np.ndarray:
    """Return room for coefficients of a degree higher by `grow`."""
    return np.zeros((len(c) + grow, len(c) + grow), dtype=complex)


def _neighbours(c: np.ndarray, up: np.ndarray, down: np.ndarray, grow: int) -> tuple[np.ndarray, np.ndarray]:
    """Return q I_n^m -> q up I^(m+1) and -> q down I^(m-1), folded to m >= 0, the degree higher by `grow`.

    `up` and `down` hold the factors by n and m; I^(-1) = -conj(I^1), and the real part of a sum is all that counts.
    """
    n = len(c)
    half = math.sqrt(0.5)  # of Schmidt's factor 2 for m > 0, which m = 0 does not have
    plus, minus = _raised(c, grow), _raised(c, grow)
    plus[grow : grow + n, 1 : n + 1] = (c * up)[:, : plus.shape[1] - 1]
    plus[:, 1:2] *= half
    minus[grow : grow + n, : n - 1] = (c * down)[:, 1:]
    minus[:, 0] /= half
    return plus, minus


def gradient(c: np.ndarray) -> list[np.ndarray]:
    """Return the coefficients g - i h of d/dx, d/dy and d/dz of a sum, in units of 1/a.

    Parameters
    ----------
    c : ndarray of complex, shape (N + 1, N + 1)
        g - i h by degree and order.

    Returns
    -------
    list of three ndarrays, shape (N + 2, N + 2)
    """
    n, m = np.meshgrid(np.arange(len(c)), np.arange(len(c)), indexing="ij")
    inside = m <= n
    c = np.where(inside, c, 0.0)
    up = np.sqrt((n + m + 1.0) * (n + m + 2.0))
    down = np.sqrt(np.where(inside, (n - m + 1.0) * (n - m + 2.0), 0.0))
    plus, minus = _neighbours(c, up, down, 1)
    zonal = np.real(c[:, 0] * up[:, 0]) * math.sqrt(0.5)
    # m = 0 goes down to I^(-1) = -conj(I^1): the real parts of x and y then double those that go up.
    along_x, along_y = 0.5 * (minus - plus), 0.5j * (minus + plus)
    along_x[1:, 1] -= 0.5 * zonal
    along_y[1:, 1] += 0.5j * zonal
    along_z = _raised(c, 1)
    along_z[1:, :-1] = -c * np.sqrt(np.where(inside, (n + 1.0 - m) * (n + 1.0 + m), 0.0))
    for part in (along_x, along_y, along_z):
        part[:, 0] = np.real(part[:, 0])
    return [along_x, along_y, along_z]


def toroidal(c: np.ndarray) -> list[np.ndarray]:
    """Return the coefficients of the components of -sum_n (1/n) r x grad V_n, shape (N + 1, N + 1)."""
    n, m = np.meshgrid(np.arange(len(c)), np.arange(len(c)), indexing="ij")
    inside = (m <= n) & (n > 0)
    c = np.where(inside, -c / np.maximum(n, 1), 0.0)
    up = np.sqrt(np.where(inside, (n - m) * (n + m + 1.0), 0.0))
    down = np.sqrt(np.where(inside, (n + m) * (n - m + 1.0), 0.0))
    plus, minus = _neighbours(c, up, down, 0)
    zonal = np.real(c[:, 0] * up[:, 0]) * math.sqrt(0.5)
    along_x, along_y = -0.5j * (plus + minus), 0.5 * (minus - plus)
    along_x[:, 1:2] -= 0.5j * zonal[:, None]
    along_y[:, 1:2] -= 0.5 * zonal[:, None]
    along_z = 1j * m * c
    for part in (along_x, along_y, along_z):
        part[:, 0] = np.real(part[:, 0])
    return [along_x, along_y, along_z]


def _table(parts: list[np.ndarray]) -> tuple[np.ndarray, int, int]:
    """Return the flat table of some sums, its highest degree and its highest order."""
    c = np.array(parts)
    degree = c.shape[1] - 1
    used = np.flatnonzero(np.any(c != 0.0, axis=(0, 1)))
    order = int(used[-1]) if len(used) else 0
    blocks = []
    for m in range(order + 1):
        n = np.arange(m, degree + 1)
        width = -len(n) % DEGREES
        block = np.zeros((len(n) + width, 2 + 2 * len(c)))
        root = np.sqrt(np.maximum(n * n - m * m, 1.0))
        block[1 : len(n), 0] = ((2 * n - 1) / root)[1:]
        block[2 : len(n), 1] = (np.sqrt(np.maximum((n - 1.0) ** 2 - m * m, 0.0)) / root)[2:]
        block[: len(n), 2 : 2 + len(c)] = np.real(c[:, m:, m]).T
        block[: len(n), 2 + len(c) :] = -np.imag(c[:, m:, m]).T
        blocks.append(_by_degrees(block))
    return np.concatenate(blocks), degree, order


def _by_degrees(block: np.ndarray) -> np.ndarray:
    """Return the rows of one order, DEGREES at a time: their steps, then each column of coefficients."""
    groups = block.reshape(-1, DEGREES, block.shape[1])
    steps = groups[:, :, :2].reshape(len(groups), -1)
    return np.hstack([steps, groups[:, :, 2:].transpose(0, 2, 1).reshape(len(groups), -1)]).ravel()


def gauss_params(c: np.ndarray, radius: float, unit: float = 1.0) -> np.ndarray:
    """Return what `gauss_field` is given.

    Parameters
    ----------
    c : ndarray of complex, shape (N + 1, N + 1)
        g - i h by degree and order, Schmidt semi-normalised.
    radius : float, metre
        a.
    unit : float
        What makes them tesla.

    Returns
    -------
    ndarray
        Flat.
    """
    c = np.asarray(c) * unit
    down = gradient(c)
    b = [-part for part in down]
    by_x, by_z = gradient(b[0]), gradient(b[2])
    grad = [by_x[0], by_x[1], by_x[2], gradient(b[1])[1], by_z[1]]
    sums = [
        b,
        [radius * part for part in toroidal(c)],
        [part / radius for part in grad],
        [radius / _MU0 * c],
    ]
    head, tables, start = [radius], [], _HEAD
    for parts in sums:
        table, degree, order = _table(parts)
        head += [start, degree, order]
        tables.append(table)
        start += len(table)
    return np.concatenate([head, *tables])
