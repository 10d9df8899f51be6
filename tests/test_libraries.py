"""No process of the tests loads both torch and TensorFlow, and a worker that dies ends the run."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import run
from tests.libraries import TRAINERS

FAKES = {
    "torch/__init__.py": "",
    "tensorflow/__init__.py": "",
    "test_plain.py": "def test_plain(): pass",
    "torch_alone/torch/test_a.py": "import torch\ndef test_of_folder(): pass",
    "tensorflow_alone/tensorflow/test_b.py": "import tensorflow\ndef test_of_folder(): pass",
    "test_marked.py": """
import pytest
@pytest.mark.torch
def test_of_mark():
    import torch
@pytest.mark.tensorflow
def test_of_mark_too():
    import tensorflow
""",
    "test_stray.py": """
import importlib.util, pytest
def test_stray():
    pytest.importorskip("tensorflow")
def test_what_is_installed_may_be_asked():
    assert importlib.util.find_spec("tensorflow")
""",
    "test_death.py": "import os\ndef test_death(): os._exit(9)\ndef test_after(): pass",
}


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    """Tests of all kinds, with packages in the place of torch and TensorFlow."""
    for name, text in FAKES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def pytest_of(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    paths = f"import sys; sys.path[:0] = [{str(folder)!r}, {str(Path(__file__).parents[1])!r}]"
    program = f"{paths}; import pytest; sys.exit(pytest.main())"
    alone = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    # Not the whole conftest, nor any plugin but the one named: it is the start that takes time.
    plugins = ("-p", "tests.libraries", "-p", "xdist.plugin")
    fixed = ("-c", "/dev/null", f"--rootdir={folder}", f"--confcutdir={folder}", *plugins)
    more = ("--import-mode=importlib", "-o", "addopts=", "-p", "no:cacheprovider", "-rA")
    return run([sys.executable, "-c", program, *fixed, *more, *arguments], cwd=folder, env=alone)


def passed(done: subprocess.CompletedProcess[str]) -> list[str]:
    lines = [line for line in done.stdout.splitlines() if line.startswith("PASSED ")]
    return sorted(line.removeprefix("PASSED ") for line in lines)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("library", "expected"),
    [
        ("none", ["test_plain.py::test_plain"]),
        ("torch", ["test_marked.py::test_of_mark", "torch_alone/torch/test_a.py::test_of_folder"]),
        (
            "tensorflow",
            [
                "tensorflow_alone/tensorflow/test_b.py::test_of_folder",
                "test_marked.py::test_of_mark_too",
            ],
        ),
    ],
)
def test_each_run_has_the_tests_of_one_library(
    tests: Path, library: str, expected: list[str]
) -> None:
    ignored = ("--ignore=test_stray.py", "--ignore=test_death.py", "--library", library)
    done = pytest_of(tests, ".", *ignored)
    assert passed(done) == expected, done.stdout
    assert done.returncode == 0
    # Of the other files only those are imported that name the library.
    assert ("1 deselected" in done.stdout) == (library != "none")


@pytest.mark.slow
def test_the_library_is_that_of_the_folder_named(tests: Path) -> None:
    assert passed(pytest_of(tests, "torch_alone/torch")) == [
        "torch_alone/torch/test_a.py::test_of_folder"
    ]
    both = pytest_of(tests, "torch_alone/torch", "tensorflow_alone/tensorflow")
    assert both.returncode == 4
    assert "need a process each: make test" in both.stdout + both.stderr


@pytest.mark.slow
def test_a_test_that_loads_the_other_library_fails_and_is_not_skipped(tests: Path) -> None:
    done = pytest_of(tests, "test_stray.py")
    assert passed(done) == ["test_stray.py::test_what_is_installed_may_be_asked"]
    assert "tensorflow must not be loaded here: mark the test" in done.stdout
    assert done.returncode == 1


@pytest.mark.slow
def test_a_worker_that_dies_ends_the_run_and_it_is_red(tests: Path) -> None:
    options = ("-n", "2", "--dist", "loadfile", "--max-worker-restart=0")
    done = pytest_of(tests, "test_death.py", "test_plain.py", *options)
    assert "crashed while running 'test_death.py::test_death'" in done.stdout
    assert done.returncode == 1


@pytest.mark.skipif(not os.environ.get("REQUIRE_LIBRARIES"), reason="only where all must be there")
@pytest.mark.parametrize("name", TRAINERS)
def test_a_trainer_s_library_is_there(name: str) -> None:
    if name == "tensorflow" and sys.version_info >= (3, 14):
        pytest.skip("there is none yet")
    assert importlib.util.find_spec(name), f"pip install '.[test]' brings {name}"


@pytest.mark.slow
@pytest.mark.parametrize("required", [False, True])
def test_a_library_that_is_not_there(tests: Path, required: bool) -> None:
    """Skips its tests, or fails them where it must be there."""
    (tests / "test_absent.py").write_text(
        "import pytest\ndef test_absent(): pytest.importorskip('no_such_trainer')"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUIRE_LIBRARIES", "1" if required else "")
        done = pytest_of(tests, tests / "test_absent.py")
    assert ("1 failed" if required else "1 skipped") in done.stdout
