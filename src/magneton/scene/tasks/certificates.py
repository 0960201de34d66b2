"""What a run certifies, in numbers and in words."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from magneton.scene.tasks.base import Variable

#: The text of every task that runs in time.
TEXTS = {"certificate": "what was conserved and how well, in how many steps"}


@contextmanager
def collected() -> Iterator[list[str]]:
    """Keep the warnings of a run for its certificate; they are in the list when the run has ended."""
    words: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield words
    words += dict.fromkeys(str(one.message) for one in caught if issubclass(one.category, UserWarning))


def in_words(certificate: Any, warned: list[str]) -> str:
    """Return one line: what was kept and how well, the steps, and what the run warned of."""
    kept = [f"{name} to {drift.relative:.1e}" for name, drift in certificate.drift.items()]
    steps = [f"{count} {name}" for name, count in certificate.steps.items()]
    parts = [f"kept {', '.join(kept)}" if kept else "nothing to be kept", *steps]
    return "; ".join([*parts, *(f"warning: {words}" for words in warned)])


def drift_variables(names: dict[str, str]) -> dict[str, Variable]:
    """Return variables ``NAME_drift`` for what is conserved, by the name that each has in certificates."""
    return {
        f"{key}_drift": Variable((), "1", f"largest change of {name}, relative; nan if not conserved")
        for key, name in names.items()
    }


def drifts(certificate: Any, names: dict[str, str]) -> dict[str, float]:
    """Return the values of `drift_variables`."""
    found = {key: certificate.drift.get(name) for key, name in names.items()}
    return {f"{key}_drift": math.nan if one is None else one.relative for key, one in found.items()}
