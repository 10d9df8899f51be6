"""What a cleaned corpus came to is told by its manifest."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

from bertprep.options import CleanOptions, ReadOptions
from bertprep.shards.cleaned import Cleaned, clean_manifest, is_of_texts, parse_cleaned


def test_a_manifest_tells_what_its_report_did() -> None:
    report = SimpleNamespace(
        sums=Counter(sifted_documents=9, sifted_bytes=900, kept_documents=7, kept_bytes=650),
        drops=Counter(copy=2),
        prepared=[],
    )
    manifest = clean_manifest(ReadOptions(), CleanOptions(), [], report, [])  # type: ignore[arg-type]
    assert is_of_texts(manifest)
    assert parse_cleaned(manifest) == Cleaned(9, 7, 900, 650, {"copy": 2})


def test_other_manifests_are_not_of_texts() -> None:
    for other in (b"{}", b"[]", b"1", b"no JSON", b'{"shards": []}'):
        assert not is_of_texts(other)
