"""Dates as decimal years, which is how models of planets count time."""

from __future__ import annotations

import calendar
import datetime
import re
from typing import Any

import numpy as np

from magneton import _check

_BARE_YEAR = re.compile(r"[0-9]{4}")


def decimal_year(date: Any) -> float:
    """Return a date as a decimal year: the year, and the part of it that has passed by the calendar.

    Parameters
    ----------
    date : str, datetime.date, datetime.datetime, numpy.datetime64 or number
        ISO 8601 text ("2025-07-02", "2025-07-02T12:00:00Z") or such an object, in UTC unless it says another zone;
        a day alone begins at midnight, a year alone ("2025") on its first day. A number is a decimal year already.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If it is no date.

    Examples
    --------
    >>> from magneton.sources.dates import decimal_year
    >>> decimal_year("2025-07-02T12:00")
    2025.5
    """
    if isinstance(date, np.datetime64):
        date = date.astype("datetime64[us]").item()
    if isinstance(date, str):
        if _BARE_YEAR.fullmatch(date):
            return float(date)
        try:
            date = datetime.datetime.fromisoformat(date)
        except ValueError:
            raise ValueError(
                f"date must be ISO 8601 text such as '2025-07-02' or '2025', got {date!r}"
            ) from None
    elif isinstance(date, datetime.date) and not isinstance(date, datetime.datetime):
        date = datetime.datetime(date.year, date.month, date.day)
    if not isinstance(date, datetime.datetime):
        return _check.number("date", date)
    if date.tzinfo is not None:
        date = date.astimezone(datetime.UTC).replace(tzinfo=None)
    begin = datetime.datetime(date.year, 1, 1)
    return date.year + (date - begin) / datetime.timedelta(366 if calendar.isleap(date.year) else 365)
