"""Readings of magnetometers: what each sensor measured, where, along what, and how well."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton import _check
from magneton.estimation import _input
from magneton.estimation._input import Missing
from magneton.estimation._taps import Taps


@dataclass(frozen=True, eq=False)
class Readings:
    """Readings of any sensors of the magnetic field, added with ``+``; use the class methods to make them.

    A reading is linear in the field - a component, a difference, an element of the gradient tensor, any weighted sum -
    or the magnitude of the total field.

    Attributes
    ----------
    values : ndarray, shape (n,), tesla (T/m for gradients)
        What was read.
    noise : ndarray, shape (n,)
        Standard deviations, in the same unit; nan where unknown.
    taps : Taps
        Where and along what the rows see a target, in the target's frame.
    lab_taps : Taps
        The same in the laboratory, where the background is: they differ if the target was turned.
    row : ndarray of int, shape (n,)
        First row of each reading: one row for a linear reading, the three components for a magnitude.
    ambient : ndarray, shape (n, 3), tesla
        The field without target at a magnitude, in the target's frame; nan for linear readings.
    sensor, component : ndarray of int, shape (n,)
        Which sensor, and which of its components: offsets and gains belong to them.

    Examples
    --------
    >>> import magneton as mg
    >>> from magneton.estimation import Readings, fit_dipoles
    >>> points = [[0.1, 0, 0], [0, 0.1, 0], [0, 0, 0.1], [-0.1, 0, 0.05]]
    >>> B = mg.Dipole(moment=[0, 0, 1], position=[0.01, 0, 0]).B(points)
    >>> fit = fit_dipoles(Readings.vector(points, B, noise=1e-9))
    >>> fit.position.round(6) + 0.0
    array([0.01, 0.  , 0.  ])
    """

    values: np.ndarray
    noise: np.ndarray
    taps: Taps
    lab_taps: Taps
    row: np.ndarray
    ambient: np.ndarray
    sensor: np.ndarray
    component: np.ndarray

    @classmethod
    def vector(
        cls, points: Any, B: Any, noise: Any = None, *, sensor: Any = None, missing: Missing = "raise"
    ) -> Readings:
        """Return readings of three components.

        Parameters
        ----------
        points : array_like, shape (n, 3), metre
            Where.
        B : array_like, shape (n, 3), tesla
            The field; nan marks a reading that is missing.
        noise : float or array_like, shape (n,) or (n, 3), tesla, optional
            Standard deviations.
        sensor : array_like of int, shape (n,), optional
            Which sensor read each, if one read several; each its own by default.
        missing : {"raise", "drop"}
            What to do about nan.

        Returns
        -------
        Readings
            3 n of them, less those dropped.
        """
        where = _input.places(points)
        values = _input.values_with_gaps("B", B, (len(where), 3), "T")
        sigma = _input.standard_deviations(noise, values.shape)
        return _linear(
            values.reshape(-1),
            sigma.reshape(-1),
            Taps.single(np.repeat(where, 3, axis=0), np.tile(np.eye(3), (len(where), 1))),
            np.repeat(_input.labels(sensor, len(where)), 3),
            np.tile(np.arange(3), len(where)),
            missing,
            "B",
        )

    @classmethod
    def axis(
        cls,
        points: Any,
        axes: Any,
        values: Any,
        noise: Any = None,
        *,
        sensor: Any = None,
        missing: Missing = "raise",
    ) -> Readings:
        """Return readings of one component each, along `axes`, shape (n, 3) or (3,), of any length.

        Other parameters as in `vector`, with `values` of shape (n,).
        """
        where = _input.places(points)
        along = _input.unit_vectors("axes", axes, len(where))
        read = _input.values_with_gaps("values", values, (len(where),), "T")
        taps = Taps.single(where, along)
        return _one_each(read, noise, taps, sensor, missing)

    @classmethod
    def difference(
        cls,
        points: Any,
        baselines: Any,
        axes: Any,
        values: Any,
        noise: Any = None,
        *,
        sensor: Any = None,
        missing: Missing = "raise",
    ) -> Readings:
        """Return readings of gradiometers of two coils: axis.(B(point + baseline) - B(point)), in T.

        `baselines`, shape (n, 3) or (3,) in m, go from the first coil to the second. Other parameters as in `axis`.
        """
        where = _input.places(points)
        baseline = _input.vector_for_each("baselines", baselines, len(where), "m")
        along = _input.unit_vectors("axes", axes, len(where))
        read = _input.values_with_gaps("values", values, (len(where),), "T")
        taps = Taps(
            np.repeat(np.arange(len(where)), 2),
            np.stack([where, where + baseline], axis=1).reshape(-1, 3),
            np.stack([-along, along], axis=1).reshape(-1, 3),
        )
        return _one_each(read, noise, taps, sensor, missing)

    @classmethod
    def gradient(
        cls, points: Any, grad_B: Any, noise: Any = None, *, sensor: Any = None, missing: Missing = "raise"
    ) -> Readings:
        """Return readings of the gradient tensor, [i, j] = dB_i/dx_j, in T/m.

        Parameters
        ----------
        points : array_like, shape (n, 3), metre
            Where.
        grad_B : array_like, shape (n, 3, 3), T/m
            Elements that were not read are nan, with ``missing="drop"``.
        noise : float or array_like, shape (n, 3, 3), T/m, optional
            Standard deviations of the elements, which count as independent readings: if an element is another's copy,
            by symmetry or by the trace, leave it out as nan.
        sensor, missing
            As in `vector`.
        """
        where = _input.places(points)
        n = len(where)
        read = _input.values_with_gaps("grad_B", grad_B, (n, 3, 3), "T/m")
        sigma = _input.standard_deviations(noise, read.shape)
        taps = Taps.single(
            np.repeat(where, 9, axis=0),
            np.zeros((9 * n, 3)),
            np.tile(np.eye(9).reshape(9, 3, 3), (n, 1, 1)),
        )
        labels, component = np.repeat(_input.labels(sensor, n), 9), np.tile(np.arange(9), n)
        return _linear(read.reshape(-1), sigma.reshape(-1), taps, labels, component, missing, "grad_B")

    @classmethod
    def weighted(
        cls,
        points: Any,
        weights: Any,
        values: Any,
        noise: Any = None,
        *,
        sensor: Any = None,
        missing: Missing = "raise",
    ) -> Readings:
        """Return readings of weighted sums, as of coils with finite area: sum_k weights[k].B(points[k]).

        `points` and `weights` have shape (n, k, 3); `values` shape (n,). Other parameters as in `vector`.
        """
        where, w = _check.numbers("points", points, "m"), _check.numbers("weights", weights, "1")
        if where.ndim != 3 or where.shape[-1] != 3 or where.shape != w.shape:
            raise ValueError(
                f"points and weights must have the same shape (n, k, 3), got {where.shape} and {w.shape}"
            )
        n, k, _ = where.shape
        read = _input.values_with_gaps("values", values, (n,), "T")
        taps = Taps(np.repeat(np.arange(n), k), where.reshape(-1, 3), w.reshape(-1, 3))
        return _one_each(read, noise, taps, sensor, missing)

    @classmethod
    def total_field(
        cls,
        points: Any,
        values: Any,
        noise: Any = None,
        *,
        ambient: Any,
        sensor: Any = None,
        missing: Missing = "raise",
    ) -> Readings:
        """Return readings of the magnitude of the total field (scalar magnetometers), \\|ambient + B\\|.

        Parameters
        ----------
        points : array_like, shape (n, 3), metre
            Where.
        values : array_like, shape (n,), tesla
            Magnitudes, not differences from the ambient field's.
        noise : float or array_like, shape (n,), tesla, optional
            Standard deviations.
        ambient : array_like, shape (3,) or (n, 3), tesla
            The field without the target, as by `magneton.earth`; what is not known of it can be fitted as a background.
        sensor, missing
            As in `vector`.
        """
        where = _input.places(points)
        n = len(where)
        around = _input.vector_for_each("ambient", ambient, n, "T")
        if not np.linalg.norm(around, axis=1).all():
            raise ValueError("ambient must not be zero: the magnitude of B alone has no linear part")
        read = _input.values_with_gaps("values", values, (n,), "T")
        if np.any(read < 0.0):
            raise ValueError(
                f"values must not be negative, being magnitudes, got {read[read < 0.0][0]:g} T; "
                "anomalies are what is left of the total field when the ambient magnitude is taken away: add it again"
            )
        taps = Taps.single(np.repeat(where, 3, axis=0), np.tile(np.eye(3), (n, 1)))
        labels = _input.labels(sensor, n)
        whole = cls(
            read,
            _input.standard_deviations(noise, read.shape),
            taps,
            taps,
            3 * np.arange(n),
            around,
            labels,
            np.zeros_like(labels),
        )
        return whole._without_missing(missing, "values")

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        known = "" if np.isfinite(self.noise).all() else ", noise unknown"
        scalars = int(self.magnitudes.sum())
        kinds = f"{len(self) - scalars} linear" + (f", {scalars} total-field" if scalars else "")
        return f"<Readings: {kinds}{known}>"

    def __add__(self, other: Any) -> Readings:
        if not isinstance(other, Readings):
            return NotImplemented
        return joined([self, other])

    @functools.cached_property
    def magnitudes(self) -> np.ndarray:
        """Which readings are magnitudes, shape (n,)."""
        return np.isfinite(self.ambient[:, 0])

    @functools.cached_property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self) + 2 * int(self.magnitudes.sum())

    @functools.cached_property
    def centre(self) -> np.ndarray:
        """The middle of the sensors, shape (3,), in m, in the target's frame."""
        return self.taps.points.mean(axis=0)

    @functools.cached_property
    def size(self) -> float:
        """The size of the array in m: the root mean square distance from its middle."""
        spread = float(np.sqrt(np.mean(np.sum((self.taps.points - self.centre) ** 2, axis=1))))
        return spread if spread > 0.0 else float(np.abs(self.centre).max()) or 1.0

    def readout(self, rows: np.ndarray) -> np.ndarray:
        """Return what is read, shape (n,), of the rows' fields, shape (rows,), the ambient field added."""
        read = rows[self.row]
        m = self.magnitudes
        if m.any():
            read[m] = np.linalg.norm(self._vectors(rows) + self.ambient[m], axis=-1)
        return read

    def read_slopes(self, rows: np.ndarray, slopes: np.ndarray) -> np.ndarray:
        """Return derivatives of the readings, shape (n, p), from those of the rows, shape (rows, p)."""
        out = slopes[self.row]
        m = self.magnitudes
        if m.any():
            total = self._vectors(rows) + self.ambient[m]
            along = total / np.linalg.norm(total, axis=-1, keepdims=True)
            first = self.row[m]
            out[m] = sum(along[:, k : k + 1] * slopes[first + k] for k in range(3))
        return out

    def _vectors(self, rows: np.ndarray) -> np.ndarray:
        """Return the vectors of the magnitudes."""
        return rows[self.row[self.magnitudes][:, None] + np.arange(3)]

    def select(self, chosen: Any) -> Readings:
        """Return some of the readings: a mask or numbers, ascending."""
        mask = np.zeros(len(self), dtype=bool)
        mask[np.asarray(chosen)] = True
        width = np.where(self.magnitudes, 3, 1)
        rows = np.repeat(mask, width)
        return Readings(
            self.values[mask],
            self.noise[mask],
            self.taps.kept(rows),
            self.taps.kept(rows) if self.lab_taps is self.taps else self.lab_taps.kept(rows),
            (np.cumsum(width[mask]) - width[mask]).astype(int),
            self.ambient[mask],
            self.sensor[mask],
            self.component[mask],
        )

    def _without_missing(self, missing: Missing, name: str) -> Readings:
        """Return the readings without nan."""
        if missing not in ("raise", "drop"):
            raise ValueError(f'missing must be "raise" or "drop", got {missing!r}')
        gaps = np.isnan(self.values)
        if not gaps.any():
            return self
        if missing == "raise":
            raise ValueError(
                f"{name} must not be nan, got {int(gaps.sum())} of {len(self)} readings, the first that of sensor "
                f'{int(self.sensor[gaps][0])}; missing="drop" leaves them out'
            )
        if gaps.all():
            raise ValueError(f"{name} must hold at least one reading that is not nan")
        return self.select(~gaps)


def joined(parts: Sequence[Readings]) -> Readings:
    """Return all readings of several; sensors of different parts are different sensors."""
    rows = [part.rows for part in parts]
    taps = Taps.joined([part.taps for part in parts], rows)
    same = all(part.lab_taps is part.taps for part in parts)
    starts = np.concatenate([[0], np.cumsum(rows)[:-1]]).astype(int)
    labels = np.concatenate([[0], np.cumsum([int(part.sensor.max()) + 1 for part in parts])[:-1]]).astype(int)
    return Readings(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.noise for part in parts]),
        taps,
        taps if same else Taps.joined([part.lab_taps for part in parts], rows),
        np.concatenate([part.row + start for part, start in zip(parts, starts, strict=True)]),
        np.concatenate([part.ambient for part in parts]),
        np.concatenate([part.sensor + start for part, start in zip(parts, labels, strict=True)]),
        np.concatenate([part.component for part in parts]),
    )


def _one_each(values: np.ndarray, noise: Any, taps: Taps, sensor: Any, missing: Missing) -> Readings:
    """Return linear readings of sensors with one component each."""
    labels = _input.labels(sensor, len(values))
    sigma = _input.standard_deviations(noise, values.shape)
    return _linear(values, sigma, taps, labels, np.zeros_like(labels), missing, "values")


def _linear(
    values: np.ndarray,
    noise: np.ndarray,
    taps: Taps,
    sensor: np.ndarray,
    component: np.ndarray,
    missing: Missing,
    name: str,
) -> Readings:
    """Return linear readings, one row each."""
    ambient = np.full((len(values), 3), np.nan)
    whole = Readings(values, noise, taps, taps, np.arange(len(values)), ambient, sensor, component)
    return whole._without_missing(missing, name)


def as_readings(points: Any, B: Any, noise: Any) -> Readings:
    """Return what was measured as readings."""
    if isinstance(points, Readings) or (
        isinstance(points, list | tuple) and points and all(isinstance(part, Readings) for part in points)
    ):
        if B is not None or noise is not None:
            raise ValueError("B and noise must be left out where readings are given, which bring their own")
        return points if isinstance(points, Readings) else joined(list(points))
    if B is None:
        raise ValueError("B must be the field at the points, shape (n, 3), or points must be Readings")
    return Readings.vector(points, B, noise)
