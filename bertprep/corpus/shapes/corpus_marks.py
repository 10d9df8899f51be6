"""Marks that a corpus may have of its own: between documents, and special tokens spelled out."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from itertools import pairwise

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

_SEPARATOR = re.compile(
    rb"<\|[^<>|\s]{2,30}\|>|\[(?:SEP|EOS|BOS|EOD|DOC|EOT|CLS|BREAK|SPLIT|END)\]|</?(?:s|eos|bos|eod|eot"
    rb"|sep|endoftext)>",
    re.I,
)
_FEWEST_ALONE = 8
# Within a line others may be tokens of a vocabulary, such as [EOT]; these are hardly.
_ANYWHERE = re.compile(rb"<\|(?:endoftext|eos|bos|eot|im_end|end_of_text|begin_of_text)\|>")
# Lines of one sign: prose has these for a change of scene, too, so they are many in few lines.
_RULE = re.compile(
    rb"([-=*_#~%+])\1{2,}|(?:\* ){2,}\*|%%|\$\$\$"
    rb"|([-=*_#~%+])\2+ ?\w[^\n]{0,40}?\w ?\2+|<\w[\w /-]{0,30}>|@@\w{0,10}|#\*#"
    rb"|[!-/:-@\[-`{-~]{3,20}|-[A-Z]{3,12}-|END|EOF|EOD|EOT|END OF DOCUMENT"
    rb"|//|##?|@@?|\xc2\xb6|\xc2\xa7|(?:\xe2[\x80-\xbf][\x80-\xbf] ?){3,}|-{2,}\S{1,4}-{2,}"
    rb"|%|&|\*|\[\[?[A-Z][A-Z _-]{2,30}\]?\]"
)
# Of a run of so many signs the pattern would take the square.
_LONG_RUN = re.compile(rb"([-=*_#~%+])\1{50,}")
# With a number that grows: each is another line.
_NUMBERED = re.compile(
    rb"(?i:page|document|doc|text|article|sample|item|record|file|story)[ #:.]*0"
    rb"|<\w+[ =:#\"]*0\"?>|\[+\w*[ #:]*0\]+"
    rb"|[-=*#@_~%+>]+ ?\w*[ #:]*0(?: .{0,60})?[ -=*#@_~%+<]*"
)
_DIGITS = re.compile(rb"\d+")
_LONG = 100
_FIRST_SIGN = re.compile(
    rb"[%=|\\>~^`{}<&+;/!](?![!?])|:[a-z]|-{1,2}[A-Za-z]\S* |s/[^/]+/|U\+[0-9A-F]{4}"
)
_FEWEST_LINES, _SIGNED = 20, 0.5
# Between blocks that blank lines part a novel has a rule for a change of scene, but rarely.
_MOST_OF_BLOCKS = 0.05


def separators(part: Part) -> Finding | None:
    """Marks between documents."""
    found = Counter(line for line in part.filled if _SEPARATOR.fullmatch(line))
    found.update(_ANYWHERE.findall(part.data))
    if not found:
        return None
    mark, count = found.most_common(1)[0]
    if count < 2 and len(part.filled) > 40:
        return None
    shown = shlex.quote(mark.decode("utf-8", "replace"))
    return Finding(
        "marks between documents",
        f"holds the mark {mark.decode('utf-8', 'replace')} ({count} in {len(part.data):,} bytes), "
        "which is no text",
        f"if it parts documents, say --document-separator {shown}",
    )


def first_signs(part: Part) -> Finding | None:
    """Most lines begin with a sign that no text begins with: quoted mail, fields, commands."""
    lines = part.filled
    signed = [line for line in lines if _FIRST_SIGN.match(line)]
    if len(lines) < _FEWEST_LINES or len(signed) < _SIGNED * len(lines):
        return None
    first = Counter(match[0] for line in signed if (match := _FIRST_SIGN.match(line)))
    signs = b" ".join(sign.strip() for sign, _ in first.most_common(3)).decode("utf-8", "replace")
    what = f"has {len(signed)} of {len(lines)} lines that begin with {signs}"
    advice = "that is taken as text; cut it off first, or leave such files out by --exclude"
    return Finding("signs before lines", what, advice, is_warning=True)


def numbered_marks(part: Part) -> Finding | None:
    """Lines of a mark and a number between long lines, no blank line anywhere; a warning."""
    lines = part.filled
    found = Counter(_DIGITS.sub(b"0", line) for line in lines if len(line) < _LONG)
    shapes = [(s, n) for s, n in found.most_common(3) if b"0" in s and _NUMBERED.fullmatch(s)]
    if not shapes or len(part.data) < _LONG * len(lines):
        return None
    shape, count = shapes[0]
    blank = sum(not line.strip() for line in part.lines)
    if count < _FEWEST_ALONE or blank > 0.5 * count:
        return None
    shown = next(line for line in lines if _DIGITS.sub(b"0", line) == shape)
    escaped = re.sub(r"([][\\.*^$/+?(){}|])", r"\\\1", shape.decode("utf-8", "replace"))
    command = f"sed -E 's/^[[:space:]]*{escaped.replace('0', '[0-9]+')}[[:space:]]*$//'"
    what = f"has {count} lines such as {shown.decode('utf-8', 'replace')[:20]}, and no blank line"
    advice = f"if these part documents, make blank lines of them first, as with {command}"
    return Finding("numbered marks", what, advice, is_warning=True)


def _is_rule(line: bytes) -> object:
    return _RULE.fullmatch(_LONG_RUN.sub(rb"\1" * 50, line))


def repeated_rules(part: Part) -> Finding | None:
    """Lines of dashes and their like that may part documents; a warning."""
    rules = Counter(filter(_is_rule, part.filled))
    if not rules:
        return None
    rule, count = rules.most_common(1)[0]
    equals = "=" if rule.startswith(b"-") else " "  # or it would look like an option
    blank = sum(not line.strip() for line in part.lines)
    if count < 5:
        return None
    if blank > 0.5 * count:
        return _rules_among_blocks(part, rule, count)
    return _between(part, rule, count, "and no blank line", equals)


def _rules_among_blocks(part: Part, rule: bytes, count: int) -> Finding | None:
    """Blank lines part documents by default, and so a rule between two of them is one, too."""
    lines = [line.strip() for line in part.lines]
    blocks = sum(bool(line) and not before for before, line in pairwise([b"", *lines]))
    alone = sum(
        a == c == b"" and b == rule for a, b, c in zip(lines, lines[1:], lines[2:], strict=False)
    )
    if alone < max(_FEWEST_ALONE, _MOST_OF_BLOCKS * blocks):
        return None
    equals = "=" if rule.startswith(b"-") else " "
    return _between(part, rule, count, "between blank lines", equals)


def _between(part: Part, rule: bytes, count: int, where: str, equals: str) -> Finding:
    shown = shlex.quote(rule.decode("utf-8", "replace"))
    return Finding(
        "rules between documents",
        f"has {count} lines {rule.decode('utf-8', 'replace')[:20]} in {len(part.data):,} bytes, "
        f"{where}",
        f"if these part documents, say --document-separator{equals}{shown}",
        is_warning=True,
    )
