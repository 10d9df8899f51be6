"""Files that are a document each because the user says so, and what they look like inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bertprep.common.units import plural, size
from bertprep.corpus.compression import text_bytes
from bertprep.corpus.files import InputFile
from bertprep.corpus.splits import plan_splits
from bertprep.options import DocumentRule, ReadOptions
from pipelines.folders.input_sampler import Sampler

# A letter has some paragraphs, and a story some dozens.
_FEWEST_PARTS = 20
_PARTED: tuple[tuple[DocumentRule, str, int], ...] = (
    ("blank-line", "blank lines", 0),
    ("line", "line breaks", 200),  # bytes: shorter ones are the lines of a text, hardly texts
)


def describe_whole_files(inputs: Sequence[InputFile], read: ReadOptions) -> str:
    """The line for the user where files hold what another rule takes for many texts; or nothing.

    Args:
        inputs: the files.
        read: how they are read; unless by ``--documents file``, nothing is said.
    """
    texts = [file for file in inputs if file.format == "text"]
    if read.documents != "file" or not texts:
        return ""
    each = sum(map(text_bytes, texts)) / len(texts)
    for rule, by, least in _PARTED:
        mean = _mean_part(texts, replace(read, documents=rule, clean=None))
        if mean > least and each >= _FEWEST_PARTS * mean:
            parts = plural(round(each / mean), "part")
            return (
                f"{plural(len(texts), 'file')} of plain text, each one document as --documents "
                f"file says, though {by} part one into about {parts} of {size(mean)}: if those are "
                f"texts of their own, say --documents {rule}"
            )
    return ""


def _mean_part(texts: Sequence[InputFile], read: ReadOptions) -> float:
    """The mean bytes of a document by other rules, in a few places; 0 where none is found."""
    batches = Sampler(read).batches(plan_splits(texts, read))
    found = [batch.ends - batch.starts for batch in batches]
    return sum(int(some.sum()) for some in found) / max(1, sum(map(len, found)))
