"""The output folder of a run: checked before, filled when all is done, clean after a failure."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType

from bertprep.errors import InputError, OutputError
from bertprep.inputs import HEAD_BYTES, InputFile, distinct_names, recognise
from bertprep.manifest import MANIFEST_NAME
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
        self._is_new = not files.is_remote(output) and not os.path.exists(output)
        self._check(overwrite)

    def _check(self, overwrite: bool) -> None:
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

    def __enter__(self) -> Workspace:
        files.remove(self.work_dir)
        try:
            files.write_bytes(files.join(self.work_dir, "README"), _README)
        except OSError as error:
            raise OutputError(
                f"{self.output} cannot be written to: {error.strerror or error}"
            ) from None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        files.remove(self.work_dir)
        if error is not None and self._is_new and not files.names_in(self.output):
            os.rmdir(self.output)

    def commit(self, finished: Iterable[str], contents: dict[str, bytes]) -> None:
        """Moves finished files to their final names, and writes the others, the manifest last."""
        finished = list(finished)
        staged = []
        for name, content in sorted(contents.items(), key=lambda item: item[0] == MANIFEST_NAME):
            path = files.join(self.work_dir, "final", name)
            files.write_bytes(path, content)
            staged.append((path, name))
        moves = [(path, os.path.basename(path)) for path in finished] + staged
        self._remove_previous({name for _, name in moves})
        for path, name in moves:
            files.rename(path, files.join(self.output, name))

    def _remove_previous(self, replaced: set[str]) -> None:
        """What an earlier run left under names that this one does not use."""
        for name in files.names_in(self.output):
            if _OWN_FILES.fullmatch(name) and (name == MANIFEST_NAME or name not in replaced):
                files.remove(files.join(self.output, name))


_README = b"Work files of a bertprep run; they are removed when it ends.\n"


def read_manifest(folder: str) -> dict[str, object]:
    """The manifest of a finished run.

    Raises:
        InputError: if the folder has none, or a damaged one.
    """
    if MANIFEST_NAME not in files.names_in(folder):
        raise InputError(
            f"{folder} holds no {MANIFEST_NAME}; expected the --output of a finished bertprep run"
        )
    try:
        manifest = json.loads(files.read_bytes(files.join(folder, MANIFEST_NAME)))
    except ValueError as error:
        raise InputError(f"{folder}/{MANIFEST_NAME} is not JSON: {error}") from None
    return dict(manifest)
