"""Currents along lines: the polyline of straight filaments and the smooth closed curve."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from magneton import _check, units
from magneton.kernels import field as codes
from magneton.kernels.multipole import DEGREE, circuit_multipoles
from magneton.numerics.quadrature import PANEL_NODES, PANEL_WEIGHTS
from magneton.sources.base import NotDefined, VectorPotential, turned
from magneton.sources.body import CURVE, SEGMENT, Body, Circuit
from magneton.sources.loop import MANY_VALUED
from magneton.summation.compiled import CompiledField, term

_FEWEST_SAMPLES, _MOST_SAMPLES = 32, 8192
_NOISE = 1e-13
#: A polyline whose vector area is less than this share of its extent squared counts as thin.
_THIN = 0.02


def _flat_multipoles(nodes: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Return re, im of the circuit's multipoles as floats."""
    return circuit_multipoles(nodes, steps).view(np.float64).ravel()


@dataclass(frozen=True, eq=False)
class Polyline(VectorPotential):
    """A current along straight filaments from vertex to vertex.

    Closed when the last vertex equals the first, or when ``closed=True`` (then the closing side is added). An
    open polyline has the Biot-Savart field of its filaments, but no moment: its current does not return.

    Parameters
    ----------
    vertices : array_like, shape (n, 3), metre
        Corners in the order of the current; no two in a row may be equal.
    current : float, ampere
        The current.
    closed : bool, optional
        Whether the polyline closes. By default it does if its last vertex equals its first.

    Raises
    ------
    ValueError
        For fewer than two vertices, a side of no length, or fewer than three sides when closed.
    """

    vertices: Any
    current: Any
    closed: Any = None

    _missing: ClassVar = {"scalar_potential": MANY_VALUED}

    def __post_init__(self) -> None:
        vertices = _check.vectors("vertices", self.vertices, "m", least=2)
        returns = bool(np.array_equal(vertices[0], vertices[-1]))
        closed = returns if self.closed is None else self.closed
        if not isinstance(closed, bool):
            raise ValueError(f"closed must be True, False or None, got {self.closed!r}")
        if returns and not closed:
            raise ValueError(
                "closed must be True or None for vertices whose last equals the first, got False"
            )
        if closed and not returns:
            vertices = np.vstack([vertices, vertices[:1]])
        if not np.all(np.any(np.diff(vertices, axis=0) != 0, axis=1)):
            index = int(np.flatnonzero(~np.any(np.diff(vertices, axis=0) != 0, axis=1))[0])
            raise ValueError(f"vertices must differ from their neighbours, got {index} and {index + 1} equal")
        if closed and len(vertices) < 4:
            raise ValueError(f"vertices of a closed polyline must be at least 3, got {len(vertices) - 1}")
        vertices.setflags(write=False)
        object.__setattr__(self, "vertices", vertices)
        object.__setattr__(self, "current", _check.number("current", self.current, "A"))
        object.__setattr__(self, "closed", closed)

    @property
    def position(self) -> np.ndarray:
        """The mean of the corners, shape (3,), m."""
        return (self.vertices[:-1] if self.closed else self.vertices).mean(axis=0)

    @functools.cached_property
    def _extent(self) -> float:
        return float(np.linalg.norm(self.vertices - self.position, axis=1).max())

    @property
    def vector_area(self) -> np.ndarray:
        """The vector area (1/2) sum r x dl, shape (3,), m^2: the areas of the shadows on yz, zx and xy."""
        if not self.closed:
            raise NotDefined(
                "vector_area needs a closed Polyline, got an open one: close it with closed=True"
            )
        corners = self.vertices - self.position
        return 0.5 * np.cross(corners[:-1], corners[1:]).sum(axis=0)

    @property
    def moment(self) -> np.ndarray:
        """The moment I times the vector area, shape (3,), A m^2; only for a closed polyline."""
        if not self.closed:
            raise NotDefined(
                "moment needs a closed Polyline, got an open one: where the current returns is not said"
            )
        return self.current * self.vector_area

    def _multipoles(self) -> np.ndarray:
        """Return the multipoles about the mean corner in units of the extent, exact by Gauss' rule."""
        corners = (self.vertices - self.position) / self._extent
        sides = np.diff(corners, axis=0)
        nodes = corners[:-1, None] + 0.5 * (1.0 + PANEL_NODES[:, None]) * sides[:, None]
        steps = 0.5 * PANEL_WEIGHTS[:, None] * sides[:, None]
        return _flat_multipoles(nodes.reshape(-1, 3), np.broadcast_to(steps, nodes.shape).reshape(-1, 3))

    def _compile(self) -> CompiledField:
        # Rounded corners spoil a thin loop's multipoles: it does without, since its sides are summed exactly.
        wide = self.closed and np.linalg.norm(self.vector_area) > _THIN * self._extent**2
        tail = self._multipoles() if wide else np.empty(0)
        head = (self._extent, self.current, float(wide), float(len(self.vertices)))
        return term(codes.POLYLINE, self.position, np.array(head), self.vertices, tail)

    def _body(self) -> Body:
        ends = np.hstack([self.vertices[:-1], self.vertices[1:]])
        circuits = tuple(Circuit(SEGMENT, row, self.current) for row in ends)
        return Body(self.position, self._extent, circuits=circuits, closed=self.closed)

    def _moved(self, matrix: np.ndarray, shift: np.ndarray) -> Self:
        vertices = turned(matrix, self.vertices) + shift
        if self.closed:
            vertices[-1] = vertices[0]
        return type(self)(vertices, self.current, self.closed)


def _shaped(values: Any, count: int) -> np.ndarray | None:
    """Return what a curve gave as floats of shape (count, 3), or None if it is not of that kind."""
    try:
        array = np.asarray(units.strip("curve", values, "m"), dtype=np.float64)
    except (TypeError, ValueError):
        return None
    if array.shape == (3, count) and count != 3:
        array = array.T
    return array if array.shape == (count, 3) else None


def _samples_of(curve: Callable[[Any], Any], t: np.ndarray) -> np.ndarray:
    """Call a curve with all values of t at once or, if it is not made for that, one by one."""
    try:
        values = _shaped(curve(t), len(t))
    except Exception:  # whatever a function of one number does with an array
        values = None
    if values is None:
        try:
            values = _shaped([curve(float(x)) for x in t], len(t))
        except Exception as error:
            raise ValueError(f"curve must give a point for each t in [0, 2 pi), got {error!r}") from None
    if values is None or not np.all(np.isfinite(values)):
        raise ValueError("curve must return 3 finite coordinates for each t in [0, 2 pi)")
    return values


def _series(samples: np.ndarray) -> np.ndarray:
    """Return the Fourier coefficients c_k of the real r(t) = Re sum c_k e^(ikt) through the samples."""
    count = len(samples)
    coefficients = 2.0 * np.fft.rfft(samples, axis=0) / count
    coefficients[0] *= 0.5
    if count % 2 == 0:
        coefficients[-1] *= 0.5  # that of cos(count t/2), which stands for both signs of k
    return coefficients


def _evaluated(coefficients: np.ndarray, count: int, offset: float = 0.0) -> np.ndarray:
    """Return Re sum c_k e^(ikt) at t = offset + 2 pi j/count, shape (count, 3); count at least twice their number."""
    spectrum = np.zeros((count // 2 + 1, 3), dtype=complex)
    turns = np.exp(1j * offset * np.arange(len(coefficients)))[:, None]
    spectrum[: len(coefficients)] = 0.5 * count * turns * coefficients
    spectrum[0] *= 2.0
    return np.fft.irfft(spectrum, n=count, axis=0)


def _tail_is_noise(coefficients: np.ndarray) -> bool:
    size = np.abs(coefficients[1:]).max()
    return bool(np.abs(coefficients[-max(2, len(coefficients) // 4) :]).max() <= _NOISE * size)


def _resolved_series(curve: Callable[[Any], Any]) -> np.ndarray:
    count = _FEWEST_SAMPLES
    while count <= _MOST_SAMPLES:
        t = 2.0 * math.pi * np.arange(count) / count
        coefficients = _series(_samples_of(curve, t))
        if _tail_is_noise(coefficients):
            # Harmonics near a multiple of count look like low ones at the samples: look between them too.
            shift = 0.38196601125 * 2.0 * math.pi / count
            miss = _evaluated(coefficients, 2 * count, shift)[::2] - _samples_of(curve, t + shift)
            if np.abs(miss).max() <= 10.0 * _NOISE * np.abs(coefficients).max():
                return coefficients
        count *= 2
    raise ValueError(
        f"curve must be smooth and closed over t in [0, 2 pi), got one that {_MOST_SAMPLES} samples do not resolve"
    )


@dataclass(frozen=True, eq=False)
class CurveLoop(VectorPotential):
    """A current along a smooth closed curve, kept as its Fourier series (spectral accuracy).

    Parameters
    ----------
    curve : callable or array_like, shape (n, 3), metre
        A function of t in [0, 2 pi) of period 2 pi that gives a point, or for n values of t shape (n, 3) or (3, n);
        or samples at n equal steps of such a parameter, the first not repeated.
    current : float, ampere
        In the direction of growing t.

    Raises
    ------
    ValueError
        If the curve is not resolved: it has a corner, does not close, or has too few samples.

    Notes
    -----
    Fields are exact to about 1e-14 times (size/distance) near the wire, since the position of the wire itself
    carries a rounding error.
    """

    curve: Any
    current: Any

    _missing: ClassVar = {"scalar_potential": MANY_VALUED}

    def __post_init__(self) -> None:
        object.__setattr__(self, "current", _check.number("current", self.current, "A"))
        if callable(self.curve):
            coefficients = _resolved_series(self.curve)
        else:
            samples = _check.vectors("curve", self.curve, "m", least=8)
            size = np.abs(samples - samples.mean(axis=0)).max()
            if np.abs(samples[0] - samples[-1]).max() <= 1e-9 * size and size > 0:
                raise ValueError(
                    "curve must not repeat its first point at the end: leave out the last sample"
                )
            object.__setattr__(self, "curve", samples)
            coefficients = _series(samples)
            if not _tail_is_noise(coefficients) and len(samples) < _MOST_SAMPLES:
                self._require_decay(coefficients, len(samples))
        if not np.any(coefficients[1:]):
            raise ValueError("curve must not be a single point")
        object.__setattr__(self, "_coefficients", self._trimmed(coefficients))

    @staticmethod
    def _require_decay(coefficients: np.ndarray, count: int) -> None:
        sizes = np.abs(coefficients[1:]).max(axis=1)
        if sizes[-max(1, len(sizes) // 4) :].max() > 1e-3 * sizes.max():
            raise ValueError(
                f"curve must be smooth, closed and well sampled, got {count} samples "
                "whose Fourier series does not decay"
            )

    @staticmethod
    def _trimmed(coefficients: np.ndarray) -> np.ndarray:
        sizes = np.abs(coefficients).max(axis=1)
        last = int(np.flatnonzero(sizes > 1e-16 * sizes[1:].max())[-1])
        return coefficients[: max(last, 1) + 1]

    @property
    def position(self) -> np.ndarray:
        """The mean of the curve over its parameter, shape (3,), m."""
        return self._coefficients[0].real.copy()

    @property
    def vector_area(self) -> np.ndarray:
        """The vector area (1/2) times the closed integral of r x dr, shape (3,), m^2."""
        c = self._coefficients[1:]
        order = np.arange(1, len(c) + 1)[:, None]
        return 0.5 * math.pi * np.sum(order * np.real(np.cross(c, np.conj(1j * c))), axis=0)

    @property
    def moment(self) -> np.ndarray:
        """The moment I times the vector area, shape (3,), A m^2."""
        return self.current * self.vector_area

    def _nodes(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Return positions relative to the mean, and derivatives, at `count` equal steps."""
        c = self._coefficients.copy()
        c[0] = 0.0
        order = np.arange(len(c))[:, None]
        fine = max(1, math.ceil(2 * len(c) / count))  # so that the highest harmonic fits
        return _evaluated(c, fine * count)[::fine], _evaluated(1j * order * c, fine * count)[::fine]

    @functools.cached_property
    def _extent(self) -> float:
        return 1.001 * float(np.linalg.norm(self._nodes(16 * len(self._coefficients))[0], axis=1).max())

    @functools.cached_property
    def _curve_params(self) -> np.ndarray:
        """The parameters of `magneton.kernels.curve`, about the mean position."""
        harmonics = len(self._coefficients) - 1
        count = 1 << max(7, math.ceil(math.log2(8 * harmonics)))
        nodes, slopes = self._nodes(count)
        coefficients = self._coefficients.copy()
        coefficients[0] = 0.0
        table = np.hstack([nodes, slopes * (2.0 * math.pi / count)])
        return np.concatenate([[harmonics, count], coefficients.view(np.float64).ravel(), table.ravel()])

    def _compile(self) -> CompiledField:
        count = 1 << math.ceil(math.log2(2 * (DEGREE + 2) * len(self._coefficients)))
        nodes, slopes = self._nodes(count)
        scale = 1.0 / self._extent
        tail = _flat_multipoles(nodes * scale, slopes * (scale * 2.0 * math.pi / count))
        head = np.array([self._extent, self.current, float(len(self._curve_params))])
        return term(codes.CURVE, self.position, head, self._curve_params, tail)

    def _body(self) -> Body:
        params = np.concatenate([self.position, self._curve_params])
        return Body(self.position, self._extent, circuits=(Circuit(CURVE, params, self.current),))

    def _moved(self, matrix: np.ndarray, shift: np.ndarray) -> Self:
        samples = self._nodes(4 * len(self._coefficients) + 8)[0] + self.position
        return type(self)(turned(matrix, samples) + shift, self.current)


def vector_area(loop: Any) -> np.ndarray:
    """Return the vector area of a closed circuit.

    Its components are the areas of the circuit's shadows on the yz, zx and xy planes, signed by the right-hand rule;
    the moment is the current times it.

    Parameters
    ----------
    loop : CircularLoop, Polyline (closed) or CurveLoop
        The circuit.

    Returns
    -------
    ndarray, shape (3,), m^2
        (1/2) times the closed integral of r x dl.

    Examples
    --------
    >>> from magneton import Polyline, vector_area
    >>> vector_area(Polyline([[0, 0, 0], [2, 0, 0], [2, 3, 0], [0, 3, 0]], 1.0, closed=True)).tolist()
    [0.0, 0.0, 6.0]
    """
    if not hasattr(type(loop), "vector_area"):
        raise ValueError(f"loop must be a CircularLoop, Polyline or CurveLoop, got {type(loop).__name__}")
    return loop.vector_area
