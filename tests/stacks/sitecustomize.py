"""Has each Python process of a command that is tested show its stacks when asked."""

import faulthandler
import fcntl
import os
import signal

if path := os.environ.get("BERTPREP_TEST_STACKS"):
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    # Out of the way of standard streams, which some tests close.
    faulthandler.register(signal.SIGUSR2, fcntl.fcntl(file, fcntl.F_DUPFD_CLOEXEC, 100))
    os.close(file)
