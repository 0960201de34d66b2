"""Between a particle and its guiding centre, to first order in rho/L; and the rates of guiding centres in arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check
from magneton.kernels.guiding_centre import guiding_rates
from magneton.orbits._gyration import state
from magneton.orbits._gyrocentre import gyrocentre, mu_gyrocentre, mu_particle
from magneton.orbits._vectors import C, directional, dot, norm, unit
from magneton.orbits.fields.base import OrbitField
from magneton.orbits.gyration import perpendicular_basis
from magneton.orbits.species import Species

_ROUNDS = 100
_EPS = float(np.finfo(float).eps)


def guiding_state(
    field: OrbitField, species: Species, position: Any, velocity: Any, t: Any, at: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return R (..., 3), u = p_par/m (...) and mu (...) of guiding centres.

    With `at` = "gyrocentre", `position` is R, and velocities are taken apart by the fields there: the part along B, and
    the rest less E x B/B^2. With "particle", R, u and mu are those of the particle to first order in rho/L, with the
    particle's p_par/m and w its motion across B in the frame of E x B::

        u = p_par/m - (p_par/m) rho.kappa - (3/4) w.(rho.grad)b + (1/4) rho.(w.grad)b.

    Of the second order as much is added, at the same pitch angle, as makes the energy the same.
    """
    if at not in ("gyrocentre", "particle"):
        raise ValueError(f"at must be 'gyrocentre' or 'particle', got {_check.shown(at)}")
    corrected = at == "particle"
    _, x, parts, values = state(field, species, position, velocity, t, derivatives=corrected)
    b = unit(values["B"])
    u = dot(parts.V[..., :3], b)
    if not corrected:
        return x.copy(), u, mu_particle(field, species, position, velocity, t)
    with np.errstate(invalid="ignore", divide="ignore"):
        strength = norm(values["B"])[..., None, None]
        gradient = values["grad_B"]
        grad_b = (
            gradient - b[..., :, None] * np.einsum("...i,...ij->...j", b, gradient)[..., None, :]
        ) / strength
        w = parts.w[..., :3]
        w = w - dot(w, b)[..., None] * b
        rho = parts.rho[..., :3]
        turn = 0.75 * dot(w, directional(grad_b, rho)) - 0.25 * dot(rho, directional(grad_b, w))
        u = u - u * dot(rho, directional(grad_b, b)) - turn
    R = gyrocentre(field, species, x, velocity, t)
    mu = mu_gyrocentre(field, species, x, velocity, t)
    scale = _same_energy(field, species, x, np.asarray(velocity), R, u, mu, t)
    return R, scale * u, scale**2 * mu


def _same_energy(
    field: OrbitField, species: Species, x: np.ndarray, velocity: Any, R: np.ndarray, u: Any, mu: Any, t: Any
) -> np.ndarray:
    """Return by what to multiply the momenta of guiding centres at R for the energies of particles at x.

    Kinetic energies differ by that of the drift E x B, which guiding centres are not given, and by the work of E on the
    way from R to x. Where the drift is faster than all else, nothing is changed.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        B, E = field.B(R, t), field.E(R, t)
        strength2 = dot(B, B)
        drift2 = np.maximum(dot(E, E) - dot(E, B) ** 2 / strength2, 0.0) / strength2
        middle = E + 4.0 * field.E(0.5 * (R + x), t) + field.E(x, t)
        work = species.charge / species.mass * dot(x - R, middle) / 6.0
        v2 = dot(velocity, velocity)
        gamma = 1.0 / np.sqrt(1.0 - v2 / C**2)
        kinetic = gamma**2 * v2 / (gamma + 1.0) - work - 0.5 * gamma * drift2
        proper2 = kinetic * (2.0 + kinetic / C**2)
        own2 = u * u + 2.0 * mu * np.sqrt(strength2) / species.mass
        return np.where((proper2 > 0.0) & (own2 > drift2), np.sqrt(proper2 / own2), 1.0)


def moving(
    field: OrbitField, species: Species, x: np.ndarray, u: Any, mu: Any, phase: Any, t: Any
) -> np.ndarray:
    """Return the velocities of particles at x by the lowest order; nan where B is zero or E_perp >= c B.

    In the frame that drifts with E x B/B^2 the field is sqrt(B^2 - E_perp^2/c^2), along b too, and E across it is zero:
    there they gyrate, and from there their proper velocities are boosted.
    """
    B, E = field.B(x, t), field.E(x, t)
    b, strength = unit(B), norm(B)
    e1, e2 = perpendicular_basis(B)
    with np.errstate(invalid="ignore", divide="ignore"):
        drift = np.cross(E, B) / strength[..., None] ** 2
        frame = 1.0 / np.sqrt(1.0 - dot(drift, drift) / C**2)
        w = np.sqrt(2.0 * mu * strength / frame / species.mass)[..., None]
        proper = np.asarray(u)[..., None] * b + w * (
            np.cos(phase)[..., None] * e1 + np.sin(phase)[..., None] * e2
        )
        gamma = np.sqrt(1.0 + dot(proper, proper) / C**2)
        along = dot(proper, drift)
        # (frame - 1) n n.u with the unit vector n of the drift, which may be zero
        stretch = frame**2 / (frame + 1.0) * along / C**2
        boosted = proper + (stretch + frame * gamma)[..., None] * drift
        return boosted / (frame * (gamma + along / C**2))[..., None]


def particle_state(
    field: OrbitField, species: Species, position: Any, u: Any, mu: Any, phase: Any, t: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Return position and velocity of particles that have a guiding centre: the inverse of `guiding_state`.

    `phase` is the gyrophase of the motion about the drifting centre. A fixed-point iteration, which contracts by
    about rho/L a round, and ends where that is too large with a ValueError.

    Particles that fly along bent field lines have, by second order, a mu of their own: none has less at every phase. A
    guiding centre of less than twice that gets a particle without gyration, of the same energy.
    """
    R, phase = np.asarray(position, dtype=float), np.asarray(phase, dtype=float)
    u, mu = np.asarray(u, dtype=float), np.asarray(mu, dtype=float)
    along = moving(field, species, R, u, np.zeros_like(mu), phase, t)
    least = guiding_state(field, species, R, along, t, "particle")[2]
    # Without gyration only where it must be.
    for part in (2.0, 9.0):
        found = _sought(field, species, R, u, mu, phase, t, mu <= part * least, mu <= 9.0 * least)
        if found is not None:
            return found
    raise ValueError(
        "position must be a guiding centre that a particle can have; rho/L is too large at "
        f"{np.reshape(R, (-1, 3))[0].tolist()}"
    )


def _sought(
    field: OrbitField,
    species: Species,
    R: np.ndarray,
    u: np.ndarray,
    mu: np.ndarray,
    phase: np.ndarray,
    t: Any,
    still: np.ndarray,
    slow: np.ndarray,
) -> tuple[np.ndarray, np.ndarray] | None:
    """Return position and velocity of particles, those `still` without gyration; None if they are not found."""
    strength = norm(field.B(R, t))
    x, own_u, own_mu = R.copy(), u, np.where(still, 0.0, mu)
    size = np.sqrt(u**2 + 2.0 * mu * strength / species.mass)
    # Of a particle that flies along the field mu is rounding: it is judged by what it could be.
    whole = 0.5 * species.mass * size**2 / strength
    for _ in range(_ROUNDS):
        v = moving(field, species, x, own_u, own_mu, phase, t)
        centre, its_u, its_mu = guiding_state(field, species, x, v, t, "particle")
        gained = np.where(still, 2.0 * (mu - its_mu) * strength / species.mass, 0.0)
        wanted = np.copysign(np.sqrt(np.maximum(u**2 + gained, 0.0)), u)
        wrong = R - centre, np.where(still, wanted, u) - its_u, np.where(still, 0.0, mu - its_mu)
        reach = norm(x - R) + norm(R)
        if (
            np.all(norm(wrong[0]) <= 16.0 * _EPS * reach)
            and np.all(np.abs(wrong[1]) <= 64.0 * _EPS * size)
            and np.all(np.abs(wrong[2]) <= 64.0 * _EPS * whole)
        ):
            return x, v
        # Where mu is hardly more than the least, whole corrections of it would overshoot.
        turn = np.where(slow, 0.5, 1.0) * wrong[2]
        x, own_u, own_mu = x + wrong[0], own_u + wrong[1], np.maximum(own_mu + turn, 0.0)
    return None


def rates(
    field: OrbitField, species: Species, position: np.ndarray, u: np.ndarray, mu: Any, t: Any
) -> tuple[np.ndarray, np.ndarray]:
    """Return dR/dt (..., 3) in m/s and du/dt (...) in m/s^2 of guiding centres."""
    g = field.derivatives(position, t)
    shape = g["B"].shape[:-1]
    rows = [
        g["B"],
        g["grad_B"].reshape(*shape, 9),
        g["E"],
        g["dB_dt"],
        g["grad_E"].reshape(*shape, 9),
        g["dE_dt"],
    ]
    table = np.concatenate(rows, axis=-1).reshape(-1, 30)
    out = np.empty((len(table), 4))
    columns = [np.ascontiguousarray(np.broadcast_to(value, shape), dtype=float).ravel() for value in (u, mu)]
    guiding_rates(table, columns[0], species.charge, species.mass, columns[1], out)
    return out[:, :3].reshape(*shape, 3), out[:, 3].reshape(shape)


def gamma_of(species: Species, u: np.ndarray, mu: Any, strength: np.ndarray) -> np.ndarray:
    """Return gamma, gamma^2 = 1 + u^2/c^2 + 2 mu B/(m c^2)."""
    return np.sqrt(1.0 + (u * u + 2.0 * mu * strength / species.mass) / C**2)


def energy_of(species: Species, u: np.ndarray, mu: Any, strength: np.ndarray) -> np.ndarray:
    """Return the kinetic energies (gamma - 1) m c^2 without the difference."""
    square = u * u + 2.0 * mu * strength / species.mass
    return species.mass * square / (1.0 + np.sqrt(1.0 + square / C**2))
