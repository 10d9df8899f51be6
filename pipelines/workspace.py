"""The output folder of a run: checked before, filled when all is done, clean after a failure."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import IO, Any

from bertprep.errors import InputError, OutputError, UsageError, VocabularyError
from bertprep.lddl import NUM_SAMPLES_NAME
from bertprep.manifest import EXPECTED_FOLDER, MANIFEST_NAME, parse_manifest
from pipelines import files
from pipelines.checkpoint import CHECKPOINT_FOLDER

WORK_FOLDER = ".bertprep-work"
INDEX_NAME = "prepared-index.arrow"
PREPARED_FILE = re.compile(r"prepared-(?:\d{6,}-\d{6,}|index)\.arrow")
_OWN_FILES = re.compile(
    r"shard-\d{5,}-of-\d{5,}(?:-bin-\d+)?\.(?:parquet(?:_\d+)?|tfrecord)|manifest\.json"
    r"|dropped\.jsonl|vocab\.txt|tokenizer\.json|tokenizer_config\.json|\.num_samples\.json"
    rf"|{PREPARED_FILE.pattern}"
)


class Workspace:
    """A context for one run: gives a work folder, and takes it away at the end.

    The output folder gets its files by ``commit`` alone, whole and all together; a run that fails
    leaves it as it was.  If the run was broken off with steps done, the work folder stays, for
    another run to ``resume`` it.
    """

    def __init__(
        self, output: str, overwrite: bool, resume: bool = False, work_dir: str | None = None
    ) -> None:
        self.output = output
        folder = work_dir or output
        folder = folder if files.is_remote(folder) else os.path.abspath(folder)
        self.work_dir = files.join(folder, WORK_FOLDER)
        self._previous: set[str] = set()
        self._lock: IO[bytes] | None = None
        self._check(overwrite, resume)

    def _check(self, overwrite: bool, resume: bool) -> None:
        if not self.output.isprintable():  # as bytes that are no text are not
            raise OutputError(f"--output is {self.output!r}; name it with readable characters")
        if not files.is_remote(self.output) and os.path.isfile(self.output):
            raise OutputError(f"{self.output} is a file; --output names a folder")
        present = files.names_in(self.output)
        folder = os.path.dirname(self.work_dir)
        unfinished = WORK_FOLDER in files.names_in(folder)
        self._resumes = resume and unfinished
        if unfinished and not overwrite and not resume:
            raise OutputError(
                f"{folder} holds the work files of a run that did not end; the same command "
                "with --resume goes on from what it did, --overwrite starts anew"
            )
        if present and not overwrite and not self._resumes:
            raise OutputError(
                f"{self.output} is not empty (it holds {present[0]}); name a new folder, or "
                "replace what bertprep wrote there before by --overwrite"
            )
        self._previous = _written_before(self.output, self.output)
        if self._resumes:  # killed while it moved what was there before
            self._previous |= _written_before(files.join(self.work_dir, "previous"), self.output)
        for name in present if not self._resumes else []:
            if _OWN_FILES.fullmatch(name) and name not in self._previous:
                raise OutputError(
                    f"{files.join(self.output, name)} is not of a finished bertprep run, and "
                    "--overwrite replaces nothing else; move it away, or name another folder"
                )

    def __enter__(self) -> Workspace:
        self._new_folders = _missing_folders(self.output) + _missing_folders(self.work_dir)[1:]
        self._lock = _locked(self.work_dir, self.output)
        if not self._resumes:  # a full disk must not cost what is done already
            files.remove(self.work_dir)
            self._lock = None  # its file went, too
            self._begin()
        self._lock = self._lock or _locked(self.work_dir, self.output)
        return self

    def _begin(self) -> None:
        try:
            files.write_bytes(files.join(self.work_dir, "README"), _README)
            if not files.is_remote(self.output):  # with --work-dir it is not made along with it
                os.makedirs(self.output, exist_ok=True)
        except BaseException as error:
            self._clear()
            if not isinstance(error, OSError):
                raise
            reason = error.strerror or error
            raise OutputError(f"{self.output} cannot be written to: {reason}") from None

    def check_space(self, work_bytes: int, output_bytes: int) -> None:
        """Raises OutputError if a local disk has less room than a run is estimated to take."""
        needs = {os.path.dirname(self.work_dir): work_bytes - _bytes_in(self.work_dir)}
        needs[self.output] = needs.get(self.output, 0) + output_bytes
        disks: dict[int, tuple[str, int]] = {}
        for folder, size in needs.items():
            if not files.is_remote(folder) and os.path.isdir(folder):
                device = os.stat(folder).st_dev
                disks[device] = (folder, disks.get(device, ("", 0))[1] + size)
        for folder, size in disks.values():
            free = shutil.disk_usage(folder).free
            if free < size:
                raise OutputError(
                    f"the disk of {folder} has {free / 1e9:,.1f} GB free, and the run takes about "
                    f"{size / 1e9:,.1f} GB; free some, or put work files elsewhere by --work-dir"
                )

    def identify(self, identity: Mapping[str, Any]) -> None:
        """Notes what makes the run's bytes; a resumed run must have the same.

        Raises:
            UsageError: if it has not, with what differs.
        """
        path = files.join(self.work_dir, _IDENTITY)
        now = json.loads(json.dumps(identity))
        if self._resumes and files.exists(path):
            before = json.loads(files.read_bytes(path))
            different = sorted(differences(before, now))
            if different:
                raise UsageError(
                    f"--resume goes on with the same run only, and this one differs in "
                    f"{'; '.join(different[:4])}; give the command as it was, or start anew by "
                    "--overwrite"
                )
            return
        with files.create_whole(path) as stream:
            stream.write(json.dumps(now).encode())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._lock:
            self._lock.close()
        if self._resumes and isinstance(error, UsageError):
            return  # not this run's work
        if error is None or not self._can_be_resumed(error):
            self._clear()
        elif error.args:
            hint = "the same command with --resume goes on from what is done"
            error.args = (f"{error.args[0]}; {hint}", *error.args[1:])

    def _can_be_resumed(self, error: BaseException) -> bool:
        """Whether anything is done, and the fault is not in the inputs or options."""
        if isinstance(error, InputError | VocabularyError | UsageError):
            return False
        return bool(files.names_in(files.join(self.work_dir, CHECKPOINT_FOLDER)))

    def _clear(self) -> None:
        """Takes away the work folder, and the new folders that are empty without it."""
        files.remove(self.work_dir)
        for folder in self._new_folders:
            with suppress(OSError):
                os.rmdir(folder)

    def commit(self, finished: Sequence[str], contents: dict[str, bytes]) -> None:
        """Moves finished files to their final names, and writes the others, the manifest last.

        What an earlier run left goes first; all of it comes back if anything fails.
        """
        # A run that was killed while it moved files has the first of them in place already.
        waiting = [path for path in finished if files.exists(path)]
        moves = [
            (files.join(self.output, name), files.join(self.work_dir, "previous", name))
            for name in (sorted(self._previous) if waiting == finished else [])
        ]
        moves += [(path, files.join(self.output, os.path.basename(path))) for path in waiting]
        for name, content in sorted(contents.items(), key=lambda item: item[0] == MANIFEST_NAME):
            path = files.join(self.work_dir, "final", name)
            files.write_bytes(path, content)
            moves.append((path, files.join(self.output, name)))
        files.write_bytes(files.join(self.work_dir, "previous", "README"), _README)
        done: list[tuple[str, str]] = []
        try:
            for source, target in moves:
                done.append((source, target))
                files.rename(source, target)
        except BaseException:
            for source, target in reversed(done):
                with suppress(OSError):
                    files.rename(target, source)
            raise


_README = b"Work files of a bertprep run; they are removed when it ends.\n"
_IDENTITY = "run.json"


def _locked(work_dir: str, output: str) -> IO[bytes] | None:
    """Holds a local work folder, if it is there, for this process alone."""
    if files.is_remote(work_dir) or not os.path.isdir(work_dir):
        return None
    import fcntl

    lock = open(files.join(work_dir, "lock"), "wb")  # noqa: SIM115
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise OutputError(
            f"another run is writing to {output}; wait for its end, or name another folder"
        ) from None
    return lock


def differences(before: Any, now: Any, name: str = "") -> Iterator[str]:
    """What differs between two JSON values, as ``name (was A, is B)``."""
    if isinstance(before, dict) and isinstance(now, dict):
        for key in sorted({*before, *now}):
            yield from differences(before.get(key), now.get(key), str(key))
    elif before != now:
        yield f"{name} (was {_brief(before)}, is {_brief(now)})"


def _brief(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _missing_folders(path: str) -> list[str]:
    """The local folders that making ``path`` would make, the deepest first."""
    missing: list[str] = []
    folder = os.path.abspath(path)
    while not files.is_remote(path) and not os.path.exists(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    return missing


def _bytes_in(folder: str) -> int:
    """The bytes of the files below a local folder, such as those an unfinished run left."""
    if files.is_remote(folder):
        return 0
    paths = (os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names)
    return sum(map(os.path.getsize, paths))


def _written_before(manifest_folder: str, folder: str) -> set[str]:
    """Which of the files in a folder are those of a finished bertprep run, by a manifest."""
    try:
        manifest = read_manifest(manifest_folder)
    except (InputError, OSError):
        return set()
    names = {MANIFEST_NAME, "vocab.txt"}
    if "shards" in manifest:
        names |= {"dropped.jsonl", *(shard["file"] for shard in manifest["shards"])}
        if manifest.get("config", {}).get("shard", {}).get("layout") == "lddl":
            names.add(NUM_SAMPLES_NAME)
    elif "prepared" in manifest:
        names |= {entry["file"] for entry in manifest["prepared"]}
    else:
        names |= {"tokenizer.json", "tokenizer_config.json"}
    return names & set(files.names_in(folder))


def read_manifest(folder: str) -> dict[str, Any]:
    """The manifest of a finished run.

    Raises:
        InputError: if the folder has none, a damaged one, or one that bertprep did not write.
    """
    path = files.join(folder, MANIFEST_NAME)
    if MANIFEST_NAME not in files.names_in(folder):
        missing = not files.is_remote(folder) and not os.path.exists(folder)
        what = "does not exist" if missing else f"holds no {MANIFEST_NAME}"
        raise InputError(f"{folder} {what}; {EXPECTED_FOLDER}")
    return parse_manifest(files.read_bytes(path), path)
