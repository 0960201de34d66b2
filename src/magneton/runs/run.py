"""A run's results: arrays over all items, read when asked for."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from magneton.runs.certificate import Certificate
from magneton.runs.manifest import bounds, certificate_of, chunks_in, items_done
from magneton.runs.store import Store

if TYPE_CHECKING:
    import xarray as xr


class Run:
    """The results of a run, as `execute` and `load` return them.

    ``run["energy"]`` is the array over all items, read from its chunks each time; `chunks` goes through them one by
    one where all would be too many. A chunk's checksum is compared before it is first read.
    """

    def __init__(self, store: Store) -> None:
        """Take the run that a store keeps."""
        self._store = store
        self._verified: set[int] = set()

    @property
    def manifest(self) -> dict[str, Any]:
        """All that is known of the run, as its manifest has it: a copy."""
        return copy.deepcopy(self._store.manifest)

    @property
    def spec(self) -> dict[str, Any]:
        """The specification, as plain JSON values: a copy."""
        return copy.deepcopy(self._store.manifest["spec"])

    @property
    def count(self) -> int:
        """The number of items."""
        return self._store.manifest["count"]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the arrays; none before the first chunk is finished."""
        return tuple(self._store.manifest["arrays"] or ())

    @property
    def complete(self) -> bool:
        """Whether all chunks are there."""
        return self._store.manifest["complete"]

    @property
    def certificate(self) -> Certificate:
        """The certificate of the chunks that are there."""
        return certificate_of(self._store.manifest)

    @property
    def last_state(self) -> dict[str, np.ndarray]:
        """The state with which the last finished chunk of a run in sequence has ended."""
        return self._store.state(max(map(int, self._store.manifest["chunks"])))

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def _layout(self, name: str) -> dict[str, Any]:
        if name not in self.names:
            raise KeyError(f"name must be among {', '.join(self.names) or '(none yet)'}, got {name!r}")
        return self._store.manifest["arrays"][name]

    def _require_complete(self) -> None:
        if not self.complete:
            done, all_of_them = len(self._store.manifest["chunks"]), chunks_in(self._store.manifest)
            raise ValueError(
                f"run must be complete, got {done} of {all_of_them} chunks; execute it again to go on, "
                "or see chunks() for what is there"
            )

    def __getitem__(self, name: str) -> np.ndarray:
        """Return an array over all items, read-only.

        Raises
        ------
        KeyError
            For a name that is not among `names`.
        ValueError
            If the run is not complete, or a chunk is damaged.
        """
        layout = self._layout(name)
        self._require_complete()
        whole = self._store.whole(name)
        if whole is not None:
            return whole
        array = np.empty((self.count, *layout["shape"]), layout["dtype"])
        for start, stop, arrays in self.chunks(name):
            array[start:stop] = arrays[name]
        array.setflags(write=False)
        return array

    def chunks(self, *names: str) -> Iterator[tuple[int, int, dict[str, np.ndarray]]]:
        """Go through the finished chunks, in order of their items.

        Parameters
        ----------
        *names : str
            Which arrays to read; all by default.

        Yields
        ------
        start, stop : int
            The items of the chunk.
        arrays : dict of str to ndarray, shape (stop - start, ...)
            Its arrays.
        """
        for name in names:
            self._layout(name)
        for index in sorted(map(int, self._store.manifest["chunks"])):
            self._verify(index)
            arrays = {name: self._store.read(index, name) for name in names or self.names}
            yield *bounds(self._store.manifest, index), arrays

    def _verify(self, index: int) -> None:
        if index in self._verified:
            return
        if (trouble := self._store.check(index)) is not None:
            raise ValueError(f"{trouble}; execute the run again to compute it anew")
        self._verified.add(index)

    def verify(self) -> None:
        """Compare the checksums of all chunks with the manifest; raise a ValueError naming the first damaged file."""
        self._verified.clear()
        for index in sorted(map(int, self._store.manifest["chunks"])):
            self._verify(index)

    def to_xarray(self, *names: str) -> xr.Dataset:
        """Return arrays as a dataset, with units, the specification and the certificate as attributes.

        Parameters
        ----------
        *names : str
            Which arrays; all by default.
        """
        import xarray as xr

        manifest = self._store.manifest
        data = {}
        for name in names or self.names:
            layout = self._layout(name)
            attributes = {"units": layout["unit"]} if layout["unit"] else {}
            data[name] = ((manifest["item"], *layout["dims"]), self[name], attributes)
        attrs = {
            "source": f"magneton {manifest['magneton']}",
            "constants": manifest["constants"],
            "spec": json.dumps(manifest["spec"]),
            "certificate": str(self.certificate),
        }
        return xr.Dataset(data, attrs=attrs)

    def __repr__(self) -> str:
        manifest = self._store.manifest
        done = "all" if self.complete else str(items_done(manifest))
        return f"<Run: {done} of {self.count} {manifest['item']}s, {', '.join(self.names) or 'nothing yet'}>"
