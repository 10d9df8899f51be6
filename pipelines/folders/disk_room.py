"""Whether local disks have the room that a run takes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping

from bertprep.common.units import size
from bertprep.errors import OutputError
from bertprep.stores.schemes import is_remote


def check_room(needs: Mapping[str, int]) -> None:
    """Raises OutputError if a local disk has less free than is needed.

    Args:
        needs: bytes by folder; of folders on one disk the last one's count, as files are only moved
            there from one to the other.
    """
    disks: dict[int, tuple[str, int]] = {}
    for folder, needed in needs.items():
        if not is_remote(folder) and os.path.isdir(folder):
            disks[os.stat(folder).st_dev] = (folder, needed)
    for folder, needed in disks.values():
        free = shutil.disk_usage(folder).free
        if free < needed:
            raise OutputError(
                f"the disk of {folder} has {size(free)} free, and the run takes about "
                f"{size(needed)}; free some, or put work files elsewhere by --work-dir"
            )


def bytes_in(folder: str) -> int:
    """The bytes of the files below a local folder; 0 for a remote one."""
    if is_remote(folder):
        return 0
    paths = (os.path.join(parent, name) for parent, _, names in os.walk(folder) for name in names)
    return sum(map(os.path.getsize, paths))
