"""Pushers: their order, what they conserve, and what a user of ensembles may rely on."""

import subprocess
import sys

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.spatial.transform import Rotation

from magneton import CircularLoop, Dipole, UniformField, _jit, constants, orbits
from magneton.kernels import quantities
from magneton.orbits.fields import ParallelE, UniformE, VaryingUniformField
from magneton.orbits.fields.base import OrbitField, as_field
from magneton.summation.compiled import CompiledField

C = float(constants.c)
METHODS = ("boris", "vay", "higuera-cary")
EARTH = Dipole([0, 0, -8e22], [0, 0, 0])


def lorentz(field, species):
    """Return the right-hand side of the equations of motion in x and u = gamma v."""

    def rate(t, y):
        gamma = np.sqrt(1 + y[3:] @ y[3:] / C**2)
        point = y[:3]
        force = field.E(point, t) + np.cross(y[3:] / gamma, field.B(point, t))
        return np.concatenate([y[3:] / gamma, species.charge / species.mass * force])

    return rate


def beam(speed, n=3):
    rng = np.random.default_rng(5)
    direction = rng.normal(size=(n, 3))
    return speed * direction / np.linalg.norm(direction, axis=1, keepdims=True)


@pytest.mark.parametrize("method", METHODS)
def test_second_order_in_position_and_velocity(method):
    field, species = as_field(EARTH), orbits.proton
    x, v = np.array([2.0e7, 0, 3e6]), beam(0.6 * C, 1)[0]
    period = 2 * np.pi * species.mass / (species.charge * np.linalg.norm(field.B(x))) * 1.25
    u = v / np.sqrt(1 - 0.36)
    exact = solve_ivp(
        lorentz(field, species), (0, 2 * period), [*x, *u], method="DOP853", rtol=1e-12, atol=1e-6
    )
    end_x, end_u = exact.y[:3, -1], exact.y[3:, -1]
    end_v = end_u / np.sqrt(1 + end_u @ end_u / C**2)
    errors = []
    for steps in (400, 800):
        got = orbits.trace_ensemble(field, species, x, v, 2 * period, dt=2 * period / steps, method=method)
        errors.append(
            [np.linalg.norm(got.position[0, -1] - end_x), np.linalg.norm(got.velocity[0, -1] - end_v)]
        )
    order = np.log2(np.array(errors[0]) / errors[1])
    assert np.abs(order - 2).max() < 0.06, order


def test_force_free_motion_is_kept_by_vay_and_higuera_cary_not_by_boris():
    gamma, b = 20.0, np.array([0, 0, 1.0])
    v = np.array([C * np.sqrt(1 - gamma**-2), 0, 0])
    field = as_field(UniformField(b)) + UniformElectric(-np.cross(v, b))
    path = v[0] * 1e4 * 1e-10
    off = {}
    for method in METHODS:
        got = orbits.trace_ensemble(field, "electron", [0, 0, 0], v, 1e-6, dt=1e-10, method=method)
        off[method] = np.linalg.norm(got.position[0, -1] - [path, 0, 0])
    assert off["vay"] < 1e-13 * path
    assert off["higuera-cary"] < 1e-13 * path
    assert 0.8 < off["boris"] < 1.0


class UniformElectric(OrbitField):
    """E everywhere the same, by the user's door."""

    electric = True

    def __init__(self, e):
        self.e = e

    def _compile(self) -> CompiledField:
        from numba import carray, cfunc, types

        from magneton.kernels.electromagnetic import user_field
        from magneton.kernels.field import TIMED
        from magneton.summation.compiled import term

        @cfunc(
            types.void(
                types.CPointer(types.double), types.CPointer(types.double), types.CPointer(types.double)
            )
        )
        def uniform(txyz, params, result):
            p, r = carray(params, 3), carray(result, 30)
            r[:] = 0.0
            r[12:15] = p

        self.kept = uniform
        return term(
            TIMED,
            np.zeros(3),
            np.eye(3),
            0.0,
            float(user_field.address),
            float(uniform.address),
            0.0,
            1.0,
            self.e,
        )


@pytest.mark.parametrize("method", METHODS)
def test_energy_without_electric_field(method):
    v, planet = beam(0.9 * C, 50), orbits.AbsorbingBall([0, 0, 0], 1.2e7)
    got = orbits.trace_ensemble(EARTH, "proton", [2.5e7, 0, 0], v, 1.0, dt=1e-3, method=method, walls=planet)
    assert got.certificate.drift["energy"].relative < 1e-13
    taken = np.rint(np.fmin(got.lost_time, 1.0) / 1e-3).sum()
    assert got.certificate.steps == {"particle-steps": taken}
    assert taken > 30_000


def test_results_do_not_depend_on_threads_or_chunks():
    v = beam(1e7, 300)
    settings = {"dt": 1e-2, "times": [0, 0.5, 1.0]}
    whole = orbits.trace_ensemble(EARTH, "proton", [2.5e7, 0, 0], v, 1.0, **settings)
    threads = _jit.get_threads()
    try:
        _jit.set_threads(1)
        pieces = orbits.trace_ensemble(EARTH, "proton", [2.5e7, 0, 0], v, 1.0, chunk=37, **settings)
    finally:
        _jit.set_threads(threads)
    assert np.array_equal(whole.position, pieces.position)
    assert np.array_equal(whole.velocity, pieces.velocity)
    assert np.array_equal(whole.position[:, 0], np.broadcast_to([2.5e7, 0, 0], (300, 3)))


def test_lost_particles_stay_where_they_were_lost():
    walls = [orbits.AbsorbingBall([0, 0, 0], 1.0), orbits.AbsorbingHalfSpace([0, 0, -5], [0, 0, -2])]
    x = np.array([[3.0, 0, 0], [3.0, 0, 0], [0, 0, -4.0], [0.5, 0, 0]])
    v = np.array([[-1.0, 0, 0], [1.0, 0, 0], [0, 0, -1.0], [1.0, 0, 0]])
    got = orbits.trace_ensemble(
        UniformField([0, 0, 1e-30]), "proton", x, v, 4.0, dt=0.25, times=[3.5, 4], walls=walls
    )
    assert got.lost.tolist() == [True, False, True, True]
    np.testing.assert_allclose(got.lost_time, [2.25, np.nan, 1.25, 0])
    np.testing.assert_allclose(
        got.position[:, -1], [[0.75, 0, 0], [7, 0, 0], [0, 0, -5.25], [0.5, 0, 0]], atol=1e-20
    )
    assert np.array_equal(got.position[got.lost, 0], got.position[got.lost, 1])


def test_a_folder_holds_the_same_arrays(tmp_path):
    v = beam(1e7, 100)
    settings = {"dt": 1e-2, "chunk": 40}
    first = orbits.trace_ensemble(EARTH, "proton", [2.5e7, 0, 0], v, 1.0, folder=tmp_path / "run", **settings)
    again = orbits.trace_ensemble(EARTH, "proton", [2.5e7, 0, 0], v, 1.0, folder=tmp_path / "run", **settings)
    assert np.array_equal(first.position, again.position)
    with pytest.raises(ValueError, match="dt"):
        orbits.trace_ensemble(
            EARTH, "proton", [2.5e7, 0, 0], v, 1.0, folder=tmp_path / "run", dt=2e-2, chunk=40
        )
    assert first.to_xarray()["position"].attrs["units"] == "m"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"dt": None}, "dt must be given"),
        ({"dt": -1.0}, "dt must be positive"),
        ({"method": "leapfrog"}, "method must be one of boris"),
        ({"species": "neutron"}, "species must be"),
        ({"velocity": [4e8, 0, 0]}, "velocity must be slower than light"),
        ({"velocity": np.ones((2, 3)), "position": np.ones((3, 3))}, "same length"),
        ({"times": [0.0, 2.0]}, "times must lie between 0 and the duration"),
        (
            {"start": [0.0, 1.0], "position": np.ones((3, 3))},
            "position and velocity and start must have the same",
        ),
        ({"walls": [1]}, "walls must be"),
        ({"field": 3.0}, "field must be"),
    ],
)
def test_bad_input_is_named(change, message):
    given = {
        "field": EARTH,
        "species": "proton",
        "position": [2e7, 0, 0],
        "velocity": [1e6, 0, 0],
        "duration": 1.0,
    }
    with pytest.raises(ValueError, match=message):
        orbits.trace_ensemble(**{"dt": 0.01, **given, **change})


def test_widths_of_the_protocol():
    assert quantities.WIDTHS[quantities.EM_GRAD] == 30


def test_steps_that_do_not_resolve_the_gyration_are_warned_of():
    with pytest.warns(UserWarning, match="resolves a gyration by"):
        orbits.trace_ensemble(UniformField([0, 0, 1.0]), "proton", [0, 0, 0], [1e5, 0, 0], 1e-6, dt=1e-7)


def test_a_ball_is_not_tunnelled_and_walls_are_told_apart():
    walls = [orbits.EnclosingBall([0, 0, 0], 50.0), orbits.AbsorbingBall([5.0, 0, 0], 0.1)]
    v = [[4.0, 0, 0], [0, 4.0, 0], [0, 0, 1e-3]]
    got = orbits.trace_ensemble(
        UniformField([0, 0, 1e-30]), "proton", [0, 0, 0], v, 20.0, dt=1.0, walls=walls
    )
    assert got.lost_by.tolist() == [1, 0, -1]
    np.testing.assert_allclose(got.lost_time, [2.0, 13.0, np.nan])


def test_lost_at_once_where_the_field_is_not_defined():
    got = orbits.trace_ensemble(EARTH, "proton", [[0, 0, 0], [2e7, 0, 0]], [1e6, 0, 0], 1.0, dt=0.01)
    assert got.lost_by.tolist() == [-2, -1]
    assert got.lost_time[0] == 0.0


def test_a_thousand_samples_and_more():
    times = np.linspace(0, 1.0, 2001)
    got = orbits.trace_ensemble(EARTH, "proton", [2e7, 0, 0], [1e6, 0, 0], 1.0, dt=5e-4, times=times)
    assert got.position.shape == (1, 2001, 3)
    with pytest.raises(ValueError, match="times must be a step apart"):
        orbits.trace_ensemble(EARTH, "proton", [2e7, 0, 0], [1e6, 0, 0], 1.0, dt=1e-2, times=times)


def test_a_run_with_a_function_of_ones_own_is_the_same_run_in_another_process(tmp_path):
    script = tmp_path / "run.py"
    script.write_text(
        """
import sys, numba
from magneton import orbits
from magneton.orbits.fields import CompiledFunction
@numba.cfunc("void(CPointer(float64), CPointer(float64), CPointer(float64))")
def up(txyz, params, result):
    result[0], result[1], result[2] = 0.0, 0.0, params[0]
kept = [numba.cfunc("void(CPointer(float64), CPointer(float64), CPointer(float64))")(lambda a, b, c: None)
        for _ in range(int(sys.argv[1]))]  # so that the address is another
field = CompiledFunction(up, [1e-3], time_dependent=False, electric=False)
run = orbits.trace_ensemble(field, "proton", [0, 0, 0], [1e4, 0, 0], 1e-6, dt=1e-8, folder=sys.argv[2])
print(run.position[0, -1], run.lost_by[0], run.certificate.drift["energy"].relative < 1e-13)
"""
    )
    said = [
        subprocess.run(
            [sys.executable, script, str(number), tmp_path / "run"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for number in (0, 3)
    ]
    assert said[0] == said[1]
    assert said[0].endswith("-1 True\n")


def test_what_follows_from_an_ensemble_knows_when_each_particle_started():
    field = VaryingUniformField.linear(1e-3, 50.0)
    start = np.array([0.0, 1e-5])
    got = orbits.trace_ensemble(
        field, "proton", [0, 0, 0], [1e4, 0, 0], 1e-6, dt=1e-8, times=[0, 1e-6], start=start
    )
    strength = 1e-3 + 50.0 * (start[:, None] + got.time)
    np.testing.assert_allclose(np.linalg.norm(got.B, axis=-1), strength, rtol=1e-12)
    speed2 = np.sum(got.velocity**2, axis=-1)
    np.testing.assert_allclose(got.mu, 0.5 * orbits.proton.mass * speed2 / strength, rtol=1e-8)
    assert got.mu_gyrocentre.shape == got.pitch_angle.shape == (2, 2)
    assert repr(got) == "<Ensemble: 2 proton, 2 samples to 1e-06 s>"


def test_coils_move_charges_as_their_field_says():
    coil = CircularLoop(
        0.5, current=1e4, position=[0.1, 0, 0.2], orientation=Rotation.from_rotvec([0.3, 0.2, -0.7])
    )
    points = np.random.default_rng(1).normal(size=(150, 3))
    field = as_field(coil)
    for many in (points, points[:3]):
        np.testing.assert_allclose(field.B(many), coil.B(many), rtol=1e-13, atol=1e-18)
    np.testing.assert_allclose(field.grad_B(points), coil.grad_B(points), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(field.A(points), coil.A(points), rtol=1e-12, atol=1e-16)


def test_the_certificate_counts_the_electric_potential_to_the_end():
    hill = ParallelE(-50.0, 1.0)
    got = orbits.trace_ensemble(
        [UniformField([0, 0, 1e-3]), hill], "proton", [0, 0, -3.0], [0, 0, 1e5], 6e-5, dt=1e-8
    )
    assert got.energy[0, -1] > 1.5 * 0.5 * orbits.proton.mass * 1e10  # it fell down the hill
    assert got.certificate.drift["energy"].relative < 1e-6
    np.testing.assert_allclose(got.certificate.drift["energy"].scale, got.energy.max(), rtol=1e-9)


def test_lost_particles_keep_the_velocity_they_were_lost_with():
    wall = orbits.AbsorbingHalfSpace([0, 0, 1.0], [0, 0, 1])
    fall = [UniformField([0, 0, 1e-3]), UniformE([0, 0, 100.0])]
    got = orbits.trace_ensemble(
        fall, "proton", [[0, 0, 0], [0, 0, -1e3]], [0, 0, 1e4], 1e-4, dt=1e-7, times=[5e-5, 1e-4], walls=wall
    )
    assert got.lost.tolist() == [True, False]  # one goes on, and the block with it
    expected = np.sqrt(1e8 + 2 * orbits.proton.charge / orbits.proton.mass * 100.0 * got.position[0, 0, 2])
    np.testing.assert_allclose(got.velocity[0, :, 2], expected, rtol=1e-6)
