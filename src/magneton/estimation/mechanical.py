"""Moments from what a field does to them: torques, forces, and oscillations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import ellipkm1

from magneton import _check
from magneton.estimation._finish import linear_estimate
from magneton.estimation._input import standard_deviations
from magneton.estimation.estimate import MomentEstimate

_XYZ = ("moment_x", "moment_y", "moment_z")
_UNIT = ("A m^2",) * 3
#: Fields whose directions differ by less, in radian, count as parallel.
_PARALLEL = 1e-6
#: With so many degrees of freedom a variance is as good as known.
_AS_KNOWN = 10**9


def from_torque(B: Any, torque: Any, noise: Any = None) -> MomentEstimate:
    """Return a moment from the torques on it in known fields, tau = m x B.

    Parameters
    ----------
    B : array_like, shape (n, 3), tesla
        Uniform fields, two or more that are not parallel: none shows the part of the moment along itself.
    torque : array_like, shape (n, 3), N m
        The torque in each.
    noise : float or array_like, shape (n,) or (n, 3), N m, optional
        Standard deviations of the torque's components; estimated if not given.

    Returns
    -------
    MomentEstimate
        ``moment``, shape (3,), and its covariance.

    Raises
    ------
    ValueError
        If all fields are parallel.

    Examples
    --------
    >>> from magneton.estimation import from_torque
    >>> B = [[0.1, 0, 0], [0, 0.1, 0]]
    >>> torque = [[0, 0.3, -0.2], [-0.3, 0, 0.1]]
    >>> from_torque(B, torque, noise=1e-3).moment.round(9)
    array([1., 2., 3.])
    """
    fields, measured = _check.vectors("B", B, "T"), _check.vectors("torque", torque, "N m")
    _check.same_length("B", fields, "torque", measured)
    if not np.linalg.norm(fields, axis=1).all():
        raise ValueError("B must not be zero: such a field has no torque")
    directions = fields / np.linalg.norm(fields, axis=1)[:, None]
    if np.linalg.svd(directions, compute_uv=False)[1:2].sum() <= _PARALLEL:
        raise ValueError(
            "B must hold two or more fields that are not parallel, got parallel ones: "
            "the part of the moment along them has no torque"
        )
    sigma = standard_deviations(noise, measured.shape).reshape(-1)
    # m x B = -[B]x m, row by row.
    design = -np.cross(fields[:, None, :], np.eye(3)[None]).swapaxes(1, 2).reshape(-1, 3)
    return linear_estimate("from_torque", _XYZ, _UNIT, design, measured.reshape(-1), sigma)


def from_force(
    source: Any, points: Any, force: Any, noise: Any = None, *, axis: Any = None
) -> MomentEstimate:
    """Return a moment from the forces on it near a known source (Faraday's balance), F = grad (m.B).

    Parameters
    ----------
    source : any source with ``grad_B``
        The coil or magnet.
    points : array_like, shape (n, 3) or (3,), metre
        Where the moment was held, always in the same orientation.
    force : array_like, shape (n, 3), or (n,) with `axis`, newton
        On the moment.
    noise : float or array_like, of the shape of `force`, newton, optional
        Standard deviations; estimated if not given.
    axis : array_like, shape (3,), optional
        Of a balance that weighs one component.

    Returns
    -------
    MomentEstimate
        ``moment``, shape (3,), and its covariance; a direction that no force shows has an infinite variance.
    """
    if not hasattr(source, "grad_B"):
        raise ValueError(f"source must be a source of a field with grad_B, got {_check.shown(source)}")
    where = _check.numbers("points", points, "m")
    where = _check.vectors("points", where[None] if where.shape == (3,) else where, "m")
    slopes = source.grad_B(where).swapaxes(1, 2)  # F_j = dB_i/dx_j m_i
    if not np.isfinite(slopes).all():
        raise ValueError(
            "points must be where the source's gradient is finite: is one of them on the source?"
        )
    measured = _check.numbers("force", force, "N")
    if axis is not None:
        along = _check.vector("axis", axis)
        if not along.any():
            raise ValueError("axis must not be zero")
        slopes = np.einsum("j,nji->ni", along / np.linalg.norm(along), slopes)[:, None, :]
        measured = np.atleast_1d(measured)[..., None]
    measured = measured[None] if measured.ndim == 1 else measured
    if measured.shape != slopes.shape[:2]:
        shape = slopes.shape[:2] if axis is None else slopes.shape[:1]
        raise ValueError(f"force must have shape {shape}, as the points, got shape {np.shape(force)}")
    if axis is not None:
        sigma = standard_deviations(noise, measured.shape[:1])
    else:
        sigma = standard_deviations(noise, measured.shape).reshape(-1)
    return linear_estimate("from_force", _XYZ, _UNIT, slopes.reshape(-1, 3), measured.reshape(-1), sigma)


def from_oscillation(
    period: Any,
    inertia: float,
    B: Any,
    noise: Any = None,
    *,
    amplitude: Any = 0.0,
    inertia_std: float = 0.0,
    B_std: float = 0.0,
) -> MomentEstimate:
    """Return the moment of a needle from the periods of its oscillation about a field.

    T = 4 sqrt(I/(m B)) K(sin(theta_0/2)): a pendulum's period with its complete elliptic integral, 2 pi sqrt(I/(m B))
    for small amplitudes.

    Parameters
    ----------
    period : float or array_like, shape (n,), second
        Of whole oscillations, measured once or several times.
    inertia : float, kg m^2
        About the axis of suspension.
    B : float or array_like, shape (n,), tesla
        The field across the axis.
    noise : float or array_like, shape (n,), second, optional
        Standard deviations of the periods; estimated from their scatter if not given.
    amplitude : float or array_like, shape (n,), radian
        Largest angle from the field.
    inertia_std, B_std : float
        Standard deviations of inertia (kg m^2) and field (T), which all periods share. They count as known: where
        the noise is estimated, only its part of the variance has the degrees of freedom of the scatter, and `dof` is
        the effective number of the whole, nu (a + s)^2/a^2, with a of the scatter, nu its degrees of freedom, and s
        shared (Welch and Satterthwaite). Likelihood regions and bootstraps know nothing of the shared part.

    Returns
    -------
    MomentEstimate
        ``moment``, a number: the component across the axis.

    Examples
    --------
    >>> from magneton.estimation import from_oscillation
    >>> float(round(from_oscillation(2.0, 1e-6, 20e-6, noise=0.01).moment, 6))
    0.49348
    """
    measured = np.atleast_1d(_check.positives("period", period, "s"))
    if measured.ndim != 1 or not measured.size:
        raise ValueError(f"period must be a number or have shape (n,), got shape {measured.shape}")
    inertia = _check.positive("inertia", inertia, "kg m^2")
    field = _for_each("B", _check.positives("B", B, "T"), measured.shape)
    angle = _for_each("amplitude", _check.non_negatives("amplitude", amplitude, "rad"), measured.shape)
    if angle.max() >= np.pi:
        raise ValueError(f"amplitude must be below pi, got {angle.max():g} rad")
    sigma = standard_deviations(noise, measured.shape)
    # T^-2 is linear in m; the relative error of T^-2 is twice that of T.
    design = field / (16.0 * inertia * ellipkm1(np.cos(angle / 2.0) ** 2) ** 2)
    values = measured**-2.0
    estimate = linear_estimate(
        "from_oscillation", ("moment",), ("A m^2",), design[:, None], values, 2.0 * sigma * values / measured
    )
    shared = (_part("inertia_std", inertia_std, inertia)) ** 2 + (
        _part("B_std", B_std, float(field.mean()))
    ) ** 2
    known = shared * estimate.moment**2
    dof = (
        estimate.dof
        if estimate.noise_known
        else _effective(float(estimate.covariance[0, 0]), estimate.dof, known)
    )
    return replace(estimate, covariance=estimate.covariance + known, dof=dof)


def _effective(scatter: float, dof: int, known: float) -> int:
    """Return the degrees of freedom of a sum of variances, one estimated with `dof` and one known."""
    if not known or dof <= 0:
        return dof
    part = scatter / (scatter + known)
    return int(min(dof / max(part * part, 1e-300), _AS_KNOWN))


def _for_each(name: str, array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Return a number for each period."""
    if array.shape not in ((), shape):
        raise ValueError(f"{name} must be a number or have shape {shape}, as period, got shape {array.shape}")
    return np.broadcast_to(array, shape)


def _part(name: str, std: Any, value: float) -> float:
    """Return a standard deviation as part of a value."""
    own = _check.number(name, std)
    if own < 0.0:
        raise ValueError(f"{name} must not be negative, got {own:g}")
    return own / value
