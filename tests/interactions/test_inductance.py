"""Self-inductance of loops, solenoids, coils and polygons."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ellipe, ellipk

from magneton import CircularLoop, Coil, Polyline, Solenoid, UniformField
from magneton.constants import mu_0
from magneton.interactions import NotConverged
from magneton.interactions.inductance import self_inductance

MU0 = float(mu_0)


# --- a loop of round wire ---


@pytest.mark.parametrize("ratio", [1e-6, 1e-3, 1e-2, 0.1])
def test_thin_loop_of_rayleigh_and_niven(ratio):
    """As in Rosa and Grover (1912); what it leaves out is of the order of ratio^4."""
    thin = (1 + ratio**2 / 8) * math.log(8 / ratio) - 1.75 + ratio**2 / 24
    exact = self_inductance(CircularLoop(0.3, 1.0), 0.3 * ratio, rtol=1e-12)
    assert exact == pytest.approx(MU0 * 0.3 * thin, rel=3e-3 * ratio**4 + 1e-13)


def maxwell(a, b, z):
    m = np.minimum(4 * a * b / ((a + b) ** 2 + z**2), 1 - 1e-15)
    return MU0 * np.sqrt(a * b / m) * ((2 - m) * ellipk(m) - 2 * ellipe(m))


def test_thick_loop_by_quadrature_about_each_point():
    radius, wire = 1.0, 0.5
    x, w = np.polynomial.legendre.leggauss(30)
    p, share = 0.5 * wire * (1 + x), 0.5 * wire * w
    t = 2 * np.pi * (np.arange(24) + 0.5) / 24
    f = 2 * np.pi * (np.arange(96) + 0.5) / 96
    y, slope = (0.5 * (1 + x)) ** 3, 0.375 * (1 + x) ** 2 * w
    p, t, f, y = p[:, None, None, None], t[:, None, None], f[:, None], y
    reach = -p * np.cos(f - t) + np.sqrt(wire**2 - (p * np.sin(f - t)) ** 2)
    a = radius + p * np.cos(t) + 0 * f
    b = a + reach * y * np.cos(f)
    inner = np.sum(maxwell(a, b, reach * y * np.sin(f)) * reach**2 * y * slope, axis=-1)
    mean = np.sum(inner * (p * share[:, None, None, None])[..., 0]) * (2 * np.pi) ** 2 / (24 * 96)
    expected = mean / (math.pi * wire**2) ** 2
    assert self_inductance(CircularLoop(radius, 1.0), wire) == pytest.approx(expected, rel=3e-6)


# --- solenoids and coils ---


@pytest.mark.parametrize(
    ("diameter_over_length", "printed"),
    [(0.1, 0.958807), (0.5, 0.818136), (1, 0.688423), (2, 0.525510), (5, 0.319825)],
)
def test_nagaokas_table(diameter_over_length, printed):
    """Nagaoka (1909), coefficients as printed to six places."""
    solenoid = Solenoid(radius=0.5, length=1 / diameter_over_length, turns=10, current=1.0)
    long = MU0 * 100 * math.pi * 0.25 / solenoid.length
    assert round(self_inductance(solenoid) / long, 6) == printed


def test_brooks_coil():
    """Grover (1946): inner radius, width and length equal; L = 1.6994 a N^2 uH, a the mean radius in m."""
    coil = Coil(inner_radius=0.02, outer_radius=0.04, length=0.02, turns=250, current=1.0)
    assert round(self_inductance(coil) / (0.03 * 250**2) * 1e6, 4) == 1.6994


def test_ring_of_square_section_has_the_geometric_mean_distance():
    """Rosa and Grover (1912): ln g = ln h + (ln 2)/3 + pi/3 - 25/12 for a square of side h."""
    h = 1e-3
    mean = math.log(h) + math.log(2) / 3 + math.pi / 3 - 25 / 12
    ring = Coil(1 - h / 2, 1 + h / 2, h, 1, 1.0)
    assert self_inductance(ring) == pytest.approx(MU0 * (math.log(8) - mean - 2), rel=2e-7)


@pytest.mark.parametrize("size", [(1.0, 2.0, 1.0), (0.3, 0.5, 2.0), (0.2, 3.0, 0.1)])
def test_coil_from_its_own_vector_potential(size):
    inner, outer, length = size
    coil = Coil(inner, outer, length, turns=7, current=3.0)
    x, w = np.polynomial.legendre.leggauss(60)
    rho, z = inner + (outer - inner) * 0.5 * (1 + x), 0.5 * length * x
    r, h = np.meshgrid(rho, z, indexing="ij")
    a = coil.A(np.stack([r, 0 * r, h], axis=-1))[..., 1]
    flux = np.einsum("i,j,ij->", w / 2, w / 2, 2 * np.pi * r * a) * 7 / 3.0
    assert self_inductance(coil) == pytest.approx(flux, rel=1e-7)


def test_thin_coil_is_a_solenoid():
    solenoid = Solenoid(radius=1.0, length=2.0, turns=9, current=1.0)
    for width in (1e-4, 1e-6):
        coil = Coil(1 - width / 2, 1 + width / 2, 2.0, 9, 1.0)
        assert self_inductance(coil) == pytest.approx(self_inductance(solenoid), rel=width)


@pytest.mark.parametrize("size", [(1, 1.001, 1), (1, 2, 1e-3), (1e-3, 1, 1), (1, 1.0001, 100)])
def test_coils_of_any_shape_keep_to_rtol(size):
    coil = Coil(*size, turns=1, current=1.0)
    exact = self_inductance(coil, rtol=1e-12)
    for rtol in (1e-3, 1e-6, 1e-9):
        assert self_inductance(coil, rtol=rtol) == pytest.approx(exact, rel=rtol, abs=0)


# --- polygons ---


def rectangle(a, b):
    return Polyline([[0, 0, 0], [a, 0, 0], [a, b, 0], [0, b, 0]], 1.0, closed=True)


def test_square_of_round_wire():
    """Rosa (1908): 0.8 s [ln(s/a) + a/s - 0.524] uH, s in m; the printed constant has three places."""
    for wire in (1e-5, 1e-3):
        printed = 0.8e-6 * (math.log(1 / wire) + wire - 0.524)
        assert self_inductance(rectangle(1, 1), wire) == pytest.approx(
            printed, abs=0.8e-6 * (5e-4 + 0.1 * wire)
        )


def test_square_of_thick_wire_has_the_mean_logarithm_and_distance():
    """Two points of a disc of radius 1 are s apart with the density (4 s/pi) (acos(s/2) - (s/2) sqrt(1 - s^2/4))."""

    def mean(f):
        def part(s):
            return f(s) * 4 * s / math.pi * (math.acos(s / 2) - s / 2 * math.sqrt(1 - s * s / 4))

        return quad(part, 0, 2, epsabs=1e-12)[0]

    # in units of mu0/(4 pi), beside what does not depend on the wire
    def wire_part(a):
        return 8 * (-math.log(a) - mean(math.log) + a * mean(float))

    got = self_inductance(rectangle(1, 1), 0.01) - self_inductance(rectangle(1, 1), 1e-9)
    assert got == pytest.approx(MU0 / (4 * math.pi) * (wire_part(0.01) - wire_part(1e-9)), rel=1e-9)


def test_rectangle_of_thin_wire():
    """Rosa (1908): the four sides' own inductances less the mutual ones of opposite sides."""
    a, b, wire = 0.7, 0.2, 1e-7
    d = math.hypot(a, b)
    own = sum(s * (math.log(2 * s / wire) - 0.75) for s in (a, b))
    mutual = a * math.asinh(a / b) + b * math.asinh(b / a) - 2 * d + a + b
    assert self_inductance(rectangle(a, b), wire) == pytest.approx(MU0 / math.pi * (own - mutual), rel=1e-6)


CORNERS = np.array([[0, 0, 0], [1, 0.2, 0], [1.3, 1, 0.5], [0.2, 0.9, -0.3], [-0.4, 0.5, 0.6]])


def neumann(a, b, c, d):
    """Return the integral of 1/r over the segments ab and cd."""

    def along(t):
        x = c + t * (d - c)
        r0, length = np.linalg.norm(x - a), np.linalg.norm(b - a)
        foot = (x - a) @ (b - a) / length
        off = math.sqrt(max(r0**2 - foot**2, 1e-300))
        return math.asinh((length - foot) / off) + math.asinh(foot / off)

    return np.linalg.norm(d - c) * quad(along, 0, 1, epsabs=1e-9, epsrel=1e-9)[0]


def test_polygon_in_space_by_quadrature_of_neumanns_integral():
    line, wire = Polyline(CORNERS, 1.0, closed=True), 1e-9
    ends = [(line.vertices[i], line.vertices[i + 1]) for i in range(5)]
    total = 0.0
    for i, (a, b) in enumerate(ends):
        side = np.linalg.norm(b - a)
        total += 2 * side * (math.log(2 * side / wire) - 0.75)
        for c, d in ends[:i]:
            cosine = (b - a) @ (d - c) / side / np.linalg.norm(d - c)
            total += 2 * cosine * neumann(a, b, c, d)
    assert self_inductance(line, wire) == pytest.approx(MU0 / (4 * math.pi) * total, rel=1e-8)


def test_cutting_sides_in_two_changes_nothing():
    halves = np.stack([CORNERS, 0.3 * CORNERS + 0.7 * np.roll(CORNERS, -1, axis=0)], axis=1).reshape(-1, 3)
    whole, cut = (Polyline(v, 1.0, closed=True) for v in (CORNERS, halves))
    assert self_inductance(cut, 0.01) == pytest.approx(self_inductance(whole, 0.01), rel=1e-13)


def test_polygon_of_many_sides_is_a_loop():
    t = 2 * np.pi * np.arange(240) / 240
    polygon = Polyline(np.stack([np.cos(t), np.sin(t), 0 * t], axis=-1), 1.0, closed=True)
    loop = self_inductance(CircularLoop(1.0, 1.0), 1e-3)
    assert self_inductance(polygon, 1e-3) == pytest.approx(loop, rel=2e-4)


# --- all ---


@pytest.mark.parametrize(
    ("make", "wire"),
    [
        (lambda s: CircularLoop(s, 1.0), 0.01),
        (lambda s: Solenoid(s, 2 * s, 5, 1.0), None),
        (lambda s: Coil(s, 1.5 * s, 2 * s, 5, 1.0), None),
        (lambda s: Polyline(s * CORNERS, 1.0, closed=True), 0.01),
    ],
)
@pytest.mark.parametrize("scale", [1e-9, 1e6])
def test_inductance_is_proportional_to_size(make, wire, scale):
    wires = (None, None) if wire is None else (wire, wire * scale)
    unit, scaled = self_inductance(make(1.0), wires[0]), self_inductance(make(scale), wires[1])
    assert scaled == pytest.approx(scale * unit, rel=1e-12)


@pytest.mark.parametrize(
    ("circuit", "wire", "message"),
    [
        (CircularLoop(1.0, 1.0), None, "wire_radius must be given for a CircularLoop, got None"),
        (CircularLoop(1.0, 1.0), 1.0, "wire_radius must be less than the loop's radius, 1, got 1"),
        (CircularLoop(1.0, 1.0), -1.0, "wire_radius must be positive, got -1"),
        (Solenoid(1.0, 1.0, 5, 1.0), 0.1, "wire_radius must be None for a Solenoid"),
        (rectangle(1.0, 0.2), 0.1, "wire_radius must be less than half the shortest side, 0.1, got 0.1"),
        (Polyline(CORNERS, 1.0), 0.1, "circuit must be a CircularLoop, closed Polyline"),
        (UniformField([0, 0, 1.0]), 0.1, "circuit must be a CircularLoop, closed Polyline"),
        (
            Polyline([[0, 0, 0], [2, 0, 0], [2, 1, 0], [1, -1, 0]], 1.0, closed=True),
            0.01,
            "circuit must not touch itself",
        ),
    ],
)
def test_what_is_refused(circuit, wire, message):
    with pytest.raises(ValueError, match=message):
        self_inductance(circuit, wire)


def test_a_ring_without_a_hole_does_not_reach_every_rtol():
    with pytest.raises(NotConverged, match="rtol=1e-13 was not reached"):
        self_inductance(CircularLoop(1.0, 1.0), 1 - 1e-9, rtol=1e-13)
