"""Documents on their way: kept as they are, mended, dropped, written and read again."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from itertools import groupby

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.cleaning.clean import Sifter, json_lines, read_drafts, record_batch, write_drafts
from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch, columns_of, texts_of
from bertprep.corpus.formats.format import Document
from bertprep.corpus.identity import document_text
from bertprep.options import CleanOptions

TEXTS = st.lists(st.text(max_size=12).map(lambda t: f"a{t}b"), min_size=1, max_size=6)
LINE_ENDS = "\v\f\r\x1c\x1d\x1e\x85"
CONTROLS = {*range(9), *range(11, 32), *range(127, 160), 0xFEFF, 0x200B, 0x2060, 0xFFFE, 0xFFFF}


def batch_of(*texts: str, names: tuple[str, ...] = ()) -> DocumentBatch:
    found = [document_text(text.encode("utf-8", "replace")) for text in texts]
    documents = [Document(7 * number, text) for number, text in enumerate(found)]
    return columns_of("text", "", names or ["f"] * len(texts), documents)


def kept(options: CleanOptions, *texts: str) -> tuple[list[str], Drops]:
    drops = Drops()
    batch = Sifter(options).sift(batch_of(*texts), drops)
    return [text.decode() for text in texts_of(batch)] if batch else [], drops


@given(TEXTS)
def test_lines_are_those_of_json(texts: list[str]) -> None:
    names = [f'{number % 2}"é' for number in range(len(texts))]
    batch = batch_of(*texts, names=tuple(names))
    records = [
        {"text": text.decode(), "file": batch.name_of(n), "offset": 7 * n}
        for n, text in enumerate(texts_of(batch))
    ]
    expected = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    assert json_lines(batch).decode() == expected


@given(TEXTS, st.sampled_from(["", "wiki"]))
def test_drafts_are_read_as_they_were_written(texts: list[str], name: str) -> None:
    several = batch_of(*texts, names=tuple(map(str, range(len(texts)))))
    batches = [replace(batch, format="jsonl", input=name) for batch in (batch_of(*texts), several)]
    stream = io.BytesIO()
    with write_drafts(stream) as writer:
        for batch in batches:
            writer.write_batch(record_batch(batch))
    stream.seek(0)
    for ours, theirs in zip(batches, read_drafts(stream, name), strict=True):
        for one, other in zip(vars(ours).values(), vars(theirs).values(), strict=True):
            assert np.array_equal(one, other)


@given(TEXTS)
def test_controls_go_and_nothing_else(texts: list[str]) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    assert kept(CleanOptions(), *texts)[0] == list(map(without_controls, texts))


def without_controls(text: str) -> str:
    """Each is left out; of a run of those that end lines a line break stays, if none is by it."""
    runs = [(is_end, "".join(run)) for is_end, run in groupby(text, LINE_ENDS.__contains__)]
    parts = []
    for number, (is_end, run) in enumerate(runs):
        if not is_end:
            parts.append("".join(c for c in run if ord(c) not in CONTROLS))
        elif not (runs[number - 1][1].endswith("\n") or runs[number + 1][1].startswith("\n")):
            parts.append("\n")
    return "".join(parts)


@pytest.mark.slow
def test_of_a_document_that_is_gone_the_reason_is_told() -> None:
    texts, drops = kept(
        CleanOptions(min_words=3), "One two three.", "\x01\x02", "Two words.", "\x01a b c"
    )
    assert texts == ["One two three.", "a b c"]
    assert drops.counts == {"empty_document": 1, "too_short": 1}
    assert drops.samples["too_short"][0].offset == 14
    assert kept(CleanOptions(), "\x01")[0] == []
    sifter = Sifter(CleanOptions(), [" ".join(map(str, range(13)))])
    batch = sifter.sift(batch_of("No.", f"x {' '.join(map(str, range(14)))}", "Yes."), drops)
    assert batch and texts_of(batch) == [b"No.", b"Yes."]
    assert drops.counts["contaminated"] == 1
