"""What a long run says of itself: how well it kept what should be conserved, and with what it was computed."""

from __future__ import annotations

import functools
import math
import platform
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from importlib import metadata
from typing import Any, Self

import numpy as np

from magneton._version import __version__
from magneton.constants import EDITION
from magneton.runs.plain import plain


@dataclass(frozen=True)
class Drift:
    """How far a quantity that should be conserved has moved.

    Parameters
    ----------
    relative : float
        Largest change, in units of `scale`; nan if the quantity was lost.
    scale : float
        What the change is relative to.
    unit : str
        The unit of `scale`.
    """

    relative: float
    scale: float
    unit: str = ""

    def __str__(self) -> str:
        """Show it on one line."""
        return f"{self.relative:8.1e} of {self.scale:.4g} {self.unit}".rstrip()


def relative_drift(initial: Any, values: Any, scale: Any = None, unit: str = "") -> Drift:
    """Return the largest relative drift over many items.

    The largest of ``|values - initial| / scale`` is given with the scale of the item it belongs to. A nan among the
    values is not passed over: the drift is nan.

    Parameters
    ----------
    initial : array_like, shape (n,)
        The quantity of each item at the start.
    values : array_like, shape (n,) or (n, times)
        The same later on.
    scale : array_like, shape () or (n,), optional
        What drift is relative to; the magnitude of `initial` by default. Where it is 0, any change is infinite.
    unit : str, optional
        The unit of all three.

    Examples
    --------
    >>> print(relative_drift([1.0, 2.0], [[1.0, 1.0], [2.0, 2.5]], unit="J"))
     2.5e-01 of 2 J
    """
    initial = np.asarray(initial, dtype=np.float64)
    values = np.asarray(values, dtype=np.float64)
    if initial.ndim != 1 or values.ndim not in (1, 2) or len(values) != len(initial):
        raise ValueError(
            "initial and values must have shapes (n,) and (n,) or (n, times), "
            f"got {initial.shape} and {values.shape}"
        )
    if not values.size:
        return Drift(0.0, 0.0, unit)
    scales = np.broadcast_to(np.abs(initial if scale is None else np.asarray(scale, float)), initial.shape)
    change = np.abs(values.reshape(len(initial), -1) - initial[:, None]).max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        relative = np.where((change == 0) & (scales == 0), 0.0, change / scales)
    worst = int(np.argmax(relative))  # a nan counts as the largest
    return Drift(float(relative[worst]), float(scales[worst]), unit)


def _larger(a: Drift, b: Drift) -> Drift:
    """Return the worse of two drifts, whatever their order; nan is worst."""

    def badness(drift: Drift) -> tuple[bool, float, float]:
        lost = math.isnan(drift.relative)
        return lost, 0.0 if lost else drift.relative, drift.scale

    return max(a, b, key=badness)


def _joined(a: str, b: str) -> str:
    """Return both of two texts, each once."""
    return a if b in a.split(" and ") else f"{a} and {b}"


@dataclass(frozen=True)
class Certificate:
    """What a long run says of itself.

    Parameters
    ----------
    drift : mapping of str to Drift
        For every quantity that should be conserved, its largest relative change.
    steps : mapping of str to int
        Steps taken, by kind.
    versions : mapping of str to str
        Of magneton, numpy, numba and python; two of one, joined by "and", if a run was resumed under another.
    constants : str
        The edition of the physical constants.
    threads : int
        The largest number of threads used; results do not depend on it.
    seed : object
        The seed of the run's random numbers; None without.
    wall_time : float
        Seconds spent computing, summed over sessions.
    """

    drift: Mapping[str, Drift] = field(default_factory=dict)
    steps: Mapping[str, int] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    constants: str = EDITION
    threads: int = 1
    seed: Any = None
    wall_time: float = 0.0

    @property
    def worst_quantity(self) -> str | None:
        """The name of the quantity that drifted most; None if there is none."""
        worst = None
        for name, drift in self.drift.items():
            if worst is None or _larger(self.drift[worst], drift) is drift:
                worst = name
        return worst

    @property
    def worst(self) -> float:
        """The largest relative drift of all; nan if a quantity was lost, 0 if there is none."""
        name = self.worst_quantity
        return 0.0 if name is None else self.drift[name].relative

    def merge(self, other: Certificate) -> Certificate:
        """Return the certificate of two pieces of one run together.

        Raises
        ------
        ValueError
            If the seeds differ: they are not of one run.
        """
        if self.seed != other.seed:
            raise ValueError(f"other must have the seed {self.seed!r}, got {other.seed!r}")
        drift = dict(self.drift)
        for name, its in other.drift.items():
            drift[name] = _larger(drift[name], its) if name in drift else its
        versions = dict(self.versions)
        for name, its in other.versions.items():
            versions[name] = _joined(versions[name], its) if name in versions else its
        steps = Counter(self.steps)
        steps.update(other.steps)
        return Certificate(
            drift=drift,
            steps=dict(steps),
            versions=versions,
            constants=_joined(self.constants, other.constants),
            threads=max(self.threads, other.threads),
            seed=self.seed,
            wall_time=self.wall_time + other.wall_time,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON values; nan and infinities become text."""
        return plain(
            "certificate",
            {
                "drift": {name: vars(drift) for name, drift in self.drift.items()},
                "steps": self.steps,
                "versions": self.versions,
                "constants": self.constants,
                "threads": self.threads,
                "seed": self.seed,
                "wall_time": self.wall_time,
            },
        )

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Return the certificate that `to_dict` has written."""
        drift = {
            name: Drift(float(its["relative"]), float(its["scale"]), its["unit"])
            for name, its in values["drift"].items()
        }
        return cls(**{**values, "drift": drift})

    def __str__(self) -> str:
        """Show it as a short table."""
        width = max(map(len, self.drift), default=0)
        nothing = "Nothing was checked: no quantity is known to be conserved in this field"
        lines = ["Largest relative drift of what should be conserved:" if self.drift else nothing]
        lines += [f"  {name:{width}}  {drift}" for name, drift in self.drift.items()]
        lines += [f"Steps: {', '.join(f'{count} {kind}' for kind, count in self.steps.items())}"] * bool(
            self.steps
        )
        seed = "no seed" if self.seed is None else f"seed {self.seed}"
        threads = f"{self.threads} thread{'s'[: self.threads != 1]}"
        took = f" in {self.wall_time:.3g} s" if self.wall_time > 0.0 else ""
        lines.append(f"Computed{took} with {threads}, {seed}")
        made_with = [f"{name} {version}" for name, version in self.versions.items()]
        lines.append(f"By {', '.join([*made_with, self.constants])}")
        return "\n".join(lines)


@functools.cache
def _numba() -> str:
    """Return the version of numba, which takes a millisecond to look up."""
    return metadata.version("numba")


def session() -> dict[str, Any]:
    """Return what a certificate says of the process that computes.

    The threads are those of the compiled loops; where none has been loaded there is one.
    """
    jit = sys.modules.get("magneton._jit")  # not imported here: a run without kernels needs no compiler
    versions = {
        "magneton": __version__,
        "numpy": np.__version__,
        "numba": _numba(),
        "python": platform.python_version(),
    }
    threads = jit.get_threads() if jit is not None else 1
    return {"versions": versions, "constants": EDITION, "threads": threads}


def merged(certificates: Iterable[Certificate], seed: Any) -> Certificate:
    """Return the certificate of all pieces of a run together."""
    pieces = list(certificates)
    return reduce(Certificate.merge, pieces) if pieces else Certificate(seed=seed)
