"""A run's own work: a folder of its name, and the lease that says the run may go on in it.

A job on other machines may outlive its command.  Its steps work under the name of their run alone,
and look for its lease before and after: whoever ends the run, or takes its output over, takes the
lease away, and then the job ends by itself and nothing it writes is believed.
"""

from __future__ import annotations

import os
import re
import uuid
from contextlib import suppress

from bertprep.errors import OutputError
from pipelines.folders import files

LEASE = "lease"
_RUN_NAME = re.compile(r"run-[0-9a-f]{32}")


def new_run() -> str:
    """A name that no other run has."""
    return f"run-{uuid.uuid4().hex}"


def is_run_name(name: object) -> bool:
    """Whether a name is one of ``new_run``."""
    return isinstance(name, str) and bool(_RUN_NAME.fullmatch(name))


def is_own(work_dir: str) -> bool:
    """Whether a work folder is one run's own, whose steps may outlive their command."""
    return is_run_name(work_dir.rstrip("/").rpartition("/")[2])


def grant(work_dir: str) -> str:
    """Lets a run go on in its work folder.

    Returns:
        A token: who holds another one, as of the run before it was resumed, may not commit.
    """
    token = uuid.uuid4().hex
    files.write_bytes(files.join(work_dir, LEASE), token.encode())
    return token


def revoke(work_dir: str) -> None:
    """Has a run end that may be going on somewhere."""
    files.remove(files.join(work_dir, LEASE))


def check(work_dir: str, token: str | None = None) -> None:
    """Raises OutputError if a run may not go on.

    Args:
        work_dir: its work folder; one without the name of a run is of a command on this machine,
            which its steps do not outlive.
        token: that of its lease; None for any.
    """
    if not is_own(work_dir):
        return
    path = files.join(work_dir, LEASE)
    if token is None:
        held = files.exists(path)
    else:
        held = False
        with suppress(OSError):
            held = files.read_bytes(path) == token.encode()
    if not held:
        raise _given_up(work_dir)


def check_after_work(work_dir: str, token: str | None = None) -> None:
    """The same once a step has written: what came too late is taken away again."""
    try:
        check(work_dir, token)
    except OutputError:
        if not files.exists(files.join(work_dir, LEASE)):
            files.remove(work_dir)
            files.remove_if_empty(os.path.dirname(work_dir))
        raise


def _given_up(work_dir: str) -> OutputError:
    return OutputError(
        f"the run in {work_dir} was ended, or another one took its output over; this job ends here"
    )
