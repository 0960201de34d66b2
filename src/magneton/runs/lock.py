"""One process at a time in a run's folder.

The lock is the operating system's, on the file ``run.lock``, so that it goes with its process however that ends: what
a killed one leaves behind is a file that nobody holds. The file says who holds it, for people, and for hosts that
share a folder but not their locks.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None
    import msvcrt

NAME = "run.lock"


def _grab(file: int) -> bool | None:
    """Return whether the lock on an open file is ours now; None where the file system has no locks."""
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            os.lseek(file, 1 << 30, os.SEEK_SET)  # past what the file says, which others must be able to read
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return None
    return True


def _opened(path: Path) -> tuple[int, bool | None]:
    """Return the lock's file, opened, and whether it is ours; not one that its holder has just removed."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        grabbed = _grab(file)
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file), path.stat()):
                return file, grabbed
        os.close(file)


def _holder(file: int) -> dict[str, Any]:
    """Return what the lock's file says; nothing if it is empty, since nobody holds it or is about to write."""
    os.lseek(file, 0, os.SEEK_SET)
    text = os.read(file, 4096)
    try:
        holder = json.loads(text) if text else {}
    except ValueError:
        holder = None
    if not isinstance(holder, dict):
        raise ValueError(f"folder must be empty or that of a run, got one whose {NAME} is not a run's")
    return holder


def _require_free(path: Path, holder: dict[str, Any], grabbed: bool | None) -> None:
    """Raise if another process holds the lock, or may hold it."""
    who = f"process {holder.get('pid')} on {holder.get('host')}" if holder else "another process"
    if grabbed is False:
        raise ValueError(f"folder must not be in use, got {path.parent}, where {who} is at work")
    if holder and (grabbed is None or holder.get("host") != socket.gethostname()):
        raise ValueError(
            f"folder must not be in use, got {path.parent}, where {who} was at work; "
            f"if it is no more, remove {path}"
        )


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder's lock, as a context.

    Raises
    ------
    ValueError
        If another process holds it, or the folder cannot be written to.
    """
    path = folder / NAME
    try:
        file, grabbed = _opened(path)
    except OSError as error:
        raise ValueError(
            f"folder must be one that can be written to, got {folder}: {error.strerror}"
        ) from None
    try:
        _require_free(path, _holder(file), grabbed)
        mine = {
            "pid": os.getpid(),
            "host": socket.gethostname(),
            "since": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        }
        os.ftruncate(file, 0)
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, json.dumps(mine).encode())
        try:
            yield
        finally:
            os.ftruncate(file, 0)
            with contextlib.suppress(OSError):  # Windows keeps a file that is open
                path.unlink()
    finally:
        os.close(file)
