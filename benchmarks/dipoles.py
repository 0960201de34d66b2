"""Point dipoles: the field of many at many points, and the forces of many on many."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

import magneton
from _harness import Contender, Entry, Pace, Report, compare
from _reference import MU0, cfsem_mu0, dipole_fields, dipole_forces, worst

#: The flags of our own sums; with them the loop over choclo's formula vectorises.
_FLAGS = {"error_model": "numpy", "fastmath": {"contract", "reassoc"}}


@dataclass(frozen=True)
class FieldCase:
    """Random dipoles in a unit cube, points in another that overlaps it, and the reference of a sample."""

    count: int
    sample: int

    @cached_property
    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Moments, positions and points, shape (n, 3) each."""
        rng = np.random.default_rng(1)
        n = self.count
        return rng.normal(size=(n, 3)), rng.random((n, 3)), rng.random((n, 3)) + np.array([0.5, 0.0, 0.0])

    @cached_property
    def components(self) -> tuple[tuple[np.ndarray, ...], ...]:
        """The same as tuples of contiguous components, which some peers want."""
        return tuple(tuple(np.ascontiguousarray(a.T)) for a in self.arrays)

    @cached_property
    def reference(self) -> np.ndarray:
        """B at the first points."""
        moments, positions, points = self.arrays
        return dipole_fields(moments, positions, points[: self.sample])

    def errors(self, field: np.ndarray, mu0: float) -> dict[str, float]:
        """Return the largest relative error over the sample of a field, shape (n, 3)."""
        return {"error": worst(field[: self.sample], self.reference, mu0)}


def _magneton(case: FieldCase) -> Contender:
    moments, positions, points = case.arrays
    return Contender(
        "Dipoles(m, p).B(points)",
        lambda: magneton.Dipoles(moments, positions).B(points),
        case.count**2,
        lambda field: case.errors(field, MU0),
        magneton.get_threads(),
    )


def _cfsem(case: FieldCase) -> Contender:
    import cfsem

    m, p, x = case.components
    return Contender(
        "flux_density_dipole(p, m, points, par=True), contiguous component arrays",
        lambda: cfsem.flux_density_dipole(p, m, x, par=True),
        case.count**2,
        lambda field: case.errors(np.stack(field, axis=1), cfsem_mu0()),
        magneton.get_threads(),
    )


def _choclo_sum(magnetic_field, **flags):
    """Return a compiled parallel loop over a scalar kernel."""
    import numba

    @numba.njit(parallel=True, **flags)
    def total(x, y, z, px, py, pz, mx, my, mz):
        out = np.empty((len(x), 3))
        for i in numba.prange(len(x)):
            bx = by = bz = 0.0
            for j in range(len(px)):
                b = magnetic_field(x[i], y[i], z[i], px[j], py[j], pz[j], mx[j], my[j], mz[j])
                bx += b[0]
                by += b[1]
                bz += b[2]
            out[i] = bx, by, bz
        return out

    return total


def _choclo(case: FieldCase, recompiled: bool) -> Contender:
    """Return choclo's kernel in a numba loop; or its formula compiled anew, with our flags."""
    import numba
    from choclo.constants import VACUUM_MAGNETIC_PERMEABILITY
    from choclo.dipole import magnetic_field

    if recompiled:
        # Anew, since numba compiles a callee once, with the flags of whoever calls it first.
        total = _choclo_sum(numba.njit(**_FLAGS)(magnetic_field.py_func), **_FLAGS)
    else:
        total = _choclo_sum(magnetic_field)
    m, p, x = case.components
    return Contender(
        f"dipole.magnetic_field{'.py_func recompiled with our flags' if recompiled else ''}, numba prange loop",
        lambda: total(*x, *p, *m),
        case.count**2,
        lambda field: case.errors(field, VACUUM_MAGNETIC_PERMEABILITY),
        magneton.get_threads(),
    )


def _harmonica(case: FieldCase) -> Contender:
    import harmonica
    from choclo.constants import VACUUM_MAGNETIC_PERMEABILITY

    m, p, x = case.components
    return Contender(
        "dipole_magnetic(points, p, m, 'b', parallel=True, disable_checks=True)",
        lambda: harmonica.dipole_magnetic(x, p, m, "b", parallel=True, disable_checks=True),
        case.count**2,
        lambda field: case.errors(1e-9 * np.stack(field, axis=1), VACUUM_MAGNETIC_PERMEABILITY),
        magneton.get_threads(),
    )


def _fmm3dpy(case: FieldCase, name: str, threads: int, **options: float) -> Contender:
    import fmm3dpy

    moments, positions, points = (np.asfortranarray(a.T) for a in case.arrays)
    function = getattr(fmm3dpy, name)

    def run():
        out = function(sources=positions, targets=points, dipvec=moments, pgt=2, **options)
        return out.gradtarg

    said = "".join(f", {key}={value:g}" for key, value in options.items())
    return Contender(
        f"{name}(dipvec=m, pgt=2{said})" + (" (fast multipole, not a direct sum)" if options else ""),
        run,
        case.count**2,
        # Its potential is m.r/(4 pi r^3), so that B is -mu_0 times its gradient.
        lambda gradient: case.errors(-gradient.T, 1.0),
        threads,
    )


def _magpylib(case: FieldCase, reduced: int) -> Contender:
    import magpylib
    from scipy.constants import mu_0

    small = FieldCase(reduced, min(reduced, case.sample))
    moments, positions, points = small.arrays
    magpylib.defaults.threads = magneton.get_threads()
    dipoles = [magpylib.misc.Dipole(moment=m, position=p) for m, p in zip(moments, positions, strict=True)]
    return Contender(
        f"getB(list of Dipole, points, sumup=True), {reduced} x {reduced}",
        lambda: magpylib.getB(dipoles, points, sumup=True),
        reduced**2,
        lambda field: small.errors(field, mu_0),
        magneton.get_threads(),
    )


def _magpylib_core(case: FieldCase, chunk: int) -> Contender:
    import magpylib

    moments, positions, points = case.arrays
    moments, positions = moments[:chunk], positions[:chunk]
    reference = dipole_fields(moments, positions, points[: case.sample])

    def run():
        offsets = (points[None] - positions[:, None]).reshape(-1, 3)
        field = magpylib.core.dipole_Hfield(offsets, np.repeat(moments, len(points), axis=0))
        return field.reshape(chunk, len(points), 3).sum(axis=0)

    return Contender(
        f"core.dipole_Hfield of all pairs at once, {case.count} points x {chunk} dipoles",
        run,
        chunk * case.count,
        lambda field: {"error": worst(field[: case.sample], reference, 1.0)},
    )


def field(quick: bool, pace: Pace) -> Report:
    """B of N dipoles at N points."""
    case = FieldCase(2048 if quick else 8192, 4 if quick else 16)
    reduced, chunk = (512, 16) if quick else (4096, 64)
    entries = [
        Entry("magneton", lambda: _magneton(case)),
        Entry("cfsem", lambda: _cfsem(case)),
        Entry("choclo", lambda: _choclo(case, False)),
        Entry("choclo", lambda: _choclo(case, True)),
        Entry("harmonica", lambda: _harmonica(case)),
        Entry("fmm3dpy", lambda: _fmm3dpy(case, "l3ddir", 1)),
        Entry("fmm3dpy", lambda: _fmm3dpy(case, "lfmm3d", 1, eps=1e-12)),
        Entry("magpylib", lambda: _magpylib(case, reduced)),
        Entry("magpylib", lambda: _magpylib_core(case, chunk)),
    ]
    notes = [
        f"{case.count} points x {case.count} dipoles, all pairs unless said; error of the vector B against mpmath at "
        f"{case.sample} points",
        "magpylib holds all pairs in memory, so it runs at the sizes said, per pair; fmm3dpy's wheel is built "
        "without OpenMP and keeps the GIL",
        "the first choclo line is what it offers; the second is its formula in our compiler's hands, no call of it",
    ]
    return compare("Dipole field, direct sum", entries, pace, "ns/pair", notes=notes)


@dataclass(frozen=True)
class ForceCase:
    """Two sets of random dipoles in cubes side by side."""

    count: int
    sample: int

    @cached_property
    def arrays(self) -> tuple[np.ndarray, ...]:
        """Moments and positions of the sources, then of the targets."""
        rng = np.random.default_rng(2)
        n = self.count
        return (
            rng.normal(size=(n, 3)),
            rng.random((n, 3)),
            rng.normal(size=(n, 3)),
            rng.random((n, 3)) + np.array([1.0, 0.0, 0.0]),
        )

    @cached_property
    def reference(self) -> np.ndarray:
        """Forces on the first targets."""
        m, p, targets, places = self.arrays
        return dipole_forces(m, p, targets[: self.sample], places[: self.sample])

    def errors(self, forces: np.ndarray, mu0: float) -> dict[str, float]:
        """Return the largest relative error over the sample."""
        return {"error": worst(forces[: self.sample], self.reference, mu0)}


def _magneton_forces(case: ForceCase) -> Contender:
    m, p, targets, places = case.arrays
    return Contender(
        "force_on_dipole(m2, Dipoles(m1, p1).grad_B(p2))",
        lambda: magneton.force_on_dipole(targets, magneton.Dipoles(m, p).grad_B(places)),
        case.count**2,
        lambda forces: case.errors(forces, MU0),
        magneton.get_threads(),
    )


def _magneton_system(case: ForceCase) -> Contender:
    m, p, targets, places = case.arrays
    moments, positions = np.concatenate([targets, m]), np.concatenate([places, p])
    size, sample = len(moments), case.sample

    def errors(forces: np.ndarray) -> dict[str, float]:
        reference = dipole_forces(moments, positions, moments[:sample], positions[:sample])
        return {"error": worst(forces[:sample], reference)}

    return Contender(
        f"MomentSystem(m, p).forces(), all pairs of {size}",
        lambda: magneton.MomentSystem(moments, positions).forces(),
        size * (size - 1),
        errors,
        magneton.get_threads(),
    )


def _magpylib_forces(case: ForceCase, collected: bool) -> Contender:
    import magpylib
    from scipy.constants import mu_0

    magpylib.defaults.threads = magneton.get_threads()
    m, p, targets, places = case.arrays
    make = magpylib.misc.Dipole
    sources = [make(moment=a, position=b) for a, b in zip(m, p, strict=True)]
    on = [make(moment=a, position=b) for a, b in zip(targets, places, strict=True)]
    if collected:
        group = magpylib.Collection(*sources)
        run, said = (lambda: magpylib.getFT(group, on)[0]), "Collection of Dipole"
    else:
        run, said = (lambda: magpylib.getFT(sources, on)[0].sum(axis=0)), "list of Dipole"
    return Contender(
        f"getFT({said}, list of Dipole): force and torque",
        run,
        case.count**2,
        lambda forces: case.errors(forces, mu_0),
        magneton.get_threads(),
    )


def forces(quick: bool, pace: Pace) -> Report:
    """Forces of N dipoles on N others."""
    case = ForceCase(200 if quick else 1000, 4 if quick else 16)
    entries = [
        Entry("magneton", lambda: _magneton_forces(case)),
        Entry("magneton", lambda: _magneton_system(case)),
        Entry("magpylib", lambda: _magpylib_forces(case, False)),
        Entry("magpylib", lambda: _magpylib_forces(case, True)),
    ]
    notes = [
        f"{case.count} dipoles on {case.count}, ns a pair; error against mpmath at {case.sample} targets; "
        "magpylib's gradient is a finite difference",
    ]
    return compare("Forces between dipoles", entries, pace, "ns/pair", notes=notes)
