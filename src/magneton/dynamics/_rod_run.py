"""What a rod that turns about its axis did, and how well its angular momentum was kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from magneton.runs import Certificate
from magneton.runs.certificate import relative_drift, session


@dataclass(frozen=True, eq=False, repr=False)
class RodRun:
    """What a rod did about its axis.

    Attributes
    ----------
    time : ndarray, shape (k,), second
        Of the samples.
    moment : ndarray, shape (k,), A m^2
        Along the axis.
    angle, angular_velocity : ndarray, shape (k,), rad and rad/s
        Of the rod.
    spin, lattice : ndarray, shape (k,), kg m^2/s
        The angular momenta along the axis, m/gamma and I Omega.
    from_support : ndarray, shape (k,), kg m^2/s
        Angular momentum that has come from the fibre and the friction.
    heat : ndarray, shape (k,), joule
        Made by the relaxation of the moment, or by the friction.
    certificate : magneton.runs.Certificate
        How well spin + lattice - from_support was kept.
    """

    time: np.ndarray
    moment: np.ndarray
    angle: np.ndarray
    angular_velocity: np.ndarray
    spin: np.ndarray
    lattice: np.ndarray
    from_support: np.ndarray
    heat: np.ndarray
    certificate: Certificate


def rod_certificate(
    spin: np.ndarray, lattice: np.ndarray, from_support: np.ndarray, steps: int
) -> Certificate:
    """Return how well the angular momentum of a rod was kept."""
    total = (spin + lattice) - from_support
    scale = float(np.max(np.abs(spin)) + np.max(np.abs(lattice)))
    drift = relative_drift(total[:1], total[None], scale, "kg m^2/s")
    return Certificate(drift={"angular momentum": drift}, steps={"steps": steps}, **session())
