"""The rows of a run against bounds: pairs, truncation, predictions, what is in no row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bertprep.corpus.formats.registry import ROW_FORMATS
from bertprep.report.warnings import (
    LEAST_SENTENCES,
    prepared_findings,
    sentence_rule,
    share_of,
    sums_of,
)
from bertprep.shards.manifest_types import Finding, ShardManifest

_LEAST_DOCUMENTS = 50
_LEAST_ROWS = 500
_SHORT_MEAN, _MANY_LONE_MARKS = 5, 0.05
_LEAST_RANDOM, _MOST_RANDOM = 0.48, 0.70
_MANY_SINGLE, _RANDOM_WITH_SINGLE = 0.35, 0.65
_MANY_UNPREDICTABLE = 0.01
# Of tokens of a row: the share of sentences that may be longer than half of it, and of tokens that
# may be truncated.
_LONG_SENTENCES = {64: 0.75, 128: 0.25, 256: 0.1, 512: 0.05}
_TRUNCATED = {64: 0.4, 128: 0.27, 256: 0.25}
# Long sentences that fit after all do no harm.
_TRUNCATED_BY_LONG = 0.15
_MANY_UNSEEN, _PASSES_TO_SEE = 0.05, 5


def shard_findings(manifest: ShardManifest) -> list[Finding]:
    """The figures of text, tokens and rows that are out of bounds."""
    rules = (_broken_up, _unpredictable, _truncated, _unseen, _long_sentences)
    found = [*prepared_findings(manifest), *(f for rule in rules for f in rule(manifest))]
    if manifest.options.task == "nsp":
        found.extend(_random_next(manifest))
    return found


def _broken_up(manifest: ShardManifest) -> Iterator[Finding]:
    """A token a line: short sentences alone may be a poem or a list, lone stops are not."""
    sums, sentences = sums_of(manifest), manifest.sentences
    mean, lone = share_of(manifest.tokens, sentences), share_of(sums["lone_marks"], sentences)
    if sentences >= LEAST_SENTENCES and mean < _SHORT_MEAN and lone > _MANY_LONE_MARKS:
        yield Finding(
            "short_mean_sentence",
            round(mean, 2),
            f"a sentence has {mean:.1f} tokens on average, and {lone:.0%} are a punctuation mark "
            "alone: each line holds a word, not a sentence; use --sentences wrapped",
        )


def _unpredictable(manifest: ShardManifest) -> Iterator[Finding]:
    dropped = manifest.drops.get("nothing_to_predict", 0)
    share = share_of(dropped, dropped + sums_of(manifest)["examples"])
    if share <= _MANY_UNPREDICTABLE or dropped < _LEAST_ROWS * _MANY_UNPREDICTABLE:
        return
    why = "all their tokens are [UNK]; learn a vocabulary of this text with `bertprep vocab`"
    if manifest.options.masking == "whole-word":
        why = (
            "each of their words has more pieces than may be predicted, or is [UNK]; use --masking "
            "token, or a vocabulary of this text"
        )
    yield Finding(
        "rows_without_predictions", round(share, 4), f"{share:.1%} of the rows were left out: {why}"
    )


def _by_length(bounds: Mapping[int, float], max_seq_length: int) -> float:
    """The bound for rows of this length: that of the next shorter length there is one of."""
    return bounds[max((length for length in bounds if length <= max_seq_length), default=64)]


def _truncated(manifest: ShardManifest) -> Iterator[Finding]:
    sums, length = sums_of(manifest), manifest.options.max_seq_length
    share = share_of(sums["truncated_own_tokens"], sums["offered_tokens"])
    if sums["examples"] >= _LEAST_ROWS and share > _by_length(_TRUNCATED, length):
        yield Finding(
            "truncated_tokens",
            round(share, 4),
            f"{share:.0%} of the tokens a pass are cut off at {length} tokens a row: "
            f"{_why_long(manifest)}",
        )


def _long_sentences(manifest: ShardManifest) -> Iterator[Finding]:
    sums, length = sums_of(manifest), manifest.options.max_seq_length
    share = share_of(sums["long_sentences"], manifest.sentences)
    enough = manifest.sentences >= LEAST_SENTENCES
    paired = manifest.options.is_paired
    harms = share_of(sums["truncated_own_tokens"], sums["offered_tokens"]) > _TRUNCATED_BY_LONG
    if enough and paired and harms and share > _by_length(_LONG_SENTENCES, length):
        yield Finding(
            "long_sentences",
            round(share, 4),
            f"{share:.0%} of the sentences are longer than half a row of {length} tokens: "
            f"{_why_long(manifest)}",
        )


def _unseen(manifest: ShardManifest) -> Iterator[Finding]:
    sums, passes = sums_of(manifest), manifest.options.dupe_factor
    share = share_of(sums["unseen_tokens"], manifest.tokens)
    enough = sums["examples"] >= _LEAST_ROWS and passes >= _PASSES_TO_SEE
    if enough and share > _MANY_UNSEEN:
        yield Finding(
            "unseen_tokens",
            round(share, 4),
            f"{share:.0%} of the tokens are in no row of {passes} passes: {_why_long(manifest)}",
        )


def _why_long(manifest: ShardManifest) -> str:
    if sentence_rule(manifest) == "lines":
        return (
            "lines hold more than one sentence, or rows are short; use --sentences rules, or a "
            "larger --max-seq-length"
        )
    return (
        "rows are short for this text; use a larger --max-seq-length, or --task none, which "
        "fills rows without pairs"
    )


def _with_next_sentences(manifest: ShardManifest) -> str:
    """How to have documents of more sentences."""
    formats = {file.format for file in manifest.inputs}
    if formats and formats <= ROW_FORMATS:
        return (
            "if rows are the sentences of longer texts, one after the other, as of BookCorpus, use "
            "--input-format bookcorpus; if they are parts of longer texts, put each text in one; "
            "if not, use --task none"
        )
    if formats - {"text"}:
        return "if they are parts of longer texts, put each text in one; if not, use --task none"
    return (
        "if they are parts of longer texts, put each text in a file of its own and use "
        "--documents file, or name what parts texts by --document-separator; if not, use "
        "--task none"
    )


def why_random_next(manifest: ShardManifest) -> str:
    """The reason for many random pairs, in the figures of the documents, and what helps."""
    sentences = manifest.sentences / max(1, manifest.documents)
    length = manifest.tokens / max(1, manifest.sentences)
    single = share_of(sums_of(manifest)["single_sentence_documents"], manifest.documents)
    room = manifest.options.max_num_tokens
    cause = (
        f"the B of a chunk of one sentence is always random; documents have {sentences:.1f} "
        f"sentences of {length:.0f} tokens on average, {single:.0%} of them one alone, and a row "
        f"has room for {room}"
    )
    if sentences * length > 2 * room:  # not the documents are short, but the rows
        return f"{cause}: use a larger --max-seq-length, or see that sentences end where they do"
    return f"{cause}: {_with_next_sentences(manifest)}"


def _random_next(manifest: ShardManifest) -> Iterator[Finding]:
    share = manifest.statistics["positive_label_share"]
    if share == 1:
        yield Finding(
            "all_pairs_random",
            1.0,
            "all pairs are random, as no document has a second sentence for them, and there is "
            f"nothing to learn of that: {_with_next_sentences(manifest)}",
        )
        return
    if sums_of(manifest)["examples"] < _LEAST_ROWS:
        return
    documents = manifest.documents
    single = share_of(sums_of(manifest)["single_sentence_documents"], documents)
    if documents >= _LEAST_DOCUMENTS and single > _MANY_SINGLE and share > _RANDOM_WITH_SINGLE:
        yield Finding(
            "single_sentence_documents",
            round(single, 4),
            f"{single:.0%} of the documents are one sentence, which has no next one, and "
            f"{share:.0%} of the pairs are random: {_with_next_sentences(manifest)}",
        )
    elif not _LEAST_RANDOM <= share <= _MOST_RANDOM:
        yield Finding(
            "random_next_share",
            share,
            f"{share:.1%} of the pairs are random, not about half: most documents or what rows "
            f"hold of them are a sentence or two: {_with_next_sentences(manifest)}",
        )
