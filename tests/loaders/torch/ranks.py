"""Processes that are the ranks of a training run, each of which runs a scenario."""

from __future__ import annotations

import json
import os
import socket
import warnings
from collections.abc import Callable
from multiprocessing import get_context, set_start_method
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.made_folders import digest_of, numbers_of

# Three ranks show what two do, and that it is not for two alone.
TWO_OR_THREE = [pytest.param(2, marks=pytest.mark.exhaustive), 3]
# Of a process that all others are forked from: each would load them again. The first list counts.
PRELOADED = [
    *("accelerate", "lightning", "torch", "torchdata.stateful_dataloader"),
    *("transformers.trainer", "bertprep.torch", "tests.loaders.torch.ranks"),
    "tests.loaders.torch.preloaded",
]
# The same of a rank's own, whose forks only read.
OF_WORKERS = ["torch", "bertprep.torch", "tests.loaders.torch.preloaded"]


def seen(batches: Any) -> Any:
    """The rows of each batch and what tells it from others, as JSON gives them back."""
    return [[numbers_of(batch), digest_of([batch])] for batch in batches]


def read_as_rank(dataset: Any, rank: int, workers: int, pipe: Any) -> None:
    """Two epochs of a rank that was told nothing before it began."""
    torch.set_num_threads(1)
    os.environ.update(RANK=str(rank), WORLD_SIZE="2")
    more = {"multiprocessing_context": "fork", "num_workers": workers} if workers else {}
    loader = torch.utils.data.DataLoader(dataset, batch_size=None, **more)
    pipe.send([seen(loader), seen(loader)])


def on_ranks(
    world_size: int, scenario: Callable[..., Any], folder: Path, out: Path, *more: Any
) -> list[Any]:
    """Results of a scenario, of each of the processes, or the line of its error.

    It is called with the folder, the rank and what is given more.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    given = [(scenario, folder, out, rank, port, more) for rank in range(world_size)]
    processes = [context.Process(target=_of_rank, args=arguments) for arguments in given]
    for process in processes:
        process.start()
    for process in processes:
        process.join(240)
    assert [process.exitcode for process in processes] == [0] * world_size
    return [json.loads((out / f"{rank}.json").read_text()) for rank in range(world_size)]


def _of_rank(
    scenario: Callable[..., Any], folder: Path, out: Path, rank: int, port: int, more: Any
) -> None:
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    # What comes with this process is a fork server, and one of its own would be slow to start.
    set_start_method("fork", force=True)
    os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port), XDG_CACHE_HOME=str(out))
    try:
        found = scenario(folder, rank, *more)
    except Exception as error:
        found = f"{type(error).__name__}: {error}"
    (out / f"{rank}.json").write_text(json.dumps(found))
