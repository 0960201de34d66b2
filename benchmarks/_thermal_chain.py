"""What the thermal methods' means are at a finite step, without a random number.

In a field and an anisotropy along z, a step takes u_z to a random u_z'. The library's own step is taken from Gauss's
nodes in u_z, under every thermal field of a product rule of Gauss and Hermite; the averages of Legendre polynomials of
u_z' are a matrix, and the distribution that it leaves as it is has the mean that a run tends to. Strang's random
rotations multiply polynomials by numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import hermite_e, legendre

from magneton import constants
from magneton.dynamics import SpinSystem, UniaxialAnisotropy, Zeeman
from magneton.dynamics.integrators import angle_deviation, thermal_deviation

MU, K_B, GAMMA = float(constants.mu_B), float(constants.k_B), float(constants.gamma_e)


@dataclass(frozen=True)
class Case:
    """Moments of one Bohr magneton at 1 K: xi = |m| B/(k_B T), kappa = K/(k_B T), Gilbert's alpha."""

    xi: float
    kappa: float = 0.0
    alpha: float = 0.5

    @property
    def field(self) -> np.ndarray:
        """B in T, along z."""
        return np.array([0.0, 0.0, self.xi * K_B / MU])

    def dt(self, h: float) -> float:
        """Return the step in s for h = |gamma| (B + 2 k_B T/|m|) dt, what turns and what diffuses."""
        return h / (abs(GAMMA) * (self.xi + 2.0) * K_B / MU)

    def system(self, u: np.ndarray, B: np.ndarray) -> SpinSystem:
        """Return moments of directions u in fields B."""
        easy = [UniaxialAnisotropy(self.kappa * K_B)] if self.kappa else []
        return SpinSystem(MU * u, terms=[Zeeman(B), *easy], alpha=self.alpha)

    def exact(self) -> float:
        """Return Boltzmann's <u_z>; Langevin's function without anisotropy."""
        z, w = legendre.leggauss(80)
        weights = w * np.exp(self.xi * (z - 1.0) + self.kappa * (z * z - 1.0))
        return float(weights @ z / weights.sum())


def chain_mean(case: Case, method: str, dt: float, nodes: int = 44, order: int = 8) -> float:
    """Return <u_z> of endless runs of steps dt."""
    z, w = legendre.leggauss(nodes)
    u = np.stack([np.sqrt(1.0 - z * z), np.zeros(nodes), z], axis=1)
    if method == "strang":
        return _strang_mean(case, dt, u, w)
    sigma = _deviation(thermal_deviation, case, dt)
    g, weights = _normal_rule(order)
    ends = _step(case, np.repeat(u, len(g), axis=0), np.tile(case.field + sigma * g, (nodes, 1)), dt, method)
    moved = legendre.legvander(ends, nodes - 1).reshape(nodes, len(g), nodes)
    unmoved = legendre.legvander(z, nodes - 1)
    matrix = (np.einsum("igl,g->il", moved, weights) - unmoved).T
    return float(_at_rest(matrix, unmoved[:, 0]) @ z)


def _strang_mean(case: Case, dt: float, u: np.ndarray, w: np.ndarray) -> float:
    """Return <u_z> from averages q_l of polynomials: random rotation, step, random rotation."""
    count = len(w)
    factors = _rotation_factors(_deviation(angle_deviation, case, dt), count)
    moved = legendre.legvander(_step(case, u, case.field, dt, "depondt-mertens"), count - 1)
    density = w[:, None] * legendre.legvander(u[:, 2], count - 1) * (np.arange(count) + 0.5)
    matrix = (factors[:, None] * moved.T) @ (density * factors) - np.eye(count)
    return float(_at_rest(matrix, np.eye(count)[0])[1])


def _at_rest(matrix: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return what the matrix takes to nothing, of the given total 1; its row 0 is empty, as nothing is lost."""
    matrix = matrix.copy()
    matrix[0] = total
    return np.linalg.solve(matrix, np.eye(len(total))[0])


def _deviation(function: Callable[..., np.ndarray], case: Case, dt: float) -> float:
    one = np.ones(1)
    return float(function(MU * one, GAMMA * one, case.alpha * one, 1.0, dt)[0])


def _step(case: Case, u: np.ndarray, B: np.ndarray, dt: float, method: str) -> np.ndarray:
    """Return u_z after one step of the library without a temperature."""
    run = case.system(u, B).run(dt, dt=dt, method=method, times=[dt], progress=False)
    return run.moments[-1, :, 2] / MU


def _normal_rule(order: int) -> tuple[np.ndarray, np.ndarray]:
    """Return nodes (order^3, 3) and weights of three independent normal numbers."""
    x, w = hermite_e.hermegauss(order)
    w = w / w.sum()
    nodes = np.stack(np.meshgrid(x, x, x, indexing="ij"), axis=-1).reshape(-1, 3)
    return nodes, np.einsum("i,j,k->ijk", w, w, w).ravel()


def _rotation_factors(sigma: float, count: int) -> np.ndarray:
    """Return what a rotation by a vector of normal components multiplies P_0 .. by: <chi_l(angle)>/(2 l + 1)."""
    x, w = legendre.leggauss(160)
    angle = 4.5 * sigma * (x + 1.0)
    maxwell = w * angle**2 * np.exp(-0.5 * (angle / sigma) ** 2)
    odd = 2.0 * np.arange(count)[:, None] + 1.0
    characters = np.sin(0.5 * odd * angle) / (odd * np.sin(0.5 * angle))
    return characters @ maxwell / maxwell.sum()
