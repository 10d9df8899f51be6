"""A commit by moves: what an earlier run left goes first, the manifest comes last."""

from __future__ import annotations

import json
from pathlib import Path

from bertprep import __version__
from bertprep.shards.manifest_parsing import MANIFEST_FORMAT
from pipelines.folders.local_commit import moves_of_commit
from pipelines.folders.move_files import move_all


def test_what_was_there_goes_first_and_the_manifest_comes_last(tmp_path: Path) -> None:
    target, work = tmp_path / "out", tmp_path / "out" / "work"
    (work / "rows").mkdir(parents=True)
    for name in ("a.parquet", "b.parquet"):
        (work / "rows" / name).write_text(name)
    old = {
        "versions": {"bertprep": __version__},
        "format": MANIFEST_FORMAT,
        "shards": [{"file": "old.parquet"}],
    }
    (target / "old.parquet").write_text("old")
    (target / "manifest.json").write_text(json.dumps(old))
    (target / "mine.txt").write_text("another's")
    finished = [str(work / "rows" / name) for name in ("a.parquet", "b.parquet")]
    contents = {"manifest.json": b"{}", "vocab.txt": b"a\n"}

    moves = moves_of_commit(str(target), str(work), finished, contents, "shards")
    order = [Path(to).name for _, to in moves]
    gone = [Path(to).name for _, to in moves if Path(to).is_relative_to(work)]
    assert order[:2] == gone == ["manifest.json", "old.parquet"]
    assert order[len(gone) :] == ["a.parquet", "b.parquet", "vocab.txt", "manifest.json"]

    move_all(moves, str(work / "moves.json"))
    assert (target / "manifest.json").read_bytes() == b"{}"
    assert (target / "shards" / "b.parquet").read_text() == "b.parquet"
    assert (target / "mine.txt").exists()
