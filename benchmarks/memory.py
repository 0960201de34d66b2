"""Peak memory of a direct sum: each size in a fresh process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

from _harness import Pace, Report, package_version

_CHILD = Path(__file__).with_name("_memory_child.py")
_MIB = 2.0**20
#: Largest size for each; beyond it a peer takes minutes, or (magpylib) gigabytes.
_LARGEST = {"magneton": 65536, "cfsem": 16384, "harmonica": 16384, "fmm3dpy": 16384, "magpylib": 4096}


def _peak(who: str, count: int) -> float | str:
    """Return the bytes that a sum of `count` x `count` adds to the process, or why there are none."""
    done = subprocess.run(
        [sys.executable, str(_CHILD), who, str(count)], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return float(done.stdout)
    lines = done.stderr.strip().splitlines() or ["no message"]
    return "not installed" if "ModuleNotFoundError" in lines[-1] else f"error: {lines[-1]}"


def _fit(counts: list[int], peaks: list[float]) -> str:
    """Say how the peak grows: least squares in 1, N + M and N M."""
    n = np.array(counts, dtype=float)
    columns = np.stack([np.ones_like(n), 2.0 * n, n * n], axis=1)
    scale = columns.max(axis=0)
    fit = np.linalg.lstsq(columns / scale, np.array(peaks), rcond=None)[0] / scale
    return f"{fit[1]:.0f} bytes per (N + M) and {fit[2]:.3g} bytes per N M, over {fit[0] / _MIB:.2g} MiB"


def _rows(who: str, counts: list[int]) -> tuple[list[dict], str | None]:
    rows, sizes, peaks = [], [], []
    for count in counts:
        peak = _peak(who, count)
        row = {"who": who, "version": package_version(who), "N = M": count}
        if isinstance(peak, str):
            return [*rows, {**row, "peak MiB": peak}], None
        row["peak MiB"] = peak / _MIB
        row["bytes per (N + M)"] = peak / (2 * count)
        row["bytes per N M"] = peak / count**2
        rows.append(row)
        sizes.append(count)
        peaks.append(peak)
    return rows, f"{who}: {_fit(sizes, peaks)}" if len(sizes) > 3 else None


def peak(quick: bool, pace: Pace) -> Report:
    """Peak memory of the field of N dipoles at M = N points, inputs and result included."""
    report = Report("Peak memory of a direct sum", [])
    for who, largest in _LARGEST.items():
        top = min(largest, 4096) if quick else largest
        counts = [2**k for k in range(11, 17) if 2**k <= top]
        rows, note = _rows(who, counts)
        report.rows += rows
        if note:
            report.notes.append(note)
    report.notes.append("growth of the resident peak over the process before it made the arrays")
    return report
