"""Compute a run's missing chunks, keep them, and say how it went."""

from __future__ import annotations

import operator
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from magneton._check import shown
from magneton.runs import manifest as manifests
from magneton.runs.certificate import Certificate, Drift, session
from magneton.runs.lock import locked
from magneton.runs.manifest import bounds, described, items_done, new_manifest, read_manifest, require_same
from magneton.runs.plain import KINDS, differences
from magneton.runs.progress import Progress, reporting
from magneton.runs.run import Run
from magneton.runs.store import Folder, Memory, Store, foreign_files

#: Chunks have at least so many items unless the caller says otherwise, to keep all threads busy.
SMALLEST_CHUNK = 1000
#: Names that numpy's writer of archives keeps for itself.
_NOT_FOR_ARRAYS = ("file", "allow_pickle")


@dataclass(frozen=True)
class Chunk:
    """What `work` returns if it has more to say than arrays.

    Parameters
    ----------
    arrays : mapping of str to array_like, shape (stop - start, ...)
        The results.
    drift : mapping of str to Drift
        Of every quantity that should have been conserved; see `relative_drift`.
    steps : mapping of str to int
        Steps taken, by kind.
    state : mapping of str to array_like
        In a run of moments in time, all that the next chunk begins with. It is kept with the chunk.
    """

    arrays: Mapping[str, Any]
    drift: Mapping[str, Drift] = field(default_factory=dict)
    steps: Mapping[str, int] = field(default_factory=dict)
    state: Mapping[str, Any] = field(default_factory=dict)


Arrays = dict[str, np.ndarray]
Work = Callable[..., Mapping[str, Any] | Chunk]


def execute(
    folder: str | Path | None,
    spec: Mapping[str, Any],
    count: int,
    work: Work,
    *,
    chunk: int | None = None,
    inputs: Mapping[str, Any] | None = None,
    units: Mapping[str, str] | None = None,
    dims: Mapping[str, Sequence[str]] | None = None,
    item: str = "item",
    progress: Progress = None,
    resume: Literal["auto"] | bool = "auto",
    in_sequence: bool = False,
) -> Run:
    """Compute a run, or what is missing of it.

    An interrupted run loses the chunk in hand and no more; executed again, it ends with the same arrays, bit for bit,
    as an unbroken one. A finished run is not computed again.

    Parameters
    ----------
    folder : path or None
        Where the run is kept; None keeps it in memory. Another run's folder is never written to.
    spec : dict
        All that the results depend on, `inputs` apart: numbers, texts, lists, dicts. Its ``seed``, if it has one, is
        named in the certificate. Wall time, threads and the like do not belong here.
    count : int
        The number of items.
    work : callable
        ``work(start, stop)`` returns the results of the items from start up to stop: a dict of arrays, or a `Chunk`.
        First axes are over these items. It may depend on `spec`, `inputs` and the items asked for, on nothing else.
    chunk : int, optional
        Items a chunk; a hundredth of all by default, at least 1000. A chunk should take seconds: it is what an
        interruption costs, and to write one safely takes some ten milliseconds. A folder keeps the size it began with.
    inputs : dict of str to array_like, optional
        Large arrays that the results depend on. Their digests are kept, not they themselves.
    units : dict of str to str, optional
        Units of the arrays.
    dims : dict of str to sequence of str, optional
        Names of the axes of an array after the first.
    item : str, optional
        What an item is, in the singular: the name of the first axis.
    progress : bool, callable or None, optional
        None shows a bar if stderr is a terminal, True also plain lines if it is not, False nothing. A callable is
        called with the number of items done and the number of all.
    resume : "auto" or bool, optional
        Whether the folder must (True) or must not (False) hold this run already.
    in_sequence : bool, optional
        Whether items follow from those before, as moments in time do. Then ``work(start, stop, state)`` gets the
        `Chunk.state` that the chunk before has ended with (None at the start), and returns its own in a `Chunk`.

    Returns
    -------
    Run
        Complete.

    Raises
    ------
    ValueError
        For a folder that holds something else (the message says what differs), that another process works in or that
        cannot be written to; for a spec that is no plain data; for chunks that do not fit together.

    Warns
    -----
    UserWarning
        For a finished chunk whose file is damaged; it is computed again.

    Examples
    --------
    >>> import numpy as np
    >>> from magneton import runs
    >>> run = runs.execute(None, {"power": 2}, 5, lambda start, stop: {"square": np.arange(start, stop) ** 2})
    >>> run["square"]
    array([ 0,  1,  4,  9, 16])
    """
    count = _whole("count", count, 0)
    chunk = _whole("chunk", max(SMALLEST_CHUNK, -(-count // 100)) if chunk is None else chunk, 1)
    if not callable(work):
        raise ValueError(f"work must be callable, got {shown(work)}")
    if not (isinstance(item, str) and item.isidentifier()):
        raise ValueError(f"item must be a name, got {shown(item)}")
    if resume != "auto" and not isinstance(resume, bool):
        raise ValueError(f'resume must be "auto", True or False, got {shown(resume)}')
    wanted = new_manifest(spec, inputs or {}, item, count, chunk)
    axes = {name: tuple(names) for name, names in (dims or {}).items()}
    job = _Job(work, units or {}, axes, progress, in_sequence)
    if folder is None:
        if resume is True:
            raise ValueError("resume must not be True without a folder, got folder=None")
        return job.finish(Memory(wanted))
    path = _path(folder)
    if _holds_run(path, resume):
        begun = Folder(path, read_manifest(path))
        require_same(path, begun.manifest, wanted)
        if begun.manifest["complete"] and not any(begun.damaged()):
            return Run(begun)
    with locked(_made(path)):
        return job.finish(_opened(path, wanted))


def load(folder: str | Path) -> Run:
    """Return the run in a folder, finished or not, without computing anything.

    Parameters
    ----------
    folder : path
        As `execute` has written it.

    Returns
    -------
    Run
        Its arrays are read when asked for, and their checksums compared then.

    Raises
    ------
    ValueError
        If the folder is not that of a run.
    """
    path = _path(folder)
    return Run(Folder(path, read_manifest(path)))


def _path(folder: Any) -> Path:
    """Return a folder as a path."""
    try:
        return Path(folder)
    except TypeError:
        raise ValueError(f"folder must be a path or None, got {shown(folder)}") from None


def _whole(name: str, value: Any, least: int) -> int:
    """Return a whole number that is large enough."""
    try:
        number = -1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = -1
    if number < least:
        raise ValueError(f"{name} must be a whole number of at least {least}, got {shown(value)}")
    return number


def _holds_run(path: Path, resume: Literal["auto"] | bool) -> bool:
    """Return whether a folder holds a run, or raise if it must or must not, or holds something else."""
    if path.exists() and not path.is_dir():
        raise ValueError(f"folder must be a folder, got the file {path}")
    held = (path / manifests.NAME).exists()
    if resume is True and not held:
        raise ValueError(f"folder must hold a run to resume, got {path}")
    if resume is False and held:
        raise ValueError(f"folder must not hold a run with resume=False, got {path}")
    if not held and path.is_dir() and (foreign := foreign_files(path)):
        raise ValueError(f"folder must be empty or that of a run, got {path} with {', '.join(foreign[:3])}")
    return held


def _made(path: Path) -> Path:
    """Return a folder that exists, in a directory that must."""
    try:
        path.mkdir(exist_ok=True)
    except FileNotFoundError:
        raise ValueError(f"folder must be in a directory that exists, got {path}") from None
    except OSError as error:
        raise ValueError(f"folder must be one that can be made, got {path}: {error.strerror}") from None
    return path


def _opened(path: Path, wanted: dict[str, Any]) -> Folder:
    """Return the store of a folder that is locked: as it was left, or new."""
    if (path / manifests.NAME).exists():
        store = Folder(path, read_manifest(path))
        for trouble in store.forget_damaged():
            warnings.warn(f"{trouble}; it is computed again", stacklevel=3)
        require_same(path, store.manifest, wanted)  # now that it is known whether anything is to be computed
        store.clean()
        return store
    store = Folder(path, wanted)
    store.clean()
    store.write_manifest()
    return store


@dataclass(frozen=True)
class _Job:
    """How chunks are computed, and shown to be."""

    work: Work
    units: Mapping[str, str]
    dims: Mapping[str, tuple[str, ...]]
    progress: Progress
    in_sequence: bool

    def finish(self, store: Store) -> Run:
        """Compute all chunks that a store lacks."""
        manifest = store.manifest
        number = len(manifest["sessions"])
        with reporting(self.progress, manifest["item"], manifest["count"], items_done(manifest)) as report:
            for index in store.missing():
                before = (store.state(index - 1) if index else None,) if self.in_sequence else ()
                arrays, state, entry = self._computed(*bounds(manifest, index), *before)
                self._require_layout(manifest, arrays)
                if number == len(manifest["sessions"]):  # not before work has loaded what it needs
                    manifest["sessions"].append(session())
                store.save(index, arrays, state, {**entry, "session": number})
                report(items_done(manifest))
        return Run(store)

    def _computed(self, start: int, stop: int, *before: Any) -> tuple[Arrays, Arrays, dict[str, Any]]:
        """Return the arrays of one chunk, its state, and what its entry in the manifest says of how it went."""
        began = time.perf_counter()
        result = self.work(start, stop, *before)
        seconds = time.perf_counter() - began
        chunk = result if isinstance(result, Chunk) else Chunk(result)
        made = Certificate(drift=chunk.drift, steps=chunk.steps, wall_time=seconds).to_dict()
        if self.in_sequence and not chunk.state:
            raise ValueError("work must return a Chunk with a state in a run in sequence, got none")
        state = {name: _array(name, value) for name, value in chunk.state.items()}
        entry = {key: made[key] for key in ("drift", "steps", "wall_time")}
        return _arrays(chunk.arrays, start, stop), state, entry

    def _require_layout(self, manifest: dict[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
        """Have the manifest describe the arrays, or raise if it describes others."""
        layout = described(arrays, self.units, self.dims, manifest["item"])
        if manifest["arrays"] is None:
            manifest["arrays"] = layout
        found = list(differences("arrays", manifest["arrays"], layout))
        if found:
            raise ValueError(f"work must return the same arrays for all chunks, got {'; '.join(found)}")


def _arrays(arrays: Any, start: int, stop: int) -> dict[str, np.ndarray]:
    """Return what `work` has returned as arrays over the items from start to stop, or raise a ValueError."""
    if not isinstance(arrays, Mapping) or not arrays:
        raise ValueError(f"work must return a dict of arrays or a Chunk, got {shown(arrays)}")
    result = {}
    for name, value in arrays.items():
        array = _array(name, value)
        if array.ndim == 0 or len(array) != stop - start:
            raise ValueError(f"work must return {stop - start} rows of {name}, got shape {array.shape}")
        result[name] = array
    return result


def _array(name: Any, value: Any) -> np.ndarray:
    """Return what `work` has returned under a name as an array that can be kept."""
    if not (isinstance(name, str) and name.isidentifier()) or name in _NOT_FOR_ARRAYS:
        raise ValueError(f"work must name arrays by identifiers other than {_NOT_FOR_ARRAYS}, got {name!r}")
    array = np.asarray(value)
    if array.dtype.kind not in KINDS:
        raise ValueError(f"work must return numbers or texts as {name}, got dtype {array.dtype}")
    return array
