"""What a user is told before a run."""

from __future__ import annotations

from typing import Any

from bertprep.corpus.files import InputFile
from bertprep.options import ReadOptions
from pipelines.messages import first_lines


def corpus(*formats: Any) -> list[InputFile]:
    return [InputFile(str(n), str(n), 600_000, "none", kind) for n, kind in enumerate(formats)]


def test_the_first_line_says_what_is_read_and_as_what() -> None:
    files = corpus("text", "jsonl", "text", "wikiextractor")
    assert first_lines.describe_inputs(files, ReadOptions(), 2) == (
        "reading 2.4 MB: 1 file of JSON lines: a JSON object a line; 2 files of plain text, "
        "documents separated by blank lines (--documents file or line for others): it looks like "
        "prose wherever it was looked at; 1 file of WikiExtractor: articles between <doc ...> and "
        "</doc> lines; sentences by rules, a line break ends one; 2 processes"
    )
    read = ReadOptions(documents="file", sentences="lines")
    assert first_lines.describe_inputs(corpus("text"), read, 1) == (
        "reading 600.0 kB: 1 file of plain text, one document a file: it looks like prose wherever "
        "it was looked at; one sentence a line; 1 process"
    )
    given = ReadOptions(input_format="ptb")
    assert first_lines.describe_inputs(corpus("ptb"), given, 1) == (
        "reading 600.0 kB: 1 file of PTB, one sentence a line, 8 KiB a document, <unk> as [UNK]: "
        "as --input-format ptb says; 1 process"
    )
    pairs = first_lines.describe_inputs(corpus("sentence-pairs", "ptb"), ReadOptions(), 1)
    assert "1 file of PTB, one sentence a line, 8 KiB a document, <unk> as [UNK]: lines" in pairs
    assert "1 file of sentence pairs, two a line with a tab between: two sentences" in pairs
    for_words = first_lines.describe_inputs(corpus("text"), ReadOptions(), 1, in_sentences=False)
    assert "sentences" not in for_words
    said = first_lines.describe_inputs(corpus("jsonl"), ReadOptions(sentences="wrapped"), None)
    assert said.endswith("lines are hard-wrapped; as many processes as the runner starts")


def test_a_prepared_corpus_is_told_by_its_counts() -> None:
    said = first_lines.describe_corpus("folder", {"documents": 1234, "tokens": 56789}, 1, 2)
    assert (
        said == "reading folder: 1,234 documents, 56,789 tokens, prepared from 1 file; 2 processes"
    )
    assert (
        first_lines.describe_space({"work files": 0, "shards": 2_000_000})
        == "about 2.0 MB of shards"
    )
