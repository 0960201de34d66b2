"""Write the gallery: a page of thumbnails, and a page a script with its picture, its words and its source."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from citations import IN_DOCSTRING
from magnitudes import escaped
from PIL import Image

#: Heading of the gallery -> how the names of its scripts begin.
SUBJECTS = {
    "Fields and forces": ("accuracy_", "holding_"),
    "Moments in motion": ("dynamics_",),
    "Charged particles": ("orbits_",),
    "How mu breaks": ("mu_breaks_", "collisions_"),
    "Particles, atoms, molecules, thermal magnetism": ("quantum_",),
    "Measuring a moment": ("estimation_",),
}
THUMBNAIL = (560, 420)  # pixels


def words(script: Path) -> tuple[str, str]:
    """Return the first sentence of a script's docstring, and what comes after how to run it."""
    paragraphs = (ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or "").split("\n\n")
    about = [text for text in paragraphs[1:] if not text.startswith("Run it")]
    prose = escaped(IN_DOCSTRING.sub(r":cite:p:`\1`", "\n\n".join(about)))
    return escaped(" ".join(paragraphs[0].split())), prose


def caption(script: Path) -> str:
    """Return what the picture shows, without the verb."""
    first = words(script)[0].rstrip(".")
    for verb in ("Draw ", "Write ", "Find "):
        if first.startswith(verb):
            first = first[len(verb)].upper() + first[len(verb) + 1 :]
    return first


def title(script: Path) -> str:
    """Return a short title: the caption up to its first stop."""
    return re.split("[:,]", caption(script))[0]


def page(script: Path) -> str:
    """Return the page of a script."""
    heading, about = title(script), words(script)[1]
    return (
        f"{heading}\n{'=' * len(heading)}\n\n{caption(script)}.\n\n"
        f".. image:: {script.stem}.png\n   :alt: {caption(script)}\n   :class: gallery-picture\n\n{about}\n\n"
        f".. rubric:: docs/gallery/{script.name}\n\n.. literalinclude:: {script.name}\n   :language: python\n"
    )


def thumbnail(script: Path) -> str:
    """Make the small picture of a script and return its place in the gallery."""
    small = script.parent / "thumbnails" / f"{script.stem}.png"
    small.parent.mkdir(exist_ok=True)
    with Image.open(script.with_suffix(".png")) as picture:
        picture.thumbnail(THUMBNAIL)
        picture.save(small, optimize=True)
    return (
        f".. figure:: thumbnails/{small.name}\n   :target: {script.stem}.html\n   :figclass: gallery-thumbnail\n"
        f"   :alt: {caption(script)}\n\n   {title(script)}\n\n"
    )


def section(heading: str, scripts: list[Path]) -> str:
    """Return a subject of the gallery."""
    small = "".join(thumbnail(script) for script in scripts)
    inside = "".join(f"   {line}\n" if line else "\n" for line in small.splitlines())
    return f"{heading}\n{'-' * len(heading)}\n\n.. container:: gallery\n\n{inside}\n"


def write_gallery(folder: Path) -> int:
    """Write the pages beside the scripts in `folder`; return how many there are."""
    scripts = sorted(folder.glob("*.py"))
    for script in scripts:
        script.with_suffix(".rst").write_text(page(script), encoding="utf-8")
    known = tuple(start for starts in SUBJECTS.values() for start in starts)
    subjects = {
        heading: [s for s in scripts if s.name.startswith(starts)] for heading, starts in SUBJECTS.items()
    }
    subjects["More"] = [s for s in scripts if not s.name.startswith(known)]
    body = "".join(section(heading, found) for heading, found in subjects.items() if found)
    entries = "\n".join(f"   {script.stem}" for script in scripts)
    head = f"Gallery\n=======\n\n{len(scripts)} pictures, each made by one script that runs as printed.\n\n"
    toctree = f".. toctree::\n   :hidden:\n\n{entries}\n"
    (folder / "index.rst").write_text(head + body + toctree, encoding="utf-8")
    return len(scripts)
