"""INPUT as a caller gives it: paths, or texts, which then are written to a file to be read."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import chain
from typing import Any

from bertprep.common.spool import existing_folder, write_spool
from bertprep.errors import InputError, OutputError, UsageError

SPOOL_NAME, SPOOL_FORMAT = "texts", "json-strings"
_GIVE = "give a path, several paths, an iterable of texts or a datasets.Dataset"
_BATCH_ROWS = 1_000
_LONGEST_PATH = 4_096
# A name with a folder or an ending, and without a space: a path, if every item of a list is such.
_LIKE_PATH = re.compile(r"\S*/\S+|\S*[\w*]\.\w{2,7}(?:\.(?:gz|bz2|xz|zst))?")


class Inputs:
    """A context that gives INPUT as paths; a file of texts is gone when it ends.

    Args:
        source: a path, paths, texts, a ``datasets.Dataset``, or a table.
        text_field: the column of a dataset or table that holds its texts.
        folder: where a file of texts is written, if it is there; None for where the system has
            such.
    """

    def __init__(self, source: Any, text_field: str, folder: str | None) -> None:
        self._source, self._text_field = source, text_field
        self._folder = existing_folder(folder) if folder else None
        self._stack = ExitStack()

    def __enter__(self) -> list[str]:
        """The arguments of a command that reads it."""
        try:
            if isinstance(self._source, Mapping) and not hasattr(self._source, "column_names"):
                return _mixture(self._source)
            paths = paths_of(self._source)
            if paths is not None:
                return ["--", *paths]
            path = self._spooled(texts_of(self._source, self._text_field))
            # The column was chosen here; the file has none.
            return [f"--input-format={SPOOL_FORMAT}", "--text-field=text", "--", path]
        except BaseException:
            self._stack.close()
            raise

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _spooled(self, texts: Iterable[str]) -> str:
        try:
            made = tempfile.TemporaryDirectory(prefix=".bertprep-texts-", dir=self._folder)
            path = os.path.join(self._stack.enter_context(made), SPOOL_NAME)
            write_spool(path, (json.dumps(text).encode() + b"\n" for text in texts))
        except OSError as error:
            reason = error.strerror or error
            raise OutputError(
                f"the texts cannot be written to {self._folder or 'a temporary folder'}: {reason}; "
                "name another place by work_dir"
            ) from None
        if not os.path.getsize(path):
            raise InputError("there is no text: the input is empty")
        return path


def _mixture(inputs: Mapping[str, Any]) -> list[str]:
    """The arguments of a command that reads the inputs of a mixture, each a path or several."""
    found = []
    for name, source in inputs.items():
        paths = paths_of(source)
        if not paths:
            raise UsageError(f"the input {name} of a mixture is to be a path, or several")
        found += [f"--input={name}={path}" for path in paths]
    return found


def paths_of(source: Any) -> list[str] | None:
    """The paths that a source is; None if it holds texts.

    A string is a path.  A list of strings is of paths if each names something that is there or
    looks so, of texts if none is there.

    Raises:
        UsageError: for what is neither, and for a list in which only some are paths.
    """
    if isinstance(source, str | os.PathLike):
        return [os.fspath(source)]
    if not isinstance(source, list | tuple):
        return None
    if not source:
        raise UsageError(f"the input is an empty list; {_GIVE}")
    if any(isinstance(item, os.PathLike) for item in source):
        return [os.fspath(item) for item in source]
    if not all(isinstance(item, str) for item in source):
        return None
    are_paths = [_is_there(item) for item in source]
    if all(there or _LIKE_PATH.fullmatch(s) for there, s in zip(are_paths, source, strict=True)):
        return list(source)
    if any(are_paths):
        path, text = source[are_paths.index(True)], source[are_paths.index(False)]
        raise UsageError(
            f"{path!r} of the input names a file and {text[:60]!r} does not; give paths as "
            "pathlib.Path, or texts as an iterator: iter(texts)"
        )
    return None


def _is_there(text: str) -> bool:
    """Whether a string is the name of a file or folder."""
    if not text or "\n" in text or len(text) > _LONGEST_PATH:
        return False
    try:
        return os.path.lexists(text)
    except ValueError:
        return False


def texts_of(source: Any, text_field: str) -> Iterator[str]:
    """The texts of an iterable of strings, of mappings, of a table, or of a ``datasets`` object.

    Raises:
        UsageError: if it holds anything else.
    """
    kind = type(source).__name__
    if isinstance(source, Mapping) and hasattr(source, "column_names"):  # a DatasetDict
        splits = " or ".join(f"dataset[{split!r}]" for split in source)
        raise UsageError(f"the input is {kind}, of splits; give one of them: {splits}")
    if hasattr(source, "iter") and hasattr(source, "column_names"):
        return _of_dataset(source, text_field)
    if hasattr(source, "collect"):
        raise UsageError(f"the input is {kind}; give what its collect() gives")
    if hasattr(source, "columns"):
        return _of_table(source, text_field)
    if callable(source) and not isinstance(source, Iterable):
        raise UsageError(f"the input is {kind}; call it, and give what it gives")
    if isinstance(source, bytes | Mapping) or not isinstance(source, Iterable):
        raise UsageError(f"the input is {kind}; {_GIVE}")
    return (_text_of(item, number, text_field) for number, item in enumerate(source))


def _of_table(table: Any, text_field: str) -> Iterator[str]:
    """The column of a table of pandas, polars or Arrow; iterating over one gives no rows."""
    names = [str(name) for name in getattr(table, "column_names", table.columns)]
    _check_column("table", names, text_field)
    column = table[text_field]
    return (_text_of(item, number, text_field, is_cell=True) for number, item in enumerate(column))


def _check_column(what: str, names: Sequence[str], text_field: str) -> None:
    if text_field not in names:
        raise UsageError(
            f"the {what} has no column {text_field!r}; text_field is to name one of "
            f"{', '.join(names)}"
        )


def _of_dataset(dataset: Any, text_field: str) -> Iterator[str]:
    """The column of a ``datasets.Dataset`` or ``IterableDataset``, a batch of rows at a time."""
    names = dataset.column_names
    if names is not None:
        _check_column("dataset", names, text_field)
    rows = dataset if names is None else dataset.select_columns([text_field])
    batches = rows.iter(batch_size=_BATCH_ROWS)
    column = chain.from_iterable(batch[text_field] for batch in batches)
    return (_text_of(item, number, text_field, is_cell=True) for number, item in enumerate(column))


def _text_of(item: Any, number: int, text_field: str, is_cell: bool = False) -> str:
    if isinstance(item, Mapping) and text_field in item:
        item = item[text_field]
    item = item.as_py() if hasattr(item, "as_py") else item  # of Arrow
    if isinstance(item, str):
        return item
    what = _type_of(item)
    if is_cell:
        raise UsageError(
            f"row {number:,} of the column {text_field!r} is {what} and not a text; text_field is "
            "to name a column of texts, without empty cells"
        )
    where = f"with {text_field!r} " if isinstance(item, Mapping) else ""
    raise UsageError(f"item {number:,} of the input is {what} {where}and not a text; {_GIVE}")


def text_bytes(text: Any, number: int = 0) -> bytes:
    """A text in UTF-8.

    Args:
        text: what is to be one.
        number: which of several it is, for the message.

    Raises:
        UsageError: if it is no str.
        InputError: if it holds half of a surrogate pair, which no file can.
    """
    try:
        return require_text(text, number).encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(f"text {number:,} holds half of a surrogate pair") from None


def require_text(text: Any, number: int = 0) -> str:
    """The text, if it is one.

    Raises:
        UsageError: if it is no str; says what to do.
    """
    if isinstance(text, str):
        return text
    way = (
        "decode bytes first" if isinstance(text, bytes) else "texts of a list are given one by one"
    )
    raise UsageError(f"text {number:,} is {_type_of(text)}; expected a str ({way})")


def _type_of(value: Any) -> str:
    """The name by which a message calls a value that is no text."""
    return "None" if value is None else type(value).__name__
