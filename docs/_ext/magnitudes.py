"""Keep ``|m|`` in docstrings a magnitude: reStructuredText would look for a substitution of that name."""

import re

LITERAL = re.compile(r"(``.+?``|`.+?`)")


def escaped(line):
    """Return a line of prose with its bars escaped, outside what is quoted as code."""
    parts = LITERAL.split(line)
    parts[::2] = [part.replace("|", r"\|") for part in parts[::2]]
    return "".join(parts)


def in_docstring(app, what, name, obj, options, lines):
    """Escape the bars of a docstring, outside its doctests and equations."""
    verbatim = False
    for i, line in enumerate(lines):
        starts = line.lstrip().startswith((">>>", ".. math::"))
        verbatim = starts or (verbatim and bool(line.strip()))
        if not verbatim:
            lines[i] = escaped(line)


def setup(app):
    """Register the handler, before numpydoc's."""
    app.connect("autodoc-process-docstring", in_docstring, priority=90)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
