"""Shards that know their documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bertprep import Tokenizer
from bertprep.layouts.pack import places_of, unpack
from bertprep.report.decode import read_rows
from tests.finished import manifest_of

Run = Callable[..., Any]
USUAL = ("--max-seq-length", 64, "--dupe-factor", 2, "--workers", 1, "--masking", "none")


def done(cli: Run, *args: object) -> str:
    found = cli(*args)
    assert found.returncode == 0, found.stderr
    return str(found.stdout)


def examples_of(path: Path, cls: int, sep: int) -> Iterator[tuple[int, list[list[int]]]]:
    """The row of each example, and the tokens of its parts."""
    with path.open("rb") as stream:
        columns = read_rows(stream, str(path), 10**6, path.suffix[1:])
    numbers = range(len(columns["input_ids"]))
    if "sequence_ids" in columns:
        places = places_of(columns["sequence_ids"])
        numbers, columns = places.rows.tolist(), unpack(columns, places, pad_id=0)
    for n, row in enumerate(numbers):
        ids = columns["input_ids"][n][: columns["attention_mask"][n].sum()].tolist()
        assert (ids[0], ids[-1]) == (cls, sep)
        cut = ids.index(sep)
        yield row, [ids[1:cut], ids[cut + 1 : -1]]


def check(cli: Run, folder: Path, text: Path, vocab_dir: Path, step: int = 9) -> tuple[int, int]:
    """That some rows' tokens are those of the documents that they are said to be of.

    And that these are where they are said to be.
    """
    tokenizer = Tokenizer.from_file(vocab_dir)
    vocabulary = (vocab_dir / "vocab.txt").read_text("utf-8").splitlines()
    special = vocabulary.index("[CLS]"), vocabulary.index("[SEP]")
    known: dict[str, str] = {}
    places: dict[str, set[tuple[str, str]]] = {}
    listed = done(cli, "identify", text).splitlines()
    documents = [json.loads(line)["text"] for line in text.read_text("utf-8").splitlines()]
    for line, document in zip(listed, documents, strict=True):
        identity, file, place, _ = line.split("\t")
        known[identity] = " ".join(map(str, ["", *tokenizer(document), ""]))
        places.setdefault(identity, set()).add((file, f"byte {place}"))
    checked = others = 0
    for number, shard in enumerate(manifest_of(folder)["shards"]):
        rows: dict[int, list[list[list[int]]]] = {}
        for row, parts in examples_of(folder / shard["file"], *special):
            rows.setdefault(row, []).append(parts)
        for row in range(0, len(rows), step):
            said = done(cli, "locate", folder, number, row).splitlines()
            sides: list[dict[str, str]] = [{} for _ in rows[row]]
            for identity, example, side, passed, *place in (line.split("\t") for line in said):
                assert tuple(place) in places[identity]
                sides[int(example.removeprefix("example "))][side] = identity
                assert passed in ("pass 0", "pass 1")
            for (a, b), found in zip(rows[row], sides, strict=True):
                assert " ".join(map(str, ["", *a, ""])) in known[found["A"]]
                assert " ".join(map(str, ["", *b, ""])) in known[found.get("B", found["A"])]
                checked, others = checked + 1, others + ("B" in found)
    return checked, others


def write_documents(path: Path, prose: list[str]) -> Path:
    """Some documents as JSON lines, equal ones among them."""
    documents = [part for text in prose[:20] for part in text.split("\n\n")]
    path.write_text("".join(json.dumps({"text": part}) + "\n" for part in documents[:160]))
    return path
