"""Whether mu was conserved along an orbit, and if not, which condition failed first, and where."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from magneton import _check
from magneton.orbits._adiabaticity import CONDITIONS, adiabaticity
from magneton.orbits._gyrocentre import mu_gyrocentre
from magneton.orbits._vectors import dot, norm
from magneton.orbits._wave_detuning import resonances
from magneton.orbits.expected_jumps import Expected, expected_jump
from magneton.orbits.fields.base import OrbitField, SumField
from magneton.orbits.gyration import gyrofrequency
from magneton.orbits.orbit import Orbit

#: Causes, and what each says in words.
CAUSES = {
    "none": "mu was conserved",
    "time": "the field changed within a gyration",
    "gradient": "the field changed within a Larmor radius",
    "resonance": "a wave turned with the particle",
    "collisions": "collisions turned the velocity",
    "unknown": "none of the conditions that are looked at failed",
}
#: Which cause a condition of `Adiabaticity` belongs to.
_CAUSE_OF = {name: "time" if name == "omega_over_Omega" else "gradient" for name in CONDITIONS}
#: The most samples of an orbit that are looked at; conditions change slowly between more.
_SAMPLES = 20_000
#: mu in units of p^2/2mB below which it counts as zero: a pitch angle of 1e-9, which the errors of steps make of none.
_ZERO = 1e-18
_FROM_ZERO = "theories are of the change relative to mu at first"


@dataclass(frozen=True)
class Verdict:
    """What became of mu along an orbit.

    Attributes
    ----------
    cause : str
        "none", "time", "gradient", "resonance", "collisions", or "unknown" if mu changed and no condition failed.
    jump : float
        The relative change of mu from the first gyration to the last, each averaged. Of a particle that moved along B
        at first, whose mu was zero to rounding, the change in units of the greater p^2/2mB of the two ends.
    expected : Expected
        What theory says of it, where there is one.
    time : float, second
        When the condition failed first; nan if mu was conserved. Of an unknown cause, when a condition was nearest.
    position : ndarray, shape (3,), metre
        Where.
    figure : float
        How far it failed: the condition's number there, in units of its limit; 0 if mu was conserved.
    condition : str
        The condition in words.
    from_zero : bool
        Whether mu was zero to rounding at first.
    """

    cause: str
    jump: float
    expected: Expected
    time: float
    position: np.ndarray
    figure: float
    condition: str
    from_zero: bool = False

    @property
    def conserved(self) -> bool:
        """Whether mu was conserved."""
        return self.cause == "none"

    def __str__(self) -> str:
        """Say it in words."""
        if self.from_zero:
            change = f"was zero to rounding and became {self.jump:.3g} of p^2/2mB"
        else:
            change = f"changed by {self.jump:+.3g} of itself"
        if self.conserved:
            return f"{CAUSES['none']}: it {change}; {self.expected}"
        place = ", ".join(f"{x:.4g}" for x in self.position)
        figure = f"{self.figure:.3g} times its limit at t = {self.time:.6g} s, r = ({place}) m"
        why = self.condition
        if self.cause == "unknown":
            why = f"{CAUSES['unknown']}; the nearest was that {self.condition}"
        return f"mu {change}: {why}, {figure}; {self.expected}"


def background(field: OrbitField) -> OrbitField:
    """Return the field without its waves."""
    if not field.waves:
        return field
    parts = field.fields if isinstance(field, SumField) else (field,)
    rest = tuple(part for part in parts if not part.waves)
    if not rest:
        raise ValueError("orbit must move in more than waves for mu to have a meaning, got waves alone")
    return SumField(rest)


def _turns(orbit: Orbit, field: OrbitField) -> np.ndarray:
    """Return how many gyrations the particle has made at each sample, shape (n,)."""
    omega = np.abs(gyrofrequency(orbit.species, field.B(orbit.position, orbit.time), orbit.velocity))
    steps = np.abs(np.diff(orbit.time)) * 0.5 * (omega[1:] + omega[:-1]) / (2.0 * math.pi)
    return np.concatenate([[0.0], np.cumsum(steps)])


def _require_gyrations(orbit: Orbit, turns: np.ndarray) -> None:
    """Raise unless an orbit is long enough, and its samples close enough, for averages over a gyration at each end."""
    if len(orbit.time) < 3:
        raise ValueError(f"orbit must hold at least 3 samples, got {len(orbit.time)}")
    if not turns[-1] >= 2.0:
        raise ValueError(f"orbit must last two gyrations at least, got {turns[-1]:.3g}")
    steps = np.diff(turns)
    if min(steps[:2].max(), steps[-2:].max()) > 0.25:
        raise ValueError(
            f"orbit must be sampled at least 4 times a gyration, got one sample in {steps.max():.3g}: trace it "
            "without times, and of a particle that moves along B with a max_step"
        )


def _average(orbit: Orbit, field: OrbitField, chosen: np.ndarray) -> tuple[float, float]:
    """Return means over samples of mu, and of what it would be if the particle moved across B."""
    x, v, t = orbit.position[chosen], orbit.velocity[chosen], orbit.time[chosen]
    mu = mu_gyrocentre(field, orbit.species, x, v, t)
    u = orbit.proper_velocity[chosen]
    with np.errstate(divide="ignore", invalid="ignore"):
        across = 0.5 * orbit.species.mass * dot(u, u) / norm(field.B(x, t))
    # Steps are not equally long: a mean over time.
    weights = np.gradient(t) if len(t) > 1 else np.ones(1)
    return float(np.average(mu, weights=weights)), float(np.average(across, weights=weights))


def _jump(orbit: Orbit, field: OrbitField, turns: np.ndarray) -> tuple[float, bool]:
    """Return the relative change of mu between the means over the first and the last gyration; whether it was zero."""
    first, last = np.flatnonzero(turns <= 1.0), np.flatnonzero(turns >= turns[-1] - 1.0)
    (before, whole), (after, whole_after) = (_average(orbit, field, chosen) for chosen in (first, last))
    for when, value in (("begin", before), ("end", after)):
        if not math.isfinite(value):
            raise ValueError(
                f"orbit must {when} where mu is defined, got {value}: B is zero, E_perp >= c B, or a derivative of "
                "the field is not known there"
            )
    whole = max(whole, whole_after)
    if before > _ZERO * whole:
        return after / before - 1.0, False
    return (after - before) / whole if whole > 0.0 else 0.0, True


def _failures(orbit: Orbit, field: OrbitField, limit: float, tolerance: float) -> dict[str, np.ndarray]:
    """Return by condition its number over its limit, at the samples that are looked at."""
    chosen = _chosen(orbit)
    x, v, t = orbit.position[chosen], orbit.velocity[chosen], orbit.time[chosen]
    state = adiabaticity(field, orbit.species, x, v, t, limit=limit)
    found = {name: getattr(state, name) / limit for name in CONDITIONS}
    if orbit.field.waves:
        found["resonance"] = resonances(orbit.field.waves, field, orbit.species, x, v, t)
    if orbit.collision_rate > 0.0:
        # The spread of mu/(p^2/2mB) at first is |sin 2a| sqrt(2 nu t), so that of mu by itself about 2 sqrt(2 nu t).
        found["collisions"] = 2.0 * np.sqrt(2.0 * orbit.collision_rate * np.abs(t - t[0])) / tolerance
    return found


def _chosen(orbit: Orbit) -> np.ndarray:
    return np.unique(np.linspace(0, len(orbit.time) - 1, min(_SAMPLES, len(orbit.time))).astype(int))


def _first(found: dict[str, np.ndarray]) -> tuple[str, int]:
    """Return the condition that fails first; the one that comes nearest to it if none does."""
    failing = {name: np.flatnonzero(values >= 1.0) for name, values in found.items()}
    first = {name: int(where[0]) for name, where in failing.items() if len(where)}
    if first:
        earliest = min(first.values())
        at_once = [name for name, index in first.items() if index == earliest]
        # Of those that fail at once, the start among them, the one that fails most in the end.
        worst = max(at_once, key=lambda name: float(np.nanmax(found[name])))
        return worst, earliest
    worst = max(found, key=lambda name: float(np.nanmax(found[name])))
    return worst, int(np.nanargmax(found[worst]))


def verdict(orbit: Orbit, *, tolerance: float = 0.01, limit: float = 0.1) -> Verdict:
    """Say whether mu was conserved along an orbit, and if not, why.

    mu to first order in rho/L is averaged over the first gyration and over the last: the orbit should begin and end
    where the field is smooth; a change that is undone again, as of a particle that a wave traps and lets go, does not
    count. If it has changed by more than `tolerance`, the conditions that guiding-centre theory
    rests on are looked at along the orbit, and the one that failed first is the cause: the field changes little within
    a gyration, and within a Larmor radius (see `adiabaticity`); no wave turns with the particle within the width of
    its resonance; no collisions. Where none failed, as in a wave off resonance that shakes mu, the cause is "unknown".

    Parameters
    ----------
    orbit : Orbit
        From `trace` or `trace_scattered`, with all its steps as samples, two gyrations long at least.
    tolerance : float
        The relative change of mu up to which it counts as conserved.
    limit : float
        Where the conditions on the field begin to fail.

    Returns
    -------
    Verdict
        Prints in words, with the change that theory expects where it knows one.

    Raises
    ------
    ValueError
        If the orbit is no full orbit, shorter than two gyrations, sampled too seldom, in waves alone, or if mu is not
        defined at one of its ends.

    Examples
    --------
    >>> from magneton import UniformField, orbits
    >>> orbit = orbits.trace(UniformField([0, 0, 1e-3]), "proton", [0, 0, 0], [1e5, 0, 1e5], 1e-3)
    >>> orbits.verdict(orbit).cause
    'none'
    """
    tolerance, limit = _check.fraction("tolerance", tolerance), _check.fraction("limit", limit)
    if not isinstance(orbit, Orbit):
        raise ValueError(
            f"orbit must be a full orbit, from trace or trace_scattered, got a {type(orbit).__name__}"
        )
    field = background(orbit.field)
    turns = _turns(orbit, field)
    _require_gyrations(orbit, turns)
    jump, from_zero = _jump(orbit, field, turns)
    expected = Expected(theory=_FROM_ZERO) if from_zero else expected_jump(orbit, field)
    if abs(jump) <= tolerance:
        return Verdict("none", jump, expected, math.nan, np.full(3, math.nan), 0.0, "", from_zero)
    found = _failures(orbit, field, limit, tolerance)
    name, index = _first(found)
    sample, figure = _chosen(orbit)[index], float(found[name][index])
    return Verdict(
        _CAUSE_OF.get(name, name) if figure >= 1.0 else "unknown",
        jump,
        expected,
        float(orbit.time[sample]),
        orbit.position[sample],
        figure,
        CONDITIONS.get(name, CAUSES.get(name, "")),
        from_zero,
    )
