"""Term symbols, Hund's rules and Lande's factor."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from magneton import constants
from magneton._check import integer, number, shown
from magneton.quantum.angular import coupled, coupled_g, half_integer, shown_half

#: Letters of the subshells, l = 0, 1, 2, 3.
SHELLS = "spdf"
#: Letters of the terms, L = 0, 1, 2, ...; J is left out, and the letters of multiplicity already used.
LETTERS = "SPDFGHIKLMNOQRTUV"
_SYMBOL = re.compile(rf"(?P<multiplicity>\d+)(?P<letter>[{LETTERS}])(?P<double>\d+)(?P<half>/2)?")


def spin_g(g_spin: Any) -> float:
    """Return the g-factor of the electron's spin, positive: that of CODATA for "exact", 2 of Dirac's theory."""
    if g_spin == "exact":
        return -float(constants.g_e)
    if isinstance(g_spin, str | bool) or number("g_spin", g_spin) != 2.0:
        raise ValueError(f'g_spin must be "exact" or 2, got {shown(g_spin)}')
    return 2.0


def orbital(name: str, value: Any) -> float:
    """Return an orbital quantum number: 0, 1, 2, ..."""
    result = half_integer(name, value)
    if result != round(result):
        raise ValueError(f"{name} must be one of 0, 1, 2, ..., got {shown_half(result)}")
    return result


def lande_g(J: float, L: float, S: float, *, g_spin: Literal["exact", 2] = "exact") -> float:
    """Return Lande's factor g_J of a level, which has the moment -g_J mu_B J.

    Parameters
    ----------
    J, L, S : float
        Quantum numbers of the total, the orbital and the spin angular momentum.
    g_spin : {"exact", 2}
        The electron's |g_e| of CODATA 2022, or 2.

    Returns
    -------
    float
        nan for J = 0, a level without a moment.

    Raises
    ------
    ValueError
        If L and S cannot couple to J; the message lists to what they can.

    Notes
    -----
    g_J = [J(J+1) + L(L+1) - S(S+1)]/[2 J(J+1)] + g_s [J(J+1) - L(L+1) + S(S+1)]/[2 J(J+1)]: the projections of L
    and S on J; [AshcroftMermin1976]_ chapter 31 with g_s = 2.

    Examples
    --------
    The ground level of Dy3+, 6H15/2:

    >>> round(lande_g(7.5, 5, 2.5, g_spin=2), 12)
    1.333333333333
    """
    L, S = orbital("L", L), half_integer("S", S)
    j, g = coupled("J", J, "L", L, "S", S), spin_g(g_spin)
    return coupled_g(j, L, 1.0, S, g) if j else math.nan


@dataclass(frozen=True)
class Term:
    """A level in LS coupling.

    Attributes
    ----------
    S, L, J : float
        Quantum numbers of the spin, the orbital and the total angular momentum.
    """

    S: float
    L: float
    J: float

    @property
    def symbol(self) -> str:
        """The term symbol, "6H15/2": multiplicity 2 S + 1, the letter of L, and J."""
        return f"{2.0 * self.S + 1.0:.0f}{LETTERS[round(self.L)]}{shown_half(self.J)}"

    @classmethod
    def read(cls, symbol: str) -> Term:
        """Return the term of a symbol."""
        match = _SYMBOL.fullmatch(symbol.strip()) if isinstance(symbol, str) else None
        if match is None:
            raise ValueError(f'symbol must be one such as "6H15/2", got {shown(symbol)}')
        S, L = 0.5 * (int(match["multiplicity"]) - 1), float(LETTERS.index(match["letter"]))
        J = int(match["double"]) * (0.5 if match["half"] else 1.0)
        return cls(S, L, coupled("J", J, "L", L, "S", S))


def _shell(name: str, value: Any) -> int:
    """Return l of a subshell given as such or by its letter."""
    if isinstance(value, str) and len(value) == 1 and value in SHELLS:
        return SHELLS.index(value)
    if isinstance(value, str):
        raise ValueError(f"{name} must be one of {', '.join(SHELLS)}, or 0 to 3, got {value!r}")
    result = integer(name, value, 0)
    if result >= len(SHELLS):
        raise ValueError(f"{name} must be 0 to 3 (s, p, d, f), got {result}")
    return result


def hund_term(l: int | str, n: int) -> Term:  # noqa: E741 - the name that everyone knows it by
    """Return the ground level of a subshell by Hund's rules.

    The largest S, with it the largest L, and J = |L - S| up to half filling, L + S beyond.

    Parameters
    ----------
    l : int or {"s", "p", "d", "f"}
        The subshell.
    n : int
        How many electrons are in it, 0 to 4 l + 2.

    Returns
    -------
    Term

    Examples
    --------
    >>> hund_term("f", 9).symbol
    '6H15/2'
    """
    shell, electrons = _shell("l", l), integer("n", n, 0)
    if electrons > 4 * shell + 2:
        raise ValueError(f"n must be 0 to {4 * shell + 2} in a subshell {SHELLS[shell]}, got {electrons}")
    return ground_term([(shell, electrons)])


def ground_term(subshells: Iterable[tuple[int, int]]) -> Term:
    """Return the lowest level of several subshells (l, electrons), inner ones first, by Hund's rules.

    Spins are parallel and the largest L of each add up. The first subshell with orbital angular momentum decides
    between |L - S| and L + S: its spin-orbit coupling is the strongest.
    """
    S = L = 0.0
    inverted = None
    for shell, electrons in subshells:
        parallel = min(electrons, 4 * shell + 2 - electrons)
        momentum = (2 * shell + 1 - parallel) * parallel / 2.0  # the same for holes as for electrons
        S, L = S + 0.5 * parallel, L + momentum
        if inverted is None and momentum:
            inverted = electrons > 2 * shell + 1
    return Term(S, L, L + S if inverted else abs(L - S))
