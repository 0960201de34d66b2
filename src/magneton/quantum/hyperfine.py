"""Hyperfine structure in a magnetic field: levels, their moments, transitions and clock points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from magneton import constants
from magneton._check import number, numbers, plain
from magneton.quantum._hyperfine_blocks import Blocks, zero_field
from magneton.quantum._hyperfine_table import HyperfineSource, source_of, table_row
from magneton.quantum.angular import (
    allowed_projections,
    coupled,
    embedded,
    half_integer,
    shown_half,
    spin_operators,
)
from magneton.quantum.breit_rabi import BreitRabi
from magneton.quantum.g_factors import g_I_from_bohr
from magneton.quantum.levels import Levels
from magneton.quantum.spectroscopic import energy_from

H, MU_B, MU_N = (float(getattr(constants, name)) for name in ("h", "mu_B", "mu_N"))


class Sensitivity(NamedTuple):
    """How a transition's frequency depends on the field: df/dB in Hz/T and d^2f/dB^2 in Hz/T^2."""

    first: Any
    second: Any


class SpinProjections(NamedTuple):
    """Mean projections of the electrons' and the nucleus' angular momentum along the field, in hbar."""

    electrons: Any
    nucleus: Any


@dataclass(frozen=True)
class Hyperfine:
    """A level J of an atom or ion coupled to its nucleus, in a magnetic field of any strength.

    H = A I.J + B Q(I, J) + (g_J mu_B J_z - g_I mu_N I_z) B_z, where Q is the quadrupole's
    [3 (I.J)^2 + 3/2 I.J - I(I + 1) J(J + 1)]/[2I (2I - 1) J (2J - 1)]. The one sign convention: moments are
    -g_J mu_B J of the electrons, g_J > 0 as in Lande's formula, and +g_I mu_N I of the nucleus, in nuclear magnetons;
    `g_I_from_bohr` converts from the other one in use.

    Parameters
    ----------
    J, I : float
        Angular momentum of the electrons and of the nucleus: 0, 1/2, 1, ...
    A, B : float
        Constants of the magnetic dipole and the electric quadrupole interaction in J (`energy_from` takes MHz);
        A may be negative, B is 0 by default and needs J >= 1 and I >= 1.
    g_J, g_I : float
        No default.
        The g-factors; g_I is the moment in nuclear magnetons divided by I. In an atom it is the moment as shielded by
        the electrons that Breit and Rabi's formula asks for.
    source : HyperfineSource, optional
        Where the constants come from; `Hyperfine.of` gives it.

    Attributes
    ----------
    labels : tuple of (F, m_F)
        The order of arrays of all levels: F ascending, m_F = F, F - 1, ..., -F.

    Raises
    ------
    ValueError
        If a quantum number is impossible, B is not zero for a spin below 1, or two spins are not coupled at all.

    Notes
    -----
    The field is along z: wherever `B` is asked for it is a magnitude in T, or an array of any shape of magnitudes.
    **Three numbers are three fields, not a vector**; `levels` takes vectors, in any direction. (F, m_F) name the
    level that is theirs at B = 0. m_F is conserved and levels of one m_F do not cross, so names are exact in any
    field. For J = 1/2 or I = 1/2 all is in the closed form of [BreitRabi1931]_, elsewhere from a small matrix for
    each m_F. Terms quadratic in the field (diamagnetism) and other J are left out.

    Examples
    --------
    >>> from magneton.quantum import Hyperfine
    >>> rubidium = Hyperfine.of("87Rb")
    >>> rubidium.labels[:3]
    ((1.0, 1.0), (1.0, 0.0), (1.0, -1.0))
    >>> (1e4 * rubidium.clock_points((1, -1), (2, 1))).round(4)  # G
    array([3.2289])
    """

    J: float
    I: float  # noqa: E741
    A: float
    B: float = 0.0
    g_J: float = np.nan
    g_I: float = np.nan
    source: HyperfineSource | None = None

    def __post_init__(self) -> None:
        """Check the quantum numbers and what belongs to them."""
        clean = {"J": half_integer("J", self.J), "I": half_integer("I", self.I)}
        clean |= {name: number(name, getattr(self, name), "J") for name in ("A", "B")}
        for name in ("g_J", "g_I"):
            if getattr(self, name) is np.nan:  # B, which they follow, may be left out; they may not
                raise ValueError(f"{name} must be given")
            clean[name] = number(name, getattr(self, name))
        for name, value in clean.items():
            object.__setattr__(self, name, value)
        for name in ("J", "I"):
            if self.B and clean[name] < 1.0:
                raise ValueError(
                    f"B must be 0 for {name} = {shown_half(clean[name])}: a quadrupole needs J >= 1 and I >= 1, "
                    f"got {self.B:g}"
                )
        if self.J and self.I and not (self.A or self.B):
            raise ValueError(
                "A or B must not be 0: F is not defined for spins that are not coupled, got 0 and 0"
            )

    @classmethod
    def of(cls, name: str) -> Hyperfine:
        """Return the ground state of an atom or ion, as measured.

        Parameters
        ----------
        name : str
            H, D, T, 3He+, 6Li, 7Li, 23Na, 39K, 40K, 41K, 85Rb, 87Rb, 133Cs or 43Ca+; "rubidium-87" and other
            spellings that `nucleus` understands, too.

        Returns
        -------
        Hyperfine
            With its `source`: editions, uncertainties and keys of the list of references.

        Examples
        --------
        The caesium clock in 1 G, in Hz:

        >>> round(Hyperfine.of("133Cs").transition_frequency((3, 0), (4, 0), 1e-4), 2)
        9192632197.45
        """
        row = table_row(name)
        g_I = float(row["g_I"])
        if row["convention"] == "bohr":
            g_I = g_I_from_bohr(g_I)
        spins = float(row["J"]), float(row["I"])
        A = energy_from(float(row["A_MHz"]), "MHz")
        return cls(*spins, A, 0.0, float(row["g_J"]), g_I, source_of(row))

    # ---- levels

    @property
    def F_values(self) -> tuple[float, ...]:
        """The total angular momenta |J - I|, ..., J + I."""
        least = abs(self.J - self.I)
        return tuple(float(F) for F in np.arange(least, self.J + self.I + 0.5))

    @cached_property
    def labels(self) -> tuple[tuple[float, float], ...]:
        """All (F, m_F): F ascending, m_F descending."""
        return tuple((F, float(m)) for F in self.F_values for m in allowed_projections(F))

    @cached_property
    def levels(self) -> Levels:
        """The same levels in a field of any direction, and their thermal magnetism."""
        dims = (round(2.0 * self.J) + 1, round(2.0 * self.I) + 1)
        electrons = embedded(spin_operators(self.J), 0, dims)
        nucleus = embedded(spin_operators(self.I), 1, dims)
        return Levels(H * self._blocks.hamiltonian, -self.g_J * MU_B * electrons + self.g_I * MU_N * nucleus)

    def zero_field_energy(self, F: Any) -> float:
        """Return the energy of F without field in J; their mean over all states is 0."""
        F = coupled("F", F, "J", self.J, "I", self.I)
        return zero_field(F, self.J, self.I, self.A, self.B)

    def hyperfine_interval(self, lower: Any, upper: Any) -> float:
        """Return (E(upper) - E(lower))/h of two F without field in Hz; negative if `lower` lies above."""
        return (self.zero_field_energy(upper) - self.zero_field_energy(lower)) / H

    def lande_g_F(self, F: Any) -> float:
        """Return g_F of weak fields, moment_z = -g_F mu_B m_F; nan for F = 0.

        The nucleus included: g_J [F(F + 1) + J(J + 1) - I(I + 1)]/2F(F + 1) - g_I (mu_N/mu_B) times the rest.
        """
        F = coupled("F", F, "J", self.J, "I", self.I)
        if F == 0.0:
            return float("nan")
        f2 = F * (F + 1.0)
        share = 0.5 * (f2 + self.J * (self.J + 1.0) - self.I * (self.I + 1.0)) / f2
        return self.g_J * share - self.g_I * (MU_N / MU_B) * (1.0 - share)

    def energy(self, F: Any, m_F: Any, B: Any) -> Any:
        """Return the energy of one level in J at fields `B` along z in T, of the shape of `B`."""
        F, m = self._label(F, m_F)
        return plain(self.zero_field_energy(F) + H * self._model.shift(F, m, numbers("B", B, "T")))

    def shift(self, F: Any, m_F: Any, B: Any) -> Any:
        """Return E(B) - E(0) of one level in J, B along z in T; it keeps all its digits in weak fields."""
        F, m = self._label(F, m_F)
        return plain(H * self._model.shift(F, m, numbers("B", B, "T")))

    def moment(self, F: Any, m_F: Any, B: Any) -> Any:
        """Return the moment -dE/dB of one level along z in J/T at fields `B` along z in T, of the shape of `B`."""
        F, m = self._label(F, m_F)
        return plain(-H * self._model.first(F, m, numbers("B", B, "T")))

    def energies(self, B: Any) -> np.ndarray:
        """Return the energies of all levels in J at fields `B` along z in T.

        Parameters
        ----------
        B : float or array_like, shape (...)
            Magnitudes in T, along z: three numbers are three fields, and no vector.

        Returns
        -------
        ndarray, shape (..., n)
            In the order of `labels`.
        """
        return np.stack([self.energy(*label, B) for label in self.labels], axis=-1)

    def moments(self, B: Any) -> np.ndarray:
        """Return the moments -dE/dB of all levels along z in J/T; arguments and shape as of `energies`."""
        return np.stack([self.moment(*label, B) for label in self.labels], axis=-1)

    def spin_projections(self, F: Any, m_F: Any, B: Any) -> SpinProjections:
        """Return the means of J_z and I_z in one level at fields `B` along z in T; they add up to m_F.

        The moment is -g_J mu_B <J_z> + g_I mu_N <I_z>.
        """
        F, m = self._label(F, m_F)
        own = plain(self._model.electron(F, m, numbers("B", B, "T")))
        rest = m - own
        return SpinProjections(rest, own) if self._nucleus_first else SpinProjections(own, rest)

    # ---- transitions

    def transition_frequency(self, lower: Any, upper: Any, B: Any) -> Any:
        """Return (E(upper) - E(lower))/h in Hz, shape of `B`; negative where `lower` lies above.

        Parameters
        ----------
        lower, upper : (F, m_F)
            The two levels.
        B : float or array_like
            Fields along z in T: three numbers are three fields, and no vector.

        Returns
        -------
        float or ndarray

        Notes
        -----
        From differences that do not cancel if J or I is 1/2, so that it is good to rounding (2e-15 of itself) in any
        field, but where the parts linear in B and the interval happen to cancel.
        """
        pair = self._pair(lower, upper)
        return plain(self._model.difference(*pair, numbers("B", B, "T")))

    def transition_sensitivity(self, lower: Any, upper: Any, B: Any) -> Sensitivity:
        """Return df/dB in Hz/T and d^2f/dB^2 in Hz/T^2 of `transition_frequency`, of the shape of `B`."""
        one, two = self._pair(lower, upper)
        field = numbers("B", B, "T")
        second = self._model.second(*two, field) - self._model.second(*one, field)
        return Sensitivity(plain(self._model.first_difference(one, two, field)), plain(second))

    def clock_points(self, lower: Any, upper: Any, B_max: Any = None) -> np.ndarray:
        """Return the fields in T where a transition's frequency does not depend on the field, df/dB = 0.

        Parameters
        ----------
        lower, upper : (F, m_F)
            The two levels, in either order.
        B_max : float, optional
            The strongest field to look at, in T.

        Returns
        -------
        ndarray
            All of them with B >= 0, ascending, to rounding, if J or I is 1/2. Otherwise those that a grid of 2000
            fields up to `B_max` (by default far beyond the field that decouples J and I) tells apart. None if both
            levels are straight in B.
        """
        pair = self._pair(lower, upper)
        most = None if B_max is None else number("B_max", B_max, "T")
        if most is not None and most <= 0.0:
            raise ValueError(f"B_max must be positive, got {most:g}")
        return self._model.stationary(*pair, most)

    # ---- parts

    @cached_property
    def _blocks(self) -> Blocks:
        return Blocks(self.J, self.I, self.A / H, self.B / H, self.g_J * MU_B / H, -self.g_I * MU_N / H)

    @property
    def _nucleus_first(self) -> bool:
        """Whether the closed form's spin 1/2 is the nucleus."""
        return self.I == 0.5 and self.J not in (0.0, 0.5)

    @cached_property
    def _model(self) -> BreitRabi | Blocks:
        """What answers for the levels, in frequencies."""
        blocks = self._blocks
        if self._nucleus_first:
            return BreitRabi(self.J, blocks.dipole, blocks.zeeman_I, blocks.zeeman_J)
        if self.J == 0.5 and self.I:
            return BreitRabi(self.I, blocks.dipole, blocks.zeeman_J, blocks.zeeman_I)
        return blocks

    def _label(self, F: Any, m_F: Any) -> tuple[float, float]:
        """Return (F, m_F), checked."""
        F, m = coupled("F", F, "J", self.J, "I", self.I), number("m_F", m_F)
        if abs(m) > F or (F - m) % 1.0:
            choices = ", ".join(
                ("-" if each < 0.0 else "") + shown_half(abs(each)) for each in allowed_projections(F)
            )
            raise ValueError(f"m_F must be one of {choices} for F = {shown_half(F)}, got {m:g}")
        return F, m

    def _pair(self, lower: Any, upper: Any) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return two different levels, checked."""
        pair = []
        for name, value in (("lower", lower), ("upper", upper)):
            if not isinstance(value, tuple | list | np.ndarray) or len(value) != 2:
                raise ValueError(f"{name} must be a pair (F, m_F), got {value!r}")
            pair.append(self._label(*value))
        if pair[0] == pair[1]:
            raise ValueError(f"lower and upper must be two different levels, got {pair[0]} twice")
        return pair[0], pair[1]
