"""The figures of the room are the ones that were checked: a digit that changes must be meant.

What a figure should be is tested where a second source says so. Most of a table has no second source here, so each file
is held to its checksum: after a change that is meant, `sha256sum *.csv > ../../../../tests/quantum/data.sha256` in the
folder of the data.
"""

import hashlib
from pathlib import Path

import pytest

import magneton

DATA = Path(magneton.__file__).parent / "quantum" / "data"
SUMS = dict(
    reversed(line.split())
    for line in Path(__file__).with_name("data.sha256").read_text(encoding="utf-8").splitlines()
)


def test_every_file_has_a_checksum():
    assert set(SUMS) == {path.name for path in DATA.glob("*.csv")}


@pytest.mark.parametrize("name", SUMS)
def test_a_file_is_the_one_that_was_checked(name):
    text = (DATA / name).read_text(encoding="utf-8")  # whatever the line ends of the checkout
    assert hashlib.sha256(text.encode()).hexdigest() == SUMS[name]
