"""Write equations as MathML, which browsers set by themselves: no script and no font is needed."""

import re

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

#: TeX reads ``\frac34`` as 3/4; the converter needs the braces.
SHORT_FRACTION = re.compile(r"\\frac\s*(\d)\s*(\d)")


def written(tex, as_block):
    """Return the MathML of an equation."""
    return tex2mathml(SHORT_FRACTION.sub(r"\\frac{\1}{\2}", tex), as_block=as_block)


def visit_math(writer, node):
    """Write an equation in the line."""
    writer.body.append(written(node.astext(), as_block=False))
    raise nodes.SkipNode


def visit_displaymath(writer, node):
    """Write an equation on its own, with its number where it has one."""
    number = f'<span class="eqno">({node["number"]})</span>' if node.get("number") else ""
    equation = written(node.astext(), as_block=True)
    writer.body.append(f"{writer.starttag(node, 'div', CLASS='math')}{number}{equation}</div>")
    raise nodes.SkipNode


def setup(app):
    """Make this the way equations are written."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_displaymath, None))
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True, "parallel_write_safe": True}
