"""Counted words are those that BertNormalizer and BertPreTokenizer make of the text."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tokenizers import normalizers, pre_tokenizers

from bertprep.corpus.document_batch import DocumentBatch
from bertprep.learning.count import WORD_SCHEMA, WordCounter, merged_words, partitioned, total_words
from tests.examples_count import of_a_hundred

CASINGS = pytest.mark.parametrize("lowercase", [True, False], ids=["uncased", "cased"])

any_document = st.lists(
    st.one_of(
        st.text(max_size=6),
        st.sampled_from(
            ["the", "The", "THE", "café", "cafe\u0301", "İ", "ς", "世界", "か가", "😀"]
        ),
        st.sampled_from([" ", "\n", "\t", "\u3000", ",", ".", "。", "-", "\0", "\u200b", "\u0301"]),
    ),
    max_size=20,
).map("".join)
word_counts = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(1, 9), max_size=20)


def batch_of(documents):
    encoded = [document.encode() for document in documents]
    lengths = np.array([len(document) for document in encoded], np.int64)
    ends = np.cumsum(lengths + 2) - 2
    return DocumentBatch("name", b"\n\n".join(encoded), ends - lengths, ends, ends * 0)


def counted(lowercase, *batches, **sizes):
    counter = WordCounter(lowercase, **sizes)
    for documents in batches:
        counter.add(batch_of(documents))
    table = counter.words()
    assert table.schema == WORD_SCHEMA
    words = table["word"].to_pylist()
    assert len(words) == len(set(words))
    return dict(zip(words, table["count"].to_pylist(), strict=True))


def expected(lowercase, *batches):
    normalize = normalizers.BertNormalizer(lowercase=lowercase).normalize_str
    split = pre_tokenizers.BertPreTokenizer().pre_tokenize_str
    documents = [document for documents in batches for document in documents]
    return dict(Counter(w for document in documents for w, _ in split(normalize(document))))


def table_of(words):
    columns = [pa.array(list(words), pa.large_string()), pa.array(list(words.values()), pa.int64())]
    return pa.table(columns, schema=WORD_SCHEMA)


def dict_of(table):
    return dict(zip(table["word"].to_pylist(), table["count"].to_pylist(), strict=True))


def test_a_case_worked_by_hand():
    documents = ["The café, the CAFE.", "世界 the\0re 世"]
    assert counted(True, documents) == {
        **{"the": 2, "cafe": 2, ",": 1, ".": 1, "世": 2, "界": 1, "there": 1}
    }
    assert counted(False, documents) == {
        **{"The": 1, "the": 1, "café": 1, "CAFE": 1},
        **{",": 1, ".": 1, "世": 2, "界": 1, "there": 1},
    }


def test_marked_unknown_words_are_not_counted():
    batch = batch_of(["the <unk> <unk>panda< unk > <UNK> unk", "<unk>"])
    rest = {"the": 1, "panda": 1, "unk": 3, "<": 2, ">": 2}
    for file_format, found in [("ptb", rest), ("text", {**rest, "unk": 6, "<": 5, ">": 5})]:
        counter = WordCounter(lowercase=True)
        counter.add(replace(batch, format=file_format))
        assert dict_of(counter.words()) == found


@CASINGS
@settings(max_examples=of_a_hundred(80))
@given(batches=st.lists(st.lists(any_document, min_size=1, max_size=4), max_size=3))
@example(batches=[["a", "b"], ["", "ab"]])  # documents do not run into each other
@example(batches=[["É" * 40 + " é", "é"], ["é" + "É" * 39]])  # longer than what is remembered
def test_counts_are_those_of_a_plain_loop(lowercase, batches):
    assert counted(lowercase, *batches) == expected(lowercase, *batches)


@CASINGS
def test_tables_merged_on_the_way_lose_nothing(lowercase):
    batches = [[f"the Word{i} café {i % 3}", f"the word{i % 4}"] for i in range(20)]
    assert counted(lowercase, *batches, merge_rows=5) == expected(lowercase, *batches)


@pytest.mark.slow
@CASINGS
def test_prose(prose, lowercase):
    assert counted(lowercase, prose[:30], prose[30:]) == expected(lowercase, prose)


def test_nothing_to_count():
    assert counted(True) == {}
    assert counted(True, ["", " \n"], ["\0\u200b"]) == {}


@given(words=word_counts, partitions=st.integers(1, 5))
def test_partitions_hold_each_word_once(words, partitions):
    parts = dict(partitioned(table_of(words), partitions))
    assert all(0 <= partition < partitions for partition in parts)
    together = [row for part in parts.values() for row in part.to_pylist()]
    assert len(together) == len(words)
    assert {row["word"]: row["count"] for row in together} == words


def test_where_a_word_goes_depends_on_the_word_alone():
    words = {f"word{i}": i for i in range(100)}
    few = dict(list(words.items())[::-7])

    def places(counts):
        parts = partitioned(table_of(counts), 8)
        return {word: part for part, batch in parts for word in batch["word"].to_pylist()}

    everywhere = places(words)
    assert set(everywhere.values()) == set(range(8))
    assert places(few) == {word: everywhere[word] for word in few}


def test_where_a_word_goes_does_not_depend_on_the_words_hashed_with_it():
    table = table_of({f"{i}" * (i % 9 + 1): i for i in range(1, 100)})
    whole = list(partitioned(table, 8))
    assert list(partitioned(table, 8, block=7)) == whole
    assert list(partitioned(pa.concat_tables([table[:30], table[30:]]), 8)) == whole


@pytest.mark.parametrize("word", ["{}", "{:x}", "w{:05}", "{:b}", "{:03}世界"])
def test_each_partition_gets_about_as_many_words(word):
    """As many as by lot, which is what ``kept_words`` allows for."""
    partitions = 64
    numbers = {word.format(i): 1 for i in range(20_000)}
    sizes = np.array([batch.num_rows for _, batch in partitioned(table_of(numbers), partitions)])
    share = len(numbers) / partitions
    assert len(sizes) == partitions
    assert abs(sizes - share).max() < 6 * share**0.5


@given(parts=st.lists(word_counts, max_size=4))
def test_merged_words_are_summed_the_most_frequent_first(parts):
    batches = [batch for part in parts for batch in table_of(part).to_batches()]
    summed = sum((Counter(part) for part in parts), Counter())
    by_count = sorted(summed.items(), key=lambda item: (-item[1], item[0].encode()))
    merged = merged_words(batches)
    assert merged.schema == WORD_SCHEMA
    assert list(dict_of(merged).items()) == by_count


def test_total_words_puts_partitions_side_by_side():
    words, counts = total_words([table_of({"b": 2}), table_of({}), table_of({"a": 2**40, "世": 1})])
    assert words.to_pylist() == ["b", "a", "世"]
    assert (counts.dtype, counts.tolist()) == (np.int64, [2, 2**40, 1])
    words, counts = total_words([table_of({})])
    assert (len(words), len(counts)) == (0, 0)
