"""The energy of moments over their directions: its slope, and its curvature, in closed form.

With unit vectors u and E(u), the slope on the spheres is g = -|m| P B, P = 1 - u u, and the curvature along a tangent v

    H v = -|m| P (dB/du) v + |m| (u.B) v,

where the second part is due to the curvature of the spheres ([AbsilMahonySepulchre2008]_, 5.5). B is linear in u but
for the local terms' part, whose derivative is a matrix for each moment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from magneton._jit import parallel_for
from magneton.dynamics.terms.assembled import GRAIN, Energies
from magneton.kernels import moment_run, moment_terms

#: Seed of the directions in which a typical field is looked for.
_PROBES = 7


@dataclass(frozen=True, eq=False)
class Landscape:
    """The energy of moments, whose terms are taken at one time, in a field besides.

    Attributes
    ----------
    energies : Energies
        The terms.
    time : float
        At which they are taken, in s.
    applied : ndarray, shape (3,)
        A field in T that acts on all moments besides.
    """

    energies: Energies
    time: float
    applied: np.ndarray

    @property
    def magnitude(self) -> np.ndarray:
        """The magnitudes, shape (n, 1), in A m^2."""
        return self.energies.moments.magnitude[:, None]

    def field(self, u: np.ndarray) -> np.ndarray:
        """Return B in T, shape (n, 3); `u` need not be of length 1."""
        e = self.energies
        field = e.coupled_field(u, np.empty_like(u)) + self.applied
        own = np.empty(len(u))
        parallel_for(
            lambda i, j: moment_run.fields(e.local, e.width, self.time, u, field, own, i, j), e.blocks, GRAIN
        )
        return field

    def energy(self, u: np.ndarray) -> float:
        """Return the energy in J."""
        return self.energies.field_and_energy(u, self.time)[1] - float(
            np.sum(self.magnitude * u * self.applied)
        )

    def change(self, u: np.ndarray, B: np.ndarray, step: np.ndarray, new_B: np.ndarray) -> np.ndarray:
        """Return what each moment adds to the change of energy from u to u + step, shape (n,), in J.

        It is the work along the chord by Simpson's rule, which is exact as B is of third degree in u at most. No large
        energies are subtracted, so that the steps of the end can be judged too.
        """
        middle = self.field(u + 0.5 * step)
        return -self.magnitude[:, 0] / 6.0 * np.sum(step * (B + 4.0 * middle + new_B), axis=1)

    def typical_field(self, u: np.ndarray) -> np.ndarray:
        """Return the largest field in T met by each moment in a few directions of all, shape (n,)."""
        rng = np.random.default_rng(_PROBES)
        found = np.linalg.norm(self.field(u), axis=1)
        for _ in range(3):
            v = rng.standard_normal(u.shape)
            v /= np.linalg.norm(v, axis=1, keepdims=True)
            found = np.maximum(found, np.linalg.norm(self.field(v), axis=1))
        return found

    def curvature_at(self, u: np.ndarray, B: np.ndarray) -> Curvature:
        """Return the curvature at u, where the field is B."""
        return Curvature(self.energies, u, np.sum(u * B, axis=1)[:, None], local_derivative(self.energies, u))


@dataclass(frozen=True, eq=False)
class Curvature:
    """The second derivative of the energy on the spheres, at one set of directions.

    Attributes
    ----------
    energies : Energies
        The terms.
    u : ndarray, shape (n, 3)
        The directions.
    along : ndarray, shape (n, 1)
        u.B in T.
    local : ndarray, shape (n, 3, 3)
        dB/du of the local terms in T.
    """

    energies: Energies
    u: np.ndarray
    along: np.ndarray
    local: np.ndarray

    def times(self, v: np.ndarray) -> np.ndarray:
        """Return H v in J, shape (n, 3), of tangents v."""
        turned = self.energies.coupled_field(v, np.empty_like(v)) + (self.local @ v[..., None])[..., 0]
        turned -= np.sum(turned * self.u, axis=1, keepdims=True) * self.u
        return self.energies.moments.magnitude[:, None] * (self.along * v - turned)

    def own(self, frames: np.ndarray) -> np.ndarray:
        """Return H of each moment by itself in its frame, shape (n, 2, 2): all of it if no two moments are coupled."""
        turned = frames @ self.local @ frames.transpose(0, 2, 1)
        return self.energies.moments.magnitude[:, None, None] * (self.along[..., None] * np.eye(2) - turned)

    def matrix(self, frames: np.ndarray) -> np.ndarray:
        """Return H in the frames, shape (2 n, 2 n): the row 2 i + k is of moment i and its k-th tangent."""
        n = len(self.u)
        columns = np.zeros((2 * n, n, 3))
        columns[np.arange(2 * n), np.arange(2 * n) // 2] = frames.reshape(2 * n, 3)
        H = np.array([in_frames(frames, self.times(column)).ravel() for column in columns])
        return 0.5 * (H + H.T)


def local_derivative(energies: Energies, u: np.ndarray) -> np.ndarray:
    """Return dB/du in T of the terms that act on each moment alone, shape (n, 3, 3)."""
    total = np.zeros((len(u), 3, 3))
    for kind, rows, start in zip(*energies.local[:3], strict=True):
        width = moment_terms.WIDTHS[kind]
        q = energies.local[3][start : start + rows * width].reshape(rows, width)
        if kind == moment_terms.UNIAXIAL:
            total += q[:, 3, None, None] * q[:, :3, None] * q[:, None, :3]
        elif kind == moment_terms.QUADRATIC:
            total -= q[:, [[0, 3, 5], [3, 1, 4], [5, 4, 2]]]
        elif kind == moment_terms.CUBIC:
            total += _cubic_derivative(q, u)
        elif kind not in (moment_terms.CONSTANT, moment_terms.WAVE):
            raise NotImplementedError(f"the derivative of the field of kind {kind}")
    return total


def _cubic_derivative(q: np.ndarray, u: np.ndarray) -> np.ndarray:
    """Return dB/du of cubic anisotropy: with a = u.n, B_i = -2 k a_i (a^2 - a_i^2) along n_i."""
    axes = q[:, :9].reshape(-1, 3, 3)
    a = np.squeeze(axes @ u[..., None], -1)
    square = np.sum(a * a, axis=1)[:, None]
    inner = 2.0 * a[:, :, None] * a[:, None, :]
    inner[:, range(3), range(3)] = square - a * a
    return -2.0 * q[:, 9, None, None] * (axes.transpose(0, 2, 1) @ inner @ axes)


def tangent_frames(u: np.ndarray) -> np.ndarray:
    """Return two unit vectors at right angles to each u and each other, shape (n, 2, 3)."""
    x, y, z = u.T
    sign = np.copysign(1.0, z)
    a = -1.0 / (sign + z)
    b = x * y * a
    first = np.stack([1.0 + sign * x * x * a, sign * b, -sign * x], axis=-1)
    return np.stack([first, np.stack([b, sign + y * y * a, -y], axis=-1)], axis=1)


def in_frames(frames: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Return tangents v, shape (n, 3), by their components, shape (n, 2)."""
    return (frames @ v[..., None])[..., 0]


def from_frames(frames: np.ndarray, components: np.ndarray) -> np.ndarray:
    """Return tangents, shape (n, 3), from their components, shape (n, 2)."""
    return np.sum(components[..., None] * frames, axis=1)


def turned(u: np.ndarray, tangent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return u turned along great circles by the tangents' lengths, and the difference, without cancellation."""
    angle = np.linalg.norm(tangent, axis=1, keepdims=True)
    difference = np.sinc(angle / np.pi) * tangent - 2.0 * np.sin(0.5 * angle) ** 2 * u
    new = u + difference
    return new / np.linalg.norm(new, axis=1, keepdims=True), difference
