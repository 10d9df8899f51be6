"""Beginnings of several tests of the loaders for torch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.loaders.batch_cases import ROWS
from tests.made_folders import options, write_folder


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows without masks in several shards."""
    return write_folder(tmp_path_factory.mktemp("plain"), options(masking="none"), ROWS)


@pytest.fixture(scope="module")
def own_caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Caches of rows, and of what the Hugging Face libraries make, for the tests of a module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        patch.setenv("HF_HOME", str(tmp_path_factory.mktemp("hf")))
        yield
