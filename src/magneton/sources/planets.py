"""The Earth by IGRF-14 at a date, and other planets by published models."""

from __future__ import annotations

import functools
import importlib.resources
import json
from typing import Any

import numpy as np

from magneton.sources.dates import decimal_year
from magneton.sources.gauss import GaussCoefficients

#: Reference radius of the IGRF (m).
EARTH_RADIUS = 6371200.0


def _data(name: str) -> str:
    return (importlib.resources.files("magneton.sources") / "data" / name).read_text(encoding="utf-8")


def _rows(name: str) -> tuple[list[str], list[list[str]]]:
    """Return the column names and the rows of a packaged table."""
    lines = [line.split(",") for line in _data(name).splitlines() if line and not line.startswith("#")]
    return lines[0], lines[1:]


def _tables(rows: list[list[str]], columns: int) -> np.ndarray:
    """Return g and h of rows (kind, n, m, values ...), shape (2, columns, N + 1, N + 1), in the unit of the table."""
    degree = max(int(row[1]) for row in rows)
    out = np.zeros((2, columns, degree + 1, degree + 1))
    for kind, n, m, *values in rows:
        out["gh".index(kind), :, int(n), int(m)] = [float(v) for v in values]
    return out


# --- the Earth -------------------------------------------------------------------------------------------


@functools.cache
def _igrf() -> tuple[np.ndarray, np.ndarray]:
    """Return the epochs, 1900 to 2030, and the coefficients at them, shape (2, epochs, 14, 14), in nT."""
    header, rows = _rows("igrf14.csv")
    tables = _tables(rows, len(header) - 3)
    epochs = np.array([float(name) for name in header[3:-1]])
    last = tables[:, -2] + 5.0 * tables[:, -1]  # 2030, by the secular variation
    return np.append(epochs, epochs[-1] + 5.0), np.concatenate([tables[:, :-1], last[:, None]], axis=1)


def earth(date: Any, degree: int = 13) -> GaussCoefficients:
    """Return the Earth's main field at a date, by IGRF-14.

    Coefficients are linear in time between the model's epochs, five years apart, and after 2025 by its predicted
    secular variation [IGRF14]_. The axes are geographic: z north, x at longitude 0.

    Parameters
    ----------
    date : str, datetime.date, datetime.datetime or number
        ISO 8601 text ("2025-07-02", "2025") or such an object, in UTC unless it says another zone; a number is a
        decimal year. 1900 to 2030.
    degree : int
        The highest degree wanted, 1 to 13 (before 2000 the model stops at 10).

    Returns
    -------
    GaussCoefficients
        With `epoch`, and the rates of the five years around it; `at` is the model at another date, as far as it goes.

    Raises
    ------
    ValueError
        If the date lies outside the model or is no date.

    Examples
    --------
    >>> from magneton.sources.planets import earth
    >>> field = earth("2025-01-01")
    >>> [round(x, 3) for x in field.pole]
    [80.789, -72.763]
    >>> round(float(field.elements(52.5, 13.4).intensity) * 1e9)  # Berlin, nT
    50018
    """
    year = decimal_year(date)
    epochs, tables = _igrf()
    if not epochs[0] <= year <= epochs[-1]:
        raise ValueError(f"date must lie between {epochs[0]:g} and {epochs[-1]:g} for IGRF-14, got {date!r}")
    i = min(int(np.searchsorted(epochs, year, side="right")) - 1, len(epochs) - 2)
    rate = (tables[:, i + 1] - tables[:, i]) / (epochs[i + 1] - epochs[i])
    g, h = tables[:, i] + (year - epochs[i]) * rate
    field = GaussCoefficients.from_nT(
        g, h, EARTH_RADIUS, epoch=year, g_rate=rate[0], h_rate=rate[1], name="Earth, IGRF-14"
    )
    object.__setattr__(field, "_model", earth)
    return field.truncated(degree)


# --- the planets -----------------------------------------------------------------------------------------


@functools.cache
def _models() -> dict[str, dict[str, Any]]:
    return json.loads(_data("planets.json"))


def planet_sources() -> dict[str, dict[str, Any]]:
    """Return what `planet` knows: by name the model, its reference radius (km), its axes and its citation."""
    return {name: dict(about) for name, about in _models().items()}


def planet(name: str) -> GaussCoefficients:
    """Return the internal field of a planet or moon, by a published model.

    Mercury (Anderson et al. 2012), Jupiter (JRM33, to degree 13), Saturn (Cassini 11+), Uranus (AH5), Neptune (O8) and
    Ganymede (its permanent dipole); `planet_sources` gives their citations, radii and axes. The Earth's field
    changes from year to year: it is `earth(date)`.

    Parameters
    ----------
    name : str
        In any case.

    Returns
    -------
    GaussCoefficients
        With the reference radius of the model's own paper.

    Raises
    ------
    ValueError
        If there is no such model; the error lists those that exist.

    Examples
    --------
    >>> from magneton.sources.planets import planet
    >>> round(planet("Neptune").tilt, 3)
    46.901
    """
    key = name.strip().lower() if isinstance(name, str) else ""
    if key == "earth":
        raise ValueError("the Earth's field changes from year to year: use earth(date)")
    if key not in _models():
        known = ", ".join(about["name"] for about in _models().values())
        raise ValueError(f"name must be one of {known} (for the Earth use earth(date)), got {name!r}")
    about = _models()[key]
    rows = [row[1:] for row in _rows("planets.csv")[1] if row[0] == key]
    g, h = _tables(rows, 1)[:, 0]
    return GaussCoefficients.from_nT(
        g, h, about["radius_km"] * 1000.0, name=f"{about['name']}, {about['model']}"
    )
