"""Files whose lines are something else than text: subtitles, mail, logs, numbers, addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bertprep.corpus.sample import Part
from bertprep.corpus.shapes.finding import Finding, share_matching

_CUE = re.compile(rb"(?:\d+:)?\d+:\d\d[,.]\d{1,3}\s+-->\s+(?:\d+:)?\d+:\d\d[,.]\d{1,3}")
_LYRIC = re.compile(rb"\[\d+:\d\d\.\d\d\d?\]")
_ENVELOPE = re.compile(rb"From \S+ .{0,300}\d\d:\d\d.{0,300}\d{4}")
_MAIL_FIELD = re.compile(rb"(?:From|To|Cc|Subject|Date|Reply-To|Sender): ?", re.I)
_MAIL_ONLY = re.compile(
    rb"(?:Message-ID|Received|MIME-Version|Content-Type|Content-Transfer-Encoding|Return-Path"
    rb"|WARC-[A-Z][\w-]*|Newsgroups|NNTP-Posting-Host|Path|Organization|Lines|References|In-Reply-To|Delivered-To"
    rb"|X-[A-Z][\w-]*): ?|From: ?.*\S@\S",
    re.I,
)
_ARC = re.compile(rb"https?://\S+ \d+\.\d+\.\d+\.\d+ \d{14} \S+ \d+")
_ADDRESS = re.compile(rb"(?:https?|ftp)://\S+|www\.\S+")
_NUMBER = re.compile(rb"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?(?::[-+]?\d+(?:\.\d+)?)?", re.I)
_ENCODED = re.compile(rb"(?=[^a-z\s]*[a-z])(?=[^A-Z\s]*[A-Z])(?=[^0-9\s]*[0-9])[A-Za-z0-9+/=]{40,}")
_YAML_ITEM = re.compile(rb"\s*- [\w-]+:(?:\s|$)")
_YAML_KEY = re.compile(rb"\s{2,}[\w-]+:(?:\s|$)")
_YAML_BLOCK = re.compile(rb"\s*(?:- )?[\w-]+: [|>][-+]?$")
_YAML_ANY = re.compile(rb"\s*(?:[a-z][\w-]*:(?:\s|$)|- \S+$)")
_YAML_OPEN = re.compile(rb"\s*[a-z][\w-]*:\s*$")
_YAML_STRING = re.compile(rb"\s*- (['\"]).*\1$")
_LABEL = re.compile(rb"__label__\S")
_SETTING = re.compile(
    rb"(?:export |set )?[\w.\[\]-]+\s*=|[\w-]+\.[\w.-]+:\s|\"[^\"]+\"\s*="
    rb"|\[{1,2}[\w .-]+\]{1,2}$|msg(?:id|str)\b|\"|#|;"
)
_KEY = re.compile(
    rb"(?:export |set )?[\w.-]+\s*=|[\w-]+\.[\w.-]+:\s|\"[\w.-]+\"\s*=|msg(?:id|str)\b"
)
_TOML = re.compile(rb"[\w-]+ = (?:\"{3}|'{3})")
_PAIR = re.compile(rb"([a-z][\w.-]*)\s*(?::\s|=)")
_CHECKSUM = re.compile(
    rb"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})(?:\s+\*?\S+)?", re.I
)

_FEWEST_PAIRS = 20
_WHOLE_ARCHIVE = "give the whole archive, which is read (pieces joined by cat, in order)"


def subtitles(part: Part) -> Finding | None:
    """SRT, WebVTT or LRC."""
    if sum(bool(_CUE.match(line)) for line in part.filled) >= max(1, 0.1 * len(part.filled)):
        sed = r"sed -E '/-->/d; /^[0-9]+[[:space:]]*$/d; /^(WEBVTT|NOTE|STYLE|REGION)/d'"
        what = "holds subtitles with their times, not prose"
        return Finding("subtitles", what, "take their text", sed, options="--documents file")
    if len(part.filled) > 2 and share_matching(_LYRIC.match, part.filled) >= 0.8:
        what = "holds lyrics with their times, not prose"
        return Finding("timed lyrics", what, "take their text", r"sed -E 's/\[[0-9:.]+\]//g'")
    return None


def mail(part: Part) -> Finding | None:
    """A mailbox, a mail or a post of a news group, with headers."""
    lines = part.filled
    if part.starts and lines and _ENVELOPE.match(lines[0]):
        script = (
            "import json,mailbox,sys,tempfile; f=tempfile.NamedTemporaryFile(); "
            "f.write(sys.stdin.buffer.read()); f.flush(); [print(json.dumps({'text': p.get_payload("
            "decode=True).decode('utf-8', 'replace')})) for m in mailbox.mbox(f.name) for p in "
            "m.walk() if p.get_content_type() == 'text/plain']"
        )
        what = "is a mailbox, not prose"
        return Finding("mail", what, "make JSON lines of it", f'python3 -c "{script}"', ".jsonl")
    if any(line.startswith(b"WARC-Type:") for line in lines):
        return Finding("WARC", "holds records of a WARC archive, not prose", _WHOLE_ARCHIVE)
    if any(map(_ARC.fullmatch, lines)):
        return Finding("ARC", "holds records of an ARC archive, not prose", _WHOLE_ARCHIVE)
    head = lines[:20] if part.starts else lines
    marks = sum(bool(_MAIL_ONLY.match(line)) for line in head)
    fields = sum(bool(_MAIL_FIELD.match(line)) for line in head)
    if not part.starts and marks < max(3, 0.05 * len(head)):
        return None
    if part.starts and (not marks or marks + fields < 3 or not _is_field(head[0])):
        return None
    what = "begins with the headers of a mail, which are no prose"
    sed = r"sed '1,/^[[:space:]]*$/d'"
    return Finding("mail", what, "cut them off", sed, options="--documents file")


def _is_field(line: bytes) -> bool:
    return bool(_MAIL_ONLY.match(line) or _MAIL_FIELD.match(line))


def labels(part: Part) -> Finding | None:
    """fastText's labels before each line."""
    if len(part.filled) < 3 or share_matching(_LABEL.match, part.filled) < 0.8:
        return None
    what = "has a label before each line (__label__...), which is no text"
    sed = "sed -E 's/^(__label__[^ ]* *,? *)+//'"
    return Finding("labels", what, "cut them off", sed, options="--documents line")


def yaml(part: Part) -> Finding | None:
    """A list of keys and values in YAML."""
    lines = [line for line in part.lines if line.strip()]
    if len(lines) < 5 or not (_is_yaml_list(lines) or _is_yaml_map(lines)):
        return None
    advice = "write its text as JSON lines, one object a line"
    return Finding("YAML", "is YAML, not prose", advice)


def _is_yaml_list(lines: Sequence[bytes]) -> bool:
    if len(lines) >= _FEWEST_PAIRS and share_matching(_YAML_STRING.match, lines) >= 0.9:
        return True
    if share_matching(_YAML_ITEM.match, lines) < 0.1:
        return False
    blocks = sum(bool(_YAML_BLOCK.match(line)) for line in lines)
    return share_matching(_YAML_KEY.match, lines) >= 0.3 or blocks >= max(3, 0.1 * len(lines))


def _is_yaml_map(lines: Sequence[bytes]) -> bool:
    """Keys that have keys or items below them; or documents of keys, with --- before each."""
    keys = share_matching(_YAML_ANY.match, lines)
    parted = lines.count(b"---") > 2 and keys >= 0.4
    return parted or (keys >= 0.7 and share_matching(_YAML_OPEN.match, lines) >= 0.15)


def settings(part: Part) -> Finding | None:
    """Keys and values: .ini, .properties, .po."""
    if len(part.filled) < 5:
        return None
    keys = share_matching(_KEY.match, part.filled)
    are_few = keys < 0.5 or (keys < 0.6 and share_matching(_SETTING.match, part.filled) < 0.9)
    blocks = sum(bool(_TOML.match(line)) for line in part.filled)
    if are_few and blocks < max(3, 0.1 * len(part.filled)) and not _are_pairs(part.filled):
        return None
    advice = "leave it out by --exclude"
    return Finding("settings", "holds keys and values, not prose", advice, is_side=True)


def _are_pairs(lines: Sequence[bytes]) -> bool:
    """Whether each line has a name of its own in small letters, as nobody speaks in turns."""
    names = [match[1] for line in lines if (match := _PAIR.match(line))]
    most = len(names) >= max(_FEWEST_PAIRS, 0.8 * len(lines))
    return most and len(set(names)) >= 0.6 * len(names)


def numbers(part: Part) -> Finding | None:
    """Numbers: token ids, vectors, features."""
    digits = len(part.data) - len(part.data.translate(None, b"0123456789"))
    if digits < 0.2 * len(part.data):
        return None
    words = part.data.translate(None, b"[](){},;\"'").split()
    words = words[0 if part.starts else 1 : len(words) if part.ends else -1]
    if len(words) < 20 or share_matching(_NUMBER.fullmatch, words) < 0.9:
        return None
    return Finding(
        "numbers",
        "holds numbers, not text",
        "bertprep makes token ids itself: give it the text they were made of",
        is_side=True,
    )


def addresses(part: Part) -> Finding | None:
    """A list of URLs, or of checksums."""
    if not part.filled:
        return None
    for test, what in ((_ADDRESS, "is a list of URLs"), (_CHECKSUM, "is a list of checksums")):
        if share_matching(test.fullmatch, part.filled) >= 0.9:
            advice = "leave it out by --exclude"
            return Finding(what.removeprefix("is "), f"{what}, not prose", advice, is_side=True)
    return None


def encoded(part: Part) -> Finding | None:
    """Base64 and its like."""
    if len(part.filled) < 3 or share_matching(_ENCODED.fullmatch, part.filled) < 0.8:
        return None
    what = "holds encoded data (base64), not prose"
    return Finding("base64", what, "decode it", "base64 -d", ".decoded")


def vocabulary(part: Part) -> Finding | None:
    """A vocab.txt."""
    lines = part.filled
    special = sum(line in (b"[PAD]", b"[UNK]", b"[CLS]", b"[SEP]", b"[MASK]") for line in lines)
    pieces = sum(line.startswith((b"##", b"[unused")) for line in lines)
    if len(lines) < 10 or special + pieces < 0.05 * len(lines) or special + pieces < 3:
        return None
    if share_matching(lambda line: b" " in line, lines) > 0.05:
        return None
    advice = "give it by --vocab, and the text as INPUT"
    return Finding("a vocabulary", "is a vocabulary, not prose", advice, is_side=True)
