"""Mends of a document's text, none of its words lost."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bertprep.errors import UsageError
from bertprep.options import CleanOptions

if TYPE_CHECKING:
    from collections.abc import Callable

# Without a class of Unicode's, as `re` looks at four times as many characters a second as `regex`.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u200b\u2060\ufffe\uffff]")
# Those that end a line, where no line break beside them does.
_LINE_ENDS = r"\v\f\r\x1c-\x1e\x85"
_LONE_LINE_END = re.compile(rf"(?<![\n{_LINE_ENDS}])[{_LINE_ENDS}]+(?![\n{_LINE_ENDS}])")
# The same in UTF-8: those of one byte, and others by the byte they begin with.
_SINGLE = bytes([*range(9), *range(11, 32), 127])
_LONGER = (
    re.compile(rb"\xc2[\x80-\x9f]"),
    re.compile(rb"\xe2(?:\x80\x8b|\x81\xa0)"),
    re.compile(rb"\xef(?:\xbb\xbf|\xbf[\xbe\xbf])"),
)
_NOWHERE = np.empty(0, np.int64)


def mended(text: str, options: CleanOptions) -> str:
    """The text without control characters, composed, repaired: as the options ask.

    A form feed or another control character that ends a line becomes a line break.

    Raises:
        UsageError: if mojibake is to be mended and `ftfy` is not installed.
    """
    if options.fix_mojibake:
        text = _ftfy()(text)
    if options.drop_controls:
        text = _CONTROLS.sub("", _LONE_LINE_END.sub("\n", text))
    if options.normalize == "nfc":
        text = unicodedata.normalize("NFC", text)
    return text


def control_places(text: bytes) -> NDArray[np.int64]:
    """int64[n]: where in UTF-8 the characters are that ``mended`` takes out as controls."""
    single = _NOWHERE
    if len(text.translate(None, _SINGLE)) < len(text):  # seldom, and this is soon seen
        single = np.flatnonzero(np.isin(np.frombuffer(text, np.uint8), list(_SINGLE)))
    longer = [match.start() for pattern in _LONGER for match in pattern.finditer(text)]
    return np.concatenate((single, np.array(longer, np.int64)))


def _ftfy() -> Callable[[str], str]:
    try:
        import ftfy
    except ImportError:
        raise UsageError(
            "--fix-mojibake needs the package ftfy: pip install 'bertprep[clean]'"
        ) from None
    config = ftfy.TextFixerConfig(
        unescape_html=False, uncurl_quotes=False, fix_latin_ligatures=False,
        fix_character_width=False, fix_line_breaks=False, normalization=None,
    )  # fmt: skip
    return lambda text: str(ftfy.fix_text(text, config))
