"""What ``bertprep inspect`` shows of a finished folder."""

from __future__ import annotations

from typing import Any

from bertprep.decode import DecodedRow, decode_rows, read_rows
from bertprep.errors import InputError
from bertprep.manifest import MANIFEST_NAME
from bertprep.vocabulary import Vocabulary, parse_vocab_txt
from pipelines import files, summary
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
    if "shards" not in manifest:
        return summary.describe_vocab(manifest, 0, folder)
    task = manifest["config"]["shard"]["task"]
    shown = [_show(n, row, task) for n, row in enumerate(_rows(folder, manifest, examples), 1)]
    return "\n\n".join([*shown, summary.describe_shards(manifest, folder)])


def _rows(folder: str, manifest: dict[str, Any], limit: int) -> list[DecodedRow]:
    _check_shards(folder, manifest)
    tokens = _vocabulary(folder, manifest).tokens
    rows: list[DecodedRow] = []
    for shard in manifest["shards"]:
        if len(rows) >= limit:
            break
        path = files.join(folder, shard["file"])
        with files.open_input(path) as stream:
            rows += decode_rows(read_rows(stream, path, limit - len(rows)), tokens)
    return rows[:limit]  # a packed row holds several


def _check_shards(folder: str, manifest: dict[str, Any]) -> None:
    """Whether all shards are there whole; to compare their digests would be to read them all."""
    sizes = {found.relative: found.size for found in files.find(folder)}
    for shard in manifest["shards"]:
        path = files.join(folder, shard["file"])
        if shard["file"] not in sizes:
            raise InputError(f"{path} is missing, but {MANIFEST_NAME} lists it; copy all files")
        if sizes[shard["file"]] != shard["bytes"]:
            raise InputError(
                f"{path} has {sizes[shard['file']]:,} bytes, but {MANIFEST_NAME} says "
                f"{shard['bytes']:,}; copy it again"
            )


def _vocabulary(folder: str, manifest: dict[str, Any]) -> Vocabulary:
    entry = manifest["vocabulary"]
    path = files.join(folder, entry["file"])
    vocabulary = parse_vocab_txt(files.read_bytes(path), lowercase=entry["lowercase"], path=path)
    if vocabulary.digest != entry["sha256"]:
        raise InputError(f"{path} is not the vocabulary that these shards were made with")
    return vocabulary


def _show(number: int, row: DecodedRow, task: str) -> str:
    meaning = _MEANINGS.get((task, row.label)) if row.label is not None else None
    lines = [f"example {number}" + (f" ({meaning})" if meaning else ""), f"  A: {row.a}"]
    return "\n".join([*lines, f"  B: {row.b}"] if row.b is not None else lines)
