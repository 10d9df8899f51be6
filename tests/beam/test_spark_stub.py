"""What is handed to Spark in one jar: the steps, and bertprep itself; to a stub of its REST API."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from tests.beam.engine_stub import Stub, served
from tests.conftest import Run


class Spark(Stub):
    """Takes submissions, runs nothing, and says how that went."""

    taken: list[dict[str, object]]
    state: str

    def do_POST(self) -> None:  # noqa: N802
        body = self.body
        self.taken.append(json.loads(body))
        self._answer({"submissionId": "driver-1", "success": True})

    def do_GET(self) -> None:  # noqa: N802
        self._answer({"submissionId": "driver-1", "success": True, "driverState": self.state})

    def _answer(self, content: dict[str, object]) -> None:
        self.answer({"serverSparkVersion": "3.5.0", **content})


@pytest.fixture
def spark() -> Iterator[tuple[str, type[Spark]]]:
    with served(Spark, taken=[], state="FINISHED") as found:
        yield found


@pytest.fixture
def submission(
    spark: tuple[str, type[Spark]], prose_jsonl: Path, letters_vocab: Path, tmp_path: Path
) -> list[object]:
    with zipfile.ZipFile(tmp_path / "server.jar", "w") as jar:
        jar.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n")
        jar.writestr("spark-version-info.properties", "version=3.5.0\n")
    return [
        *("shard", prose_jsonl, "--vocab", letters_vocab, "--output", tmp_path / "out"),
        *("--runner", "SparkRunner", "--spark_rest_url", spark[0], "--spark_submit_uber_jar"),
        *("--spark_job_server_jar", tmp_path / "server.jar"),
        *("--environment_type", "EXTERNAL", "--environment_config", "worker:50000"),
    ]


def test_the_jar_holds_the_steps_and_bertprep_itself(
    cli_in_process: Run, spark: tuple[str, type[Spark]], submission: list[object]
) -> None:
    left = cli_in_process(*submission, "--no-wait")
    assert left.returncode == 0, left.stderr
    assert re.search(r"^job +\S+ \(SparkRunner\)$", left.stdout, re.M)
    (asked,) = spark[1].taken
    assert asked["mainClass"] == "org.apache.beam.runners.spark.SparkPipelineRunner"
    data = Path(str(asked["appResource"]).removeprefix("file:")).read_bytes()
    jar = zipfile.ZipFile(BytesIO(data))
    held = [jar.read(name) for name in jar.namelist() if not name.endswith("/")]
    wheels = [zipfile.ZipFile(BytesIO(part)) for part in held if part.startswith(b"PK")]
    assert any("pipelines/graphs/shard.py" in wheel.namelist() for wheel in wheels)
    assert any(b'"Commit"' in part for part in held)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("FINISHED", "the job ended, and nothing says that it wrote"),
        ("FAILED", "bertprep: error: the job failed: "),
        ("KILLED", "bertprep: error: the job was cancelled on SparkRunner"),
    ],
)
def test_how_a_job_ended_is_told(
    cli_in_process: Run,
    spark: tuple[str, type[Spark]],
    submission: list[object],
    state: str,
    said: str,
) -> None:
    spark[1].state = state
    done = cli_in_process(*submission)
    assert done.returncode == 1
    assert said in done.stderr
