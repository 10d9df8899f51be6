"""Buckets of the object stores that there are, each in an emulator; tests take ``place``."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bertprep.stores import gcs, gcs_requests, s3
from bertprep.stores.objects import Store
from tests.stores import google_storage

_KINDS = {
    "PutObject": "put",
    "GetObject": "get",
    "HeadObject": "head",
    "CopyObject": "copy",
    "ListObjectsV2": "list",
    "DeleteObjects": "delete",
    "DeleteObject": "delete",
}


class Place(NamedTuple):
    """A bucket.

    Attributes:
        bucket: its URI.
        store: its store.
        seen: how often each kind of request came, but for those of the next.
        beats: the same for those sent as time goes by: by the owner of an output, and of progress.
    """

    bucket: str
    store: Store
    seen: Counter[str]
    beats: Counter[str]


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """The address of moto's S3."""
    pytest.importorskip("boto3")
    server = pytest.importorskip("moto.server").ThreadedMotoServer(
        ip_address="127.0.0.1", port=0, verbose=False
    )
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def in_s3(moto: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL_S3": moto,
    }.items():
        monkeypatch.setenv(name, value)
    s3.configure({})
    seen: Counter[str] = Counter()
    beats: Counter[str] = Counter()

    def count(event_name: str, request: Any, **_: Any) -> None:
        is_beat = "bertprep-owner" in request.url or "progress" in request.url
        kind = _KINDS.get(event_name.rpartition(".")[2], event_name)
        (beats if is_beat else seen)[kind] += 1

    s3._client().create_bucket(Bucket="bucket")
    assert not s3.exists("s3://bucket/none")  # from then on the store has answered
    s3._client().meta.events.register("before-send.s3.*", count)
    yield Place("s3://bucket", s3, seen, beats)
    s3.delete([each.path for each in s3.listed("s3://bucket/")])
    s3._client().delete_bucket(Bucket="bucket")
    s3.configure({})


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[google_storage.Storage]:
    """Google's store, with a bucket in it: what it was asked, and what it answers."""
    pytest.importorskip("google.auth")
    storage = google_storage.Storage()
    storage.buckets["bucket"] = {}
    with google_storage.serving(storage) as address:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
        gcs_requests.forget()
        yield storage
        gcs_requests.forget()


@pytest.fixture
def in_gcs(google: google_storage.Storage) -> Place:
    return Place("gs://bucket", gcs, google.seen, google.beats)


def uploaded(place: Place, folder: Path, name: str) -> str:
    """The URI of a copy of a folder; what it took is not counted."""
    uri = f"{place.bucket}/{name}"
    for path in folder.rglob("*"):
        if path.is_file():
            place.store.put(f"{uri}/{path.relative_to(folder)}", path.read_bytes())
    place.seen.clear()
    return uri


def make_nobody_known(patch: pytest.MonkeyPatch, home: Path) -> None:
    """From then on there are no credentials, and nobody to ask for them over the network."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "GOOGLE_", "STORAGE_"))]:
        patch.delenv(name)
    patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    patch.setenv("NO_GCE_CHECK", "true")
    patch.setenv("HOME", str(home))
    patch.setenv("CLOUDSDK_CONFIG", str(home))
    forget_stores()


def forget_stores() -> None:
    """Stores are asked anew, as the environment says now."""
    s3.configure({})
    gcs_requests.forget()


@pytest.fixture(params=["s3", "gcs"])
def place(request: pytest.FixtureRequest) -> Place:
    found: Place = request.getfixturevalue(f"in_{request.param}")
    return found
