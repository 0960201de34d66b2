"""Write hidden_magnet.csv: what 16 fluxgate sensors on a plate read of a magnet that is hidden above them.

Run it from the root of the repository, `python examples/hidden_magnet.py`. The magnet is a neodymium disc of 8 mm
diameter and 3 mm height; the sensors have noise of 20 nT; what compensating the Earth's field left over is there too.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from magneton import Cylinder

HERE = Path(__file__).parent
NOISE, LEFT_OVER = 20e-9, np.array([120e-9, -80e-9, 210e-9])  # T
MAGNET = Cylinder(4e-3, 3e-3, grade="N42", direction=(0.6, 0.3, 0.74), position=(0.031, -0.018, 0.142))


def text() -> str:
    """Return the file: places in mm, fields in nT, rounded as an instrument does."""
    x, y = np.meshgrid(50.0 * np.arange(4) - 75.0, 50.0 * np.arange(4) - 75.0)
    places = np.stack([x.ravel(), y.ravel(), np.zeros(16)], axis=1)
    noise = np.random.default_rng(20240611).normal(0.0, NOISE, places.shape)
    B = MAGNET.B(1e-3 * places) + LEFT_OVER + noise
    rows = [
        f"F{number:02d}, {', '.join(f'{v:.1f}' for v in place)}, {', '.join(f'{v:.1f}' for v in 1e9 * field)}"
        for number, (place, field) in enumerate(zip(places, B, strict=True), start=1)
    ]
    head = [
        "# 16 fluxgate sensors on a plate; simulated, see hidden_magnet.py",
        f"# noise: {1e9 * NOISE:g} nT",
        "sensor, x [mm], y [mm], z [mm], Bx [nT], By [nT], Bz [nT]",
    ]
    return "\n".join([*head, *rows]) + "\n"


if __name__ == "__main__":
    (HERE / "hidden_magnet.csv").write_text(text(), encoding="utf-8")
