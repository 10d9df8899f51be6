"""The splits of a run in a file, and those who look them up there."""

from __future__ import annotations

from pathlib import Path

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.util import assert_that, equal_to

from bertprep.common.digests import digest_of
from bertprep.corpus.files import InputFile
from bertprep.corpus.splits import plan_splits
from bertprep.errors import BertprepError
from bertprep.options import ReadOptions
from pipelines.runner.local import local_runner
from pipelines.steps.splits import SPLITS_NAME, LookUp, spread_splits


@pytest.mark.slow
def test_each_split_comes_with_its_number(tmp_path: Path) -> None:
    files = [InputFile(f"/c/{i}.txt", f"{i}.txt", 3 << 20) for i in range(9)]
    splits = plan_splits(files, ReadOptions())
    options = PipelineOptions([])
    with beam.Pipeline(local_runner(options, 1), options) as pipeline:
        spread = spread_splits(pipeline, splits, str(tmp_path))
        assert_that(spread, equal_to(list(enumerate(splits))))


def test_a_file_that_is_another_one_is_an_error(tmp_path: Path) -> None:
    splits = plan_splits([InputFile("/c/a", "a", 5)], ReadOptions())
    spread_splits(beam.Pipeline(), splits, str(tmp_path))
    path = tmp_path / SPLITS_NAME
    written = path.read_bytes()
    look_up = LookUp(str(path), digest_of(written))
    look_up.setup()
    assert list(look_up.process(0)) == [(0, splits[0])]
    path.write_bytes(written[:-1] + b"x")
    with pytest.raises(BertprepError, match="is not as it was written"):
        look_up.setup()
