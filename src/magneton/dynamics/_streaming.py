"""How many items the runs of this room compute in a chunk."""

from __future__ import annotations

from typing import Any

#: Seconds that a chunk should take, and numbers that it should hold at most: 50 MB.
_SECONDS, _NUMBERS = 2.0, 6_000_000


def chunk_of(chunk: Any, seconds: float, numbers: int = 1) -> Any:
    """Return the items of a chunk, one of which takes so many seconds and numbers, unless the caller has said."""
    return max(1, min(int(_SECONDS / seconds), _NUMBERS // numbers)) if chunk is None else chunk
