"""Dataflow, as far as it can be without it: what is handed in, to a stub, and what is staged there.

What was staged is then taken back, and executed with the staged package alone.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bertprep.stores import gcs, gcs_requests
from tests.background import serve
from tests.commands import run, run_bertprep
from tests.stores import google_storage
from tests.stores.google_storage import Storage

# Beam with Google's clients, in an environment of its own: they make every start of Beam slower.
PYTHON = Path(sys.prefix) / "google" / "bin" / "python"
JOB = {"id": "2026-01-01_00_00_00-1", "projectId": "mine", "location": "us-central1"}
# A worker of Dataflow's, without its container: the staged steps, and the packages beside them.
WORKER = """
import sys
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.portability import common_urns
from apache_beam.portability.api import beam_runner_api_pb2
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
import pipelines
assert pipelines.__path__[0].startswith(sys.argv[2]), pipelines.__path__
pipeline = beam_runner_api_pb2.Pipeline.FromString(open(sys.argv[1], "rb").read())
for environment in pipeline.components.environments.values():
    environment.urn, environment.payload = "beam:env:embedded_python:v1", b""
    del environment.dependencies[:]
result = FnApiRunner().run_via_runner_api(pipeline, PipelineOptions([]))
assert result.wait_until_finish() == "DONE"
"""


class Dataflow(BaseHTTPRequestHandler):
    """Takes jobs, runs none, and says that they are at work."""

    taken: list[bytes]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/token":
            self._answer({"access_token": "t", "expires_in": 3600, "token_type": "Bearer"})
            return
        self.taken.append(body)
        self._answer({**JOB, "currentState": "JOB_STATE_PENDING"})

    def do_GET(self) -> None:
        self._answer({**JOB, "currentState": "JOB_STATE_RUNNING"})

    def _answer(self, content: object) -> None:
        data = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None: ...


class Cloud:
    """Both services, and the command's options and environment to find them."""

    def __init__(
        self, storage: Storage, store: str, jobs: str, taken: list[bytes], account: Path
    ) -> None:
        self.storage, self.taken = storage, taken
        self.environment = {
            **os.environ,
            "STORAGE_EMULATOR_HOST": store,
            "GOOGLE_APPLICATION_CREDENTIALS": str(account),
        }
        self.options = (
            *("--runner", "DataflowRunner", "--project", "mine", "--region", "us-central1"),
            *("--temp_location", "gs://bucket/tmp", "--dataflow_endpoint", jobs),
        )

    def objects(self, pattern: str) -> dict[str, bytes]:
        held = self.storage.buckets["bucket"]
        return {name: held[name].data for name in held if re.fullmatch(pattern, name)}


def write_account(path: Path, tokens: str) -> Path:
    """Writes the key of a service account, whose tokens are to be had at an address."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    account = {"type": "service_account", "client_email": "a@b", "private_key_id": "1"}
    path.write_text(json.dumps({**account, "private_key": key.decode(), "token_uri": tokens}))
    return path


def with_google(*args: object, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs ``bertprep`` where Google's clients are."""
    return run([PYTHON, "-m", "pipelines.cli", *args], env=env)


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Cloud]:
    if not PYTHON.exists():
        why = f"{PYTHON} is not there: `make engines` installs it"
        pytest.fail(why) if os.environ.get("REQUIRE_PRISM") else pytest.skip(why)
    storage, kind = Storage(), type("Stub", (Dataflow,), {"taken": []})
    storage.buckets["bucket"] = {}
    with (
        google_storage.serving(storage) as store,
        ThreadingHTTPServer(("127.0.0.1", 0), kind) as server,
    ):
        serve(server)
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", store)
        gcs_requests.forget()
        jobs = f"http://localhost:{server.server_port}"
        account = write_account(tmp_path / "account.json", f"{jobs}/token")
        yield Cloud(storage, store, jobs, kind.taken, account)
        gcs_requests.forget()
        server.shutdown()


@pytest.fixture
def making(cloud: Cloud, prose: list[str], letters_vocab: Path, tmp_path: Path) -> list[Any]:
    """A command but for its output; its inputs are in the bucket and here."""
    text = "\n\n".join(text.replace("\n\n", "\n") for text in prose[:25]).encode()
    (tmp_path / "a.txt").write_bytes(text)
    gcs.put("gs://bucket/in/a.txt", text)
    gcs.put("gs://bucket/vocab.txt", letters_vocab.read_bytes())
    return ["--vocab", "gs://bucket/vocab.txt", "--num-shards", 3, "--dupe-factor", 1]


def execute(cloud: Cloud, pipeline: bytes, package: bytes, folder: Path) -> None:
    """Runs staged steps in a process that has the staged package, and not this checkout."""
    (folder / "package").mkdir()
    zipfile.ZipFile(BytesIO(package)).extractall(folder / "package")
    (folder / "pipeline.pb").write_bytes(pipeline)
    environment = {**cloud.environment, "PYTHONPATH": str(folder / "package")}
    command = [PYTHON, "-c", WORKER, folder / "pipeline.pb", folder / "package"]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr


def assert_local_bytes(cloud: Cloud, making: list[Any], tmp_path: Path) -> None:
    output = tmp_path / "out"
    here = [*making[:1], tmp_path / "vocab.txt", *making[2:]]
    here[1].write_bytes(cloud.objects("vocab.txt")["vocab.txt"])
    done = run_bertprep("shard", tmp_path / "a.txt", "--output", output, *here, "--workers", 1)
    assert done.returncode == 0, done.stderr
    shards = {f"out/rows/{path.name}": path.read_bytes() for path in (output / "rows").iterdir()}
    assert len(shards) == 3
    assert cloud.objects("out/rows/.*") == shards
    assert cloud.objects("out/manifest.json")["out/manifest.json"] == (
        (output / "manifest.json").read_bytes()
    )


def test_what_is_staged_makes_the_local_bytes(
    cloud: Cloud, making: list[Any], tmp_path: Path
) -> None:
    command = ["shard", "gs://bucket/in/*", "--output", "gs://bucket/out", *making, *cloud.options]
    left = with_google(*command, "--no-wait", env=cloud.environment)
    assert left.returncode == 0, left.stderr
    assert f"job          {JOB['id']} (DataflowRunner)" in left.stdout
    assert f"jobs cancel {JOB['id']} --region us-central1 --project mine" in left.stdout
    assert len(cloud.taken) == 1
    told = with_google("status", "gs://bucket/out", env=cloud.environment)
    assert "at work, or about to begin" in told.stdout
    (pipeline,) = cloud.objects(r"tmp/.*/pipeline\.pb").values()
    (package,) = cloud.objects(r"tmp/.*\.whl").values()
    execute(cloud, pipeline, package, tmp_path)
    assert cloud.objects(r"out/\.bertprep-work/.*") == {}
    assert_local_bytes(cloud, making, tmp_path)


def steps_of_a_template(cloud: Cloud, making: list[Any]) -> bytes:
    """The steps that a template of such a command names."""
    command = ["shard", "gs://bucket/in/*", "--output", "gs://bucket/out", *making, *cloud.options]
    template = "gs://bucket/templates/shard"
    made = with_google(*command, "--template_location", template, env=cloud.environment)
    assert made.returncode == 0, made.stderr
    assert template in made.stdout
    assert not cloud.taken
    (content,) = cloud.objects("templates/shard").values()
    described = json.loads(content)
    staged = json.dumps(described)
    (name,) = cloud.objects(r"tmp/.*/pipeline\.pb")
    assert name in staged, "the template names the steps that were staged"
    return cloud.objects(re.escape(name))[name]


def test_a_template_names_the_steps_that_are_staged_and_starts_no_job(
    cloud: Cloud, making: list[Any]
) -> None:
    assert steps_of_a_template(cloud, making)


@pytest.mark.exhaustive  # those steps at work: they are the job's, but for where these are named
def test_the_steps_of_a_template_make_the_local_bytes(
    cloud: Cloud, making: list[Any], tmp_path: Path
) -> None:
    steps = steps_of_a_template(cloud, making)
    (package,) = cloud.objects(r"tmp/.*\.whl").values()
    execute(cloud, steps, package, tmp_path)
    assert_local_bytes(cloud, making, tmp_path)
