"""The gyrocentre of a charge, and the adiabatic invariant mu corrected to first order in rho/L."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton.orbits._gyration import minkowski, state, tensor
from magneton.orbits._vectors import C, directional, dot
from magneton.orbits.species import Species


def gyrocentre(field: Any, species: Species | str, position: Any, velocity: Any, t: Any = 0.0) -> np.ndarray:
    """Return the centre of gyration to first order in rho/L, X = x - rho with rho = b x (v - v_E)/Omega.

    Parameters
    ----------
    field : source, OrbitField, or a list of these
        The field.
    species : Species or str
        The particle, or the name of a ready one.
    position : array_like, shape (..., 3), metre
        Of the particle.
    velocity : array_like, shape (..., 3), m/s
        Of the particle.
    t : array_like, shape (...), second
        When.

    Returns
    -------
    ndarray, shape (..., 3), metre
        The centre at the same time t; exact in uniform fields, E x B included; nan where B is zero or E_perp >= c B.

    References
    ----------
    .. [Littlejohn1983] R. G. Littlejohn, J. Plasma Phys. 29, 111 (1983).
    """
    _, x, parts, _ = state(field, species, position, velocity, t, derivatives=False)
    # The centre that belongs to the particle's event is earlier by rho_t/c; bring it to the same time.
    V, rho = parts.V, parts.rho
    return x - rho[..., :3] + (rho[..., 3] / V[..., 3])[..., None] * V[..., :3]


def mu_particle(field: Any, species: Species | str, position: Any, velocity: Any, t: Any = 0.0) -> np.ndarray:
    """Return the lowest-order invariant mu = m w^2/(2 B) at the particle, in the frame that drifts with E x B/B^2.

    Without electric field it is p_perp^2/(2 m B). Arguments and result as for `mu_gyrocentre`; it swings with the
    gyration by a fraction of about rho/L.
    """
    particle, _, parts, _ = state(field, species, position, velocity, t, derivatives=False)
    return 0.5 * particle.mass * parts.w2 / np.sqrt(parts.beta2)


def mu_gyrocentre(
    field: Any, species: Species | str, position: Any, velocity: Any, t: Any = 0.0
) -> np.ndarray:
    """Return the adiabatic invariant mu to first order in rho/L, from the fields at the particle.

    Parameters
    ----------
    field : source, OrbitField, or a list of these
        The field.
    species : Species or str
        The particle, or the name of a ready one.
    position : array_like, shape (..., 3), metre
        Of the particle (not of the gyrocentre).
    velocity : array_like, shape (..., 3), m/s
        Of the particle.
    t : array_like, shape (...), second
        When.

    Returns
    -------
    ndarray, shape (...), J/T
        Conserved up to swings of order (rho/L)^2, where `mu` swings by rho/L; nan where B is zero or E_perp >= c B. Far
        from adiabatic (`adiabaticity`) it means nothing.

    Notes
    -----
    Without electric field, with p = m u and u the proper velocity, w its part across B, rho = b x w/Omega,
    kappa = (b.grad)b and w_d = (u_par^2/Omega) b x kappa the curvature drift,

        mu = (m/2B) [(w - w_d)^2 + w^2 rho.grad ln B + (3/2) u_par w.(rho.grad)b - (1/2) u_par rho.(w.grad)b].

    To first order, where (w - w_d)^2 = w^2 + 2 u_par^2 rho.kappa, that is the classical
    mu_0 + rho.(mu grad ln B + (m u_par^2/B) kappa) - (mu u_par/Omega)(a1:grad b + b.curl b) [Littlejohn1983]_, without
    its unit vectors, which have no meaning where w = 0. The square makes it hold, and not negative, also for particles
    that move nearly along B. With electric field and time, u_par (X.grad)b becomes the change of V along the
    four-vector X: with G(X) = (X.d F) V, and k = m/(q beta^2),

        mu = (m/2 beta) [(w - w_d)^2 + w^2 rho.d ln beta + (3/2)(q/m) rho.G(rho) + (k/2) w.G(w)],   w.w_d = k w.G(V).

    Nonrelativistically u_par b above becomes u_par b + v_E, and in w_d b.grad the rate of change along it.

    References
    ----------
    .. [Littlejohn1983] R. G. Littlejohn, J. Plasma Phys. 29, 111 (1983).
    .. [CaryBrizard2009] J. R. Cary, A. J. Brizard, Rev. Mod. Phys. 81, 693 (2009).
    """
    particle, _, parts, values = state(field, species, position, velocity, t, derivatives=True)
    w, V, rho, w2 = parts.w, parts.V, parts.rho, parts.w2
    dB = np.concatenate([values["grad_B"], values["dB_dt"][..., None] / C], axis=-1)
    dE = np.concatenate([values["grad_E"], values["dE_dt"][..., None] / C], axis=-1)
    ratio = particle.charge / particle.mass
    k = 1.0 / (ratio * parts.beta2)

    def turning(X: np.ndarray) -> np.ndarray:
        return tensor(directional(dE, X), directional(dB, X), V)

    centre = turning(V)
    drift = tensor(parts.E, values["B"], centre)  # of size beta w_d/k
    relative = w2 - 2.0 * k * minkowski(w, centre) + k**2 / parts.beta2 * minkowski(drift, drift)
    along = dot(values["B"], directional(dB, rho)) - dot(parts.E, directional(dE, rho)) / C**2
    twist = 1.5 * ratio * minkowski(rho, turning(rho)) + 0.5 * k * minkowski(w, turning(w))
    return 0.5 * particle.mass / np.sqrt(parts.beta2) * (relative + w2 * along / parts.beta2 + twist)
