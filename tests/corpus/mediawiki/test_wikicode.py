"""Wikitext to prose: hand-worked cases, and what must never be left over."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.corpus.mediawiki.site import Site
from bertprep.corpus.mediawiki.wikicode import text_of

MARKS = [
    *("{{", "}}", "[[", "]]", "{|", "|}", "=", "''", "'''", "<ref>", "</ref>", "<ref/>", "a", "b."),
    *("<!--", "-->", "(", ")", ",", ":", ";", "\n", " \n", "\n* ", "\n== ", " ", "|", "File:"),
    *("{{convert|1|km|mi}}", "{{lang|fr|x}}", "[http://x y]", "-{", "}-", "&amp;", "<nowiki>"),
    "</nowiki>",
]


def shown(wikitext: str, site: Site | None = None) -> str:
    return text_of(wikitext, "Panda", site or Site(), lambda why, what: None)


@pytest.mark.parametrize(
    ("wikitext", "prose"),
    [
        ("'''Pandas''' are ''big'' [[bear]]s.", "Pandas are big bears."),
        ("They eat [[Bamboo|bamboo shoots]] daily.", "They eat bamboo shoots daily."),
        ("See [[:Category:Bears]] there.", "See Category:Bears there."),
        ("A{{cn}} b<ref name=x/>.<ref>No [[x]] {{y}}</ref> C.", "A b. C."),
        ("Berlin ({{IPA-de|x}}; {{lang-de|Berlin}}).", "Berlin (German: Berlin)."),
        ("Berlin ({{IPA-de|x}}) is a city.", "Berlin is a city."),
        ("Berlin （{{IPA-de|x}}）是首都。", "Berlin是首都。"),
        ("[[File:A.jpg|thumb|A [[bear]] (x).]]It sleeps.", "It sleeps."),
        ("It sleeps.\n[[Category:Bears]]\n[[de:Panda]]", "It sleeps."),
        ("{{Infobox|a={{b|c}}\n|d=[[e|f]]\n}}\nIt sleeps.", "It sleeps."),
        ('{| class="x"\n|-\n| a || {{b}}\n{|\n|c\n|}\n|}\nIt sleeps.', "It sleeps."),
        ("[https://x.org A page] says so [https://y.org].", "A page says so."),
        ("H<sub>2</sub>O&nbsp;is <b>wet</b>.<br />Yes.", "H2O is wet.\nYes."),
        ("<!-- no -->It <nowiki>[[sleeps]]</nowiki>.", "It [[sleeps]]."),
        ("It's the dogs''' and ''''x''' y.", "It's the dogs and 'x y."),
        ("== Life ==\nIt sleeps.\n=== See also ===\nIt is a bear.\n== Food ==\nIt eats.",
         "It sleeps.\nIt eats."),
        ("* Bamboo\n* It eats bamboo all day long.\n# One", "It eats bamboo all day long."),
        ("__NOTOC__\n----\n It sleeps.", "It sleeps."),
        ("-{zh-hans:熊猫; zh-hant:熊貓}-吃竹子。", "熊猫吃竹子。"),
        ("漢<ruby><rb>字</rb><rp>(</rp><rt>じ</rt><rp>)</rp></ruby>だ。", "漢字だ。"),
        ("<math>x^2</math> is a square, and <math>y</math>, too.", "is a square, and, too."),
        ("{{PAGENAME}} eats {{formatnum:12345}}.", "Panda eats 12,345."),
    ],
)  # fmt: skip
def test_what_readers_see(wikitext: str, prose: str) -> None:
    assert shown(wikitext) == prose


@pytest.mark.parametrize(
    ("wikitext", "kept"),
    [
        ("{{Infobox\n|a=b\n\nIt sleeps.", "It sleeps."),
        ("{| class=x\n| a\nIt sleeps.\n| b", "It sleeps."),
        ("[[Bear|It sleeps.\nIt eats.", "It sleeps.\nIt eats."),
        ("It }} sleeps ]].", "It  sleeps."),
        ("{{a|[[b}} It sleeps.", "b It sleeps."),
    ],
)
def test_a_forgotten_bracket_does_not_end_the_page(wikitext: str, kept: str) -> None:
    assert re.sub(r"\s+", " ", shown(wikitext)) == re.sub(r"\s+", " ", kept)


def test_names_of_another_wiki() -> None:
    header = (
        b'<namespaces><namespace key="6" case="first-letter">Datei</namespace>'
        b'<namespace key="14" case="first-letter">Kategorie</namespace>'
        b'<namespace key="4" case="first-letter">Wikipedia</namespace></namespaces>'
    )
    site = Site.of_header(header)
    assert site.hidden >= {"datei", "kategorie", "file"}
    assert shown("[[Datei:A.jpg|mini|Ein Bild.]]Er schläft.[[Kategorie:X]]", site) == "Er schläft."


def test_what_is_left_out_is_told() -> None:
    told: list[tuple[str, str]] = []
    text_of(
        "{{Cite web|x}} a<ref>b</ref>\n{|\n|}\n[[File:x]]\n* c\n== References ==\nd",
        "",
        Site(),
        lambda why, what: told.append((why, what)),
    )
    assert sorted(told) == [
        ("element", "ref"),
        ("link", "file"),
        ("list_item", ""),
        ("section_line", ""),
        ("table", "table"),
        ("template", "cite web"),
    ]


@given(
    st.lists(
        st.sampled_from(MARKS),
        max_size=60,
    )
)
def test_any_wikitext_gives_text_without_marks(parts: list[str]) -> None:
    prose = shown("".join(parts))
    assert not re.search("[\ufdd0-\ufdef]", prose)
    if "<nowiki>" not in parts:
        assert "{{" not in prose
        assert "[[" not in prose
    assert "" not in prose.split("\n")[1:]


@pytest.mark.parametrize(
    ("wikitext", "prose"),
    [
        (
            "It ends .{{sfn|A|2000}} The next , too , ends ''so'' .",
            "It ends. The next, too, ends so.",
        ),
        ("It goes on . . . and on . . . .", "It goes on . . . and on . . . ."),
        (
            "Keys <code>,</code> (comma), .5 and .NET .x stay.",
            "Keys , (comma), .5 and .NET .x stay.",
        ),
        ("<code>a</code> , <code>b</code> 1 , 2", "a, b 1 , 2"),
    ],
)
def test_a_blank_before_a_stop_goes_where_it_is_an_oversight(wikitext: str, prose: str) -> None:
    assert text_of(wikitext, "T", Site(), lambda why, what: None) == prose
