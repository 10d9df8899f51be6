"""Mail and news."""

from __future__ import annotations

from pathlib import Path

from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import texts_of
from bertprep.corpus.files import ByteRange
from bertprep.options import ReadOptions
from pipelines.folders.changed_inputs import read_unchanged
from pipelines.folders.inputs import find_inputs
from tests.corpus.published import read

NEWS = """From: smith@example.org (A. Smith)
Subject: Re: Pandas
Organization: A Zoo
Lines: 12
Message-ID: <1@example.org>

In article <0@example.org>, jones@example.org (B. Jones) writes:
>The panda is a fish.
>> It is not.
The panda is a bear, and it eats bamboo in a tall tree that stands near the
water, all day.

Jones wrote:
| Why?
Because.

--
A. Smith, keeper of pandas
"""
OWN = (
    "The panda is a bear, and it eats bamboo in a tall tree that stands near the water, all day."
    "\n\nBecause."
)


def test_twenty_newsgroups(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{49960 + number}").write_bytes(NEWS.encode() + b"caf\xe9")
    texts, drops, formats = read(tmp_path)
    assert formats == {"mail"}
    assert texts == [OWN] * 3
    assert not drops.counts


def test_a_mailbox(tmp_path: Path) -> None:
    html = "From: a@b.org\nSubject: x\nContent-Type: text/html\n\n<p>Hello.</p>\n"
    quoted = "From: a@b.org\nSubject: x\n\n> Only that.\n"
    messages = [f"From a@b.org Sat Nov 28 18:20:39 2020\n{m}\n" for m in (NEWS, html, quoted, NEWS)]
    (tmp_path / "all.mbox").write_text("".join(messages))
    texts, drops, _ = read(tmp_path)
    assert texts == [OWN, OWN]
    assert drops.counts == {"no_plain_text": 1, "quotation_only": 1}
    read_options = ReadOptions()
    (file,) = find_inputs([str(tmp_path / "all.mbox")], read_options).files
    for size in (1, 50, 333):
        ranges = [ByteRange(file, a, min(a + size, file.size)) for a in range(0, file.size, size)]
        drops = Drops()
        parts = [batch for r in ranges for batch in read_unchanged((r,), read_options, drops)]
        assert [text.decode() for part in parts for text in texts_of(part)] == texts
        assert drops.counts == {"no_plain_text": 1, "quotation_only": 1}
