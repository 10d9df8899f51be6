"""Undoes what WikiExtractor escapes in articles, between its tags and in rows of JSON alike."""

from __future__ import annotations

import html
import re

_BARE = re.compile(rb"[<>]|&(?!(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)")


def unescaped(text: bytes) -> bytes:
    """An article without the escapes that WikiExtractor writes unless told not to.

    It escapes &, < and > of all the text, and so once more what was an entity in the article, such
    as &nbsp; where one of these stands bare, it did not, and the text is left as it is.
    """
    if b"&" not in text or _BARE.search(text):
        return text
    return html.unescape(html.unescape(text.decode("utf-8"))).encode("utf-8", "replace")
