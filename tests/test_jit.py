"""The one place that talks to numba: cache key, flag sets, threads, users' own fields."""

import json
import math
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numba
import numpy as np
import pytest

import magneton
from magneton import CircularLoop, Dipole, Dipoles, Polyline, _jit, get_threads, set_threads
from magneton._jit import fma, kernel, parallel_for, summing_kernel
from magneton.numerics.double_double import two_sum
from magneton.summation.batch import evaluate
from magneton.summation.compiled import joined, user_field

PACKAGE = Path(magneton.__file__).parent
rng = np.random.default_rng(20261121)


def run(code, cache, parent=PACKAGE.parent, **variables):
    """Return what a new process prints as JSON, with its own cache of compiled code."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": str(parent), **variables}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(autouse=True)
def _same_threads_after():
    before = get_threads()
    yield
    set_threads(before)


# --- the cache -------------------------------------------------------------------------------------------

EVERYTHING = """
import json
import numpy as np
from magneton import Dipole, _jit, interaction

dipole = Dipole([0.1, 0.2, 1.0])
points = np.array([[0.3, 0.1, 0.2], [1.0, 2.0, 3.0]])
found = interaction(dipole, Dipole([0.0, 1.0, 0.5], [0.0, 0.3, 1.0]))
results = [dipole.B(points), dipole.A(points), dipole.grad_B(points), dipole.scalar_potential(points)]
results += [found.force, found.torque, np.array(found.energy)]
print(json.dumps({"compilations": _jit.compilations(), "results": [r.ravel().tolist() for r in results]}))
"""


ONE_FIELD = """
import json
import numpy as np
from magneton import _jit
from magneton.kernels.field import DIPOLE
from magneton.summation.batch import evaluate
from magneton.summation.compiled import term

field = term(DIPOLE, np.zeros(3), np.array([0.0, 0.0, 1.0]))
print(json.dumps([evaluate(field, "B", np.array([[0.0, 0.0, 1.0]]))[0, 2], _jit.compilations()]))
"""
FIELD = 2.0 * 1.25663706127e-06 / (4.0 * math.pi)


class Copy:
    """A copy of the package to edit: `.run()` gives B of a dipole and the number of compilations.

    Compiling takes seconds, so all tests share one copy, whose code was `compiled` once; `restore` undoes them.
    """

    def __init__(self, folder):
        self.parent, self.cache, self._kept = folder / "src", folder / "cache", folder / "kept"
        self.package = self.parent / "magneton"
        shutil.copytree(PACKAGE, self.package, ignore=shutil.ignore_patterns("__pycache__"))
        self._edited = {}
        self.value, self.compiled = self.run()
        shutil.copytree(self.cache, self._kept)

    def restore(self):
        for path, text in self._edited.items():
            path.write_text(text, encoding="utf-8")
        self._edited.clear()
        shutil.rmtree(self.cache)
        shutil.copytree(self._kept, self.cache)

    def run(self, code=ONE_FIELD, cache=None):
        return run(code, cache or self.cache, self.parent)

    def edit(self, name, old, new):
        path = self.package / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        self._edited.setdefault(path, text)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def files(self, pattern):
        return sorted(self.cache.rglob(pattern))


@pytest.fixture(scope="module")
def shared_copy(tmp_path_factory):
    return Copy(tmp_path_factory.mktemp("copy"))


@pytest.fixture
def copy(shared_copy):
    yield shared_copy
    shared_copy.restore()


def test_a_second_process_compiles_nothing(copy):
    first, second = copy.run(EVERYTHING), copy.run(EVERYTHING)
    assert first["compilations"] > 10
    assert second["compilations"] == 0
    assert second["results"] == first["results"]
    assert np.isfinite(np.concatenate(first["results"])).all()


def test_an_edit_of_a_callee_in_another_file_changes_the_next_result(copy):
    assert copy.value == pytest.approx(FIELD, rel=1e-15)
    assert copy.compiled > 0
    assert copy.run() == [copy.value, 0]
    # The driver is in summation/batch.py, the formula in kernels/dipole.py.
    copy.edit("kernels/dipole.py", "radial = 3.0", "radial = 4.0")
    changed, compiled = copy.run()
    assert changed == pytest.approx(1.5 * FIELD, rel=1e-15)
    assert compiled > 0
    assert copy.run() == [changed, 0]


def test_an_edit_of_a_constant_two_imports_away_changes_the_next_result(copy):
    # constants.py is imported by kernels/field.py alone, which the driver imports.
    copy.edit("constants.py", "mu_0 = Constant(1.25663706127e-06", "mu_0 = Constant(2.51327412254e-06")
    assert copy.run()[0] == pytest.approx(2.0 * FIELD, rel=1e-15)


def test_an_edit_elsewhere_recompiles_nothing(copy):
    for name in (
        "units/_symbols.py",
        "sources/points.py",
        "interactions/pair.py",
        "plot/maps.py",
        "scene/run.py",
    ):
        copy.edit(name, "from __future__", "# An edit.\nfrom __future__")
    assert copy.run() == [copy.value, 0]
    # Nor does a new time stamp.
    os.utime(copy.package / "kernels/dipole.py", (2e9, 2e9))
    os.utime(copy.package / "summation/batch.py", (2e9, 2e9))
    assert copy.run() == [copy.value, 0]


def test_old_code_is_swept_away_and_never_served(copy, tmp_path):
    shutil.copytree(copy.cache, tmp_path / "old")
    copy.edit("kernels/dipole.py", "radial = 3.0", "radial = 4.0")
    new, _ = copy.run()
    assert new != copy.value
    (index,) = copy.files("*_dipole_B-*.nbi")
    # The old files come back, as from a backup, newer than all others: they have other names.
    shutil.copytree(tmp_path / "old", copy.cache, dirs_exist_ok=True)
    (stale,) = set(copy.files("*_dipole_B-*.nbi")) - {index}
    assert copy.run() == [new, 0]
    # An index of other source under the right name, as after a crash between two writes, is not believed.
    assert index.read_bytes() != stale.read_bytes()
    index.write_bytes(stale.read_bytes())
    again, compiled = copy.run()
    assert again == new
    assert compiled > 0
    # And the old source finds the old code or makes it anew.
    copy.edit("kernels/dipole.py", "radial = 4.0", "radial = 3.0")
    assert copy.run()[0] == copy.value


def test_a_crash_between_index_and_data_is_harmless(copy):
    for data in copy.files("*.nbc"):
        data.unlink()
    again, compiled = copy.run()
    assert again == copy.value
    assert compiled > 0
    for index in copy.files("*.nbi"):
        index.unlink()
    again, compiled = copy.run()
    assert again == copy.value
    assert compiled > 0
    assert copy.run() == [copy.value, 0]


def test_an_unwritable_cache_only_costs_time(copy, tmp_path):
    (tmp_path / "file").write_text("in the way")
    value, compiled = copy.run(cache=tmp_path / "file" / "cache")
    assert value == copy.value
    assert compiled > 0


def test_the_digest_sees_every_kernel_that_a_kernel_calls():
    import magneton.interactions  # noqa: F401

    checked = 0
    for dispatcher in _jit._dispatchers:
        function = dispatcher.py_func
        home = Path(function.__code__.co_filename).resolve()
        if PACKAGE not in home.parents:
            continue
        seen = _jit._sources_seen_from(home)
        for name in function.__code__.co_names:
            callee = function.__globals__.get(name)
            if isinstance(callee, type(dispatcher)):
                assert Path(callee.py_func.__code__.co_filename).resolve() in seen, (function, name)
                checked += 1
    assert checked > 50


def test_no_relative_imports_which_the_digest_would_not_see():
    for path in PACKAGE.rglob("*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if line.lstrip().startswith("from .")], path


# --- flag sets -------------------------------------------------------------------------------------------


@summing_kernel
def _sum_of_numbers(values):
    total, count = 0.0, 0
    for value in values:
        total += value
        if math.isnan(value):
            count += 1
        if value != value:
            count += 1
    return total, count


@summing_kernel
def _is_infinite(value):
    return value == math.inf, math.isinf(value), value - value


@kernel
def _kept(a, b):
    return (a + b) - a - b, a / b


@summing_kernel
def _ratio(a, b):
    return a / b, math.sqrt(a)


def test_exact_kernels_keep_the_correction_of_a_sum():
    for a, b in [(1.0, 2.0**-60), (1e16, 1.0), (-(2.0**70), 3.0)]:
        s, e = two_sum(a, b)
        assert (s, e) == (a + b, math.fsum([a, b, -(a + b)]))
        assert e != 0.0 or s - a == b
        assert _kept(a, b)[0] == (a + b) - a - b
    assert two_sum(1.0, 2.0**-60)[1] == 2.0**-60


def test_summing_kernels_keep_nan_and_infinity():
    values = np.ones(101)
    assert _sum_of_numbers(values) == (101.0, 0)
    values[57] = math.nan
    total, count = _sum_of_numbers(values)
    assert math.isnan(total)
    assert count == 2
    equal, tested, difference = _is_infinite(math.inf)
    assert (equal, tested) == (True, True)
    assert math.isnan(difference)


def test_a_nan_in_the_sources_of_a_sum_comes_out():
    # Past the door, as from a solver's own arrays.
    from magneton.summation.direct import add_dipoles

    table = rng.normal(size=(40, 6))
    points = rng.normal(size=(5, 3))
    for column in range(6):
        bad = table.copy()
        bad[17, column] = math.nan
        for quantity, width in (("B", 3), ("A", 3), ("scalar_potential", 1), ("grad_B", 9)):
            out = np.zeros((5, width))
            add_dipoles(quantity, points, bad, out)
            assert np.isnan(out).any(axis=1).all(), (quantity, column)


def test_division_by_zero_gives_inf_or_nan():
    assert _kept(1.0, 0.0)[1] == math.inf
    assert _kept(-1.0, 0.0)[1] == -math.inf
    assert math.isnan(_kept(0.0, 0.0)[1])
    assert _ratio(1.0, 0.0)[0] == math.inf
    assert math.isnan(_ratio(0.0, 0.0)[0])
    assert math.isnan(_ratio(-1.0, 1.0)[1])


@kernel
def _fused(a, b, c):
    return fma(a, b, c)


def test_a_fused_product_and_sum_is_rounded_once():
    a = 1.0 + 2.0**-30
    assert _fused(a, a, -1.0) == 2.0**-29 + 2.0**-60
    assert a * a - 1.0 != 2.0**-29 + 2.0**-60


# --- threads ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, -1, 1.5, 2.0, "2", True, None, [2]])
def test_a_wrong_number_of_threads(count):
    before = get_threads()
    with pytest.raises(ValueError) as caught:
        set_threads(count)
    assert str(caught.value) == f"count must be a positive integer, got {count!r}"
    assert get_threads() == before


def test_threads_are_set():
    set_threads(5)
    assert get_threads() == magneton.get_threads() == 5


THREADS = """
import json
from magneton import get_threads

try:
    print(json.dumps(get_threads()))
except ValueError as error:
    print(json.dumps(str(error)))
"""


@pytest.mark.parametrize("text", ["3", "1", ""])
def test_threads_from_the_environment(text, tmp_path):
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert run(THREADS, tmp_path, MAGNETON_NUM_THREADS=text) == int(text or usable)


@pytest.mark.parametrize("text", ["0", "-2", "two", "1.5"])
def test_wrong_threads_in_the_environment(text, tmp_path):
    message = run(THREADS, tmp_path, MAGNETON_NUM_THREADS=text)
    assert message == f"MAGNETON_NUM_THREADS must be a positive integer, got {text!r}"


@pytest.mark.parametrize("threads", [1, 2, 3, 7])
@pytest.mark.parametrize("grain", [0, 1, 2, 5, 64, 1000])
def test_parallel_for_covers_each_index_once(threads, grain):
    set_threads(threads)
    for count in [0, 1, 2, 3, 4, 7, 8, 63, 64, 65, 127, 128, 129, 999, 2003]:
        pieces = []
        parallel_for(lambda first, last, pieces=pieces: pieces.append((first, last)), count, grain)
        covered = sorted(i for first, last in pieces for i in range(first, last))
        assert covered == list(range(count)), (count, pieces)
        if len(pieces) > 1:
            assert min(last - first for first, last in pieces) >= grain
        if threads == 1 or count < 2 * max(grain, 1):
            assert len(pieces) == 1
        else:
            assert 2 <= len(pieces) <= 4 * threads


def test_parallel_for_uses_its_threads_at_the_same_time():
    set_threads(2)
    meeting = threading.Barrier(2, timeout=30)
    names = set()

    def body(first, last):
        if first == 0 or last == 100:
            meeting.wait()
        names.add(threading.current_thread().name)

    # A first and a last piece that wait for each other: with one thread this would never end.
    parallel_for(body, 100, 50)
    assert len(names) == 2
    assert threading.current_thread().name not in names


@pytest.mark.parametrize("threads", [1, 3])
def test_an_exception_in_a_piece_reaches_the_caller(threads):
    set_threads(threads)

    def body(first, last):
        if first <= 70 < last:
            raise RuntimeError(f"at {70}")

    with pytest.raises(RuntimeError, match="at 70"):
        parallel_for(body, 100, 1)
    done = []
    parallel_for(lambda first, last: done.append(last - first), 100, 1)
    assert sum(done) == 100


CASES = {
    "dipoles": (Dipoles(rng.normal(size=(33, 3)), rng.normal(size=(33, 3))), 4999),
    "few-dipoles": (Dipoles(rng.normal(size=(5, 3)), rng.normal(size=(5, 3))), 4999),
    "loop": (CircularLoop(0.7, 2.0, [0.1, 0.2, 0.3]), 9001),
    "polyline": (Polyline([[0, 0, 0], [1, 0, 0.1], [1, 1, 0], [0, 1, 0.2]], 1.5, closed=True), 1003),
}


@pytest.mark.parametrize("name", CASES)
def test_results_do_not_depend_on_the_number_of_threads(name):
    source, count = CASES[name]
    points = rng.normal(size=(count, 3)) * 2.0
    results = []
    for threads in (1, 2, 3):
        set_threads(threads)
        results.append(source.B(points))
    assert np.isfinite(results[0]).all()
    assert np.any(results[0] != results[0][0])
    for other in results[1:]:
        np.testing.assert_array_equal(other.view(np.int64), results[0].view(np.int64))


def test_a_point_has_the_same_bits_alone_and_in_a_batch():
    for name in ("dipoles", "few-dipoles", "loop"):
        source, _ = CASES[name]
        points = rng.normal(size=(101, 3)) * 2.0
        alone = np.array([source.B(point) for point in points])
        np.testing.assert_array_equal(source.B(points), alone)


FORKED = """
import json, os, signal
import numpy as np
from magneton import Dipoles, set_threads

set_threads(2)
rng = np.random.default_rng(1)
source = Dipoles(rng.normal(size=(40, 3)), rng.normal(size=(40, 3)))
points = rng.normal(size=(20000, 3))
expected = source.B(points)
child = os.fork()
if child == 0:
    signal.alarm(20)
    os._exit(0 if np.array_equal(source.B(points), expected) else 3)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
print(json.dumps([status, bool(np.array_equal(source.B(points), expected))]))
"""


if hasattr(os, "fork"):

    def test_threads_work_after_a_fork(tmp_path):
        assert run(FORKED, tmp_path) == [0, True]


# --- users' own fields -----------------------------------------------------------------------------------

SIGNATURE = "void(CPointer(float64), CPointer(float64), CPointer(float64))"


@numba.cfunc(SIGNATURE)
def _quadrupole(txyz, params, result):
    g = params[0]
    result[0], result[1], result[2] = g * txyz[1], -g * txyz[2], params[1] + txyz[0]
    for i in range(3, 12):
        result[i] = 0.0
    result[3], result[7] = g, -g


@numba.cfunc(SIGNATURE)
def _axial(txyz, params, result):
    result[0], result[1], result[2] = 0.0, 0.0, 7.0 * txyz[3]


USER_POINTS = np.array([[0.3, -0.2, 0.5], [1.0, 2.0, -3.0]])


def test_a_users_function_gives_B_and_gradient():
    field = user_field(_quadrupole.address, np.array([5.0, 0.25]))
    x, y, _ = USER_POINTS.T
    expected = np.stack([5.0 * x, -5.0 * y, np.full(2, 0.25)], axis=1)
    np.testing.assert_array_equal(evaluate(field, "B", USER_POINTS), expected)
    gradient = evaluate(field, "grad_B", USER_POINTS).reshape(-1, 3, 3)
    np.testing.assert_array_equal(gradient, [np.diag([5.0, -5.0, 0.0])] * 2)


def test_a_users_field_adds_to_a_dipole():
    dipole = Dipole([0.0, 1.0, 2.0], [0.1, 0.0, 0.0])
    both = joined([dipole.compiled, user_field(_quadrupole.address, np.array([1e-6, 0.0])), dipole.compiled])
    for quantity, width in (("B", 3), ("grad_B", 9)):
        single = evaluate(user_field(_quadrupole.address, np.array([1e-6, 0.0])), quantity, USER_POINTS)
        own = (dipole.B if quantity == "B" else dipole.grad_B)(USER_POINTS).reshape(-1, width)
        total = evaluate(both, quantity, USER_POINTS)
        assert np.all(np.abs(total - (single + 2 * own)) <= 1e-15 * (np.abs(single) + 2 * np.abs(own)).max())


def test_a_second_users_function_compiles_nothing():
    evaluate(user_field(_quadrupole.address, np.array([1.0, 2.0])), "B", USER_POINTS)
    evaluate(user_field(_quadrupole.address, np.array([1.0, 2.0])), "grad_B", USER_POINTS)
    before = _jit.compilations()
    field = user_field(_axial.address)
    np.testing.assert_array_equal(evaluate(field, "B", USER_POINTS)[:, 2], 7.0 * USER_POINTS[:, 2])
    # What the function does not set is unknown, not zero.
    assert np.isnan(evaluate(field, "grad_B", USER_POINTS)).all()
    assert _jit.compilations() == before


def test_a_users_field_has_no_potentials():
    field = user_field(_axial.address)
    assert np.isnan(evaluate(field, "A", USER_POINTS)).all()
    assert np.isnan(evaluate(field, "scalar_potential", USER_POINTS)).all()
