"""A run of cheap numpy work, for tests and for processes that tests start and kill."""

import functools
import sys
import time

import numpy as np

from magneton import runs

SPEC = {"seed": 5, "steps": 40, "reach": float("inf")}
COUNT, CHUNK = 1000, 90
UNITS = {"energy": "J", "position": "m"}
DIMS = {"position": ("component",)}


@functools.cache
def inputs():
    return {"start": np.random.default_rng(SPEC["seed"]).normal(size=(COUNT, 3))}


def work(start, stop, pause=0.0):
    """Iterate a chaotic map, so that a single different bit would show."""
    time.sleep(pause)
    x = np.abs(np.sin(inputs()["start"][start:stop]))
    before = x.sum(axis=1)
    for _ in range(SPEC["steps"]):
        x = 3.99 * x * (1 - x)
    arrays = {"energy": x.sum(axis=1), "position": x, "bounces": np.arange(start, stop, dtype=np.int32)}
    drift = {"energy": runs.relative_drift(before, arrays["energy"], unit="J")}
    return runs.Chunk(arrays, drift, {"maps": SPEC["steps"] * (stop - start)})


def execute(folder, work=work, **changes):
    arguments = {
        "inputs": inputs(),
        "units": UNITS,
        "dims": DIMS,
        "item": "particle",
        "chunk": CHUNK,
        **changes,
    }
    spec, count = arguments.pop("spec", SPEC), arguments.pop("count", COUNT)
    return runs.execute(folder, spec, count, work, **arguments)


if __name__ == "__main__":
    # Never finishes on its own: it is killed in a chunk at the latest.
    execute(sys.argv[1], lambda start, stop: work(start, stop, pause=0.0 if start < 6 * CHUNK else 60.0))
