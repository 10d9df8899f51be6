"""Documents in files of any number, name, order, format and compression."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

from bertprep.corpus.compression import Compression
from bertprep.corpus.files import InputFile
from bertprep.options import FileFormat


class Stored(NamedTuple):
    """How a file holds documents."""

    name: str
    format: FileFormat
    compressed: bool
    windows: bool  # with "\r\n" and a byte order mark


def _content_of(stored: Stored, documents: list[str], one_a_line: bool) -> bytes:
    if stored.format == "jsonl":
        rows = ({"id": n, "text": f"{text}\n"} for n, text in enumerate(documents))
        text = "".join(json.dumps(row) + "\n" for row in rows)
    elif stored.format == "wikiextractor":
        text = "".join(
            f'<doc id="{n}" url="" title="T{n}">\nT{n}\n\n{text}\n</doc>\n'
            for n, text in enumerate(documents)
        )
    else:
        text = ("\n" if one_a_line else "\n\n \n").join(documents) + "\n"
    if stored.windows:
        text = "\ufeff" + text.replace("\n", "\r\n")
    data = text.encode()
    return gzip.compress(data, mtime=0) if stored.compressed else data


_stored_files = st.lists(
    st.builds(
        Stored,
        st.sampled_from(["a", "b/a", "b/c.txt", "z z", "文.json", "a.gz"]),
        st.sampled_from(["text", "jsonl", "wikiextractor"]),
        st.booleans(),
        st.booleans(),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda stored: stored.name,
)


class Regrouped(NamedTuple):
    """Files, and which of them holds each document, in the order they are written in."""

    files: list[Stored]
    places: list[tuple[int, int]]  # (document, number of its file)


@st.composite
def regroupings(draw: st.DrawFn, count: int) -> Regrouped:
    files = draw(_stored_files)
    order = draw(st.permutations(range(count)))
    owner = st.integers(0, len(files) - 1)
    return Regrouped(files, [(number, draw(owner)) for number in order])


def write(folder: Path, how: Regrouped, documents: list[str], one_a_line: bool) -> list[InputFile]:
    """Writes the files; plain text has a document a line, or blank lines between two."""
    written = []
    for number, stored in enumerate(how.files):
        texts = [documents[n] for n, owner in how.places if owner == number]
        path = folder / stored.name
        path.parent.mkdir(parents=True, exist_ok=True)
        size = path.write_bytes(_content_of(stored, texts, one_a_line))
        packed: Compression = "gzip" if stored.compressed else "none"
        written.append(InputFile(str(path), stored.name, size, packed, stored.format))
    return written
