"""What templates show within a sentence, as the pages that document them say."""

from __future__ import annotations

import pytest

from bertprep.corpus.mediawiki.site import Site
from bertprep.corpus.mediawiki.wikicode import text_of


@pytest.mark.parametrize(
    ("wikitext", "prose"),
    [
        # Measures.
        ("{{convert|100|km|mi}}", "100 kilometres"),
        ("{{convert|1|km|mi}}", "1 kilometre"),
        ("{{convert|12000|m|ft|abbr=on}}", "12,000 m"),
        ("{{convert|5|ft|10|in|cm}}", "5 feet 10 inches"),
        ("{{convert|10|to|20|km|mi}}", "10 to 20 kilometres"),
        ("{{convert|4|x|6|m|ft|abbr=on}}", "4 × 6 m"),
        ("{{convert|90|mm|in|adj=on}}", "90-millimetre"),
        ("{{convert|90|mm|in|adj=on|sp=us}}", "90-millimeter"),
        ("{{convert|30|C}}", "30 degrees Celsius"),
        ("{{cvt|3|sqmi|km2}}", "3 sq mi"),
        ("{{convert|7|unheardof}}", "7 unheardof"),
        ("{{val|12345|5|u=kg}}", "12,345 ± 5 kg"),
        ("{{frac|1|2}} {{frac|3|1|4}}", "1⁄2 3 1⁄4"),
        ("{{height|ft=5|in=10}}", "5 ft 10 in"),
        ("{{nts|1234567}} {{US$|5 million}}", "1,234,567 US$5 million"),
        # Languages.
        ("{{lang|fr|château}} {{lang-ru|Москва}}", "château Russian: Москва"),
        ("{{langx|el|Αθήνα}}", "Greek: Αθήνα"),
        ("{{transl|ja|Hepburn|Tōkyō}}", "Tōkyō"),
        ("{{nihongo|Tokyo Tower|東京タワー|Tōkyō Tawā}}", "Tokyo Tower (東京タワー, Tōkyō Tawā)"),
        ("{{nihongo|'''Haiku'''|俳句}}", "Haiku (俳句)"),
        ("{{zh|c=北京|p=Běijīng}}", "Chinese: 北京; pinyin: Běijīng"),
        # Dates.
        ("{{birth date and age|1950|1|22}}", "January 22, 1950"),
        ("{{death date|1950|1|22|df=y}}", "22 January 1950"),
        ("{{as of|2014|5}} {{circa|1900}}", "As of May 2014 c. 1900"),
        ("{{reign|1066|1087}}", "r. 1066–1087"),
        # Places.
        ("{{coord|13|19|N|169|9|W|type:event}}", "13°19′N 169°9′W"),
        ("{{coord|48.8|-2.35}} {{coord|1|N|2|E|display=title}}", "48.8° -2.35°"),
        ("{{coord|1|2|3|S|4|E|display=inline,title}}", "1°2′3″S 4°E"),
        ("{{Pop density|3645257|640081.87|km2|sqmi|prec=1}}", "5.7/km²"),
        ("{{INRConvert|5|c}}", "₹5 crore"),
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
