"""A magnetized rod that turns about its axis: the torsion pendulum of Einstein and de Haas."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from magneton import _check
from magneton.dynamics._gyromagnetic import gamma_from_g_prime
from magneton.dynamics._rod_run import RodRun, rod_drift
from magneton.dynamics._spin_lattice_input import non_negative, unit_vector
from magneton.dynamics._streaming import chunk_of
from magneton.dynamics.spin_lattice import SpinLattice
from magneton.runs import Chunk, execute
from magneton.runs.progress import Progress

#: Seconds that a step takes, about.
_PACE = 1e-6
#: What is kept of a swing.
_UNITS = {"angle": "rad", "angular_velocity": "rad/s", "from_support": "kg m^2/s", "heat": "J"}


@dataclass(frozen=True)
class HangingRod:
    """A magnetized rod that hangs on a torsion fibre along its axis and turns about it.

    Parameters
    ----------
    moment : float, A m^2
        The largest moment along the axis.
    inertia : float, kg m^2
        About the axis.
    g_prime : float
        The magnetomechanical ratio: gamma = -g' e/(2 m_e).
    stiffness : float, N m/rad
        Of the fibre; 0 for a rod free to turn.
    friction : float, N m s
        Torque per angular velocity.

    Examples
    --------
    Iron, 10 cm long and 2 mm across, reversed: it turns once in 21 minutes.

    >>> import math
    >>> rod = HangingRod(moment=0.53, inertia=1.25e-9, g_prime=1.919)
    >>> round(2.0 * math.pi / abs(rod.reversal_velocity) / 60.0, 1)
    20.8
    """

    moment: float
    inertia: float
    _: KW_ONLY
    g_prime: float = 2.0
    stiffness: float = 0.0
    friction: float = 0.0

    def __post_init__(self) -> None:
        checked = {
            "moment": _check.positive("moment", self.moment, "A m^2"),
            "inertia": _check.positive("inertia", self.inertia, "kg m^2"),
            "g_prime": _check.positive("g_prime", self.g_prime),
            "stiffness": non_negative("stiffness", self.stiffness, "N m"),
            "friction": non_negative("friction", self.friction, "N m s"),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    @property
    def gamma(self) -> float:
        """The signed gyromagnetic ratio, 1/(s T)."""
        return float(gamma_from_g_prime(self.g_prime))

    @property
    def frequency(self) -> float:
        """sqrt(k/I)/(2 pi), in Hz."""
        return math.sqrt(self.stiffness / self.inertia) / (2.0 * math.pi)

    @property
    def quality_factor(self) -> float:
        """sqrt(k I)/c; infinite without friction."""
        return math.sqrt(self.stiffness * self.inertia) / self.friction if self.friction else math.inf

    @property
    def reversal_velocity(self) -> float:
        """The angular velocity of the rod at rest after a reversal from -m to +m, in rad/s: (2 m_e/(e g')) 2 m/I."""
        return -2.0 * self.moment / (self.gamma * self.inertia)

    def driven_amplitude(self, frequency: Any) -> Any:
        """Return the amplitude of the steady swing while the moment is m sin(2 pi f t), in radian.

        Parameters
        ----------
        frequency : float or array_like, Hz
            Of the moment.

        Returns
        -------
        float or ndarray
            (m w/abs(gamma))/abs(k - I w^2 + i c w) with w = 2 pi f: m/(abs(gamma) c) at resonance.
        """
        w = 2.0 * np.pi * _check.non_negatives("frequency", frequency, "Hz")
        with np.errstate(divide="ignore"):
            # Divided by w, so that a rod without a fibre has its limit at w = 0.
            reactance = (self.stiffness / w if self.stiffness else 0.0) - self.inertia * w
            result = np.asarray(self.moment / (abs(self.gamma) * np.hypot(reactance, self.friction)))
        return result if result.ndim else float(result)

    def body(self, direction: Any, *, alpha: float, anisotropy: float = 0.0) -> SpinLattice:
        """Return the rod with a moment that precesses and is damped, as a `SpinLattice` on a bearing along z.

        Parameters
        ----------
        direction : array_like, shape (3,)
            Of the moment at the start, of any length; the rod is along z.
        alpha : float
            Gilbert's damping.
        anisotropy : float, joule
            Along the rod.
        """
        return SpinLattice(
            self.moment * unit_vector("direction", direction),
            self.inertia,
            gamma=self.gamma,
            alpha=alpha,
            anisotropy=anisotropy,
            bearing=(0.0, 0.0, 1.0),
            stiffness=self.stiffness,
            friction=self.friction,
        )

    def swing(
        self,
        moment: Callable[[np.ndarray], np.ndarray],
        duration: float,
        dt: float,
        *,
        angle: float = 0.0,
        angular_velocity: float = 0.0,
        folder: str | Path | None = None,
        chunk: int | None = None,
        progress: Progress = None,
        resume: Literal["auto"] | bool = "auto",
    ) -> RodRun:
        """Let the rod turn while its moment is driven, as by a coil about it.

        Parameters
        ----------
        moment : callable
            Of times of shape (n,), giving the moment along the axis, shape (n,), in A m^2; nowhere beyond the rod's
            own, its largest.
        duration : float, second
            How long.
        dt : float, second
            The longest step. In its middle all the change of spin goes to the lattice; between, fibre and friction are
            solved exactly. A sudden reversal is exact if it falls in the middle of a step, else early or late by dt/2.
        angle, angular_velocity : float, rad and rad/s
            At the start.
        folder : path, optional
            Where to stream the results to. An interrupted run goes on where it was, to the same arrays bit for bit: see
            `magneton.runs.execute`, as for `progress` and `resume`.
        chunk : int, optional
            Steps a chunk.

        Returns
        -------
        RodRun
            Sampled at each step.
        """
        duration, dt = _check.positive("duration", duration, "s"), _check.positive("dt", dt, "s")
        steps = math.ceil(duration / dt * (1.0 - 1e-12))
        times = duration / steps * np.arange(steps + 1)
        m = self._moments(moment, times)
        begun = (
            _check.number("angle", angle, "rad"),
            _check.number("angular_velocity", angular_velocity, "rad/s"),
        )
        spin = m / self.gamma
        kept = execute(
            folder,
            {
                "task": "HangingRod.swing",
                "duration": duration,
                "dt": float(times[1]),
                "g_prime": self.g_prime,
            },
            len(times),
            _Swing(self, spin, begun, float(times[1])),
            chunk=chunk_of(chunk, _PACE),
            inputs={
                "rod": np.array([self.inertia, self.stiffness, self.friction, *begun]),
                "moment": m,
            },
            units=_UNITS,
            item="step",
            progress=progress,
            resume=resume,
            in_sequence=True,
        )
        omega, support = kept["angular_velocity"], kept["from_support"]
        lattice = self.inertia * omega
        certificate = replace(kept.certificate, drift=rod_drift(spin, lattice, support))
        return RodRun(times, m, kept["angle"], omega, spin, lattice, support, kept["heat"], certificate)

    def _moments(self, moment: Any, times: np.ndarray) -> np.ndarray:
        """Return what a function gives for the moment along the axis at all times."""
        if not callable(moment):
            raise ValueError(f"moment must be a function of times, got {_check.shown(moment)}")
        m = _check.numbers("moment", moment(times), "A m^2")
        if m.shape != times.shape:
            raise ValueError(f"moment must give shape {times.shape} at as many times, got {m.shape}")
        largest = float(np.abs(m).max())
        if largest > self.moment * (1.0 + 1e-9):
            raise ValueError(
                f"moment must not exceed the rod's largest, {self.moment:g} A m^2, got {largest:g}"
            )
        return m

    def _half_step(self, t: float) -> tuple[float, float, float, float]:
        """Return what angle and angular velocity change by in the time t, per angle and per angular velocity."""
        beta, square = 0.5 * self.friction / self.inertia, self.stiffness / self.inertia
        w0 = math.sqrt(square)
        s = math.sqrt(abs(beta - w0) * (beta + w0))
        if beta < w0:
            even, odd = math.exp(-beta * t) * math.cos(s * t), math.exp(-beta * t) * math.sin(s * t) / s
            return even + beta * odd - 1.0, odd, -square * odd, even - beta * odd - 1.0
        # Rates slow = beta - s and beta + s: neither cosh, which overflows, nor what cancels in their difference.
        slow = square / (beta + s) if square else 0.0
        odd = math.exp(-slow * t) * (-math.expm1(-2.0 * s * t) / (2.0 * s) if s else t)
        lost = math.expm1(-slow * t)
        return lost + slow * odd, odd, -square * odd, lost - (beta + s) * odd


class _Swing:
    """Computes the samples of a swing in sequence."""

    def __init__(self, rod: HangingRod, spin: np.ndarray, begun: tuple[float, float], h: float) -> None:
        self.rod, self.spin, self.begun = rod, spin, begun
        self.half = rod._half_step(0.5 * h)

    def __call__(self, start: int, stop: int, state: Any) -> Chunk:
        """Return angle, angular velocity, impulse of the support and heat at the samples start ... stop."""
        inertia, spin = self.rod.inertia, self.spin
        total = inertia * self.begun[1] + float(spin[0])
        if state is None:
            rows = [(*self.begun, 0.0, 0.0)]
        else:
            rows = [tuple(map(float, state["row"]))]
        before = spin[max(start - 1, 0) : stop].tolist()
        rows += self._swung(before, total, *rows[0])
        found = np.array(rows[1:] if start else rows)
        drift = rod_drift(
            np.append(spin[0], spin[start:stop]),
            inertia * np.append(self.begun[1], found[:, 1]),
            np.append(0.0, found[:, 2]),
        )
        taken = {"steps": stop - max(start, 1)}
        return Chunk(dict(zip(_UNITS, found.T, strict=True)), drift, taken, {"row": found[-1]})

    def _swung(
        self, spin: list[float], total: float, theta: float, omega: float, support: float, heat: float
    ) -> list[tuple[float, float, float, float]]:
        """Return angle, angular velocity, impulse of the support and heat after each step."""
        inertia, stiffness = self.rod.inertia, self.rod.stiffness
        dtheta_theta, dtheta_omega, domega_theta, domega_omega = self.half
        rows = []
        for before, after in itertools.pairwise(spin):
            # What is not in the spin, nor came from the support, is in the lattice.
            for now in (before, after):
                omega = (total + support - now) / inertia
                turned = dtheta_theta * theta + dtheta_omega * omega
                faster = domega_theta * theta + domega_omega * omega
                heat -= inertia * faster * (omega + 0.5 * faster) + stiffness * turned * (
                    theta + 0.5 * turned
                )
                theta, support = theta + turned, support + inertia * faster
            rows.append((theta, (total + support - after) / inertia, support, heat))
        return rows
