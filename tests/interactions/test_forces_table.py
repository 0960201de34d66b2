"""Every row of the mpmath table of forces between bodies, at the tolerances asked for."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import CircularLoop, Cuboid, Cylinder, Solenoid, Sphere, interaction
from magneton.interactions._routes import _forces_on
from reference._load import load

TABLE = load("forces")
MAKERS = {
    "loop": lambda size, strength: CircularLoop(size[0], strength[2]),
    "solenoid": lambda size, strength: Solenoid(*size, strength[2]),
    "cuboid": lambda size, strength: Cuboid(size, polarization=strength),
    "cylinder": lambda size, strength: Cylinder(size[0], size[1], polarization=strength),
    "sphere": lambda size, strength: Sphere(size[0], polarization=strength),
}
#: The formula of this row holds for dipoles, but a corner of its cuboid lies inside the sphere.
OVERLAPPING = "sphere cuboid near"
ROWS = [pytest.param(i, id=f"{i} {kind}") for i, kind in enumerate(TABLE["kinds"]) if kind != OVERLAPPING]


def pair(i):
    """Return source and target of a row."""
    source, target, _ = TABLE["kinds"][i].split()
    made = [
        MAKERS[kind](TABLE[f"{role}_size"][i].copy(), TABLE[f"{role}_strength"][i].copy())
        for role, kind in (("source", source), ("target", target))
    ]
    turn = TABLE["rotvec"][i]
    if np.any(turn):
        made[1] = made[1].rotated(Rotation.from_rotvec(turn.copy()))
    return made[0], made[1].translated(TABLE["position"][i])


def misses(i, force, torque, energy, scales):
    """Return the errors of force, torque and energy relative to the integrals of magnitudes."""
    differences = force - TABLE["force"][i], torque - TABLE["torque"][i], energy - TABLE["energy"][i]
    return [float(np.linalg.norm(d)) / s for d, s in zip(differences, scales, strict=True) if s > 0.0]


@pytest.mark.parametrize("rtol", [1e-4, 1e-8, 1e-11])
@pytest.mark.parametrize("i", ROWS)
def test_error_is_below_its_bound_and_that_below_the_tolerance(i, rtol):
    source, target = pair(i)
    result = interaction(source, target, rtol=rtol)
    true = max(misses(i, result.force, result.torque, result.energy, result.scales))
    assert true <= result.error
    # Where wires nearly touch, rounding of their places alone may exceed what was asked.
    assert result.error <= max(rtol, 3e-11)


@pytest.mark.parametrize("i", [row for row in ROWS if not TABLE["kinds"][row.values[0]].endswith("contact")])
def test_each_body_by_its_own_integral(i):
    """Neither the closed form nor the reaction: over the target as it is."""
    source, target = pair(i)
    tally = _forces_on(source, target, target.body.position, 1e-9)
    true = max(misses(i, tally.values[:3], tally.values[3:6], tally.values[6], tally.scales))
    assert true <= tally.relative_error() <= 1e-9


def test_the_row_of_bodies_that_overlap_is_refused():
    (i,) = np.flatnonzero(TABLE["kinds"] == OVERLAPPING)
    with pytest.raises(ValueError, match="must not overlap"):
        interaction(*pair(i))
