"""A store whose library is missing is told with what installs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bertprep.errors import BertprepError, UsageError
from bertprep.options import ReadOptions
from bertprep.stores import gcs_requests, s3
from pipelines.folders import store_extras
from pipelines.folders.finished_folder import manifest_bytes
from pipelines.folders.inputs import find_inputs
from pipelines.jobs.locate import locate


def test_each_store_names_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_extras, "_is_installed", lambda module: False)
    for scheme, package in (("gs", r"bertprep\[gcp\]"), ("s3", r"bertprep\[aws\]")):
        with pytest.raises(UsageError, match=f"^{scheme}:// needs .* pip install '{package}'$"):
            store_extras.check_stores(["a", f"{scheme}://bucket/x"])
    store_extras.check_stores(["a", None, "./b"])


def test_a_store_that_is_installed_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_extras, "_is_installed", lambda module: True)
    store_extras.check_stores(["gs://a", "s3://b", "https://c/d"])
    with pytest.raises(UsageError, match="foo://x is of no store that is known; expected gs://"):
        store_extras.check_stores(["foo://x"])


def test_what_is_not_opened_is_told_with_a_way_out() -> None:
    with pytest.raises(UsageError, match="hdfs://a/b: hdfs:// is not opened; copy it to gs://"):
        store_extras.check_stores(["hdfs://a/b"])
    with pytest.raises(UsageError, match="file:///a: file:// is not opened; write the path alone"):
        store_extras.check_stores([], ["file:///a"])


def test_whether_a_module_is_there() -> None:
    assert store_extras._is_installed("json.decoder")
    assert not store_extras._is_installed("no_such_package.inside")


OPENED: dict[str, Callable[[str], object]] = {
    "locate": lambda uri: list(locate(uri, "0", 0)),
    "inspect and verify": manifest_bytes,
    "inputs": lambda uri: find_inputs([uri], ReadOptions()),
}
STORES = {
    "gs": ("google.auth", "gs:// needs google-auth; pip install 'bertprep[gcp]'"),
    "s3": ("boto3", "s3:// needs boto3; pip install 'bertprep[aws]'"),
    "hf": ("huggingface_hub", "hf:// needs huggingface_hub; pip install 'bertprep[hub]'"),
}


@pytest.fixture(autouse=True)
def no_store_was_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "_clients", {})
    monkeypatch.setattr(gcs_requests, "_sessions", {})


@pytest.mark.parametrize("scheme", STORES)
@pytest.mark.parametrize("what", OPENED)
def test_what_is_not_installed_is_told_by_whatever_opens_a_store(
    monkeypatch: pytest.MonkeyPatch, scheme: str, what: str
) -> None:
    module, line = STORES[scheme]
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(BertprepError) as failed:
        OPENED[what](f"{scheme}://datasets/my/corpus")
    if scheme == "hf" and what != "inputs":  # results are not read there
        line = (
            "hf://datasets/my/corpus is no folder here or of a store; `hf download my/corpus "
            "--repo-type dataset --local-dir DIR`, and name the copy"
        )
    assert str(failed.value) == line


@pytest.mark.parametrize("what", OPENED)
def test_credentials_that_are_missing_are_told_in_a_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str
) -> None:
    pytest.importorskip("boto3")
    pytest.importorskip("google.auth")
    for name in [name for name in os.environ if name.startswith(("AWS_", "GOOGLE_", "STORAGE_"))]:
        monkeypatch.delenv(name)
    # Nobody is asked over the network.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    s3.configure({})
    said = "no credentials (of Google )?are found"
    for scheme in ("s3", "gs"):
        uri = f"{scheme}://my-bucket/folder"
        with pytest.raises((BertprepError, OSError), match=said) as failed:
            OPENED[what](uri)
        assert uri in str(failed.value)
        assert "\n" not in str(failed.value)
