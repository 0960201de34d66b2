"""Several sources as one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from magneton.sources import body
from magneton.sources.base import NotDefined, Source
from magneton.sources.body import Body
from magneton.summation.compiled import CompiledField, joined


@dataclass(frozen=True, eq=False)
class Collection(Source):
    """Several sources as one: fields add, and a force acts on them as on one rigid body.

    Parameters
    ----------
    sources : sequence of sources
        At least one. A and the scalar potential exist where every member has them.

    Examples
    --------
    >>> from magneton import Collection, Dipole
    >>> Collection([Dipole([1, 0, 0]), Dipole([0, 2, 0], [0, 0, 1])]).moment.tolist()
    [1.0, 2.0, 0.0]
    """

    sources: Any

    def __post_init__(self) -> None:
        try:
            sources = tuple(self.sources)
        except TypeError:
            raise ValueError(
                f"sources must be a sequence of sources, got {type(self.sources).__name__}"
            ) from None
        if not sources:
            raise ValueError("sources must hold at least one source, got none")
        for i, source in enumerate(sources):
            if not isinstance(source, Source):
                raise ValueError(f"sources[{i}] must be a source, got {type(source).__name__}")
        object.__setattr__(self, "sources", sources)

    @property
    def moment(self) -> np.ndarray:
        """The sum of the members' moments, shape (3,), A m^2."""
        return np.sum([source.moment for source in self.sources], axis=0)

    @property
    def A(self) -> Callable[[Any], np.ndarray]:
        """The vector potential in T m, as `Dipole.A`; there if every member has one."""
        self._require("A")
        return lambda points: self._evaluate("A", points, 3)

    @property
    def scalar_potential(self) -> Callable[[Any], np.ndarray]:
        """The scalar potential in A, as `Dipole.scalar_potential`; there if every member has one."""
        self._require("scalar_potential")
        return lambda points: self._evaluate("scalar_potential", points)

    def _require(self, name: str) -> None:
        for i, source in enumerate(self.sources):
            if not hasattr(source, name):
                raise NotDefined(
                    f"Collection has no {name}: sources[{i}], a {type(source).__name__}, has none"
                )

    def _compile(self) -> CompiledField:
        return joined(source.compiled for source in self.sources)

    def _body(self) -> Body:
        return body.joined([source.body for source in self.sources])

    def _moved(self, matrix: np.ndarray, shift: np.ndarray) -> Self:
        return type(self)([source._moved(matrix, shift) for source in self.sources])


def leaves(source: Source) -> list[Source]:
    """Return a source's members, and their members, down to those that are no `Collection`."""
    if isinstance(source, Collection):
        return [leaf for member in source.sources for leaf in leaves(member)]
    return [source]
