"""The text of an HTML page: what is its matter, without navigation, forms and scripts."""

from __future__ import annotations

import re
from contextlib import suppress
from importlib.util import find_spec

from bertprep.errors import InputError

_SPACES = re.compile(r"[ \t\xa0]+")
_BLANK_LINES = re.compile(r"\n{3,}")
# Marks of references and links to edit, of MediaWiki's pages.
_SKIPPED = ["sup.reference", ".mw-editsection"]
_ESCAPE = b"\x1b"  # ISO-2022-JP has no others than ASCII
EXTRA = "pip install 'bertprep[web]'"


def check_extractor(what: str) -> None:
    """Raises InputError if the library that reads HTML is missing; ``what`` needs it."""
    if find_spec("resiliparse") is None:
        raise InputError(f"{what}, and its text is taken out by resiliparse: {EXTRA}")


def page_text(data: bytes, charset: str = "") -> str:
    """The main text of a page, a paragraph or a heading a line; "" if it has none.

    Args:
        data: the page as it was sent.
        charset: that it is said to be in; else it is found out.
    """
    from resiliparse.extract.html2text import extract_plain_text

    found = extract_plain_text(
        _decoded(data, charset),
        preserve_formatting=True,
        main_content=True,
        list_bullets=False,
        alt_texts=False,
        comments=False,
        skip_elements=_SKIPPED,
    )
    lines = (_SPACES.sub(" ", line).strip() for line in found.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def _decoded(data: bytes, charset: str) -> str:
    """A page as text; what is sound UTF-8 is that, whatever is said of it."""
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    if _ESCAPE not in data:
        with suppress(UnicodeDecodeError):
            return data.decode("utf-8")
    known = charset or detect_encoding(data, html5_compatible=True) or "utf-8"
    text: str = bytes_to_str(data, known, errors="replace")
    return text
