"""Sweeps: products, several parameters in step, units, defaults that are filled in."""

import numpy as np
import pytest

from magneton.scene import SceneError, read_scene, run_scene

HEAD = """
[sources.a]
type = "CircularLoop"
radius = "10 cm"
current = "1 A"
[sources.b]
type = "Dipole"
moment = [0, 0, 1]
position = [0, 0, 1]
[sources.both]
type = "Collection"
sources = ["a", "b"]
"""


def moments(sweep, source="b"):
    text = f'{HEAD}\n[compute.m]\ntype = "moment"\nsource = "{source}"\n{sweep}'
    return run_scene(read_scene(text))["m"]


def test_outer_product_keeps_the_order_of_the_file():
    data = moments("""
        [compute.m.sweep.first]
        parameter = "sources.b.moment.0"
        values = [1, 2]
        [compute.m.sweep.second]
        parameter = "sources.b.moment.1"
        values = [3, "4 J/T", "5000 erg/G"]
    """)
    assert data.moment.dims == ("first", "second", "component")
    assert data.moment.sel(first=2, second=5).values.tolist() == [2, 5, 1]
    assert data["first"].attrs == {"long_name": "first", "units": "A m^2"}


def test_times_scales_what_the_axis_shows():
    data = moments("""
        [compute.m.sweep.s]
        label = "m / m0"
        parameter = "sources.b.moment.2"
        times = "2 A m^2"
        start = 1
        stop = 100
        count = 3
        spacing = "log"
    """)
    assert data.s.values == pytest.approx([1, 10, 100])
    assert data.moment.sel(component="z").values == pytest.approx([2, 20, 200])
    assert data.s.attrs == {"long_name": "m / m0", "units": "1"}


def test_one_value_may_go_to_several_parameters():
    data = moments("""
        [compute.m.sweep.s]
        parameter = ["sources.b.moment.0", "sources.b.moment.1"]
        values = [7]
    """)
    assert data.moment.values.tolist() == [[7, 7, 1]]


def test_set_zips_and_labels():
    data = moments("""
        [compute.m.sweep.case]
        labels = ["up", "down"]
        set."sources.b.moment" = [[0, 0, 1], [0, 0, "-1 J/T"]]
        set."sources.a.radius" = [1, "2 m"]
    """)
    assert data.case.values.tolist() == ["up", "down"]
    assert data.moment.sel(case="down").values.tolist() == [0, 0, -1]


def test_set_without_labels_counts():
    data = moments('[compute.m.sweep.case]\nset."sources.b.moment" = [[0, 0, 1], [0, 0, 2]]')
    assert data.case.values.tolist() == ["1", "2"]


def test_a_key_left_out_in_the_file_starts_from_its_default():
    data = moments('[compute.m.sweep.s]\nparameter = "sources.b.rotation.0"\nvalues = ["90 deg"]')
    assert data.moment.values == pytest.approx(np.array([[0, -1, 0]]), abs=1e-15)
    assert moments(
        '[compute.m.sweep.s]\nset."sources.a.axis" = [[0, 2, 0]]', "a"
    ).moment.values == pytest.approx(np.array([[0, np.pi * 0.01, 0]]), abs=1e-17)


def test_collections_follow_their_members():
    data = moments('[compute.m.sweep.s]\nparameter = "sources.b.moment.2"\nvalues = [1, 2, 3]', "both")
    assert np.diff(data.moment.sel(component="z")) == pytest.approx([1, 1])


def test_the_order_of_sweeps_does_not_change_results():
    one = '[compute.m.sweep.p]\nparameter = "sources.b.moment.0"\nvalues = [1, 2]\n'
    two = '[compute.m.sweep.q]\nparameter = "sources.a.radius"\nvalues = [1, 2, 3]\n'
    a, b = moments(one + two, "both"), moments(two + one, "both")
    assert np.array_equal(
        a.moment.transpose("p", "q", "component"), b.moment.transpose("p", "q", "component")
    )


def test_every_point_is_checked_before_anything_is_computed():
    with pytest.raises(SceneError, match=r"sources\.a\.radius: must be positive, got -1\.0 \(at s = -1\)"):
        moments('[compute.m.sweep.s]\nparameter = "sources.a.radius"\nvalues = [1, -1]')


def test_physics_that_fails_names_the_point():
    text = f"""{HEAD}
        [compute.f]
        type = "interaction"
        source = "b"
        target = "c"
        [compute.f.sweep.s]
        parameter = "sources.c.position.2"
        values = [2, 1]
        [sources.c]
        type = "Dipole"
        moment = [0, 0, 1]
    """
    with pytest.raises(SceneError, match=r"compute\.f: .*must not touch.* \(at s = 1\)"):
        run_scene(read_scene(text))
