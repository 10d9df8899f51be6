"""The first lines of a run: what it reads, by how many processes, and what room it takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bertprep.common.units import plural, size
from bertprep.corpus.files import InputFile
from bertprep.corpus.formats.registry import FORMATS, recognised_formats
from bertprep.options import ReadOptions
from pipelines.messages.cleaning import describe_cleaning

_SENTENCES = {
    "rules": "sentences by rules, a line break ends one",
    "wrapped": "sentences by rules, lines are hard-wrapped",
    "lines": "one sentence a line",
    "thai": "sentences by rules, of Thai by pythainlp's crfcut",
}


def describe_inputs(
    corpus: Sequence[InputFile], read: ReadOptions, workers: int | None, in_sentences: bool = True
) -> str:
    """A description of the files to read.

    Args:
        corpus: the files.
        read: how they are read.
        workers: by how many processes; None if the runner decides.
        in_sentences: whether to say how sentences are found.
    """
    formats = {file.format for file in corpus}
    total = size(sum(file.size for file in corpus))
    kinds = [_kind(entry, read) for entry in recognised_formats(corpus, read)]
    if in_sentences and any(FORMATS[name].is_segmented for name in formats):
        kinds.append(_SENTENCES[read.sentences])
    if read.clean:
        kinds.append(f"cleaned by {describe_cleaning(read.clean)}")
    return f"reading {total}: {'; '.join(kinds)}; {_processes(workers)}"


def _kind(recognised: Mapping[str, Any], read: ReadOptions) -> str:
    """How many files are of a format, what of it there is to say, and why they are."""
    known, rows = FORMATS[recognised["format"]], recognised.get("rows", "")
    detail = known.detail(read)
    shown = f"{plural(recognised['files'], 'file')} of {known.shown}{detail and f', {detail}'}"
    if rows:
        shown += f"; each line is a row of {FORMATS[rows].shown}"
        if read.input_format == "auto":
            shown += f" (--input-format {rows} makes each a document)"
    return f"{shown}: {recognised['evidence']}"


def _processes(workers: int | None) -> str:
    if workers is None:
        return "as many processes as the runner starts"
    return "1 process" if workers == 1 else f"{workers} processes"


def describe_corpus(folder: str, sums: Mapping[str, int], inputs: int, workers: int | None) -> str:
    """A description of a prepared corpus to read.

    Args:
        folder: where it is.
        sums: what was counted of its documents.
        inputs: how many files it was prepared from.
        workers: by how many processes; None if the runner decides.
    """
    counts = f"{sums['documents']:,} documents, {sums['tokens']:,} tokens"
    return (
        f"reading {folder}: {counts}, prepared from {plural(inputs, 'file')}; {_processes(workers)}"
    )


def describe_space(space: Mapping[str, int]) -> str:
    """The room that a run will take of the disk, by purpose."""
    return "about " + " and ".join(f"{size(n)} of {what}" for what, n in space.items() if n)
