"""Draw the scattering of mu by a current sheet from thick to thin: exponentially small, then no longer.

Run it from the root of the repository, `python docs/gallery/mu_breaks_rho_over_L.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

The rms over gyrophases of the relative change of mu against rho/L, for protons of 30 degrees pitch angle. The field
turns from +15 to -15 degrees about the normal (strong) or by 0.002 degrees (weak). The closed forms: first order in the
angle at every thickness; for the strong sheet the sharp limit, and exp(-K) with K from the complex place where B^2 = 0,
times one factor fitted at the thickest sheet. Below some 1e-13 the orbits show their rounding, so the curves go on
alone: at rho/L = 0.01 the strong sheet changes mu by 1e-27. A sheet with kinks scatters far more, as a power of rho/L.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from magneton import orbits
from magneton.orbits.breaking import sharp_sheet_jump, sheet_exponent, sheet_scattering, weak_sheet_jump
from magneton.orbits.fields import SheetStep
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
STRENGTH, V_PERP, PITCH = 5e-9, 1e6, np.radians(30.0)  # T, m/s
STRONG, WEAK = np.radians([15.0, 1e-3])
PROTON = orbits.proton
V_PAR = V_PERP / np.tan(PITCH)
RADIUS = PROTON.mass * V_PERP / (PROTON.charge * STRENGTH)
DRAWN = np.geomspace(0.01, 10.0, 300)
TRACED = np.array([0.03, 0.035, 0.04, 0.05, 0.06, 0.08, 0.1, 0.14, 0.2, 0.3, 0.5, 0.8, 1.4, 2.5, 4.2, 10.0])


def sheet(tilt: float, ratio: float, profile: str = "tanh") -> SheetStep:
    """Return a sheet across which B turns from +tilt to -tilt, with a half-thickness of rho/ratio."""
    sides = [STRENGTH * np.array([side * np.sin(tilt), 0.0, np.cos(tilt)]) for side in (1.0, -1.0)]
    return SheetStep(*sides, RADIUS / ratio, profile)


def spreads(tilt: float, ratios: np.ndarray, profile: str = "tanh") -> np.ndarray:
    """Return the rms change of mu of traced orbits."""
    found = [
        sheet_scattering(sheet(tilt, r, profile), PROTON, V_PAR, V_PERP, count=16, rtol=1e-14) for r in ratios
    ]
    return np.array([one.spread for one in found])


def first_order(profile: str) -> np.ndarray:
    """Return the rms change of mu by a weak sheet, in closed form."""
    kicks = [weak_sheet_jump(sheet(WEAK, ratio, profile), PROTON, V_PAR, V_PERP) for ratio in DRAWN]
    return np.sqrt(2.0) * np.array(kicks)


def exponents(ratios: np.ndarray) -> np.ndarray:
    """Return K of the strong sheet."""
    return np.array([sheet_exponent(sheet(STRONG, ratio), PROTON, V_PAR, V_PERP) for ratio in ratios])


def sharp_limit() -> float:
    """Return the rms change of mu by the strong sheet if it is sharp."""
    ends = sheet(STRONG, 1.0)
    jump = sharp_sheet_jump(ends.B1, ends.B2, PITCH, 2.0 * np.pi * np.arange(64) / 64)
    return float(np.sqrt(np.mean(jump.weight * (jump.ratio - 1.0) ** 2)))


def report(strong: np.ndarray) -> None:
    """Print the spreads and how their logarithm falls with K."""
    K = exponents(TRACED)
    slopes = np.diff(np.log(strong)) / np.diff(K)
    print("rho/L   rms change    K        slope of ln rms against K, to the next")
    for i, ratio in enumerate(TRACED):
        slope = f"{slopes[i]:8.4f}" if i < len(slopes) else ""
        print(f"{ratio:5.3f}  {strong[i]:.4e}  {K[i]:8.4f}  {slope}")


def main() -> None:
    """Print the table and draw the picture."""
    strong, limit = spreads(STRONG, TRACED), sharp_limit()
    report(strong)
    print(f"sharp: {limit:.5f}")
    seen = TRACED[TRACED >= 0.035]
    with style():
        figure, axes = plt.subplots(figsize=(6.8, 5.4), layout="constrained")
        K = exponents(DRAWN)
        fitted = strong[0] * np.exp(exponents(TRACED[:1])[0] - K)
        axes.loglog(TRACED, strong, "o", color=COLOURS[0], ms=5, label="turned by 30°, traced")
        thick = DRAWN < 0.3
        axes.loglog(
            DRAWN[thick], fitted[thick], color=COLOURS[0], label=r"$e^{-K}$, K from the place where $B^2 = 0$"
        )
        axes.axhline(limit, color=COLOURS[0], ls=DASHES[3], label="sharp sheet, closed form")
        axes.loglog(seen, spreads(WEAK, seen), "s", color=COLOURS[1], ms=4, label="turned by 0.002°, traced")
        axes.loglog(
            DRAWN, first_order("tanh"), color=COLOURS[1], ls=DASHES[1], label="first order, closed form"
        )
        kinked = DRAWN[::18]
        axes.loglog(
            kinked,
            spreads(WEAK, kinked, "linear"),
            "^",
            color=COLOURS[2],
            ms=4,
            label="the same with kinks, traced",
        )
        axes.loglog(
            DRAWN, np.abs(first_order("linear")), color=COLOURS[2], lw=0.9, label="first order, closed form"
        )
        axes.axvline(RADIUS / 5e5, color=COLOURS[6], lw=0.8, ls=DASHES[3])
        axes.text(4.4, 1e-20, "solar wind, 500 km", rotation=90, va="bottom")
        axes.set_ylim(1e-22, 20.0)
        axes.set_xlabel(r"$\rho/L$")
        axes.set_ylabel(r"rms of $\Delta\mu/\mu$ over gyrophases")
        axes.legend(loc="lower center")
        axes.set_title("Scattering by a current sheet, from thick to thin")
        figure.savefig(HERE / "mu_breaks_rho_over_L.png", dpi=130)


if __name__ == "__main__":
    main()
