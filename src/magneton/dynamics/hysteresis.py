"""Hysteresis, ever so slow: the moments stay in their well until it ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.dynamics._descent import Descent
from magneton.dynamics._landscape import Landscape
from magneton.dynamics._loops import HysteresisLoop, Jump
from magneton.dynamics.minimizer import STEPS, directions
from magneton.dynamics.spin_system import SpinSystem
from magneton.dynamics.terms.assembled import Energies
from magneton.dynamics.terms.waveforms import unit_vectors

#: Moments that are not back within so many rad when the field is, have left their well.
_SAME = 1e-3
#: Those that have turned by more may have left it, and come back to it by another jump: the way is looked at in parts,
#: so many times halved at most, without and with a width to reach.
_NEAR, _HALVINGS = 0.5, (20, 50)


def hysteresis_loop(
    system: SpinSystem,
    B: Any,
    direction: Any = (0.0, 0.0, 1.0),
    *,
    moments: Any = None,
    refine: float | None = None,
    t: float = 0.0,
    rtol: float = 1e-10,
    max_steps: int = STEPS,
) -> HysteresisLoop:
    """Return how moments follow a field that changes ever so slowly, at no temperature.

    Parameters
    ----------
    system : SpinSystem
        The moments and the terms of their energy, without the field.
    B : array_like, shape (k,) or (k, 3), tesla
        The fields, one after another: along the direction, or vectors.
    direction : array_like, shape (3,)
        Along which the loop is read; its length does not matter.
    moments : array_like, shape (n, 3), A m^2, optional
        At the start, before they come to rest in the first field; by default those of the system.
    refine : float, optional
        How well the fields of jumps are to be known, as a part of the largest field; by default only up to half the
        step of the field. Each jump costs two or three minimizations for each halving of that.
    t : float, second
        At which terms that change in time are taken.
    rtol, max_steps
        For the minimizations: see `minimize_energy`.

    Returns
    -------
    HysteresisLoop
        The moments in each field, and the jumps.

    Raises
    ------
    RuntimeError
        If the moments do not come to rest in a field.

    Notes
    -----
    In each field the moments go downhill from where they were in the last one, by steps too short for barriers
    (`minimize_energy`): they stay in their well while there is one. That they have left it is seen by taking the field
    back: a jump is what is not undone, or what no part of the way, however small, divides. After a jump they come to
    rest where the slope leads; true moments, which precess with little damping, may arrive in another well if there are
    several.

    Along wells dE = -m.dB, so that the loss of a closed cycle is the heat of the jumps.

    Examples
    --------
    >>> import numpy as np
    >>> from magneton.dynamics import SpinSystem, UniaxialAnisotropy, hysteresis_loop
    >>> axis = [np.sin(np.radians(10.0)), 0.0, np.cos(np.radians(10.0))]
    >>> particle = SpinSystem([0.0, 0.0, 1.0], terms=[UniaxialAnisotropy(0.5, axis)])
    >>> field = 1.2 * np.cos(np.linspace(0.0, 2.0 * np.pi, 49))
    >>> loop = hysteresis_loop(particle, field, refine=1e-8)
    >>> round(loop.coercive_field, 6), round(loop.remanent_moment, 6), len(loop.jumps)
    (0.673805, 0.984808, 2)
    """
    along = unit_vectors("direction", direction, one=True)
    fields = _fields(B, along)
    step = None if refine is None else _check.fraction("refine", refine) * float(np.abs(fields).max())
    follower = _Follower(
        directions(system, moments),
        system._energies,
        _check.number("t", t, "s"),
        _check.fraction("rtol", rtol),
        _check.integer("max_steps", max_steps, 1),
        step,
    )
    found, energy, jumps = follower.follow(fields)
    return HysteresisLoop(fields, along, found, energy, tuple(jumps))


def _fields(B: Any, along: np.ndarray) -> np.ndarray:
    """Return the fields as vectors, shape (k, 3)."""
    array = _check.numbers("B", B, "T")
    if array.size == 0 or array.ndim not in (1, 2) or (array.ndim == 2 and array.shape[1] != 3):
        raise ValueError(f"B must have shape (k,) or (k, 3) with k > 0, got shape {array.shape}")
    return array[:, None] * along if array.ndim == 1 else array


@dataclass(frozen=True, eq=False)
class _Follower:
    """Takes moments from field to field."""

    start: np.ndarray
    energies: Energies
    time: float
    rtol: float
    max_steps: int
    step: float | None

    def follow(self, fields: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[Jump]]:
        """Return the moments in each field, shape (k, n, 3), their energies, and the jumps."""
        u, _ = self._rest(self.start, fields[0])
        found, energy, jumps = np.empty((len(fields), *u.shape)), np.empty(len(fields)), []
        for k, B in enumerate(fields):
            if k:
                u, new = self._to(u, k, fields[k - 1], B, _HALVINGS[self.step is not None])
                jumps += new
            found[k], energy[k] = u, Landscape(self.energies, self.time, B).energy(u)
        return found * self.energies.moments.magnitude[:, None], energy, jumps

    def _to(
        self, u: np.ndarray, index: int, start: np.ndarray, stop: np.ndarray, halvings: int
    ) -> tuple[np.ndarray, list[Jump]]:
        """Return the moments in the field `stop`, and the jumps on the way from `start`."""
        new, back = self._there_and_back(u, start, stop)
        came_back = bool(_turn(u, back) <= _SAME)
        if came_back and _turn(u, new) <= _NEAR:
            return new, []
        width = float(np.linalg.norm(stop - start))
        known = not came_back if self.step is None else width <= 2.0 * self.step
        if known or halvings == 0:
            return new, [self._jump(index, u, new, start, stop)]
        middle = 0.5 * (start + stop)
        u, first = self._to(u, index, start, middle, halvings - 1)
        new, second = self._to(u, index, middle, stop, halvings - 1)
        return new, first + second

    def _jump(self, index: int, u: np.ndarray, new: np.ndarray, start: np.ndarray, end: np.ndarray) -> Jump:
        """Return the jump between two fields, at their middle."""
        magnitude = self.energies.moments.magnitude[:, None]
        middle = Landscape(self.energies, self.time, 0.5 * (start + end))
        return Jump(
            index,
            middle.applied,
            0.5 * float(np.linalg.norm(end - start)),
            magnitude * u,
            magnitude * new,
            middle.energy(u) - middle.energy(new),
        )

    def _there_and_back(
        self, u: np.ndarray, start: np.ndarray, stop: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the moments at rest in the field `stop`, and back in the field `start`."""
        new, smooth = self._rest(u, stop)
        if smooth:
            return new, u
        return new, self._rest(new, start)[0]

    def _rest(self, u: np.ndarray, B: np.ndarray) -> tuple[np.ndarray, bool]:
        """Return the directions at rest, and whether all the way was in one well."""
        descent = Descent(Landscape(self.energies, self.time, B), u, self.rtol)
        if not descent.run(self.max_steps):
            raise RuntimeError(
                f"the moments have not come to rest in B = {B.tolist()} T in {self.max_steps} steps: "
                f"the residual is {descent.residuals.max():.2g}"
            )
        return descent.u, bool(descent.smooth.all())


def _turn(u: np.ndarray, v: np.ndarray) -> float:
    """Return the largest distance between directions, about the angle in rad."""
    return float(np.linalg.norm(v - u, axis=1).max())
