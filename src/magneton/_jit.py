"""The one place that talks to numba: decorators, flag sets, cache key, threads.

Two flag sets, both with ``error_model="numpy"`` (a division by zero gives inf or nan, it does not raise):

``@kernel``
    Exact: the compiler may not touch the arithmetic. Error-free transformations and nan tests survive.
``@summing_kernel``
    Contraction to fused multiply-add and reassociation are allowed, so that reductions vectorise.
    Never ``nnan`` or ``ninf``: a nan must stay a nan.

Compiled code is cached on disk under a name that holds a hash of the kernel's own module and of every module
of this package it imports, directly or not. So an edit anywhere a kernel can see gives a new name: stale code
cannot be loaded, not even after a crash between two writes, and an edit elsewhere recompiles nothing.

A driver must name the kernels it calls as module-level globals: a kernel passed in as an argument would be a
new type in each process, and the cache would always miss.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import itertools
import math
import operator
import os
import pathlib
import pickle
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from typing import Any

import numba
from llvmlite import ir
from numba.core import types
from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile
from numba.extending import intrinsic

_PACKAGE = __name__.rpartition(".")[0]
_EXACT: dict[str, Any] = {"error_model": "numpy", "nogil": True}
# Numba counts references to arrays, atomically, at each call.
_UNCOUNTED: dict[str, Any] = {**_EXACT, "_nrt": False}
_SUMMING: dict[str, Any] = {**_EXACT, "fastmath": {"contract", "reassoc"}}
_dispatchers: list[Any] = []


# --- the cache key ---------------------------------------------------------------------------------------


# To parse a file properly would take longer than to load its compiled kernels. A line of prose that looks like an
# import does no harm: the hash then covers a file too many.
_FROM = re.compile(rf"^\s*from\s+({_PACKAGE}[\w.]*)\s+import\s+(\([^)]*\)|[^\n]*)", re.MULTILINE)
_IMPORT = re.compile(rf"^\s*import\s+({_PACKAGE}[\w.]*)", re.MULTILINE)


def _imported_modules(path: pathlib.Path) -> Iterator[str]:
    """Yield the dotted names of what the file at `path` imports from this package, by absolute name."""
    text = _source(path).decode("utf-8")
    for module, names in _FROM.findall(text):
        yield module
        yield from (f"{module}.{name}" for name in re.findall(r"\w+", names))
    yield from _IMPORT.findall(text)


@functools.cache
def _source(path: pathlib.Path) -> bytes:
    return path.read_bytes()


def _module_path(name: str) -> pathlib.Path | None:
    """Return the source file of a module of this package, or None for anything else."""
    if name != _PACKAGE and not name.startswith(_PACKAGE + "."):
        return None
    base = pathlib.Path(__file__).parent.joinpath(*name.split(".")[1:])
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


@functools.cache
def _imported_sources(path: pathlib.Path) -> frozenset[pathlib.Path]:
    """Return the source files of this package that the file at `path` imports."""
    found = (_module_path(name) for name in set(_imported_modules(path)))
    return frozenset(source for source in found if source is not None)


def _sources_seen_from(path: pathlib.Path) -> set[pathlib.Path]:
    """Return `path` and every source file of the package it imports, directly or not."""
    seen: set[pathlib.Path] = set()
    waiting = [path]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            waiting.extend(_imported_sources(current))
    return seen


@functools.cache
def source_digest(path: str) -> str:
    """Return a hash of the file at `path` and of all it imports from this package."""
    digest = hashlib.sha256()
    for source in sorted(_sources_seen_from(pathlib.Path(path).resolve())):
        digest.update(source.name.encode())
        digest.update(_source(source))
    return digest.hexdigest()


class _DigestCacheImpl(CompileResultCacheImpl):
    """Names the cache files after what the kernel can see, and sweeps away those of older sources."""

    def __init__(self, py_func: Callable) -> None:
        self._digest = source_digest(py_func.__code__.co_filename)[:16]
        super().__init__(py_func)

    def get_filename_base(self, fullname: str, abiflags: str) -> str:
        self._stem = super().get_filename_base(fullname, abiflags)
        return f"{self._stem}-{self._digest}"

    def check_cachable(self, cres: Any) -> bool:
        folder = pathlib.Path(self.locator.get_cache_path())
        for old in folder.glob(f"{self._stem}-*.nb[ic]"):
            if not old.name.startswith(self.filename_base):
                old.unlink(missing_ok=True)
        return super().check_cachable(cres)


class _CacheFile(IndexDataCacheFile):
    """Cache files that several processes may write at once, and that may be cut short by a crash."""

    def save(self, key: Any, data: Any) -> None:
        # Named after what it holds: two processes never mean two things by one name. Data before index.
        signature = hashlib.sha256(repr(key).encode()).hexdigest()[:16]
        name = f"{self._index_name.removesuffix('.nbi')}.{signature}.nbc"
        self._save_data(name, data)
        overloads = self._load_index()
        overloads[key] = name
        self._save_index(overloads)

    def load(self, key: Any) -> Any:
        try:
            return super().load(key)
        except (EOFError, pickle.UnpicklingError):
            return None

    def _load_index(self) -> dict[Any, str]:
        try:
            return super()._load_index()
        except (EOFError, pickle.UnpicklingError):
            return {}


class _DigestCache(FunctionCache):
    _impl_class = _DigestCacheImpl

    def __init__(self, py_func: Callable) -> None:
        super().__init__(py_func)
        # The digest says all; the file's time stamp, which the base class uses, says less.
        self._cache_file = _CacheFile(self._cache_path, self._impl.filename_base, self._impl._digest)


def _compiled(py_func: Callable, flags: dict[str, Any]) -> Any:
    dispatcher: Any = numba.njit(**flags)(py_func)
    if hasattr(dispatcher, "_cache"):  # not so with NUMBA_DISABLE_JIT=1
        # Without a source file or a place to write: compile anew each time rather than fail.
        with contextlib.suppress(RuntimeError, OSError):
            dispatcher._cache = _DigestCache(py_func)
        _dispatchers.append(dispatcher)
    return dispatcher


def kernel(py_func: Callable) -> Any:
    """Compile with the exact flag set."""
    return _compiled(py_func, _EXACT)


def inline_kernel(py_func: Callable) -> Any:
    """Compile with the exact flag set, always inlined: so that loops over points vectorise."""
    return _compiled(py_func, {**_EXACT, "forceinline": True})


def uncounted_kernel(py_func: Callable) -> Any:
    """Compile with the exact flag set and without counting references to arrays.

    For kernels that are given arrays and called at single points, where counting would be most of the work: ten times
    what a field takes. They make no array, and those they are given must be held by the caller, as Python does.
    """
    return _compiled(py_func, _UNCOUNTED)


def inline_uncounted_kernel(py_func: Callable) -> Any:
    """Compile as `uncounted_kernel`, always inlined."""
    return _compiled(py_func, {**_UNCOUNTED, "forceinline": True})


def summing_kernel(py_func: Callable) -> Any:
    """Compile with contraction and reassociation allowed."""
    return _compiled(py_func, _SUMMING)


#: void f(what, params, points (n, 3), out (n, width)): what `field_function` compiles.
_FIELD_SIGNATURE = types.void(
    types.int64,
    types.Array(types.float64, 1, "C"),
    types.Array(types.float64, 2, "C"),
    types.Array(types.float64, 2, "C"),
)


_field_function_names: dict[int, str] = {}


def field_function_name(address: int) -> str | None:
    """Return the dotted name of the field function at an address, or None for what is not ours."""
    return _field_function_names.get(address)


class FieldFunction:
    """The field of one kind of body at many points, compiled when first asked for, and called by its address.

    So a program pays only for the kinds that it uses, and the loops that call any of them need not know one.
    """

    def __init__(self, py_func: Callable) -> None:
        functools.update_wrapper(self, py_func)
        #: The dotted name, the same in every process.
        self.name = f"{py_func.__module__}.{py_func.__qualname__}"
        #: For kernels that call it by name, as a module-level global.
        self.kernel = kernel(py_func)

    def __call__(self, what: int, params: Any, points: Any, out: Any) -> None:
        """Set `out`, shape (n, width), to the quantity `what` (see `magneton.kernels.quantities`) at `points`."""
        self.kernel(what, params, points, out)

    @functools.cached_property
    def address(self) -> int:
        """Where the machine code lies in this process."""
        self.kernel.compile(_FIELD_SIGNATURE)
        compiled = self.kernel.overloads[_FIELD_SIGNATURE.args]
        address = compiled.library.get_pointer_to_function(compiled.fndesc.llvm_func_name)
        _field_function_names[address] = self.name
        return address


def field_function(py_func: Callable) -> FieldFunction:
    """Compile ``f(what, params, points, out)``, exact flags, when it is first used."""
    return FieldFunction(py_func)


def compilations() -> int:
    """Return how many kernels this process has compiled, that is, not found in the cache."""
    return sum(sum(d.stats.cache_misses.values()) for d in _dispatchers)


# --- intrinsics ------------------------------------------------------------------------------------------


def _fma(typingctx: Any, a: Any, b: Any, c: Any) -> Any:
    """Return a * b + c rounded once."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.fma(*args)

    return types.float64(types.float64, types.float64, types.float64), codegen


def _call_user_field(typingctx: Any, address: Any, point: Any, parameters: Any, result: Any) -> Any:
    """Call ``void f(double *t_x_y_z, double *parameters, double *result)`` at `address`."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        double_p = ir.DoubleType().as_pointer()
        function_type = ir.FunctionType(ir.VoidType(), [double_p] * 3)
        function = builder.inttoptr(args[0], function_type.as_pointer())
        data = [
            context.make_array(kind)(context, builder, value).data
            for kind, value in zip(signature.args[1:], args[1:], strict=True)
        ]
        builder.call(function, data)
        return context.get_dummy_value()

    return types.void(types.int64, point, parameters, result), codegen


def _call_field_function(typingctx: Any, address: Any, what: Any, params: Any, points: Any, out: Any) -> Any:
    """Call a `FieldFunction` at `address`."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        convention = context.call_conv
        function_type = convention.get_function_type(types.void, _FIELD_SIGNATURE.args)
        function = builder.inttoptr(args[0], function_type.as_pointer())
        convention.call_function(builder, function, types.void, _FIELD_SIGNATURE.args, args[1:])
        return context.get_dummy_value()

    return types.void(types.int64, *_FIELD_SIGNATURE.args), codegen


def _fma_in_python(a: float, b: float, c: float) -> float:
    """Return a * b + c rounded once; for NUMBA_DISABLE_JIT=1, where kernels run as plain Python."""
    rough = a * b + c
    return float(Fraction(a) * Fraction(b) + Fraction(c)) if math.isfinite(rough) else rough


#: The intrinsics, for use in kernels.
fma: Any = _fma_in_python if numba.config.DISABLE_JIT else intrinsic(_fma)  # pyright: ignore
call_user_field: Any = intrinsic(_call_user_field)
call_field_function: Any = intrinsic(_call_field_function)


# --- threads ---------------------------------------------------------------------------------------------

_THREAD_NAME = "magneton"
_threads: int | None = None
_pool: tuple[int, ThreadPoolExecutor] | None = None


def _default_threads() -> int:
    text = os.environ.get("MAGNETON_NUM_THREADS", "")
    if text:
        if not (text.isascii() and text.isdecimal()) or int(text) < 1:
            raise ValueError(f"MAGNETON_NUM_THREADS must be a positive integer, got {text!r}")
        return int(text)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def get_threads() -> int:
    """Return the number of threads that sums and batches use."""
    global _threads
    if _threads is None:
        _threads = _default_threads()
    return _threads


def set_threads(count: int) -> None:
    """Set the number of threads that sums and batches use; results do not depend on it."""
    global _threads
    try:
        number = 0 if isinstance(count, bool) else operator.index(count)
    except TypeError:
        number = 0
    if number < 1:
        raise ValueError(f"count must be a positive integer, got {count!r}")
    _threads = number


def _executor(workers: int) -> ThreadPoolExecutor:
    global _pool
    if _pool is None or _pool[0] != workers:
        _pool = (workers, ThreadPoolExecutor(workers, thread_name_prefix=_THREAD_NAME))
    return _pool[1]


def _forget_pool() -> None:
    global _pool
    _pool = None  # threads do not survive a fork


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_pool)


def parallel_for(body: Callable[[int, int], None], count: int, grain: int) -> None:
    """Call ``body(start, stop)`` on pieces of ``range(count)``, in threads, `grain` items or more each.

    The pieces only say who computes an item, never how: results do not depend on the number of threads.
    """
    workers = get_threads()
    pieces = min(count // max(grain, 1), 4 * workers)
    nested = threading.current_thread().name.startswith(_THREAD_NAME)  # would wait for its own pool
    if workers == 1 or pieces < 2 or nested:
        body(0, count)
        return
    edges = [count * i // pieces for i in range(pieces + 1)]
    futures = [_executor(workers).submit(body, start, stop) for start, stop in itertools.pairwise(edges)]
    for future in futures:
        future.result()
