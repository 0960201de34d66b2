"""Vector instructions by hand for the force and field of many dipoles on one: see `magneton._simd`."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from magneton._simd import _DOUBLE, _INT, LANES, _broadcast, _load_rows, _Vector


def _dot(a: list[_Vector], b: list[_Vector]) -> _Vector:
    return a[2].times_plus(b[2], a[1].times_plus(b[1], a[0] * b[0]))


def _with_pair(
    place: list[_Vector], moment: list[_Vector], rows: list[_Vector], sums: list[_Vector]
) -> list[_Vector]:
    """Return the sums with one more source in each lane: force but for its part along m, that part, field.

    With d the separation the force of m_j on m per 3 mu_0/(4 pi), and the field per mu_0/(4 pi), are

        1/r^5 [d (m.m_j) - 5 d (m.d)(m_j.d)/r^2 + m_j (m.d) + m (m_j.d)],  3 d (m_j.d)/r^5 - m_j/r^3
    """
    d = [t - p for t, p in zip(place, rows[:3], strict=True)]
    other = rows[3:]
    inverse = _dot(d, d).reciprocal_root()
    inverse2 = inverse * inverse
    cube = inverse2 * inverse
    weight = inverse2 * cube
    mine, its = weight * _dot(moment, d), weight * _dot(other, d)
    radial = (inverse2.constant(-5.0) * mine * _dot(other, d)).times_plus(
        inverse2, weight * _dot(moment, other)
    )
    three = its.constant(3.0) * its
    force = [radial.times_plus(a, mine.times_plus(m, f)) for a, m, f in zip(d, other, sums[:3], strict=True)]
    field = [
        three.times_plus(a, (-cube).times_plus(m, b)) for a, m, b in zip(d, other, sums[4:], strict=True)
    ]
    return [*force, sums[3].plus(its), *field]


def _sum_force_rows(typingctx: Any, work: Any, stride: Any, count: Any, target: Any) -> Any:
    """Return the sums of force and field of `count` dipoles on one, as seven floats: see `_with_pair`.

    The fourth one counts along the target's moment. `work` holds rows px, py, pz, mx, my, mz, `stride` floats apart;
    `count` is a multiple of LANES; `target` is the tuple x, y, z, mx, my, mz.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array, stride_, count_, packed = args
        data = context.make_array(signature.args[0])(context, builder, array).data
        zero = ir.Constant(ir.VectorType(_DOUBLE, LANES), [0.0] * LANES)
        given = [_broadcast(builder, number) for number in cgutils.unpack_tuple(builder, packed)]
        places = [cgutils.alloca_once_value(builder, zero) for _ in range(7)]
        steps = builder.udiv(count_, _INT(LANES))
        with cgutils.for_range(builder, steps, intp=_INT) as loop:
            rows = _load_rows(builder, data, stride_, builder.mul(loop.index, _INT(LANES)))[:6]
            sums = [_Vector(builder, builder.load(place)) for place in places]
            for place, total in zip(places, _with_pair(given[:3], given[3:], rows, sums), strict=True):
                builder.store(total.value, place)
        totals = [_Vector(builder, builder.load(place)).total() for place in places]
        return context.make_tuple(builder, signature.return_type, totals)

    return types.UniTuple(types.float64, 7)(work, types.int64, types.int64, target), codegen


sum_force_rows: Any = intrinsic(_sum_force_rows)
