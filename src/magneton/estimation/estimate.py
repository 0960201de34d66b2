"""A moment with its covariance, whatever it was measured by."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from scipy.special import chdtrc

from magneton import _check
from magneton.estimation._losses import LossName
from magneton.estimation._regions import Prediction, Region, quantile
from magneton.estimation._solve import Evaluate
from magneton.sources import Dipole

if TYPE_CHECKING:
    from magneton.estimation._bootstrap import Bootstrap
    from magneton.estimation._likelihood import LikelihoodRegion, Profile

Quantity = Literal["moment", "position"]


@dataclass(frozen=True, eq=False)
class MomentEstimate:
    """What was found of one or more moments, and how well.

    Attributes
    ----------
    method : str
        How it was found: ``"fit_dipoles"``, ``"from_torque"``, ...
    names, units : tuple of str
        Of all parameters that were fitted: places, moments, background, offsets, ...
    parameters : ndarray, shape (p,)
        Their values.
    covariance : ndarray, shape (p, p)
        Theirs, linear about the minimum. If the noise was not given it is estimated from the residuals.
    values, residuals, noise : ndarray, shape (n,)
        Readings, readings minus prediction, and standard deviations, estimated if they were not given.
    dof : int
        Degrees of freedom: readings and priors, less parameters.
    noise_known : bool
        Whether the noise was given.
    condition : float
        Of the Jacobian with columns of unit length: digits that are lost, as a power of ten.
    single : bool
        Whether one dipole was asked for, so that `moment` and `position` have shape (3,).
    places : ndarray, shape (n, 3), metre, or None
        Where the dipoles are, if that was known beforehand.
    warnings : tuple of str
        What makes the numbers doubtful.
    alternatives : ndarray, shape (k, 3) or (k, n, 3), metre, or None
        Other places that explain the readings about as well: chi-square larger by less than 4.
    readings : Readings or None
        What was fitted, where the sensors play a part.
    evaluate : callable, optional
        The prediction and its Jacobian at other parameters.
    prior : ndarray, shape (p,), or None
        Standard deviations of the parameters known beforehand, about 0; infinite where nothing is known.
    weights : ndarray, shape (n,), or None
        What a robust loss left of each reading's weight, from 0 to 1: outliers have little.
    loss : {"linear", "huber", "tukey"}
        What was minimised.
    looked : callable, optional
        Returns the places where dipoles are looked for, shape (c, 3), in m.
    """

    method: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    parameters: np.ndarray
    covariance: np.ndarray
    values: np.ndarray
    residuals: np.ndarray
    noise: np.ndarray
    dof: int
    noise_known: bool
    condition: float
    single: bool = True
    places: np.ndarray | None = None
    warnings: tuple[str, ...] = ()
    alternatives: np.ndarray | None = None
    readings: Any = None
    evaluate: Evaluate | None = None
    prior: np.ndarray | None = None
    weights: np.ndarray | None = None
    loss: LossName = "linear"
    looked: Callable[[], np.ndarray] | None = None

    def _which(self, quantity: str) -> np.ndarray:
        """Return where the parameters of a quantity stand: one, or three for each dipole."""
        own = [i for i, n in enumerate(self.names) if n == quantity or n.startswith(f"{quantity}_")]
        return np.array(own, dtype=int)

    @property
    def _scalar(self) -> bool:
        """Whether only the magnitude of the moment was measured."""
        return "moment" in self.names

    @property
    def effective_weights(self) -> np.ndarray:
        """`weights`, ones if there are none."""
        return np.ones(len(self.values)) if self.weights is None else self.weights

    @property
    def effective_prior(self) -> np.ndarray:
        """`prior`, infinite if there is none."""
        return np.full(len(self.names), np.inf) if self.prior is None else self.prior

    def readings_at(self, parameters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the prediction, shape (n,), and its Jacobian, shape (n, p), at other parameters."""
        if self.evaluate is None:
            raise ValueError(f"the model of the readings is needed, which {self.method} does not keep")
        return self.evaluate(parameters)

    def numbers(self, quantity: str, dipole: int = 0) -> np.ndarray:
        """Return where the three parameters of a moment or a position stand."""
        which = self._which(quantity)[3 * dipole : 3 * dipole + 3]
        if quantity not in ("moment", "position") or len(which) != 3:
            raise ValueError(
                f'of must be "moment" or "position", of a dipole that was fitted, got {quantity!r}, {dipole}'
            )
        return which

    def _shaped(self, array: np.ndarray) -> np.ndarray:
        return array[0] if self.single else array

    @property
    def n_dipoles(self) -> int:
        """How many moments there are."""
        return max(1, len(self._which("moment")) // 3)

    @functools.cached_property
    def moment(self) -> Any:
        """The moments in A m^2, shape (3,) or (n, 3); a number where only the magnitude was measured."""
        if self._scalar:
            return float(self.parameters[self._which("moment")[0]])
        return self._shaped(self.parameters[self._which("moment")].reshape(-1, 3))

    @functools.cached_property
    def position(self) -> np.ndarray | None:
        """Where they are, shape (3,) or (n, 3), in m; None if that plays no part."""
        which = self._which("position")
        if not len(which):
            return None if self.places is None else self._shaped(self.places)
        return self._shaped(self.parameters[which].reshape(-1, 3))

    def _blocks(self, quantity: str) -> np.ndarray:
        if self._scalar:
            which = self._which(quantity)
            return self.covariance[np.ix_(which, which)]
        which = self._which(quantity).reshape(-1, 3)
        return self._shaped(np.stack([self.covariance[np.ix_(i, i)] for i in which]))

    @functools.cached_property
    def moment_covariance(self) -> np.ndarray:
        """Of each moment by itself, shape (3, 3) or (n, 3, 3), in (A m^2)^2."""
        return self._blocks("moment")

    @functools.cached_property
    def position_covariance(self) -> np.ndarray:
        """Of each position by itself, shape (3, 3) or (n, 3, 3), in m^2; zeros if they were known."""
        if not len(self._which("position")):
            return np.zeros_like(self.moment_covariance)
        return self._blocks("position")

    @property
    def moment_std(self) -> Any:
        """Standard deviations of `moment`, of its shape, in A m^2."""
        std = np.sqrt(np.diagonal(self.moment_covariance, axis1=-2, axis2=-1))
        return float(std[0]) if self._scalar else std

    @property
    def magnitude(self) -> Any:
        """The length of each moment in A m^2."""
        return abs(self.moment) if self._scalar else _check.plain(np.linalg.norm(self.moment, axis=-1))

    @property
    def magnitude_std(self) -> Any:
        """Standard deviations of `magnitude`, to first order."""
        if self._scalar:
            return self.moment_std
        along = self.moment / np.linalg.norm(self.moment, axis=-1, keepdims=True)
        return _check.plain(np.sqrt(np.einsum("...i,...ij,...j->...", along, self.moment_covariance, along)))

    @property
    def position_std(self) -> np.ndarray:
        """Standard deviations of `position`, in m."""
        return np.sqrt(np.diagonal(self.position_covariance, axis1=-2, axis2=-1))

    @property
    def chi_square(self) -> float:
        """The sum of squares of residuals over noise, each with its weight, and of parameters over their priors."""
        own = self.parameters / self.effective_prior
        return float(np.sum(self.effective_weights * (self.residuals / self.noise) ** 2) + own @ own)

    @property
    def reduced_chi_square(self) -> float:
        """`chi_square` over the degrees of freedom; near 1 if noise and model are right, 1 if noise is estimated."""
        return self.chi_square / self.dof if self.dof > 0 else math.nan

    @property
    def p_value(self) -> float:
        """The chance of a larger chi-square if noise and model are right; nan if the noise is estimated."""
        return float(chdtrc(self.dof, self.chi_square)) if self.noise_known and self.dof > 0 else math.nan

    @property
    def std(self) -> dict[str, float]:
        """Standard deviations of all parameters by name."""
        return dict(zip(self.names, np.sqrt(np.diagonal(self.covariance)).tolist(), strict=True))

    @property
    def nuisances(self) -> dict[str, tuple[float, float]]:
        """Value and standard deviation of what was fitted besides: background, offsets."""
        own = {*self._which("moment").tolist(), *self._which("position").tolist()}
        pairs = zip(self.parameters.tolist(), self.std.values(), strict=True)
        return {n: p for i, (n, p) in enumerate(zip(self.names, pairs, strict=True)) if i not in own}

    @property
    def weak_directions(self) -> dict[str, tuple[np.ndarray, float]]:
        """Of each quantity, the direction of one dipole that is known worst, and its standard deviation there."""
        found = {}
        for quantity in ("position", "moment"):
            if len(self._which(quantity)) >= 3:
                blocks = np.atleast_3d(self._blocks(quantity)).reshape(-1, 3, 3)
                worst = max(blocks, key=np.trace)
                if np.isfinite(worst).all():
                    variance, axes = np.linalg.eigh(worst)
                    found[quantity] = (axes[:, -1], math.sqrt(max(0.0, variance[-1])))
        return found

    def _numbers_of(self, of: Quantity | Sequence[str], dipole: int) -> np.ndarray:
        """Return where the parameters of a moment, a position, or of names stand."""
        if isinstance(of, str):
            return self.numbers(of, dipole)
        if not len(of) or any(name not in self.names for name in of) or len(set(of)) < len(of):
            raise ValueError(
                f'of must be "moment", "position" or different names of {", ".join(self.names)}, got {of!r}'
            )
        return np.array([self.names.index(name) for name in of])

    def confidence_region(
        self, level: float = 0.95, of: Quantity | Sequence[str] = "position", dipole: int = 0
    ) -> Region:
        """Return the ellipsoid that holds a moment or a position with a probability.

        From the linear covariance: of chi^2 with as many degrees of freedom as dimensions, or of F if the noise was
        estimated.

        Parameters
        ----------
        level : float
            The probability.
        of : {"position", "moment"}, or names
            Of what; or of some of `names` together.
        dipole : int
            Of which.

        Returns
        -------
        Region
            With ``contains``, ``semi_axes`` and ``axes``.
        """
        level = _check.fraction("level", level)
        which = self._numbers_of(of, dipole)
        return Region.of(
            self.parameters[which],
            self.covariance[np.ix_(which, which)],
            level,
            None if self.noise_known else self.dof,
        )

    def profile(self, of: str, *, direction: Any = None, dipole: int = 0) -> Profile:
        """Return the profile likelihood of one parameter, or of a component of a moment or position.

        Other than the linear covariance it holds where readings depend on the parameters in a curved way: far away, or
        with few sensors. The minimum is followed from the estimate: of others, see `alternatives`, it knows nothing.

        Parameters
        ----------
        of : str
            One of `names`, or "position" or "moment".
        direction : array_like, shape (3,), optional
            Of the component of a moment or position; its weakest by default.
        dipole : int
            Of which.

        Returns
        -------
        Profile
            With ``interval(level)`` and ``delta(values)``.
        """
        from magneton.estimation._likelihood import Held, Profile

        row = np.zeros(len(self.names))
        if of in self.names:
            if direction is not None:
                raise ValueError(f"direction must be left out for one parameter, got {direction!r}")
            i, name = self.names.index(of), of
            row[i] = 1.0
        else:
            which = self.numbers(of, dipole)
            i, name = int(which[0]), f"{of} along direction"
            if direction is None:
                row[which] = np.linalg.eigh(self.covariance[np.ix_(which, which)])[1][:, -1]
            else:
                along = _check.vector("direction", direction)
                row[which] = along / _check.positive("the length of direction", float(np.linalg.norm(along)))
        held = Held(self, row[None])
        value, std = float(held.best[0]), float(np.sqrt(held.covariance[0, 0]))
        return Profile(name, self.units[i], value, std, held)

    def likelihood_region(
        self, level: float = 0.95, of: Quantity | Sequence[str] = "position", dipole: int = 0
    ) -> LikelihoodRegion:
        """Return the region where chi-square, with all else fitted again, has grown by less than a quantile.

        Unlike `confidence_region` it is no ellipsoid, and it holds the truth as often as it says where readings depend
        on the parameters in a curved way. Parameters as there.

        Returns
        -------
        LikelihoodRegion
            With ``contains`` and ``delta``.
        """
        from magneton.estimation._curvature import DOUBT
        from magneton.estimation._likelihood import Held, LikelihoodRegion

        level = _check.fraction("level", level)
        which = self._numbers_of(of, dipole)
        limit = quantile(level, len(which), None if self.noise_known else self.dof)
        doubted = DOUBT in self.warnings and of == "moment"
        held = Held(
            self, np.eye(len(self.names))[which], self.numbers("position", dipole) if doubted else None
        )
        return LikelihoodRegion(self.parameters[which], level, limit, held)

    def bootstrap(
        self, count: int = 1000, seed: int = 0, kind: Literal["parametric", "residual"] = "parametric"
    ) -> Bootstrap:
        """Return draws of the parameters from readings made anew about the prediction, each fitted from the estimate.

        Parameters
        ----------
        count : int
            How many.
        seed : int
            Of the random numbers.
        kind : {"parametric", "residual"}
            Noise is normal, of the standard deviations in `noise`; or drawn from the residuals, outliers among them.

        Returns
        -------
        Bootstrap
            With ``draws``, ``interval(name, level)`` and ``region(level, of)``.
        """
        from magneton.estimation._bootstrap import bootstrap

        return bootstrap(self, count, seed, kind)

    def predict(self, points: Any) -> Prediction:
        """Return the field of the moments, without the background, and its covariance.

        Parameters
        ----------
        points : array_like, shape (..., 3), metre
            Where.

        Returns
        -------
        Prediction
            With ``B``, shape (..., 3), ``covariance``, shape (..., 3, 3), ``std`` and ``band(level)``, in T.
        """
        if self.position is None:
            raise ValueError(f"predict needs a position, which {self.method} does not give")
        where = _check.points("points", points)
        positions, moments = np.atleast_2d(self.position), np.atleast_2d(self.moment)
        B, jacobian = np.zeros(where.shape), np.zeros((*where.shape, len(self.parameters)))
        at, of = self._which("position"), self._which("moment")
        for d, (position, moment) in enumerate(zip(positions, moments, strict=True)):
            own = Dipole(moment=moment, position=position)
            B += own.B(where)
            for k in range(3):
                unit = Dipole(moment=np.eye(3)[k], position=position)
                jacobian[..., of[3 * d + k]] = unit.B(where)
            if len(at):
                jacobian[..., at[3 * d : 3 * d + 3]] = -own.grad_B(where)
        covariance = jacobian @ self.covariance @ jacobian.swapaxes(-1, -2)
        return Prediction(B, covariance, None if self.noise_known else self.dof)

    def summary(self) -> str:
        """Return a table of all parameters with their uncertainties, the quality of the fit, and the warnings."""
        from magneton.estimation._summary import table

        return table(self)

    def __repr__(self) -> str:
        shown = np.array2string(np.asarray(self.moment), precision=5)
        return f"<MomentEstimate by {self.method}: moment {shown} A m^2>"
