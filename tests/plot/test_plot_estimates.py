"""Pictures of estimates: what is drawn, in what units, and that regions are the shadows of ellipsoids."""

import dataclasses

import numpy as np
import pytest
from matplotlib.patches import Ellipse

from magneton import Dipole, show
from magneton.estimation import Readings, fit_dipoles, from_torque
from magneton.plot.estimates import plot_estimate

PLACE, MOMENT = np.array([0.01, -0.005, 0.1]), np.array([0.06, 0.0, 0.08])


def grid(count=4):
    x, y = np.meshgrid(np.arange(count) * 0.02 - 0.03, np.arange(count) * 0.02 - 0.03)
    return np.stack([x.ravel(), y.ravel(), np.zeros(count * count)], axis=1)


def fitted(points, noise=200e-9, **more):
    B = Dipole(MOMENT, PLACE).B(points)
    B = B + noise * np.random.default_rng(0).normal(size=B.shape)
    readings = Readings.vector(points, B, noise)
    return fit_dipoles(readings, volume=[[-0.1, -0.1, 0.02], [0.1, 0.1, 0.3]], **more), readings


def test_maps_of_a_grid_show_the_readings():
    fit, readings = fitted(grid(), noise=50e-9)
    figure = plot_estimate(fit, readings, title="cost: 5 $")
    assert [axes.get_title(loc="left") for axes in figure.axes[:3]] == [
        "measured",
        "modelled",
        "residual / noise",
    ]
    assert [axes.get_title(loc="left") for axes in figure.axes[9::2]][:3] == [
        "$B_x$ [µT]",
        "$B_y$ [µT]",
        "$B_z$ [µT]",
    ]
    cells = [np.asarray(axes.collections[0].get_array()).ravel() for axes in figure.axes[:9]]
    for k in range(3):
        measured, modelled, rest = cells[3 * k : 3 * k + 3]
        own = slice(k, None, 3)
        assert 1e-6 * measured == pytest.approx(readings.values[own])
        assert 1e-6 * modelled == pytest.approx(readings.values[own] - fit.residuals[own])
        assert rest == pytest.approx(fit.residuals[own] / 50e-9)


def test_regions_are_shadows_of_the_ellipsoid():
    fit, readings = fitted(grid())
    figure = plot_estimate(fit, readings, level=0.9)
    views = figure.axes[-3:]
    assert [(axes.get_xlabel(), axes.get_ylabel()) for axes in views] == [
        ("x [mm]", "y [mm]"), ("x [mm]", "z [mm]"), ("y [mm]", "z [mm]")
    ]  # fmt: skip
    region = fit.confidence_region(0.9)
    directions = np.random.default_rng(1).normal(size=(4000, 3))
    directions /= np.linalg.norm(directions, axis=1)[:, None]
    surface = (directions * region.semi_axes) @ region.axes.T
    label = figure.subfigs[1].legends[0].get_texts()[1].get_text()
    factor = float(label.split(", ")[1].split()[0]) if "," in label else 1.0
    for axes, v in zip(views, ([0, 1], [0, 2], [1, 2]), strict=True):
        (ellipse,) = [patch for patch in axes.patches if isinstance(patch, Ellipse)]
        assert np.array(ellipse.center) == pytest.approx(1e3 * fit.position[v])
        outline = np.array(ellipse.center) + 1e3 * factor * surface[:, v]
        inside = ellipse.get_patch_transform().inverted().transform(outline)
        radius = np.linalg.norm(inside, axis=1)
        assert radius.max() == pytest.approx(1.0, abs=5e-3)  # touched from inside, left nowhere
        assert radius.max() <= 1.0 + 1e-9


def test_truth_is_as_far_off_as_the_region_is_enlarged():
    fit, readings = fitted(grid(), noise=50e-9)
    figure = plot_estimate(fit, readings, truth=PLACE)
    labels = [text.get_text() for text in figure.subfigs[1].legends[0].get_texts()]
    factor = float(labels[1].split(", ")[1].split()[0])
    assert factor > 1.0
    (mark,) = [line for line in figure.axes[-3].lines if line.get_marker() == "+"]
    wanted = fit.position[:2] + factor * (PLACE - fit.position)[:2]
    assert np.ravel(mark.get_data()) == pytest.approx(1e3 * wanted)
    with pytest.raises(
        ValueError, match=r"truth must have the shape of the positions, \(1, 3\), got \(2, 3\)"
    ):
        plot_estimate(fit, readings, truth=[PLACE, PLACE])


def test_other_readings_are_drawn_against_the_sensor():
    points = np.random.default_rng(5).normal(scale=0.1, size=(12, 3)) - [0, 0, 0.2]
    fit, readings = fitted(points, noise=10e-9)
    figure = plot_estimate(fit, readings)
    upper, lower, *views = figure.axes
    assert [text.get_text() for text in upper.get_legend().get_texts()] == [
        "modelled",
        "$B_x$",
        "$B_y$",
        "$B_z$",
    ]
    assert lower.get_xlabel() == "sensor"
    assert len(views) == 3
    alone = plot_estimate(dataclasses.replace(fit, readings=None))
    assert alone.axes[1].get_xlabel() == "reading"


def test_doubts_are_in_the_heading():
    fit, readings = fitted(grid())
    doubtful = dataclasses.replace(fit, warnings=("look $twice",))
    figure = plot_estimate(doubtful, readings, title="cost: 5 $")
    assert figure.get_suptitle().splitlines()[::2] == [r"cost: 5 \$", r"warning: look \$twice"]


def test_a_moment_without_place_has_no_views():
    B = np.eye(3)
    figure = plot_estimate(from_torque(B, np.cross(MOMENT, B), noise=1e-4))
    assert len(figure.axes) == 2


def test_errors():
    fit, readings = fitted(grid())
    with pytest.raises(ValueError, match="estimate must be a MomentEstimate, got 5"):
        plot_estimate(5)
    with pytest.raises(ValueError, match="readings must be those that were fitted, 48, got 3"):
        plot_estimate(fit, readings.select([0, 1, 2]))
    with pytest.raises(ValueError, match="level must lie between 0 and 1, got 95"):
        plot_estimate(fit, readings, level=95)


def test_show_draws_an_estimate_with_its_sensors():
    fit, _ = fitted(grid())
    assert show(fit, title="found").axes[0].get_xlabel() == plot_estimate(fit).axes[0].get_xlabel()
