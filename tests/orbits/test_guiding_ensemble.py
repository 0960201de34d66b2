"""Many guiding centres: each as if it were alone, over threads, chunks and interruptions."""

import math

import numba
import numpy as np
import pytest

from magneton import Dipole, constants, orbits
from magneton._jit import get_threads, set_threads
from magneton.orbits.fields import CompiledFunction, UniformE, VaryingUniformField
from magneton.orbits.guiding import trace_guiding_centre
from magneton.orbits.guiding_ensemble import trace_guiding_centre_ensemble

EARTH = Dipole((0.0, 0.0, -8e22))
ANGLES = np.linspace(0.3, 1.5, 6)
VELOCITY = 1e7 * np.stack([0.1 + 0 * ANGLES, np.sin(ANGLES), np.cos(ANGLES)], axis=-1)
TIMES = [0.0, 3.0, 3.1, 20.0]


def run(**options):
    return trace_guiding_centre_ensemble(
        EARTH, "proton", (3e7, 0.0, 0.0), VELOCITY, 20.0, times=TIMES, **options
    )


def test_each_goes_as_if_alone_whatever_the_threads_and_chunks():
    ensemble = run()
    for i, v in enumerate(VELOCITY):
        orbit = trace_guiding_centre(EARTH, "proton", (3e7, 0.0, 0.0), v, 20.0, times=TIMES)
        np.testing.assert_array_equal(ensemble.position[i], orbit.position)
        np.testing.assert_array_equal(ensemble.parallel_proper_velocity[i], orbit.parallel_proper_velocity)
        np.testing.assert_allclose(ensemble.energy[i], orbit.energy, rtol=1e-15)
        np.testing.assert_array_equal(ensemble.velocity[i], orbit.velocity)
        np.testing.assert_allclose(ensemble.parallel_velocity[i], orbit.parallel_velocity, rtol=1e-15)
        assert ensemble.mu[i] == orbit.mu[0]
    assert not ensemble.lost.any()
    assert ensemble.certificate.drift["energy"].relative < 1e-12
    threads = get_threads()
    try:
        set_threads(3)
        other = run(chunk=4)
    finally:
        set_threads(threads)
    np.testing.assert_array_equal(other.position, ensemble.position)
    assert ensemble.to_xarray().position.dims == ("particle", "time", "component")


def test_what_follows_from_the_samples_is_of_each_ones_own_time():
    field = VaryingUniformField.exponential(1.0, 50.0)
    start = np.array([0.0, 0.02])
    ensemble = trace_guiding_centre_ensemble(
        field, "electron", (0.3, 0.1, 0.0), (1e7, 0.0, 2e6), 1e-3, start=start, max_steps=np.int64(10**6)
    )
    for i, begin in enumerate(start):
        orbit = trace_guiding_centre(field, "electron", (0.3, 0.1, 0.0), (1e7, 0.0, 2e6), 1e-3, start=begin)
        assert ensemble.energy[i, 0] == pytest.approx(orbit.energy[-1], rel=1e-14)
        np.testing.assert_allclose(ensemble.velocity[i, 0], orbit.velocity[-1], rtol=1e-13)


def test_a_run_in_a_folder_is_taken_up_again(tmp_path):
    first = run(folder=tmp_path / "run", chunk=2)
    (tmp_path / "run").joinpath(sorted(p.name for p in (tmp_path / "run").glob("*0001*"))[0]).unlink()
    with pytest.warns(UserWarning, match="computed again"):
        again = run(folder=tmp_path / "run", chunk=2)
    np.testing.assert_array_equal(again.position, first.position)
    with pytest.raises(ValueError, match="rtol"):
        run(folder=tmp_path / "run", chunk=2, rtol=1e-9)


@numba.cfunc("void(CPointer(float64), CPointer(float64), CPointer(float64))")
def _half_space(txyz, params, result):
    for i in range(30):
        result[i] = 0.0 if txyz[3] < params[1] else np.nan
    result[2] = params[0]


def test_one_that_meets_the_end_of_the_field_is_lost_there_and_E_counts_in_the_energy():
    field = CompiledFunction(_half_space, [1e-3, 0.7], time_dependent=False, electric=False) + UniformE(
        (0, 0, 5.0)
    )
    velocity = np.array([[1e4, 0.0, 1e5], [1e4, 0.0, -1e6]])
    ensemble = trace_guiding_centre_ensemble(
        field, "proton", np.zeros(3), velocity, 1e-5, times=[1e-6, 1e-5], mu=[1e-20, 0.0]
    )
    np.testing.assert_array_equal(ensemble.lost, [True, False])
    acceleration = constants.e * 5.0 / constants.m_p
    reached = (math.sqrt(1e10 + 2.0 * acceleration * 0.7) - 1e5) / acceleration
    assert ensemble.lost_time[0] == pytest.approx(reached, rel=1e-6)
    assert ensemble.position[0, 1, 2] == pytest.approx(0.7, rel=1e-6)
    np.testing.assert_array_equal(ensemble.mu, [1e-20, 0.0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start": [0.0, 1.0]}, "must have the same length"),
        ({"mu": -1.0}, "mu must not be negative"),
        ({"at": "there"}, "at must be"),
        ({"max_steps": 0}, "max_steps must be"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(change, message):
    with pytest.raises(ValueError, match=message):
        run(**change)
    with pytest.raises(ValueError, match="position must be where B is defined"):
        trace_guiding_centre_ensemble(EARTH, orbits.proton, np.zeros(3), VELOCITY, 1.0)


def test_many_samples_and_an_energy_that_nobody_knows():
    times = np.linspace(0.0, 1.0, 1001)
    got = trace_guiding_centre_ensemble(EARTH, "proton", (3e7, 0.0, 0.0), (0.0, 3e6, 4e6), 1.0, times=times)
    assert got.position.shape == (1, 1001, 3)
    np.testing.assert_array_equal(got.when, times[None])
    unknown = CompiledFunction(_half_space, [1e-3, 0.7], time_dependent=False, electric=True)
    moved = trace_guiding_centre_ensemble(unknown, "proton", np.zeros(3), (1e4, 0.0, -1e5), 1e-6)
    assert dict(moved.certificate.drift) == {}
