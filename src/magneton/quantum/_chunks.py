"""Work through many fields and temperatures in pieces that fit the cache, on all threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

#: Fields a piece, how many points more if they share them, and elements of a field's matrix so that fewer are taken.
_PIECE, _MORE, _LARGE = 64, 8, 2**14


def over_points(
    fields: np.ndarray,
    T: np.ndarray,
    function: Callable[..., Any],
    tail: tuple[int, ...],
    shared: bool = False,
    elements: int = 1,
) -> np.ndarray:
    """Return function(fields, T) of shape (..., *tail), from pieces.

    Parameters
    ----------
    fields : ndarray, shape (..., 3)
    T : ndarray, shape (...)
        Broadcast with the fields.
    function : callable
        Takes (count, 3) and (count,) and returns (count, *tail); if `shared`, it takes (fewer, 3), for each point
        which of those fields it is in, and (count,): so that a field is solved for once, not for every temperature.
    tail : tuple of int
        Shape of one result.
    shared : bool
        Whether the function takes `which`.
    elements : int
        Of the matrix of one field: where it is large, pieces hold few fields, and all temperatures of each.
    """
    shape = np.broadcast_shapes(fields.shape[:-1], T.shape)
    flat = fields.reshape(-1, 3)
    which = np.broadcast_to(np.arange(len(flat)).reshape(fields.shape[:-1]), shape).ravel()
    T = np.broadcast_to(T, shape).ravel()
    order = np.argsort(which, kind="stable")
    out = np.empty((len(order), *tail))

    share = max(len(order) // max(len(flat), 1), 1)
    large = elements >= _LARGE
    piece = max(_PIECE * _LARGE // elements, 1) * share if large else _PIECE * min(share, _MORE)

    def body(start: int, stop: int) -> None:
        for k in range(start, stop):
            at = order[k * piece : (k + 1) * piece]
            if shared:
                used, of = np.unique(which[at], return_inverse=True)
                out[at] = function(flat[used], of.ravel(), T[at])
            else:
                out[at] = function(flat[which[at]], T[at])

    pieces = -(-len(order) // piece)
    if pieces > 1:
        from magneton._jit import parallel_for  # numba takes longer to import than small work to do

        parallel_for(body, pieces, 1)
    else:
        body(0, pieces)
    return out.reshape((*shape, *tail))[()]
