"""How files are cut into work, whatever the worker count."""

from __future__ import annotations

import random
from itertools import pairwise, permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bertprep.corpus.files import InputFile, Split
from bertprep.corpus.splits import Splits, plan_splits
from bertprep.options import ReadOptions
from tests.examples_count import of_a_hundred

AUTO = ReadOptions()
MIB = 1 << 20


def file_of(name: str, size: int, compression: Any = "none", form: Any = "text") -> InputFile:
    return InputFile(f"/corpus/{name}", name, size, compression, form)


def edges(split: Split) -> list[tuple[str, int, int]]:
    return [(r.file.name, r.start, r.end) for r in split]


def test_a_small_corpus_is_one_split_in_the_order_of_names() -> None:
    files = [file_of("b", 10), file_of("a", 20), file_of("empty", 0)]
    assert [edges(s) for s in plan_splits(files, AUTO)] == [[("a", 0, 20), ("b", 0, 10)]]


def test_no_bytes_no_splits() -> None:
    assert plan_splits([], AUTO) == []
    assert plan_splits([file_of("a", 0)], AUTO) == []


def test_a_large_file_is_cut_evenly() -> None:
    # 40 MiB wish for 16 splits of 2.5 MiB.
    splits = plan_splits([file_of("a", 40 * MIB)], AUTO)
    assert [edges(s) for s in splits] == [
        [("a", i * 5 * MIB // 2, (i + 1) * 5 * MIB // 2)] for i in range(16)
    ]
    # Ranges that round to a byte less than wished for are not taken two by two.
    assert [len(split) for split in plan_splits([file_of("a", 40 * MIB - 7)], AUTO)] == [1] * 16
    # No split is over 16 MiB, however much there is.
    assert len(plan_splits([file_of("a", 1600 * MIB)], AUTO)) == 100


def test_what_cannot_be_entered_in_the_middle_is_never_cut() -> None:
    size = 50 * MIB
    assert edges(plan_splits([file_of("a.gz", size, "gzip", "jsonl")], AUTO)[0]) == [
        ("a.gz", 0, size)
    ]
    per_file = ReadOptions(documents="file")
    assert edges(plan_splits([file_of("a", size)], per_file)[0]) == [("a", 0, size)]
    # --documents says what a document is in plain text only.
    assert len(plan_splits([file_of("a", size, form="jsonl")], per_file)) == 16


SIZES = st.integers(0, 3 * MIB) | st.sampled_from([0, 1, MIB, 20 * MIB, 300 * MIB])


@settings(max_examples=of_a_hundred(60))
@given(st.lists(st.tuples(SIZES, st.booleans()), max_size=24), st.randoms())
def test_splits_hold_every_byte_once_in_parts_of_bounded_size(
    sizes: list[tuple[int, bool]], rng: random.Random
) -> None:
    files = [
        file_of(f"{i:03}", size, "gzip" if zipped else "none")
        for i, (size, zipped) in enumerate(sizes)
    ]
    planned = plan_splits(files, AUTO)
    splits = list(planned)
    ranges = [r for split in splits for r in split]
    parts: dict[str, list[tuple[int, int]]] = {file.name: [] for file in files}
    for r in ranges:
        parts[r.file.name].append((r.start, r.end))
    assert {r.file.name: r.file for r in ranges}.items() <= {f.name: f for f in files}.items()
    for file in files:
        own = parts[file.name]
        assert all(start < end for start, end in own)
        assert [0, *(end for _, end in own)] == [*(start for start, _ in own), file.size]
        assert len(own) <= 1 or file.compression == "none"
    assert [r.file.name for r in ranges] == sorted(r.file.name for r in ranges)

    total = sum(file.size for file in files)
    target = min(16 * MIB, max(MIB, -(-total // 16)))
    for split in splits:
        size = sum(r.end - r.start for r in split)
        last = split[-1].end - split[-1].start
        assert size <= target + last / 2 or len(split) == 1
        assert all(r.end - r.start <= target or r.file.compression == "gzip" for r in split)
    for split, following in pairwise(splits):
        # The next range would have taken it further over the target than it is under it.
        size = sum(r.end - r.start for r in split)
        assert size + (following[0].end - following[0].start) - target >= target - size

    shuffled = list(files)
    rng.shuffle(shuffled)
    assert plan_splits(shuffled, AUTO) == planned


def test_all_orders_of_three_files_give_one_plan() -> None:
    files = [file_of("a", 5 * MIB), file_of("b", 3), file_of("c", 9 * MIB, "gzip")]
    plans = [plan_splits(order, AUTO) for order in permutations(files)]
    assert all(plan == plans[0] for plan in plans)


def test_cuts_of_a_file_meet() -> None:
    splits = plan_splits([file_of("a", 33 * MIB + 7)], AUTO)
    flat = [r for split in splits for r in split]
    assert all(first.end == second.start for first, second in pairwise(flat))


def test_splits_are_the_same_from_a_file() -> None:
    files = [file_of("big", 40 * MIB), *(file_of(f"small-{i}", 900) for i in range(50))]
    files.append(file_of("empty", 0))
    splits = plan_splits(files, AUTO)
    again = Splits.from_bytes(splits.to_bytes())
    assert len(again) == len(splits) > 3
    assert again == splits == list(splits)
    assert again[-1] == splits[len(splits) - 1] == splits[-1:][0]
    none = plan_splits([], AUTO)
    assert Splits.from_bytes(none.to_bytes()) == none == []
