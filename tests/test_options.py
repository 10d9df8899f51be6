"""All option classes by their public name; tests/settings has each."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from bertprep.options import (
    ReadOptions,
    ShardOptions,
    VocabOptions,
)


def test_the_defaults_are_those_of_google_research_bert() -> None:
    options = ShardOptions()
    assert options.max_seq_length == 128
    assert options.max_predictions_per_seq == 20
    assert options.masked_lm_prob == 0.15
    assert options.short_sequence_share == 0.1
    assert options.dupe_factor == 10
    assert options.seed == 12345
    assert (options.task, options.masking) == ("nsp", "token")
    assert VocabOptions().vocab_size == 30522


@pytest.mark.parametrize("options", [ReadOptions(), VocabOptions(), ShardOptions()])
def test_options_do_not_change(options: Any) -> None:
    name = next(iter(options.__dataclass_fields__))
    with pytest.raises(FrozenInstanceError):
        setattr(options, name, getattr(options, name))
