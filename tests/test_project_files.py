"""What the project keeps beside its code agrees with it: versions, the site's pages, the gallery, the picture."""

import ast
import importlib
import re
import sys
from pathlib import Path

import pytest

import magneton

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = sorted((ROOT / "docs" / "gallery").glob("*.py"))


@pytest.fixture
def tool(monkeypatch):
    """Return a loader of a module of a folder that is no package; the module is forgotten afterwards."""

    def load(folder, name):
        monkeypatch.syspath_prepend(str(ROOT / folder))
        monkeypatch.delitem(sys.modules, name, raising=False)
        return importlib.import_module(name)

    return load


def test_the_version_to_cite_is_the_one_of_the_package():
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (.+)$", text, flags=re.M) == [magneton.__version__]


def test_every_public_name_has_a_page(tool):
    rooms = tool("docs/_ext", "rooms")
    documented = rooms.public_names()
    pages = [f"{one.room}/{one.page}".lower() for one in documented]
    assert len(pages) == len(set(pages))  # on file systems that take Ion and ion for the same, too
    values = {id(one.value) for one in documented}
    listed = {
        path.parent
        for path in (ROOT / "src" / "magneton").rglob("__init__.py")
        if "HOMES" in path.read_text()
    }
    for folder in listed:
        room = importlib.import_module(".".join(folder.relative_to(ROOT / "src").parts))
        homes = getattr(room, "HOMES", None) or room._HOMES
        missing = [name for name in homes if id(getattr(room, name)) not in values]
        assert not missing, f"{room.__name__}: {missing}"


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_script_of_the_gallery_has_its_words_and_its_picture(script):
    words = ast.get_docstring(ast.parse(script.read_text(encoding="utf-8")))
    assert words is not None
    assert words.splitlines()[0].endswith(".")
    assert f"python docs/gallery/{script.name}" in " ".join(words.split())
    assert script.with_suffix(".png").read_bytes().startswith(b"\x89PNG")


def test_no_picture_of_the_gallery_is_without_its_script():
    assert {p.stem for p in (ROOT / "docs" / "gallery").glob("*.png")} == {s.stem for s in SCRIPTS}


def test_every_page_of_the_guide_is_listed():
    listed = re.findall(
        r"^guide/(\w+)$", (ROOT / "docs" / "guide.md").read_text(encoding="utf-8"), flags=re.M
    )
    assert sorted(listed) == sorted(page.stem for page in (ROOT / "docs" / "guide").glob("*.md"))


def test_the_picture_of_the_architecture_is_that_of_the_imports(tool):
    drawing = tool("tools", "architecture_picture")
    assert drawing.PICTURE.read_text(encoding="utf-8") == drawing.picture(drawing.rooms_and_imports())
    with pytest.raises(ValueError, match=r"imports must go one way, got a circle through a"):
        drawing.levels({"a": {"b"}, "b": {"a"}})
