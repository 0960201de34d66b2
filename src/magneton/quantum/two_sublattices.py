"""Neel's ferrimagnets and antiferromagnets: two sublattices in each other's mean field."""

from __future__ import annotations

import itertools
import math
from typing import Any, Literal, NamedTuple

import numpy as np

from magneton import constants
from magneton._check import non_negatives, number, numbers, plain, positive, positives, real_array
from magneton.quantum.mean_field import volume_curie_constant
from magneton.quantum.paramagnets import filled, positive_spin, spin_parameters

K_B, MU_B, MU_0 = (float(getattr(constants, name)) for name in ("k_B", "mu_B", "mu_0"))
Branch = Literal["stable", "up", "down"]
_BRANCHES = ("stable", "up", "down")
_GRAIN = 64
#: Temperatures at which a change of sign of M is looked for.
_SCAN = 256


class Sublattices(NamedTuple):
    """Reduced magnetizations of both sublattices, from -1 to 1."""

    A: Any
    B: Any


class Ferrimagnet:
    """Two sublattices A and B of moments along one axis, each in the field of both.

    The field of the others on sublattice i is mu_0 sum_j lambda_ij M_j. B stands for mu_0 H inside.

    Parameters
    ----------
    J : (float, float)
        Of A and B: 1/2, 1, 3/2, ...
    g : (float, float)
        Lande's factors.
    density : (float, float)
        Moments of each in 1/m^3.
    molecular_field : array_like, shape (2, 2)
        lambda, symmetric, without unit: ((lambda_AA, lambda_AB), (lambda_AB, lambda_BB)). Negative lambda_AB turns
        the sublattices against each other.

    Attributes
    ----------
    curie_constants : ndarray, shape (2,)
        C_i = mu_0 n_i g_i^2 mu_B^2 J_i(J_i + 1)/(3 k_B) in K.
    saturation_magnetizations : ndarray, shape (2,)
        n_i g_i mu_B J_i in A/m.

    Notes
    -----
    [Neel1948]_. All follows from one free energy of both magnetizations; the state is the least of the minima that
    are reached from the four saturated ones.

    Examples
    --------
    >>> magnet = Ferrimagnet((2.5, 2.0), (2.0, 2.0), (2e28, 1.5e28), ((0.0, -400.0), (-400.0, 0.0)))
    >>> round(magnet.T_C, 1)
    524.0
    """

    def __init__(self, J: Any, g: Any, density: Any, molecular_field: Any) -> None:
        pairs = (_pair("J", J, "1"), _pair("g", g, "1"), _pair("density", density, "1/m^3"))
        self.J, self.g, self.density = pairs
        spins = [positive_spin("J", j) for j in self.J]
        if not (self.g != 0.0).all() or not (self.density > 0.0).all():
            raise ValueError(f"g must not be 0 and density must be positive, got {self.g} and {self.density}")
        self.molecular_field = _symmetric(molecular_field)
        #: Largest projections of the moments in J/T.
        self.moments = np.abs(self.g) * MU_B * self.J
        self.saturation_magnetizations = self.density * self.moments
        self.curie_constants = np.array(
            [volume_curie_constant(*each) for each in zip(self.J, self.g, self.density, strict=True)]
        )
        self._spins = np.array([spin_parameters(j) for j in spins])
        #: Kelvin per tesla, and the coupling K_ij of `magneton.kernels.sublattices` in K.
        self._mu = self.moments / K_B
        self._K = MU_0 * self.molecular_field * self._mu[:, None] * self.saturation_magnetizations

    @property
    def T_C(self) -> float:
        """Temperature in K below which the sublattices order by themselves; nan if they do not.

        The larger eigenvalue of sqrt(C_i C_j) lambda_ij.
        """
        root = np.sqrt(self.curie_constants)
        largest = float(np.linalg.eigvalsh(self.molecular_field * root[:, None] * root)[-1])
        return largest if largest > 0.0 else math.nan

    def reduced_magnetizations(self, B: Any, temperature: Any, branch: Branch = "stable") -> Sublattices:
        """Return m_A and m_B, from -1 to 1; see `magnetization`."""
        x = self._solved(B, temperature, branch)
        parts = (filled("brillouin", x[..., i], self._spins[i]) for i in range(2))
        return Sublattices(*(plain(part) for part in parts))

    def magnetization(self, B: Any, temperature: Any, branch: Branch = "stable") -> Any:
        """Return M_A + M_B along the axis of the field in A/m.

        Parameters
        ----------
        B : float or array_like
            Field in T.
        temperature : float or array_like
            In K; broadcasts with `B`.
        branch : {"stable", "up", "down"}
            The least energy (without field that with sublattice A up), or the minimum reached with A up or down and
            B as the coupling has it; nan where A does not stay so.

        Returns
        -------
        float or ndarray
            In A/m. Relative error: rounding times T_C/(T_C - T).
        """
        m = self.reduced_magnetizations(B, temperature, branch)
        first, second = self.saturation_magnetizations
        return plain(first * np.asarray(m.A) + second * np.asarray(m.B))

    def susceptibility(self, B: Any, temperature: Any, branch: Branch = "stable") -> Any:
        """Return mu_0 dM/dB = dM/dH along the axis at constant temperature, without unit.

        Above T_C without field Neel's hyperbola, sum_ij ((T - C lambda)^-1 C)_ij.
        """
        x = self._solved(B, temperature, branch)
        T = np.broadcast_to(positives("temperature", temperature, "K"), x.shape[:-1])
        slopes = np.stack([filled("slope", x[..., i], self._spins[i]) for i in range(2)], axis=-1)
        # T x' = mu + K B' x', by Cramer's rule: at T_C the determinant is 0 and the answer inf.
        own = T[..., None] - np.diagonal(self._K) * slopes
        other = np.array([self._K[0, 1], self._K[1, 0]]) * slopes[..., ::-1]
        with np.errstate(divide="ignore", invalid="ignore"):
            response = own[..., ::-1] * self._mu + other * self._mu[::-1]
            response /= (own.prod(axis=-1) - other.prod(axis=-1))[..., None]
        return plain(MU_0 * (response * slopes) @ self.saturation_magnetizations)

    def free_energy(self, B: Any, temperature: Any, branch: Branch = "stable") -> Any:
        """Return F in J/m^3, of which M = -dF/dB and S = -dF/dT."""
        x = self._solved(B, temperature, branch)
        return self._energy(x, B, temperature)

    def entropy(self, B: Any, temperature: Any, branch: Branch = "stable") -> Any:
        """Return S = -dF/dT of the moments in J/(K m^3)."""
        x = self._solved(B, temperature, branch)
        parts = (self.density[i] * filled("entropy", x[..., i], self._spins[i]) for i in range(2))
        return plain(K_B * sum(parts))

    def constrained_free_energy(self, m_A: Any, m_B: Any, B: Any, temperature: Any) -> Any:
        """Return the free energy in J/m^3 of reduced magnetizations that are held; least at the stable state."""
        values = np.broadcast_arrays(numbers("m_A", m_A), numbers("m_B", m_B))
        x = [filled("inverse", values[i], self._spins[i]) for i in range(2)]
        return self._energy(np.stack(x, axis=-1), B, temperature)

    def compensation_temperatures(self) -> np.ndarray:
        """Return the temperatures in K below T_C at which M_A + M_B = 0 without field, lowest first.

        Looked for at 256 temperatures: one for most that have any. None if the sublattices are equal.
        """
        from scipy.optimize import brentq

        def spontaneous(T: Any) -> Any:
            return self.magnetization(0.0, T)

        T = self.T_C * np.linspace(0.0, 1.0, _SCAN + 1)[1:-1]
        M = spontaneous(T) if math.isfinite(self.T_C) else np.zeros(0)
        M = np.where(np.abs(M) > 1e-12 * self.saturation_magnetizations.sum(), M, 0.0)
        pairs = itertools.pairwise(zip(T, M, strict=False))
        return np.array([brentq(spontaneous, a[0], b[0], xtol=1e-300) for a, b in pairs if a[1] * b[1] < 0.0])

    # ---- parts

    def _energy(self, x: np.ndarray, B: Any, temperature: Any) -> Any:
        T, field = positives("temperature", temperature, "K"), numbers("B", B, "T")
        m = np.stack([filled("brillouin", x[..., i], self._spins[i]) for i in range(2)], axis=-1)
        s = np.stack([filled("entropy", x[..., i], self._spins[i]) for i in range(2)], axis=-1)
        pull = field[..., None] * self._mu + 0.5 * m @ self._K.T
        return plain(-K_B * ((m * pull + T[..., None] * s) @ self.density))

    def _solved(self, B: Any, temperature: Any, branch: str) -> np.ndarray:
        """Return the arguments of Brillouin's functions, shape (..., 2)."""
        from magneton._jit import parallel_for
        from magneton.kernels.sublattices import fill_lowest

        if branch not in _BRANCHES:
            raise ValueError(f"branch must be one of {', '.join(_BRANCHES)}, got {branch!r}")
        field, T = np.broadcast_arrays(numbers("B", B, "T"), positives("temperature", temperature, "K"))
        against = self._K[0, 1] < 0.0
        start = {"stable": 0, "up": 2 if against else 1, "down": 3 if against else 4}[branch]
        flat = [np.array(each, np.float64).reshape(-1) for each in (field, T)]
        out = np.empty((field.size, 2))
        arguments = self._mu, self._K, self.density, self._spins, start
        parallel_for(
            lambda i, j: fill_lowest(*(each[i:j] for each in flat), *arguments, out[i:j]), len(out), _GRAIN
        )
        turned = (flat[0] == 0.0) & (out[:, 0] < 0.0)
        if not start:
            out[turned] *= -1.0
        else:
            out[(out[:, 0] < 0.0) if branch == "up" else (out[:, 0] > 0.0)] = np.nan
        return out.reshape(*field.shape, 2)


class Antiferromagnet(Ferrimagnet):
    """Two equal sublattices that turn against each other.

    Parameters
    ----------
    J, g : float
        Of every moment.
    density : float
        Moments of both sublattices together in 1/m^3.
    T_N : float
        Neel temperature in K.
    theta : float
        Weiss's temperature in K of chi = C/(T - theta) above T_N: from below T_N on; -T_N if moments of the same
        sublattice do not see each other.

    Notes
    -----
    [Neel1948]_; [Coey2010]_ 6.1. T_N = C (lambda_AA - lambda_AB)/2, theta = C (lambda_AA + lambda_AB)/2, C the Curie
    constant of all moments. The methods of `Ferrimagnet` are for a field along the sublattices.

    Examples
    --------
    >>> MnF2_like = Antiferromagnet(2.5, 2.0, 5e28, T_N=67.0, theta=-80.0)
    >>> round(float(MnF2_like.parallel_susceptibility(67.0) / MnF2_like.perpendicular_susceptibility), 6)
    1.0
    """

    def __init__(self, J: float, g: float, density: float, *, T_N: float, theta: float) -> None:
        half = 0.5 * positive("density", density, "1/m^3")
        self.T_N, self.theta = positive("T_N", T_N, "K"), number("theta", theta, "K")
        if not self.theta < self.T_N:
            raise ValueError(f"theta must be below T_N = {self.T_N:g} K, got {self.theta:g}")
        #: The Curie constant of all moments in K.
        self.curie_constant = 2.0 * volume_curie_constant(positive_spin("J", J), number("g", g), half)
        same = (self.T_N + self.theta) / self.curie_constant
        other = (self.theta - self.T_N) / self.curie_constant
        super().__init__((J, J), (g, g), (half, half), ((same, other), (other, same)))

    @property
    def perpendicular_susceptibility(self) -> float:
        """C/(T_N - theta), without unit: below T_N and across the sublattices, at any temperature."""
        return self.curie_constant / (self.T_N - self.theta)

    def parallel_susceptibility(self, temperature: Any) -> Any:
        """Return the susceptibility along the sublattices in small fields; C/(T - theta) from T_N on."""
        x = self._solved(0.0, temperature, "stable")[..., 0]
        softness = filled("slope", x, self._spins[0]) / self._spins[0, 2]
        return plain(
            self.curie_constant
            * softness
            / (positives("temperature", temperature, "K") - self.theta * softness)
        )

    def powder_susceptibility(self, temperature: Any) -> Any:
        """Return the mean over all directions, (chi_parallel + 2 chi_perpendicular)/3 below T_N."""
        along = np.asarray(self.parallel_susceptibility(temperature))
        across = np.where(
            positives("temperature", temperature, "K") < self.T_N, self.perpendicular_susceptibility, along
        )
        return plain((along + 2.0 * across) / 3.0)

    def spin_flop_field(self, temperature: Any, anisotropy: Any) -> Any:
        """Return the field in T along the easy axis at which the sublattices turn across it.

        Parameters
        ----------
        temperature : float or array_like
            In K, below T_N.
        anisotropy : float or array_like
            Energy in J/m^3 by which the sublattices lie better along the axis than across it, at that temperature.

        Returns
        -------
        float or ndarray
            sqrt(2 mu_0 K/(chi_perpendicular - chi_parallel)); nan from T_N on.
        """
        gain = self.perpendicular_susceptibility - np.asarray(self.parallel_susceptibility(temperature))
        cost = 2.0 * MU_0 * non_negatives("anisotropy", anisotropy, "J/m^3")
        ordered = positives("temperature", temperature, "K") < self.T_N
        return plain(np.where(ordered, np.sqrt(cost / np.where(ordered, gain, 1.0)), np.nan))


def _pair(name: str, value: Any, unit: str) -> np.ndarray:
    array = real_array(name, value, unit, "two numbers, of sublattices A and B")
    if array.shape != (2,):
        raise ValueError(f"{name} must be two numbers, of sublattices A and B, got shape {array.shape}")
    return array


def _symmetric(value: Any) -> np.ndarray:
    array = real_array("molecular_field", value, "1", "a symmetric matrix (2, 2)")
    if array.shape != (2, 2) or array[0, 1] != array[1, 0]:
        raise ValueError(f"molecular_field must be a symmetric matrix (2, 2), got {array.tolist()}")
    return array
