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
NAMES = [module.name for module in pkgutil.iter_modules(bertprep.__path__)]
MODULES = ["bertprep", *(f"bertprep.{name}" for name in NAMES if not name.startswith(TRAINERS))]
PAGE_SUFFIXES = (".html", ".css", ".js")
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
        if path.suffix in (".py", *PAGE_SUFFIXES) or path.name == "py.typed"
    }
    packed = {name for name in names if ".dist-info/" not in name}
    assert packed == expected
    assert {"bertprep/py.typed", "pipelines/py.typed"} <= packed
    parts = {f"pipelines/inspect/templates/page{suffix}" for suffix in PAGE_SUFFIXES}
    assert parts <= packed
    entry_points = next(name for name in names if name.endswith("entry_points.txt"))
    text = zipfile.ZipFile(wheel).read(entry_points).decode()
    assert "bertprep = pipelines.cli:main" in text
