"""Mark-up: XML, HTML, wiki text as it is edited, Markdown, TeX."""

from __future__ import annotations

import re
from collections import Counter

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

# Not just any word in brackets: <james> says something in a chat, and <unk> is a word.
_HTML_NAMES = (
    rb"p|br|hr|li|ul|ol|td|tr|th|div|span|table|b|i|em|strong|h[1-6]|a|img|body|head|title"
)
# "a<b and b>c" is no tag.
_ATTRIBUTES = rb"(?:\s+[\w:-]+\s*=[^<>]{0,300})?\s*/?"
_TAG = re.compile(
    rb"</(?!s>|unk>|pad>|mask>)[A-Za-z][\w:.-]*\s*>|<[A-Za-z][^<>]{0,300}/>|<[A-Za-z][\w:.-]*\s+[\w:-]+\s*=\s*[\"'\w][^<>]{0,300}>"
    rb"|<(?i:" + _HTML_NAMES + rb")" + _ATTRIBUTES + rb">"
)
_OPENS = re.compile(rb"</?[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>")
_HTML_TAG = re.compile(rb"</?(?i:" + _HTML_NAMES + rb")" + _ATTRIBUTES + rb">")
_MOST_TAGS = 0.08  # of the bytes
_TAGGED_LINES = 0.6
_TAGS_ALONE = 0.25
_HEADINGS_SHARE = 0.02
_HEADED = re.compile(
    rb"(?:={1,6}|(?:= ){2,6}) ?[^\s=](?:[^\n]{0,200}[^\s=])? ?(?:={1,6}|(?: =){2,6})"
)
_WIKI = re.compile(rb"\[\[[^\[\]\n]+\]\]|\{\{[^{}]+\}\}|'''?[^'\n]+'''?|^=+[^=\n]+=+[ \r]*$", re.M)
_WIKI_LINK = re.compile(rb"\[\[[^\[\]\n]+\]\]|\{\{[^{}]+\}\}")
_HEADING = re.compile(rb"#{1,6} \S")
_MARKDOWN = re.compile(
    rb"\]\([^()\s]+\)|(?<!\[)\*\*[^*\n]+\*\*|^```|^\s*[-*] \[[ x]\]|`[^`\n]+`", re.M
)
_FEWEST_LINKS = 5
_BULLET = re.compile(rb"[-*+] \S")
_TEX = re.compile(
    rb"\\(?:begin|end|section|subsection|cite|ref|label|textbf|emph|documentclass)\*?\{"
)
# Of other kinds, as for music; verses with marks have shorter ones.
_COMMAND = re.compile(rb"(?<!\\)\\[a-zA-Z]{3,}")


_ATTRIBUTE = re.compile(rb' ([A-Za-z_][\w.-]*)="([^"]*)"')
_TAG_OR_NONE = re.compile(rb"<[^<>]*>")
_MOSTLY_ATTRIBUTES = 3


def tags(part: Part) -> Finding | None:
    """XML or HTML."""
    if b"<" not in part.data:
        return None
    lines = part.filled
    spoken = sum(line.startswith(b"<s>") and line.endswith(b"</s>") for line in lines)
    if lines and spoken >= 0.8 * len(lines):
        what = "has <s> and </s> around each line, which are no text"
        sed = "sed -E 's: *</?s> *::g'"
        return Finding("<s> lines", what, "strip them", sed, options="--sentences lines")
    found = _TAG.findall(part.data)
    share = sum(map(len, found)) / len(part.data)
    whole = sum(bool(_OPENS.match(line)) and line.endswith(b">") for line in lines)
    alone = sum(bool(_TAG.fullmatch(line)) for line in lines)
    if len(found) < 3 + len(part.data) // 2000 or (
        share < _MOST_TAGS
        and whole < _TAGGED_LINES * len(lines)
        and alone < _TAGS_ALONE * len(lines)
    ):
        return None
    is_html = len(_HTML_TAG.findall(part.data)) >= 0.5 * len(found)
    return _tagged("HTML") if is_html else xml(part.data)


def xml(data: bytes) -> Finding:
    """The finding for XML that begins so."""
    lengths = Counter[str]()
    for name, value in _ATTRIBUTE.findall(data):
        lengths[name.decode()] += len(value)
    name, longest = max(lengths.items(), key=lambda item: item[1], default=("", 0))
    outside = sum(map(len, _TAG_OR_NONE.split(data))) - data.count(b"\n")
    if longest <= _MOSTLY_ATTRIBUTES * outside:
        return _tagged("XML")
    script = (
        "import html,re,sys; [print(re.sub('<[^>]*>', ' ', html.unescape(t)), end='\\n\\n') "
        f"for t in re.findall(' {name}=\\x22([^\\x22]*)', sys.stdin.read())]"
    )
    return Finding(
        "XML",
        f"is XML with its text in attributes ({name}), not prose",
        "take it out of them",
        f'python3 -c "{script}"',
    )


def _tagged(name: str) -> Finding:
    script = (
        "import html,re,sys; print(re.sub('[ \\t]*(\\n[ \\t]*)+', '\\n', html.unescape(re.sub("
        "'<[^>]*>', ' ', sys.stdin.read()))))"
    )
    return Finding(
        name,
        f"is {name}, not prose",
        "take the text out of its elements, at the least by",
        f'python3 -c "{script}"',
        options="--documents file",
    )


_PIECE = re.compile(rb'^<doc id="[^\n]*>[ \t\r]*$', re.M)


def wikiextractor_piece(part: Part) -> Finding | None:
    """A piece of WikiExtractor's output whose beginning does not show it."""
    if b"doc" not in part.data or not _PIECE.search(part.data):
        return None
    return Finding(
        "WikiExtractor's output",
        "holds <doc ...> lines of WikiExtractor's, but does not begin like its output",
        "join it with the pieces before it, or say --input-format wikiextractor --bad-input drop",
    )


def wiki_source(part: Part) -> Finding | None:
    """Wiki text as it is edited."""
    if part.data.count(b"[[") + part.data.count(b"{{") < 5:
        return None
    links, marks = len(_WIKI_LINK.findall(part.data)), len(_WIKI.findall(part.data))
    if links < 5 or marks * 150 < len(part.data):
        return None
    return Finding(
        "wiki source",
        "is wiki text as it is edited ([[links]], {{templates}}), not prose",
        "give the dump that it comes from (pages-articles.xml.bz2), which is read as it is",
    )


def wiki_headings(part: Part) -> Finding | None:
    """Headings between equals signs: WikiText whose lines were stripped, or extracts of pages."""
    found = sum(bool(_HEADED.fullmatch(line)) for line in part.filled)
    if found < max(3, _HEADINGS_SHARE * len(part.filled)):
        return None
    if b"<unk>" in part.data or b" @-@ " in part.data or b" @,@ " in part.data:
        what = "is WikiText whose lines were stripped of the blanks around them"
        sed = r"sed -E 's/^[[:space:]]*(.*[^[:space:]])[[:space:]]*$/ \1 /'"
        return Finding("WikiText", what, "put them there again", sed)
    sed = r"sed -E 's/^[[:space:]]*=+ *(.*[^ =]) *=+[[:space:]]*$/\1/'"
    what = f"has {found} headings between equals signs"
    advice = "their marks are taken as text; strip them first, as with"
    return Finding("wiki headings", what, f"{advice} {sed}", is_warning=True)


def markdown(part: Part) -> Finding | None:
    """Markdown, which is read all the same."""
    data, lines = part.data, part.filled
    if data.count(b"#") < 2 and data.count(b"](") < _FEWEST_LINKS and data.count(b"**") < 10:
        return None
    headings = sum(bool(_HEADING.match(line)) for line in lines)
    marks = len(_MARKDOWN.findall(data))
    are_many = marks >= _FEWEST_LINKS and marks * 500 >= len(data)
    marks += sum(bool(_BULLET.match(line)) for line in lines)
    are_parts = headings >= max(_FEWEST_LINKS, 0.05 * len(lines))
    are_some = headings > 1 and marks > 2 and (headings + marks) * 1000 >= len(data)
    if not (are_many or are_parts or are_some):
        return None
    what = f"looks like Markdown ({headings} headings, {marks} links, bullets and such)"
    return Finding(
        "Markdown",
        what,
        "its marks are taken as text; strip them first, as with sed -E "
        r"'/^(\x60{3}|~{3})/d; s/^ *#{1,6} +//; s/^ *[-*+] +(\[[ x]\] )?//; "
        r"s/!?\[([^]]*)\]\([^)]*\)/\1/g; s/(\*\*|\x60)([^*\x60]+)(\*\*|\x60)/\2/g', "
        "or leave such files out by --exclude",
        is_warning=True,
    )


def tex(part: Part) -> Finding | None:
    """TeX, which is read all the same."""
    if b"\\" not in part.data:
        return None
    rows = sum(line.endswith(b"\\\\") for line in part.filled)
    marks = len(_TEX.findall(part.data)) + (rows if 2 * rows > len(part.filled) else 0)
    if marks < 5 or marks * 1000 < len(part.data):
        marks = len(_COMMAND.findall(part.data))
        if marks < 20 or marks * 100 < len(part.data):
            return None
    what = f"looks like TeX ({marks} commands)"
    return Finding(
        "TeX",
        what,
        "its commands are taken as text; strip them first, as with sed -E "
        r"'/\\(begin|end|label|documentclass|usepackage|bibliography)\b/d; s/(\\[a-zA-Z]+\*?"
        r"(\[[^]]*\])?|[{}~$&]|\\\\)/ /g; s/ +/ /g', or leave such files out by --exclude",
        is_warning=True,
    )
