"""What bertprep shard refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.beam.wrong_calls import BAD_INPUT, SHARD, Run, check_error, tree

pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_to_shard(cli_in_process: Run, folder: Path, name: str) -> None:
    content, parts = BAD_INPUT[name]
    if content is not None:
        (folder / "INPUT").write_bytes(content)
    before = tree(folder)
    check_error(cli_in_process("shard", "INPUT", "--output", "out", *SHARD), 1, *parts)
    assert tree(folder) == before


def test_more_shards_than_examples(cli_in_process: Run, folder: Path) -> None:
    before = tree(folder)
    done = cli_in_process("shard", "good.txt", "--output", "out", *SHARD, "--num-shards", 1000)
    check_error(done, 2, "--num-shards 1000 is more than the ", "examples there are; use at most ")
    assert tree(folder) == before


def test_fewer_shards_than_bins(cli_in_process: Run, folder: Path) -> None:
    before = tree(folder)
    options = (*SHARD, "--bin-size", 8, "--num-shards", 1)
    done = cli_in_process("shard", "good.txt", "--output", "out", *options)
    check_error(done, 2, "--num-shards 1 is fewer than the ", "bins with rows", "use at least ")
    assert tree(folder) == before
