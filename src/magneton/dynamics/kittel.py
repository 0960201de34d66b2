"""Ferromagnetic resonance of an ellipsoid."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import constants
from magneton._check import non_negatives, numbers, plain
from magneton.dynamics._shapes import nonzero, vector_array

_SPHERE = (1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0)


def kittel_frequency(
    B: Any,
    M_s: Any,
    N: Any = _SPHERE,
    *,
    B_k: Any = 0.0,
    gamma: Any = float(constants.gamma_e),
) -> Any:
    """Return the frequency of uniform resonance of a saturated ellipsoid, in Hz.

    Parameters
    ----------
    B : float or array_like
        Applied field mu_0 H_0 in T, along the ellipsoid's z axis and the magnetization.
    M_s : float or array_like
        Magnetization in A/m.
    N : array_like, shape (..., 3)
        Demagnetizing factors along x, y, z; their sum is 1. A sphere has 1/3 each, a film in the xz plane, whose
        field is in its plane, (0, 1, 0), one in the xy plane, with the field along its normal, (0, 0, 1).
    B_k : float or array_like
        Field 2 K/M_s in T of a uniaxial anisotropy along z; negative for a hard axis.
    gamma : float or array_like
        Gyromagnetic ratio in 1/(s T); by default the free electron's.

    Returns
    -------
    float or ndarray
        In Hz; nan where the magnetization does not stay along z, since there the energy is not a minimum.

    Notes
    -----
    f = abs(gamma)/(2 pi) sqrt([B + B_k + (N_x - N_z) mu_0 M_s] [B + B_k + (N_y - N_z) mu_0 M_s]), [Kittel1948]_.
    Without damping, without crystal anisotropy other than `B_k`, with the wave's length far beyond the body's.

    Examples
    --------
    >>> print(f"{kittel_frequency(0.1, 8e5):.6e} Hz, {kittel_frequency(0.1, 8e5, (0, 1, 0)):.6e} Hz")
    2.802495e+09 Hz, 9.317231e+09 Hz
    """
    factors = vector_array("N", N, "1")
    off = factors[(np.abs(factors.sum(-1) - 1.0) > 1e-6) | (factors < 0.0).any(-1)]
    if off.size:
        raise ValueError(f"N must hold three factors, none negative, whose sum is 1, got {off[0].tolist()}")
    polarization = float(constants.mu_0) * non_negatives("M_s", M_s, "A/m")
    inside = numbers("B", B, "T") + numbers("B_k", B_k, "T")
    stiff = [inside + (factors[..., i] - factors[..., 2]) * polarization for i in range(2)]
    stable = (stiff[0] >= 0.0) & (stiff[1] >= 0.0)
    roots = np.sqrt(np.where(stable, stiff[0], np.nan)) * np.sqrt(np.where(stable, stiff[1], np.nan))
    return plain(np.abs(nonzero("gamma", gamma, "1/(s T)")) / (2.0 * np.pi) * roots)
