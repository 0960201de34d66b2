"""Link a public name written in single backticks in a docstring to its page, from whichever room it is."""

from docutils import nodes
from rooms import public_names

#: What named tuples say of their fields, which the class's own list of attributes says better.
OF_TUPLES = "Alias for field number"


def resolve(app, env, node, contnode):
    """Return a reference to the public name a docstring names, or None."""
    if node.get("refdomain") != "py" or node.get("reftype") != "obj":
        return None
    matching = [one for one in public_names() if one.name == node["reftarget"]]
    here = [one for one in matching if one.room == node.get("py:module")] or matching
    if len(here) != 1:
        return None
    entry = env.get_domain("py").objects.get(here[0].full)
    if entry is None:
        return None
    uri = app.builder.get_relative_uri(node["refdoc"], entry.docname)
    return nodes.reference("", "", contnode, internal=True, refuri=f"{uri}#{entry.node_id}")


def skip(app, what, name, obj, would_skip, options):
    """Leave the fields of named tuples to the docstring of their class."""
    return True if (getattr(obj, "__doc__", None) or "").startswith(OF_TUPLES) else None


def setup(app):
    """Register the handlers."""
    app.connect("missing-reference", resolve)
    app.connect("autodoc-skip-member", skip)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
