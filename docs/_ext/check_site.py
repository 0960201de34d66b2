"""Check the built site: its links lead to a page and a place on it, and it loads nothing from elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: Tag -> the attribute by which it makes the browser load something.
LOADS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "video": "src"}
#: Links that only name something and are not followed by the browser.
NAMES_ONLY = {"canonical", "license", "author"}
IN_STYLE = re.compile(r"""(?:url\(|@import)\s*['"]?((?:https?:)?//[^'")\s]+)""")


@dataclass
class Page(HTMLParser):
    """What a page links to, what it loads, and the places on it."""

    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Start the parser."""
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record one tag."""
        given = {key: value or "" for key, value in attrs}
        self.places |= {given[key] for key in ("id", "name") if key in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif given.get("rel") not in NAMES_ONLY and LOADS.get(tag) in given:
            self.loads.append(given[LOADS[tag]])


def read(file: Path) -> Page:
    """Return what is on a page."""
    page = Page()
    page.feed(file.read_text(encoding="utf-8"))
    return page


def is_elsewhere(address: str) -> bool:
    """Return whether an address is outside the site."""
    return address.startswith("//") or urlsplit(address).scheme in ("http", "https")


def broken(file: Path, address: str, pages: dict[Path, Page]) -> bool:
    """Return whether a link within the site leads nowhere."""
    parts = urlsplit(address)
    target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
    if target.is_dir():
        target /= "index.html"
    if not target.exists():
        return True
    return bool(parts.fragment) and target in pages and unquote(parts.fragment) not in pages[target].places


def check(site: Path) -> tuple[int, int, list[str]]:
    """Return the number of pages and of internal links, and what is wrong."""
    site = site.resolve()
    pages = {file: read(file) for file in sorted(site.rglob("*.html")) if "_static" not in file.parts}
    wrong, links = [], 0
    for file, page in pages.items():
        for address in {*page.links, *page.loads}:
            if is_elsewhere(address) or urlsplit(address).scheme:
                continue
            links += 1
            if broken(file, address, pages):
                wrong.append(f"{file.relative_to(site)}: {address} leads nowhere")
        wrong += [f"{file.relative_to(site)}: loads {one}" for one in page.loads if is_elsewhere(one)]
    for sheet in site.rglob("*.css"):
        loads = IN_STYLE.findall(sheet.read_text(encoding="utf-8", errors="replace"))
        wrong += [f"{sheet.relative_to(site)}: loads {one}" for one in loads]
    return len(pages), links, wrong
