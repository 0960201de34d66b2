"""Gains and tilts of sensors as unknowns."""

import numpy as np
import pytest

from magneton import Dipole
from magneton.estimation import MomentEstimate, Readings, RotatingRig, fit_dipoles
from magneton.estimation._model import DipoleModel
from magneton.estimation._nuisance import linear_unknowns

RIG = RotatingRig([[0.5, 0.0, 0.1], [-0.2, 0.4, -0.1]])
ANGLES = np.radians(np.arange(0, 360, 30))
UNIT = Dipole(moment=[0.1, -0.05, 0.2], position=[0.03, 0.02, -0.01])
EARTH = np.array([18e-6, 2e-6, -44e-6])
AMBIENT = np.array([20e-6, -5e-6, 40e-6])


def sphere(count: int, radius: float) -> np.ndarray:
    i = np.arange(count) + 0.5
    z = 1 - 2 * i / count
    angle = np.pi * (1 + 5**0.5) * i
    s = np.sqrt(1 - z * z)
    return radius * np.stack([s * np.cos(angle), s * np.sin(angle), z], axis=1)


def on_the_rig(errors: np.ndarray, noise: float = 1e-9, rng: np.random.Generator | None = None) -> Readings:
    """Return readings of probes whose matrices of sensitivities, shape (2, 3, 3), differ from 1 by `errors`."""
    B = RIG.field(UNIT, ANGLES) + EARTH
    read = np.einsum("nij,knj->kni", np.eye(3) + errors, B)
    if rng is not None:
        read = read + rng.normal(size=read.shape) * noise
    return RIG.readings(ANGLES, read, noise)


def kinds() -> list[Readings]:
    points = sphere(8, 0.4)
    axes = np.roll(points, 1, axis=1)
    return [
        on_the_rig(np.zeros((2, 3, 3))),
        Readings.axis(points, axes, np.zeros(8), 1e-9),
        Readings.difference(points, [0.0, 0.0, 0.1], axes, np.zeros(8), 1e-9)
        + Readings.total_field(points, np.full(8, 4e-5), 1e-9, ambient=AMBIENT),
    ]


@pytest.mark.parametrize("kind", range(3))
@pytest.mark.parametrize("background", [None, "linear"])
def test_derivatives_are_those_of_the_readings(kind: int, background: str | None) -> None:
    readings = kinds()[kind]
    linear = linear_unknowns(readings, background, 1e-6, 0.02, 0.03)
    model = DipoleModel(readings, 1, None, linear)
    rng = np.random.default_rng(41)
    size = np.select(
        [[u == unit for u in model.units] for unit in ("m", "T", "T/m")], [0.02, 2e-5, 2e-5], default=0.05
    )
    theta = size * rng.normal(size=len(size))
    _, jacobian = model.evaluate(theta)
    for p, step in enumerate(1e-4 * size):
        up, down = theta.copy(), theta.copy()
        up[p] += step
        down[p] -= step
        difference = (model.evaluate(up)[0] - model.evaluate(down)[0]) / (2 * step)
        assert jacobian[:, p] == pytest.approx(difference, abs=1e-6 * np.abs(jacobian[:, p]).max() + 1e-15)


def test_a_matrix_of_sensitivities_comes_back_element_by_element() -> None:
    errors = 2e-3 * np.random.default_rng(42).normal(size=(2, 3, 3))
    readings = on_the_rig(errors)
    linear = linear_unknowns(readings, "uniform", None, 0.01, 0.01)
    model = DipoleModel(readings, 1, None, linear)
    theta = np.concatenate([UNIT.position, UNIT.moment, EARTH, np.zeros(18)])
    for i, name in enumerate(model.names):
        kind, *number = name.split("_")
        if kind in ("gain", "tilt"):
            probe, k = divmod(int(number[0]), 3)
            theta[i] = errors[probe, k, (k + " ab".index(number[1]) if kind == "tilt" else k) % 3]
    assert model.evaluate(theta)[0] == pytest.approx(readings.values, rel=1e-13)


def test_axes_turn_about_two_axes_across() -> None:
    points, w = sphere(8, 0.4), np.array([0.3, -0.5, 0.8])
    readings = Readings.axis(points, w, np.zeros(8), 1e-9)
    model = DipoleModel(readings, 1, None, linear_unknowns(readings, None, None, None, 0.01))
    jacobian = model.evaluate(np.concatenate([UNIT.position, UNIT.moment, np.zeros(16)]))[1]
    slopes = jacobian[:, 6:].reshape(8, 2, 8)[np.arange(8), :, np.arange(8)]
    B, w = UNIT.B(points), w / np.linalg.norm(w)
    across = B - np.outer(B @ w, w)
    assert np.linalg.norm(slopes, axis=1) == pytest.approx(np.linalg.norm(across, axis=1), rel=1e-12)


def errors_in_sigmas(fit: MomentEstimate) -> float:
    """Return chi-square, of six degrees of freedom, of what was fitted of the unit."""
    off = fit.parameters[:6] - np.concatenate([UNIT.position, UNIT.moment])
    return float(off @ np.linalg.solve(fit.covariance[:6, :6], off))


def test_errors_of_sensors_are_in_the_covariance() -> None:
    rng = np.random.default_rng(43)
    runs, spread = 40, 1e-3
    told = []
    for _ in range(runs):
        readings = on_the_rig(spread * rng.normal(size=(2, 3, 3)), 5e-9, rng)
        told.append(errors_in_sigmas(fit_dipoles(readings, background="uniform", gain=spread, tilt=spread)))
    assert np.mean(told) == pytest.approx(6.0, abs=4.0 * np.sqrt(12.0 / runs))
    readings = on_the_rig(spread * rng.normal(size=(2, 3, 3)), 5e-9, rng)
    untold = fit_dipoles(readings, background="uniform")
    assert errors_in_sigmas(untold) > 100.0


def test_a_magnitude_has_a_gain_and_no_tilt() -> None:
    readings = kinds()[2]
    names = linear_unknowns(readings, None, None, 0.01, 0.01).names
    assert names == (*(f"gain_{c}" for c in range(16)), *(f"tilt_{c}_{s}" for s in "ab" for c in range(8)))


@pytest.mark.parametrize(
    ("readings", "given", "message"),
    [
        (kinds()[0], {"gain": 0.0}, "gain must be positive, got 0"),
        (kinds()[0], {"tilt": float("inf")}, "tilt must be finite"),
        (kinds()[0].select(np.arange(1, 72)), {"tilt": 0.01}, "all three components of each vector"),
        (kinds()[0] + kinds()[1], {"tilt": 0.01}, "vector sensors and sensors of one component are mixed"),
        (
            RIG.readings(ANGLES, np.ones((12, 2)), 1e-9, axes=[1.0, 0.0, 0.0]),
            {"tilt": 0.01},
            "probes of three components",
        ),
        (
            Readings.axis([[0, 0, 1], [0, 0, 2]], [[0, 0, 1], [0, 1, 0]], [0, 0], sensor=[0, 0]),
            {"tilt": 0.01},
            "keep their axes",
        ),
        (Readings.gradient([[0, 0, 1]], np.ones((1, 3, 3))), {"tilt": 0.01}, "where gradients are read"),
    ],
)
def test_what_cannot_be_told_is_said(readings: Readings, given: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        linear_unknowns(readings, None, None, **({"gain": None, "tilt": None} | given))
