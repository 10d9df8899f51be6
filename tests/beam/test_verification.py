"""``bertprep verify``: a finished folder is as it was written, or what is not is named."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from bertprep.shards.findings import Findings
from pipelines.folders.finished_folder import read_manifest
from pipelines.jobs import shard_checks, verification
from pipelines.jobs.shard_checks import Shard, check_all
from pipelines.steps.sizes import RunSizes
from tests.beam.damaged import KINDS, Run, first_shard, flip, problems, rewrite, write_manifest
from tests.finished import manifest_of
from tests.lanes import in_turn, usual_of


@pytest.mark.parametrize("kind", KINDS)
def test_what_bertprep_wrote_passes(
    cli_in_process: Run, shards_of: Callable[[str], Path], kind: str
) -> None:
    folder = shards_of(kind)
    done = cli_in_process("verify", folder)
    rows = manifest_of(folder)["rows"]
    assert done.stdout == f"2 shards, {rows:,} rows: all as written\n"
    assert (done.returncode, done.stderr) == (0, "")
    assert rows > 50


PARTS = [(part,) for part in (0, 0.01, 0.3, 0.5, 0.7, 0.99, 1)]


@pytest.mark.parametrize(("kind", "part"), in_turn(PARTS, [("parquet",), ("google",), ("lddl",)]))
def test_a_flipped_bit_anywhere_is_found(
    cli_in_process: Run, copied: Callable[[str], Path], kind: str, part: float
) -> None:
    damaged = copied(kind)
    path = first_shard(damaged)
    flip(path, round(part * (path.stat().st_size - 1)))
    done = cli_in_process("verify", damaged)
    digest, *others = done.stdout.splitlines()
    assert digest.startswith(f"rows/{path.name}: expected the SHA-256 ")
    assert all(line.startswith(f"rows/{path.name}: ") for line in others)
    assert done.returncode == 1
    assert done.stderr.startswith(f"bertprep: error: {damaged} is not as it was written: ")
    if kind == "google":
        assert "wrong checksum" in others[0]


REWRITTEN = [
    ("parquet", "token_type_ids", 0, 1, "token_type_ids[0]: expected 0, got 1"),
    ("parquet", "input_ids", 0, 7, "input_ids[0]: expected [CLS], got 7"),
    ("whole words", "input_mask", 0, 0, "input_mask[1]: expected 0, got 1"),
    ("google", "next_sentence_labels", 0, 5, "next_sentence_labels: expected 0 or 1, got 5"),
    ("modelgarden", "input_type_ids", 3, 1, "input_type_ids[3]: expected 0, got 1"),
    ("bert4keras", "token_ids", 0, 7, "token_ids[0]: expected [CLS], got 7"),
]


# Through the command one of each container; tests/checks/test_verify.py has each rule.
@pytest.mark.parametrize(
    ("kind", "column", "place", "value", "message"),
    usual_of(REWRITTEN, [REWRITTEN[1], REWRITTEN[3]]),
)
def test_a_row_of_a_rewritten_shard_is_named(
    cli_in_process: Run,
    copied: Callable[[str], Path],
    kind: str,
    column: str,
    place: int,
    value: int,
    message: str,
) -> None:
    damaged = copied(kind)
    path = first_shard(damaged)
    rewrite(path, column, slice(17, 18), place, value)
    lines = cli_in_process("verify", damaged).stdout.splitlines()
    assert lines[0].startswith(f"rows/{path.name}: expected ")
    assert lines[1:] == [f"rows/{path.name}: row 17: {message}"]


def test_a_row_of_text_of_a_rewritten_shard_is_named(
    cli_in_process: Run, copied: Callable[[str], Path]
) -> None:
    damaged = copied("lddl")
    path = first_shard(damaged)
    table = pq.read_table(path)
    texts = table.column("A").to_pylist()
    texts[17] += " nonsense"
    pq.write_table(table.set_column(0, "A", pa.array(texts)), path)
    lines = cli_in_process("verify", damaged).stdout.splitlines()
    wanted = "tokens of the vocabulary, one space between two"
    assert lines[1:] == [f"rows/{path.name}: row 17: A: expected {wanted}; got 'nonsense'"]


def test_the_counts_for_lddl(cli_in_process: Run, copied: Callable[[str], Path]) -> None:
    damaged = copied("lddl")
    counts = damaged / "rows/.num_samples.json"
    counts.write_bytes(counts.read_bytes().replace(b"1", b"2"))
    assert problems(cli_in_process, damaged, "1 problem in 1 file") == [
        "rows/.num_samples.json: expected the rows of the shards in manifest.json"
    ]
    counts.unlink()
    assert problems(cli_in_process, damaged, "1 problem in 1 file") == [
        "rows/.num_samples.json: missing, and LDDL's loaders may refuse the shards"
    ]


def test_a_shard_of_another_bin(cli_in_process: Run, copied: Callable[[str], Path]) -> None:
    damaged = copied("binned")
    short, long = manifest_of(damaged)["shards"]
    assert (short["bin"], long["bin"]) == (32, 64)
    write_manifest(damaged, shards=[short | {"bin": 64}, long])
    rows = short["rows"]
    lines = problems(cli_in_process, damaged, f"{rows} problems in 1 file")
    assert lines[0].startswith(f"{short['file']}: row 0: attention_mask: expected 33 to 64 tokens")


def test_missing_and_foreign_shards(cli_in_process: Run, copied: Callable[[str], Path]) -> None:
    damaged = copied("parquet")
    path = first_shard(damaged)
    path.rename(damaged / "rows/shard-00000-of-00009.parquet")
    assert problems(cli_in_process, damaged, "2 problems in 2 files") == [
        "rows/shard-00000-of-00009.parquet: no shard of this run: manifest.json does not list it",
        "rows/shard-00000-of-00002.parquet: missing, but manifest.json lists it",
    ]


def test_a_shard_of_other_size_and_rows(cli_in_process: Run, copied: Callable[[str], Path]) -> None:
    damaged = copied("google")
    path = first_shard(damaged)
    data, rows = path.read_bytes(), manifest_of(damaged)["shards"][0]["rows"]
    path.write_bytes(data + data)
    assert problems(cli_in_process, damaged, "2 problems in 1 file") == [
        f"rows/{path.name}: expected {len(data):,} bytes, got {2 * len(data):,}",
        f"rows/{path.name}: expected {rows:,} rows, got {2 * rows:,}",
    ]


def test_another_vocabulary(cli_in_process: Run, copied: Callable[[str], Path]) -> None:
    damaged = copied("parquet")
    flip(damaged / "vocab.txt", -2)
    flip(first_shard(damaged), 1000)
    vocab, shard = problems(cli_in_process, damaged, "2 problems in 2 files")
    digest = manifest_of(damaged)["vocabulary"]["sha256"]
    assert vocab.startswith(f"vocab.txt: expected the digest {digest}, got ")
    assert vocab.endswith(", so no row can be checked, only digests")
    assert shard.startswith("rows/shard-00000-of-00002.parquet: expected the SHA-256 ")
    (damaged / "vocab.txt").unlink()
    vocab, _ = problems(cli_in_process, damaged, "2 problems in 2 files")
    assert vocab == "vocab.txt: missing, so no row can be checked, only digests"


def test_rows_that_do_not_add_up(cli_in_process: Run, copied: Callable[[str], Path]) -> None:
    damaged = copied("parquet")
    rows = manifest_of(damaged)["rows"]
    write_manifest(damaged, rows=7)
    assert problems(cli_in_process, damaged, "1 problem in 1 file") == [
        f"manifest.json: expected {rows} rows in the shards it lists, got 7"
    ]


def test_many_problems_end_in_a_count(cli_in_process: Run, copied: Callable[[str], Path]) -> None:
    damaged = copied("parquet")
    for entry in manifest_of(damaged)["shards"]:
        rewrite(damaged / entry["file"], "input_ids", slice(None), 0, 0)
    rows = manifest_of(damaged)["rows"]
    lines = problems(cli_in_process, damaged, f"{rows + 2:,} problems in 2 files")
    assert len(lines) == 41
    assert lines[1].endswith(": row 0: input_ids[0]: expected [CLS], got 0 ([PAD])")
    assert lines[-1] == f"... and {rows + 2 - 40:,} more"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"shards": None}, "manifest.json is damaged: "),
        ({"shards": [{"file": "shard-00000-of-00001.parquet"}]}, "is damaged: no 'sha256'"),
        ({"config": {}}, "manifest.json is damaged: no 'shard'"),
        ({"vocabulary": {}}, "manifest.json is damaged: no 'sha256'"),
        ({"format": 9}, "has format 9, and this bertprep reads 1"),
        ({"config": None}, "is damaged: expected an object as config, got None"),
        ({"versions": None}, "manifest.json was not written by bertprep"),
        ({"shards": []}, "is damaged: expected a shard, got none"),
    ],
)
def test_a_manifest_that_says_nothing_of_shards(
    cli_in_process: Run, copied: Callable[[str], Path], change: dict[str, Any], message: str
) -> None:
    damaged = copied("parquet")
    write_manifest(damaged, **change)
    done = cli_in_process("verify", damaged)
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = done.stderr.splitlines()
    assert message in line


def test_a_shard_that_is_listed_twice(cli_in_process: Run, copied: Callable[[str], Path]) -> None:
    damaged = copied("parquet")
    manifest = manifest_of(damaged)
    first, *rest = manifest["shards"]
    rows = manifest["rows"] + first["rows"]
    write_manifest(damaged, shards=[first, *rest, first], rows=rows)
    done = cli_in_process("verify", damaged)
    assert done.returncode == 1
    assert f"manifest.json is damaged: {first['file']} is listed 2 times" in done.stderr


# Several processes


SMALL = RunSizes(checked_bytes=1)


class Deadly(str):
    """A path that ends the process it is sent to."""

    def __reduce__(self) -> Any:
        return os._exit, (3,)


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shard_checks, "usable_cores", lambda: 2)


@pytest.mark.usefixtures("two_cores")
def test_two_processes_find_what_one_does(
    cli_in_process: Run, copied: Callable[[str], Path]
) -> None:
    damaged = copied("google")
    rewrite(damaged / "rows/shard-00001-of-00002.tfrecord", "segment_ids", slice(3, 4), 0, 1)
    digest, row = problems(partial(cli_in_process, sizes=SMALL), damaged, "2 problems in 1 file")
    assert digest.startswith("rows/shard-00001-of-00002.tfrecord: expected the SHA-256 ")
    assert row == "rows/shard-00001-of-00002.tfrecord: row 3: segment_ids[0]: expected 0, got 1"


@pytest.mark.usefixtures("two_cores")
def test_a_process_that_dies_is_a_problem_of_its_shard_alone(
    shards_of: Callable[[str], Path],
) -> None:
    path = str(shards_of("parquet"))
    shards = verification._shards(path, read_manifest(path).shards)
    dead = Shard("dead", Deadly("/"), 1, 1, "")
    found = dict(check_all([dead, *shards], None, SMALL))
    message = "the process that read it died (damaged, or too large for the memory)"
    assert found[dead].problems == [(None, message)]
    assert [found[shard] for shard in shards] == [Findings(), Findings()]
