"""The lines of a page that are prose: paragraphs, and items of lists that are sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_HEADING = re.compile(r"(={1,6})\s*(.+?)\s*\1\s*$")
_RULE = re.compile(r"-{4,}")
_SPACES = re.compile(r"[ \t]{2,}")
# A blank that stands before a comma or stop by oversight: a word is before, and words go on.
_STRAY = re.compile(r"(?<=[\w)\]\"”’»])[ \t]+([,.])(?=\s*$|[ \t]+[^\W\d_])")
_ENDS = re.compile(r"[.!?。！？…।۔؟።។॥‽][\"'”’»)」』\]）]*$")
# Fewer characters are a name or a label, not a sentence.
_LEAST_ITEM = 20
_LEAST_ITEM_CJK = 8
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff]")

# Sections of lists of pages, books and links; those of many wikis, in lower case.
_LIST_TITLES = (
    "see also|references|external links|further reading|bibliography|notes|sources|footnotes|"
    "citations|notes and references|references and notes|works cited|gallery|discography|"
    "filmography|publications|selected bibliography|einzelnachweise|weblinks|literatur|"
    "siehe auch|quellen|anmerkungen|notes et références|références|liens externes|voir aussi|"
    "bibliographie|articles connexes|véase también|referencias|enlaces externos|bibliografía|"
    "notas|note|collegamenti esterni|bibliografia|voci correlate|altri progetti|ver também|"
    "referências|ligações externas|zie ook|externe links|externe link|referenties|"
    "bronnen, noten en/of referenties|se även|referenser|externa länkar|källor|noter|"
    "zobacz też|przypisy|linki zewnętrzne|см. также|примечания|ссылки|литература|источники|"
    "див. також|примітки|посилання|джерела|література|вижте също|източници|външни препратки|"
    "литература и източници|бележки|参考文献|參考文獻|外部链接|外部連結|外部鏈接|参见|參見|"
    "参看|參看|相关条目|相關條目|注释|註釋|"
    "参考资料|參考資料|脚注|腳註|延伸阅读|延伸閱讀|参考来源|參考來源|関連項目|外部リンク|出典|"
    "注釈|関連書籍|같이 보기|각주|외부 링크|참고 문헌|참고문헌|"
    "انظر أيضا|انظر أيضًا|مراجع|المراجع|وصلات خارجية|ayrıca bakınız|kaynakça|dış bağlantılar"
)
_LISTS = frozenset(_LIST_TITLES.split("|"))


def prose(text: str, dropped: Callable[[str, str], None]) -> str:
    """Paragraphs, one a line; headings, tables' rests and lists of names are left out."""
    return "\n".join(_kept(text, dropped))


def _kept(text: str, dropped: Callable[[str, str], None]) -> Iterator[str]:
    skipped = 0  # the level of the section that is left out
    for raw in text.split("\n"):
        line = raw.strip()
        if not line:
            continue
        if line[0] == "=" and (found := _HEADING.match(line)):
            level = len(found[1])
            if not skipped or level <= skipped:
                skipped = level if found[2].strip("' ").lower() in _LISTS else 0
            continue
        if skipped:
            dropped("section_line", "")
        elif paragraph := _paragraph(line, dropped):
            if " ." in paragraph or " ," in paragraph:
                paragraph = _STRAY.sub(r"\1", paragraph)
            yield _SPACES.sub(" ", paragraph) if "  " in paragraph else paragraph


def _paragraph(line: str, dropped: Callable[[str, str], None]) -> str:
    if line[0] in "*#:;":
        item = line.lstrip("*#:; \t")
        if _is_sentence(item):
            return item
        dropped("list_item", "")
        return ""
    if line[0] in "|!" or _RULE.fullmatch(line):
        return ""
    return line if any(map(str.isalnum, line)) else ""


def _is_sentence(item: str) -> bool:
    least = _LEAST_ITEM_CJK if _CJK.search(item) else _LEAST_ITEM
    return len(item) >= least and bool(_ENDS.search(item))
