"""How far a run is: a bar on a terminal, a line now and then elsewhere, or the caller's own function."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

#: Seconds between the lines that take the bar's place where there is no terminal.
PERIOD = 10.0

Progress = bool | None | Callable[[int, int], object]
Report = Callable[[int], None]


class Pace:
    """How far and how fast, in words; items that an earlier session has done do not count as fast ones."""

    def __init__(self, item: str, total: int, done: int) -> None:
        """Begin now, with `done` items of `total` done."""
        self._item, self._total, self._before = item, total, done
        self._start = time.perf_counter()

    def words(self, done: int) -> str:
        """Return the state of things once `done` items are done."""
        share = f"{done} of {self._total} {self._item}s, {100 * done // max(self._total, 1)} %"
        elapsed = time.perf_counter() - self._start
        rate = (done - self._before) / elapsed if elapsed > 0 else 0.0
        if rate == 0:
            return share
        left = timedelta(seconds=round((self._total - done) / rate))
        return f"{share}, {rate:{'.3g' if rate < 1000 else '.0f'}}/s, {left} left"


def _on_terminal() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()


@contextmanager
def _bar(pace: Pace, total: int, done: int) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn

    columns = (SpinnerColumn(), BarColumn(16), TextColumn("{task.description}"))
    # What the caller prints stays where it prints it; rich would take stdout for its own.
    with Progress(
        *columns, console=Console(stderr=True, force_jupyter=False), transient=True, redirect_stdout=False
    ) as bar:
        task = bar.add_task(pace.words(done), total=max(total, 1), completed=done)
        yield lambda done: bar.update(task, completed=done, description=pace.words(done))


@contextmanager
def _lines(pace: Pace, total: int, done: int) -> Iterator[Report]:
    last = time.perf_counter()

    def report(done: int) -> None:
        nonlocal last
        now = time.perf_counter()
        if now - last >= PERIOD or done == total:
            last = now
            print(pace.words(done), file=sys.stderr, flush=True)

    yield report


@contextmanager
def reporting(progress: Progress, item: str, total: int, done: int) -> Iterator[Report]:
    """Give, as a context, a function to call with the number of items done.

    Parameters
    ----------
    progress : bool, callable or None
        None: a bar if stderr is a terminal. True: also plain lines if it is not. False: nothing. A callable is
        called with the items done and all items.
    item : str
        What an item is.
    total, done : int
        All items, and those done before.
    """
    if callable(progress):
        yield lambda done: (progress(done, total), None)[1]
    elif progress is not False and _on_terminal():
        with _bar(Pace(item, total, done), total, done) as report:
            yield report
    elif progress:
        with _lines(Pace(item, total, done), total, done) as report:
            yield report
    else:
        yield lambda done: None
