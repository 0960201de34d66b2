"""The columns of a file of readings, as arrays in SI that know where they stood, and readings from them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from magneton import _check
from magneton.estimation._columns import Heading
from magneton.estimation._input import Missing
from magneton.estimation.readings import Readings

_EXAMPLE = "x [mm], y [mm], z [mm], Bx [nT], By [nT], Bz [nT]"


@dataclass
class Sheet:
    """Columns by their role's key, shape (n,), nan where a cell was empty.

    Attributes
    ----------
    name : str
        Of the file.
    columns : dict of str to ndarray, shape (n,)
        In SI.
    headings : dict of str to Heading
        Of the columns.
    place : callable
        Says where in the file a row stands: "line 17".
    sensor : ndarray of str, shape (n,), or None
        Names of the sensors.
    unused : list of str
        Headings of columns that mean nothing here.
    """

    name: str
    columns: dict[str, np.ndarray]
    headings: dict[str, Heading]
    place: Callable[[int], str]
    sensor: np.ndarray | None = None
    unused: list[str] = field(default_factory=list)

    def has(self, *keys: str) -> bool:
        """Return whether all of these columns hold something."""
        return all(key in self.columns and not np.isnan(self.columns[key]).all() for key in keys)

    def some(self, *keys: str) -> list[str]:
        """Return those of the columns that hold something."""
        return [key for key in keys if self.has(key)]

    def stack(self, *keys: str) -> np.ndarray:
        """Return columns beside each other, shape (n, k)."""
        return np.stack([self.columns[key] for key in keys], axis=1)

    def fail(self, text: str) -> ValueError:
        """Return an error that names the file."""
        return ValueError(f"{self.name}: {text}")

    def found(self) -> str:
        """Return the headings in words."""
        return ", ".join([heading.text for heading in self.headings.values()] + self.unused) or "nothing"

    def require_full(self, keys: list[str], where: np.ndarray, why: str, advice: str = "") -> None:
        """Require that columns have no empty cell in some rows."""
        bad = np.isnan(self.stack(*keys)) & where[:, None]
        if bad.any():
            row, column = np.argwhere(bad)[0]
            more = f" (nor have {bad.sum() - 1} other cells)" if bad.sum() > 1 else ""
            heading = self.headings[keys[column]].text
            raise self.fail(f"{self.place(row)}: {heading} has no value{more}, but {why}{advice}")


def readings_of(sheet: Sheet, missing: Missing, noise: Any) -> Readings:
    """Return the readings of a file."""
    if missing not in ("raise", "drop"):
        raise ValueError(f'missing must be "raise" or "drop", got {missing!r}')
    lost = [k for k in "xyz" if not sheet.has(k)]
    if lost:
        raise sheet.fail(
            f"columns {', '.join(lost)} must be there with numbers, as in '{_EXAMPLE}'; "
            f"a line '# {lost[0]}: 0 mm' says what is the same for all rows; found {sheet.found()}"
        )
    kind, keys = _kind(sheet)
    values = sheet.stack(*keys)
    given = np.asarray(~np.isnan(values).all(axis=1))
    if missing == "raise":
        advice = "; missing='drop' leaves such readings out"
        sheet.require_full(keys, np.ones(len(values), dtype=bool), "a reading was expected there", advice)
    if not given.any():
        raise sheet.fail("at least one row with a reading must be there")
    sheet.require_full(list("xyz"), given, "the sensor's place must be known")
    return _made(sheet, kind, keys, given, noise)


def _kind(sheet: Sheet) -> tuple[str, list[str]]:
    """Return which kind of readings the file has, and their columns; tell of columns that are not used."""
    components, along = sheet.some("Bx", "By", "Bz"), ("B", "ux", "uy", "uz")
    unused = list(sheet.unused)
    if len(components) == 2:
        raise sheet.fail(
            f"Bx, By and Bz must all be there, or one of them, got {' and '.join(components)}; "
            f"found {sheet.found()}"
        )
    if components:
        kind, keys = "vector", components
    elif sheet.has(*along):
        kind, keys = "axis", ["B"]
    elif sheet.has("F"):
        kind, keys = "total", ["F"]
        if not sheet.has("ambient_x", "ambient_y", "ambient_z"):
            raise sheet.fail(
                "the field without target must be given with a total field: columns ambient_x, ambient_y, ambient_z, "
                f"or a line such as '# ambient: 18000, 500, -42000 nT'; found {sheet.found()}"
            )
    else:
        lost = f"columns {', '.join(sorted(set(along[1:]) - set(sheet.columns)))} must be there with B; " if (
            sheet.has("B")
        ) else ""  # fmt: skip
        raise sheet.fail(
            f"{lost}readings must be Bx, By, Bz (or one of them), or B with its axis ux, uy, uz, or the total field F "
            f"with ambient_x, ambient_y, ambient_z; found {sheet.found()}"
        )
    spare = {"vector": ("B", "F"), "axis": ("F",), "total": ("B",)}[kind]
    unused += [sheet.headings[key].text for key in sheet.some(*spare)]
    if unused:
        warnings.warn(f"{sheet.name}: columns that were not used: {', '.join(unused)}", stacklevel=4)
    return kind, keys


def _made(sheet: Sheet, kind: str, keys: list[str], given: np.ndarray, noise: Any) -> Readings:
    """Return readings of a kind, of rows with a reading."""
    points, sensor = sheet.stack("x", "y", "z")[given], None
    if sheet.sensor is not None:
        sensor = np.unique(sheet.sensor[given], return_inverse=True)[1]
    if kind == "vector":
        B = np.full((len(points), 3), np.nan)
        B[:, ["xyz".index(key[1]) for key in keys]] = sheet.stack(*keys)[given]
        readings = Readings.vector(points, B, sensor=sensor, missing="drop")
    elif kind == "axis":
        sheet.require_full(["ux", "uy", "uz"], given, "the axis must be known")
        axes = sheet.stack("ux", "uy", "uz")
        zero = given & ~axes.any(axis=1)
        if zero.any():
            raise sheet.fail(f"{sheet.place(int(np.flatnonzero(zero)[0]))}: ux, uy, uz must not all be zero")
        readings = Readings.axis(points, axes[given], sheet.columns["B"][given], sensor=sensor)
    else:
        ambient = ["ambient_x", "ambient_y", "ambient_z"]
        sheet.require_full(ambient, given, "the field without target must be known")
        try:
            readings = Readings.total_field(
                points, sheet.columns["F"][given], ambient=sheet.stack(*ambient)[given], sensor=sensor
            )
        except ValueError as error:
            raise sheet.fail(str(error)) from None
    return replace(readings, noise=_noise(sheet, keys, given, noise))


def _noise(sheet: Sheet, keys: list[str], given: np.ndarray, noise: Any) -> np.ndarray:
    """Return standard deviations of the readings, nan if nothing is known: the caller's, or those of the file."""
    present = ~np.isnan(sheet.stack(*keys)[given])
    if noise is not None:
        return np.full(int(present.sum()), _check.positive("noise", noise, "T"))
    own = [key if sheet.has(key := f"s{component}") else "noise" for component in keys]
    if not sheet.has(*own):
        if sheet.some(*own, "noise", "sBx", "sBy", "sBz"):
            raise sheet.fail(
                f"noise must be given for all readings or for none: {', '.join(keys)} need columns s{', s'.join(keys)} "
                f"or one column sB; found {sheet.found()}"
            )
        return np.full(int(present.sum()), np.nan)
    for key, component in zip(own, keys, strict=True):
        here = given & ~np.isnan(sheet.columns[component])
        sheet.require_full([key], here, "the noise of each reading must be known")
        wrong = np.flatnonzero(here & ~(sheet.columns[key] > 0.0))
        if len(wrong):
            raise sheet.fail(
                f"{sheet.place(int(wrong[0]))}: {sheet.headings[key].text} must be positive, being a standard deviation"
            )
    return sheet.stack(*own)[given][present]
