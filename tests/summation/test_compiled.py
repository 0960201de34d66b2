"""A field as flat arrays: joining, picking and leaving out terms."""

import dataclasses

import numpy as np
import pytest

from magneton import CircularLoop, Dipole, Dipoles, Pole, Polyline, UniformField
from magneton.kernels.field import DIPOLE, LOOP, POLE, POLYLINE, UNIFORM, USER
from magneton.summation.batch import evaluate
from magneton.summation.compiled import CompiledField, joined, table, term, user_field

rng = np.random.default_rng(5)
POINTS = rng.normal(size=(7, 3)) * 3.0
SOURCES = [
    Dipole([0.0, 1.0, 2.0], [0.5, 0.0, 0.1]),
    Polyline([[0, 0, 0], [1, 0, 0], [1, 1, 0.5]], 2.0),
    CircularLoop(0.4, 1.0, [0.0, 0.2, 0.0]),
    Dipoles([[1.0, 0, 0], [0, 2.0, 0]], [[0.0, 0, 1.0], [0, 1.0, 0]]),
    UniformField([1e-7, 0, 2e-7]),
    CircularLoop(0.7, -1.0),
]
FIELDS = [source.compiled for source in SOURCES]


def consistent(field):
    """Say whether the three arrays fit together."""
    return (
        field.kinds.dtype == np.int64
        and field.starts.dtype == np.int64
        and field.params.dtype == np.float64
        and field.kinds.ndim == field.starts.ndim == field.params.ndim == 1
        and len(field.starts) == len(field.kinds) + 1
        and field.starts[0] == 0
        and field.starts[-1] == len(field.params)
        and bool(np.all(np.diff(field.starts) >= 0))
    )


def same(a, b):
    return all(
        np.array_equal(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(CompiledField)
    )


def test_term_puts_its_parameters_in_a_row():
    field = term(LOOP, np.array([1.0, 2.0, 3.0]), np.eye(3), 0.5, 7)
    assert consistent(field)
    assert field.kinds.tolist() == [LOOP]
    assert field.starts.tolist() == [0, 14]
    assert field.params.tolist() == [1, 2, 3, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0.5, 7]


def test_table_is_the_sum_of_its_rows():
    rows = rng.normal(size=(3, 6))
    field = table(DIPOLE, rows)
    assert consistent(field)
    assert same(field, joined([term(DIPOLE, row) for row in rows]))
    np.testing.assert_array_equal(field.of_kind(DIPOLE), rows)
    assert same(table(DIPOLE, rows[:, ::-1][:, ::-1]), field)


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: type(s).__name__)
def test_every_source_compiles_to_arrays_that_fit(source):
    assert consistent(source.compiled)
    assert source.compiled is source.compiled


def test_joined_keeps_the_order_and_all_parameters():
    field = joined(FIELDS)
    assert consistent(field)
    assert field.kinds.tolist() == [DIPOLE, POLYLINE, LOOP, DIPOLE, DIPOLE, UNIFORM, LOOP]
    np.testing.assert_array_equal(field.params, np.concatenate([f.params for f in FIELDS]))
    assert field.kind_set == {DIPOLE, POLYLINE, LOOP, UNIFORM}
    position = 0
    for part in FIELDS:
        for i in range(len(part.kinds)):
            mine = field.params[field.starts[position] : field.starts[position + 1]]
            np.testing.assert_array_equal(mine, part.params[part.starts[i] : part.starts[i + 1]])
            position += 1


def test_joined_of_joined_of_one_and_of_none():
    assert same(joined([joined(FIELDS[:2]), joined(FIELDS[2:])]), joined(FIELDS))
    assert same(joined(iter(FIELDS)), joined(FIELDS))
    assert same(joined([FIELDS[1]]), FIELDS[1])
    empty = joined([])
    assert consistent(empty)
    assert len(empty.kinds) == 0
    assert same(joined([empty, FIELDS[0], empty]), FIELDS[0])
    for quantity, width in (("B", 3), ("grad_B", 9)):
        assert evaluate(empty, quantity, POINTS).tolist() == np.zeros((7, width)).tolist()


def test_joined_fields_add():
    total = evaluate(joined(FIELDS), "B", POINTS)
    parts = [evaluate(field, "B", POINTS) for field in FIELDS]
    size = np.sum([np.linalg.norm(part, axis=1) for part in parts], axis=0)
    assert np.all(np.linalg.norm(total - sum(parts), axis=1) <= 2e-15 * size)
    assert np.all(size > 0)


def test_of_kind_picks_rows_in_order():
    field = joined(FIELDS)
    dipoles = field.of_kind(DIPOLE)
    assert dipoles.shape == (3, 6)
    np.testing.assert_array_equal(dipoles[0], [0.5, 0.0, 0.1, 0.0, 1.0, 2.0])
    np.testing.assert_array_equal(dipoles[1:, :3], [[0, 0, 1], [0, 1, 0]])
    assert field.of_kind(LOOP)[:, 12:].tolist() == [[0.4, 1.0], [0.7, -1.0]]
    assert len(field.of_kind(POLE)) == 0
    dipoles[:] = 0.0
    np.testing.assert_array_equal(field.of_kind(DIPOLE)[0], [0.5, 0.0, 0.1, 0.0, 1.0, 2.0])


def test_without_leaves_the_rest():
    field = joined(FIELDS)
    rest = field.without([DIPOLE, LOOP, POLE])
    assert consistent(rest)
    assert same(rest, joined([FIELDS[1], FIELDS[4]]))
    assert field.without([]) is field
    assert field.without([POLE, USER]) is field
    nothing = field.without(range(8))
    assert consistent(nothing)
    assert len(nothing.kinds) == 0
    assert same(field, joined(FIELDS))
    parts = joined([field.without([DIPOLE]), field.without(set(range(8)) - {DIPOLE})])
    np.testing.assert_allclose(evaluate(parts, "B", POINTS), evaluate(field, "B", POINTS), rtol=1e-13)


def test_a_field_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        FIELDS[0].params = np.zeros(6)


def test_a_users_field_carries_address_and_parameters():
    address = (1 << 47) - 8
    field = user_field(address, np.array([1.5, 2.5]))
    assert consistent(field)
    assert field.kinds.tolist() == [USER]
    assert int(field.params[0]) == address
    assert field.params[1:].tolist() == [1.5, 2.5]
    assert len(user_field(address).params) == 1


def test_one_pole_is_one_term():
    assert Pole(2.0, [1, 2, 3]).compiled.params.tolist() == [1.0, 2.0, 3.0, 2.0]
