"""What the user is told before and after a run, as text."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

from bertprep.common.drops import REASONS
from bertprep.common.units import size
from bertprep.corpus.files import InputFile
from bertprep.corpus.formats.registry import FORMATS, recognised_formats
from bertprep.corpus.oddities import oddity_warnings
from bertprep.corpus.repeats import describe_repeats
from bertprep.examples.statistics import predictions_kept
from bertprep.options import OFFICIAL_POSITIONS, ReadOptions, ShardOptions
from bertprep.shards.manifest_types import (
    CorpusManifest,
    Manifest,
    PreparedManifest,
    ShardManifest,
    VocabManifest,
)

_SENTENCES = {
    "rules": "sentences by rules, a line break ends one",
    "wrapped": "sentences by rules, lines are hard-wrapped",
    "lines": "one sentence a line",
}
_WITH_FIELDS = {name for name, known in FORMATS.items() if known.has_fields}
_SEGMENTED = {name for name, known in FORMATS.items() if known.is_segmented}

_MANY_UNKNOWN = 0.05
_BINS_WIDTH = 84
_ODD_SHOWN = 5


def describe_inputs(
    corpus: Sequence[InputFile], read: ReadOptions, workers: int | None, in_sentences: bool = True
) -> str:
    """What will be read, as what, and by how many processes (None: as the runner decides)."""
    formats = {file.format for file in corpus}
    total = size(sum(file.size for file in corpus))
    kinds = []
    for name, count, why in (entry.values() for entry in recognised_formats(corpus, read)):
        detail = FORMATS[name].detail(read)
        kinds.append(f"{_files(count)} of {FORMATS[name].shown} ({why}){detail and f', {detail}'}")
    if in_sentences and _SEGMENTED & formats:
        kinds.append(_SENTENCES[read.sentences])
    return f"reading {total}: {'; '.join(kinds)}; {_processes(workers)}"


def input_warnings(corpus: Sequence[InputFile], read: ReadOptions) -> list[str]:
    """Options that none of the files is read by, and files that are odd."""
    formats = {file.format for file in corpus}
    odd = [file.warning for file in corpus if file.warning]
    if len(odd) > _ODD_SHOWN:
        odd[_ODD_SHOWN:] = [f"{_files(len(odd) - _ODD_SHOWN)} more are odd in such ways"]
    return odd + [
        f"--{name.replace('_', '-')} has no effect: no INPUT is {kind}"
        for name, kind, concerned in (
            ("text_field", "JSON or a table", _WITH_FIELDS),
            ("documents", "plain text", {"text"}),
            ("document_separator", "plain text", {"text"}),
            ("sentences", "text to find sentences in", _SEGMENTED),
            ("keep_titles", "WikiExtractor's", {"wikiextractor", *_WITH_FIELDS}),
        )
        if getattr(read, name) != getattr(ReadOptions, name) and not concerned & formats
    ]


def _processes(workers: int | None) -> str:
    if workers is None:
        return "as many processes as the runner starts"
    return "1 process" if workers == 1 else f"{workers} processes"


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"


def describe_corpus(folder: str, sums: Mapping[str, int], inputs: int, workers: int | None) -> str:
    """What was prepared before and will be read, and by how many processes."""
    counts = f"{sums['documents']:,} documents, {sums['tokens']:,} tokens"
    return f"reading {folder}: {counts}, prepared from {_files(inputs)}; {_processes(workers)}"


def describe_space(space: Mapping[str, int]) -> str:
    """What a run will take of the disk, by what for."""
    return "about " + " and ".join(f"{size(n)} of {what}" for what, n in space.items() if n)


def shard_warnings(options: ShardOptions) -> list[str]:
    """What is allowed but probably not meant."""
    warnings = [
        f"--{name.replace('_', '-')} has no effect with --masking none: give it to the loader, in "
        "its MaskingOptions"
        for name in ("masked_lm_prob", "mask_replace_prob", "random_replace_prob")
        if options.masking == "none" and getattr(options, name) != getattr(ShardOptions, name)
    ]
    kept = predictions_kept(
        options.max_seq_length, options.max_predictions_per_seq, options.masked_lm_prob
    )
    if kept < 1 and options.masking != "none":
        wanted = round(options.max_seq_length * options.masked_lm_prob)
        warnings.append(
            f"--max-predictions-per-seq {options.max_predictions_per_seq} caps every row of over "
            f"{int(options.max_predictions_per_seq / options.masked_lm_prob)} tokens: a full row "
            f"of {options.max_seq_length} would have {wanted} predictions and keeps {kept:.0%} "
            f"({kept * options.masked_lm_prob:.1%} masked, not {options.masked_lm_prob:.0%})"
        )
    if options.max_seq_length > OFFICIAL_POSITIONS:
        warnings.append(
            f"--max-seq-length {options.max_seq_length} is over the {OFFICIAL_POSITIONS} positions "
            "of the official BERT models"
        )
    return warnings


def describe_vocab(manifest: VocabManifest, asked: int, output: str) -> str:
    """The result of ``bertprep vocab``."""
    config, found = manifest.options, manifest.vocabulary.size
    lines = [
        _line("documents", f"{manifest.documents:,}"),
        _line("words", f"{manifest.words:,}, {manifest.distinct_words:,} distinct"),
        _line("vocabulary", f"{found:,} tokens, {_casing(manifest)}"),
        *_drop_lines(manifest.drops),
        _line("output", f"{output} (vocab.txt, tokenizer.json, tokenizer_config.json)"),
    ]
    if found < asked:
        lines.append(
            f"warning: the corpus gives {found:,} tokens of {asked:,} asked for: no other piece "
            f"has a count of {config.min_frequency} (--min-frequency) in words of its "
            f"{config.limit_alphabet:,} most frequent characters (--limit-alphabet); give more "
            "text or a smaller --vocab-size"
        )
    return "\n".join(lines)


def describe_prepared(manifest: PreparedManifest, output: str) -> str:
    """The result of ``bertprep prepare``, and the figures of ``bertprep inspect``."""
    stored, tokens = sum(file.size for file in manifest.prepared), manifest.tokens
    lines = [
        *_corpus_lines(manifest),
        *_drop_lines(manifest.drops),
        _line(
            "output",
            f"{output}: {_files(len(manifest.prepared))}, {size(stored)}, "
            f"{stored / tokens:.2f} bytes a token",
        ),
        _line("next", f"bertprep shard {output} --output SHARDS, as often as you like"),
        *_unknown_warning(manifest),
        *_text_warnings(manifest),
    ]
    return "\n".join(lines)


def describe_shards(manifest: ShardManifest, output: str) -> str:
    """The result of ``bertprep shard``, and the figures of ``bertprep inspect``."""
    config, share = manifest.options, manifest.statistics
    stored = sum(shard.size for shard in manifest.shards)
    tokens = manifest.sums["tokens_in_rows"]
    lines = [
        *_corpus_lines(manifest),
        _line(
            "examples",
            f"{manifest.examples:,} in {_passes(config.dupe_factor)}, "
            f"{share['mean_length']:.1f} tokens of {config.max_seq_length} each",
        ),
        *_pack_lines(manifest),
        *_pair_lines(manifest),
        *_mask_lines(manifest),
        _line(
            "padding", f"{share['padding_share']:.1%}, {share['full_row_share']:.1%} of rows full"
        ),
        *_bin_lines(manifest),
        *_drop_lines(manifest.drops),
        _line(
            "output",
            f"{output}: {len(manifest.shards)} {config.output_format} "
            f"{'shard' if len(manifest.shards) == 1 else 'shards'} in the {config.layout} "
            f"layout, {size(stored)}, {stored / tokens:.2f} bytes a token",
        ),
    ]
    warnings = [*_one_label_warning(manifest), *_unknown_warning(manifest)]
    return "\n".join([*lines, *warnings, *_text_warnings(manifest)])


def _text_warnings(manifest: CorpusManifest) -> list[str]:
    """What the text holds that it should not."""
    return [f"warning: {text}" for text in oddity_warnings(manifest.sums)]


def _repeat_lines(manifest: CorpusManifest) -> list[str]:
    said = describe_repeats(manifest.repeated_lines, manifest.documents)
    return [_line("repeated", said)] if said else []


def _one_label_warning(manifest: ShardManifest) -> list[str]:
    if manifest.options.task != "nsp":
        return []
    if manifest.statistics["positive_label_share"] < 1:
        return []
    return [
        "warning: all pairs are random, as no document has a second sentence for them, and there "
        "is nothing to learn of that: use --task none, or say what a document is by --documents"
    ]


def _corpus_lines(manifest: CorpusManifest) -> list[str]:
    unknown = manifest.statistics["unknown_token_share"]
    return [
        _line("documents", f"{manifest.documents:,}"),
        *_repeat_lines(manifest),
        _line("sentences", f"{manifest.sentences:,}"),
        _line(
            "tokens",
            f"{manifest.tokens:,} ({unknown:.3%} [UNK]), "
            f"{_casing(manifest)} vocabulary of {manifest.vocabulary.size:,}",
        ),
    ]


def _unknown_warning(manifest: CorpusManifest) -> list[str]:
    unknown = manifest.statistics["unknown_token_share"]
    marked = any(file.format == "ptb" for file in manifest.inputs)
    if unknown <= _MANY_UNKNOWN or marked:
        return []
    return [
        f"warning: {unknown:.0%} of the tokens are [UNK]: the vocabulary does not fit this text; "
        "learn one from it with `bertprep vocab`, or give that of its language"
    ]


def _mask_lines(manifest: ShardManifest) -> list[str]:
    share = manifest.statistics
    if "masked_share" not in share:
        return [_line("masked", "nothing: the rows are stored for a loader to mask")]
    lines = [
        _line(
            "masked",
            f"{share['masked_share']:.2%} of tokens: {share['mask_token_share']:.1%} [MASK], "
            f"{share['random_token_share']:.1%} random, {share['kept_token_share']:.1%} kept",
        )
    ]
    if share["capped_row_share"]:
        limit = manifest.options.max_predictions_per_seq
        rows = "examples" if manifest.pack else "rows"
        lines.append(
            _line("capped", f"{share['capped_row_share']:.1%} of {rows}, at {limit} predictions")
        )
    return lines


def _passes(count: int) -> str:
    return "1 pass" if count == 1 else f"{count} passes"


def _pair_lines(manifest: ShardManifest) -> list[str]:
    task = manifest.options.task
    share = f"{manifest.statistics['positive_label_share']:.1%} of pairs"
    over = f"{manifest.sums['truncated_tokens']:,} tokens over the length"
    truncated = _line("truncated", over)
    if task == "nsp":
        few, many = manifest.pools.smallest, manifest.pools.largest
        among = f"{many:,}" if few == many else f"{few:,} to {many:,}"
        return [_line("random next", f"{share}, drawn from {among} documents"), truncated]
    return [_line("swapped", share), truncated] if task == "sop" else []


def _pack_lines(manifest: ShardManifest) -> list[str]:
    counts = manifest.pack
    if not counts:
        return []
    each = counts.examples / counts.rows
    rows = f"into {counts.rows:,} rows, {each:.1f} examples each"
    return [_line("packed", f"{rows}, {counts.fill_share:.2%} of slots filled")]


def _bin_lines(manifest: ShardManifest) -> list[str]:
    if not manifest.options.bin_size:
        return []
    rows = sorted(manifest.rows_by_bin.items())
    bins = ", ".join(f"to {longest}: {count:,}" for longest, count in rows)
    padding = f"{manifest.statistics['padding_share_in_bins']:.1%} padding within bins"
    lines = textwrap.wrap(f"rows by tokens {bins}; {padding}", _BINS_WIDTH)
    return [_line("" if i else "bins", line) for i, line in enumerate(lines)]


def _drop_lines(drops: Mapping[str, int]) -> list[str]:
    if not drops:
        return [_line("left out", "nothing")]
    return [
        _line("left out" if i == 0 else "", f"{reason} {count:,} ({REASONS.get(reason, reason)})")
        for i, (reason, count) in enumerate(drops.items())
    ]


def _casing(manifest: Manifest) -> str:
    return "uncased" if manifest.vocabulary.lowercase else "cased"


def _line(name: str, text: str) -> str:
    return f"{name:<12} {text}"
