"""Information about a dipole in readings that were not taken yet, for many dipoles at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton._jit import parallel_for
from magneton.estimation._model import DipoleModel, K
from magneton.estimation._nuisance import Linear, background_columns
from magneton.estimation._sensors import channels
from magneton.estimation._solve import linearised
from magneton.estimation.readings import Readings
from magneton.kernels.dipole_design import design
from magneton.kernels.normal_matrices import inverses

#: Numbers in the derivatives that are held at a time.
_AT_ONCE = 400_000


@dataclass(frozen=True, eq=False)
class Precision:
    """The inverse of the covariance of readings' noise, offsets of their channels counted with it.

    With weights w = 1/sigma^2 and an offset of standard deviation s, a channel has
    diag(w) - w w^T/(sum w + 1/s^2).

    Attributes
    ----------
    weights : ndarray, shape (n,)
        1/sigma^2.
    own : ndarray, shape (n, c), or None
        The weights again, a column for each channel; None without offsets.
    shrink : ndarray, shape (c,)
        1/(sum w + 1/s^2).
    """

    weights: np.ndarray
    own: np.ndarray | None
    shrink: np.ndarray

    @classmethod
    def of(cls, readings: Readings, offsets: float | None) -> Precision:
        """Return that of readings with known noise."""
        weights = readings.noise**-2.0
        if offsets is None:
            return cls(weights, None, np.empty(0))
        labels = channels(readings)
        own = np.where(labels[:, None] == np.arange(labels.max() + 1), weights[:, None], 0.0)
        return cls(weights, own, 1.0 / (own.sum(axis=0) + float(offsets) ** -2.0))

    def normal(self, slopes: np.ndarray) -> np.ndarray:
        """Return normal matrices, shape (..., p, p), of derivatives of readings, shape (..., p, n)."""
        normal = (slopes * self.weights) @ slopes.swapaxes(-1, -2)
        if self.own is not None:
            sums = slopes @ self.own
            normal -= (sums * self.shrink) @ sums.swapaxes(-1, -2)
        return normal


def slopes_of(
    readings: Readings,
    places: np.ndarray,
    moments: np.ndarray,
    length: float,
    background: Any = None,
    middle: np.ndarray | None = None,
) -> np.ndarray:
    """Return derivatives of readings, shape (t, 6 + k, n), of dipoles at `places` with `moments`, shape (t, 3).

    They are with place, moment and the k unknowns of the background; `length` is the problem's own, in m.
    """
    t, rows = len(places), readings.rows
    columns, slopes = np.empty((t, 3, rows)), np.empty((t, 3, rows))
    design(readings.taps.flat(length), places / length, np.ascontiguousarray(moments), columns, slopes)
    seen = background_columns(readings.lab_taps, rows, background, middle)[2].T
    B = np.einsum("tkr,tk->tr", columns, moments) * (K / length**3)
    parts = [slopes * (K / length**4), columns * (K / length**3), np.broadcast_to(seen, (t, *seen.shape))]
    whole = np.concatenate(parts, axis=1)
    m = readings.magnitudes
    if not m.any():
        return whole
    out, first = whole[..., readings.row], readings.row[m][:, None] + np.arange(3)
    total = B[:, first] + readings.ambient[m]
    along = total / np.linalg.norm(total, axis=-1, keepdims=True)
    out[..., m] = np.einsum("tmk,tpmk->tpm", along, whole[..., first])
    return out


def bounds(
    readings: Readings,
    linear: Linear,
    background: Any,
    offsets: float | None,
    places: np.ndarray,
    moments: np.ndarray,
) -> np.ndarray:
    """Return covariances of place and moment, shape (t, 6, 6), of an efficient estimate; infinite if undetermined."""
    covariance, good = np.empty((len(places), 6, 6)), np.empty(len(places), dtype=bool)
    precision = Precision.of(readings, offsets)
    chunk = max(1, _AT_ONCE // (readings.rows * 14))

    def body(start: int, stop: int) -> None:
        for i in range(start, stop, chunk):
            j = min(i + chunk, stop)
            slopes = slopes_of(readings, places[i:j], moments[i:j], readings.size, background)
            inverses(precision.normal(slopes), 6, covariance[i:j], good[i:j])

    parallel_for(body, len(places), chunk)
    model = DipoleModel(readings, 1, None, linear)
    for i in np.flatnonzero(~good):
        covariance[i] = _by_singular_values(model, places[i], moments[i])
    return covariance


def _by_singular_values(model: DipoleModel, place: np.ndarray, moment: np.ndarray) -> np.ndarray:
    """Return the covariance that a fit would give: with all digits, which normal matrices do not have."""
    theta = np.concatenate([place, moment, np.zeros(len(model.linear))])
    _, jacobian = model.evaluate(theta)
    if not np.isfinite(jacobian).all():  # at a sensor
        return np.full((6, 6), np.nan)
    r = model.readings
    return linearised(theta, np.zeros(len(r)), jacobian, r.noise, model.prior).covariance[:6, :6]
