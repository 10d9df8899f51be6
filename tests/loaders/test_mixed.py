"""Several folders by weights: exact proportions, each row once a pass, any step the same."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import zip_longest
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bertprep.errors import UsageError
from bertprep.loaders.batches import Batches
from bertprep.loaders.collate import Padding
from bertprep.loaders.mixed import MixedBatches, Sources, steps_of_parts
from bertprep.loaders.order import OrderOptions
from bertprep.vocabulary.vocabulary import Vocabulary
from tests.made_folders import (
    SMALL,
    VOCABULARY,
    digest_of,
    numbers_of,
    options,
    rows_of,
    write_folder,
)

open_sources = partial(Sources.open, sizes=SMALL)
WIKI, BOOKS = range(171), range(500, 564)  # 22 and 8 steps of 8 rows
WEIGHTS = 1.0, 2.0  # so that the books are read five and a half times


def folder_of(folder: Path, rows: range, vocabulary: Vocabulary = VOCABULARY, **more: Any) -> Path:
    made = options(**{"masking": "none", **more})
    batches = [rows_of(rows[at : at + 50], made.max_seq_length) for at in range(0, len(rows), 50)]
    return write_folder(folder, made, batches, vocabulary=vocabulary)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    parent = tmp_path_factory.mktemp("mixed")
    return [folder_of(parent / "wiki", WIKI), folder_of(parent / "books", BOOKS)]


def mixed(folders: list[Path], **order: Any) -> MixedBatches:
    sources = open_sources(dict(zip(folders, WEIGHTS, strict=True)), None, None)
    found = sources.batches(OrderOptions(**{"batch_size": 8, **order}), Padding())
    assert isinstance(found, MixedBatches)
    return found


def steps(stream: Any) -> list[list[int]]:
    return [numbers_of(batch) for batch in stream]


def test_an_epoch_has_the_proportions_and_all_rows(folders: list[Path]) -> None:
    stream = mixed(folders)
    found = steps(stream.read(0))
    is_book = [numbers[0] >= BOOKS.start for numbers in found]
    assert len(found) == len(stream) == 66
    assert sum(is_book) == 44
    # In any stretch there are so many, but for one or two.
    gaps = np.cumsum(is_book) - np.arange(1, 67) * 2 / 3
    assert np.abs(gaps).max() < 2
    wiki = [n for numbers in found if numbers[0] < BOOKS.start for n in numbers]
    assert sorted(wiki) == list(WIKI)


@pytest.mark.slow
def test_a_folder_is_read_whole_before_it_is_read_again(folders: list[Path]) -> None:
    stream = mixed(folders)
    books = [
        n for epoch in range(2) for step in steps(stream.read(epoch)) for n in step if n >= 500
    ]
    passes = [books[at : at + len(BOOKS)] for at in range(0, len(books), len(BOOKS))]
    assert len(passes) == 11
    assert all(sorted(each) == list(BOOKS) for each in passes)
    assert len(set(map(tuple, passes))) == 11


@pytest.mark.slow
def test_any_step_begins_the_same_remaining_stream(folders: list[Path]) -> None:
    stream = mixed(folders, rank=1, world_size=2)
    whole = list(stream.read(3))
    assert digest_of(mixed(folders, rank=1, world_size=2).read(3)) == digest_of(whole)
    for first in (0, 1, 5, 17, len(whole) - 1, len(whole)):
        assert digest_of(stream.read(3, first)) == digest_of(whole[first:])
    assert digest_of(stream.read(4)) != digest_of(whole)
    assert digest_of(mixed(folders, rank=1, world_size=2, seed=1).read(3)) != digest_of(whole)


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2, 3])
def test_workers_send_blocks_and_steps_in_turn(folders: list[Path], workers: int) -> None:
    stream = mixed(folders)
    expected = list(stream.read(1, 4))
    sent = [stream.blocks(1, 4, worker, workers) for worker in range(workers)]
    dealt = [block for turn in zip_longest(*sent) for block in turn if block is not None]
    assert digest_of(batch for block in dealt for batch in block) == digest_of(expected)
    streams = [stream.read(1, 4 + worker, workers) for worker in range(workers)]
    alone = [next(streams[step % workers]) for step in range(len(expected))]
    assert digest_of(alone) == digest_of(expected)


def test_ranks_share_the_rows_of_each_folder(folders: list[Path]) -> None:
    ranks = [steps(mixed(folders, rank=rank, world_size=2).read(0)) for rank in range(2)]
    assert len(ranks[0]) == len(ranks[1])
    # A step is of the same folder on all ranks.
    kinds = [[numbers[0] >= 500 for numbers in rank] for rank in ranks]
    assert kinds[0] == kinds[1]
    wiki = [n for rank in ranks for numbers in rank for n in numbers if n < 500]
    assert sorted(wiki) == list(WIKI)


def test_a_stored_order_is_the_same_in_each_epoch_and_alternates(folders: list[Path]) -> None:
    stream = mixed(folders, shuffle=False)
    kinds = [numbers[0] >= 500 for numbers in steps(stream.read(0))]
    assert kinds[:6] == [True, False, True, True, False, True]


def test_one_folder_is_as_without_weights(folders: list[Path]) -> None:
    order = OrderOptions(8)
    alone = open_sources(folders[0], None, None)
    one = open_sources({folders[0]: 3.0}, None, None)
    assert isinstance(one.batches(order, Padding()), Batches)
    assert one.identity == alone.identity
    assert "weights" in open_sources({folders[0]: 1, folders[1]: 2}, None, None).identity


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(1, 40)), min_size=1, max_size=5))
def test_the_fewest_steps_by_which_every_folder_is_read(parts: list[tuple[int, int]]) -> None:
    least, weights = [count for count, _ in parts], [weight for _, weight in parts]
    counts = steps_of_parts(least, weights).tolist()
    shares = [Fraction(weight, sum(weights)) for weight in weights]
    assert all(count >= enough for count, enough in zip(counts, least, strict=True))
    assert sum(counts) == max(ceil(n / share) for n, share in zip(least, shares, strict=True))
    assert all(
        abs(count - share * sum(counts)) < 1 for count, share in zip(counts, shares, strict=True)
    )


def test_what_cannot_be_mixed_is_told(folders: list[Path], tmp_path: Path) -> None:
    longer = folder_of(tmp_path / "longer", range(40), max_seq_length=32)
    with pytest.raises(UsageError, match=r"wiki and .*longer have different columns or lengths"):
        open_sources({folders[0]: 1, longer: 1}, None, None)
    masked = folder_of(tmp_path / "masked", range(40), masking="token")
    with pytest.raises(UsageError, match=r"masked have different maskings"):
        open_sources({folders[0]: 1, masked: 1}, None, None)
    other = Vocabulary((*VOCABULARY.tokens[:-1], "else"), True)
    another = folder_of(tmp_path / "another", range(40), other)
    with pytest.raises(UsageError, match=r"another have different vocabularies"):
        open_sources({folders[0]: 1, another: 1}, None, None)
    for weight in (0, -1, float("nan"), "2", True):
        with pytest.raises(UsageError, match="must be a number above 0"):
            open_sources({folders[0]: weight, folders[1]: 1}, None, None)  # type: ignore[dict-item]
    with pytest.raises(UsageError, match="got none"):
        open_sources({}, None, None)
