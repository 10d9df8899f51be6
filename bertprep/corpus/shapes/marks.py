"""Marks that a corpus may have of its own: between documents, and special tokens spelled out."""

from __future__ import annotations

import re
import shlex
from collections import Counter

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

_SEPARATOR = re.compile(
    rb"<\|[^<>|\s]{2,30}\|>|\[(?:SEP|EOS|BOS|EOD|DOC|EOT|CLS|BREAK|SPLIT|END)\]|</?(?:s|eos|bos|eod|eot"
    rb"|sep|endoftext)>",
    re.I,
)
# Within a line others may be tokens of a vocabulary, such as [EOT]; these are hardly.
_ANYWHERE = re.compile(rb"<\|(?:endoftext|eos|bos|eot|im_end|end_of_text|begin_of_text)\|>")
# Lines of one sign: prose has these for a change of scene, too, so they are many in few lines.
_RULE = re.compile(
    rb"([-=*_#~%+])\1{2,}|(?:\* ){2,}\*|%%|\$\$\$"
    rb"|([-=*_#~%+])\2+ ?\w[^\n]{0,40}?\w ?\2+|<\w[\w /-]{0,30}>|@@\w{0,10}|#\*#"
)


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
    """Lines of dashes and their like where nothing else parts documents; a warning."""
    rules = Counter(line for line in part.filled if _RULE.fullmatch(line))
    if not rules:
        return None
    rule, count = rules.most_common(1)[0]
    equals = "=" if rule.startswith(b"-") else " "  # or it would look like an option
    blank = sum(not line.strip() for line in part.lines)
    if count < 5 or blank > 0.5 * count:
        return None
    shown = shlex.quote(rule.decode("utf-8", "replace"))
    return Finding(
        "rules between documents",
        f"has {count} lines {rule.decode('utf-8', 'replace')[:20]} in {len(part.data):,} bytes and "
        "no blank line",
        f"if these part documents, say --document-separator{equals}{shown}",
        is_warning=True,
    )
