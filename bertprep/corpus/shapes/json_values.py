"""JSON that is not an object a line: over several lines, among others, or as Python writes it."""

from __future__ import annotations

import re

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding, share_matching

_PIECE_OF_JSON = re.compile(rb'\}\s*,\s*\{\s*"\w+"\s*:|"\w+"\s*:\s*(?:"|\[|\{)')
_BYTES = re.compile(rb"b'.*'$|b\".*\"$")
_REPR = re.compile(rb"[\[({]\s*u?'|\{\"?\w+\"?: u?'|\((?:-?[\d.]+|\"[^\"]*\"), .*\),?$")
_MEMBER = re.compile(rb'"[^"\n]*"\s*:\s*(?:["\d\[{tfn-]|$)')
_OBJECT_LINE = re.compile(rb'\{\s*"(?:[^"\\]|\\.)*"\s*:.*\}$')


def json_in_lines(part: Part) -> Finding | None:
    """JSON values that go over several lines, or Python's own form of them."""
    return (
        _python_values(part)
        or _json_values(part)
        or _python_bytes(part)
        or _json_among_others(part)
    )


def _python_values(part: Part) -> Finding | None:
    lines = part.filled
    if len(lines) > 1 and share_matching(_REPR.match, lines) >= 0.9:
        script = (
            "import ast,json,sys; [print(json.dumps(x if isinstance(x, dict) else {'text': '\\n'"
            ".join(y for y in x if isinstance(y, str))})) for x in map(ast.literal_eval, filter("
            "str.strip, sys.stdin))]"
        )
        what = "holds Python objects, one a line, not prose"
        return Finding(
            "Python objects", what, "make JSON lines of them", f'python3 -c "{script}"', ".jsonl"
        )
    if part.starts and part.data.lstrip()[:2] == b"['":
        script = (
            "import ast,json,sys; [print(json.dumps(x)) for x in ast.literal_eval("
            "sys.stdin.read())]"
        )
        what = "is one list of Python's, not prose"
        command = f'python3 -c "{script}"'
        return Finding("a Python list", what, "make JSON lines of it", command, ".jsonl")
    return None


def _json_values(part: Part) -> Finding | None:
    lines = part.filled
    if len(lines) > 1 and share_matching(lambda line: line.startswith(b"\x1e{"), lines) >= 0.9:
        what = "is a JSON text sequence (RFC 7464)"
        return Finding(
            "a JSON text sequence", what, "make JSON lines of it", "tr -d '\\036'", ".jsonl"
        )
    spread = len(lines) > 2 and lines[0] in (b"{", b"[") and _MEMBER.match(lines[1])
    if spread or (len(lines) > 2 and share_matching(_MEMBER.match, lines) >= 0.4):
        what = "is JSON over several lines, not prose"
        return Finding("JSON", what, "put a value on a line", "jq -c .", ".jsonl")
    return None


def _python_bytes(part: Part) -> Finding | None:
    lines = part.filled
    if len(lines) < 2 or share_matching(_BYTES.match, lines) < 0.9:
        return None
    script = (
        "import ast,json,sys; [print(json.dumps(ast.literal_eval(line).decode())) for line in "
        "sys.stdin if line.strip()]"
    )
    what, command = "holds Python's bytes, one a line, not prose", f'python3 -c "{script}"'
    return Finding("Python's bytes", what, "make JSON strings of them", command, ".jsonl")


def _json_among_others(part: Part) -> Finding | None:
    lines = part.filled
    if len(lines) > 5 and share_matching(_OBJECT_LINE.match, lines) >= 0.05:
        advice = "keep the objects alone"
        what = "holds JSON objects among other lines"
        return Finding("JSON among others", what, advice, "grep '^{'", ".jsonl")
    if len(_PIECE_OF_JSON.findall(part.data)) >= max(5, len(part.data) // 1500):
        what = "holds JSON among other things, not prose"
        advice = "give the whole file, as one JSON array or as an object a line"
        return Finding("a piece of JSON", what, advice)
    return None
