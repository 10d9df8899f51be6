"""The fast lane leaves out what is slow, by a rule, and fails what should have been."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def test_what_is_slow_is_left_out_and_what_is_not_marked_fails(tmp_path: Path) -> None:
    for name, text in FAKES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    done = pytest_of(tmp_path, ".", "--fast")
    assert passed(done) == ["test_b.py::test_quick"], done.stdout
    lines = [line for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    assert {line.partition("::")[2].split(" ")[0] for line in lines} == {
        *("test_process", "test_fork", "test_beam")
    }
    assert done.stdout.count("mark the test @pytest.mark.slow") >= 3
    assert "3 deselected" in done.stdout
