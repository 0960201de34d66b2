"""The bodies of energy_gradients.csv, by the names of magneton's arguments, in SI: floats that count as exact.

A body is made in its own frame, turned by the rotation vector `TURN` about the origin and moved by `SHIFT`; a partner
likewise, by its own. Torques and rotations are about the place that the target's origin is moved to.
"""

TURN, SHIFT = (0.3, -0.5, 0.4), (0.6, 0.7, 0.5)

#: name: (kind, arguments, rotation vector, shift)
PARTNERS = {
    "Dipole": ("Dipole", {"moment": (0.4, -0.7, 1.1)}, (0.0, 0.0, 0.0), (0.05, -0.1, 0.15)),
    "CircularLoop": ("CircularLoop", {"radius": 0.05, "current": 30.0}, (-0.7, 0.2, 0.4), (-0.05, 0.1, 0.1)),
    "Cuboid": (
        "Cuboid",
        {"dimension": (0.04, 0.05, 0.06), "magnetization": (0.0, 0.0, 1e4)},
        (0.5, 0.3, -0.6),
        (0.1, 0.0, -0.05),
    ),
    "PolePair": (
        "PolePair",
        {"pole_strength": 2.0, "separation": (0.1, 0.05, -0.2)},
        (0.0, 0.0, 0.0),
        (0.1, 0.0, -0.05),
    ),
}

_WEDGE = [
    (0.0, 0.0, 0.0),
    (0.2, 0.0, 0.0),
    (0.0, 0.15, 0.0),
    (0.0, 0.0, 0.1),
    (0.2, 0.0, 0.1),
    (0.0, 0.15, 0.1),
]
_WEDGE_FACES = [(0, 2, 1), (3, 4, 5), (0, 1, 4), (0, 4, 3), (1, 2, 5), (1, 5, 4), (2, 0, 3), (2, 3, 5)]
_BENT = [(0.1, -0.1, 0.0), (0.12, 0.1, 0.05), (-0.1, 0.13, 0.0), (-0.08, -0.12, -0.03)]
_G = [[0.0, 0, 0, 0], [-3.0, 0.4, 0, 0], [0.2, 0.5, -0.3, 0], [0.1, 0.05, 0.2, -0.15]]
_H = [[0.0, 0, 0, 0], [0.0, -0.7, 0, 0], [0.0, 0.3, 0.1, 0], [0.0, -0.2, 0.08, 0.12]]
_CENTRES = [(0.05, 0.0, -0.02), (-0.06, 0.04, 0.03)]
_EDGES = (0.05, 0.03, 0.04)
_VOLUME = 0.05 * 0.03 * 0.04
_CHARGES = [(0.1, 0.0, 0.02), (0.0, 0.15, 0.0), (-0.12, -0.05, 0.04)]
_VELOCITIES = [(0.0, 1.0, 0.3), (-1.0, 0.2, 0.0), (0.3, -0.7, 1.0)]
_SPIN = {"charge": 2.0, "mass": 1.0, "angular_velocity": (0.0, 0.0, 30.0)}

#: Kind, or kind.variant -> arguments. A CurveLoop is the curve (a cos t, b sin t, c sin 2t).
BODIES = {
    "Dipole": {"moment": (0.3, -0.2, 1.1)},
    "Dipoles": {
        "moments": [(1.0, 0.0, 0.2), (0.0, 2.0, 0.5)],
        "positions": [(0.0, 0.1, 0.2), (0.1, -0.1, 0.0)],
    },
    "Pole": {"pole_strength": 1.5, "position": (0.02, 0.01, 0.0)},
    "PolePair": {"pole_strength": 2.0, "separation": (0.1, 0.05, -0.2)},
    "UniformField": {"B0": (1e-5, -2e-5, 4e-5)},
    "CircularLoop": {"radius": 0.2, "current": 3.0},
    "Polyline": {"vertices": _BENT, "current": 1.5, "closed": True},
    "Polyline.open": {"vertices": _BENT, "current": 1.5, "closed": False},
    "CurveLoop": {"curve": (0.15, 0.2, 0.05), "current": 0.7},
    "Magnetization": {
        "points": _CENTRES,
        "magnetization": [(1e3, 0.0, 2e3), (0.0, -1e3, 5e2)],
        "volumes": _VOLUME,
        "edges": _EDGES,
    },
    "CurrentDensity": {
        "points": _CENTRES,
        "current_density": [(1e3, 0.0, 2e3), (0.0, -1e3, 5e2)],
        "volumes": _VOLUME,
        "edges": _EDGES,
    },
    "PoleDensity": {"points": _CENTRES, "density": [1e4, -3e4], "volumes": _VOLUME, "edges": _EDGES},
    "Cuboid": {"dimension": (0.2, 0.3, 0.15), "magnetization": (100.0, -50.0, 200.0)},
    "Cylinder": {"radius": 0.12, "height": 0.2, "magnetization": (100.0, -50.0, 200.0)},
    "Solenoid": {"radius": 0.15, "length": 0.3, "turns": 20.0, "current": 1.5},
    "Coil": {"inner_radius": 0.08, "outer_radius": 0.12, "length": 0.15, "turns": 50.0, "current": 0.5},
    "HelmholtzPair": {"radius": 0.2, "turns": 10.0, "current": 2.0},
    "Tetrahedron": {
        "vertices": [(0.1, -0.1, 0.05), (0.2, 0.05, 0.0), (-0.05, 0.15, -0.05), (0.05, 0.05, 0.2)],
        "magnetization": (100.0, -50.0, 200.0),
    },
    "TriangularMesh": {"vertices": _WEDGE, "faces": _WEDGE_FACES, "magnetization": (100.0, 300.0, 200.0)},
    "Sphere": {"radius": 0.15, "magnetization": (100.0, -50.0, 200.0)},
    "Ellipsoid": {"semi_axes": (0.1, 0.2, 0.06), "magnetization": (100.0, -50.0, 200.0)},
    "MovingCharges": {
        "charges": 2.0,
        "positions": _CHARGES,
        "velocities": _VELOCITIES,
        "centre": (0.0, 0.0, 0.0),
    },
    "SpinningBody.ring": {"shape": "ring", "radius": 0.15, **_SPIN},
    "SpinningBody.disk": {"shape": "disk", "radius": 0.15, **_SPIN},
    "SpinningBody.shell": {"shape": "shell", "radius": 0.12, **_SPIN},
    "SpinningBody.solid_sphere": {"shape": "solid_sphere", "radius": 0.1, **_SPIN},
    "SpinningBody.cylinder": {"shape": "cylinder", "radius": 0.1, "length": 0.15, **_SPIN},
    "GaussCoefficients": {"g": _G, "h": _H, "radius": 0.15},
    "Multipole": {"coefficients": [[[0.3, 0.0, 0.0, 0.0], *_G[1:]], _H]},
    "Collection": {
        "sources": [
            ("Dipole", {"moment": (1.0, 0.0, 0.5), "position": (0.05, 0.0, -0.1)}),
            ("CircularLoop", {"radius": 0.1, "current": 20.0, "position": (0.0, 0.1, 0.05)}),
        ]
    },
}

#: A force acts on these only as the reaction to theirs: series have no place that it would act at.
SERIES = ("GaussCoefficients", "Multipole")
#: Nothing that a force could act on.
FIELDS = ("UniformField",)
#: Currents that do not close have no energy as targets: the flux through them is not defined.
OPEN = ("MovingCharges", "CurrentDensity", "Polyline.open")


def _second(name: str) -> str:
    """Return the other partner: of poles no circuit, since their flux through one is many-valued."""
    if name in SERIES:
        return "PolePair"
    return "Cuboid" if name.startswith("Pole") else "CircularLoop"


def pairs() -> list[tuple[str, str, str]]:
    """Return (body, way, partner) of each row: "on", the body is the source, or "from", it is the target."""
    rows = []
    for name in BODIES:
        other = _second(name)
        rows.append((name, "on", "Dipole"))
        rows += [(name, "on", other)] if name in FIELDS else [(name, "from", "Dipole"), (name, "from", other)]
    return rows
