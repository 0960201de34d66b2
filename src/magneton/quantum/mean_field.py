"""Weiss's ferromagnet: moments in a field and in the mean field of all the others."""

from __future__ import annotations

import math
from typing import Any, Literal, NamedTuple

import numpy as np

from magneton import constants
from magneton._check import integer, number, numbers, plain, positive, positives
from magneton.quantum.paramagnets import filled, positive_spin, spin_parameters

K_B, MU_B, MU_0 = (float(getattr(constants, name)) for name in ("k_B", "mu_B", "mu_0"))
Branch = Literal["stable", "metastable", "unstable"]
_GRAIN = 256
_BRANCHES = ("stable", "metastable", "unstable")


class Hysteresis(NamedTuple):
    """A loop along one axis: fields in T from -B_max to B_max, and M in A/m as B rises and as it falls."""

    B: np.ndarray
    rising: np.ndarray
    falling: np.ndarray

    def __repr__(self) -> str:
        """Say how many points there are, and up to what field."""
        return f"Hysteresis({len(self.B)} fields up to {self.B[-1]:g} T)"


class Ferromagnet:
    """Moments g mu_B J that see, beside the field, one in proportion to their own magnetization.

    The field of the others is B_exchange = mu_0 molecular_field M. All fields lie along one axis, and B stands for
    mu_0 H inside: no demagnetization, no anisotropy.

    Parameters
    ----------
    J : float
        1/2, 1, 3/2, ...
    g : float
        Lande's factor.
    density : float
        Moments in 1/m^3.
    T_C : float, optional
        Curie temperature in K.
    molecular_field : float, optional
        Weiss's constant lambda, without unit; positive. Give one of both: T_C = lambda C.

    Attributes
    ----------
    curie_constant : float
        C = mu_0 n g^2 mu_B^2 J(J + 1)/(3 k_B) in K: chi = C/(T - T_C) above T_C.
    saturation_magnetization : float
        n g mu_B J in A/m.

    Notes
    -----
    [Weiss1907]_; [Coey2010]_ 5.1. With m = M/M_s, m = B_J(x), k_B T x = g mu_B J (B + B_exchange). Everything is a
    derivative of one free energy, see `free_energy`. Solutions are exact to rounding next to T_C too, where m goes
    as sqrt(T_C - T).

    Examples
    --------
    >>> nickel = Ferromagnet(0.5, 2.0, 9.14e28, T_C=628.0)
    >>> round(float(nickel.reduced_magnetization(0.0, 314.0)), 6)
    0.957504
    """

    def __init__(
        self,
        J: float,
        g: float,
        density: float,
        *,
        T_C: float | None = None,
        molecular_field: float | None = None,
    ) -> None:
        self.J, self.g = positive_spin("J", J), abs(number("g", g))
        self.density = positive("density", density, "1/m^3")
        if not self.g:
            raise ValueError("g must not be 0")
        if (T_C is None) == (molecular_field is None):
            raise ValueError("give either T_C or molecular_field")
        #: The largest projection of a moment in J/T.
        self.moment = self.g * MU_B * self.J
        self.saturation_magnetization = self.density * self.moment
        self.curie_constant = volume_curie_constant(self.J, self.g, self.density)
        if T_C is None:
            self.molecular_field = positive("molecular_field", molecular_field)
            self.T_C = self.molecular_field * self.curie_constant
        else:
            self.T_C = positive("T_C", T_C, "K")
            self.molecular_field = self.T_C / self.curie_constant
        self._spin = spin_parameters(self.J)
        #: Field in T of which h = 1: k_B T_C/mu.
        self._unit = self.T_C / (self.moment / K_B)

    def __repr__(self) -> str:
        """Show what makes it."""
        return f"Ferromagnet(J={self.J:g}, g={self.g:g}, density={self.density:g}, T_C={self.T_C:g})"

    def reduced_magnetization(self, B: Any, temperature: Any, branch: Branch = "stable") -> Any:
        """Return M over its saturation, from -1 to 1; see `magnetization`."""
        return plain(filled("brillouin", self._solved(B, temperature, branch)[0], self._spin))

    def magnetization(self, B: Any, temperature: Any, branch: Branch = "stable") -> Any:
        """Return M along the axis of the field in A/m.

        Parameters
        ----------
        B : float or array_like
            Field in T. At B = 0 the spontaneous magnetization is positive.
        temperature : float or array_like
            In K; broadcasts with `B`.
        branch : {"stable", "metastable", "unstable"}
            The least energy; M against the field and held by a barrier, up to `coercive_field`; the top of the
            barrier. The latter two are nan where they do not exist.

        Returns
        -------
        float or ndarray
            In A/m.
        """
        return plain(self.saturation_magnetization * self.reduced_magnetization(B, temperature, branch))

    def spontaneous_magnetization(self, temperature: Any) -> Any:
        """Return M in A/m without a field: 0 from T_C on; `saturation_magnetization` is its limit at 0 K."""
        return self.magnetization(0.0, temperature)

    def coercive_field(self, temperature: Any) -> Any:
        """Return the field in T that a magnetization opposed to it withstands; 0 from T_C on.

        There the barrier is gone (the spinodal); a real magnet gives way long before, by domain walls.
        """
        from magneton.kernels.weiss import fill_coercive_fields

        t, tau = self._reduced(positives("temperature", temperature, "K"))
        out = np.empty(t.size)
        fill_coercive_fields(t.ravel(), tau.ravel(), out, *self._spin)
        return plain(self._unit * out.reshape(t.shape))

    def hysteresis(self, temperature: float, B_max: float | None = None, points: int = 201) -> Hysteresis:
        """Return the loop along which M stays on its branch for as long as there is a barrier.

        Parameters
        ----------
        temperature : float
            In K.
        B_max : float, optional
            Ends of the loop in T; one and a half times the coercive field by default.
        points : int
            Fields between the ends; those next to the jumps are added.
        """
        T, coercive = positive("temperature", temperature, "K"), self.coercive_field(temperature)
        if B_max is None and coercive == 0.0:
            raise ValueError(f"B_max must be given from T_C = {self.T_C:g} K on, where there is no loop")
        end = positive("B_max", 1.5 * coercive if B_max is None else B_max, "T")
        B = np.linspace(-end, end, integer("points", points, 2))
        if 0.0 < coercive < end:
            jumps = [coercive, math.nextafter(coercive, math.inf)]
            B = np.unique(np.concatenate([B, jumps, np.negative(jumps)]))
        opposed = self.magnetization(np.clip(B, 0.0, coercive), T, "metastable")
        held = (B >= 0.0) & (coercive >= B) & np.isfinite(opposed)
        rising = np.where(held, opposed, self.magnetization(B, T))
        return Hysteresis(B, rising, -rising[::-1])

    def susceptibility(self, B: Any, temperature: Any, branch: Branch = "stable") -> Any:
        """Return mu_0 dM/dB = dM/dH at constant temperature, without unit: C/(T - T_C) above T_C without field."""
        x, t, tau = self._solved(B, temperature, branch)
        stiffness = self._stiffness(x, t, tau)
        slope = filled("slope", x, self._spin)
        with np.errstate(divide="ignore"):
            return plain(MU_0 * self.saturation_magnetization / self._unit * slope / stiffness)

    def heat_capacity(self, B: Any, temperature: Any, branch: Branch = "stable") -> Any:
        """Return T dS/dT of the moments at constant B in J/(K m^3)."""
        x, t, tau = self._solved(B, temperature, branch)
        stiffness = np.where(x == 0.0, 1.0, self._stiffness(x, t, tau))
        return plain(self.density * K_B * t * x * x * filled("slope", x, self._spin) / stiffness)

    @property
    def heat_capacity_jump(self) -> float:
        """The fall of the heat capacity at T_C in J/(K m^3): 5 J(J + 1)/(J^2 + (J + 1)^2) k_B a moment."""
        return self.density * K_B * 5.0 * self.J * (self.J + 1.0) / (self.J**2 + (self.J + 1.0) ** 2)

    def entropy(self, B: Any, temperature: Any, branch: Branch = "stable") -> Any:
        """Return S = -dF/dT of the moments in J/(K m^3): n k_B log(2J + 1) without order."""
        return plain(
            self.density * K_B * filled("entropy", self._solved(B, temperature, branch)[0], self._spin)
        )

    def free_energy(self, B: Any, temperature: Any, branch: Branch = "stable") -> Any:
        """Return F in J/m^3, of which M = -dF/dB and S = -dF/dT: -mu_0 lambda M^2/2 - M B - T S."""
        x = self._solved(B, temperature, branch)[0]
        m = filled("brillouin", x, self._spin)
        return self._energy(m, filled("entropy", x, self._spin), B, temperature)

    def constrained_free_energy(self, m: Any, B: Any, temperature: Any) -> Any:
        """Return the free energy in J/m^3 of a reduced magnetization m that is held: least at the stable one.

        Its minima are the stable and metastable branches and its maximum between them is the unstable one.
        """
        value = numbers("m", m)
        if value.size and np.abs(value).max() > 1.0:
            raise ValueError(f"m must lie between -1 and 1, got {value.flat[np.abs(value).argmax()]:g}")
        x = filled("inverse", value, self._spin)
        return self._energy(value, filled("entropy", x, self._spin), B, temperature)

    # ---- parts

    def _energy(self, m: np.ndarray, entropy: np.ndarray, B: Any, temperature: Any) -> Any:
        kappa, T = self._spin[2], positives("temperature", temperature, "K")
        h = numbers("B", B, "T") / self._unit
        per_moment = -self.T_C * m * (0.5 * m / kappa + h) - T * entropy
        return plain(self.density * K_B * per_moment)

    def _reduced(self, T: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return T/T_C, and 1 - T/T_C to rounding of itself."""
        return T / self.T_C, (self.T_C - T) / self.T_C

    def _solved(self, B: Any, temperature: Any, branch: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the argument of Brillouin's function, t and 1 - t."""
        from magneton._jit import parallel_for
        from magneton.kernels.weiss import fill_arguments

        if branch not in _BRANCHES:
            raise ValueError(f"branch must be one of {', '.join(_BRANCHES)}, got {branch!r}")
        code = _BRANCHES.index(branch)
        h, T = np.broadcast_arrays(numbers("B", B, "T") / self._unit, _above_zero(temperature))
        t, tau = self._reduced(T)
        flat: list[Any] = [np.ascontiguousarray(each).reshape(-1).copy() for each in (h, t, tau)]
        x = np.empty(h.size)
        parallel_for(
            lambda i, j: fill_arguments(*(each[i:j] for each in flat), code, x[i:j], *self._spin),
            h.size,
            _GRAIN,
        )
        return x.reshape(h.shape), t, tau

    def _stiffness(self, x: np.ndarray, t: np.ndarray, tau: np.ndarray) -> np.ndarray:
        from magneton.kernels.weiss import fill_stiffness

        out = np.empty(x.size)
        fill_stiffness(x.reshape(-1), t.reshape(-1).copy(), tau.reshape(-1).copy(), out, *self._spin)
        return out.reshape(x.shape)


def _above_zero(temperature: Any) -> np.ndarray:
    """Return temperatures in K; at 0 K, which is none of them, M is known all the same."""
    try:
        return positives("temperature", temperature, "K")
    except ValueError as error:
        if "must be positive" not in str(error):
            raise
        raise ValueError(f"{error}; at 0 K M is the attribute saturation_magnetization") from None


def volume_curie_constant(J: float, g: float, density: float) -> float:
    """Return mu_0 n g^2 mu_B^2 J(J + 1)/(3 k_B) in K."""
    return MU_0 * density * (g * MU_B) * (g * (MU_B / K_B)) * J * (J + 1.0) / 3.0
