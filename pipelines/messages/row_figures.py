"""The lines of a summary on the rows that were made: pairs, masks, packing, bins, what is used."""

from __future__ import annotations

import textwrap

from bertprep.common.units import plural
from bertprep.examples.coverage import LOSSES
from bertprep.shards.manifest_types import ShardManifest
from pipelines.messages.corpus_figures import named_line

_BINS_WIDTH = 84


def mask_lines(manifest: ShardManifest) -> list[str]:
    """The lines on what is masked, and how many rows have no more of it than they may."""
    share = manifest.statistics
    if "masked_share" not in share:
        return [named_line("masked", "nothing: the rows are stored for a loader to mask")]
    lines = [
        named_line(
            "masked",
            f"{share['masked_share']:.2%} of tokens: {share['mask_token_share']:.1%} [MASK], "
            f"{share['random_token_share']:.1%} random, {share['kept_token_share']:.1%} kept",
        )
    ]
    if share["capped_row_share"]:
        limit = manifest.options.max_predictions_per_seq
        rows = "examples" if manifest.pack else "rows"
        lines.append(
            named_line(
                "capped", f"{share['capped_row_share']:.1%} of {rows}, at {limit} predictions"
            )
        )
    return lines


def in_passes(count: int) -> str:
    """So many passes, in words."""
    return "1 pass" if count == 1 else f"{count} passes"


def pair_lines(manifest: ShardManifest) -> list[str]:
    """The lines on pairs: how many are random or swapped, and what was cut off."""
    task = manifest.options.task
    share = f"{manifest.statistics['positive_label_share']:.1%} of pairs"
    passes = in_passes(manifest.options.dupe_factor)
    over = f"{manifest.sums['truncated_tokens']:,} tokens over the length, in {passes}"
    truncated = named_line("truncated", over)
    if task == "nsp":
        few, many = manifest.pools.smallest, manifest.pools.largest
        among = f"{many:,}" if few == many else f"{few:,} to {many:,}"
        return [named_line("random next", f"{share}, drawn from {among} documents"), truncated]
    return [named_line("swapped", share), truncated] if task == "sop" else []


def use_lines(manifest: ShardManifest) -> list[str]:
    """Which share of the tokens each pass has in rows, and where the rest stays."""
    share = manifest.statistics
    losses = [
        f"{share[name.removesuffix('_tokens') + '_share']:.1%} {why}"
        for name, why in LOSSES.items()
        if share[name.removesuffix("_tokens") + "_share"]
    ]
    lines = [
        named_line(
            "used",
            ", ".join([f"{share['used_share']:.1%} of the tokens in each pass", *losses])
            + f"; {1 - share['unseen_share']:.2%} in some row",
        )
    ]
    if cut := manifest.sums.get("cut_sentences"):
        lines.append(named_line("cut", f"{plural(cut, 'sentence')} that would have filled a row"))
    return lines


def pack_lines(manifest: ShardManifest) -> list[str]:
    """The line on how many examples share a row."""
    counts = manifest.pack
    if not counts:
        return []
    each = counts.examples / counts.rows
    rows = f"into {counts.rows:,} rows, {each:.1f} examples each"
    return [named_line("packed", f"{rows}, {counts.fill_share:.2%} of slots filled")]


def bin_lines(manifest: ShardManifest) -> list[str]:
    """The lines on how many rows each length bin has."""
    if not manifest.options.bin_size:
        return []
    rows = sorted(manifest.rows_by_bin.items())
    bins = ", ".join(f"to {longest}: {count:,}" for longest, count in rows)
    padding = f"{manifest.statistics['padding_share_in_bins']:.1%} padding within bins"
    lines = textwrap.wrap(f"rows by tokens {bins}; {padding}", _BINS_WIDTH)
    return [named_line("" if i else "bins", line) for i, line in enumerate(lines)]
