"""Python runs this at its start where the folder is on its path: SIGUSR1 has a process tell.

What its threads are at goes to a file in the folder STACKS; forks of the process write to it, too.
"""

from __future__ import annotations

import faulthandler
import os
import signal

if "STACKS" in os.environ:
    _path = os.path.join(os.environ["STACKS"], f"{os.getpid()}.txt")
    faulthandler.register(signal.SIGUSR1, file=open(_path, "a"))  # noqa: SIM115
