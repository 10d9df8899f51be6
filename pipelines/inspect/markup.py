"""SVG elements from Python; what is not made here is text, and escaped."""

from __future__ import annotations

from markupsafe import Markup
from markupsafe import escape as _escape

# No document may hold these; Unicode has a picture of each.
_CONTROL_PICTURES = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"}
_CONTROL_PICTURES |= {code: 0xFFFD for code in (*range(0x7F, 0xA0), *range(0xD800, 0xE000))}


def plain(value: object) -> object:
    """A value as text that a document may hold; markup is left as it is."""
    return value if isinstance(value, Markup) else str(value).translate(_CONTROL_PICTURES)


def escape(value: object) -> Markup:
    """A value as markup: itself if it is such, else its text."""
    return _escape(plain(value))


def join(*parts: object) -> Markup:
    """Parts one behind the other, each escaped unless it is markup."""
    return Markup("").join(map(escape, parts))


def tag(name: str, *children: object, **attributes: object) -> Markup:
    """An element.

    Args:
        name: of its kind.
        *children: markup, and text to escape.
        **attributes: those that are None are left out; ``_`` stands for ``-``, and ends a name.

    >>> print(tag("text", "1 < 2", class_="note", data_kind=None))
    <text class="note">1 &lt; 2</text>
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{name}{given}>{join(*children)}</{name}>")
