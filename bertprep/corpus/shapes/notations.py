"""Texts in notations: RDF, chess, music, man pages, settings of type, histories, traces."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

_ASIDE = "leave it out by --exclude"
_TRIPLE = re.compile(rb"<[^<>\s]+>\s+<[^<>\s]+>\s+\S.*[.;]$|@prefix\s|@base\s")
_TURTLE = re.compile(rb"@prefix\s+\w*:\s*<")
_PGN = re.compile(rb'\[[A-Z]\w+ "[^"]*"\]$')
_GEDCOM = re.compile(rb"[0-9] (?:@[^@\s]+@ )?[A-Z_]{3,15}(?:\s|$)")
_ABC = re.compile(rb"[A-Za-z]:\s?\S")
_TRACE = re.compile(
    rb"(?:at [\w.$<>/]+\([^()]*\)|\.\.\. \d+ (?:more|common)|File \"[^\"]+\", line \d+"
    rb"|#\d+ +(?:0x[0-9a-f]+ in )?\S+ ?\()"
)
_DUMP = re.compile(rb"[0-9a-fA-F]{4,16}[:h]? +(?:[0-9a-fA-F]{2,4}[ -]+){4}")
_COMMIT = re.compile(rb"commit [0-9a-f]{40}\b")
_ROFF = re.compile(rb"\.(?:\\\"|[A-Z]{1,2}|[A-Z][a-z]|[a-z]{2})(?:\s|$)|'\\\"")
_STYLE = re.compile(rb"[\w-]+\s*:\s*[^;{}]+;$|[^{}]*\{$|\}$|[^{}]+\{[^{}]*:[^{}]*\}$")
_DECLARED = re.compile(rb"[\w-]+\s*:\s*[^;{}]+;$|[^{}]+\{[^{}]*:[^{}]*\}$")
_LIGHT = re.compile(
    rb"\*+ (?:TODO|DONE)\b|\.\. [\w-]+::|:(?:ref|class|doc|func|PROPERTIES|END)\b|#\+[A-Za-z_]+"
    rb"|\[source\b|\*{2,3} \w"
    rb"|(?:={3,}|-{4,}|\^{3,}|\*{3,}|~{3,}|={2,5} \w.*)$"
)
_LIGHT_ONLY = re.compile(
    rb"\.\. [\w-]+::|:PROPERTIES:|#\+[A-Za-z_]+|\[source\b|:ref:`|\*+ (?:TODO|DONE)\b"
    rb"|(?:SCHEDULED|DEADLINE|CLOSED): <"
)
_POD = re.compile(rb"=(?:head\d|item|over|back|cut|pod|begin|end|encoding|for)\b")
_TEXINFO = re.compile(
    rb"@(?:node|(?:sub)*section|chapter|cindex|itemx?|end|table|itemize|menu|example|findex|def\w+)\b"
)
_CHANGES = re.compile(rb"\d{4}-\d\d-\d\d  \S.*<\S+@\S+>$")
_USFM = re.compile(rb"\\(?:id|c|v|p|q\d?|h|s\d?|m)\b")


def _count(pattern: re.Pattern[bytes], lines: Sequence[bytes]) -> int:
    return sum(bool(pattern.match(line)) for line in lines)


def notations(part: Part) -> Finding | None:
    """One of those that their lines tell for certain."""
    lines = part.filled
    if len(lines) < 5:
        return None
    if _count(_TRIPLE, lines) >= 0.6 * len(lines) or _count(_TURTLE, lines[:20]):
        return Finding("RDF", "is RDF, not prose", "take its texts as JSON lines")
    moves = [line for line in lines if _PGN.match(line)]
    known = any(line.startswith((b"[Event ", b"[Result ")) for line in moves)
    if known and len(moves) >= 0.4 * len(lines):
        return Finding("PGN", "is games of chess (PGN), not prose", _ASIDE, is_side=True)
    headed = b"\nK:" in part.data and any(line.startswith(b"X:") for line in lines)
    if headed and _count(_ABC, lines) >= 0.4 * len(lines):
        return Finding("ABC", "is music (ABC), not prose", _ASIDE, is_side=True)
    if _count(_GEDCOM, lines) >= 0.8 * len(lines):
        return Finding("GEDCOM", "is a family tree (GEDCOM), not prose", _ASIDE, is_side=True)
    if _count(_DUMP, lines) >= 0.8 * len(lines):
        return Finding(
            "a hex dump",
            "is a hex dump, not prose",
            "give the file that it shows, or leave it out by --exclude",
        )
    if _count(_TRACE, lines) >= max(5, 0.2 * len(lines)):
        what = "holds the traces of a program, not prose"
        return Finding("traces", what, _ASIDE, is_side=True)
    if _count(_STYLE, lines) >= 0.7 * len(lines) and _count(_DECLARED, lines) >= 0.2 * len(lines):
        return Finding("a style sheet", "is a style sheet (CSS), not prose", _ASIDE, is_side=True)
    return None


def odd_notations(part: Part) -> Finding | None:
    """Those with text in them, which is read all the same."""
    lines = part.filled
    if len(lines) < 5:
        return None
    if _count(_COMMIT, lines) >= max(3, 0.05 * len(lines)):
        return _taken("a history of git's", "write its messages alone: git log --format=%B")
    if _count(_ROFF, lines) >= max(5, 0.1 * len(lines)):
        return _taken(
            "roff (a man page)",
            "strip them first, as with "
            r"sed -E 's/^\.[^ ]* ?//; s/\\f.//g; s/\\(-|&)/-/g'",
        )
    if _count(_POD, lines) >= max(5, 0.1 * len(lines)):
        return _taken(
            "POD (a manual of Perl's)",
            "strip them first, as with sed -E '/^=/d; s/[B-Z]<([^<>]*)>/\\1/g'",
        )
    if _count(_TEXINFO, lines) >= max(5, 0.1 * len(lines)):
        return _taken(
            "Texinfo", "strip them first, as with sed -E '/^@/d; s/@[a-z]+\\{([^{}]*)\\}/\\1/g'"
        )
    if _count(_CHANGES, lines) >= max(5, 0.1 * len(lines)):
        return _taken("a list of changes (ChangeLog)", "leave such files out by --exclude")
    if _count(_USFM, lines) >= max(5, 0.5 * len(lines)):
        return _taken(
            "USFM (marks of verses)", "strip them first, as with sed -E 's/\\\\[a-z0-9]+ ?//g'"
        )
    if _count(_LIGHT_ONLY, lines) >= 3 and _count(_LIGHT, lines) >= 0.05 * len(lines):
        return _taken("reStructuredText, AsciiDoc or Org", "strip them first, as with sed -E "
                      r"'/^(\.\. |:[A-Za-z-]+:|#\+|\[[a-z]|[=~^-]{3})/d; "
                      r"s/^[*=]+ ((TODO|DONE) )?//'")  # fmt: skip
    return None


def _taken(name: str, advice: str) -> Finding:
    what = f"looks like {name}"
    return Finding(name, what, f"its marks are taken as text; {advice}", is_warning=True)
