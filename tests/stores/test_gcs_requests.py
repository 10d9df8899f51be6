"""Requests to Cloud Storage: what is asked again, and what is said when that fails."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bertprep.stores import gcs, gcs_requests
from tests.stores import google_storage
from tests.stores.google_storage import Answer, Storage
from tests.stores.places import *  # noqa: F403 - fixtures
from tests.stores.test_web import answering


def test_a_store_that_is_busy_is_asked_again(
    google: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    said, told = google.answer, iter([503, 429])

    def answer(*request: object) -> Answer:
        status = next(told, None)
        return Answer(status, b"") if status else said(*request)  # type: ignore[arg-type]

    monkeypatch.setattr(google, "answer", answer)
    gcs.put("gs://bucket/a", b"1", tag="")
    assert pauses == [0.5, 1.0]
    assert gcs.read("gs://bucket/a") == b"1"


def test_who_may_not_is_told_in_the_stores_own_words(
    google: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = google_storage._refused(403, "Anonymous caller does not have access.\nAsk.")
    monkeypatch.setattr(google, "answer", lambda *request: refusal)
    with pytest.raises(OSError, match=r"the store says 403: Anonymous caller .* access\. Ask\."):
        gcs.read("gs://bucket/a")


@pytest.fixture
def silent_server() -> Iterator[str]:
    with answering(b"") as address:
        yield address


def test_what_is_wrong_is_said_in_one_line_soon(
    google: Storage, silent_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        free = held.getsockname()[1]

    for variables, said in (
        ({"STORAGE_EMULATOR_HOST": f"127.0.0.1:{free}"}, "ConnectionError"),
        ({"STORAGE_EMULATOR_HOST": silent_server}, "ReadTimeout"),
        (
            {
                "STORAGE_EMULATOR_HOST": "",
                "NO_GCE_CHECK": "true",
                "HOME": "/nowhere",
                "CLOUDSDK_CONFIG": "/nowhere",
            },
            "no credentials of Google are found; `gcloud auth application-default login`",
        ),
        (
            {"GOOGLE_APPLICATION_CREDENTIALS": "/nowhere/key.json"},
            "/nowhere/key.json was not found",
        ),
    ):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        assert gcs_requests._FIRST_SECONDS * gcs_requests.TRIES < 10
        gcs_requests.forget(first_seconds=0.5)
        began = time.monotonic()
        with pytest.raises(OSError, match=said) as failed:
            gcs.read("gs://bucket/a")
        assert time.monotonic() - began < 10
        assert "\n" not in str(failed.value)


WHERE_NOBODY_ANSWERS = """
import time
from pathlib import Path
from bertprep.stores import gcs
began = time.monotonic()
try:
    gcs.read("gs://bucket/a")
except OSError as error:
    print(error.strerror)
print(time.monotonic() - began)
"""


@pytest.mark.slow
def test_a_network_that_swallows_all_questions_for_credentials(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GOOGLE")}
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        done = subprocess.run(
            [sys.executable, "-c", WHERE_NOBODY_ANSWERS],
            env={
                **kept,
                **dict.fromkeys(("HOME", "CLOUDSDK_CONFIG"), str(tmp_path)),
                **dict.fromkeys(("GCE_METADATA_HOST", "GCE_METADATA_IP"), address),
                "STORAGE_EMULATOR_HOST": "",
            },
            capture_output=True,
            text=True,
            check=True,
        )
    said, seconds = done.stdout.splitlines()
    assert said.startswith("no credentials of Google are found")
    assert float(seconds) < 10
