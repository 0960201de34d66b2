"""How every figure of magneton looks, in this one place."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Okabe and Ito's palette, told apart by readers with any kind of colour vision; its yellow, too pale on
# white, is left out. Lines differ in dash as well, so that a print in grey can be read.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
DASHES = ["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)), (0, (1, 1))]
BAND = "#56B4E9"
MAP = "viridis"
SIGNED_MAP = "RdBu_r"  # white at zero
CYCLE = [
    "#C8452F",
    "#D9A400",
    "#3E9651",
    "#1F77B4",
    "#8B4FA8",
    "#C8452F",
]  # of angles, from -180 to 180 degrees
UNKNOWN = "#BBBBBB"  # where a map has no value
SINGLE = (6.4, 4.2)  # inches
PANEL = (3.8, 2.7)
INK = "#222222"

_RC: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10.0,
    "axes.titlesize": 10.0,
    "axes.labelsize": 10.0,
    "figure.titlesize": 12.0,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 1.8,
    "legend.frameon": False,
    "legend.fontsize": 9.0,
    "savefig.dpi": 150,
    "figure.dpi": 150,
    "text.usetex": False,
    "svg.hashsalt": "magneton",
    "svg.fonttype": "path",
}


def require_matplotlib() -> None:
    """Raise an ImportError of one line if there is no matplotlib."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise ImportError("figures need matplotlib: pip install magneton[plot]") from None


def cyclic_map() -> Any:
    """Return the colours of angles as a map of matplotlib."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("angles", CYCLE)


@contextmanager
def style() -> Iterator[None]:
    """Draw in magneton's style inside the block; the user's own settings come back after it."""
    require_matplotlib()
    import matplotlib

    # A letter the font lacks, or data a scale cannot show, is seen in the figure itself.
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        matplotlib.rcdefaults()
        parameters: Any = matplotlib.rcParams
        parameters.update(_RC)
        yield
