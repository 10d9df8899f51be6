"""Lines broken at a width, told from verses, items and paragraphs."""

from __future__ import annotations

import textwrap

from bertprep.text.line_widths import count_lines, spread_of_widths
from tests.odd_corpora import Maker


def open_share(text: str) -> float:
    sums = count_lines(text.encode())
    return sums["open_lines"] / max(1, sums["followed_lines"])


def test_wrapped_prose_has_open_lines_of_like_widths() -> None:
    m = Maker("lines")
    text = "\n\n".join(textwrap.fill(m.paragraph(6, 9), 70) for _ in range(20))
    for wrapped in (text, text.replace("\n", "\r\n"), text.replace("\n", " \n")):
        sums = count_lines(wrapped.encode())
        assert sums["open_lines"] > 0.6 * sums["followed_lines"] > 60
        assert spread_of_widths(sums) < 0.1
    chinese = "春眠不觉晓处处闻啼鸟夜来风雨声花落知多少\n" * 9
    assert open_share(chinese) == 1


def test_what_ends_with_a_stop_or_goes_on_in_capitals_is_not_open() -> None:
    line = "a line that is long enough to have been broken off"
    assert open_share(f"{line}\n{line}\n") == 1
    for other in (
        f"{line}.\n{line}\n",
        f"{line}\nThen {line}\n",
        f"{line}\n\n{line}",
        f"a\n{line}",
    ):
        assert open_share(other) == 0
    assert open_share(f"{line}。\n文") == 0
