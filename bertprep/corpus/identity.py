"""A document is known by its text: what of a record that text is, and the id it gives.

A document's text is what its reader gives (decoded, without title, mark-up or JSON around it), with
each line end as one "\\n", and without the white space and byte order marks before and behind it.
Readers give it so, and so it is segmented: documents that are equal here are equal in all that
follows.  All else stays and tells documents apart: a blank at the end of a line within, an empty
line, a combining character instead of a composed one.

Its id is 128 bits of blake2b over that text in UTF-8.  File, place, compression and container have
no part in it; only that a sentence pair, a stretch of PTB or a WikiText article with <unk> is no
prose of the same letters, as its sentences or tokens are others; and in a mixture the name of the
input, each of which is taken as often as is asked for.  Among n different texts two have one id
with a chance below n^2 / 2^129: for 10^9 documents 10^-21, which is why equal ids are taken for
equal texts.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.uint64]

# The formats whose sentences are not found by the rules for prose, and all others.
_KINDS = {"sentence-pairs": b"sentence-pairs", "ptb": b"ptb", "bookcorpus": b"lines"}
_PROSE = b"prose"
# What is prose but for that word, which is [UNK] in one format and spelled in others.
_MARKED, _UNKNOWN = b"wikitext", b"<unk>"

_LINE_END = re.compile(rb"\r+\n")
_VISIBLE = re.compile(rb"[!-~]{2}")
_AROUND = "".join(filter(str.isspace, map(chr, range(0x3001)))) + BOM_UTF8.decode()
_AROUND_BYTES = tuple(character.encode() for character in _AROUND)


def document_text(content: bytes) -> bytes:
    """The text of a document in UTF-8, as it is known by, of what a record holds."""
    if b"\r" in content:  # one byte is looked for much faster than two
        content = _LINE_END.sub(b"\n", content)
    content = content.strip()
    if not content or _VISIBLE.match(content[:1] + content[-1:]):
        return content
    if content.startswith(_AROUND_BYTES) or content.endswith(_AROUND_BYTES):
        return content.decode("utf-8").strip(_AROUND).encode("utf-8")
    return content


def document_ids(
    text: bytes,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    file_format: str,
    input_name: str = "",
) -> Ids:
    """uint64[n, 2]: the ids of documents of one format.

    Args:
        text: the documents, joined.
        starts: int64[n], the bytes at which they begin.
        ends: int64[n], and end.
        file_format: theirs.
        input_name: that of their input in a mixture: equal texts of two are two documents.
    """
    key = blake2b(input_name.encode("utf-8")).digest() if input_name else b""
    kind = blake2b(digest_size=16, key=key, person=_KINDS.get(file_format, _PROSE))
    marked = blake2b(digest_size=16, key=key, person=_MARKED)
    may_be_marked = file_format == "wikitext" and _UNKNOWN in text
    view = memoryview(text)
    digests = []
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        is_marked = may_be_marked and text.find(_UNKNOWN, start, end) >= 0
        state = (marked if is_marked else kind).copy()
        state.update(view[start:end])
        digests.append(state.digest())
    ids: Ids = np.frombuffer(b"".join(digests), "<u8").astype(np.uint64, copy=False)
    return ids.reshape(-1, 2)
