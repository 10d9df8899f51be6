"""``bertprep replay``: does a run again, and says whether the same bytes came of it."""

from __future__ import annotations

import os
from collections.abc import Sequence

from bertprep.errors import InputError
from bertprep.shards.manifest_types import ListedFile, Manifest, PreparedManifest, ShardManifest
from bertprep.shards.names import MANIFEST_NAME, RUN_NAME
from bertprep.shards.run_config import config_of
from bertprep.shards.versions import other_versions
from pipelines.folders.finished_folder import read_manifest
from pipelines.folders.run_json import Record, read_record
from pipelines.messages.say import say, warn

# Of the command that is done again, what is another now; with the value of each.
_SPOOLED = ".bertprep-texts-"
_OUTPUT = ("--output", "-o")
_ONCE = {"--overwrite", "--resume", "--dry-run", "--json"}
_ONCE |= {"-q", "--quiet", "-v", "--verbose", "--debug"}


def folder_of(path: str) -> str:
    """The folder of a manifest that is named itself or by its folder."""
    is_manifest = os.path.basename(path) == MANIFEST_NAME
    return os.path.dirname(path) or "." if is_manifest else path


def arguments_of(folder: str, output: str, more: Sequence[str]) -> tuple[list[str], str]:
    """The arguments of a run, to be done again, and where that was started.

    Args:
        folder: what the run wrote.
        output: where it writes now.
        more: further arguments, which come last.

    Raises:
        InputError: if the folder does not say how it was made, or its inputs are gone.
    """
    read_manifest(folder)
    record = read_record(folder)
    if record is None:
        raise InputError(
            f"{folder} has no {RUN_NAME}, which holds the command that wrote it; give that again"
        )
    _check_there(record, folder)
    target = output if "://" in output else os.path.abspath(output)
    kept = _without(record.command[1:])
    cut = kept.index("--") if "--" in kept else len(kept)
    return [
        record.command[0],
        *kept[:cut],
        "--output",
        target,
        *more,
        *kept[cut:],
    ], record.directory


def _check_there(record: Record, folder: str) -> None:
    if any(word == "-" or _SPOOLED in word for word in record.command):
        raise InputError(
            f"{folder} was made of texts that a program gave, or standard input; give them again"
        )
    if not os.path.isdir(record.directory):
        raise InputError(
            f"{folder} was made in {record.directory}, which is not there; give the command again: "
            f"bertprep {' '.join(record.command)}"
        )


def _without(words: Sequence[str]) -> list[str]:
    """The arguments without those that only the first run had."""
    kept: list[str] = []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            return [*kept, word, *waiting]
        flag = word.partition("=")[0]
        if flag in _OUTPUT:
            if flag == word:
                waiting.pop(0)
        elif word.startswith("-o") and not word.startswith("--"):
            continue
        elif flag not in _ONCE:
            kept.append(word)
    return kept


def compare(before: Manifest, now: Manifest) -> None:
    """Says whether two runs of the same options wrote the same.

    Raises:
        InputError: if they did not, with what differs and the likely cause.
    """
    if config_of(before) != config_of(now):
        return  # further options made another run of it
    listed = [_digests(manifest) for manifest in (before, now)]
    if listed[0] == listed[1]:
        say(f"the same bytes as before: {len(listed[0]):,} files")
        return
    others = other_versions(before.versions)
    if others:
        warn([f"{name} was {was}, and is {found} now" for name, (was, found) in others.items()])
    elif before.input_bytes != now.input_bytes:
        warn([f"the inputs had {before.input_bytes:,} bytes, and have {now.input_bytes:,} now"])
    names = sorted({*listed[0], *listed[1]})
    different = [name for name in names if listed[0].get(name) != listed[1].get(name)]
    raise InputError(
        f"{len(different):,} of {len(names):,} files are others than before, such as {different[0]}"
    )


def _digests(manifest: Manifest) -> dict[str, str]:
    entries: Sequence[ListedFile] = ()
    if isinstance(manifest, ShardManifest):
        entries = manifest.shards
    elif isinstance(manifest, PreparedManifest):
        entries = manifest.prepared
    vocabulary = {manifest.vocabulary.file: manifest.vocabulary.sha256}
    return {**vocabulary, **{entry.name: entry.sha256 for entry in entries}}
