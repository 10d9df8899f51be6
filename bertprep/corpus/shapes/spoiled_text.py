"""Text that was spoiled on its way: letters lost, of another script, in UTF-7, cut at line ends."""

from __future__ import annotations

import re
from itertools import pairwise

import regex

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

_LOST = re.compile(r"\?{2,}[?,.]*")
_MIXED = regex.compile(
    r"\S*(?:\p{Latin}[\p{Cyrillic}\p{Greek}]|[\p{Cyrillic}\p{Greek}]\p{Latin})\S*"
)
_OTHER = re.compile("[\u0370-\u04ff]")
_UTF7 = re.compile(rb"\+(?=[A-Za-z0-9/]*[A-Z])[A-Za-z0-9/]{3,}-")
_HYPHEN = regex.compile(r"\p{Ll}{2}[-\u00ad\u2010]$")
_PAGE = re.compile(r"(?=.*\d)[^\n=]{1,70}")
_DIGITS = re.compile(r"\d+")
# Ends a sentence, which no head of a page is.
_ENDED = re.compile(r"[a-z][.!?]$")
_STOPPED = regex.compile(r"[\p{STerm}\p{Pe}\p{Pf}\"':;]\s*$")
_FEWEST_WORDS, _LOST_SHARE, _MIXED_SHARE, _UNREADABLE_SHARE = 40, 0.1, 0.05, 0.01
_FEWEST, _BYTES_OF_UTF7 = 5, 600
_REPLACEMENT, _BYTES_OF_REPLACEMENT = "\ufffd".encode(), 2000
_FEWEST_HYPHENS, _HYPHENS_SHARE = 12, 0.05
_FEWEST_PAGES, _CUT_SHARE = 6, 0.6


def spoiled(part: Part) -> Finding | None:
    """Odd prose that can be mended, or had better been written otherwise; a warning."""
    return _utf7(part) or _replaced(part) or _words(part.text) or _hyphens(part) or _pages(part)


def _utf7(part: Part) -> Finding | None:
    count = len(_UTF7.findall(part.data)) if b"+" in part.data and part.data.isascii() else 0
    if count < max(_FEWEST, len(part.data) / _BYTES_OF_UTF7):
        return None
    script = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read().decode('utf-7').encode())"
    what = "looks like UTF-7; its escapes are taken as text"
    return _finding("UTF-7", what, f'decode it first, as with python3 -c "{script}"')


def _replaced(part: Part) -> Finding | None:
    """Characters that some program could not read, and wrote U+FFFD for."""
    count = part.data.count(_REPLACEMENT)
    if count < max(_FEWEST, len(part.data) / _BYTES_OF_REPLACEMENT):
        return None
    what = f"has the mark of lost characters (U+FFFD) {count:,} times in {len(part.data):,} bytes"
    return _finding(
        "lost characters",
        what,
        "they were lost where it was written: give it as it was before that, or leave it out by "
        "--exclude",
    )


def _words(text: str) -> Finding | None:
    if "??" not in text and not _OTHER.search(text):
        return None
    if text.count("\ufffd") > _UNREADABLE_SHARE * len(text):  # not UTF-8, which reading says
        return None
    words = text.split()
    if len(words) < _FEWEST_WORDS:
        return None
    lost = sum(bool(_LOST.fullmatch(word)) for word in words)
    if lost > _LOST_SHARE * len(words):
        what = f"has question marks in the place of {lost / len(words):.0%} of its words"
        return _finding(
            "lost letters",
            what,
            "they were lost where it was written: give it as it was before that",
        )
    mixed = len(_MIXED.findall(text)) if _OTHER.search(text) else 0
    if mixed <= _MIXED_SHARE * len(words):
        return None
    what = f"has letters of two scripts within {mixed / len(words):.0%} of its words"
    advice = (
        "they are other letters than they look, and make other tokens; leave it out by --exclude"
    )
    return _finding("mixed letters", what, advice)


def _hyphens(part: Part) -> Finding | None:
    """Words that are cut at line ends, as where pages were scanned."""
    if b"-\n" not in part.data and "\u00ad" not in part.text and "\u2010" not in part.text:
        return None
    lines = part.text.splitlines()
    cut = sum(
        bool(_HYPHEN.search(a) and b[:1].islower()) for a, b in pairwise(map(str.strip, lines))
    )
    if cut < max(_FEWEST_HYPHENS, _HYPHENS_SHARE * len(part.filled)):
        return None
    script = (
        "import re,sys; print(re.sub(r'(\\w)[-\\u00ad\\u2010][ \\t]*\\r?\\n[ \\t]*(?=[a-z])', "
        "r'\\1', sys.stdin.read()), end='')"
    )
    what = f"has {cut} of {len(part.filled)} lines that end within a word"
    return _finding("cut words", what, f'join these first, as with python3 -c "{script}"')


def _pages(part: Part) -> Finding | None:
    """Numbers of pages, or what is printed at their top, in the middle of sentences."""
    found: dict[str, list[tuple[int, bool]]] = {}
    before = ""
    for line in part.text.splitlines():
        line = line.strip()
        is_head = _PAGE.fullmatch(line) and not _ENDED.search(line)
        if line and is_head and (digits := _DIGITS.findall(line)):
            cut = bool(before) and not _STOPPED.search(before)
            found.setdefault(_DIGITS.sub("0", line), []).append((int(digits[-1][:9]), cut))
        elif line:
            before = line
    for shape, pages in found.items():
        numbers = [number for number, _ in pages]
        rise = sum(a < b <= a + 2 for a, b in pairwise(numbers))
        if len(pages) < _FEWEST_PAGES or rise < 0.8 * (len(pages) - 1):
            continue
        if sum(cut for _, cut in pages) >= _CUT_SHARE * len(pages):
            shown = shape.replace("0", str(numbers[0]))[:30]
            what = f"has {len(pages)} lines such as {shown} within sentences"
            return _finding(
                "pages",
                what,
                "numbers and heads of pages are taken as text, and part sentences: take them out "
                "first",
            )
    return None


def _finding(kind: str, what: str, advice: str) -> Finding:
    return Finding(kind, what, advice, is_warning=True)
