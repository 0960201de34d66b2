"""A spin coupled to a nucleus's, both in a magnetic field."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import constants
from magneton._check import number
from magneton.quantum.angular import MOST_LEVELS, embedded, half_integer, spin_operators
from magneton.quantum.levels import Levels
from magneton.quantum.spin_hamiltonians import spin_energy, spin_hamiltonian


def hyperfine_spin(
    spin: float, nuclear_spin: float, *, A: Any, g_nuclear: float = 0.0, **given: Any
) -> Levels:
    """Return the levels of a spin with a nucleus: S.A.I - g_I mu_N B.I is added to the spin's own Hamiltonian.

    Parameters
    ----------
    spin : float
        S: 1/2, 1, ...; its other parameters follow as keywords.
    nuclear_spin : float
        I: 1/2, 1, ...
    A : float or array_like, shape (3,) or (3, 3)
        Hyperfine coupling in J: a number, the principal values along the axes of g, or the tensor; h times 1 MHz is
        ``energy_from(1.0, "MHz")``.
    g_nuclear : float
        g_I = mu/(I mu_N), positive if the moment is along the spin; 0 leaves the nucleus's own moment out.
    **given
        g, D, E: see `spin_hamiltonian`.

    Returns
    -------
    Levels
        With (2 S + 1)(2 I + 1) levels in the basis |m_S, m_I>, m_S varying slowest.

    Notes
    -----
    [AbragamBleaney1970]_ ch. 3.

    Examples
    --------
    A nitroxide, with its 14N:

    >>> from magneton.quantum import energy_from, hyperfine_spin
    >>> coupling = energy_from([20.0, 20.0, 100.0], "MHz")
    >>> hyperfine_spin(0.5, 1.0, g=[2.009, 2.006, 2.002], A=coupling, g_nuclear=0.4038)
    <Levels: 6 levels>
    """
    count = (2.0 * half_integer("spin", spin) + 1.0) * (
        2.0 * half_integer("nuclear_spin", nuclear_spin) + 1.0
    )
    if count > MOST_LEVELS:
        raise ValueError(
            f"spin and nuclear_spin must have {MOST_LEVELS} levels together at most, got {count:g}"
        )
    s, i = spin_operators(spin), spin_operators(nuclear_spin)
    electron = spin_hamiltonian(spin, **given)
    sizes = (s.shape[-1], i.shape[-1])
    first, second = embedded(s, 0, sizes), embedded(i, 1, sizes)
    coupling = np.einsum("ij,iab,jbc->ac", _tensor(A), first, second)
    moments = embedded(electron.moment_operators, 0, sizes)
    nuclear = number("g_nuclear", g_nuclear) * float(constants.mu_N)
    return Levels(embedded(electron.hamiltonian, 0, sizes) + coupling, moments + nuclear * second)


def _tensor(A: Any) -> np.ndarray:
    value = spin_energy("A", A, "a number, 3 principal values or a matrix (3, 3)")
    if value.shape not in ((), (3,), (3, 3)):
        raise ValueError(
            f"A must be a number, 3 principal values or a matrix (3, 3), got shape {value.shape}"
        )
    return value if value.ndim == 2 else value * np.eye(3)
