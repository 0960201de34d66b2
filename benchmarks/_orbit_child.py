"""Trace many protons in a dipole into a folder: `_orbit_child.py FOLDER COUNT`."""

from __future__ import annotations

import sys

import numpy as np

from magneton import Dipole, orbits


def main(folder: str, count: int) -> None:
    """Trace `count` protons for 200 steps; the same ones each time."""
    rng = np.random.default_rng(7)
    direction = rng.normal(size=(count, 3))
    velocity = 2e7 * direction / np.linalg.norm(direction, axis=1, keepdims=True)
    orbits.trace_ensemble(
        Dipole([0, 0, -8e22], [0, 0, 0]),
        "proton",
        [2e7, 0, 0],
        velocity,
        0.2,
        dt=1e-3,
        folder=folder,
        progress=False,
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
