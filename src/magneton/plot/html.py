"""A picture in space as one page that needs nothing else: plotly.js is in it."""

from __future__ import annotations

import html
from string import Template
from typing import Any

from magneton.plot import words
from magneton.plot.page_frame import figure_json, framed, notes, switches
from magneton.plot.picture import Item, Picture

_STYLE = """\
  #picture { height: calc(100vh - 8.5rem); min-height: 26rem; }
  table { border-collapse: collapse; margin-top: .5rem; }
  caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
  th, td { text-align: left; padding: .2rem 1.1rem .2rem 0; border-bottom: 1px solid #ddd; }
  th { font-weight: 600; }
  .colour { display: inline-block; width: .8em; height: .8em; border-radius: 50%; margin-right: .5em; }"""

_BODY = Template("""$switches
<div id="picture" role="img" aria-label="Sources in space; the table below tells the same in words"></div>
<p id="drawn" role="status">The picture needs JavaScript and WebGL.</p>
$notes
<table>
<caption>Sources</caption>
<thead><tr><th scope="col">name</th><th scope="col">kind</th><th scope="col">position [$unit]</th>
<th scope="col">moment [A m²]</th><th scope="col">|m|</th></tr></thead>
<tbody>
$rows
</tbody>
</table>
<p class="note">Bodies are to scale. Arrows of moments have their true directions; their lengths are compressed.
The pale end of a magnet is its south end. Colours of field lines stand for |B|, their number for nothing.</p>""")

_SCRIPT = """\
const named = (kind) => new Set(parts(kind).map((i) => place.data[i].legendgroup)).size;
drawn.then(() => tell("drawn",
  "Drawn: bodies " + named("bodies") + ", moments " + named("moments") + ", field lines " + lines + "." +
  " Drag to turn, scroll to come nearer, point at a body to read its values."));"""

_PARTS = {"bodies": "bodies", "moments": "moments", "lines": "field lines"}


def page(picture: Picture) -> str:
    """Return the page of a picture as text."""
    from magneton.plot.space_plotly import figure_of

    figure: Any = figure_of(picture)
    figure.update_layout(title=None, margin={"t": 10})  # the page has its own heading
    text = figure_json(figure)
    body = _BODY.substitute(
        switches=switches(_PARTS, text),
        notes=notes(picture.notes),
        unit=html.escape(picture.unit),
        rows="\n".join(_row(item, picture) for item in picture.items),
    )
    data = {"figure": text, "lines": str(len(picture.lines))}
    return framed(picture.title or "Sources in space", body, _SCRIPT, data, _STYLE)


def _row(item: Item, picture: Picture) -> str:
    position = words.vector(item.position / picture.metres) if item.position is not None else "everywhere"
    moment = words.vector(item.moment) if item.moment is not None else "none"
    size = item.moment_text() if item.moment is not None else ""
    dot = f'<span class="colour" style="background:{item.colour}"></span>'
    cells = "".join(f"<td>{html.escape(text)}</td>" for text in (item.kind, position, moment, size))
    return f'<tr><th scope="row">{dot}{html.escape(item.name)}</th>{cells}</tr>'
