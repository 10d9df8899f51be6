"""Cloud Storage: what is said when it fails, and what it is asked again."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

pytest.importorskip("google.auth")

from bertprep.stores import gcs
from pipelines.folders import files
from tests.stores import google_storage
from tests.stores.google_storage import Answer, Storage
from tests.stores.places import *  # noqa: F403 - fixtures
from tests.stores.places import Place
from tests.stores.test_web import answering


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    found = Storage()
    found.buckets["bucket"] = {}
    with google_storage.serving(found) as address:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
        gcs.forget()
        yield found
        gcs.forget()


@pytest.mark.slow
def test_many_objects_are_listed_by_pages_and_removed_together(storage: Storage) -> None:
    names = [f"in/{number:03} ä/?#%" for number in range(130)]
    for name in names:
        gcs.put(f"gs://bucket/{name}", name.encode())
    assert gcs.read(f"gs://bucket/{names[3]}") == names[3].encode()
    storage.page = 50
    storage.seen.clear()
    assert [each.path for each in gcs.listed("gs://bucket/in/")] == [
        f"gs://bucket/{name}" for name in names
    ]
    assert storage.seen == {"list": 3}
    storage.page = 1000
    files.remove("gs://bucket/in")
    assert storage.seen == {"list": 4, "delete": 2}
    assert storage.buckets == {"bucket": {}}


def test_a_store_that_is_busy_is_asked_again(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    said, told = storage.answer, iter([503, 429])

    def answer(*request: object) -> Answer:
        status = next(told, None)
        return Answer(status, b"") if status else said(*request)  # type: ignore[arg-type]

    monkeypatch.setattr(storage, "answer", answer)
    gcs.put("gs://bucket/a", b"1", tag="")
    assert pauses == [0.5, 1.0]
    assert gcs.read("gs://bucket/a") == b"1"


def test_what_came_as_something_else_is_no_success(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = storage._put
    monkeypatch.setattr(storage, "_put", lambda *a: put(*a[:3], a[3][:-1]))
    with pytest.raises(OSError, match="what came there is not what was sent"):
        gcs.put("gs://bucket/a", b"12")


def test_who_may_not_is_told_in_the_stores_own_words(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = google_storage._refused(403, "Anonymous caller does not have access.\nAsk.")
    monkeypatch.setattr(storage, "answer", lambda *request: refusal)
    with pytest.raises(OSError, match=r"the store says 403: Anonymous caller .* access\. Ask\."):
        gcs.read("gs://bucket/a")


@pytest.fixture
def silent_server() -> Iterator[str]:
    with answering(b"") as address:
        yield address


def test_what_is_wrong_is_said_in_one_line_soon(
    in_gcs: Place, silent_server: str, monkeypatch: pytest.MonkeyPatch
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
        assert gcs._FIRST_SECONDS * gcs._TRIES < 10
        gcs.forget(first_seconds=0.5)
        began = time.monotonic()
        with pytest.raises(OSError, match=said) as failed:
            gcs.read("gs://bucket/a")
        assert time.monotonic() - began < 10
        assert "\n" not in str(failed.value)
