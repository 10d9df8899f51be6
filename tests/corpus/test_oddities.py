"""What is counted of the text while it is read: marks, leftovers, lines that documents share."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.corpus.oddities import is_looked_at, oddities, oddity_warnings
from bertprep.corpus.repeats import RepeatCounter, merged
from tests.corpus.lines_of_many import NOTICE, batch_of

PROSE = "The panda eats bamboo all day. It sleeps under a tree. "


def warnings_of(*texts: str, is_told: bool = False) -> list[str]:
    batch = batch_of(*texts)
    sums = oddities(batch, is_told)
    sums["text_bytes"] = len(batch.text)
    return oddity_warnings(sums)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{PROSE}The [MASK] eats. {PROSE}", "[MASK] stands in the text 1 times"),
        (f"{PROSE}\nBULLET::::- one\nSection::::Two.\n", "2 leftovers of wiki mark-up"),
        (f"{PROSE}<br>{PROSE}<br/>{PROSE}</ref>", "3 HTML tags are in the text"),
        (f"[CLS] {PROSE} [SEP] {PROSE}", "special tokens stand in the text 2 times"),
        (f"It &apos;s {PROSE} &quot; A &amp; B", "3 HTML entities are in the text"),
        (f"{PROSE}<mask> eats. {PROSE}<eop> {PROSE}", "special tokens stand in the text 2 times"),
        (f"The <unk> eats. {PROSE}The <unk> sleeps.", "<unk> stands in the text 2 times"),
        (
            f"GrÃ¶ÃŸe und LÃ¤nge, \u00e2\u20ac\u0153so. {PROSE}",
            "4 places in the text look like UTF-8",
        ),
        ("1 2 3 4 5 6 7 8 9 10\n" * 20, "1 of 1 stretches of the text that were looked at look"),
    ],
)
def test_what_is_odd_is_said(text: str, said: str) -> None:
    assert any(said in warning for warning in warnings_of(text))


def test_a_few_in_much_text_are_not_worth_a_word() -> None:
    much = PROSE * 40_000
    assert warnings_of(f"{much} [MASK] colspan= <br> <br> <br>") == []
    assert warnings_of(PROSE) == []


def test_what_only_looks_odd_is_not_told() -> None:
    assert warnings_of(f"If a<b and b>c, so is a<i or i >= p>2. {PROSE}" * 9) == []
    accents = "A SITUAÇÃO NÃO É BOA. CORAÇÕES, IRMÃ. São Paulo, Âncora. Tiếng Việt â. "
    assert warnings_of(accents * 9) == []


def test_unknown_words_of_a_format_that_has_them_are_not_told() -> None:
    batch = replace(batch_of("The <unk> eats . The <unk> sleeps ."), format="wikitext")
    assert not oddities(batch, False)["unknown_written"]


def test_who_says_what_it_is_is_not_told() -> None:
    assert warnings_of("1 2 3 4 5 6 7 8 9 10\n" * 20, is_told=True) == []


MARKS = [
    "[CLS]",
    "[MASK]",
    "[",
    "<s>",
    "<",
    "<br>",
    "<p class='x'>",
    "&amp;",
    "&lt;ref",
    "-LRB-",
    "-",
]
MARKS += [
    "Section::::",
    "colspan=",
    "=",
    ":",
    "\f",
    "<unk>",
    "<|endoftext|>",
    "Ã",
    "Ã¼",
    "â€œ",
    "é",
    " a ",
]


@given(st.lists(st.sampled_from(MARKS), max_size=40), st.sampled_from([0, 5000]))
def test_marks_are_counted_wherever_they_stand(marks: list[str], room: int) -> None:
    """Where signs are rare, and where they are so frequent that all of the text is looked at."""
    text = "".join(marks) + " " * room
    batch = batch_of(text)
    found, written = oddities(batch, True), batch.text
    for name, kinds in {
        "mask_marks": [b"[MASK]"],
        "special_marks": [b"[CLS]", b"<s>", b"<|endoftext|>"],
        "unknown_written": [b"<unk>"],
        "bracket_names": [b"-LRB-"],
        "form_feeds": [b"\f"],
        "wiki_leftovers": [b"Section::::", b"colspan=", b"&lt;ref"],
    }.items():
        assert found[name] == sum(map(written.count, kinds)), name
    # A tag may have a blank before its end, which joins none of these.
    assert found["tag_leftovers"] == written.count(b"<br>") + written.count(b"<p class='x'>")
    assert found["entity_leftovers"] == written.count(b"&amp;") + written.count(b"&lt;")
    assert found["mojibake"] == len(re.findall("Ã[\x80-\xbf]|â€", written.decode()))


def test_how_many_stretches_are_looked_at() -> None:
    looked = [[batch for batch in range(64) if is_looked_at(split, batch)] for split in range(5)]
    assert looked[0] == looked[4] == [0, 16, 32, 48]
    assert looked[1] == looked[2] == looked[3] == [8, 24, 40, 56]


def test_counts_of_splits_add_up_in_any_order() -> None:
    parts = []
    for k in range(3):
        counter = RepeatCounter()
        counter.add(batch_of(*(f"{NOTICE}\nOf part {k} this is line {n % 2}." for n in range(20))))
        parts.append(counter.repeats())
    assert merged(parts) == merged(parts[::-1])
    assert merged(parts)[NOTICE] == 60


def test_nothing_to_count() -> None:
    counter = RepeatCounter()
    counter.add(batch_of("a", "b"))
    counter.add(batch_of("one line only, but long"))
    assert counter.repeats() == {}
