"""A picture in space as one page that needs nothing else: plotly.js is in it."""

from __future__ import annotations

import html
from string import Template
from typing import Any

from magneton.plot import words
from magneton.plot.picture import Item, Picture

_PAGE = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval';
 style-src 'unsafe-inline'; img-src data: blob:">
<meta name="generator" content="magneton">
<title>$title</title>
<style>
  body { margin: 0; padding: 0 1rem 1rem; color: #222; background: #fff;
    font: 15px/1.45 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
  h1 { font-size: 1.25rem; margin: .8rem 0 .3rem; }
  fieldset { border: 0; margin: 0; padding: 0; display: flex; gap: 1.2rem; flex-wrap: wrap; }
  label { cursor: pointer; }
  #picture { width: 100%; height: calc(100vh - 8.5rem); min-height: 26rem; }
  table { border-collapse: collapse; margin-top: .5rem; }
  caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
  th, td { text-align: left; padding: .2rem 1.1rem .2rem 0; border-bottom: 1px solid #ddd; }
  th { font-weight: 600; }
  .colour { display: inline-block; width: .8em; height: .8em; border-radius: 50%; margin-right: .5em; }
  .note, #drawn { color: #555; font-size: .9rem; margin: .3rem 0; }
</style>
</head>
<body>
<h1>$title</h1>
<fieldset aria-label="What is shown">
$switches
</fieldset>
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
The pale end of a magnet is its south end. Colours of field lines stand for |B|, their number for nothing.</p>
<script>$library</script>
<script>
const figure = $figure;
const place = document.getElementById("picture");
const parts = (kind) => place.data.flatMap((trace, i) => (trace.meta === kind ? [i] : []));
const named = (kind) => new Set(parts(kind).map((i) => place.data[i].legendgroup)).size;
Plotly.newPlot(place, figure.data, figure.layout, {responsive: true, displaylogo: false}).then(() => {
  for (const box of document.querySelectorAll("input[data-part]")) {
    box.addEventListener("change", () => {
      const which = parts(box.dataset.part);
      if (which.length) Plotly.restyle(place, {visible: box.checked}, which);
    });
  }
  new ResizeObserver(() => Plotly.Plots.resize(place)).observe(place);
  document.getElementById("drawn").textContent =
    "Drawn: bodies " + named("bodies") + ", moments " + named("moments") + ", field lines $lines." +
    " Drag to turn, scroll to come nearer, point at a body to read its values.";
});
</script>
</body>
</html>
""")

_SWITCH = '<label><input type="checkbox" data-part="{}" checked> {}</label>'
_PARTS = {"bodies": "bodies", "moments": "moments", "lines": "field lines"}


def page(picture: Picture) -> str:
    """Return the page of a picture as text."""
    from plotly.io import to_json
    from plotly.offline import get_plotlyjs

    from magneton.plot.space_plotly import figure_of

    figure: Any = figure_of(picture)
    figure.update_layout(title=None, margin={"t": 10})  # the page has its own heading
    there = {trace.meta for trace in figure.data}
    text = str(to_json(figure, validate=False, remove_uids=True))
    return _PAGE.substitute(
        title=html.escape(picture.title or "Sources in space"),
        switches="\n".join(_SWITCH.format(part, word) for part, word in _PARTS.items() if part in there),
        notes="\n".join(f'<p class="note">{html.escape(note)}</p>' for note in picture.notes),
        unit=html.escape(picture.unit),
        rows="\n".join(_row(item, picture) for item in picture.items),
        library=str(get_plotlyjs()).replace("</script", "<\\/script"),
        figure=text.replace("<", "\\u003c"),
        lines=str(len(picture.lines)),
    )


def _row(item: Item, picture: Picture) -> str:
    position = words.vector(item.position / picture.metres) if item.position is not None else "everywhere"
    moment = words.vector(item.moment) if item.moment is not None else "none"
    size = item.moment_text() if item.moment is not None else ""
    dot = f'<span class="colour" style="background:{item.colour}"></span>'
    cells = "".join(f"<td>{html.escape(text)}</td>" for text in (item.kind, position, moment, size))
    return f'<tr><th scope="row">{dot}{html.escape(item.name)}</th>{cells}</tr>'
