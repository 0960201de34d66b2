"""The command: its help, its versions of errors, its exit codes, and what it does not load."""

import subprocess
import sys

import pytest

from magneton._version import __version__
from magneton.cli import main


def run(capsys, *argv):
    """Return the exit code, stdout and the lines of stderr."""
    with pytest.raises(SystemExit) as stop:
        main(list(argv))
    text = capsys.readouterr()
    return stop.value.code, text.out, text.err.splitlines()


def test_version(capsys):
    assert run(capsys, "--version") == (0, f"magneton {__version__}\n", [])


@pytest.mark.parametrize("argv", [["--help"], ["-h"], []])
def test_help_reads_well(capsys, argv):
    code, out, err = run(capsys, *argv)
    assert code == (0 if argv else 2)
    text = out + "\n".join(err)
    for word in ("run", "convert", "schema", "table", "--version", "magneton run examples/yung1998.toml"):
        assert word in text
    assert "[bold]" not in text


@pytest.mark.parametrize("command", ["run", "convert", "schema", "table"])
def test_help_of_commands(capsys, command):
    code, out, _ = run(capsys, command, "--help")
    assert code == 0
    assert f"Usage: magneton {command}" in out
    assert "[bold]" not in out


@pytest.mark.parametrize(
    ("argv", "out"),
    [
        (["1", "erg/G", "A m^2"], "0.001 A m^2\n"),
        (["-2.5", "G", "T"], "-0.00025 T\n"),
        (["1", "mu_B", "J/T"], "9.2740100657e-24 J/T\n"),
    ],
)
def test_convert(capsys, argv, out):
    assert run(capsys, "convert", *argv) == (0, out, [])


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["convert", "one", "G", "T"], ["VALUE must be a number", "'one'"]),
        (["convert", "1", "emu", "A m^2"], ["ambiguous"]),
        (["convert", "1", "N m", "J"], ["a torque is not an energy"]),
        (["convert", "1", "G"], ["Missing argument"]),
        (["rum"], ["No such command 'rum'"]),
        (["run"], ["Missing argument"]),
        (["run", "x.toml", "--bogus"], ["No such option", "--bogus"]),
    ],
)
def test_bad_arguments_are_one_line(capsys, argv, words):
    code, out, err = run(capsys, *argv)
    assert (code, out, len(err)) == (2, "", 1)
    assert err[0].startswith("magneton: ")
    for word in words:
        assert word in err[0]


def test_a_bug_is_one_line_too(capsys, monkeypatch):
    def fail(*_):
        raise RuntimeError("oh\nno")

    monkeypatch.setattr("magneton.units.convert", fail)
    code, out, err = run(capsys, "convert", "1", "G", "T")
    assert (code, out) == (1, "")
    assert err == ["magneton: RuntimeError: oh no (a bug in magneton; MAGNETON_TRACEBACK=1 shows where)"]
    monkeypatch.setenv("MAGNETON_TRACEBACK", "1")
    with pytest.raises(RuntimeError):
        main(["convert", "1", "G", "T"])


def test_schema_is_json(capsys):
    import json

    code, out, _ = run(capsys, "schema")
    schema = json.loads(out)
    assert code == 0
    assert set(schema["properties"]) == {"title", "sources", "compute", "figures", "output"}
    assert {"CircularLoopTable", "InteractionTask"} <= set(schema["$defs"])


HEAVY = ("numba", "xarray", "matplotlib", "scipy")


@pytest.mark.parametrize(
    "argv",
    [["--help"], ["convert", "1", "G", "T"], ["run", "broken.toml"]],
    ids=["help", "convert", "broken"],
)
def test_light_commands_load_nothing_heavy(tmp_path, argv):
    (tmp_path / "broken.toml").write_text('[sources.a]\ntype = "Dipole"\nmoment = [0, 0]\n[compute]')
    code = f"""
import sys
from magneton.cli import main
try:
    main({argv!r})
except SystemExit as stop:
    print("exit", stop.code)
print("heavy", [name for name in {HEAVY!r} if name in sys.modules])
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "heavy []"
    assert done.stdout.splitlines()[-2] == ("exit 2" if argv[0] == "run" else "exit 0")


def test_a_reader_that_leaves_early_is_no_error():
    code = "import sys; from magneton.cli import main; main(['schema'])"
    command = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.close()
    error = command.stderr.read()
    command.stderr.close()
    assert command.wait() == 1
    assert error == b""
