"""What a run returns: arrays, a manifest, a certificate; and what it shows meanwhile."""

import io
import json
import math
import random
import sys

import numpy as np
import pytest

from magneton import runs
from magneton.runs import Certificate, Drift, progress, relative_drift
from runs.simple_run import COUNT, SPEC, UNITS, execute, work


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    return execute(tmp_path_factory.mktemp("finished"))


def test_chunks_do_not_change_the_results(finished, tmp_path):
    whole = work(0, COUNT).arrays
    for run in (finished, execute(None, chunk=7), execute(tmp_path, chunk=10**9)):
        for name, array in whole.items():
            np.testing.assert_array_equal(run[name], array, strict=True)
            assert not run[name].flags.writeable


def test_results_do_not_share_memory_with_what_work_returns():
    buffer = np.empty(2)

    def reuses(start, stop):
        buffer[:] = start, start + 1
        return {"a": buffer[: stop - start]}

    run = runs.execute(None, {}, 5, reuses, chunk=2)
    np.testing.assert_array_equal(run["a"], np.arange(5.0))
    assert run["a"].base is run["a"].base  # not put together anew
    with pytest.raises(ValueError, match="read-only"):
        next(run.chunks())[2]["a"][0] = 7


def test_no_items_make_empty_arrays(tmp_path):
    def three(start, stop):
        return {"a": np.zeros((stop - start, 3))}

    for folder in (None, tmp_path):
        run = runs.execute(folder, {}, 0, three)
        assert run.complete
        assert run["a"].shape == (0, 3)


def test_chunks_are_read_with_numpy_alone(finished):
    folder = finished._store.folder
    arrays = [np.load(path, allow_pickle=False)["energy"] for path in sorted(folder.glob("chunk-*.npz"))]
    np.testing.assert_array_equal(np.concatenate(arrays), finished["energy"])


def test_manifest_is_json_and_says_all(finished):
    def refuse(constant):
        raise AssertionError(constant)

    text = (finished._store.folder / "manifest.json").read_text()
    manifest = json.loads(text, parse_constant=refuse)
    assert manifest == finished.manifest
    assert manifest["spec"] == {**SPEC, "reach": "inf"}
    assert manifest["arrays"]["position"] == {
        "dtype": "<f8",
        "shape": [3],
        "dims": ["component"],
        "unit": "m",
    }
    assert Certificate.from_dict(manifest["certificate"]) == finished.certificate
    manifest["spec"].clear()
    assert finished.spec["steps"] == 40


def test_time_and_threads_are_no_part_of_the_identity(tmp_path, finished, monkeypatch):
    from magneton import _jit

    monkeypatch.setattr(_jit, "_threads", 7)
    again = execute(tmp_path)
    assert again.certificate.threads == 7
    there, here = finished.manifest, again.manifest
    for name in ("spec", "spec_sha256", "inputs", "arrays"):
        assert there[name] == here[name]
    assert [entry["sha256"] for entry in there["chunks"].values()] == [
        entry["sha256"] for entry in here["chunks"].values()
    ]


def test_names(finished):
    assert "energy" in finished
    assert list(finished) == ["energy", "position", "bounces"]
    with pytest.raises(KeyError, match="name must be among energy, position, bounces, got 'mu'"):
        finished["mu"]


def test_xarray(finished):
    data = finished.to_xarray()
    assert dict(data.sizes) == {"particle": COUNT, "component": 3}
    assert {name: data[name].attrs.get("units") for name in data} == {**UNITS, "bounces": None}
    assert json.loads(data.attrs["spec"])["seed"] == 5
    assert list(finished.to_xarray("energy")) == ["energy"]


def test_certificate_of_a_run(finished):
    certificate = finished.certificate
    energy = finished["energy"]
    before = work(0, COUNT).drift["energy"]
    assert certificate.drift == {"energy": before}
    assert certificate.worst == before.relative > 0
    assert certificate.worst_quantity == "energy"
    assert certificate.steps == {"maps": 40 * len(energy)}
    assert certificate.seed == 5
    assert certificate.wall_time > 0
    assert set(certificate.versions) == {"magneton", "numpy", "numba", "python"}
    text = str(certificate)
    for part in ("energy", " J", "40000 maps", "seed 5", "CODATA 2022", f"numpy {np.__version__}"):
        assert part in text


def test_certificates_merge_in_any_order():
    pieces = [
        Certificate({"e": Drift(1e-9, 2.0, "J")}, {"push": 3}, {"numpy": "1"}, threads=2, wall_time=1.0),
        Certificate({"e": Drift(3e-9, 1.0, "J"), "mu": Drift(math.inf, 2.0)}, {"push": 4}, {"numpy": "2"}),
        Certificate({"e": Drift(2e-9, 9.0, "J"), "mu": Drift(math.nan, 1.0)}, {"kick": 5}, {"numpy": "1"}),
    ]
    for seed in range(6):
        random.Random(seed).shuffle(pieces)
        merged = pieces[0].merge(pieces[1]).merge(pieces[2])
        assert merged.drift["e"] == Drift(3e-9, 1.0, "J")
        assert math.isnan(merged.drift["mu"].relative)  # what is lost is worse than what has moved far
        assert math.isnan(merged.worst)
        assert merged.worst_quantity == "mu"
        assert merged.steps == {"push": 7, "kick": 5}
        assert sorted(merged.versions["numpy"].split(" and ")) == ["1", "2"]
        assert (merged.threads, merged.wall_time) == (2, 1.0)
        text = json.dumps(merged.to_dict(), allow_nan=False)
        assert str(Certificate.from_dict(json.loads(text))) == str(merged)
    with pytest.raises(ValueError, match="other must have the seed None, got 3"):
        pieces[0].merge(Certificate(seed=3))
    assert Certificate().worst == 0.0


def test_relative_drift():
    assert relative_drift([2.0, -4.0], [[2.0, 2.2], [-4.0, -3.0]], unit="J") == Drift(0.25, 4.0, "J")
    assert relative_drift([2.0, -4.0], [2.5, -4.0], scale=10.0) == Drift(0.05, 10.0)
    assert relative_drift([0.0], [0.0]) == Drift(0.0, 0.0)
    assert relative_drift([0.0, 1.0], [1e-300, 1.0]).relative == math.inf
    assert math.isnan(relative_drift([1.0, 1.0], [math.nan, 9.0]).relative)
    assert relative_drift([], []) == Drift(0.0, 0.0)
    with pytest.raises(ValueError, match=r"got \(2,\) and \(3,\)"):
        relative_drift([1, 2], [1, 2, 3])


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_progress_is_silent_unless_there_is_a_terminal(capsys):
    execute(None)
    execute(None, progress=False)
    assert capsys.readouterr() == ("", "")
    execute(None, progress=True)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("1000 of 1000 particles, 100 %, ")
    assert err.endswith("/s, 0:00:00 left\n")


def test_progress_bar_leaves_stdout_alone(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stderr", Terminal())
    execute(None, lambda start, stop: print("chunk") or work(start, stop), progress=None)
    assert "1000 particles" in sys.stderr.getvalue()
    assert capsys.readouterr().out == "chunk\n" * 12
    monkeypatch.setattr(sys, "stderr", Terminal())
    execute(None, progress=False)
    assert sys.stderr.getvalue() == ""


def test_progress_counts_what_was_done_before_but_not_as_fast(tmp_path, monkeypatch):
    seen = []
    with pytest.raises(KeyError):
        execute(tmp_path, lambda start, stop: work(start, stop) if start < 900 else {}["nothing"])
    execute(tmp_path, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(990, 1000), (1000, 1000)]
    monkeypatch.setattr(progress.time, "perf_counter", iter([0.0, 2.0]).__next__)
    assert progress.Pace("spin", 1000, 900).words(950) == "950 of 1000 spins, 95 %, 25/s, 0:00:02 left"
