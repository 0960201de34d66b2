"""What the model fields share in checking their arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from magneton import _check
from magneton.sources.framed import turning_z_to


def along(direction: Any) -> Any:
    """Return the orientation that points the +z of a field's own frame in a direction.

    Parameters
    ----------
    direction : array_like, shape (3,)
        Of any length but zero.

    Returns
    -------
    scipy Rotation
        The shortest rotation from +z to the direction.

    Raises
    ------
    ValueError
        If the direction is zero or no vector.

    Examples
    --------
    >>> from magneton.orbits.fields import HarrisSheet, along
    >>> sheet = HarrisSheet(20e-9, 5e5, orientation=along([1, 0, 0]))  # B changes along x
    """
    # scipy.spatial takes long to import, and most fields need no turning.
    from scipy.spatial.transform import Rotation

    direction = _check.vector("direction", direction)
    if not np.any(direction):
        raise ValueError("direction must not be zero, got [0, 0, 0]")
    return Rotation.from_matrix(turning_z_to(direction))


def chosen(name: str, value: Any, choices: Sequence[str]) -> int:
    """Return the place of a text among those allowed."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {_check.shown(value)}")
    return choices.index(value)


def not_zero(name: str, value: Any, unit: str = "1") -> float:
    """Return a number other than zero."""
    result = _check.number(name, value, unit)
    if result == 0.0:
        raise ValueError(f"{name} must not be zero, got {result:g}")
    return result


def set_checked(instance: Any, **values: Any) -> None:
    """Set attributes of a frozen dataclass to what the checks returned."""
    for name, value in values.items():
        object.__setattr__(instance, name, value)
