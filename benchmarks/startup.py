"""Start-up: a fresh interpreter that imports a package and ends."""

from __future__ import annotations

import dataclasses
import importlib.util
import subprocess
import sys

from _harness import Contender, Entry, Pace, Report, compare


def _start(package: str | None) -> Contender:
    if package is not None and importlib.util.find_spec(package) is None:
        raise ModuleNotFoundError(name=package)
    code = f"import {package}" if package else "pass"

    def run() -> None:
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)

    return Contender(f'python -c "{code}"', run, 1)


def imports(quick: bool, pace: Pace) -> Report:
    """Seconds that a process takes that only imports."""
    packages = ["magneton", None, "numpy", "cfsem", "choclo", "fmm3dpy", "harmonica", "magpylib"]
    entries = [Entry(p or "python", lambda p=p: _start(p)) for p in packages]
    pace = dataclasses.replace(pace, rounds=3 if quick else 10, sample=0.0, budget=30.0)
    notes = ["the whole process, warm files; what the import costs is the difference to the second line"]
    return compare("Start-up", entries, pace, "ms", 1e3, notes=notes)
