"""``shard --origins`` and ``locate``: rows lead back to the documents that they are of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bertprep.options import PrepareOptions, ReadOptions, ShardOptions
from bertprep.shards.names import RUN_NAME
from bertprep.vocabulary.vocabulary import Vocabulary
from pipelines.folders.vocabulary import load_vocabulary
from pipelines.jobs import shard as shard_job
from pipelines.jobs.disk_estimate import shard_room
from pipelines.jobs.prepared_corpus import PreparedCorpus
from pipelines.jobs.raw_corpus import RawCorpus
from tests.beam.noted_origins import USUAL, Run, check, done
from tests.finished import manifest_of


def files_of(folder: Path, below: str = "") -> dict[str, bytes]:
    found = (path for path in (folder / below).rglob("*") if path.is_file())
    return {str(p.relative_to(folder)): p.read_bytes() for p in found if p.name != RUN_NAME}


def test_rows_lead_back_to_their_documents(
    cli_in_process: Run, text: Path, vocab_dir: Path, tmp_path: Path, monkeypatch: Any
) -> None:
    out, shuffled = tmp_path / "out", tmp_path / "shuffled"
    options = ("--vocab", vocab_dir, *USUAL, "--bin-size", 32, "--num-shards", 3)
    done(cli_in_process, "shard", text, *options, "--origins", "-o", out)
    checked, others = check(cli_in_process, out, text, vocab_dir)
    assert 0 < others < checked
    assert "all as written" in done(cli_in_process, "verify", out)
    with_origins = files_of(out)
    assert len(files_of(out, "rows")) == 3
    assert sorted(files_of(out, "origins"))[0] == "origins/documents-000000.arrow"
    assert len(files_of(out, "origins")) == 4
    monkeypatch.setattr(shard_job, "shuffles", lambda _: True)
    done(cli_in_process, "shard", text, *options, "--origins", "-o", shuffled)
    assert files_of(shuffled) == with_origins

    done(cli_in_process, "shard", text, *options, "-o", out, "--overwrite")
    assert not (out / "origins").exists()
    assert files_of(out, "rows") == {k: v for k, v in with_origins.items() if k[:5] == "rows/"}
    assert "origins" not in json.dumps(manifest_of(out))
    found = cli_in_process("locate", out, 0, 0)
    assert found.returncode == 1
    assert "make the shards with --origins" in found.stderr

    for path in (shuffled / "origins").iterdir():
        path.write_bytes(path.read_bytes()[:-1] + b"?")
    found = cli_in_process("verify", shuffled)
    assert found.returncode == 1
    assert found.stdout.count(": expected the SHA-256") == 4


def test_a_prepared_corpus_knows_its_documents(
    cli_in_process: Run, text: Path, vocab_dir: Path, tmp_path: Path
) -> None:
    raw, prepared, out = (tmp_path / name for name in ("raw", "prepared", "out"))
    rows = ("--num-shards", 2, "--origins", *USUAL[:4], "--workers", 1)
    done(cli_in_process, "prepare", text, "--vocab", vocab_dir, "-o", prepared, "--workers", 1)
    done(cli_in_process, "shard", prepared, *rows, "--output-format", "tfrecord", "-o", out)
    done(cli_in_process, "shard", text, "--vocab", vocab_dir, *rows, "-o", raw)
    assert files_of(raw, "origins") == files_of(out, "origins")
    identity = done(cli_in_process, "locate", out, "shard-00001-of-00002.tfrecord", 5)[:32]
    (line,) = done(cli_in_process, "identify", text, "--identity", identity).splitlines()
    assert line.startswith(identity + "\t")
    assert cli_in_process("identify", text, "--identity", "12").returncode == 2


def test_disk_room_is_asked_for_origins_too(vocabulary: Vocabulary) -> None:
    plain, more, tables = (
        shard_room(10**6, 10**3, vocabulary, ShardOptions(origins=o), places)
        for o, places in ((False, 70_000), (True, 0), (True, 70_000))
    )
    assert more.output - plain.output == more.work - plain.work > 37 * 10 * 10**3
    assert (tables.work - more.work, tables.output - more.output) == (70_000, 70_000)


def test_disk_room_is_asked_for_the_tables_of_places(
    cli_in_process: Any, prose: list[str], vocab_dir: Path, tmp_path: Path
) -> None:
    """Of raw inputs about what they take, of a prepared corpus that to the byte."""
    text = tmp_path / "text"
    text.mkdir()
    for number in range(300):
        (text / f"{number:03}.txt").write_text(prose[number % len(prose)][:400] + str(number))
    found = load_vocabulary(str(vocab_dir), None)
    raw = RawCorpus.find([str(text)], ReadOptions(), PrepareOptions(), found)
    options = ("--vocab", vocab_dir, "--workers", 1)
    done(cli_in_process, "prepare", text, *options, "-o", tmp_path / "prepared")
    done(cli_in_process, "shard", tmp_path / "prepared", "--origins", "-o", tmp_path / "out")
    tables = [f for f in manifest_of(tmp_path / "out")["origins"] if "/documents" in f["file"]]
    assert tables
    taken = sum(table["bytes"] for table in tables)
    assert PreparedCorpus.open(str(tmp_path / "prepared")).places_bytes == taken
    assert taken < raw.places_bytes < 4 * taken
