"""Every broken scene gives one line on stderr, that names the file and the key, and exit code 2."""

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from magneton.cli import main
from scene.broken_scenes import BROKEN, GOOD


def run(capsys, *argv):
    """Return the exit code and the lines on stderr of the command."""
    with pytest.raises(SystemExit) as stop:
        main([str(arg) for arg in argv])
    return stop.value.code, capsys.readouterr().err.splitlines()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_good_scene_runs(folder, capsys):
    (folder / "good.toml").write_text(GOOD)
    assert run(capsys, "run", "good.toml") == (0, [])
    assert (folder / "good-results" / "pair.csv").exists()


@pytest.mark.parametrize(
    ("old", "new", "words"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN]
)
def test_broken_scene(folder, capsys, old, new, words):
    assert old is None or GOOD.count(old) >= 1
    (folder / "scene.toml").write_text(new if old is None else GOOD.replace(old, new, 1))
    code, lines = run(capsys, "run", "scene.toml")
    assert (code, len(lines)) == (2, 1)
    assert lines[0].startswith("magneton: scene.toml: ")
    assert "Traceback" not in lines[0]
    for word in words:
        assert word in lines[0]
    assert [path.name for path in folder.iterdir()] == ["scene.toml"]


def test_a_good_many_are_broken():
    assert len(BROKEN) >= 40


def test_no_file(folder, capsys):
    code, lines = run(capsys, "run", "nowhere.toml")
    assert (code, len(lines)) == (2, 1)
    assert "nowhere.toml" in lines[0]


def test_a_directory(folder, capsys):
    (folder / "dir.toml").mkdir()
    code, lines = run(capsys, "run", "dir.toml")
    assert (code, len(lines)) == (2, 1)
    assert "directory" in lines[0]


def test_not_text(folder, capsys):
    (folder / "scene.toml").write_bytes(b'title = "\xff"')
    code, lines = run(capsys, "run", "scene.toml")
    assert (code, len(lines)) == (2, 1)
    assert "UTF-8" in lines[0]


def test_control_characters_stay_in_one_line(folder, capsys):
    (folder / "scene.toml").write_text(
        '[sources."a\\n\\u001b[31mb"]\ntype = "Dipole"\nmoment = [0, 0, 1]\n[compute]'
    )
    code, lines = run(capsys, "run", "scene.toml")
    assert (code, len(lines)) == (2, 1)
    assert "\x1b" not in lines[0]


WORDS = [
    "0",
    "-1",
    "1e400",
    "nan",
    "[]",
    "{}",
    '""',
    '"10 m"',
    '"a"',
    "true",
    "[1, 2, 3]",
    "1979-05-27",
    '"sources.b.moment.2"',
]
KEYS = ["moment", "type", "values", "times", "labels", "points"]
SPOTS = [(i, line) for i, line in enumerate(GOOD.splitlines()) if "=" in line]


@st.composite
def mutations(draw):
    """Return the good scene with one or two keys or values turned into garbage."""
    lines = GOOD.splitlines()
    for i, line in draw(st.lists(st.sampled_from(SPOTS), min_size=1, max_size=2)):
        key, _, value = line.partition(" = ")
        kind = draw(st.sampled_from(["value", "key", "drop", "cut", "insert"]))
        garbage = st.text(string.printable, max_size=8)
        if kind == "value":
            lines[i] = f"{key} = {draw(st.sampled_from(WORDS) | garbage)}"
        elif kind == "key":
            lines[i] = f"{draw(st.sampled_from(KEYS) | garbage)} = {value}"
        elif kind == "drop":
            lines[i] = ""
        else:
            at = draw(st.integers(0, len(line)))
            lines[i] = line[:at] + (draw(garbage) if kind == "insert" else "")
    return "\n".join(lines)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=mutations())
def test_garbage_is_told_in_one_line(folder, capsys, text):
    (folder / "scene.toml").write_text(text, newline="")
    code, lines = run(capsys, "run", "scene.toml", "--overwrite", "--quiet")
    assert code in (0, 2)
    assert len(lines) == (1 if code else 0)
    assert all(line.startswith("magneton: scene.toml: ") for line in lines)
