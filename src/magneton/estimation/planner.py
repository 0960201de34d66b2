"""How good a measurement will be, before it is made: the bound of Cramer and Rao for an array of sensors."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from scipy.optimize import brentq

from magneton import _check
from magneton.estimation import _improve
from magneton.estimation._bound import bounds
from magneton.estimation._improve import Criterion, Improved
from magneton.estimation._nuisance import Linear, linear_unknowns
from magneton.estimation.estimate import Quantity
from magneton.estimation.readings import Readings

#: Distances at which `farthest` looks first: from this to that many sizes of the array, and so many a decade.
_NEAR, _FAR, _A_DECADE = 1e-2, 1e6, 10


@dataclass(frozen=True, eq=False)
class Planner:
    """An array of sensors that is planned, and the least errors with which it locates and measures a dipole.

    With J the derivatives of the readings with place, moment, background and offsets, and C the covariance of the
    noise, no unbiased estimate has a smaller covariance than (J^T C^-1 J)^-1 [Kay1993]_ (the bound of Cramer and Rao).
    Where errors are small beside distances `fit_dipoles` reaches it; where the bound is of the size of the distance
    the measurement is worse than it says, and hopeless anyway.

    Parameters
    ----------
    sensors : array_like, shape (n, 3), metre; or Readings
        Where three components are to be read, or one along `axes`; or readings of any kind as a template, whose values
        play no part.
    noise : float or array_like, tesla
        Standard deviations, shape () or (n,), or (n, 3) for three components; may be left out if readings bring them.
    axes : array_like, shape (n, 3) or (3,), optional
        Of sensors of one component.
    background : {None, "uniform", "linear"}
        What is to be fitted besides.
    offsets : float, tesla, optional
        Standard deviation, beforehand, of offsets that are to be fitted; ``float("inf")`` if nothing is known.

    Examples
    --------
    >>> import numpy as np
    >>> from magneton.estimation import Planner
    >>> x, y = np.meshgrid(np.arange(4) * 0.02 - 0.03, np.arange(4) * 0.02 - 0.03)
    >>> plan = Planner(np.stack([x.ravel(), y.ravel(), np.zeros(16)], axis=1), noise=50e-9)
    >>> round(plan.position_error([0.06, 0, 0.08], [0.01, -0.005, 0.1]) * 1e3, 3)
    0.365
    >>> round(plan.farthest([0.06, 0, 0.08], [0, 0, 1], limit=1e-3), 4)
    0.1261
    """

    sensors: Any
    noise: Any = None
    axes: Any = None
    background: Literal["uniform", "linear"] | None = None
    offsets: float | None = None
    readings: Readings = field(init=False, repr=False)

    def __post_init__(self) -> None:
        readings = _template(self.sensors, self.noise, self.axes)
        object.__setattr__(self, "readings", readings)
        if np.isnan(readings.noise).any():
            raise ValueError("noise must be given: standard deviations of what will be read")
        known = int(np.isinf(self._linear.prior).sum())
        if len(readings) < 6 + known:
            raise ValueError(
                f"sensors must give as many readings as the {6 + known} unknowns, got {len(readings)}"
            )

    @functools.cached_property
    def _linear(self) -> Linear:
        return linear_unknowns(self.readings, self.background, self.offsets)

    def covariance(self, moment: Any, position: Any) -> np.ndarray:
        """Return the least covariance of an unbiased estimate.

        Parameters
        ----------
        moment : array_like, shape (..., 3), A m^2
            Of the dipole.
        position : array_like, shape (..., 3), metre
            Where it is: many places at once give a map.

        Returns
        -------
        ndarray, shape (..., 6, 6)
            Of x, y, z of the position and of the moment; infinite variances where the array cannot tell.
        """
        m, r = _check.numbers("moment", moment, "A m^2"), _check.numbers("position", position, "m")
        for name, array in (("moment", m), ("position", r)):
            if array.shape[-1:] != (3,):
                raise ValueError(f"{name} must have shape (..., 3), got shape {array.shape}")
        try:
            m, r = np.broadcast_arrays(m, r)
        except ValueError:
            raise ValueError(
                f"moment and position must have shapes that broadcast, got {m.shape} and {r.shape}"
            ) from None
        if not np.linalg.norm(m, axis=-1).all():
            raise ValueError("moment must not be zero: it would have no position")
        found = bounds(
            self.readings,
            self._linear,
            self.background,
            self.offsets,
            np.ascontiguousarray(r.reshape(-1, 3)),
            np.ascontiguousarray(m.reshape(-1, 3)),
        )
        return found.reshape(*m.shape[:-1], 6, 6)

    def position_std(self, moment: Any, position: Any) -> np.ndarray:
        """Return the least standard deviations of x, y, z of the position, shape (..., 3), in m."""
        return self._std(moment, position)[..., :3]

    def moment_std(self, moment: Any, position: Any) -> np.ndarray:
        """Return the least standard deviations of the moment's components, shape (..., 3), in A m^2."""
        return self._std(moment, position)[..., 3:]

    def position_error(self, moment: Any, position: Any) -> Any:
        """Return the least root mean square distance from the true position, shape (...), in m."""
        return _check.plain(np.linalg.norm(self.position_std(moment, position), axis=-1))

    def moment_error(self, moment: Any, position: Any) -> Any:
        """Return the least root mean square length of the moment's error, shape (...), in A m^2."""
        return _check.plain(np.linalg.norm(self.moment_std(moment, position), axis=-1))

    def _std(self, moment: Any, position: Any) -> np.ndarray:
        return np.sqrt(np.diagonal(self.covariance(moment, position), axis1=-2, axis2=-1))

    def farthest(
        self, moment: Any, direction: Any, limit: float, of: Quantity = "position", origin: Any = None
    ) -> float:
        """Return how far away a dipole may be: the largest distance at which its error is within a limit.

        Parameters
        ----------
        moment : array_like, shape (3,), A m^2
            Of the dipole.
        direction : array_like, shape (3,)
            Along which it is taken away; of any length.
        limit : float, metre or A m^2
            Of `position_error`, or of `moment_error`.
        of : {"position", "moment"}
            Which of the two.
        origin : array_like, shape (3,), metre, optional
            From where; the middle of the sensors by default.

        Returns
        -------
        float
            In m; nan if the error is beyond the limit at all distances.
        """
        m, along = _check.vector("moment", moment, "A m^2"), _check.vector("direction", direction)
        if not along.any():
            raise ValueError("direction must not be zero")
        limit = _check.positive("limit", limit, "m" if of == "position" else "A m^2")
        if of not in ("position", "moment"):
            raise ValueError(f'of must be "position" or "moment", got {_check.shown(of)}')
        start = self.readings.centre if origin is None else _check.vector("origin", origin, "m")
        along = along / np.linalg.norm(along)
        error = self.position_error if of == "position" else self.moment_error

        def over(distance: Any) -> Any:
            where = start + np.multiply.outer(distance, along)
            return np.log(error(m, where) / limit)

        count = round(_A_DECADE * math.log10(_FAR / _NEAR)) + 1
        distances = self.readings.size * np.geomspace(_NEAR, _FAR, count)
        within = np.flatnonzero(over(distances) <= 0.0)
        if not len(within):
            return math.nan
        last = int(within[-1])
        if last == count - 1:
            return math.inf
        found: Any = brentq(over, distances[last], distances[last + 1], xtol=1e-12 * distances[last])
        return found

    def improved(
        self,
        moment: Any,
        position: Any = None,
        *,
        volume: Any = None,
        box: Any = None,
        spacing: float = 0.0,
        turn: bool = False,
        criterion: Criterion = "A",
        of: Quantity = "position",
        n_steps: int = 30,
        seed: int = 0,
    ) -> Improved:
        """Return a better array of the same sensors, for dipoles at given places, found by exchange.

        In each step each sensor in turn is tried at other places, anywhere in the box and near where it is, nearer and
        nearer, and goes to the best. The search is simple: what it finds is better, not proved to be best.

        Parameters
        ----------
        moment : array_like, shape (3,) or (j, 3), A m^2
            Of the dipoles to look for; each at each place.
        position : array_like, shape (t, 3) or (3,), metre, optional
            Their places.
        volume : array_like, shape (2, 3), metre, optional
            Or the corners of a box they may be in, of which 27 places are taken.
        box : array_like, shape (2, 3), metre, optional
            The corners of the box in which the middles of the sensors must stay, which may be flat; by default that
            about the sensors now.
        spacing : float, metre
            Between the middles of sensors at least.
        turn : bool
            Whether sensors may be turned as well; it helps those of one component.
        criterion : {"A", "worst", "D"}
            What is made small: the mean over all dipoles of the square of the error, its largest, or the volume of the
            confidence region of position and moment together (the geometric mean of its axes).
        of : {"position", "moment"}
            The error of what, for "A" and "worst".
        n_steps : int
            How often all sensors are tried.
        seed : int
            Of the places tried: the same seed gives the same array.

        Returns
        -------
        Improved
            ``planner``, the new array; ``gain``, how many times smaller the error is; ``history`` of the error.
        """
        targets = _improve.Targets.of(moment, position, volume, criterion, of)
        search = _improve.Search(self.readings, self.background, self.offsets, targets, box, spacing, turn)
        readings, history = search.run(_check.integer("n_steps", n_steps, 1), _check.integer("seed", seed, 0))
        planner = Planner(readings, background=self.background, offsets=self.offsets)
        return Improved(planner, float(history[0] / history[-1]), history)


def _template(sensors: Any, noise: Any, axes: Any) -> Readings:
    """Return readings to be taken."""
    if isinstance(sensors, Readings):
        if axes is not None:
            raise ValueError("axes must be left out where readings are given, which bring their own")
        if noise is None:
            return sensors
        sigma = _check.positives("noise", noise, "T")
        if sigma.shape not in ((), sensors.noise.shape):
            raise ValueError(f"noise must be a number or have shape {sensors.noise.shape}, got {sigma.shape}")
        return replace(sensors, noise=np.array(np.broadcast_to(sigma, sensors.noise.shape)))
    points = _check.vectors("sensors", sensors, "m")
    if axes is None:
        return Readings.vector(points, np.zeros(points.shape), noise)
    return Readings.axis(points, axes, np.zeros(len(points)), noise)
