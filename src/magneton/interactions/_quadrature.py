"""Force, torque and energy on one line current, refined until the asked tolerance is met.

A smooth closed curve is integrated by the trapezoidal rule with nodes doubled; where that converges slowly (the source
is near) and on straight sides, by Gauss-Legendre panels halved where needed. In both the error is not the
difference of two results, which belongs to the worse of them, but the tail of the integrand's Fourier or Legendre
coefficients extrapolated to the first one that the rule gets wrong, plus the rounding noise.
"""

import math

import numpy as np

from magneton._jit import kernel
from magneton.interactions._integrand import NOISE, WIDTH, sample
from magneton.numerics.quadrature import PANEL, PANEL_NODES, PANEL_TRANSFORM, PANEL_WEIGHTS

MOST_NODES = 1024
_FEWEST_NODES = 32
_DEEPEST = 45
_MOST_EVALUATIONS = 300_000
_SAFETY = 8.0
#: Rounding noise of a sample, in units of its magnitude, and of its position's share.
_EPS = 2.3e-16
_NOISE_FIELD = 12.0
_NOISE_PLACE = 1.0
_NEAR_ROUNDING = 3e-16
_VALUES = 7
_COSINES = np.cos(2.0 * np.pi * np.arange(MOST_NODES) / MOST_NODES)


@kernel
def _quantity(component):
    """Return which of force, torque, energy a component belongs to."""
    return min(component // 3, 2)


@kernel
def _add_sample(total, row, weight):
    """Add a sample to (values 7, scales 3, noise 3)."""
    for c in range(_VALUES):
        total[c] += weight * row[c]
    for q in range(3):
        size = weight * row[7 + q]
        total[7 + q] += size
        total[10 + q] += size * _EPS * (_NOISE_FIELD + _NOISE_PLACE * (row[NOISE] - 1.0))


@kernel
def _extrapolated(high, at_high, middle, at_middle, to):
    """Continue a geometric decay through two coefficients to index `to`."""
    if high <= 0.0:
        return 0.0
    ratio = min(1.0, high / middle) if middle > 0.0 else 1.0
    return high * ratio ** ((to - at_high) / (at_high - at_middle))


@kernel
def _raise_to_coefficients(rows, count, k, size, at):
    """Raise `size` (7) to the sizes of the k-th Fourier coefficients, and set `at` to k, where these are larger."""
    stride = MOST_NODES // count
    real, imaginary = np.zeros(_VALUES), np.zeros(_VALUES)
    for j in range(count):
        turn = (k * j % count) * stride
        c, s = _COSINES[turn], _COSINES[(turn + MOST_NODES // 4) % MOST_NODES]
        for i in range(_VALUES):
            real[i] += rows[j * stride, i] * c
            imaginary[i] += rows[j * stride, i] * s
    for i in range(_VALUES):
        value = math.hypot(real[i], imaginary[i]) / count
        if value > size[i]:
            size[i], at[i] = value, k


@kernel
def _trapezoid_error(rows, count, errors):
    """Set the error of each quantity from the decay of its Fourier coefficients."""
    errors[:] = 0.0
    high, middle = np.zeros(_VALUES), np.zeros(_VALUES)
    at_high, at_middle = np.full(_VALUES, count / 2), np.full(_VALUES, count / 4)
    for back in range(1, 5):  # not count/2 itself, whose sine part no sample shows
        _raise_to_coefficients(rows, count, count // 2 - back, high, at_high)
        _raise_to_coefficients(rows, count, count // 4 - back + 1, middle, at_middle)
    for i in range(_VALUES):
        # What the rule gets wrong first are the coefficients at +-count, which it takes for the mean.
        alias = _extrapolated(high[i], at_high[i], middle[i], at_middle[i], count)
        errors[_quantity(i)] += _SAFETY * 4.0 * math.pi * alias


@kernel
def _met(errors, total, rtol):
    """Say whether every quantity is within rtol of its scale."""
    for q in range(3):
        if not errors[q] <= rtol * total[7 + q]:
            return False
    return True


@kernel
def _trapezoid(field, flux, kind, circuit, pivot, rtol, total, errors):
    """Integrate over a period by doubling; return (evaluations, converged)."""
    rows = np.empty((MOST_NODES, WIDTH))
    count, confirmed = _FEWEST_NODES, False
    for j in range(count):
        sample(field, flux, kind, circuit, pivot, 2.0 * math.pi * j / count, rows[j * (MOST_NODES // count)])
    while True:
        stride = MOST_NODES // count
        total[:] = 0.0
        for j in range(count):
            _add_sample(total, rows[j * stride], 2.0 * math.pi / count)
        _trapezoid_error(rows, count, errors)
        met = _met(errors, total, rtol)
        if not math.isfinite(total[7]) or _met(errors, total, _NEAR_ROUNDING):
            return count, True
        if count == MOST_NODES or (met and confirmed):
            return count, met
        # One doubling more than needed squares the error, down to rounding, where the bound is sure and close.
        confirmed = met
        count *= 2
        stride //= 2
        for j in range(1, count, 2):
            sample(field, flux, kind, circuit, pivot, 2.0 * math.pi * j / count, rows[j * stride])


@kernel
def _panel_error(rows, half, errors):
    """Set the error of each quantity from the decay of its Legendre coefficients on a panel."""
    errors[:] = 0.0
    for c in range(_VALUES):
        high = middle = 0.0
        at_high, at_middle = PANEL - 1, PANEL - 8
        for degree in range(PANEL - 3, PANEL):
            top = low = 0.0
            for j in range(PANEL):
                top += PANEL_TRANSFORM[degree, j] * rows[j, c]
                low += PANEL_TRANSFORM[degree - 7, j] * rows[j, c]
            if abs(top) > high:
                high, at_high = abs(top), degree
            if abs(low) > middle:
                middle, at_middle = abs(low), degree - 7
        # The rule is exact below degree 2 PANEL.
        wrong = _extrapolated(high, at_high, middle, at_middle, 2 * PANEL)
        errors[_quantity(c)] += _SAFETY * 2.0 * half * wrong


@kernel
def _panel(field, flux, kind, circuit, pivot, start, half, rows, part, errors):
    """Integrate one panel into `part` (values, scales, noise) and set its errors."""
    part[:] = 0.0
    for j in range(PANEL):
        sample(field, flux, kind, circuit, pivot, start + half * (1.0 + PANEL_NODES[j]), rows[j])
        _add_sample(part, rows[j], half * PANEL_WEIGHTS[j])
    _panel_error(rows, half, errors)


@kernel
def _panels(field, flux, kind, circuit, pivot, first, last, rtol, total, errors):
    """Integrate over [first, last] by halving panels; return (evaluations, converged)."""
    rows = np.empty((PANEL, WIDTH))
    part, part_errors = np.empty(13), np.empty(3)
    starts, halves = np.empty(_DEEPEST + 8), np.empty(_DEEPEST + 8)
    total[:] = 0.0
    errors[:] = 0.0
    scales = np.zeros(3)
    waiting = 4
    for i in range(waiting):
        halves[i] = 0.5 * (last - first) / waiting
        starts[i] = first + 2.0 * i * halves[i]
        _panel(field, flux, kind, circuit, pivot, starts[i], halves[i], rows, part, part_errors)
        scales += part[7:10]
    evaluations = waiting * PANEL
    converged = True
    narrowest = halves[0] * 0.5**_DEEPEST
    while waiting:
        waiting -= 1
        start, half = starts[waiting], halves[waiting]
        _panel(field, flux, kind, circuit, pivot, start, half, rows, part, part_errors)
        evaluations += PANEL
        if not math.isfinite(part[7]):
            total += part
            return evaluations, True
        if evaluations > _MOST_EVALUATIONS:
            return evaluations, False
        good = True
        for q in range(3):
            # Later panels may raise the scale: take the larger of what is known and this panel's own.
            scale = max(scales[q], total[7 + q] + part[7 + q])
            good = good and part_errors[q] <= max(0.02 * rtol * scale, 1e-16 * part[7 + q])
        if not good and half > narrowest and waiting + 2 < len(starts):
            starts[waiting], halves[waiting] = start, 0.5 * half
            starts[waiting + 1], halves[waiting + 1] = start + half, 0.5 * half
            waiting += 2
            continue
        converged = converged and good
        total += part
        errors += part_errors
    return evaluations, converged or _met(errors, total, rtol)


@kernel
def integrate_circuit(field, flux, kind, circuit, periodic, pivot, rtol, total, errors):
    """Integrate over one line current of unit current; return (evaluations, converged).

    `total` is set to force (3), torque (3), energy, their scales (3) and rounding noise (3), `errors` to the
    truncation errors (3).
    """
    if not periodic:
        return _panels(field, flux, kind, circuit, pivot, 0.0, 1.0, rtol, total, errors)
    evaluations, converged = _trapezoid(field, flux, kind, circuit, pivot, rtol, total, errors)
    if converged:
        return evaluations, converged
    more, converged = _panels(field, flux, kind, circuit, pivot, 0.0, 2.0 * math.pi, rtol, total, errors)
    return evaluations + more, converged
