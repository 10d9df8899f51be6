"""What must not drift: which half of the project knows which, and what a user installs."""

from __future__ import annotations

import ast
import pkgutil
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import bertprep

ROOT = Path(__file__).parent.parent
TRAINERS = ("torch", "tensorflow")
# A trainer's own modules (``bertprep.torch``, ``bertprep.loaders.torch_map``, ...) may import it.
NAMES = [module.name for module in pkgutil.walk_packages(bertprep.__path__, "bertprep.")]
MODULES = [name for name in NAMES if not name.rpartition(".")[2].startswith(TRAINERS)]
PAGE_PARTS = ("page.html", "page.css", "page.js")
HEAVY = ("apache_beam", "click", "torch", "tensorflow", "transformers", "datasets")


def loaded_after(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded once it ran ``code``."""
    report = "; import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code + report], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_the_library_loads_neither_beam_nor_click_nor_a_trainer() -> None:
    loaded = loaded_after("import " + ", ".join(MODULES))
    assert "bertprep" in loaded
    assert {"bertprep.layouts.registry", "bertprep.text.segment"} <= set(MODULES)
    assert not loaded.intersection(HEAVY)
    assert "pipelines" not in loaded


def imported_by(path: Path) -> set[str]:
    """The top-level names a module imports anywhere, within functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", sorted((ROOT / "bertprep").rglob("*.py")), ids=lambda p: p.name)
def test_nothing_in_the_library_knows_the_pipelines(path: Path) -> None:
    assert not imported_by(path).intersection({"pipelines", "apache_beam", "click"})


@pytest.mark.parametrize("path", sorted((ROOT / "bertprep").rglob("*.py")), ids=lambda p: p.name)
def test_a_trainer_is_known_to_its_own_modules_alone(path: Path) -> None:
    own = {name for name in TRAINERS if path.name.startswith(name)}
    assert imported_by(path).intersection(HEAVY) <= own


@pytest.mark.parametrize(
    "args", [["--help"], ["shard", "--help"], ["vocab", "--help"], ["--version"]]
)
def test_help_comes_without_importing_beam(args: list[str]) -> None:
    run = f"import sys; sys.argv = ['bertprep', *{args}]; from pipelines.cli import main\n"
    loaded = loaded_after(run + "try: main()\nexcept SystemExit as end: assert not end.code\npass")
    assert "click" in loaded
    assert not loaded.intersection({"apache_beam", "pyarrow.parquet", "torch", "tensorflow"})


def test_the_wheel_holds_the_two_packages_and_nothing_else(tmp_path: Path) -> None:
    source = tmp_path / "source"
    unwanted = shutil.ignore_patterns(".*", "*.egg-info", "__pycache__", "build", "dist")
    shutil.copytree(ROOT, source, ignore=unwanted)
    build = "from setuptools import build_meta; build_meta.build_wheel('../wheel')"
    done = subprocess.run(
        [sys.executable, "-c", build], cwd=source, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "wheel").iterdir()
    names = zipfile.ZipFile(wheel).namelist()
    expected = {
        str(path.relative_to(ROOT))
        for package in ("bertprep", "pipelines")
        for path in (ROOT / package).rglob("*")
        if path.suffix == ".py" or path.name in ("py.typed", *PAGE_PARTS)
    }
    packed = {name for name in names if ".dist-info/" not in name}
    assert packed == expected
    assert {"bertprep/py.typed", "pipelines/py.typed"} <= packed
    assert {f"pipelines/inspect/{name}" for name in PAGE_PARTS} <= packed
    entry_points = next(name for name in names if name.endswith("entry_points.txt"))
    text = zipfile.ZipFile(wheel).read(entry_points).decode()
    assert "bertprep = pipelines.cli:main" in text


def test_a_trainer_loads_no_reader_segmenter_or_tokenizer() -> None:
    report = "print(*(n for n in sys.modules if n.partition('.')[0] in ('bertprep', 'tokenizers')))"
    code = f"import sys, bertprep.torch; {report}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert {"bertprep.torch", "bertprep.shards.folder"} <= loaded
    unwanted = ("tokenizers", "bertprep.corpus", "bertprep.learning", "bertprep.checks")
    makers = ("segment", "tokenize", "pieces", "prepare", "abbreviations", "chinese_words")
    unwanted = (*unwanted, "bertprep.vocabulary.tokenizer", *(f"bertprep.text.{m}" for m in makers))
    assert not loaded.intersection(unwanted)


# From the ground up; a room knows those below it, and nothing of those above or beside it.
ROOMS = (
    ("errors",),
    ("options", "common"),
    ("stores",),
    ("vocabulary", "corpus"),
    ("text",),
    ("cleaning", "learning"),
    ("examples",),
    ("layouts",),
    ("shards",),
    ("loaders", "checks"),
    ("report",),
    (*TRAINERS, "api"),
)
FLOORS = {name: floor for floor, names in enumerate(ROOMS) for name in names}
# Each layout says which options it has rows for; options ask as soon as they are made.
UPWARD = {("options", "layouts")}


def rooms_known_to(path: Path) -> set[str]:
    """The rooms that a module of the library imports from anywhere, within functions too."""
    known: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        own = [name.split(".")[1] for name in modules if name.startswith("bertprep.")]
        known.update(name for name in own if not name.startswith("__"))
    return known


def test_rooms_know_those_below_them_alone() -> None:
    package = ROOT / "bertprep"
    found = set()
    for path in package.rglob("*.py"):
        room = path.relative_to(package).parts[0].removesuffix(".py")
        if room != "__init__":
            known = rooms_known_to(path) - {room}
            found |= {(room, other) for other in known if FLOORS[other] >= FLOORS[room]}
    assert found == UPWARD
