"""A user's own compiled function as a field to move in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from magneton import _check
from magneton.kernels.electromagnetic import user_field
from magneton.orbits.fields._shared import set_checked
from magneton.orbits.fields.base import TimedField

#: What numba calls the signature that is asked for.
_SIGNATURE = "(float64*, float64*, float64*) -> none"


@dataclass(frozen=True, eq=False)
class CompiledFunction(TimedField):
    """A field given by a compiled function of one's own: no Python call a point.

    The function is ``void f(double *txyz, double *params, double *result)``. It reads t (s) and the point (m) in the
    field's own frame, and sets what it knows of 30 numbers, SI, which hold nan before::

        0:3 B   3:12 dB_i/dx_j, row by row   12:15 E   15:18 dB/dt   18:27 dE_i/dx_j   27:30 dE/dt

    Full orbits need B and E; guiding centres need all. What is not set is unknown, and nan; only E and its derivatives
    are zero with ``electric=False``, and the derivatives in time with ``time_dependent=False``, whatever the function
    does. It has no vector potential.

    Parameters
    ----------
    function : numba cfunc, or int
        The function or its address. A cfunc lives as long as the field (or a sum that holds it), not as long as the
        field's ``compiled`` arrays; whoever gives an address keeps the function alive.
    params : array_like, shape (n,)
        Numbers handed to the function.
    time_dependent, electric : bool
        Whether it changes in time, and has an electric field; what orbits conserve is judged by that.
    position : array_like, shape (3,), metre
        The origin of the function's frame.
    orientation : scipy Rotation, optional
        Takes the function's frame to the global one.

    Raises
    ------
    ValueError
        If the function is neither an address nor a cfunc of that signature.

    Examples
    --------
    >>> import numba
    >>> from magneton.orbits.fields import CompiledFunction
    >>> @numba.cfunc("void(CPointer(float64), CPointer(float64), CPointer(float64))")
    ... def growing(txyz, params, result):
    ...     for i in range(30):
    ...         result[i] = 0.0
    ...     result[2] = params[0] * (1.0 + txyz[1])
    ...     result[9] = params[0]
    >>> CompiledFunction(growing, [2e-3], time_dependent=False, electric=False).B([1.0, 0, 0]).tolist()
    [0.0, 0.0, 0.004]
    """

    function: Any
    params: Any = ()
    time_dependent: bool = True
    electric: bool = True

    _function: ClassVar = user_field

    def __post_init__(self) -> None:
        params = _check.real_array("params", self.params, "1", "a list of numbers")
        if params.ndim != 1:
            raise ValueError(f"params must have shape (n,), got shape {params.shape}")
        _address(self.function)
        set_checked(
            self, params=params, time_dependent=bool(self.time_dependent), electric=bool(self.electric)
        )
        self._set_frame()

    def __getstate__(self) -> dict[str, Any]:
        raise TypeError("CompiledFunction holds machine code of this process and cannot be pickled or copied")

    @property
    def functions(self) -> tuple[str, ...]:
        """A digest of the function's code; "" if only its address is known."""
        code = getattr(getattr(self.function, "_pyfunc", None), "__code__", None)
        if code is None:
            return ("",)
        text = repr((code.co_code, code.co_consts, code.co_names))
        return (hashlib.sha256(text.encode()).hexdigest(),)

    def _parameters(self) -> np.ndarray:
        flags = float(self.time_dependent), float(self.electric)
        return np.concatenate([[float(_address(self.function)), *flags], self.params])


def _address(function: Any) -> int:
    """Return the address of a compiled function."""
    signature = getattr(function, "_sig", None)
    if signature is not None and str(signature) != _SIGNATURE:
        raise ValueError(
            "function must be a numba cfunc of signature void(double *txyz, double *params, double *result), "
            f"got one of {signature}"
        )
    address = getattr(function, "address", function)
    if isinstance(address, bool) or not isinstance(address, int | np.integer) or address <= 0:
        raise ValueError(
            f"function must be a numba cfunc or the address of a function, got {_check.shown(function)}"
        )
    return int(address)
