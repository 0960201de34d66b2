"""Laws that hold for every model field that charges move in, over the registry of all of them."""

import dataclasses

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton.orbits import fields
from magneton.orbits.fields.base import TimedField
from magneton.orbits.fields.samples import SAMPLES, sample_fields

ALL = sample_fields()
IDS = [f"{type(sample.field).__name__}-{i}" for i, sample in enumerate(ALL)]
every_field = pytest.mark.parametrize("sample", ALL, ids=IDS)
#: Central differences of order eight.
WEIGHTS = {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}
STEP = 0.03
#: What a step of `STEP` leaves of functions that change over a length or two: the ninth derivative, and rounding.
DIFFERENCES = 3e-10
COUNT = 12


def differences(function, sample, points, t):
    """Return df/dx_j (last axis 0:3) and df/dt (3) by differences, times the length or duration of the sample."""
    sides = np.array([sample.length] * 3 + [sample.duration])
    total = 0.0
    for offset, weight in WEIGHTS.items():
        for sign in (1, -1):
            shift = STEP * offset * sign * np.diag(sides)
            values = function(points[:, None] + shift[:, :3], t[:, None] + shift[:, 3])
            total = total + sign * weight / STEP * values.reshape(len(points), 4, -1)
    return np.moveaxis(total, 1, -1)


def assert_close(actual, expected, scale, tolerance):
    assert np.max(np.abs(actual - expected)) <= tolerance * scale


def potentials(field):
    def function(points, t):
        return np.concatenate([field.A(points, t), field.electric_potential(points, t)[..., None]], axis=-1)

    return function


def test_the_registry_holds_every_model_field():
    public = (getattr(fields, name) for name in fields.__all__)
    kinds = {value for value in public if isinstance(value, type) and issubclass(value, TimedField)}
    assert kinds - {fields.CompiledFunction} <= set(SAMPLES) <= kinds


@every_field
def test_div_B_is_zero_and_curl_E_is_minus_dB_dt(sample):
    points, t = sample.points(200)
    d = sample.field.derivatives(points, t)
    B, E = d["grad_B"], d["grad_E"]
    size = np.max(np.abs(B), axis=(1, 2))
    assert np.all(np.abs(np.trace(B, axis1=1, axis2=2)) <= 4e-15 * size)
    curl = np.stack(
        [E[:, 2, 1] - E[:, 1, 2], E[:, 0, 2] - E[:, 2, 0], E[:, 1, 0] - E[:, 0, 1]],
        axis=1,
    )
    size = np.max(np.abs(E), axis=(1, 2)) + np.max(np.abs(d["dB_dt"]), axis=1)
    assert np.all(np.abs(curl + d["dB_dt"]) <= 2e-15 * size[:, None])


@every_field
def test_derivatives_are_those_of_B_and_E(sample):
    points, t = sample.points(COUNT)
    field, d = sample.field, sample.field.derivatives(points, t)
    for name, function in (("B", field.B), ("E", field.E)):
        numeric = differences(function, sample, points, t)
        values = function(points, t)
        np.testing.assert_array_equal(d[name], values)
        scale = np.max(np.abs(values)) + np.max(np.abs(numeric))
        assert_close(sample.length * d[f"grad_{name}"], numeric[..., :3], scale, DIFFERENCES)
        assert_close(sample.duration * d[f"d{name}_dt"], numeric[..., 3], scale, DIFFERENCES)


@every_field
def test_B_and_E_come_from_the_potentials(sample):
    points, t = sample.points(COUNT)
    field = sample.field
    numeric = differences(potentials(field), sample, points, t)
    scale = np.max(np.abs(potentials(field)(points, t))) + np.max(np.abs(numeric))
    slopes = numeric[:, :3, :3]
    curl = np.stack(
        [
            slopes[:, 2, 1] - slopes[:, 1, 2],
            slopes[:, 0, 2] - slopes[:, 2, 0],
            slopes[:, 1, 0] - slopes[:, 0, 1],
        ],
        axis=1,
    )
    assert_close(curl, sample.length * field.B(points, t), scale, DIFFERENCES)
    # The samples' length and duration are equal numbers.
    assert_close(
        -numeric[:, 3, :3] - numeric[:, :3, 3], sample.length * field.E(points, t), scale, DIFFERENCES
    )


@every_field
def test_a_field_turns_and_moves_with_its_frame(sample):
    field = sample.field
    turn, shift = Rotation.from_rotvec([0.4, -1.1, 0.7]), sample.length * np.array([0.3, 2.0, -0.5])
    orientation = turn if field.orientation is None else turn * field.orientation
    moved = dataclasses.replace(
        field, position=turn.apply(np.array(field.position)) + shift, orientation=orientation
    )
    points, t = sample.points(COUNT)
    there = turn.apply(points) + shift
    matrix = turn.as_matrix()
    before, after = field.derivatives(points, t), moved.derivatives(there, t)
    before["A"], after["A"] = field.A(points, t), moved.A(there, t)
    before["phi"], after["phi"] = field.electric_potential(points, t), moved.electric_potential(there, t)
    for name, value in before.items():
        if name.startswith("grad"):
            value = matrix @ value @ matrix.T
        elif name != "phi":
            value = value @ matrix.T
        assert_close(after[name], value, np.max(np.abs(value)), 3e-14)


@pytest.mark.parametrize("unit", [1e-9, 1e7])
def test_fields_know_no_length_of_their_own(unit):
    for small, large in zip(sample_fields(1.0), sample_fields(unit), strict=True):
        points, t = small.points(COUNT)
        one, two = (s.field.derivatives(u * points, u * t) for s, u in ((small, 1.0), (large, unit)))
        for name, value in one.items():
            factor = 1.0 if name in "BE" else unit
            assert_close(factor * two[name], value, np.max(np.abs(value)), 3e-13)
        for name in ("A", "electric_potential"):
            value = getattr(small.field, name)(points, t)
            scaled = getattr(large.field, name)(unit * points, unit * t) / unit
            assert_close(scaled, value, np.max(np.abs(value)), 3e-13)


@every_field
def test_flags_are_true_to_the_values(sample):
    d = sample.field.derivatives(*sample.points(COUNT))
    assert np.any(d["E"]) == sample.field.electric
    assert (np.any(d["dB_dt"]) or np.any(d["dE_dt"])) == sample.field.time_dependent


@every_field
def test_a_missing_point_spoils_no_other(sample):
    points, t = sample.points(3)
    points[1], t[1] = np.nan, np.nan
    values = np.concatenate([sample.field.B(points, t), sample.field.E(points, t)], axis=1)
    alone = np.concatenate([sample.field.B(points[2], t[2]), sample.field.E(points[2], t[2])])
    np.testing.assert_array_equal(values[2], alone)
    uniform = np.all(values[0] == values[2])
    assert uniform or np.any(np.isnan(values[1]))
