"""A document's text, whatever it was stored in, and its id: the hash of that text and no other."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bertprep.corpus.identity import document_ids, document_text

WHITE = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2003\u2028\u2029\u202f\u205f\u3000"
around = st.text(WHITE + "\ufeff", max_size=5)
inside = st.text("aé文😀\u0301 \t\n\r\ufeff\u3000", max_size=12)


def text_of(content: str) -> str:
    return document_text(content.encode()).decode()


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("a", "a"),
        ("\ufeff\ufeff a\r\nb \r\n\r\n", "a\nb"),
        ("a\r\r\nb", "a\nb"),
        ("\u3000文。\u2028\x1c", "文。"),
        (" \t\r\n\ufeff", ""),
        ("", ""),
    ],
)
def test_what_is_around_a_text_and_how_lines_end_are_no_part_of_it(content: str, text: str) -> None:
    assert text_of(content) == text


@pytest.mark.parametrize("other", ["a \nb", "a\n\nb", "a\rb", "a\ufeff\nb", "a\u2028b", "A\nb"])
def test_all_else_tells_documents_apart(other: str) -> None:
    assert text_of(other) == other


@given(around, inside, around)
@example("", "\r\r\n", "")
def test_a_text_stays_itself_in_any_white_space(before: str, content: str, after: str) -> None:
    text = text_of(content)
    assert text_of(text) == text
    assert text_of(before + text + after) == text
    assert text_of(before + text.replace("\n", "\r\n") + after) == text


def ids_of(texts: list[str], file_format: str = "text") -> list[tuple[int, ...]]:
    documents = [text.encode() for text in texts]
    ends = np.cumsum([len(document) + 2 for document in documents]) - 2
    starts = ends - [len(document) for document in documents]
    ids = document_ids(b"\n\n".join(documents), starts, ends, file_format)
    assert (ids.dtype, ids.shape) == (np.uint64, (len(texts), 2))
    return [tuple(halves) for halves in ids.tolist()]


def test_an_id_is_128_bits_of_blake2b_of_the_text() -> None:
    digest = blake2b("文 a".encode(), digest_size=16, person=b"prose").digest()
    halves = (int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little"))
    assert ids_of(["b", "文 a"])[1] == halves
    assert ids_of([""]) != ids_of([" "])


def test_what_is_no_prose_has_ids_of_its_own() -> None:
    """A tab parts two sentences in a pair; PTB has <unk>: the same letters are other sentences."""
    known = {name: ids_of(["a\tb"], name)[0] for name in ("text", "sentence-pairs", "ptb")}
    assert len(set(known.values())) == 3
    assert ids_of(["a\tb"], "jsonl") == ids_of(["a\tb"], "wikiextractor") == [known["text"]]


def test_wikitext_is_other_text_only_where_a_word_is_unknown() -> None:
    texts = ["a <unk>", "a < unk > b"]
    (marked, plain), (spelled, same) = ids_of(texts, "wikitext"), ids_of(texts)
    assert marked != spelled
    assert plain == same


def test_no_documents_have_no_ids() -> None:
    none = np.zeros(0, np.int64)
    assert document_ids(b"", none, none, "text").shape == (0, 2)
