"""A particle of one domain with one easy axis: its wells, its barriers and its loop (Stoner and Wohlfarth)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton._check import integer, numbers, plain, positive, with_gaps
from magneton.dynamics import _wells


def stoner_wohlfarth_switching_field(psi: Any) -> Any:
    """Return the field at which a particle switches, in units of its anisotropy field B_k = 2 K V/m.

    Parameters
    ----------
    psi : float or array_like
        Angle between field and easy axis in rad, any.

    Returns
    -------
    float or ndarray
        (abs(sin)^(2/3) + abs(cos)^(2/3))^(-3/2), between 1/2 and 1 ([StonerWohlfarth1948]_). It has cusps on the axis
        and across it: pi/2 as a float is 6e-17 off, and the value there is 2e-11 below 1.

    Examples
    --------
    >>> import numpy as np
    >>> print(round(stoner_wohlfarth_switching_field(np.radians(10.0)), 6))
    0.673805
    """
    angle = numbers("psi", psi, "rad")
    return plain((np.cbrt(np.sin(angle)) ** 2 + np.cbrt(np.cos(angle)) ** 2) ** -1.5)


@dataclass(frozen=True)
class StonerWohlfarth:
    """A particle whose moment keeps its size and has one easy axis.

    Parameters
    ----------
    moment : float
        In A m^2.
    B_k : float
        Anisotropy field 2 K V/moment in T, positive; `from_anisotropy` makes it from K, V and M_s.

    Notes
    -----
    E = -(moment B_k/2) cos^2(phi) - moment B cos(phi - psi), with phi and psi the angles of the moment and of the field
    with the easy axis, in the plane of both ([StonerWohlfarth1948]_). B may have either sign. At T = 0.

    Examples
    --------
    A particle of cobalt, 10 nm across, at 30 degrees from the field:

    >>> import numpy as np
    >>> particle = StonerWohlfarth.from_anisotropy(4.5e5, 4 / 3 * np.pi * 5e-9**3, 1.44e6)
    >>> print(round(particle.B_k, 4), "T")
    0.625 T
    >>> loop = particle.hysteresis([1.0, 0.0, -0.3, -0.35], np.pi / 6)
    >>> print(np.round(loop / particle.moment, 4))
    [ 0.9814  0.866   0.5496 -0.9444]
    """

    moment: float
    B_k: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "moment", positive("moment", self.moment, "A m^2"))
        object.__setattr__(self, "B_k", positive("B_k", self.B_k, "T"))

    @classmethod
    def from_anisotropy(cls, K: float, volume: float, M_s: float) -> StonerWohlfarth:
        """Return the particle of an anisotropy K in J/m^3, a volume in m^3 and a magnetization in A/m."""
        magnetization = positive("M_s", M_s, "A/m")
        return cls(
            magnetization * positive("volume", volume, "m^3"),
            2.0 * positive("K", K, "J/m^3") / magnetization,
        )

    @property
    def barrier(self) -> float:
        """The barrier K V = moment B_k/2 between the wells without a field, in J."""
        return 0.5 * self.moment * self.B_k

    def energy(self, phi: Any, B: Any, psi: Any) -> Any:
        """Return the energy in J of a moment at an angle phi from the axis (or nan); 0 across it without a field."""
        angle = with_gaps("phi", phi, "rad", "an angle or an array of angles")
        field, tilt = self._reduced(B, psi)
        return plain(-2.0 * self.barrier * (0.5 * np.cos(angle) ** 2 + field * np.cos(angle - tilt)))

    def equilibrium_angles(self, B: Any, psi: Any) -> np.ndarray:
        """Return the angles at which the energy is least.

        Parameters
        ----------
        B : float or array_like
            In T, of either sign.
        psi : float or array_like
            Angle between the field and the axis in rad; broadcasts with `B`.

        Returns
        -------
        ndarray, shape (..., 2)
            In rad from -pi to pi: of the well on the positive side of the axis, and of that on the negative side; nan
            for a well that is not there.
        """
        return _wells.minima(*self._reduced(B, psi))

    def unstable_angles(self, B: Any, psi: Any) -> np.ndarray:
        """Return the angles of the saddle between the wells, nan outside the astroid, and of the highest energy."""
        return _wells.maxima(*self._reduced(B, psi))

    def barriers(self, B: Any, psi: Any) -> np.ndarray:
        """Return the heights of the saddle over both wells in J, shape (..., 2).

        They are in the order of `equilibrium_angles`, and nan outside the astroid, where there is one well only.
        On the axis they are K V (1 +- B/B_k)^2 ([Brown1963]_).
        """
        return 2.0 * self.barrier * _wells.barriers(*self._reduced(B, psi))

    def switching_field(self, psi: Any) -> Any:
        """Return the field in T at which the well against the field ends; see `stoner_wohlfarth_switching_field`."""
        return self.B_k * stoner_wohlfarth_switching_field(psi)

    def coercive_field(self, psi: Any) -> Any:
        """Return the field in T that takes the moment along it to zero: by switching, or by turning past 45 degrees."""
        angle = numbers("psi", psi, "rad")
        turning = np.abs(np.sin(angle)) > np.abs(np.cos(angle))
        turned = 0.5 * np.abs(np.sin(2.0 * angle))
        return plain(self.B_k * np.where(turning, turned, stoner_wohlfarth_switching_field(angle)))

    def astroid(self, points: int = 361) -> np.ndarray:
        """Return the closed curve of fields (along, across) in T with two wells inside it, shape (points, 2).

        Parameters
        ----------
        points : int
            2 or more; the last is the first.
        """
        turn = np.linspace(0.0, 2.0 * np.pi, integer("points", points, 2))
        return self.B_k * np.stack([np.cos(turn) ** 3, np.sin(turn) ** 3], -1)

    def branch(self, B: Any, psi: Any, start: int | None = None) -> np.ndarray:
        """Return the angle of the moment along a sequence of fields: it stays in its well until that ends.

        Parameters
        ----------
        B : array_like, shape (n,)
            The fields in T, one after another.
        psi : float or array_like, shape (...)
            Angle between the line of the fields and the axis in rad.
        start : {1, -1}, optional
            The well at the start, on the positive or negative side of the axis; by default the lower one (the positive
            one if they are equal).

        Returns
        -------
        ndarray, shape (..., n)
            In rad from -pi to pi.
        """
        field = numbers("B", B, "T")
        if field.ndim != 1:
            raise ValueError(f"B must have shape (n,), got shape {field.shape}")
        if start not in (1, -1, None):
            raise ValueError(f"start must be 1, -1 or None, got {start!r}")
        h, tilt = self._reduced(field, psi)
        tilt = tilt[..., None]
        wells = _wells.minima(h, tilt)
        lower = np.where(h * np.cos(tilt) >= 0.0, 0, 1)
        first = np.arange(field.size) == 0
        forced = np.isnan(wells).any(-1) | (first if start is None else False)
        # the index of the last field that left one well only, -1 before any
        last = np.maximum.accumulate(np.where(forced, np.arange(field.size), -1), axis=-1)
        side = np.where(last < 0, 0 if start == 1 else 1, np.take_along_axis(lower, np.maximum(last, 0), -1))
        return np.take_along_axis(wells, side[..., None], -1)[..., 0]

    def hysteresis(self, B: Any, psi: Any, start: int | None = None) -> np.ndarray:
        """Return the moment along the field in A m^2 for a sequence of fields; arguments as in `branch`."""
        tilt = numbers("psi", psi, "rad")[..., None]
        return self.moment * np.cos(self.branch(B, psi, start) - tilt)

    def _reduced(self, B: Any, psi: Any) -> tuple[np.ndarray, np.ndarray]:
        """Return B/B_k and psi."""
        return numbers("B", B, "T") / self.B_k, numbers("psi", psi, "rad")
