"""Build the documentation site: ``python docs/build.py`` writes it to build/site; warnings are errors.

It needs ``pip install -e ".[docs,plot]"``. The pages are staged in build/site-source, where those of the API are made
from the library's public names and those of the gallery from its scripts; the tree itself is not written to.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
SOURCE, SITE = ROOT / "build" / "site-source", ROOT / "build" / "site"
#: Pages of the repository that are shown on the site; their links lead from the root of the repository.
PROJECT = ("CHANGELOG.md", "CONTRIBUTING.md", "ARCHITECTURE.md")

sys.path.insert(0, str(DOCS / "_ext"))


def stage() -> None:
    """Copy the pages and make those that are made."""
    from api_pages import write_api
    from gallery_pages import write_gallery

    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(DOCS, SOURCE, ignore=shutil.ignore_patterns("__pycache__", "build.py"))
    for name in PROJECT:
        text = (ROOT / name).read_text(encoding="utf-8")
        (SOURCE / name).write_text(text.replace("](docs/", "]("), encoding="utf-8")
    names, pictures = write_api(SOURCE / "api"), write_gallery(SOURCE / "gallery")
    print(f"{names} public names, {pictures} pictures")


def run_sphinx(keep_going: bool) -> int:
    """Run Sphinx with warnings as errors."""
    shutil.rmtree(SITE, ignore_errors=True)
    options = ["-b", "html", "-q", "-j", "2", "-d", str(ROOT / "build" / "site-doctrees"), "-E"]
    strict = ["-W", "--keep-going"] if keep_going else ["-W"]
    return subprocess.call([sys.executable, "-m", "sphinx", *options, *strict, str(SOURCE), str(SITE)])


def main() -> int:
    """Build and check; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep-going", action="store_true", help="show all warnings, not only the first")
    given = parser.parse_args()
    start = time.perf_counter()
    stage()
    status = run_sphinx(given.keep_going)
    if status and not given.keep_going:
        return status
    from check_site import check

    pages, links, wrong = check(SITE)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    print(
        f"{pages} pages, {links} internal links, {time.perf_counter() - start:.0f} s: {SITE / 'index.html'}"
    )
    return 1 if status or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
