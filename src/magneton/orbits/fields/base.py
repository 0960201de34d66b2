"""What the fields that charges move in share, and how sources of this library become such a field."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from magneton import _check
from magneton._jit import FieldFunction, parallel_for
from magneton.kernels import field as codes
from magneton.kernels import quantities
from magneton.kernels.electromagnetic import em_rows, static_field
from magneton.kernels.em_loop import loop_field
from magneton.sources.base import Source
from magneton.summation.compiled import CompiledField, joined, term

_FLAT_KINDS = frozenset([codes.UNIFORM, codes.DIPOLE, codes.BODY, codes.TIMED])


class OrbitField:
    """A field that charges can move in: B, E and their derivatives at (x, t).

    A subclass gives `_compile`, and says whether it depends on time and has an electric field. Fields add:
    ``Dipole(...) + UniformE(...)`` is a field too.
    """

    #: Whether B or E at a point changes.
    time_dependent: bool = False
    #: Whether E is anywhere other than zero.
    electric: bool = False

    @property
    def waves(self) -> tuple[Any, ...]:
        """The plane waves in the field, each a `magneton.orbits.fields.Wave`."""
        return ()

    @property
    def functions(self) -> tuple[str, ...]:
        """What tells apart the users' own functions in the field; "" for one known by its address only."""
        return ()

    def _compile(self) -> CompiledField:
        raise NotImplementedError

    def __getstate__(self) -> dict[str, Any]:
        # It holds addresses that mean nothing in another process.
        return {name: value for name, value in self.__dict__.items() if name != "compiled"}

    @functools.cached_property
    def compiled(self) -> CompiledField:
        """The field as flat arrays: see `magneton.kernels.electromagnetic`."""
        return self._compile()

    def _evaluate(self, what: int, points: Any, t: Any) -> tuple[np.ndarray, tuple[int, ...]]:
        points = _check.points("points", points)
        time = np.asarray(_check.with_gaps("t", t, "s", "a number or an array of numbers"))
        try:
            shape = np.broadcast_shapes(points.shape[:-1], time.shape)
        except ValueError:
            raise ValueError(
                f"t must have a shape that broadcasts with that of the points {points.shape[:-1]}, got {time.shape}"
            ) from None
        rows = np.empty((*shape, 4))
        rows[..., :3], rows[..., 3] = points, time
        rows = rows.reshape(-1, 4)
        out = np.empty((len(rows), quantities.WIDTHS[what]))
        flat = self.compiled.kinds, self.compiled.starts, self.compiled.params
        parallel_for(lambda i, j: em_rows(*flat, rows, what, out, i, j), len(rows), 512)
        return out, shape

    def B(self, points: Any, t: Any = 0.0) -> np.ndarray:
        """Return the flux density.

        Parameters
        ----------
        points : array_like, shape (..., 3), metre
            Where.
        t : array_like, shape (...), second
            When.

        Returns
        -------
        ndarray, shape (..., 3), tesla
            The flux density B.
        """
        out, shape = self._evaluate(quantities.EM, points, t)
        return out[:, :3].reshape(*shape, 3)

    def E(self, points: Any, t: Any = 0.0) -> np.ndarray:
        """Return the electric field, shape (..., 3), in V/m, at `points` (m) and times `t` (s)."""
        out, shape = self._evaluate(quantities.EM, points, t)
        return out[:, 3:].reshape(*shape, 3)

    def A(self, points: Any, t: Any = 0.0) -> np.ndarray:
        """Return a vector potential, B = curl A, shape (..., 3), in T m, at `points` (m) and times `t` (s)."""
        out, shape = self._evaluate(quantities.EM_POTENTIALS, points, t)
        return out[:, :3].reshape(*shape, 3)

    def electric_potential(self, points: Any, t: Any = 0.0) -> np.ndarray:
        """Return phi, E = -grad phi - dA/dt, shape (...), in volt, at `points` (m) and times `t` (s)."""
        out, shape = self._evaluate(quantities.EM_POTENTIALS, points, t)
        return out[:, 3].reshape(shape)

    def derivatives(self, points: Any, t: Any = 0.0) -> dict[str, np.ndarray]:
        """Return B, E and their first derivatives in space and time.

        Parameters
        ----------
        points : array_like, shape (..., 3), metre
            Where.
        t : array_like, shape (...), second
            When.

        Returns
        -------
        dict of ndarray
            ``B``, ``E``, ``dB_dt``, ``dE_dt`` of shape (..., 3) and ``grad_B``, ``grad_E`` of shape (..., 3, 3), whose
            ``[..., i, j]`` is the derivative of component i along j; SI.
        """
        out, shape = self._evaluate(quantities.EM_GRAD, points, t)
        vectors = {"B": 0, "E": 12, "dB_dt": 15, "dE_dt": 27}
        result = {name: out[:, i : i + 3].reshape(*shape, 3) for name, i in vectors.items()}
        result["grad_B"] = out[:, 3:12].reshape(*shape, 3, 3)
        result["grad_E"] = out[:, 18:27].reshape(*shape, 3, 3)
        return result

    def grad_B(self, points: Any, t: Any = 0.0) -> np.ndarray:
        """Return dB_i/dx_j, shape (..., 3, 3), in T/m, at `points` (m) and times `t` (s)."""
        return self.derivatives(points, t)["grad_B"]

    def __add__(self, other: Any) -> OrbitField:
        return as_field([self, other])

    def __radd__(self, other: Any) -> OrbitField:
        if isinstance(other, int) and other == 0:  # what `sum` begins with
            return self
        return as_field([other, self])


@dataclass(frozen=True, kw_only=True, eq=False)
class TimedField(OrbitField):
    """A field given by its own field function, in a frame of its own.

    A subclass is a frozen dataclass that gives `_function` (see `magneton.kernels.electromagnetic`) and `_parameters`,
    and calls `_set_frame` when it is made.
    """

    position: Any = (0.0, 0.0, 0.0)
    orientation: Any = None
    _function: ClassVar[FieldFunction]

    def _set_frame(self) -> None:
        object.__setattr__(self, "position", _check.vector("position", self.position, "m"))
        if self.orientation is not None:
            _check.rotation_matrix("orientation", self.orientation)

    @property
    def _matrix(self) -> np.ndarray:
        if self.orientation is None:
            return np.eye(3)
        return _check.rotation_matrix("orientation", self.orientation)

    def _parameters(self) -> np.ndarray:
        """Return what the field function is given."""
        raise NotImplementedError

    def _compile(self) -> CompiledField:
        address = float(type(self)._function.address)
        return term(codes.TIMED, self.position, self._matrix, 0.0, address, self._parameters())


@dataclass(frozen=True, eq=False)
class StaticField(OrbitField):
    """A source of this library as a field to move in."""

    source: Source

    def _compile(self) -> CompiledField:
        whole = self.source.compiled
        loops = [_loop(row) for row in whole.of_kind(codes.LOOP)]
        others = whole.without([*_FLAT_KINDS, codes.LOOP])
        flat = whole.without(whole.kind_set - _FLAT_KINDS)
        if not len(others.kinds):
            return joined([flat, *loops])
        packed = np.concatenate([[len(others.kinds)], others.kinds, others.starts, others.params])
        wrapped = term(codes.TIMED, np.zeros(3), np.eye(3), 0.0, float(static_field.address), packed)
        return joined([flat, *loops, wrapped])


def _loop(row: np.ndarray) -> CompiledField:
    """Return a loop, given as `kernels.field` has it, by its own field function."""
    return term(codes.TIMED, row[:12], 0.0, float(loop_field.address), row[12:])


@dataclass(frozen=True, eq=False)
class SumField(OrbitField):
    """The sum of fields."""

    fields: tuple[OrbitField, ...]

    @property
    def time_dependent(self) -> bool:
        """Whether B or E at a point changes."""
        return any(f.time_dependent for f in self.fields)

    @property
    def electric(self) -> bool:
        """Whether E is anywhere other than zero."""
        return any(f.electric for f in self.fields)

    @property
    def waves(self) -> tuple[Any, ...]:
        """The plane waves in the field."""
        return tuple(wave for f in self.fields for wave in f.waves)

    @property
    def functions(self) -> tuple[str, ...]:
        """What tells apart the users' own functions in the field; "" for one known by its address only."""
        return tuple(text for f in self.fields for text in f.functions)

    def _compile(self) -> CompiledField:
        return joined(f.compiled for f in self.fields)


def as_field(field: Any, name: str = "field") -> OrbitField:
    """Return a field to move in.

    Parameters
    ----------
    field : OrbitField, source, or a list of these
        A list means the sum.
    name : str
        The argument, for the error.

    Returns
    -------
    OrbitField
        The field itself, or what wraps it.
    """
    if isinstance(field, OrbitField):
        return field
    if isinstance(field, Source) and hasattr(field, "B"):
        return StaticField(field)
    if isinstance(field, list | tuple) and field:
        parts: list[OrbitField] = []
        for item in field:
            part = as_field(item, name)
            parts += part.fields if isinstance(part, SumField) else [part]
        return SumField(tuple(parts))
    raise ValueError(
        f"{name} must be a source, a field of magneton.orbits.fields or a list of these, got {_check.shown(field)}"
    )
