"""Draw the field along a spacecraft's boom, as it follows from units that were measured on a turntable.

Run it from the root of the repository, `python docs/gallery/estimation_spacecraft.py`; it needs matplotlib, prints a
table and writes a picture beside itself.

Each unit turns in front of two probes, whose offsets and the field of the Earth stay where they are; it turns about
two axes, one after the other, since a moment along an axis looks like an offset. The fitted dipoles with their
covariances, mounted where they belong, add up to the field at the boom's tip; its magnitude has a limit.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from scipy.spatial.transform import Rotation

from magneton import Dipole
from magneton.estimation import RotatingRig, Spacecraft, Unit, fit_dipoles
from magneton.plot.style import BAND, COLOURS, DASHES, style

HERE = Path(__file__).parent
PROBES = [[0.6, 0.0, 0.05], [0.8, 0.1, -0.1]]  # m
RIGS = [RotatingRig(PROBES, axis) for axis in ([0.0, 0.0, 1.0], [0.0, 1.0, 0.0])]
ANGLES = np.radians(np.arange(0, 360, 15))
EARTH = np.array([18e-6, 2e-6, -44e-6])  # T
NOISE, OFFSETS = 10e-9, 100e-9  # T
LIMIT, LEVEL = 0.2e-9, 0.95
BOOM = np.array([1.0, 0.0, 0.0])

#: Moment (A m^2) and place (m) in the unit, where it is mounted, and how it is turned about z (degrees).
UNITS = {
    "reaction wheel": ([0.05, 0.02, 0.14], [0.01, 0.0, 0.03], [0.4, 0.3, 0.0], 0),
    "transponder": ([-0.10, 0.06, 0.0], [0.03, -0.02, 0.0], [-0.3, 0.2, 0.1], 90),
    "latch valve": ([0.0, 0.0, -0.19], [0.0, 0.02, -0.02], [0.0, -0.4, -0.3], 45),
    "battery": ([0.02, -0.05, 0.01], [-0.02, 0.0, 0.0], [-0.4, -0.2, 0.2], 180),
}


def measured(name: str, rng: np.random.Generator) -> Unit:
    """Return a unit as it comes from the rig."""
    moment, place, mounted, turn = UNITS[name]
    unit, parts = Dipole(moment=moment, position=place), []
    for rig in RIGS:
        B = rig.field(unit, ANGLES) + EARTH
        B = B + OFFSETS * rng.normal(size=B.shape[1:]) + NOISE * rng.normal(size=B.shape)
        parts.append(rig.readings(ANGLES, B, NOISE))
    fit = fit_dipoles(parts, background="uniform", offsets=OFFSETS)
    return Unit(name, fit, mounted, Rotation.from_euler("z", turn, degrees=True))


def mounted(name: str) -> Unit:
    """Return a unit as it is."""
    moment, place, where, turn = UNITS[name]
    turned = Rotation.from_euler("z", turn, degrees=True)
    return Unit(name, Dipole(moment=moment, position=place), where, turned)


def draw_boom(axes: Any, craft: Spacecraft, truth: Spacecraft, length: float) -> None:
    """Draw the magnitude of the field along the boom with its band, the truth, and the limit."""
    distance = np.geomspace(1.5, 8.0, 60)
    where = np.multiply.outer(distance, BOOM)
    low, high = craft.probability_band(where, LEVEL)
    axes.fill_between(distance, 1e9 * low, 1e9 * high, color=BAND, alpha=0.5, label=f"{LEVEL:.0%} band")
    for unit, dash in zip(craft.units, DASHES[1:], strict=False):
        axes.plot(
            distance,
            1e9 * np.linalg.norm(unit.field(where).B, axis=1),
            color="#888888",
            ls=dash,
            lw=1.0,
            label=unit.name,
        )
    axes.plot(
        distance, 1e9 * np.linalg.norm(craft.field(where).B, axis=1), color=COLOURS[0], label="all units"
    )
    axes.plot(
        distance, 1e9 * np.linalg.norm(truth.field(where).B, axis=1), color=COLOURS[1], ls="--", label="truth"
    )
    axes.axhline(1e9 * LIMIT, color=COLOURS[-1], ls=":", label="limit")
    axes.axvline(length, color=COLOURS[-1], lw=0.8)
    axes.annotate(f"{length:.2f} m", (length, 8.0), xytext=(4, 0), textcoords="offset points")
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks([1.5, 2, 3, 4, 6, 8], ["1.5", "2", "3", "4", "6", "8"])
    axes.minorticks_off()
    axes.set_ylim(5e-3, 40.0)
    axes.set_xlabel("distance along the boom (m)")
    axes.set_ylabel("|B| (nT)")
    axes.set_title("field along the boom")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=4)


def draw_shares(axes: Any, craft: Spacecraft, tip: np.ndarray) -> None:
    """Draw what each unit adds to the field at the tip."""
    verdict = craft.verdict(tip, LIMIT)
    names = [f"{name}\n{part:.0%} of variance" for name, part in verdict.variance_shares.items()]
    shares = 1e9 * np.array(list(verdict.shares.values()))
    along = craft.field(tip).B / verdict.magnitude
    std = [1e9 * np.sqrt(along @ unit.field(tip).covariance @ along) for unit in craft.units]
    axes.barh(names, shares, xerr=std, color=COLOURS[0], height=0.6, capsize=3)
    axes.axvline(0.0, color=COLOURS[-1], lw=0.8)
    axes.set_xlabel("share of the field, along the total (nT)")
    axes.set_title(
        f"at {np.linalg.norm(tip):.2f} m: below {1e9 * LIMIT:g} nT with probability {verdict.probability:.3f}"
    )
    axes.invert_yaxis()
    print(verdict)


def main() -> None:
    """Print and draw."""
    rng = np.random.default_rng(12)
    craft = Spacecraft([measured(name, rng) for name in UNITS])
    truth = Spacecraft([mounted(name) for name in UNITS])
    length = craft.boom_length(BOOM, LIMIT, LEVEL, origin=[0.0, 0.0, 0.0])
    std = np.sqrt(np.diagonal(craft.moment_covariance))
    print(f"total moment {craft.moment.round(4)} +- {std.round(4)} A m^2, truth {truth.moment.round(4)}")
    print(f"the boom must reach {length:.2f} m")
    with style():
        figure, axes = plt.subplots(1, 2, figsize=(11.5, 5.0), layout="constrained")
        draw_boom(axes[0], craft, truth, length)
        draw_shares(axes[1], craft, 1.02 * length * BOOM)
        figure.suptitle("Cleanliness of a spacecraft from units on a turntable")
        figure.savefig(HERE / "estimation_spacecraft.png", dpi=130)


if __name__ == "__main__":
    main()
