"""Documents in parts, joined again, and contamination."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bertprep.cleaning.parts import LEAST_BYTES, Unit, digests, parts_of, without
from bertprep.corpus.document_batch import joined_documents
from bertprep.corpus.identity import document_text

UNITS = st.sampled_from(["paragraphs", "lines"])


@given(st.text("ab \n\t", max_size=40), UNITS)
def test_without_none_of_its_parts_a_text_is_whole(text: str, unit: Unit) -> None:
    content = text.strip().encode()
    assert without(content, unit, ()) == (content, [])


@given(st.lists(st.text("ab \n\t\u3000", min_size=1, max_size=30), max_size=5), UNITS)
def test_parts_of_a_batch_are_those_of_each_document(found: list[str], unit: Unit) -> None:
    documents = list(filter(None, (document_text(text.encode()) for text in found)))
    if not documents:
        return
    text, starts, _ = joined_documents(documents)
    parts = parts_of(text, starts, unit)
    between = rb"\n[ \t]*\n\s*" if unit == "paragraphs" else rb"\n+"
    expected = [
        (number, place, part)
        for number, document in enumerate(documents)
        for place, part in enumerate(re.split(between, document))
    ]
    rows = zip(parts.documents, parts.numbers, parts.starts, parts.ends, strict=True)
    assert [(d, n, text[a:b]) for d, n, a, b in rows] == expected


def test_what_is_left_out_goes_with_what_follows_it() -> None:
    text = b"One.\nTwo.\n\nThree.\n \nFour."
    assert without(text, "lines", {1}) == (b"One.\nThree.\n \nFour.", [b"Two."])
    assert without(text, "paragraphs", {0, 2}) == (b"Three.", [b"One.\nTwo.", b"Four."])


def test_short_parts_are_not_told_by() -> None:
    long = "x" * LEAST_BYTES
    for lead in ("", " ", "\u3000"):
        text = f"Yes.\n{lead}{long}\n{long}".encode()
        places, hashes = digests(text, parts_of(text, np.zeros(1, np.int64), "lines"))
        assert places.tolist() == [1, 2]
        assert hashes[0].tolist() == hashes[1].tolist()
