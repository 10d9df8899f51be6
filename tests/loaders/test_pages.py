"""Every page for a trainer has code that runs: all of it, in the order of the page."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bertprep.options import ShardOptions
from tests.made_folders import rows_of, write_folder

PAGES = sorted((Path(__file__).parents[2] / "docs" / "trainers").glob("*.md"))
CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Those of the others load torch.
LIBRARIES = {"keras": "tensorflow", "jax": None}
# Pages that show other programs' commands alone, and one whose code test_streaming.py runs.
WITHOUT_CODE = {"README", "google", "megatron", "mosaicml"}
L = 64


def of_library(page: Path) -> Any:
    library = LIBRARIES.get(page.stem, "torch")
    marks = getattr(pytest.mark, library) if library else pytest.mark.slow  # JAX compiles
    return pytest.param(page, marks=marks, id=page.stem)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of shards that the pages speak of."""
    made = tmp_path_factory.mktemp("pages")
    kinds: dict[str, dict[str, Any]] = {
        "shards": {},
        "unmasked": {"masking": "none"},
        "ragged": {"layout": "ragged"},
        "packed": {"pack": True},
    }
    for name, more in kinds.items():
        options = ShardOptions(max_seq_length=L, max_predictions_per_seq=10, **more)
        write_folder(made / name, options, [rows_of(range(48), L if name != "packed" else 20)])
    return made


@pytest.fixture(autouse=True)
def there(folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The folder that the code is run in."""
    for folder in folders.iterdir():
        (tmp_path / folder.name).symlink_to(folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "2")
    yield
    logging.getLogger("transformers").handlers.clear()


@pytest.mark.filterwarnings("ignore")  # advice of the trainers on workers and accelerators
@pytest.mark.parametrize(
    "page", [of_library(page) for page in PAGES if page.stem not in WITHOUT_CODE]
)
def test_the_code_of_a_page_runs(page: Path) -> None:
    blocks = CODE.findall(page.read_text(encoding="utf-8"))
    assert blocks
    if page.stem not in LIBRARIES:
        import torch

        torch.set_num_threads(1)  # threads waiting for each other take ten times as long
    if page.stem == "jax":  # its threads would stay, and each fork after that be warned of
        done = subprocess.run([sys.executable, "-c", "\n".join(blocks)], capture_output=True)
        assert done.returncode == 0, done.stderr.decode()
        return
    names: dict[str, Any] = {"__name__": "page"}
    for block in blocks:
        exec(compile(block, page.name, "exec"), names)


def test_the_first_page_names_all_others() -> None:
    text = (PAGES[0].parent / "README.md").read_text(encoding="utf-8")
    assert {name for name in re.findall(r"\((\S+)\.md\)", text)} == {
        page.stem for page in PAGES if page.stem != "README"
    }
    for page in PAGES:
        assert (page.stem == "README") or "## What not to do" in page.read_text(encoding="utf-8")
