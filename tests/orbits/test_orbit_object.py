"""What an orbit is as an object: kept, printed, and asked at its edges."""

import pickle

import numpy as np
import pytest

from magneton import UniformField, orbits
from magneton.orbits import events
from magneton.orbits.fields import ParallelE, UniformE, VaryingUniformField

B0 = 1e-3
FIELD = UniformField([0, 0, B0])
SLOW = [0, 0, 0], [1e4, 0, 1e4]


def test_an_orbit_that_stopped_can_be_sent_to_another_process():
    with pytest.raises(orbits.OrbitStopped) as caught:
        orbits.trace(FIELD, "proton", *SLOW, 1.0, max_steps=10)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert type(copy) is orbits.OrbitStopped
    assert str(copy) == str(caught.value)
    np.testing.assert_array_equal(copy.orbit.position, caught.value.orbit.position)


def test_times_outside_are_named_as_plain_numbers():
    orbit = orbits.trace(FIELD, "proton", *SLOW, 1e-4)
    with pytest.raises(ValueError, match=r"t must lie between 0\.0 and 0\.0001 s, got 1"):
        orbit(1.0)


def test_a_particle_at_rest_on_top_of_a_hill_loses_nothing():
    hill = [FIELD, ParallelE(-10.0, 1.0, "hill")]
    orbit = orbits.trace(hill, "electron", [0, 0, 0], [0, 0, 0], 1e-6)
    assert orbit.drift == {"energy": 0.0}


def test_mu_is_that_of_the_gyration_in_crossed_fields():
    """A particle at rest in E x B drifts on a cycloid: v_E about the drift, mu = m v_E^2/2B at all times."""
    orbit = orbits.trace([FIELD, UniformE([0, 10.0, 0])], "proton", [0, 0, 0], [0, 0, 0], 2e-4)
    mu = 0.5 * orbits.proton.mass * (10.0 / B0) ** 2 / B0
    np.testing.assert_allclose(orbit.mu, mu, rtol=1e-7)


def test_a_certificate_says_when_there_was_nothing_to_check():
    changing = orbits.trace(VaryingUniformField.linear(B0, 1.0), "proton", *SLOW, 1e-4)
    words = str(changing.certificate)
    assert words.startswith("Nothing was checked: no quantity is known to be conserved in this field\nSteps:")
    assert "Computed with" in words
    kept = str(orbits.trace(FIELD, "proton", *SLOW, 1e-4).certificate)
    assert kept.startswith("Largest relative drift")


def test_events_offers_its_classes_alone():
    assert all(isinstance(getattr(events, name), type) for name in events.__all__)
    kinds = {kind.__name__ for kind in events.Event.__subclasses__() if kind.__module__ == events.__name__}
    assert set(events.__all__) == kinds | {"Event", "EventRecord"}
