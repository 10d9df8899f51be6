"""What must not drift: which half of the project knows which, and what a user installs."""

from __future__ import annotations

import ast
import pkgutil
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import bertprep

ROOT = Path(__file__).parent.parent
TRAINERS = ("torch", "tensorflow")
# A trainer's own modules (``bertprep.torch``, ``bertprep.loaders.torch_map``, ...) may import it.
NAMES = [module.name for module in pkgutil.walk_packages(bertprep.__path__, "bertprep.")]
MODULES = ["bertprep", *(n for n in NAMES if not n.rpartition(".")[2].startswith(TRAINERS))]
PAGE_SUFFIXES = (".html", ".css", ".js")
HEAVY = ("apache_beam", "click", "torch", "tensorflow", "transformers", "datasets")


def loaded_after(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded once it ran ``code``."""
    report = "; import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code + report], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.slow
def test_the_library_loads_neither_beam_nor_click_nor_a_trainer() -> None:
    loaded = loaded_after("import " + ", ".join(MODULES))
    assert "bertprep" in loaded
    assert {"bertprep.layouts.registry", "bertprep.text.segment"} <= set(MODULES)
    assert not loaded.intersection(HEAVY)
    assert "pipelines" not in loaded


@cache
def imports(path: Path) -> tuple[str, ...]:
    """What a module imports anywhere, within functions and for type checkers too.

    ``from a import b`` counts as ``a`` and ``a.b``, as b may be a module.
    """
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by a relative name"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_by(path: Path) -> set[str]:
    """The top-level names a module imports."""
    return {name.partition(".")[0] for name in imports(path)}


# Bottom to top; rooms of one line do not know each other.
LAYERS = {
    "bertprep": [
        "errors",
        "settings common",
        "options",
        "stores",
        "vocabulary corpus",
        "text",
        "cleaning learning examples",
        "layouts",
        "shards",
        "loaders checks",
        "report",
        "calls",
        "pipelines_door",
        "torch tensorflow api",
        "__main__",
    ],
    "pipelines": [
        "folders",
        "steps",
        "graphs",
        "runner",
        "messages",
        "jobs inspect",
        "command",
        "cli",
    ],
}
# What pulls the other way, as (room, what it imports): the list is only to shrink.  Options check
# themselves, and which of them a layout has rows for is the layout's to say: asked when they are
# made, within a function.
WRONG_WAY: dict[str, set[tuple[str, str]]] = {
    "bertprep": {("settings", "layouts")},
    "pipelines": set(),
}


def room_of(package: str, path: Path) -> str:
    return path.relative_to(ROOT / package).with_suffix("").parts[0]


def wrong_imports(package: str) -> set[tuple[str, str]]:
    """(room, other room) for each room that imports one beside or above it."""
    level = {room: height for height, rooms in enumerate(LAYERS[package]) for room in rooms.split()}
    found = set()
    for path in (ROOT / package).rglob("*.py"):
        room = room_of(package, path)
        if room == "__init__":
            continue
        for name in imports(path):
            top, *rest = name.split(".")
            is_other = top == package and rest and rest[0] in level and rest[0] != room
            if is_other and level[rest[0]] >= level[room]:
                found.add((room, rest[0]))
    return found


@pytest.mark.parametrize("package", LAYERS)
def test_rooms_import_only_what_is_below_them(package: str) -> None:
    assert wrong_imports(package) == WRONG_WAY[package]


@pytest.mark.parametrize("package", LAYERS)
def test_every_room_has_its_level(package: str) -> None:
    rooms = {room_of(package, path) for path in (ROOT / package).rglob("*.py")}
    assert rooms - {"__init__"} <= set(" ".join(LAYERS[package]).split())


def test_the_init_of_a_room_imports_nothing() -> None:
    doors = [path for package in LAYERS for path in (ROOT / package).glob("*/**/__init__.py")]
    assert len(doors) > 20
    assert {path: names for path in doors if (names := imports(path))} == {}


def test_a_wrong_import_is_seen_wherever_it_hides(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden.py"
    hidden.write_text(
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n    from bertprep.loaders.order import OrderOptions\n"
        "def late():\n    from bertprep import report\n    import bertprep.shards.write\n"
    )
    assert {"bertprep.loaders.order", "bertprep.report", "bertprep.shards.write"} <= set(
        imports(hidden)
    )


# The one door to the pipelines, which imports by name when it is called.
DOOR = ("pipelines_door.py", "__main__.py", "api.py")


def modules_of(package: str) -> list[Path]:
    found = sorted((ROOT / package).rglob("*.py"))
    assert len(found) > 100
    return found


def test_nothing_in_the_library_knows_the_pipelines() -> None:
    above = {"pipelines", "apache_beam", "click"}
    paths = modules_of("bertprep")
    assert {path: names for path in paths if (names := imported_by(path) & above)} == {}
    inside = [path for path in paths if path.name not in DOOR]
    assert [path for path in inside if "pipelines_door" in path.read_text("utf-8")] == []


def trainers_of(path: Path) -> set[str]:
    own = {name for name in TRAINERS if path.name.startswith(name)}
    # It holds a callback of its Trainer.
    return own | {"transformers"} if path.name == "torch_trainer.py" else own


def test_a_trainer_is_known_to_its_own_modules_alone() -> None:
    found = {
        path: (imported_by(path) & {*HEAVY}) - trainers_of(path) for path in modules_of("bertprep")
    }
    assert {path: names for path, names in found.items() if names} == {}


# Only this room may touch what Beam keeps to itself; the graphs use what Beam documents.
BEAMS_INSIDES = (
    "apache_beam.runners",
    "apache_beam.portability",
    "apache_beam.transforms.environments",
    "apache_beam.options",
    "apache_beam.internal",
    "apache_beam.utils",
)


def test_beams_insides_are_touched_in_one_room() -> None:
    found = {
        path: [name for name in imports(path) if name.startswith(BEAMS_INSIDES)]
        for path in modules_of("pipelines")
        if room_of("pipelines", path) != "runner"
    }
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    "args", [["--help"], ["shard", "--help"], ["vocab", "--help"], ["--version"]]
)
def test_help_comes_without_importing_beam(args: list[str]) -> None:
    run = f"import sys; sys.argv = ['bertprep', *{args}]; from pipelines.cli import main\n"
    loaded = loaded_after(run + "try: main()\nexcept SystemExit as end: assert not end.code\npass")
    assert "click" in loaded
    assert not loaded.intersection({"apache_beam", "pyarrow.parquet", "torch", "tensorflow"})


@pytest.mark.slow
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
    assert "bertprep = bertprep.__main__:main" in text


@pytest.mark.slow
def test_a_trainer_loads_no_reader_segmenter_or_tokenizer() -> None:
    report = "print(*(n for n in sys.modules if n.partition('.')[0] in ('bertprep', 'tokenizers')))"
    code = f"import sys, bertprep.torch; {report}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert {"bertprep.torch", "bertprep.shards.folder"} <= loaded
    # Rooms count, too.  More may be needed: raise it, once you know what for.
    assert len([name for name in loaded if name.startswith("bertprep.")]) <= 82
    unwanted = ("tokenizers", "bertprep.corpus.read", "bertprep.learning", "bertprep.checks")
    readers = ("tokenizer", "configuration", "special_tokens", "casing")
    unwanted = (*unwanted, *(f"bertprep.vocabulary.{name}" for name in readers))
    layouts = ("bert4keras", "google", "lddl", "mds", "modelgarden")  # of folders that need them
    unwanted = (*unwanted, *(f"bertprep.layouts.{name}" for name in layouts))
    unwanted = (*unwanted, "bertprep.text", "bertprep.corpus.compression")
    assert not loaded.intersection(unwanted)


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["bertprep", "pipelines", "benchmarks", "examples", "tests"])
def test_docstrings_name_what_they_describe(folder: str) -> None:
    """They begin with a noun or a verb: "The files of ...", not "What the files ...".

    Of tests the helpers are meant: what a test shows its own name says.
    """
    wanting = [
        f"{path.relative_to(ROOT)}: {text.splitlines()[0]}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not path.name.startswith("test_")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and (text := ast.get_docstring(node) or "").startswith("What ")
    ]
    assert wanting == []
