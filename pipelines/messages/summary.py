"""What the user is told before and after a run, as text."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bertprep.common.drops import REASONS
from bertprep.corpus.inputs import InputFile
from bertprep.corpus.lines import PTB_DOCUMENT_BYTES
from bertprep.examples.bins import rows_by_bin
from bertprep.examples.statistics import predictions_kept
from bertprep.examples.usage import LOSSES
from bertprep.options import OFFICIAL_POSITIONS, ReadOptions, ShardOptions
from bertprep.report.outcome import outcome_of
from pipelines.messages.progress import plural, size

_TEXT_DOCUMENTS = {
    "blank-line": "documents separated by blank lines (--documents file or line for others)",
    "section": "documents separated by two blank lines or more, as chapters are (--documents "
    "blank-line, file or line for others)",
    "line": "one document a line",
    "file": "one document a file",
}
_SENTENCES = {
    "rules": "sentences by rules, a line break ends one",
    "wrapped": "sentences by rules, lines are hard-wrapped",
    "lines": "one sentence a line",
}
_FORMATS = {
    "wikiextractor": "WikiExtractor",
    "jsonl": "JSON lines",
    "text": "plain text",
    "sentence-pairs": "sentence pairs, two a line with a tab between",
    "ptb": f"PTB, one sentence a line, {PTB_DOCUMENT_BYTES >> 10} KiB a document, <unk> as [UNK]",
}
_SEGMENTED = {"text", "wikiextractor", "jsonl"}

_BINS_WIDTH = 84


def describe_inputs(
    corpus: Sequence[InputFile], read: ReadOptions, workers: int | None, in_sentences: bool = True
) -> str:
    """What will be read, as what, and by how many processes (None: as the runner decides)."""
    formats = Counter(file.format for file in corpus)
    total = size(sum(file.size for file in corpus))
    kinds = []
    for name, count in sorted(formats.items()):
        detail = f", {_TEXT_DOCUMENTS[read.documents]}" if name == "text" else ""
        kinds.append(f"{_files(count)} of {_FORMATS[name]}{detail}")
    if in_sentences and _SEGMENTED & formats.keys():
        kinds.append(_SENTENCES[read.sentences])
    return f"reading {total}: {'; '.join(kinds)}; {_processes(workers)}"


def input_warnings(corpus: Sequence[InputFile], read: ReadOptions) -> list[str]:
    """Options that none of the files is read by."""
    formats = {file.format for file in corpus}
    usual = {
        **asdict(ReadOptions(sentences=read.sentences)),
        "sentences": ReadOptions.sentences,
    }
    return [
        f"--{name.replace('_', '-')} has no effect: no INPUT is {kind}"
        for name, kind, concerned in (
            ("text_field", "JSON lines", {"jsonl"}),
            ("documents", "plain text", {"text"}),
            ("sentences", "text to find sentences in", _SEGMENTED),
            ("keep_titles", "WikiExtractor's", {"wikiextractor", "jsonl"}),
        )
        if getattr(read, name) != usual[name] and not concerned & formats
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


def describe_vocab(manifest: Mapping[str, Any], asked: int, output: str) -> str:
    """The result of ``bertprep vocab``."""
    config, found = manifest["config"]["vocab"], manifest["vocabulary"]["size"]
    lines = [
        _line("documents", f"{manifest['documents']:,}"),
        _line("words", f"{manifest['words']:,}, {manifest['distinct_words']:,} distinct"),
        _line("vocabulary", f"{found:,} tokens, {_casing(manifest)}"),
        *_drop_lines(manifest["drops"]),
        _line("output", f"{output} (vocab.txt, tokenizer.json, tokenizer_config.json)"),
    ]
    if found < asked:
        lines.append(
            f"warning: the corpus gives {found:,} tokens of {asked:,} asked for: no other piece "
            f"has a count of {config['min_frequency']} (--min-frequency) in words of its "
            f"{config['limit_alphabet']:,} most frequent characters (--limit-alphabet); give more "
            "text or a smaller --vocab-size"
        )
    return "\n".join(lines)


def describe_prepared(manifest: Mapping[str, Any], output: str, warned: Sequence[str] = ()) -> str:
    """The result of ``bertprep prepare``, and the figures of ``bertprep inspect``.

    ``warned`` are the warnings that were given at the begin of the run.
    """
    stored, tokens = sum(file["bytes"] for file in manifest["prepared"]), manifest["tokens"]
    lines = [
        *_corpus_lines(manifest),
        *_drop_lines(manifest["drops"]),
        _line(
            "output",
            f"{output}: {_files(len(manifest['prepared']))}, {size(stored)}, "
            f"{stored / tokens:.2f} bytes a token",
        ),
        _line("next", f"bertprep shard {output} --output SHARDS, as often as you like"),
        *_warning_lines(manifest, warned),
    ]
    return "\n".join(lines)


def describe_shards(manifest: Mapping[str, Any], output: str, warned: Sequence[str] = ()) -> str:
    """The result of ``bertprep shard``, and the figures of ``bertprep inspect``.

    ``warned`` are the warnings that were given at the begin of the run.
    """
    config, share = manifest["config"]["shard"], manifest["statistics"]
    examples = manifest["pack"]["examples"] if "pack" in manifest else manifest["rows"]
    stored = sum(shard["bytes"] for shard in manifest["shards"])
    tokens = manifest["sums"]["tokens_in_rows"]
    lines = [
        *_corpus_lines(manifest),
        _line(
            "examples",
            f"{examples:,} in {_passes(config['dupe_factor'])}, "
            f"{share['mean_length']:.1f} tokens of {manifest['max_seq_length']} each",
        ),
        *_use_lines(manifest),
        *_pack_lines(manifest),
        *_pair_lines(config["task"], manifest),
        *_mask_lines(manifest),
        _line(
            "padding", f"{share['padding_share']:.1%}, {share['full_row_share']:.1%} of rows full"
        ),
        *_bin_lines(manifest),
        *_drop_lines(manifest["drops"]),
        _line(
            "output",
            f"{output}: {len(manifest['shards'])} {config['output_format']} "
            f"{'shard' if len(manifest['shards']) == 1 else 'shards'} in the {config['layout']} "
            f"layout, {size(stored)}, {stored / tokens:.2f} bytes a token",
        ),
    ]
    return "\n".join([*lines, *_warning_lines(manifest, warned)])


def _warning_lines(manifest: Mapping[str, Any], warned: Sequence[str]) -> list[str]:
    """The warnings of the run's begin once more, and those of its outcome."""
    outcome = [entry["text"] for entry in outcome_of(manifest)]
    return [f"warning: {text}" for text in (*warned, *outcome)]


def _corpus_lines(manifest: Mapping[str, Any]) -> list[str]:
    unknown = manifest["statistics"]["unknown_token_share"]
    return [
        _line("documents", f"{manifest['documents']:,}"),
        _line("sentences", f"{manifest['sentences']:,}"),
        _line(
            "tokens",
            f"{manifest['tokens']:,} ({unknown:.3%} [UNK]), "
            f"{_casing(manifest)} vocabulary of {manifest['vocabulary']['size']:,}",
        ),
    ]


def _mask_lines(manifest: Mapping[str, Any]) -> list[str]:
    share = manifest["statistics"]
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
        limit = manifest["max_predictions_per_seq"]
        rows = "examples" if "pack" in manifest else "rows"
        lines.append(
            _line("capped", f"{share['capped_row_share']:.1%} of {rows}, at {limit} predictions")
        )
    return lines


def _passes(count: int) -> str:
    return "1 pass" if count == 1 else f"{count} passes"


def _pair_lines(task: str, manifest: Mapping[str, Any]) -> list[str]:
    share = f"{manifest['statistics']['positive_label_share']:.1%} of pairs"
    truncated = _line(
        "truncated", f"{manifest['sums']['truncated_tokens']:,} tokens over the length"
    )
    if task == "nsp":
        pools = manifest["random_next_pools"]
        few, many = pools["smallest"], pools["largest"]
        among = f"{many:,}" if few == many else f"{few:,} to {many:,}"
        return [_line("random next", f"{share}, drawn from {among} documents"), truncated]
    return [_line("swapped", share), truncated] if task == "sop" else []


def _use_lines(manifest: Mapping[str, Any]) -> list[str]:
    """Which share of the tokens each pass has in rows, and where the rest stays."""
    share, sums = manifest["statistics"], manifest["sums"]
    if "used_share" not in share:
        return []
    losses = [
        f"{share[name.removesuffix('_tokens') + '_share']:.1%} {why}"
        for name, why in LOSSES.items()
        if sums[name]
    ]
    lines = [
        _line(
            "used",
            ", ".join([f"{share['used_share']:.1%} of the tokens in each pass", *losses])
            + f"; {1 - share['unseen_share']:.2%} in some row",
        )
    ]
    if sums.get("cut_sentences"):
        what = plural(sums["cut_sentences"], "sentence")
        lines.append(_line("cut", f"{what} that would have filled a row"))
    return lines


def _pack_lines(manifest: Mapping[str, Any]) -> list[str]:
    if "pack" not in manifest:
        return []
    counts = manifest["pack"]
    each = counts["examples"] / counts["rows"]
    rows = f"into {counts['rows']:,} rows, {each:.1f} examples each"
    return [_line("packed", f"{rows}, {counts['fill_share']:.2%} of slots filled")]


def _bin_lines(manifest: Mapping[str, Any]) -> list[str]:
    if not manifest["config"]["shard"].get("bin_size"):
        return []
    rows = sorted(rows_by_bin(manifest["shards"]).items())
    bins = ", ".join(f"to {longest}: {count:,}" for longest, count in rows)
    padding = f"{manifest['statistics']['padding_share_in_bins']:.1%} padding within bins"
    lines = textwrap.wrap(f"rows by tokens {bins}; {padding}", _BINS_WIDTH)
    return [_line("" if i else "bins", line) for i, line in enumerate(lines)]


def _drop_lines(drops: Mapping[str, int]) -> list[str]:
    if not drops:
        return [_line("left out", "nothing")]
    return [
        _line("left out" if i == 0 else "", f"{reason} {count:,} ({REASONS[reason]})")
        for i, (reason, count) in enumerate(drops.items())
    ]


def _casing(manifest: Mapping[str, Any]) -> str:
    return "uncased" if manifest["vocabulary"]["lowercase"] else "cased"


def _line(name: str, text: str) -> str:
    return f"{name:<12} {text}"
