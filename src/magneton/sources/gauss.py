"""The internal field of a planet from its Gauss coefficients."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np

from magneton import _check
from magneton.constants import mu_0
from magneton.kernels.gauss import gauss_field, gauss_params
from magneton.sources import geodesy
from magneton.sources.base import NotDefined, ScalarPotential, VectorPotential, turned
from magneton.sources.dates import decimal_year
from magneton.sources.framed import FramedBody

_SQRT3 = math.sqrt(3.0)


def coefficient_table(name: str, value: Any, unit: str) -> np.ndarray:
    """Return coefficients by degree and order, shape (N + 1, N + 1); what has an order above its degree must be 0."""
    table = _check.real_array(name, value, unit, "an array of shape (N + 1, N + 1)")
    if table.ndim != 2 or table.shape[0] != table.shape[1]:
        raise ValueError(f"{name} must have shape (N + 1, N + 1), got shape {table.shape}")
    beyond = np.argwhere(np.triu(table, 1) != 0.0)
    if len(beyond):
        n, m = beyond[0]
        raise ValueError(f"{name}[n, m] must be 0 for m > n, got {table[n, m]:g} at n = {n}, m = {m}")
    return table


def sine_table(name: str, value: Any, unit: str, like: np.ndarray) -> np.ndarray:
    """Return coefficients h, of the shape of g; what a parser that shifts columns would make is an error."""
    table = coefficient_table(name, value, unit)
    if table.shape != like.shape:
        raise ValueError(f"{name} must have the shape of g, {like.shape}, got shape {table.shape}")
    if np.any(table[:, 0] != 0.0):
        n = int(np.flatnonzero(table[:, 0])[0])
        raise ValueError(
            f"{name}[n, 0] must be 0, got {table[n, 0]:g} at n = {n}: h has no order 0; its columns may be shifted"
        )
    return table


def whole_degree(name: str, value: Any, least: int) -> int:
    """Return a degree: a whole number, `least` or more."""
    try:
        degree = -1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        degree = -1
    if degree < least:
        raise ValueError(f"{name} must be a whole number, {least} or more, got {value!r}")
    return degree


@dataclass(frozen=True, eq=False)
class GaussCoefficients(FramedBody, VectorPotential, ScalarPotential):
    r"""The internal field of Schmidt semi-normalised Gauss coefficients, to any degree.

    B = -grad V, V = a sum (a/r)^(n+1) (g_nm cos m phi + h_nm sin m phi) P_n^m(cos theta) [Chapman1940]_ ch. 17, in
    the body's own axes: z along the spin (north), x at longitude 0. The sums are done in Cartesian coordinates, so
    there is nothing special about the poles. They hold outside the sources; below the radius a, and inside the
    sources too, they give the same series continued (downward continuation), with its singularity at the centre,
    where all is nan. A is the toroidal vector potential -sum (1/n) r x grad V_n, in the Coulomb gauge.

    Coefficients are in tesla, as everything here; `from_nT` takes the nanotesla in which models are printed, and
    quantities with a unit are taken at either door.

    Parameters
    ----------
    g, h : array_like, shape (N + 1, N + 1), tesla
        By degree n and order m: ``g[n][m]``. ``g[0][0]``, ``h[n][0]`` and all with m > n are 0.
    radius : float, metre
        The reference radius a of the model.
    epoch : float, optional
        The decimal year they hold for.
    g_rate, h_rate : array_like, shape (N + 1, N + 1), T a year, optional
        Secular variation, for `at`.
    position : array_like, shape (3,), metre
        The body's centre.
    orientation : scipy Rotation, optional
        Takes the body's axes to the global ones.
    name : str
        What it is a model of.

    Raises
    ------
    ValueError
        If shapes do not fit, a coefficient that does not exist is not zero, or the radius is not positive.

    Examples
    --------
    >>> from magneton.sources.gauss import GaussCoefficients
    >>> planet = GaussCoefficients.from_nT([[0, 0], [-30000, 0]], [[0, 0], [0, 0]], radius=6371200.0)
    >>> planet.B([0, 0, 6371200.0]).round(12).tolist()
    [0.0, 0.0, -6e-05]
    """

    g: Any
    h: Any
    radius: Any
    epoch: Any = field(default=None, kw_only=True)
    g_rate: Any = field(default=None, kw_only=True, repr=False)
    h_rate: Any = field(default=None, kw_only=True, repr=False)
    position: Any = field(default=(0.0, 0.0, 0.0), kw_only=True)
    orientation: Any = field(default_factory=lambda: None, kw_only=True)  # no class attribute: see Framed
    name: str = field(default="", kw_only=True)

    _function: ClassVar = gauss_field
    #: The function of date and degree that made an instance, if its coefficients are those of a model in time.
    _model: ClassVar[Any] = None

    def __post_init__(self) -> None:
        g = coefficient_table("g", self.g, "T")
        tables = {"g": g, "h": sine_table("h", self.h, "T", g)}
        if (self.g_rate is None) != (self.h_rate is None):
            raise ValueError("g_rate and h_rate must be given together")
        if self.g_rate is not None:
            rate = coefficient_table("g_rate", self.g_rate, "1")
            if rate.shape != g.shape:
                raise ValueError(f"g_rate must have the shape of g, {g.shape}, got shape {rate.shape}")
            tables |= {"g_rate": rate, "h_rate": sine_table("h_rate", self.h_rate, "1", g)}
        for name, table in tables.items():
            if len(table) < 2:
                raise ValueError(f"{name} must go to degree 1 at least, got shape {table.shape}")
            if table[0, 0] != 0.0:
                raise ValueError(
                    f"{name}[0, 0] must be 0, got {table[0, 0]:g}: that would be a magnetic pole"
                )
            table.setflags(write=False)
            object.__setattr__(self, name, table)
        object.__setattr__(self, "radius", _check.positive("radius", self.radius, "m"))
        if self.epoch is not None:
            object.__setattr__(self, "epoch", _check.number("epoch", self.epoch))
        self._set_frame()

    @classmethod
    def from_nT(cls, g: Any, h: Any, radius: Any, **others: Any) -> Self:
        """Return the field of coefficients (and rates, if any) in nT, as models are printed; see the class."""
        for name in ("g_rate", "h_rate"):
            if others.get(name) is not None:
                others[name] = coefficient_table(name, others[name], "1") / 1e9
        return cls(
            coefficient_table("g", g, "nT") / 1e9, coefficient_table("h", h, "nT") / 1e9, radius, **others
        )

    def _changed(self, **changes: Any) -> Self:
        """Return the same body in the same frame with other coefficients."""
        names = ("g", "h", "radius", "epoch", "g_rate", "h_rate", "name")
        other = type(self)(**({name: getattr(self, name) for name in names} | changes))
        return other._placed(self.position, self._matrix)

    @property
    def degree(self) -> int:
        """The highest degree N."""
        return len(self.g) - 1

    def _extent(self) -> float:
        return 0.0  # the series is singular at the centre only

    def _parameters(self) -> np.ndarray:
        return gauss_params(self.g - 1j * self.h, self.radius)

    # --- the dipole ---

    @property
    def _dipole(self) -> np.ndarray:
        """(g11, h11, g10) in T: along the moment, in the body's own axes."""
        return np.array([self.g[1, 1], self.h[1, 1], self.g[1, 0]])

    @property
    def moment(self) -> np.ndarray:
        """The moment 4 pi a^3/mu_0 (g11, h11, g10), shape (3,), A m^2; the Earth's points south."""
        return 4.0 * math.pi * self.radius**3 / float(mu_0) * turned(self._matrix, self._dipole)

    @property
    def tilt(self) -> float:
        """The angle between the dipole's axis and the spin's, 0 to 90 degree, whichever way the moment points."""
        x, y, z = self._dipole_or_error("tilt")
        return math.degrees(math.atan2(math.hypot(x, y), abs(z)))

    @property
    def polarity(self) -> int:
        """Which way the moment points along the spin: +1 to the north (Jupiter), -1 to the south (the Earth now).

        0 if it lies in the equator.
        """
        return int(np.sign(self._dipole_or_error("polarity")[2]))

    @property
    def pole(self) -> tuple[float, float]:
        """Geocentric latitude and east longitude (degree) of the geomagnetic north pole.

        It is where the dipole's axis leaves the northern hemisphere, so that the moment points away from it when the
        polarity is -1. Of a dipole in the equator it is where the moment points.
        """
        x, y, z = self._dipole_or_error("pole") * (self.polarity or 1) + 0.0  # no -0: on the axis longitude 0
        return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))

    def _dipole_or_error(self, name: str) -> np.ndarray:
        if not np.any(self._dipole):
            raise NotDefined(f"GaussCoefficients has no {name}: its dipole is zero")
        return self._dipole

    @property
    def eccentric_offset(self) -> np.ndarray:
        """From the centre to the eccentric dipole, shape (3,), m, in global axes.

        About that point the quadrupole is least, and its product with the moment, Q m, is zero [FraserSmith1987]_.
        """
        x, y, z = self._dipole_or_error("eccentric_offset")
        if self.degree < 2:
            return np.zeros(3)
        (g20, g21, g22), (h21, h22) = self.g[2, :3], self.h[2, 1:3]
        parts = np.array(
            [
                -x * g20 + _SQRT3 * (z * g21 + x * g22 + y * h22),
                -y * g20 + _SQRT3 * (z * h21 - y * g22 + x * h22),
                2.0 * z * g20 + _SQRT3 * (x * g21 + y * h21),
            ]
        )
        b2 = x * x + y * y + z * z
        along = parts @ self._dipole / (4.0 * b2)
        return turned(self._matrix, self.radius * (parts - along * self._dipole) / (3.0 * b2))

    # --- the coefficients ---

    def truncated(self, degree: int) -> Self:
        """Return the field of the degrees up to `degree`."""
        kept = whole_degree("degree", degree, 1) + 1
        names = ("g", "h", "g_rate", "h_rate")
        tables = {name: getattr(self, name) for name in names}
        other = self._changed(**{k: None if v is None else v[:kept, :kept] for k, v in tables.items()})
        object.__setattr__(other, "_model", self._model)
        return other

    @property
    def power_spectrum(self) -> np.ndarray:
        """The mean square of B by degree on the sphere of radius a, shape (N + 1,), T^2 [Lowes1974]_.

        (n + 1) sum_m (g_nm^2 + h_nm^2); on another sphere it goes with (a/r)^(2 n + 4).
        """
        return (np.arange(self.degree + 1) + 1) * np.sum(self.g**2 + self.h**2, axis=1)

    @property
    def secular_variation(self) -> Self:
        """The rate of change as a field of its own: its B is dB/dt in T a year."""
        self._require_rates("secular_variation")
        return self._changed(g=self.g_rate, h=self.h_rate, g_rate=None, h_rate=None)

    def at(self, date: Any) -> Self:
        """Return the field at another date.

        A field that `earth` made is the model at that date, in its frame and to its degree. Any other goes on linearly
        by its secular variation, however far: nothing says for how long the rates hold.

        Parameters
        ----------
        date : str, datetime.date, datetime.datetime, numpy.datetime64 or number
            As for `earth`.

        Raises
        ------
        ValueError
            If it is no date, or lies outside the model.
        """
        self._require_rates("at")
        if self._model is not None:
            return self._model(date, self.degree)._placed(self.position, self._matrix)
        epoch = decimal_year(date)
        years = epoch - self.epoch
        return self._changed(g=self.g + years * self.g_rate, h=self.h + years * self.h_rate, epoch=epoch)

    def _require_rates(self, name: str) -> None:
        if self.g_rate is None or self.epoch is None:
            raise NotDefined(f"GaussCoefficients has no {name}: it needs epoch, g_rate and h_rate")

    # --- places on the body ---

    def elements(self, latitude: Any, longitude: Any, altitude: Any = 0.0) -> geodesy.Elements:
        """Return the magnetic elements at places on the Earth, on the WGS 84 ellipsoid.

        Parameters
        ----------
        latitude, longitude : array_like, degree
            Geodetic, north and east positive; they broadcast. The places move and turn with the body.
        altitude : array_like, metre
            Above the ellipsoid; it broadcasts too.

        Returns
        -------
        magneton.sources.geodesy.Elements
            north, east, down, horizontal, intensity (T), declination, inclination (degree); nan at a place with a nan.

        Raises
        ------
        ValueError
            If a latitude lies beyond a pole, something is infinite or no number, or the shapes do not broadcast.
        """
        points = geodesy.from_geodetic(latitude, longitude, altitude)
        B = self.B(turned(self._matrix, points) + self.position)
        return geodesy.elements(B @ self._matrix, latitude, longitude)
