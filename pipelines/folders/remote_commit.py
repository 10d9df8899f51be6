"""A commit that only goes forward: by a step of the graph, which may be tried again or come twice.

Each file gets its final name whole; the manifest comes last, as the mark, and only where there is
none.  What is half done is noted, so that a run that is resumed ends it, and another one removes
it.  All changes are moves out of the run's own work folder or into it: once another run has taken
that away, there is nothing that could be moved.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from bertprep.errors import OutputError
from bertprep.shards.names import MANIFEST_NAME, ORIGINS_FOLDER
from pipelines.folders import files, lease
from pipelines.folders.checked_json import read_sealed, write_sealed

_JOURNAL = "committing.json"
_COMMITTED = "committed.json"
_PREVIOUS = "previous"


@dataclass(frozen=True)
class CommitPlace:
    """Where a run commits to.

    Attributes:
        target: the output folder.
        root: the work folder of the output.
        work_dir: the run's own in it.
        token: that of the run's lease.
        previous: the names of files in the output folder that the result replaces.
        at_once: how many files are moved side by side.
    """

    target: str
    root: str
    work_dir: str
    token: str
    previous: Sequence[str] = ()
    at_once: int = 16

    @property
    def run(self) -> str:
        return os.path.basename(self.work_dir)


def commit_forward(
    place: CommitPlace,
    finished: Sequence[str],
    contents: Mapping[str, bytes],
    outcome: Mapping[str, Any],
    below: str = "",
) -> None:
    """Gives the files of a run their final names.

    Args:
        place: where to.
        finished: paths of files in the run's work folder.
        contents: of the other files by name, the manifest among them.
        outcome: what the command is to know, as JSON.
        below: the folder in the output that the finished files go to.

    Raises:
        OutputError: if the run may not go on, or another one wrote its manifest meanwhile.
    """
    lease.check(place.work_dir, place.token)
    mark, manifest = files.join(place.target, MANIFEST_NAME), contents[MANIFEST_NAME]
    if not (_is_begun(place) and _holds(mark, manifest)):  # else it was done, and not told
        moves = _prepare(place, finished, contents, below)
        lease.check_after_work(place.work_dir, place.token)
        own = moves.pop(MANIFEST_NAME)
        _publish(place, moves)
        lease.check(place.work_dir, place.token)
        _mark(own, mark, manifest)
    write_sealed(files.join(place.root, _COMMITTED), {"run": place.run, **outcome})


def _prepare(
    place: CommitPlace, finished: Sequence[str], contents: Mapping[str, bytes], below: str
) -> dict[str, str]:
    """Writes all that is to be moved, and what will be; the paths by their final names."""
    moves = {final_name(path, below): path for path in finished}
    for name, content in contents.items():
        moves[name] = files.join(place.work_dir, "final", name)
        files.write_bytes(moves[name], content)
    for folder in {os.path.dirname(name) for name in ("", *place.previous)}:
        readme = files.join(place.work_dir, _PREVIOUS, *filter(None, [folder]), "README")
        files.write_bytes(readme, b"What was replaced.\n")
    noted = {"run": place.run, "names": sorted({*moves, *place.previous})}
    write_sealed(files.join(place.work_dir, _JOURNAL), noted)
    return moves


def final_name(path: str, below: str) -> str:
    """The name of a finished file in the output folder.

    Args:
        path: of the file in the work folder.
        below: the folder in the output that it goes to, unless it tells the origins of rows.
    """
    folder, name = posixpath.split(path)
    is_of_origins = posixpath.basename(folder) == ORIGINS_FOLDER
    return posixpath.join(ORIGINS_FOLDER if is_of_origins else below, name)


def _publish(place: CommitPlace, moves: Mapping[str, str]) -> None:
    """All but the manifest: that of before goes first, and from then on no result is there."""
    _retire(place, MANIFEST_NAME)
    for folder in {os.path.dirname(name) for name in moves}:
        files.make_folder(files.join(place.target, folder))

    def publish(name: str) -> None:
        if name in moves:
            _move(moves[name], files.join(place.target, name))
        else:
            _retire(place, name)

    with ThreadPoolExecutor(place.at_once) as pool:
        for _ in pool.map(publish, sorted({*moves, *place.previous} - {MANIFEST_NAME})):
            pass
    for folder in {os.path.dirname(name) for name in place.previous} - {""}:
        files.remove_if_empty(files.join(place.target, folder))


def _retire(place: CommitPlace, name: str) -> None:
    path = files.join(place.target, name)
    if files.exists(path):
        files.retire(path, files.join(place.work_dir, _PREVIOUS, name))


def _move(source: str, target: str) -> None:
    try:
        files.publish(source, target)
    except FileNotFoundError:
        if not files.exists(target):  # an earlier try moved it
            raise


def _mark(source: str, path: str, manifest: bytes) -> None:
    try:
        files.publish_new(source, path, manifest)
    except FileExistsError:
        if not _holds(path, manifest):
            raise OutputError(
                f"{path} was written by another run meanwhile; bertprep verify tells what is there"
            ) from None


def _holds(path: str, content: bytes) -> bool:
    try:
        return files.read_bytes(path) == content
    except OSError:
        return False


def _is_begun(place: CommitPlace) -> bool:
    return bool(_noted(files.join(place.work_dir, _JOURNAL)))


def _noted(path: str) -> dict[str, Any]:
    try:
        found = read_sealed(path) if files.exists(path) else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def outcome_of(root: str, run: object) -> dict[str, Any] | None:
    """The note that a run's commit left for the command; None if it came to no end."""
    found = _noted(files.join(root, _COMMITTED))
    return found if found.get("run") == run and run else None


def half_done(root: str) -> set[str]:
    """The names of files in an output folder that a commit may have begun to replace."""
    runs = filter(lease.is_run_name, files.names_in(root))
    notes = [_noted(files.join(root, run, _JOURNAL)).get("names") for run in runs]
    return {str(name) for names in notes if isinstance(names, list) for name in names}


def remove_half_done(target: str, names: Iterable[str]) -> None:
    """Removes what a commit that nobody ends left in an output folder."""
    for name in sorted(names):
        if not {"", ".", ".."}.intersection(name.split("/")):
            files.remove(files.join(target, name))
            if folder := os.path.dirname(name):
                files.remove_if_empty(files.join(target, folder))
