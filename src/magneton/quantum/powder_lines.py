"""The spectrum of a powder in continuous-wave electron paramagnetic resonance, swept in field."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from magneton import constants
from magneton._check import fraction, positive, real_array
from magneton.quantum._line_sums import FineAxis, broadened, summed
from magneton.quantum._powder_blocks import Nodes, Search, find_blocks, lattice
from magneton.quantum._symmetry import patch
from magneton.quantum.levels import Levels
from magneton.quantum.resonance import known

_K_B = float(constants.k_B)
#: Fields beyond the axis that still count, in widths of the line.
_REACH = {"gaussian": 3.0, "lorentzian": 60.0}
#: Full width at half maximum over the distance of the derivative's extrema.
_WIDER = {"gaussian": np.sqrt(2.0 * np.log(2.0)), "lorentzian": np.sqrt(3.0)}
#: How often the blocks are made finer if the spectrum misses its tolerance.
_ROUNDS = 4


@dataclass(frozen=True)
class PowderSpectrum:
    """A powder's spectrum.

    Attributes
    ----------
    B : ndarray, shape (p,)
        The field in T.
    intensity : ndarray, shape (p,)
        Absorption in mu_B^2/Hz, or its derivative by the field in mu_B^2/(Hz T). The absorption's area over all B is
        the mean over the orientations of the sum of `ResonanceFields.weights`.
    error : float
        Estimate of the largest error of `intensity`, relative to its largest magnitude.
    orientations : int
        How many orientations were diagonalized.
    """

    B: np.ndarray
    intensity: np.ndarray
    error: float
    orientations: int


def powder_spectrum(
    levels: Levels,
    frequency: float,
    B: Any,
    *,
    linewidth: float,
    shape: Literal["gaussian", "lorentzian"] = "gaussian",
    width: Literal["fwhm", "peak-to-peak"] = "fwhm",
    harmonic: Literal[0, 1] = 1,
    drive: Literal["perpendicular", "parallel"] = "perpendicular",
    temperature: float | None = None,
    rtol: float = 1e-3,
) -> PowderSpectrum:
    """Return the field-swept spectrum of a powder: all orientations alike, at a fixed frequency.

    Parameters
    ----------
    levels : Levels
        Of the spin system: see `spin_hamiltonian` and `hyperfine_spin`.
    frequency : float
        In Hz.
    B : array_like, shape (p,)
        Fields of the axis in T, increasing, not negative.
    linewidth : float
        Of a single orientation's line, in T.
    shape : {"gaussian", "lorentzian"}
        Of that line.
    width : {"fwhm", "peak-to-peak"}
        What `linewidth` is: full width at half maximum of the absorption, or between the extrema of its derivative.
    harmonic : {1, 0}
        The derivative, as field modulation detects it, or the absorption.
    drive : {"perpendicular", "parallel"}
        Direction of the driving field relative to B.
    temperature : float, optional
        In K; without it all transitions count as equally polarized, which is the limit of high temperatures.
    rtol : float
        Tolerance, relative to the largest magnitude of the spectrum.

    Returns
    -------
    PowderSpectrum

    Warns
    -----
    RuntimeWarning
        If the error stays above `rtol`, or no transition has the frequency on the axis.

    Notes
    -----
    The mean over orientations of the sum over transitions of intensity, polarization and 1/|df/dB|
    ([AasaVanngard1975]_), times the line. Directions, of the least part of the sphere that the symmetry of the levels
    leaves, are divided into blocks; in each, resonance fields are cubic in both angles, from fields and their
    gradients (Hellmann-Feynman) at the corners, areas are quadratic, and Gauss-Legendre points follow the lines as
    closely as their width asks. Blocks are halved until this predicts what is found within, and until the estimated
    error is within `rtol`. Where a transition ends (two of its fields merge), halving ends after five times, after nine
    where there is axial symmetry, and the last blocks' nodes are summed as they are.

    The estimated error is what a cruder interpolation from the same directions changes. Lines count up to 3 widths
    outside the axis (Gaussian) or 60 (Lorentzian).

    Examples
    --------
    >>> from magneton.quantum import powder_spectrum, spin_hamiltonian
    >>> copper = spin_hamiltonian(0.5, g=[2.05, 2.05, 2.25])
    >>> found = powder_spectrum(copper, 9.5e9, np.linspace(0.28, 0.36, 801), linewidth=1e-3)
    >>> float(found.B[found.intensity.argmax()])
    0.3304
    """
    known(levels)
    axis = _axis(B)
    _one_of("shape", shape, tuple(_REACH))
    _one_of("width", width, ("fwhm", "peak-to-peak"))
    _one_of("harmonic", harmonic, (0, 1))
    _one_of("drive", drive, ("perpendicular", "parallel"))
    fwhm = positive("linewidth", linewidth, "T") * (1.0 if width == "fwhm" else _WIDER[shape])
    near = _within(axis, _REACH[shape] * fwhm)
    span = _within(axis, _REACH[shape] * fwhm + 0.1 * (axis[-1] - axis[0]))
    frequency = positive("frequency", frequency, "Hz")
    search = Search(
        levels,
        frequency,
        drive,
        temperature,
        span,
        near,
        fwhm / (1 + harmonic),
        fraction("rtol", rtol),
    )
    part = patch(levels.hamiltonian / _K_B, levels.moment_operators / _K_B)
    nodes, fine_axis = lattice(search, part), FineAxis.over(span, fwhm)

    def spectrum(tolerance: float) -> tuple[np.ndarray, float]:
        sticks = summed(find_blocks(nodes, tolerance), part, fine_axis)
        fine, rough = broadened(sticks, fine_axis, axis, shape, harmonic)
        largest = np.abs(fine).max()
        return fine, float(np.abs(fine - rough).max() / largest) if largest else 0.0

    fine, error = _settled(spectrum, nodes, search.rtol)
    if not fine.any():
        message = f"no resonance of {frequency:g} Hz between {axis[0]:g} and {axis[-1]:g} T"
        warnings.warn(f"{message}: frequencies are in Hz, fields in T", RuntimeWarning, stacklevel=2)
    elif error > search.rtol:
        message = f"the powder spectrum has an estimated error of {error:.2g}, not {search.rtol:g}"
        warnings.warn(f"{message}: transitions that end take broader lines", RuntimeWarning, stacklevel=2)
    return PowderSpectrum(axis, fine, error, len(nodes.ids))


def _settled(
    spectrum: Callable[[float], tuple[np.ndarray, float]], nodes: Nodes, rtol: float
) -> tuple[np.ndarray, float]:
    """Return the spectrum and its error, from blocks so fine that the error is met, or that finer ones do not help."""
    tolerance = rtol
    found = spectrum(tolerance)
    for _ in range(_ROUNDS):
        if found[1] <= rtol:
            break
        tolerance *= max(0.5 * rtol / found[1], 0.02)
        count = len(nodes.ids)
        better = spectrum(tolerance)
        stalled = len(nodes.ids) == count or better[1] > 0.9 * found[1]
        found = min(found, better, key=lambda each: each[1])
        if stalled:
            break
    return found


def _axis(B: Any) -> np.ndarray:
    axis = real_array("B", B, "T", "an axis of increasing fields")
    if axis.ndim != 1 or len(axis) < 2 or axis[0] < 0.0 or (np.diff(axis) <= 0.0).any():
        raise ValueError(
            f"B must be an axis of two or more increasing fields, none negative, got shape {axis.shape}"
        )
    return axis


def _one_of(name: str, value: Any, choices: tuple[Any, ...]) -> None:
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(str, choices))}, got {value!r}")


def _within(axis: np.ndarray, reach: float) -> tuple[float, float]:
    return max(float(axis[0]) - reach, 0.0), float(axis[-1]) + reach
