"""What a rod that turns about its axis did, and how well its angular momentum was kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from magneton.runs import Certificate, Drift, relative_drift


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

    def __repr__(self) -> str:
        return f"<RodRun: {len(self.time)} samples to {self.time[-1]:g} s>"


def rod_drift(spin: np.ndarray, lattice: np.ndarray, from_support: np.ndarray) -> dict[str, Drift]:
    """Return how well the angular momentum of a rod was kept."""
    total = (spin + lattice) - from_support
    scale = float(np.max(np.abs(spin)) + np.max(np.abs(lattice)))
    return {"angular momentum": relative_drift(total[:1], total[None], scale, "kg m^2/s")}
