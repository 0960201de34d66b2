"""Force is minus the gradient of the energy and stiffness minus that of the force, for every kind, to rounding.

Against the table of differences in 30 digits of energies that no formula of a field went into.
"""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import interaction
from magneton.interactions import stiffness
from magneton.sources.samples import SAMPLES
from reference._load import load
from reference.energy_gradients_bodies import BODIES, FIELDS, OPEN, PARTNERS, SERIES, SHIFT, TURN, pairs

TABLE = load("energy_gradients")
ROWS = {tuple(kind.split()): row for row, kind in enumerate(TABLE["kinds"])}
KINDS = {kind.__name__: kind for kind in SAMPLES}


def made(name, arguments):
    """Return a body in its own frame."""
    kind = name.partition(".")[0]
    if kind == "CurveLoop":
        a, b, c = arguments["curve"]
        curve = lambda t: np.stack([a * np.cos(t), b * np.sin(t), c * np.sin(2 * t)], axis=-1)  # noqa: E731
        arguments = arguments | {"curve": curve}
    if kind == "Collection":
        arguments = {"sources": [made(*member) for member in arguments["sources"]]}
    return KINDS[kind](**arguments)


def scene(name, way, partner):
    """Return source, target and pivot of a row."""
    body = made(name, BODIES[name]).rotated(Rotation.from_rotvec(TURN)).translated(SHIFT)
    kind, arguments, turn, shift = PARTNERS[partner]
    other = made(kind, arguments).rotated(Rotation.from_rotvec(turn)).translated(shift)
    return (body, other, shift) if way == "on" else (other, body, SHIFT)


def test_every_kind_is_in_the_table():
    assert list(ROWS) == pairs()
    assert {name.partition(".")[0] for name, way, _ in ROWS if way == "on"} == set(KINDS)
    targets = {name for name, way, _ in ROWS if way == "from"}
    assert targets == set(BODIES) - set(FIELDS)


def require_table(found, row, quantities):
    """Compare with a row to the promise for magnets, of the size of the quantity itself or, if it is zero, of a torque.

    All lengths are of about a metre, so that sizes compare.
    """
    for quantity in quantities:
        wanted = TABLE[quantity][row]
        size = np.linalg.norm(wanted) or np.linalg.norm(TABLE["torque"][row])
        assert np.linalg.norm(getattr(found, quantity) - wanted) <= 1e-12 * size, quantity


@pytest.mark.parametrize("pair", ROWS, ids=" ".join)
def test_energy_force_and_torque(pair):
    source, target, pivot = scene(*pair)
    found, is_open = interaction(source, target, pivot, rtol=1e-13), pair[1] == "from" and pair[0] in OPEN
    require_table(found, ROWS[pair], ("force", "torque") if is_open else ("force", "torque", "energy"))
    assert np.isnan(found.energy) == is_open


@pytest.mark.parametrize("pair", [p for p in ROWS if p[1] == "on" or p[0] not in SERIES], ids=" ".join)
def test_stiffness(pair):
    found = stiffness(*scene(*pair), rtol=1e-12)
    require_table(found, ROWS[pair], ("translation", "rotation", "coupling"))
