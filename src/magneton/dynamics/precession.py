"""A moment in a constant field: Larmor precession, damped, and the two ways to write the damping."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from magneton import constants
from magneton._check import non_negatives, numbers, plain
from magneton.dynamics._shapes import common_shape, nonzero, vector_array

_GAMMA_E = float(constants.gamma_e)
_SPLIT = 134217729.0  # 2^27 + 1: halves a float's digits


class LandauLifshitz(NamedTuple):
    """Coefficients of dm/dt = gamma m x B - (damping/abs(m)) m x (m x B), both in 1/(s T)."""

    gamma: Any
    damping: Any


class Gilbert(NamedTuple):
    """Coefficients of dm/dt = gamma m x B - sign(gamma) (alpha/abs(m)) m x dm/dt: 1/(s T), and a pure number."""

    gamma: Any
    alpha: Any


def larmor_frequency(B: Any, gamma: Any = _GAMMA_E, *, alpha: Any = 0.0) -> Any:
    """Return the angular velocity of precession, -gamma B/(1 + alpha^2), in rad/s.

    Parameters
    ----------
    B : float or array_like
        In T. The components of vectors give those of the angular velocity vector.
    gamma : float or array_like
        Gyromagnetic ratio in 1/(s T), signed; by default the electron's. Broadcasts with `B`.
    alpha : float or array_like
        Gilbert damping.

    Returns
    -------
    float or ndarray
        Positive along B for the electron: it turns right-handed about B.

    Examples
    --------
    >>> import numpy as np
    >>> print(round(larmor_frequency(1.0) / (2e9 * np.pi), 8), "GHz")
    28.02495139 GHz
    """
    slowed = nonzero("gamma", gamma, "1/(s T)") / (1.0 + non_negatives("alpha", alpha) ** 2)
    return plain(-slowed * numbers("B", B, "T"))


def larmor_solution(moment: Any, B: Any, time: Any, *, gamma: Any = _GAMMA_E, alpha: Any = 0.0) -> Any:
    """Return a moment after a time in a constant field, damped or not.

    Parameters
    ----------
    moment : array_like, shape (..., 3)
        At time 0, in A m^2; its size is kept.
    B : array_like, shape (..., 3)
        In T, in any direction.
    time : float or array_like, shape (...)
        In s; negative for what was before.
    gamma : float or array_like, shape (...)
        Gyromagnetic ratio in 1/(s T), signed; by default the electron's.
    alpha : float or array_like, shape (...)
        Gilbert damping, 0 or more.

    Returns
    -------
    ndarray, shape (..., 3)
        In A m^2; the shapes before the last axis of vectors broadcast with those of the numbers.

    Notes
    -----
    tan(theta/2) = tan(theta_0/2) exp(-alpha abs(gamma') B t), phi = phi_0 - gamma' B t, with theta the angle to B, phi
    the azimuth about B, gamma' = gamma/(1 + alpha^2) ([Gilbert2004]_, [Mallinson2000]_). A moment exactly against B
    stays; one next to it leaves with the digits that its distance from there has. What is rounded is the phase, to
    some 4e-16 of itself.

    Examples
    --------
    >>> import numpy as np
    >>> m = larmor_solution([1.0, 0.0, 0.0], [0.0, 0.0, 1.0], 1e-10, alpha=0.1)
    >>> print(np.round(m, 7))
    [ 0.0525707 -0.3353586  0.9406226]
    """
    m, field = vector_array("moment", moment, "A m^2"), vector_array("B", B, "T")
    t = numbers("time", time, "s")
    damping = non_negatives("alpha", alpha)
    ratio = nonzero("gamma", gamma, "1/(s T)")
    strength = _norm(field)
    shape = common_shape(
        moment=m.shape[:-1], B=strength.shape, time=t.shape, gamma=ratio.shape, alpha=damping.shape
    )
    turns = ratio / (1.0 + damping**2) * strength * t
    start = np.broadcast_to(m, (*shape, 3))
    m_unit, size = _scaled(m)
    b, _ = _scaled(field)
    across = _cross(m_unit, b)  # this order and its digits carry both poles
    along, reach = (m_unit * b).sum(-1), _norm(across)
    both = _norm(m_unit) * _norm(b)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        # tan(theta_0/2), without cancellation on either side
        half = np.where(along >= 0.0, reach / (both + np.abs(along)), (both + np.abs(along)) / reach)
        decay = np.exp(-0.5 * damping * np.abs(turns) * np.sign(t))
        half = half * decay * decay  # in two steps, since one may underflow where the product does not
        steep = half > 1.0
        least = np.where(steep, 1.0 / half, half)
        sine = 2.0 * least / (1.0 + least * least)
        cosine = np.where(steep, -1.0, 1.0) * (1.0 - least) * (1.0 + least) / (1.0 + least * least)
        frame = np.stack(np.broadcast_arrays(*_frame(across, b)), axis=0)
        parts = sine * np.cos(turns), sine * np.sin(-turns), cosine
        turned = sum((part[..., None] * axis for part, axis in zip(parts, frame, strict=True)), np.zeros(3))
        turned = turned * (_norm(m_unit) * size)[..., None]
    return np.where(((reach == 0.0) | (turns == 0.0))[..., None], start, turned)


def landau_lifshitz_from_gilbert(gamma: Any, alpha: Any) -> LandauLifshitz:
    """Return the coefficients of the Landau-Lifshitz form that moves a moment like this Gilbert form.

    Parameters
    ----------
    gamma : float or array_like
        Gyromagnetic ratio in 1/(s T), signed.
    alpha : float or array_like
        Gilbert damping, 0 or more.

    Returns
    -------
    LandauLifshitz
        gamma' = gamma/(1 + alpha^2) and damping = alpha abs(gamma)/(1 + alpha^2), both in 1/(s T).

    Notes
    -----
    The equation in [LandauLifshitz1935]_ has lambda/M^2 in place of our damping/M: lambda = damping * M. Gilbert's own
    eta, in dm/dt = gamma m x (B - eta dm/dt), is alpha/(abs(gamma) abs(m)) ([Gilbert2004]_).

    Examples
    --------
    >>> landau_lifshitz_from_gilbert(-2.0, 1.0)
    LandauLifshitz(gamma=-1.0, damping=1.0)
    """
    ratio, damping = nonzero("gamma", gamma, "1/(s T)"), non_negatives("alpha", alpha)
    slowed = ratio / (1.0 + damping**2)
    return LandauLifshitz(plain(slowed), plain(damping * np.abs(slowed)))


def gilbert_from_landau_lifshitz(gamma: Any, damping: Any) -> Gilbert:
    """Return the coefficients of the Gilbert form that moves a moment like this Landau-Lifshitz form.

    Parameters
    ----------
    gamma : float or array_like
        gamma' of the Landau-Lifshitz form in 1/(s T), signed.
    damping : float or array_like
        Its damping in 1/(s T), 0 or more.

    Returns
    -------
    Gilbert
        alpha = damping/abs(gamma'), gamma = gamma' (1 + alpha^2).

    Examples
    --------
    >>> gilbert_from_landau_lifshitz(-1.0, 1.0)
    Gilbert(gamma=-2.0, alpha=1.0)
    """
    slowed, rate = nonzero("gamma", gamma, "1/(s T)"), non_negatives("damping", damping, "1/(s T)")
    alpha = rate / np.abs(slowed)
    return Gilbert(plain(slowed * (1.0 + alpha**2)), plain(alpha))


def signed_from_gilbert(gamma: Any, alpha: Any) -> Any:
    """Return the lambda of texts that write dm/dt = gamma m x B - (lambda/m) m x dm/dt: sign(gamma) alpha.

    There the sign of lambda must follow gamma, or the damping would turn an electron's moment away from B.

    Parameters
    ----------
    gamma : float or array_like
        Gyromagnetic ratio in 1/(s T), signed.
    alpha : float or array_like
        Gilbert damping, 0 or more.

    Returns
    -------
    float or ndarray
        lambda, a pure number.

    Examples
    --------
    >>> from magneton import constants
    >>> signed_from_gilbert(constants.gamma_e, 0.1), signed_from_gilbert(constants.gamma_p, 0.1)
    (-0.1, 0.1)
    """
    return plain(np.sign(nonzero("gamma", gamma, "1/(s T)")) * non_negatives("alpha", alpha))


def gilbert_from_signed(gamma: Any, damping: Any) -> Any:
    """Return Gilbert's alpha for the lambda of `signed_from_gilbert`, which must have the sign of gamma.

    Parameters
    ----------
    gamma : float or array_like
        Gyromagnetic ratio in 1/(s T), signed.
    damping : float or array_like
        lambda, a pure number.

    Returns
    -------
    float or ndarray
        alpha = abs(lambda).

    Raises
    ------
    ValueError
        If lambda has the other sign.

    Examples
    --------
    >>> from magneton import constants
    >>> gilbert_from_signed(constants.gamma_e, -0.1)
    0.1
    """
    alpha = np.sign(nonzero("gamma", gamma, "1/(s T)")) * numbers("damping", damping)
    if (alpha < 0.0).any():
        raise ValueError(
            "damping must have the sign of gamma, or it turns the moment away from the field, "
            f"got {-np.abs(alpha).max():g} times that sign"
        )
    return plain(np.abs(alpha))


def _norm(v: np.ndarray) -> np.ndarray:
    """Return the lengths of vectors, whatever their size."""
    unit, size = _scaled(v)
    return np.sqrt((unit * unit).sum(-1)) * size


def _scaled(v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return vectors with a largest component between 1/2 and 1, and the powers of two taken out."""
    exponent = np.frexp(np.abs(v).max(-1))[1]
    return np.ldexp(v, -exponent[..., None]), np.ldexp(1.0, exponent)


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return a x b, each component to rounding even where the vectors are nearly parallel."""
    return np.stack(
        [_difference(a[..., i], b[..., j], a[..., j], b[..., i]) for i, j in ((1, 2), (2, 0), (0, 1))], -1
    )


def _difference(a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Return a b - c d with the errors of both products put back."""
    p, q = a * b, c * d
    return (p - q) + (_error(a, b, p) - _error(c, d, q))


def _error(a: np.ndarray, b: np.ndarray, product: np.ndarray) -> np.ndarray:
    """Return a b - product exactly (Dekker)."""
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    return ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def _halves(a: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    big = _SPLIT * a
    high = big - (big - a)
    return high, a - high


def _frame(across: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return unit vectors: from the axis B towards the moment, B x that, and B; `across` is m x B."""
    across, _ = _scaled(across)
    across = across / _norm(across)[..., None]
    b = b / _norm(b)[..., None]
    return np.cross(b, across), -across, b
