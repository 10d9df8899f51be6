"""The tests of ``make test-fast``: at library level alone, so that they take less than a minute.

Slow is whatever starts a process or runs Beam: all of tests/beam, and each test with a fixture that
does.  Others are marked as slow, by hand.  With ``--fast`` no slow test is run, and one that starts
a process or runs Beam all the same fails: it is to be marked.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

# By what they run, or the fixtures behind them.
SLOW_FIXTURES = frozenset({"bertprep", "cli_in_process", "vocab_dir", "moto", "place"})
_RUNNER = "apache_beam.runners.portability.fn_api_runner.fn_runner"
_PROCESSES = ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn")


def add_option(parser: pytest.Parser) -> None:
    parser.addoption("--fast", action="store_true", help="run no test that is marked as slow")


def mark_slow(items: list[pytest.Item]) -> None:
    """Marks the tests that are slow by what they are made of."""
    for item in items:
        fixtures = SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if "beam" in item.path.parts or fixtures:
            item.add_marker("slow")


class FastLane:
    """A plugin: leaves out what is slow, and fails what should be."""

    def __init__(self) -> None:
        self._testing = False
        sys.addaudithook(self._on_event)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        slow = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Iterator[None]:
        self._testing = True
        try:
            return (yield)
        finally:
            self._testing = False

    def _on_event(self, event: str, arguments: Any) -> None:
        begins = event in _PROCESSES or (event == "import" and arguments[0] == _RUNNER)
        if self._testing and begins:
            pytest.fail("starts a process or runs Beam: mark the test @pytest.mark.slow")
