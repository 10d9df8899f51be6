"""The moves that commit a run on this machine: all of them are made, or none."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from bertprep.shards.names import MANIFEST_NAME
from pipelines.folders import files
from pipelines.folders.remote_commit import final_name
from pipelines.folders.replaceable import written_before
from pipelines.folders.work_folder import README, README_NAME


def moves_of_commit(
    target: str, work_dir: str, finished: Sequence[str], contents: Mapping[str, bytes], below: str
) -> list[tuple[str, str]]:
    """Writes what is to be moved, and says where to: what was there goes first, the manifest last.

    Args:
        target: the output folder.
        work_dir: that of the run's work.
        finished: paths of files in it.
        contents: of the other files by their names, the manifest among them.
        below: the folder in the output that the finished files go to.

    Returns:
        Pairs of paths, from and to.
    """
    previous, final = files.join(work_dir, "previous"), files.join(work_dir, "final")
    files.write_bytes(files.join(previous, README_NAME), README)
    for name, content in contents.items():
        files.write_bytes(files.join(final, name), content)
    before = sorted(written_before(target))
    moves = [(files.join(target, name), files.join(previous, name)) for name in before]
    moves += [(path, files.join(target, final_name(path, below))) for path in finished]
    moves += [
        (files.join(final, name), files.join(target, name))
        for name in sorted(contents, key=_is_manifest)
    ]
    return moves


def _is_manifest(path: str) -> bool:
    return os.path.basename(path) == MANIFEST_NAME
