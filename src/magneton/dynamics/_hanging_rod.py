"""A magnetized rod that turns about its axis: the torsion pendulum of Einstein and de Haas."""

from __future__ import annotations

import cmath
import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from magneton import _check
from magneton.dynamics._gyromagnetic import gamma_from_g_prime
from magneton.dynamics._rod_run import RodRun, rod_certificate
from magneton.dynamics._spin_lattice_input import non_negative, unit_vector
from magneton.dynamics.spin_lattice import SpinLattice


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

    def __init__(
        self,
        moment: float,
        inertia: float,
        *,
        g_prime: float = 2.0,
        stiffness: float = 0.0,
        friction: float = 0.0,
    ) -> None:
        self.moment = _check.positive("moment", moment, "A m^2")
        self.inertia = _check.positive("inertia", inertia, "kg m^2")
        self.g_prime = _check.positive("g_prime", g_prime)
        self.stiffness = non_negative("stiffness", stiffness, "N m")
        self.friction = non_negative("friction", friction, "N m s")

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
        w = 2.0 * np.pi * _check.numbers("frequency", frequency, "Hz")
        with np.errstate(divide="ignore", invalid="ignore"):
            response = np.hypot(self.stiffness - self.inertia * w * w, self.friction * w)
            result = np.asarray(self.moment * w / (abs(self.gamma) * response))
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
    ) -> RodRun:
        """Let the rod turn while its moment is driven, as by a coil about it.

        Parameters
        ----------
        moment : callable
            Of times of shape (n,), giving the moment along the axis, shape (n,), in A m^2.
        duration : float, second
            How long.
        dt : float, second
            The longest step. In its middle all the change of spin goes to the lattice; between, fibre and friction are
            solved exactly. A sudden reversal is exact if it falls in the middle of a step, else early or late by dt/2.
        angle, angular_velocity : float, rad and rad/s
            At the start.

        Returns
        -------
        RodRun
            Sampled at each step.
        """
        duration, dt = _check.positive("duration", duration, "s"), _check.positive("dt", dt, "s")
        steps = math.ceil(duration / dt * (1.0 - 1e-12))
        times = duration / steps * np.arange(steps + 1)
        m = np.array(_check.numbers("moment", moment(times), "A m^2"))
        if m.shape != times.shape:
            raise ValueError(f"moment must give shape {times.shape} at as many times, got {m.shape}")
        begun = (
            _check.number("angle", angle, "rad"),
            _check.number("angular_velocity", angular_velocity, "rad/s"),
        )
        spin = m / self.gamma
        angles, omega, support, heat = self._swung(spin.tolist(), begun, duration / steps).T
        lattice = self.inertia * omega
        certificate = rod_certificate(spin, lattice, support, steps)
        return RodRun(times, m, angles, omega, spin, lattice, support, heat, certificate)

    def _swung(self, spin: list[float], begun: tuple[float, float], h: float) -> np.ndarray:
        """Return angle, angular velocity, impulse of the support and heat, shape (k, 4)."""
        inertia, stiffness = self.inertia, self.stiffness
        dtheta_theta, dtheta_omega, domega_theta, domega_omega = self._half_step(0.5 * h)
        theta, omega = begun
        total, support, heat = inertia * omega + spin[0], 0.0, 0.0
        rows = [(theta, omega, support, heat)]
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
        return np.array(rows)

    def _half_step(self, t: float) -> tuple[float, float, float, float]:
        """Return what angle and angular velocity change by in the time t, per angle and per angular velocity."""
        beta, square = 0.5 * self.friction / self.inertia, self.stiffness / self.inertia
        s = cmath.sqrt(beta * beta - square)
        decay = math.exp(-beta * t)
        even = decay * cmath.cosh(s * t).real
        odd = decay * ((cmath.sinh(s * t) / s).real if s else t)
        return even + beta * odd - 1.0, odd, -square * odd, even - beta * odd - 1.0
