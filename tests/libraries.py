"""Torch and TensorFlow never share a process.

TensorFlow from 2.20 on, loaded first, makes a later import of triton, which comes with torch's
build for Linux, crash the process. So a test session is one of three kinds, by what its tests may
load: neither of the two (``none``), ``torch`` or ``tensorflow``. A test belongs to a library if it
is marked ``@pytest.mark.torch`` (or ``tensorflow``) or its file is in a folder of that name.

With REQUIRE_LIBRARIES in the environment a library that is not there fails the tests that it is
for, where else they are skipped.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

from tests import lanes

__all__ = (
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_ignore_collect",
    "pytest_report_header",
)

LIBRARIES = ("torch", "tensorflow")
# With which the loaders and the shards are tested.
TRAINERS = (
    *("accelerate", "datasets", "duckdb", "grain", "jax", "lightning", "pandas", "polars"),
    *("tensorflow", "torch", "torchdata", "transformers"),
)


def library_of_path(path: str | Path) -> str | None:
    """The library whose tests a file or folder holds."""
    found = [part for part in Path(str(path).split("::")[0]).parts if part in LIBRARIES]
    return found[-1] if found else None


def library_of_test(item: pytest.Item) -> str | None:
    """The library that a test may load."""
    marked = [name for name in LIBRARIES if item.get_closest_marker(name)]
    return marked[0] if marked else _library_of_file(item.path, item.config.rootpath)


@cache
def _library_of_file(path: Path, root: Path) -> str | None:
    return library_of_path(path.relative_to(root))


def library_of_session(config: pytest.Config) -> str:
    """The one asked for, else the one whose folders the arguments name, else ``none``."""
    if config.option.library:
        return str(config.option.library)
    named = {library_of_path(argument) for argument in config.invocation_params.args}
    libraries = sorted(name for name in named if name)
    if len(libraries) > 1:
        raise pytest.UsageError("torch's tests and TensorFlow's need a process each: make test")
    return libraries[0] if libraries else "none"


class Guard:
    """Stands first in ``sys.meta_path``: loading another library fails the test that does it.

    Looking for one stays possible: packages ask what is installed and import nothing.
    """

    def __init__(self, refused: Iterable[str]) -> None:
        self._refused = frozenset(refused)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in self._refused:
            return None
        for finder in sys.meta_path:
            if finder is not self and (spec := finder.find_spec(name, path, target)):
                spec.loader = _Refuse()
                return spec
        return None


class _Refuse(Loader):
    def create_module(self, spec: ModuleSpec) -> NoReturn:
        # No ImportError: pytest.importorskip would turn it into a skip that nobody sees.
        pytest.fail(
            f"{spec.name} must not be loaded here: mark the test @pytest.mark.<library>, "
            "torch or tensorflow, or move its file to a folder of that name"
        )

    def exec_module(self, module: ModuleType) -> NoReturn:
        raise AssertionError("create_module came first")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--library",
        choices=("none", *LIBRARIES),
        help="run the tests that load this library, or neither torch nor TensorFlow (the default)",
    )
    lanes.add_option(parser)


def pytest_configure(config: pytest.Config) -> None:
    lanes.register(config)
    library = library_of_session(config)
    config.option.library = library  # xdist hands it on to its workers
    if os.environ.get("REQUIRE_LIBRARIES"):
        pytest.importorskip = lambda name, *_, **__: importlib.import_module(name)
    sys.meta_path.insert(0, Guard(name for name in LIBRARIES if name != library))  # type: ignore[arg-type]


def pytest_report_header(config: pytest.Config) -> str:
    return f"library: {config.option.library} (make test runs none, torch and tensorflow in turn)"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leaves out files that would load the other library while they are collected.

    And those that do not name the library asked for: to import most of the tests for the few that
    are meant takes longer than many of them.
    """
    asked = config.option.library
    library = library_of_path(collection_path.relative_to(config.rootpath))
    if library or asked == "none" or not collection_path.is_file():
        return True if library not in (None, asked) else None
    return True if asked not in collection_path.read_text("utf-8") else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = [item for item in items if (library_of_test(item) or "none") == config.option.library]
    kept = set(chosen)
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    items[:] = chosen
    lanes.mark_slow(items)
