"""Dumps of MediaWiki: which pages are documents, in ranges and in streams of bzip2."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bertprep.errors import InputError
from tests.corpus.formats.dumps import HEADER, page, pages, read


def test_articles_are_documents(tmp_path: Path) -> None:
    path = tmp_path / "dump.xml"
    path.write_text(
        HEADER
        + page(
            "One",
            "[[Datei:A.jpg|Bild]]Ein ''Tier'' schläft<ref>x</ref>.\n\nEs <b>isst</b>.",
        )
        + page("Two", "#REDIRECT [[One]]", extra='    <redirect title="One" />\n')
        + page("Talk:One", "Hello.", ns=1)
        + page("List", "* [[One]]\n* [[Two]]")
        + page("A &amp; B", "{{PAGENAME}} are bands.")
        + "</mediawiki>\n",
        encoding="utf-8",
    )
    texts, drops = read(path)
    assert texts == ["Ein Tier schläft.\nEs isst.", "A & B are bands."]
    assert drops.counts == {
        "title_line": 2, "wiki_redirect": 1, "wiki_other_page": 1, "no_prose": 1,
        "wiki_file": 1, "wiki_element": 1, "wiki_list_item": 2,
    }  # fmt: skip
    assert read(path, keep_titles=True)[0][1] == "A & B\nA & B are bands."


def test_pages_that_lead_on_are_told_in_any_language(tmp_path: Path) -> None:
    words = (
        "REDIRECT",
        "WEITERLEITUNG",
        "REDIRECTION",
        "перенаправление",
        "重定向",
        "転送",
        "تحويل",
    )
    path = tmp_path / "dump.xml"
    found = "".join(page(f"P{n}", f"#{word} [[One]]") for n, word in enumerate(words))
    path.write_text(
        HEADER + page("One", "A bear.\n#First [[b]], second.") + found, encoding="utf-8"
    )
    texts, drops = read(path)
    assert texts == ["A bear."]
    assert drops.counts["wiki_redirect"] == len(words)


def test_a_history_gives_the_last_revision(tmp_path: Path) -> None:
    path = tmp_path / "dump.xml"
    old = page("One", "Old text.").replace("</page>", "")
    new = "<revision><text>New text.</text></revision></page>"
    path.write_text(HEADER + old + new + "</mediawiki>")
    assert read(path)[0] == ["New text."]


def test_a_cut_dump_is_an_error_or_a_counted_drop(tmp_path: Path) -> None:
    path = tmp_path / "dump.xml"
    path.write_text(HEADER + page("One", "It is here.") + page("Two", "It is cut.")[:-40])
    with pytest.raises(InputError, match="opens a <page> that no </page> closes"):
        read(path)
    texts, drops = read(path, bad_input="drop")
    assert texts == ["It is here."]
    assert drops.counts["unterminated_page"] == 1


def test_ranges_give_each_page_once(tmp_path: Path) -> None:
    path = tmp_path / "dump.xml"
    path.write_text(HEADER + "".join(pages(60)) + "</mediawiki>\n")
    whole = read(path)[0]
    assert len(whole) == 60
    draw = random.Random(3)
    for _ in range(20):
        cuts = tuple(draw.randrange(path.stat().st_size) for _ in range(4))
        assert read(path, cuts)[0] == whole
