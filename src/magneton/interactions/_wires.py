"""Force, torque and energy on bodies of points and wires in the field of any source."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from magneton.constants import mu_0
from magneton.interactions._moments import add_charges, add_moments, add_poles, circuits_as_moments, needle
from magneton.interactions._quadrature import integrate_circuit
from magneton.interactions._tally import NotConverged, Tally
from magneton.kernels.clearance import field_clearance
from magneton.kernels.field import DIPOLE, POLE, POLE_PAIR, UNIFORM, USER, field_potential
from magneton.sources import Source
from magneton.sources.body import SEGMENT, Body, Needle
from magneton.sources.collection import leaves
from magneton.sources.framed import FramedBody
from magneton.summation.compiled import joined

#: A body this many extents away from the source's wires is integrated over surfaces, where nothing cancels.
_FAR = 30.0
_MOST_NEEDLE_PANELS = 256
#: Rounding noise of a scalar potential, relative to its size.
_NOISE_POTENTIAL = 3e-15


class _Sum:
    """Adds up parts: values (7), scales (3), rounding noise (3), truncation errors (3)."""

    def __init__(self, source: Source, pivot: np.ndarray, rtol: float) -> None:
        self.field = _flat(source.compiled)
        self.flux, self.has_flux = _with_vector_potential(source)
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

    def tally(self) -> Tally:
        """Return what was added up."""
        return Tally(self.total[:7], self.total[7:10], self.total[10:] + self.errors, self.evaluations)


def _with_vector_potential(source: Source) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], bool]:
    """Return the field of the terms that have a vector potential, and whether all bodies are among them."""
    members = leaves(source)
    bodies = [m for m in members if not isinstance(m, FramedBody) or hasattr(m, "A")]
    field = source.compiled if len(bodies) == len(members) else joined(m.compiled for m in bodies)
    return _flat(field.without([POLE, POLE_PAIR, USER])), len(bodies) == len(members)


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


def wire_forces(source: Source, target: Source, pivot: np.ndarray, rtol: float) -> Tally:
    """Return force, torque and energy on a target of moments, poles, charges and line currents.

    Parameters
    ----------
    source, target : Source
        The target's body without patches.
    pivot : ndarray, shape (3,), metre
        What the torque is about.
    rtol : float
        Relative to the integrals of magnitudes.

    Raises
    ------
    NotConverged
        If the tolerance is not reached.
    """
    body = target.body
    total = _Sum(source, pivot, rtol)
    clearance = float(field_clearance(*total.field, *map(float, body.position)))
    ratio = clearance / body.extent if body.extent > 0.0 else math.inf
    if len(body.moments):
        total.moments(body.moments, body.moment_positions)
    if len(body.charges):
        add_charges(total.field, body.charges, body.charge_positions, pivot, total.total)
        total.evaluations += len(body.charges)
        total.total[6] = math.nan
    if body.circuits:
        if body.closed and ratio > _FAR:
            total.moments(*circuits_as_moments(body, _degree(ratio)))
            if POLE in source.compiled.kind_set:
                total.total[6] = math.nan  # as near by: the flux of one pole through a circuit is many-valued
        else:
            total.circuits(body)
            _add_energy_from_poles(total, body, source, target)
        if not total.has_flux:
            total.total[6] = math.nan
    if len(body.poles):
        if ratio > _FAR and len(body.needles) * 2 == len(body.poles):
            for strength, south, north in body.needles:
                total.moments(*needle(strength, south, north, 1))
        else:
            total.poles(body.poles, body.pole_positions)
            _add_pole_energy(total, body, source)
    return total.tally()
