"""The same documents give the same bytes, however they are stored; equal ones are told and kept."""

from __future__ import annotations

import bz2
import csv
import gzip
import json
import lzma
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bertprep
from bertprep.corpus.sizes import ReadSizes
from pipelines.steps.sizes import RunSizes
from tests.commands import command_of, run
from tests.finished import contents
from tests.regrouped import Regrouped, Stored, regroupings, write

Run = Callable[..., Any]

# What a manifest may differ in: how the documents were stored, what is left out of that, and what
# was looked at in passing.
STORAGE = {"inputs", "recognised", "drops", "drop_samples", "dropped", "config", "repeated_lines"}
LOOKED_AT = ("stretches_seen", "odd_stretches_")


# Several splits, spills, buckets and pools of little text.
SMALL = RunSizes(
    read=ReadSizes(least_split=9_000, batch=4_000),
    spilled_tokens=3_000,
    bucket_tokens=2_000,
    pool_tokens=4_000,
    pool_documents=5,
    bucket_rows=30,
)


@pytest.fixture
def small_steps(cli_in_process: Run) -> Run:
    """The command, whose steps are small."""
    return partial(cli_in_process, sizes=SMALL)


@pytest.fixture(scope="module")
def documents(prose: list[str]) -> list[str]:
    """Some 40 short documents, four of them twice, one nine times; lines, but no blank ones."""
    texts = [line for text in prose for line in text.split("\n\n") if 200 < len(line) < 1500][:40]
    texts = ["\n".join(line.strip() for line in text.split("\n")) for text in texts]
    return [*texts, *texts[:4], *texts[5:6] * 8]


# The same bytes


def comparable(folder: Path) -> dict[str, Any]:
    """The files of a folder; of its manifest what goes by the documents alone."""
    found: dict[str, Any] = contents(folder)
    manifest = json.loads(found.pop("manifest.json"))
    config = {name: part for name, part in manifest["config"].items() if name != "read"}
    sums = {k: v for k, v in manifest.get("sums", {}).items() if not k.startswith(LOOKED_AT)}
    return {
        **found,
        "manifest": {k: v for k, v in manifest.items() if k not in {*STORAGE, "sums"}},
        "sums": sums,
        "config": config,
    }


def ran(done: Any) -> str:
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


RULES = {"blank-line": False, "line": True}
SHARD = ("--dupe-factor", 2, "--max-seq-length", 64, "--num-shards", 3, "--workers", 1)
PASSES = settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.parametrize("rule", RULES)
def test_shards_are_the_same_however_their_documents_are_stored(
    small_steps: Run, vocab_dir: Path, documents: list[str], tmp_path: Path, rule: str
) -> None:
    texts = [text.replace("\n", " ") for text in documents] if RULES[rule] else documents
    options = ("--documents", rule, "--vocab", vocab_dir)
    plain = Regrouped([Stored("all", "jsonl", False, False)], [(n, 0) for n in range(len(texts))])
    expected: dict[str, Any] = {}

    @PASSES
    @given(regroupings(len(texts)), st.booleans())
    def check(how: Regrouped, prepared_before: bool) -> None:
        with TemporaryDirectory(dir=tmp_path) as folder:
            corpus, made = Path(folder) / "in", Path(folder) / "out"
            write(corpus, how, texts, RULES[rule])
            if prepared_before:
                prepared = Path(folder) / "prepared"
                ran(small_steps("prepare", corpus, *options, "--output", prepared))
                ran(small_steps("shard", prepared, *SHARD, "--output", made))
                found = {"prepared": comparable(prepared), "shards": comparable(made)}
            else:
                ran(small_steps("shard", corpus, *options, *SHARD, "--output", made))
                found = {"shards": comparable(made)}
        for name, files in found.items():
            assert expected.setdefault(name, files) == files

    write(tmp_path / "in", plain, texts, RULES[rule])
    ran(small_steps("shard", tmp_path / "in", *options, *SHARD, "--output", tmp_path / "out"))
    expected["shards"] = comparable(tmp_path / "out")
    assert expected["shards"]["manifest"]["random_next_pools"]["pools"] > 1
    check()


def test_vocabularies_are_the_same_however_their_documents_are_stored(
    small_steps: Run, documents: list[str], tmp_path: Path
) -> None:
    expected: list[dict[str, Any]] = []

    @PASSES
    @given(regroupings(len(documents)))
    def check(how: Regrouped) -> None:
        with TemporaryDirectory(dir=tmp_path) as folder:
            write(Path(folder) / "in", how, documents, False)
            options = ("--vocab-size", 500, "--workers", 1, "--output", f"{folder}/out")
            ran(small_steps("vocab", f"{folder}/in", *options))
            expected.append(comparable(Path(folder) / "out"))
        assert expected[-1] == expected[0]

    check()


def test_renaming_or_compressing_a_file_changes_no_row(
    cli_in_process: Run, vocab_dir: Path, prose: list[str], tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    for n in range(3):
        (tmp_path / "in" / f"{n}.txt").write_text("\n\n".join(prose[n : 30 + n : 3]))
    options = ("--vocab", vocab_dir, "--dupe-factor", 1, "--workers", 1, "--output")
    ran(cli_in_process("shard", tmp_path / "in", *options, tmp_path / "before"))
    shutil.move(tmp_path / "in" / "0.txt", tmp_path / "in" / "9 renamed")
    packed = gzip.compress((tmp_path / "in" / "1.txt").read_bytes())
    (tmp_path / "in" / "1.txt").unlink()
    (tmp_path / "in" / "1.txt.gz").write_bytes(packed)
    ran(cli_in_process("shard", tmp_path / "in", *options, tmp_path / "after"))
    assert comparable(tmp_path / "after") == comparable(tmp_path / "before")


def as_csv(path: Path, texts: list[str]) -> None:
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([["id", "text"], *enumerate(texts)])


def as_arrow_folder(path: Path, texts: list[str]) -> None:
    """As ``save_to_disk`` of `datasets` has it."""
    path.mkdir()
    table = pa.table({"text": texts})
    with pa.ipc.new_stream(path / "data-00000-of-00001.arrow", table.schema) as writer:
        writer.write_table(table)
    (path / "state.json").write_text('{"_data_files": []}')
    (path / "dataset_info.json").write_text("{}")


def as_saved_dataset(path: Path, texts: list[str]) -> None:
    from datasets import Dataset

    Dataset.from_dict({"text": texts}).save_to_disk(str(path), num_shards=2)


STORED: dict[str, Callable[[Path, list[str]], object]] = {
    "text": lambda path, texts: path.write_text("\n\n".join(texts)),
    "bz2 text": lambda path, texts: path.write_bytes(bz2.compress("\n\n".join(texts).encode())),
    "JSON lines": lambda path, texts: path.write_text(
        "".join(json.dumps({"text": text}) + "\n" for text in texts)
    ),
    "Parquet": lambda path, texts: pq.write_table(
        pa.table({"text": texts}), path, row_group_size=9
    ),
    "CSV": as_csv,
    "Arrow folder": as_arrow_folder,
}
LESS_USUAL: dict[str, Callable[[Path, list[str]], object]] = {
    "text": STORED["text"],
    "Feather": lambda path, texts: feather.write_feather(
        pa.table({"text": texts}), str(path), compression="lz4"
    ),
    "zst JSON lines": lambda path, texts: path.write_bytes(
        pa.Codec("zstd").compress(
            "".join(json.dumps({"text": text}) + "\n" for text in texts).encode(), asbytes=True
        )
    ),
    "xz text": lambda path, texts: path.write_bytes(lzma.compress("\n\n".join(texts).encode())),
}
if find_spec("datasets"):
    LESS_USUAL["save_to_disk"] = as_saved_dataset


@pytest.mark.parametrize(
    "stored",
    [STORED, pytest.param(LESS_USUAL, marks=pytest.mark.exhaustive)],
    ids=["usual", "less usual"],
)
def test_shards_are_the_same_bytes_in_whatever_format_documents_are(
    cli_in_process: Run,
    vocab_dir: Path,
    documents: list[str],
    tmp_path: Path,
    stored: dict[str, Callable[[Path, list[str]], object]],
) -> None:
    options = ("--vocab", vocab_dir, "--dupe-factor", 1, "--workers", 1, "--output")
    made = {}
    for name, write_as in stored.items():
        write_as(tmp_path / name, documents)
        ran(cli_in_process("shard", tmp_path / name, *options, tmp_path / f"{name} made"))
        made[name] = comparable(tmp_path / f"{name} made")
    for name, found in made.items():
        assert found == made["text"], name


def test_shards_are_the_same_bytes_from_standard_input_and_python(
    cli_in_process: Run, vocab_dir: Path, documents: list[str], tmp_path: Path
) -> None:
    options = ("--vocab", vocab_dir, "--dupe-factor", 1, "--workers", 1, "--output")
    STORED["JSON lines"](tmp_path / "in", documents)
    ran(cli_in_process("shard", tmp_path / "in", *options, tmp_path / "file"))
    with (tmp_path / "in").open() as stream:
        ran(run(command_of("shard", "-", *options, tmp_path / "piped"), stdin=stream))
    bertprep.shard(
        iter(documents), vocab=vocab_dir, dupe_factor=1, workers=1, progress=False,
        output=tmp_path / "called",
    )  # fmt: skip
    expected = comparable(tmp_path / "file")
    assert comparable(tmp_path / "piped") == expected
    assert comparable(tmp_path / "called") == expected


# Equal documents


PAGE = "This page is not there. Look for another one. There may be one of this name."


@pytest.fixture
def often(documents: list[str], tmp_path: Path) -> Iterator[Path]:
    """Sixteen documents and one page three hundred times, in two files."""
    for n in range(2):
        rows = [*documents[8 * n : 8 * n + 8], *[PAGE] * 150]
        (tmp_path / f"{n}.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in rows))
    yield tmp_path


def rows_of(folder: Path) -> list[dict[str, Any]]:
    shards = sorted(folder.glob("rows/*.parquet"))
    return [row for path in shards for row in pq.read_table(path).to_pylist()]


def test_equal_documents_are_told_and_each_gives_rows_of_its_own(
    small_steps: Run, letters_vocab: Path, often: Path
) -> None:
    options = ("--vocab", letters_vocab, "--workers", 1)
    making = ("--max-seq-length", 128, "--dupe-factor", 1, "--masking", "none")
    out = often / "out"
    said = ran(small_steps("shard", *often.glob("*.jsonl"), *options, *making, "--output", out))
    copies = "316, 299 of them equal to another (one text is there 300 times)"
    assert f"documents    {copies}\n" in said
    manifest = json.loads((out / "manifest.json").read_bytes())
    assert manifest["documents"] == 316
    assert manifest["equal_documents"] == {"texts": 17, "repeated": 1, "most_copies": 300}
    assert manifest["random_next_pools"]["largest"] <= 17
    rows = rows_of(out)
    of_page = [row for row in rows if _from_page(row, letters_vocab)]
    assert len(of_page) >= 300
    assert len({tuple(row["input_ids"]) for row in of_page}) > 100  # of other draws each
    ran(small_steps("prepare", *often.glob("*.jsonl"), *options, "--output", often / "prepared"))
    assert copies in ran(small_steps("inspect", often / "prepared"))


def _from_page(row: dict[str, Any], vocab: Path) -> bool:
    tokens = vocab.read_text().split("\n")
    a = "".join(tokens[token] for token in row["input_ids"][1:]).replace("##", "").split("[SEP]")[0]
    return a in PAGE.lower().replace(" ", "")


def test_a_random_b_is_never_of_an_equal_document(
    cli_in_process: Run, letters_vocab: Path, tmp_path: Path
) -> None:
    """Two texts, many times each: every random B is of the other."""
    texts = ["Aa ab. " * 9, "Xx xy. " * 9]
    (tmp_path / "text.txt").write_text("\n\n".join(texts * 50))
    options = ("--vocab", letters_vocab, "--workers", 1, "--dupe-factor", 2, "--masking", "none")
    ran(cli_in_process("shard", tmp_path / "text.txt", *options, "--output", tmp_path / "out"))
    ids = {token: n for n, token in enumerate(letters_vocab.read_text().split("\n"))}
    seen: Counter[tuple[int, bool]] = Counter()
    for row in rows_of(tmp_path / "out"):
        tokens = row["input_ids"]
        second = tokens[tokens.index(ids["[SEP]"]) + 1]
        seen[row["next_sentence_label"], tokens[1] == second] += 1
    assert set(seen) == {(0, True), (1, False)}


def test_documents_that_are_all_equal_have_no_random_sentences(
    cli_in_process: Run, letters_vocab: Path, tmp_path: Path
) -> None:
    (tmp_path / "text.txt").write_text(f"{PAGE}\n\n" * 20)
    options = ("--vocab", letters_vocab, "--workers", 1, "--output", tmp_path / "out")
    done = cli_in_process("shard", tmp_path / "text.txt", *options)
    *_, line = done.stderr.splitlines()
    assert done.returncode == 1
    assert line == (
        "bertprep: error: all documents of the inputs are equal, and --task nsp draws its random "
        "sentences from another one; use --task sop or --task none, or part the documents: by "
        "blank lines, by --document-separator, or as files of their own"
    )
    ran(cli_in_process("shard", tmp_path / "text.txt", *options, "--task", "none"))
