"""The hand-over between guiding centres and full orbits."""

import math

import numpy as np
import pytest

from magneton import Dipole, UniformField, constants, orbits
from magneton.orbits._guiding_state import guiding_state, particle_state
from magneton.orbits._gyrocentre import mu_gyrocentre
from magneton.orbits._handover import ring_ratio
from magneton.orbits._trace import trace
from magneton.orbits.fields import LinearField, SheetStep, UniformE, as_field
from magneton.orbits.guiding import trace_guiding_centre
from magneton.orbits.handover import gyrophase_average, trace_hybrid

C = float(constants.c)
PROTON, MU = orbits.proton, 1.672622e-7
B = 5e-9
SHEET = SheetStep((0.6 * B, 0.0, 0.8 * B), (0.0, 0.6 * B, 0.8 * B), 5e5)
CENTRE, END = np.array([0.0, 0.0, -2e7]), 30.0
EARTH = Dipole((0.0, 0.0, -8e22))


def start(phase):
    return particle_state(SHEET, PROTON, CENTRE, np.float64(2e6), np.float64(MU), phase, 0.0)


def test_a_sheet_scatters_mu_of_hybrid_orbits_as_it_does_that_of_full_ones():
    count = 12
    exact = []
    for k in range(count):
        orbit = trace(SHEET, "proton", *start(2.0 * math.pi * k / count), END, times=[END])
        exact.append(mu_gyrocentre(SHEET, "proton", orbit.position[-1], orbit.velocity[-1])[()])
    exact = np.array(exact) / MU
    average = gyrophase_average(SHEET, "proton", *start(0.7), END, phases=count, threshold=0.03)
    assert average.mu_before == pytest.approx(MU, rel=1e-9)
    kinds = [segment.kind for segment in average.orbits[0].segments]
    assert kinds == ["guiding centre", "full", "guiding centre"]
    # Means over evenly spaced phases converge faster than any power; what differs is the hand-over.
    assert exact.std() > 1.0
    assert average.mean_mu / MU == pytest.approx(exact.mean(), rel=3e-3)
    assert average.spread_mu / MU == pytest.approx(exact.std(), rel=1e-2)
    assert np.mean((average.mu / MU) ** 3) == pytest.approx(np.mean(exact**3), rel=1e-2)
    for orbit in average.orbits:
        assert np.ptp(orbit.energy) < 1e-11 * orbit.energy[0]


def test_a_gyrophase_that_is_drawn_comes_from_the_seed():
    runs = [trace_hybrid(SHEET, "proton", *start(0.0), END, seed=seed) for seed in (1, 1, 2)]
    ends = [run.mu_gyrocentre[-1] for run in runs]
    assert ends[0] == ends[1] != ends[2]
    given = trace_hybrid(SHEET, "proton", *start(0.0), END, gyrophase=1.0)
    assert given.time[0] == 0.0
    assert given.time[-1] == END
    assert len(given.handover_time) == 2
    switch = given.full[:-1] != given.full[1:]
    np.testing.assert_array_equal(given.time[:-1][switch], given.time[1:][switch])
    again = given(given.time[1:][switch] + 1e-6)
    np.testing.assert_allclose(again[0], given.position[1:][switch], atol=10.0)
    np.testing.assert_allclose(again[1], given.velocity[1:][switch], atol=10.0)
    assert given.drift["energy"] < 1e-11
    assert given.to_xarray().full.sum() == given.full.sum()
    # A particle is not where its guiding centre is, and has its speed.
    apart = np.linalg.norm(np.diff(given.position, axis=0)[switch], axis=1)
    rho = np.sqrt(2.0 * PROTON.mass * given.mu_gyrocentre[:-1][switch] / B) / PROTON.charge
    np.testing.assert_allclose(apart, rho, rtol=0.05)


def test_where_the_guiding_centre_holds_it_is_all_there_is():
    position, velocity = (3e7, 0.0, 0.0), (1e6, 3e6, 4e6)
    hybrid = trace_hybrid(EARTH, "proton", position, velocity, 30.0, seed=1, max_step=100.0)
    alone = trace_guiding_centre(EARTH, "proton", position, velocity, 30.0, at="particle", rtol=1e-12)
    assert [segment.kind for segment in hybrid.segments] == ["guiding centre"]
    np.testing.assert_allclose(hybrid.position[-1], alone.position[-1], rtol=1e-10)
    assert not hybrid.full.any()
    fast = trace_hybrid(EARTH, "proton", (1e8, 0.0, 0.0), (1e7, 3e7, 4e7), 1.0, seed=1)
    assert fast.full.all()
    np.testing.assert_array_equal(fast.position[0], (1e8, 0.0, 0.0))


def test_a_thin_sheet_is_seen_from_where_a_particle_would_meet_it():
    thin = SheetStep((0.6 * B, 0.0, 0.8 * B), (0.0, 0.6 * B, 0.8 * B), 1e2)
    rho = math.sqrt(2.0 * PROTON.mass * MU / B) / PROTON.charge
    # The ring is tilted: it reaches 0.6 of its radius along z.
    heights = np.array([-1.2 * 0.6 * rho, -3.0 * 0.6 * rho])
    places = np.stack([0 * heights, 0 * heights, heights], axis=-1)
    ratio = ring_ratio(thin, PROTON, places, np.zeros(2), np.full(2, MU), np.zeros(2))
    assert ratio[0] > 0.3
    assert ratio[1] < 1e-6
    nowhere = ring_ratio(as_field(EARTH), PROTON, np.zeros((1, 3)), np.zeros(1), np.full(1, MU), np.zeros(1))
    assert nowhere[0] == math.inf


def test_a_particle_at_a_null_has_no_guiding_centre():
    null = LinearField((0.0, 0.0, 0.0), np.diag([1e-3, 1e-3, -2e-3]))
    orbit = trace_hybrid(null, "proton", (0.0, 0.0, 0.0), (0.0, 0.0, 1e4), 1e-6, seed=1)
    assert orbit.full.all()
    np.testing.assert_allclose(orbit.position[-1], (0.0, 0.0, 0.01), rtol=1e-12)


def test_defaults_draw_nothing_where_nothing_is_handed_over():
    orbit = trace_hybrid(EARTH, "proton", (3e7, 0.0, 0.0), (0.0, 0.0, 4e6), 1.0, max_step=100.0)
    assert not orbit.full.any()
    with pytest.raises(
        ValueError, match="seed must be given to draw the gyrophase; or give gyrophase in radian"
    ):
        trace_hybrid(SHEET, "proton", *start(0.0), END)


def test_what_flies_along_a_bent_line_is_handed_over_with_its_energy():
    x = np.array([3e7, 0.0, -4e7])
    v = 5e6 * EARTH.B(x) / np.linalg.norm(EARTH.B(x))
    orbit = trace_hybrid(EARTH, "proton", x, v, 15.0, gyrophase=0.0, max_step=1.0)
    assert [segment.kind for segment in orbit.segments] == ["guiding centre", "full"]
    assert orbit.drift["energy"] < 1e-11


@pytest.mark.parametrize("part", [0.0, 0.01])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_fast_electrons_keep_their_energy_at_hand_overs_with_E_forward_and_back(part, sign):
    strength = 1e-3
    v = float(orbits.speed("electron", 5e6 * constants.e))
    rho = v / math.sqrt(1.0 - (v / C) ** 2) * constants.m_e / (constants.e * strength)
    sheet = SheetStep((0.3 * strength, 0.0, strength), (-0.3 * strength, 0.0, strength), 3.0 * rho)
    field = as_field([sheet, UniformE((0.0, part * C * strength, 0.0))])
    b = np.array([0.3, 0.0, 1.0]) / math.hypot(0.3, 1.0)
    x, w = np.array([0.0, 0.0, -20.0 * sign * rho]), v * (math.cos(0.8) * b + [0.0, math.sin(0.8), 0.0])
    duration = sign * 60.0 * rho / v
    orbit = trace_hybrid(field, "electron", x, w, duration, gyrophase=1.0, threshold=0.05)
    assert [segment.kind for segment in orbit.segments] == ["guiding centre", "full", "guiding centre"]
    # Of the drift E x B the guiding centre has no energy: gamma (v_E/c)^2/2 of (gamma - 1).
    assert orbit.drift["energy"] < 1e-12 + 1.1 * 0.5 * part**2 * 1.1
    # It left where the ratio came to the threshold, with the momentum that it has there.
    left = orbit.segments[0].orbit
    u = left.parallel_proper_velocity[-1:]
    ratio = ring_ratio(field, orbits.electron, left.position[-1:], u, left.mu[-1:], left.time[-1:])
    assert ratio[0] == pytest.approx(0.05, rel=1e-6)
    entered = orbit.segments[1].orbit
    last = entered.position[-1:], entered.velocity[-1:]
    state = guiding_state(field, orbits.electron, *last, entered.time[-1:], "particle")
    assert ring_ratio(field, orbits.electron, *state, entered.time[-1:])[0] == pytest.approx(0.04, rel=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gyrophase": "some"}, 'gyrophase must be a number in rad or "random"'),
        ({"gyrophase": "random", "seed": -1}, "seed must be"),
        ({"max_segments": 0}, "max_segments must be"),
        ({"threshold": 1.5}, "threshold must lie"),
        ({"max_step": 0.0}, "max_step must be positive"),
        ({"duration": 0.0}, "duration must not be zero"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(change, message):
    arguments = {"duration": 1.0, "seed": 1} | change
    with pytest.raises(ValueError, match=message):
        trace_hybrid(UniformField((0, 0, 1e-3)), "proton", (0, 0, 0), (1e4, 0, 0), **arguments)
    with pytest.raises(ValueError, match="phases must be"):
        gyrophase_average(EARTH, "proton", (3e7, 0, 0), (1e4, 0, 0), 1.0, phases=0)
