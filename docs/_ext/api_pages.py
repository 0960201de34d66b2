"""Write the API pages: one a room, which lists its names by what they are about, and one a public name."""

from __future__ import annotations

import inspect
import sys
from itertools import groupby
from pathlib import Path
from types import ModuleType

from rooms import Name, names_of, public_names, rooms

from magneton import constants

#: What these define is Python's, or pydantic's, to document.
FOREIGN_BASES = (
    "object, tuple, float, str, dict, list, Exception, ValueError, RuntimeError, BaseModel, Protocol, Generic"
)


def titled(title: str) -> str:
    """Return a heading."""
    return f"{title}\n{'=' * len(title)}\n\n"


def first_sentence(text: str | None) -> str:
    """Return the first sentence of a docstring's first paragraph."""
    paragraph = " ".join((inspect.cleandoc(text or "").split("\n\n")[0]).split())
    return paragraph.split(". ")[0].rstrip(".")


def page_of_name(one: Name) -> str:
    """Return the page of a public name."""
    if one.is_class:
        directive = f"autoclass:: {one.name}\n   :members:\n   :inherited-members: {FOREIGN_BASES}"
    elif callable(one.value):
        directive = f"autofunction:: {one.name}"
    else:
        directive = f"autodata:: {one.name}"
    return f"{titled(one.name)}.. currentmodule:: {one.room}\n\n.. {directive}\n"


def listed(room: str, title: str, names: list[Name]) -> str:
    """Return a heading with the names below it, each with its first line."""
    lines = "\n".join(f"   {one.name}" if one.room == room else f"   ~{one.full}" for one in names)
    return f".. rubric:: {title}\n\n.. autosummary::\n   :nosignatures:\n\n{lines}\n\n"


def by_home(room: ModuleType) -> str:
    """Return the names of a room, grouped by the modules that define them."""
    ordered = sorted(
        names_of(room),
        key=lambda one: (one.home.replace("._", "."), one.home, not one.is_class, one.name.lower()),
    )
    groups = groupby(ordered, key=lambda one: one.home)
    return "".join(
        listed(room.__name__, first_sentence(sys.modules[home].__doc__), list(group))
        for home, group in groups
    )


def page_of_room(room: ModuleType) -> str:
    """Return the page of a room."""
    short = room.__name__
    own = [one for one in names_of(room) if one.room == short]
    entries = "\n".join(f"   {short}/{one.page}" for one in sorted(own, key=lambda one: one.name.lower()))
    toctree = f".. toctree::\n   :hidden:\n\n{entries}\n" if entries else ""
    return f"{titled(short)}.. automodule:: {short}\n\n{by_home(room)}{toctree}"


def page_of_constants() -> str:
    """Return the page of the constants: their table."""
    rows = "".join(
        f"   * - ``{symbol}``\n     - {one.name}\n     - {float(one)!r}\n"
        f"     - {'exact' if one.uncertainty == 0 else repr(one.uncertainty)}\n     - {one.unit}\n"
        for symbol, one in constants.all_constants().items()
    )
    table = (
        ".. list-table::\n   :header-rows: 1\n\n   * - symbol\n     - name\n     - value\n"
        f"     - uncertainty\n     - unit\n{rows}\n"
    )
    about = (
        ".. automodule:: magneton.constants\n\n.. autoclass:: Constant\n   :members:\n\n"
        ".. autofunction:: all_constants\n\n"
    )
    return f"{titled('magneton.constants')}{about}{table}"


def page_of_rooms(documented: list[str]) -> str:
    """Return the page that lists the rooms."""
    entries = "\n".join(f"   {name}" for name in documented)
    about = (
        "The sources, the forces between them and `show` are imported from ``magneton``, the rest from its room.\n"
        "Everything is SI; arrays of points have shape (..., 3).\n\n"
    )
    return (
        f"{titled('API')}{about}.. autosummary::\n   :nosignatures:\n\n{entries}\n\n"
        f".. toctree::\n   :hidden:\n\n{entries}\n"
    )


def write_api(folder: Path) -> int:
    """Write all API pages to `folder`; return how many names have one."""
    for room in rooms():
        (folder / room.__name__).mkdir(parents=True, exist_ok=True)
        (folder / f"{room.__name__}.rst").write_text(page_of_room(room), encoding="utf-8")
    for one in public_names():
        (folder / one.room / f"{one.page}.rst").write_text(page_of_name(one), encoding="utf-8")
    (folder / "magneton.constants.rst").write_text(page_of_constants(), encoding="utf-8")
    documented = sorted([*(room.__name__ for room in rooms()), "magneton.constants"])
    (folder / "index.rst").write_text(page_of_rooms(documented), encoding="utf-8")
    return len(public_names())
