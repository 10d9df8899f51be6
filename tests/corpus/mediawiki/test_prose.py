"""Lines of a page that are prose."""

from __future__ import annotations

from collections import Counter

from bertprep.corpus.mediawiki.prose import prose


def kept(*lines: str) -> tuple[list[str], Counter[str]]:
    dropped: Counter[str] = Counter()
    text = prose("\n".join(lines), lambda reason, what: dropped.update([reason]))
    return text.split("\n") if text else [], dropped


def test_paragraphs_stay_and_headings_and_rules_go() -> None:
    lines = ("== Food ==", "It  eats bamboo.", "", "----", "|-", "! a", "...", "It sleeps.")
    assert kept(*lines) == (["It eats bamboo.", "It sleeps."], Counter())


def test_items_are_prose_if_they_are_sentences() -> None:
    items = ("* It eats bamboo all day long.", "* Bamboo", "# It eats.", "*# 大熊猫整天吃竹子。")
    assert kept(*items) == (
        ["It eats bamboo all day long.", "大熊猫整天吃竹子。"],
        Counter(list_item=2),
    )


def test_a_section_of_links_ends_with_the_next_one_as_high() -> None:
    lines = ("One.", "== See also ==", "Two.", "=== More ===", "Three.", "== Food ==", "Four.")
    assert kept(*lines) == (["One.", "Four."], Counter(section_line=2))
    assert kept("== ''Weblinks'' ==", "Two.") == ([], Counter(section_line=1))
