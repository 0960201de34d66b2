"""Vector instructions by hand, for sums over a small block of a table: four neighbours at a time."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import config, types
from numba.extending import intrinsic

from magneton._simd import _DOUBLE, _INT, _Vector

_WIDTH = 4
_FOUR = ir.VectorType(_DOUBLE, _WIDTH)


def _spread(builder: Any, number: Any) -> _Vector:
    """Return a vector of one number four times."""
    return _joined(builder, [number] * _WIDTH)


def _joined(builder: Any, numbers: list[Any]) -> _Vector:
    out = ir.Constant(_FOUR, ir.Undefined)
    for lane, number in enumerate(numbers):
        out = builder.insert_element(out, number, ir.Constant(ir.IntType(32), lane))
    return _Vector(builder, out)


def _weighted(weights: list[_Vector], rows: list[_Vector]) -> _Vector:
    total = weights[0] * rows[0]
    for weight, row in zip(weights[1:], rows[1:], strict=True):
        total = weight.times_plus(row, total)
    return total


def _block_sum(outer: int, middle: int) -> Any:
    """Return the intrinsic for a block of so many by so many rows of four numbers."""

    def intrinsic_(
        typingctx: Any,
        table: Any,
        first: Any,
        step_0: Any,
        step_1: Any,
        weights: Any,
        r0: Any,
        r1: Any,
        r2: Any,
        n: Any,
    ) -> Any:
        """Return the sum over i, j, k of w[r0 + i] w[r1 + j] w[r2 + k] table[first + i step_0 + j step_1 + k].

        w is column n of `weights`, a C-ordered array.
        """

        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            array, first_, step_0_, step_1_, packed, *rows, column = args
            data = context.make_array(signature.args[0])(context, builder, array).data
            w = context.make_array(signature.args[4])(context, builder, packed)
            width = builder.extract_value(w.shape, 1)

            def weight(row: Any, i: int) -> Any:
                index = builder.add(builder.mul(builder.add(row, _INT(i)), width), column)
                return builder.load(builder.gep(w.data, [index]))

            def load(i: int, j: int) -> _Vector:
                index = builder.add(builder.mul(step_0_, _INT(i)), builder.mul(step_1_, _INT(j)))
                where = builder.gep(data, [builder.add(first_, index)])
                return _Vector(builder, builder.load(builder.bitcast(where, _FOUR.as_pointer()), align=8))

            w0, w1 = (
                [_spread(builder, weight(row, i)) for i in range(count)]
                for row, count in ((rows[0], outer), (rows[1], middle))
            )
            planes = [_weighted(w1, [load(i, j) for j in range(middle)]) for i in range(outer)]
            inner = _joined(builder, [weight(rows[2], k) for k in range(_WIDTH)])
            return (_weighted(w0, planes) * inner).total()

        return types.float64(table, *[types.int64] * 3, weights, *[types.int64] * 4), codegen

    def in_python(
        table: Any, first: int, step_0: int, step_1: int, weights: Any, r0: int, r1: int, r2: int, n: int
    ) -> float:
        w, blocks = weights[:, n], np.arange(_WIDTH)
        blocks = blocks + step_1 * np.arange(middle)[:, None] + step_0 * np.arange(outer)[:, None, None]
        return float(
            np.einsum(
                "i,j,k,ijk", w[r0 : r0 + outer], w[r1 : r1 + middle], w[r2 : r2 + 4], table[first + blocks]
            )
        )

    return in_python if config.DISABLE_JIT else intrinsic(intrinsic_)  # pyright: ignore


block_sum_54: Any = _block_sum(5, 4)
block_sum_55: Any = _block_sum(5, 5)
