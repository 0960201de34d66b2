"""`import magneton` is light, quiet and complete."""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import magneton

SRC = Path(magneton.__file__).parents[1]
HEAVY = ("numba", "llvmlite", "scipy", "xarray", "pydantic", "matplotlib", "plotly", "astropy", "pint")


def run(code, *arguments):
    """Return what a new process prints as JSON."""
    environment = {**os.environ, "PYTHONPATH": str(SRC)}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


LIGHT = """
import json, socket, sys, threading, time

def refused(*arguments, **keywords):
    raise AssertionError("a socket was opened")

socket.socket = socket.create_connection = socket.getaddrinfo = refused
start = time.perf_counter()
for name in sys.argv[1].split():
    __import__(name)
seconds = time.perf_counter() - start
print(json.dumps({"modules": sorted(sys.modules), "seconds": seconds, "threads": threading.active_count()}))
"""


def test_import_loads_nothing_heavy_and_opens_no_socket():
    seen = run(LIGHT, "magneton")
    loaded = {name.partition(".")[0] for name in seen["modules"]}
    assert "magneton" in loaded
    assert loaded.isdisjoint(HEAVY)
    assert "magneton._jit" not in seen["modules"]
    assert seen["threads"] == 1
    assert seen["seconds"] < 1.0


@pytest.mark.parametrize("room", ["magneton.constants", "magneton.units"])
def test_numbers_and_units_need_no_compiler(room):
    loaded = {name.partition(".")[0] for name in run(LIGHT, room)["modules"]}
    assert loaded.isdisjoint(HEAVY)


def test_sources_and_interactions_load_no_plotting_library_and_no_unit_library():
    loaded = {name.partition(".")[0] for name in run(LIGHT, "magneton.interactions.pair")["modules"]}
    assert "numba" in loaded
    assert loaded.isdisjoint({"matplotlib", "plotly", "astropy", "pint", "xarray", "pydantic"})


@pytest.mark.parametrize("name", magneton.__all__)
def test_every_public_name_resolves(name):
    value = getattr(magneton, name)
    home = magneton._HOMES.get(name)
    if home is not None:
        assert value is getattr(import_module(home), name)
    elif name in magneton._ROOMS:
        assert value is import_module(f"magneton.{name}")


def test_public_names_have_docstrings_and_no_doubles():
    assert len(set(magneton.__all__)) == len(magneton.__all__)
    for name in set(magneton.__all__) - {"__version__"}:
        assert getattr(magneton, name).__doc__, name


def test_star_import_gives_exactly_the_public_names():
    code = (
        "import json, magneton; space = {}; exec('from magneton import *', space); "
        "space.pop('__builtins__'); print(json.dumps([sorted(space), sorted(magneton.__all__)]))"
    )
    found, promised = run(code)
    assert found == promised


def test_dir_lists_what_all_lists():
    assert dir(magneton) == sorted(magneton.__all__)
    code = "import json, sys, magneton; print(json.dumps([dir(magneton), 'numba' in sys.modules]))"
    assert run(code) == [sorted(magneton.__all__), False]


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'magneton' has no attribute 'dipol'"):
        magneton.dipol
    with pytest.raises(ImportError, match="cannot import name 'dipol'"):
        from magneton import dipol  # noqa: F401
    assert not hasattr(magneton, "__path_to_nowhere__")


def test_version_and_type_marker():
    assert magneton.__version__.split(".")[0].isdigit()
    assert (Path(magneton.__file__).parent / "py.typed").is_file()
