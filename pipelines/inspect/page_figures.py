"""The page's figures: at a glance, against what was aimed at, and how long examples are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from bertprep.common.units import percent, plural, size
from bertprep.report.targets import Target, is_masked
from bertprep.shards.containers.registry import container_of
from pipelines.inspect.charts import column_chart, share_bar, split_bar, swatch
from pipelines.inspect.overview import Bin, Overview, length_bins

_TASKS = {
    "nsp": "masked language modelling and next sentence prediction",
    "sop": "masked language modelling and sentence order prediction",
    "none": "masked language modelling",
}
_SIGNS = {"on target": "✓", "near target": "≈", "below target": "↓", "above target": "↑"}
_NAMES = {
    "masked": "Tokens to predict",
    "mask_token": "of these, shown as [MASK]",
    "random_token": "shown as a random token",
    "kept_token": "shown as they are",
    "random_next": "Pairs whose B is random",
    "swapped": "Pairs that are swapped",
    "unknown": "Text that is [UNK]",
}
_BINS, _TICKS = 16, 4


class Verdict(NamedTuple):
    """How a share lies to its target: in a word, as a sign, in full, and in short."""

    kind: str
    sign: str
    said: str
    short: str


class Figure(NamedTuple):
    """A figure that says much."""

    title: str
    value: str
    note: str
    verdict: Verdict | None = None


def lead(overview: Overview) -> str:
    """In a sentence what there is."""
    manifest = overview.manifest
    options, shards = manifest.options, manifest.shards
    container = container_of(options.output_format).label
    made = f"{plural(overview.example_count, 'example')} of up to {options.max_seq_length} tokens"
    return (
        f"{made} for {_TASKS[options.task]}, from {plural(manifest.documents, 'document')}: "
        f"{plural(len(shards), container + ' shard')} in the {options.layout} layout, "
        f"{size(sum(shard.size for shard in shards))}."
    )


def glance(overview: Overview) -> Iterator[Figure]:
    """The few figures that say most."""
    manifest, found, aims = overview.manifest, overview.manifest.statistics, overview.targets
    passes, documents = manifest.options.dupe_factor, manifest.documents
    over = f"{passes} {'pass' if passes == 1 else 'passes'} over {plural(documents, 'document')}"
    yield Figure("Examples", f"{overview.example_count:,}", over)
    yield Figure("Filled", percent(1 - found["padding_share"]), _filling(overview))
    if is_masked(manifest):
        yield _aimed("To predict", aims["masked"])
    else:
        yield Figure("Masked", "when read", "no masks are stored")
    for name, title in (("random_next", "Random next"), ("swapped", "Swapped")):
        if name in aims:
            yield _aimed(title, aims[name])
    used = f"{overview.used_tokens:,} of {len(overview.ordinary_ids):,} tokens"
    yield Figure("Vocabulary in use", percent(overview.used_share), used)
    if "unknown" in aims:
        yield _aimed("[UNK]", aims["unknown"], digits=2)


def _filling(overview: Overview) -> str:
    longest = overview.manifest.options.max_seq_length
    if overview.manifest.pack:
        packed = overview.example_count / max(1, overview.manifest.rows)
        return f"{packed:.1f} examples in a row of {longest} tokens"
    return f"{overview.manifest.statistics['mean_length']:.1f} tokens of {longest} on average"


def _aimed(title: str, target: Target, digits: int = 1) -> Figure:
    return Figure(title, percent(target.found, digits), target.aim, _verdict(target))


def _verdict(target: Target) -> Verdict:
    said = target.verdict
    return Verdict(said.partition(" ")[0], _SIGNS[said], said, said.removeprefix("on "))


def targets_view(overview: Overview) -> dict[str, Any]:
    """The shares found against their targets."""
    manifest, masked = overview.manifest, is_masked(overview.manifest)
    if masked:
        predictions = manifest.sums["predictions"]
        note = f"{plural(predictions, 'token')} to predict in all rows together."
    else:
        note = (
            "Masked when read: the shards hold the text as it is, and a loader draws new masks "
            "each time."
        )
    rows = [
        {
            "name": _NAMES[target.name],
            "found": percent(target.found, 2),
            "aim": target.aim,
            "verdict": _verdict(target),
            "bar": share_bar(target.found, *_marks(target)),
        }
        for target in overview.targets.values()
    ]
    split = _split(overview) if masked else {"split": None}
    why = [f"{_NAMES[t.name]}: {t.why}." for t in overview.targets.values() if t.why]
    return {"note": note, "rows": rows, "capped": _capped(overview), "why": why, **split}


def _marks(target: Target) -> list[float]:
    """The level aimed at, or the ends of a range, but for the ends of the scale."""
    if target.level is not None:
        return [target.level]
    return [end for end in (target.low, target.high) if 0 < end < 1]


def _split(overview: Overview) -> dict[str, Any]:
    """The tokens to predict as the model sees them, as a bar, and its key."""
    found = overview.manifest.statistics
    kinds = ("masked", "mask_token"), ("random", "random_token"), ("kept", "kept_token")
    parts = [(kind, found[f"{name}_share"]) for kind, name in kinds]
    said = ", ".join(f"{percent(share)} {kind}" for kind, share in parts)
    return {
        "split": split_bar(parts, f"What the model sees of the tokens to predict: {said}"),
        "key": [(swatch(kind), f"{percent(share)} {kind}") for kind, share in parts],
    }


def _capped(overview: Overview) -> str:
    share = overview.manifest.statistics.get("capped_row_share")
    if not share:
        return ""
    limit = overview.manifest.options.max_predictions_per_seq
    return (
        f"{percent(share)} of examples have the {limit} predictions allowed, and would have more."
    )


def lengths_view(overview: Overview) -> dict[str, Any]:
    """How long examples are, and how much of the rows is padding."""
    found, bins = overview.manifest.statistics, length_bins(overview.survey.lengths, _BINS)
    total = max(1, sum(b.examples for b in bins))
    longest = bins[-1].last
    note = (
        f"Tokens of each example, [CLS] and [SEP] among them, in {overview.surveyed}. "
        f"{percent(found['full_row_share'])} of rows are full; {percent(found['padding_share'])} "
        "of all places are padding."
    )
    if "padding_share_in_bins" in found:
        note += f" Within its length bin it is {percent(found['padding_share_in_bins'])}."
    full = int(overview.survey.lengths[-1])
    ticks = [(i / _TICKS, f"{longest * i // _TICKS:,}") for i in range(1, _TICKS + 1)]
    # One column of full rows would leave the others no height: it has a bar of its own.
    shorter = [b.examples - (full if b is bins[-1] else 0) for b in bins]
    chart = column_chart([count / total for count in shorter], ticks, _in_words(bins, total))
    rows = [(_range(b), f"{b.examples:,}", percent(b.examples / total)) for b in bins]
    whole = (f"{longest:,}, which is full", percent(full / total), share_bar(full / total))
    return {"note": note, "chart": chart, "rows": rows, "full": [whole] if full else []}


def _range(length: Bin) -> str:
    if length.first == length.last:
        return f"{length.first:,}"
    return f"{length.first:,} to {length.last:,}"


def _in_words(bins: list[Bin], total: int) -> str:
    most = max(bins, key=lambda b: b.examples)
    return (
        f"Histogram of the lengths of examples, from {bins[0].first} to {bins[-1].last} tokens; "
        f"most, {percent(most.examples / total, 0)}, have {_range(most)}"
    )
