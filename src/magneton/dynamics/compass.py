"""The compass needle in closed form: a magnetic pendulum."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ellipkm1

from magneton import _check


def compass_period(amplitude: Any, moment: Any, B: Any, inertia: Any) -> np.ndarray:
    """Return the period of a needle that swings about the field without friction.

    T = 4 sqrt(I/(m B)) K(k), k = sin(amplitude/2): a pendulum's, by the complete elliptic integral of the first kind
    [DLMF2024]_ 22.19.1; 2 pi sqrt(I/(m B)) for small swings.

    Parameters
    ----------
    amplitude : array_like, rad
        The largest angle from the field, above 0 and below pi.
    moment, B, inertia : array_like, A m^2, T and kg m^2
        The needle's moment, the flux density across its axis and its moment of inertia about the axis; all positive.

    Returns
    -------
    ndarray, second
        The period, of the arguments' shape by broadcasting.

    Raises
    ------
    ValueError
        If an amplitude is not between 0 and pi, or another argument is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> from magneton.dynamics import compass_period
    >>> round(float(compass_period(np.radians(30), 0.1, 2e-5, 2e-7)), 6)
    2.021508
    """
    amplitude = _check.numbers("amplitude", amplitude, "rad")
    if not ((amplitude > 0.0) & (amplitude < np.pi)).all():
        raise ValueError(f"amplitude must lie between 0 and pi, got {_check.shown(amplitude)}")
    checked = []
    for name, value, unit in (("moment", moment, "A m^2"), ("B", B, "T"), ("inertia", inertia, "kg m^2")):
        numbers = _check.numbers(name, value, unit)
        if not (numbers > 0.0).all():
            raise ValueError(f"{name} must be positive, got {_check.shown(value)}")
        checked.append(numbers)
    m, field, i = checked
    return 4.0 * np.sqrt(i / (m * field)) * ellipkm1(np.cos(0.5 * amplitude) ** 2)
