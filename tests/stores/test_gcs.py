"""Cloud Storage: lists by pages, and what was written is what was sent."""

from __future__ import annotations

import pytest

from bertprep.stores import gcs
from pipelines.folders import files
from tests.stores.google_storage import Storage
from tests.stores.places import *  # noqa: F403 - fixtures


@pytest.mark.slow
def test_many_objects_are_listed_by_pages_and_removed_together(google: Storage) -> None:
    names = [f"in/{number:03} ä/?#%" for number in range(130)]
    for name in names:
        gcs.put(f"gs://bucket/{name}", name.encode())
    assert gcs.read(f"gs://bucket/{names[3]}") == names[3].encode()
    google.page = 50
    google.seen.clear()
    assert [each.path for each in gcs.listed("gs://bucket/in/")] == [
        f"gs://bucket/{name}" for name in names
    ]
    assert google.seen == {"list": 3}
    google.page = 1000
    files.remove("gs://bucket/in")
    assert google.seen == {"list": 4, "delete": 2}
    assert google.buckets == {"bucket": {}}


def test_what_came_as_something_else_is_no_success(
    google: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = google._put
    monkeypatch.setattr(google, "_put", lambda *a: put(*a[:3], a[3][:-1]))
    with pytest.raises(OSError, match="what came there is not what was sent"):
        gcs.put("gs://bucket/a", b"12")
