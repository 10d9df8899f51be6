"""Each lane leaves out what is not its own, by a rule, and says so; the fast one fails the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lanes import usual_of
from tests.test_libraries import passed, pytest_of

pytestmark = pytest.mark.slow
FAKES = {
    "conftest.py": """
import pytest
@pytest.fixture(scope="session")
def vocab_dir(): raise AssertionError
@pytest.fixture
def behind(vocab_dir): pass
""",
    "beam/test_a.py": "def test_of_the_folder(): raise AssertionError",
    "test_b.py": """
import os, subprocess, sys, pytest
def test_quick(): pass
def test_of_a_fixture(behind): pass
@pytest.mark.slow
def test_marked(): raise AssertionError
@pytest.mark.exhaustive
def test_once_more(): raise AssertionError
def test_process():
    try: subprocess.run([sys.executable, "-c", ""])
    except Exception: pass
def test_fork():
    if os.fork() == 0: os._exit(0)
def test_beam():
    import apache_beam as beam
    with beam.Pipeline() as pipeline: pipeline | beam.Create([1])
""",
}
MATRIX = """
import pytest
@pytest.mark.parametrize("moment", [1, pytest.param(2, marks=pytest.mark.exhaustive)])
def test_at(moment): pass
@pytest.mark.slow
def test_long(): pass
"""


def test_what_is_slow_is_left_out_and_what_is_not_marked_fails(tmp_path: Path) -> None:
    for name, text in FAKES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    done = pytest_of(tmp_path, ".", "--lane=fast")
    assert passed(done) == ["test_b.py::test_quick"], done.stdout
    lines = [line for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    assert {line.partition("::")[2].split(" ")[0] for line in lines} == {
        *("test_process", "test_fork", "test_beam")
    }
    assert done.stdout.count("mark the test @pytest.mark.slow") >= 3
    assert "left out: 1 test marked as exhaustive; make test-exhaustive runs them" in done.stdout
    assert "left out: 3 tests marked as slow; make test runs them" in done.stdout


@pytest.mark.parametrize("processes", usual_of([0, 2], [2]))
def test_what_is_exhaustive_is_left_out_and_counted_once(tmp_path: Path, processes: int) -> None:
    (tmp_path / "test_matrix.py").write_text(MATRIX)
    done = pytest_of(tmp_path, ".", "-n", processes)
    assert done.returncode == 0
    assert "2 passed" in done.stdout
    assert "left out: 1 test marked as exhaustive; make test-exhaustive runs them" in done.stdout
    assert "marked as slow" not in done.stdout


def test_the_last_lane_leaves_out_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_matrix.py").write_text(MATRIX)
    done = pytest_of(tmp_path, ".", "--lane=exhaustive")
    assert "3 passed" in done.stdout
    assert "left out" not in done.stdout
