"""The files of a corpus as columns: a hundred thousand of them take some megabytes.

As objects each takes half a kilobyte.  The columns are a sequence of the same ``InputFile``s, each
made when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import islice, pairwise, starmap
from operator import attrgetter, le
from typing import Any, overload

import numpy as np
import pyarrow as pa

from bertprep.corpus.files import InputFile

_BLOCK = 4096
_FEW = pa.dictionary(pa.int16(), pa.utf8())
# Of a path the name is its end, but for the name of the input in a mixture: only the rest is kept.
_OF_PATHS = [
    ("folder", pa.dictionary(pa.int32(), pa.binary())),
    ("shared", pa.int32()),
    ("name", pa.binary()),
]
_TYPES = {
    "size": pa.int64(),
    "compression": _FEW,
    "format": _FEW,
    "modified": pa.float64(),
    "warning": pa.dictionary(pa.int32(), pa.utf8()),
    "text_size": pa.int64(),
    "encoding": _FEW,
    "input": pa.dictionary(pa.int32(), pa.utf8()),
    "rows": _FEW,
}
# In the order in which an InputFile takes them.
_FACTS = [field.name for field in fields(InputFile) if field.name not in ("path", "name")]
_facts = attrgetter(*_FACTS)
_SCHEMA = pa.schema([*_OF_PATHS, *((name, _TYPES[name]) for name in _FACTS)])


class InputTable(Sequence[InputFile]):
    """Files of a corpus, in the order they were given in.

    Args:
        columns: as ``of`` makes them.
    """

    def __init__(self, columns: pa.RecordBatch) -> None:
        self.columns = columns

    @classmethod
    def of(cls, files: Iterable[InputFile]) -> InputTable:
        """The columns of some files."""
        if isinstance(files, InputTable):
            return files
        rows = map(_row, files)
        blocks = [pa.RecordBatch.from_pylist([], _SCHEMA)]
        while block := list(islice(rows, _BLOCK)):
            columns = map(pa.array, zip(*block, strict=True), _SCHEMA.types)
            blocks.append(pa.RecordBatch.from_arrays(list(columns), schema=_SCHEMA))
        table = pa.Table.from_batches(blocks).unify_dictionaries().combine_chunks()
        (columns,) = table.to_batches() or blocks[:1]
        return cls(columns)

    def sorted(self, key: Callable[[InputFile], Any]) -> InputTable:
        """The same files in the order of a key of theirs."""
        keys = list(map(key, self))
        if all(starmap(le, pairwise(keys))):
            return self
        return self.take(sorted(range(len(self)), key=keys.__getitem__))

    def take(self, numbers: Any) -> InputTable:
        """The files of these numbers, in their order."""
        return InputTable(self.columns.take(pa.array(numbers, pa.int64())))

    @property
    def nbytes(self) -> int:
        """How many bytes they take."""
        return int(self.columns.nbytes)

    def __len__(self) -> int:
        return int(self.columns.num_rows)

    def __iter__(self) -> Iterator[InputFile]:
        for start in range(0, len(self), _BLOCK):
            yield from _files(self.columns.slice(start, _BLOCK))

    @overload
    def __getitem__(self, index: int) -> InputFile: ...
    @overload
    def __getitem__(self, index: slice) -> InputTable: ...
    def __getitem__(self, index: int | slice) -> InputFile | InputTable:
        if isinstance(index, slice):
            return self.take(range(len(self))[index])
        at = range(len(self))[index]
        (file,) = _files(self.columns.slice(at, 1))
        return file

    def __eq__(self, other: object) -> bool:
        """Whether another sequence has the same files."""
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


def _row(file: InputFile) -> tuple[Any, ...]:
    shared = next((end for end in (file.name, _in_its_input(file)) if file.path.endswith(end)), "")
    folder = file.path[: len(file.path) - len(shared)]
    return _bytes(folder), len(_bytes(shared)), _bytes(file.name), *_facts(file)


def _in_its_input(file: InputFile) -> str:
    return file.name.removeprefix(f"{file.input}/")


def _files(columns: pa.RecordBatch) -> Iterator[InputFile]:
    for folder, shared, name, *facts in zip(*map(_values, columns.columns), strict=True):
        path = folder + name[len(name) - shared :]
        yield InputFile(_text(path), _text(name), *facts)


def _values(column: pa.Array) -> list[Any]:
    """The values of a column; those of a dictionary are made once, as few of it may be here."""
    if not pa.types.is_dictionary(column.type):
        return column.to_pylist()  # type: ignore[no-any-return]
    codes, places = np.unique(column.indices.to_numpy(), return_inverse=True)
    known = column.dictionary.take(pa.array(codes)).to_pylist()
    return [known[place] for place in places.tolist()]


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")  # a name need be no text


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
