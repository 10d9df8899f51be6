"""Notes, quotes and titles around a stop: linear in what is odd."""

from __future__ import annotations

import time

import pytest

from bertprep.text.segment import Segmenter

STORMS = {
    "quotes": '. " ' * 20_000,
    "Chinese quotes": '他。"' * 20_000,
    "notes": "end. [3] " * 20_000,
    "open titles": "《你。" * 20_000,
    "titles": "《你。》" * 20_000,
    "apostrophes": "l'" * 20_000 + "Ing. A",
    "Greek": "α; " * 20_000,
    "pictures": "So! " + "😍" * 20_000 + "x. 😍😍 " * 5_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", STORMS)
def test_time_is_linear(name: str) -> None:
    def seconds(text: str) -> float:
        best = float("inf")
        for _ in range(2):
            begin = time.process_time()
            Segmenter()(text)
            best = min(best, time.process_time() - begin)
        return best

    text = STORMS[name]
    assert seconds(text * 4) < 9 * seconds(text) + 0.02


def test_a_title_left_open_encloses_nothing() -> None:
    starts, _ = Segmenter()("《他来了。他走了。")
    assert len(starts) == 2


# "|" marks the boundaries.
BEHIND = """
So nice! 😍😍 |It was so. 🌴 ❄ |Then it was not. ❤️ |he left.
✅ Free. |✅ Breakfast. |✅ Sea.
🌴 Free. |🌴 Breakfast. |🌴 Sea.
Ask us. |📞 Now. |👉 There.
It was so. |$5 is enough. |• An item.
Het had meer verdiend. '' |De droom was anders. '' |,, Hij was er niet.
"""


@pytest.mark.parametrize("marked", BEHIND.strip().splitlines())
def test_pictures_and_closing_marks_belong_to_what_ends(marked: str) -> None:
    text = marked.replace("|", "")
    starts, ends = Segmenter()(text)
    found = [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    assert found == [part.strip() for part in marked.split("|")]
