"""A distribution over xi = cos(pitch angle) that collisions scatter: df/dt = nu d/dxi[(1 - xi^2) df/dxi]."""

from __future__ import annotations

import math
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import model_validator

from magneton.scene.model import exactly_one
from magneton.scene.quantities import Quantity, problem
from magneton.scene.tasks.base import FORMULA, RATIO, Context, Coordinate, Variable, ratio, with_formula
from magneton.scene.tasks.particles import SpeciesTask, require_pitch_angle, require_slow

_ROUNDING = 1e-14  # of a variance, which is a difference
_TRUNCATION = 1e-3  # of f, which is 1/2 when isotropic
_COULOMB = ("speed", "density", "charge_number", "coulomb_log")


class DistributionTask(SpeciesTask):
    """Particles of one speed: a beam, or sin^n(pitch angle), scattered at a rate given or that of Coulomb's force."""

    FIXED: ClassVar = ("duration",)

    type: Literal["distribution"]
    solver: Literal["legendre", "finite-volume"] = "legendre"
    pitch_angle: Annotated[float | None, Quantity("rad")] = None
    sine_power: Annotated[float | None, Quantity("1")] = None
    rate: Annotated[float | None, Quantity("1/s", positive=True)] = None
    speed: Annotated[float | None, Quantity("m/s", positive=True)] = None
    density: Annotated[float | None, Quantity("1/m^3", positive=True)] = None
    charge_number: Annotated[float | None, Quantity("1", positive=True)] = None
    coulomb_log: Annotated[float | None, Quantity("1", positive=True)] = None
    mirror_ratio: Annotated[float | None, Quantity("1", positive=True)] = None
    sides: Literal[1, 2] = 2
    duration: Annotated[float, Quantity("s", positive=True)]
    samples: int = 101
    points: int = 201
    degree: int = 64
    cells: int = 200

    @model_validator(mode="after")
    def _check(self) -> DistributionTask:
        for key, least, most in (
            ("samples", 2, 10_000),
            ("points", 3, 10_000),
            ("degree", 1, 1000),
            ("cells", 2, 2000),
        ):
            value = getattr(self, key)
            if not least <= value <= most:
                raise problem(f"must lie between {least} and {most}, got {value}", (key,))
        self._check_rate()
        exactly_one(self, "pitch_angle", "sine_power")
        require_pitch_angle(self.pitch_angle)
        if self.sine_power is not None and not 0.0 <= self.sine_power <= 1000.0:
            raise problem(f"must lie between 0 and 1000, got {self.sine_power:g}", ("sine_power",))
        if self.mirror_ratio is not None:
            if self.solver != "finite-volume":
                raise problem(
                    "needs the solver 'finite-volume': polynomials have no loss cone", ("mirror_ratio",)
                )
            if self.mirror_ratio <= 1.0:
                raise problem(f"must be above 1, got {self.mirror_ratio:g}", ("mirror_ratio",))
        return self

    def _check_rate(self) -> None:
        """Raise unless the rate is given, or all that Coulomb's needs."""
        if exactly_one(self, "rate", "density") == "rate":
            for key in ("species", "charge", "mass", "speed", "charge_number", "coulomb_log"):
                if getattr(self, key) is not None:
                    raise problem("goes with density, not with rate", (key,))
            return
        for key in _COULOMB:
            if getattr(self, key) is None:
                raise problem("required with density", (key,))
        require_slow(self.speed or 0.0, "speed")
        self._check_species()

    @property
    def _compared(self) -> bool:
        """Whether closed forms are known: for a beam without a loss cone."""
        return self.pitch_angle is not None and self.mirror_ratio is None

    def variables(self) -> dict[str, Variable]:
        """Return the density and its moments."""
        moments = {
            "xi_mean": Variable(("time",), "1", "mean of the cosine of the pitch angle"),
            "mu_mean": Variable(("time",), "1", "mean of mu/(p^2/2mB)"),
            "mu_deviation": Variable(("time",), "1", "standard deviation of mu/(p^2/2mB)"),
        }
        result = {"f": Variable(("time", "xi"), "1", "particles per unit of xi")}
        result |= with_formula(moments, "exact") if self._compared else moments
        return result | {
            "number": Variable(("time",), "1", "particles left, of one at the start"),
            "loss_rate": Variable(("time",), "1/s", "particles lost a second"),
            "scattering_rate": Variable((), "1/s", "scattering rate nu"),
            "decay_rate": Variable((), "1/s", "rate of the slowest decay"),
        }

    def shown(self) -> list[str]:
        """Return the moments against time."""
        if self.show is not None:
            return self.show
        lossy = ["number", "loss_rate"] if self.mirror_ratio is not None else []
        return ["xi_mean", "mu_mean", "mu_deviation", *lossy]

    def coordinates(self) -> dict[str, Coordinate]:
        """Return times and cosines."""
        times = np.linspace(0.0, self.duration, self.samples)
        xi = Coordinate(("xi",), np.linspace(-1.0, 1.0, self.points), "", "cosine of the pitch angle")
        return {"time": Coordinate(("time",), times, "s", "time"), "xi": xi}

    def evaluate(self, context: Context) -> dict[str, Any]:
        """Return the distribution at all times."""
        times, rate = np.linspace(0.0, self.duration, self.samples), self._rate()
        solve = self._by_polynomials if self.solver == "legendre" else self._in_cells
        result = {"scattering_rate": rate} | solve(rate, times)
        if self._compared:
            result |= self._closed(rate, times, result)
        return result

    def _rate(self) -> float:
        if self.rate is not None:
            return self.rate
        from magneton.orbits.collisions import coulomb_deflection_rate

        particle, scatterer = self.particle(), self.charge_number or 0.0
        return float(
            coulomb_deflection_rate(
                particle.charge, particle.mass, self.speed, self.density, scatterer, self.coulomb_log
            )
        )

    def _initial(self, xi: np.ndarray) -> np.ndarray:
        """Return sin^n(pitch angle), normalised to one particle over all directions."""
        n = float(self.sine_power or 0.0)
        total = math.sqrt(math.pi) * math.exp(math.lgamma(n / 2 + 1) - math.lgamma(n / 2 + 1.5))
        return (1.0 - xi * xi) ** (n / 2) / total

    def _by_polynomials(self, rate: float, times: np.ndarray) -> dict[str, Any]:
        from magneton.orbits.collisions import LegendreScattering

        solver = LegendreScattering(rate, self.degree)
        start = (
            solver.project(self._initial)
            if self.pitch_angle is None
            else solver.beam(math.cos(self.pitch_angle))
        )
        a = solver.advance(start, times)
        a = np.pad(a, ((0, 0), (0, max(0, 5 - a.shape[1]))))
        xi = np.linspace(-1.0, 1.0, self.points)
        # The integral of f P_l is 2 a_l/(2 l + 1); (1 - xi^2)^k in polynomials gives the moments of mu.
        p0, p1, p2, _, p4 = (2.0 * a[:, k] / (2 * k + 1) for k in range(5))
        mean, square = 2.0 / 3.0 * (p0 - p2), 8.0 / 15.0 * p0 - 16.0 / 21.0 * p2 + 8.0 / 35.0 * p4
        f = np.array([solver.evaluate(row[: self.degree + 1], xi) for row in a])
        if self.pitch_angle is not None:  # too early, a beam is more than the polynomials can show
            f[[solver.truncation_error(1.0, time) > _TRUNCATION for time in times]] = math.nan
        return {
            "f": f,
            "number": p0,
            "loss_rate": np.zeros_like(p0),
            "decay_rate": float(solver.decay_rates[1]),
            **_moments(p0, p1, mean, square),
        }

    def _in_cells(self, rate: float, times: np.ndarray) -> dict[str, Any]:
        from magneton.orbits.collisions import FiniteVolumeScattering

        solver = FiniteVolumeScattering(rate, self.cells, mirror_ratio=self.mirror_ratio, sides=self.sides)
        start = (
            solver.average(self._initial)
            if self.pitch_angle is None
            else solver.beam(math.cos(self.pitch_angle))
        )
        f = solver.advance(start, times)
        number = solver.number(f)
        x, half = solver.centres, 0.5 * solver.widths
        # Means over a cell of xi^2 and xi^4, exact for an f that is constant in it.
        second = x**2 + half**2 / 3.0
        fourth = x**4 + 2.0 * x**2 * half**2 + half**4 / 5.0
        xi = np.linspace(-1.0, 1.0, self.points)
        cone = (xi < solver.edges[0]) | (xi > solver.edges[-1])
        slow = solver.decay_rates[solver.decay_rates > 0.0]
        return {
            "f": np.array([np.where(cone, 0.0, np.interp(xi, x, row)) for row in f]),
            "number": number,
            "loss_rate": solver.loss_rate(f),
            "decay_rate": float(slow[0]),
            **_moments(
                number,
                solver.number(f * x),
                solver.number(f * (1.0 - second)),
                solver.number(f * (1.0 - 2.0 * second + fourth)),
            ),
        }

    def _closed(self, rate: float, times: np.ndarray, found: dict[str, Any]) -> dict[str, Any]:
        """Return the closed forms for a beam."""
        from magneton.orbits.collisions import mu_relaxation

        mean, deviation = mu_relaxation(times, rate, self.pitch_angle)
        forms = {
            "xi_mean": math.cos(self.pitch_angle or 0.0) * np.exp(-2.0 * rate * times),
            "mu_mean": mean,
            "mu_deviation": deviation,
        }
        result = {name + FORMULA: values for name, values in forms.items()}
        return result | {name + RATIO: ratio(found[name], values, 0, 1.0) for name, values in forms.items()}


def _moments(number: Any, first: Any, mu: Any, square: Any) -> dict[str, Any]:
    """Return means over the particles that are left."""
    mean = mu / number
    variance = square / number - mean**2
    return {
        "xi_mean": first / number,
        "mu_mean": mean,
        "mu_deviation": np.sqrt(np.where(variance > _ROUNDING * mean**2, variance, 0.0)),
    }
