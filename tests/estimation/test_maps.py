"""Maps with several sources, and many windows of the same sensors."""

import numpy as np
import pytest

from magneton import Dipole
from magneton.estimation import Readings, fit_dipoles, fit_windows, from_map
from magneton.estimation._euler import euler_places, lifted

X = np.linspace(-60e-6, 60e-6, 41)
POINTS = np.stack(np.broadcast_arrays(X, X[:, None], 0.0), axis=-1)
GRAINS = (
    Dipole([1e-14, 0, 2e-14], [-25e-6, -20e-6, -9e-6]),
    Dipole([0, -1e-14, 0], [25e-6, 5e-6, -7e-6]),
    Dipole([0, 4e-15, -5e-15], [-10e-6, 30e-6, -6e-6]),
)
BZ = sum(grain.B(POINTS)[..., 2] for grain in GRAINS)
NOISE = 2e-8


def test_a_map_gives_its_dipoles_and_no_more() -> None:
    rng = np.random.default_rng(81)
    for noise in (NOISE, None):
        fit = from_map(X, X, BZ + NOISE * rng.normal(size=BZ.shape), noise=noise)
        assert fit.method == "from_map"
        assert fit.moment.shape == (3, 3)
        order = [int(np.linalg.norm(fit.position - grain.position, axis=1).argmin()) for grain in GRAINS]
        assert sorted(order) == [0, 1, 2]
        z = (fit.position[order] - [grain.position for grain in GRAINS]) / fit.position_std[order]
        assert np.abs(z).max() < 4.5
        assert fit.reduced_chi_square == pytest.approx(1.0, abs=4.5 * np.sqrt(2 / BZ.size))


def test_a_map_elsewhere_with_a_background_and_a_number() -> None:
    noise = 1e-10
    lifted = BZ + 3e-7 + noise * np.random.default_rng(86).normal(size=BZ.shape)
    fit = from_map(X + 1e-3, X, lifted, 2e-3, 3, noise, "uniform")
    nearest = fit.position[
        np.linalg.norm(fit.position - [1e-3 - 25e-6, -20e-6, 2e-3 - 9e-6], axis=1).argmin()
    ]
    assert nearest == pytest.approx([1e-3 - 25e-6, -20e-6, 2e-3 - 9e-6], abs=1e-8)
    assert fit.nuisances["background_z"][0] == pytest.approx(3e-7, rel=1e-3)


def test_euler_is_exact_for_one_dipole() -> None:
    one = GRAINS[0]
    slopes = np.moveaxis(one.grad_B(POINTS)[..., 2, :], -1, 0)
    at = (int(np.abs(X + 20e-6).argmin()), int(np.abs(X + 25e-6).argmin()))
    for place in euler_places(X, X, one.B(POINTS)[..., 2] + 1e-6, slopes, at):
        assert place == pytest.approx(one.position, rel=1e-8)
    above, there = lifted(X, X, one.B(POINTS)[..., 2], 6e-6)
    higher = POINTS[at] + [0.0, 0.0, 6e-6]
    assert above[at] == pytest.approx(one.B(higher)[2], rel=0.01)
    expected = one.grad_B(higher)[2]
    assert there[:, *at] == pytest.approx(expected, abs=0.03 * np.linalg.norm(expected))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": X[::-1]}, "^x must be"),
        ({"x": X**3}, "^x must be"),
        ({"Bz": BZ[:5]}, r"^Bz must have shape \(41, 41\)"),
        ({"noise": [1.0, 2.0]}, "^noise must"),
        ({"n_dipoles": 0}, "^n_dipoles must"),
        ({"background": "linear"}, "^background must"),
    ],
)
def test_maps_are_checked(change: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        from_map(**{"x": X, "y": X, "Bz": BZ, "noise": NOISE, **change})


@pytest.mark.filterwarnings("ignore:the linear covariance")
def test_windows_are_fitted_as_one_by_one() -> None:
    rng = np.random.default_rng(82)
    points = rng.normal(size=(12, 3))
    track = np.stack([np.linspace(-0.5, 0.5, 6), np.full(6, 1.5), np.linspace(0.0, 0.7, 6)], axis=1)
    B = np.stack([Dipole([1, 2, 3], place).B(points) for place in track])
    B += 1e-9 * rng.normal(size=B.shape)
    for noise, background in ((1e-9, "uniform"), (None, None)):
        windows = fit_windows(points, B, noise, background)
        for w in range(6):
            alone = fit_dipoles(points, B[w], 1, noise, background)
            assert windows.position[w] == pytest.approx(alone.position, rel=1e-6)
            assert windows.moment[w] == pytest.approx(alone.moment, rel=1e-6)
            assert windows.covariance[w] == pytest.approx(
                alone.covariance[:6, :6], rel=1e-4, abs=1e-6 * alone.covariance[:6, :6].max()
            )
            assert windows.chi_square[w] == pytest.approx(alone.chi_square, rel=1e-6)
    readings = Readings.axis(points, [0, 0, 1], B[0, :, 2], 1e-9)
    one_axis = fit_dipoles(Readings.axis(points, [0, 0, 1], B[3, :, 2], 1e-9))
    assert fit_windows(readings, B[:, :, 2]).position[3] == pytest.approx(one_axis.position, rel=1e-6)


def test_windows_are_checked() -> None:
    points = np.eye(3)
    with pytest.raises(ValueError, match=r"^B must have shape \(w, 3, 3\)"):
        fit_windows(points, np.ones((2, 3)))
    scalars = Readings.total_field(points, np.ones(3), ambient=[0, 0, 1])
    with pytest.raises(ValueError, match=r"^points must be linear readings"):
        fit_windows(scalars, np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"^readings must be at least as many"):
        fit_windows(points, np.ones((2, 3, 3)), background="linear")
