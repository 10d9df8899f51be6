"""What templates show within a sentence, as the pages that document them say."""

from __future__ import annotations

import pytest

from bertprep.corpus.mediawiki.site import Site
from bertprep.corpus.mediawiki.wikicode import text_of


@pytest.mark.parametrize(
    ("wikitext", "prose"),
    [
        # Languages.
        ("{{lang|fr|château}} {{lang-ru|Москва}}", "château Russian: Москва"),
        ("{{langx|el|Αθήνα}}", "Greek: Αθήνα"),
        ("{{transl|ja|Hepburn|Tōkyō}}", "Tōkyō"),
        ("{{nihongo|Tokyo Tower|東京タワー|Tōkyō Tawā}}", "Tokyo Tower (東京タワー, Tōkyō Tawā)"),
        ("{{nihongo|'''Haiku'''|俳句}}", "Haiku (俳句)"),
        ("{{zh|c=北京|p=Běijīng}}", "Chinese: 北京; pinyin: Běijīng"),
        # Choices.
        ("{{#if: x | yes | no}} {{#if:|yes}} {{#ifeq:a|a|b|c}} {{#ifeq:a|b|c}}", "yes b"),
        # Others.
        ("{{Harvtxt|Smith|Jones|2000}} {{sqrt|2}} {{US patent|1781541}} {{IPAslink|ʃ}}",
         "Smith & Jones (2000) √2 U.S. Patent 1,781,541 /ʃ/"),
        ("{{nowrap|a b}} {{abbr|UK|United Kingdom}}", "a b UK"),
        ("x{{snd}}y{{nbsp}}z", "x – y z"),
        ("{{quote|All is well.|Someone}}", "All is well."),
        ("{{quote|text=All is well.|author=Someone}}", "All is well."),
        ("{{flag|France}}{{flagicon|France}}", "France"),
        ("{{USS|Enterprise|CV-6}} {{HMS|Victory|1765}}", "USS Enterprise (CV-6) HMS Victory"),
        ("{{ill|Some Body|de}}", "Some Body"),
        ("{{chem|H|2|O}}", "H2O"),
        ("{{hlist|a|b|c}}", "a, b, c"),
        ("{{Nowrap|{{convert|3|km|mi|abbr=on}}}}", "3 km"),
        ("{{1=x}} {{}} {{|}}", ""),
    ],
)  # fmt: skip
def test_rendered(wikitext: str, prose: str) -> None:
    found = text_of(f"It is {wikitext} so.", "Title", Site(), lambda why, what: None)
    assert " ".join(found.split()) == " ".join(f"It is {prose} so.".split())
