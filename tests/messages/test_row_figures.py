"""The lines on the rows of a run."""

from __future__ import annotations

from dataclasses import replace

from bertprep.options import ShardOptions
from pipelines.messages.row_figures import bin_lines, in_passes, mask_lines, pack_lines, pair_lines
from tests.manifests import parsed, shards_json


def test_passes_are_counted() -> None:
    assert (in_passes(1), in_passes(5)) == ("1 pass", "5 passes")


def test_only_what_the_rows_have_is_told() -> None:
    unmasked = parsed(shards_json(ShardOptions(masking="none", task="none")))
    statistics = {k: v for k, v in unmasked.statistics.items() if k != "masked_share"}
    unmasked = replace(unmasked, statistics=statistics)
    assert mask_lines(unmasked) == [
        "masked       nothing: the rows are stored for a loader to mask"
    ]
    assert pair_lines(unmasked) == pack_lines(unmasked) == bin_lines(unmasked) == []


def test_a_cap_on_predictions_is_told_where_rows_meet_it() -> None:
    manifest = parsed(shards_json())

    def told(share: float) -> list[str]:
        statistics = {**manifest.statistics, "capped_row_share": share}
        return mask_lines(replace(manifest, statistics=statistics))

    assert len(told(0.0)) == 1
    limit = manifest.options.max_predictions_per_seq
    assert told(0.25)[1] == f"capped       25.0% of rows, at {limit} predictions"
