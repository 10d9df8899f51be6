"""Only what a finished run wrote is replaced, and only when that is asked for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bertprep.errors import OutputError
from pipelines.folders.replaceable import (
    PREPARED_FILE,
    _own_files,
    check_replaceable,
    written_before,
)

SHARD = "rows/shard-00000-of-00001.parquet"


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """A folder with a manifest that lists a shard."""
    (tmp_path / "rows").mkdir()
    (tmp_path / SHARD).write_bytes(b"rows")
    manifest = {"format": 1, "versions": {"bertprep": "1"}, "shards": [{"file": SHARD}]}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def test_the_manifest_tells_what_a_run_wrote(finished: Path) -> None:
    (finished / "notes.txt").write_text("mine")
    assert written_before(str(finished)) == {"manifest.json", SHARD}
    assert written_before(str(finished / "rows")) == set()


def test_a_folder_is_replaced_when_asked(finished: Path) -> None:
    root = str(finished / ".bertprep-work")
    check_replaceable(str(finished), root, overwrite=True)
    with pytest.raises(OutputError, match="replace what bertprep wrote there before by"):
        check_replaceable(str(finished), root, overwrite=False)


def test_a_shard_that_no_manifest_lists_stays(finished: Path) -> None:
    (finished / "rows" / "shard-00000-of-00002.parquet").write_bytes(b"of somebody")
    with pytest.raises(OutputError, match="is not of a finished bertprep run"):
        check_replaceable(str(finished), str(finished / ".bertprep-work"), overwrite=True)


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    root = str(tmp_path / ".bertprep-work")
    check_replaceable(str(tmp_path), root, overwrite=False)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="bertprep wrote nothing of it"):
        check_replaceable(str(tmp_path), root, overwrite=True)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("prepared-index.arrow", True),
        ("prepared-000001.arrow", True),
        ("prepared-documents-000001.arrow", True),
        ("prepared-1.arrow", False),
        ("prepared.arrow", False),
    ],
)
def test_files_of_a_prepared_corpus(name: str, is_one: bool) -> None:
    assert bool(PREPARED_FILE.fullmatch(name)) is is_one


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("rows/shard-00000-of-00001.parquet", True),
        ("shard-00000-of-00001.tfrecord", True),
        ("rows/shard-00003-of-00016-bin-064.mds", True),
        ("rows/shard-00000-of-00002.parquet_1", True),
        ("rows/shard-00000-of-00002.tfrecord_1", False),
        ("rows/shard-0-of-2.parquet", False),
        ("rows/shard-00000-of-00001.csv", False),
        ("rows/.num_samples.json", True),
        ("rows/index.json", True),
        ("rows/indexxjson", False),
        ("origins/shard-00003-of-00016-bin-064.arrow", True),
        ("rows/shard-00003-of-00016.arrow", False),
        ("origins/documents-000001.arrow", True),
        ("text/text-00000-of-00003.jsonl", True),
        ("text-00000-of-00003.jsonl", False),
        ("sentences.bin", True),
        ("sentences.idx", True),
        ("manifest.json", True),
        ("vocab.txt", True),
        ("notes.txt", False),
    ],
)
def test_files_that_runs_write(name: str, is_one: bool) -> None:
    assert bool(_own_files().fullmatch(name)) is is_one
