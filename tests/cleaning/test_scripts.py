"""Letters by their scripts."""

from __future__ import annotations

import pytest

from bertprep.cleaning.scripts import code_points, letters, letters_of, script_share
from bertprep.errors import UsageError


@pytest.mark.slow
def test_the_share_is_of_letters_alone() -> None:
    assert script_share("Привет, 123 ab!", "Cyrillic") == 6 / 8
    assert script_share("Привет, ab", "Latin, Cyrillic") == 1
    assert script_share("123 .", "Latin") == 0


def test_a_letter_is_of_one_script() -> None:
    points = code_points("aя漢1")
    assert letters()[points].tolist() == [True, True, True, False]
    assert letters_of("Han")[points].tolist() == [False, False, True, False]
    assert not (letters_of("Latin") & letters_of("Cyrillic")).any()


def test_half_a_pair_of_surrogates_is_a_code_point() -> None:
    assert code_points("\ud800😀").tolist() == [0xD800, 0x1F600]


def test_a_script_that_there_is_not() -> None:
    with pytest.raises(UsageError, match=r"--script must be a script by its name.*'Klingonish'"):
        letters_of("Klingonish")
