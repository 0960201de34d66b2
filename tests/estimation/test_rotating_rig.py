"""A unit on a turntable in front of fixed probes."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from magneton import Dipole
from magneton.estimation import RotatingRig, fit_dipoles

RIG = RotatingRig([[0.5, 0.0, 0.0], [0.6, 0.1, 0.2]], axis=[0.1, 0.0, 1.0], pivot=[0.01, 0.0, 0.0])
ANGLES = np.radians(np.arange(0, 360, 30))
UNIT = Dipole(moment=[0.1, -0.05, 0.2], position=[0.03, 0.02, -0.01])


def test_the_unit_turns_actively() -> None:
    turn = Rotation.from_rotvec(ANGLES[2] * RIG.axis).as_matrix()
    turned = Dipole(moment=turn @ UNIT.moment, position=turn @ (UNIT.position - RIG.pivot) + RIG.pivot)
    assert RIG.field(UNIT, ANGLES)[2] == pytest.approx(turned.B(RIG.probes), rel=1e-12)


def test_background_and_offsets_are_told_from_the_unit() -> None:
    offset = np.array([[1e-6, -2e-6, 3e-6], [0.5e-6, 1e-6, -1e-6]])
    B = RIG.field(UNIT, ANGLES) + offset
    fit = fit_dipoles(RIG.readings(ANGLES, B, 1e-9), offsets=float("inf"))
    assert fit.position == pytest.approx(UNIT.position, rel=1e-7)
    assert fit.moment == pytest.approx(UNIT.moment, rel=1e-7)
    assert [fit.nuisances[f"offset_{i}"][0] for i in range(6)] == pytest.approx(offset.ravel(), rel=1e-6)


def test_probes_of_one_component_with_gaps() -> None:
    axes = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
    B = np.einsum("kni,ni->kn", RIG.field(UNIT, ANGLES), axes / np.linalg.norm(axes, axis=1)[:, None])
    B[3, 1] = np.nan
    with pytest.raises(ValueError, match="B must not be nan, got 1"):
        RIG.readings(ANGLES, B, axes=axes)
    fit = fit_dipoles(
        RIG.readings(ANGLES, B, 1e-9, axes=axes, missing="drop"), volume=[[-0.1] * 3, [0.1] * 3]
    )
    assert fit.position == pytest.approx(UNIT.position, rel=1e-7)


def test_shapes_are_said() -> None:
    with pytest.raises(ValueError, match=r"B must have shape \(12, 2, 3\)"):
        RIG.readings(ANGLES, np.zeros((2, 3)))
    with pytest.raises(ValueError, match="axis must not be zero"):
        RotatingRig([0, 0, 1], axis=[0, 0, 0])
