"""The kind that content of one record a line is taken for."""

from __future__ import annotations

import gzip

from bertprep.corpus.recognise import recognise
from bertprep.corpus.sample import HEAD_BYTES
from bertprep.options import ReadOptions


def kind(content: str | bytes, **options: str) -> str:
    data = content.encode() if isinstance(content, str) else content
    found = {
        recognise(form[:HEAD_BYTES], "corpus/in.tsv", "in.tsv", len(form), ReadOptions(**options))
        for form in (data, gzip.compress(data), b"\xef\xbb\xbf" + data)
    }
    (file_format,) = {file.format for file in found}
    return file_format
