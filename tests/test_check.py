"""What users pass in: every wrong argument is a ValueError that names it, what is required and what came."""

import dataclasses
import re

import astropy.units as u
import numpy as np
import pint
import pytest
from scipy.spatial.transform import Rotation

from magneton import (
    CircularLoop,
    Collection,
    CurveLoop,
    Dipole,
    Dipoles,
    MomentSystem,
    Pole,
    PolePair,
    Polyline,
    Solenoid,
    UniformField,
    _check,
    force_on_dipole,
    interaction,
    mutual_inductance,
    units,
)
from magneton.sources import sample_sources

UREG = pint.UnitRegistry()
ORIGIN = [0.0, 0.0, 0.0]
SQUARE = [[0.0, 0, 0], [1.0, 0, 0], [1.0, 1.0, 0], [0.0, 1.0, 0]]
TURNS = np.linspace(0.0, 2.0 * np.pi, 16, endpoint=False)
CIRCLE = np.stack([np.cos(TURNS), np.sin(TURNS), 0 * TURNS], axis=1)

# How to call each constructor with one argument left open, and what kind of thing that argument is.
ARGUMENTS = {
    "Dipole.moment": ("vector", lambda v: Dipole(v)),
    "Dipole.position": ("vector", lambda v: Dipole([0, 0, 1], v)),
    "Dipoles.moments": ("vectors", lambda v: Dipoles(v, SQUARE)),
    "Dipoles.positions": ("vectors", lambda v: Dipoles(SQUARE, v)),
    "Pole.pole_strength": ("number", lambda v: Pole(v)),
    "Pole.position": ("vector", lambda v: Pole(1.0, v)),
    "PolePair.pole_strength": ("number", lambda v: PolePair(v, [0, 0, 1])),
    "PolePair.separation": ("vector", lambda v: PolePair(1.0, v)),
    "PolePair.position": ("vector", lambda v: PolePair(1.0, [0, 0, 1], v)),
    "UniformField.B0": ("vector", lambda v: UniformField(v)),
    "UniformField.position": ("vector", lambda v: UniformField([0, 0, 1], v)),
    "CircularLoop.radius": ("number", lambda v: CircularLoop(v, 1.0)),
    "CircularLoop.current": ("number", lambda v: CircularLoop(1.0, v)),
    "CircularLoop.position": ("vector", lambda v: CircularLoop(1.0, 1.0, v)),
    "CircularLoop.from_moment.radius": ("number", lambda v: CircularLoop.from_moment(v, [0, 0, 1])),
    "CircularLoop.from_moment.moment": ("vector", lambda v: CircularLoop.from_moment(1.0, v)),
    "CircularLoop.from_moment.position": ("vector", lambda v: CircularLoop.from_moment(1.0, [0, 0, 1], v)),
    "Polyline.vertices": ("vectors", lambda v: Polyline(v, 1.0)),
    "Polyline.current": ("number", lambda v: Polyline(SQUARE, v)),
    "CurveLoop.curve": ("vectors", lambda v: CurveLoop(v, 1.0)),
    "CurveLoop.current": ("number", lambda v: CurveLoop(CIRCLE, v)),
    "MomentSystem.moments": ("vectors", lambda v: MomentSystem(v, SQUARE)),
    "MomentSystem.positions": ("vectors", lambda v: MomentSystem(SQUARE, v)),
    "translated.vector": ("vector", lambda v: Dipole([0, 0, 1]).translated(v)),
    "rotated.about": ("vector", lambda v: Dipole([0, 0, 1]).rotated(Rotation.identity(), v)),
    "interaction.pivot": (
        "vector",
        lambda v: interaction(Dipole([0, 0, 1]), Dipole([0, 0, 1], [1, 0, 0]), v),
    ),
}
NOT_NUMBERS = ["1.0", "abc", b"1", True, 1 + 0j, {"x": 1}, object(), np.datetime64("2026-01-01")]
WRONG = {
    "number": [
        *NOT_NUMBERS,
        None,
        float("nan"),
        float("inf"),
        -np.inf,
        [1.0],
        [1.0, 2.0],
        [[1.0], [1.0, 2.0]],
        np.array([True]),
        10**400,
    ],
    "vector": [
        *NOT_NUMBERS,
        1.0,
        [1.0, 2.0],
        [1.0, 2.0, 3.0, 4.0],
        [[1.0, 2.0, 3.0]],
        [1.0, [2.0], 3.0],
        [1.0, None, 3.0],
        [1.0, float("nan"), 3.0],
        [1.0, np.inf, 3.0],
        ["1", "2", "3"],
        [True, False, True],
        [1j, 0, 0],
        [],
    ],
    "vectors": [
        *NOT_NUMBERS,
        None,
        1.0,
        [1.0, 2.0, 3.0],
        [[1.0, 2.0]],
        [[1.0, 2.0, 3.0], [1.0, 2.0]],
        [[[1.0, 2.0, 3.0]]],
        [[1.0, None, 3.0]],
        [[1.0, float("nan"), 3.0]] * 4,
        [[1.0, np.inf, 3.0]] * 4,
        [["1", "2", "3"]],
        np.zeros((4, 3), dtype=bool),
        np.zeros((4, 3), dtype=complex),
        np.empty((0, 3)),
        [],
    ],
}


@pytest.mark.parametrize("argument", ARGUMENTS)
def test_a_wrong_value_is_refused_by_name(argument):
    kind, build = ARGUMENTS[argument]
    name = argument.rpartition(".")[2]
    for value in WRONG[kind]:
        with pytest.raises(ValueError) as caught:
            build(value)
        message = str(caught.value)
        assert re.fullmatch(rf"{name} must (be|have|hold) .+, got .+", message), (value, message)
        assert len(message) <= 200
        assert "\n" not in message


def test_none_is_no_vector_where_one_is_needed():
    for argument, (kind, build) in ARGUMENTS.items():
        if kind == "vector" and argument != "interaction.pivot":
            with pytest.raises(ValueError, match=r" must be a vector of 3 numbers, got None$"):
                build(None)


EXACT_MESSAGES = [
    (lambda: CircularLoop(radius=-0.1, current=1.0), "radius must be positive, got -0.1"),
    (lambda: CircularLoop(radius=0, current=1.0), "radius must be positive, got 0"),
    (lambda: CircularLoop(radius="wide", current=1.0), "radius must be a number, got 'wide'"),
    (lambda: CircularLoop(radius=True, current=1.0), "radius must be a number, got True"),
    (lambda: CircularLoop(radius=float("nan"), current=1.0), "radius must be finite, got nan"),
    (lambda: CircularLoop(radius=1.0, current=float("inf")), "current must be finite, got inf"),
    (
        lambda: CircularLoop(radius=[1.0, 2.0], current=1),
        "radius must be a number, got an array of shape (2,)",
    ),
    (lambda: CircularLoop(1.0, 1.0, [1, 2]), "position must be a vector of 3 numbers, got shape (2,)"),
    (lambda: CircularLoop(1.0, 1 + 2j), "current must be a number, got (1+2j)"),
    (lambda: Dipole([1, 2, [3]]), "moment must be a vector of 3 numbers, got [1, 2, [3]]"),
    (lambda: Dipole(None), "moment must be a vector of 3 numbers, got None"),
    (lambda: Dipole([0, 0, np.nan]), "moment must be finite, got [0, 0, nan]"),
    (lambda: Dipoles([1.0, 2.0, 3.0], SQUARE), "moments must have shape (n, 3), got shape (3,)"),
    (lambda: Dipoles(np.empty((0, 3)), SQUARE), "moments must hold at least 1 vector, got 0"),
    (
        lambda: Dipoles(SQUARE, SQUARE[:2]),
        "moments and positions must have the same length, got 4 and 2",
    ),
    (
        lambda: MomentSystem(SQUARE, SQUARE[:3]),
        "moments and positions must have the same length, got 4 and 3",
    ),
    (
        lambda: MomentSystem(SQUARE[:3], [SQUARE[1], SQUARE[0], SQUARE[1]]),
        "positions must differ, got 0 and 2 both at [1.0, 0.0, 0.0]",
    ),
    (
        lambda: CircularLoop.from_moment(1.0, ORIGIN),
        "moment must not be zero, got [0, 0, 0]: its direction gives the loop's axis",
    ),
    (lambda: PolePair(1.0, ORIGIN), "separation must not be zero, got [0, 0, 0]: use a Dipole for a point"),
    (lambda: Polyline([ORIGIN], 1.0), "vertices must hold at least 2 vectors, got 1"),
    (
        lambda: Polyline([ORIGIN, [1, 0, 0], [1, 0, 0]], 1.0),
        "vertices must differ from their neighbours, got 1 and 2 equal",
    ),
    (
        lambda: Polyline([ORIGIN, [1, 0, 0]], 1.0, closed=True),
        "vertices of a closed polyline must be at least 3, got 2",
    ),
    (
        lambda: Polyline([*SQUARE, SQUARE[0]], 1.0, closed=False),
        "closed must be True or None for vertices whose last equals the first, got False",
    ),
    (lambda: CurveLoop(CIRCLE[:5], 1.0), "curve must hold at least 8 vectors, got 5"),
    (lambda: CurveLoop([[1.0, 2.0, 3.0]] * 8, 1.0), "curve must not be a single point"),
    (lambda: Collection(3), "sources must be a sequence of sources, got int"),
    (lambda: Collection([]), "sources must hold at least one source, got none"),
    (lambda: Collection([Dipole([0, 0, 1]), "x"]), "sources[1] must be a source, got str"),
    (
        lambda: interaction(Dipole([0, 0, 1]), 5),
        "target must be a source such as Dipole or CircularLoop, got int",
    ),
    (
        lambda: interaction(Dipole([0, 0, 1]), Dipole([0, 0, 1], [1, 0, 0]), rtol=2.0),
        "rtol must lie between 0 and 1, got 2",
    ),
    (
        lambda: interaction(Dipole([0, 0, 1]), Dipole([0, 0, 1], [1, 0, 0]), rtol="tight"),
        "rtol must be a number, got 'tight'",
    ),
    (
        lambda: force_on_dipole([0, 0, 1], [1, 2, 3]),
        "grad_B must have shape (..., 3, 3), got shape (3,)",
    ),
    (lambda: Dipole([0, 0, 1]).B([1, 2]), "points must have shape (..., 3), got shape (2,)"),
    (lambda: Dipole([0, 0, 1]).B(1.0), "points must have shape (..., 3), got shape ()"),
    (lambda: Dipole([0, 0, 1]).B("here"), "points must be real numbers of shape (..., 3), got 'here'"),
    (
        lambda: Dipole([0, 0, 1]).B([[1, 2, 3], [1, 2]]),
        "points must be real numbers of shape (..., 3), got [[1, 2, 3], [1, 2]]",
    ),
]


@pytest.mark.parametrize(("call", "message"), EXACT_MESSAGES, ids=[m[:50] for _, m in EXACT_MESSAGES])
def test_the_message(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "value", ["z", 3.0, [0, 0, 1], Rotation.from_quat([[0, 0, 0, 1], [1, 0, 0, 0]]), np.eye(3)]
)
def test_an_orientation_is_one_rotation(value):
    with pytest.raises(ValueError, match=r"^orientation must be a single scipy Rotation or None, got "):
        CircularLoop(1.0, 1.0, ORIGIN, value)
    with pytest.raises(ValueError, match=r"^rotation must be a single scipy Rotation, got "):
        Dipole([0, 0, 1]).rotated(value)


@pytest.mark.parametrize(
    ("curve", "message"),
    [
        (lambda t: np.stack([t, t]), "curve must return 3 finite coordinates"),
        (lambda t: "round", "curve must return 3 finite coordinates"),
        (lambda t: [t[0], t["x"]], r"curve must give a point for each t in \[0, 2 pi\), got TypeError"),
        (lambda t: np.stack([t, 0 * t, 0 * t], -1), "curve must be smooth and closed over t"),
        (lambda t: np.stack([np.cos(t), np.nan * t, 0 * t], -1), "curve must return 3 finite coordinates"),
    ],
)
def test_a_wrong_curve(curve, message):
    with pytest.raises(ValueError, match=f"^{message}"):
        CurveLoop(curve, 1.0)


def test_mutual_inductance_needs_circuits():
    loop = CircularLoop(1.0, 1.0)
    for a, b, name in [(Dipole([0, 0, 1]), loop, "a"), (loop, Polyline(SQUARE, 1.0), "b"), (loop, None, "b")]:
        with pytest.raises(ValueError, match=rf"^{name} must be a closed circuit .*, got "):
            mutual_inductance(a, b)


@pytest.mark.parametrize(
    ("check", "value", "message"),
    [
        (_check.number, [np.nan, 1.0], "x must be a number, got an array of shape (2,)"),
        (_check.vector, [np.nan, 1.0], "x must be a vector of 3 numbers, got shape (2,)"),
        (_check.vectors, [np.nan, 1.0, 2.0], "x must have shape (n, 3), got shape (3,)"),
        (
            lambda *a: _check.vectors(*a, least=2),
            [[np.nan, 1.0, 2.0]],
            "x must hold at least 2 vectors, got 1",
        ),
    ],
)
def test_a_wrong_shape_is_told_before_a_wrong_value(check, value, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        check("x", value)


def test_floats_are_whole_numbers_only_if_they_are_whole():
    for value in ([1, 2], [1.0, 2.0], np.array([1, 2], dtype=np.uint8), np.array([1, 2], dtype=np.float32)):
        array = _check.whole_numbers("n", value, "whole numbers")
        assert array.dtype == np.int64
        assert array.tolist() == [1, 2]
    for value, came in (([1.0, 2.5], "2.5"), ([np.inf], "inf"), ([np.nan], "nan"), ([1.0, 1e16], "1e\\+16")):
        with pytest.raises(ValueError, match=f"^n must be whole numbers, got {came} among them$"):
            _check.whole_numbers("n", value, "whole numbers")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: CircularLoop("10 cm", 1.0),
            "radius must be a number, got '10 cm'; text is not converted: use magneton.units.convert(10, 'cm', 'm') "
            "or a quantity of pint or astropy",
        ),
        (
            lambda: UniformField(["1e-3 mT", "2 mT", "0 mT"]),
            "B0 must be a vector of 3 numbers, got ['1e-3 mT', '2 mT', '0 mT']; text is not converted: use "
            "magneton.units.convert(1e-3, 'mT', 'T') or a quantity of pint or astropy",
        ),
        (lambda: CircularLoop("1e5", 1.0), "radius must be a number, got '1e5'"),
        (lambda: CircularLoop("cm", 1.0), "radius must be a number, got 'cm'"),
        (lambda: Solenoid(1.0, 1.0, "5 turns", 1.0), "turns must be a number, got '5 turns'"),
    ],
)
def test_text_with_a_unit_gets_a_hint_that_works(call, message):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == message
    hint = re.search(r"magneton\.units\.convert\((.*?), '(.*?)', '(.*?)'\)", message)
    if hint:
        assert units.convert(float(hint[1]), hint[2], hint[3]) in (0.1, 1e-6)


# --- points ----------------------------------------------------------------------------------------------

WRONG_POINTS = [
    *NOT_NUMBERS,
    None,
    1.0,
    [],
    [1.0, 2.0],
    np.zeros((3, 2)),
    np.zeros((2, 3), dtype=complex),
    [["a"] * 3],
]


@pytest.mark.parametrize("quantity", ["B", "H", "A", "grad_B", "scalar_potential"])
def test_wrong_points_are_refused_by_name(quantity):
    evaluate = getattr(Dipole([0.0, 0.0, 1.0]), quantity)
    for value in WRONG_POINTS:
        with pytest.raises(
            ValueError, match=r"^points must (be real numbers of|have) shape \(\.\.\., 3\), got "
        ):
            evaluate(value)


SAMPLES = sample_sources()
NAMES = [f"{type(source).__name__}-{i}" for i, source in enumerate(SAMPLES)]


@pytest.mark.parametrize("source", SAMPLES, ids=NAMES)
def test_a_nan_point_gives_nan_there_and_nowhere_else(source):
    clean = np.array([[3.0, 2.0, 1.0], [-2.0, 4.0, 1.5], [40.0, -30.0, 20.0]])
    for axis in range(3):
        points = np.insert(clean, 1, clean[0], axis=0)
        points[1, axis] = np.nan
        for quantity in ("B", "grad_B"):
            values = getattr(source, quantity)(points)
            if not isinstance(source, UniformField):  # the same everywhere, be it known where or not
                assert np.isnan(values[1]).any()
            np.testing.assert_array_equal(np.delete(values, 1, axis=0), getattr(source, quantity)(clean))


def test_integer_points_and_lists_are_fine():
    dipole = Dipole([0, 0, 1])
    expected = dipole.B(np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
    for points in (
        [[1, 2, 3], [4, 5, 6]],
        ((1, 2, 3), (4, 5, 6)),
        np.array([[1, 2, 3], [4, 5, 6]], dtype=np.int16),
        np.array([[1, 2, 3], [4, 5, 6]], dtype=np.uint8),
        np.array([[1, 2, 3], [4, 5, 6]], dtype=np.float32),
        np.array([[1, 2, 3], [4, 5, 6]], dtype=">f8"),
    ):
        np.testing.assert_array_equal(dipole.B(points), expected)


def test_points_are_left_as_they_were():
    points = np.array([[1.0, 2.0, 3.0]])
    points.setflags(write=False)
    result = CircularLoop(1.0, 1.0).B(points)
    assert points.tolist() == [[1.0, 2.0, 3.0]]
    result[:] = 0.0
    assert CircularLoop(1.0, 1.0).B(points).any()


# --- quantities ------------------------------------------------------------------------------------------

POINT = np.array([0.3, -0.2, 0.1])
B_OF_LOOP = CircularLoop(0.05, 2.0, [0.01, 0.02, 0.03]).B(POINT)


@pytest.mark.parametrize(
    ("mm", "mA"),
    [(UREG.mm, UREG.mA), (u.mm, u.mA)],
    ids=["pint", "astropy"],
)
def test_lengths_and_currents_with_units(mm, mA):
    loop = CircularLoop(50.0 * mm, 2000.0 * mA, np.array([10.0, 20.0, 30.0]) * mm)
    assert type(loop.radius) is float
    assert type(loop.position) is np.ndarray
    assert loop.radius == pytest.approx(0.05, rel=1e-15)
    assert loop.current == pytest.approx(2.0, rel=1e-15)
    np.testing.assert_allclose(loop.position, [0.01, 0.02, 0.03], rtol=1e-15)
    field = loop.B(1e3 * POINT * mm)
    assert type(field) is np.ndarray
    np.testing.assert_allclose(field, B_OF_LOOP, rtol=1e-13)
    corners = Polyline(1e3 * np.array(SQUARE) * mm, 500.0 * mA, closed=True)
    np.testing.assert_allclose(corners.moment, [0.0, 0.0, 0.5], rtol=1e-14)


@pytest.mark.parametrize(
    ("erg_per_gauss", "gauss", "cm"),
    [(UREG.erg / UREG.gauss, UREG.gauss, UREG.cm), (u.erg / u.G, u.G, u.cm)],
    ids=["pint", "astropy"],
)
def test_gaussian_units(erg_per_gauss, gauss, cm):
    dipole = Dipole([0.0, 0.0, 3.0] * erg_per_gauss, [1.0, 0.0, 2.0] * cm)
    np.testing.assert_allclose(dipole.moment, [0.0, 0.0, 3e-3], rtol=1e-15)
    np.testing.assert_allclose(dipole.position, [0.01, 0.0, 0.02], rtol=1e-15)
    np.testing.assert_allclose(UniformField([0.5, 0.0, 0.1] * gauss).B0, [5e-5, 0.0, 1e-5], rtol=1e-15)
    each = Dipole([0.0 * erg_per_gauss, 1.0 * erg_per_gauss, 2.0 * erg_per_gauss])
    np.testing.assert_allclose(each.moment, [0.0, 1e-3, 2e-3], rtol=1e-15)


@pytest.mark.parametrize(
    ("second", "mm", "kelvin"),
    [(UREG.second, UREG.mm, UREG.kelvin), (u.s, u.mm, u.K)],
    ids=["pint", "astropy"],
)
def test_a_wrong_dimension_is_a_value_error(second, mm, kelvin):
    for call, name, unit in [
        (lambda: CircularLoop(2.0 * second, 1.0), "radius", "m"),
        (lambda: CircularLoop(2.0, 1.0 * mm), "current", "A"),
        (lambda: Dipole([0.0, 0.0, 1.0] * mm), "moment", r"A m\^2"),
        (lambda: Dipole([0.0, 0.0, 1.0], [1.0, 2.0, 3.0] * kelvin), "position", "m"),
        (lambda: UniformField([0.0, 0.0, 1.0] * mm), "B0", "T"),
        (lambda: Dipole([0.0, 0.0, 1.0]).B([1.0, 2.0, 3.0] * second), "points", "m"),
        (lambda: Pole(1.0 * kelvin), "pole_strength", "A m"),
    ]:
        with pytest.raises(ValueError, match=f"^{name} must be convertible to {unit}, got a quantity in "):
            call()
    with pytest.raises(ValueError, match=r"^position must have a unit on every element or on none, got "):
        Dipole([0.0, 0.0, 1.0], [1.0 * mm, 2.0, 3.0])
    with pytest.raises(ValueError, match=r"^radius must be positive, got -0.002"):
        CircularLoop(-2.0 * mm, 1.0)


# --- frozen ----------------------------------------------------------------------------------------------

KEPT_ARRAYS = [
    (lambda a: Dipole(a[0], a[1]), ("moment", "position")),
    (lambda a: Dipoles(a, a), ("moments", "positions")),
    (lambda a: Pole(1.0, a[1]), ("position",)),
    (lambda a: PolePair(1.0, a[0], a[1]), ("separation", "position")),
    (lambda a: UniformField(a[0], a[1]), ("B0", "position")),
    (lambda a: CircularLoop(1.0, 1.0, a[1]), ("position",)),
    (lambda a: Polyline(a, 1.0, closed=True), ("vertices",)),
    (lambda a: Polyline(a, 1.0), ("vertices",)),
    (lambda a: CurveLoop(a, 1.0), ("curve",)),
    (lambda a: MomentSystem(a, a), ("moments", "positions")),
]


@pytest.mark.parametrize("case", KEPT_ARRAYS, ids=lambda case: str(case[1]))
def test_what_came_in_is_copied_and_frozen(case):
    build, names = case
    mine = np.array(CIRCLE) + np.array([0.0, 0.1, 0.3])
    source = build(mine)
    before = {name: getattr(source, name).copy() for name in names}
    mine *= 7.0
    for name in names:
        kept = getattr(source, name)
        np.testing.assert_array_equal(kept, before[name])
        assert not np.shares_memory(kept, mine)
        assert not kept.flags.writeable
        with pytest.raises(ValueError, match="read-only"):
            kept[0] = 1.0


@pytest.mark.parametrize("source", SAMPLES, ids=NAMES)
def test_a_source_is_frozen(source):
    for field in dataclasses.fields(source):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(source, field.name, getattr(source, field.name))
        with pytest.raises(dataclasses.FrozenInstanceError):
            delattr(source, field.name)


@pytest.mark.parametrize("source", SAMPLES, ids=NAMES)
def test_writing_into_what_a_source_hands_out_does_not_change_it(source):
    point = [3.0, 2.0, 1.0]
    expected = source.B(point)
    for name in ("position", "moment", "vector_area"):
        value = getattr(source, name, None)
        if value is not None and value.flags.writeable:
            value[:] = 99.0
    fresh = source.translated([0.0, 0.0, 0.0])
    np.testing.assert_allclose(fresh.B(point), expected, rtol=1e-12, atol=0)


def test_the_checks_return_fresh_read_only_floats():
    mine = np.array([1, 2, 3])
    vector = _check.vector("v", mine)
    assert vector.dtype == np.float64
    assert not vector.flags.writeable
    assert mine.flags.writeable
    floats = np.array([[1.0, 2.0, 3.0]])
    vectors = _check.vectors("v", floats)
    assert not np.shares_memory(vectors, floats)
    assert floats.flags.writeable
    assert type(_check.number("x", np.float32(0.5))) is float
    assert type(_check.positive("x", np.array(3))) is float
    with pytest.raises(ValueError, match=r"^x must be positive, got -3$"):
        _check.positive("x", -3)


def test_a_fraction_lies_between_zero_and_one():
    assert _check.fraction("rtol", 1e-9) == 1e-9
    for value, shown in [(0, "0"), (1, "1"), (-1e-3, "-0.001")]:
        with pytest.raises(ValueError, match=f"^rtol must lie between 0 and 1, got {shown}$"):
            _check.fraction("rtol", value)


def test_what_came_is_shown_in_short():
    with pytest.raises(ValueError) as caught:
        Dipole(["x"] * 10_000)
    assert len(str(caught.value)) < 140
