"""Escapes that stand for other characters: of terminals, of JSON, of addresses, of forums."""

from __future__ import annotations

import re
from collections import Counter

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding

_TERMINAL = re.compile(rb"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07\n]*\x07|\([AB0])")
# Not the beginning of a command of TeX, such as \nu.
_BREAK = re.compile(rb"\\n(?![a-z])|\\r\\n|\\u[0-9a-fA-F]{4}|\\x[0-9a-f]{2}")
_UNICODE = re.compile(rb"\\u[0-9a-fA-F]{4}")
_PERCENT = re.compile(rb"%[0-9A-F]{2}")
_FORUM = re.compile(rb"\[/?(?:b|i|u|url|quote|img|code|size|color)(?:=[^\]\n]{0,200})?\]", re.I)
CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b\x08")) + b"\x7f"
_FEWEST = 5


def overstrikes(part: Part) -> Finding | None:
    """Letters printed twice, a backspace between, as in man pages that were printed to a file."""
    count = part.data.count(b"\b")
    if count < max(_FEWEST, len(part.data) // 500):
        return None
    what = "prints letters over others, by backspaces, as man pages do"
    return Finding("overstrikes", what, "take the last ones", "sed 's/.\\x08//g'")


def terminal(part: Part) -> Finding | None:
    """Colours and the like of a terminal."""
    if b"\x1b" not in part.data:
        return None
    count = len(_TERMINAL.findall(part.data))
    if count < max(_FEWEST, len(part.data) // 5000):
        return None
    what = f"holds escapes of a terminal ({count} in {len(part.data):,} bytes)"
    sed = r"sed -E 's/\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07]*\x07|\([AB0])//g'"
    return Finding("terminal escapes", what, "strip them", sed)


def written_escapes(part: Part) -> Finding | None:
    r"""Line breaks as \n, letters as \u00e9 or %C3%A9."""
    data = part.data
    if len(_PERCENT.findall(data)) > max(_FEWEST, len(data) // 60):
        script = "import sys,urllib.parse; print(urllib.parse.unquote_plus(sys.stdin.read()))"
        what = "is written as in addresses (%20 for a blank)"
        return Finding("percent escapes", what, "undo that", f'python3 -c "{script}"')
    if b"\\" not in data:
        return None
    count = len(_BREAK.findall(data))
    if count < max(_FEWEST, len(data) // 2000):
        return None
    what = f"holds escapes such as \\n and \\u00e9 ({count} in {len(data):,} bytes)"
    if len(_UNICODE.findall(data)) > len(data) // 60:
        script = (
            "import re,sys; print(re.sub(chr(92) * 2 + 'u([0-9a-fA-F]{4})', lambda m: "
            "chr(int(m[1], 16)), sys.stdin.read()).encode('utf-16', 'surrogatepass').decode("
            "'utf-16', 'replace'))"
        )
        return Finding("written escapes", what, "undo them", f'python3 -c "{script}"')
    advice = "they are taken as text; make line breaks of \\n first, as with sed 's/\\\\n/\\n/g'"
    return Finding("written escapes", what, advice, is_warning=True)


def controls(part: Part) -> Finding | None:
    """A control character that may part fields or documents."""
    left = len(part.data) - len(part.data.translate(None, CONTROLS))
    if left < _FEWEST:
        return None
    found = Counter(byte for byte in part.data if byte in CONTROLS)
    byte, count = found.most_common(1)[0]
    if count < _FEWEST:
        return None
    what = f"holds the control character U+{byte:04X} ({count} in {len(part.data):,} bytes)"
    advice = (
        "it is left out, and what it parts is joined; if it parts documents, make blank lines of "
        f"it first: sed 's/\\x{byte:02x}/\\n\\n/g'"
    )
    return Finding("control characters", what, advice, is_warning=True)


def forum(part: Part) -> Finding | None:
    """BBCode."""
    if part.data.count(b"[/") < _FEWEST:
        return None
    count = len(_FORUM.findall(part.data))
    if count < max(_FEWEST, len(part.data) // 2000):
        return None
    what = f"holds marks of forums ({count}, such as [quote])"
    sed = r"sed -E 's/\[\/?[A-Za-z]+(=[^]]*)?\]//g'"
    return Finding("BBCode", what, f"they are taken as text; strip them first, as with {sed}",
                   is_warning=True)  # fmt: skip
