"""Moments on a lattice: exchange, and exchange with dipoles by transforms; their field, and runs.

Times are per moment and evaluation of the field, whatever else a step does. Spirit has no call for a field, so it takes
part with steps. For the field, magnum.np's dipoles are its `DemagField(p=0)`, point dipoles at any distance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import magneton
from _harness import Contender, Entry, Pace, Report, compare

_MU_0 = 1.25663706127e-6
#: Of magnum.np, which has its own: mu_0 |gamma| in m/(A s).
_GAMMA = 2.21276157e5 / _MU_0


@dataclass(frozen=True)
class Film:
    """Moments Ms a^3 in cells of a^3, open at all sides, exchange of stiffness A, alpha = 0.1, dipoles or not."""

    shape: tuple[int, int, int]
    steps: int
    dipoles: bool
    cell: float = 2.5e-10
    Ms: float = 8e5
    A: float = 1e-12
    alpha: float = 0.1
    dt: float = 1e-14

    @property
    def count(self) -> int:
        """Moments."""
        return int(np.prod(self.shape))

    @property
    def moment(self) -> float:
        """|m| in A m^2."""
        return self.Ms * self.cell**3

    @property
    def end(self) -> float:
        """When runs end, in s."""
        return self.steps * self.dt

    def directions(self) -> np.ndarray:
        """Return unit vectors, shape (nx, ny, nz, 3): waves of half the lattice's length."""
        x, y, z = np.meshgrid(*(2.0 * np.pi * np.arange(n) / n for n in self.shape), indexing="ij")
        u = np.stack([np.cos(x) + 0.3 * np.sin(z), np.sin(y), 1.0 + np.cos(x + 2.0 * y)], axis=-1)
        return u / np.linalg.norm(u, axis=-1, keepdims=True)


def _terms(case: Film) -> list[Any]:
    from magneton.dynamics import Dipolar, Exchange, Lattice

    lattice = Lattice(case.shape, case.cell)
    exchange = Exchange(2.0 * case.A * case.cell, lattice)
    return [exchange, Dipolar(lattice, "fft")] if case.dipoles else [exchange]


def _our_field(case: Film) -> Contender:
    from magneton.dynamics.terms.base import Moments

    u = case.directions().reshape(-1, 3)
    parts = [term.compiled(Moments(np.full(case.count, case.moment))) for term in _terms(case)]
    out = np.zeros(u.shape)

    def run() -> np.ndarray:
        out[:] = 0.0
        for part in parts:
            part.add_field(u, out)
        return out

    call = " + ".join(type(term).__name__ for term in _terms(case)) + ": add_field(u, out)"
    return Contender(call, run, case.count, threads=magneton.get_threads())


def _bandwidth(case: Film) -> Contender:
    """Return the least that any field can cost: to read the moments and add to the result."""
    u, out = case.directions(), np.zeros((*case.shape, 3))
    return Contender(
        "np.add(out, u, out=out), for the memory's speed", lambda: np.add(out, u, out=out), case.count
    )


def _magnum(case: Film) -> tuple[Any, list[Any]]:
    """Return magnum.np's state and terms, in double precision on the processor."""
    import torch
    from magnumnp import DemagField, ExchangeField, Mesh, State, set_log_level

    set_log_level(40)
    torch.set_default_device("cpu")
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(magneton.get_threads())
    state = State(Mesh(case.shape, (case.cell,) * 3))
    state.material = {"Ms": case.Ms, "A": case.A, "alpha": case.alpha}
    state.m = torch.tensor(case.directions())
    return state, [ExchangeField(), DemagField(p=0)] if case.dipoles else [ExchangeField()]


def _magnum_field(case: Film) -> Contender:
    state, terms = _magnum(case)
    u = case.directions()

    def errors(h: Any) -> dict[str, float]:
        """Compare what lies across the moments: their exchange has another field along them."""
        turning = np.cross(u, _our_field(case).run().reshape(u.shape))
        theirs = np.cross(u, _MU_0 * h.numpy())
        return {"from ours": float(np.abs(theirs - turning).max() / np.abs(turning).max())}

    call = " + ".join(type(term).__name__ for term in terms) + ": h(state)"
    return Contender(call, lambda: sum(t.h(state) for t in terms), case.count, errors, magneton.get_threads())


def _system(case: Film) -> Any:
    from magneton.dynamics import SpinSystem

    u = case.directions().reshape(-1, 3)
    return SpinSystem(case.moment * u, terms=_terms(case), gamma=-_GAMMA, alpha=case.alpha)


def _ends(case: Film, method: str, dt: float) -> np.ndarray:
    """Return unit vectors at the end, shape (n, 3)."""
    run = _system(case).run(case.end, dt=dt, method=method, times=[case.end], progress=False)
    return run.moments[-1] / case.moment


def _error(case: Film, u: np.ndarray) -> dict[str, float]:
    return {"error": float(np.abs(u - _ends(case, "lie-rk4", case.dt / 8.0)).max())}


def _our_run(case: Film, method: str, fields: int) -> Contender:
    system = _system(case)
    return Contender(
        f"SpinSystem.run(dt={case.dt:g}, method={method!r}), {case.steps} steps, {fields} fields each",
        lambda: system.run(case.end, dt=case.dt, method=method, times=[case.end], progress=False),
        case.steps * fields * case.count,
        lambda run: _error(case, run.moments[-1] / case.moment),
        magneton.get_threads(),
    )


def _magnum_run(case: Film, tolerance: float) -> Contender:
    import torch
    from magnumnp import LLGSolver

    state, terms = _magnum(case)
    state.material["alpha"] = case.alpha
    start, calls = state.m.clone(), [0]
    solver = LLGSolver(terms, atol=tolerance, rtol=tolerance)
    dm = solver.dm

    def counted(*args: Any, **kwargs: Any) -> Any:
        calls[0] += 1
        return dm(*args, **kwargs)

    solver._solver._f = counted

    def run() -> np.ndarray:
        state.t, state.m = torch.tensor(0.0), start.clone()
        solver._solver._dt = case.dt
        calls[0] = 0
        solver.step(state, case.end)
        return state.m.numpy().reshape(-1, 3)

    run()
    call = f"LLGSolver(atol={tolerance:g}, rtol={tolerance:g}), RKF45, {calls[0]} fields in all"
    return Contender(call, run, calls[0] * case.count, lambda u: _error(case, u), magneton.get_threads())


def _spirit_run(case: Film, solver: str, fields: int) -> Contender:
    from spirit import configuration, geometry, hamiltonian, simulation, state
    from spirit.parameters import llg

    handle = state.State(quiet=True).__enter__()
    geometry.set_n_cells(handle, list(case.shape))
    geometry.set_mu_s(handle, 1.0)
    hamiltonian.set_boundary_conditions(handle, [False] * 3)
    hamiltonian.set_exchange(handle, 1, [10.0])
    hamiltonian.set_dmi(handle, 0, [])
    hamiltonian.set_field(handle, 0.0, [0, 0, 1])
    hamiltonian.set_anisotropy(handle, 0.0, [0, 0, 1])
    hamiltonian.set_ddi(handle, 1 if case.dipoles else 0, n_periodic_images=[0, 0, 0])
    llg.set_timestep(handle, 1e-4)
    llg.set_temperature(handle, 0.0)
    llg.set_convergence(handle, 0.0)
    configuration.random(handle)
    code = getattr(simulation, solver)

    def run() -> None:
        simulation.start(handle, simulation.METHOD_LLG, code, case.steps, case.steps)

    call = f"simulation.start(state, METHOD_LLG, {solver}, {case.steps}), {fields} fields each"
    return Contender(call, run, case.steps * fields * case.count)


def _entries(case: Film, tolerance: float) -> list[Entry]:
    return [
        Entry("magneton", lambda: _our_run(case, "lie-rk4", 4)),
        Entry("magneton", lambda: _our_run(case, "depondt-mertens", 2)),
        Entry("magneton", lambda: _our_field(case)),
        Entry("numpy", lambda: _bandwidth(case)),
        Entry("spirit", lambda: _spirit_run(case, "SOLVER_RK4", 4)),
        Entry("spirit", lambda: _spirit_run(case, "SOLVER_DEPONDT", 2)),
        Entry("magnumnp", lambda: _magnum_run(case, tolerance)),
        Entry("magnumnp", lambda: _magnum_field(case)),
    ]


def _report(quick: bool, pace: Pace, dipoles: bool) -> Report:
    shape = (16, 16, 4) if quick else (64, 64, 8)
    case = Film(shape, 5 if quick else 20, dipoles)
    what = "exchange and dipoles" if dipoles else "exchange"
    notes = [
        f"{' x '.join(map(str, shape))} moments, open; ns a moment and evaluation of the field",
        f"runs: {case.steps} steps of {case.dt:g} s, alpha = {case.alpha}; error: of unit vectors at the end, beside "
        "lie-rk4 with an eighth of the step",
        "Spirit: its wheel has one thread",
    ]
    return compare(f"A lattice with {what}", _entries(case, 1e-8), pace, "ns/moment-field", notes=notes)


def exchange(quick: bool, pace: Pace) -> Report:
    """Exchange between nearest neighbours alone."""
    return _report(quick, pace, dipoles=False)


def dipoles(quick: bool, pace: Pace) -> Report:
    """Exchange, and dipoles by transforms."""
    return _report(quick, pace, dipoles=True)
