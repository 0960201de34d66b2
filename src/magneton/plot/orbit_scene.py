"""The pictures that a scene's orbits draw of themselves."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from magneton.plot import orbits as pictures
from magneton.plot.figures import save
from magneton.plot.orbit_html import orbit_page
from magneton.plot.orbit_track import track_of
from magneton.plot.page_frame import require_plotly, write_text
from magneton.plot.style import require_matplotlib
from magneton.scene.run import make_source
from magneton.scene.schema import build_order, picture_names
from magneton.scene.tasks import Context
from magneton.sources.planets import EARTH_RADIUS

if TYPE_CHECKING:
    import xarray as xr

    from magneton.scene import Outputs, Scene


def require_libraries(files: Iterable[str]) -> None:
    """Raise an ImportError of one line if a library that these files need is not there."""
    for file in files:
        (require_plotly if file.endswith(".html") else require_matplotlib)()


def draw_pictures(scene: Scene, results: dict[str, xr.Dataset], outputs: Outputs) -> list[Path]:
    """Draw and write the pictures of all orbits of a scene; return the paths."""
    paths = []
    for name, task in scene.table.compute.items():
        for stem, what in picture_names(name, task).items():
            file = f"{stem}.html" if what == "page" else f"{stem}.png"
            outputs.write(file, _writer(scene, name, what, results[name]))
            paths.append(outputs.folder / file)
    return paths


def _writer(scene: Scene, name: str, what: str, dataset: xr.Dataset) -> Any:
    """Return what writes one picture to a path."""
    task: Any = scene.table.compute[name]
    title = f"{scene.table.title or scene.stem}: {name.replace('_', ' ')}"
    if what == "mu":
        figure = pictures.plot_mu(dataset, title=title)
    elif what == "pitch_angle":
        figure = pictures.plot_pitch_angle(dataset, title=title)
    else:
        context = _context(scene, task)
        dipole = task.dipole(context) if task.L is not None else None
        balls = _balls(task, dipole)
        if what == "bounce":
            mirrors = dataset.mirror_point.values
            figure = pictures.plot_bounce(dataset, dipole=dipole, mirror_points=mirrors, title=title)
        else:
            moving = {"field": task.field_of(context), "species": task.particle()}
            if what == "page":
                page = orbit_page(track_of(dataset, **moving), balls, title, str(dataset.verdict.values))
                return lambda path: write_text(path, page)
            figure = pictures.plot_orbit(dataset, balls=balls, title=title, **moving)
    return lambda path: save(figure, path, "png")


def _context(scene: Scene, task: Any) -> Context:
    """Return the sources of a task, built."""
    models, built = scene.table.sources, {}
    for name in build_order(list(task.source_names().values()), models):
        built[name] = make_source(name, models[name], built)
    return Context(built)


def _balls(task: Any, dipole: Any) -> list[tuple[Any, float]]:
    """Return walls that are balls, and the planet whose radius L is counted in."""
    balls = [(wall.centre, wall.radius) for wall in task.walls if hasattr(wall, "centre")]
    if dipole is not None:
        balls.append((dipole.position, EARTH_RADIUS if task.radius is None else task.radius))
    return balls
