"""One evaluation of the field of moments on a lattice: exchange, and exchange with dipoles by transforms.

Spirit has no call for a field; its contender is a step of Heun's method, two evaluations and the rest of a step.
"""

from __future__ import annotations

from typing import Any

import numpy as np

import magneton
from _harness import Contender, Entry, Pace, Report, compare

SHAPE = (64, 64, 8)
COUNT = 64 * 64 * 8
_STEPS = 20


def _directions() -> np.ndarray:
    u = np.random.default_rng(1).normal(size=(COUNT, 3))
    return u / np.linalg.norm(u, axis=1, keepdims=True)


def _field(term: Any, u: np.ndarray) -> np.ndarray:
    out = np.zeros(u.shape)
    term.add_field(u, out)
    return out


def _compiled(term: Any) -> Any:
    from magneton.dynamics.terms.base import Moments

    return term.compiled(Moments(np.full(COUNT, 2e-23)))


def _exchange() -> Contender:
    from magneton.dynamics import Exchange, Lattice

    lattice, u = Lattice(SHAPE, 2.5e-10, periodic=True), _directions()
    term, out = _compiled(Exchange(1e-21, lattice)), np.zeros(u.shape)

    def errors(_: Any) -> dict[str, float]:
        by_list = _compiled(Exchange(1e-21, pairs=lattice.bonds()[:2]))
        wanted = _field(by_list, u)
        return {"error": float(np.abs(_field(term, u) - wanted).max() / np.abs(wanted).max())}

    call = "Exchange(J, lattice).compiled(moments).add_field(u, out)"
    return Contender(call, lambda: term.add_field(u, out), COUNT, errors, magneton.get_threads())


def _bandwidth() -> Contender:
    """Return the least that any field can cost: to read the moments and add to the result."""
    u, out = _directions(), np.zeros((COUNT, 3))
    return Contender(
        "np.add(out, u, out=out), for the memory's speed", lambda: np.add(out, u, out=out), COUNT
    )


def _dipoles() -> Contender:
    from magneton.dynamics import Dipolar, Lattice

    lattice, u = Lattice(SHAPE, 2.5e-10), _directions()
    term, direct = _compiled(Dipolar(lattice, "fft")), _compiled(Dipolar(lattice, "direct"))
    out = np.zeros(u.shape)

    def errors(_: Any) -> dict[str, float]:
        wanted = _field(direct, u)
        return {"error": float(np.abs(_field(term, u) - wanted).max() / np.abs(wanted).max())}

    call = 'Dipolar(lattice, "fft").compiled(moments).add_field(u, out)'
    return Contender(call, lambda: term.add_field(u, out), COUNT, errors, magneton.get_threads())


def _spirit(dipoles: bool) -> Contender:
    from spirit import configuration, geometry, hamiltonian, simulation, state
    from spirit.parameters import llg

    handle = state.State(quiet=True).__enter__()
    geometry.set_n_cells(handle, list(SHAPE))
    hamiltonian.set_boundary_conditions(handle, [not dipoles] * 3)
    hamiltonian.set_exchange(handle, 1, [10.0])
    hamiltonian.set_dmi(handle, 0, [])
    hamiltonian.set_field(handle, 0.0, [0, 0, 1])
    hamiltonian.set_anisotropy(handle, 0.0, [0, 0, 1])
    hamiltonian.set_ddi(handle, int(dipoles))
    llg.set_timestep(handle, 1e-4)
    llg.set_temperature(handle, 0.0)
    configuration.random(handle)

    def run() -> None:
        simulation.start(handle, simulation.METHOD_LLG, simulation.SOLVER_HEUN, _STEPS, _STEPS)

    call = f"simulation.start(state, METHOD_LLG, SOLVER_HEUN, {_STEPS}), two evaluations a step"
    return Contender(call, run, 2 * _STEPS * COUNT)


def exchange(pace: Pace) -> Report:
    entries = [
        Entry("magneton", _exchange),
        Entry("numpy", _bandwidth),
        Entry("spirit", lambda: _spirit(dipoles=False)),
    ]
    return compare("One field of exchange, 64 x 64 x 8 moments, periodic", entries, pace, "ns/moment")


def dipoles(pace: Pace) -> Report:
    entries = [Entry("magneton", _dipoles), Entry("spirit", lambda: _spirit(dipoles=True))]
    return compare("One field of dipoles, 64 x 64 x 8 moments, open", entries, pace, "ns/moment")
