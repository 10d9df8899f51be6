"""How much of the tests a session runs: three lanes.

``fast`` (``make test-fast``) takes less than a minute: at library level alone.  Slow is whatever
starts a process or runs Beam: all of tests/beam, and each test with a fixture that does.  Others
are marked as slow, by hand.  There no slow test is run, and one that starts a process or runs Beam
all the same fails: it is to be marked.

``usual`` (``make test``) leaves out what is marked as exhaustive alone: the same property at more
moments, or in more variants of one matrix, than one needs to see before each change.

``exhaustive`` (``make test-exhaustive``, ``.ci/run``) leaves out nothing.

What a session left out, its last lines say.  Each lane also has its number of random examples,
which ``--hypothesis-profile`` overrules.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import settings

# By what they run, or the fixtures behind them.
SLOW_FIXTURES = frozenset({"bertprep", "cli_in_process", "vocab_dir", "moto", "place"})
# The marks that each lane leaves out, and what runs the tests that have them.
LANES = {"fast": ("exhaustive", "slow"), "usual": ("exhaustive",), "exhaustive": ()}
RUN_BY = {"exhaustive": "make test-exhaustive", "slow": "make test"}
# How long an example takes says more of the machine, and of who else works on it, than of the code.
settings.register_profile("fast", deadline=None, max_examples=10)
settings.register_profile("usual", deadline=None, max_examples=30)
settings.register_profile("exhaustive", deadline=None, max_examples=60)
settings.register_profile("thorough", deadline=None, max_examples=500)  # for who changes a rule
_RUNNER = "apache_beam.runners.portability.fn_api_runner.fn_runner"
_PROCESSES = ("subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn")


def usual_of(cases: Iterable[Any], usual: Collection[Any]) -> list[Any]:
    """The cases of one matrix, of which ``make test`` runs the usual ones, as one needs to see."""
    once_more = pytest.mark.exhaustive
    return [case if case in usual else _marked(case, once_more) for case in cases]


def in_turn(cases: Sequence[tuple[Any, ...]], kinds: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Each kind with each case behind it: ``make test`` runs each case with one kind, in turn."""
    every = [(*kind, *case) for case in cases for kind in kinds]
    usual = [every[n * len(kinds) + n % len(kinds)] for n in range(len(cases))]
    return usual_of(every, usual)


def _marked(case: Any, mark: pytest.MarkDecorator) -> Any:
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=mark)


def add_option(parser: pytest.Parser) -> None:
    parser.addoption(
        "--lane",
        choices=tuple(LANES),
        default="usual",
        help="which tests are run (tests/lanes.py)",
    )


def register(config: pytest.Config) -> None:
    """Adds the plugins of the lane that is asked for, and loads its profile."""
    settings.load_profile(config.option.lane)
    config.pluginmanager.register(Lane(config.option.lane))
    if config.option.lane == "fast":
        config.pluginmanager.register(NoProcesses())


def mark_slow(items: list[pytest.Item]) -> None:
    """Marks the tests that are slow by what they are made of."""
    for item in items:
        fixtures = SLOW_FIXTURES.intersection(getattr(item, "fixturenames", ()))
        if "beam" in item.path.parts or fixtures:
            item.add_marker("slow")


class Lane:
    """A plugin: leaves out what is not of the lane, and says how much that is."""

    def __init__(self, name: str) -> None:
        self._marks = LANES[name]
        self._left_out: dict[str, int] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        marks = {item: self._mark(item) for item in items}
        self._left_out = dict(Counter(mark for mark in marks.values() if mark))
        config.hook.pytest_deselected(items=[item for item in items if marks[item]])
        items[:] = [item for item in items if not marks[item]]

    def _mark(self, item: pytest.Item) -> str | None:
        return next((mark for mark in self._marks if item.get_closest_marker(mark)), None)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        # Of xdist's processes it is the workers that collect, and another that speaks.
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["left_out"] = self._left_out

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        # Each worker has collected the same tests.
        self._left_out = getattr(node, "workeroutput", {}).get("left_out", self._left_out)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for mark, count in sorted(self._left_out.items()):
            tests = "test" if count == 1 else "tests"
            terminalreporter.write_line(
                f"left out: {count:,} {tests} marked as {mark}; {RUN_BY[mark]} runs them"
            )


class NoProcesses:
    """A plugin: a test that starts a process or runs Beam fails."""

    def __init__(self) -> None:
        self._testing = False
        sys.addaudithook(self._on_event)

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
