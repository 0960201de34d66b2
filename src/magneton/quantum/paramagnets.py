"""Moments without coupling in a field: Brillouin's and Langevin's functions, the laws of Curie and of Van Vleck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from magneton import constants
from magneton._check import number, numbers, plain, positives, shown
from magneton.quantum.angular import half_integer

K_B, MU_B, MU_0, R = (float(getattr(constants, name)) for name in ("k_B", "mu_B", "mu_0", "R"))
#: |g_e| of the free electron's spin: the default of all g here.
FREE_G = -float(constants.g_e)
_GRAIN = 1 << 14


def filled(name: str, x: np.ndarray, parameters: Any, *more: Any) -> np.ndarray:
    """Return what the kernel ``fill_<name>`` of `magneton.kernels.brillouin` makes of all x, in threads."""
    from magneton._jit import parallel_for
    from magneton.kernels import brillouin as kernels

    fill: Callable[..., None] = getattr(kernels, f"fill_{name}")
    flat = np.require(x, np.float64, ["C", "A", "W"]).reshape(-1)
    out = np.empty(flat.shape)
    parallel_for(
        lambda i, j: fill(flat[i:j], out[i:j], *parameters, *more),
        len(flat),
        _GRAIN,
    )
    return out.reshape(np.shape(x))


def spin_parameters(J: float) -> tuple[float, float, float]:
    """Return a, b and kappa of Brillouin's function, see `magneton.kernels.brillouin`."""
    from magneton.kernels.brillouin import parameters

    return parameters(J)


def positive_spin(name: str, value: Any) -> float:
    """Return an angular momentum quantum number that is not 0."""
    J = half_integer(name, value)
    if J == 0.0:
        raise ValueError(f"{name} must be one of 1/2, 1, 3/2, ...: nothing has no moment to turn, got 0")
    return J


def _reals(name: str, value: Any) -> np.ndarray:
    """Return reals; nan and inf pass."""
    array = np.asarray(value)
    if array.dtype.kind not in "fiu":
        raise ValueError(f"{name} must be a real number or an array of such, got {shown(value)}")
    return np.asarray(array, np.float64)


def _of_spins(name: str, J: Any, x: np.ndarray) -> Any:
    """Return a function of J and x, by broadcasting; each J that occurs is done in one go."""
    spins = np.asarray(J)
    if spins.ndim == 0:
        return plain(filled(name, x, spin_parameters(positive_spin("J", J))))
    spins, x = np.broadcast_arrays(numbers("J", J), x)
    out = np.empty(x.shape)
    for spin in np.unique(spins):
        here = spins == spin
        out[here] = filled(name, x[here], spin_parameters(positive_spin("J", spin)))
    return out


def brillouin(J: Any, x: Any) -> Any:
    """Return Brillouin's function B_J(x), to rounding for any x.

    Parameters
    ----------
    J : float or array_like
        1/2, 1, 3/2, ...
    x : float or array_like
        g mu_B J B/(k_B T): the largest projection of the moment times the field, over k_B T.

    Returns
    -------
    float or ndarray
        From -1 to 1, odd in x: the thermal moment over its largest projection. -1 and 1 at -inf and inf, nan at nan.

    Notes
    -----
    B_J(x) = a coth(a x) - b coth(b x), a = (2J + 1)/(2J), b = 1/(2J) ([Brillouin1927]_); tanh x for J = 1/2, and
    `langevin` for large J. Relative error below 6e-16.

    Examples
    --------
    >>> round(brillouin(3.5, 1.0), 8)
    0.39484211
    """
    return _of_spins("brillouin", J, _reals("x", x))


def brillouin_slope(J: Any, x: Any) -> Any:
    """Return the derivative of `brillouin` by x: (J + 1)/(3J) at x = 0.

    Relative error below 1e-15; in the tail, where the slope falls as exp(-x/J), that of 1/J times x.

    Examples
    --------
    >>> brillouin_slope(0.5, 0.0)
    1.0
    """
    return _of_spins("slope", J, _reals("x", x))


def inverse_brillouin(J: Any, y: Any) -> Any:
    """Return x with B_J(x) = y: inf at y = 1, nan where abs(y) > 1.

    Examples
    --------
    >>> round(inverse_brillouin(3.5, 0.39484211), 6)
    1.0
    """
    return _of_spins("inverse", J, _reals("y", y))


def langevin(x: Any) -> Any:
    """Return Langevin's function coth x - 1/x, to rounding for any x.

    Parameters
    ----------
    x : float or array_like
        mu B/(k_B T), mu the magnitude of a moment that may point anywhere.

    Returns
    -------
    float or ndarray
        From -1 to 1, odd in x. -1 and 1 at -inf and inf, nan at nan.

    Notes
    -----
    [Langevin1905]_. Relative error below 6e-16.

    Examples
    --------
    >>> langevin([1e-300, 3.0])
    array([3.33333333e-301, 6.71636490e-001])
    """
    return plain(filled("brillouin", _reals("x", x), spin_parameters(np.inf)))


def langevin_slope(x: Any) -> Any:
    """Return the derivative of `langevin`, 1/x^2 - 1/sinh(x)^2.

    Examples
    --------
    >>> langevin_slope(0.0) == 1.0 / 3.0
    True
    """
    return plain(filled("slope", _reals("x", x), spin_parameters(np.inf)))


def inverse_langevin(y: Any) -> Any:
    """Return x with langevin(x) = y: inf at y = 1, nan where abs(y) > 1.

    Examples
    --------
    >>> round(inverse_langevin(0.999), 6)
    1000.0
    """
    return plain(filled("inverse", _reals("y", y), spin_parameters(np.inf)))


def paramagnetic_moment(B: Any, temperature: Any, J: Any, g: float = FREE_G) -> Any:
    """Return the thermal moment along the field of a free ion of angular momentum J.

    Parameters
    ----------
    B : float or array_like
        Field in T, along any one axis; an array is many fields, and no vector.
    temperature : float or array_like
        In K.
    J : float
        1/2, 1, 3/2, ...
    g : float
        Lande's factor, by default |g_e| of a free electron's spin, 2.002319; its sign does not matter.

    Returns
    -------
    float or ndarray
        g mu_B J B_J(g mu_B J B/(k_B T)) in J/T, per ion.

    Examples
    --------
    >>> from magneton import constants
    >>> round(paramagnetic_moment(1.0, 1.0, 3.5) / constants.mu_B, 4)
    6.303
    """
    J = positive_spin("J", J)
    largest = abs(number("g", g)) * J
    x = largest * (MU_B / K_B) * numbers("B", B, "T") / positives("temperature", temperature, "K")
    return plain(largest * MU_B * filled("brillouin", x, spin_parameters(J)))


def curie_constant(J: Any, g: float = FREE_G) -> float:
    """Return the molar Curie constant mu_0 N_A g^2 mu_B^2 J(J + 1)/(3 k_B) in m^3 K/mol; g is |g_e| by default.

    ``magneton.units.convert(C, "m^3 K/mol", "emu K/(mol Oe)")`` is the one of Gaussian units, 1e6/(4 pi) times that.

    Examples
    --------
    A spin 1/2 with g = 2 has 3/8 emu K/(mol Oe) as nearly as makes no difference:

    >>> from magneton import units
    >>> round(float(units.convert(curie_constant(0.5, 2.0), "m^3 K/mol", "emu K/(mol Oe)")), 5)
    0.37515
    """
    J = half_integer("J", J)
    return MU_0 * R * (number("g", g) * (MU_B / K_B)) ** 2 * J * (J + 1.0) / 3.0


def curie_weiss(temperature: Any, curie_constant: float, theta: float = 0.0) -> Any:
    """Return the susceptibility C/(T - theta), in the unit of C over K.

    Parameters
    ----------
    temperature : float or array_like
        In K.
    curie_constant : float
        C, molar in m^3 K/mol or by volume in K.
    theta : float
        Weiss's temperature in K: positive for coupling that aligns neighbours.

    Returns
    -------
    float or ndarray
        nan from theta down, where the law does not hold.
    """
    above = positives("temperature", temperature, "K") - number("theta", theta, "K")
    constant = number("curie_constant", curie_constant, "m^3 K/mol")
    return plain(np.where(above > 0.0, constant / np.where(above > 0.0, above, 1.0), np.nan))


def van_vleck(energies: Any, first_order: Any, second_order: Any, temperature: Any) -> Any:
    """Return the molar susceptibility of levels E_i = E0_i + E1_i B + E2_i B^2, by Van Vleck's equation.

    Parameters
    ----------
    energies, first_order, second_order : array_like, shape (n,)
        E0 in J, E1 in J/T (the moment with its sign turned) and E2 in J/T^2, one for each level.
    temperature : float or array_like
        In K.

    Returns
    -------
    float or ndarray
        chi = mu_0 N_A sum_i (E1_i^2/(k_B T) - 2 E2_i) exp(-E0_i/(k_B T))/Z in m^3/mol.

    Notes
    -----
    [VanVleck1932]_. Levels with a moment come in pairs, so that there is none without a field.

    Examples
    --------
    A spin 1/2 obeys Curie's law:

    >>> from magneton import constants
    >>> chi = van_vleck([0, 0], [constants.mu_B, -constants.mu_B], [0, 0], 100.0)
    >>> round(chi * 100.0 / curie_constant(0.5, g=2.0), 12)
    1.0
    """
    named = {"energies": energies, "first_order": first_order, "second_order": second_order}
    e, e1, e2 = (numbers(name, value, "J") / K_B for name, value in named.items())
    if e.ndim != 1 or not len(e) or not e.shape == e1.shape == e2.shape:
        raise ValueError(
            "energies, first_order and second_order must be lists of the same length, "
            f"got shapes {e.shape}, {e1.shape} and {e2.shape}"
        )
    T = positives("temperature", temperature, "K")[..., None]
    weight = np.exp((e.min() - e) / T)
    mean = (weight * (e1 * e1 / T - 2.0 * e2)).sum(axis=-1) / weight.sum(axis=-1)
    return plain(MU_0 * R * mean)
