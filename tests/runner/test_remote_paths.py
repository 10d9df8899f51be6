"""Paths that mean the same to a worker as to the command, or are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.errors import UsageError
from pipelines.runner import beam_options
from pipelines.runner.remote_paths import absolute, check_shared


def test_a_path_is_absolute_and_a_uri_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute("a/*.txt") == str(tmp_path / "a" / "*.txt")
    assert absolute("gs://bucket/a/*.txt") == "gs://bucket/a/*.txt"


def test_dataflow_is_given_no_path_of_this_machine() -> None:
    options = beam_options.parse(["--runner", "DataflowRunner", "--project", "p"])
    assert check_shared(["gs://a", "gs://b"], options) is None
    with pytest.raises(UsageError, match=r"/c is a path of this machine.*copy it to gs://"):
        check_shared(["gs://a", "/c"], options)


@pytest.mark.parametrize(
    ("args", "doubts"),
    [
        (["--flink_master", "cluster:8081"], True),
        (["--job_endpoint", "cluster:8099"], True),
        (["--flink_master", "http://localhost:8081"], False),
        (["--job_endpoint", "localhost:8073"], False),
        (["--flink_master", "[local]"], False),
        ([], False),
    ],
)
def test_other_machines_must_share_a_disk(args: list[str], doubts: bool) -> None:
    options = beam_options.parse(["--runner", "FlinkRunner", *args])
    found = check_shared(["/c"], options)
    assert bool(found) == doubts
    assert not doubts or "the workers of cluster:80" in str(found)
    assert check_shared(["s3://bucket/c"], options) is None
