"""A server's response: its content, undone from how it was sent."""

from __future__ import annotations

import http.client
import io
import zlib
from email.message import Message
from typing import Any, NamedTuple

import pyarrow as pa

_GOOD = range(200, 300)


class Content(NamedTuple):
    """A response that a server sent, or a record holds.

    Attributes:
        kind: its media type, such as ``text/html``.
        charset: that it is said to be in; "" if nothing is said.
        data: its bytes.
    """

    kind: str
    charset: str
    data: bytes


class _Socket:
    """The socket that HTTPResponse reads from."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, *_: Any) -> io.BytesIO:
        return io.BytesIO(self._data)


def content_of_response(data: bytes) -> Content | None:
    """The content of a response of HTTP; None if it failed or cannot be undone."""
    response = http.client.HTTPResponse(_Socket(data))  # type: ignore[arg-type]
    try:
        response.begin()
        if response.status not in _GOOD:
            return None
        sent = _body(response, data)
        whole = _decoded(sent, response.headers.get("Content-Encoding", ""))
    except (http.client.HTTPException, ValueError, OSError, zlib.error):
        return None
    return content_of(response.headers.get("Content-Type", ""), whole)


def _body(response: http.client.HTTPResponse, data: bytes) -> bytes:
    """Crawlers that undo chunks may leave the header that tells of them."""
    try:
        return response.read()
    except http.client.IncompleteRead as error:
        whole = data.replace(b"\r\n\r\n", b"\n\n", 1).partition(b"\n\n")[2]
        return error.partial if error.partial else whole


def content_of(kind: str, data: bytes) -> Content:
    """Bytes with what a header says of them: ``text/html; charset=utf-8``."""
    header = Message()
    header["Content-Type"] = kind or "application/octet-stream"
    charset = header.get_param("charset")
    return Content(header.get_content_type(), charset if isinstance(charset, str) else "", data)


def _decoded(data: bytes, encoding: str) -> bytes:
    """Bytes without gzip, deflate, Brotli or zstd around them, if these are there."""
    name = encoding.strip().lower()
    if name in ("gzip", "x-gzip") and data.startswith(b"\x1f\x8b"):
        return zlib.decompress(data, 47)
    if name == "deflate":
        try:
            return zlib.decompress(data)
        except zlib.error:
            return zlib.decompress(data, -15)
    if name == "zstd" and data.startswith(b"\x28\xb5\x2f\xfd"):
        return bytes(pa.CompressedInputStream(pa.BufferReader(data), "zstd").read())
    if name == "br":
        import brotli  # comes with the extra

        try:
            return bytes(brotli.decompress(data))
        except brotli.error:
            return data  # the crawler undid it
    return data
