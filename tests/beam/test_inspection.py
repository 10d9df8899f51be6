"""The view of a finished folder says what is wrong with it, in a line."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest

from bertprep.errors import BertprepError
from bertprep.shards.folder import Shards
from pipelines.inspect.inspection import describe, write_page
from pipelines.jobs.verification import verify
from tests.beam.inspected import (
    SPECIAL,
    WORDS,
    Run,
    Shard,
    check_error,
)

pytestmark = pytest.mark.usefixtures("words_folder")


def test_a_folder_that_bertprep_did_not_write(cli_in_process: Run, tmp_path: Path) -> None:
    expected = "expected the --output of a finished bertprep run"
    check_error(cli_in_process("inspect", "nowhere"), "nowhere does not exist", expected)
    check_error(cli_in_process("inspect", "."), ". holds no manifest.json", expected)
    check_error(cli_in_process("inspect", "text.txt"), "text.txt holds no manifest", expected)
    (tmp_path / "manifest.json").write_text("{}")
    check_error(cli_in_process("inspect", "."), "was not written by bertprep", expected)


def test_a_shard_that_is_missing(cli_in_process: Run, shard_of_words: Shard) -> None:
    shard_of_words("--num-shards", 3)
    lost = Path("out/rows/shard-00002-of-00003.parquet")
    lost.unlink()
    done = cli_in_process("inspect", "out", "--examples", 1)
    check_error(done, f"{lost} is missing, but manifest.json lists it")


def fields_of(value: Any, *place: Any) -> Iterator[tuple[Any, ...]]:
    """Where each value in a manifest is; of lists the first."""
    if place:
        yield place
    if isinstance(value, list):
        value = dict(enumerate(value[:1]))
    for name, found in value.items() if isinstance(value, dict) else ():
        yield from fields_of(found, *place, name)


def edited(manifest: dict[str, Any], place: tuple[Any, ...], *values: Any) -> dict[str, Any]:
    """A copy with another value in one place, or without it."""
    copy = deepcopy(manifest)
    parent = reduce(getitem, place[:-1], copy)
    if values:
        parent[place[-1]] = values[0]
    else:
        del parent[place[-1]]
    return copy


def test_an_edited_manifest_is_no_traceback(cli_in_process: Run, shard_of_words: Shard) -> None:
    shard_of_words("--bin-size", 32)
    path = Path("out/manifest.json")
    manifest = json.loads(path.read_text())
    commands = (
        lambda: describe("out", 1, True),
        lambda: write_page("out", "page.html", 1),
        lambda: verify("out", lambda _: None),
        lambda: Shards("out"),
    )
    refused = Counter[int]()
    for place in fields_of(manifest):
        for values in ([], [None], [float("inf")]):
            path.write_text(json.dumps(edited(manifest, place, *values)))
            for number, command in enumerate(commands):
                try:
                    command()
                except (BertprepError, OSError):
                    refused[number] += 1
    assert all(refused[number] > 50 for number in range(4)), refused


def test_what_is_wrong_with_a_manifest_is_told(cli_in_process: Run, shard_of_words: Shard) -> None:
    shard_of_words()
    path = Path("out/manifest.json")
    manifest = json.loads(path.read_text())
    for place, value, message in (
        (("config",), None, "expected an object as config, got None"),
        (("vocabulary", "file"), 7, "expected a string as file, got 7"),
        (("rows",), "x", "expected an integer as rows, got 'x'"),
        (("sums", "predictions"), {}, "expected an integer as predictions, got {}"),
        (("inputs",), None, ""),
    ):
        path.write_text(json.dumps(edited(manifest, place, value)))
        wrong = f"out/manifest.json is damaged: {message}"
        check_error(cli_in_process("inspect", "out"), wrong)
        check_error(cli_in_process("inspect", "out", "--html", "page.html"), wrong)
    assert not Path("page.html").exists()


@pytest.mark.parametrize("container", ["parquet", "tfrecord"])
def test_a_shard_that_is_cut_off(
    cli_in_process: Run, shard_of_words: Shard, container: str
) -> None:
    shard_of_words("--output-format", container)
    (path,) = Path("out").glob("rows/shard-*")
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    done = cli_in_process("inspect", "out")
    check_error(
        done, f"{path} has {len(content) - 1:,} bytes, but manifest.json says {len(content):,}"
    )


@pytest.mark.parametrize("container", ["parquet", "tfrecord"])
def test_a_shard_whose_bytes_are_others(
    cli_in_process: Run, shard_of_words: Shard, container: str
) -> None:
    shard_of_words("--output-format", container)
    (path,) = Path("out").glob("rows/shard-*")
    path.write_bytes(bytes(path.stat().st_size))
    check_error(cli_in_process("inspect", "out"), f"{path} cannot be read as a shard: ")


def test_a_vocabulary_that_is_another(cli_in_process: Run, shard_of_words: Shard) -> None:
    shard_of_words()
    Path("out/vocab.txt").write_text("\n".join([*SPECIAL, *WORDS[::-1]]) + "\n")
    done = cli_in_process("inspect", "out")
    check_error(done, "out/vocab.txt is not the vocabulary that its folder was made with")
    Path("out/vocab.txt").unlink()
    check_error(cli_in_process("inspect", "out"), "out/vocab.txt: No such file or directory")
