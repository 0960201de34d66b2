"""What the benchmarks share: contenders timed in turns, their errors, tables on screen and rows for JSON."""

from __future__ import annotations

import gc
import importlib.metadata
import math
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import magneton

#: Pause before each sample, so that the threads of the contender before have stopped spinning.
_PAUSE = 0.01


@dataclass(frozen=True)
class Contender:
    """One way to do a workload.

    Attributes
    ----------
    call : str
        The call in words, as printed.
    run : callable
        What is timed; takes nothing.
    count : int
        Interactions a call.
    errors : callable, optional
        Takes what `run` returned and gives relative errors by column name; not timed.
    threads : int
        Threads that the call may use.
    """

    call: str
    run: Callable[[], Any]
    count: int
    errors: Callable[[Any], dict[str, float]] | None = None
    threads: int = 1


@dataclass(frozen=True)
class Entry:
    """A contender not built yet: the package it needs, and the function that makes it (and imports)."""

    package: str
    build: Callable[[], Contender]


@dataclass
class Report:
    """A table: rows are dicts, printed and written as JSON."""

    title: str
    rows: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Pace:
    """How long to measure: rounds, seconds a sample at least, seconds a contender at most."""

    rounds: int
    sample: float
    budget: float


FULL = Pace(rounds=11, sample=0.1, budget=15.0)
QUICK = Pace(rounds=3, sample=0.02, budget=3.0)
_FEWEST_SAMPLES = 3


@dataclass
class _Runner:
    """A contender while it is measured."""

    row: dict[str, Any]
    contender: Contender | None = None
    loops: int = 1
    spent: float = 0.0
    samples: list[float] = field(default_factory=list)


def package_version(package: str) -> str:
    """Return the version of an installed distribution, or an empty string."""
    if package == "magneton":
        return magneton.__version__
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _one_line(error: BaseException) -> str:
    text = str(error).strip().splitlines()
    return f"error: {type(error).__name__}: {text[0] if text else ''}"


def _errors(contender: Contender, result: Any) -> dict[str, Any]:
    if contender.errors is None:
        return {}
    try:
        return contender.errors(result)
    except ModuleNotFoundError as missing:
        return {"error": f"needs {missing.name}"}


def _prepare(entry: Entry, pace: Pace) -> _Runner:
    """Build a contender, run it once to warm up and to judge it, and once to see how long it takes."""
    runner = _Runner({"who": entry.package, "version": package_version(entry.package)})
    try:
        contender = entry.build()
        runner.row.update(call=contender.call, threads=contender.threads)
        runner.row.update(_errors(contender, contender.run()))
        start = time.perf_counter()
        contender.run()
        runner.loops = max(1, math.ceil(pace.sample / (time.perf_counter() - start)))
        runner.contender = contender
    except ModuleNotFoundError as missing:
        runner.row["call"] = f"not installed: {missing.name}"
    except Exception as error:
        runner.row["call"] = _one_line(error)
    return runner


def _take_sample(runner: _Runner) -> None:
    """Add one sample, the seconds of a call, and stop a contender that fails."""
    run, loops = runner.contender.run, runner.loops
    time.sleep(_PAUSE)
    try:
        start = time.perf_counter()
        for _ in range(loops):
            run()
        taken = time.perf_counter() - start
    except Exception as error:
        runner.row["call"] = _one_line(error)
        runner.contender = None
        return
    runner.spent += taken
    runner.samples.append(taken / loops)


def _in_turns(runners: Sequence[_Runner], pace: Pace) -> None:
    """Measure all contenders in rounds, one sample each, so that drift of the machine hits all alike."""
    gc.collect()
    gc.disable()
    try:
        for _ in range(pace.rounds):
            for runner in runners:
                enough = runner.spent > pace.budget and len(runner.samples) >= _FEWEST_SAMPLES
                if runner.contender is not None and not enough:
                    _take_sample(runner)
    finally:
        gc.enable()


def _finish(runner: _Runner, ours: _Runner, unit: str, scale: float) -> dict[str, Any]:
    """Add the times per interaction and the ratio to ours, round by round, to the row."""
    if runner.contender is None or not runner.samples:
        return runner.row
    count = runner.contender.count
    runner.row[f"median {unit}"] = scale * statistics.median(runner.samples) / count
    runner.row[f"min {unit}"] = scale * min(runner.samples) / count
    if ours.contender is not None:
        rounds = zip(runner.samples, ours.samples, strict=False)
        ratio = statistics.median(theirs / mine for theirs, mine in rounds)
        runner.row["ratio to first"] = ratio * ours.contender.count / count
    runner.row["samples"] = len(runner.samples)
    return runner.row


def compare(
    title: str,
    entries: Sequence[Entry],
    pace: Pace,
    unit: str = "ns",
    scale: float = 1e9,
    notes: Sequence[str] = (),
) -> Report:
    """Time the entries in turns; the first one is what the others are compared with.

    Parameters
    ----------
    title : str
        Of the table.
    entries : sequence of Entry
        Who takes part. One that is not installed, or fails, becomes a line that says so.
    pace : Pace
        How long to measure.
    unit, scale : str, float
        The unit that times per interaction are given in, and how many of it a second has.
    notes : sequence of str
        Printed under the table.
    """
    runners = [_prepare(entry, pace) for entry in entries]
    _in_turns(runners, pace)
    rows = [_finish(runner, runners[0], unit, scale) for runner in runners]
    return Report(title, rows, list(notes))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3g}"
    return str(value)


def show(report: Report, console: Any) -> None:
    """Print a report."""
    from rich import box
    from rich.table import Table

    columns = list(dict.fromkeys(key for row in report.rows for key in row))
    table = Table(title=report.title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        numeric = any(isinstance(row.get(column), (int, float)) for row in report.rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in report.rows:
        table.add_row(*(_text(row.get(column)) for column in columns))
    console.print(table, markup=False)
    for note in report.notes:
        console.print(f"  {note}", markup=False, highlight=False)
    console.print()


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    import numba
    import numpy as np

    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "processor": _processor(),
        "instruction set": numba.core.codegen.ll.get_host_cpu_name(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "load at start": load,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "magneton": magneton.__version__,
    }
