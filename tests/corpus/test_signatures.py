"""Kinds of files that begin in a way of their own."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from bertprep.corpus.sample import Sample
from bertprep.corpus.signatures import binary, json_array, markup
from bertprep.shards.tfrecord_framing import frame_records


def kind_of(found: object) -> str | None:
    return getattr(found, "what", None)


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"\x89PNG\r\n\x1a\n", "is an image or a sound"),
        (b"%PDF-1.7\n", "is a PDF file"),
        (b"SQLite format 3\0", "is an SQLite database"),
        (b"\x93NUMPY\x01\0", "is a NumPy array"),
        (pickle.dumps(["One."]), "is a Python pickle"),
        (frame_records(b"One record.", np.array([0, 11])), "is a TFRecord file"),
        ("One.".encode("utf-16-le") * 9, "is UTF-16"),
        (b"PNG is a format of images.", None),
        (b"\x80 and no pickle behind it", None),
        (bytes(12), None),
        (b"", None),
    ],
)
def test_first_bytes(head: bytes, what: str | None) -> None:
    found = kind_of(binary(Sample("in", head)))
    assert found is None if what is None else found is not None and found.startswith(what)


def test_what_was_compressed_twice_needs_undoing_once() -> None:
    magic = b"\x1f\x8b\x08\0"
    assert kind_of(binary(Sample("in", magic, compression="gzip"))) == "is compressed twice"
    assert binary(Sample("in", b"One.", compression="gzip")) is None


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        (b"<?xml version='1.0'?><a/>", True),
        (b"<TEI xmlns='x'>", True),
        (b"<!doctype html><p>One.", False),
        (b"<?xml version='1.0'?>\n<mediawiki xml:lang='de'>", False),
        (b"<3 is a heart.", False),
        (b"One <b>.", False),
    ],
)
def test_markup(text: bytes, is_found: bool) -> None:
    assert (markup(Sample("in", text)) is not None) is is_found


def test_arrays_of_the_whole_file_and_of_a_line() -> None:
    assert "one JSON array" in kind_of(json_array(Sample("in", b'["One.", "Two."]')))
    lines = b'["One.", 1]\n["Two.", 2]\n'
    assert kind_of(json_array(Sample("in", lines))) != kind_of(json_array(Sample("in", lines[:11])))
    assert json_array(Sample("in", b"[Enter Hamlet]\nTo be.\n")) is None


def test_many_comments_before_markup_are_read_once() -> None:
    comments = b"<?xml version='1.0'?>\n" + b"<!-- a -->\n" * 3000
    found = markup(Sample("a.xsl", comments + b"<style>"))
    assert found is not None and found.kind == "XML"
    assert markup(Sample("a.html", comments + b"<html>")) is None
