"""Objects of S3, of an emulator: what is asked of it, how often, and what is said when it fails."""

from __future__ import annotations

import json
import socket
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("boto3")
moto_server = pytest.importorskip("moto.server")

from bertprep.stores import s3  # noqa: E402
from pipelines.folders import files  # noqa: E402
from tests.conftest import Run  # noqa: E402


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    started = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    started.start()
    host, port = started.get_host_and_port()
    yield f"http://{host}:{port}"
    started.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL_S3": server,
    }.items():
        monkeypatch.setenv(name, value)
    s3.configure({})
    s3._client().create_bucket(Bucket="bucket")
    yield "s3://bucket"
    s3.delete([each.path for each in s3.listed("s3://bucket/")])
    s3._client().delete_bucket(Bucket="bucket")
    s3.configure({})


class Requests(Counter[str]):
    """How often each kind of request is sent from now on, but for those sent as time goes by."""

    def __init__(self) -> None:
        super().__init__()
        s3._client().meta.events.register("before-send.s3.*", self._count)

    def _count(self, event_name: str, request: Any, **_: Any) -> None:
        if "bertprep-owner" not in request.url and "progress" not in request.url:
            self[event_name.rpartition(".")[2]] += 1


def test_an_object_is_written_by_one_request_and_read_by_ranges(bucket: str) -> None:
    path, data = f"{bucket}/a/b", bytes(range(256)) * 20_000
    seen = Requests()
    with files.create_whole(path) as stream:
        stream.write(data[:1000])
        stream.write(data[1000:])
    assert seen == {"PutObject": 1}
    with files.open_input(path) as stream:
        stream.seek(3_000_000)
        assert stream.read(100) == data[3_000_000:3_000_100]
        stream.seek(-5, 2)
        assert stream.read() == data[-5:]
    assert seen["GetObject"] == 2
    assert files.read_bytes(path) == data
    assert files.size_and_time(path)[0] == len(data)


def test_what_fails_while_it_is_written_is_not_there(bucket: str) -> None:
    with pytest.raises(ZeroDivisionError), files.create_whole(f"{bucket}/a") as stream:
        stream.write(b"half")
        raise ZeroDivisionError
    assert not files.exists(f"{bucket}/a")


def test_a_put_may_depend_on_what_is_there(bucket: str) -> None:
    path = f"{bucket}/owner"
    first = s3.put(path, b"1", tag="")
    with pytest.raises(FileExistsError):
        s3.put(path, b"2", tag="")
    second = s3.put(path, b"2", tag=first)
    with pytest.raises(FileExistsError):
        s3.put(path, b"3", tag=first)
    assert (s3.read(path), first != second) == (b"2", True)
    with pytest.raises(FileExistsError):
        files.publish_new(f"{bucket}/x", path, b"4")


def test_folders_are_names_of_objects(bucket: str) -> None:
    for name in ("in/a.txt", "in/deep/b.txt", "in/.hidden", "in/c.json", "index"):
        files.write_bytes(f"{bucket}/{name}", name.encode())
    assert files.names_in(f"{bucket}/in") == [".hidden", "a.txt", "c.json", "deep"]
    named = {
        name: [found.relative for found in files.find(f"{bucket}/{name}")]
        for name in ("in", "in/*.txt", "in/**", "in/[ab].txt", "in/a.txt")
    }
    assert named == {
        "in": ["a.txt", "c.json", "deep/b.txt"],
        "in/*.txt": ["a.txt"],
        "in/**": ["a.txt", "c.json", "deep/b.txt"],
        "in/[ab].txt": ["a.txt"],
        "in/a.txt": ["a.txt"],
    }
    files.publish(f"{bucket}/in/a.txt", f"{bucket}/out/a.txt")
    assert files.read_bytes(f"{bucket}/out/a.txt") == b"in/a.txt"
    files.remove(f"{bucket}/in")
    assert files.names_in(bucket) == ["index", "out"]


def test_a_run_from_and_to_the_store_gives_the_local_bytes_and_leaves_nothing_else(
    bucket: str,
    cli_in_process: Run,
    prose: list[str],
    letters_vocab: Path,
    tmp_path: Path,
) -> None:
    text = "\n\n".join(text.replace("\n\n", "\n") for text in prose[:40])
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    files.write_bytes(f"{bucket}/in/a.txt", text.encode())
    options = ("--vocab", letters_vocab, "--num-shards", 16, "--dupe-factor", 2, "--workers", 1)
    here = cli_in_process("shard", tmp_path / "a.txt", "--output", tmp_path / "out", *options)
    assert here.returncode == 0, here.stderr
    seen = Requests()
    done = cli_in_process("shard", f"{bucket}/in/a.txt", "--output", f"{bucket}/out", *options)
    assert done.returncode == 0, done.stderr
    of_sixteen = sum(seen.values())
    shards = sorted((tmp_path / "out" / "rows").iterdir())
    assert len(shards) == 16
    for path in shards:
        assert s3.read(f"{bucket}/out/rows/{path.name}") == path.read_bytes()
    names = {each.path.removeprefix(f"{bucket}/out/") for each in s3.listed(f"{bucket}/out/")}
    kept = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.*")}
    assert names == kept
    again = cli_in_process(
        "shard", f"{bucket}/in/a.txt", "--output", f"{bucket}/out", *options, "--resume"
    )
    assert "is complete" in again.stdout
    seen.clear()
    fewer = cli_in_process(
        *("shard", f"{bucket}/in/a.txt", "--output", f"{bucket}/few", *options),
        *("--num-shards", 8),
    )
    assert fewer.returncode == 0, fewer.stderr
    assert (of_sixteen - sum(seen.values())) / 8 <= 8  # requests a shard
    verified = cli_in_process("verify", f"{bucket}/out")
    assert verified.returncode == 0, verified.stderr


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:{free}"}, "EndpointConnectionError"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "NoCredentialsError"),
        ({}, "there is no bucket nowhere"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_soon(
    bucket: str,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    said: str,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        free = held.getsockname()[1]
    with monkeypatch.context() as patch:
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
        for name, value in variables.items():
            patch.setenv(name, value.format(free=free))
        s3.configure({})
        began = time.monotonic()
        with pytest.raises(OSError, match=said) as failed:
            s3.read("s3://nowhere/a")
        assert time.monotonic() - began < 10
        assert "\n" not in str(failed.value)
    s3.configure({})


def test_workers_know_what_the_command_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"options": {"beam:option:s3_endpoint_url:v1": "http://there", "other": 1}}
    monkeypatch.setenv("PIPELINE_OPTIONS", json.dumps(told))
    assert s3._of_a_worker() == {"endpoint_url": "http://there"}
