"""Mark-up: XML, HTML, wiki text as it is edited, Markdown, TeX."""

from __future__ import annotations

import re

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

# Not just any word in brackets: <james> says something in a chat, and <unk> is a word.
_HTML_NAMES = (
    rb"p|br|hr|li|ul|ol|td|tr|th|div|span|table|b|i|em|strong|h[1-6]|a|img|body|head|title"
)
_TAG = re.compile(
    rb"</(?!s>|unk>|pad>|mask>)[A-Za-z][\w:.-]*\s*>|<[A-Za-z][^<>]*/>|<[A-Za-z][\w:.-]*\s+[\w:-]+\s*=\s*[\"'][^<>]*>"
    rb"|<(?i:" + _HTML_NAMES + rb")\b[^<>]*>"
)
_OPENS = re.compile(rb"</?[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>")
_HTML_TAG = re.compile(rb"</?(?i:" + _HTML_NAMES + rb")\b[^<>]*>")
_MOST_TAGS = 0.08  # of the bytes
_TAGGED_LINES = 0.6
_WIKI = re.compile(rb"\[\[[^\[\]\n]+\]\]|\{\{[^{}]+\}\}|'''?[^'\n]+'''?|^=+[^=\n]+=+[ \r]*$", re.M)
_WIKI_LINK = re.compile(rb"\[\[[^\[\]\n]+\]\]|\{\{[^{}]+\}\}")
_HEADING = re.compile(rb"#{1,6} \S")
_MARKDOWN = re.compile(rb"\]\([^()\s]+\)|\*\*[^*\n]+\*\*|^```|^\s*[-*] \[[ x]\]|`[^`\n]+`", re.M)
_TEX = re.compile(
    rb"\\(?:begin|end|section|subsection|cite|ref|label|textbf|emph|documentclass)\*?\{"
)


def tags(part: Part) -> Finding | None:
    """XML or HTML."""
    if b"<" not in part.data:
        return None
    found = _TAG.findall(part.data)
    lines = part.filled
    if len(found) < 3 or not lines:
        return None
    share = sum(map(len, found)) / len(part.data)
    whole = sum(bool(_OPENS.match(line)) and line.endswith(b">") for line in lines) / len(lines)
    if share < _MOST_TAGS and whole < _TAGGED_LINES:
        return None
    if len(_HTML_TAG.findall(part.data)) >= 0.5 * len(found):
        return Finding(
            "HTML",
            "is HTML, not prose",
            "turn it into text with an extractor such as trafilatura",
            "trafilatura",
        )
    return xml()


def xml() -> Finding:
    """What is said of XML."""
    script = (
        "import sys,xml.etree.ElementTree as e; print('\\n\\n'.join(t.strip() for t in e.parse("
        "sys.stdin.buffer).getroot().itertext() if t.strip()))"
    )
    return Finding(
        "XML",
        "is XML, not prose",
        "take the text out of its elements, such as",
        f'python3 -c "{script}"',
    )


def wiki_source(part: Part) -> Finding | None:
    """Wiki text as it is edited."""
    if part.data.count(b"[[") + part.data.count(b"{{") < 5:
        return None
    links, marks = len(_WIKI_LINK.findall(part.data)), len(_WIKI.findall(part.data))
    if links < 5 or marks * 250 < len(part.data):
        return None
    return Finding(
        "wiki source",
        "is wiki text as it is edited ([[links]], {{templates}}), not prose",
        "run WikiExtractor on the dump it comes from",
    )


def markdown(part: Part) -> Finding | None:
    """Markdown, which is read all the same."""
    if part.data.count(b"#") < 2:
        return None
    headings = sum(bool(_HEADING.match(line)) for line in part.filled)
    marks = len(_MARKDOWN.findall(part.data))
    if headings < 2 or marks < 3 or (headings + marks) * 1000 < len(part.data):
        return None
    what = f"looks like Markdown ({headings} headings, {marks} links, bold or code)"
    return Finding(
        "Markdown",
        what,
        "its marks are taken as text; strip them first, as with `pandoc -t plain --wrap=none`, "
        "or leave such files out by --exclude",
        is_warning=True,
    )


def tex(part: Part) -> Finding | None:
    """TeX, which is read all the same."""
    if b"\\" not in part.data:
        return None
    marks = len(_TEX.findall(part.data))
    if marks < 5 or marks * 1000 < len(part.data):
        return None
    what = f"looks like TeX ({marks} commands)"
    return Finding(
        "TeX",
        what,
        "its commands are taken as text; strip them first, as with `pandoc -f latex -t plain "
        "--wrap=none`, or leave such files out by --exclude",
        is_warning=True,
    )
