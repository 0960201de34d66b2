"""An interrupted run ends with the same arrays, bit for bit, as an unbroken one."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import magneton
from magneton import _files, runs
from runs.simple_run import COUNT, execute, work

UNBROKEN = execute(None)


def files_of(folder):
    return {path.name: path.read_bytes() for path in folder.glob("chunk-*")}


def require_same_results(run):
    """Require the arrays of the unbroken run, to the bit."""
    assert run.complete
    assert run.names == UNBROKEN.names == ("energy", "position", "bounces")
    for name in run.names:
        assert run[name].dtype == UNBROKEN[name].dtype
        assert run[name].tobytes() == UNBROKEN[name].tobytes()
    assert run.certificate.steps == UNBROKEN.certificate.steps
    assert run.certificate.drift == UNBROKEN.certificate.drift


def wait_until(condition, process):
    end = time.monotonic() + 60
    while not condition():
        assert process.poll() is None
        assert time.monotonic() < end
        time.sleep(0.01)


def test_killed_in_the_middle(tmp_path):
    folder = tmp_path / "run"
    environment = {**os.environ, "PYTHONPATH": str(Path(magneton.__file__).parents[1])}
    script = Path(__file__).with_name("simple_run.py")
    with subprocess.Popen([sys.executable, script, folder], env=environment) as process:
        try:
            wait_until(lambda: (folder / "chunk-000003.npz").exists(), process)
            with pytest.raises(ValueError, match=f"in use, got .* process {process.pid} on "):
                execute(folder)
        finally:
            process.kill()
    done = len(runs.load(folder).manifest["chunks"])
    assert 3 <= done <= 6
    assert not runs.load(folder).complete
    assert (folder / "run.lock").read_text()  # what the killed process has left

    computed = []
    run = execute(folder, lambda start, stop: computed.append(start) or work(start, stop))
    assert len(computed) == 12 - done
    require_same_results(run)
    assert len(run.manifest["sessions"]) == 2
    assert [entry["session"] for entry in run.manifest["chunks"].values()] == [0] * done + [1] * (12 - done)
    assert sorted(path.name for path in folder.iterdir()) == [
        *(f"chunk-{i:06d}.npz" for i in range(12)),
        "manifest.json",
    ]


def runs_complete(folder):
    return (folder / "manifest.json").exists() and runs.load(folder).complete


class Killed(BaseException):
    """What a process that is killed would feel."""


@pytest.mark.parametrize("function", ["replace", "fsync"])
def test_stopped_at_any_system_call(tmp_path, monkeypatch, function):
    execute(tmp_path / "unbroken", chunk=400)
    unbroken = files_of(tmp_path / "unbroken")
    real, calls, step = getattr(os, function), 0, 0

    def stops(*arguments):
        nonlocal calls
        calls += 1
        if calls == step:
            raise Killed
        return real(*arguments)

    monkeypatch.setattr(_files.os, function, stops)
    for step in range(1, 100):
        calls, folder = 0, tmp_path / str(step)
        try:
            execute(folder, chunk=400)
        except Killed:
            if not runs_complete(folder):  # what a real kill would leave; this one has cleaned up
                (folder / ".chunk-000001.77.tmp.npz").write_bytes(b"half")
            calls = -1000
            require_same_results(execute(folder, chunk=400))
        else:
            break
        assert files_of(folder) == unbroken
        assert not list(folder.glob(".*"))
    assert 7 <= step < 99  # manifest, three chunks, and the manifest after each


def test_interrupted_by_the_user_and_by_an_error(tmp_path):
    def failing(start, stop, error):
        if start == 450:
            raise error
        return work(start, stop)

    for error in (KeyboardInterrupt, ZeroDivisionError("in the field")):
        with pytest.raises((KeyboardInterrupt, ZeroDivisionError)):
            execute(tmp_path / "run", lambda start, stop, error=error: failing(start, stop, error))
        assert len(runs.load(tmp_path / "run").manifest["chunks"]) == 5
        assert not (tmp_path / "run" / "run.lock").exists()
    require_same_results(execute(tmp_path / "run"))


def test_a_finished_run_is_not_computed_again(tmp_path):
    execute(tmp_path / "run")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "run").iterdir()}

    def never(start, stop):
        raise AssertionError

    require_same_results(execute(tmp_path / "run", never, chunk=7, resume=True))
    require_same_results(runs.load(tmp_path / "run"))
    assert before == {path: path.stat().st_mtime_ns for path in (tmp_path / "run").iterdir()}


@pytest.mark.parametrize("damage", ["one bit", "truncated", "gone"])
def test_damaged_chunk(tmp_path, damage):
    folder = tmp_path / "run"
    execute(folder)
    unbroken = files_of(folder)
    path = folder / "chunk-000004.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(content if damage == "one bit" else content[:100])

    run = runs.load(folder)
    for read in (lambda: run["energy"], run.verify, run.to_xarray):
        with pytest.raises(ValueError, match=r"chunk-000004\.npz (is damaged|cannot be read)"):
            read()
    computed = []
    with pytest.warns(UserWarning, match=r"chunk-000004\.npz .* computed again"):
        run = execute(folder, lambda start, stop: computed.append((start, stop)) or work(start, stop))
    assert computed == [(360, 450)]
    require_same_results(run)
    assert files_of(folder) == unbroken


def test_half_written_files_are_removed_and_unlisted_chunks_not_trusted(tmp_path):
    folder = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        execute(
            folder,
            lambda start, stop: work(start, stop) if start < 360 else signal.raise_signal(2),
        )
    (folder / ".chunk-000004.123.tmp.npz").write_bytes(b"PK\x03\x04")
    (folder / ".manifest.123.tmp.json").write_text("{")
    np.savez(folder / "chunk-000005.npz", energy=np.zeros(90))
    (folder / "notes.txt").write_text("mine")
    require_same_results(execute(folder))
    assert not list(folder.glob(".*"))
    assert (folder / "notes.txt").read_text() == "mine"


def test_partial_results_can_be_seen(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        execute(
            tmp_path / "run", lambda start, stop: work(start, stop) if start < 180 else signal.raise_signal(2)
        )
    run = runs.load(tmp_path / "run")
    pieces = list(run.chunks("energy"))
    assert [(start, stop) for start, stop, _ in pieces] == [(0, 90), (90, 180)]
    np.testing.assert_array_equal(pieces[1][2]["energy"], UNBROKEN["energy"][90:180])
    assert run.certificate.steps == {"maps": 40 * 180}
    assert repr(run) == f"<Run: 180 of {COUNT} particles, energy, position, bounces>"
    with pytest.raises(ValueError, match="run must be complete, got 2 of 12 chunks"):
        run["energy"]


def test_versions_are_not_mixed_unasked(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        execute(tmp_path / "run", lambda start, stop: signal.raise_signal(signal.SIGINT))
    path = tmp_path / "run" / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "magneton": "0.0.1"}))
    with pytest.raises(ValueError, match=r"magneton is '0\.0\.1' there and "):
        execute(tmp_path / "run")


def moments_in_time(start, stop, state):
    """Iterate a chaotic map of two numbers, a row a step; the state has digits that the rows lack."""
    x = np.array([0.2, 0.7]) if state is None else state["x"]
    rows = []
    for _ in range(start, stop):
        x = 3.99 * x * (1 - x)
        rows.append(np.float32(x))
    return runs.Chunk({"x": rows}, state={"x": x})


def in_sequence(folder, work=moments_in_time, **changes):
    return runs.execute(folder, {"map": 3.99}, 100, work, chunk=7, in_sequence=True, **changes)


def test_moments_in_time_go_on_from_the_state_of_the_chunk_before(tmp_path):
    unbroken, folder = in_sequence(None), tmp_path / "run"
    whole = moments_in_time(0, 100, None).arrays["x"]
    np.testing.assert_array_equal(unbroken["x"], whole)

    def interrupted(start, stop, state):
        if start > 40:
            raise KeyboardInterrupt
        return moments_in_time(start, stop, state)

    with pytest.raises(KeyboardInterrupt):
        in_sequence(folder, interrupted)
    begun = []
    resumed = in_sequence(folder, lambda start, *rest: begun.append(start) or moments_in_time(start, *rest))
    assert begun == list(range(42, 100, 7))
    assert resumed.names == ("x",)
    np.testing.assert_array_equal(resumed["x"], whole)

    # A damaged chunk is made anew from the one before it; those after it stand.
    (folder / "chunk-000005.npz").write_bytes(b"")
    begun.clear()
    with pytest.warns(UserWarning, match="chunk-000005"):
        mended = in_sequence(
            folder, lambda start, *rest: begun.append(start) or moments_in_time(start, *rest)
        )
    assert begun == [35]
    np.testing.assert_array_equal(mended["x"], whole)


def test_a_run_in_sequence_needs_a_state():
    with pytest.raises(ValueError, match="a Chunk with a state"):
        in_sequence(None, lambda start, stop, state: {"x": np.zeros(stop - start)})
    with pytest.raises(ValueError, match="identifiers"):
        in_sequence(
            None, lambda start, stop, state: runs.Chunk({"x": np.zeros(stop - start)}, state={"a b": 1})
        )
