"""The scripts that put no space between words."""

import regex

from bertprep.common.scripts import UNSPACED


def test_one_of_each_and_none_of_those_with_spaces():
    unspaced = regex.compile(rf"[{UNSPACED}]")
    assert all(map(unspaced.fullmatch, "漢々あアกກកမ"))
    assert not any(map(unspaced.fullmatch, "aяא가हა1.。"))
