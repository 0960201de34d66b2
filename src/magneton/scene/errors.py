"""The one error of this room: a scene that cannot be run, told in one line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

Keys = tuple[str | int, ...]


def shown(value: Any, limit: int = 60) -> str:
    """Return a value of the scene as one short line."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 3] + "..."


def one_line(text: str) -> str:
    """Return text with line breaks and other control characters made harmless."""
    return "".join(ch if ch.isprintable() else " " for ch in " ".join(text.split()))


def dotted(keys: Iterable[str | int]) -> str:
    """Return the path of a key as a scene writes it, ``sources.a.position.0``."""
    parts = []
    for key in keys:
        text = str(key)
        plain = text.replace("_", "").replace("-", "").isalnum() and text.isascii()
        parts.append(text if plain else shown(text))
    return ".".join(parts)


def did_you_mean(word: Any, valid: Iterable[str]) -> str:
    """Return a hint that names the nearest valid word, if any is near, and lists them all."""
    options = list(valid)
    near = difflib.get_close_matches(str(word), options, n=1)
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}valid: {', '.join(options)}" if options else "none is defined"


class SceneError(ValueError):
    """A scene that cannot be read, understood or run.

    Parameters
    ----------
    message : str
        What is required and what came.
    keys : tuple of str or int
        Where in the file, from the top; empty for the file as a whole.
    file : str
        The file's name; may be filled in later by whoever knows it.
    """

    def __init__(self, message: str, keys: Keys = (), file: str = "") -> None:
        """Keep the parts; see the class."""
        super().__init__(message)
        self.message = message
        self.keys = keys
        self.file = file

    def __str__(self) -> str:
        """Return one line: file, path of the key, what is required, what came."""
        return ": ".join(one_line(part) for part in (self.file, dotted(self.keys), self.message) if part)
