"""A run that is killed in the middle, and what it has become when it is resumed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from _harness import Pace, Report, package_version
from magneton import runs

_CHILD = Path(__file__).with_name("_orbit_child.py")


def _start(folder: Path, count: int) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, str(_CHILD), str(folder), str(count)])


def _kill_at(folder: Path, count: int, part: float) -> int:
    """Start a run, kill it (SIGKILL) when that part of its chunks is there; return how many are."""
    process = _start(folder, count)
    while process.poll() is None:
        done = len(list(folder.glob("chunk-*"))) if folder.is_dir() else 0
        if done >= part * -(-count // 32768):
            process.kill()
        time.sleep(0.01)
    process.wait()
    return len(runs.load(folder).manifest["chunks"])


def resume(quick: bool, pace: Pace) -> Report:
    """A million orbits, killed twice and resumed, beside an unbroken run."""
    count = 100_000 if quick else 1_000_000
    report = Report("A run of orbits that is killed and resumed", [])
    with tempfile.TemporaryDirectory() as place:
        whole, broken = Path(place) / "whole", Path(place) / "broken"
        begin = time.perf_counter()
        unbroken = _start(whole, count).wait()
        seconds = time.perf_counter() - begin
        chunks = [_kill_at(broken, count, part) for part in (0.3, 0.6)]
        resumed = _start(broken, count).wait()
        first, second = runs.load(whole), runs.load(broken)
        same = all(np.array_equal(first[name], second[name], equal_nan=True) for name in first.names)
        size = sum(file.stat().st_size for file in whole.iterdir())
    report.rows.append(
        {
            "who": "magneton",
            "version": package_version("magneton"),
            "particles": count,
            "unbroken s": seconds,
            "chunks": -(-count // 32768),
            "done when killed": " and ".join(map(str, chunks)),
            "exit codes": f"{unbroken}, {resumed}",
            "same bits": "yes" if same else "NO",
            "MiB": size / 2.0**20,
        }
    )
    report.notes.append(
        "200 steps each of Higuera and Cary in a dipole; time with the start of Python and the files"
    )
    return report
