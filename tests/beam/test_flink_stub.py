"""What is handed to Flink in one jar: the steps, and bertprep itself; to a stub of its REST API."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from tests.beam.engine_stub import Stub, served
from tests.conftest import Run


class Flink(Stub):
    """Takes a jar, runs nothing, and says that it is done."""

    jars: list[bytes]
    state: str

    def do_POST(self) -> None:  # noqa: N802
        body = self.body
        if self.path.endswith("/upload"):
            self.jars.append(body[body.index(b"PK") :])
            self.answer({"filename": "/there/beam.jar"})
        else:
            self.answer({"jobid": "f1"})

    def do_GET(self) -> None:  # noqa: N802
        answers = {
            "config": {"flink-version": "1.20.1"},
            "execution-result": {"status": {"id": "COMPLETED"}},
            "exceptions": {"all-exceptions": []},
            "accumulators": {"user-task-accumulators": []},
        }
        self.answer(answers.get(self.path.rpartition("/")[2], {"state": self.state}))

    def do_DELETE(self) -> None:  # noqa: N802
        self.answer({})


@pytest.fixture
def flink() -> Iterator[tuple[str, type[Flink]]]:
    with served(Flink, jars=[], state="FINISHED") as found:
        yield found


@pytest.fixture
def submission(
    flink: tuple[str, type[Flink]], prose_jsonl: Path, letters_vocab: Path, tmp_path: Path
) -> list[object]:
    with zipfile.ZipFile(tmp_path / "server.jar", "w") as jar:
        jar.writestr("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n")
    return [
        *("shard", prose_jsonl, "--vocab", letters_vocab, "--output", tmp_path / "out"),
        *("--runner", "FlinkRunner", "--flink_master", flink[0], "--flink_submit_uber_jar"),
        *("--flink_job_server_jar", tmp_path / "server.jar"),
        *("--environment_type", "EXTERNAL", "--environment_config", "taskmanager:50000"),
    ]


def test_the_jar_holds_the_steps_and_bertprep_itself(
    cli_in_process: Run, flink: tuple[str, type[Flink]], submission: list[object], tmp_path: Path
) -> None:
    left = cli_in_process(*submission, "--no-wait")
    assert left.returncode == 0, left.stderr
    assert re.search(r"^job +\S+ \(FlinkRunner\)$", left.stdout, re.M)
    assert f"page         {flink[0]}" in left.stdout
    (data,) = flink[1].jars
    jar = zipfile.ZipFile(BytesIO(data))
    held = [jar.read(name) for name in jar.namelist() if not name.endswith("/")]
    wheels = [zipfile.ZipFile(BytesIO(part)) for part in held if part.startswith(b"PK")]
    assert any("pipelines/graphs/shard.py" in wheel.namelist() for wheel in wheels)
    assert any(b'"Commit"' in part for part in held)
    told = cli_in_process("status", tmp_path / "out")
    assert "at work, or about to begin" in told.stdout
    refused = cli_in_process(*submission, "--overwrite")
    assert refused.returncode == 1
    assert "is writing to" in refused.stderr


def test_a_job_that_wrote_nothing_is_no_success(
    cli_in_process: Run, submission: list[object]
) -> None:
    done = cli_in_process(*submission)
    assert done.returncode == 1
    assert "the job ended, and nothing says that it wrote" in done.stderr


def test_a_job_that_failed_is_no_failed_worker(
    cli_in_process: Run, flink: tuple[str, type[Flink]], submission: list[object]
) -> None:
    flink[1].state = "FAILED"
    done = cli_in_process(*submission)
    assert done.returncode == 1
    assert "bertprep: error: the job failed: " in done.stderr
