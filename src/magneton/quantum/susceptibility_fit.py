"""Fits of measured susceptibilities and magnetizations to quantum levels: g, D, J, ... with their covariance."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from magneton._check import shown
from magneton.quantum._fit_parameters import EXTRAS, limits, require_known, scales, starts, within
from magneton.quantum._least_squares import Solution, solve
from magneton.quantum.levels import Levels
from magneton.quantum.measured_magnetism import (
    Chi,
    MeasuredMagnetization,
    MeasuredSusceptibility,
    Moments,
    prepared,
)

Model = Callable[..., Levels]
#: Of an ion along any axis: Er3+ and Dy3+ reach 18 and 20.
_MOST_G = 20.5


@dataclass(frozen=True)
class MagnetismFit:
    """Parameters that fit measurements best.

    Attributes
    ----------
    parameters, uncertainties : dict of str to float
        Best values and standard uncertainties, in the units of `start`. An uncertainty is inf if the data do not
        determine the parameter, and nan if it lies on one of its bounds.
    covariance : ndarray, shape (p, p)
        In the order of `parameters`: (J^T W J)^-1, times the reduced chi squared if no uncertainties of the data were
        given; nan beside undetermined parameters.
    chi_squared : float
        Sum of the squared residuals over the variances; of relative ones if none were given.
    degrees_of_freedom : int
        Number of data less that of parameters.
    residuals : tuple of ndarray
        Measured less calculated, in the unit measured, one array for each set of data.
    calculated : tuple of ndarray
        The same of the fit.
    undetermined, at_bounds : tuple of str
        Parameters that the data do not determine, alone or together, and those on one of their bounds.
    levels : Levels
        With the best parameters.
    """

    parameters: dict[str, float]
    uncertainties: dict[str, float]
    covariance: np.ndarray
    chi_squared: float
    degrees_of_freedom: int
    residuals: tuple[np.ndarray, ...]
    calculated: tuple[np.ndarray, ...]
    undetermined: tuple[str, ...]
    at_bounds: tuple[str, ...]
    levels: Levels

    @property
    def reduced_chi_squared(self) -> float:
        """Chi squared per degree of freedom: near 1 if the model holds and uncertainties are right."""
        return self.chi_squared / self.degrees_of_freedom if self.degrees_of_freedom else np.nan

    @property
    def correlation(self) -> np.ndarray:
        """Correlations of the parameters, shape (p, p); nan where the covariance says nothing."""
        with np.errstate(invalid="ignore"):
            spread = np.sqrt(np.diag(self.covariance))
            return self.covariance / np.outer(spread, spread)


def fit_susceptibility(
    model: Model,
    temperature: Any,
    *,
    start: Any,
    chi: Any = None,
    chi_T: Any = None,
    B: Any = None,
    uncertainties: Any = None,
    bounds: Mapping[str, Any] | None = None,
) -> MagnetismFit:
    """Fit a model of quantum levels to the measured molar susceptibility of a powder.

    See `fit_magnetism` for the model, `start` and `bounds`, and `MeasuredSusceptibility` for the data.

    Parameters
    ----------
    model : callable
        Parameters by keyword -> Levels.
    temperature, chi, chi_T, B, uncertainties
        See `MeasuredSusceptibility`.
    start, bounds
        See `fit_magnetism`.

    Examples
    --------
    A nickel ion's g and D from chi T:

    >>> from functools import partial
    >>> from magneton.quantum import energy_from, energy_in, fit_susceptibility, spin_hamiltonian
    >>> T = np.geomspace(2.0, 300.0, 40)
    >>> chi = spin_hamiltonian(1.0, g=2.2, D=energy_from(5.0, "cm^-1")).molar_susceptibility(T)
    >>> start = {"g": 2.0, "D": energy_from(3.0, "cm^-1")}
    >>> found = fit_susceptibility(partial(spin_hamiltonian, 1.0), T, chi_T=chi * T, start=start)
    >>> round(found.parameters["g"], 6), round(energy_in(found.parameters["D"], "cm^-1"), 6)
    (2.2, 5.0)
    """
    data = MeasuredSusceptibility(temperature, chi, chi_T, B, uncertainties)
    return fit_magnetism(model, [data], start=start, bounds=bounds)


def fit_magnetization(
    model: Model,
    B: Any,
    temperature: Any,
    moment: Any,
    *,
    start: Any,
    uncertainties: Any = None,
    bounds: Mapping[str, Any] | None = None,
) -> MagnetismFit:
    """Fit a model of quantum levels to the measured moment of a powder against field and temperature.

    See `fit_magnetism` for the model, `start` and `bounds`, and `MeasuredMagnetization` for the data.

    Parameters
    ----------
    model : callable
        Parameters by keyword -> Levels.
    B, temperature, moment, uncertainties
        See `MeasuredMagnetization`.
    start, bounds
        See `fit_magnetism`.
    """
    data = MeasuredMagnetization(B, temperature, moment, uncertainties)
    return fit_magnetism(model, [data], start=start, bounds=bounds)


def fit_magnetism(
    model: Model,
    measured: Sequence[MeasuredSusceptibility | MeasuredMagnetization],
    *,
    start: Any,
    bounds: Mapping[str, Any] | None = None,
) -> MagnetismFit:
    """Fit one model of quantum levels to several measurements of the same powder at once.

    Parameters
    ----------
    model : callable
        Takes the parameters by keyword and returns Levels: ``partial(spin_hamiltonian, 1.0)`` for g, D and E of a spin
        1, ``partial(exchange_dimer, 0.5, 0.5)`` for g and J of a dimer, or any function.
    measured : sequence of MeasuredSusceptibility and MeasuredMagnetization
        Either all with uncertainties or all without; then every set counts relative to its largest value.
    start : mapping, or a sequence of mappings
        Name -> first value, in the units of the model: energies in J. The best of several starts is kept, which a sign
        of D may need. Three names are not the model's: ``impurity``, the fraction of formula units that are free
        spins 1/2 instead; ``temperature_independent``, a molar susceptibility in m^3/mol (SI) that is added; and
        ``weiss_temperature`` theta in K, by which chi of the model is multiplied with T/(T - theta).
    bounds : mapping, optional
        Name -> lowest and highest value; None for either of them is none.

    Returns
    -------
    MagnetismFit

    Raises
    ------
    ValueError
        If there are fewer data than parameters, or the input is inconsistent.
    RuntimeError
        If no minimum is reached.

    Warns
    -----
    RuntimeWarning
        If the data do not determine a parameter, or g comes out beyond all g-factors: units are the likely cause.

    Notes
    -----
    Least squares by SciPy's reflective trust regions, in parameters divided by their start, so that energies of
    1e-23 J neither underflow nor fall below tolerances. Moments in a field are means over 12 Gauss-Legendre points
    a right angle, in the part of the sphere that the symmetry of the levels leaves: good to 1e-6 in 7 T at 2 K.
    """
    sets = [prepared(each) for each in measured]
    firsts = starts(start)
    names = tuple(firsts[0])
    require_known(model, names)
    _require_consistent(sets, names)
    unit, ends = scales(firsts[0], bounds), limits(names, bounds)
    spreads = [np.abs(each.values).max() if each.sigma is None else each.sigma for each in sets]

    def built(x: np.ndarray) -> tuple[Levels, dict[str, float]]:
        return _built(model, dict(zip(names, x * unit, strict=True)))

    def misfits(x: np.ndarray) -> list[np.ndarray]:
        return [each.values - each.of(*built(x)) for each in sets]

    def weighted(values: Sequence[np.ndarray]) -> np.ndarray:
        return np.concatenate([each / spread for each, spread in zip(values, spreads, strict=True)])

    size = float(np.linalg.norm(weighted([each.values for each in sets])))
    first = [within(each, names, ends) / unit for each in firsts]
    solution = solve(lambda x: weighted(misfits(x)), first, ends / unit, size)
    rest = tuple(misfits(solution.x))
    calculated = tuple(one.values - each for one, each in zip(sets, rest, strict=True))
    relative = sets[0].sigma is None
    return _report(solution, names, unit, relative, (rest, calculated, built(solution.x)[0]))


def _require_consistent(sets: Sequence[Chi | Moments], names: tuple[str, ...]) -> None:
    if not sets:
        raise ValueError("measured must hold at least one set of data, got none")
    if len({each.sigma is None for each in sets}) > 1:
        raise ValueError("measured must have uncertainties in all sets or in none")
    if any(isinstance(each, Moments) for each in sets) and "weiss_temperature" in names:
        raise ValueError("weiss_temperature has no meaning for magnetizations: leave it out of start")
    count = sum(each.values.size for each in sets)
    if count < len(names):
        raise ValueError(
            f"measured must hold as many values as there are parameters, {len(names)}, got {count}"
        )


def _report(
    solution: Solution, names: tuple[str, ...], unit: np.ndarray, relative: bool, rest: Any
) -> MagnetismFit:
    freedom = len(solution.residuals) - len(names)
    total = float(solution.residuals @ solution.residuals)
    factor = (total / freedom if freedom else np.inf) if relative else 1.0
    with np.errstate(invalid="ignore"):
        covariance = solution.covariance * np.outer(unit, unit) * factor
        spread = np.sqrt(np.diag(covariance))
    lost, bound = (
        tuple(name for name, is_so in zip(names, which, strict=True) if is_so)
        for which in (solution.undetermined, solution.at_bounds)
    )
    if lost:
        warnings.warn(f"the data do not determine {', '.join(lost)}", RuntimeWarning, stacklevel=4)
    values = dict(zip(names, (solution.x * unit).tolist(), strict=True))
    for name, value in values.items():
        if (name == "g" or name.startswith("g_")) and abs(value) > _MOST_G:
            message = (
                f"{name} = {value:.3g} is no g-factor: chi is in m^3/mol (SI), 4 pi 1e-6 times cm^3/mol (cgs)"
            )
            warnings.warn(f"{message}, moments in J/T", RuntimeWarning, stacklevel=4)
    errors = dict(zip(names, spread.tolist(), strict=True))
    residuals, calculated, levels = rest
    return MagnetismFit(
        values, errors, covariance, total, freedom, residuals, calculated, lost, bound, levels
    )


def _built(model: Model, values: Mapping[str, float]) -> tuple[Levels, dict[str, float]]:
    """Return the model's levels, and the parameters that are not its own."""
    levels = model(**{name: value for name, value in values.items() if name not in EXTRAS})
    if not isinstance(levels, Levels):
        raise ValueError(f"model must return Levels, got {shown(levels)}")
    return levels, {name: values.get(name, 0.0) for name in EXTRAS}
