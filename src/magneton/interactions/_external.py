"""The field that acts from outside, as users give it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from magneton.sources import Collection
from magneton.sources.base import Source


def as_source(name: str, value: Any) -> Source:
    """Return a source, or several as one."""
    if isinstance(value, Source):
        return value
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        try:
            return Collection(value)
        except ValueError as error:
            raise ValueError(f"{name} must be a source or several: {error}") from None
    raise ValueError(f"{name} must be a source or several, got {type(value).__name__}")


def as_source_or_none(name: str, value: Any) -> Source | None:
    """Return a source, several as one, or None where none is given."""
    return None if value is None else as_source(name, value)
