"""Which folder hides ours, and the way out of it."""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest

from bertprep import pipelines_door
from bertprep.errors import BertprepError

ROOT = Path(__file__).parents[1]


@pytest.fixture
def theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another package of the name, which was imported first."""
    (tmp_path / "pipelines").mkdir()
    init = tmp_path / "pipelines" / "__init__.py"
    init.write_text("")
    spec = pipelines_door.importlib.util.spec_from_file_location(
        "pipelines", init, submodule_search_locations=[str(init.parent)]
    )
    module = ModuleType("pipelines")
    module.__spec__ = spec
    monkeypatch.setitem(sys.modules, "pipelines", module)
    return init.parent


def test_ours_is_imported() -> None:
    assert pipelines_door.load("cli").__name__ == "pipelines.cli"


def test_a_path_that_was_given_is_to_be_taken_out(
    theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(theirs.parent))
    with pytest.raises(BertprepError) as caught:
        pipelines_door.load("cli")
    assert str(caught.value) == (
        f"{theirs} hides bertprep's own package `pipelines`; take {theirs.parent} out of PYTHONPATH"
    )


def test_elsewhere_another_folder_or_name_helps(
    theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with pytest.raises(BertprepError, match="rename one, or install bertprep where"):
        pipelines_door.load("cli")
    monkeypatch.chdir(theirs.parent)
    with pytest.raises(BertprepError, match="start in another folder"):
        pipelines_door.load("cli")


def test_what_the_library_loads_is_there() -> None:
    """By names in strings, which no import and no type checker sees."""
    found = {
        (path.name, name)
        for path in (ROOT / "bertprep").rglob("*.py")
        for name in re.findall(r"\bload\(\"([\w.]+)\"\)", path.read_text("utf-8"))
    }
    assert len(found) >= 4
    assert [each for each in sorted(found) if find_spec(f"pipelines.{each[1]}") is None] == []
