"""What Beam's options say of the processes of a run."""

from __future__ import annotations

import pytest

from bertprep.common.cores import usable_cores
from bertprep.errors import UsageError
from pipelines.runner import beam_options


def test_workers_are_those_asked_for_or_the_default() -> None:
    assert beam_options.local_workers([], None, 3) == 3
    assert beam_options.local_workers([], 2, 3) == 2
    assert beam_options.local_workers(["--runner=DirectRunner"], None, 3) == 3
    assert beam_options.local_workers(["--direct_num_workers=4"], None, 3) == 4
    assert beam_options.local_workers(["--direct_num_workers", "4"], 4, 3) == 4
    assert beam_options.local_workers(["--direct_num_workers=0"], None, 3) == usable_cores()


def test_another_runner_has_workers_of_its_own() -> None:
    assert beam_options.local_workers(["--runner=FlinkRunner"], None, 3) is None
    with pytest.raises(UsageError, match="not for --runner FlinkRunner; leave it out"):
        beam_options.local_workers(["--runner=FlinkRunner"], 2, 3)


def test_two_ways_to_say_how_many_must_agree() -> None:
    with pytest.raises(UsageError, match="--workers 2 and --direct_num_workers 4 contradict"):
        beam_options.local_workers(["--direct_num_workers=4"], 2, 3)
