"""Initial states of orbits as people state them: energy, pitch angle, gyrophase; L-shell and latitude."""

from __future__ import annotations

from typing import Any

import numpy as np

from magneton import _check, constants
from magneton.orbits._gyrocentre import gyrocentre
from magneton.orbits._vectors import C, fit, norm, unit, velocities
from magneton.orbits.fields.base import OrbitField, as_field
from magneton.orbits.gyration import perpendicular_basis
from magneton.orbits.kinematics import speed as speed_of
from magneton.orbits.species import Species, as_species
from magneton.sources.planets import EARTH_RADIUS

_ROUNDS = 200
#: The gamma at which the rounding of a velocity moves its energy by 5 %; at 1e8 it rounds to that of light.
_LARGEST_GAMMA = 1e7
#: The joules of an electronvolt.
_EV = float(constants.e)
#: The distance in radii beyond which L was meant in metres, and the smallest radius (m) of a planet, not a unit.
_FARTHEST, _SMALLEST_BODY = 1e4, 1e5


def _numbers(name: str, value: Any, unit: str) -> np.ndarray:
    return _check.real_array(name, value, unit, "a number or an array of numbers")


def dipole_position(
    L: Any, latitude: Any = 0.0, longitude: Any = 0.0, *, radius: float = EARTH_RADIUS, dipole: Any = None
) -> np.ndarray:
    """Return where the field line of a dipole with shell parameter L has a magnetic latitude: r = L R cos^2(latitude).

    Parameters
    ----------
    L : array_like, shape (...)
        Where the line crosses the magnetic equator, in units of `radius`; positive. So that metres are not taken for
        radii, positions more than 10 000 radii of a planet (100 km or more) away are refused.
    latitude, longitude : array_like, shape (...), radian
        Magnetic: about the dipole's axis. The poles themselves (the centre of the dipole) are no positions.
    radius : float, metre
        What L is counted in; the Earth's mean radius 6371.2 km unless given.
    dipole : source, optional
        A source with `moment` and `position`, a `Dipole` or ``earth(date)``: its centre, and its axis against the
        moment (the Earth's moment points south); longitude is counted from the first vector of `perpendicular_basis`
        of the axis. Without it the origin, z and x.

    Returns
    -------
    ndarray, shape (..., 3), metre
        The position.
    """
    shell, north = _numbers("L", L, "1"), _numbers("latitude", latitude, "rad")
    east = _numbers("longitude", longitude, "rad")
    fit(L=shell.shape, latitude=north.shape, longitude=east.shape)
    if (shell <= 0.0).any():
        raise ValueError(f"L must be positive, got {shell.min():g}")
    if (np.abs(north) >= np.pi / 2).any():
        raise ValueError(
            f"latitude must lie between -pi/2 and pi/2, got {north.flat[np.argmax(np.abs(north))]:g}"
        )
    centre, axis = np.zeros(3), np.array([0.0, 0.0, 1.0])
    if dipole is not None:
        centre, axis = _centre_and_axis(dipole)
    e1, e2 = perpendicular_basis(axis)
    unit_length, distance = _check.positive("radius", radius, "m"), shell * np.cos(north) ** 2
    if unit_length >= _SMALLEST_BODY and (distance > _FARTHEST).any():
        raise ValueError(
            f"L is counted in radii of the planet ({unit_length:g} m), and the distance L cos^2(latitude) must "
            f"not exceed {_FARTHEST:g}, got L = {shell.max():g}"
        )
    r = unit_length * distance
    across, along = (r * np.cos(north))[..., None], (r * np.sin(north))[..., None]
    return centre + across * (np.cos(east)[..., None] * e1 + np.sin(east)[..., None] * e2) + along * axis


def _centre_and_axis(dipole: Any) -> tuple[np.ndarray, np.ndarray]:
    if not (hasattr(dipole, "moment") and hasattr(dipole, "position")):
        raise ValueError(f"dipole must be a source with a moment and a position, got {_check.shown(dipole)}")
    moment = _check.vector("dipole.moment", dipole.moment, "A m^2")
    if not moment.any():
        raise ValueError("dipole must have a moment, got one of zero")
    return _check.vector("dipole.position", dipole.position, "m"), -unit(moment)


def velocity_from_angles(speed: Any, pitch_angle: Any, gyrophase: Any, B: Any) -> np.ndarray:
    """Return v [b cos(pitch) + sin(pitch) (e1 cos(phase) + e2 sin(phase))], with e1, e2 of `perpendicular_basis`.

    Parameters
    ----------
    speed : array_like, shape (...), m/s
        Below that of light.
    pitch_angle, gyrophase : array_like, shape (...), radian
        Pitch angles from 0 to pi.
    B : array_like, shape (..., 3), tesla
        The flux density, for its direction; nan where it is zero.

    Returns
    -------
    ndarray, shape (..., 3), m/s
        The velocity.
    """
    v, pitch, phase = _angles(speed, pitch_angle, gyrophase)
    field = _check.points("B", B, "T")
    fit(speed=v.shape, pitch_angle=pitch.shape, gyrophase=phase.shape, B=field.shape[:-1])
    return _velocity(v, pitch, phase, field)


def _angles(speed: Any, pitch_angle: Any, gyrophase: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    v, pitch = _numbers("speed", speed, "m/s"), _numbers("pitch_angle", pitch_angle, "rad")
    if (v < 0.0).any() or (v >= C).any():
        raise ValueError(f"speed must lie from 0 to below that of light, got {_check.shown(speed)}")
    if (pitch < 0.0).any() or (pitch > np.pi).any():
        raise ValueError(f"pitch_angle must lie between 0 and pi, got {_check.shown(pitch_angle)}")
    return v, pitch, _numbers("gyrophase", gyrophase, "rad")


def _velocity(v: np.ndarray, pitch: np.ndarray, phase: np.ndarray, field: np.ndarray) -> np.ndarray:
    e1, e2 = perpendicular_basis(field)
    across = np.cos(phase)[..., None] * e1 + np.sin(phase)[..., None] * e2
    return v[..., None] * (np.cos(pitch)[..., None] * unit(field) + np.sin(pitch)[..., None] * across)


def initial_state(
    field: Any,
    species: Species | str,
    position: Any,
    *,
    kinetic_energy: Any = None,
    speed: Any = None,
    velocity: Any = None,
    pitch_angle: Any = None,
    gyrophase: Any = 0.0,
    at: str = "particle",
    t: Any = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Return position and velocity of particles given as people state them.

    Parameters
    ----------
    field : source, OrbitField, or a list of these
        The field.
    species : Species or str
        The particle, or the name of a ready one.
    position : array_like, shape (..., 3), metre
        Of the particle, or of its gyrocentre if `at` says so; of L-shell and latitude `dipole_position` makes one.
    kinetic_energy : array_like, shape (...), joule
        One of kinetic energy, `speed` and `velocity` is required. Below 1e7 m c^2: a velocity holds its energy with a
        relative error of gamma^2 * 1e-16, and at a gamma of 1e8 rounds to that of light.
    speed : array_like, shape (...), m/s
        Below that of light.
    velocity : array_like, shape (..., 3), m/s
        Without pitch angle and gyrophase.
    pitch_angle : array_like, shape (...), radian
        Between velocity and B at the particle, 0 to pi; required with kinetic energy or speed.
    gyrophase : array_like, shape (...), radian
        As `magneton.orbits.gyrophase` tells it.
    at : {"particle", "gyrocentre"}
        Whose position is given. Particles are put where their `gyrocentre` is the position, to rounding.
    t : array_like, shape (...), second
        When.

    Returns
    -------
    position, velocity : ndarray, shape (..., 3), m and m/s
        Of the particle.

    Raises
    ------
    ValueError
        Also where B at the particle is zero or not defined, and where rho/L is so large that no particle has the
        gyrocentre.

    Examples
    --------
    >>> import magneton, numpy as np
    >>> from magneton import orbits
    >>> earth = magneton.Dipole([0.0, 0.0, -8e22])
    >>> x, v = orbits.initial_state(
    ...     earth,
    ...     orbits.proton,
    ...     orbits.dipole_position(4.0),
    ...     kinetic_energy=magneton.units.convert(1.0, "MeV", "J"),
    ...     pitch_angle=np.pi / 4,
    ... )
    >>> round(float(np.linalg.norm(v)))
    13830070
    """
    field, particle = as_field(field), as_species(species)
    if at not in ("particle", "gyrocentre"):
        raise ValueError(f"at must be 'particle' or 'gyrocentre', got {_check.shown(at)}")
    place = _check.real_array(
        "position", _check.points("position", position), "m", "an array of shape (..., 3)"
    )
    time = _numbers("t", t, "s")
    ways = {"kinetic_energy": kinetic_energy, "speed": speed, "velocity": velocity}
    stated = [name for name, value in ways.items() if value is not None]
    if len(stated) != 1:
        raise ValueError(
            f"one of kinetic_energy, speed and velocity is required, got {' and '.join(stated) or 'none'}"
        )
    motion: tuple[np.ndarray, ...]
    if velocity is not None:
        motion = (_as_given(velocity, pitch_angle),)
        shapes = {"velocity": motion[0].shape[:-1]}
    else:
        if pitch_angle is None:
            raise ValueError(f"pitch_angle is required with {stated[0]}, got None")
        v = _speed_of_energy(particle, kinetic_energy) if speed is None else speed
        motion = _angles(v, pitch_angle, gyrophase)
        shapes = {stated[0]: motion[0].shape, "pitch_angle": motion[1].shape, "gyrophase": motion[2].shape}
    shape = fit(position=place.shape[:-1], t=time.shape, **shapes)
    place, time = np.broadcast_to(place, (*shape, 3)).copy(), np.broadcast_to(time, shape)
    if at == "gyrocentre":
        return _about(field, particle, place, motion, time)
    return place, _moving(field, place, motion, time)


def _speed_of_energy(particle: Species, kinetic_energy: Any) -> np.ndarray:
    energy, limit = _numbers("kinetic_energy", kinetic_energy, "J"), _LARGEST_GAMMA * particle.rest_energy
    highest = np.max(energy, initial=0.0)
    if highest >= limit:
        raise ValueError(
            f"kinetic_energy must be below {limit:.3g} J = {limit / _EV:.2g} eV (1e7 m c^2; velocities "
            f"round to that of light at a gamma of 1e8), got {highest:g} J = {highest / _EV:.2g} eV: "
            f"did you mean eV? 1 MeV = {1e6 * _EV:.4g} J"
        )
    return speed_of(particle, energy)


def _as_given(velocity: Any, pitch_angle: Any) -> np.ndarray:
    if pitch_angle is not None:
        raise ValueError("pitch_angle must not be given with velocity, which has one already")
    v = velocities("velocity", velocity)
    return _check.real_array("velocity", v, "m/s", "an array of shape (..., 3)")


def _moving(field: OrbitField, x: np.ndarray, motion: tuple[np.ndarray, ...], time: np.ndarray) -> np.ndarray:
    """Return velocities at x; `motion` is a velocity alone, or speed, pitch angle and gyrophase."""
    if len(motion) == 1:
        return np.broadcast_to(motion[0], x.shape).copy()
    speed, pitch_angle, gyrophase = motion
    v = _velocity(speed, pitch_angle, gyrophase, field.B(x, time))
    if np.isnan(v).any():
        where = x[np.isnan(v).any(axis=-1)][0]
        raise ValueError(f"position must be where B is defined and not zero, got {where.tolist()}")
    return v


def _about(
    field: OrbitField, particle: Species, centre: np.ndarray, motion: tuple[np.ndarray, ...], time: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return particles with a gyrocentre, by fixed-point iteration, which contracts by about rho/L a round."""
    x, first = centre.copy(), None
    for _ in range(_ROUNDS):
        v = _moving(field, x, motion, time)
        error = centre - gyrocentre(field, particle, x, v, time)
        size = norm(error)
        first = size if first is None else first
        done = size <= 8.0 * np.finfo(float).eps * (norm(centre) + first)
        if done.all():
            return x, v
        if not (done | (size <= first)).all():
            break
        x = x + error
    raise ValueError(
        "position must be a gyrocentre that a particle of this energy can have; rho/L is too large in the field there, "
        f"got {_check.shown(centre)}"
    )
