"""Every Python block of the README and the guide runs as printed."""

import re
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md"))]


def blocks(page, language="python"):
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_blocks_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    names = ("moments", "positions", "others", "places")
    namespace = {"np": np} | {name: rng.normal(size=(5, 3)) for name in names}  # what the pages take as given
    for scene in blocks(page, "toml")[:1]:
        Path("coil.toml").write_text(scene, encoding="utf-8")  # the page's first scene, as it says
    for block in blocks(page):
        exec(compile(block, page.name, "exec"), namespace)


@pytest.mark.parametrize(
    "page", [p for p in PAGES if p.name in ("README.md", "sources.md", "forces.md")], ids=str
)
def test_there_are_blocks(page):
    assert blocks(page)


def test_links_of_the_documents_lead_somewhere():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
