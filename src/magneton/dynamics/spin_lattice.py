"""A body with internal spin: spins and lattice exchange angular momentum, and their sum is kept to rounding."""

from __future__ import annotations

import math
import warnings
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from magneton import _check, constants
from magneton.dynamics._spin_lattice_input import (
    StageField,
    inertia_tensor,
    non_negative,
    require_on_bearing,
    unit_vector,
)
from magneton.dynamics._spin_lattice_run import SpinLatticeRun, SpinLatticeWork, lattice_momentum
from magneton.dynamics._streaming import chunk_of
from magneton.kernels import spin_lattice as kernel
from magneton.runs import execute
from magneton.runs.progress import Progress

#: Turns of the moment in a step above which a warning is given, in radian.
LARGE_TURN = 0.3
#: Seconds that a step takes, about.
_PACE = 1e-6


@dataclass(frozen=True, eq=False)
class SpinLattice:
    """A rigid body with a moment of constant magnitude, free or on a bearing.

    Parameters
    ----------
    moment : array_like, shape (3,), A m^2
        At the start, in the laboratory; its spin is m/gamma.
    inertia : float or array_like, shape (3,) or (3, 3), kg m^2
        About the centre of mass, in the body's own axes; a number for a sphere or, with a bearing, about its axis.
    gamma : float, 1/(s T)
        Signed gyromagnetic ratio; see `gamma_from_g_prime`.
    alpha : float
        Gilbert's damping, relative to the lattice: what turns the moment turns the body back.
    anisotropy : float, joule
        K of the energy K sin^2(angle to the easy axis); the axis is fixed in the body.
    easy_axis : array_like, shape (3,)
        In the body's own axes.
    bearing : array_like, shape (3,), optional
        Axis about which alone the body turns, in the laboratory and in the body; it takes up the rest.
    stiffness : float, N m/rad
        Of a torsion fibre along the bearing.
    friction : float, N m s
        Torque per angular velocity, against the rotation.

    Notes
    -----
    With S = m/gamma, L = I Omega and the energy E of the anisotropy, B_an = -dE/dm:

    dS/dt = m x B + T, dL/dt = -T - k theta a - c Omega,
    T = m x B_an - (alpha/(abs(gamma) abs(m))) m x (dm/dt - Omega x m).

    The damping is relative to the lattice, so that in a turning lattice the moment settles towards B + Omega/gamma
    (`barnett_field`), and the sum S + L is changed by m x B, the fibre and the friction alone. For electrons the spin
    is opposite to the moment: as the moment turns from -z to +z, the body gains 2 abs(m)/abs(gamma) about +z.

    The integrator (commutator-free, fourth order [Celledoni2003]_) only rotates the moment and the body, and takes the
    lattice's angular momentum as the total less m/gamma: the total is kept to rounding whatever the step, the energy to
    fourth order in it.

    Examples
    --------
    A rod that hangs in a field along its axis; its moment reverses, and the lattice takes up twice its spin:

    >>> import numpy as np
    >>> rod = SpinLattice([1e-18, 0, -1e-17], 1e-38, alpha=0.2, bearing=[0, 0, 1])
    >>> run = rod.run(2e-9, 1e-12, B=[0, 0, 1])
    >>> bool(run.certificate.drift["angular momentum"].relative < 1e-14)
    True
    >>> bool(np.isclose(run.lattice[-1, 2] / rod.spin[2], 2.0, rtol=0.01))
    True
    """

    moment: Any
    inertia: Any
    _: KW_ONLY
    gamma: float = float(constants.gamma_e)
    alpha: float = 0.0
    anisotropy: float = 0.0
    easy_axis: Any = (0.0, 0.0, 1.0)
    bearing: Any = None
    stiffness: float = 0.0
    friction: float = 0.0

    def __post_init__(self) -> None:
        bearing = None if self.bearing is None else unit_vector("bearing", self.bearing)
        checked = {
            "moment": _check.vector("moment", self.moment, "A m^2"),
            "bearing": bearing,
            "inertia": inertia_tensor(self.inertia, bearing),
            "gamma": _check.number("gamma", self.gamma, "1/(s T)"),
            "alpha": non_negative("alpha", self.alpha),
            "anisotropy": _check.number("anisotropy", self.anisotropy, "J"),
            "easy_axis": unit_vector("easy_axis", self.easy_axis),
            "stiffness": non_negative("stiffness", self.stiffness, "N m"),
            "friction": non_negative("friction", self.friction, "N m s"),
        }
        if not checked["moment"].any():
            raise ValueError("moment must not be the zero vector")
        if checked["gamma"] == 0.0:
            raise ValueError("gamma must not be 0")
        if checked["stiffness"] and bearing is None:
            raise ValueError("stiffness must be 0 without a bearing, along which the fibre would be")
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    @property
    def spin(self) -> np.ndarray:
        """The angular momentum of the moment at the start, m/gamma, shape (3,), in kg m^2/s."""
        return self.moment / self.gamma

    def run(
        self,
        duration: float,
        dt: float,
        *,
        B: Any = (0.0, 0.0, 0.0),
        angular_velocity: Any = None,
        orientation: Any = None,
        angle: float = 0.0,
        samples: int = 201,
        folder: str | Path | None = None,
        chunk: int | None = None,
        progress: Progress = None,
        resume: Literal["auto"] | bool = "auto",
    ) -> SpinLatticeRun:
        """Let spins and lattice move.

        Parameters
        ----------
        duration : float, second
            How long.
        dt : float, second
            The longest step; a warning says if the moment turned by more than 0.3 rad in one.
        B : array_like, shape (3,), waveform or callable, tesla
            The field, uniform: constant, a waveform such as `Ramp`, or a callable of times of shape (n,), giving shape
            (n, 3).
        angular_velocity : float or array_like, shape (3,), rad/s, optional
            At the start; a number about the bearing. At rest by default.
        orientation : scipy Rotation, optional
            Of the body at the start; its own axes are the laboratory's by default.
        angle : float, rad
            From the fibre's position of rest, at the start; only on a bearing.
        samples : int
            Times to write down, evenly from 0 to the duration; 2 or more.
        folder : path, optional
            Where to stream the results to. An interrupted run goes on where it was, to the same arrays bit for bit: see
            `magneton.runs.execute`, as for `progress` and `resume`. A field that is a function is known again by its
            values at the samples.
        chunk : int, optional
            Samples a chunk.

        Returns
        -------
        SpinLatticeRun
        """
        duration, dt = _check.positive("duration", duration, "s"), _check.positive("dt", dt, "s")
        count = _check.integer("samples", samples, 2)
        interval = duration / (count - 1)
        steps = math.ceil(interval / dt * (1.0 - 1e-12))
        first, parameters = self._start(angular_velocity, orientation, angle)
        times = interval * np.arange(count)
        work = SpinLatticeWork(self, first, parameters, times, steps, StageField(B))
        kept = execute(
            folder,
            {
                "task": "SpinLattice.run",
                "duration": duration,
                "interval": interval,
                "steps": steps,
                "steady": work.field.steady,
            },
            count,
            work,
            chunk=chunk_of(chunk, _PACE * steps, len(first)),
            inputs={
                "start": first,
                "parameters": parameters,
                "inertia": self.inertia,
                "field": work.B,
            },
            dims={"state": ("number",)},
            item="sample",
            progress=progress,
            resume=resume,
            in_sequence=True,
        )
        largest = float(kept.last_state["largest_turn"])
        if not largest <= LARGE_TURN:
            warnings.warn(f"dt is long: the moment turned by {largest:.2g} rad in a step", stacklevel=2)
        return work.run(kept)

    def _start(self, angular_velocity: Any, orientation: Any, angle: float) -> tuple[np.ndarray, np.ndarray]:
        """Return the state at the start and the parameters, as the kernel has them."""
        axis = self.bearing
        if angular_velocity is not None and axis is not None and np.ndim(angular_velocity) == 0:
            omega = _check.number("angular_velocity", angular_velocity, "rad/s") * axis
        else:
            omega = _check.vector(
                "angular_velocity", np.zeros(3) if angular_velocity is None else angular_velocity, "rad/s"
            )
        state = np.zeros(kernel.STATE)
        state[: kernel.ORIENTATION] = self.moment
        state[kernel.ORIENTATION : kernel.ANGLE] = (0.0, 0.0, 0.0, 1.0)
        if orientation is not None:
            _check.rotation_matrix("orientation", orientation)
            state[kernel.ORIENTATION : kernel.ANGLE] = orientation.as_quat()
        state[kernel.ANGLE] = _check.number("angle", angle, "rad")
        if axis is None and state[kernel.ANGLE]:
            raise ValueError(
                f"angle must be 0 without a bearing, about which it is, got {_check.shown(angle)}"
            )
        if axis is not None:
            require_on_bearing(axis, omega, orientation)
        begun = state[kernel.ORIENTATION : kernel.ANGLE]
        parameters = np.zeros(kernel.PARAMETERS)
        parameters[: kernel.MOBILITY] = lattice_momentum(self, begun, omega) + self.spin
        # On a bearing the pseudo-inverse is a a^T/I: only the component along it turns the body.
        inverse = (
            np.linalg.inv(self.inertia) if axis is None else np.outer(axis, axis) / np.trace(self.inertia)
        )
        parameters[kernel.MOBILITY : kernel.EASY] = inverse.ravel()
        parameters[kernel.EASY : kernel.AXIS] = self.easy_axis
        parameters[kernel.AXIS : kernel.GAMMA] = 0.0 if axis is None else axis
        parameters[kernel.GAMMA :] = self.gamma, self.alpha, self.anisotropy, self.stiffness, self.friction
        return state, parameters
