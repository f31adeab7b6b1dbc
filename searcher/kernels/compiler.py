"""The compiler of kernels, the types of their arguments, and the loads of mapped numbers.

Arrays are contiguous and have one dimension. Those of a type that ends in "Out" are written to; the
others may be read-only, such as views of a mapped file.

A kernel that reads hundreds of stored lists cannot take an array for each. It takes their addresses
and reads numbers there with `load1` to `load8`. The caller keeps the memory mapped during the call.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import numba
import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., Any])

Bytes: TypeAlias = NDArray[np.uint8]
Codes: TypeAlias = NDArray[np.uint16]
Points: TypeAlias = NDArray[np.uint32]
"""Code points, or document lengths."""
Hashes: TypeAlias = NDArray[np.uint64]
Ints: TypeAlias = NDArray[np.int64]
Reals: TypeAlias = NDArray[np.float64]
SmallInts: TypeAlias = NDArray[np.int32]
SmallReals: TypeAlias = NDArray[np.float32]
Flags: TypeAlias = NDArray[np.bool_]
BytesOut: TypeAlias = Bytes
CodesOut: TypeAlias = Codes
PointsOut: TypeAlias = Points
HashesOut: TypeAlias = Hashes
IntsOut: TypeAlias = Ints
SmallIntsOut: TypeAlias = SmallInts
RealsOut: TypeAlias = Reals
SmallRealsOut: TypeAlias = SmallReals
FlagsOut: TypeAlias = Flags

_ELEMENTS = {
    "Bytes": types.uint8,
    "Codes": types.uint16,
    "Points": types.uint32,
    "Hashes": types.uint64,
    "Ints": types.int64,
    "SmallInts": types.int32,
    "Reals": types.float64,
    "SmallReals": types.float32,
    "Flags": types.boolean,
}
_NUMBERS = {
    "int": types.int64,
    "float": types.float64,
    "bool": types.boolean,
    "None": types.void,
    "tuple[int, int]": types.UniTuple(types.int64, 2),
    "tuple[int, int, int]": types.UniTuple(types.int64, 3),
}

_kernels: list[Any] = []
"""The kernels that `release` has not seen yet."""


def _compiled_type(annotation: str) -> Any:
    """Return numba's type for an annotation, as it is written."""
    if annotation in _NUMBERS:
        return _NUMBERS[annotation]
    name = annotation.removesuffix("Out")
    return types.Array(_ELEMENTS[name], 1, "C", readonly=name == annotation)


def kernel(function: Function) -> Function:
    """Compile a function for the types that its annotations name.

    The compiled function does not hold Python's lock and does not check indices: the caller
    guarantees that they are in range. Division by zero gives infinity, as in numpy. Callers pass
    exactly these types: each new combination would be compiled, in a second or more, when a query
    first needs it.
    """
    annotations = dict(function.__annotations__)
    result = _compiled_type(annotations.pop("return"))
    signature = result(*map(_compiled_type, annotations.values()))
    compiled: Function = numba.njit([signature], nogil=True, cache=True, error_model="numpy")(
        function
    )
    _kernels.append(compiled)
    return compiled


def release() -> None:
    """Give back the memory of what only compiling needs, 180 KB a kernel: its code as it was before
    it became the processor's. Kernels that call one of these can no longer be compiled.

    numba offers no way to do so. If it renames these attributes, the memory is kept.
    """
    for one in _kernels:
        for compiled in one.overloads.values():
            if hasattr(compiled.library, "_shared_module"):
                compiled.library._shared_module = None
    _kernels.clear()


def part(function: Function) -> Function:
    """Compile a function into the kernels of the same module that call it.

    Array arguments can cost a count of references at each call, ten times the work of a short
    function. So pass numbers, and measure.
    """
    compiled: Function = numba.njit(nogil=True, error_model="numpy", inline="always")(function)
    return compiled


def _load(size: int) -> Callable[[int], int]:
    """Return a function for kernels: from the address of an unsigned number of this many bytes, in
    the order of the processor and at any alignment, to the number."""

    @intrinsic  # type: ignore[untyped-decorator]
    def load(_: Any, address: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            pointer = builder.inttoptr(arguments[0], ir.IntType(8 * size).as_pointer())
            number = builder.load(pointer, align=1)
            return builder.zext(number, ir.IntType(64)) if size < 8 else number

        return types.int64(types.int64), generate

    loader: Callable[[int], int] = load
    return loader


load1, load2, load4, load8 = map(_load, (1, 2, 4, 8))


@intrinsic  # type: ignore[untyped-decorator]
def _store8(_: Any, address: Any, value: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        builder.store(arguments[1], pointer, align=1)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate


store8: Callable[[int, int], None] = _store8
"""Write a number of eight bytes to an address."""
