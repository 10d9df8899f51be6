"""Digests against those that other programs give."""

from __future__ import annotations

import hashlib
import io

import pytest

from bertprep.common.digests import DigestingStream, digest_of, digest_of_stream, vocabulary_digest

# By sha256sum.
OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_it_is_sha256_in_hexadecimal() -> None:
    assert digest_of(b"abc") == OF_ABC


@pytest.mark.parametrize("size", [0, 3, 1 << 20, (1 << 20) + 1, 3 << 20])
def test_a_stream_is_read_in_parts_from_where_it_is(size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    stream = io.BytesIO(b"before" + data[:size])
    stream.seek(6)
    assert digest_of_stream(stream) == (hashlib.sha256(data[:size]).hexdigest(), size)


def test_a_vocabulary_is_its_tokens_its_casing_and_its_settings() -> None:
    told = [
        vocabulary_digest(tokens, lowercase, settings)
        for tokens in (b"a\n", b"b\n")
        for lowercase in (True, False)
        for settings in (b"", b"{}")
    ]
    assert len(set(told)) == 8
    assert told[0] == digest_of(b"a\nuncased")


def test_what_goes_through_a_stream_is_counted_and_digested() -> None:
    stream = io.BytesIO()
    output = DigestingStream(stream)
    assert output.write(b"a") == 1
    assert output.write(memoryview(b"bc")) == 2
    assert (output.tell(), output.size, output.hexdigest()) == (3, 3, OF_ABC)
    assert stream.getvalue() == b"abc"
