"""Two readers of one dump of MediaWiki, by the text they leave in and out: ours, and WikiExtractor.

    wikiextractor dump.xml -o extracted
    python benchmarks/wiki_prose.py dump.xml extracted

Counts, over the articles that both have: characters, and what templates that were dropped or
mark-up that was not understood leave behind.  Of the quantities that the wikitext gives by
{{convert|NUMBER|UNIT}} outside of tables, boxes and notes it counts those whose number is nowhere
in the article's text.
"""

from __future__ import annotations

import argparse
import html
import re
from pathlib import Path

from bertprep.common.drops import Drops
from bertprep.corpus.splits import plan_splits
from bertprep.options import ReadOptions
from pipelines.folders.changed_inputs import read_unchanged
from pipelines.folders.inputs import find_inputs

# What no sentence has: the holes that dropped templates leave, and mark-up.
_LEFTOVERS = {
    "`()`, `( )`": r"\(\s*\)",
    "`( ,`, `(;`": r"\(\s*[,;]",
    "blank before `,` or `.`": r"\w [,.](?=\s|$)",
    "`of  in`: two blanks within a line": r"\w  +\w",
    "`of in`, `of and`, `to and`": r"\b(?:of|to|about|from) (?:in|and|or|from|,)\b",
    "`[[`, `]]`": r"\[\[|\]\]",
    "`{{`, `}}`": r"\{\{|\}\}",
    "`'''`": r"'''",
    "`<ref`, other tags": r"</?(?:ref|br|div|span|small|sub|sup|table|nowiki|math)\b",
    "`&nbsp;`, other entities": r"&(?:[a-z]{2,8}|#\d+);",
    "`|` and `=` of tables": r"(?m)^\s*[|!].*|\bcolspan=|\bstyle=",
}
_CONVERT = re.compile(r"\{\{\s*(?:convert|cvt)\s*\|\s*([\d.,]+)\s*\|", re.IGNORECASE)
_PAGE = re.compile(r"<page>.*?<title>(.*?)</title>.*?<text[^>]*>(.*?)</text>", re.DOTALL)
_DOC = re.compile(r'<doc [^>]*title="([^"]*)"[^>]*>\n(.*?)</doc>', re.DOTALL)
_ASIDE = re.compile(r"(?s)<ref\b[^>/]*>.*?</ref>|\{\|.*?\|\}|<!--.*?-->|\{\{Infobox.*?\n\}\}")


def of_dump(path: Path) -> dict[str, str]:
    """The wikitext of the pages, by title."""
    pages = _PAGE.findall(path.read_text("utf-8"))
    return {html.unescape(title): html.unescape(text) for title, text in pages}


def ours(path: Path, wikitext: dict[str, str]) -> dict[str, str]:
    """Our texts by title: each stands at the byte of its page."""
    read, drops = ReadOptions(), Drops()
    data = path.read_bytes()
    found, _ = find_inputs([str(path)], read)
    texts = {}
    for split in plan_splits(found, read):
        for batch in read_unchanged(split, read, drops):
            places = (batch.offsets.tolist(), batch.starts.tolist(), batch.ends.tolist())
            for offset, start, end in zip(*places, strict=True):
                title = re.search(rb"<title>(.*?)</title>", data[offset : offset + 4000])
                assert title
                name = html.unescape(title[1].decode())
                texts[name] = batch.text[start:end].decode()
    return {title: text for title, text in texts.items() if title in wikitext}


def theirs(folder: Path) -> dict[str, str]:
    """WikiExtractor's texts by title, without the title that begins each, unescaped."""
    texts = {}
    for path in sorted(folder.rglob("wiki_*")):
        for title, text in _DOC.findall(path.read_text("utf-8")):
            name = html.unescape(title)
            body = text.removeprefix(title).strip()
            texts[name] = html.unescape(body).strip()
    return texts


def missing_quantities(texts: dict[str, str], wikitext: dict[str, str]) -> tuple[int, int]:
    """(those whose number is nowhere in the text, all)."""
    missing = total = 0
    for title, text in texts.items():
        flat = text.replace(",", "")
        for number in _CONVERT.findall(_ASIDE.sub("", wikitext[title])):
            total += 1
            plain = number.replace(",", "").rstrip(".")
            missing += re.search(rf"(?<![\d.]){re.escape(plain)}(?!\d)", flat) is None
    return missing, total


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dump", type=Path)
    parser.add_argument("extracted", type=Path)
    given = parser.parse_args()
    wikitext = of_dump(given.dump)
    own, other = ours(given.dump, wikitext), theirs(given.extracted)
    both = sorted(own.keys() & other.keys())
    print(f"articles: {len(own)} of ours, {len(other)} of WikiExtractor's, {len(both)} in both")
    sides = [{title: side[title] for title in both} for side in (own, other)]
    print(f"| characters | {' | '.join(f'{sum(map(len, s.values())):,}' for s in sides)} |")
    for name, pattern in _LEFTOVERS.items():
        counts = [sum(len(re.findall(pattern, text)) for text in s.values()) for s in sides]
        print(f"| {name} | {' | '.join(f'{count:,}' for count in counts)} |")
    found = [missing_quantities(side, wikitext) for side in sides]
    print(f"| quantities missing, of {found[0][1]:,} | {' | '.join(str(m) for m, _ in found)} |")


if __name__ == "__main__":
    main()
