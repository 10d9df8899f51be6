"""Documents of files that are seen to stay the same while they are read."""

from __future__ import annotations

from collections.abc import Iterator

from bertprep.common.drops import Drops
from bertprep.corpus.document_batch import DocumentBatch
from bertprep.corpus.files import Split
from bertprep.corpus.read import read_split
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from pipelines.folders import files


def read_unchanged(
    split: Split, options: ReadOptions, drops: Drops, sizes: ReadSizes = READ_SIZES
) -> Iterator[DocumentBatch]:
    """The documents of a split, as ``read_split`` gives them.

    Args:
        split: byte ranges of the inputs.
        options: how they are read.
        drops: takes what is left out.
        sizes: how much is read at once.

    Raises:
        InputError: also if a file is not, at the end, what it was when it was found; rather so than
            for what could not be read because of that.
    """
    try:
        yield from read_split(split, files.open_input, options, drops, sizes)
    except (InputError, OSError):
        _check_unchanged(split)
        raise
    _check_unchanged(split)


def _check_unchanged(split: Split) -> None:
    for file in {byte_range.file.path: byte_range.file for byte_range in split}.values():
        try:
            size, modified = files.size_and_time(file.path)
        except OSError as error:
            reason = error.strerror or error
            raise InputError(f"{file.path} was there and cannot be read now: {reason}") from None
        if size != file.size:
            what = f"was {file.size:,} bytes, is {size:,}"
        elif modified != file.modified and modified and file.modified:
            what = f"still {size:,} bytes, but written to since"
        else:
            continue
        raise InputError(
            f"{file.path} changed while it was read ({what}); start again when nothing writes to it"
        )
