"""How the files are cut into work, whatever the worker count.

Files are packed, in the order of their names, into splits of about equal size; a split is a tuple
of byte ranges, and a document belongs to the range that holds its first byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from bertprep.corpus.files import ByteRange, InputFile, Split, is_cut_at_streams, may_be_entered
from bertprep.corpus.formats.registry import FORMATS
from bertprep.corpus.sizes import READ_SIZES, ReadSizes
from bertprep.options import ReadOptions


def plan_splits(
    files: Iterable[InputFile], options: ReadOptions, sizes: ReadSizes = READ_SIZES
) -> list[Split]:
    """Packs the files, in the order of their names, into splits of some 1 to 16 MiB on disk.

    In a mixture each split is of one input.
    """
    ordered = sorted(files, key=lambda file: (file.input, file.name))
    total = sum(file.size for file in ordered)
    target = min(sizes.most_split, max(sizes.least_split, -(-total // sizes.splits)))
    splits: list[Split] = []
    ranges: list[ByteRange] = []
    room = target
    for byte_range in (r for file in ordered for r in _ranges(file, target, options)):
        size = byte_range.end - byte_range.start
        is_other = bool(ranges) and ranges[-1].file.input != byte_range.file.input
        # Or it is nearer to the target without the range than with it.
        if is_other or (ranges and size > 2 * room):
            splits.append(tuple(ranges))
            ranges, room = [], target
        ranges.append(byte_range)
        room -= size
    return [*splits, tuple(ranges)] if ranges else splits


def _ranges(file: InputFile, target: int, options: ReadOptions) -> list[ByteRange]:
    may_be_cut = may_be_entered(file) and FORMATS[file.format].may_be_cut(options)
    if not (may_be_cut or is_cut_at_streams(file)) or file.size <= target:
        return [ByteRange(file, 0, file.size)] if file.size else []
    count = -(-file.size // target)
    edges = [file.size * i // count for i in range(count + 1)]
    return [ByteRange(file, a, b) for a, b in pairwise(edges)]
