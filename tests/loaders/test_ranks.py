"""Which rank this is: known, or an error that names the way out."""

from __future__ import annotations

import os
import pickle
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from bertprep.errors import UsageError
from bertprep.loaders.ranks import RankFinder, Ranks


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("RANK", "WORLD_SIZE", "LOCAL_", "SLURM_", "OMPI_", "PMI_")):
            monkeypatch.delenv(name)


def group(monkeypatch: pytest.MonkeyPatch, rank: int, world_size: int) -> None:
    """As in processes that ``torch.distributed`` has brought together."""
    known: dict[str, Any] = {"is_available": True, "is_initialized": True}
    known |= {"get_rank": rank, "get_world_size": world_size}
    module = SimpleNamespace(**{name: lambda value=value: value for name, value in known.items()})
    monkeypatch.setitem(sys.modules, "torch.distributed", module)  # type: ignore[arg-type]


def test_alone_where_nothing_tells_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    assert RankFinder().find() == (0, 1)
    for name in ("WORLD_SIZE", "SLURM_NTASKS", "OMPI_COMM_WORLD_SIZE", "PMI_SIZE"):
        monkeypatch.setenv(name, "1")
    for name in ("LOCAL_RANK", "SLURM_PROCID", "PMIX_RANK"):
        monkeypatch.setenv(name, "0")
    assert RankFinder().find() == (0, 1)


def test_what_is_known_later_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    finder, passed = RankFinder(), RankFinder(1, 2)
    assert (finder.find(), passed.find()) == ((0, 1), (1, 2))
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "4")
    assert finder.find() == (1, 4)
    group(monkeypatch, 3, 4)
    assert finder.find() == (3, 4)
    assert passed.find() == (1, 2)  # a data parallel group: two ranks share a model


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"WORLD_SIZE": "2"}, "WORLD_SIZE=2 is set and RANK is not"),
        ({"RANK": "0"}, "RANK=0 is set and WORLD_SIZE is not"),
        ({"RANK": "2", "WORLD_SIZE": "2"}, "the first below the second; got RANK=2"),
        ({"RANK": "a", "WORLD_SIZE": "2"}, "expected numbers in RANK"),
        ({"SLURM_NTASKS": "2", "SLURM_PROCID": "0"}, "SLURM_NTASKS=2 tells of several tasks"),
        ({"OMPI_COMM_WORLD_SIZE": "3"}, "OMPI_COMM_WORLD_SIZE=3 tells of several tasks"),
        ({"PMI_SIZE": "8", "PMI_RANK": "1"}, "PMI_SIZE=8 tells of several tasks"),
        ({"LOCAL_RANK": "1"}, "LOCAL_RANK=1 tells of several tasks"),
        ({"PMIX_RANK": "2"}, "PMIX_RANK=2 tells of several tasks"),
    ],
)
def test_half_of_an_answer_is_none(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], message: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=message):
        RankFinder().find()
    if "expected" not in message and "below" not in message:
        with pytest.raises(UsageError, match="pass rank= and world_size="):
            RankFinder().find()
        assert RankFinder(0, 1).find() == (0, 1)  # the way out
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert RankFinder().find() == (1, 2)  # torchrun within an allocation


@pytest.mark.parametrize("passed", [(1, 2), (0, 3), (0, 4)])
def test_what_was_passed_must_be_possible(
    monkeypatch: pytest.MonkeyPatch, passed: tuple[int, int]
) -> None:
    group(monkeypatch, 0, 2)
    with pytest.raises(UsageError, match=r"were passed, and .* this is rank 0 of 2"):
        RankFinder(*passed).find()


@pytest.mark.parametrize(
    ("rank", "world_size", "message"),
    [
        (0, None, "rank and world_size go together"),
        (None, 2, "rank and world_size go together"),
        (2, 2, "rank must be from 0 to world_size - 1; got rank 2 of 2"),
        (-1, 2, "rank must be an integer >= 0; got -1"),
        ("1", 2, "rank must be an integer >= 0; got '1'"),  # of the environment
    ],
)
def test_ranks_that_cannot_be_are_refused(rank: Any, world_size: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        RankFinder(rank, world_size)


def test_a_worker_has_what_was_settled_when_it_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        group(patch, 1, 2)
        sent = pickle.dumps(RankFinder())
    assert pickle.loads(sent).find(is_worker=True) == (1, 2)
    assert pickle.loads(sent).find() == (0, 1)  # any other process asks again
    group(monkeypatch, 0, 4)
    assert pickle.loads(sent).find(is_worker=True) == (0, 4)  # a fork of a process that knows


def test_what_was_told_too_early_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    finder = RankFinder()
    assert finder.tell() == Ranks(0, 1)
    assert finder.check() == (0, 1)
    finder.tell()
    group(monkeypatch, 1, 2)
    with pytest.warns(UserWarning, match=r"among 2 ranks, and lengths .* were those of 1"):
        assert finder.check() == (1, 2)
    assert finder.check() == (1, 2)  # once is enough
