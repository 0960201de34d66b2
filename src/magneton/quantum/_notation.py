"""How values with an uncertainty are written."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Context, Decimal

#: Magnitudes outside of these are written with a power of ten.
_PLAIN = (1e-5, 1e7)


def concise_notation(value: float, uncertainty: float) -> str:
    """Return a value with its standard uncertainty, in units of the last digit, in parentheses.

    As many digits of the uncertainty are shown as either number has, and no more than two.

    Parameters
    ----------
    value, uncertainty : float
        In one unit. With an uncertainty of 0 (exact) the value stands alone, and with nan (unknown) to ten digits:
        no table without uncertainties prints more, and models do not know more.

    Returns
    -------
    str

    Examples
    --------
    >>> concise_notation(2.79284734463, 8.2e-10)
    '2.79284734463(82)'
    >>> concise_notation(2.458, 0.01)
    '2.458(10)'
    >>> concise_notation(1.4106067954513e-26, 6.04e-36)
    '1.41060679545(60)e-26'
    """
    if math.isnan(uncertainty):
        return f"{value:.10g}"
    if not (math.isfinite(value) and math.isfinite(uncertainty) and uncertainty > 0.0):
        return f"{value:.17g}" if value != float(f"{value:.15g}") else f"{value:.15g}"
    number, error = Decimal(repr(float(value))), Decimal(repr(float(uncertainty)))
    power = 0
    if value and not _PLAIN[0] <= abs(value) < _PLAIN[1]:
        power = number.adjusted()
        number, error = number.scaleb(-power), error.scaleb(-power)
    two_digits = 1 - Context(prec=2).plus(error).adjusted()
    places = max(0, min(two_digits, max(_decimals(number), _decimals(error))))
    unit = Decimal(1).scaleb(-places)
    number, error = (each.quantize(unit, ROUND_HALF_UP) for each in (number, error))
    return f"{number:f}({error.scaleb(places):.0f})" + (f"e{power}" if power else "")


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0
