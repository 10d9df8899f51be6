"""The output folder of a run: checked before, filled when all is done, clean after a failure."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Any

from bertprep.errors import InputError, OutputError
from bertprep.inputs import HEAD_BYTES, InputFile, distinct_names, recognise
from bertprep.manifest import MANIFEST_FORMAT, MANIFEST_NAME
from bertprep.options import ReadOptions
from pipelines import files

WORK_FOLDER = ".bertprep-work"
_OWN_FILES = re.compile(
    r"shard-\d{5,}-of-\d{5,}\.(?:parquet|tfrecord)|manifest\.json|dropped\.jsonl"
    r"|vocab\.txt|tokenizer\.json|tokenizer_config\.json"
)


def find_inputs(patterns: Sequence[str], options: ReadOptions) -> list[InputFile]:
    """All files the INPUTs name, each once, recognised by their content.

    Raises:
        InputError: if there are none, none holds a byte, or one is of an unknown kind.
    """
    found = {
        os.path.abspath(f.path) if not files.is_remote(f.path) else f.path: f
        for pattern in patterns
        for f in files.find(pattern)
    }
    names = distinct_names([f.relative for f in found.values()], list(found))
    if not any(f.size for f in found.values()):
        raise InputError(
            f"the input is empty: {_plural(len(found), 'file')} in {', '.join(patterns)}, 0 bytes"
        )

    def recognised(file: files.Found, name: str) -> InputFile:
        return recognise(_head(file), file.path, name, file.size, options)

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(recognised, found.values(), names))


def check_apart(corpus: Iterable[InputFile], output: str) -> None:
    """Raises InputError where a run would read what an earlier one wrote."""
    folder = output if files.is_remote(output) else os.path.abspath(output)
    for file in corpus:
        path = file.path if files.is_remote(file.path) else os.path.abspath(file.path)
        if path.startswith(files.join(folder, "")):
            raise InputError(
                f"{file.path} is an INPUT and lies in the --output folder {output}; "
                "name another output folder, or narrower INPUTs"
            )


def _head(file: files.Found) -> bytes:
    try:
        with files.open_input(file.path) as stream:
            return stream.read(HEAD_BYTES)
    except OSError as error:
        raise InputError(f"{file.path} cannot be read: {error.strerror or error}") from None


def _plural(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


class Workspace:
    """A context for one run: gives a work folder, and takes it away at the end.

    The output folder gets its files by ``commit`` alone, whole and all together; a run that fails
    leaves it as it was.
    """

    def __init__(self, output: str, overwrite: bool) -> None:
        self.output = output
        self.work_dir = files.join(output, WORK_FOLDER)
        self._previous: set[str] = set()
        self._check(overwrite)

    def _check(self, overwrite: bool) -> None:
        if not self.output.isprintable():  # as bytes that are no text are not
            raise OutputError(f"--output is {self.output!r}; name it with readable characters")
        if not files.is_remote(self.output) and os.path.isfile(self.output):
            raise OutputError(f"{self.output} is a file; --output names a folder")
        present = files.names_in(self.output)
        if WORK_FOLDER in present and not overwrite:
            raise OutputError(
                f"{self.output} holds the work files of a run that did not end (or still runs); "
                "--overwrite clears them"
            )
        if present and not overwrite:
            raise OutputError(
                f"{self.output} is not empty (it holds {present[0]}); name a new folder, or "
                "replace what bertprep wrote there before by --overwrite"
            )
        self._previous = _written_before(self.output, present)
        for name in present:
            if _OWN_FILES.fullmatch(name) and name not in self._previous:
                raise OutputError(
                    f"{files.join(self.output, name)} is not of a finished bertprep run, and "
                    "--overwrite replaces nothing else; move it away, or name another folder"
                )

    def __enter__(self) -> Workspace:
        self._new_folders = _missing_folders(self.output)
        try:
            files.remove(self.work_dir)
            files.write_bytes(files.join(self.work_dir, "README"), _README)
        except OSError as error:
            self._clear()
            reason = error.strerror or error
            raise OutputError(f"{self.output} cannot be written to: {reason}") from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._clear()

    def _clear(self) -> None:
        """Takes away the work folder, and the new folders that are empty without it."""
        files.remove(self.work_dir)
        for folder in self._new_folders:
            with suppress(OSError):
                os.rmdir(folder)

    def commit(self, finished: Iterable[str], contents: dict[str, bytes]) -> None:
        """Moves finished files to their final names, and writes the others, the manifest last.

        What an earlier run left goes first; all of it comes back if anything fails.
        """
        moves = [
            (files.join(self.output, name), files.join(self.work_dir, "previous", name))
            for name in sorted(self._previous)
        ]
        moves += [(path, files.join(self.output, os.path.basename(path))) for path in finished]
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


def _missing_folders(path: str) -> list[str]:
    """The local folders that making ``path`` would make, the deepest first."""
    missing: list[str] = []
    folder = os.path.abspath(path)
    while not files.is_remote(path) and not os.path.exists(folder):
        missing.append(folder)
        folder = os.path.dirname(folder)
    return missing


def _written_before(folder: str, present: Sequence[str]) -> set[str]:
    """Which of the files in a folder are those of a finished bertprep run, by its manifest."""
    try:
        manifest = read_manifest(folder)
    except (InputError, OSError):
        return set()
    names = {MANIFEST_NAME, "vocab.txt"}
    if "shards" in manifest:
        names |= {"dropped.jsonl", *(shard["file"] for shard in manifest["shards"])}
    else:
        names |= {"tokenizer.json", "tokenizer_config.json"}
    return names & set(present)


def read_manifest(folder: str) -> dict[str, Any]:
    """The manifest of a finished run.

    Raises:
        InputError: if the folder has none, a damaged one, or one that bertprep did not write.
    """
    expected = "expected the --output of a finished bertprep run"
    path = files.join(folder, MANIFEST_NAME)
    if MANIFEST_NAME not in files.names_in(folder):
        missing = not files.is_remote(folder) and not os.path.exists(folder)
        what = "does not exist" if missing else f"holds no {MANIFEST_NAME}"
        raise InputError(f"{folder} {what}; {expected}")
    try:
        manifest = json.loads(files.read_bytes(path))
    except ValueError as error:
        raise InputError(f"{path} is damaged (not JSON: {error}); {expected}") from None
    if not isinstance(manifest, dict) or "bertprep" not in manifest.get("versions", ()):
        raise InputError(f"{path} was not written by bertprep; {expected}")
    if manifest["format"] != MANIFEST_FORMAT:
        raise InputError(
            f"{path} has format {manifest['format']}, and this bertprep reads {MANIFEST_FORMAT}; "
            f"it was written by bertprep {manifest['versions']['bertprep']}"
        )
    return manifest
