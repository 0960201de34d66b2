"""Reads a unit such as "emu/(g Oe)" or "A m²" into an exact factor, dimensions and tags."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from magneton.units._symbols import NAMES, Dims, dims, look_up


class UnknownUnit(ValueError):
    """The text is not a unit this module knows."""


class Expression(NamedTuple):
    """A unit as read: `factor` times SI base units to the powers `dims`, from symbols with `tags`."""

    factor: Fraction
    dims: Dims
    tags: frozenset[str]


# Bounds on what a file can ask of exact arithmetic.
_MAX_LENGTH, _MAX_POWER = 120, 12

_POWER = r"(?:\s*(?:\^|\*\*)\s*(?P<{0}1>[+-]?\d+|\([+-]?\d+\))|(?P<{0}2>[+-]?\d+))?"
_TOKEN = re.compile(
    r"\s*(?:(?P<name>°[CF]?|%|[^\W\d]+)" + _POWER.format("n") + r"|(?P<one>1)(?![\d.+-])"
    r"|(?P<open>\()|(?P<close>\))" + _POWER.format("c") + r"|(?P<slash>/)|(?P<times>[*.]))\s*"
)  # fmt: skip

# These may follow a division: they mark the whole unit.
_MARKERS = frozenset({"SI", "cgs", "CGS"})


# The micro, angstrom and ohm signs have two code points each. Full Unicode normalisation would go too far: it
# makes pint's Planck constant, U+210E, an hour.
_SPELLING = str.maketrans("µ\u212b\u2126⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻−·⋅×", "μÅΩ0123456789+--***")


class _Token(NamedTuple):
    kind: str
    name: str = ""
    power: int = 1


def _tokens(text: str) -> list[_Token]:
    rest = text.translate(_SPELLING).strip()
    tokens, start = [], 0
    while start < len(rest):
        match = _TOKEN.match(rest, start)
        if match is None:
            raise UnknownUnit(f"{text!r} is not a unit: cannot read {rest[start:]!r}")
        kind = next(k for k in ("name", "one", "open", "close", "slash", "times") if match[k])
        power = match["n1"] or match["n2"] or match["c1"] or match["c2"] or "1"
        tokens.append(_Token(kind, match["name"] or "", int(power.strip("()"))))
        start = match.end()
    return tokens


class _Parser:
    """Reads a product of powers by recursive descent; the result counts each symbol's power."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [*_tokens(text), _Token("end")]

    def fail(self, why: str) -> UnknownUnit:
        return UnknownUnit(f"{self.text!r} is not a unit: {why}")

    def accept(self, *kinds: str) -> _Token | None:
        return self.tokens.pop(0) if self.tokens[0].kind in kinds else None

    def product(self, closing: str) -> Counter[str]:
        """Read factors joined by products and divisions up to the closing token."""
        total: Counter[str] = Counter()
        divided = False
        while self.tokens[0].kind != closing:
            dividing = self.accept("slash") is not None
            if not dividing and total:
                self.accept("times")
            factor = self.factor()
            if divided and not dividing and not _MARKERS.issuperset(factor):
                raise self.fail("after '/' put a product in parentheses, as in 'emu/(g Oe)'")
            divided |= dividing
            for name, power in factor.items():
                total[name] += -power if dividing else power
        return total

    def factor(self) -> Counter[str]:
        """Read one symbol, "1" or a parenthesis, with its power."""
        if token := self.accept("name"):
            return self.raised(Counter({token.name: 1}), token.power)
        if self.accept("one"):
            return Counter()
        if self.accept("open"):
            inner = self.product("close")
            return self.raised(inner, self.tokens.pop(0).power)
        raise self.fail("a parenthesis or a symbol is missing")

    def raised(self, inner: Counter[str], power: int) -> Counter[str]:
        powers = {name: count * power for name, count in inner.items()}
        if any(abs(value) > _MAX_POWER for value in powers.values()):
            raise self.fail(f"powers beyond {_MAX_POWER} are not read")
        return Counter(powers)


def _apart(text: str, name: str) -> list[str]:
    """Return the unit with a name of two symbols run together, such as "Am2", set apart."""
    pairs = [(name[:i], name[i:]) for i in range(1, len(name))]
    known = [" ".join(pair) for pair in pairs if all(look_up(part) is not None for part in pair)]
    return [
        re.sub(r"(?<=[^\W\d])(?=[+-]?\d)", "^", text.translate(_SPELLING).replace(name, pair))
        for pair in known
    ]


def _unknown(text: str, name: str) -> UnknownUnit:
    import difflib  # only an error needs it

    near = _apart(text, name) or difflib.get_close_matches(name, NAMES, n=3, cutoff=0.5)
    hint = f"; did you mean {', '.join(map(repr, near))}?" if near else ""
    whole = "" if name == text else f" in {text!r}"
    return UnknownUnit(f"unknown unit {name!r}{whole}{hint}")


@lru_cache(maxsize=1024)
def read(text: str) -> Expression:
    """Return the unit that `text` spells; "" and "1" are the dimensionless unit.

    Raises
    ------
    UnknownUnit
        If the text cannot be read, or a symbol is not known; near matches are named.
    """
    if len(text) > _MAX_LENGTH:
        raise UnknownUnit(f"a unit must have at most {_MAX_LENGTH} characters, got {len(text)}")
    factor, total, tags = Fraction(1), dims(), frozenset[str]()
    for name, power in _Parser(text).product("end").items():
        symbol = look_up(name)
        if symbol is None:
            raise _unknown(text, name)
        if power:
            factor *= symbol.factor**power
            total = tuple(a + power * b for a, b in zip(total, symbol.dims, strict=True))
            tags |= symbol.tags
    return Expression(factor, total, tags)
