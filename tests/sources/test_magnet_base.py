"""What all magnets share: the ways to give a magnetization, and grades."""

import re

import pytest

from magneton import Cuboid
from magneton.sources.grades import REMANENCE, remanence_of_grade


def test_every_grade_has_a_range_and_lies_in_it():
    for grade, (least, greatest) in REMANENCE.items():
        assert 0.2 < least <= remanence_of_grade(grade) <= greatest < 1.6


def test_a_grade_is_found_whatever_its_case_and_blanks():
    assert remanence_of_grade(" n 42") == remanence_of_grade("N42") == 1.3
    assert remanence_of_grade("alnico5") == 1.28


@pytest.mark.parametrize("grade", ["N43", "iron", "42 42", ""])
def test_an_unknown_grade_lists_the_near_ones_or_all(grade):
    with pytest.raises(ValueError, match=re.escape("grade must be one of ")):
        remanence_of_grade(grade)


@pytest.mark.parametrize("grade", [42, ["N42"], True])
def test_a_grade_is_text(grade):
    message = f"grade must be the name of a magnet grade, such as 'N42', got {grade!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Cuboid([1.0, 1.0, 1.0], grade=grade, direction=[0, 0, 1])
