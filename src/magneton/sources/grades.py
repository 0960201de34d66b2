"""Remanences of commercial magnet grades at 20 degrees C: the middle of the range that makers give.

Ranges differ by some percent between makers and batches: for better than that, measure, and give `remanence`. NdFeB:
[ChinaMagnet2024]_; SmCo: [Horizon2024]_; ferrite: [Aomagnet2024]_ (minimum and typical); AlNiCo (typical values):
[MMPA2000]_. Alnico demagnetizes itself easily: its remanence is that of a long rod or a closed circuit.
"""

from __future__ import annotations

import difflib
from typing import Any

from magneton import _check

#: Grade -> (least, greatest) remanence in tesla.
REMANENCE: dict[str, tuple[float, float]] = {
    # sintered NdFeB
    "N35": (1.17, 1.22),
    "N38": (1.22, 1.25),
    "N40": (1.25, 1.28),
    "N42": (1.28, 1.32),
    "N45": (1.32, 1.38),
    "N48": (1.38, 1.42),
    "N50": (1.40, 1.45),
    "N52": (1.43, 1.48),
    # SmCo5 and Sm2Co17
    "YX16": (0.79, 0.85),
    "YX18": (0.84, 0.90),
    "YX20": (0.89, 0.94),
    "YX22": (0.92, 0.96),
    "YX24": (0.95, 1.00),
    "YXG22": (0.93, 0.97),
    "YXG24": (0.95, 1.02),
    # hard ferrite
    "Y25": (0.36, 0.37),
    "Y30": (0.380, 0.385),
    "Y30BH": (0.38, 0.39),
    "Y33": (0.41, 0.42),
    "Y35": (0.40, 0.41),
    "C8": (0.385, 0.390),
    "C10": (0.40, 0.41),
    # cast AlNiCo
    "Alnico 2": (0.75, 0.75),
    "Alnico 5": (1.28, 1.28),
    "Alnico 5-7": (1.35, 1.35),
    "Alnico 6": (1.05, 1.05),
    "Alnico 8": (0.82, 0.82),
}
_BY_KEY = {name.lower().replace(" ", ""): name for name in REMANENCE}


def remanence_of_grade(grade: Any) -> float:
    """Return the middle of a grade's range of remanence, in tesla.

    Parameters
    ----------
    grade : str
        For example "N42"; case and blanks do not matter.

    Raises
    ------
    ValueError
        If the grade is no text or not in the table; the message lists the near ones, or all.

    Examples
    --------
    >>> from magneton.sources.grades import remanence_of_grade
    >>> remanence_of_grade("N42")
    1.3
    """
    if not isinstance(grade, str):
        raise ValueError(
            f"grade must be the name of a magnet grade, such as 'N42', got {_check.shown(grade)}"
        )
    key = grade.lower().replace(" ", "")
    if key not in _BY_KEY:
        near = [_BY_KEY[k] for k in difflib.get_close_matches(key, _BY_KEY)]
        raise ValueError(f"grade must be one of {', '.join(near or REMANENCE)}, got {grade!r}")
    least, greatest = REMANENCE[_BY_KEY[key]]
    return round(0.5 * (least + greatest), 6)
