"""Known sources of unknown strength, and multipoles about a known centre, from the field around them."""

from __future__ import annotations

import functools
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np

from magneton import _check
from magneton.constants import mu_0
from magneton.estimation._finish import linear_estimate
from magneton.estimation._nuisance import Linear, linear_unknowns
from magneton.estimation._regions import Prediction
from magneton.estimation.estimate import MomentEstimate
from magneton.estimation.readings import Readings, as_readings
from magneton.sources.gauss import GaussCoefficients

Background = Literal["uniform", "linear"] | None


@dataclass(frozen=True, eq=False)
class SourceEstimate(MomentEstimate):
    """A `MomentEstimate` of sources with a field of their own.

    Attributes
    ----------
    basis : tuple
        What each of the first parameters is the factor of, as ``(source, factor)``: a unit of the parameter is the
        source times the factor.
    source : GaussCoefficients or None
        The field of the multipoles that were found.
    """

    basis: tuple[tuple[Any, float], ...] = ()
    source: Any = None

    @functools.cached_property
    def _moments(self) -> np.ndarray:
        """The moments of all units, shape (3, k)."""
        return np.stack([factor * source.moment for source, factor in self.basis], axis=1)

    @functools.cached_property
    def moment(self) -> np.ndarray:
        """The moment of all sources together, shape (3,), in A m^2."""
        return self._moments @ self.parameters[: len(self.basis)]

    @functools.cached_property
    def moment_covariance(self) -> np.ndarray:
        """Its covariance, shape (3, 3), in (A m^2)^2."""
        k = len(self.basis)
        return self._moments @ self.covariance[:k, :k] @ self._moments.T

    def predict(self, points: Any) -> Prediction:
        """Return the field of the sources, without the background, and its covariance; see `MomentEstimate.predict`."""
        where = _check.points("points", points)
        k = len(self.basis)
        columns = np.stack([source.B(where) * factor for source, factor in self.basis], axis=-1)
        covariance = columns @ self.covariance[:k, :k] @ columns.swapaxes(-1, -2)
        return Prediction(columns @ self.parameters[:k], covariance, None if self.noise_known else self.dof)


def fit_sources(
    points: Any,
    B: Any = None,
    sources: Any = (),
    noise: Any = None,
    background: Background = None,
    *,
    offsets: float | None = None,
) -> SourceEstimate:
    """Return the strengths of known sources: the current of a coil, the magnetization of a magnet.

    Each source is taken times an unknown factor. For a magnet whose magnetization has an unknown direction give three
    sources, magnetized along x, y and z.

    Parameters
    ----------
    points : array_like, shape (n, 3), metre; or Readings, or a list of them
        Where the sensors are; or readings of any linear kind.
    B : array_like, shape (n, 3), tesla
        The field at the points.
    sources : list of sources, or one source
        Their shapes and places are known. A collection is one source: its members share a factor.
    noise, background, offsets
        As in `fit_dipoles`.

    Returns
    -------
    SourceEstimate
        ``parameters`` are the factors, and ``moment`` is that of all sources together.

    Examples
    --------
    >>> import numpy as np
    >>> import magneton as mg
    >>> from magneton.estimation import fit_sources
    >>> magnets = [mg.Cuboid((0.01, 0.02, 0.01), polarization=p) for p in np.eye(3)]
    >>> points = np.array([[0.03, 0, 0], [0, 0.03, 0.01], [0.01, 0, 0.04]])
    >>> B = 0.2 * magnets[0].B(points) + 1.1 * magnets[2].B(points)
    >>> fit_sources(points, B, magnets, noise=1e-9).parameters.round(9) + 0.0
    array([0.2, 0. , 1.1])
    """
    bodies = list(sources) if isinstance(sources, list | tuple) else [sources]
    if not bodies or not all(hasattr(body, "B") for body in bodies):
        raise ValueError(
            f"sources must be a source of a field or a list of them, got {_check.shown(sources)}"
        )
    readings = as_readings(points, B, noise)
    names = tuple(f"factor_{i}" for i in range(len(bodies)))
    basis = tuple((body, 1.0) for body in bodies)
    return _fitted("fit_sources", readings, basis, names, ("1",) * len(bodies), background, offsets)


def fit_multipoles(
    points: Any,
    B: Any = None,
    degree: int = 2,
    centre: Any = (0.0, 0.0, 0.0),
    noise: Any = None,
    background: Background = None,
    *,
    radius: float | None = None,
    offsets: float | None = None,
) -> SourceEstimate:
    """Return the multipoles of what lies inside, about a known centre: Gauss coefficients of a body or a planet.

    B = -grad V, V = a sum (a/r)^(n+1) (g_nm cos m phi + h_nm sin m phi) P_n^m(cos theta), Schmidt semi-normalised
    [Chapman1940]_; it holds outside the smallest sphere about the centre that holds all sources. The degree 1 is given
    as the moment, m = (4 pi a^3/mu0)(g11, h11, g10).

    Parameters
    ----------
    points : array_like, shape (n, 3), metre; or Readings, or a list of them
        Where the sensors are; or readings of any linear kind.
    B : array_like, shape (n, 3), tesla
        The field at the points.
    degree : int
        The highest degree N: N (N + 2) unknowns.
    centre : array_like, shape (3,), metre
        Of the multipoles.
    noise, background, offsets
        As in `fit_dipoles`.
    radius : float, metre, optional
        The reference radius a; by default the mean distance of the sensors from the centre.

    Returns
    -------
    SourceEstimate
        ``moment``; the coefficients of the degrees above 1, in T, among ``nuisances``; and ``source``, a
        `GaussCoefficients`.

    Examples
    --------
    >>> import numpy as np
    >>> import magneton as mg
    >>> from magneton.estimation import fit_multipoles
    >>> igrf = mg.earth("2020-01-01", degree=3)
    >>> rng = np.random.default_rng(1)
    >>> points = rng.normal(size=(200, 3))
    >>> points *= 6.8e6 / np.linalg.norm(points, axis=1)[:, None]
    >>> fit = fit_multipoles(points, igrf.B(points), degree=3, noise=5e-9, radius=6371.2e3)
    >>> f"{fit.magnitude:.4e} +- {fit.magnitude_std:.0e} A m^2"
    '7.7081e+22 +- 8e+17 A m^2'
    """
    readings = as_readings(points, B, noise)
    N = _check.integer("degree", degree, 1)
    middle = _check.vector("centre", centre, "m")
    apart = np.linalg.norm(readings.taps.points - middle, axis=1)
    if not apart.all():
        raise ValueError(
            f"centre must not be on a sensor, got {middle} m, where the multipoles have no field"
        )
    a = float(apart.mean()) if radius is None else _check.positive("radius", radius, "m")
    per_moment = float(mu_0) / (4.0 * np.pi * a**3)
    terms = [("g", 1, 1), ("h", 1, 1), ("g", 1, 0)]
    terms += [(k, n, m) for n in range(2, N + 1) for m in range(n + 1) for k in ("g", "h") if k == "g" or m]
    names = ("moment_x", "moment_y", "moment_z", *(f"{k}_{n}_{m}" for k, n, m in terms[3:]))
    basis = tuple((_unit_term(k, n, m, a, middle), per_moment if n == 1 else 1.0) for k, n, m in terms)
    units = ("A m^2",) * 3 + ("T",) * (len(terms) - 3)
    estimate = _fitted("fit_multipoles", readings, basis, names, units, background, offsets)
    tables = {"g": np.zeros((N + 1, N + 1)), "h": np.zeros((N + 1, N + 1))}
    for (k, n, m), value, (_, factor) in zip(terms, estimate.parameters, basis, strict=False):
        tables[k][n, m] = value * factor
    found = GaussCoefficients(tables["g"], tables["h"], a, position=middle)
    return replace(estimate, source=found, places=middle[None])


def _unit_term(kind: str, n: int, m: int, radius: float, centre: np.ndarray) -> GaussCoefficients:
    """Return the field of one coefficient of 1 T."""
    tables = {"g": np.zeros((n + 1, n + 1)), "h": np.zeros((n + 1, n + 1))}
    tables[kind][n, m] = 1.0
    return GaussCoefficients(tables["g"], tables["h"], radius, position=centre)


def _fitted(
    method: str,
    readings: Readings,
    basis: tuple[tuple[Any, float], ...],
    names: tuple[str, ...],
    units: tuple[str, ...],
    background: Background,
    offsets: float | None,
) -> SourceEstimate:
    """Return the factors of the sources, and the background, by linear least squares."""
    if readings.magnitudes.any():
        raise ValueError(f"{method} takes linear readings only, got magnitudes of the total field")
    linear = linear_unknowns(readings, background, offsets)
    columns = _columns(readings, basis)
    if not np.isfinite(columns).all():
        raise ValueError("sources must have a finite field at all sensors: is a sensor on a source?")
    design = np.hstack([columns, linear.rows + linear.readings])
    _enough(method, readings, len(names), linear)
    estimate = linear_estimate(
        method,
        (*names, *linear.names),
        (*units, *linear.units),
        design,
        readings.values,
        readings.noise,
        np.concatenate([np.full(len(names), np.inf), linear.prior]),
    )
    own = {f.name: getattr(estimate, f.name) for f in fields(MomentEstimate)}
    return SourceEstimate(**own, basis=basis)


def _columns(readings: Readings, basis: tuple[tuple[Any, float], ...]) -> np.ndarray:
    """Return what the rows see of each source, shape (rows, k)."""
    taps = readings.taps
    columns = []
    for source, factor in basis:
        slopes = source.grad_B(taps.points) if taps.gradients is not None else None
        columns.append(factor * taps.sums(source.B(taps.points), slopes, readings.rows))
    return np.stack(columns, axis=1)


def _enough(method: str, readings: Readings, count: int, linear: Linear) -> None:
    """Require as many readings as unknowns."""
    unknowns = count + int(np.isinf(linear.prior).sum())
    if len(readings) < unknowns:
        raise ValueError(
            f"readings must be at least as many as the {unknowns} unknowns of {method}, got {len(readings)}"
        )
