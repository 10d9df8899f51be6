"""Paths that a run elsewhere is given: the same file wherever a worker is, or an error."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from bertprep.errors import UsageError
from bertprep.stores.schemes import is_remote
from pipelines.runner import beam_options

_LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]", "[local]", "[auto]", "[collection]", "local")


def absolute(path: str) -> str:
    """The same path for a process with another working folder; a URI is what it is."""
    return path if is_remote(path) else os.path.abspath(path)


def check_shared(paths: Sequence[str], options: Any) -> str | None:
    """Whether workers elsewhere can open the paths.

    Args:
        paths: of inputs and folders.
        options: Beam's.

    Returns:
        What is to be warned of: that other machines must see a local path as this one does.

    Raises:
        UsageError: if they cannot.
    """
    local = next((path for path in paths if not is_remote(path)), None)
    if local is None:
        return None
    name = beam_options.runner_name(options)
    if name.lower().startswith("dataflow"):
        raise UsageError(
            f"{local} is a path of this machine, which the machines of {name} cannot open; copy it "
            "to gs:// and name it there"
        )
    where = beam_options.address_of(options)
    if where is None or where.rpartition("://")[2].rpartition(":")[0] in _LOCAL_HOSTS:
        return None
    return (
        f"{local} is a path of this machine: the workers of {where} must see the same files at it, "
        "as on a shared disk; a store such as s3:// or gs:// needs none"
    )
