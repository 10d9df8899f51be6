"""Raw documents to tokens: which sentences, in which columns, and what is left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from bertprep.common.draws import document_keys
from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.identity import document_ids
from bertprep.options import FileFormat
from bertprep.text.prepare import Prepared, Preparer, character_offsets
from bertprep.text.prepared_columns import keys_of
from bertprep.text.segment import Segmenter
from bertprep.text.tokenize import BatchTokenizer
from tests.text.prepared_rows import SCHEMA, VOCABULARY

UNK, A, B, BB, C, DOT, WEN, ZI = 1, 5, 6, 7, 8, 9, 10, 11


def batch_of(texts: list[str], name: str = "a.txt") -> DocumentBatch:
    """Documents 1,000 bytes apart in their file, a blank line between two of the batch."""
    documents = [text.encode("utf-8") for text in texts]
    lengths = np.array([len(document) for document in documents])
    starts = np.cumsum(lengths + 2) - lengths - 2
    offsets = 1000 * np.arange(len(texts))
    return DocumentBatch(name, b"\n\n".join(documents), starts, starts + lengths, offsets)


def preparer(seed: int = 1) -> Preparer:
    return Preparer(
        Segmenter(), BatchTokenizer(VOCABULARY), len(VOCABULARY), VOCABULARY.ids["[UNK]"], seed
    )


def prepared(texts: list[str]) -> tuple[Prepared, list[dict[str, object]]]:
    dropped: list[dict[str, object]] = []
    return preparer()(batch_of(texts), Drops(dropped.append)), dropped


def identities_of(done: Prepared) -> list[tuple[int, int]]:
    columns = (done.documents.column(name).to_pylist() for name in ("key", "rest"))
    return list(zip(*columns, strict=True))


def known_by(texts: list[str], seed: int = 1) -> list[tuple[int, int]]:
    """Keys and the rest of documents of these texts."""
    batch = batch_of(texts)
    ids = document_ids(batch.text, batch.starts, batch.ends, "text")
    return list(zip(*(column.tolist() for column in document_keys(seed, ids)), strict=True))


def test_a_batch_worked_by_hand() -> None:
    done, dropped = prepared(["Abb. B c.\nA", "文字。文 z.", "c"])
    assert done.documents.column("sentences").to_pylist() == [
        [[A, BB, BB, DOT], [B, C, DOT], [A]],
        [[WEN, ZI, UNK], [WEN, UNK, DOT]],
        [[C]],
    ]
    assert identities_of(done) == known_by(["Abb. B c.\nA", "文字。文 z.", "c"])
    assert done.documents.column("count").to_pylist() == [1, 1, 1]
    assert (done.sentences, done.tokens, done.unknown) == (6, 15, 2)
    assert done.documents.schema == SCHEMA
    assert not dropped


def test_documents_without_tokens_are_left_out_by_name() -> None:
    done, dropped = prepared(["", "a", " \n\t", "b.", "\x01\x02"])
    assert done.documents.column("sentences").to_pylist() == [[[A]], [[B, DOT]]]
    assert identities_of(done) == known_by(["a", "b."])
    assert (done.sentences, done.tokens) == (2, 3)
    assert [(drop["reason"], drop["offset"], drop["text"]) for drop in dropped] == [
        ("empty_sentence", 4000, "\x01\x02"),
        ("empty_document", 0, ""),
        ("empty_document", 2000, " \n\t"),
        ("empty_document", 4000, "\x01\x02"),
    ]


def test_sentences_without_tokens_leave_no_hole() -> None:
    """Before, between and behind others; an empty list in a document would be a pair's lone A."""
    done, dropped = prepared(["\x01\na\n\x02\n\x03\nb", "c\n\x04"])
    assert done.documents.column("sentences").to_pylist() == [[[A], [B]], [[C]]]
    assert done.sentences == 3
    reasons = [(drop["reason"], drop["offset"], drop["text"]) for drop in dropped]
    assert reasons == [
        ("empty_sentence", 0, "\x01"),
        ("empty_sentence", 0, "\x02"),
        ("empty_sentence", 0, "\x03"),
        ("empty_sentence", 1000, "\x04"),
    ]


def test_a_batch_of_nothing_but_empty_documents() -> None:
    done, dropped = prepared(["", " "])
    assert (done.documents.num_rows, done.sentences, done.tokens) == (0, 0, 0)
    assert len(dropped) == 2


def of_format(file_format: FileFormat, texts: list[str]) -> tuple[list[object], list[object]]:
    """The sentences of the documents and what is dropped."""
    batch = replace(batch_of(texts), format=file_format)
    dropped: list[dict[str, object]] = []
    done = preparer()(batch, Drops(dropped.append))
    columns = [done.documents.column(name).to_pylist() for name in ("sentences", "is_pair")]
    found = list(zip(*columns, strict=True))
    return found, [(drop["reason"], drop["offset"], drop["text"]) for drop in dropped]


def test_the_two_sentences_of_a_pair_are_taken_as_they_stand() -> None:
    """Neither stops nor what Unicode takes for line breaks make three of them."""
    found, dropped = of_format(
        "sentence-pairs", ["A. B.\tC.", "文。字\u2028a\t \x0bb\x0bb ", "\x01\ta", "\x02\t\x01"]
    )
    assert found == [
        ([[A, DOT, B, DOT], [C, DOT]], True),
        ([[WEN, UNK, ZI, A], [B, BB]], True),
        ([[A]], False),
    ]
    assert dropped == [
        ("empty_sentence", 2000, "\x01"),
        ("empty_sentence", 3000, "\x02"),
        ("empty_sentence", 3000, "\x01"),
        ("empty_document", 3000, "\x02\t\x01"),
    ]


def test_ptb_has_a_sentence_a_line_and_marks_unknown_words() -> None:
    found, dropped = of_format("ptb", [" a. b <unk> \n\n  \r\n c <unk>", " <unk> "])
    assert found == [([[A, DOT, B, UNK], [C, UNK]], False), ([[UNK]], False)]
    assert not dropped
    assert of_format("text", ["a <unk>"])[0] == [([[A, UNK, UNK, UNK]], False)]


def test_documents_do_not_depend_on_their_neighbours() -> None:
    texts = ["A b", "c. 文", "\x01", "b\nb", "字"]
    together = prepared(texts)[0].documents.column("sentences").to_pylist()
    alone = [prepared([text])[0].documents.column("sentences").to_pylist() for text in texts]
    assert together == [document for documents in alone for document in documents]


def test_keys_depend_on_seed_and_text_and_not_on_the_place() -> None:
    batch = batch_of(["a", "b"])
    other_place = batch_of(["c", "b", "a"], "b.txt")
    one, two, other = [
        keys_of(preparer(seed)(documents, Drops()).documents).tolist()
        for seed, documents in ((1, batch), (2, batch), (1, other_place))
    ]
    assert len({*one, *two}) == 4
    assert other[:0:-1] == one


@given(st.text(st.sampled_from("aé文😀\n "), max_size=30))
@example("")
def test_character_offsets_are_byte_positions(text: str) -> None:
    starts = np.arange(len(text) + 1)
    expected = [len(text[:i].encode("utf-8")) for i in starts]
    numbers = starts, starts[1::2], starts[:0]
    found = character_offsets(text.encode("utf-8"), *numbers, scan_bytes=5)
    assert [positions.tolist() for positions in found] == [expected, expected[1::2], []]


# The columns
