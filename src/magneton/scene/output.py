"""Writes results: whole or not at all, and never over a file that is not meant to go."""

from __future__ import annotations

import csv
import json
import math
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from magneton._files import WholeFiles
from magneton.scene.errors import SceneError
from magneton.scene.tasks.base import PARTS

if TYPE_CHECKING:
    import xarray as xr


class Outputs:
    """The files of one run, as a context: written under temporary names, renamed together at the end.

    Parameters
    ----------
    folder : path
        Where the files go; made if it is missing.
    names : list of str
        The files that will be written. They are checked at once, before anything is computed.
    overwrite : bool
        Whether files of these names may be replaced.

    Raises
    ------
    SceneError
        If a file exists and `overwrite` is false, or the folder cannot be written to.
    """

    def __init__(self, folder: str | Path, names: list[str], overwrite: bool = False) -> None:
        """Check the files; see the class."""
        self.folder = Path(folder)
        self.names = names
        self.overwrite = overwrite
        self._files = WholeFiles(self.check)
        self._made: list[Path] = []
        self.check()

    def check(self) -> None:
        """Raise if the files cannot be written, or would replace others unasked."""
        here = self.folder
        while not here.exists() and here != here.parent:
            here = here.parent
        if not here.is_dir():
            raise SceneError("a directory is required for the results, got a file", file=str(here))
        try:  # rights alone do not tell: a disk may be read-only, or the user may be root
            tempfile.TemporaryFile(dir=here).close()
        except OSError as error:
            reason = error.strerror or error
            message = f"the directory for the results cannot be written to: {reason}"
            raise SceneError(message, file=str(here)) from None
        there = [path for path in (self.folder / name for name in self.names) if os.path.lexists(path)]
        blocked = next((path for path in there if path.is_dir()), None)
        if blocked:
            raise SceneError("a directory is in the way of a result", file=str(blocked))
        if there and not self.overwrite:
            more = f" (and {len(there) - 1} more)" if len(there) > 1 else ""
            raise SceneError(f"exists already{more}; give --overwrite, or another --out", file=str(there[0]))

    def write(self, name: str, writer: Callable[[Path], None]) -> None:
        """Write one file: `writer` is given the temporary path."""
        if name not in self.names:
            raise ValueError(f"{name} was not announced")
        try:
            self._files.write(self.folder / name, writer)
        except OSError as error:
            raise SceneError(
                f"cannot be written: {error.strerror or error}", file=str(self.folder / name)
            ) from None

    def __enter__(self) -> Outputs:
        """Make the folder."""
        here = self.folder
        while not here.exists():
            self._made.append(here)
            here = here.parent
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SceneError(f"cannot make the directory: {error.strerror}", file=str(self.folder)) from None
        return self

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        """Rename all files, or remove all traces if something went wrong."""
        try:
            self._files.__exit__(kind, error, traceback)
        finally:
            for folder in self._made:  # gone again if nothing came of it
                with suppress(OSError):
                    folder.rmdir()


def write_results(outputs: Outputs, results: dict[str, xr.Dataset], formats: list[str]) -> list[Path]:
    """Write datasets in the formats asked for; return the paths."""
    writers = {"nc": write_netcdf, "csv": write_csv, "json": write_json}
    paths = []
    for name, dataset in results.items():
        for kind in formats:
            outputs.write(f"{name}.{kind}", lambda path, d=dataset, w=writers[kind]: w(d, path))
            paths.append(outputs.folder / f"{name}.{kind}")
    return paths


def write_netcdf(dataset: xr.Dataset, path: Path) -> None:
    """Write a dataset as NetCDF 4."""
    dataset.to_netcdf(path, engine="h5netcdf")


def write_json(dataset: xr.Dataset, path: Path) -> None:
    """Write a dataset as JSON: attributes, dimensions, coordinates and data; what is not finite is null."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        json.dump(_json(dataset.to_dict()), file, indent=1, allow_nan=False, ensure_ascii=False)
        file.write("\n")


def _json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_csv(dataset: xr.Dataset, path: Path) -> None:
    """Write a dataset as a table: one row a point, one column a component, units in the header."""
    columns = list(table_columns(dataset))
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([name for name, _ in columns])
        writer.writerows(zip(*(values for _, values in columns), strict=True))


def point_dims(dataset: xr.Dataset) -> list[str]:
    """Return the dimensions of a dataset that count points, not components."""
    dims: dict[str, None] = {}
    for variable in dataset.data_vars.values():
        dims |= {str(dim): None for dim in variable.dims if dim not in PARTS}
    return list(dims)


def table_columns(dataset: xr.Dataset) -> Iterator[tuple[str, list[Any]]]:
    """Yield the header and the values of each column of the table that a dataset makes."""
    dims = point_dims(dataset)
    sizes = {dim: dataset.sizes[dim] for dim in dims}
    for name, array in [*dataset.coords.items(), *dataset.data_vars.items()]:
        if name in PARTS:
            continue
        unit = array.attrs.get("units", "")
        suffix = f" [{unit}]" if unit and unit != "1" else ""
        parts = [str(dim) for dim in array.dims if dim in PARTS]
        full = array.variable.set_dims([*dims, *parts], [*sizes.values(), *(dataset.sizes[p] for p in parts)])
        flat = full.transpose(*dims, *parts).values.reshape(-1, math.prod(dataset.sizes[p] for p in parts))
        for i, part in enumerate(np.ndindex(*(dataset.sizes[p] for p in parts))):
            label = "." + "".join("xyz"[k] for k in part) if parts else ""
            yield f"{name}{label}{suffix}", flat[:, i].tolist()
