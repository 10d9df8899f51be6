"""Whose logs and whose threads' errors a user is spared, and whose not."""

from __future__ import annotations

import subprocess
import sys

import pytest

# Beam's modules are told by their names and folders: these stand for two of them and one of ours.
PROGRAM = """
import logging, sys, threading
from pipelines.runner import logs
logs.set_up()
spoken = "import logging; logging.getLogger(__name__).error('by name'); logging.error('by root')"
fails = "import threading; t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()"
for name, path in [
    ("apache_beam.x", "/lib/apache_beam/x.py"), ("fsspec.x", "/lib/fsspec/x.py"),
    ("pipelines.x", "/lib/pipelines/x.py"),
]:
    for code in (spoken, fails):
        exec(compile(code, path, "exec"), {"__name__": name})
"""


def told(**variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"import os; os.environ.update({variables!r}){PROGRAM}"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.slow
def test_only_beams_own_words_and_threads_are_silenced() -> None:
    err = told(BERTPREP_DEBUG="")
    assert "apache_beam" not in err
    assert "fsspec.x: by name" in err
    assert 'File "/lib/fsspec/x.py"' in err
    assert "pipelines.x: by name" in err
    assert 'File "/lib/pipelines/x.py"' in err
    assert err.count("by root") == 2


@pytest.mark.slow
def test_all_are_shown_to_a_maintainer() -> None:
    err = told(BERTPREP_DEBUG="1")
    assert "ERROR apache_beam.x: by name" in err
    assert err.count("by root") == 3
    assert 'File "/lib/apache_beam/x.py"' in err
