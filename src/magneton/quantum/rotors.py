"""A spin on a rotating linear molecule: Hund's case (b), all of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import constants
from magneton._check import integer, number, real_array
from magneton.quantum.angular import allowed_projections, half_integer, spin_operators
from magneton.quantum.levels import Levels

#: First N of a parity, and the step between them.
_PARITIES = {"all": (0, 1), "even": (0, 2), "odd": (1, 2)}


def rotating_spin(
    spin: float,
    *,
    rotation: float,
    D: float = 0.0,
    spin_rotation: float = 0.0,
    g: Any = -float(constants.g_e),
    highest: int,
    parity: str = "all",
) -> Levels:
    """Return the levels of a spin on a freely rotating linear molecule without orbital moment.

    H = B_0 N^2 + D ((n.S)^2 - S(S+1)/3) + gamma N.S + mu_B B.(g_perp S + (g_par - g_perp) n (n.S)),
    with n the molecule's axis, which rotates. Where k_B T is large beside B_0 this is a powder of molecules at rest:
    `spin_hamiltonian`, averaged over directions.

    Parameters
    ----------
    spin : float
        S.
    rotation : float
        The rotational constant B_0 in J.
    D, spin_rotation : float
        Zero-field splitting about the axis (2 lambda), and gamma, in J.
    g : float or array_like, shape (2,)
        Of the spin, along and across the axis.
    highest : int
        The largest N; k_B T must be small beside B_0 N (N + 1). There are (2 S + 1)(2 N + 1) levels for each N.
    parity : {"all", "odd", "even"}
        Which N there are; exchange of the spinless nuclei of 16O2 leaves the odd ones.

    Returns
    -------
    Levels

    Notes
    -----
    [TinkhamStrandberg1955]_. Centrifugal terms and the moment of rotation are left out.

    Examples
    --------
    The line of oxygen at 118.75 GHz:

    >>> from magneton.quantum import energy_in, molecule
    >>> oxygen = molecule("O2").rotating_levels(3)
    >>> energies = energy_in(oxygen.energies([0.0, 0.0, 0.0]), "GHz")
    >>> float((energies[6] - energies[0]).round(2))
    118.75
    """
    s = spin_operators(half_integer("spin", spin))
    if parity not in _PARITIES:
        raise ValueError(f"parity must be one of {', '.join(_PARITIES)}, got {parity!r}")
    first, step = _PARITIES[parity]
    rotor = _Rotor(integer("highest", highest, first))
    keep = np.flatnonzero(np.isin(rotor.n, range(first, rotor.highest + 1, step)))
    along = np.einsum("iab,icd->acbd", rotor.axis, s)  # n.S, with the states of N first
    size = len(s[0])
    full = (len(rotor.n) * size,) * 2
    squared = along.reshape(full) @ along.reshape(full)
    split = _kept(squared, keep, size) - spin * (spin + 1.0) / 3.0 * np.eye(len(keep) * size)
    tumbling = np.einsum("iab,icd->acbd", rotor.momentum, s).reshape(full)
    energy = np.repeat(rotor.n[keep] * (rotor.n[keep] + 1.0), size)
    h = number("rotation", rotation, "J") * np.diag(energy) + number("D", D, "J") * split
    h = h + number("spin_rotation", spin_rotation, "J") * _kept(tumbling, keep, size)
    parallel, perpendicular = _two_g(g)
    free = np.kron(np.eye(len(keep)), s)
    tied = [_kept(np.kron(each, np.eye(size)) @ along.reshape(full), keep, size) for each in rotor.axis]
    moments = perpendicular * free + (parallel - perpendicular) * np.array(tied)
    return Levels(h, -float(constants.mu_B) * moments)


class _Rotor:
    """States |N, M> of a linear rotor, up to one N more than the highest that is wanted: operators of its axis."""

    def __init__(self, highest: int) -> None:
        self.highest = highest
        n_max = highest + 1
        self.n = np.concatenate([np.full(2 * n + 1, n) for n in range(n_max + 1)])
        momenta = [spin_operators(n) for n in range(n_max + 1)]
        self.m = np.concatenate([allowed_projections(n) for n in range(n_max + 1)])
        self.momentum = np.zeros((3, len(self.n), len(self.n)), dtype=complex)
        for n, each in enumerate(momenta):
            block = slice(n * n, (n + 1) ** 2)
            self.momentum[:, block, block] = each
        self.axis = self._axis()

    def _axis(self) -> np.ndarray:
        """Return n_x, n_y, n_z: cos(theta) and sin(theta) exp(i phi) between spherical harmonics."""
        n, m = self.n[None, :].astype(float), self.m[None, :]
        up, one_more = self.n[:, None] == self.n[None, :] + 1, self.m[:, None] == m + 1.0
        norm = np.sqrt((2.0 * n + 1.0) * (2.0 * n + 3.0))
        cosine = np.where(up & (self.m[:, None] == m), np.sqrt((n + 1.0) ** 2 - m**2) / norm, 0.0)
        rising = np.where(up & one_more, -np.sqrt((n + m + 1.0) * (n + m + 2.0)) / norm, 0.0)
        lowering = np.where(
            up & (self.m[:, None] == m - 1.0), np.sqrt((n - m + 1.0) * (n - m + 2.0)) / norm, 0.0
        )
        raised = rising + lowering.T  # sin(theta) exp(i phi); its adjoint has exp(-i phi)
        return np.array([0.5 * (raised + raised.T), -0.5j * (raised - raised.T), cosine + cosine.T])


def _kept(operator: np.ndarray, keep: np.ndarray, size: int) -> np.ndarray:
    """Return the block of an operator of rotor and spin in which only some of the rotor's states are kept."""
    states = (keep[:, None] * size + np.arange(size)).ravel()
    return operator[np.ix_(states, states)]


def _two_g(g: Any) -> tuple[float, float]:
    """Return g along and across the axis."""
    values = real_array("g", g, "1", "a number, or those along and across the axis")
    if values.shape not in ((), (2,)):
        raise ValueError(f"g must be a number, or those along and across the axis, got shape {values.shape}")
    along, across = np.broadcast_to(values, (2,))
    return float(along), float(across)
