"""Current sheets: Harris's, a step between two fields, and a row of many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np

from magneton import _check
from magneton.kernels.em_sheets import sheet, sheet_row
from magneton.orbits.fields._shared import chosen, set_checked
from magneton.orbits.fields.base import TimedField

#: In the order of their codes in `magneton.kernels.em_sheets`.
PROFILES = ("tanh", "linear")


@dataclass(frozen=True, eq=False)
class HarrisSheet(TimedField):
    """A Harris current sheet across the own z: B = (B0 tanh(z/L), guide, normal).

    The profile of the self-consistent sheet of [Harris1962]_, with a guide field along the current and a component
    through the sheet. The vector potential, (guide z, normal x - B0 L ln cosh(z/L), 0), leaves p_y conserved.

    Parameters
    ----------
    B0 : float, tesla
        Far from the sheet, along x above and against it below.
    thickness : float, metre
        L, positive: the half-thickness.
    normal : float, tesla
        Bz, through the sheet.
    guide : float, tesla
        By, along the current.
    position : array_like, shape (3,), metre
        A point in the middle of the sheet.
    orientation : scipy Rotation, optional
        Takes the field's frame to the global one; the sheet's normal is its +z.
    """

    B0: Any
    thickness: Any
    normal: Any = 0.0
    guide: Any = 0.0

    _function: ClassVar = sheet

    def __post_init__(self) -> None:
        set_checked(
            self,
            B0=_check.number("B0", self.B0, "T"),
            thickness=_check.positive("thickness", self.thickness, "m"),
            normal=_check.number("normal", self.normal, "T"),
            guide=_check.number("guide", self.guide, "T"),
        )
        self._set_frame()

    def _parameters(self) -> np.ndarray:
        return np.array([0.0, self.thickness, 0.0, self.guide, self.normal, self.B0, 0.0])


@dataclass(frozen=True, eq=False)
class SheetStep(TimedField):
    """A current sheet between two uniform fields: B = (B1 + B2)/2 + (B2 - B1)/2 T(z/L).

    Magnitude, direction or both may change; what goes through the sheet, Bz, may not. T(u) is tanh u, or u between
    -1 and 1 (``"linear"``), where all of the current flows in |z| < L and dB/dz is undefined (nan) on z = +-L.

    Parameters
    ----------
    B1, B2 : array_like, shape (3,), tesla
        Below the sheet (z to -infinity) and above it, in its own frame; of equal Bz.
    thickness : float, metre
        L, positive: the half-thickness, as of a Harris sheet; the slope in the middle is (B2 - B1)/(2 L).
    profile : {"tanh", "linear"}
        The form of T.
    position : array_like, shape (3,), metre
        A point in the middle of the sheet.
    orientation : scipy Rotation, optional
        Takes the field's frame to the global one; the sheet's normal is its +z.

    Raises
    ------
    ValueError
        If B1 and B2 differ in z, the thickness is not positive, or the profile unknown.
    """

    B1: Any
    B2: Any
    thickness: Any
    profile: str = "tanh"

    _function: ClassVar = sheet

    def __post_init__(self) -> None:
        B1, B2 = _check.vector("B1", self.B1, "T"), _check.vector("B2", self.B2, "T")
        if B1[2] != B2[2]:
            raise ValueError(f"B2 must have the z of B1, {B1[2]:g}, as div B = 0, got {B2[2]:g}")
        chosen("profile", self.profile, PROFILES)
        set_checked(self, B1=B1, B2=B2, thickness=_check.positive("thickness", self.thickness, "m"))
        self._set_frame()

    def _parameters(self) -> np.ndarray:
        mean, half = 0.5 * (self.B1 + self.B2), 0.5 * (self.B2 - self.B1)
        return np.array([PROFILES.index(self.profile), self.thickness, *mean, half[0], half[1]])


@dataclass(frozen=True, eq=False)
class SheetRow(TimedField):
    """A row of current sheets across the own z: an intermittent medium.

    Between the sheets the field is uniform; sheet i, at z_i, takes it from plateau i to plateau i + 1 as
    (1 + tanh((z - z_i)/L_i))/2. A point costs the logarithm of the number of sheets and the sheets within 20 of the
    largest L, beyond which tanh is one to rounding. The vector potential depends on z and x only: p_y is conserved.

    Parameters
    ----------
    positions : array_like, shape (n,), metre
        z_i, ascending.
    thicknesses : array_like, shape (n,) or a number, metre
        The half-thicknesses L_i, positive.
    plateaus : array_like, shape (n + 1, 3), tesla
        B between the sheets, in the field's own frame; all of equal Bz.
    position : array_like, shape (3,), metre
        Where z = 0.
    orientation : scipy Rotation, optional
        Takes the field's frame to the global one; the sheets' normal is its +z.

    Raises
    ------
    ValueError
        If the positions do not ascend, a thickness is not positive, or the plateaus differ in z.
    """

    positions: Any
    thicknesses: Any
    plateaus: Any

    _function: ClassVar = sheet_row

    def __post_init__(self) -> None:
        positions = _list("positions", self.positions)
        if not np.all(np.diff(positions) > 0.0):
            raise ValueError(f"positions must ascend, got {_check.shown(self.positions)}")
        n = len(positions)
        thicknesses = _check.real_array("thicknesses", self.thicknesses, "m", "a number or n numbers")
        if thicknesses.shape not in ((), (n,)) or np.any(thicknesses <= 0.0):
            raise ValueError(
                f"thicknesses must be positive, one or as many as positions ({n}), "
                f"got {_check.shown(self.thicknesses)}"
            )
        plateaus = _check.vectors("plateaus", self.plateaus, "T")
        if len(plateaus) != n + 1:
            raise ValueError(f"plateaus must be one more than the {n} positions, got {len(plateaus)}")
        if np.any(plateaus[:, 2] != plateaus[0, 2]):
            raise ValueError(f"plateaus must be of equal z, as div B = 0, got {_check.shown(plateaus[:, 2])}")
        thicknesses = np.broadcast_to(thicknesses, (n,)).copy()
        set_checked(self, positions=positions, thicknesses=thicknesses, plateaus=plateaus)
        self._set_frame()

    @classmethod
    def random(
        cls,
        count: Any,
        spacing: Any,
        thickness: Any,
        normal: Any,
        fluctuation: Any,
        seed: Any,
        mean: Any = (0.0, 0.0),
        **frame: Any,
    ) -> Self:
        """Return a row of random spacing and strength.

        Parameters
        ----------
        count : int
            How many sheets; at least one.
        spacing : float, metre
            The mean gap; gaps are exponential, as of sheets strewn at random, the first from z = 0.
        thickness : float or (float, float), metre
            Half-thickness of all, or the range within which its logarithm is uniform.
        normal : float, tesla
            Bz, the same everywhere.
        fluctuation : float, tesla
            Standard deviation of Bx and of By, normal and independent from plateau to plateau.
        seed : int or numpy.random.Generator
            Where the random numbers come from.
        mean : array_like, shape (2,), tesla
            The mean of Bx and By.
        **frame
            `position` and `orientation`.

        Returns
        -------
        SheetRow
            The same for the same seed.
        """
        whole = _check.whole_numbers("count", count, "a whole number")
        if whole.shape or whole < 1:
            raise ValueError(f"count must be a whole number of at least 1, got {_check.shown(count)}")
        n = int(whole)
        spacing = _check.positive("spacing", spacing, "m")
        fluctuation = _check.positive("fluctuation", fluctuation, "T")
        low, high = _range("thickness", thickness)
        average = _list("mean", mean, "T")
        if len(average) != 2:
            raise ValueError(f"mean must be 2 numbers, got {_check.shown(mean)}")
        generator = _generator(seed)
        positions = np.cumsum(generator.exponential(spacing, n))
        plateaus = np.full((n + 1, 3), _check.number("normal", normal, "T"))
        plateaus[:, :2] = average + fluctuation * generator.standard_normal((n + 1, 2))
        thicknesses = low * (high / low) ** generator.uniform(size=n)
        return cls(positions, thicknesses, plateaus, **frame)

    def _parameters(self) -> np.ndarray:
        across = self.plateaus[:, :2]
        sums = np.zeros_like(across)
        sums[1:] = np.cumsum(self.positions[:, None] * np.diff(across, axis=0), axis=0)
        head = [len(self.positions), self.plateaus[0, 2], np.max(self.thicknesses)]
        return np.concatenate([head, self.positions, self.thicknesses, *across.T, *sums.T])


def _list(name: str, value: Any, unit: str = "m") -> np.ndarray:
    """Return a list of numbers, shape (n,) with n >= 1."""

    def shape(array: np.ndarray) -> None:
        if array.ndim != 1 or not len(array):
            raise ValueError(f"{name} must have shape (n,), n at least 1, got shape {array.shape}")

    return _check.real_array(name, value, unit, "a list of numbers", shape)


def _range(name: str, value: Any) -> tuple[float, float]:
    """Return the ends of a range of lengths, given as two or as one."""
    ends = _check.real_array(name, value, "m", "a number or two")
    if ends.shape not in ((), (2,)) or np.any(ends <= 0.0) or (ends.size == 2 and ends[0] > ends[1]):
        raise ValueError(f"{name} must be positive, one number or a range of two, got {_check.shown(value)}")
    return float(ends.flat[0]), float(ends.flat[-1])


def _generator(seed: Any) -> np.random.Generator:
    if isinstance(seed, np.random.Generator):
        return seed
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(
            f"seed must be a whole number of at least 0 or a numpy Generator, got {_check.shown(seed)}"
        )
    return np.random.default_rng(int(seed))
