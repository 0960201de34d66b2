"""What the library offers to its users: its rooms and the public names in each, read from the library itself."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

import magneton


@dataclass(frozen=True)
class Name:
    """A public name: where users import it from, and what it is."""

    room: str
    name: str
    value: Any

    @property
    def full(self) -> str:
        """The name with its room."""
        return f"{self.room}.{self.name}"

    @property
    def is_class(self) -> bool:
        """Whether it is a class."""
        return inspect.isclass(self.value)

    @property
    def page(self) -> str:
        """The page's name in the folder of its room; `Ion` and `ion` differ on every file system."""
        return f"class-{self.name}" if self.is_class else self.name

    @property
    def home(self) -> str:
        """The module that defines it."""
        return getattr(self.value, "__module__", None) or self.room


def _is_room(module: ModuleType) -> bool:
    return bool(getattr(module, "__all__", ()))


@cache
def rooms() -> list[ModuleType]:
    """Return magneton, its rooms, and the rooms in those, in alphabetical order."""
    found = [magneton]
    for _, short, _ in pkgutil.iter_modules(magneton.__path__):
        if not short.startswith("_"):
            room = importlib.import_module(f"magneton.{short}")
            if _is_room(room):
                found += [room, *(inner for inner in _members(room).values() if inspect.ismodule(inner))]
    return found


def _members(room: ModuleType) -> dict[str, Any]:
    return {name: getattr(room, name) for name in room.__all__}


@cache
def public_names() -> list[Name]:
    """Return every public name once: from magneton itself where it is offered there, else from its room."""
    found, seen = [], set()
    for room in rooms():
        for name, value in _members(room).items():
            if inspect.ismodule(value) or name.startswith("__") or id(value) in seen:
                continue
            seen.add(id(value))
            found.append(Name(room.__name__, name, value))
    return found


def names_of(room: ModuleType) -> list[Name]:
    """Return the names that a room offers; each says where its page is."""
    by_value = {id(one.value): one for one in public_names()}
    return [by_value[id(value)] for value in _members(room).values() if id(value) in by_value]
