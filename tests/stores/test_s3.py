"""Objects of S3, of an emulator: what is said when it fails, and what workers know."""

from __future__ import annotations

import json
import socket
import time

import pytest

pytest.importorskip("boto3")

from bertprep.stores import s3
from tests.stores.places import *  # noqa: F403 - fixtures
from tests.stores.places import Place
from tests.stores.test_web import answering


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:{free}"}, "EndpointConnectionError"),
        (
            {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
            "are found; `aws configure`",
        ),
        ({}, "there is no bucket nowhere"),
        ({"AWS_ENDPOINT_URL_S3": "nonsense"}, "ValueError: Invalid endpoint: nonsense"),
        ({"AWS_DEFAULT_REGION": "no such"}, "InvalidRegionError: Provided region_name"),
        ({"AWS_PROFILE": "nobody"}, r"ProfileNotFound: .*\(nobody\)"),
        ({"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:{silent}"}, "ReadTimeoutError"),
        ({"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:{cut}"}, "IncompleteRead"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_soon(
    in_s3: Place,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    said: str,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        free = held.getsockname()[1]
    with (
        monkeypatch.context() as patch,
        answering(b"") as silent,
        answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf") as cut,
    ):
        ports = {"free": free, "silent": _port(silent), "cut": _port(cut)}
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
        for name, value in variables.items():
            patch.setenv(name, value.format(**ports))
        assert s3._FIRST_SECONDS * s3._TRIES < 10
        s3.configure({}, first_seconds=0.5)
        began = time.monotonic()
        with pytest.raises(OSError, match=said) as failed:
            s3.read("s3://nowhere/a")
        assert time.monotonic() - began < 10
        assert "\n" not in str(failed.value)
    s3.configure({})


def _port(address: str) -> str:
    return address.rpartition(":")[2]


def test_workers_know_what_the_command_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"options": {"beam:option:s3_endpoint_url:v1": "http://there", "other": 1}}
    monkeypatch.setenv("PIPELINE_OPTIONS", json.dumps(told))
    assert s3._of_a_worker() == {"endpoint_url": "http://there"}
