"""Which rank this process is, of how many: asked as late as can be, and never guessed.

Known are, in this order, an initialised ``torch.distributed``, RANK with WORLD_SIZE (torchrun and
those like it set them), and what the caller passed.  What a cluster's launcher says besides tells
of tasks, not of ranks: it is set in notebooks and interactive shells as well.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Mapping
from contextlib import suppress
from typing import NamedTuple

from bertprep.common.whole_numbers import whole_number
from bertprep.errors import UsageError

_WAY_OUT = (
    "pass rank= and world_size= (rank=0, world_size=1 for this process alone), set both RANK and "
    "WORLD_SIZE, or read only after torch.distributed.init_process_group"
)
# How many tasks a launcher started, in its own words (Slurm, Open MPI, MPICH and its kin, Flux,
# jsrun, torchrun), and which of them this is: what is above these numbers tells of others.
_TELLING = {
    "SLURM_NTASKS": 1,
    "SLURM_NPROCS": 1,
    "SLURM_STEP_NUM_TASKS": 1,
    "OMPI_COMM_WORLD_SIZE": 1,
    "PMI_SIZE": 1,
    "MV2_COMM_WORLD_SIZE": 1,
    "FLUX_JOB_SIZE": 1,
    "JSM_NAMESPACE_SIZE": 1,
    "LOCAL_WORLD_SIZE": 1,
    "SLURM_PROCID": 0,
    "OMPI_COMM_WORLD_RANK": 0,
    "PMI_RANK": 0,
    "PMIX_RANK": 0,
    "MV2_COMM_WORLD_RANK": 0,
    "FLUX_TASK_RANK": 0,
    "JSM_NAMESPACE_RANK": 0,
    "PALS_RANKID": 0,
    "LOCAL_RANK": 0,
}


class Ranks(NamedTuple):
    """One rank of some."""

    rank: int
    world_size: int


class RankFinder:
    """The rank of whichever process asks.

    It is sent to other processes with what it knows by then: a loader's worker that is no fork has
    no process group to ask.

    Args:
        rank, world_size: both or none.

    Attributes:
        passed: the rank that was given, or None.

    Raises:
        UsageError: for one without the other, and a rank outside the world.
    """

    def __init__(self, rank: int | None = None, world_size: int | None = None) -> None:
        if (rank is None) != (world_size is None):
            raise UsageError(
                f"rank and world_size go together; got rank={rank} and world_size={world_size}"
            )
        self.passed = None
        if rank is not None and world_size is not None:
            world_size = whole_number("world_size", world_size, 1)
            rank = whole_number("rank", rank, 0)
            if rank >= world_size:
                raise UsageError(
                    f"rank must be from 0 to world_size - 1; got rank {rank} of {world_size}"
                )
            self.passed = Ranks(rank, world_size)
        self._settled: Ranks | None = None
        self._told: Ranks | None = None

    def find(self, is_worker: bool = False) -> Ranks:
        """The rank, as known now.

        Args:
            is_worker: the process is a loader's worker, whose rank was settled when it was sent.

        Raises:
            UsageError: where nobody knows, and where what was passed cannot be.
        """
        group = _of_torch()
        if group is None and is_worker and self._settled is not None:
            return self._settled
        group = group or _of_torchrun(os.environ)
        if group is None:
            return self.passed or _alone(os.environ)
        return group if self.passed is None else _reconciled(self.passed, group)

    def tell(self) -> Ranks:
        """The same, for an answer that a caller keeps: a length, a state."""
        self._told = self.find()
        return self._told

    def check(self, is_worker: bool = False) -> Ranks:
        """The same at the first batch; warns if what was told before was wrong."""
        told, self._told = self._told, None
        found = self.find(is_worker)
        if told is not None and told.world_size != found.world_size:
            warnings.warn(
                f"the rows are shared out among {found.world_size} ranks, and lengths or states "
                f"told before were those of {told.world_size}: ask for them, and make learning "
                "rate schedules, after torch.distributed.init_process_group, or pass rank= and "
                "world_size=",
                stacklevel=2,
            )
        return found

    def __getstate__(self) -> dict[str, object]:
        settled = self._settled
        with suppress(UsageError):  # whoever reads says so, if nothing more is known by then
            settled = self.find()
        return {**self.__dict__, "_settled": settled}


def _reconciled(passed: Ranks, group: Ranks) -> Ranks:
    """The rank passed, if it can be so in this group: the same, or that of a smaller group in it.

    Such a one is the data parallel group where models are split over ranks, too.
    """
    is_same_world = passed.world_size == group.world_size
    if (is_same_world and passed.rank != group.rank) or group.world_size % passed.world_size:
        raise UsageError(
            f"rank={passed.rank}, world_size={passed.world_size} were passed, and to "
            f"torch.distributed or torchrun this is rank {group.rank} of {group.world_size}: leave "
            "them out, or pass those of the data parallel group"
        )
    return passed


def _of_torch() -> Ranks | None:
    """The rank in torch's process group; torch is not loaded for it."""
    distributed = sys.modules.get("torch.distributed")
    if distributed is None or not distributed.is_available() or not distributed.is_initialized():
        return None
    return Ranks(distributed.get_rank(), distributed.get_world_size())


def _of_torchrun(environment: Mapping[str, str]) -> Ranks | None:
    """The rank that torchrun, or one like it, tells; None unless it is complete."""
    rank, world_size = environment.get("RANK"), environment.get("WORLD_SIZE")
    if rank is None or world_size is None:
        return None
    return _parsed(rank, world_size)


def _alone(environment: Mapping[str, str]) -> Ranks:
    """One rank of one, where nothing tells of others."""
    for name, missing in (("RANK", "WORLD_SIZE"), ("WORLD_SIZE", "RANK")):
        value = environment.get(name)
        if value is not None and (name, value) != ("WORLD_SIZE", "1"):
            raise UsageError(
                f"{name}={value} is set and {missing} is not, so which rows are this process's is "
                f"unknown: {_WAY_OUT}"
            )
    for name, alone in _TELLING.items():
        value = environment.get(name)
        if value is not None and value.isdecimal() and int(value) > alone:
            raise UsageError(
                f"{name}={value} tells of several tasks, and neither torch.distributed nor RANK "
                f"and WORLD_SIZE which of them this is: {_WAY_OUT}"
            )
    return Ranks(0, 1)


def _parsed(rank: str, world_size: str) -> Ranks:
    if not (rank.isdecimal() and world_size.isdecimal() and int(rank) < int(world_size)):
        raise UsageError(
            "expected numbers in RANK and WORLD_SIZE, the first below the second; got "
            f"RANK={rank} and WORLD_SIZE={world_size}"
        )
    return Ranks(int(rank), int(world_size))
