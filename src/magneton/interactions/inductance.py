"""The inductance of a circuit: its flux through itself per ampere."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from magneton import _check
from magneton.constants import mu_0
from magneton.interactions._windings import graded, polygon_sum, rectangle_mean, round_mean
from magneton.interactions.pair import NotConverged
from magneton.numerics.nagaoka import cylinder_factor
from magneton.sources import CircularLoop, Coil, Polyline, Solenoid

_MU0 = float(mu_0)
#: Mean logarithm of the distance of two points of a disc of radius 1, and their mean distance.
_MEAN_LOG, _MEAN_DISTANCE = -0.25, 128.0 / (45.0 * math.pi)
_SIDE_NODES = 16
_ROUNDING = 1e-13


def _refined(values: Iterable[float], rtol: float) -> float:
    """Return the first value that the one before agrees with."""
    last = math.nan
    for value in values:
        if abs(value - last) <= rtol * abs(value):
            return value
        last = value
    raise NotConverged(f"rtol={rtol:g} was not reached: the winding is too extreme in shape")


def _round_rules(turn: int) -> tuple:
    """Return the rules of `round_mean`, finer with each turn."""
    nodes, weights = np.polynomial.legendre.leggauss(24 + 8 * turn)
    y = 0.5 * (1.0 + nodes)
    # x = (pi/2) y^5: the logarithm at 0 becomes harmless.
    starts, shares = 0.5 * math.pi * y**5, 0.25 * math.pi * 5.0 * y**4 * weights
    return 4 * 2**turn, *np.polynomial.legendre.leggauss(8 + 6 * turn), starts, shares


def _of_loop(loop: CircularLoop, wire: float, rtol: float) -> float:
    return _MU0 * _refined((round_mean(loop.radius, wire, *_round_rules(turn)) for turn in range(6)), rtol)


def _of_coil(coil: Coil, rtol: float) -> float:
    depth = math.ceil(-math.log(rtol) / math.log(4.0)) + 2

    def mean(count: int) -> float:
        rule = np.polynomial.legendre.leggauss(count)
        across = graded(coil.outer_radius - coil.inner_radius, depth, *rule)
        along = graded(coil.length, depth, *rule)
        return rectangle_mean(coil.inner_radius, coil.outer_radius, coil.length, *across, *along, *rule)

    return _MU0 * coil.turns**2 * _refined(map(mean, (6, 9, 13, 19, 28)), rtol)


def _of_solenoid(solenoid: Solenoid) -> float:
    _, nagaoka = cylinder_factor(0.5 * solenoid.length / solenoid.radius)
    return _MU0 * solenoid.turns**2 * math.pi * solenoid.radius**2 / solenoid.length * nagaoka


def _turning(vertices: np.ndarray) -> np.ndarray:
    """Return t/tan t for the angle t that each corner of a closed polyline turns by."""
    sides = np.diff(vertices, axis=0)
    after = np.roll(sides, -1, axis=0)
    angle = np.arctan2(np.linalg.norm(np.cross(sides, after), axis=1), np.sum(sides * after, axis=1))
    return np.cos(angle) / np.sinc(angle / math.pi)


def _of_polyline(line: Polyline, wire: float) -> float:
    sides = np.linalg.norm(np.diff(line.vertices, axis=0), axis=1)
    if not wire < 0.5 * sides.min():
        raise ValueError(
            f"wire_radius must be less than half the shortest side, {0.5 * sides.min():g}, got {wire:g}"
        )
    own = 2.0 * np.sum(sides * (np.log(2.0 * sides / wire) - _MEAN_LOG - 1.0))
    ends = 2.0 * _MEAN_DISTANCE * wire * np.sum(1.0 - _turning(line.vertices))
    mutual = polygon_sum(line.vertices, *np.polynomial.legendre.leggauss(_SIDE_NODES))
    if not math.isfinite(mutual):
        raise ValueError(
            "circuit must not touch itself, got a Polyline whose sides meet away from its corners"
        )
    return _MU0 / (4.0 * math.pi) * (float(own + ends) + mutual)


def _wire(circuit: Any, wire_radius: Any) -> float:
    if wire_radius is None:
        raise ValueError(f"wire_radius must be given for a {type(circuit).__name__}, got None")
    return _check.positive("wire_radius", wire_radius, "m")


def self_inductance(circuit: Any, wire_radius: Any = None, rtol: float = 1e-9) -> float:
    r"""Return the self-inductance of a circuit, its flux through itself per ampere.

    The magnetic energy of a current I in it is L I^2/2. The current is spread evenly over the wire's or the winding's
    cross-section, as direct current is; at frequencies where it is driven to the surface, L is a little less.

    Parameters
    ----------
    circuit : CircularLoop, closed Polyline, Solenoid or Coil
        The circuit; its current plays no part.
    wire_radius : float, metre
        Radius of the round wire of a `CircularLoop` or `Polyline`, which need one; not for the others.
    rtol : float
        Relative tolerance of the integrals for `CircularLoop` and `Coil`.

    Returns
    -------
    float, henry
        L.

    Raises
    ------
    ValueError
        If the circuit is of another kind, open or touches itself; if the wire's radius is missing, superfluous or too
        large: that of the loop, half the polyline's shortest side.
    NotConverged
        If `rtol` cannot be reached.

    Notes
    -----
    ``CircularLoop``: the mean of the mutual inductance of all pairs of coaxial loops in the wire, to `rtol`. For a wire
    of radius a much thinner than the loop, R, it is, as Rayleigh and Niven found in 1881 ([RosaGrover1912]_),

    .. math::

        L = \mu_0 R \left[\left(1 + \frac{a^2}{8R^2}\right) \ln\frac{8R}{a} - \frac{7}{4} + \frac{a^2}{24R^2}\right],

    with an error of the order of :math:`\mu_0 R (a/R)^4`.

    ``Coil``: the same mean over the rectangular cross-section, times N^2, to `rtol`; the room between the wires and
    their insulation is left out.

    ``Solenoid``: the current sheet of [Lorenz1879]_, :math:`\mu_0 N^2 \pi R^2 k/l` with the coefficient k of
    [Nagaoka1909]_, to rounding.

    ``Polyline``: the sum over its sides of [Rosa1908]_

    .. math:: \frac{\mu_0 l}{2\pi} \left[\ln\frac{2l}{a} - \frac{3}{4} + \frac{128 a}{45\pi l}\right]

    and, for every pair, of Neumann's integral between filaments. At a corner that turns by t the two sides are taken
    as 128 a/(45 pi) apart, the mean distance of two points of the wire, not as touching: the last term, half of it for
    each end, is multiplied by 1 - t/tan t, which is nothing where they are in line. How the wire is bent is left out:
    the relative error is a fraction of the wire's radius over the length of a side.

    Examples
    --------
    >>> from magneton import CircularLoop, Solenoid
    >>> from magneton.interactions.inductance import self_inductance
    >>> f"{self_inductance(CircularLoop(0.1, 1.0), wire_radius=0.001):.6e}"
    '6.201126e-07'
    >>> f"{self_inductance(Solenoid(radius=0.01, length=0.1, turns=200, current=1.0)):.6e}"
    '1.452952e-04'
    """
    rtol = max(_check.fraction("rtol", rtol), _ROUNDING)
    if isinstance(circuit, (Solenoid, Coil)):
        if wire_radius is not None:
            raise ValueError(
                f"wire_radius must be None for a {type(circuit).__name__}, whose size says all, got {wire_radius!r}"
            )
        return _of_solenoid(circuit) if isinstance(circuit, Solenoid) else _of_coil(circuit, rtol)
    if isinstance(circuit, CircularLoop):
        wire = _wire(circuit, wire_radius)
        if not wire < circuit.radius:
            raise ValueError(
                f"wire_radius must be less than the loop's radius, {circuit.radius:g}, got {wire:g}"
            )
        return _of_loop(circuit, wire, rtol)
    if not (isinstance(circuit, Polyline) and circuit.closed):
        raise ValueError(
            f"circuit must be a CircularLoop, closed Polyline, Solenoid or Coil, got {circuit!r:.60}"
        )
    return _of_polyline(circuit, _wire(circuit, wire_radius))
