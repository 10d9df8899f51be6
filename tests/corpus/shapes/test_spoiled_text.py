"""Text that was spoiled, and text that looks like it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.spoiled_text import spoiled

SENTENCE = (
    "The panda eats bamboo beside the wonderful riverbanks, and everybody sleeps under trees. "
)
TEXT = "".join(SENTENCE.replace("panda", f"panda {n}") for n in range(60))


def kind(text: str) -> str | None:
    finding = spoiled(Part(text.encode()))
    return finding and finding.kind


def paged(foot: Callable[[int], str], cut: bool = True) -> str:
    lines = textwrap.wrap(TEXT, 60)
    pages = [lines[start : start + 7] for start in range(0, 70, 7)]
    return "".join(
        "\n".join(page) + ("" if cut else " It ends.") + f"\n\n{foot(n)}\n\n"
        for n, page in enumerate(pages)
    )


def test_words_cut_at_line_ends_are_told() -> None:
    scanned = "".join(
        f"{n} pandas eat bam-\nboo and go to their won-\nderful home.\n" for n in range(20)
    )
    assert kind(scanned) == "cut words"
    assert kind("\n".join(textwrap.wrap(TEXT, 60))) is None
    assert kind("The well-\nknown Panda-\nBear eats -\nand sleeps.\n" * 3) is None


def test_numbers_of_pages_within_sentences_are_told() -> None:
    assert kind(paged(lambda n: str(n + 1))) == "pages"
    assert kind(paged(lambda n: f"THE HISTORY OF PANDAS   {n + 1}")) == "pages"


def test_numbers_of_chapters_are_read() -> None:
    assert kind(paged(lambda n: str(n + 1), cut=False)) is None
    assert kind(paged(lambda n: f"CHAPTER {n + 1}", cut=False)) is None


def test_letters_that_were_lost_are_told() -> None:
    assert kind("???? ?? ???????? panda ???, ?????.\n" * 20) == "lost letters"
    assert (
        kind("What?? Does the panda eat bamboo?? Yes, it does, as all of them do.\n" * 20) is None
    )


def test_letters_of_two_scripts_within_words_are_told() -> None:
    assert kind(TEXT.translate(str.maketrans("aeo", "аео"))) == "mixed letters"
    assert kind("Панда ест bamboo в zoo. Она спит под деревом каждый день.\n" * 20) is None


def test_text_in_another_encoding_is_not_told_for_its_letters() -> None:
    """Read as UTF-8 it has letters of any script among what cannot be read."""
    line = "明月幾時有,把酒問青天.不知天上宮闕,今夕是何年. "
    for encoding in ("gb18030", "big5"):
        assert spoiled(Part((line * 60).encode(encoding))) is None


def test_utf_7_is_told_and_its_remedy_helps() -> None:
    text = "“Café” – das ist für Übungen, schön und müde.\n" * 20
    assert kind(text.encode("utf-7").decode()) == "UTF-7"
    assert kind(text) is None
    assert kind("See C++, 3+4-5, and +49-30 or A+B-C.\n" * 40) is None
