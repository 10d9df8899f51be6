"""Oddities in the text of a corpus, counted while it is read: marks, leftovers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.not_prose import shape_of
from bertprep.corpus.sample import MIDDLE_BYTES, Part
from bertprep.options import ReadOptions

# In the names of sums: of stretches that were looked at, and of those that looked like no prose.
_LOOKED_AT = "stretches_seen"
_ODD = "odd_stretches_"
# UTF-8 that was read as Windows-1252, and written as UTF-8 again: Ã¼ for ü, â€œ for “.
_MOJIBAKE = re.compile(
    rb"\xc3[\x82\x83](?:\xc2[\xa0-\xbf]|\xc5[\x93\xb8\xbe])|\xc3\xa2(?:\xe2\x82\xac|\xc2\x80)"
)
_SECTIONS = (b"Section::::", b"BULLET::::")
_ATTRIBUTES = (b"colspan=", b"rowspan=", b"cellpadding=")
_BRACKETED = (b"[CLS]", b"[SEP]", b"[PAD]", b"[UNK]", b"[INST]")
_SPECIAL = (
    b"</s>",
    b"<eos>",
    b"<|endoftext|>",
    b"<eop>",
    b"<eod>",
    b"<mask>",
    b"<pad>",
    b"<extra_id_",
    b"<sep>",
    b"<bos>",
    b"<s>",
    b"<|im_start|>",
)
_UNKNOWN = (b"<unk>", b"<UNK>")
_BRACKETS = (b"-LRB-", b"-RRB-", b"-LSB-", b"-RSB-")
_ENTITY = re.compile(rb"&(?:amp|lt|gt|quot|apos|nbsp|#\d{2,6});")
_TAG = re.compile(
    rb"</?(?:br|p|div|span|ref|table|td|tr|li|ul|nowiki|sup|sub|small|poem|dl|b|i|a|strong|em|u|font|h[1-6])"
    rb"(?:\s+[\w:-]+\s*=[^<>\n]{0,200})?\s*/?>"
)
# A warning has at least one in so many bytes, and so many in all.
_BOUNDS = {
    "mask_marks": (1 << 20, 1),
    "special_marks": (20_000, 2),
    "unknown_written": (20_000, 2),
    "bracket_names": (20_000, 3),
    "form_feeds": (50_000, 5),
    "mojibake": (5000, 3),
    "wiki_leftovers": (100_000, 1),
    "tag_leftovers": (2000, 3),
    "entity_leftovers": (2000, 3),
}
_TEXTS = {
    "mask_marks": "[MASK] stands in the text {count:,} times and is taken as the word it is "
    "spelled with; give the text as it was before it was masked",
    "special_marks": "[CLS], [SEP] and other special tokens stand in the text {count:,} times and "
    "are taken as the words they are spelled with; bertprep puts its own: give the text without",
    "unknown_written": "<unk> stands in the text {count:,} times and is taken as the word it is "
    "spelled with; in WikiText and PTB it is [UNK]: say --input-format wikitext or ptb for these",
    "bracket_names": "-LRB- and other names of brackets, as treebanks have them, stand in the text "
    "{count:,} times; put the brackets back first, as with sed 's/-LRB-/(/g; s/-RRB-/)/g'",
    "form_feeds": "{count:,} form feeds stand in the text: what is printed at the top and foot of "
    "pages is taken as text; if they part documents, make blank lines of them first, as with "
    "sed 's/\\f/\\n\\n/g'",
    "mojibake": "{count:,} places in the text look like UTF-8 that was read in another encoding "
    "and written again (Ã¼ for ü); mend it first: `bertprep clean --fix-mojibake`",
    "entity_leftovers": "{count:,} HTML entities are in the text, such as &amp;; undo them first, "
    "as with python3 -c \"import html,sys; print(html.unescape(sys.stdin.read()), end='')\"",
    "wiki_leftovers": "{count:,} leftovers of wiki mark-up (Section::::, BULLET::::, colspan=, and "
    "such) are in the text; give the dump itself (pages-articles.xml.bz2), which is read without",
    "tag_leftovers": "{count:,} HTML tags are in the text, such as <br>; strip them first, as with "
    "sed 's/<[^>]*>/ /g'",
}
_MOST_ODD_STRETCHES = 0.5
# The signs that marks begin with, and how long these are.
_REACH = {b"<": 300, b"[": 8, b"&": 9, b"\xc3": 6}
_RARE = 64  # one in so many bytes at most
_LOOK_EVERY, _SPLITS_AT_ONCE = 16, 4  # batches; splits


def is_looked_at(split: int, batch: int) -> bool:
    """Whether a batch is one of those of which a stretch is looked at more closely.

    That takes as long as all else that is done with a tenth of it: a look in 32 MB is enough.

    Args:
        split: the number of its split.
        batch: its number in that.
    """
    return batch % _LOOK_EVERY == (0 if split % _SPLITS_AT_ONCE == 0 else _LOOK_EVERY // 2)


def is_passed_by(options: ReadOptions, split: int, batch: int) -> bool:
    """Whether no stretch of a batch is: who said what the files are need not be told, either.

    Args:
        options: they tell whether somebody did.
        split: the number of the batch's split.
        batch: its number in that.
    """
    return options.input_format != "auto" or not is_looked_at(split, batch)


def oddities(batch: DocumentBatch, is_passed_by: bool) -> Counter[str]:
    """Counts the oddities of a batch by name; a stretch is looked at more closely.

    Args:
        batch: what was read of one file.
        is_passed_by: whether no stretch is.
    """
    tags, brackets, entities, accents = (
        _places(batch.text, lead, reach) for lead, reach in _REACH.items()
    )
    found = Counter[str](
        mask_marks=brackets.count(b"[MASK]"),
        special_marks=sum(map(brackets.count, _BRACKETED)) + sum(map(tags.count, _SPECIAL)),
        unknown_written=0 if batch.marks_unknown else sum(map(tags.count, _UNKNOWN)),
        bracket_names=_ending(batch.text, b"-", _BRACKETS),
        form_feeds=int(np.count_nonzero(np.frombuffer(batch.text, np.uint8) == 0x0C)),
        mojibake=len(_MOJIBAKE.findall(accents)),
        entity_leftovers=len(_ENTITY.findall(entities)),
        wiki_leftovers=_ending(batch.text, b":", _SECTIONS)
        + _ending(batch.text, b"=", _ATTRIBUTES)
        + entities.count(b"&lt;ref"),
        tag_leftovers=len(_TAG.findall(tags)),
    )
    if not is_passed_by:
        found[_LOOKED_AT] = 1
        shape = shape_of(Part(batch.text[:MIDDLE_BYTES], starts=False, ends=False))
        if shape:
            found[_ODD + shape.kind] = 1
    return +found


def _places(text: bytes, lead: bytes, reach: int) -> bytes:
    """The text behind each ``lead``, as far as a mark that begins with it may reach.

    Marks are looked for in that alone where leads are rare; where they are not, in all of the text.
    """
    places = _found(text, lead)
    if len(places) * _RARE > len(text):
        return text
    spans = pairwise([*places.tolist(), len(text)])
    return b"\n".join([text[at : min(at + reach, following)] for at, following in spans])


def _found(text: bytes, sign: bytes) -> NDArray[np.int64]:
    """Where the sign stands; numpy finds it in a fifth of the time."""
    return np.flatnonzero(np.frombuffer(text, np.uint8) == sign[0])


def _ending(text: bytes, sign: bytes, marks: tuple[bytes, ...]) -> int:
    """How many of the marks, which end with a sign, are in a text."""
    places = _found(text, sign)
    before = np.frombuffer(text, np.uint8)[places - 1]
    places = places[np.isin(before, [mark[-2] for mark in marks])]
    if len(places) * _RARE > len(text):
        return sum(map(text.count, marks))
    longest = max(map(len, marks))
    return sum(text[max(0, at - longest) : at + 1].endswith(marks) for at in places.tolist())


class Oddity(NamedTuple):
    """An oddity that is too frequent: its name among the sums, how much, what to tell the user."""

    name: str
    figure: int
    text: str


def oddity_warnings(sums: Mapping[str, int]) -> list[str]:
    """The warnings for all that was counted."""
    return [oddity.text for oddity in notable_oddities(sums)]


def notable_oddities(sums: Mapping[str, int]) -> list[Oddity]:
    """The oddities of which too many were counted."""
    text_bytes = sums.get("text_bytes", 0)
    notable = [
        Oddity(name, sums[name], _TEXTS[name].format(count=sums[name]))
        for name, (every, least) in _BOUNDS.items()
        if sums.get(name, 0) >= least and sums[name] * every >= text_bytes
    ]
    seen = sums.get(_LOOKED_AT, 0)
    for name, count in sums.items():
        if name.startswith(_ODD) and count > _MOST_ODD_STRETCHES * seen:
            kind = name.removeprefix(_ODD)
            text = (
                f"{count:,} of {seen:,} stretches of the text that were looked at look like "
                f"{kind}, not prose; look at the files again"
            )
            notable.append(Oddity("odd_stretches", count, text))
    return notable
