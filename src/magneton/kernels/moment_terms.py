"""The fields that moments feel each by itself, over a block of lanes.

Each adds B_eff = -dE/dm in T at the unit vectors Y to the rows B. All are homogeneous in u: with E of degree d,
u.dE/du = d E (Euler), so that E = -|m| u.B_eff/d and one function says both.

Parameters are rows of a flat array of their own, LANES floats each:

CONSTANT
    B (3), T.
WAVE
    B(t) = c(t) a + s(t) b: a (3), b (3) in T; shape code and three numbers, see `wave`.
UNIAXIAL
    Axis n (3), 2 K/|m| in T: B = (2 K/|m|) (u.n) n.
CUBIC
    Axes (9), K1/|m| in T: E = K1 (a1^2 a2^2 + a2^2 a3^2 + a3^2 a1^2), a_i = u.n_i.
QUADRATIC
    Q (6: xx, yy, zz, xy, yz, zx) in T: B = -Q u, E = |m| u.Q.u/2.
"""

import math

from magneton._jit import kernel, summing_kernel
from magneton.kernels.moment_layout import ENERGY, LANES, B, Y

CONSTANT, WAVE, UNIAXIAL, CUBIC, QUADRATIC = range(5)
#: Parameters of each.
WIDTHS = (3, 10, 4, 10, 6)
#: Degree of the energy in u.
DEGREES = (1.0, 1.0, 2.0, 4.0, 2.0)
RAMP, SINE, PULSE, ROTATING = range(4)

_1, _2, _3, _4, _5, _6, _7, _8, _9 = (k * LANES for k in range(1, 10))
_X, _Y, _Z = B, B + LANES, B + 2 * LANES
_UX, _UY, _UZ = Y, Y + LANES, Y + 2 * LANES


@kernel
def wave(shape, p, q, r, t):
    """Return the weights of the two vectors of a waveform at time t (s).

    RAMP: from b to b + a between the times p and q. SINE: a sin(p t + q). PULSE: a exp(-((t - p)/q)^2/2).
    ROTATING: a cos(p t + q) + b sin(p t + q).
    """
    if shape == RAMP:
        return min(1.0, max(0.0, (t - p) / (q - p))), 1.0
    if shape == SINE:
        return math.sin(p * t + q), 0.0
    if shape == PULSE:
        away = (t - p) / q
        return math.exp(-0.5 * away * away), 0.0
    return math.cos(p * t + q), math.sin(p * t + q)


@summing_kernel
def _add_constant(q, s):
    for j in range(LANES):
        s[_X + j] += q[j]
        s[_Y + j] += q[_1 + j]
        s[_Z + j] += q[_2 + j]


@kernel
def _add_wave(q, t, alike, s):
    c, d = 0.0, 0.0
    for j in range(LANES):
        if j == 0 or not alike:
            c, d = wave(int(q[_6 + j]), q[_7 + j], q[_8 + j], q[_9 + j], t)
        s[_X + j] += c * q[j] + d * q[_3 + j]
        s[_Y + j] += c * q[_1 + j] + d * q[_4 + j]
        s[_Z + j] += c * q[_2 + j] + d * q[_5 + j]


@summing_kernel
def _add_uniaxial(q, s):
    for j in range(LANES):
        nx, ny, nz = q[j], q[_1 + j], q[_2 + j]
        size = q[_3 + j] * (s[_UX + j] * nx + s[_UY + j] * ny + s[_UZ + j] * nz)
        s[_X + j] += size * nx
        s[_Y + j] += size * ny
        s[_Z + j] += size * nz


@summing_kernel
def _add_cubic(q, s):
    for j in range(LANES):
        ux, uy, uz = s[_UX + j], s[_UY + j], s[_UZ + j]
        a = ux * q[j] + uy * q[_1 + j] + uz * q[_2 + j]
        b = ux * q[_3 + j] + uy * q[_4 + j] + uz * q[_5 + j]
        c = ux * q[_6 + j] + uy * q[_7 + j] + uz * q[_8 + j]
        twice = -2.0 * q[_9 + j]
        fa = twice * a * (b * b + c * c)
        fb = twice * b * (c * c + a * a)
        fc = twice * c * (a * a + b * b)
        s[_X + j] += fa * q[j] + fb * q[_3 + j] + fc * q[_6 + j]
        s[_Y + j] += fa * q[_1 + j] + fb * q[_4 + j] + fc * q[_7 + j]
        s[_Z + j] += fa * q[_2 + j] + fb * q[_5 + j] + fc * q[_8 + j]


@summing_kernel
def _add_quadratic(q, s):
    for j in range(LANES):
        ux, uy, uz = s[_UX + j], s[_UY + j], s[_UZ + j]
        s[_X + j] -= q[j] * ux + q[_3 + j] * uy + q[_5 + j] * uz
        s[_Y + j] -= q[_3 + j] * ux + q[_1 + j] * uy + q[_4 + j] * uz
        s[_Z + j] -= q[_5 + j] * ux + q[_4 + j] * uy + q[_2 + j] * uz


@kernel
def add_term(kind, q, t, alike, s):
    """Add one term's field at time t to a block; `alike` says that all lanes have the same waveform."""
    if kind == CONSTANT:
        _add_constant(q, s)
    elif kind == WAVE:
        _add_wave(q, t, alike, s)
    elif kind == UNIAXIAL:
        _add_uniaxial(q, s)
    elif kind == CUBIC:
        _add_cubic(q, s)
    else:
        _add_quadratic(q, s)


@kernel
def add_energy(kind, s):
    """Add the energy over |m| of a term whose field alone is in the rows B."""
    share = 1.0 / DEGREES[kind]
    for j in range(LANES):
        s[ENERGY + j] -= share * (s[_UX + j] * s[_X + j] + s[_UY + j] * s[_Y + j] + s[_UZ + j] * s[_Z + j])


@kernel
def load_terms(kinds, rows, starts, values, first, count, p):
    """Fill the parameters of a block: of moments first .. first + count, and beyond with those of the first."""
    place = 0
    for i in range(len(kinds)):
        width = WIDTHS[kinds[i]]
        for j in range(LANES):
            row = 0 if rows[i] == 1 else first + (j if j < count else 0)
            for k in range(width):
                p[place + k * LANES + j] = values[starts[i] + row * width + k]
        place += width * LANES


@kernel
def local_field(kinds, rows, p, t, s):
    """Add the fields of all terms to the rows B."""
    place = 0
    for i in range(len(kinds)):
        end = place + WIDTHS[kinds[i]] * LANES
        add_term(kinds[i], p[place:end], t, rows[i] == 1, s)
        place = end


@kernel
def local_energy(kinds, rows, p, t, s):
    """Set the row ENERGY; the rows B are lost."""
    s[ENERGY : ENERGY + LANES] = 0.0
    place = 0
    for i in range(len(kinds)):
        end = place + WIDTHS[kinds[i]] * LANES
        s[B : B + 3 * LANES] = 0.0
        add_term(kinds[i], p[place:end], t, rows[i] == 1, s)
        add_energy(kinds[i], s)
        place = end
