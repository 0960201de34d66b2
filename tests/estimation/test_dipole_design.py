"""What taps read of a dipole, beside the field of a Dipole and differences of many digits."""

import mpmath as mp
import numpy as np
import pytest

from magneton import Dipole
from magneton.estimation._model import K
from magneton.estimation._taps import Taps
from magneton.kernels.dipole_design import design

RNG = np.random.default_rng(81)
POINTS = RNG.normal(size=(7, 3))
PLACE, MOMENT = RNG.normal(size=3), RNG.normal(size=3)


def designed(taps: Taps, rows: int) -> tuple[np.ndarray, np.ndarray]:
    columns, slopes = np.empty((1, 3, rows)), np.empty((1, 3, rows))
    design(taps.flat(1.0), PLACE[None], MOMENT[None], columns, slopes)
    return columns[0].T * K, slopes[0].T * K


def test_columns_and_slopes_of_the_field() -> None:
    w = RNG.normal(size=(7, 3))
    columns, slopes = designed(Taps.single(POINTS, w), 7)
    dipole = Dipole(moment=MOMENT, position=PLACE)
    assert columns @ MOMENT == pytest.approx(np.einsum("tk,tk->t", dipole.B(POINTS), w), rel=1e-13)
    assert slopes == pytest.approx(-np.einsum("tkl,tk->tl", dipole.grad_B(POINTS), w), rel=1e-12)


def gradient_in_many_digits(W: np.ndarray, point: np.ndarray, place: list) -> mp.mpf:
    """Return W:grad B by derivatives of the field of poles."""
    m = [mp.mpf(float(v)) for v in MOMENT]

    def field(i, *x):
        r = [a - b for a, b in zip(x, place, strict=True)]
        s = mp.sqrt(sum(v * v for v in r))
        return 3 * r[i] * sum(a * b for a, b in zip(m, r, strict=True)) / s**5 - m[i] / s**3

    total = mp.mpf(0)
    h = mp.mpf(10) ** -20
    at = [mp.mpf(float(v)) for v in point]
    for i in range(3):
        for j in range(3):
            up, down = list(at), list(at)
            up[j] += h
            down[j] -= h
            total += mp.mpf(float(W[i, j])) * (field(i, *up) - field(i, *down)) / (2 * h)
    return total


def test_columns_and_slopes_of_the_gradient() -> None:
    W = RNG.normal(size=(1, 3, 3))
    columns, slopes = designed(Taps.single(POINTS[:1], np.zeros((1, 3)), W), 1)
    with mp.workdps(50):
        place = [mp.mpf(float(v)) for v in PLACE]
        value = gradient_in_many_digits(W[0], POINTS[0], place)
        assert float(columns[0] @ MOMENT / K) == pytest.approx(float(value), rel=1e-12)
        for k in range(3):
            h = mp.mpf(10) ** -10
            up, down = list(place), list(place)
            up[k] += h
            down[k] -= h
            change = gradient_in_many_digits(W[0], POINTS[0], up) - gradient_in_many_digits(
                W[0], POINTS[0], down
            )
            assert slopes[0, k] / K == pytest.approx(float(change / (2 * h)), rel=1e-12)


def test_rows_are_sums_of_their_taps() -> None:
    w = RNG.normal(size=(7, 3))
    row = np.array([0, 0, 1, 2, 2, 2, 3])
    whole = designed(Taps(row, POINTS, w), 4)
    single = designed(Taps.single(POINTS, w), 7)
    for a, b in zip(whole, single, strict=True):
        assert a == pytest.approx(np.add.reduceat(b, [0, 2, 3, 6]), rel=1e-13)
