"""Whether a folder already holds all that a run would write."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bertprep.errors import OutputError
from bertprep.shards.manifest_types import ListedFile, Manifest, PreparedManifest, ShardManifest
from bertprep.shards.run_config import config_of
from pipelines.folders import files
from pipelines.folders.finished_folder import (
    check_files,
    manifest_path,
    read_manifest,
    read_vocabulary,
)


class Complete(Exception):  # noqa: N818 - no error
    """There is nothing left to do; its text says so."""

    @classmethod
    def of(cls, output: str) -> Complete:
        """Of a folder that holds all that the run would write."""
        return cls(
            f"{output} is complete: a run of the same inputs and options wrote it to its "
            "end, and nothing is left to do; `bertprep verify` reads its bytes"
        )


def nothing_to_resume(output: str, different: Sequence[str]) -> OutputError:
    """The error of a run that is to be resumed in a folder that another one finished.

    Args:
        output: the folder.
        different: in what the runs differ.
    """
    return OutputError(
        f"{output} holds what a run wrote that came to its end, and there is nothing "
        f"to resume; this one differs in {'; '.join(different[:4])}; replace it by "
        "--overwrite, or name a new folder"
    )


def differences(before: Any, now: Any, name: str = "") -> Iterator[str]:
    """The differences between two JSON values, each as ``name (was A, is B)``.

    Args:
        before: one value.
        now: the other.
        name: what they are called; values in objects are called by their own names.
    """
    if isinstance(before, dict) and isinstance(now, dict):
        for key in sorted({*before, *now}):
            yield from differences(before.get(key), now.get(key), str(key))
    elif before != now:
        yield f"{name} (was {_brief(before)}, is {_brief(now)})"


def _brief(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


def why_not_complete(folder: str, identity: Mapping[str, Any], changed: float) -> list[str]:
    """Why a finished folder may not be what a run of this identity would write; [] if it is.

    Args:
        folder: holds a manifest.
        identity: of the run, as ``Workspace.identify`` takes it.
        changed: when the latest of its inputs changed, in seconds since 1970.

    Raises:
        InputError: if the manifest is damaged, or a file that it lists is not there whole, or
            not the vocabulary that it was made with.
    """
    manifest = read_manifest(folder)
    now = json.loads(json.dumps(identity))
    now.pop("prepared", None)  # its inputs, options and age stand for it
    now["inputs"] = {name: found[0] for name, found in now["inputs"].items()}
    different = list(differences(_identity_of(manifest, now), now))
    written = files.size_and_time(manifest_path(folder))[1]
    if not different and changed > written:
        different = ["its inputs, as they were written to since, or may have been"]
    if not different:
        check_files(folder, _files_of(manifest))
        read_vocabulary(folder, manifest.vocabulary)
    return different


def _identity_of(manifest: Manifest, now: Mapping[str, Any]) -> dict[str, Any]:
    """The identity of a run, as far as its manifest knows it."""
    found = {
        **config_of(manifest),
        "inputs": {file.name: file.size for file in manifest.inputs},
        "versions": manifest.versions,
    }
    if "vocabulary" in now:  # of a run that uses one
        dropped = isinstance(manifest, PreparedManifest | ShardManifest) and _is_drops(manifest)
        found |= {"vocabulary": manifest.vocabulary.sha256, "write_drops": dropped}
    return found


def _is_drops(manifest: PreparedManifest | ShardManifest) -> bool:
    if isinstance(manifest, ShardManifest):
        return bool(manifest.dropped)
    return any(file.name.endswith(".jsonl") for file in manifest.prepared)


def _files_of(manifest: Manifest) -> tuple[ListedFile, ...]:
    if isinstance(manifest, ShardManifest):
        return (*manifest.shards, *manifest.origins, *manifest.dropped)
    return manifest.prepared if isinstance(manifest, PreparedManifest) else ()
