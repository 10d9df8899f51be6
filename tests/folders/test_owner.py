"""One run owns an output in a store, until it ends or dies."""

from __future__ import annotations

import time
from typing import Any

import pytest

from bertprep.errors import OutputError
from pipelines.folders.owner import Owner
from pipelines.folders.patience import Patience
from pipelines.folders.workspace import Workspace
from tests.stores.places import *  # noqa: F403 - fixtures
from tests.stores.places import Place

QUICK = Patience(beat=0.1, dead=1.5)


def test_a_second_run_is_refused_while_the_first_lives(place: Place) -> None:
    with Workspace(f"{place.bucket}/out", overwrite=False, patience=QUICK):
        with pytest.raises(OutputError, match=r"another run \(.*\) is writing to "):
            Workspace(f"{place.bucket}/out", overwrite=True, patience=QUICK).__enter__()
        Workspace(f"{place.bucket}/other", overwrite=False, patience=QUICK).__enter__()._leave()
    began = time.monotonic()
    with Workspace(f"{place.bucket}/out", overwrite=False, patience=QUICK):  # it was let go of
        assert time.monotonic() - began < QUICK.dead
    assert [each.path for each in place.store.listed(f"{place.bucket}/out")] == []


def test_a_run_takes_over_from_one_that_died(
    place: Place,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dead = Owner(f"{place.bucket}/out", place.store, QUICK)
    dead._stop.set()
    dead._thread.join()
    heir = Owner(f"{place.bucket}/out", place.store, QUICK)
    assert "seeing for 2 s whether it lives" in capsys.readouterr().err
    dead.release()  # it comes back: the object is not its any more
    with pytest.raises(OutputError):
        Owner(f"{place.bucket}/out", place.store, QUICK)
    heir.release()
    assert not place.store.exists(f"{place.bucket}/out.bertprep-owner")


class Forgetful:
    """A store of which each second answer to a put gets lost; its client then asks again."""

    def __init__(self, store: Any) -> None:
        self._store, self.puts = store, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put(self, path: str, body: bytes, tag: str | None = None) -> str:
        self.puts += 1
        if self.puts % 2:
            self._store.put(path, body, tag)
        return self._store.put(path, body, tag)


class Overtaken:
    """A store in which an heir takes an object over in the moment that it is removed."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        asked = getattr(self._store, name)
        if not name.startswith("delete"):
            return asked

        def overtaken(paths: Any, *tag: str) -> None:
            path = paths if isinstance(paths, str) else paths[0]
            self._store.put(path, b"of the heir")
            asked(paths, *tag)

        return overtaken


def test_who_is_overtaken_leaves_the_heirs_object(place: Place) -> None:
    store: Any = Overtaken(place.store)
    Owner(f"{place.bucket}/out", store, QUICK).release()
    assert place.store.read(f"{place.bucket}/out.bertprep-owner") == b"of the heir"


def test_an_owner_whose_answers_get_lost_still_lives(place: Place) -> None:
    store: Any = Forgetful(place.store)
    owner = Owner(f"{place.bucket}/out", store, QUICK)
    seen = store.puts
    while store.puts < seen + 4:
        assert owner._thread.is_alive()
        time.sleep(QUICK.beat / 2)
    with pytest.raises(OutputError, match="another run"):
        Owner(f"{place.bucket}/out", place.store, QUICK)
    owner.release()
    assert not place.store.exists(f"{place.bucket}/out.bertprep-owner")
