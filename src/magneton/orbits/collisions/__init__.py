"""Pitch-angle scattering, df/dt = nu d/dxi[(1 - xi^2) df/dxi], and how it breaks the first adiabatic invariant.

xi = v_par/v is the cosine of the pitch angle and f a density over xi. With nu in front as written, <P_l(xi)> decays at
nu l(l+1); papers that write nu/2 there have half of that for the same nu. One speed at a time: the operator does not
change it, and nu(v) is the caller's (`coulomb_deflection_rate` for a Lorentz gas).

Three solvers that agree: `LegendreScattering` (exact, no loss cone), `FiniteVolumeScattering` (cells, loss cones,
sources) and the ensemble, `scatter` and its kin (exact in law, for use along orbits).
"""

from magneton.orbits.collisions.coulomb import coulomb_deflection_rate
from magneton.orbits.collisions.finite_volume import FiniteVolumeScattering
from magneton.orbits.collisions.legendre import LegendreScattering
from magneton.orbits.collisions.loss_cone import (
    loss_cone_decay_rate,
    mean_escape_time,
    strong_diffusion_time,
)
from magneton.orbits.collisions.moments import mu_relaxation
from magneton.orbits.collisions.monte_carlo import first_passage_times, scatter, scatter_pitch_cosine

__all__ = [
    "FiniteVolumeScattering",
    "LegendreScattering",
    "coulomb_deflection_rate",
    "first_passage_times",
    "loss_cone_decay_rate",
    "mean_escape_time",
    "mu_relaxation",
    "scatter",
    "scatter_pitch_cosine",
    "strong_diffusion_time",
]
