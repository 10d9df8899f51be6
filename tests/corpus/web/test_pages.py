"""The text of a page needs an extractor."""

from __future__ import annotations

from pathlib import Path

import pytest

from bertprep.errors import InputError
from tests.corpus.web.archives import HTTP, INFO, page, read, record, response, written


@pytest.mark.parametrize("name", ["a page", "a WARC"])
def test_what_is_missing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("bertprep.corpus.web.pages.find_spec", lambda name: None)
    content = page() if name == "a page" else INFO + record("response", response(page()), HTTP)
    with pytest.raises(InputError, match=r"pip install 'bertprep\[web\]'"):
        read(written(tmp_path, content))
