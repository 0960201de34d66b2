"""The bodies of polyhedron.csv: corners (m), faces seen counter-clockwise from outside, magnetization (A/m)."""

_TETRAHEDRON = [(0, 2, 1), (0, 1, 3), (1, 2, 3), (0, 3, 2)]
_OCTAHEDRON = [(0, 2, 4), (2, 1, 4), (1, 3, 4), (3, 0, 4), (2, 0, 5), (1, 2, 5), (3, 1, 5), (0, 3, 5)]
_L = [(0.0, 0.0), (2.0, 0.0), (2.0, 0.5), (0.75, 0.5), (0.75, 1.5), (0.0, 1.5)]


def _prism(outline, caps, height):
    """Return corners and faces of a prism over a counter-clockwise outline that `caps` cuts into triangles."""
    n = len(outline)
    corners = [(*p, 0.0) for p in outline] + [(*p, height) for p in outline]
    faces = [(a, c, b) for a, b, c in caps] + [(a + n, b + n, c + n) for a, b, c in caps]
    for i in range(n):
        j = (i + 1) % n
        faces += [(i, j, j + n), (i, j + n, i + n)]
    return corners, faces


_SQUARE = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
_SKEW = [(0.1, -0.2, 0.3), (1.2, 0.1, 0.15), (0.3, 0.9, -0.1), (0.45, 0.25, 1.1)]
_FLAT_TOP = [(0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.2, 0.9, 0.0), (0.4, 0.3, 1e-3)]
_FLAT_CROSSED = [(0.0, 0.0, 0.0), (0.1, 0.8, 1e-3), (1.0, 0.1, 0.0), (0.9, 0.85, -1e-3)]
_TILTED = [(0.7, 0.1, 0.3), (-0.65, -0.15, -0.25), (-0.1, 0.8, 0.05), (0.15, -0.75, 0.1), (0.2, 0.1, 0.9)]

#: Unit vectors across and along, to rounding: no coordinate of the needles is short.
_ACROSS, _ASIDE, _ALONG = (2 / 3, -1 / 3, 2 / 3), (2 / 3, 2 / 3, -1 / 3), (-1 / 3, 2 / 3, 2 / 3)


def _placed(points):
    return [
        tuple(u * x + v * y + w * z for x, y, z in zip(_ACROSS, _ASIDE, _ALONG, strict=True))
        for u, v, w in points
    ]


def _needle(width):
    """Return a tetrahedron whose last corner is its tip."""
    return _placed(
        [
            (0.0, 0.0, 0.0),
            (0.9 * width, 0.2 * width, 0.03 * width),
            (0.1 * width, 0.8 * width, 0.0),
            (0.0, 0.0, 1.0),
        ]
    )


_SPINDLE = _placed(
    [
        (-1e-3, 0.0, 0.0),
        (1e-3, 0.0, 0.0),
        (0.0, 1e-3, 0.0),
        (0.0, -1e-3, 0.0),
        (0.0, 0.0, -0.5),
        (0.0, 0.0, 1.0),
    ]
)
#: A broad foot with a spike some fifty times as long as wide.
_FOOT = [(0.3, 0.0, 0.0), (-0.2, 0.3, 0.0), (-0.2, -0.3, 0.0)]
_RING = [(0.01, 0.0, 0.1), (-5e-3, 0.01, 0.1), (-5e-3, -0.01, 0.1)]
_SPIKE = _placed([*_FOOT, *_RING, (0.0, 0.0, 1.0)])
_SPIKE_FACES = [(0, 2, 1), (0, 1, 4), (0, 4, 3), (1, 2, 5), (1, 5, 4), (2, 0, 3), (2, 3, 5)]
_SPIKE_FACES += [(3, 4, 6), (4, 5, 6), (5, 3, 6)]

_NEEDLE = [(0.01 * x, 0.01 * y) for x, y in _SQUARE]

#: name: (corners, faces, magnetization); those from needle_10 on have their tip at the last corner.
BODIES = {
    "tetrahedron": (_SKEW, _TETRAHEDRON, (3e5, -2e5, 8e5)),
    "small": ([tuple(3.7e-9 * x for x in p) for p in _SKEW], _TETRAHEDRON, (-1e5, 4e5, 2e5)),
    "large": ([tuple(2.5e8 * x for x in p) for p in _SKEW], _TETRAHEDRON, (-1e5, 4e5, 2e5)),
    "flat_normal": (_FLAT_TOP, _TETRAHEDRON, (0.0, 0.0, 1e6)),
    "flat_tangential": (_FLAT_TOP, _TETRAHEDRON, (6e5, 8e5, 0.0)),
    "flat_oblique": (_FLAT_CROSSED, _TETRAHEDRON, (5e5, -3e5, 4e5)),
    "octahedron": ([*_TILTED, (0.0, 0.05, -0.85)], _OCTAHEDRON, (2e5, 7e5, -4e5)),
    "cube": (*_prism(_SQUARE, [(0, 1, 2), (0, 2, 3)], 1.0), (0.0, 4e5, 9e5)),
    "angle": (*_prism(_L, [(0, 1, 2), (0, 2, 3), (0, 3, 4), (0, 4, 5)], 0.4), (5e5, 1e5, -6e5)),
    "needle": (*_prism(_NEEDLE, [(0, 1, 2), (0, 2, 3)], 1.0), (6e5, -2e5, 3e5)),
    "needle_10": (_needle(0.1), _TETRAHEDRON, (3e5, -2e5, 8e5)),
    "needle_100": (_needle(0.01), _TETRAHEDRON, (3e5, -2e5, 8e5)),
    "needle_1000": (_needle(0.001), _TETRAHEDRON, (3e5, -2e5, 8e5)),
    "spindle": (_SPINDLE, _OCTAHEDRON, (2e5, 7e5, -4e5)),
    "spike": (_SPIKE, _SPIKE_FACES, (-3e5, 1e5, 6e5)),
}
TIPPED = ("needle_10", "needle_100", "needle_1000", "spindle", "spike")
