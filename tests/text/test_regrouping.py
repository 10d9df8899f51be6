"""What is prepared is a function of the documents, not of the files they came in."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from bertprep.common.drops import Drops
from bertprep.corpus.files import InputFile
from bertprep.corpus.read import read_split
from bertprep.corpus.sizes import ReadSizes
from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from bertprep.text.prepare import Preparer
from bertprep.text.prepared_columns import merged, prepared_schema
from bertprep.text.range_counts import Tally
from bertprep.text.segment import Segmenter
from bertprep.text.tokenize import BatchTokenizer
from bertprep.vocabulary.vocabulary import Vocabulary
from tests.examples_count import of_a_hundred
from tests.regrouped import Regrouped, Stored, regroupings, write

LETTERS = [f"{start}{letter}" for start in ("", "##") for letter in "abcdefghijklmnopqrstuvwxyz"]
TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, ".", ",", "文", "字", "。")
VOCABULARY = Vocabulary(TOKENS, lowercase=True)
SCHEMA = prepared_schema(len(VOCABULARY))
SIZES = ReadSizes(least_split=40, splits=3, batch=30)
PREPARER = Preparer(Segmenter(), BatchTokenizer(VOCABULARY), len(VOCABULARY), 1, 12345)

sentences = st.sampled_from(
    ["A panda eats.", "It sleeps, too. ", "文字。", "\u3000文", "A \ufeff b", "No end ", "\u2028x"]
)
texts = st.lists(sentences, min_size=1, max_size=4).map(" ".join)


def opened(path: str) -> BinaryIO:
    return open(path, "rb")


def prepared(files: list[InputFile], rule: str) -> tuple[pa.RecordBatch, Tally]:
    """All documents of the files, prepared split by split, and the sum of the splits' tallies."""
    options = ReadOptions(documents=rule)  # type: ignore[arg-type]
    spills = []
    for split in plan_splits(files, options, SIZES):
        batches = read_split(split, opened, options, Drops(), SIZES)
        spills.append(merged((PREPARER(b, Drops()).documents for b in batches), SCHEMA))
    return merged(spills, SCHEMA), Tally.total(map(Tally.of, spills))


@settings(max_examples=of_a_hundred(40))
@given(st.lists(texts, min_size=1, max_size=12), st.booleans(), st.data())
def test_files_have_no_part_in_what_is_prepared(
    documents: list[str], one_a_line: bool, data: st.DataObject
) -> None:
    if not one_a_line:
        documents = [text.replace(". ", ".\n") for text in documents]
    rule = "line" if one_a_line else "blank-line"
    plain = Regrouped(
        [Stored("all", "jsonl", False, False)], [(n, 0) for n in range(len(documents))]
    )
    with TemporaryDirectory() as folder:
        files = write(Path(folder) / "one", plain, documents, one_a_line)
        rows, tally = prepared(files, rule)
        how = data.draw(regroupings(len(documents)))
        files = write(Path(folder) / "other", how, documents, one_a_line)
        other_rows, other_tally = prepared(files, rule)
    assert rows.serialize() == other_rows.serialize()
    assert sum(rows["count"].to_pylist()) == len(documents)
    for one, other in zip(tally, other_tally, strict=True):
        assert one.tolist() == other.tolist()
