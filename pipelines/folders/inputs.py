"""The files to read: those that the INPUTs name, chosen, looked at, and what is said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from typing import NamedTuple

from bertprep.common.units import plural
from bertprep.corpus.files import InputFile, distinct_names
from bertprep.corpus.input_table import InputTable
from bertprep.corpus.mixture import check_weights
from bertprep.errors import InputError
from bertprep.options import ReadOptions
from pipelines.folders.chosen_files import choose_files
from pipelines.folders.finished_folder import texts_of
from pipelines.folders.named_sets import describe_revisions, describe_sets
from pipelines.folders.recognise_files import look_at, look_at_all
from pipelines.folders.selection import (
    Selection,
    all_refusals,
    describe_odd,
    describe_sides,
    few_odd,
    without_sides,
)


class Inputs(NamedTuple):
    """The files to read, and what is to be said of how they were chosen."""

    files: InputTable
    notes: list[str]


def find_inputs(
    patterns: Sequence[str], options: ReadOptions, selection: Selection | None = None
) -> Inputs:
    """All files the INPUTs name, each once, recognised by their content.

    Args:
        patterns: the INPUTs: files, folders or globs.
        options: how they are to be read.
        selection: which of the files below folders are taken; None for all.

    Raises:
        InputError: if there are none, none holds a byte, or some are of an unknown kind.
        UsageError: for weights of inputs that are not there.
    """
    selection = selection or Selection()
    patterns = list(map(texts_of, patterns))
    check_weights(options, selection.names)
    if not selection.names:
        return _find_one(patterns, options, selection)
    every: list[InputTable] = []
    notes: list[str] = []
    for name in dict.fromkeys(selection.names):
        own = [p for p, of in zip(patterns, selection.names, strict=True) if of == name]
        found = _find_one(own, options, replace(selection, names=()))
        named = (replace(f, name=f"{name}/{f.name}", input=name) for f in found.files)
        every.append(InputTable.of(named))
        notes.extend(found.notes)
    if shared := _in_several(every):
        notes.append(shared)
    return Inputs(InputTable.of(chain.from_iterable(every)), notes)


def _in_several(inputs: Sequence[InputTable]) -> str:
    """The line for the user where one file is of several inputs of a mixture; else nothing."""
    counts = Counter(chain.from_iterable({file.path for file in each} for each in inputs))
    shared = [path for path, count in counts.items() if count > 1]
    if not shared:
        return ""
    return f"{plural(len(shared), 'file')} in several inputs of the mixture, such as {shared[0]}"


def _find_one(patterns: Sequence[str], options: ReadOptions, selection: Selection) -> Inputs:
    """All files of one input of a mixture, or of all where there is none."""
    hidden: list[str] = []
    found, faults, notes = choose_files(patterns, selection, hidden)
    names = distinct_names([file.found.relative for file in found], [f.path for f in found])
    if not any(file.found.size for file in found) and not faults:
        raise InputError(
            f"the input is empty: {plural(len(found), 'file')} in {', '.join(patterns)}, 0 bytes"
        )

    looked = look_at_all(found, names, options)
    odd = few_odd(looked) if options.input_format == "auto" else []
    if odd:
        notes.append(describe_odd([looked[i] for i in odd], len(looked)))
    as_text = replace(options, input_format="text")
    for i in odd:
        looked[i] = replace(looked[i], result=look_at(found[i].found, names[i], as_text))
    looked = [*faults, *looked]
    kept, sides = without_sides(looked, bool(selection.include))
    if refusal := all_refusals(kept):
        raise refusal
    if sides or hidden:
        notes.append(describe_sides(sorted({*sides, *hidden}), len(kept)))
    unnamed = [file.relative for file in kept if not file.is_named]
    notes.extend(filter(None, (describe_sets(unnamed), describe_revisions(unnamed))))
    readable = (file.result for file in kept if isinstance(file.result, InputFile))
    return Inputs(InputTable.of(readable), notes)
