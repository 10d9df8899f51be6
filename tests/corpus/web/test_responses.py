"""A server's response is undone."""

from __future__ import annotations

import gzip

import pyarrow as pa
import pytest

from bertprep.corpus.web.responses import content_of_response
from tests.corpus.web.archives import response


def chunked(data: bytes) -> bytes:
    parts = [data[start : start + 9] for start in range(0, len(data), 9)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in [*parts, b""])


BODY = b"<p>Some text that is long enough.</p>"
ZSTD = bytes(pa.Codec("zstd").compress(BODY, asbytes=True))


@pytest.mark.parametrize(
    "sent",
    [
        response(BODY),
        response(chunked(BODY), "Content-Type: text/html", "Transfer-Encoding: chunked"),
        response(BODY, "Content-Type: text/html", "Transfer-Encoding: chunked"),
        response(gzip.compress(BODY), "Content-Type: text/html", "Content-Encoding: gzip"),
        response(BODY, "Content-Type: text/html", "Content-Encoding: gzip"),
        response(BODY, "Content-Type: text/html", "Content-Encoding: br"),
        response(ZSTD, "Content-Type: text/html", "Content-Encoding: zstd"),
        response(BODY, "Content-Type: text/html", "Content-Encoding: zstd"),
    ],
    ids=[
        "plain",
        "chunked",
        "unchunked by the crawler",
        "gzip",
        "gunzipped",
        "unpacked",
        "zstd",
        "zstd undone",
    ],
)
def test_responses_are_undone(sent: bytes) -> None:
    content = content_of_response(sent)
    assert content
    assert (content.kind, content.data) == ("text/html", BODY)


@pytest.mark.parametrize("sent", [b"", b"no HTTP at all", response(b"x", status="500 Oh no")])
def test_what_is_no_good_response(sent: bytes) -> None:
    assert content_of_response(sent) is None
