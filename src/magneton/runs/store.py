"""Where the chunks of a run are kept: in memory, or in a folder that survives what happens to the process."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np

from magneton._files import write_whole
from magneton.runs import lock
from magneton.runs import manifest as manifests
from magneton.runs.manifest import bounds, certificate_of, chunks_in, manifest_text

#: What the names of a chunk's state begin with in its file: no name of an array contains it.
_STATE = "state."
_LEFT_HALF_WRITTEN = (".chunk-*.tmp.npz", ".manifest.*.tmp.json")


def foreign_files(folder: Path) -> list[str]:
    """Return the names in a folder that no run leaves before it has a manifest."""
    own = (lock.NAME, *_LEFT_HALF_WRITTEN)
    return sorted(
        entry.name for entry in folder.iterdir() if not any(fnmatchcase(entry.name, one) for one in own)
    )


class Store:
    """A run's manifest, and its chunks by their index."""

    def __init__(self, manifest: dict[str, Any]) -> None:
        """Begin with what a manifest says is there."""
        self.manifest = manifest

    def missing(self) -> list[int]:
        """Return the indices of the chunks to be computed."""
        return [i for i in range(chunks_in(self.manifest)) if str(i) not in self.manifest["chunks"]]

    def save(
        self,
        index: int,
        arrays: Mapping[str, np.ndarray],
        state: Mapping[str, np.ndarray],
        entry: dict[str, Any],
    ) -> None:
        """Keep a chunk and the state it ends with, and what is known of how it was computed."""
        start, stop = bounds(self.manifest, index)
        kept = self._keep(index, arrays, state)
        self.manifest["chunks"][str(index)] = {"start": start, "stop": stop, **kept, **entry}
        if not self.missing():
            self.manifest["complete"] = True
            self.manifest["certificate"] = certificate_of(self.manifest).to_dict()

    def check(self, index: int) -> str | None:
        """Return what is wrong with a finished chunk, None if nothing is."""
        return None

    def _keep(
        self, index: int, arrays: Mapping[str, np.ndarray], state: Mapping[str, np.ndarray]
    ) -> dict[str, Any]:
        raise NotImplementedError

    def state(self, index: int) -> dict[str, np.ndarray]:
        """Return the state that a finished chunk ended with."""
        raise NotImplementedError

    def read(self, index: int, name: str) -> np.ndarray:
        """Return an array of a finished chunk."""
        raise NotImplementedError

    def whole(self, name: str) -> np.ndarray | None:
        """Return an array over all items if it need not be put together from chunks."""
        return None


class Memory(Store):
    """The arrays themselves, each whole, filled chunk by chunk."""

    def __init__(self, manifest: dict[str, Any]) -> None:
        """Begin empty."""
        super().__init__(manifest)
        self._arrays: dict[str, np.ndarray] = {}
        self._last: Mapping[str, np.ndarray] = {}

    def _keep(
        self, index: int, arrays: Mapping[str, np.ndarray], state: Mapping[str, np.ndarray]
    ) -> dict[str, Any]:
        self._last = {name: np.array(value) for name, value in state.items()}
        start, stop = bounds(self.manifest, index)
        for name, array in arrays.items():
            if name not in self._arrays:
                self._arrays[name] = np.empty((self.manifest["count"], *array.shape[1:]), array.dtype)
            self._arrays[name][start:stop] = array
        return {}

    def state(self, index: int) -> dict[str, np.ndarray]:
        """Return the state that the last chunk ended with: chunks come in order here."""
        return dict(self._last)

    def read(self, index: int, name: str) -> np.ndarray:
        """Return an array of a finished chunk."""
        start, stop = bounds(self.manifest, index)
        return self.whole(name)[start:stop]

    def whole(self, name: str) -> np.ndarray:
        """Return an array over all items: not a copy."""
        array = self._arrays[name].view()
        array.setflags(write=False)
        return array


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _settle_directory(folder: Path) -> None:
    """Have a rename survive a power cut, where directories can be synchronised."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Folder(Store):
    """Files: ``manifest.json`` and ``chunk-000000.npz`` and so on, each whole or not there.

    A chunk counts once the manifest names it, which is after its file is safe: whatever stops the process, what is
    lost is the chunk in hand.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any]) -> None:
        """Take a folder as it is; see `write_manifest` for a new one."""
        super().__init__(manifest)
        self.folder = folder

    def path(self, index: int) -> Path:
        """Return the file of a chunk."""
        return self.folder / f"chunk-{index:06d}.npz"

    def write_manifest(self) -> None:
        """Write the manifest, whole."""
        text = manifest_text(self.manifest)

        def write(path: Path) -> None:
            with path.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())

        write_whole(self.folder / manifests.NAME, write, overwrite=True)
        _settle_directory(self.folder)

    def save(
        self,
        index: int,
        arrays: Mapping[str, np.ndarray],
        state: Mapping[str, np.ndarray],
        entry: dict[str, Any],
    ) -> None:
        """Keep a chunk: its file first, then the manifest that says so."""
        super().save(index, arrays, state, entry)
        self.write_manifest()

    def _keep(
        self, index: int, arrays: Mapping[str, np.ndarray], state: Mapping[str, np.ndarray]
    ) -> dict[str, Any]:
        digest = ""
        held = {**arrays, **{_STATE + name: array for name, array in state.items()}}

        def write(path: Path) -> None:
            nonlocal digest
            with path.open("w+b") as file:
                np.savez(file, **held)  # type: ignore[arg-type]
                file.flush()
                os.fsync(file.fileno())
            digest = _sha256(path)

        path = self.path(index)
        write_whole(path, write, overwrite=True)  # its name is safe when the manifest's is
        return {"file": path.name, "sha256": digest}

    def check(self, index: int) -> str | None:
        """Return what is wrong with the file of a finished chunk, None if nothing is."""
        path = self.path(index)
        try:
            found = _sha256(path)
        except OSError as error:
            return f"{path} cannot be read: {error.strerror}"
        if found == self.manifest["chunks"][str(index)]["sha256"]:
            return None
        return f"{path} is damaged: its SHA-256 is not the one in {manifests.NAME}"

    def damaged(self) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with each finished chunk that is damaged, after its key."""
        for key in list(self.manifest["chunks"]):
            if (trouble := self.check(int(key))) is not None:
                yield key, trouble

    def forget_damaged(self) -> Iterator[str]:
        """Count the finished chunks that are damaged as missing; yield what is wrong with each."""
        for key, trouble in self.damaged():
            del self.manifest["chunks"][key]
            self.manifest.update(complete=False, certificate=None)
            yield trouble

    def clean(self) -> None:
        """Remove what a process that was killed left half written."""
        for pattern in _LEFT_HALF_WRITTEN:
            for path in self.folder.glob(pattern):
                path.unlink(missing_ok=True)

    def read(self, index: int, name: str) -> np.ndarray:
        """Return an array of a finished chunk."""
        with np.load(self.path(index), allow_pickle=False) as file:
            return file[name]

    def state(self, index: int) -> dict[str, np.ndarray]:
        """Return the state that a finished chunk ended with."""
        with np.load(self.path(index), allow_pickle=False) as file:
            return {name.removeprefix(_STATE): file[name] for name in file.files if name.startswith(_STATE)}
