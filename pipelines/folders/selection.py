"""Which of the files that the INPUTs name are the corpus: by their names, or their content."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import compress
from operator import not_

from bertprep.common.units import plural
from bertprep.corpus.files import InputFile
from bertprep.corpus.recognise import RefusedError
from bertprep.errors import InputError
from bertprep.options import FileFormat

# Names of what lies beside a corpus and is no part of it.
_SIDE_NAME = re.compile(
    r"(?:readme|licen[cs]e|copying|notice|change(?:s|log)|authors|contributors|citation|checksums?"
    r"|md5sums?|sha\d*sums?|urls?|manifest|dataset_infos?|dataset_dict|state|metadata)(?:[._-].*)?"
    r"|.*-multistream-index\d*\.txt.*|(?:labeled|unsup)bow\.feat|imdb\.vocab|imdber\.txt"
    r"|.*\.(?:md5|sha1|sha256|sha512|license|crc)",
    re.IGNORECASE,
)
# What `datasets` and the Hub write beside files, however few, and what the first also writes.
_HUB_INFOS = re.compile(r"dataset_(?:infos?|dict)\.json")
_STATE = "state.json"
# What Spark, Dask, Delta Lake and Databricks write beside their files.
_ENGINE_SIDE = re.compile(
    r"(?:.*/)?(?:_SUCCESS|_(?:common_)?metadata|_(?:committed|started)_\d+"
    r"|_(?:delta_log|change_data|spark_metadata|temporary)/.+)"
)
# What the cache of the Hub has of revisions: files of one hash each.
_HUB_SIDE = re.compile(r"(?:.*/)?refs/.+")
# What a model has beside its data, however little of that, and what says so by its content.
_MODEL_SIDE = re.compile(
    r"(?:(?:generation_|preprocessor_|tokenizer_)?config|tokenizer|special_tokens_map|added_tokens)\.json"
)
_HASHES = "a list of checksums"
_OF_TOKENIZERS = ("a vocabulary", "merges")
_SHOWN = 5
_MANY, _ODD_AMONG_MANY = 100, 0.01
_MOST_PATTERNS = 12


@dataclass(frozen=True)
class Selection:
    """Globs that choose among the files below folders; each fits a file's name, or its path.

    Attributes:
        include, exclude: the globs.
        names: in a mixture, of each INPUT the name of the input that it is of.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def takes(self, relative: str) -> bool:
        """Whether it chooses a file, by its path relative to its INPUT."""
        return (not self.include or fits(relative, self.include)) and not fits(
            relative, self.exclude
        )

    def idle(self, relatives: Sequence[str]) -> list[str]:
        """The options that fit none of the files."""
        options = [("--include", glob) for glob in self.include]
        options += [("--exclude", glob) for glob in self.exclude]
        return [f"{flag} {g}" for flag, g in options if not any(fits(r, (g,)) for r in relatives)]


def fits(relative: str, globs: Iterable[str]) -> bool:
    """Whether a path, or its name, fits one of some globs: those with a slash are for paths.

    Args:
        relative: the path, relative to its INPUT.
        globs: as of ``--include``.
    """
    name = relative.rpartition("/")[2]
    return any(fnmatchcase(relative if "/" in glob else name, glob) for glob in globs)


@dataclass(frozen=True)
class Looked:
    """A file that was looked at: what it is, or why it cannot be read."""

    relative: str
    is_named: bool
    result: InputFile | InputError
    size: int = 0


def without_sides(
    looked: Sequence[Looked], are_chosen: bool = False
) -> tuple[list[Looked], list[str]]:
    """The files but for a few beside many that are no corpus, and the names of these.

    Of files that --include chose, only what `datasets` writes beside its own is left out.
    """
    formats = Counter(file.result.format for file in looked if isinstance(file.result, InputFile))

    are_sides = [_is_of_dataset(f, formats) if are_chosen else _is_side(f) for f in looked]
    sides = list(compress(looked, are_sides))
    kept = list(compress(looked, map(not_, are_sides)))
    formats = Counter(file.result.format for file in kept if isinstance(file.result, InputFile))
    few = [file for file in sides if not (_is_unasked(file) or _is_of_dataset(file, formats))]
    if not sides or not formats or len(few) > formats.total():
        return list(looked), []
    return kept, sorted(file.relative for file in sides)


def few_odd(looked: Sequence[Looked]) -> list[int]:
    """Which of many files look like no prose, but are named as the others and hardly any.

    Each document of a corpus may be a file of its own, and among thousands are some of lists, of
    figures or with code; in one file with the others they would be read, too.
    """
    endings = Counter(_ending(file.relative) for file in looked)
    ending, count = endings.most_common(1)[0] if endings else ("", 0)
    odd = [
        i
        for i, file in enumerate(looked)
        if _is_odd(file.result) and _ending(file.relative) == ending and not file.is_named
    ]
    most = _ODD_AMONG_MANY * len(looked)
    total = sum(file.size for file in looked)
    is_few = len(odd) <= most and sum(looked[i].size for i in odd) <= _ODD_AMONG_MANY * total
    return odd if count >= _MANY and is_few else []


def _is_odd(result: InputFile | InputError) -> bool:
    if isinstance(result, InputFile):
        return bool(result.warning)
    return isinstance(result, RefusedError) and result.is_text


def describe_odd(odd: Sequence[Looked], count: int) -> str:
    """The line for the user."""
    shown = [
        f"{file.relative} ({_kind(file.result)})" if isinstance(file.result, InputError)
        else file.relative
        for file in odd
    ]  # fmt: skip
    return (
        f"{plural(len(odd), 'file')} of {count:,} look like no prose or odd prose, and are read as "
        f"the others are, being so few: {_listed(shown)} (--exclude leaves them out)"
    )


def _ending(relative: str) -> str:
    return relative.rpartition("/")[2].rpartition(".")[2]


def _is_of_dataset(file: Looked, formats: Mapping[FileFormat, int]) -> bool:
    name = file.relative.rpartition("/")[2]
    is_named_so = _HUB_INFOS.fullmatch(name) or (name == _STATE and "arrow" in formats)
    return bool(is_named_so and formats) and not file.is_named


def _is_unasked(file: Looked) -> bool:
    """Whether it is no corpus however little there is beside it."""
    is_of_engine = _ENGINE_SIDE.fullmatch(file.relative)
    return bool(is_of_engine) or _is_of_model(file) or _is_of_hub(file)


def _is_of_hub(file: Looked) -> bool:
    is_hash = isinstance(file.result, RefusedError) and file.result.finding.kind == _HASHES
    return is_hash and bool(_HUB_SIDE.fullmatch(file.relative))


def _is_of_model(file: Looked) -> bool:
    if isinstance(file.result, RefusedError) and file.result.finding.kind in _OF_TOKENIZERS:
        return True
    return bool(_MODEL_SIDE.fullmatch(file.relative.rpartition("/")[2]))


def _is_side(file: Looked) -> bool:
    if file.is_named:
        return False
    if isinstance(file.result, RefusedError) and file.result.finding.is_side:
        return True
    name = file.relative.rpartition("/")[2]
    return _is_unasked(file) or bool(_SIDE_NAME.fullmatch(name))


def describe_sides(names: Sequence[str], count: int) -> str:
    """The line for the user."""
    return (
        f"left out {plural(len(names), 'file')} beside {plural(count, 'file')} of text: "
        f"{_listed(names)} (name such a file itself to read it)"
    )


def all_refusals(looked: Sequence[Looked]) -> InputError | None:
    """One error for all files that cannot be read."""
    refused = [file for file in looked if isinstance(file.result, InputError)]
    if not refused:
        return None
    first = refused[0].result
    assert isinstance(first, InputError)
    if len(refused) == 1:
        return first
    shown = [f"{file.relative} ({_kind(file.result)})" for file in refused]
    found = f"{len(refused)} of {plural(len(looked), 'file')} are not read: {_listed(shown)}"
    if len(refused) == len(looked):
        return InputError(f"{found}; the first: {first}")
    globs = _excluding(looked, {file.relative for file in refused})
    return InputError(f"{found}; leave them out by {globs}; the first: {first}")


def _kind(result: InputFile | InputError) -> str:
    if isinstance(result, RefusedError):
        return result.finding.kind.removeprefix("is ")
    return "cannot be read" if "cannot be read" in str(result) else "refused"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    shown = ", ".join(names[:_SHOWN])
    return f"{shown} and {more:,} more" if more > 0 else shown


def _excluding(looked: Sequence[Looked], refused: set[str]) -> str:
    """Options that leave out the refused files and none of the others."""
    good = [file.relative for file in looked if file.relative not in refused]
    globs: list[str] = []
    for relative in sorted(refused):
        if fits(relative, globs):
            continue
        name = relative.rpartition("/")[2]
        stem, dot, ending = name.rpartition(".")
        folder = relative.partition("/")[0]
        wider = [f"*.{ending}"] if dot and stem else []
        wider += [f"{folder}/*"] if "/" in relative else []
        wider += [name, relative]
        globs.append(
            next(g for g in wider if g == relative or not any(fits(r, (g,)) for r in good))
        )
    more = " ..." if len(globs) > _MOST_PATTERNS else ""
    return " ".join(f"--exclude '{glob}'" for glob in globs[:_MOST_PATTERNS]) + more
