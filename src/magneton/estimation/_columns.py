"""What the columns of a file of readings are called, and in what units they are."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from magneton import units

#: What each quantity is measured in ("1": a pure number, "": no number), and units to propose.
_UNITS = {"position": "m", "field": "T", "axis": "1", "sensor": ""}
_PROPOSED = {"m": "m, cm, mm, um, km", "T": "T, mT, uT, nT, pT, G, mG"}
_KIND = {"m": "length", "T": "flux density B"}

_NOISE = ("s", "sigma", "std", "noise", "sd", "err", "error")


class Role(NamedTuple):
    """What a column holds: its key, such as ``Bx``, and its quantity, which decides about the unit."""

    key: str
    quantity: str

    @property
    def unit(self) -> str:
        """The unit that numbers are turned to."""
        return _UNITS[self.quantity]


class Heading(NamedTuple):
    """A heading as it was written, what it means, and its unit, None if it says none."""

    text: str
    role: Role
    unit: str | None


def _spelled() -> dict[str, Role]:
    """Return what each name means, in small letters and without underscores and blanks."""
    names: dict[str, Role] = {}

    def add(key: str, quantity: str, *spellings: str) -> None:
        names.update({spelling: Role(key, quantity) for spelling in spellings})

    for k in "xyz":
        add(k, "position", k, f"pos{k}", f"position{k}", f"{k}pos", f"sensor{k}")
        add(f"B{k}", "field", f"b{k}", f"field{k}")
        add(f"u{k}", "axis", f"u{k}", f"axis{k}", f"n{k}")
        add(f"ambient_{k}", "field", f"ambient{k}", f"ambientb{k}", f"b0{k}", f"earth{k}")
        add(f"sB{k}", "field", *(f"{s}b{k}" for s in _NOISE), f"b{k}std", f"b{k}err")
    add("B", "field", "b", "reading", "value")
    add("F", "field", "f", "|b|", "btotal", "totalfield", "bmag", "babs", "tmi")
    whole = [f"{s}{what}" for s in _NOISE for what in ("b", "f", "|b|")]
    add("noise", "field", "noise", "sigma", "std", "uncertainty", *whole)
    add("sensor", "sensor", "sensor", "sensorid", "id", "probe", "sensorno", "sensorname")
    return names


_NAMES = _spelled()
#: What a line such as ``# ambient: 18 1 44 uT`` may give for all rows: its parts.
CONSTANTS = {
    "x": ("x",), "y": ("y",), "z": ("z",), "noise": ("noise",),
    "ambient": ("ambient_x", "ambient_y", "ambient_z"), "axis": ("ux", "uy", "uz"),
}  # fmt: skip
_ROLES = {role.key: role for role in _NAMES.values()}
_BRACKETED = re.compile(r"(.*?)\s*[\[(]\s*(.*?)\s*[\])]\s*")
_DIVIDED = re.compile(r"(.*?)\s*/\s*(.+)")
_JOINED = re.compile(r"(.+?)[_ ]\s*([^_ ]+)")


def role_of(name: str) -> Role | None:
    """Return what a name without unit means, None if nothing is known by it."""
    return _NAMES.get(re.sub(r"[\s_.\-]", "", name).lower())


def role_by_key(key: str) -> Role:
    """Return the role of a key."""
    return _ROLES[key]


def heading_of(text: str) -> Heading | None:
    """Return what a heading means, None if nothing is known by its name.

    ``x [mm]``, ``x (mm)``, ``x/mm``, ``x_mm`` and ``x mm`` are understood.
    """
    written = text.strip()
    for pattern in (_BRACKETED, _DIVIDED):
        match = pattern.fullmatch(written)
        if match and (role := role_of(match[1])):
            return Heading(written, role, match[2] or None)
    if role := role_of(written):
        return Heading(written, role, None)
    match = _JOINED.fullmatch(written)
    if match and (role := role_of(match[1])):
        return Heading(written, role, match[2])
    return None


def is_unit_of(heading: Heading, text: str) -> bool:
    """Return whether text, in brackets or not, is a unit that a column may have."""
    return _has_kind(bare_unit(text), heading.role.unit)


def bare_unit(text: str) -> str:
    """Return a unit without brackets."""
    return text.strip("[]() ")


def in_si(heading: Heading, numbers: Any) -> Any:
    """Return numbers of a column in SI.

    Raises
    ------
    ValueError
        If the heading has no unit, an unknown one, or that of something else.
    """
    text, wanted, unit = heading.text, heading.role.unit, heading.unit
    if wanted == "1":
        if unit not in (None, "1", "-"):
            raise ValueError(f"{text!r} must be a pure number, part of a direction, got the unit {unit!r}")
        return numbers
    proposed = f"use one of {_PROPOSED[wanted]}"
    if unit is None:
        example = f"{text} [{'mm' if wanted == 'm' else 'nT'}]"
        raise ValueError(f"{text!r} must say its unit, as '{example}' does; {proposed}")
    if not _has_kind(unit, wanted):
        raise ValueError(f"{text!r} must have a unit of {_KIND[wanted]}, got {unit!r}; {proposed}")
    return units.convert(numbers, unit, wanted)


def _has_kind(unit: str, wanted: str) -> bool:
    try:
        return wanted in _KIND and _KIND[wanted] in units.kinds(unit)
    except ValueError:
        return False
