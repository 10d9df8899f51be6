"""The manifest of a run, made of the report of its steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from bertprep.common.drops import Samples
from bertprep.examples.bins import padding_share
from bertprep.examples.coverage import use_shares
from bertprep.examples.statistics import shares
from bertprep.options import PrepareOptions, ReadOptions, ShardOptions, VocabOptions
from bertprep.shards.manifest_types import (
    Alphabet,
    Copies,
    ListedFile,
    MixedInput,
    Packing,
    Pools,
    PreparedManifest,
    ShardManifest,
    VocabManifest,
    VocabularyEntry,
)
from bertprep.shards.run_config import resolved
from bertprep.shards.versions import versions
from bertprep.vocabulary.vocabulary import Vocabulary

if TYPE_CHECKING:
    from bertprep.corpus.files import InputFile

_REPEATED_LINES = 20
_SHOWN_UNKNOWN = 20


class Counted(Protocol):
    """The report of a run's steps: their counts, and the files they wrote."""

    sums: Counter[str]
    drops: Counter[str]
    drop_samples: Samples
    repeats: dict[str, int]
    copies: dict[str, int]
    unknown_words: Counter[str]
    drop_names: Counter[str]
    texts: dict[str, list[int]]
    prepared: list[ListedFile]
    shards: list[ListedFile]
    origins: list[ListedFile]
    examples_per_document: Counter[str]
    pools: dict[str, int]


def vocab_manifest(
    read: ReadOptions,
    options: VocabOptions,
    vocabulary: Vocabulary,
    files: Sequence[InputFile],
    report: Counted,
    alphabet: Alphabet,
) -> VocabManifest:
    """The manifest of a ``vocab`` run.

    Args:
        read: how the inputs were read.
        options: how the vocabulary was learned.
        vocabulary: what was learned.
        files: the inputs.
        report: what the steps counted.
        alphabet: the characters of the text, and those that have no token.
    """
    sums = report.sums
    return VocabManifest(
        versions=versions(),
        read=read,
        options=options,
        vocabulary=_vocabulary_entry(vocabulary),
        inputs=_inputs(files),
        recognised=_recognised(files, read),
        documents=sums["documents"],
        words=sums["words"],
        distinct_words=sums["distinct_words"],
        alphabet=alphabet,
        drops=dict(report.drops),
        mixture=mixed_inputs(sums, read),
    )


def prepare_manifest(
    read: ReadOptions,
    options: PrepareOptions,
    vocabulary: Vocabulary,
    files: Sequence[InputFile],
    report: Counted,
) -> PreparedManifest:
    """The manifest of a ``prepare`` run.

    Args:
        read: how the inputs were read.
        options: how they became tokens.
        vocabulary: of these.
        files: the inputs.
        report: what the steps counted and wrote.
    """
    return PreparedManifest(
        versions=versions(options.word_segmenter, read.sentences),
        read=read,
        options=options,
        vocabulary=_vocabulary_entry(vocabulary),
        prepared=tuple(report.prepared),
        **_read_from(files, read, report),
        **_unknown(report, vocabulary),
        statistics={"unknown_token_share": _unknown_token_share(report.sums)},
    )


def shard_manifest(
    read: ReadOptions,
    options: ShardOptions,
    vocabulary: Vocabulary,
    files: Sequence[InputFile],
    report: Counted,
    dropped: Sequence[ListedFile] = (),
) -> ShardManifest:
    """The manifest of a ``shard`` run: no time, path or worker count, so that runs compare.

    Args:
        read: how the inputs were read.
        options: how rows were made of them.
        vocabulary: of the tokens.
        files: the inputs.
        report: what the steps counted and wrote.
        dropped: the files that what was left out was written to.
    """
    sums = report.sums
    manifest = ShardManifest(
        versions=versions(options.word_segmenter, read.sentences),
        read=read,
        options=resolved(options),
        vocabulary=_vocabulary_entry(vocabulary),
        rows=sum(shard.rows or 0 for shard in report.shards),
        pack=_packing(sums) if options.pack else None,
        shards=tuple(report.shards),
        **_read_from(files, read, report),
        dropped=tuple(dropped),
        origins=tuple(report.origins),
        examples_per_document=dict(report.examples_per_document),
        pools=Pools(**report.pools),
        **_unknown(report, vocabulary),
        statistics={
            "unknown_token_share": _unknown_token_share(sums),
            **shares(sums),
            **use_shares(sums),
        },
    )
    if options.bin_size is None:
        return manifest
    binned = padding_share(sums["tokens_in_rows"], manifest.rows_by_bin)
    statistics = {**manifest.statistics, "padding_share_in_bins": binned}
    return replace(manifest, statistics=statistics)


def _read_from(files: Sequence[InputFile], read: ReadOptions, report: Counted) -> dict[str, Any]:
    """The inputs, what they held, and what was left out of it."""
    sums = _with_shared(report)
    return {
        "inputs": _inputs(files),
        "recognised": _recognised(files, read),
        "repeated_lines": dict(list(report.repeats.items())[:_REPEATED_LINES]),
        **{name: report.sums[name] for name in ("documents", "sentences", "tokens")},
        "drops": dict(report.drops),
        "drop_samples": dict(report.drop_samples),
        "drop_names": dict(report.drop_names),
        "mixture": mixed_inputs(sums, read),
        "copies": Copies(**report.copies),
        "sums": dict(sorted(sums.items())),
    }


def _with_shared(report: Counted) -> dict[str, int]:
    """The sums, and of each input of a mixture the texts that others have, too."""
    if len(report.texts) < 2:
        return dict(report.sums)
    # Here, as in _recognised.
    from bertprep.corpus.mixture import SHARED
    from bertprep.corpus.shared_texts import shared_counts

    shared = shared_counts(report.texts)
    return {**report.sums, **{SHARED + name: count for name, count in shared.items() if count}}


def mixed_inputs(sums: Mapping[str, int], read: ReadOptions) -> tuple[MixedInput, ...]:
    """The shares of a mixture's inputs, by what was counted."""
    # Here, as in _recognised.
    from bertprep.corpus.mixture import DOCUMENTS, READ, SHARED, TAKEN, is_mixture, passes_of

    marks = READ, TAKEN
    names = sorted({name[len(m) :] for name in sums for m in marks if name.startswith(m)})
    taken = {name: sums.get(TAKEN + name, 0) for name in names}
    sizes = {name: sums.get(READ + name, taken[name]) for name in names}
    passes = passes_of(sizes, read) if is_mixture(read) else dict.fromkeys(names, 1.0)
    wanted = {name: sizes[name] * passes[name] for name in names}
    total = sum(wanted.values())
    return tuple(
        MixedInput(
            name,
            round(wanted[name] / total, 6),
            sizes[name],
            round(passes[name], 6),
            taken[name],
            sums.get(DOCUMENTS + name, 0),
            sums.get(SHARED + name, 0),
        )
        for name in names
    )


def _unknown(report: Counted, vocabulary: Vocabulary) -> dict[str, Any]:
    """The words behind [UNK] and the characters behind these, the most frequent first."""
    # Here, as in _recognised: it takes a tokenizer.
    from bertprep.text.unknown_words import most_frequent, unknown_characters

    words = report.unknown_words
    characters = unknown_characters(words, vocabulary)
    return {
        "unknown_words": dict(most_frequent(words, _SHOWN_UNKNOWN)),
        "unknown_characters": dict(most_frequent(characters, _SHOWN_UNKNOWN)),
    }


def _packing(sums: Mapping[str, int]) -> Packing:
    fill = round(sums["tokens_in_rows"] / sums["slots"], 6)
    return Packing(sums["examples"], sums["packed_rows"], fill)


def _vocabulary_entry(vocabulary: Vocabulary) -> VocabularyEntry:
    size, lowercase, digest = len(vocabulary), vocabulary.lowercase, vocabulary.digest
    return VocabularyEntry(vocabulary.file_name, size, lowercase, digest, vocabulary.settings)


def _unknown_token_share(sums: Mapping[str, int]) -> float:
    return round(sums["unknown_tokens"] / sums["tokens"], 6)


def _inputs(files: Sequence[InputFile]) -> Sequence[InputFile]:
    """The files without where they lie and when they changed, which is of no run's bytes."""
    # Here, as below: a trainer's process reads manifests, and makes none.
    from bertprep.corpus.input_table import InputTable

    ordered = InputTable.of(files).sorted(lambda file: file.name)
    return InputTable.of(replace(file, path="", modified=0.0) for file in ordered)


def _recognised(files: Sequence[InputFile], read: ReadOptions) -> tuple[dict[str, Any], ...]:
    # Here, as a trainer's process, which knows manifests too, needs no reader of text.
    from bertprep.corpus.formats.registry import recognised_formats

    return tuple(recognised_formats(files, read))
