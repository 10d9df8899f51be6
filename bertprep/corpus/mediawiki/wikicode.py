"""Wikitext to prose in one pass: what nests is kept on a stack, what is dropped leaves a gap."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bertprep.corpus.mediawiki.gaps import GAP, mended
from bertprep.corpus.mediawiki.prose import prose
from bertprep.corpus.mediawiki.site import Site
from bertprep.corpus.mediawiki.templates import render

# What <nowiki> protects is out of the scanner's sight until the end.
_PROTECTED = "[]{}|'*#:;<>&=_-"
_HIDE = {ord(c): 0xFDD0 + i for i, c in enumerate(_PROTECTED)}
_SHOW = {0xFDD0 + i: c for i, c in enumerate(_PROTECTED)}

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NOWIKI = re.compile(r"<nowiki\s*/\s*>|<nowiki>(.*?)</nowiki\s*>", re.DOTALL | re.IGNORECASE)
_ATTRIBUTES = r"(?:[^<>\"]|\"[^\"<>]*\")*?"
_ELEMENT = re.compile(
    r"<(ref|references)\b" + _ATTRIBUTES + r"/\s*>"
    r"|<(ref|math|chem|ce|gallery|timeline|syntaxhighlight|source|score|imagemap|hiero|graph|"
    r"mapframe|maplink|templatestyles|inputbox|categorytree|pre|table|references|includeonly|"
    r"noinclude|templatedata|section|indicator)\b[^<>]*>.*?</\2\s*>",
    re.DOTALL | re.IGNORECASE,
)  # fmt: skip
_TOKEN = re.compile(r"\{\{|\}\}|\[\[|\]\]|\{\||\|\}(?!\})")
_BREAK_TAG = re.compile(
    r"</?(?:br|p|div|hr|blockquote|center|poem|li|ul|ol|dl|dd|dt|h[1-6])\b[^<>]*>", re.IGNORECASE
)
_TAG = re.compile(
    r"</?(?:abbr|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|ins|kbd|mark|nobr|noinclude|"
    r"onlyinclude|includeonly|q|rb|rp|ruby|s|samp|small|span|strike|strong|sub|sup|td|th|tr|table|"
    r"tbody|time|tt|u|var|wbr|ref|references|gallery|section|templatestyles|math|nowiki|pre|"
    r"translate|tvar|languages|t)\b[^<>]*>",
    re.IGNORECASE,
)  # fmt: skip
_FURIGANA = re.compile(r"<rp>.*?</rp>|<rt\b[^<>]*>.*?</rt>", re.IGNORECASE | re.DOTALL)
_EXTERNAL = re.compile(r"\[(?:https?:|ftp:|mailto:|news:|irc:)?//[^\s\[\]<>]*[ \t]*([^\[\]\n]*)\]")
_QUOTES = re.compile(r"'{2,}")
_SWITCH = re.compile(r"__[A-Z]{3,}__")
_VARIANT = re.compile(r"-\{(.*?)\}-", re.DOTALL)
_LANGUAGE_CODE = re.compile(r"(?:[a-z]{2,3}(?:-[a-z]+)*|simple):\S", re.IGNORECASE)

# A thing left out, by its reason and its name: ("template", "cite web").
Dropped = Callable[[str, str], None]


@dataclass(slots=True)
class _Frame:
    """An open template, link or table, and its content so far."""

    kind: str
    parts: list[str] = field(default_factory=list)


def text_of(wikitext: str, title: str, site: Site, dropped: Dropped) -> str:
    """The prose of a page, a paragraph a line.

    Args:
        wikitext: of the page, without the escapes of XML.
        title: of the page, for templates that show it.
        site: what the namespaces of its wiki are called.
        dropped: told of each thing that is left out: why, and its name.
    """
    text = _COMMENT.sub("", wikitext) if "<!--" in wikitext else wikitext
    if "<" in text:
        text = _NOWIKI.sub(lambda found: (found[1] or "").translate(_HIDE), text)
        text = _ELEMENT.sub(lambda found: _element(found, dropped), text)
    text = _Scanner(title, site, dropped).scan(text)
    text = prose(mended(_inline(text)), dropped)
    return text.translate(_SHOW) if "<nowiki" in wikitext else text


def _element(found: re.Match[str], dropped: Dropped) -> str:
    dropped("element", (found[1] or found[2]).lower())
    return GAP


class _Scanner:
    """Goes through the text once, from one opening or closing mark to the next."""

    def __init__(self, title: str, site: Site, dropped: Dropped) -> None:
        self._title = title
        self._site = site
        self._dropped = dropped
        self._stack = [_Frame("page")]

    def scan(self, text: str) -> str:
        position = 0
        for found in _TOKEN.finditer(text):
            start = found.start()
            if start > position:
                self._stack[-1].parts.append(text[position:start])
            position = found.end()
            self._take(found[0], text, start)
        self._stack[-1].parts.append(text[position:])
        while len(self._stack) > 1:
            self._never_closed(self._stack.pop())
        return "".join(self._stack[0].parts)

    def _take(self, token: str, text: str, start: int) -> None:
        if token == "{{":
            self._stack.append(_Frame("template"))
        elif token == "[[":
            self._stack.append(_Frame("link"))
        elif token == "}}":
            self._close("template")
        elif token == "]]":
            self._close("link")
        elif not _begins_line(text, start):
            self._stack[-1].parts.append(token)
        elif token == "{|":
            self._stack.append(_Frame("table"))
        else:
            self._close("table")

    def _close(self, kind: str) -> None:
        if self._stack[-1].kind != kind and all(frame.kind != kind for frame in self._stack):
            return
        while (frame := self._stack.pop()).kind != kind:
            self._never_closed(frame)
        content = "".join(frame.parts)
        self._stack[-1].parts.append(self._closed(kind, content))

    def _closed(self, kind: str, content: str) -> str:
        if kind == "table":
            self._dropped("table", "table")
            return GAP
        return self._link(content) if kind == "link" else self._template(content)

    def _template(self, content: str) -> str:
        name = " ".join(content.partition("|")[0].replace("_", " ").split()).lower()
        rendered = render(name, content, self._title, self._site.language)
        if rendered is None:
            self._dropped("template", name.strip(GAP)[:60])
            return GAP
        return rendered

    def _link(self, content: str) -> str:
        target, pipe, shown = content.partition("|")
        target = target.strip()
        prefix = target.partition(":")[0].strip().lower()
        if ":" in target and prefix in self._site.hidden:
            self._dropped("link", prefix)
            return GAP
        if not pipe and _LANGUAGE_CODE.match(target) and prefix not in self._site.spaces:
            return GAP
        return (shown.rpartition("|")[2] if pipe else "") or target.removeprefix(":")

    def _never_closed(self, frame: _Frame) -> None:
        """Keeps what is no part of it for certain: a page must not end at a forgotten bracket."""
        content = "".join(frame.parts)
        if frame.kind == "template":
            content = content.partition("\n\n")[2]
        elif frame.kind == "table":
            lines = content.split("\n")[1:]
            content = "\n".join(line for line in lines if not line.lstrip().startswith(("|", "!")))
        elif (cut := content.rfind("|", 0, (content + "\n").find("\n"))) >= 0:
            content = content[cut + 1 :]
        self._stack[-1].parts.append(content)


def _begins_line(text: str, start: int) -> bool:
    line = text.rfind("\n", 0, start) + 1
    return not text[line:start].strip(" \t:*#" + GAP)


def _inline(text: str) -> str:
    """Without the marks of a line: quotes for italics, links to elsewhere, tags, entities."""
    if "<" in text:
        text = _FURIGANA.sub("", text)
        text = _TAG.sub("", _BREAK_TAG.sub("\n", text))
    if "//" in text:
        text = _EXTERNAL.sub(lambda found: found[1] or GAP, text)
    if "-{" in text:
        text = _VARIANT.sub(_variant, text)
    if "__" in text:
        text = _SWITCH.sub("", text)
    text = _QUOTES.sub(_apostrophes, text)
    if "&" in text:
        text = html.unescape(text)
    return text.replace("\xa0", " ")


def _apostrophes(found: re.Match[str]) -> str:
    """Two are italics, three bold, five both; what is over is text."""
    length = len(found[0])
    return "'" if length == 4 else "'" * max(0, length - 5)


def _variant(found: re.Match[str]) -> str:
    """One of the spellings that Chinese readers choose from: the first."""
    flags, bar, words = found[1].rpartition("|")
    if bar and set(flags) & set("HT"):
        return ""
    first = words.partition(";")[0]
    code, colon, word = first.partition(":")
    if colon and re.fullmatch(r"\s*zh(-\w+)*\s*|\s*[a-z]{2,3}(-\w+)*\s*", code):
        return word.strip()
    return words if not bar else first
