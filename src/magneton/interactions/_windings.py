r"""Mean mutual inductance of the coaxial loops that make up a winding, and integrals of 1/r over straight wires.

Of two coaxial loops [Maxwell1873]_ (art. 701), with r1, r2 their radii, s the least distance of one from the other and
f the largest, f^2 = s^2 + 4 r1 r2,

    M/mu_0 = r1 r2 integral_0^pi cos t/sqrt(r1^2 + r2^2 + z^2 - 2 r1 r2 cos t) dt = 2 r1 r2/f cel(s/f, 1, -1, 1).

It has a logarithm at s = 0 and is smooth otherwise. So the mean over all pairs of points of a cross-section is taken
over their difference first, the midpoint second: the logarithm is then at one end of one integral.
"""

import math

import numpy as np

from magneton._jit import inline_kernel, kernel
from magneton.numerics.elliptic import cel

#: Panels grow by this factor away from a singular point.
_GROWTH = 4.0
_DEEPEST = 60


@inline_kernel
def _loops(product, near2):
    """Return M/mu_0 of two coaxial loops from r1 r2 and s^2."""
    far = math.sqrt(near2 + 4.0 * product)
    return 2.0 * product / far * cel(math.sqrt(near2) / far, 1.0, -1.0, 1.0)


@kernel
def round_mean(radius, wire, turns, nodes, weights, starts, shares):
    """Return the mean of M/mu_0 over a round cross-section, of radius `wire` about (`radius`, 0).

    Two points differ by 2 wire sin x in the direction p; their midpoint lies in the lens where two discs that far
    apart overlap, sin x = cos g:

        v = wire sin w, |w| < g, across p;   u = wire (cos w - cos g) h, |h| < 1, along p.

    `starts`, `shares` are the rule for x on (0, pi/2), with its logarithm at 0; `nodes`, `weights` that on (-1, 1) for
    w/g and h; p runs over a quarter turn by the trapezoidal rule in `turns` steps.
    """
    total = 0.0
    for i in range(len(starts)):
        lens, s = 0.5 * math.pi - starts[i], 2.0 * wire * math.sin(starts[i])
        for j in range(turns + 1):
            p = 0.5 * math.pi * j / turns
            c, d = math.cos(p), math.sin(p)
            part = 0.0
            for k in range(len(nodes)):
                w = lens * nodes[k]
                reach = wire * 2.0 * math.sin(0.5 * (lens - w)) * math.sin(0.5 * (lens + w))
                across = wire * math.sin(w)
                row = 0.0
                for m in range(len(nodes)):
                    middle = radius + reach * nodes[m] * c - across * d
                    row += weights[m] * _loops(middle * middle - 0.25 * s * s * c * c, s * s)
                part += weights[k] * reach * math.cos(w) * row
            edge = 0.5 if j == 0 or j == turns else 1.0
            total += shares[i] * s * math.cos(starts[i]) * lens * edge * part
    # Four quarters of pi/(2 turns) steps, ds = 2 wire cos x dx, dv = wire cos w dw; over the area squared.
    return total * 4.0 / (math.pi * turns * wire * wire)


def graded(
    length: float, depth: int, nodes: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return a rule on (0, length) by panels that shrink fourfold towards 0, `depth` of them."""
    ends = length * np.concatenate([[0.0], _GROWTH ** np.arange(1.0 - depth, 1.0)])
    half = 0.5 * np.diff(ends)[:, None]
    return (ends[:-1, None] + half * (1.0 + nodes)).ravel(), (half * weights).ravel()


@kernel
def rectangle_mean(inner, outer, length, p, p_weights, q, q_weights, nodes, weights):
    """Return the mean of M/mu_0 over a rectangular cross-section.

    Two points differ by p in radius and q in height; `p`, `q` are rules on their ranges, that on (-1, 1) is for the
    mean of the two radii, by equal steps of its logarithm.
    """
    width, total = outer - inner, 0.0
    for i in range(len(p)):
        low, high = inner + 0.5 * p[i], outer - 0.5 * p[i]
        stretch = 0.5 * math.log(high / low)
        for k in range(len(nodes)):
            r = low * math.exp(stretch * (1.0 + nodes[k]))
            product = r * r - 0.25 * p[i] * p[i]
            part = 0.0
            for j in range(len(q)):
                part += q_weights[j] * (length - q[j]) * _loops(product, p[i] * p[i] + q[j] * q[j])
            total += p_weights[i] * weights[k] * stretch * r * part
    return 4.0 * total / (width * length) ** 2


@inline_kernel
def _distance(a, b):
    return math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)


@inline_kernel
def _off_segment(x, start, end, length):
    """Return the distance of the point x from a segment."""
    t = 0.0
    for k in range(3):
        t += (x[k] - start[k]) * (end[k] - start[k])
    t = min(max(t / (length * length), 0.0), 1.0)
    d2 = 0.0
    for k in range(3):
        d2 += (x[k] - start[k] - t * (end[k] - start[k])) ** 2
    return math.sqrt(d2)


@kernel
def _apart(a0, a1, b0, b1, nodes, weights):
    """Return the integral of 1/r over two segments that do not touch; inf if they do.

    Over the first it is ln((r0 + r1 + l)/(r0 + r1 - l)); the second is halved until its pieces are not longer than
    their distance from the first.
    """
    length, other = _distance(a0, a1), _distance(b0, b1)
    x = np.empty(3)
    total, done, step = 0.0, 0.0, 1.0
    while done < 1.0:
        for k in range(3):
            x[k] = b0[k] + (done + 0.5 * step) * (b1[k] - b0[k])
        if other * step > _off_segment(x, a0, a1, length):
            step *= 0.5
            if step < 2.0**-_DEEPEST:
                return np.inf
            continue
        for i in range(len(nodes)):
            t = done + 0.5 * step * (1.0 + nodes[i])
            for k in range(3):
                x[k] = b0[k] + t * (b1[k] - b0[k])
            ends = _distance(x, a0) + _distance(x, a1)
            total += 0.5 * step * weights[i] * math.log((ends + length) / (ends - length))
        done += step
        # The pieces are dyadic: the next one may be as long as its place allows.
        while (
            step < 1.0 and done + 2.0 * step <= 1.0 and done / (2.0 * step) == math.floor(done / (2.0 * step))
        ):
            step *= 2.0
    return total * other


@kernel
def polygon_sum(corners, nodes, weights):
    """Return the sum over all pairs of different sides of the integral of dl.dl'/r; `corners` ends with the first."""
    count, total = len(corners) - 1, 0.0
    for i in range(count):
        a0, a1 = corners[i], corners[i + 1]
        length = _distance(a0, a1)
        for j in range(i):
            b0, b1 = corners[j], corners[j + 1]
            other, cosine = _distance(b0, b1), 0.0
            for k in range(3):
                cosine += (a1[k] - a0[k]) * (b1[k] - b0[k])
            if j == i - 1 or (j == 0 and i == count - 1):
                third = _distance(b0, a1) if j == i - 1 else _distance(a0, b1)
                value = length * math.atanh(other / (length + third))
                value = 2.0 * (value + other * math.atanh(length / (other + third)))
            else:
                value = _apart(a0, a1, b0, b1, nodes, weights)
            if cosine != 0.0 or not math.isfinite(value):
                total += 2.0 * cosine / (length * other) * value
    return total
