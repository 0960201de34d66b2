"""What sources offer, as small protocols, and what they share."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, runtime_checkable

import numpy as np

from magneton import _check
from magneton.sources.body import Body
from magneton.summation.batch import evaluate
from magneton.summation.compiled import CompiledField

if TYPE_CHECKING:
    from scipy.spatial.transform import Rotation

    from magneton.sources.multipoles import Multipole


class NotDefined(AttributeError, ValueError):
    """Raised for what a source does not have, with the reason."""


@runtime_checkable
class HasMoment(Protocol):
    """A source with a magnetic dipole moment of its own."""

    @property
    def moment(self) -> np.ndarray:
        """The moment in A m^2 = J/T."""
        ...


@runtime_checkable
class Field(Protocol):
    """A source with a magnetic field."""

    def B(self, points: Any) -> np.ndarray:
        """Return the flux density in T."""
        ...

    def H(self, points: Any) -> np.ndarray:
        """Return the field strength in A/m."""
        ...

    def grad_B(self, points: Any) -> np.ndarray:
        """Return dB_i/dx_j in T/m."""
        ...


@runtime_checkable
class HasVectorPotential(Protocol):
    """A source with a vector potential."""

    def A(self, points: Any) -> np.ndarray:
        """Return the vector potential in T m."""
        ...


@runtime_checkable
class HasScalarPotential(Protocol):
    """A source with a single-valued magnetic scalar potential."""

    def scalar_potential(self, points: Any) -> np.ndarray:
        """Return the scalar potential in A."""
        ...


def turned(matrix: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Return R v of one or many vectors; exact for the identity."""
    return vectors @ matrix.T


class Source:
    """What every source shares: fields at points, moving and turning.

    A subclass gives `_compile` (itself as flat arrays), `_moved` and, if a force can act on it, `_body`; and in
    `_missing` the capabilities that its physics does not have, each with the reason.
    """

    _missing: ClassVar[dict[str, str]] = {}

    def __getattr__(self, name: str) -> Any:
        kind = type(self)
        if name in kind._missing:
            raise NotDefined(f"{kind.__name__} has no {name}: {kind._missing[name]}")
        descriptor = getattr(kind, name, None)
        if isinstance(descriptor, property) and descriptor.fget is not None:
            return descriptor.fget(
                self
            )  # it raised NotDefined, which led here: raise it again, reason and all
        raise AttributeError(f"{kind.__name__!r} object has no attribute {name!r}")

    def _compile(self) -> CompiledField:
        raise NotImplementedError

    def _moved(self, matrix: np.ndarray, shift: np.ndarray) -> Self:
        """Return the source at R r + shift."""
        raise NotImplementedError

    def __getstate__(self) -> dict[str, Any]:
        # What is worked out from the rest stays behind: it may hold addresses that mean nothing elsewhere.
        return {name: value for name, value in self.__dict__.items() if name not in ("compiled", "body")}

    @functools.cached_property
    def compiled(self) -> CompiledField:
        """The source as flat arrays for compiled loops: see `magneton.kernels.field`."""
        return self._compile()

    @functools.cached_property
    def body(self) -> Body:
        """What a force can act on."""
        return self._body()

    def _body(self) -> Body:
        raise ValueError(f"{type(self).__name__} is nothing that a force could act on")

    def _evaluate(self, quantity: str, points: Any, *shape: int) -> np.ndarray:
        points = _check.points("points", points)
        flat = evaluate(self.compiled, quantity, points.reshape(-1, 3))
        return flat.reshape(points.shape[:-1] + shape)

    def B(self, points: Any) -> np.ndarray:
        """Return the flux density.

        Parameters
        ----------
        points : array_like, shape (..., 3), metre
            Where; a point at which the field is not defined gets nan.

        Returns
        -------
        ndarray, shape (..., 3), tesla
            The flux density B.
        """
        return self._evaluate("B", points, 3)

    def H(self, points: Any) -> np.ndarray:
        """Return the field strength H = B/mu_0 (less the magnetization inside magnets).

        Parameters
        ----------
        points : array_like, shape (..., 3), metre
            Where.

        Returns
        -------
        ndarray, shape (..., 3), A/m
            The field strength H.
        """
        return self._evaluate("H", points, 3)

    def grad_B(self, points: Any) -> np.ndarray:
        """Return the field gradient in closed form.

        Parameters
        ----------
        points : array_like, shape (..., 3), metre
            Where.

        Returns
        -------
        ndarray, shape (..., 3, 3), T/m
            ``[..., i, j]`` is dB_i/dx_j.
        """
        return self._evaluate("grad_B", points, 3, 3)

    def multipoles(self, order: int, centre: Any = None) -> Multipole:
        """Return the multipole moments up to a degree, themselves a source: see `magneton.sources.Multipole`.

        Parameters
        ----------
        order : int
            The highest degree: 1 for the dipole, 2 for the quadrupole and so on.
        centre : array_like, shape (3,), metre, optional
            What they are about; the source's position by default.

        Returns
        -------
        Multipole
            In SI and global axes, with error estimates.
        """
        from magneton.sources.multipoles import multipoles

        return multipoles(self, order, centre)

    def translated(self, vector: Any) -> Self:
        """Return the source moved by `vector` (m)."""
        return self._moved(np.eye(3), _check.vector("vector", vector, "m"))

    def rotated(self, rotation: Rotation, about: Any = (0.0, 0.0, 0.0)) -> Self:
        """Return the source turned by a scipy Rotation (active) about the point `about` (m)."""
        matrix = _check.rotation_matrix("rotation", rotation)
        about = _check.vector("about", about, "m")
        return self._moved(matrix, about - turned(matrix, about))


class VectorPotential(Source):
    """Adds A to a source that has it."""

    def A(self, points: Any) -> np.ndarray:
        """Return the vector potential in the Coulomb gauge.

        Parameters
        ----------
        points : array_like, shape (..., 3), metre
            Where.

        Returns
        -------
        ndarray, shape (..., 3), T m
            The vector potential A, B = curl A.
        """
        return self._evaluate("A", points, 3)


class ScalarPotential(Source):
    """Adds the scalar potential to a source that has it."""

    def scalar_potential(self, points: Any) -> np.ndarray:
        """Return the magnetic scalar potential psi, H = -grad psi.

        Parameters
        ----------
        points : array_like, shape (..., 3), metre
            Where.

        Returns
        -------
        ndarray, shape (...), ampere
            The scalar potential.
        """
        return self._evaluate("scalar_potential", points)
