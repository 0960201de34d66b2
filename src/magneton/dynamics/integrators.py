"""Fixed steps of the Landau-Lifshitz-Gilbert equation on the sphere, with or without a thermal field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from magneton import constants
from magneton._jit import parallel_for
from magneton.dynamics.terms.assembled import GRAIN, Energies
from magneton.kernels import moment_run
from magneton.kernels.moment_layout import LANES, SIZE
from magneton.kernels.moment_steps import (
    DEPONDT_MERTENS,
    GAUSS4,
    LIE_RK4,
    MIDPOINT,
    PHASES,
    STRANG,
    SWEEPS,
    TIMES,
)

#: Names of the methods.
METHODS = {
    "lie-rk4": LIE_RK4,
    "midpoint": MIDPOINT,
    "gauss4": GAUSS4,
    "depondt-mertens": DEPONDT_MERTENS,
    "strang": STRANG,
}
#: Those for runs with a temperature.
THERMAL = ("strang", "depondt-mertens", "midpoint")
#: Steps of moments, in full blocks, between two looks at whether the user has interrupted: a tenth of a second, or a
#: second if implicit steps need many iterations.
_BATCH = 2_000_000


def thermal_deviation(
    magnitude: np.ndarray, gamma: np.ndarray, alpha: np.ndarray, temperature: float, dt: float
) -> np.ndarray:
    """Return the standard deviation in T of each component of the thermal field over a step.

    In Gilbert's equation the thermal field is white, <b_i(t) b_j(t')> = 2 D delta_ij delta(t - t'). Solved for dm/dt
    it moves u at right angles by |gamma| b/sqrt(1 + alpha^2), so that u diffuses on the sphere with
    D_r = D gamma^2/(1 + alpha^2), while it drifts downhill with the mobility alpha |gamma'|/|m|. Boltzmann's
    distribution is at rest if D_r is k_B T times the mobility (Einstein): D = alpha k_B T/(|gamma| |m|)
    [Brown1963]_, [GarciaPalacios1998]_ eq. 2.14; a field that is constant over a step has the variance 2 D/dt.
    """
    return np.sqrt(2.0 * alpha * float(constants.k_B) * temperature / (np.abs(gamma) * magnitude * dt))


def angle_deviation(
    magnitude: np.ndarray, gamma: np.ndarray, alpha: np.ndarray, temperature: float, dt: float
) -> np.ndarray:
    """Return the standard deviation in rad of each component of the random rotation of half a step.

    The same diffusion as of `thermal_deviation`, D_r = alpha |gamma'| k_B T/|m|. A rotation about an even axis by the
    random angle theta multiplies the spherical harmonics of degree l by 1 - x <theta^2>/6 + x (3x - 1) <theta^4>/360,
    x = l(l + 1), up to the sixth moment. Diffusion for a time t multiplies them by exp(-x D), D = D_r t. With normal
    components of variance s^2, <theta^2> = 3 s^2 and <theta^4> = 15 s^4, both agree up to D^2 for
    s^2 = 2 D - D^2/3: so the scheme is weakly of order 2.
    """
    D = 0.5 * dt * alpha * np.abs(gamma) / (1.0 + alpha**2) * float(constants.k_B) * temperature / magnitude
    return np.sqrt(D * (2.0 - D / 3.0))


def random_key(seed: int) -> np.ndarray:
    """Return the key of a seed's random numbers."""
    return np.random.SeedSequence(seed).generate_state(2, np.uint64)


@dataclass(frozen=True, eq=False)
class Stepper:
    """What takes moments through steps.

    Attributes
    ----------
    energies : Energies
        The terms.
    method : int
        A code of `magneton.kernels.moment_steps`.
    dt : float
        The step in s.
    rates : ndarray, shape (n, 3)
        gamma' dt and alpha |gamma'| dt in 1/T, and the thermal field's standard deviation in T.
    key : ndarray of uint64, shape (2,)
        Of the random numbers.
    """

    energies: Energies
    method: int
    dt: float
    rates: np.ndarray
    key: np.ndarray

    @property
    def thermal(self) -> bool:
        """Whether there is a thermal field."""
        return bool(self.rates[:, 2].any())

    def advance(self, u: np.ndarray, before: int, steps: int) -> None:
        """Take the unit vectors u, shape (n, 3), through steps, in place.

        Raises
        ------
        ValueError
            If the iterations of an implicit step did not come to rest.
        """
        restless = self._coupled(u, before, steps) if self.energies.coupled else self._alone(u, before, steps)
        if restless:
            raise ValueError(
                "dt must be so short that the implicit steps come to rest: about 1/(|gamma| B), B what a moment "
                f"does to the field it feels, and alpha times all of it, got {self.dt:g} s"
            )

    def _alone(self, u: np.ndarray, before: int, steps: int) -> int:
        """Take moments that do not feel each other through steps, each through many at a time."""
        e = self.energies
        restless = np.zeros(e.blocks, dtype=np.int64)
        batch = max(1, _BATCH // (e.blocks * LANES))
        for begin in range(before, before + steps, batch):
            count = min(batch, before + steps - begin)

            def run(first: int, last: int, begin: int = begin, count: int = count) -> None:
                moment_run.advance(
                    self.method,
                    e.local,
                    e.width,
                    self.rates,
                    self.thermal,
                    self.key,
                    self.dt,
                    begin,
                    count,
                    u,
                    restless,
                    first,
                    last,
                )

            parallel_for(run, e.blocks, GRAIN if count < 100 else 1)
        return int(restless.sum())

    def _coupled(self, u: np.ndarray, before: int, steps: int) -> int:
        """Take all moments through a stage at a time."""
        e, n = self.energies, len(u)
        slabs, params = np.empty((e.blocks, SIZE)), np.empty((e.blocks, max(1, e.width) * LANES))
        field, y, still = np.empty((n, 3)), np.empty((n, 3)), np.ones(e.blocks, dtype=np.int64)
        restless = 0
        _blocks(e, lambda i, j: moment_run.begin_blocks(e.local, self.rates, u, slabs, params, i, j))
        for step in range(before, before + steps):
            now = self.method, self.thermal, self.key, step, slabs
            _blocks(e, lambda i, j, now=now: moment_run.begin_steps(*now, y, i, j))
            for _ in range(SWEEPS):
                for phase in range(PHASES[self.method]):
                    t = (step + TIMES[4 * self.method + phase]) * self.dt
                    e.coupled_field(y, field)
                    told = self.method, phase, e.local, t, slabs, params, field, y, still
                    _blocks(e, lambda i, j, told=told: moment_run.absorb_blocks(*told, i, j))
                if not still.any():
                    break
            restless += int(still.sum())
            _blocks(e, lambda i, j, now=now: moment_run.end_steps(*now, u, i, j))
        return restless


def _blocks(energies: Energies, body: Callable[[int, int], None]) -> None:
    """Call `body` on all blocks, in threads."""
    parallel_for(body, energies.blocks, GRAIN)
