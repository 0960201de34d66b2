"""Turn ``[Jackson1999]_`` in docstrings and ``[Jackson1999]`` in guide pages into links to the bibliography.

Sources are cited by their key in docs/references.bib, in the code as on the page, so the key is the label too.
"""

import re
from pathlib import Path

from pybtex.database import parse_file
from pybtex.plugin import register_plugin
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting import BaseSortingStyle

IN_DOCSTRING = re.compile(r"\[([A-Za-z]\w+)\]_(?!_)")
ON_PAGE = re.compile(r"(?<![\]`!])\[([A-Za-z]\w+)\](?![\[(`:])")


class KeyLabel(BaseLabelStyle):
    """Label an entry of the bibliography by its key."""

    def format_labels(self, sorted_entries):
        """Return the labels, in order."""
        return [entry.key for entry in sorted_entries]


class KeyOrder(BaseSortingStyle):
    """Sort the bibliography by key, so that entries without an author are where they are looked for."""

    def sort(self, entries):
        """Return the entries in order."""
        return sorted(entries, key=lambda entry: entry.key.lower())


class ByKey(PlainStyle):
    """The plain style, labelled and sorted by key."""

    default_label_style = KeyLabel
    default_sorting_style = KeyOrder


def replaced(text, pattern, role, keys):
    """Return `text` with each cited key that the bibliography knows in the given role."""
    return pattern.sub(lambda found: role % found[1] if found[1] in keys else found[0], text)


def in_docstring(app, what, name, obj, options, lines):
    """Replace the citations of a docstring, before numpydoc reads it."""
    lines[:] = [replaced(line, IN_DOCSTRING, ":cite:p:`%s`", app.env.bibliography_keys) for line in lines]


def on_page(app, docname, source):
    """Replace the citations of a Markdown page, outside its code."""
    if app.env.doc2path(docname).suffix != ".md":
        return
    parts = re.split(r"(^```.*?^```|`[^`\n]+`)", source[0], flags=re.S | re.M)
    parts[::2] = [replaced(part, ON_PAGE, "{cite:p}`%s`", app.env.bibliography_keys) for part in parts[::2]]
    source[0] = "".join(parts)


def read_keys(app, env, docnames):
    """Read which keys there are."""
    files = [Path(app.srcdir) / name for name in app.config.bibtex_bibfiles]
    env.bibliography_keys = {key for file in files for key in parse_file(str(file)).entries}


def setup(app):
    """Register the style and the handlers."""
    register_plugin("pybtex.style.formatting", "by_key", ByKey)
    app.connect("env-before-read-docs", read_keys)
    app.connect("autodoc-process-docstring", in_docstring, priority=100)
    app.connect("source-read", on_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
