"""Moments at rest: the directions of least energy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.dynamics._descent import FLAT, Descent
from magneton.dynamics._landscape import Landscape
from magneton.dynamics.spin_system import SpinSystem

STEPS = 2000


@dataclass(frozen=True, eq=False)
class Equilibrium:
    """Moments at rest in their fields.

    Attributes
    ----------
    moments : ndarray, shape (n, 3), A m^2
        Where they rest.
    energy : float, joule
        The energy there.
    residual : float
        The largest |m x B|/(|m| |B|). At a moment whose field vanishes, as at one in an easy plane, B is replaced by a
        thousandth of what the field is in other directions.
    converged : bool
        Whether the residual is as small as it was to be, in a well.
    steps : int
        Steps made.
    curvature : float, joule
        The smallest eigenvalue of the energy's second derivative by angles, on the moments' spheres.
    mode : ndarray, shape (n, 3)
        Its eigenvector: how the moments turn in their softest motion, normalized to 1 over all.
    stable : bool
        Whether the curvature is not negative, but for rounding (1e-9 of |m| B).
    """

    moments: np.ndarray
    energy: float
    residual: float
    converged: bool
    steps: int
    curvature: float
    mode: np.ndarray
    stable: bool


def minimize_energy(
    system: SpinSystem,
    moments: Any = None,
    *,
    t: float = 0.0,
    rtol: float = 1e-10,
    max_steps: int = STEPS,
    strict: bool = True,
) -> Equilibrium:
    """Return the equilibrium downhill from where the moments are.

    Parameters
    ----------
    system : SpinSystem
        The moments and the terms of their energy; gamma and alpha do not matter.
    moments : array_like, shape (n, 3), A m^2, optional
        Where to start, of the system's magnitudes; by default where the system starts.
    t : float, second
        At which fields that change in time are taken.
    rtol : float
        The residual |m x B|/(|m| |B|) to reach at every moment. A few steps more then give what digits there are.
    max_steps : int
        Steps to make at most.
    strict : bool
        Whether to raise if the moments have not come to rest.

    Returns
    -------
    Equilibrium
        A well, with its smallest curvature.

    Raises
    ------
    RuntimeError
        If the moments have not come to rest and `strict`.

    Notes
    -----
    Newton's method on the spheres within a radius of trust [AbsilBakerGallivan2007]_, with the curvature in closed
    form; its steps are short enough not to leap over barriers, so the well is the one that the slope leads to, not the
    lowest of all. Unstable equilibria (a moment exactly against its field) are recognized by their curvature and left
    by a push of 1e-3 rad along its lowest mode, always the same way.

    Examples
    --------
    >>> from magneton.dynamics import SpinSystem, UniaxialAnisotropy, Zeeman, minimize_energy
    >>> particle = SpinSystem([1.0, 0, 0], terms=[UniaxialAnisotropy(0.5), Zeeman([0.5, 0, 0])])
    >>> rest = minimize_energy(particle)  # the field is across the axis
    >>> rest.moments.round(6), rest.stable
    (array([[0.5     , 0.      , 0.866025]]), True)
    """
    goal = _check.fraction("rtol", rtol)
    most = _check.integer("max_steps", max_steps, 1)
    start = directions(system, moments)
    descent = Descent(Landscape(system._energies, _check.number("t", t, "s"), np.zeros(3)), start, goal)
    converged = descent.run(most)
    residual = float(descent.residuals.max())
    if strict and not converged:
        raise RuntimeError(
            f"the moments have not come to rest in {most} steps: the residual is {residual:.2g}"
        )
    values, modes = descent.lowest()
    softest = int(np.argmin(values))
    if len(values) > 1:  # of moments each by itself
        modes = np.where(np.arange(len(modes))[:, None] == softest, modes, 0.0)
    return Equilibrium(
        descent.landscape.magnitude * descent.u,
        descent.landscape.energy(descent.u),
        residual,
        converged,
        descent.steps,
        float(values[softest]),
        modes,
        bool((values >= -FLAT * descent.scale).all()),
    )


def directions(system: SpinSystem, moments: Any) -> np.ndarray:
    """Return the directions of moments of a system, shape (n, 3); those at the start by default."""
    if not isinstance(system, SpinSystem):
        raise ValueError(f"system must be a SpinSystem, got {_check.shown(system)}")
    if moments is None:
        return system.moments / system.magnitude[:, None]
    m = _check.numbers("moments", moments, "A m^2")
    m = m[None] if m.shape == (3,) else m
    if m.shape != system.moments.shape:
        raise ValueError(f"moments must have shape {system.moments.shape}, got shape {m.shape}")
    length = np.linalg.norm(m, axis=1)
    if np.abs(length - system.magnitude).max() > 1e-6 * system.magnitude.max():
        raise ValueError("moments must have the system's magnitudes, got others")
    return m / length[:, None]
