"""What ``bertprep inspect`` shows of a finished folder."""

from __future__ import annotations

from typing import Any

from bertprep.decode import DecodedRow, decode_rows, read_rows
from pipelines import files, summary
from pipelines.finished import check_files, read_vocabulary, taking_apart
from pipelines.workspace import read_manifest

_MEANINGS = {
    ("nsp", 0): "B follows A",
    ("nsp", 1): "B is random",
    ("sop", 0): "in order",
    ("sop", 1): "swapped",
}


def describe(folder: str, examples: int) -> str:
    """The manifest's figures and the first examples of the shards, decoded.

    Raises:
        InputError: if the folder, or a shard in it, is not what bertprep wrote.
    """
    manifest = read_manifest(folder)
    if "prepared" in manifest:
        return _prepared(folder, manifest)
    if "shards" not in manifest:
        return summary.describe_vocab(manifest, 0, folder)
    task = manifest["config"]["shard"]["task"]
    shown = [_show(n, row, task) for n, row in enumerate(_rows(folder, manifest, examples), 1)]
    return "\n\n".join([*shown, summary.describe_shards(manifest, folder)])


def _prepared(folder: str, manifest: dict[str, Any]) -> str:
    with taking_apart(folder):
        shown = summary.describe_prepared(manifest, folder)
    check_files(folder, manifest["prepared"])
    return shown


def _rows(folder: str, manifest: dict[str, Any], limit: int) -> list[DecodedRow]:
    check_files(folder, manifest["shards"])
    tokens = read_vocabulary(folder, manifest["vocabulary"]).tokens
    rows: list[DecodedRow] = []
    for shard in manifest["shards"]:
        if len(rows) >= limit:
            break
        path = files.join(folder, shard["file"])
        with files.open_input(path) as stream:
            rows += decode_rows(read_rows(stream, path, limit - len(rows)), tokens)
    return rows[:limit]  # a packed row holds several


def _show(number: int, row: DecodedRow, task: str) -> str:
    meaning = _MEANINGS.get((task, row.label)) if row.label is not None else None
    lines = [f"example {number}" + (f" ({meaning})" if meaning else ""), f"  A: {row.a}"]
    return "\n".join([*lines, f"  B: {row.b}"] if row.b is not None else lines)
