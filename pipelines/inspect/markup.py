"""HTML and SVG elements from Python; what is not made here is text, and escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

# No document may hold these; Unicode has a picture of each.
_CONTROL_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"}
_CONTROL_PICTURES |= {code: 0xFFFD for code in (*range(0x7F, 0xA0), *range(0xD800, 0xE000))}

_VOID = ("input",)


class Markup(str):
    """A string that is markup already, and is not escaped again."""


def escape(value: object) -> Markup:
    """A value as markup: itself if it is such, else its text."""
    if isinstance(value, Markup):
        return value
    return Markup(html.escape(str(value).translate(_CONTROL_PICTURES)))


def join(*parts: object) -> Markup:
    return Markup("".join(map(escape, parts)))


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """An element.  Attributes that are None are left out; ``_`` stands for ``-``, and ends a name.

    >>> tag("p", "1 < 2", class_="note", data_kind=None)
    '<p class="note">1 &lt; 2</p>'
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{join(*children)}</{name}>")


def section(key: str, title: str, note: object, *content: object) -> Markup:
    """A part of the page: its heading with a note beside it, and what it shows."""
    head = tag("header", tag("h2", title, id=key), tag("p", note))
    return tag("section", head, tag("div", *content, class_="content"), aria_labelledby=key)


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Markup:
    """A table whose rows begin with their headings.

    Columns are set as numbers whose head ends in ``#``, which is not shown.
    """
    kinds = ["number" if name.endswith("#") else None for name in head]
    names = [
        tag("th", name.removesuffix("#"), scope="col", class_=kind) if name else tag("td")
        for name, kind in zip(head, kinds, strict=True)
    ]
    body = [
        tag(
            "tr",
            tag("th", row[0], scope="row"),
            *(tag("td", c, class_=kind) for c, kind in zip(row[1:], kinds[1:], strict=True)),
        )
        for row in rows
    ]
    return tag(
        "table", tag("caption", caption), tag("thead", tag("tr", *names)), tag("tbody", *body)
    )


def details(summary: str, *content: object) -> Markup:
    """What is shown when it is asked for."""
    return tag("details", tag("summary", summary), *content)
