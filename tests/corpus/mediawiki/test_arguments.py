"""Arguments of a template, in order and by name."""

from __future__ import annotations

from bertprep.corpus.mediawiki.arguments import Arguments

FOUND = Arguments.of("name| one |Key= a = b |3=three|2=two|url=http://x?a=b|x|on=Yes")


def test_those_with_a_number_are_in_order_with_those_without_a_name() -> None:
    assert FOUND.listed == ("one", "x", "three")
    assert FOUND.named == {"key": "a = b", "2": "two", "url": "http://x?a=b", "on": "Yes"}
    assert Arguments.of("name|2=b|1=a").listed == ("a", "b")


def test_what_is_asked_for() -> None:
    assert (FOUND.at(1), FOUND.at(9)) == ("one", "")
    assert FOUND.first("nothing", "key", "1") == "a = b"
    assert FOUND.first("nothing", "3") == "three"
    assert FOUND.first("nothing") == ""
    assert FOUND.without_first().listed == ("x", "three")
    assert FOUND.is_on("on") and not FOUND.is_on("key")
    assert FOUND.is_on("key", "a = b")
