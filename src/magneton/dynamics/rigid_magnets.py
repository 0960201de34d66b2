"""Magnets as rigid bodies: they fall, fly, swing and spin under the forces and torques of fields and of each other."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from magneton import _check
from magneton.dynamics._rigid_arrays import matrices, quaternions_of, starting_state, waves_of
from magneton.dynamics._rigid_drift import rigid_drift, warn_of_loss
from magneton.dynamics._rigid_run import Motion, RigidWork, sample_steps, steps_of
from magneton.dynamics._rigid_start import require_apart, require_held
from magneton.dynamics._rigid_steppers import COMPOSITIONS, PointStepper, SourceStepper
from magneton.dynamics._streaming import chunk_of
from magneton.dynamics.rigid_bodies import RigidBody
from magneton.dynamics.rigid_trajectory import Contact, RigidTrajectory
from magneton.interactions._external import as_source_or_none
from magneton.runs import Certificate, Drift, Run, execute
from magneton.runs.progress import Progress


@dataclass(frozen=True, eq=False)
class RigidMagnets:
    """Rigid bodies with magnetic moments, in each other's fields, a field from outside, gravity and drag.

    m dv/dt = sum grad (m.B) + m g - c v and dL/dt = sum (m x B + r x F) - c' omega, with L = I omega about the
    body's centre of mass, or about its pivot, where gravity adds the torque r_cm x m g: moments are current
    loops, which have no angular momentum of their own, and fields act at once, without retardation or
    induction.

    Steps are symmetric splittings: drag, kick, free motion, kick, drag, each exact or, for the rotation of a body
    with three different moments of inertia, itself split [DullweberLeimkuhlerMcLachlan1997]_; see
    `magneton.kernels.rigid_body`. Momentum and angular momentum are kept to rounding, the energy without drift to the
    order of the method.

    Bodies with point moments are followed in compiled code. As soon as one is an extended source, all pairs are
    integrated by `magneton.interactions.BodySystem` to `rtol`: where the distance of two is more than the sum of their
    `magneton.sources.far_dipole.dipole_range` for a tenth of `rtol`, as dipoles.

    Parameters
    ----------
    bodies : RigidBody or sequence of n
        The bodies.
    position : array_like, shape (n, 3) or (3,), metre
        Where their centres of mass, or pivots, are.
    orientation : scipy Rotation, optional
        Takes the bodies' frames to the global one; one for each body, or one for all.
    velocity : array_like, shape (n, 3) or (3,), m/s, optional
        Of the centres of mass; zero by default.
    angular_velocity : array_like, shape (n, 3) or (3,), rad/s, optional
        In the global frame; zero by default.
    external : source or sequence of sources, optional
        What acts on all bodies and is held in place.
    gravity : array_like, shape (3,), m/s^2, optional
        The acceleration of free fall; none by default. On a body whose place is held it acts at its `centre_of_mass`.
    rtol : float
        Of the forces between extended sources.
    drive : waveform or sequence of waveforms, optional
        Flux densities that are the same everywhere and change in time: `Rotating`, `Sine`, `Ramp`, `FieldPulse`. What
        they give to the bodies is counted as work.
    restitution : float, optional
        With it, between 0 and 1, bodies that touch bounce: smooth, they part with this share of the speed at which
        they met, and what is lost is heat. Two that meet again within a step have come to rest against each other,
        which ends the run; with 0 the first contact does. Without it any contact ends the run, and nothing is lost.

    Raises
    ------
    ValueError
        If shapes differ, bodies touch or have moments at one place at the start, a body whose place is held has a
        velocity, or one turns about another axis than its hinge.

    Examples
    --------
    A compass needle, let go 30 degrees from the Earth's field:

    >>> import numpy as np
    >>> from scipy.spatial.transform import Rotation
    >>> from magneton import UniformField
    >>> from magneton.dynamics import RigidBody, RigidMagnets
    >>> needle = RigidBody(1e-3, 2e-7, moment=[0.1, 0, 0], fixed=True, hinge=[0, 0, 1])
    >>> start = Rotation.from_rotvec([0, 0, np.radians(30)])
    >>> compass = RigidMagnets(needle, [0, 0, 0], start, external=UniformField([2e-5, 0, 0]))
    >>> swing = compass.run(2.021508, dt=1e-3, order=4)
    >>> abs(round(float(np.degrees(swing.rotation().as_rotvec()[-1, 2])), 4))
    30.0
    """

    bodies: Any
    position: Any
    orientation: Any = None
    velocity: Any = None
    angular_velocity: Any = None
    external: Any = None
    gravity: Any = None
    rtol: float = 1e-9
    drive: Any = None
    restitution: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "bodies", _several(self.bodies))
        bodies = self.bodies
        for name, unit in (("position", "m"), ("velocity", "m/s"), ("angular_velocity", "rad/s")):
            object.__setattr__(self, name, _rows(name, getattr(self, name), unit, len(bodies)))
        gravity = (0.0, 0.0, 0.0) if self.gravity is None else self.gravity
        object.__setattr__(self, "gravity", _check.vector("gravity", gravity, "m/s^2"))
        object.__setattr__(self, "external", as_source_or_none("external", self.external))
        object.__setattr__(self, "rtol", _check.fraction("rtol", self.rtol))
        if self.restitution is not None:
            share = _check.number("restitution", self.restitution)
            if not 0.0 <= share <= 1.0:
                raise ValueError(f"restitution must lie between 0 and 1, got {share:g}")
        turned = matrices(quaternions_of("orientation", self.orientation, len(bodies)))
        require_held(bodies, self.velocity, self.angular_velocity, turned)
        require_apart(bodies, self._stepper.constants, self._start, turned)

    @functools.cached_property
    def _stepper(self) -> PointStepper | SourceStepper:
        kind = SourceStepper if any(body.extended for body in self.bodies) else PointStepper
        return kind(self.bodies, self.gravity, self.external, waves_of("drive", self.drive), self.rtol)

    @functools.cached_property
    def _start(self) -> np.ndarray:
        orientation = quaternions_of("orientation", self.orientation, len(self.bodies))
        return starting_state(self.bodies, self.position, orientation, self.velocity, self.angular_velocity)

    def forces(self) -> np.ndarray:
        """Return the magnetic force on each body as it is placed, at t = 0, shape (n, 3), N."""
        return self._loads_at_start()[0][:, :3].copy()

    def torques(self) -> np.ndarray:
        """Return the magnetic torque on each body about its position, at t = 0, shape (n, 3), N m."""
        return self._loads_at_start()[0][:, 3:].copy()

    def _loads_at_start(self) -> tuple[np.ndarray, float]:
        """Return forces and torques and the magnetic energy, or say which body is where there are none."""
        loads, energy = self._stepper.loads(self._start, 0.0)
        bad = np.flatnonzero(~np.isfinite(loads).all(axis=1))
        if len(bad) or not np.isfinite(energy):
            i = int(bad[0]) if len(bad) else 0
            raise ValueError(
                f"position[{i}] must be where the field is defined and finite, got {self.position[i].tolist()}: "
                "on another moment or source, or too near"
            )
        return loads, energy

    def run(
        self,
        duration: float,
        *,
        dt: float,
        times: Any = None,
        order: Literal[2, 4, 6] = 2,
        folder: str | Path | None = None,
        chunk: int | None = None,
        progress: Progress = None,
        resume: Literal["auto"] | bool = "auto",
    ) -> RigidTrajectory:
        """Let them move.

        Parameters
        ----------
        duration : float, second
            How long; a contact of two bodies ends it before, unless they bounce, found to rounding of the time.
        dt : float, second
            The longest step; the one taken fills the duration a whole number of times. It should be a small part of
            the shortest period of swings, turns and encounters: bodies that pass each other within a step are not
            seen to touch.
        times : array_like, shape (k,), second, optional
            When to write down the motion, ascending; each is taken at the nearest step. The start and the ends of
            up to 1000 equal parts by default.
        order : {2, 4, 6}
            The order in `dt`: one, five or nine evaluations of the forces a step. Steps of orders 4 and 6 go back for
            a part of them: where drag stops a body within a step, take the second.
        folder : path, optional
            Where to stream the results to. An interrupted run goes on where it was, to the same arrays bit for bit: see
            `magneton.runs.execute`, as for `progress` and `resume`. The bodies are known again by their constants, and
            what acts on them by the forces, torques and energies at the start.
        chunk : int, optional
            Times a chunk.

        Returns
        -------
        RigidTrajectory
            With ``time``, ``position``, ``orientation``, ``velocity``, ``angular_velocity``, ``energy``, ``momentum``,
            ``angular_momentum``, ``heat``, ``work``, ``contact``, ``contacts`` and ``certificate``.

        Raises
        ------
        RuntimeError
            If a body comes to where the field is not defined, or extended bodies come to overlap.

        Warns
        -----
        UserWarning
            If more than a hundredth of the energy exchanged is not accounted for: steps are too long.
        """
        if order not in COMPOSITIONS:
            raise ValueError(f"order must be 2, 4 or 6, got {_check.shown(order)}")
        steps, step = steps_of(duration, dt)
        samples, weights = sample_steps(times, steps, step), COMPOSITIONS[order]
        loads, energy = self._loads_at_start()

        def begin() -> Motion:
            return Motion(self._stepper, weights, step, self.restitution, self._start)

        def from_start(states: np.ndarray, magnetic: np.ndarray) -> RigidTrajectory:
            """Return some samples with the start of the run before them."""
            states, magnetic = np.concatenate([self._start[None], states]), np.append(energy, magnetic)
            return RigidTrajectory(
                self.bodies, np.zeros(len(states)), states, magnetic, self.gravity, None, Certificate()
            )

        def drift(states: np.ndarray, magnetic: np.ndarray) -> dict[str, Drift]:
            motion = from_start(states, magnetic)
            return rigid_drift(motion, self.external, len(self._stepper.waves) > 0)

        seconds = self._stepper.pace * len(weights) * max(1.0, int(samples[-1]) / len(samples))
        kept = execute(
            folder,
            {
                "task": "RigidMagnets.run",
                "duration": steps * step,
                "order": order,
                "dt": step,
                "restitution": self.restitution,
            },
            len(samples),
            RigidWork(begin, samples, drift),
            chunk=chunk_of(chunk, seconds, self._start.size),
            inputs=self._inputs(samples, loads, energy),
            units={"time": "s", "magnetic_energy": "J"},
            dims={"time": (), "state": ("body", "number"), "magnetic_energy": ()},
            item="sample",
            progress=progress,
            resume=resume,
            in_sequence=True,
        )
        motion = self._trajectory(kept, drift)
        warn_of_loss(from_start(motion.states, motion.magnetic_energy))
        return motion

    def _inputs(self, samples: np.ndarray, loads: np.ndarray, energy: float) -> dict[str, np.ndarray]:
        """Return all arrays that a run depends on; of fields, what they do at the start."""
        moments = [
            body._point_moments() if not body.extended else (np.empty((0, 3)),) * 2 for body in self.bodies
        ]
        return {
            "start": self._start,
            "bodies": self._stepper.constants,
            "moments": np.concatenate([np.hstack(one) for one in moments]),
            "gravity": self.gravity,
            "drive": self._stepper.waves,
            "rtol": np.array(self.rtol),
            "loads": loads,
            "energy": np.array(energy),
            "samples": samples,
        }

    def _trajectory(self, kept: Run, drift: Callable[..., dict[str, Drift]]) -> RigidTrajectory:
        """Return the motion until its end."""
        end = kept.last_state
        contacts = tuple(Contact(t, (int(i), int(j)), v, q) for t, i, j, v, q in end["contacts"].tolist())
        time = kept["time"]
        known = int(np.isfinite(time).sum())  # nan after a contact that ended it
        states, magnetic = kept["state"][:known], kept["magnetic_energy"][:known]
        return RigidTrajectory(
            self.bodies,
            time[:known],
            states,
            magnetic,
            self.gravity,
            contacts[-1] if end["ended"] else None,
            replace(kept.certificate, drift=drift(states, magnetic)),
            contacts,
        )


def _several(bodies: Any) -> tuple[RigidBody, ...]:
    """Return the bodies, one or many."""
    several = (bodies,) if isinstance(bodies, RigidBody) else bodies
    several = tuple(several) if isinstance(several, Iterable) else ()
    if not several or not all(isinstance(one, RigidBody) for one in several):
        raise ValueError(f"bodies must be a RigidBody or several, got {_check.shown(bodies)}")
    return several


def _rows(name: str, value: Any, unit: str, count: int) -> np.ndarray:
    """Return vectors for all bodies, shape (n, 3); zeros where None is given and allowed."""
    if value is None and name != "position":
        return np.zeros((count, 3))
    given = _check.numbers(name, value, unit)
    rows = np.atleast_2d(given)
    if rows.shape != (count, 3):
        raise ValueError(f"{name} must have shape ({count}, 3), got shape {given.shape}")
    return rows
