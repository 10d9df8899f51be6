"""Source code, which is read all the same."""

from __future__ import annotations

import re

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

# Each stands for a habit of code that prose hardly has at the end or the start of a line.
_HABITS = [
    re.compile(rb".*[{}]\s*[;,)]*$"),
    re.compile(rb".*[)\]\w\"']\s*;$"),
    re.compile(rb".*\)\s*[:{;,]$"),
    re.compile(rb"(?:def|class|import|from|return|elif|async|await|fn|func|let|const|var|pub|impl"
               rb"|package|using|namespace|public|private|protected|static|void|struct|enum)\s+[\w.*&]+"
               rb"\s*[(={;:<.]?"),
    re.compile(rb"(?:#include\b|#define\b|#!/|//|/\*|\*/|--\s|@\w+$|\$\w+|#\s*\w+.*$)"),
    re.compile(rb"[\w.\[\]\"'>-]+\s*(?:[-+*/|&]?=|:=|<-|\+=)\s*\S+"),
    re.compile(rb"(?:if|for|while|switch|catch|elif|else if)\s*\(.*\)"),
    re.compile(rb"[\w.]+\([^()]*\)[;,]?$"),
    re.compile(rb"(?i:select\b.*\bfrom|insert into|create table|drop table)\b"),
    re.compile(rb"diff --git|@@ -\d+"),
    re.compile(rb"(?:end|fi|done|else|begin|esac|then|do);?$|\w+ :: \S"),
    re.compile(rb"\((?:def\w*|let\*?|lambda|set[qf]?|if|cond) |if \[|echo |\w+ do \|\w+\|"),
]  # fmt: skip
_DIFF = re.compile(rb"^(?:diff --git |@@ -\d+,\d+ \+\d+)", re.M)
_FEWEST_LINES, _MOST_LINES = 8, 200
_SIGNS = (b"{", b"}", b";", b"(", b"=", b"#", b"/")
_SHARE = 0.4
_FEWEST_HABITS = 3


def source_code(part: Part) -> Finding | None:
    """Code of most languages: many lines show at least three of its habits together."""
    lines = part.filled[:_MOST_LINES]
    signs = sum(map(part.data.count, _SIGNS))
    if len(_DIFF.findall(part.data)) > 1:
        return _finding("a diff")
    if len(lines) < _FEWEST_LINES or signs < _SHARE * len(part.filled):
        return None
    shown = [[bool(habit.match(line)) for habit in _HABITS] for line in lines]
    share = sum(map(any, shown)) / len(lines)
    frequent = sum(sum(column) >= 0.03 * len(lines) for column in zip(*shown, strict=True))
    if share < _SHARE or frequent < _FEWEST_HABITS:
        return None
    return _finding(f"source code ({share:.0%} of its lines)")


def _finding(what: str) -> Finding:
    advice = "it is read as text; leave such files out by --exclude"
    return Finding("source code", f"looks like {what}", advice, is_warning=True)
