"""What a run refuses, and that nothing is overwritten unasked."""

import json
import os
import socket
from pathlib import Path

import numpy as np
import pytest

from magneton import constants, runs
from runs.simple_run import SPEC, execute, inputs, work


def snapshot(folder):
    return {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"spec": {**SPEC, "steps": 41}}, r"spec\.steps is 40 there and 41 here"),
        ({"spec": {**SPEC, "reach": 1.0}}, r"spec\.reach is 'inf' there and 1\.0 here"),
        ({"spec": {"seed": 5, "steps": 40}}, r"spec\.reach is only there"),
        ({"spec": {**SPEC, "field": "dipole"}}, r"spec\.field is only here"),
        ({"inputs": {"start": inputs()["start"] + 1e-16}}, r"inputs\.start has other values here than there"),
        (
            {"inputs": {"start": inputs()["start"][:10]}},
            r"inputs\.start\.shape\[0\] is 1000 there and 10 here",
        ),
        ({"count": 1001}, "count is 1000 there and 1001 here"),
        ({"item": "spin"}, "item is 'particle' there and 'spin' here"),
        ({"resume": False}, "must not hold a run with resume=False"),
    ],
)
def test_another_run_is_refused(finished, changes, message):
    before = snapshot(finished)
    with pytest.raises(ValueError, match=message):
        execute(finished, **changes)
    assert snapshot(finished) == before


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished") / "run"
    execute(folder)
    return folder


@pytest.mark.parametrize("name", ["thesis.tex", "run.lock", "chunk-000000.npz"])
def test_a_folder_with_other_things_is_left_alone(tmp_path, name):
    (tmp_path / name).write_text("years of work")
    with pytest.raises(ValueError, match="folder must be empty or that of a run"):
        execute(tmp_path)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, "years of work")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is damaged"),
        ("[]", "not a run's"),
        ('{"format": "web app"}', "not a run's"),
        ('{"format": "magneton run", "format_version": 2}', "format version 1, got 2"),
        ('{"format": "magneton run", "format_version": 1}', "lacks arrays, chunk"),
    ],
)
def test_other_manifests_are_refused(tmp_path, text, message):
    (tmp_path / "manifest.json").write_text(text)
    for use in (execute, runs.load):
        with pytest.raises(ValueError, match=message):
            use(tmp_path)
    assert (tmp_path / "manifest.json").read_text() == text


def test_places_where_no_folder_can_be(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    for folder, message in [
        (tmp_path / "file", "must be a folder, got the file"),
        (tmp_path / "file" / "run", "can be made"),
        (tmp_path / "no" / "run", "directory that exists"),
    ]:
        with pytest.raises(ValueError, match=message):
            execute(folder)
    with pytest.raises(ValueError, match="must hold a run to resume"):
        execute(tmp_path / "new", resume=True)
    with pytest.raises(ValueError, match="No such file"):
        runs.load(tmp_path / "new")
    with pytest.raises(ValueError, match="folder must be a path or None, got 3"):
        execute(3)
    assert not (tmp_path / "new").exists()

    def denied(*arguments, **keywords):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "closed").mkdir()
    monkeypatch.setattr(os, "open", denied)  # root may write anywhere
    with pytest.raises(ValueError, match=r"can be written to, got .*closed: Permission denied"):
        execute(tmp_path / "closed")
    monkeypatch.setattr(Path, "mkdir", denied)
    with pytest.raises(ValueError, match=r"can be made, got .*new: Permission denied"):
        execute(tmp_path / "new")


def test_one_process_at_a_time(tmp_path):
    def nested(start, stop):
        with pytest.raises(ValueError, match=f"folder must not be in use, got .*process {os.getpid()} on"):
            execute(tmp_path)
        return work(start, stop)

    execute(tmp_path, nested, chunk=1000)


@pytest.mark.parametrize(("host", "stale"), [(socket.gethostname(), True), ("elsewhere", False)])
def test_lock_of_a_process_that_is_gone(tmp_path, host, stale):
    (tmp_path / "run.lock").write_text(json.dumps({"pid": 1, "host": host}))
    if stale:
        execute(tmp_path)
        assert not (tmp_path / "run.lock").exists()
    else:
        with pytest.raises(ValueError, match=r"process 1 on elsewhere was at work; .* remove .*run\.lock"):
            execute(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["run.lock"]


def itself():
    spec = {}
    spec["itself"] = spec
    return spec


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ([1], "spec must be a dict"),
        ({"field": {"of": [object()]}}, r"spec\.field\.of\[0\] must be a number, text, list or dict"),
        ({"a": {1: 2}}, r"spec\.a must have texts for keys, got 1"),
        ({"a": 1j}, r"spec\.a must be a number"),
        ({"a": np.zeros(1001)}, r"spec\.a must have at most 1000 elements, got 1001; .* inputs"),
        (itself(), "spec must not contain itself"),
    ],
)
def test_specs_that_are_no_data(tmp_path, spec, message):
    with pytest.raises(ValueError, match=message):
        execute(tmp_path / "run", spec=spec)
    assert not (tmp_path / "run").exists()


def test_numpy_and_constants_in_a_spec_are_numbers(tmp_path):
    spec = {
        "n": np.int64(3),
        "b": np.bool_(True),
        "x": np.array([[1.5, np.nan]]),
        "m": constants.m_p,
        "t": (1, None),
    }
    run = execute(tmp_path / "run", spec=spec)
    assert run.spec == {"n": 3, "b": True, "x": [[1.5, "nan"]], "m": float(constants.m_p), "t": [1, None]}
    execute(tmp_path / "run", spec=run.spec, resume=True)


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (None, "must return a dict of arrays or a Chunk, got None"),
        ({}, "must return a dict of arrays"),
        ({"a": np.zeros(3)}, r"must return 2 rows of a, got shape \(3,\)"),
        ({"a": 1.0}, r"must return 2 rows of a, got shape \(\)"),
        ({"a": [None, None]}, "numbers or texts as a, got dtype object"),
        ({"../a": [1, 2]}, r"identifiers .*, got '\.\./a'"),
        ({"file": [1, 2]}, r"identifiers .*, got 'file'"),
        ({"item": [1, 2]}, "item must not be the name of an array"),
    ],
)
def test_chunks_that_cannot_be_kept(result, message):
    with pytest.raises(ValueError, match=message):
        runs.execute(None, {}, 2, lambda start, stop: result)


@pytest.mark.parametrize(
    ("shapes", "words", "message"),
    [
        ({"b": (2,)}, {"units": {"a": "m"}}, "units must be of b, got a"),
        ({"a": (2,)}, {"dims": {"a": ["x"]}}, r"dims\['a'\] must name 0 axes after the first, got \['x'\]"),
        ({"a": (2, 1), "x": (2,)}, {"dims": {"a": ["x"]}}, r"dims\['a'\] .* and no arrays, got 'x'"),
        ({"a": (2, 1), "b": (2, 2)}, {"dims": {"a": ["x"], "b": ["x"]}}, r"dims\['b'\] .* axes of one size"),
    ],
)
def test_words_that_do_not_fit_the_arrays(shapes, words, message):
    with pytest.raises(ValueError, match=message):
        runs.execute(None, {}, 2, lambda start, stop: {k: np.zeros(v) for k, v in shapes.items()}, **words)


def test_all_chunks_have_the_same_arrays():
    with pytest.raises(ValueError, match=r"same arrays .* arrays\.a\.dtype is '<i8' there and '<f8' here"):
        runs.execute(None, {}, 2, lambda start, stop: {"a": [0 if start == 0 else 0.5]}, chunk=1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"count": -1}, "count must be a whole number of at least 0, got -1"),
        ({"count": 2.0}, r"count must be a whole number .*, got 2\.0"),
        ({"chunk": 0}, "chunk must be a whole number of at least 1, got 0"),
        ({"chunk": True}, "chunk must be a whole number"),
        ({"item": "a thing"}, "item must be a name"),
        ({"resume": "yes"}, 'resume must be "auto", True or False'),
        ({"resume": True}, "without a folder"),
        ({"work": 3}, "work must be callable"),
        ({"inputs": {"x": [{}]}}, r"inputs\['x'\] must be an array of numbers"),
    ],
)
def test_arguments(changes, message):
    with pytest.raises(ValueError, match=message):
        execute(None, **changes)
