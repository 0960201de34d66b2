"""Print by how many bytes a direct sum raises this process's peak memory: `_memory_child.py WHO COUNT`."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import resource
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def _status(name: str) -> int:
    for line in _STATUS.read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return 1024 * int(line.split()[1])
    raise KeyError(name)


def _trim() -> None:
    """Give freed memory back, or what a warm-up has left would hide what comes (glibc only)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _start() -> int:
    """Forget the peak so far where the system can, and return the bytes from which to count."""
    gc.collect()
    _trim()
    try:
        _RESET.write_text("5", encoding="ascii")  # Linux: VmHWM starts anew from what is resident now
        return _status("VmRSS")
    except OSError:
        return _top()


def _top() -> int:
    try:
        return _status("VmHWM")
    except OSError:
        unit = 1 if sys.platform == "darwin" else 1024
        return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _magneton() -> Callable:
    import magneton

    return lambda m, p, x: magneton.Dipoles(m, p).B(x)


def _cfsem() -> Callable:
    import cfsem

    return lambda m, p, x: cfsem.flux_density_dipole(p, m, x, par=True)


def _harmonica() -> Callable:
    import harmonica

    return lambda m, p, x: harmonica.dipole_magnetic(tuple(x.T), tuple(p.T), tuple(m.T), "b")


def _fmm3dpy() -> Callable:
    import fmm3dpy

    return lambda m, p, x: fmm3dpy.l3ddir(sources=p.T, targets=x.T, dipvec=m.T, pgt=2).gradtarg


def _magpylib() -> Callable:
    import magpylib

    def run(moments, positions, points):
        pairs = zip(moments, positions, strict=True)
        dipoles = [magpylib.misc.Dipole(moment=m, position=p) for m, p in pairs]
        return magpylib.getB(dipoles, points, sumup=True)

    return run


_ALL = {
    "magneton": _magneton,
    "cfsem": _cfsem,
    "harmonica": _harmonica,
    "fmm3dpy": _fmm3dpy,
    "magpylib": _magpylib,
}


def _case(count: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(5)
    return tuple(rng.normal(size=(count, 3)) for _ in range(3))


def main() -> None:
    """Warm up on a small case, which loads and compiles all there is, then measure."""
    who, count = sys.argv[1], int(sys.argv[2])
    run = _ALL[who]()
    run(*_case(1024))
    before = _start()
    result = run(*_case(count))
    print(max(0, _top() - before))
    del result


if __name__ == "__main__":
    main()
