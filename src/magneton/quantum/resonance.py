"""Magnetic resonance: transitions between levels at a field, and the fields at which they meet a frequency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from magneton import constants
from magneton._check import number, numbers, points, positive, real_array, shown, vector
from magneton.quantum._field_search import Roots, search
from magneton.quantum.levels import Levels

_H, _K_B, _MU_B = (float(getattr(constants, name)) for name in ("h", "k_B", "mu_B"))
Drive = Literal["perpendicular", "parallel"]


@dataclass(frozen=True)
class Transitions:
    """All transitions between levels, in the fields (...) that were asked for; p = n (n - 1)/2 pairs of n levels.

    Attributes
    ----------
    lower, upper : ndarray of int, shape (p,)
        Numbers of the levels, counted from 0, lowest first.
    frequencies : ndarray, shape (..., p)
        (E_upper - E_lower)/h in Hz.
    intensities : ndarray, shape (..., p)
        |<upper|m.b|lower>|^2 in mu_B^2, b the direction of the driving field, or its mean over those directions.
    polarizations : ndarray, shape (..., p)
        Population of the lower level less that of the upper; 1 if no temperature was given.
    """

    lower: np.ndarray
    upper: np.ndarray
    frequencies: np.ndarray
    intensities: np.ndarray
    polarizations: np.ndarray


@dataclass(frozen=True)
class ResonanceFields:
    """The fields along a direction at which two levels are a quantum apart, lowest field first; r of them.

    Attributes
    ----------
    fields : ndarray, shape (r,)
        In T.
    lower, upper : ndarray of int, shape (r,)
        Numbers of the levels, counted from 0, lowest first.
    intensities : ndarray, shape (r,)
        As in `Transitions`, in mu_B^2.
    slopes : ndarray, shape (r,)
        d(frequency)/dB in Hz/T; negative where the levels approach each other.
    polarizations : ndarray, shape (r,)
        As in `Transitions`.
    """

    fields: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    intensities: np.ndarray
    slopes: np.ndarray
    polarizations: np.ndarray

    @property
    def weights(self) -> np.ndarray:
        """Areas of the lines in a spectrum swept in field: intensity polarization/|df/dB|, in mu_B^2 T/Hz."""
        return self.intensities * self.polarizations / np.abs(self.slopes)


def transitions(
    levels: Levels,
    B: Any,
    *,
    direction: Any = None,
    drive: Any = "perpendicular",
    temperature: float | None = None,
) -> Transitions:
    """Return frequencies, intensities and polarizations of all transitions in a field.

    Parameters
    ----------
    levels : Levels
        With n levels.
    B : array_like, shape (..., 3), or (...) with a `direction`
        In T.
    direction : array_like, shape (3,), optional
        Of the field, of any length.
    drive : {"perpendicular", "parallel"} or array_like, shape (3,)
        The direction of the driving field: averaged over all that are perpendicular to B, along B, or one that is
        given in the frame of the levels.
    temperature : float, optional
        In K, for the polarizations.

    Returns
    -------
    Transitions

    Raises
    ------
    ValueError
        If B vanishes and the drive refers to its direction without a `direction`.

    Examples
    --------
    A free electron in 1 T, driven perpendicular to the field, with |<f|m.b|i>|^2 = (g mu_B/2)^2:

    >>> from magneton.quantum import spin_hamiltonian, transitions
    >>> line = transitions(spin_hamiltonian(0.5), [0.0, 0.0, 1.0])
    >>> line.frequencies / 1e9
    array([28.02495139])
    >>> line.intensities
    array([1.00232065])
    """
    known(levels)
    fields, axes = _fields_and_axes(B, direction, needed=isinstance(drive, str))
    m = levels.moment_operators / _MU_B
    h = levels.hamiltonian / _H - np.einsum("...k,kij->...ij", fields, m) * (_MU_B / _H)
    energies, states = np.linalg.eigh(h)
    i, f = np.triu_indices(energies.shape[-1], 1)
    states = states[..., None, :, :]
    elements = (np.conj(np.swapaxes(states, -1, -2)) @ (m @ states))[..., f, i]
    strength = _driven(np.moveaxis(elements, -2, -1), axes[..., None, :], drive)
    gaps = energies[..., f] - energies[..., i]
    return Transitions(i, f, gaps, strength, _polarization(energies, i, f, temperature))


def resonance_fields(
    levels: Levels,
    frequency: float,
    *,
    direction: Any,
    B_range: Any,
    drive: Any = "perpendicular",
    temperature: float | None = None,
) -> ResonanceFields:
    """Return all fields along a direction at which a transition has the frequency.

    Parameters
    ----------
    levels : Levels
        Of any number of levels.
    frequency : float
        In Hz.
    direction : array_like, shape (3,)
        Of the field, of any length.
    B_range : array_like, shape (2,)
        Lowest and highest field looked at, in T; not negative.
    drive, temperature
        As in `transitions`.

    Returns
    -------
    ResonanceFields
        Several for one pair of levels where its transition loops or an anticrossing lies between.

    Notes
    -----
    None is missed. The sum of the k lowest eigenvalues of H_0 - B m is concave in B, being a minimum of functions
    linear in B (Ky Fan; [HornJohnson2013]_ sec. 4.3), so that energies and Hellmann-Feynman slopes at the ends of a
    segment enclose every gap and its slope within. Segments are halved until each gap either cannot reach the frequency
    or is monotonic there; Newton's method then polishes the root to rounding. Two roots of one pair closer than 1e-13
    of the range, where a gap barely touches the frequency, are taken as none.

    The same fields are the real ones among the n^2 eigenfields of [Belford1973]_; halving costs n^3 instead of n^6.

    Examples
    --------
    >>> from magneton.quantum import resonance_fields, spin_hamiltonian
    >>> found = resonance_fields(spin_hamiltonian(0.5, g=2.0), 9.5e9, direction=[0, 0, 1], B_range=(0, 1))
    >>> found.fields
    array([0.33937674])
    """
    known(levels)
    frequency = positive("frequency", frequency, "Hz")
    _, axis = _fields_and_axes(1.0, direction if direction is not None else "nothing", needed=True)
    roots, weights = resonances(levels, frequency, axis[None], field_range(B_range), drive, temperature)
    order = np.argsort(roots.field, kind="stable")
    intensities, polarizations = (each[order] for each in weights)
    return ResonanceFields(
        roots.field[order],
        roots.lower[order],
        roots.upper[order],
        intensities,
        roots.slope[order],
        polarizations,
    )


def resonances(
    levels: Levels,
    frequency: float,
    axes: np.ndarray,
    span: tuple[float, float],
    drive: Any,
    temperature: float | None,
) -> tuple[Roots, tuple[np.ndarray, np.ndarray]]:
    """Return the resonances along many unit vectors (k, 3), and their intensities (mu_B^2) and polarizations."""
    m = levels.moment_operators
    along = np.einsum("kx,xij->kij", axes, m / _H)
    roots = search(levels.hamiltonian / _H, along, frequency, *span)
    elements = np.einsum(
        "ra,xab,rb->rx", roots.states[..., 1].conj(), m / _MU_B, roots.states[..., 0], optimize=True
    )
    strength = _driven(elements, axes[roots.direction], drive)
    rows = np.arange(len(roots.field))
    if temperature is None:
        return roots, (strength, np.ones(len(rows)))
    each = _populations(roots.energies, temperature)
    return roots, (strength, each[rows, roots.lower] - each[rows, roots.upper])


def field_range(value: Any) -> tuple[float, float]:
    """Return the lowest and the highest field of a range."""
    span = real_array("B_range", value, "T", "two fields, the lowest and the highest")
    if span.shape != (2,) or not 0.0 <= span[0] < span[1]:
        raise ValueError(f"B_range must be two fields, 0 <= lowest < highest, got {shown(value)}")
    return float(span[0]), float(span[1])


def known(levels: Any) -> None:
    """Require what has levels in a field."""
    if not isinstance(levels, Levels):
        raise ValueError(f"levels must be Levels, as spin_hamiltonian returns them, got {shown(levels)}")


def _fields_and_axes(B: Any, direction: Any, needed: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return fields (..., 3) and their unit vectors; a field of 0 has none, which matters if one is needed."""
    if direction is not None:
        axis = vector("direction", direction)
        if not axis.any():
            raise ValueError("direction must not be the zero vector")
        axis = axis / np.linalg.norm(axis)
        fields = numbers("B", B, "T")[..., None] * axis
        return fields, np.broadcast_to(axis, fields.shape)
    fields = points("B", B, "T")
    if not np.isfinite(fields).all():
        raise ValueError(f"B must be finite, got {shown(B)}")
    size = np.linalg.norm(fields, axis=-1, keepdims=True)
    if needed and not size.all():
        raise ValueError(
            "B must not be 0 where drive refers to its direction: give direction, or drive as a vector"
        )
    return fields, fields / np.where(size, size, 1.0)


def _driven(elements: np.ndarray, axes: np.ndarray, drive: Any) -> np.ndarray:
    """Return |m.b|^2 for matrix elements (..., 3) of the moment, by the direction of the drive."""
    if isinstance(drive, str):
        if drive not in ("perpendicular", "parallel"):
            raise ValueError(f"drive must be 'perpendicular', 'parallel' or a vector, got {drive!r}")
        along = np.abs((elements * axes).sum(axis=-1)) ** 2
        if drive == "parallel":
            return along
        return np.maximum(0.5 * ((np.abs(elements) ** 2).sum(axis=-1) - along), 0.0)
    b = vector("drive", drive)
    if not b.any():
        raise ValueError("drive must not be the zero vector")
    return np.abs(elements @ (b / np.linalg.norm(b))) ** 2


def _populations(energies: np.ndarray, temperature: float) -> np.ndarray:
    """Return the populations of levels (..., n) in Hz."""
    T = number("temperature", temperature, "K")
    if T <= 0.0:
        raise ValueError(f"temperature must be positive, got {T:g}")
    p = np.exp((energies[..., :1] - energies) * (_H / _K_B / T))
    return p / p.sum(axis=-1, keepdims=True)


def _polarization(
    energies: np.ndarray, i: np.ndarray, f: np.ndarray, temperature: float | None
) -> np.ndarray:
    if temperature is None:
        return np.ones((*energies.shape[:-1], len(i)))
    p = _populations(energies, temperature)
    return p[..., i] - p[..., f]
