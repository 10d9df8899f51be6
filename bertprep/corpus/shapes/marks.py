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
)
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


def repeated_rules(part: Part) -> Finding | None:
    """Lines of dashes and their like that may part documents; a warning."""
    rules = Counter(line for line in part.filled if _RULE.fullmatch(line))
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
