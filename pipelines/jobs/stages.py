"""The stages of each job, and how long they take, about."""

from __future__ import annotations

from bertprep.corpus.mixture import is_mixture
from bertprep.options import ReadOptions, ShardOptions
from pipelines.jobs.corpus import Corpus
from pipelines.jobs.disk_estimate import expected_rows
from pipelines.messages.stages import Stage

# What one core does in a second, measured on prose of English and Chinese: bytes of text read and
# tokenized, bytes of which the words are counted, tokens made pairs of, tokens masked and written.
_READ, _COUNTED, _PAIRED, _WRITTEN = 5e6, 11e6, 12e6, 2.5e6
_MEASURED = 10e6
_MERGED = 20e6  # tokens, from the order they were read in to that of their pools
_LEARNED = 4000.0  # pieces of a vocabulary


def vocab_stages(text_bytes: float, read: ReadOptions) -> list[Stage]:
    """Of ``bertprep vocab`` while its graph runs; what is learned then comes after it."""
    counting = Stage("counting words", "bytes_read", "bytes", text_bytes, text_bytes / _COUNTED)
    return [*comparing(text_bytes, read), *measuring(text_bytes, read), counting]


def clean_stages(text_bytes: float) -> list[Stage]:
    """Of ``bertprep clean``."""
    return [Stage("sifting", "bytes_sifted", "bytes", text_bytes, text_bytes / _COUNTED)]


def comparing(text_bytes: float, read: ReadOptions) -> list[Stage]:
    """The stages that come first where documents are compared with each other."""
    return clean_stages(text_bytes) if read.clean and read.clean.compares else []


def learning_seconds(pieces: int) -> float:
    """How long it takes to learn so many pieces."""
    return pieces / _LEARNED


def prepare_stages(corpus: Corpus) -> list[Stage]:
    """Of ``bertprep prepare``."""
    return [
        *_reading(corpus),
        Stage("storing", "merged", "tokens", corpus.tokens, corpus.tokens / _MERGED),
    ]


def shard_stages(corpus: Corpus, options: ShardOptions) -> list[Stage]:
    """Of ``bertprep shard``; where the corpus is prepared there is nothing to read."""
    rows, tokens = expected_rows(corpus.tokens, corpus.documents, options)
    stages = [
        Stage("making examples", "examples", "examples", rows, tokens / _PAIRED),
        Stage("writing", "written", "examples", 0, tokens / _WRITTEN),
    ]
    return [*_reading(corpus), *stages] if corpus.bytes_to_read else stages


def measuring(text_bytes: float, read: ReadOptions) -> list[Stage]:
    """The stages that come first in a mixture."""
    if not is_mixture(read):
        return []
    return [Stage("measuring", "bytes_measured", "bytes", text_bytes, text_bytes / _MEASURED)]


def _reading(corpus: Corpus) -> list[Stage]:
    size = corpus.bytes_to_read
    reading = Stage("reading", "bytes_read", "bytes", size, size / _READ)
    return [*comparing(size, corpus.read), *measuring(size, corpus.read), reading]
