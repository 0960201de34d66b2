"""Strengths of known sources, and multipoles about a known centre."""

import numpy as np
import pytest

from magneton import CircularLoop, Collection, Cuboid, Dipole, earth
from magneton.estimation import Readings, fit_multipoles, fit_sources

RNG = np.random.default_rng(31)


def test_a_coil_and_a_magnet_told_apart_from_a_background() -> None:
    magnets = [Cuboid((0.01, 0.02, 0.015), magnetization=m) for m in np.eye(3)]
    coil = CircularLoop(radius=0.03, current=1.0, position=[0.0, 0.0, 0.05])
    factors = np.array([4e5, -2e5, 7e5, 12.0])
    bodies = [*magnets, coil]
    points = RNG.normal(size=(30, 3)) * 0.05 + [0.1, 0.0, 0.0]
    clean = sum(f * b.B(points) for f, b in zip(factors, bodies, strict=True))
    fit = fit_sources(points, clean + np.array([1e-5, 2e-5, -3e-5]), bodies, 1e-9, "uniform")
    assert fit.parameters[:4] == pytest.approx(factors, rel=1e-6)
    volume = 0.01 * 0.02 * 0.015
    assert fit.moment == pytest.approx(
        np.array([4e5, -2e5, 7e5]) * volume + [0, 0, 12 * np.pi * 0.03**2], rel=1e-6
    )
    assert pytest.approx(clean, rel=1e-5, abs=1e-5 * np.abs(clean).max()) == fit.predict(points).B


def test_the_covariance_of_a_moment_is_that_of_its_factors() -> None:
    bodies = [
        CircularLoop(radius=0.1, current=1.0),
        CircularLoop(radius=0.1, current=1.0, position=[0, 0, 0.3]),
    ]
    points = RNG.normal(size=(40, 3)) * 0.5
    clean = 3.0 * bodies[0].B(points) + 2.0 * bodies[1].B(points)
    draws = [
        fit_sources(points, clean + RNG.normal(size=clean.shape) * 1e-7, bodies, 1e-7) for _ in range(300)
    ]
    white = np.std([d.moment[2] for d in draws]) / draws[0].moment_std[2]
    assert white == pytest.approx(1.0, abs=0.13)  # three standard errors
    there = np.array([0.1, -0.2, 0.4])
    spread = np.std([d.predict(there).B for d in draws], axis=0)
    assert spread / draws[0].predict(there).std == pytest.approx(np.ones(3), abs=0.13)


def test_one_source_needs_no_list() -> None:
    loop = CircularLoop(radius=0.1, current=1.0)
    points = RNG.normal(size=(5, 3))
    both = Collection([loop, CircularLoop(radius=0.2, current=1.0)])
    for source in (loop, both):
        assert fit_sources(points, 3.0 * source.B(points), source, 1e-9).parameters == pytest.approx([3.0])


def test_the_field_of_the_earth_comes_back() -> None:
    model = earth("2020-01-01", degree=8)
    points = RNG.normal(size=(300, 3))
    points *= (6.6e6 + 4e5 * RNG.random((300, 1))) / np.linalg.norm(points, axis=1)[:, None]
    fit = fit_multipoles(points, model.B(points), 8, noise=1e-9, radius=6371.2e3)
    assert fit.magnitude == pytest.approx(7.70812e22, rel=1e-5)
    assert fit.source.g[1:] == pytest.approx(model.g[1:], abs=1e-15)
    assert fit.source.h[1:] == pytest.approx(model.h[1:], abs=1e-15)
    assert fit.moment == pytest.approx(model.moment, rel=1e-9)


def test_multipoles_about_another_centre_and_gradients() -> None:
    pair = Collection([Dipole([0.1, 0, 0.2], [0.01, 0, 0]), Dipole([0, 0.3, 0], [-0.01, 0.02, 0])])
    centre = np.array([0.5, 0.2, -0.1])
    moved = Collection([Dipole(s.moment, s.position + centre) for s in pair.sources])
    points = RNG.normal(size=(60, 3))
    points = centre + points * 0.4 / np.linalg.norm(points, axis=1)[:, None]
    readings = Readings.vector(points, moved.B(points), 1e-9) + Readings.gradient(
        points, moved.grad_B(points), 1e-9
    )
    fit = fit_multipoles(readings, degree=5, centre=centre)
    assert fit.moment == pytest.approx([0.1, 0.3, 0.2], rel=1e-4)
    far = centre + np.array([0.0, 2.0, 1.0])
    there = fit.predict(far).B
    assert there == pytest.approx(moved.B(far), rel=2e-5)


def test_what_does_not_fit_is_said() -> None:
    points = RNG.normal(size=(4, 3))
    with pytest.raises(ValueError, match="readings must be at least as many as the 15 unknowns"):
        fit_multipoles(points, np.ones((4, 3)), 3)
    for wrong in ([3], [], 3):
        with pytest.raises(ValueError, match="sources must be a source of a field or a list"):
            fit_sources(points, np.ones((4, 3)), wrong)
    with pytest.raises(ValueError, match="centre must not be on a sensor"):
        fit_multipoles(points, np.ones((4, 3)), 1, centre=points[2])
    with pytest.raises(ValueError, match="is a sensor on a source"):
        fit_sources(points, np.ones((4, 3)), Dipole([0, 0, 1.0], position=points[1]))
    scalar = Readings.total_field(points, np.ones(4), ambient=[0, 0, 1])
    with pytest.raises(ValueError, match="takes linear readings only"):
        fit_multipoles(scalar, degree=1)
