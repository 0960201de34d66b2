"""Files written whole or not at all, and never over one that is not meant to go."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


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


def write_whole(path: str | Path, writer: Callable[[Path], None], overwrite: bool = False) -> Path:
    """Write a file by `writer`, which is given a temporary name of the same ending; return the path."""
    path = require_room(path, overwrite)
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.tmp{path.suffix}")
    try:
        writer(temporary)
        require_room(path, overwrite)  # it may have come meanwhile
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return path
