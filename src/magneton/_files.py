"""Files written whole or not at all, and never over one that is not meant to go."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self


def require_room(path: str | Path, overwrite: bool = False) -> Path:
    """Return the path if a file can be put there.

    Raises
    ------
    ValueError
        If something is there that may not be replaced, or the directory is missing.
    """
    path = Path(path)
    if path.is_dir():
        raise ValueError(f"path must be a file, got the directory {path}")
    if not path.parent.is_dir():
        raise ValueError(f"path must be in a directory that exists, got {path}")
    if not overwrite and os.path.lexists(path):
        raise ValueError(f"{path} exists already; say overwrite=True to replace it")
    return path


class WholeFiles:
    """Files, as a context: written under temporary names, renamed together at the end, gone if something went wrong.

    Parameters
    ----------
    check : callable
        Called before the files are renamed; raises if they may no longer be put there.
    """

    def __init__(self, check: Callable[[], Any]) -> None:
        """Begin with no files; see the class."""
        self._check = check
        self._waiting: dict[Path, Path] = {}

    def write(self, path: Path, writer: Callable[[Path], None]) -> None:
        """Write one file by `writer`, which is given a temporary name of the same ending."""
        temporary = path.with_name(f".{path.stem}.{os.getpid()}.tmp{path.suffix}")
        self._waiting[path] = temporary
        writer(temporary)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, kind: Any, error: Any, traceback: Any) -> None:
        """Rename all files, or remove all traces."""
        try:
            if kind is None:
                self._check()
                for path in list(self._waiting):
                    os.replace(self._waiting[path], path)
                    del self._waiting[path]
        finally:
            for temporary in self._waiting.values():
                temporary.unlink(missing_ok=True)


def write_whole(path: str | Path, writer: Callable[[Path], None], overwrite: bool = False) -> Path:
    """Write a file by `writer`, which is given a temporary name of the same ending; return the path."""
    path = require_room(path, overwrite)
    with WholeFiles(
        lambda: require_room(path, overwrite)
    ) as files:  # something may have come there meanwhile
        files.write(path, writer)
    return path
