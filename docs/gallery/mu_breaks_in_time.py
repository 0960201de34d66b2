"""Draw how mu breaks in time: a uniform field that doubles, slowly or fast, traced and in closed form.

Run it from the root of the repository, `python docs/gallery/mu_breaks_in_time.py`; it needs matplotlib, prints a table
and writes a picture beside itself.

omega = Omega/2 goes from 0.5 to 1 with omega^2 = A + C tanh(rate t). Above: the relative jump of mu of a gyration about
the axis of the induced electric field, from exponentially small to that of a sudden change. Below: a gyrocentre off the
axis, where what comes out depends on the gyrophase and may be less than what went in.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from magneton.orbits.breaking import mu_jump_off_axis, mu_jump_uniform, traced_mu_jump
from magneton.plot.style import COLOURS, DASHES, style

HERE = Path(__file__).parent
BEFORE, AFTER = 0.5, 1.0  # 1/s
TRACED = [0.3, 0.5, 0.8, 1.2, 2.0, 3.0, 5.0, 8.0, 15.0, 30.0]  # 1/s
OFFSETS = [0.0, 0.5, 2.0]  # Larmor radii
RATE = 1.5  # 1/s, of the lower panel
PHASES = 2.0 * np.pi * np.arange(24) / 24


def draw_rates(axes: plt.Axes) -> None:
    """Draw the jump against the rate, and print by how much the orbits differ."""
    rates = np.geomspace(0.25, 40.0, 200)
    axes.loglog(rates, mu_jump_uniform(BEFORE, AFTER, rates), color=COLOURS[0], label="closed form")
    slow = np.exp(-2.0 * np.pi * BEFORE / rates)
    axes.loglog(rates, slow, color=COLOURS[2], ls=DASHES[1], label=r"slow: $e^{-2\pi\omega_1/\mathrm{rate}}$")
    sudden = (AFTER - BEFORE) ** 2 / (4.0 * AFTER * BEFORE)
    axes.axhline(sudden, color=COLOURS[3], ls=DASHES[3], label="sudden: 1/8")
    traced = np.array([traced_mu_jump("proton", BEFORE, AFTER, rate) for rate in TRACED])
    axes.loglog(TRACED, traced, "o", color=COLOURS[1], ms=5, label="traced orbits")
    print("rate [1/s]  traced           closed form      difference")
    for rate, found in zip(TRACED, traced, strict=True):
        exact = mu_jump_uniform(BEFORE, AFTER, rate)
        print(f"{rate:10.2f}  {found:.9e}  {exact:.9e}  {found - exact:+.1e}")
    axes.set_ylim(1e-6, 1.0)
    axes.set_xlabel("rate [1/s]")
    axes.set_ylabel(r"$\Delta\mu/\mu$")
    axes.legend(loc="lower right")


def draw_phases(axes: plt.Axes) -> None:
    """Draw what is left of mu against the gyrophase, for gyrocentres at three distances from the axis."""
    for i, offset in enumerate(OFFSETS):
        jumps = [traced_mu_jump("proton", BEFORE, AFTER, RATE, offset=offset, gyrophase=p) for p in PHASES]
        expected = mu_jump_off_axis(BEFORE, AFTER, RATE, offset)
        low, high = 1.0 + expected.mean - expected.swing, 1.0 + expected.mean + expected.swing
        axes.axhspan(low, high, color=COLOURS[i], alpha=0.12, lw=0)
        axes.plot(
            np.degrees(PHASES), 1.0 + np.array(jumps), "o-", ms=4, lw=1, color=COLOURS[i], label=f"{offset:g}"
        )
    axes.set_xlabel("gyrophase at the start, against the direction of the offset [degrees]")
    axes.set_ylabel(r"$\mu$ after / before")
    axes.set_xticks(range(0, 361, 60))
    axes.legend(title="offset [Larmor radii]; bands: theory", loc="upper right", ncols=3, title_fontsize=9)
    axes.set_ylim(0.0, 3.0)


def main() -> None:
    """Draw the picture."""
    with style():
        figure, (upper, lower) = plt.subplots(2, 1, figsize=(6.6, 7.2), layout="constrained")
        draw_rates(upper)
        draw_phases(lower)
        lower.set_title(f"off the axis, rate {RATE:g}/s")
        figure.suptitle(r"$\mu$ in a uniform field that doubles")
        figure.savefig(HERE / "mu_breaks_in_time.png", dpi=130)


if __name__ == "__main__":
    main()
