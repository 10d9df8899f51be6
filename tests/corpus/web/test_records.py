"""Web archives and pages: what is a document of them, and how its text is taken out."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.corpus.formats import registry
from bertprep.errors import InputError
from tests.corpus.web.archives import INFO, TEXT, page, read, record, response, written


def test_an_arc_is_read(tmp_path: Path) -> None:
    version = b"1 0 Made up\nURL IP-address Archive-date Content-type Archive-length\n"
    found = response(page())
    content = (
        f"filedesc://a.arc 0.0.0.0 20080430204825 text/plain {len(version)}\n".encode()
        + version
        + f"\nhttp://a.org/ 1.2.3.4 20080430204826 text/html {len(found)}\n".encode()
        + found
        + b"\n"
    )
    texts, drops = read(written(tmp_path, content))
    assert [TEXT in text for text in texts] == [True]
    assert drops.counts == {"web_other_record": 1}


def test_a_cut_archive_is_told(tmp_path: Path) -> None:
    content = INFO + record("conversion", b"Whole.", "text/plain")
    cut = written(tmp_path, content + record("conversion", b"Not whole.", "text/plain")[:-8])
    with pytest.raises(InputError, match="is truncated: it is no sound warc file"):
        read(cut)
    texts, drops = read(cut, bad_input="drop")
    assert texts == ["Whole."]
    assert drops.counts["damaged_file"] == 1


def test_formats_of_the_web_are_registered() -> None:
    assert {"warc", "html"} <= set(registry.FORMATS)
