"""Documents as they are read."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import pytest

from bertprep.common.drops import REASONS, Drops
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.files import ByteRange, InputFile
from bertprep.corpus.read import read_split
from bertprep.corpus.recognise import recognise
from bertprep.corpus.sample import HEAD_BYTES
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from bertprep.errors import InputError
from bertprep.options import ReadOptions

BOM = b"\xef\xbb\xbf"


class Result(NamedTuple):
    documents: list[tuple[int, str]]
    counts: dict[str, int]
    dropped: list[tuple[str, int, str]]

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.documents]


def open_file(path: str) -> BinaryIO:
    return open(path, "rb", buffering=0)


def documents_of(batch: DocumentBatch) -> Iterator[tuple[int, str]]:
    for offset, start, end in zip(batch.offsets, batch.starts, batch.ends, strict=True):
        yield int(offset), batch.text[start:end].decode()


def look_at(path: Path, options: ReadOptions) -> InputFile:
    content = path.read_bytes()
    return recognise(content[:HEAD_BYTES], str(path), path.name, len(content), options)


def read(
    path: Path, cuts: Sequence[int] = (), sizes: ReadSizes = READ_SIZES, **options: Any
) -> Result:
    """The documents of a file, read in one range or in those between the cuts."""
    read_options = ReadOptions(**options)
    file = look_at(path, read_options)
    edges = sorted({0, file.size, *(cut for cut in cuts if cut < file.size)})
    split = tuple(ByteRange(file, a, b) for a, b in pairwise(edges))
    noted: list[dict[str, Any]] = []
    drops = Drops(noted.append)
    documents = [
        document
        for batch in read_split(split, open_file, read_options, drops, sizes)
        for document in documents_of(batch)
    ]
    assert all(note["file"] == path.name for note in noted)
    assert set(drops.counts) <= set(REASONS)
    dropped = [(note["reason"], note["offset"], note["text"]) for note in noted]
    return Result(documents, dict(drops.counts), dropped)


def refusal(path: Path, **options: Any) -> str:
    with pytest.raises(InputError) as caught:
        read(path, **options)
    message = str(caught.value)
    assert message.startswith(f"{path}")
    assert "\n" not in message
    return message.removeprefix(str(path))


SMALL = ReadSizes(block=7, overrun=3, look_back=3, document=20)
TEXT = "One panda.\nIt eats.\n\nTwo pandas.\n"


LINES = {
    "text": ["One. ", "", " \t", "你好。", "\u3000", "x"],
    "jsonl": ['{"text": "a"}', '{"text": "ü"}', "", "[]", '{"text": null}', "{broken"],
    "wikiextractor": ['<doc id="1" title="T">', "T", "", "Text.", "</doc>", "你好"],
    "sentence-pairs": ["a\tb", " ü \t你好.\r", "\ta\tb", "", "\t", "no tab", "a\t\u3000"],
    "json-strings": ['"a"', '"ü\\n\\nb"', "", "[]", '{"text": "a"}', '"broken', '"\\ud800"'],
    "wikitext": [" = T = ", " = = S = = ", " The <unk> @-@ like ü . ", " ", "", " = a = b = "],
    "bookcorpus": ["a sentence of some words .", "ü .", "", "another one ."],
    "mediawiki": ["<page><title>T</title><ns>0</ns>", "<text>A ü.</text></page>", "<page>", "你"],
    "ptb": [" a <unk> N ", " ü ", "", " \r", " a sentence of some words "],
}


class CountingStream(io.BytesIO):
    """Counts the bytes that are read."""

    given = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.given += len(data)
        return data
