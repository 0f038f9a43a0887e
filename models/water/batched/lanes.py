"""Eight scenarios side by side in one machine vector: a type for compiled functions.

A `Lanes` value holds one number for each of WIDTH scenarios. Arithmetic acts on all of them at once
and never across: a lane's result cannot depend on its neighbours, nor on its own place. Without a
vector unit of that width the compiler splits the work; the results stay.

Arrays of lanes are flat: the lanes of item i are `array[i * WIDTH : (i + 1) * WIDTH]`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]  # no stubs
from numba.core import cgutils, types, typing
from numba.core.datamodel import models
from numba.core.typing.templates import ConcreteTemplate, infer_global
from numba.extending import intrinsic, lower_builtin, register_model
from numpy.typing import NDArray

WIDTH = 8
"""Lanes in a vector: 64 bytes, a line of cache and the widest register of x86-64."""

VECTOR = ir.VectorType(ir.DoubleType(), WIDTH)
BITS = ir.VectorType(ir.IntType(64), WIDTH)
_ALIGNED = 64
_UNALIGNED = 8
_MANTISSA_BITS = 52


class LanesType(types.Type):
    """The compiled type of eight float64."""

    def __init__(self) -> None:
        super().__init__(name="Lanes")


LANES = LanesType()
Lanes = Any
"""How a function says that it takes or gives one."""

Code = Callable[[Any, Any, Any, Any], Any]
"""What numba asks to write an operation: context, builder, signature, arguments."""


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, VECTOR)  # type: ignore[no-untyped-call]  # numba: no types


def aligned(items: int) -> NDArray[np.float64]:
    """Return a flat array for the lanes of some items, on a line of cache; not initialised."""
    raw = np.empty((items * WIDTH + WIDTH) * 8, dtype=np.uint8)
    offset = -raw.ctypes.data % _ALIGNED
    return raw[offset : offset + items * WIDTH * 8].view(np.float64)


def operation(gives: Any, takes: tuple[Any, ...], code: Code) -> Any:
    """Return a function for compiled code.

    Parameters
    ----------
    gives
        Type of the result.
    takes
        Types of the arguments; None takes what comes.
    code
        Writes it.
    """

    def chosen(*given: Any) -> Any:
        kinds = [met if want is None else want for want, met in zip(takes, given, strict=True)]
        return gives(*kinds), code

    # numba reads the number of arguments from the function itself.
    def of_one(_typing: Any, a: Any) -> Any:
        return chosen(a)

    def of_two(_typing: Any, a: Any, b: Any) -> Any:
        return chosen(a, b)

    def of_three(_typing: Any, a: Any, b: Any, c: Any) -> Any:
        return chosen(a, b, c)

    return intrinsic((of_one, of_two, of_three)[len(takes) - 1])


def _place(context: Any, builder: Any, kind: Any, array: Any, offset: Any) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [offset], inbounds=True), VECTOR.as_pointer())


def _item(builder: Any, item: Any) -> Any:
    return builder.mul(item, ir.Constant(item.type, WIDTH))


def _load(context: Any, builder: Any, sign: Any, args: Any) -> Any:
    place = _place(context, builder, sign.args[0], args[0], _item(builder, args[1]))
    return builder.load(place, align=_ALIGNED)


def _store(context: Any, builder: Any, sign: Any, args: Any) -> Any:
    place = _place(context, builder, sign.args[0], args[0], _item(builder, args[1]))
    builder.store(args[2], place, align=_ALIGNED)
    return context.get_dummy_value()


def _load_at(context: Any, builder: Any, sign: Any, args: Any) -> Any:
    place = _place(context, builder, sign.args[0], args[0], args[1])
    return builder.load(place, align=_UNALIGNED)


def _store_at(context: Any, builder: Any, sign: Any, args: Any) -> Any:
    place = _place(context, builder, sign.args[0], args[0], args[1])
    builder.store(args[2], place, align=_UNALIGNED)
    return context.get_dummy_value()


def _splat(_context: Any, builder: Any, _sign: Any, args: Any) -> Any:
    nothing = ir.Constant(VECTOR, ir.Undefined)
    one = builder.insert_element(nothing, args[0], ir.Constant(ir.IntType(32), 0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), [0] * WIDTH)
    return builder.shuffle_vector(one, nothing, mask)


def _called(name: str) -> Code:
    def code(_context: Any, builder: Any, _sign: Any, args: Any) -> Any:
        kind = ir.FunctionType(VECTOR, [VECTOR] * len(args))
        full = f"{name}.v{WIDTH}f64"
        function: Any = cgutils.get_or_insert_function(  # type: ignore[no-untyped-call]  # as above
            builder.module, kind, full
        )
        return builder.call(function, args)

    return code


def _chosen(relation: str) -> Code:
    def code(_context: Any, builder: Any, _sign: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered(relation, args[0], args[1]), args[0], args[1])

    return code


def _above_zero(builder: Any, value: Any) -> Any:
    return builder.fcmp_ordered(">", value, ir.Constant(VECTOR, [0.0] * WIDTH))


def _where_positive(_context: Any, builder: Any, _sign: Any, args: Any) -> Any:
    return builder.select(_above_zero(builder, args[0]), args[1], args[2])


def _any_positive(_context: Any, builder: Any, _sign: Any, args: Any) -> Any:
    kind = ir.IntType(WIDTH)
    flags = builder.bitcast(_above_zero(builder, args[0]), kind)
    return builder.icmp_unsigned("!=", flags, ir.Constant(kind, 0))


def _whole(value: int) -> Any:
    return ir.Constant(BITS, [value] * WIDTH)


def _exponent_and_rest(context: Any, builder: Any, sign: Any, args: Any) -> Any:
    bits = builder.bitcast(args[0], BITS)
    shift = _whole(_MANTISSA_BITS)
    low = _whole(int(np.float64(np.sqrt(0.5)).view(np.int64)))
    power = builder.ashr(builder.sub(bits, low), shift)
    rest = builder.bitcast(builder.sub(bits, builder.shl(power, shift)), VECTOR)
    pair = [builder.sitofp(power, VECTOR), rest]
    return context.make_tuple(builder, sign.return_type, pair)


def _scaled(_context: Any, builder: Any, _sign: Any, args: Any) -> Any:
    whole = builder.shl(builder.fptosi(args[1], BITS), _whole(_MANTISSA_BITS))
    return builder.bitcast(builder.add(builder.bitcast(args[0], BITS), whole), VECTOR)


load = operation(LANES, (None, types.intp), _load)
"""`load(array, item)`: the lanes of an item of an aligned flat array."""

store = operation(types.void, (None, types.intp, LANES), _store)
"""`store(array, item, value)`: write the lanes of an item of an aligned flat array."""

load_at = operation(LANES, (None, types.intp), _load_at)
"""`load_at(array, position)`: WIDTH numbers of any flat array, from a position on."""

store_at = operation(types.void, (None, types.intp, LANES), _store_at)
"""`store_at(array, position, value)`: write WIDTH numbers of any flat array."""

splat = operation(LANES, (types.float64,), _splat)
"""`splat(number)`: the same number in every lane."""

fma = operation(LANES, (LANES,) * 3, _called("llvm.fma"))
"""`fma(a, b, c)`: a b + c, rounded once."""

absolute = operation(LANES, (LANES,), _called("llvm.fabs"))
root = operation(LANES, (LANES,), _called("llvm.sqrt"))
nearest = operation(LANES, (LANES,), _called("llvm.rint"))

lesser = operation(LANES, (LANES,) * 2, _chosen("<"))
"""`lesser(a, b)`: the smaller; b where either is not a number."""

greater = operation(LANES, (LANES,) * 2, _chosen(">"))
"""`greater(a, b)`: the larger; b where either is not a number."""

where_positive = operation(LANES, (LANES,) * 3, _where_positive)
"""`where_positive(condition, a, b)`: a where the condition is above zero, else b."""

any_positive = operation(types.boolean, (LANES,), _any_positive)
"""`any_positive(a)`: whether any lane is above zero."""

exponent_and_rest = operation(types.UniTuple(LANES, 2), (LANES,), _exponent_and_rest)  # type: ignore[no-untyped-call]  # as above
"""`exponent_and_rest(a)`: e and m of a = m 2^e for a > 0, with m in [sqrt(1/2), sqrt(2))."""

scaled = operation(LANES, (LANES,) * 2, _scaled)
"""`scaled(a, power)`: a 2^power for a whole power, where neither a nor the result is subnormal."""


def _binary(function: Any, emit: str) -> None:
    @infer_global(function)  # type: ignore[no-untyped-call]  # as above
    class _Template(ConcreteTemplate):
        cases = [typing.signature(LANES, LANES, LANES)]  # type: ignore[attr-defined, no-untyped-call]  # noqa: RUF012

    @lower_builtin(function, LANES, LANES)  # type: ignore[no-untyped-call]  # as above
    def _lower(_context: Any, builder: Any, _sign: Any, args: Any) -> Any:
        return getattr(builder, emit)(*args)


_binary(operator.add, "fadd")
_binary(operator.sub, "fsub")
_binary(operator.mul, "fmul")
_binary(operator.truediv, "fdiv")
