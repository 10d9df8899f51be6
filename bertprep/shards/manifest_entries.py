"""The entries of manifest.json, each parsed to an object that holds what it should.

Each raises a LookupError, TypeError or ValueError that says what was expected and what came.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from bertprep.common.drops import DropSample
from bertprep.corpus.files import InputFile
from bertprep.options import ShardOptions
from bertprep.shards.json_fields import count, counts, field, file_name, share, shares
from bertprep.shards.manifest_types import (
    Alphabet,
    Copies,
    Finding,
    ListedFile,
    MixedInput,
    Packing,
    Pools,
    VocabularyEntry,
)
from bertprep.vocabulary.reading_settings import settings_from_json

_RANGE = re.compile(r"\d{1,15}(?:-\d{1,15})?")


def alphabet(entry: Any) -> Alphabet:
    """The characters that a vocabulary has, and those that it has not."""
    left_out = field(entry, "characters", str)
    return Alphabet(count(entry, "known"), left_out, share(entry, "words_share"))


def sample(entry: Any) -> DropSample:
    """A document or line that was left out."""
    return DropSample(field(entry, "file", str), count(entry, "offset"), field(entry, "text", str))


def finding(entry: Any) -> Finding:
    """A figure that was out of its bounds."""
    figure = field(entry, "figure", float, int)
    if not math.isfinite(figure):
        raise ValueError(f"expected a finite number as figure, got {figure}")
    return Finding(field(entry, "name", str), figure, field(entry, "text", str))


def vocabulary_entry(entry: Any) -> VocabularyEntry:
    """The vocabulary that a run used or learned."""
    return VocabularyEntry(
        sha256=field(entry, "sha256", str),
        file=file_name(entry, "file"),
        lowercase=field(entry, "lowercase", bool),
        size=count(entry, "size"),
        settings=settings_from_json(entry.get("settings", {})),
    )


def input_file(entry: Any) -> InputFile:
    """A file that was read."""
    compression, kind = field(entry, "compression", str), field(entry, "format", str)
    name, size = field(entry, "name", str), count(entry, "bytes")
    of = field(entry, "input", str) if "input" in entry else ""
    rows: Any = field(entry, "rows", str) if "rows" in entry else ""
    return InputFile("", name, size, compression, kind, input=of, rows=rows)


def mixed_input(entry: Any) -> MixedInput:
    """An input of a mixture."""
    return MixedInput(
        field(entry, "input", str),
        share(entry, "share"),
        count(entry, "read"),
        share(entry, "passes"),
        count(entry, "taken"),
        count(entry, "documents"),
        count(entry, "shared") if "shared" in entry else 0,
    )


def decision(entry: Any) -> dict[str, Any]:
    """The format that files were taken for, and why."""
    found: dict[str, Any] = {
        "format": field(entry, "format", str),
        "files": count(entry, "files"),
        "evidence": field(entry, "evidence", str),
    }
    return {**found, "rows": field(entry, "rows", str)} if "rows" in entry else found


def listed_files(
    found: Any, name: str, parse: Callable[[Any], ListedFile]
) -> tuple[ListedFile, ...]:
    """All files of a list, none of them twice.

    Args:
        found: the object that has the list.
        name: the list's field.
        parse: an entry to a file.
    """
    files = tuple(map(parse, field(found, name, list)))
    for listed, times in Counter(file.name for file in files).items():
        if times > 1:
            raise ValueError(f"{listed} is listed {times} times")
    return files


def listed_file(entry: Any) -> ListedFile:
    """A file and its digest."""
    name, sha256 = file_name(entry, "file"), field(entry, "sha256", str)
    return ListedFile(name, count(entry, "bytes"), sha256)


def shard(entry: Any, chosen: ShardOptions) -> ListedFile:
    """A shard, its rows and its bin."""
    file = listed_file(entry)
    examples = count(entry, "examples") if "examples" in entry else None
    return ListedFile(
        file.name,
        file.size,
        file.sha256,
        count(entry, "rows"),
        _bin(entry, file.name, chosen),
        examples,
    )


def _bin(entry: Any, name: str, chosen: ShardOptions) -> int | None:
    step, longest = chosen.bin_size, chosen.max_seq_length
    if step is None:
        if "bin" in entry:
            raise ValueError(f"{name} has a bin, but bin_size is null")
        return None
    bin_ = count(entry, "bin")
    if bin_ not in range(step, longest + 1, step):
        raise ValueError(f"expected a multiple of bin_size {step} as bin, got {bin_}")
    return bin_


def packing(found: Any) -> Packing:
    """How rows were packed."""
    entry = field(found, "pack", dict)
    fill = shares(found, "pack", ("fill_share",))["fill_share"]
    return Packing(count(entry, "examples"), count(entry, "rows", least=1), fill)


def ranges(found: Any) -> dict[str, int]:
    """How many documents gave so many examples."""
    if "examples_per_document" not in found:
        return {}
    ranges = counts(found, "examples_per_document")
    for name in ranges:
        if not _RANGE.fullmatch(name):
            raise ValueError(f"expected a number of examples, as 3-4, got {name!r}")
    return ranges


def copies(entry: Any) -> Copies:
    """How many documents are there more than once."""
    return Copies(count(entry, "texts"), count(entry, "repeated"), count(entry, "most_copies"))


def pools(entry: Any) -> Pools:
    """The pools that random next sentences were drawn from."""
    return Pools(count(entry, "pools"), count(entry, "smallest"), count(entry, "largest"))
