"""How far moments turn in a fixed step: what a run is warned of, or refused."""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

import numpy as np

from magneton import constants
from magneton.kernels import moment_terms as codes

if TYPE_CHECKING:
    from magneton.dynamics.spin_system import SpinSystem
    from magneton.dynamics.terms.assembled import Energies

#: |gamma| B dt that runs are warned of: with a temperature mean moments are then wrong by per cents, without one the
#: phases of the methods of order 2 are, in each step.
_FAST_THERMAL, _FAST = 0.1, 1.0
#: Random turns of a component in a step, in rad, that make means wrong by a per cent or more in weak fields, by the
#: orders of the methods in the variance; and those that no mean survives.
_RANDOM, _RANDOM_STRANG, _MOST_RANDOM = 0.2, 0.6, 1.0
#: The largest |B_eff| of cubic anisotropy in units of |K1|/|m|, at the body's diagonals.
_CUBIC = 4.0 / 3.0


def random_turn(system: SpinSystem, temperature: float, dt: float) -> float:
    """Return the largest root mean square turn of a component in a step, sqrt(2 D_r dt).

    D_r = alpha/(1 + alpha^2) |gamma| k_B T/|m| is the rotational diffusion of `thermal_deviation`.

    Raises
    ------
    ValueError
        If it is above a radian.
    """
    slower = np.abs(system.gamma) / (1.0 + system.alpha**2)
    variance = 2.0 * system.alpha * slower * float(constants.k_B) * temperature * dt / system.magnitude
    turn = math.sqrt(variance.max())
    if turn > _MOST_RANDOM:
        raise ValueError(f"dt must be at most {dt / turn**2:.3g} s at this temperature, got {dt:.3g} s")
    return turn


def _crests(shape: int, p: float, q: float) -> list[float]:
    """Return when a waveform is largest, its ends apart."""
    if shape == codes.SINE and p:
        return [(0.5 * math.pi - q) / p % (math.pi / abs(p))]
    return [p] if shape == codes.PULSE else []


def _wave_bound(rows: np.ndarray, duration: float) -> np.ndarray:
    """Return the largest field of a waveform from now on, at each moment: between crests it is monotonous."""
    shape, p, q, r = rows[0, 6:]
    times = [0.0, duration, *(min(max(t, 0.0), duration) for t in _crests(int(shape), p, q))]
    weights = [codes.wave(int(shape), p, q, r, t) for t in times]
    return np.max([np.linalg.norm(c * rows[:, :3] + d * rows[:, 3:6], axis=1) for c, d in weights], axis=0)


def _term_bound(kind: int, rows: np.ndarray, duration: float) -> np.ndarray:
    """Return the largest field of a term in T, whatever the moments' directions: one for all or one for each."""
    if kind == codes.CONSTANT:
        return np.linalg.norm(rows, axis=1)
    if kind == codes.WAVE:
        return _wave_bound(rows, duration)
    if kind == codes.UNIAXIAL:
        return np.abs(rows[:, 3])
    if kind == codes.CUBIC:
        return _CUBIC * np.abs(rows[:, 9])
    xx, yy, zz, xy, yz, zx = rows.T
    Q = np.moveaxis(np.array([[xx, xy, zx], [xy, yy, yz], [zx, yz, zz]]), -1, 0)
    return np.abs(np.linalg.eigvalsh(Q)).max(axis=1)


def field_bound(energies: Energies, duration: float) -> np.ndarray:
    """Return how strong the field of the terms of single moments can become in a run, in T, shape (n,)."""
    bound = np.zeros(len(energies.moments))
    for kind, count, start in zip(*energies.local[:3], strict=True):
        width = codes.WIDTHS[kind]
        rows = energies.local[3][start : start + count * width].reshape(count, width)
        bound += _term_bound(kind, rows, duration)
    return bound


class TurnWatch:
    """Warns once if moments turn far in a step: of what can be known before a run, and of the fields it meets.

    The fields of the terms of single moments have bounds; those of terms that couple moments are looked at at the
    start and whenever moments are written down.
    """

    def __init__(
        self, system: SpinSystem, method: str, dt: float, duration: float, temperature: float
    ) -> None:
        """Look at the start of a run."""
        self._rate = np.abs(system.gamma) * dt
        self._thermal = temperature > 0.0
        self._most_random = _RANDOM_STRANG if method == "strang" else _RANDOM
        energies = system._energies
        self._done = not energies.coupled
        u = system.moments / system.magnitude[:, None]
        coupled = np.linalg.norm(energies.coupled_field(u, np.empty_like(u)), axis=1)
        turn = float((self._rate * (field_bound(energies, duration) + coupled)).max())
        self._warn(turn, random_turn(system, temperature, dt), 4)

    def look(self, field: np.ndarray) -> None:
        """Look at a field met on the way, in T, shape (n, 3); there is nothing new in bounded ones."""
        if not self._done:
            self._warn(float((self._rate * np.linalg.norm(field, axis=1)).max()), 0.0, 2)

    def _warn(self, turn: float, random: float, level: int) -> None:
        parts = []
        if self._thermal and turn > _FAST_THERMAL:
            parts.append(
                f"|gamma| B dt is {turn:.2g}: above {_FAST_THERMAL} thermal means may be wrong by per cents"
            )
        elif turn > _FAST:
            parts.append(
                f"dt is long: moments turn by {turn:.2g} rad in a step, |gamma| B dt; above {_FAST:g} their motion may "
                "not be resolved"
            )
        if random > self._most_random:
            parts.append(
                f"the thermal field turns moments by {random:.2g} rad in a step: above {self._most_random} thermal "
                "means may be wrong by per cents"
            )
        if parts:
            self._done = True
            warnings.warn("; ".join(parts), stacklevel=level)
