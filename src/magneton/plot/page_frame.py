"""What all pages of magneton share: one file that needs nothing else, its look, and what embeds data and plotly.js."""

from __future__ import annotations

import html
import importlib.util
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template
from typing import Any

from magneton._files import require_room, write_whole

_FRAME = Template("""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval';
 style-src 'unsafe-inline'; img-src data: blob:">
<meta name="generator" content="magneton">
<title>$title</title>
<style>
$style
</style>
</head>
<body>
<h1>$title</h1>
$body
<script>$library</script>
<script>
$data
$script
</script>
</body>
</html>
""")

_STYLE = """\
  body { margin: 0; padding: 0 1rem 1rem; color: #222; background: #fff;
    font: 15px/1.45 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; }
  h1 { font-size: 1.25rem; margin: .8rem 0 .3rem; }
  fieldset { border: 0; margin: 0; padding: 0; display: flex; gap: 1.2rem; flex-wrap: wrap; }
  label { cursor: pointer; }
  #picture { width: 100%; min-height: 24rem; }
  #clock { display: flex; gap: .8rem; align-items: center; margin: .3rem 0; }
  #clock input { flex: 1; min-width: 8rem; }
  #clock button { font: inherit; width: 5rem; padding: .2rem 0; cursor: pointer; }
  dl { display: flex; flex-wrap: wrap; gap: .2rem 1.8rem; margin: .3rem 0; }
  dl div { display: flex; gap: .5rem; }
  dt { color: #555; } dd { margin: 0; min-width: 6.5rem; font-variant-numeric: tabular-nums; }
  .note, #drawn { color: #555; font-size: .9rem; margin: .3rem 0; }"""

#: Draws `figure`, which the page may first complete, and keeps the size and the switches.
_SCRIPT = """\
const place = document.getElementById("picture");
const parts = (kind) => place.data.flatMap((trace, i) => (trace.meta === kind ? [i] : []));
const fitted = (element) => new ResizeObserver(() => Plotly.Plots.resize(element)).observe(element);
const tell = (id, text) => { document.getElementById(id).textContent = text; };
const options = {responsive: true, displaylogo: false};
const begun = Promise.resolve().then(() => Plotly.newPlot(place, figure.data, figure.layout, options));
const drawn = begun.then(() => {
  for (const box of document.querySelectorAll("input[data-part]")) {
    box.addEventListener("change", () => {
      const which = parts(box.dataset.part);
      if (which.length) Plotly.restyle(place, {visible: box.checked}, which);
    });
  }
  fitted(place);
});
"""

_SWITCH = '<label><input type="checkbox" data-part="{}" checked> {}</label>'


def framed(title: str, body: str, script: str, data: Mapping[str, str], style: str = "") -> str:
    """Return a page.

    Parameters
    ----------
    title : str
        Its heading, as plain text.
    body : str
        HTML below the heading; an element ``picture`` is where `figure` is drawn.
    script : str
        JavaScript of this page. It may use ``place``, ``parts``, ``tell``, ``fitted`` and the promise ``drawn``.
    data : mapping of str to str
        JSON by the name of the constant that holds it, ``figure`` among them; what it says cannot end the script.
    style : str
        Style sheet of this page, after the one of all.
    """
    from plotly.offline import get_plotlyjs

    safe = {name: text.replace("<", "\\u003c") for name, text in data.items()}
    return _FRAME.substitute(
        title=html.escape(title),
        style=_STYLE + ("\n" + style if style else ""),
        body=body,
        library=str(get_plotlyjs()).replace("</script", "<\\/script"),
        data="\n".join(f"const {name} = {text};" for name, text in safe.items()),
        script=_SCRIPT + script,
    )


def figure_json(figure: Any) -> str:
    """Return a plotly figure as JSON."""
    from plotly.io import to_json

    return str(to_json(figure, validate=False, remove_uids=True))


def switches(words: Mapping[str, str], figure: str) -> str:
    """Return switches of the parts, by what each trace of the `figure` says in `meta`, that are there."""
    there = {trace.get("meta") for trace in json.loads(figure)["data"]}
    boxes = [_SWITCH.format(part, word) for part, word in words.items() if part in there]
    return "\n".join(['<fieldset aria-label="What is shown">', *boxes, "</fieldset>"])


def notes(texts: Iterable[str]) -> str:
    """Return plain texts as notes, empty ones left out."""
    return "\n".join(f'<p class="note">{html.escape(text)}</p>' for text in texts if text)


def require_plotly() -> None:
    """Raise an ImportError of one line if there is no plotly."""
    if importlib.util.find_spec("plotly") is None:
        raise ImportError("pages need plotly: pip install 'magneton[plot]'")


def write_text(path: Path, text: str) -> None:
    """Write a page."""
    path.write_text(text, encoding="utf-8", newline="\n")


def write_page(path: str | Path, make: Any, overwrite: bool) -> Path:
    """Write what `make` returns to a file that is whole or not there; return its path.

    Raises
    ------
    ValueError
        If the file exists and `overwrite` is false; before anything is made.
    ImportError
        If plotly is not installed.
    """
    require_plotly()
    require_room(path, overwrite)
    text = make()
    return write_whole(path, lambda temporary: write_text(temporary, text), overwrite)
