"""A store whose library is missing is told with what installs it."""

from __future__ import annotations

import pytest

from bertprep.errors import UsageError
from pipelines.folders import extras


def test_each_store_names_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "_is_installed", lambda module: False)
    for scheme, package in (("gs", r"bertprep\[gcp\]"), ("s3", r"bertprep\[aws\]")):
        with pytest.raises(UsageError, match=f"^{scheme}:// needs .* pip install '{package}'$"):
            extras.check_stores(["a", f"{scheme}://bucket/x"])
    extras.check_stores(["a", None, "./b"])


def test_a_store_that_is_installed_is_let_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "_is_installed", lambda module: True)
    extras.check_stores(["gs://a", "s3://b", "https://c/d"])
    with pytest.raises(UsageError, match="foo://x is of no store that is known; expected gs://"):
        extras.check_stores(["foo://x"])


def test_what_is_not_opened_is_told_with_a_way_out() -> None:
    with pytest.raises(UsageError, match="hdfs://a/b: hdfs:// is not opened; copy it to gs://"):
        extras.check_stores(["hdfs://a/b"])
    with pytest.raises(UsageError, match="file:///a: file:// is not opened; write the path alone"):
        extras.check_stores([], ["file:///a"])


def test_whether_a_module_is_there() -> None:
    assert extras._is_installed("json.decoder")
    assert not extras._is_installed("no_such_package.inside")
