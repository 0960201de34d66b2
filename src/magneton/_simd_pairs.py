"""Vector instructions by hand for the force of many dipoles on one: see `magneton._simd`."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from magneton._simd import _DOUBLE, _INT, LANES, _broadcast, _load_rows, _Vector


def _dot(a: list[_Vector], b: list[_Vector]) -> _Vector:
    return a[2].times_plus(b[2], a[1].times_plus(b[1], a[0] * b[0]))


def _force_terms(place: list[_Vector], moment: list[_Vector], rows: list[_Vector]) -> list[_Vector]:
    """Return the three components of the force but for its part along the target's moment, and that part.

    With d the separation and k = 3 mu_0/(4 pi), the force of m_j on m is

        k/r^5 [d (m.m_j) - 5 d (m.d)(m_j.d)/r^2 + m_j (m.d) + m (m_j.d)]
    """
    d = [t - p for t, p in zip(place, rows[:3], strict=True)]
    other = rows[3:]
    inverse = _dot(d, d).reciprocal_root()
    inverse2 = inverse * inverse
    weight = inverse2 * inverse2 * inverse
    mine, its = weight * _dot(moment, d), _dot(other, d)
    five = inverse2.constant(-5.0) * inverse2
    radial = (five * mine).times_plus(its, weight * _dot(moment, other))
    return [radial.times_plus(a, mine * m) for a, m in zip(d, other, strict=True)] + [weight * its]


def _sum_force_rows(typingctx: Any, work: Any, stride: Any, count: Any, target: Any) -> Any:
    """Return the sum of the forces, per 3 mu_0/(4 pi), of `count` dipoles on one, as four floats.

    The fourth one counts along the target's moment. `work` holds rows px, py, pz, mx, my, mz, `stride` floats apart;
    `count` is a multiple of LANES; `target` is the tuple x, y, z, mx, my, mz.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array, stride_, count_, packed = args
        data = context.make_array(signature.args[0])(context, builder, array).data
        zero = ir.Constant(ir.VectorType(_DOUBLE, LANES), [0.0] * LANES)
        given = [_broadcast(builder, number) for number in cgutils.unpack_tuple(builder, packed)]
        sums = [cgutils.alloca_once_value(builder, zero) for _ in range(4)]
        steps = builder.udiv(count_, _INT(LANES))
        with cgutils.for_range(builder, steps, intp=_INT) as loop:
            rows = _load_rows(builder, data, stride_, builder.mul(loop.index, _INT(LANES)))[:6]
            for place, term in zip(sums, _force_terms(given[:3], given[3:], rows), strict=True):
                builder.store(builder.fadd(builder.load(place), term.value), place)
        totals = [_Vector(builder, builder.load(place)).total() for place in sums]
        return context.make_tuple(builder, signature.return_type, totals)

    return types.UniTuple(types.float64, 4)(work, types.int64, types.int64, target), codegen


sum_force_rows: Any = intrinsic(_sum_force_rows)
