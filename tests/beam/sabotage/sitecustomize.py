"""Python runs this at its start where the folder is on its path: a run's worst moments, on demand.

SABOTAGE is ``process moment number harm``: the n-th time that a process (the ``command``, or a
``worker``, which is a fork of it) comes to the moment, it is ended as by the kernel (``kill``),
cannot write any more (``fill``), stands still until it is told to go on (``stop``), or stands still
while the folder KEEP is copied to one in KEPT, named ``moment number`` (``keep``).  Moments: this
one (``start``); before an element of a step (``step-build``) or after it (``step-build-after``);
when a whole file is about to get its name in the work folder (``work``), in one of its folders
(``in-examples``), or among the results (``commit``).  There may be several, a semicolon between.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import subprocess
import threading
from collections.abc import Callable
from typing import Any

WORK_FOLDER = ".bertprep-work"
ROOM = 1000  # bytes that a file may have
# A process that stands still leaves what one that is killed leaves: no thread of it goes on.
COPY = 'kill -STOP "$PPID" && cp -a "$0" "$1"; kill -CONT "$PPID"'


def main(process: str, moment: str, number: int, harm: str) -> None:
    if moment == "start":
        _do(harm, moment)
        return
    from pipelines.folders import files
    from pipelines.steps import checkpoint

    what, _, name = moment.removesuffix("-after").partition("-")

    def is_step(work_dir: str, step: str, *_: Any) -> bool:
        return step == name

    def is_rename(source: str, target: str) -> bool:
        if what == "in":
            return f"/{WORK_FOLDER}/{name}/" in target
        return (WORK_FOLDER in target) == (what == "work")

    def is_here(*args: Any) -> bool:
        is_worker = multiprocessing.parent_process() is not None
        is_moment = is_step if what == "step" else is_rename
        return is_worker == (process == "worker") and is_moment(*args)

    if what == "step":
        checkpoint.remembered = _harmed(checkpoint.remembered, is_here, number, harm, moment)
    else:
        files.rename = _harmed(files.rename, is_here, number, harm, moment)


def _harmed(
    function: Callable[..., Any],
    is_moment: Callable[..., bool],
    number: int,
    harm: str,
    moment: str,
) -> Callable[..., Any]:
    seen, one_by_one = 0, threading.Lock()  # a commit moves files in several threads

    def wrapped(*args: Any) -> Any:
        nonlocal seen
        here = is_moment(*args)
        with one_by_one:
            seen += here
            now, is_after = here and seen == number, moment.endswith("-after")
        if now and not is_after:
            _do(harm, f"{moment} {number}")
        result = function(*args)
        if now and is_after:
            _do(harm, f"{moment} {number}")
        return result

    return wrapped


def _do(harm: str, name: str) -> None:
    if harm == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if harm == "keep":
        copy = os.path.join(os.environ["KEPT"], name)
        subprocess.run(["sh", "-c", COPY, os.environ["KEEP"], copy], check=True)
        return
    if harm == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


for _sabotage in filter(None, os.environ.get("SABOTAGE", "").split(";")):
    _process, _moment, _number, _harm = _sabotage.split()
    main(_process, _moment, int(_number), _harm)
