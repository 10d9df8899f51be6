"""A store whose library is missing is told with what installs it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bertprep.errors import BertprepError, InputError, UsageError
from bertprep.options import ReadOptions
from bertprep.shards.folder import Shards
from bertprep.stores import gcs, gcs_requests, hf, s3, schemes, web
from pipelines.folders.finished_folder import manifest_bytes
from pipelines.folders.inputs import find_inputs
from pipelines.jobs.locate import locate
from tests.stores.places import make_nobody_known

ROOT = Path(__file__).parents[2]


def test_each_store_names_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schemes, "_is_installed", lambda module: False)
    for scheme, package in (("gs", r"bertprep\[gcp\]"), ("s3", r"bertprep\[aws\]")):
        with pytest.raises(UsageError, match=f"^{scheme}:// needs .* pip install '{package}'$"):
            schemes.check_stores(["a", f"{scheme}://bucket/x"])
    schemes.check_stores(["a", None, "./b"])


def test_a_store_that_is_installed_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schemes, "_is_installed", lambda module: True)
    schemes.check_stores(["gs://a", "s3://b", "https://c/d"])
    with pytest.raises(UsageError, match="foo://x is of no store that is known; expected gs://"):
        schemes.check_stores(["foo://x"])


def test_what_is_not_opened_is_told_with_a_way_out() -> None:
    with pytest.raises(UsageError, match="hdfs://a/b: hdfs:// is not opened; copy it to gs://"):
        schemes.check_stores(["hdfs://a/b"])
    with pytest.raises(UsageError, match="file:///a: file:// is not opened; write the path alone"):
        schemes.check_stores([], ["file:///a"])


def test_a_path_is_of_one_place() -> None:
    assert schemes.store_of("gs://a/b") is gcs
    assert schemes.store_of("s3://a/b") is s3
    for path in ("a/b", "/data/a:b", "https://a/b", "hf://datasets/a/b"):
        assert schemes.store_of(path) is None
    assert schemes.readable_of("hf://datasets/a/b/c") is hf
    assert schemes.readable_of("http://a/b") is web
    assert [schemes.is_only_read(path) for path in ("https://a", "gs://a", "a")] == [1, 0, 0]
    with pytest.raises(UsageError, match="ftp://a/b is of no store that is known; expected gs://"):
        schemes.store_of("ftp://a/b")


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("hdfs://a/b", "hdfs:// is not opened; copy it to gs:// or s3://"),
        ("file:///a/b", "file:// is not opened; write the path alone"),
        ("ftp://a/b", "is of no store that is known; expected gs://"),
        ("https://a/b", "is no folder here or of a store; copy it, and name the copy"),
        ("hf://datasets/a/b", "`hf download a/b --repo-type dataset --local-dir DIR`"),
    ],
)
def test_folders_are_here_or_in_stores(path: str, said: str) -> None:
    with pytest.raises((UsageError, InputError), match=said):
        schemes.check_folder(path)


def test_nothing_says_that_hdfs_is_opened() -> None:
    texts = [
        path for room in ("bertprep", "pipelines", "docs") for path in (ROOT / room).rglob("*")
    ]
    said = [
        line
        for path in (ROOT / "README.md", *texts)
        if path.suffix in (".py", ".md")
        for line in path.read_text(encoding="utf-8").splitlines()
        if "hdfs" in line
    ]
    own = '    "hdfs": "copy it to gs:// or s3://, or mount it and name the path",'
    left_out = 'STORES = frozenset({"boto3", "bson", "hdfs", "apache_beam.io.gcp.bigquery"})'
    others = [line for line in said if "`hdfs://` is not opened" not in line]
    assert sorted(others) == [own, left_out]  # the module that Beam would import is another's
    assert len(said) > 1


def test_whether_a_module_is_there() -> None:
    assert schemes._is_installed("json.decoder")
    assert not schemes._is_installed("no_such_package.inside")


OPENED: dict[str, Callable[[str], object]] = {
    "locate": lambda uri: list(locate(uri, "0", 0)),
    "inspect and verify": manifest_bytes,
    "loaders": Shards,
    "inputs": lambda uri: find_inputs([uri], ReadOptions()),
}
STORES = {
    "gs": ("google.auth", "gs:// needs google-auth; pip install 'google-auth[requests]'"),
    "s3": ("boto3", "s3:// needs boto3; pip install boto3"),
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
    make_nobody_known(monkeypatch, tmp_path)
    said = "no credentials (of Google )?are found"
    for scheme in ("s3", "gs"):
        uri = f"{scheme}://my-bucket/folder"
        with pytest.raises((BertprepError, OSError), match=said) as failed:
            OPENED[what](uri)
        assert uri in str(failed.value)
        assert "\n" not in str(failed.value)
