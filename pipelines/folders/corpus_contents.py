"""How much there is in the inputs, about: documents, text and tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, BinaryIO, NamedTuple, cast

from bertprep.corpus.compression import compression_ratio, decompressed, text_bytes
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.files import InputFile, Split
from bertprep.corpus.formats.registry import FORMATS
from bertprep.corpus.seekable import DamagedError
from bertprep.corpus.sizes import READ_SIZES
from bertprep.text.casing_trial import sample_of
from pipelines.folders import files
from pipelines.folders.input_sampler import EnoughRead, Limited, Sampler

_PACKED_BYTES = 1 << 20  # of a compressed file: some blocks of bzip2
_PIECE_BYTES = 1 << 16
_MOST_KINDS = 8


class Contents(NamedTuple):
    """How much there is in the inputs, about.

    Attributes:
        documents: how many; 1 where so little reading does not tell.
        text_bytes: of them, in UTF-8, without the markup of their format.
        tokens: of them; 0 where nobody counts them.
    """

    documents: int
    text_bytes: int
    tokens: int


def contents_of(
    splits: Sequence[Split],
    sampler: Sampler,
    tokens_in: Callable[[bytes], int] | None = None,
) -> Contents:
    """About how much there is in the inputs, a look at each kind of file.

    Args:
        splits: the inputs.
        sampler: gives some of their documents.
        tokens_in: counts the tokens of a text.
    """
    kinds: dict[Any, list[Split]] = {}
    for split in splits:
        file = split[0].file
        kinds.setdefault((file.input, file.format, file.compression), []).append(split)
    # Of more kinds those with the most bytes stand for the others.
    ordered = sorted(kinds.values(), key=_size_of, reverse=True)
    found = [_contents_of_kind(kind, sampler, tokens_in) for kind in ordered[:_MOST_KINDS]]
    share = sum(map(_size_of, ordered)) / max(1, sum(map(_size_of, ordered[:_MOST_KINDS])))
    documents, text, tokens = (share * sum(column) for column in zip(*found, strict=True))
    return Contents(max(1, round(documents)), round(text), round(tokens))


def _size_of(splits: Sequence[Split]) -> int:
    return sum(part.end - part.start for split in splits for part in split)


def _contents_of_kind(
    splits: Sequence[Split], sampler: Sampler, tokens_in: Callable[[bytes], int] | None
) -> tuple[float, float, float]:
    """Documents, bytes of text and tokens of files of one kind."""
    unpacking = lru_cache(_unpacking)
    documents = text = tokens = taken = 0.0
    for split, batch in sampler.places(splits):
        whole, looked_at = _looked_at(split, batch, unpacking(split[0].file))
        length = _length(batch, whole)
        documents, text, taken = documents + whole, text + length, taken + looked_at
        if tokens_in:
            sample = sample_of(batch.text)
            tokens += tokens_in(sample) * length / max(1, len(sample))
    if not text:
        return 0, sum(text_bytes(part.file) for split in splits for part in split), 0
    times = _size_of(splits) / taken
    return documents * times, text * times, tokens * times


def _looked_at(split: Split, batch: DocumentBatch, unpacked: float) -> tuple[int, float]:
    """How many documents of a batch count, and the bytes that they take in the split's files.

    Args:
        split: what the batch is the beginning of.
        batch: its first documents.
        unpacked: the bytes that come of one byte of a compressed file.
    """
    kind = split[0].file.format
    like = [part for part in split if part.file.format == kind]
    if len(batch.text) < READ_SIZES.batch:  # a batch ends early where the split does
        return len(batch.starts), sum(part.end - part.start for part in like)
    file = like[0].file
    if FORMATS[kind].has_rows or split[0].file.rows:
        of_text = (file.text_size or file.size * unpacked) / file.size
        return len(batch.starts), len(batch.text) / of_text
    # Where the last document ends is not known; where it begins is.
    last = len(batch.starts) - 1
    of_last = [n for n in range(last + 1) if batch.name_of(n) == batch.name_of(last)]
    index = max(n for n, part in enumerate(like) if part.file.name == batch.name_of(last))
    before = sum(part.end - part.start for part in like[:index])
    span = int(batch.offsets[last] - batch.offsets[of_last[0]]) / unpacked
    if not before + span:
        return 1, len(batch.text) / unpacked
    return last, before + span


def _length(batch: DocumentBatch, documents: int) -> int:
    return int((batch.ends - batch.starts)[:documents].sum())


def _unpacking(file: InputFile) -> float:
    """The bytes that come of one byte of a file: of its beginning, where it is compressed."""
    if file.compression == "none":
        return 1.0
    left = [_PACKED_BYTES]
    unpacked, ratio = 0, compression_ratio(file.compression)
    try:
        with files.open_input(file.path) as stream:
            content = decompressed(cast(BinaryIO, Limited(stream, left)), file.compression)
            before = left[0]
            while piece := content.read(_PIECE_BYTES):
                if left[0] < before and unpacked:  # all that was read before has come out
                    ratio = unpacked / (_PACKED_BYTES - before)
                unpacked, before = unpacked + len(piece), left[0]
    except (DamagedError, EnoughRead, OSError):  # what is wrong is told when it is read
        return ratio
    return unpacked / max(1, file.size)
