"""Run the benchmarks: `python benchmarks/run.py [--json FILE] [--only NAME ...] [--quick]`.

Each workload is timed beside its peers in one process, in turns. A peer that is not installed is a line in
the table that says so. Nothing here fails on a timing.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import json
import math
import os
import sys
import traceback
from pathlib import Path
from typing import Any

#: Name on the command line -> module and function.
_WORKLOADS = {
    "dipole-field": ("dipoles", "field"),
    "loop-field": ("loops", "field"),
    "loop-force": ("loops", "force"),
    "dipole-forces": ("dipoles", "forces"),
    "moment-system": ("systems", "system"),
    "induced-moments": ("systems", "induced"),
    "cuboid": ("magnets", "cuboid"),
    "cylinder-axial": ("magnets", "axial_cylinder"),
    "cylinder-diametral": ("magnets", "diametral_cylinder"),
    "sphere": ("magnets", "sphere"),
    "tetrahedron": ("magnets", "tetrahedron"),
    "mesh": ("magnets", "mesh"),
    "solenoid": ("magnets", "solenoid"),
    "earth": ("planets", "earth"),
    "orbit-ensemble": ("orbits", "ensemble"),
    "orbit-igrf": ("orbits", "igrf"),
    "orbit-adaptive": ("orbit_adaptive", "adaptive"),
    "orbit-accuracy": ("orbit_accuracy", "errors"),
    "mu-swing": ("orbit_accuracy", "swing"),
    "orbit-resume": ("orbit_resume", "resume"),
    "levels-moments": ("quantum", "moments"),
    "levels-grid": ("quantum", "grid"),
    "levels-powder": ("quantum", "powder"),
    "brillouin": ("quantum_functions", "brillouin_function"),
    "weiss-magnet": ("quantum_functions", "weiss_magnet"),
    "epr-rhombic": ("quantum_epr", "rhombic"),
    "epr-nitroxide": ("quantum_epr", "nitroxide"),
    "epr-triplet": ("quantum_epr", "triplet"),
    "epr-gadolinium": ("quantum_epr", "gadolinium"),
    "moments": ("moments", "macrospins"),
    "thermal": ("thermal", "langevin"),
    "thermal-bias": ("thermal", "bias"),
    "thermal-terms": ("thermal_terms", "energies"),
    "curie-temperature": ("curie", "temperature"),
    "estimation-planner": ("estimation_planner", "errors"),
    "lattice-exchange": ("lattices", "exchange"),
    "lattice-dipoles": ("lattices", "dipoles"),
    "estimation-search": ("estimation", "search"),
    "estimation-number": ("estimation", "number"),
    "estimation-speed": ("estimation", "speed"),
    "estimation-coverage": ("estimation_coverage", "coverage"),
    "memory": ("memory", "peak"),
    "startup": ("startup", "imports"),
    "accuracy": ("accuracy", "tables"),
    "error-bounds": ("error_bounds", "circuits"),
    "bodies": ("bodies", "forces"),
    "body-error-bounds": ("body_error_bounds", "bodies"),
}
_THREAD_VARIABLES = ("MAGNETON_NUM_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "RAYON_NUM_THREADS")


def _usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks/run.py", description="Time magneton beside its peers, and check its accuracy."
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write machine, date and all rows here")
    parser.add_argument(
        "--only", nargs="+", choices=_WORKLOADS, metavar="NAME", help=f"of {', '.join(_WORKLOADS)}"
    )
    parser.add_argument("--quick", action="store_true", help="small sizes, few repeats: to see that it runs")
    parser.add_argument("--threads", type=int, default=_usable_cores(), help="for all (default: every core)")
    options = parser.parse_args()
    if options.json is not None and not options.json.absolute().parent.is_dir():
        parser.error(f"--json must be in a folder that exists, got {options.json}")
    if options.threads < 1:
        parser.error(f"--threads must be positive, got {options.threads}")
    return options


def _set_threads(count: int) -> None:
    """Tell every package's runtime; they read it when they are loaded, so nothing may be loaded before."""
    for name in _THREAD_VARIABLES:
        os.environ[name] = str(count)


def _run(name: str, quick: bool, console: Any) -> dict[str, Any]:
    """Run and print one workload; a fault of it is printed and recorded."""
    import _harness

    module, function = _WORKLOADS[name]
    try:
        pace = _harness.QUICK if quick else _harness.FULL
        report = getattr(importlib.import_module(module), function)(quick, pace)
    except Exception as error:
        traceback.print_exc()
        return {"name": name, "fault": f"{type(error).__name__}: {error}"}
    _harness.show(report, console)
    return {"name": name, "title": report.title, "rows": report.rows, "notes": report.notes}


def _finite(value: Any) -> Any:
    """Return the value with nan and infinities as text, which JSON can hold."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def _write(path: Path, document: dict[str, Any]) -> None:
    """Write the document whole, or not at all."""
    temporary = path.with_name(path.name + ".part")
    temporary.write_text(json.dumps(_finite(document), indent=1) + "\n", encoding="utf-8")
    temporary.replace(path)


def main() -> int:
    """Run what was asked for; 0 whatever the timings are, 1 if a workload of ours broke."""
    options = _arguments()
    _set_threads(options.threads)
    from rich.console import Console

    from _harness import machine

    console = Console(width=None if sys.stdout.isatty() else 200)
    about = machine()
    date = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    said = ", ".join(f"{key} {value}" for key, value in about.items())
    console.print(f"{date}: {said}, threads {options.threads}\n", markup=False, highlight=False)
    reports = [_run(name, options.quick, console) for name in options.only or _WORKLOADS]
    if options.json is not None:
        document = {"date": date, "machine": about, "threads": options.threads, "quick": options.quick}
        _write(options.json, {**document, "workloads": reports})
    return int(any("fault" in report for report in reports))


if __name__ == "__main__":
    sys.exit(main())
