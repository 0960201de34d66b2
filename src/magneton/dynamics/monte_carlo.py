"""Monte Carlo of classical moments on a lattice: averages at a temperature, without their motion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np

from magneton import _check
from magneton._jit import parallel_for
from magneton.constants import k_B
from magneton.dynamics._estimates import BLOCKS
from magneton.dynamics._monte_carlo_result import MonteCarloResult, unit_vector
from magneton.dynamics.terms._couplings import NeighbourTable
from magneton.dynamics.terms.base import Moments
from magneton.dynamics.terms.exchange import Exchange
from magneton.kernels.lattice_monte_carlo import (
    HEAT_BATH,
    METROPOLIS,
    REFLECTION,
    colour_sites,
    move_sites,
)

MonteCarloMethod = Literal["heat bath", "metropolis"]
_MOVES = {"heat bath": HEAT_BATH, "metropolis": METROPOLIS}
_GRAIN = 1000
_LOW = 0xFFFFFFFF
#: Energies over k_B T up to which their squares, sums over neighbours among them, are finite.
_LARGEST = 1e100


@dataclass(frozen=True, eq=False)
class MonteCarloState:
    """Where a Monte Carlo is: unit vectors, sweeps done, and the width of Metropolis moves."""

    u: np.ndarray
    sweep: int
    cone: float


class MonteCarlo:
    """Classical moments coupled by exchange, in thermal equilibrium.

    Parameters
    ----------
    exchange : Exchange
        On a lattice, or by pairs; its J are numbers, not matrices.
    magnitude : float or array_like, shape (n,), A m^2
        |m|; it matters only in a field B and for susceptibilities.
    B : array_like, shape (3,) or (n, 3), T, optional
        Field from outside.
    K : float, J, optional
        Uniaxial anisotropy, E = -K (u.axis)^2 per moment.
    axis : array_like, shape (3,), optional
        Its axis.
    method : {"heat bath", "metropolis"}
        Draw each moment from its distribution in the field it sees, or turn it within a cone and accept or reject;
        the cone's width is set while a run thermalizes so that half the moves are accepted.
    reflections : int, optional
        Sweeps of reflections about the local field after each: they keep the energy and decorrelate near T_C.
    start : {"aligned", "random"} or array_like, shape (n, 3), optional
        Along the axis, drawn from the sphere, or these directions.
    seed : int
        From 0 up to 2^64.

    Raises
    ------
    ValueError
        If a shape, sign or name is wrong.

    Notes
    -----
    One sweep moves each site once, colour by colour: sites of a colour do not see each other. Results depend neither
    on threads nor on how runs are cut: `state` and `restore` carry one on. [Metropolis1953]_, [Miyatake1986]_;
    reflections [Creutz1987]_.

    Examples
    --------
    Three moments that do not see each other, x = mB/(k_B T) = 2: Langevin's L(2) = 0.537.

    >>> from magneton.dynamics import Exchange, MonteCarlo
    >>> from magneton.constants import k_B, mu_B
    >>> free = MonteCarlo(Exchange(0.0, pairs=([0], [2])), mu_B, B=[0, 0, 2 * k_B / mu_B], seed=1)
    >>> m = free.run(1.0, 6400).magnetization_along([0, 0, 1])
    >>> abs(m.value - 0.5373) < 4 * m.error < 0.03
    True
    """

    def __init__(
        self,
        exchange: Exchange,
        magnitude: Any,
        *,
        B: Any = (0.0, 0.0, 0.0),
        K: float = 0.0,
        axis: Any = (0.0, 0.0, 1.0),
        method: MonteCarloMethod = "heat bath",
        reflections: int = 0,
        start: Any = "aligned",
        seed: int,
    ) -> None:
        if method not in get_args(MonteCarloMethod):
            raise ValueError(
                f"method must be one of {get_args(MonteCarloMethod)}, got {_check.shown(method)}"
            )
        self._move = _MOVES[method]
        self._reflections = _check.integer("reflections", reflections, 0)
        i, j, J = exchange.bonds()
        if J.ndim > 1:
            raise ValueError("exchange must have numbers for J, got matrices")
        count = len(exchange.lattice) if exchange.lattice is not None else int(max(i.max(), j.max())) + 1
        self._moments = Moments(_magnitudes(magnitude, count))
        self._fields = self._moments.magnitude[:, None] * _fields(B, count)
        self._K, self._axis = _check.number("K", K, "J"), unit_vector("axis", axis)
        self._table = NeighbourTable.of(count, i, j)
        self._J = np.ascontiguousarray(J[self._table.bonds])
        self._term = exchange.compiled(self._moments)
        self._key = _key(seed)
        self._colours = self._coloured()
        self._u, self._sweep, self._cone = _started(start, self._axis, count, self._key), 0, 1.0

    def _coloured(self) -> list[np.ndarray]:
        """Return the sites of each colour."""
        colours = colour_sites(self._table.starts, self._table.sites)
        return [np.flatnonzero(colours == c) for c in range(colours.max() + 1)]

    @property
    def u(self) -> np.ndarray:
        """The moments' unit vectors, shape (n, 3), a copy."""
        return self._u.copy()

    @property
    def state(self) -> MonteCarloState:
        """Where it is, for `restore`."""
        return MonteCarloState(self.u, self._sweep, self._cone)

    def restore(self, state: MonteCarloState) -> None:
        """Go on from a state of a Monte Carlo that was made alike."""
        if state.u.shape != self._u.shape:
            raise ValueError(f"state must have u of shape {self._u.shape}, got {state.u.shape}")
        self._u, self._sweep, self._cone = state.u.copy(), state.sweep, state.cone

    def energy(self) -> float:
        """Return the energy of the moments as they are, in J; every bond counts once."""
        along = self._u @ self._axis
        outside = float(np.sum(self._fields * self._u)) + self._K * float(along @ along)
        return self._term.energy(self._u) - outside

    def run(
        self, temperature: float, samples: int, *, thermalize: int | None = None, every: int = 1
    ) -> MonteCarloResult:
        """Sweep at a temperature in K and sample; moments go on from where they are.

        Parameters
        ----------
        temperature : float
            In K, positive; energies of 1e100 k_B T and more are refused.
        samples : int
            32 or more.
        thermalize : int, optional
            Sweeps before the first sample, in which Metropolis's cone is set; a fifth of those after it by default.
        every : int, optional
            Sweeps for each sample.
        """
        kT = float(k_B) * _check.positive("temperature", temperature, "K")
        samples, every = _check.integer("samples", samples, BLOCKS), _check.integer("every", every, 1)
        warm = samples * every // 5 if thermalize is None else _check.integer("thermalize", thermalize, 0)
        scales = np.abs(self._J), np.abs(self._fields), np.array([abs(self._K)])
        largest = max(float(each.max(initial=0.0)) for each in scales)
        if not largest < _LARGEST * kT:
            raise ValueError(
                f"temperature must be above {largest / _LARGEST / float(k_B):.2g} K, energies over k_B T overflow "
                f"below, got {temperature:g}"
            )
        scaled = self._J / kT, self._fields / kT, self._K / kT
        for _ in range(warm):
            self._adapt(self._swept(scaled))
        m, energy, accepted = np.empty((samples, 3)), np.empty(samples), 0.0
        weights = self._moments.magnitude / self._moments.magnitude.sum()
        for k in range(samples):
            accepted += sum(self._swept(scaled) for _ in range(every)) / (samples * every)
            m[k], energy[k] = weights @ self._u, self.energy()
        total = float(self._moments.magnitude.sum())
        return MonteCarloResult(float(temperature), m, energy, total, accepted)

    def _swept(self, scaled: tuple) -> float:
        """Move every site once, then reflect; return the share of accepted moves."""
        accepted = self._moved(self._move, scaled)
        for _ in range(self._reflections):
            self._moved(REFLECTION, scaled)
        return accepted / len(self._u)

    def _moved(self, move: int, scaled: tuple) -> int:
        table, accepted = self._table, []
        rest = table.starts, table.sites, *scaled, self._axis, self._cone, self._key
        for sites in self._colours:

            def body(first: int, last: int, sites: np.ndarray = sites) -> None:
                accepted.append(move_sites(move, self._u, sites, first, last, *rest, self._sweep))

            parallel_for(body, len(sites), _GRAIN)
        self._sweep += 1
        return sum(accepted)

    def _adapt(self, accepted: float) -> None:
        if self._move == METROPOLIS:
            self._cone = min(2.0, self._cone * (0.5 + accepted))


def _magnitudes(magnitude: Any, count: int) -> np.ndarray:
    values = _check.non_negatives("magnitude", magnitude, "A m^2")
    if values.shape not in ((), (count,)) or not np.all(values):
        raise ValueError(f"magnitude must be positive, one number or {count}, got {_check.shown(magnitude)}")
    return np.ascontiguousarray(np.broadcast_to(values, (count,)))


def _fields(B: Any, count: int) -> np.ndarray:
    fields = _check.numbers("B", B, "T")
    if fields.shape not in ((3,), (count, 3)):
        raise ValueError(f"B must have shape (3,) or ({count}, 3), got shape {fields.shape}")
    return fields


def _key(seed: Any) -> np.ndarray:
    number = _check.integer("seed", seed, 0)
    if number >= 2**64:
        raise ValueError(f"seed must be below 2^64, got {number}")
    return np.array([number & _LOW, number >> 32], dtype=np.uint64)


def _started(start: Any, axis: np.ndarray, count: int, key: np.ndarray) -> np.ndarray:
    if isinstance(start, str):
        if start == "aligned":
            return np.tile(axis, (count, 1))
        if start == "random":
            u = np.random.default_rng(key).normal(size=(count, 3))
            return u / np.linalg.norm(u, axis=1, keepdims=True)
        raise ValueError(f"start must be 'aligned', 'random' or directions, got {start!r}")
    u = _check.vectors("start", start)
    if u.shape != (count, 3) or not np.all(np.any(u, axis=1)):
        raise ValueError(f"start must be {count} vectors that are not zero, got shape {u.shape}")
    return u / np.linalg.norm(u, axis=1, keepdims=True)
