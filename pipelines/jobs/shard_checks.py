"""Checks shards, each by its bytes and its rows, on as many cores as there is work for."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any, NamedTuple

from bertprep.checks.rules import Rules
from bertprep.checks.verify import verify_rows
from bertprep.common.cores import usable_cores
from bertprep.common.digests import digest_of_stream
from bertprep.common.units import plural
from bertprep.shards.findings import Findings
from pipelines.folders import files
from pipelines.steps.sizes import RunSizes


class Shard(NamedTuple):
    """A shard to check: where it is, and its rows, size, SHA-256 and bin by the manifest."""

    name: str
    path: str
    rows: int | None
    size: int
    sha256: str
    bin: int | None = None


def check_all(
    shards: list[Shard], rules: Rules | None, sizes: RunSizes
) -> Iterator[tuple[Shard, Findings]]:
    """The findings in each shard, in their order; on as many cores as there is work for.

    Args:
        shards: with what the manifest says of them.
        rules: for their rows; None to check the bytes alone.
        sizes: how many bytes are work for a core.
    """
    size = sum(shard.size for shard in shards)
    workers = min(usable_cores(), len(shards), size // sizes.checked_bytes)
    if workers < 2:
        yield from ((shard, check_shard(shard, rules)) for shard in shards)
        return
    with _Pool(workers) as pool:
        results = [(shard, pool.submit(check_shard, shard, rules)) for shard in shards]
        for shard, result in results:
            yield shard, _result(shard, rules, result)


def _result(shard: Shard, rules: Rules | None, result: Future[Findings]) -> Findings:
    try:
        return result.result()
    except BrokenProcessPool:
        # One shard's process died and took the pool along: each of the others gets its own.
        return _check_alone(shard, rules)


def _check_alone(shard: Shard, rules: Rules | None) -> Findings:
    with _Pool(1) as pool:
        try:
            return pool.submit(check_shard, shard, rules).result()
        except BrokenProcessPool:
            findings = Findings()
            findings.add("the process that read it died (damaged, or too large for the memory)")
            return findings


class _Process(SpawnProcess):
    """A process that imports nothing of the script that started it, which may have no guard."""

    @staticmethod
    def _Popen(process: Any) -> Any:  # noqa: N802
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            return SpawnProcess._Popen(process)
        finally:
            sys.modules["__main__"] = main


class _Apart(SpawnContext):
    Process = _Process


class _Pool(ProcessPoolExecutor):
    """Processes that end with this one, and at once when it is interrupted."""

    def __init__(self, workers: int) -> None:
        # Not by fork: the libraries that are loaded by now run threads.
        super().__init__(workers, _Apart(), initializer=_in_worker)

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if error is not None:
            for process in list(self._processes.values()):
                process.terminate()
        self.shutdown(cancel_futures=True)


def _in_worker() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


def check_shard(shard: Shard, rules: Rules | None) -> Findings:
    """Checks a shard's bytes against the manifest, then its rows against the rules."""
    findings = Findings()
    try:
        with files.open_regular(shard.path) as stream:
            _check_digest(stream, shard, findings)
            if rules is not None:
                stream.seek(0)
                verify_rows(stream, replace(rules, longest=shard.bin), findings)
    except OSError as error:
        findings.add(f"cannot be read: {error.strerror or error}")
    if findings.rows is not None and findings.rows != shard.rows:
        findings.add(f"expected {shard.rows or 0:,} rows, got {findings.rows:,}")
    return findings


def _check_digest(stream: Any, shard: Shard, findings: Findings) -> None:
    found, size = digest_of_stream(stream)
    if size != shard.size:
        findings.add(f"expected {plural(shard.size, 'byte')}, got {size:,}")
    elif found != shard.sha256:
        findings.add(f"expected the SHA-256 {shard.sha256}, got {found}")
