"""One run owns an output in a store, until it ends or dies."""

from __future__ import annotations

import time

import pytest

pytest.importorskip("boto3")
pytest.importorskip("moto.server")

from bertprep.errors import OutputError
from bertprep.stores import s3
from pipelines.folders import owner
from pipelines.folders.owner import Owner
from pipelines.folders.workspace import Workspace
from tests.stores.test_s3 import bucket, server  # noqa: F401 - fixtures


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner, "BEAT_SECONDS", 0.1)
    monkeypatch.setattr(owner, "DEAD_SECONDS", 1.5)


def test_a_second_run_is_refused_while_the_first_lives(bucket: str) -> None:  # noqa: F811
    with Workspace(f"{bucket}/out", overwrite=False):
        with pytest.raises(OutputError, match=r"another run \(.*\) is writing to s3"):
            Workspace(f"{bucket}/out", overwrite=True).__enter__()
        Workspace(f"{bucket}/other", overwrite=False).__enter__()._leave()
    began = time.monotonic()
    with Workspace(f"{bucket}/out", overwrite=False):  # it was let go of
        assert time.monotonic() - began < owner.DEAD_SECONDS
    assert [each.path for each in s3.listed(f"{bucket}/out")] == []


def test_a_run_takes_over_from_one_that_died(
    bucket: str,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    dead = Owner(f"{bucket}/out")
    dead._stop.set()
    dead._thread.join()
    heir = Owner(f"{bucket}/out")
    assert "seeing for 2 s whether it lives" in capsys.readouterr().err
    dead.release()  # it comes back: the object is not its any more
    with pytest.raises(OutputError):
        Owner(f"{bucket}/out")
    heir.release()
    assert not s3.exists(f"{bucket}/out.bertprep-owner")
