"""Electric fields without a magnetic one: uniform, and along one axis from a potential."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from magneton import _check
from magneton.kernels.em_uniform import parallel_e, uniform_e
from magneton.orbits.fields._shared import chosen, set_checked
from magneton.orbits.fields.base import TimedField

#: In the order of their codes in `magneton.kernels.em_uniform`.
PROFILES = ("linear", "step", "hill")


@dataclass(frozen=True, eq=False)
class UniformE(TimedField):
    """A uniform electric field; B = 0, A = 0 and phi = -E.(r - position).

    Parameters
    ----------
    E0 : array_like, shape (3,), V/m
        The electric field, in the frame that `orientation` turns.
    position : array_like, shape (3,), metre
        Where the potential is zero.
    orientation : scipy Rotation, optional
        Takes the field's frame to the global one.

    Examples
    --------
    >>> from magneton import UniformField
    >>> from magneton.orbits.fields import UniformE
    >>> crossed = UniformField([0, 0, 1e-4]) + UniformE([0, 1.0, 0])
    >>> crossed.E([0, 0, 0]).tolist()
    [0.0, 1.0, 0.0]
    """

    E0: Any

    _function: ClassVar = uniform_e

    def __post_init__(self) -> None:
        set_checked(self, E0=_check.vector("E0", self.E0, "V/m"))
        self._set_frame()

    @property
    def electric(self) -> bool:
        """Whether E is anywhere other than zero."""
        return bool(np.any(self.E0))

    def _parameters(self) -> np.ndarray:
        return self.E0


@dataclass(frozen=True, eq=False)
class ParallelE(TimedField):
    """An electric field along the own z axis that comes from a potential: Ez = -dphi/dz, B = 0, A = 0.

    Along the axis of a magnetic field it does work on the parallel motion: where a particle reflects shifts, and
    m v^2/2 + q phi is kept. With u = z/width, phi is

    - ``"linear"``: height u, a uniform field;
    - ``"step"``: height (1 + tanh u)/2, a double layer: from 0 at -infinity to the height at +infinity;
    - ``"hill"``: height exp(-u^2).

    Parameters
    ----------
    height : float, volt
        Of the potential; signed.
    width : float, metre
        Positive.
    profile : {"step", "hill", "linear"}
        The potential's form.
    position : array_like, shape (3,), metre
        Where z = 0.
    orientation : scipy Rotation, optional
        Takes the field's frame to the global one: see `along`.

    Raises
    ------
    ValueError
        If the width is not positive or the profile unknown.
    """

    height: Any
    width: Any
    profile: str = "step"

    _function: ClassVar = parallel_e

    def __post_init__(self) -> None:
        chosen("profile", self.profile, PROFILES)
        set_checked(
            self,
            height=_check.number("height", self.height, "V"),
            width=_check.positive("width", self.width, "m"),
        )
        self._set_frame()

    @property
    def electric(self) -> bool:
        """Whether E is anywhere other than zero."""
        return self.height != 0.0

    def _parameters(self) -> np.ndarray:
        return np.array([PROFILES.index(self.profile), self.height, self.width])
