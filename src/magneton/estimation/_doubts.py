"""What makes an estimate doubtful, and mistakes in the data that show in a bad fit: axes, units, sensors in a row."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import numpy as np
from scipy.special import chdtrc

from magneton.estimation.readings import Readings

#: A field in T beyond which readings are rather in another unit.
_LARGEST_FIELD = 100.0
#: Sensors in a row: spread across it beside that along it.
_THIN = 1e-6
#: A change of the data must explain this much more to be told: what is left falls to this part.
_EXPLAINS = 0.05
#: Other minima as good as this are told: so much larger a chi-square.
_AS_GOOD = 4.0
#: Factors between units that are often mixed up, and how many sensors are tried with them.
_FACTORS, _SENSORS = (1e-3, 1e3, 1e-6, 1e6, 1e-9, 1e9), 4

#: Returns the sum of squares of the best fit to readings of these values.
Misfit = Callable[[np.ndarray], float]


def in_hand(readings: Readings) -> tuple[str, ...]:
    """Return what is doubtful about readings before they are fitted."""
    doubts = []
    largest = float(np.abs(readings.values).max())
    gradients = readings.taps.gradients
    if largest > _LARGEST_FIELD and not (gradients is not None and gradients.any()):
        doubts.append(f"readings of {largest:.3g} T are hardly in tesla: are they in nT or uT?")
    points = readings.taps.points - readings.centre
    spread = np.linalg.svd(points, compute_uv=False)
    if len(points) > 1 and spread[0] > 0.0 and (spread[1:] <= _THIN * spread[0]).all():
        doubts.append("the sensors lie on a line: what they see of a dipole beside it is weakly determined")
    return tuple(doubts)


def other_minima(places: np.ndarray, totals: np.ndarray, factor: float, std: float) -> np.ndarray:
    """Return other places, shape (k, d, 3), that explain the readings about as well as the first.

    `places` has shape (s, d, 3), `totals` (s,), best first; `factor` is the variance that counts as 1, and `std` a
    length within which places are the same.
    """
    best, others = _sorted(places[0]), []
    for place, total in zip(places[1:], totals[1:], strict=True):
        if total - totals[0] > _AS_GOOD * factor:
            break
        candidate = _sorted(place)
        known = [best, *others]
        if all(np.abs(candidate - one).max() > max(6.0 * std, 1e-6 * np.abs(one).max()) for one in known):
            others.append(candidate)
    return np.array(others).reshape(-1, *places.shape[1:])


def _sorted(places: np.ndarray) -> np.ndarray:
    return places[np.lexsort(places.T)]


def is_bad(total: float, dof: int, known: bool, values: np.ndarray, noise: np.ndarray) -> bool:
    """Return whether so much is left of the readings that a mistake in them is likelier than chance."""
    if dof <= 0:
        return False
    if known:
        return bool(chdtrc(dof, total) < 1e-12)
    return total > 0.05 * float(np.sum((values / noise) ** 2))


def mistakes(readings: Readings, misfit: Misfit, total: float) -> tuple[str, ...]:
    """Return which simple mistake in the data would explain a bad fit, if one does: of axes, or of units."""
    vectors = _triples(readings)
    trials = itertools.chain(
        _axes_of_all(readings, vectors), _units_of_one(readings), _axes_of_one(readings, vectors, misfit)
    )
    best, text = _EXPLAINS * total, ""
    for values, words in trials:
        left = misfit(values)
        if left < best:
            best, text = left, words
    return (f"{text} (chi-square {total:.3g} would fall to {best:.3g})",) if text else ()


def _triples(readings: Readings) -> np.ndarray:
    """Return where the three components of each vector stand, shape (v, 3)."""
    c = readings.component
    first = np.flatnonzero((c[:-2] == 0) & (c[1:-1] == 1) & (c[2:] == 2)) if len(c) > 2 else np.empty(0, int)
    triples = first[:, None] + np.arange(3)
    same = readings.sensor[triples]
    return triples[(same == same[:, :1]).all(axis=1)]


def _turns() -> Iterator[tuple[tuple[int, ...], np.ndarray, str]]:
    """Yield the ways to mix up the axes of a sensor, and how they are called."""
    for order in itertools.permutations(range(3)):
        for signs in itertools.product((1.0, -1.0), repeat=3):
            if (
                order != (0, 1, 2) or abs(sum(signs)) != 3.0
            ):  # of -B the moment is -m: nothing tells them apart
                name = ", ".join(
                    f"{'-' if s < 0 else ''}B{'xyz'[k]}" for k, s in zip(order, signs, strict=True)
                )
                yield order, np.array(signs), f"({name})"


def _turned(readings: Readings, triples: np.ndarray, order: tuple[int, ...], signs: np.ndarray) -> np.ndarray:
    values = readings.values.copy()
    values[triples] = readings.values[triples[:, order]] * signs
    return values


def _axes_of_all(readings: Readings, triples: np.ndarray) -> Iterator[tuple[np.ndarray, str]]:
    if 3 * len(triples) < len(readings):
        return
    for order, signs, name in _turns():
        yield (
            _turned(readings, triples, order, signs),
            f"axes may be swapped: {name} in place of (Bx, By, Bz) fits",
        )


def _units_of_one(readings: Readings) -> Iterator[tuple[np.ndarray, str]]:
    sensors = np.unique(readings.sensor)
    size = np.array([np.abs(readings.values[readings.sensor == s]).max() for s in sensors])
    order = np.argsort(size)
    for s in np.unique(np.concatenate([sensors[order[:_SENSORS]], sensors[order[-_SENSORS:]]])).tolist():
        for factor in _FACTORS:
            values = np.where(readings.sensor == s, factor * readings.values, readings.values)
            yield values, f"units may be mixed: sensor {s} fits if its readings are multiplied by {factor:g}"


def _axes_of_one(readings: Readings, triples: np.ndarray, misfit: Misfit) -> Iterator[tuple[np.ndarray, str]]:
    """Yield the readings with the axes of one sensor mixed up: of that whose absence helps most."""
    sensors = np.unique(readings.sensor[triples[:, 0]]) if len(triples) else np.empty(0, int)
    if not 3 < len(sensors) <= 200:
        return
    without = [misfit(np.where(readings.sensor == s, np.nan, readings.values)) for s in sensors]
    worst = int(sensors[int(np.argmin(without))])
    own = triples[readings.sensor[triples[:, 0]] == worst]
    for order, signs, name in _turns():
        yield _turned(readings, own, order, signs), f"axes of sensor {worst} may be swapped: {name} fits"
