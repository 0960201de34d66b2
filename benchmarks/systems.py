"""Many moments: forces, torques and energy of a system, and the moments that a field induces in many bodies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

import magneton
from _harness import Contender, Entry, Pace, Report, compare
from _reference import MU0, dipole_fields, dipole_forces, worst
from magneton.interactions.induced import induced_moments


@dataclass(frozen=True)
class SystemCase:
    """Random moments in a cube, and references of a sample."""

    count: int
    sample: int

    @cached_property
    def arrays(self) -> tuple[np.ndarray, np.ndarray]:
        """Moments and positions, shape (n, 3) each."""
        rng = np.random.default_rng(3)
        return rng.normal(size=(self.count, 3)), rng.random((self.count, 3))

    @property
    def pairs(self) -> int:
        """Ordered pairs."""
        return self.count * (self.count - 1)

    def force_errors(self, forces: np.ndarray) -> dict[str, float]:
        """Return the largest relative error over the sample of forces, shape (n, 3)."""
        moments, positions = self.arrays
        on = slice(self.sample)
        return {"error": worst(forces[on], dipole_forces(moments, positions, moments[on], positions[on]))}

    def field_errors(self, fields: np.ndarray, mu0: float) -> dict[str, float]:
        """Return the same of fields."""
        moments, positions = self.arrays
        reference = [
            dipole_fields(
                np.delete(moments, i, axis=0), np.delete(positions, i, axis=0), positions[i : i + 1]
            )[0]
            for i in range(self.sample)
        ]
        return {"error": worst(fields[: self.sample], np.array(reference), mu0)}


def _all(case: SystemCase) -> Contender:
    def run():
        system = magneton.MomentSystem(*case.arrays)
        return system.forces(), system.torques(), system.energy()

    return Contender(
        "MomentSystem(m, p): forces, torques and energy",
        run,
        case.pairs,
        lambda result: case.force_errors(result[0]),
        magneton.get_threads(),
    )


def _forces(case: SystemCase) -> Contender:
    return Contender(
        "MomentSystem(m, p).forces()",
        lambda: magneton.MomentSystem(*case.arrays).forces(),
        case.pairs,
        case.force_errors,
        magneton.get_threads(),
    )


def _fields(case: SystemCase) -> Contender:
    return Contender(
        "MomentSystem(m, p).fields(), as for torques and energy",
        lambda: magneton.MomentSystem(*case.arrays).fields(),
        case.pairs,
        lambda fields: case.field_errors(fields, MU0),
        magneton.get_threads(),
    )


def _fmm3dpy(case: SystemCase, name: str, **options: float) -> Contender:
    import fmm3dpy

    moments, positions = (np.asfortranarray(a.T) for a in case.arrays)

    def run():
        if name == "l3ddir":  # the sum leaves out a source at the target's own place
            return fmm3dpy.l3ddir(sources=positions, targets=positions, dipvec=moments, pgt=2).gradtarg
        return fmm3dpy.lfmm3d(sources=positions, dipvec=moments, pg=2, **options).grad

    said = "".join(f", {key}={value:g}" for key, value in options.items())
    return Contender(
        f"{name}(dipvec=m{said}): fields only" + (" (fast multipole, not a direct sum)" if options else ""),
        run,
        case.pairs,
        # Its potential is m.r/(4 pi r^3), so that B is -mu_0 times its gradient.
        lambda gradient: case.field_errors(-gradient.T, 1.0),
    )


def _magpylib(count: int) -> Contender:
    import magpylib
    from scipy.constants import mu_0

    magpylib.defaults.threads = magneton.get_threads()
    half = SystemCase(count, 4)
    m, p = half.arrays
    make = magpylib.misc.Dipole
    sources = magpylib.Collection(*(make(moment=a, position=b) for a, b in zip(m, p, strict=True)))
    shift = np.array(
        [1.0, 0.0, 0.0]
    )  # two systems side by side: of itself it has no way to leave a dipole out
    targets = [make(moment=a, position=b + shift) for a, b in zip(m, p, strict=True)]

    def errors(result: np.ndarray) -> dict[str, float]:
        reference = dipole_forces(m, p, m[:4], p[:4] + shift)
        return {"error": worst(result[0][:4], reference, mu_0)}

    return Contender(
        f"getFT(Collection of {count} Dipole, list of {count} Dipole): forces and torques of one set on another",
        lambda: magpylib.getFT(sources, targets),
        count**2,
        errors,
        magneton.get_threads(),
    )


def system(quick: bool, pace: Pace) -> Report:
    """Forces, torques and energy of N moments."""
    case = SystemCase(1000 if quick else 10_000, 2 if quick else 8)
    entries = [
        Entry("magneton", lambda: _all(case)),
        Entry("magneton", lambda: _forces(case)),
        Entry("magneton", lambda: _fields(case)),
        Entry("fmm3dpy", lambda: _fmm3dpy(case, "l3ddir")),
        Entry("fmm3dpy", lambda: _fmm3dpy(case, "lfmm3d", eps=1e-12)),
        Entry("magpylib", lambda: _magpylib(100 if quick else 1000)),
    ]
    notes = [
        f"{case.count} moments, all ordered pairs (of 10 000 moments 0.2 s are 2 ns/pair); error against mpmath at "
        f"{case.sample} moments",
        "magpylib runs at the size said, per pair; fmm3dpy's wheel is built without OpenMP",
    ]
    return compare("Forces, torques and energy of a system of moments", entries, pace, "ns/pair", notes=notes)


@dataclass(frozen=True)
class InducedCase:
    """Iron balls that nearly touch, on a shaken cubic lattice, in a uniform field."""

    count: int
    radius: float = 1e-3

    @property
    def polarizability(self) -> float:
        """Of a ball of infinite permeability."""
        return 4.0 * math.pi * self.radius**3 / MU0

    @cached_property
    def positions(self) -> np.ndarray:
        """Centres, shape (n, 3)."""
        edge = math.ceil(self.count ** (1 / 3))
        grid = np.stack(np.meshgrid(*[np.arange(edge)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)[
            : self.count
        ]
        shaken = np.random.default_rng(4).uniform(-0.1, 0.1, grid.shape)
        return self.radius * (2.3 * grid + shaken)

    def errors(self, moments: np.ndarray) -> dict[str, float]:
        """Return the residual of m = alpha (B_ext + B_others), relative."""
        B = magneton.MomentSystem(moments, self.positions, magneton.UniformField(FIELD)).fields()
        wrong = moments - self.polarizability * B
        return {"residual": float(np.linalg.norm(wrong) / np.linalg.norm(moments))}


FIELD = (0.0, 0.0, 1e-3)


def _induced(case: InducedCase, rtol: float) -> Contender:
    return Contender(
        f"induced_moments(alpha, p, UniformField, rtol={rtol:g}), {case.count} balls",
        lambda: (
            induced_moments(
                case.polarizability, case.positions, magneton.UniformField(FIELD), rtol=rtol
            ).moments
        ),
        1,
        case.errors,
        magneton.get_threads(),
    )


def _dense(case: InducedCase) -> Contender:
    n, k = case.count, MU0 / (4.0 * math.pi)

    def run():
        d = case.positions[:, None] - case.positions
        r = np.linalg.norm(d, axis=2)
        np.fill_diagonal(r, np.inf)
        fields = 3.0 * d[..., :, None] * d[..., None, :] / r[..., None, None] ** 5
        fields -= np.eye(3) / r[..., None, None] ** 3
        matrix = -case.polarizability * k * fields.transpose(0, 2, 1, 3).reshape(3 * n, 3 * n)
        matrix[np.diag_indices(3 * n)] += 1.0
        return np.linalg.solve(matrix, case.polarizability * np.tile(FIELD, n)).reshape(n, 3)

    return Contender(
        f"linalg.solve of the dense matrix, {n} balls", run, 1, case.errors, magneton.get_threads()
    )


def induced(quick: bool, pace: Pace) -> Report:
    """Moments induced in N bodies."""
    case, small = InducedCase(1000 if quick else 20_000), InducedCase(200 if quick else 1500)
    entries = [
        Entry("magneton", lambda: _induced(case, 1e-9)),
        Entry("magneton", lambda: _induced(case, 1e-6)),
        Entry("magneton", lambda: _induced(small, 1e-9)),
        Entry("numpy", lambda: _dense(small)),
    ]
    notes = [
        "seconds a solution; no peer known to us solves this, so the last two lines are the textbook way beside ours"
    ]
    return compare("Induced moments", entries, pace, "s", scale=1.0, notes=notes)
