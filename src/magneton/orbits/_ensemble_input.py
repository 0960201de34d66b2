"""What ensembles are given, checked: states, steps and samples; and what a field is, for the run's manifest."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from magneton import _check
from magneton._jit import field_function_name
from magneton.kernels import field as codes
from magneton.orbits._vectors import C
from magneton.orbits.fields.base import OrbitField
from magneton.orbits.species import Species

_USER = "magneton.kernels.electromagnetic.user_field"
#: Steps a gyration for a phase error of a few thousandths a turn.
_GOOD = 50


def momentum(velocity: np.ndarray) -> np.ndarray:
    """Return gamma v/c."""
    beta = velocity / C
    return beta / np.sqrt(1.0 - np.sum(beta * beta, axis=-1, keepdims=True))


def fingerprint(field: OrbitField, kept: bool) -> tuple[list[str], np.ndarray]:
    """Return what a field is, the same in every process: names of its functions, and its numbers without addresses.

    `kept` says that a folder will be named after it: a function known by its address only is refused then.
    """
    compiled, names = field.compiled, list(field.functions)
    if kept and "" in names:
        raise ValueError(
            "folder needs fields that are the same in every process: give CompiledFunction a numba cfunc, "
            "not an address"
        )
    params = compiled.params.copy()
    for kind, start in zip(compiled.kinds, compiled.starts[:-1], strict=True):
        name = str(int(kind))
        if kind in (codes.BODY, codes.TIMED):
            name = field_function_name(int(params[start + 13])) or "user"
            params[start + 13] = 0.0
            if name == _USER:
                params[start + codes.BODY_PARAMS] = 0.0  # the address of the user's own function
        names.append(name)
    return names, params


def sample_steps(times: Any, duration: float, dt: float, steps: int) -> np.ndarray:
    """Return the numbers of steps after which to write down."""
    if times is None:
        return np.array([steps])
    wanted = _check.real_array("times", times, "s", "an array of times")
    if wanted.ndim != 1 or not len(wanted) or (np.diff(wanted) <= 0).any():
        raise ValueError(f"times must be a list of increasing times, got {_check.shown(times)}")
    if wanted[0] < 0 or wanted[-1] > duration * (1 + 1e-12):
        raise ValueError(
            f"times must lie between 0 and the duration {duration:g} s, got {_check.shown(times)}"
        )
    chosen = np.rint(wanted / dt).astype(np.int64)
    if (np.diff(chosen) == 0).any():
        raise ValueError(f"times must be a step apart or more, {dt:g} s, got some that are closer")
    return chosen


def states(position: Any, velocity: Any, start: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places, momenta gamma v/c and times at the start, of as many particles as the longest of them has."""
    x = _check.vectors("position", np.atleast_2d(position), "m", least=0)
    v = _check.vectors("velocity", np.atleast_2d(velocity), "m/s", least=0)
    begin = _check.real_array("start", start, "s", "a number or one for each")
    lengths = {"position": len(x), "velocity": len(v)} | ({"start": len(begin)} if begin.ndim else {})
    count = max(lengths.values(), key=lambda length: (length != 1, length))
    if begin.ndim > 1 or any(length not in (1, count) for length in lengths.values()):
        listed = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise ValueError(f"{' and '.join(lengths)} must have the same length, or 1, got {listed}")
    fastest = float(np.sqrt(np.max(np.sum(v * v, axis=1), initial=0.0)))
    if fastest >= C:
        raise ValueError(f"velocity must be slower than light, got {fastest:.9g} m/s")
    whole = (
        np.broadcast_to(x, (count, 3)),
        np.broadcast_to(momentum(v), (count, 3)),
        np.broadcast_to(begin, count),
    )
    x, w, begin = (np.ascontiguousarray(array) for array in whole)
    return x, w, begin


def required_step(
    field: OrbitField, species: Species, x: np.ndarray, w: np.ndarray, start: np.ndarray, dt: Any
) -> float:
    """Return the longest step, or say what it could be."""
    if dt is not None:
        return _check.positive("dt", dt, "s")
    strength = np.linalg.norm(field.B(x, start), axis=1)
    rate = abs(species.charge) / species.mass * strength / np.sqrt(1.0 + np.sum(w * w, axis=1))
    fastest = float(np.nanmax(rate, initial=0.0))
    if fastest == 0.0:
        raise ValueError("dt must be given: the field at the start gives no hint of it")
    raise ValueError(
        f"dt must be given; one of {_GOOD} steps in the shortest gyration at the start is "
        f"{2.0 * math.pi / fastest / _GOOD:.3g} s"
    )


def warn_of_turns(turns: np.ndarray, dt: float) -> None:
    """Warn if particles gyrated by more than a fifth of a turn in a step: such orbits are stable, but not right."""
    largest = float(np.max(turns, initial=0.0)) / (2.0 * math.pi)
    if largest > 0.2:
        warnings.warn(
            f"dt = {dt:.3g} s resolves a gyration by {1.0 / largest:.3g} steps only, where B was strongest; "
            f"{_GOOD} are good, dt = {dt / largest / _GOOD:.2g} s",
            stacklevel=4,
        )
