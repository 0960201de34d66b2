"""Draw EPR powder spectra: a nitroxide, a triplet with its half-field line, gadolinium, beside easyspyn's.

Run it from the root of the repository, `python docs/gallery/quantum_epr_powder.py`; it needs matplotlib and
easyspyn (`pip install easyspyn`), prints a table and writes a picture beside itself.

easyspyn 0.2 sums its lines into cells that begin at the points of its axis, so that its spectra lie half a step too
low in field: they are drawn half a step further up.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.plot.style import COLOURS, DASHES, style
from magneton.quantum import energy_from, hyperfine_spin, powder_spectrum, spin_hamiltonian

try:
    import epreasy  # type: ignore[import-not-found]
except ImportError:
    raise SystemExit("this picture compares with easyspyn: pip install easyspyn") from None

HERE = Path(__file__).parent
MHZ = energy_from(1.0, "MHz")
POINTS = 2049
#: Name -> levels, GHz, range in mT, width in mT, and the system as easyspyn has it (MHz).
SAMPLES: dict[str, tuple[Any, float, tuple[float, float], float, dict[str, Any]]] = {
    "nitroxide, S = 1/2 with 14N, 9.5 GHz": (
        hyperfine_spin(
            0.5, 1.0, g=[2.0088, 2.0061, 2.0027], A=MHZ * np.array([16.0, 16.0, 100.0]), g_nuclear=0.403761
        ),
        9.5,
        (332.0, 348.0),
        0.3,
        {"S": 0.5, "g": [2.0088, 2.0061, 2.0027], "Nucs": "14N", "A": [16.0, 16.0, 100.0]},
    ),
    "triplet, D/h = 3 GHz, E/h = 0.3 GHz, 9.5 GHz": (
        spin_hamiltonian(1.0, g=2.0023, D=3000.0 * MHZ, E=300.0 * MHZ),
        9.5,
        (120.0, 480.0),
        2.0,
        {"S": 1, "g": 2.0023, "D": [3000.0, 300.0]},
    ),
    "gadolinium, S = 7/2, D/h = 0.6 GHz, E/h = 0.06 GHz, 95 GHz": (
        spin_hamiltonian(3.5, g=1.99, D=600.0 * MHZ, E=60.0 * MHZ),
        95.0,
        (3250.0, 3580.0),
        2.0,
        {"S": 3.5, "g": 1.99, "D": [600.0, 60.0]},
    ),
}


def peer(
    frequency: float, sweep: tuple[float, float], width: float, system: dict[str, Any]
) -> tuple[np.ndarray, np.ndarray]:
    """Return easyspyn's fields in mT, half a step up, and spectrum."""
    experiment = {"mwFreq": frequency, "Range": list(sweep), "nPoints": POINTS, "Harmonic": 1}
    found = epreasy.pepper({**system, "lw": width}, experiment)
    x = np.asarray(found.x)
    return x + 0.5 * (x[1] - x[0]), np.asarray(found.spec)


def draw(axes: Any, name: str) -> None:
    """Draw one sample, and print how far it is from easyspyn's."""
    levels, frequency, sweep, width, system = SAMPLES[name]
    B = np.linspace(*sweep, POINTS)
    found = powder_spectrum(levels, 1e9 * frequency, 1e-3 * B, linewidth=1e-3 * width, rtol=1e-4)
    ours = found.intensity / np.abs(found.intensity).max()
    axes.plot(B, ours, color=COLOURS[0], label="magneton")
    print(f"{name}: {found.orientations} orientations, estimated error {found.error:.1e}", end="")
    fields, spectrum = peer(frequency, sweep, width, system)
    expected = np.interp(fields, B, ours)
    y = spectrum * (spectrum @ expected) / (spectrum @ spectrum)
    off = np.abs(y - expected)[POINTS // 20 : -POINTS // 20].max()
    axes.plot(fields, y, color=COLOURS[1], ls=DASHES[1], lw=1.2, label="easyspyn")
    axes.text(0.99, 0.04, f"largest difference {100.0 * off:.1f} %", ha="right", transform=axes.transAxes)
    print(f", largest difference from easyspyn {off:.1e}")
    axes.set_title(name, loc="left")
    axes.set_xlim(*sweep)
    axes.set_yticks([0.0])
    axes.set_ylabel("dA/dB")


def main() -> None:
    """Compute, print and draw."""
    with style():
        figure, axes = plt.subplots(3, 1, figsize=(7.6, 7.6), layout="constrained")
        for each, name in zip(axes, SAMPLES, strict=True):
            draw(each, name)
        axes[0].legend(loc="upper right")
        axes[1].annotate(
            "half field", (157.0, 0.09), (185.0, 0.45), arrowprops={"arrowstyle": "-", "lw": 0.7}
        )
        axes[2].set_ylim(-0.06, 0.06)
        axes[2].text(3415.0, 0.045, "1/2 to -1/2, cut at 6 %")
        axes[2].set_xlabel("B [mT]")
        figure.suptitle("EPR spectra of powders, first derivative")
        figure.savefig(HERE / "quantum_epr_powder.png", dpi=130)


if __name__ == "__main__":
    main()
