"""Numbers, money and measures within a sentence."""

from __future__ import annotations

import pytest

from bertprep.corpus.mediawiki.site import Site
from bertprep.corpus.mediawiki.wikicode import text_of


@pytest.mark.parametrize(
    ("wikitext", "prose"),
    [
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
    ],
)  # fmt: skip
def test_rendered(wikitext: str, prose: str) -> None:
    found = text_of(f"It is {wikitext} so.", "Title", Site(), lambda why, what: None)
    assert " ".join(found.split()) == f"It is {prose} so."
