"""Coefficients of made-up bodies for the table of spherical harmonic fields, exact in float64; in tesla."""


def coefficients(degree: int) -> tuple[list[list[float]], list[list[float]]]:
    """Return g and h by degree and order, of either sign, falling off as the IGRF's do."""
    size = degree + 1
    g = [[0.0] * size for _ in range(size)]
    h = [[0.0] * size for _ in range(size)]
    for n in range(1, size):
        for m in range(n + 1):
            scale = 2.0 ** -(15 + n // 2)
            g[n][m] = scale * ((7 * n + 5 * m) % 13 - 6)
            h[n][m] = scale * ((11 * n + 3 * m) % 17 - 8) if m else 0.0
    return g, h
