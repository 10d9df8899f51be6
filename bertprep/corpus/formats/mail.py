"""Mail and news: a message is a document, without headers, quotations and signature."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar

import regex

from bertprep.corpus.formats.format import Document, Format, Source
from bertprep.corpus.records import Record, parted_records, whole_record
from bertprep.corpus.sample import Sample
from bertprep.corpus.unwrapped import unwrapped
from bertprep.options import FileFormat

# With bounds, as a text may have a line of any length.
_FROM = regex.compile(rb"^From [^\n]{0,300}\d\d:\d\d[^\n]{0,60}\d{4}[^\n]{0,300}$", regex.MULTILINE)
_HEADER = re.compile(rb"[A-Z][\w-]*:[ \t][^\n]*(?:\n[ \t]+\S[^\n]*)*\n")
_HEADERS = re.compile(rb"(?:" + _HEADER.pattern + rb"){2,}\r?\n")
# Without one of these it may be anything with fields.
_OF_MAIL = re.compile(rb"(?mi)^(?:Message-ID|Subject|Newsgroups|Received|Return-Path):")
_OF_SENDER = re.compile(rb"(?mi)^From: [^\n]*[@!]")  # of a memo it is none
# So many of them are of several messages that nothing parts: no mailbox.
_AGAIN, _MANY_FIELDS = re.compile(rb"(?m)^(?:From|Date|Subject): "), 9
_QUOTED = re.compile(r"[ \t]*(?:[>|}]|[A-Za-z]{1,4}>)")
_SIGNATURE = re.compile(r"^--[ ]?$.*\Z", re.MULTILINE | re.DOTALL)
# Whom the quotation that follows is of: "In article <1@x>, a@b (A B) writes:".
_WHO = re.compile(r"(?:^[^\n]+\n)?^[^\n]*\b(?:writes?|wrote|says?|said)\s*:?[ \t]*\n", re.MULTILINE)


class Mail(Format):
    """Messages, one a file, or a mailbox of many."""

    name: ClassVar[FileFormat] = "mail"
    shown: ClassVar[str] = "mail, without headers, quotations and signatures"
    evidence: ClassVar[str] = "headers of a message at its beginning"

    def recognises(self, sample: Sample) -> bool:
        text = sample.text.replace(b"\r\n", b"\n")
        mark = _FROM.match(text)
        found = _HEADERS.match(text, mark.end() + 1 if mark else 0)
        if not (found and _OF_MAIL.search(found[0]) and _OF_SENDER.search(found[0])):
            return False
        return bool(mark) or len(_AGAIN.findall(text, found.end())) < _MANY_FIELDS

    def documents(self, source: Source) -> Iterator[Document]:
        for record in _messages(source):
            yield from _message(record, source)


def _messages(source: Source) -> Iterator[Record]:
    start = source.stream.read(1 << 12).lstrip()
    source.stream.seek(0)
    if not _FROM.match(start):  # a message, which may hold others
        if source.start == 0:
            yield from whole_record(source.stream, source.sizes)
        return
    for record in parted_records(
        source.stream, source.start, source.end, _FROM, True, source.sizes
    ):
        if record.header:
            yield record._replace(content=record.content.lstrip(b"\r\n"))


def _message(record: Record, source: Source) -> Iterator[Document]:
    message = email.message_from_bytes(record.content, policy=email.policy.default)
    part = message.get_body(("plain",))
    if part is None:
        return source.drops.add("no_plain_text", source.name, record.offset, record.content)
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset("")
    for document in _decoded(data, charset, record, source):
        text = _own_words(document.text.decode("utf-8").replace("\r\n", "\n"))
        if text:
            yield document._replace(text=text.encode("utf-8", "replace"))
        else:
            source.drops.add("quotation_only", source.name, record.offset, record.content)


def _decoded(data: bytes, charset: str, record: Record, source: Source) -> Iterator[Document]:
    # Old news says nothing, and is of western Europe where it is not UTF-8.
    for name in (charset or "utf-8", "cp1252", "latin-1"):
        with suppress(LookupError, UnicodeDecodeError):
            yield from source.decoded(record._replace(content=data.decode(name).encode("utf-8")))
            return


def _own_words(text: str) -> str:
    """A message without what it quotes, and without the lines below ``-- ``."""
    text = _SIGNATURE.sub("", text)
    lines = text.split("\n")
    marked = "\n".join("\x00" if _QUOTED.match(line) else line for line in lines)
    marked = re.sub(_WHO.pattern + r"\s*(?=\x00)", "", marked, flags=re.MULTILINE)
    kept = "\n".join(line for line in marked.split("\n") if line != "\x00")
    return unwrapped(kept.strip())
