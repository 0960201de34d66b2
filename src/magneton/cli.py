"""The command ``magneton``."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from magneton._version import __version__

if TYPE_CHECKING:
    import xarray as xr
    from rich.console import Console

    from magneton.scene import Scene

PROGRESS_FROM = 50  # points of sweeps
PIPED_WIDTH = 160

app = typer.Typer(
    name="magneton",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"magneton {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Magnetic moments: find them, use them, follow them. SI throughout.

    Start with an example scene: [bold]magneton run examples/yung1998.toml[/bold]
    """


@app.command()
def run(
    scene: Annotated[
        Path, typer.Argument(metavar="SCENE.toml", help="The scene to run.", show_default=False)
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Where results go; ./SCENE-results if not given.", show_default=False
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace results that are there already.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no tables, only the paths.")] = False,
) -> None:
    """Run a scene: print its tables, write its datasets and figures.

    A scene is a TOML file that says which sources there are, what to compute,
    what to sweep, and what to draw. Nothing is written before all is computed,
    but for ensembles that stream: run them again, and they go on where they were.
    """
    try:
        _run(scene, out, overwrite, quiet)
    except KeyboardInterrupt:  # the library of the command line would print an empty line first
        raise typer.Abort from None


@app.command()
def view(
    scene: Annotated[
        Path, typer.Argument(metavar="SCENE.toml", help="The scene to look at.", show_default=False)
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE.html", help="The page; ./SCENE.html if not given.", show_default=False),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a page that is there already.")
    ] = False,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")
    ] = True,
) -> None:
    """Look at a scene's sources: one page with bodies, moments and field lines, to turn with the mouse.

    The page holds all it needs; it can be sent to others and opened without a network.
    """
    from magneton.plot.scene_view import view_scene

    page = view_scene(scene, out, overwrite)
    typer.echo(f"wrote {page}")
    if browser:
        import webbrowser

        if not webbrowser.open(page.resolve().as_uri()):
            typer.echo("no browser was found: open the page by hand")


@app.command(context_settings={"ignore_unknown_options": True})
def convert(
    value: Annotated[str, typer.Argument(help="A number.", show_default=False)],
    from_unit: Annotated[str, typer.Argument(help="Its unit, such as erg/G.", show_default=False)],
    to_unit: Annotated[str, typer.Argument(help="The unit wanted, such as 'A m^2'.", show_default=False)],
) -> None:
    """Convert a number between units: [bold]magneton convert 1 erg/G "A m^2"[/bold].

    Quantities of different kinds are not converted (a torque to joules), and a
    unit of several meanings (emu) is refused with a list of what may be meant.
    """
    from magneton import units

    try:
        number = float(value)
    except ValueError:
        raise ValueError(f"VALUE must be a number, got {value!r}") from None
    typer.echo(f"{units.convert(number, from_unit, to_unit)!r} {to_unit}")


@app.command()
def table(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="particles, nuclei, ions, atoms or molecules; the singular will do.",
            show_default=False,
        ),
    ],
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAMES",
            help="Which: 13C; Xe for all its isotopes, those without spin too; 'Xi*' for all whose names begin so:"
            " '13*' is 13C and 131Xe, '*Xe' is Xe; the usual ones if none is given.",
            show_default=False,
        ),
    ] = None,
    natural: Annotated[
        bool, typer.Option("--natural", help="Of elements and patterns, only nuclei that occur in nature.")
    ] = False,
    temperature: Annotated[
        float | None,
        typer.Option(
            metavar="K", help="For ions, atoms and molecules, in K; 300 if not given.", show_default=False
        ),
    ] = None,
    csv: Annotated[
        str | None,
        typer.Option(
            "--csv", metavar="FILE", help="Write all columns as CSV; - prints it.", show_default=False
        ),
    ] = None,
    json: Annotated[
        str | None,
        typer.Option("--json", metavar="FILE", help="The same as JSON; - prints it.", show_default=False),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files that are there already.")
    ] = False,
) -> None:
    """Print measured moments, with uncertainty and source: [bold]magneton table particles muon[/bold].

    A value's uncertainty, in units of its last digit, is in parentheses. Files
    have every column, in the units that their names say; value and uncertainty
    are in what the column unit says. A narrow window gets fewer columns, or a
    block of lines for each name. Nothing stands where nothing is known.
    """
    from magneton.quantum import table_kinds, tables

    chosen = table_kinds.find_kind(kind, natural=natural, temperature=temperature)
    records = tables.select(chosen, names or [])
    if csv is not None or json is not None:
        paths = _file("--csv", csv), _file("--json", json)
        written, text = tables.write(chosen, records, paths[0], paths[1], overwrite)
        for path in written:
            typer.echo(f"wrote {path}", err=bool(text))  # what is printed is for a program to read
        typer.echo(text, nl=False)
        return
    console = _console()
    console.print(tables.printed(chosen, records, console.width))
    for line in tables.remarks(records):
        console.print(line, soft_wrap=not console.is_terminal)


def _file(option: str, name: str | None) -> Path | None:
    """Return the path of a file; a name that ends as a directory's is none."""
    if name is not None and (not name or name.endswith(("/", os.sep))):
        raise ValueError(f"{option} must name a file, got {name!r}")
    return None if name is None else Path(name)


@app.command()
def fit(
    data: Annotated[
        Path,
        typer.Argument(
            metavar="DATA.csv", help="Readings: text with a header, or NetCDF.", show_default=False
        ),
    ],
    dipoles: Annotated[
        str, typer.Option("--dipoles", "-n", metavar="N|auto", help="How many dipoles; auto finds out.")
    ] = "1",
    background: Annotated[
        str | None,
        typer.Option(
            metavar="uniform|linear",
            help="Fit a uniform field besides, or its gradients too.",
            show_default=False,
        ),
    ] = None,
    noise: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD",
            help="Standard deviation of a reading, '5 nT'; else the file's, or estimated.",
            show_default=False,
        ),
    ] = None,
    volume: Annotated[
        str | None,
        typer.Option(
            metavar="RANGES", help="Where to look: '-5:5, -5:5, 0:20 cm' for x, y, z.", show_default=False
        ),
    ] = None,
    offsets: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD",
            help="Fit each channel's offset, of about this size: '20 nT'.",
            show_default=False,
        ),
    ] = None,
    loss: Annotated[
        str | None,
        typer.Option(metavar="huber|tukey", help="Give bad readings less weight.", show_default=False),
    ] = None,
    missing: Annotated[
        str, typer.Option(metavar="raise|drop", help="What to do about readings that are empty.")
    ] = "raise",
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE.png",
            help="The picture; ./DATA-fit.png if not given.",
            show_default=False,
        ),
    ] = None,
    picture: Annotated[bool, typer.Option("--picture/--no-picture", help="Draw a picture.")] = True,
    json: Annotated[
        str | None,
        typer.Option(
            "--json", metavar="FILE", help="Write all of it, covariance too; - prints it.", show_default=False
        ),
    ] = None,
    csv: Annotated[
        str | None,
        typer.Option(
            "--csv", metavar="FILE", help="Write the parameters; - prints them.", show_default=False
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace files that are there already.")
    ] = False,
) -> None:
    """Find magnetic moments from field readings: [bold]magneton fit examples/hidden_magnet.csv[/bold].

    The header names columns and units: x (mm), y (mm), z (mm), Bx (nT), By (nT), Bz (nT);
    or B with its axis ux, uy, uz; or the total field F with ambient_x, ambient_y, ambient_z.
    Standard deviations are in parentheses, in units of the last digit. The picture shows
    what was measured, the model, the residuals, and the dipoles with their 95 % regions.
    """
    from magneton._fit_command import Options, run_fit

    for option, name in (("--json", json), ("--csv", csv)):
        _file(option, name)
    options = Options(
        data, dipoles, background, noise, volume, offsets, loss, missing, out, picture, json, csv, overwrite
    )
    run_fit(options, _console(), typer.echo)


@app.command()
def schema() -> None:
    """Print the JSON schema of scenes, for editors that check TOML while you type."""
    import json

    from magneton.scene import SceneTable

    typer.echo(json.dumps(SceneTable.model_json_schema(), indent=2))


def _run(path: Path, out: Path | None, overwrite: bool, quiet: bool) -> None:
    from magneton.scene import Outputs, load_scene, run_scene, write_results

    ready = load_scene(path)
    folder = out if out is not None else Path(f"{ready.stem}-results")
    outputs = Outputs(folder, _output_names(ready), overwrite)
    if ready.table.figures:
        from magneton.plot.style import require_matplotlib

        require_matplotlib()
    pictures = _picture_files(ready)
    if pictures:
        from magneton.plot.orbit_scene import require_libraries

        require_libraries(pictures)
    with _progress(ready) as progress:
        results = run_scene(ready, progress, folder)
    if not quiet:
        _print_tables(ready, results)
    with outputs:
        paths = write_results(outputs, results, list(ready.table.output.formats))
        if ready.table.figures:
            from magneton.plot.figures import draw_scene

            paths += draw_scene(ready, results, outputs)
        if pictures:
            from magneton.plot.orbit_scene import draw_pictures

            paths += draw_pictures(ready, results, outputs)
    for written in paths:
        typer.echo(f"wrote {written}")


def _output_names(scene: Scene) -> list[str]:
    table = scene.table
    datasets = [f"{name}.{kind}" for name in table.compute for kind in table.output.formats]
    datasets += _picture_files(scene)
    return datasets + [f"{name}.{kind}" for name, figure in table.figures.items() for kind in figure.formats]


def _picture_files(scene: Scene) -> list[str]:
    """Return the files of the pictures that tasks draw of themselves."""
    from magneton.scene.schema import picture_names

    endings = {"page": "html"}
    named = [picture_names(name, task) for name, task in scene.table.compute.items()]
    return [f"{stem}.{endings.get(what, 'png')}" for names in named for stem, what in names.items()]


def _console(stderr: bool = False) -> Console:
    from rich.console import Console

    console = Console(stderr=stderr, markup=False, highlight=False, emoji=False)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = PIPED_WIDTH  # tables take what they need; nobody's window is too narrow
    return console


def _print_tables(scene: Scene, results: dict[str, xr.Dataset]) -> None:
    from magneton.scene.tables import remarks, table

    console = _console()
    if scene.table.title:
        console.print(scene.table.title, style="bold")
    for name, dataset in results.items():
        shown = scene.table.compute[name].shown()
        if shown:
            console.print()
            console.print(table(dataset, shown, name))
        for line in remarks(dataset, scene.table.compute[name].texts()):
            console.print(line, soft_wrap=not console.is_terminal)


@contextmanager
def _progress(scene: Scene) -> Iterator[Any]:
    """Show a bar for each task with a long sweep, if somebody is looking."""
    import math

    console = _console(stderr=True)
    totals = {name: math.prod(len(axis.values) for axis in axes) for name, axes in scene.axes.items()}
    if not console.is_terminal or max(totals.values()) < PROGRESS_FROM:
        yield None
        return
    from rich.progress import Progress

    with Progress(console=console, transient=True) as bars:
        tasks: dict[str, Any] = {}

        def advance(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=total)
            bars.update(tasks[name], completed=done)

        yield advance


def main(argv: list[str] | None = None) -> None:
    """Run the command; whatever goes wrong is told in one line.

    Exit codes: 0 done, 2 bad input, 130 interrupted, 1 a bug in magneton.

    Parameters
    ----------
    argv : list of str, optional
        Arguments without the program's name; those of the process by default.
    """
    for stream in (sys.stdout, sys.stderr):  # a console that cannot show a letter shows another
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if argv is None:  # the process is ours: leave no temporary file when told to stop, collect garbage seldom
        gc.set_threshold(100_000)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    code, message = _guarded(sys.argv[1:] if argv is None else argv)
    if message:
        print(f"magneton: {' '.join(message.split())}", file=sys.stderr)
    if argv is None:
        gc.freeze()  # a last collection would look at every object of every library once more
    sys.exit(code)


def _guarded(argv: list[str]) -> tuple[int, str]:
    """Return the exit code and the one line of an error."""
    try:
        code = app(argv, prog_name="magneton", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0, ""
    except (KeyboardInterrupt, typer.Abort):
        return 130, "interrupted; nothing was left half-written"
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1, ""
    except (ValueError, ImportError, OSError) as error:
        return 2, str(error)
    except Exception as error:
        format_message = getattr(error, "format_message", None)
        if format_message is not None:  # of the command line itself
            return 2, format_message()
        if os.environ.get("MAGNETON_TRACEBACK"):
            raise
        return 1, f"{type(error).__name__}: {error} (a bug in magneton; MAGNETON_TRACEBACK=1 shows where)"


if __name__ == "__main__":
    main()
