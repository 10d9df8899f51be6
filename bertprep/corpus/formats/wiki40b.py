"""The texts of TensorFlow's wiki40b: marks of its own part title, headings and paragraphs.

>>> article = "\\n_START_ARTICLE_\\nPanda\\n_START_PARAGRAPH_\\nIt eats._NEWLINE_It sleeps."
>>> is_marked(article)
True
>>> plain(article, keep_title=True)
'Panda\\nIt eats.\\nIt sleeps.'
"""

from __future__ import annotations

import re

_MARK = re.compile(r"\n?_START_(ARTICLE|SECTION|PARAGRAPH)_\n")


def is_marked(text: str) -> bool:
    """Whether a text begins as an article there does."""
    return text[:17].lstrip("\n").startswith("_START_ARTICLE_")


def plain(text: str, keep_title: bool) -> str:
    """The paragraphs, a line each; headings are left out, as in a dump, and the title if asked."""
    _, *parts = _MARK.split(text)
    kept = ("ARTICLE", "PARAGRAPH") if keep_title else ("PARAGRAPH",)
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return "\n".join(part.replace("_NEWLINE_", "\n") for kind, part in pairs if kind in kept)
