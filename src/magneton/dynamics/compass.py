"""The compass needle in closed form: a magnetic pendulum."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ellipkm1

from magneton import _check
from magneton.dynamics._shapes import common_shape


def compass_period(amplitude: Any, moment: Any, B: Any, inertia: Any) -> Any:
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
    float or ndarray, second
        The period, of the arguments' shape by broadcasting.

    Raises
    ------
    ValueError
        If an amplitude is not between 0 and pi, or another argument is not positive.

    Examples
    --------
    >>> import numpy as np
    >>> from magneton.dynamics import compass_period
    >>> round(compass_period(np.radians(30), 0.1, 2e-5, 2e-7), 6)
    2.021508
    """
    amplitude = _check.numbers("amplitude", amplitude, "rad")
    wrong = amplitude[~((amplitude > 0.0) & (amplitude < np.pi))]
    if wrong.size:
        raise ValueError(f"amplitude must lie between 0 and pi, got {wrong[0]:g}")
    m, field = _check.positives("moment", moment, "A m^2"), _check.positives("B", B, "T")
    i = _check.positives("inertia", inertia, "kg m^2")
    common_shape(amplitude=amplitude.shape, moment=m.shape, B=field.shape, inertia=i.shape)
    return _check.plain(4.0 * np.sqrt(i / (m * field)) * ellipkm1(np.cos(0.5 * amplitude) ** 2))
