"""The sources of a scene as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from magneton.plot.view import write_html
from magneton.scene.errors import SceneError
from magneton.scene.run import make_source
from magneton.scene.schema import build_order
from magneton.scene.sources import CollectionTable
from magneton.sources.base import Source

if TYPE_CHECKING:
    from magneton.scene import Scene


def sources_of(scene: Scene) -> dict[str, Any]:
    """Return the sources of a scene as the file has them, swept values aside; not those of a collection.

    Raises
    ------
    SceneError
        If a source cannot be built, or none has a body: fields that only charges move in have none.
    """
    models = scene.table.sources
    built: dict[str, Any] = {}
    try:
        for name in build_order(list(models), models):
            built[name] = make_source(name, models[name], built)
    except SceneError as error:
        error.file = scene.file
        raise
    bodiless = [name for name, source in built.items() if not isinstance(source, Source)]
    if bodiless and len(bodiless) == len(built):
        words = f"nothing to look at: no body in {', '.join(bodiless)}; an orbit can draw a page of itself"
        raise SceneError(words, ("sources",), scene.file)
    collections = [model for model in models.values() if isinstance(model, CollectionTable)]
    parts = {member for model in collections for member in model.members()}
    return {name: built[name] for name in models if name not in parts and name not in bodiless}


def view_scene(path: str | Path, out: str | Path | None = None, overwrite: bool = False) -> Path:
    """Write the page of a scene file's sources; return its path.

    Parameters
    ----------
    path : path-like
        The scene.
    out : path-like, optional
        The page; by default the scene's name with ``.html``, in the current directory.
    overwrite : bool
        Whether a page that is there may be replaced.

    Raises
    ------
    SceneError
        If the scene is not sound, or the page exists and may not be replaced.
    """
    from magneton.scene import load_scene

    scene = load_scene(path)
    page = Path(out) if out is not None else Path(f"{scene.stem}.html")
    if page.exists() and not page.is_dir() and not overwrite:
        raise SceneError("exists already; give --overwrite, or another --out", file=str(page))
    return write_html(sources_of(scene), page, title=scene.table.title or scene.stem, overwrite=overwrite)
