"""Limits of the system, checked before a run: room, files, talk between its own processes."""

from __future__ import annotations

import socket
import sys

from bertprep.errors import BertprepError

# Beam, gRPC and Arrow map so much before there is any work, and what runs short there may hang.
_ADDRESS_SPACE = 2 << 30
_FILES, _FILES_A_WORKER = 48, 16


def check_limits(workers: int) -> None:
    """Raises BertprepError where a run on this machine could not come to its work.

    Args:
        workers: how many processes there are to be, besides the command if over one.
    """
    if sys.platform != "win32":
        _check_resources(workers)
    if workers > 1:
        _check_loopback()


def _check_resources(workers: int) -> None:
    import resource

    room, _ = resource.getrlimit(resource.RLIMIT_AS)
    if room != resource.RLIM_INFINITY and room < _ADDRESS_SPACE:
        raise BertprepError(
            f"a process may have {room >> 20:,} MiB of address space here, and a run needs "
            f"{_ADDRESS_SPACE >> 20:,} MiB or more; raise the limit: ulimit -v unlimited"
        )
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = _FILES + _FILES_A_WORKER * workers
    if files != resource.RLIM_INFINITY and files < needed:
        allowed = most == resource.RLIM_INFINITY or most >= needed
        way_out = f"raise the limit: ulimit -n {needed}" if allowed else "ask for a higher limit"
        raise BertprepError(
            f"a process may have {files} files open here, and a run with {workers} "
            f"process{'es' if workers > 1 else ''} needs {needed}; {way_out}"
        )


def _check_loopback() -> None:
    """Worker processes are talked to by the local host's own address."""
    try:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname(), timeout=5).close()
    except OSError as error:
        raise BertprepError(
            f"this machine cannot connect to itself (127.0.0.1: {error.strerror or error}), as "
            "worker processes must be; bring its loopback interface up, or use --workers 1"
        ) from None
