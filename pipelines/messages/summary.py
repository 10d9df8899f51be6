"""The result of a run, as it is told at its end."""

from __future__ import annotations

from collections.abc import Sequence

from bertprep.common.units import plural, size
from bertprep.options import VocabOptions
from bertprep.shards.cleaned import Cleaned
from bertprep.shards.manifest_types import (
    Alphabet,
    CorpusManifest,
    PreparedManifest,
    ShardManifest,
    VocabManifest,
)
from pipelines.messages.corpus_figures import (
    casing,
    cleaning_lines,
    corpus_lines,
    drop_lines,
    mixture_lines,
    named_line,
)
from pipelines.messages.row_figures import (
    bin_lines,
    in_passes,
    mask_lines,
    pack_lines,
    pair_lines,
    use_lines,
)

_SHOWN_CHARACTERS = 8


def vocab_warnings(manifest: VocabManifest, asked: int) -> list[str]:
    """Warnings of results that the user will not have wanted."""
    config, found = manifest.options, manifest.vocabulary.size
    if found >= asked:
        return []
    return [
        f"the corpus gives {found:,} tokens of {asked:,} asked for: no other piece "
        f"has a count of {config.min_frequency or 1} (--min-frequency) in words of its "
        f"{_limit(config)}characters (--limit-alphabet); give more text or a smaller --vocab-size"
    ]


def describe_vocab(
    manifest: VocabManifest, asked: int, output: str, warned: Sequence[str] = ()
) -> str:
    """The result of ``bertprep vocab``.

    Args:
        manifest: of the vocabulary.
        asked: how many tokens were asked for; 0 if that is not known.
        output: its folder.
        warned: the other warnings that were given.
    """
    warnings = (*warned, *vocab_warnings(manifest, asked))
    lines = [
        named_line("documents", f"{manifest.documents:,}"),
        *cleaning_lines(manifest),
        *mixture_lines(manifest),
        named_line("words", f"{manifest.words:,}, {manifest.distinct_words:,} distinct"),
        named_line(
            "vocabulary",
            f"{manifest.vocabulary.size:,} tokens, {casing(manifest)}{_seen_once(manifest)}",
        ),
        *_alphabet_lines(manifest.alphabet),
        *drop_lines(manifest.drops),
        named_line("output", f"{output} (vocab.txt, tokenizer.json, tokenizer_config.json)"),
    ]
    return "\n".join([*lines, *(f"warning: {text}" for text in warnings)])


def _seen_once(manifest: VocabManifest) -> str:
    if not manifest.seen_once:
        return ""
    return (
        f"; {manifest.seen_once:,} are of pairs seen once, as all others are used up "
        "(--min-frequency 2 leaves them out)"
    )


def _limit(options: VocabOptions) -> str:
    limit = options.limit_alphabet
    return "most frequent " if limit is None else f"{limit:,} most frequent "


def _alphabet_lines(alphabet: Alphabet) -> list[str]:
    left = alphabet.characters
    if not left:
        return [named_line("characters", f"{alphabet.known:,}, which are all there are")]
    shown = " ".join(left[:_SHOWN_CHARACTERS]) + (" ..." if len(left) > _SHOWN_CHARACTERS else "")
    return [
        named_line(
            "characters",
            f"{alphabet.known:,}; {len(left):,} left out ({shown}): "
            f"{alphabet.words_share:.3%} of the words are [UNK]",
        )
    ]


def describe_cleaned(found: Cleaned, output: str, warned: Sequence[str] = ()) -> str:
    """The result of ``bertprep clean``.

    Args:
        found: what was counted.
        output: the folder of the texts.
        warned: the warnings that were given.
    """
    share = found.kept_text_bytes / found.text_bytes
    lines = [
        named_line("documents", f"{found.documents:,}"),
        named_line("kept", f"{found.kept_documents:,}, {share:.1%} of the text"),
        *drop_lines(found.drops),
        named_line("output", f"{output}: {size(found.kept_text_bytes)} of text as JSON lines"),
    ]
    return "\n".join([*lines, *(f"warning: {text}" for text in warned)])


def describe_prepared(manifest: PreparedManifest, output: str, warned: Sequence[str] = ()) -> str:
    """The result of ``bertprep prepare``, and the figures of ``bertprep inspect``.

    Args:
        manifest: of the corpus.
        output: its folder.
        warned: the warnings that were given at the begin of the run.
    """
    stored, tokens = sum(file.size for file in manifest.prepared), manifest.tokens
    lines = [
        *corpus_lines(manifest),
        *drop_lines(manifest.drops, manifest.drop_names),
        named_line(
            "output",
            f"{output}: {plural(len(manifest.prepared), 'file')}, {size(stored)}, "
            f"{stored / tokens:.2f} bytes a token",
        ),
        named_line("next", f"bertprep shard {output} --output SHARDS, as often as you like"),
        *_warning_lines(manifest, warned),
    ]
    return "\n".join(lines)


def describe_shards(manifest: ShardManifest, output: str, warned: Sequence[str] = ()) -> str:
    """The result of ``bertprep shard``, and the figures of ``bertprep inspect``.

    Args:
        manifest: of the shards.
        output: their folder.
        warned: the warnings that were given at the begin of the run.
    """
    config, share = manifest.options, manifest.statistics
    stored = sum(shard.size for shard in manifest.shards)
    tokens = manifest.sums["tokens_in_rows"]
    lines = [
        *corpus_lines(manifest),
        named_line(
            "examples",
            f"{manifest.examples:,} in {in_passes(config.dupe_factor)}, "
            f"{share['mean_length']:.1f} tokens of {config.max_seq_length} each",
        ),
        *use_lines(manifest),
        *pack_lines(manifest),
        *pair_lines(manifest),
        *mask_lines(manifest),
        named_line(
            "padding", f"{share['padding_share']:.1%}, {share['full_row_share']:.1%} of rows full"
        ),
        *bin_lines(manifest),
        *drop_lines(manifest.drops, manifest.drop_names),
        named_line(
            "output",
            f"{output}: {len(manifest.shards)} {config.output_format} "
            f"{'shard' if len(manifest.shards) == 1 else 'shards'} in the {config.layout} "
            f"layout, {size(stored)}, {stored / tokens:.2f} bytes a token",
        ),
    ]
    return "\n".join([*lines, *_warning_lines(manifest, warned)])


def _warning_lines(manifest: CorpusManifest, warned: Sequence[str]) -> list[str]:
    """The warnings of the run's begin once more, and those of its outcome."""
    texts = (*warned, *(finding.text for finding in manifest.warnings))
    return [f"warning: {text}" for text in texts]
