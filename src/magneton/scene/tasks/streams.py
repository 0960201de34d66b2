"""Tasks whose runs may stream to a folder, and go on from there when they were broken off."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from magneton.scene.errors import SceneError
from magneton.scene.tasks.base import Context, Task


class StreamingTask(Task):
    """A task with a key `stream`."""

    stream: bool = False

    def stream_folder(self, context: Context) -> Path | None:
        """Return where to stream to, made except for itself."""
        if not self.stream:
            return None
        if context.folder is None:
            raise SceneError("there is no folder to stream to: run_scene needs one", ("stream",))
        context.folder.parent.mkdir(parents=True, exist_ok=True)
        return context.folder

    @contextmanager
    def naming_folder(self) -> Iterator[None]:
        """Say what to do where the folder holds something else than this run."""
        try:
            yield
        except ValueError as error:
            if self.stream and str(error).startswith("folder "):
                raise SceneError(f"{error}; delete it, or give another --out", ("stream",)) from None
            raise
