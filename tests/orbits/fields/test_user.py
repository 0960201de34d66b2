"""A user's own compiled function as a field."""

import gc
import pickle

import numba
import numpy as np
import pytest

from magneton import UniformField
from magneton.orbits.fields import CompiledFunction, LinearGradient, along

SIGNATURE = "void(CPointer(float64), CPointer(float64), CPointer(float64))"


def _growing(txyz, params, result):
    for i in range(30):
        result[i] = 0.0
    result[2] = params[0] + params[1] * txyz[1]
    result[9] = params[1]


def _only_B_and_E(txyz, params, result):
    result[0], result[1], result[2] = 0.0, 0.0, txyz[0]
    result[12], result[13], result[14] = txyz[1], txyz[2], txyz[3]


def test_a_users_function_is_the_field_it_computes():
    # Nobody else holds the function: the field keeps it alive.
    field = CompiledFunction(
        numba.cfunc(SIGNATURE)(_growing), [2.0, 0.5], time_dependent=False, electric=False
    )
    gc.collect()
    points = np.random.default_rng(0).normal(size=(300, 3))
    frame = {"position": (0.3, 0, 0), "orientation": along([0, 1.0, 0.2])}
    for mine, built_in in (
        (field, LinearGradient(2.0, 0.5)),
        (CompiledFunction(field.function, (2.0, 0.5), **frame), LinearGradient(2.0, 0.5, **frame)),
    ):
        for name, value in built_in.derivatives(points).items():
            np.testing.assert_array_equal(mine.derivatives(points)[name], value)
    assert np.all(np.isnan(field.A(points)))
    assert not (field + UniformField([0, 0, 1.0])).electric


def test_what_a_users_function_does_not_set_is_unknown():
    function = numba.cfunc(SIGNATURE)(_only_B_and_E)
    field = CompiledFunction(function.address)
    assert field.time_dependent
    assert field.electric
    np.testing.assert_array_equal(field.B([1.0, 2.0, 3.0], 4.0), [0, 0, 4.0])
    np.testing.assert_array_equal(field.E([1.0, 2.0, 3.0], 4.0), [1.0, 2.0, 3.0])
    assert np.all(np.isnan(field.grad_B([1.0, 2.0, 3.0])))


def test_errors_say_what_is_required():
    wrong = numba.cfunc("float64(float64)")(lambda x: x)
    with pytest.raises(
        ValueError, match=r"function must be a numba cfunc of signature void\(double \*txyz.*got one"
    ):
        CompiledFunction(wrong)
    for function in (_growing, -5, True, numba.njit(_growing)):
        with pytest.raises(ValueError, match="function must be a numba cfunc or the address of a function"):
            CompiledFunction(function)
    with pytest.raises(ValueError, match=r"params must have shape \(n,\), got shape \(1, 1\)"):
        CompiledFunction(1, [[1.0]])
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(CompiledFunction(1))
