"""Vector instructions by hand, for the one loop that most sums spend their time in.

A compiler turns 1/sqrt(r^2) into a square root and a division, which keep the divider busy for longer than all the
rest of a dipole's field. Processors also estimate the reciprocal root, to 11 bits (AVX2, float32) or 14 bits
(AVX-512), and a polynomial in h = 1 - r^2 y^2 makes the estimate y exact to rounding with multiplications alone:

    1/r = y (1 - h)^(-1/2) = y (1 + h/2 + 3 h^2/8 + 5 h^3/16 + 35 h^4/128 + ...)

Other processors take the square root and the division. Where an estimate overflows the result is nan, and the caller
computes those few again.
"""

from __future__ import annotations

from typing import Any

import llvmlite.binding
from llvmlite import ir
from numba.core import cgutils, config, types
from numba.extending import intrinsic

_DOUBLE, _FLOAT, _INT = ir.DoubleType(), ir.FloatType(), ir.IntType(64)
#: Coefficients of the polynomial after h/2.
_SERIES = (3.0 / 8.0, 5.0 / 16.0, 35.0 / 128.0)


def _features() -> set[str]:
    """Return the names of the instruction sets that numba compiles for."""
    asked: Any = config  # its attributes are made when it is loaded
    if asked.CPU_FEATURES is not None:
        text = asked.CPU_FEATURES
    elif asked.CPU_NAME == "generic":
        text = ""
    else:
        text = llvmlite.binding.get_host_cpu_features().flatten()
    return {word[1:] for word in text.split(",") if word.startswith("+")}


def _instruction_set() -> str:
    features = _features()
    if "avx512f" in features:
        return "avx512"
    return "avx2" if {"avx2", "fma"} <= features else "plain"


INSTRUCTION_SET = _instruction_set()
#: Doubles in a vector.
LANES = 8 if INSTRUCTION_SET == "avx512" else 4
#: Targets that share each load of the sources; more than the registers hold would cost more than it saves.
TARGETS = 2 if INSTRUCTION_SET == "avx512" else 1


class _Vector:
    """Doubles side by side in a compiled function under construction, with the arithmetic that formulas need."""

    def __init__(self, builder: Any, value: Any) -> None:
        self.builder = builder
        self.value = value

    def _with(self, value: Any) -> _Vector:
        return _Vector(self.builder, value)

    def constant(self, number: float) -> _Vector:
        return self._with(ir.Constant(self.value.type, [number] * self.value.type.count))

    def call(self, name: str, result: Any, *args: Any) -> _Vector:
        """Call a function of the compiler's or the processor's by its LLVM name."""
        module = self.builder.module
        function = module.globals.get(name) or ir.Function(
            module, ir.FunctionType(result, [a.type for a in args]), name
        )
        return self._with(self.builder.call(function, args))

    def __mul__(self, other: _Vector) -> _Vector:
        return self._with(self.builder.fmul(self.value, other.value))

    def plus(self, other: _Vector) -> _Vector:
        """Return the sum."""
        return self._with(self.builder.fadd(self.value, other.value))

    def __sub__(self, other: _Vector) -> _Vector:
        return self._with(self.builder.fsub(self.value, other.value))

    def __neg__(self) -> _Vector:
        return self._with(self.builder.fneg(self.value))

    def times_plus(self, factor: _Vector, summand: _Vector) -> _Vector:
        """Return self * factor + summand, fused where the processor can."""
        name = f"llvm.fmuladd.v{self.value.type.count}f64"
        return self.call(name, self.value.type, self.value, factor.value, summand.value)

    def _estimate(self) -> _Vector:
        """Return 1/sqrt to 14 or 11 bits."""
        kind, builder = self.value.type, self.builder
        if INSTRUCTION_SET == "avx512":
            mask = ir.Constant(ir.IntType(8), -1)
            return self.call("llvm.x86.avx512.rsqrt14.pd.512", kind, self.value, self.value, mask)
        short = ir.VectorType(_FLOAT, LANES)
        rough = self.call("llvm.x86.sse.rsqrt.ps", short, builder.fptrunc(self.value, short))
        return self._with(builder.fpext(rough.value, kind))

    def reciprocal_root(self) -> _Vector:
        """Return 1/sqrt, to rounding."""
        if INSTRUCTION_SET == "plain":
            root = self.call(f"llvm.sqrt.v{LANES}f64", self.value.type, self.value)
            return self._with(self.builder.fdiv(self.constant(1.0).value, root.value))
        y = self._estimate()
        h = (-(self * y)).times_plus(y, self.constant(1.0))
        series = _SERIES[: 2 if INSTRUCTION_SET == "avx512" else 3]
        polynomial = self.constant(series[-1])
        for coefficient in (*series[-2::-1], 0.5):
            polynomial = polynomial.times_plus(h, self.constant(coefficient))
        return (h * y).times_plus(polynomial, y)

    def total(self) -> Any:
        """Return the sum of all lanes, pair by pair."""
        builder, value = self.builder, self.value
        while value.type.count > 1:
            half = value.type.count // 2
            undefined = ir.Constant(value.type, ir.Undefined)
            low, high = (
                builder.shuffle_vector(
                    value, undefined, ir.Constant(ir.VectorType(ir.IntType(32), half), list(part))
                )
                for part in (range(half), range(half, 2 * half))
            )
            value = builder.fadd(low, high)
        return builder.extract_element(value, ir.Constant(ir.IntType(32), 0))


def _broadcast(builder: Any, value: Any) -> _Vector:
    kind = ir.VectorType(_DOUBLE, LANES)
    out = ir.Constant(kind, ir.Undefined)
    for lane in range(LANES):
        out = builder.insert_element(out, value, ir.Constant(ir.IntType(32), lane))
    return _Vector(builder, out)


def _dipole_terms(target: list[_Vector], rows: list[_Vector]) -> list[_Vector]:
    """Return (3 (m.d) d/r^2 - m) and 1/r^3, as the three components and the weight."""
    d = [t - p for t, p in zip(target, rows[:3], strict=True)]
    moment, three = rows[3:6], rows[6:9]
    inverse = d[2].times_plus(d[2], d[1].times_plus(d[1], d[0] * d[0])).reciprocal_root()
    inverse2 = inverse * inverse
    radial = three[2].times_plus(d[2], three[1].times_plus(d[1], three[0] * d[0])) * inverse2
    return [radial.times_plus(a, -m) for a, m in zip(d, moment, strict=True)] + [inverse2 * inverse]


def _load_rows(builder: Any, data: Any, stride: Any, offset: Any) -> list[_Vector]:
    kind = ir.VectorType(_DOUBLE, LANES)
    rows = []
    for row in range(9):
        place = builder.gep(data, [builder.add(builder.mul(stride, _INT(row)), offset)])
        rows.append(_Vector(builder, builder.load(builder.bitcast(place, kind.as_pointer()), align=8)))
    return rows


def _sum_dipole_rows(typingctx: Any, work: Any, stride: Any, count: Any, targets: Any) -> Any:
    """Return the sums of the fields, per mu_0/(4 pi), of `count` dipoles at some targets, one after another.

    `work` holds rows px, py, pz, mx, my, mz, 3 mx, 3 my, 3 mz, `stride` floats apart; `count` is a multiple of LANES;
    `targets` is a tuple x, y, z, x, y, z, ... of floats. What a target gets does not depend on its companions.
    """

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        array, stride_, count_, packed = args
        data = context.make_array(signature.args[0])(context, builder, array).data
        zero = ir.Constant(ir.VectorType(_DOUBLE, LANES), [0.0] * LANES)
        places = [_broadcast(builder, coordinate) for coordinate in cgutils.unpack_tuple(builder, packed)]
        sums = [cgutils.alloca_once_value(builder, zero) for _ in places]
        steps = builder.udiv(count_, _INT(LANES))
        with cgutils.for_range(builder, steps, intp=_INT) as loop:
            rows = _load_rows(builder, data, stride_, builder.mul(loop.index, _INT(LANES)))
            for k in range(0, len(places), 3):
                *field, weight = _dipole_terms(places[k : k + 3], rows)
                for place, component in zip(sums[k : k + 3], field, strict=True):
                    total = _Vector(builder, builder.load(place))
                    builder.store(weight.times_plus(component, total).value, place)
        totals = [_Vector(builder, builder.load(place)).total() for place in sums]
        return context.make_tuple(builder, signature.return_type, totals)

    return targets(work, types.int64, types.int64, targets), codegen


sum_dipole_rows: Any = intrinsic(_sum_dipole_rows)
