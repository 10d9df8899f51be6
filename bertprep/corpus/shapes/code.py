"""Source code, which is read all the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

# Each stands for a habit of code that prose hardly has at the end or the start of a line.
_HABITS = [
    re.compile(rb".*[{}]\s*[;,)]*$"),
    re.compile(rb".*[)\]\w\"'}]\s*;$"),
    re.compile(rb".*[)\]]\s*(?:[:{;,]|=>|->|do)$"),
    re.compile(rb"(?:def|class|import|from|return|elif|async|await|fn|func|fun|let|const|var|val|pub"
               rb"|impl|package|using|namespace|public|private|protected|static|void|struct|enum"
               rb"|module|require|data|instance|local|my|use|sub|typedef|extern|message|optional"
               rb"|repeated|template|library|function|int|char|bool|double)"
               rb"\s+[\w.*&<>$@:\"']+\s*[(={;:<.\[]?"),
    re.compile(rb"[\w.\[\]\"'>$@*-]+(?:\s+[\w']+){0,3}\s*(?:[-+*/|&?]?=|:=|<-|\+=|<<|~>)\s*\S+"),
    re.compile(rb"\}?\s*(?:if|for|while|switch|catch|elif|else if|elsif|unless|foreach|match)\b"
               rb"(?:[^(]*\(.*\)|.*[:{]$|.*then$|.*do$)"),
    re.compile(rb"[\w.$@:!?>-]+\([^()]*\)[;,]?$"),
    re.compile(rb"(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|FROM|WHERE|GROUP BY|ORDER BY"
               rb"|LIMIT|(?:LEFT|INNER|OUTER|RIGHT)? ?JOIN|HAVING|UNION|VALUES)\b"
               rb"|(?i:select\b.*\bfrom|insert into|create table|drop table)\b"),
    re.compile(rb"(?:FROM|RUN|COPY|CMD|ENV|EXPOSE|WORKDIR|ENTRYPOINT|ARG|ADD) \S"),
    re.compile(rb"(?:end|fi|done|else|begin|esac|then|do|rescue|ensure|where|in|END|ENDIF|CONTINUE)"
               rb"\b;?$|\w+ :: \S|\| .*->|(?:End|Dim|Sub|Then|Loop|Next|Call|Set) ?\w*"),
    re.compile(rb"\((?:def\w*|let\*?|lambda|set[qf]?|if|cond|ns|loop|map|fn|progn|when|unless|do) "
               rb"|if \[+|if (?:not )?exist |@?echo |goto |set \w+="
               rb"|export |alias |local |.* do \|\w+"),
    re.compile(rb"\w+(?: \S+){1,3} = \S.*[\w)\]]$|\w+ :: "),
    re.compile(rb".*\)\)$|\([\w*+-]+(?: |$)|['`]?\(\("),
    re.compile(rb"\"?[\w.]+\"? +(?:->|--) +\"?[\w.]+\"?[ ;\[]?|\S+ +-+[->.]+ ?\S+$"),
    re.compile(rb"(?:MOVE|PERFORM|DISPLAY|SUBROUTINE|INTEGER|REAL|CALL|DO|COMPUTE|ADD|IF|WRITE"
               rb"|FORMAT|DIMENSION)\b[ (]"),
    re.compile(rb"(?:mov|add|sub|call|ret|jmp|push|pop|lea|cmp|test|xor|nop|j[a-z]{1,2})[lqwb]?\b"
               rb"\s*[%$.\w]*|\.[a-z_]+\s"),
    re.compile(rb"/[^/]+/ ?\{|(?:BEGIN|END) ?\{|\$\(\w+\)|\t\$|@\w+$|[$%@]\w+"),
    re.compile(rb"\s*[\w.-]+\s*:\s*(?:\w+[ ,]*)?[{\[]$|(?:&&|\|\|) |[\w-]+:$"),
]  # fmt: skip
# Comments are prose, and code may have more of them than of itself.
_COMMENT = re.compile(
    rb"//|#+(?:\s|'|$)|;+(?:\s|$)|--(?:\s|$)|/?\*+(?:\s|/|$)|%+\s|\"\"\"|\{-|!\s|REM "
)
_PREPROCESSED = re.compile(rb"#(?:include|define|ifn?def|if|endif|pragma|undef)\b|#!/")
_DIFF = re.compile(rb"^(?:diff --git |@@ -\d+,\d+ \+\d+)", re.M)
_SENTENCE = re.compile(
    rb"[\"'(]?[A-Z][^=;{}]*(?: [^=;{} ]+){5,}.*|[\"'(]?[A-Z].*(?: \S+){5,}[^;{}()][.!?][\"')]*"
)
# Of a longer line its ends tell: for all of it a pattern with several stars takes seconds.
_ENDS = 300
_FEWEST_LINES, _MOST_LINES = 8, 400
_SIGNS = (b"{", b"}", b";", b"(", b"=", b"#", b"/", b"->", b"--", b"_", b"%", b"[")
_FEWEST_SIGNS = 0.3
_SHARE = 0.4
_FEWEST_HABITS = 3
_SHARE_OF_TWO, _SHARE_OF_ONE = 0.6, 0.9
_CAPITAL_WORDS = re.compile(rb"[A-Z][A-Z-]{2,} ")


def source_code(part: Part) -> Finding | None:
    """Code of most languages: many lines show at least three of its habits together."""
    if len(_DIFF.findall(part.data)) > 1:
        return _finding("a diff")
    filled = part.filled[:_MOST_LINES]
    signs = sum(map(part.data.count, _SIGNS))
    capitals = sum(bool(_CAPITAL_WORDS.match(line)) for line in filled)
    if signs < _FEWEST_SIGNS * len(part.filled) and capitals < _SHARE * len(filled):
        return None
    lines = [line for line in filled if not _COMMENT.match(line) or _PREPROCESSED.match(line)]
    if len(lines) < _FEWEST_LINES or len(lines) < 0.1 * len(filled):
        return None
    share, frequent = _habits(lines)
    enough = ((_SHARE, _FEWEST_HABITS), (_SHARE_OF_TWO, 2), (_SHARE_OF_ONE, 1))
    if not any(share >= least and frequent >= habits for least, habits in enough):
        return None
    return _finding(f"source code ({share:.0%} of its lines)")


def _habits(lines: Sequence[bytes]) -> tuple[float, int]:
    """The share of lines that show one, and how many are frequent."""
    shown = [
        [bool(habit.match(line)) for habit in _HABITS]
        if not _is_sentence(line) else [False] * len(_HABITS)
        for line in lines
    ]  # fmt: skip
    share = sum(bool(any(row) or _PREPROCESSED.match(line)) for row, line in
                zip(shown, lines, strict=True)) / len(lines)  # fmt: skip
    frequent = sum(sum(column) >= 0.03 * len(lines) for column in zip(*shown, strict=True))
    return share, frequent


def _is_sentence(line: bytes) -> bool:
    shown = line if len(line) <= 2 * _ENDS else line[:_ENDS] + line[-_ENDS:]
    return bool(_SENTENCE.fullmatch(shown))


def _finding(what: str) -> Finding:
    advice = "it is read as text; leave such files out by --exclude"
    return Finding("source code", f"looks like {what}", advice, is_warning=True)
