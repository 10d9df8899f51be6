"""Calls of the command that go wrong."""

from __future__ import annotations

import gzip
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pyarrow.parquet as pq

Done = subprocess.CompletedProcess[str]
Run = Callable[..., Done]
THREE_DOCUMENTS = """\
One sentence here. Another sentence follows it. A third one ends the text.

A second document. It has sentences too. They are short.

Third document here. It is good. Very good indeed.
"""
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def check_error(done: Done, code: int, *parts: str) -> None:
    """One line, with these parts in it; before it at most what is said of the run."""
    *before, line = done.stderr.splitlines()
    assert line.startswith("bertprep: error: ")
    assert [part for part in parts if part not in line] == []
    assert [text for text in before if not text.startswith(("reading ", "warning: "))] == []
    assert done.returncode == code
    assert done.stdout == ""


def lines(*tokens: str) -> bytes:
    return "".join(f"{token}\n" for token in tokens).encode()


SHARD = ("--vocab", "vocab.txt", "--workers", "1", "--dupe-factor", "1")


def shard(run: Run, output: str, *options: object, **how: object) -> Done:
    return run("shard", "good.txt", "--output", output, *SHARD, *options, **how)


def json_lines(*rows: object) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def prose_of(words: int) -> str:
    """So many words in random order, on one line."""
    return " ".join(Random(0).choices(THREE_DOCUMENTS.split(), k=words))


BAD_INPUT: dict[str, tuple[bytes | None, tuple[str, ...]]] = {
    "missing": (None, ("INPUT does not exist; INPUT is a file, a folder or a glob",)),
    "empty": (b"", ("the input is empty: 1 file in INPUT, 0 bytes",)),
    "blanks": (b"\n \t\n\r\n", ("the inputs hold no text at all",)),
    "byte order mark": (b"\xef\xbb\xbf", ("the inputs hold no text at all",)),
    "control characters": (b"\x00" * 50, ("the inputs hold no text at all",)),
    "latin-1": (
        b"Good line.\n\nCaf\xe9 au lait.\n",
        (
            "INPUT: line 3 (byte 15) is not UTF-8 (0xe9)",
            "it looks like cp1252: say --encoding cp1252",
            "--bad-input drop",
        ),
    ),
    "broken JSON": (
        json_lines({"text": "a b"}) + b'{"text": broken}\n',
        ("INPUT: line 2 (byte 16) is not", "JSON object", "--bad-input drop"),
    ),
    "JSON without the field": (
        json_lines({"body": "a b"}),
        ('INPUT: line 1 (byte 0) has no field "text" (its fields: "body")', "--text-field"),
    ),
    "truncated gzip": (
        gzip.compress(prose_of(6_000).encode())[:2000],  # one line, no blank one
        ("INPUT is truncated", "fetch it again"),
    ),
    "damaged bzip2": (b"BZh91AY&SY" + bytes(99), ("INPUT is damaged", "fetch it again")),
    "UTF-16": (
        "The text.".encode("utf-16-le"),
        ("INPUT is UTF-16 text without", "say --encoding UTF-16LE"),
    ),
    "unclosed document": (
        b'<doc id="1" url="u" title="T">\nText.\n',
        ("INPUT: line 1 (byte 0) opens a <doc> that no </doc> line closes", "truncated"),
    ),
    "one document": (
        b"One document. Of a few. Short sentences.\n",
        (
            "one document only",
            "--task nsp",
            "use --task sop or --task none",
            "--document-separator",
        ),
    ),
}


def rows(output: str = "out") -> list[dict[str, object]]:
    return [row for path in sorted(Path(output).glob("rows/*.parquet")) for row in read(path)]


def read(path: Path) -> list[dict[str, object]]:
    listed: list[dict[str, object]] = pq.read_table(path).to_pylist()
    return listed


def manifest(output: str = "out") -> dict[str, object]:
    loaded: dict[str, object] = json.loads(Path(output, "manifest.json").read_text())
    return loaded


def tree(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder: files with their content, folders with None."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }
