"""Draw Brillouin's function for several J, its classical limit, and what is left of the digits of the bare formula.

Run it from the root of the repository, `python docs/gallery/quantum_brillouin.py`; it needs matplotlib and
mpmath, prints a table and writes a picture beside itself.

To the left the moment of a paramagnet over its saturation, against g mu_B J B/(k_B T): from tanh x, J = 1/2, to
Langevin's function of classical moments. To the right the relative error of the formula as it is printed,
a coth(a x) - b coth(b x), in double precision: half of its digits are gone at x = 1e-4, all below
x = 1e-8. The library's error is at rounding everywhere: the grey line is
half a unit of the last place, 1.1e-16.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

from magneton.plot.style import COLOURS, DASHES, style
from magneton.quantum import brillouin, langevin

try:
    from mpmath import mp, mpf
except ImportError:
    raise SystemExit("this picture needs mpmath for its 60 digits: pip install mpmath") from None

HERE = Path(__file__).parent
SPINS = [0.5, 1.0, 2.0, 3.5]
ROUNDING = 2.0**-53


def shown(J: float) -> str:
    """Return J as it is written."""
    return f"{J:.0f}" if J.is_integer() else f"{2 * J:.0f}/2"


def bare(J: float, x: np.ndarray) -> np.ndarray:
    """Return B_J by the formula as printed."""
    a, b = (2.0 * J + 1.0) / (2.0 * J), 0.5 / J
    return a / np.tanh(a * x) - b / np.tanh(b * x)


def exact(J: float, x: np.ndarray) -> list[Any]:
    """Return B_J with 60 digits."""
    with mp.workdps(100):
        a, b = (2 * mpf(J) + 1) / (2 * mpf(J)), 1 / (2 * mpf(J))
        return [a * mp.coth(a * mpf(v)) - b * mp.coth(b * mpf(v)) for v in x]


def error(values: np.ndarray, truth: list[Any]) -> np.ndarray:
    """Return relative errors, those below half a unit of the last place drawn there."""
    pairs = zip(values, truth, strict=True)
    return np.maximum([abs(float((mpf(float(v)) - e) / e)) for v, e in pairs], 2e-17)


def draw_functions(axes: Any) -> None:
    """Draw B_J and its limit."""
    x = np.linspace(0.0, 6.0, 300)
    for J, colour, dash in zip(SPINS, COLOURS, DASHES, strict=False):
        axes.plot(x, brillouin(J, x), color=colour, ls=dash, label=f"J = {shown(J)}")
    axes.plot(x, langevin(x), color=COLOURS[-1], lw=1.2, label="Langevin, $J \\to \\infty$")
    axes.set_xlabel("$x = g\\,\\mu_B J B/(k_B T)$")
    axes.set_ylabel("moment over its saturation")
    axes.set_ylim(0.0, 1.02)
    axes.set_xlim(0.0, 6.0)
    axes.legend(loc="lower right")


def draw_errors(axes: Any) -> None:
    """Draw the errors of the printed formula and of the library."""
    x = np.geomspace(1e-10, 50.0, 180)
    print("J        largest relative error: printed formula at x = 1e-2, 1e-6; library, all x")
    for J, colour in zip((0.5, 3.5, 1000.0), COLOURS, strict=False):
        truth = exact(J, x)
        printed, ours = error(bare(J, x), truth), error(brillouin(J, x), truth)
        axes.loglog(x, printed, ".", ms=3.5, color=colour, label=f"printed formula, J = {shown(J)}")
        axes.loglog(x, ours, "x", ms=3.5, mew=0.8, color=colour)
        at = [printed[np.abs(np.log(x / v)).argmin() - 3 :][:7].max() for v in (1e-2, 1e-6)]
        print(f"{shown(J):8} {at[0]:.1e}, {at[1]:.1e}; {ours.max():.1e}")
    axes.plot([], [], "x", ms=4, color="#555555", label="magneton, all three")
    axes.axhline(ROUNDING, color="#555555", lw=0.8, label="rounding, $2^{-53}$")
    axes.set_ylim(4e-18, 3e4)
    axes.set_xlabel("$x$")
    axes.set_ylabel("relative error")
    axes.legend(loc="upper right")


def main() -> None:
    """Print and draw."""
    with style():
        figure, axes = plt.subplots(1, 2, figsize=(9.6, 4.2), layout="constrained")
        draw_functions(axes[0])
        draw_errors(axes[1])
        figure.suptitle("Brillouin's function, and its digits")
        figure.savefig(HERE / "quantum_brillouin.png", dpi=130)


if __name__ == "__main__":
    main()
