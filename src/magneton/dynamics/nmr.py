"""Free induction and its spectrum, distributions of offsets, and closed forms of magnetic resonance."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from magneton import constants
from magneton._check import integer, non_negatives, number, numbers, plain, positive, positives, shown
from magneton.dynamics._shapes import common_shape, complexes, nonzero, times_or_inf

_HBAR, _K_B, _GAMMA_P = (float(getattr(constants, name)) for name in ("hbar", "k_B", "gamma_p"))
_TURN = 2.0 * math.pi
_SHAPES = ("lorentzian", "gaussian")
#: Full width at half maximum over standard deviation.
_FWHM = 2.0 * math.sqrt(2.0 * math.log(2.0))


def _known(shape: Any) -> str:
    if shape not in _SHAPES:
        raise ValueError(f"shape must be 'lorentzian' or 'gaussian', got {shown(shape)}")
    return shape


def free_induction(
    time: Any,
    T2: Any,
    *,
    offset: Any = 0.0,
    amplitude: Any = 1.0,
    width: Any = 0.0,
    shape: str = "lorentzian",
) -> np.ndarray:
    """Return the free induction M_x + i M_y of lines with inhomogeneous widths.

    Parameters
    ----------
    time : array_like
        In s, not negative.
    T2 : float or array_like
        Of each line, s; inf for none.
    offset, amplitude : float or array_like
        Frequency in Hz, and the transverse magnetization at the beginning, in whatever unit the result is to have: a
        plain number, complex for a phase. The lines are what T2 and these broadcast to, and are summed over.
    width : float or array_like
        Full width at half maximum of the distribution of offsets in each line, Hz.
    shape : {"lorentzian", "gaussian"}
        Of that distribution.

    Returns
    -------
    ndarray of complex, shape of `time`
        sum of amplitude exp(2 pi i offset t - t/T2) d(t). Lorentzian: d = exp(-pi width t), so that
        1/T2* = 1/T2 + pi width. Gaussian: d = exp[-(pi width t)^2/(4 ln 2)].

    Examples
    --------
    >>> from magneton.dynamics import free_induction
    >>> print(free_induction([0.0, 0.01], 0.1, offset=25.0).round(4))
    [1.+0.j     0.+0.9048j]
    """
    t = non_negatives("time", time, "s")[..., None]
    rate = 1.0 / times_or_inf("T2", T2)
    f, spread = numbers("offset", offset, "Hz"), non_negatives("width", width, "Hz")
    size = complexes("amplitude", amplitude)
    common_shape(T2=rate.shape, offset=f.shape, amplitude=size.shape, width=spread.shape)
    rate, f, size, spread = (np.ravel(each) for each in np.broadcast_arrays(rate, f, size, spread))
    exponent = math.pi * spread * t
    if _known(shape) == "gaussian":
        exponent = exponent**2 / (4.0 * math.log(2.0))
    return (size * np.exp((1j * _TURN * f - rate) * t - exponent)).sum(axis=-1)


def isochromats(count: int, width: float, *, shape: str = "lorentzian", centre: float = 0.0) -> np.ndarray:
    """Return offsets in Hz that share a line among isochromats of equal weight.

    Parameters
    ----------
    count : int
        How many.
    width : float
        Full width at half maximum of the line, Hz; 1/(pi T2') for a Lorentzian.
    shape : {"lorentzian", "gaussian"}
        Of the line.
    centre : float
        Its middle, Hz.

    Returns
    -------
    ndarray, shape (count,)
        Quantiles at (k + 1/2)/count, increasing. Their free induction follows the line's up to about a tenth of the
        time 1/(least distance), after which it comes back.
    """
    n = integer("count", count, 1)
    u = (np.arange(n) + 0.5) / n
    half = 0.5 * float(non_negatives("width", number("width", width, "Hz")))
    middle = number("centre", centre, "Hz")
    if _known(shape) == "lorentzian":
        return middle + half * np.tan(math.pi * (u - 0.5))
    from statistics import NormalDist

    return middle + 2.0 * half / _FWHM * np.array([NormalDist().inv_cdf(each) for each in u])


class Spectrum(NamedTuple):
    """A spectrum.

    Attributes
    ----------
    frequency : ndarray, shape (k,), hertz
        Increasing.
    amplitude : ndarray of complex, shape (..., k)
        The transform, in the signal's unit times s.
    """

    frequency: np.ndarray
    amplitude: np.ndarray


def spectrum(signal: Any, dwell: float, *, zero_fill: int = 1, broadening: float = 0.0) -> Spectrum:
    """Return the spectrum of a free induction, the integral of s(t) exp(-2 pi i f t) from 0 on.

    Parameters
    ----------
    signal : array_like of complex, shape (..., n)
        Sampled from t = 0 on, plain numbers.
    dwell : float
        Between samples, s.
    zero_fill : int
        How many times as many points as samples.
    broadening : float
        Full width in Hz of a Lorentzian by which lines are broadened: s is multiplied by exp(-pi broadening t).

    Returns
    -------
    Spectrum
        Frequencies from -1/(2 dwell) on. The real part is the absorption: a line A exp(2 pi i f0 t - t/T2) has its peak
        A T2 at +f0, a full width of 1/(pi T2), and the area A/2.

    Notes
    -----
    The first sample counts by half (trapezoidal rule), without which the baseline would lie dwell s(0)/2 too high.
    The sum over the spectrum times the distance of its points is s(0)/2 exactly.

    Examples
    --------
    >>> import numpy as np
    >>> from magneton.dynamics import free_induction, spectrum
    >>> line = spectrum(free_induction(1e-3 * np.arange(4096), 0.2, offset=100.0), 1e-3)
    >>> peak = np.argmax(line.amplitude.real)
    >>> print(round(line.frequency[peak], 1), round(line.amplitude[peak].real, 3))
    100.1 0.197
    """
    s = complexes("signal", signal)
    if s.ndim < 1 or not s.shape[-1]:
        raise ValueError(f"signal must hold samples, shape (..., n), got {shown(signal)}")
    step = positive("dwell", dwell, "s")
    width = float(non_negatives("broadening", number("broadening", broadening, "Hz")))
    points = s.shape[-1] * integer("zero_fill", zero_fill, 1)
    s = s * np.exp(-math.pi * width * step * np.arange(s.shape[-1]))
    s[..., 0] *= 0.5
    frequency = np.fft.fftshift(np.fft.fftfreq(points, step))
    return Spectrum(frequency, step * np.fft.fftshift(np.fft.fft(s, points), axes=-1))


def chemical_shift(offset: Any, B0: float, *, gamma: float = _GAMMA_P) -> Any:
    """Return offsets from a reference as chemical shifts in ppm: 1e6 offset/nu, nu = -gamma B0/(2 pi) being signed.

    Parameters
    ----------
    offset : float or array_like
        In Hz, from the reference's frequency.
    B0 : float
        In T.
    gamma : float
        In 1/(s T).

    Returns
    -------
    float or ndarray
        Positive for what precesses faster than the reference, either way round.
    """
    nu = -float(nonzero("gamma", gamma, "1/(s T)")) * float(nonzero("B0", number("B0", B0, "T"))) / _TURN
    return plain(1e6 * numbers("offset", offset, "Hz") / nu)


def nuclear_magnetization(
    number_density: Any, B0: Any, temperature: Any, *, gamma: Any = _GAMMA_P, spin: float = 0.5
) -> Any:
    """Return the equilibrium magnetization of nuclei by Curie's law.

    Parameters
    ----------
    number_density : float or array_like
        Nuclei per m^3.
    B0 : float or array_like
        In T.
    temperature : float or array_like
        In K.
    gamma : float or array_like
        In 1/(s T).
    spin : float
        1/2, 1, 3/2, ...

    Returns
    -------
    float or ndarray, A/m
        N gamma^2 hbar^2 I(I + 1) B0/(3 k_B T) ([Abragam1961]_ III): the first term in gamma hbar B0/(k_B T), which is
        1e-5 for protons at 1 T and room temperature.

    Examples
    --------
    Water, two protons a molecule, at 3 T and body temperature:

    >>> from magneton.dynamics import nuclear_magnetization
    >>> print(f"{nuclear_magnetization(6.7e28, 3.0, 310.0):.4f} A/m")
    0.0093 A/m
    """
    I = number("spin", spin)  # noqa: E741
    if I <= 0.0 or round(2.0 * I) != 2.0 * I:
        raise ValueError(f"spin must be one of 1/2, 1, 3/2, ..., got {shown(spin)}")
    momentum = (numbers("gamma", gamma, "1/(s T)") * _HBAR) ** 2 * (I * (I + 1.0) / 3.0)
    per_field = non_negatives("number_density", number_density, "m^-3") * momentum
    return plain(per_field * numbers("B0", B0, "T") / (_K_B * positives("temperature", temperature, "K")))


def ernst_angle(repetition_time: Any, T1: Any) -> Any:
    """Return the flip angle that gives the largest signal of spoiled pulses repeated without end.

    Parameters
    ----------
    repetition_time : float or array_like
        Between pulses, s; positive.
    T1 : float or array_like
        Longitudinal relaxation time, s; broadcasts with `repetition_time`.

    Returns
    -------
    float or ndarray
        arccos exp(-repetition_time/T1), in radian ([ErnstAnderson1966]_).

    Examples
    --------
    >>> import math
    >>> from magneton.dynamics import ernst_angle
    >>> print(round(math.degrees(ernst_angle(0.5, 1.0)), 2))
    52.66
    """
    x = positives("repetition_time", repetition_time, "s") / times_or_inf("T1", T1)
    # arccos e^-x = 2 arcsin sqrt((1 - e^-x)/2), which keeps the digits of small angles.
    return plain(2.0 * np.arcsin(np.sqrt(-0.5 * np.expm1(-x))))


def spoiled_signal(flip: Any, repetition_time: Any, T1: Any) -> Any:
    """Return the transverse magnetization right after each of endlessly repeated, spoiled pulses.

    Parameters
    ----------
    flip : float or array_like
        Angle a of the pulses, radian.
    repetition_time : float or array_like
        Between pulses, s; positive.
    T1 : float or array_like
        Longitudinal relaxation time, s. All three broadcast.

    Returns
    -------
    float or ndarray
        Over M_0: sin a (1 - E)/(1 - E cos a), E = exp(-repetition_time/T1) ([ErnstAnderson1966]_).
    """
    a = numbers("flip", flip)
    lack = -np.expm1(-positives("repetition_time", repetition_time, "s") / times_or_inf("T1", T1))
    versine = 2.0 * np.sin(0.5 * a) ** 2
    return plain(np.sin(a) * lack / (lack + (1.0 - lack) * versine))


def bloch_siegert_shift(B1: Any, B0: Any, *, gamma: Any = _GAMMA_P) -> Any:
    """Return by how much a linear field moves the resonance, in Hz, to lowest order.

    Parameters
    ----------
    B1 : float or array_like
        Amplitude of each of the two rotating fields of which a linear field 2 B1 cos consists, T.
    B0 : float or array_like
        Static field, T.
    gamma : float or array_like
        In 1/(s T).

    Returns
    -------
    float or ndarray
        -gamma B1^2/(4 B0)/(2 pi), of the sign of the precession, which looks faster ([BlochSiegert1940]_).
    """
    field = numbers("B1", B1, "T") ** 2 / (4.0 * nonzero("B0", B0, "T"))
    return plain(-nonzero("gamma", gamma, "1/(s T)") * field / _TURN)
