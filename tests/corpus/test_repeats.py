"""Lines that many documents have in common."""

from __future__ import annotations

from collections import Counter

from bertprep.corpus.repeats import RepeatCounter, describe_repeats
from tests.corpus.lines_of_many import NOTICE, batch_of


def reference(texts: list[str]) -> Counter[str]:
    counts = Counter(
        line.strip() for text in texts for line in set(text.split("\n")) if len(line) >= 16
    )
    return Counter({line: count for line, count in counts.items() if count > 1})


def test_lines_are_counted_once_a_document() -> None:
    texts = [f"{NOTICE}\nText number {n % 7} of the panda.\n{NOTICE}\nshort" for n in range(50)]
    counter = RepeatCounter()
    counter.add(batch_of(*texts))
    assert counter.repeats() == dict(reference(texts))
    assert counter.repeats()[NOTICE] == 50


def test_only_what_many_documents_have_is_said() -> None:
    assert describe_repeats({NOTICE: 60, "Another line of text.": 20}, 1000) == (
        f'2 lines stand in 2% of the documents or more, such as "{NOTICE}" in about 60'
    )
    assert describe_repeats({NOTICE: 9}, 20) == ""
    assert describe_repeats({}, 20) == ""
