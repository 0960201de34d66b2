"""The hand-over between guiding centres and full orbits: where, and from state to state."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton.orbits._adiabaticity import adiabaticity
from magneton.orbits._guiding_orbit import GuidingCentreOrbit
from magneton.orbits._guiding_state import guiding_state, moving, particle_state
from magneton.orbits._hybrid_orbit import Segment
from magneton.orbits._trace import trace
from magneton.orbits._vectors import C, dot, norm, unit
from magneton.orbits.events import Crossing
from magneton.orbits.fields.base import OrbitField
from magneton.orbits.guiding import follow, guiding_problem
from magneton.orbits.gyration import perpendicular_basis
from magneton.orbits.orbit import Orbit
from magneton.orbits.species import Species

#: Where the field is looked at, in Larmor radii from the guiding centre: a particle is not yet there.
REACH = 1.5
# A full orbit goes on until the ratio is below this part of the threshold, so that they do not alternate on its line.
_BACK = 0.8
_ANGLES = np.linspace(0.0, 2.0 * np.pi, 8, endpoint=False)


def ring_ratio(
    field: OrbitField, species: Species, R: np.ndarray, u: np.ndarray, mu: np.ndarray, t: np.ndarray
) -> np.ndarray:
    """Return how far guiding centres (n, 3) are from where the theory holds: a ratio of the kind rho/L, shape (n,).

    The larger of `adiabaticity` at the centre, and of the change of B, relative to it, at 1.5 Larmor radii around it
    and along B: a thin sheet is seen before the particle meets it, however thin it is. inf where B is not defined.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        B = field.B(R, t)
        b, strength = unit(B), norm(B)
        momentum = species.mass / abs(species.charge) / strength
        across = np.sqrt(2.0 * mu * strength / species.mass)
        rho, whole = REACH * momentum * across, REACH * momentum * np.hypot(u, across)
        e1, e2 = perpendicular_basis(B)
        probes = [R + rho[:, None] * (math.cos(a) * e1 + math.sin(a) * e2) for a in _ANGLES]
        probes += [R + whole[:, None] * b, R - whole[:, None] * b]
        change = norm(field.B(np.stack(probes), t) - B) / strength / REACH
        velocity = moving(field, species, R, u, mu, np.zeros(len(R)), t)
        local = adiabaticity(field, species, R, velocity, t).largest
        return np.nan_to_num(np.maximum(local, change.max(axis=0)), nan=np.inf)


@dataclass(frozen=True, eq=False)
class Walk:
    """What does not change from segment to segment."""

    field: OrbitField
    species: Species
    end: float
    threshold: float
    rtol: float
    max_step: float | None

    def ratio(self, R: Any, u: Any, mu: Any, t: Any) -> np.ndarray:
        return ring_ratio(self.field, self.species, R, u, mu, t) / self.threshold

    def holds(self, R: np.ndarray, u: float, mu: float, t: float) -> bool:
        one = self.ratio(R[None], np.array([u]), np.array([mu]), np.array([t]))
        return bool(one[0] < 1.0)

    def _longest(self, R: np.ndarray, u: float, mu: float, t: float) -> float:
        """Return the longest step of a guiding centre: in half a gyration it comes no further than it looks."""
        if self.max_step is not None:
            return self.max_step
        strength = float(norm(self.field.B(R, t)))
        gamma = math.sqrt(1.0 + (u * u + 2.0 * mu * strength / self.species.mass) / C**2)
        return math.pi * gamma * self.species.mass / (abs(self.species.charge) * strength)

    def guiding(self, R: np.ndarray, u: float, mu: float, t: float) -> GuidingCentreOrbit:
        """Follow a guiding centre until there is none."""

        def leaving(t: np.ndarray, x: np.ndarray, v: np.ndarray) -> np.ndarray:
            B = self.field.B(x, t)
            along, rest = dot(v, unit(B)), 2.0 * mu * norm(B) / (self.species.mass * C**2)
            u = along * np.sqrt((1.0 + rest) / (1.0 - (along / C) ** 2))
            return np.minimum(self.ratio(x, u, np.full(len(t), mu), t), 1e6) - 1.0

        longest = self._longest(R, u, mu, t)
        problem = guiding_problem(self.field, self.species, mu, t, self.rtol, longest)
        return follow(problem, R, u, self.end - t, self._event(leaving, 1, t))

    def full(self, x: np.ndarray, v: np.ndarray, t: float) -> Orbit:
        """Follow a particle until it has a guiding centre."""

        def entering(t: np.ndarray, x: np.ndarray, v: np.ndarray) -> np.ndarray:
            state = guiding_state(self.field, self.species, x, v, t, "particle")
            return np.minimum(self.ratio(*state, t), 1e6) - _BACK

        event = self._event(entering, -1, t)
        return trace(self.field, self.species, x, v, self.end - t, start=t, events=event, rtol=self.rtol)

    def _event(self, function: Callable[..., np.ndarray], direction: int, t: float) -> Crossing:
        """Return where a function crosses zero in a direction along the run: events count theirs in time."""
        return Crossing(function, direction=direction if self.end > t else -direction, terminal=True)

    def go_on(
        self, orbit: GuidingCentreOrbit | Orbit, phase: Callable[[], float], max_segments: int
    ) -> list[Segment]:
        """Return a segment and all that follow it."""
        segments = []
        while True:
            is_full = isinstance(orbit, Orbit)
            segments.append(Segment("full" if is_full else "guiding centre", orbit))
            t, place = float(orbit.time[-1]), orbit.position[-1]
            if orbit.status != "event" or t == self.end:
                return segments
            if len(segments) == max_segments:
                raise ValueError(
                    f"max_segments must be larger, or threshold another: {max_segments} took it to {t!r} s"
                )
            if isinstance(orbit, Orbit):
                R, u, mu = guiding_state(self.field, self.species, place, orbit.velocity[-1], t, "particle")
                orbit = self.guiding(R, float(u), float(mu), t)
            else:
                state = place, orbit.parallel_proper_velocity[-1], orbit.invariant, phase(), t
                orbit = self.full(*particle_state(self.field, self.species, *state), t)

    def first(self, x: np.ndarray, v: np.ndarray, t: float) -> GuidingCentreOrbit | Orbit:
        """Return the first segment, from the particle's state."""
        R, u, mu = guiding_state(self.field, self.species, x, v, t, "particle")
        if self.holds(R, float(u), float(mu), t):
            return self.guiding(R, float(u), float(mu), t)
        return self.full(x, v, t)
