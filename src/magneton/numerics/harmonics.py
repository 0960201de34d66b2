"""Solid harmonics, regular and irregular, by recurrence.

R_l^m = r^l P_l^m(cos theta) e^(i m phi)/(l + m)!, I_l^m = (l - m)! P_l^m(cos theta) e^(i m phi)/r^(l+1), with P
free of the Condon-Shortley phase, so that 1/|r - r'| = sum conj(R_l^m(r')) I_l^m(r) over l >= 0, |m| <= l. Only
m >= 0 is stored, at index l (l + 1)/2 + m; X_l^(-m) = (-1)^m conj(X_l^m). Source:
[PerezJordaYang1996]_.
"""

import numpy as np

from magneton._jit import kernel


def regular(points: np.ndarray, degree: int) -> np.ndarray:
    """Return R_l^m for l <= degree, shape ((degree + 1)(degree + 2)/2, n), of `points`, shape (n, 3)."""
    x, y, z = np.moveaxis(points, -1, 0)
    r2 = x * x + y * y + z * z
    out = np.zeros(((degree + 1) * (degree + 2) // 2, len(points)), dtype=complex)
    out[0] = 1.0
    for m in range(degree + 1):
        diagonal = m * (m + 1) // 2 + m
        if m:
            out[diagonal] = (x + 1j * y) / (2 * m) * out[(m - 1) * m // 2 + m - 1]
        for level in range(m + 1, degree + 1):
            below = out[(level - 1) * level // 2 + m]
            term = (2 * level - 1) * z * below
            if level > m + 1:
                term = term - r2 * out[(level - 2) * (level - 1) // 2 + m]
            out[level * (level + 1) // 2 + m] = term / ((level + m) * (level - m))
    return out


@kernel
def irregular(x, y, z, degree):
    """Return I_l^m for l <= degree at one point."""
    inverse2 = 1.0 / (x * x + y * y + z * z)
    out = np.empty((degree + 1) * (degree + 2) // 2, np.complex128)
    out[0] = np.sqrt(inverse2)
    step = complex(x, y) * inverse2
    zed = z * inverse2
    for m in range(degree + 1):
        if m:
            out[m * (m + 1) // 2 + m] = (2 * m - 1) * step * out[(m - 1) * m // 2 + m - 1]
        for level in range(m + 1, degree + 1):
            term = (2 * level - 1) * zed * out[(level - 1) * level // 2 + m]
            if level > m + 1:
                weight = float((level - 1) * (level - 1) - m * m) * inverse2
                term -= weight * out[(level - 2) * (level - 1) // 2 + m]
            out[level * (level + 1) // 2 + m] = term
    return out


@kernel
def entry(table, level, m):
    """Return X_l^m of a table that holds m >= 0 only."""
    if m >= 0:
        return table[level * (level + 1) // 2 + m]
    value = np.conj(table[level * (level + 1) // 2 - m])
    return value if m % 2 == 0 else -value
