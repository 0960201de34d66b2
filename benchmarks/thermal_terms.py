"""Thermal runs with an easy axis, a field aslant, and coupled pairs beside Boltzmann's averages by quadrature."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial import legendre
from scipy import stats

from _harness import Pace, Report
from _thermal_chain import GAMMA, K_B, MU
from magneton.dynamics import Exchange, SpinSystem, UniaxialAnisotropy, Zeeman
from thermal import METHODS, Mean

_ALPHA = 0.5
#: |gamma| k_B T/|m| dt: of what diffuses; fields are a few k_B T/|m|.
_SHORT = {"strang": 0.02, "depondt-mertens": 0.005, "midpoint": 0.005}
#: (1 + alpha^2) |m|/(2 alpha |gamma| k_B T): the time in which a free moment forgets.
_RELAXATION = (1.0 + _ALPHA**2) * MU / (2.0 * _ALPHA * abs(GAMMA) * K_B)
_BEFORE, _SAMPLES = 8, 12


@dataclass(frozen=True)
class Energy:
    """Groups of moments, each for itself: terms, an average of theirs, and its Boltzmann value."""

    name: str
    average: str
    size: int
    terms: Callable[[int], list[Any]]
    observable: Callable[[np.ndarray], np.ndarray]
    exact: float


def _axial(kappa: float, field: float, tilt: float) -> float:
    """Return <u_z> of exp(kappa u_z^2 + field.u), the field at an angle to z."""
    z, w = legendre.leggauss(80)
    phi = 2.0 * np.pi * np.arange(64) / 64
    across = field * np.sin(tilt) * np.sqrt(1.0 - z * z)
    weight = (
        w * np.exp(kappa * z * z + field * np.cos(tilt) * z) * np.exp(np.outer(np.cos(phi), across)).sum(0)
    )
    return float(weight @ z / weight.sum())


def _paired(along: float, across: float, field: float, function: Callable[..., np.ndarray]) -> float:
    """Return an average of exp(along z1 z2 + across (x1 x2 + y1 y2) + field (z1 + z2)), a function of z, z, cos phi."""
    z, w = legendre.leggauss(60)
    cosine = np.cos(2.0 * np.pi * np.arange(48) / 48)
    z1, z2, c = z[:, None, None], z[:, None], cosine
    rho = np.sqrt(1.0 - z1**2) * np.sqrt(1.0 - z2**2)
    weight = w[:, None, None] * w[:, None] * np.exp(along * z1 * z2 + across * rho * c + field * (z1 + z2))
    return float(np.sum(weight * function(z1, z2, rho * c)) / weight.sum())


def _pairs(J: Any, field: float) -> Callable[[int], list[Any]]:
    """Return the terms of pairs (0, 1), (2, 3), ...: a coupling in k_B T, number or matrix, and a field along z."""

    def terms(count: int) -> list[Any]:
        first = np.arange(0, 2 * count, 2)
        coupling = np.asarray(J, dtype=float) * K_B
        coupling = np.broadcast_to(coupling, (count, *coupling.shape))
        return [Exchange(coupling, pairs=(first, first + 1)), Zeeman([0.0, 0.0, field * K_B / MU])]

    return terms


def _energies() -> list[Energy]:
    aslant = np.array([np.sin(1.0), 0.0, np.cos(1.0)]) * 2.0 * K_B / MU
    axis = UniaxialAnisotropy(2.0 * K_B)
    #: Two dipoles on a line along z, mu_0 m^2/(4 pi r^3) = k_B T.
    dipoles = np.diag([-1.0, -1.0, 2.0])
    return [
        Energy(
            "easy axis 2, field 1",
            "<u_z>",
            1,
            lambda n: [axis, Zeeman([0.0, 0.0, K_B / MU])],
            lambda u: u[..., 0, 2],
            _axial(2.0, 1.0, 0.0),
        ),
        Energy(
            "hard axis 2, field 2 at 1 rad",
            "<u_z>",
            1,
            lambda n: [UniaxialAnisotropy(-2.0 * K_B), Zeeman(aslant)],
            lambda u: u[..., 0, 2],
            _axial(-2.0, 2.0, 1.0),
        ),
        Energy(
            "exchange pair 2",
            "<u1.u2>",
            2,
            _pairs(2.0, 0.0),
            lambda u: np.sum(u[..., 0, :] * u[..., 1, :], axis=-1),
            _paired(2.0, 2.0, 0.0, lambda z1, z2, across: z1 * z2 + across),
        ),
        Energy(
            "exchange pair -2, field 1.5",
            "<u_z>",
            2,
            _pairs(-2.0, 1.5),
            lambda u: u[..., 2].mean(axis=-1),
            _paired(-2.0, -2.0, 1.5, lambda z1, z2, across: 0.5 * (z1 + z2)),
        ),
        Energy(
            "dipole pair 1, field 1",
            "<u1z u2z>",
            2,
            _pairs(dipoles, 1.0),
            lambda u: u[..., 0, 2] * u[..., 1, 2],
            _paired(2.0, -1.0, 1.0, lambda z1, z2, across: z1 * z2),
        ),
    ]


def _sampled(case: Energy, method: str, groups: int, seed: int) -> Mean:
    u = np.random.default_rng([seed, 1]).normal(size=(groups * case.size, 3))
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    dt = _SHORT[method] * MU / (abs(GAMMA) * K_B)
    every = round(_RELAXATION / dt)
    times = every * dt * np.arange(_BEFORE, _BEFORE + _SAMPLES)
    system = SpinSystem(MU * u, terms=case.terms(groups), alpha=_ALPHA)
    run = system.run(times[-1], dt=dt, method=method, temperature=1.0, seed=seed, times=times, progress=False)
    grouped = run.moments.reshape(len(times), groups, case.size, 3) / MU
    return Mean(case.observable(grouped).mean(axis=0))


def energies(quick: bool, pace: Pace) -> Report:
    """Every method in every energy; seeds 1000 method + energy, counted from 0, fixed beforehand."""
    groups, rows = 128 if quick else 4096, []
    for k, case in enumerate(_energies()):
        for i, method in enumerate(METHODS):
            mean = _sampled(case, method, groups, 1000 * i + k)
            rows.append(
                {
                    "energy in k_B T": case.name,
                    "method": method,
                    "average": case.average,
                    "run": f"{mean.value:.5f}",
                    "error": f"{mean.error:.5f}",
                    "quadrature": f"{case.exact:.5f}",
                    "deviation/error": mean.score(case.exact),
                }
            )
    chi = float(sum(row["deviation/error"] ** 2 for row in rows))
    notes = [
        f"{groups} moments or pairs each, {_SAMPLES} samples, from random directions; errors: scatter between them",
        "steps of |gamma| k_B T/|m| dt: " + ", ".join(f"{m} {h}" for m, h in _SHORT.items()),
        f"chi-square {chi:.1f} of {len(rows)}, p = {stats.chi2.sf(chi, len(rows)):.2f}",
    ]
    return Report("Thermal runs beside Boltzmann's averages", rows, notes)
