"""Force, torque and energy between any two sources, to a tolerance."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.constants import mu_0
from magneton.interactions._moments import add_moments, add_poles, circuits_as_moments, needle
from magneton.interactions._quadrature import integrate_circuit
from magneton.kernels.clearance import field_clearance
from magneton.kernels.field import DIPOLE, POLE, POLE_PAIR, UNIFORM, USER, field_potential
from magneton.sources import CircularLoop, CurveLoop, Polyline, Source
from magneton.sources.body import SEGMENT, Body, Needle

#: A body this many extents away from the source's wires is integrated over surfaces, where nothing cancels.
_FAR = 30.0
_MOST_NEEDLE_PANELS = 256
#: Rounding noise of a scalar potential, relative to its size.
_NOISE_POTENTIAL = 3e-15


class NotConverged(ArithmeticError):
    """Raised when the asked tolerance was not reached."""


@dataclass(frozen=True)
class Interaction:
    """What one source does to another, at fixed currents and moments.

    Attributes
    ----------
    force : ndarray, shape (3,), newton
        On the target.
    torque : ndarray, shape (3,), N m
        On the target, about the pivot.
    energy : float, joule
        -m.B for moments, the Neumann energy -I1 I2 M for circuits; nan where there is none.
    error : float
        A bound on the largest relative error of the three, each relative to the integral of the absolute integrand
        (`scales`), so that what vanishes by symmetry is judged fairly.
    scales : tuple of float
        Integrals of |I dl||B|, |r - pivot||I dl||B| and |I dl||A| (|m||grad B| and so on for moments): N, N m, J.
    evaluations : int
        How often the source's field was evaluated.
    """

    force: np.ndarray
    torque: np.ndarray
    energy: float
    error: float
    scales: tuple[float, float, float]
    evaluations: int


class _Sum:
    """Adds up parts: values (7), scales (3), rounding noise (3), truncation errors (3)."""

    def __init__(self, source: Source, pivot: np.ndarray, rtol: float) -> None:
        self.field = _flat(source.compiled)
        self.flux = _flat(source.compiled.without([POLE, POLE_PAIR, USER]))
        self.pivot = pivot
        self.rtol = rtol
        self.total = np.zeros(13)
        self.errors = np.zeros(3)
        self.evaluations = 0

    def moments(self, moments: np.ndarray, positions: np.ndarray) -> None:
        add_moments(self.field, moments, positions, self.pivot, self.total)
        self.evaluations += len(moments)

    def poles(self, poles: np.ndarray, positions: np.ndarray) -> None:
        add_poles(self.field, poles, positions, self.pivot, self.total)
        self.evaluations += len(poles)

    def circuits(self, body: Body) -> None:
        total, errors = np.empty(13), np.empty(3)
        for c in body.circuits:
            periodic = c.kind != SEGMENT
            count, converged = integrate_circuit(
                self.field, self.flux, c.kind, c.params, periodic, self.pivot, self.rtol, total, errors
            )
            total[:7] *= c.current
            total[7:] *= abs(c.current)
            self.total += total
            self.errors += abs(c.current) * errors
            self.evaluations += count
            if not converged:
                raise NotConverged(
                    f"rtol={self.rtol:g} was not reached after {self.evaluations} evaluations: source and target "
                    "are too close, or rtol is below what rounding allows"
                )

    def result(self) -> Interaction:
        floats = self.total.tolist()
        if not all(map(math.isfinite, floats[:6])):
            raise ValueError(
                "source and target must not touch: the field is not defined on part of the target"
            )
        energy, scales, noise, errors = floats[6], floats[7:10], floats[10:], self.errors.tolist()
        judged = range(2) if math.isnan(energy) else range(3)
        bounds = [(noise[q] + errors[q]) / scales[q] for q in judged if scales[q] > 0.0]
        return Interaction(
            self.total[:3].copy(),
            self.total[3:6].copy(),
            energy,
            max(bounds, default=0.0),
            (scales[0], scales[1], scales[2]),
            self.evaluations,
        )


def _flat(field: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return field.kinds, field.starts, field.params


def _needle_energy(field: tuple, needles: Iterable[Needle], rtol: float) -> tuple[float, float, float, int]:
    """Return the energy of poles paired along lines: value, scale, error, evaluations."""
    energy = scale = error = 0.0
    evaluations = 0
    for strength, south, north in needles:
        panels, previous = 1, math.nan
        while True:
            part = np.zeros(13)
            add_moments(field, *needle(strength, south, north, panels), 0.5 * (south + north), part)
            evaluations += 16 * panels
            change = abs(part[6] - previous)
            if change <= 0.1 * rtol * part[9]:
                break
            if panels == _MOST_NEEDLE_PANELS:
                raise NotConverged(
                    f"rtol={rtol:g} was not reached: a wire passes close to the line between two poles"
                )
            previous = part[6]
            panels *= 2
        energy, scale, error = energy + part[6], scale + part[9], error + change + part[12]
    return energy, scale, error, evaluations


def _add_pole_energy(total: _Sum, body: Body, source: Source) -> None:
    """Add the energy of the target's poles: by the scalar potential or, of circuits, along the pairs' axes."""
    has_potential = source.compiled.kind_set <= {UNIFORM, DIPOLE, POLE, POLE_PAIR}
    if len(body.needles) * 2 == len(body.poles) and not has_potential:
        value, scale, error, count = _needle_energy(total.field, body.needles, total.rtol)
        total.evaluations += count
    else:
        potentials = [field_potential(*total.field, *map(float, x)) for x in body.pole_positions]
        parts = float(mu_0) * body.poles * np.array(potentials)
        value, scale = float(parts.sum()), float(np.abs(parts).sum())
        error = _NOISE_POTENTIAL * scale
    total.total[6] += value
    total.total[9] += scale
    total.errors[2] += error


def _add_energy_from_poles(total: _Sum, body: Body, source: Source, target: Source) -> None:
    """Add the energy of circuits in the field of the source's poles, by reciprocity; nan where there is none."""
    kinds = source.compiled.kind_set
    if POLE in kinds or USER in kinds or not body.closed:
        total.total[6] = math.nan
    elif POLE_PAIR in kinds:
        rows = source.compiled.of_kind(POLE_PAIR)
        paired = [(row[3], row[:3] - 0.5 * row[4:], row[:3] + 0.5 * row[4:]) for row in rows]
        circuits = target.compiled.without([DIPOLE, POLE, POLE_PAIR])
        value, scale, error, count = _needle_energy(_flat(circuits), paired, total.rtol)
        total.total[6] += value
        total.total[9] += scale
        total.errors[2] += error
        total.evaluations += count


def _degree(ratio: float) -> int:
    """Return the degree at which (1/ratio)^degree is below rounding."""
    return 2 if math.isinf(ratio) else max(2, math.ceil(37.0 / math.log(ratio)))


def interaction(source: Source, target: Source, pivot: Any = None, rtol: float = 1e-9) -> Interaction:
    """Return the force, torque and energy of one source on another.

    Circuits are integrated on their true curve (I dl x B of the source's closed-form field, refined until `rtol`
    is met; over spanning surfaces where the source is far and the line integral would cancel), dipoles by the
    closed-form gradient, poles by p B.

    Parameters
    ----------
    source, target : source
        Any two sources. The target must be something that a force can act on (not a `UniformField`).
    pivot : array_like, shape (3,), metre, optional
        The point that the torque is about; by default the target's position.
    rtol : float
        Relative tolerance for force, torque and energy, relative to the integral of the absolute integrand.
        Where wires come so close that rounding of their places alone makes more, `.error` says so.

    Returns
    -------
    Interaction
        ``.force``, ``.torque``, ``.energy``, ``.error`` and more. The energy is nan where the model has none: a
        circuit with a single pole, an open polyline as target.

    Raises
    ------
    ValueError
        If the two touch, so that the field on the target is not defined.
    NotConverged
        If `rtol` cannot be reached.

    Examples
    --------
    Case I of Table I in [YungLandeckerVillani1998]_:

    >>> from magneton import CircularLoop, interaction
    >>> a = CircularLoop.from_moment(radius=0.1, moment=[100, 0, 0])
    >>> b = CircularLoop.from_moment(radius=0.1, moment=[100, 0, 0], position=[1, 0, 0])
    >>> round(float(interaction(a, b).force[0]), 7)
    -0.0057126
    """
    for name, value in (("source", source), ("target", target)):
        if not isinstance(value, Source):
            raise ValueError(
                f"{name} must be a source such as Dipole or CircularLoop, got {type(value).__name__}"
            )
    try:
        body = target.body
    except ValueError as error:
        raise ValueError(f"target must be a body: {error}") from None
    rtol = max(_check.fraction("rtol", rtol), 4e-15)
    pivot = body.position if pivot is None else _check.vector("pivot", pivot, "m")
    total = _Sum(source, pivot, rtol)
    clearance = float(field_clearance(*total.field, *map(float, body.position)))
    ratio = clearance / body.extent if body.extent > 0.0 else math.inf
    if len(body.moments):
        total.moments(body.moments, body.moment_positions)
    if body.circuits:
        if body.closed and ratio > _FAR:
            total.moments(*circuits_as_moments(body, _degree(ratio)))
            if POLE in source.compiled.kind_set:
                total.total[6] = math.nan  # as near by: the flux of one pole through a circuit is many-valued
        else:
            total.circuits(body)
            _add_energy_from_poles(total, body, source, target)
    if len(body.poles):
        if ratio > _FAR and len(body.needles) * 2 == len(body.poles):
            for strength, south, north in body.needles:
                total.moments(*needle(strength, south, north, 1))
        else:
            total.poles(body.poles, body.pole_positions)
            _add_pole_energy(total, body, source)
    return total.result()


def force(source: Source, target: Source, rtol: float = 1e-9) -> np.ndarray:
    """Return the force of `source` on `target` in newton, shape (3,): see `interaction`."""
    return interaction(source, target, None, rtol).force


def torque(source: Source, target: Source, pivot: Any = None, rtol: float = 1e-9) -> np.ndarray:
    """Return the torque of `source` on `target` about `pivot` in N m, shape (3,): see `interaction`."""
    return interaction(source, target, pivot, rtol).torque


def energy(source: Source, target: Source, rtol: float = 1e-9) -> float:
    """Return the energy of `target` in the field of `source` in joule: see `interaction`."""
    value = interaction(source, target, None, rtol).energy
    if math.isnan(value):
        raise ValueError(
            "source and target have no energy: a single pole's flux through a circuit, that of a user's own "
            "field, and an open polyline leave it undefined"
        )
    return value


def mutual_inductance(a: Source, b: Source, rtol: float = 1e-9) -> float:
    """Return the mutual inductance M of two circuits, the flux through one per ampere in the other.

    Parameters
    ----------
    a, b : CircularLoop, CurveLoop or closed Polyline
        The circuits; their currents play no part, the direction of each is that of its axis, vertices or parameter.
    rtol : float
        Relative tolerance, relative to the integral of |A||dl|.

    Returns
    -------
    float, henry
        M; the energy of the two is -I1 I2 M.

    Examples
    --------
    >>> from magneton import CircularLoop, mutual_inductance
    >>> M = mutual_inductance(CircularLoop(1.0, 1.0), CircularLoop(1.0, 1.0, [0, 0, 1.0]))
    >>> round(M * 1e6, 6)  # Maxwell's closed form
    0.494078
    """
    unit = []
    for name, circuit in (("a", a), ("b", b)):
        if not isinstance(circuit, (CircularLoop, CurveLoop, Polyline)) or not getattr(
            circuit, "closed", True
        ):
            raise ValueError(
                f"{name} must be a closed circuit (loop, curve or polyline), got {circuit!r:.60}"
            )
        unit.append(dataclasses.replace(circuit, current=1.0))
    return -interaction(unit[0], unit[1], None, rtol).energy
