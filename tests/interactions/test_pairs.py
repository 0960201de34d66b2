"""The sums over all pairs of moments by each set of instructions, and where estimates of roots fail."""

import os
import subprocess
import sys

import numpy as np
import pytest

from magneton import MomentSystem, _simd
from magneton.constants import mu_0
from magneton.summation.tiled import TILE

_AVX2 = "+avx2,+fma,+avx,+sse4.2,+sse4.1,+ssse3,+sse3,+sse2,+sse"
#: Name of the set -> what tells numba to compile for it.
SETS = {
    "plain": {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""},
    "avx2": {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": _AVX2},
}


def cloud(count):
    """Return moments and positions, some pairs close."""
    rng = np.random.default_rng(count)
    moments, positions = rng.normal(size=(2, count, 3))
    positions[:6] = positions[-6:] + 10.0 ** rng.uniform(-6, -2, (6, 1)) * rng.normal(size=(6, 3))
    return moments, positions


def one_pair(count):
    """Return a cloud in which two moments alone are not zero, in tiles far apart: nothing hides their errors."""
    rng = np.random.default_rng(count)
    moments, positions = np.zeros((count, 3)), rng.normal(size=(count, 3))
    moments[3], moments[-40] = [0.3, -0.7, 0.5], [-0.2, 0.4, 0.6]
    return moments, positions


def worst_errors(fields, forces, moments, positions, targets):
    """Return the largest errors at some targets, relative to the sum of the sizes of the terms."""
    worst = [0.0, 0.0]
    constant = np.longdouble(float(mu_0)) / (4 * np.longdouble(np.pi))
    for i in targets:
        others = np.arange(len(moments)) != i
        m, d = moments[others].astype(np.longdouble), positions[i].astype(np.longdouble) - positions[others]
        mine = moments[i].astype(np.longdouble)
        r = np.sqrt(np.sum(d * d, axis=1))[:, None]
        n = d / r
        along, its = (n @ mine)[:, None], np.sum(m * n, axis=1)[:, None]
        B = constant * (3 * its * n - m) / r**3
        dot = (m @ mine)[:, None]
        F = 3 * constant * (n * dot + mine * its + m * along - 5 * n * along * its) / r**4
        for k, (got, terms) in enumerate(((fields[i], B), (forces[i], F))):
            size = np.linalg.norm(terms.astype(float), axis=1).sum()
            error = np.linalg.norm((got - terms.sum(axis=0)).astype(float))
            worst[k] = max(worst[k], error / size if size else error)
    return worst


def check(fields, forces, moments, positions, targets):
    of_fields, of_forces = worst_errors(fields, forces, moments, positions, targets)
    assert of_fields <= 4e-15
    assert of_forces <= 6e-15


def targets_of(count):
    return [0, 3, 5, TILE - 1, count - 40, count - 6, count - 1]


@pytest.mark.parametrize("count", [TILE, TILE + 1, 3 * TILE + 17])
@pytest.mark.parametrize("case", [cloud, one_pair])
def test_sums_are_exact_to_rounding(count, case):
    moments, positions = case(count)
    system = MomentSystem(moments, positions)
    check(system.fields(), system.forces(), moments, positions, targets_of(count))


CODE = """
import sys
import numpy as np
import magneton, magneton._simd
d = np.load(f"{sys.argv[1]}/given.npz")
for name in ("cloud", "one_pair"):
    system = magneton.MomentSystem(d[name][0], d[name][1])
    np.savez(f"{sys.argv[1]}/{name}.npz", fields=system.fields(), forces=system.forces())
print(magneton._simd.INSTRUCTION_SET)
"""


@pytest.mark.parametrize("name", SETS)
def test_every_set_of_instructions_is_exact_to_rounding(name, tmp_path):
    if name == "avx2" and _simd.INSTRUCTION_SET == "plain":
        pytest.skip("this processor has no AVX2")
    count = 3 * TILE + 17
    given = {"cloud": cloud(count), "one_pair": one_pair(count)}
    np.savez(tmp_path / "given.npz", **given)
    environment = {**os.environ, **SETS[name], "NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", CODE, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [name]
    for case, (moments, positions) in given.items():
        got = np.load(tmp_path / f"{case}.npz")
        check(got["fields"], got["forces"], moments, positions, targets_of(count))


@pytest.mark.parametrize("scale", [2.0**-100, 2.0**-30, 2.0**30, 2.0**100])
def test_a_scale_of_lengths_changes_no_digit(scale):
    moments, positions = cloud(2 * TILE)
    unit = MomentSystem(moments, positions)
    grown = MomentSystem(moments * scale, positions * scale)
    np.testing.assert_array_equal(grown.fields() * scale**2, unit.fields())
    np.testing.assert_array_equal(grown.forces() * scale**2, unit.forces())


def test_a_pair_beyond_the_range_of_estimates_is_right():
    moments, positions = cloud(3 * TILE)
    positions[7], moments[7] = [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]
    positions[-1], moments[-1] = [0.0, 0.0, 1e-25], [0.0, 0.0, 1.0]
    system = MomentSystem(moments, positions)
    assert system.fields()[7, 2] == pytest.approx(float(mu_0) / (2 * np.pi) * 1e75, rel=1e-14)
    assert system.forces()[7, 2] == pytest.approx(6 * float(mu_0) / (4 * np.pi) * 1e100, rel=1e-14)
    assert np.all(np.isfinite(system.forces()))
